//! mdBook's `{{#include}}` family. What is included comes from the caller, who reads the same commit only.

use std::fmt::Write as _;

use crate::source::Span;

/// How deep includes may nest, as in mdBook.
const MAX_DEPTH: usize = 10;
/// How large the text may grow.
const MAX_BYTES: usize = 4 << 20;

/// How many bytes may be read for one page; an include costs at least a kilobyte.
const MAX_READ: usize = 32 << 20;

/// A text with its includes filled in.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The text.
    pub text: String,
    /// Includes that could not be filled in: their place in the original text and what was wrong.
    pub problems: Vec<(Span, String)>,
    /// `{{#title}}`, when there is one.
    pub title: Option<String>,
    read: usize,
}

/// A directive, cut out of a text.
struct Directive<'a> {
    /// `include`, `rustdoc_include`, `playground`, `title`.
    name: &'a str,
    argument: &'a str,
    span: Span,
    escaped: bool,
}

/// Reads a file to include: its folder so far and its path give its text and its own folder.
pub type Read<'a> = &'a dyn Fn(&str, &str) -> Option<(String, String)>;

/// Fills in the directives of a text. `read` takes a path relative to the file that includes and the folder chain
/// so far, and returns the text with the folder of its own.
pub fn expand(text: &str, folder: &str, read: Read<'_>) -> Expanded {
    let mut expanded = Expanded::default();
    fill(text, folder, read, 0, &mut expanded);
    expanded
}

fn fill(text: &str, folder: &str, read: Read<'_>, depth: usize, out: &mut Expanded) {
    let mut rest = 0;
    while let Some(directive) = next_directive(text, rest) {
        out.text.push_str(&text[rest..directive.span.start]);
        rest = directive.span.end;
        if directive.escaped {
            out.text.push_str(&text[directive.span.start + 1..directive.span.end]);
        } else if let Err(problem) = fill_one(&directive, folder, read, depth, out) {
            out.problems.push((if depth == 0 { directive.span.clone() } else { 0..0 }, problem));
            out.text.push_str(&text[directive.span.clone()]);
        }
    }
    out.text.push_str(&text[rest..]);
}

fn fill_one(
    directive: &Directive<'_>,
    folder: &str,
    read: Read<'_>,
    depth: usize,
    out: &mut Expanded,
) -> Result<(), String> {
    if directive.name == "title" {
        out.title = Some(directive.argument.trim().to_owned());
        return Ok(());
    }
    if depth >= MAX_DEPTH || out.text.len() > MAX_BYTES || out.read > MAX_READ {
        return Err("includes nest too deep or grow too large".to_owned());
    }
    let argument = directive.argument.split_whitespace().next().unwrap_or_default();
    let (path, range) = argument.split_once(':').unwrap_or((argument, ""));
    let (content, inner) =
        read(folder, path).ok_or_else(|| format!("`{path}` is not a text file of this commit"))?;
    out.read += content.len().max(1 << 10);
    let content = content.replace("\r\n", "\n");
    let part = match directive.name {
        "include" => cut(&content, range),
        "rustdoc_include" => cut_hidden(&content, range),
        _ => Some(format!("```rust,editable\n{}\n```", content.trim_end())),
    };
    let part = part.ok_or_else(|| format!("`{path}` has no anchor or lines `{range}`"))?;
    fill(&part, &inner, read, depth + 1, out);
    Ok(())
}

/// Finds the next directive from `from` on.
fn next_directive(text: &str, from: usize) -> Option<Directive<'_>> {
    let mut at = from;
    loop {
        let start = at + memchr::memmem::find(&text.as_bytes()[at..], b"{{#")?;
        let line_end =
            memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end);
        let escaped = start > from && text.as_bytes()[start - 1] == b'\\';
        let close = if escaped {
            text[start..line_end].rfind("}}")
        } else {
            text[start..line_end].find("}}")
        };
        if let Some(close) = close {
            let inside = &text[start + 3..start + close];
            let (name, argument) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            // Without an argument it is text about directives, as in mdBook.
            let known = ["include", "rustdoc_include", "playground", "playpen", "title"];
            if known.contains(&name) && !argument.trim().is_empty() {
                let span = start - usize::from(escaped)..start + close + 2;
                return Some(Directive { name, argument: argument.trim(), span, escaped });
            }
        }
        at = start + 3;
    }
}

/// Returns the lines that a range or an anchor names, without a trailing newline.
fn cut(content: &str, range: &str) -> Option<String> {
    if range.is_empty() {
        return Some(content.trim_end_matches('\n').to_owned());
    }
    if let Some((first, last)) = line_range(range) {
        let lines: Vec<&str> = content.lines().collect();
        return Some(
            lines.get(first..last.min(lines.len()).max(first)).unwrap_or_default().join("\n"),
        );
    }
    let (start, end) = anchored(content, range)?;
    let inside =
        content.lines().skip(start + 1).take(end - start - 1).filter(|line| !is_marker(line));
    Some(inside.collect::<Vec<_>>().join("\n"))
}

/// Like [`cut`], but keeps the other lines, hidden with `# ` as rustdoc does.
fn cut_hidden(content: &str, range: &str) -> Option<String> {
    let shown: (usize, usize) = match (range.is_empty(), line_range(range)) {
        (true, _) => return Some(content.trim_end_matches('\n').to_owned()),
        (_, Some(range)) => range,
        _ => {
            let (start, end) = anchored(content, range)?;
            (start + 1, end)
        }
    };
    let mut text = String::new();
    let named = line_range(range).is_none();
    for (at, line) in content.lines().enumerate() {
        if named && is_marker(line) {
            continue;
        }
        let hidden = if at >= shown.0 && at < shown.1 { "" } else { "# " };
        let _ = writeln!(text, "{hidden}{line}");
    }
    text.truncate(text.trim_end_matches('\n').len());
    Some(text)
}

/// Reads `3`, `3:5`, `:5`, `3:` as lines from 0, the end exclusive.
fn line_range(range: &str) -> Option<(usize, usize)> {
    let number =
        |text: &str, default| if text.is_empty() { Some(default) } else { text.parse().ok() };
    match range.split_once(':') {
        None => range.parse::<usize>().ok().map(|line| (line.saturating_sub(1), line.max(1))),
        Some((first, last)) => {
            Some((number(first, 1usize)?.saturating_sub(1), number(last, usize::MAX)?))
        }
    }
}

/// Finds the lines of the markers of an anchor; an anchor that never ends runs to the end.
fn anchored(content: &str, name: &str) -> Option<(usize, usize)> {
    let start = content.lines().position(|line| marker(line, "ANCHOR:") == Some(name))?;
    let end = content.lines().position(|line| marker(line, "ANCHOR_END:") == Some(name));
    Some((start, end.unwrap_or_else(|| content.lines().count()).max(start + 1)))
}

fn is_marker(line: &str) -> bool {
    marker(line, "ANCHOR:").is_some() || marker(line, "ANCHOR_END:").is_some()
}

fn marker<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let name = line[line.find(word)? + word.len()..].trim_start();
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-');
    Some(&name[..end.unwrap_or(name.len())]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str =
        "fn a() {}\n// ANCHOR: main\nfn main() {\n    a();\n}\n// ANCHOR_END: main\nfn z() {}\n";

    fn expanded(text: &str) -> Expanded {
        expand(text, "src", &|folder, path| {
            (path == "x.rs").then(|| (CODE.to_owned(), folder.to_owned()))
        })
    }

    #[test]
    fn ranges_and_anchors_choose_lines() {
        for (directive, text) in [
            ("{{#include x.rs:1}}", "fn a() {}"),
            ("{{#include x.rs:3:4}}", "fn main() {\n    a();"),
            ("{{#include x.rs:7:}}", "fn z() {}"),
            ("{{#include x.rs:main}}", "fn main() {\n    a();\n}"),
            (
                "{{#rustdoc_include x.rs:main}}",
                "# fn a() {}\nfn main() {\n    a();\n}\n# fn z() {}",
            ),
            ("\\{{#include x.rs}}", "{{#include x.rs}}"),
            ("{{#unknown x.rs}}", "{{#unknown x.rs}}"),
            ("`{{#include}}`d with {{#include x.rs:1}}", "`{{#include}}`d with fn a() {}"),
        ] {
            assert_eq!(expanded(directive).text, text, "{directive}");
        }
    }

    #[test]
    fn what_is_missing_stays_and_is_told() {
        let expanded = expanded("a\n{{#include y.rs}}\n{{#include x.rs:nowhere}}\n");
        assert_eq!(expanded.text, "a\n{{#include y.rs}}\n{{#include x.rs:nowhere}}\n");
        let places: Vec<usize> = expanded.problems.iter().map(|(span, _)| span.start).collect();
        assert_eq!(places, [2, 20]);
    }
}
