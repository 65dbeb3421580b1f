//! The examples of `CommonMark` and of GitHub's additions. Their texts are those of the tests of the Markdown parser, which
//! Cargo keeps with its sources: the specifications have licences of their own, so nothing of them stands here.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use html5gum::{Token, Tokenizer};
use pulldown_cmark_escape::escape_href;
use readymark::document::{Document, Hole, LinkForm, Part, parse};

use super::listed;

/// Asks Cargo where the sources of the parser are.
fn parser_tests() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version=1", "--locked"];
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap();
    let known: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = known["packages"].as_array().unwrap();
    let parser = packages.iter().find(|package| package["name"] == "pulldown-cmark").unwrap();
    PathBuf::from(parser["manifest_path"].as_str().unwrap()).with_file_name("tests").join("suite")
}

/// Reads the examples of a file of tests: Markdown and the HTML that is expected.
fn examples(name: &str) -> Vec<(String, String)> {
    let code = std::fs::read_to_string(parser_tests().join(name).with_extension("rs")).unwrap();
    let text = |from: &str, name: &str| {
        let (_, inside) = from.split_once(&format!("let {name} = r##\""))?;
        Some(inside.split_once("\"##;")?.0.to_owned())
    };
    let tests = code.split("#[test]").skip(1);
    tests.map(|test| (text(test, "original").unwrap(), text(test, "expected").unwrap())).collect()
}

/// The page with links as they were written, which only other files decide.
fn page(document: &Document) -> String {
    let mut html = document.body.html.clone();
    for hole in document.body.holes.iter().rev() {
        html.insert_str(hole.at, &filling(document, hole));
    }
    html
}

fn filling(document: &Document, hole: &Hole) -> String {
    let link = &document.links[hole.link];
    let mut address = String::new();
    escape_href(&mut address, &link.target).unwrap();
    match (hole.part, link.form) {
        (Part::Source, _) => format!(" src=\"{address}\""),
        // A mention is text, and a picture is there, so that no link stands in its place.
        (_, LinkForm::Mention | LinkForm::Image) => String::new(),
        (Part::Open, _) => format!("<a href=\"{address}\">"),
        (Part::Label, _) => link.target.clone(),
        (Part::Close, _) => "</a>".to_owned(),
    }
}

/// A page as a list of tags and texts, without what we add on purpose: anchors of headings, frames of tables, marks of
/// code, words for screen readers. Space between blocks says nothing.
#[derive(Default)]
struct Essence {
    pieces: Vec<String>,
    in_anchor: bool,
    frames: usize,
}

fn essence(html: &str) -> Vec<String> {
    let mut essence = Essence::default();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let written = tag.attributes.iter().map(|(key, value)| (words(key), words(value)));
                essence.start(&words(&tag.name), &written.collect::<Vec<_>>());
            }
            Token::EndTag(tag) => essence.end(&words(&tag.name)),
            Token::String(text) if !essence.in_anchor => essence.text(&words(&text)),
            _ => {}
        }
    }
    essence.without_space()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Essence {
    fn start(&mut self, name: &str, attributes: &[(String, String)]) {
        let class =
            |wanted: &str| attributes.iter().any(|(key, value)| key == "class" && value == wanted);
        self.in_anchor |= class("anchor");
        self.frames += usize::from(class("table"));
        if self.in_anchor || class("table") || name == "i" {
            return;
        }
        let mut kept: Vec<String> =
            attributes.iter().filter_map(|(key, value)| attribute(name, key, value)).collect();
        kept.sort();
        self.pieces.push(format!("<{name} {}", kept.join(" ")));
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" if self.in_anchor => self.in_anchor = false,
            "div" if self.frames > 0 => self.frames -= 1,
            "i" => {}
            _ => self.pieces.push(format!("</{name}")),
        }
    }

    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(last) if last.starts_with('"') => last.push_str(text),
            _ => self.pieces.push(format!("\"{text}")),
        }
    }

    fn without_space(self) -> Vec<String> {
        let block = |at: Option<usize>| {
            at.and_then(|at| self.pieces.get(at)).is_none_or(|piece| is_block(piece))
        };
        let trimmed = |(at, piece): (usize, &String)| {
            let Some(text) = piece.strip_prefix('"') else { return piece.clone() };
            let text = if block(at.checked_sub(1)) { text.trim_start() } else { text };
            if block(Some(at + 1)) { text.trim_end().to_owned() } else { text.to_owned() }
        };
        self.pieces.iter().enumerate().map(trimmed).filter(|piece| !piece.is_empty()).collect()
    }
}

fn is_block(piece: &str) -> bool {
    const PHRASES: [&str; 9] = ["a", "code", "del", "em", "i", "img", "span", "strong", "sup"];
    let name = piece.trim_start_matches(['<', '/']).split(' ').next().unwrap_or_default();
    piece.starts_with('<') && !PHRASES.contains(&name)
}

/// Titles of links inside the site are left out: a reader sees the title of the page. Alignment is a class of ours.
fn attribute(element: &str, key: &str, value: &str) -> Option<String> {
    match (element, key, value) {
        (_, "id" | "tabindex" | "rel" | "scope" | "role" | "aria-label" | "data-label", _)
        | ("a", "title", _)
        | ("img", "alt", "")
        | (_, "class", "task" | "list")
        | (_, "style", "text-align: left") => None,
        (_, "class", "right" | "center") => Some(format!("style=text-align: {value}")),
        _ => Some(format!("{key}={value}")),
    }
}

#[test]
fn markdown_is_what_its_specifications_say() {
    let (mut found, mut same) = (BTreeSet::new(), 0);
    for (file, count) in
        [("spec", 652), ("gfm_table", 9), ("gfm_strikethrough", 3), ("gfm_tasklist", 2)]
    {
        let all = examples(file);
        assert_eq!(all.len(), count, "{file}");
        for (at, (markdown, expected)) in all.iter().enumerate() {
            if essence(&page(&parse(markdown.as_bytes()))) == essence(expected) {
                same += 1;
            } else {
                found.insert(format!("{file}-{}", at + 1));
            }
        }
    }
    assert_eq!(same + found.len(), 666);
    let known: BTreeSet<String> = listed("markdown.txt").into_keys().collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "differ: {new:?}, no longer differ: {gone:?}");
}
