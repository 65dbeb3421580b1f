//! mdBook's `{{#include}}` family. What is included comes from the caller, who reads the same commit only.

use crate::source::{RepoPath, Span};

/// How deep includes may nest, as in mdBook.
const MAX_DEPTH: usize = 10;
/// How large the text may grow.
const MAX_BYTES: usize = 4 << 20;

/// How many bytes may be read for one page; an include costs at least a kilobyte.
const MAX_READ: usize = 32 << 20;

/// How many problems of a page are told; more would say nothing new.
const MOST_PROBLEMS: usize = 100;

/// A text with its includes filled in.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The text.
    pub text: String,
    /// Where the text comes from, in order.
    pub pieces: Vec<Piece>,
    /// Includes that could not be filled in.
    pub problems: Vec<Problem>,
    /// `{{#title}}`, when there is one.
    pub title: Option<String>,
    read: usize,
}

/// A stretch of text that stands in a file just so; it ends where the next one starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it starts in the whole text.
    pub start: usize,
    /// The file that it stands in.
    pub path: RepoPath,
    /// Where it starts in that file.
    pub at: usize,
}

/// An include that could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file that asks for it.
    pub path: RepoPath,
    /// Where in that file.
    pub span: Span,
    /// What was wrong.
    pub message: String,
}

/// A directive, cut out of a text.
struct Directive<'a> {
    /// `include`, `rustdoc_include`, `playground`, `title`.
    name: &'a str,
    argument: &'a str,
    span: Span,
    escaped: bool,
}

impl<'a> Directive<'a> {
    /// Returns the file that it names, and which part of it.
    fn file(&self) -> (&'a str, &'a str) {
        let argument = self.argument.split_whitespace().next().unwrap_or_default();
        argument.split_once(':').unwrap_or((argument, ""))
    }
}

/// Some of the lines of a file: starts of stretches in the text and in the file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    text: String,
    starts: Vec<(usize, usize)>,
}

/// Reads a file to include.
pub type Read<'a> = &'a dyn Fn(&RepoPath) -> Option<String>;

/// Fills in the directives of a file. Paths are relative to the file that includes.
pub fn expand(text: &str, path: &RepoPath, read: Read<'_>) -> Expanded {
    let mut expanded = Expanded::default();
    let whole = Part { text: text.to_owned(), starts: vec![(0, 0)] };
    fill(&whole, path, read, 0, &mut expanded);
    expanded
}

/// Lists the files that a text itself includes, with the places where it does.
pub fn files(text: &str) -> Vec<(usize, &str)> {
    let mut rest = 0;
    let directives = std::iter::from_fn(|| {
        let directive = next_directive(text, rest)?;
        rest = directive.span.end;
        Some(directive)
    });
    let including = directives.filter(|it| !it.escaped && it.name != "title");
    including.map(|it| (it.span.start, it.file().0)).collect()
}

/// Finds the file and the place of a byte of a text that was filled in; nothing when the text is that of one file.
pub fn origin(pieces: &[Piece], at: usize) -> Option<(&RepoPath, usize)> {
    let piece = pieces[..pieces.partition_point(|piece| piece.start <= at)].last()?;
    Some((&piece.path, piece.at + at - piece.start))
}

fn fill(part: &Part, path: &RepoPath, read: Read<'_>, depth: usize, out: &mut Expanded) {
    let mut rest = 0;
    while let Some(directive) = next_directive(&part.text, rest) {
        out.take(part, path, rest..directive.span.start);
        rest = directive.span.end;
        if directive.escaped {
            out.take(part, path, directive.span.start + 1..directive.span.end);
        } else if let Err(message) = fill_one(&directive, path, read, depth, out) {
            if out.problems.len() < MOST_PROBLEMS {
                let at = part.place(directive.span.start);
                let span = at..at + directive.span.len();
                out.problems.push(Problem { path: path.clone(), span, message });
            }
            out.take(part, path, directive.span);
        }
    }
    out.take(part, path, rest..part.text.len());
}

fn fill_one(
    directive: &Directive<'_>,
    path: &RepoPath,
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
    let (name, range) = directive.file();
    let wanted = RepoPath::resolve(path.folder(), name);
    let (wanted, content) = wanted
        .and_then(|wanted| Some((wanted.clone(), read(&wanted)?)))
        .ok_or_else(|| format!("`{name}` is not a text file of this commit"))?;
    out.read += content.len().max(1 << 10);
    let lines = lines(&content);
    let part = match directive.name {
        "include" => cut(&lines, range),
        "rustdoc_include" => cut_hidden(&lines, range),
        _ => Some(editable(&lines)),
    };
    let part = part.ok_or_else(|| format!("`{name}` has no anchor or lines `{range}`"))?;
    fill(&part, &wanted, read, depth + 1, out);
    Ok(())
}

impl Expanded {
    /// Appends some of a part.
    fn take(&mut self, part: &Part, path: &RepoPath, range: Span) {
        let before = |place: usize| part.starts.partition_point(|(start, _)| *start < place);
        let inside = &part.starts[before(range.start)..before(range.end)];
        let first = (range.start, part.place(range.start));
        for (start, at) in [first].iter().chain(inside).filter(|_| !range.is_empty()) {
            let start = self.text.len() + start - range.start;
            self.pieces.push(Piece { start, path: path.clone(), at: *at });
        }
        self.text.push_str(&part.text[range]);
    }
}

impl Part {
    /// Returns the place in the file of a byte of the text.
    fn place(&self, at: usize) -> usize {
        let before = self.starts[..self.starts.partition_point(|(start, _)| *start <= at)].last();
        before.map_or(0, |(start, place)| place + at - start)
    }

    /// Appends a line of the file; `prefix` is ours.
    fn push(&mut self, prefix: &str, (at, line): (usize, &str)) {
        self.text.push_str(prefix);
        let goes_on = self.starts.last().is_some_and(|(start, place)| {
            prefix.is_empty() && place + self.text.len() - start == at
        });
        if !goes_on {
            self.starts.push((self.text.len(), at));
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Leaves out the empty lines at the end.
    fn trimmed(mut self) -> Self {
        self.text.truncate(self.text.trim_end_matches('\n').len());
        self
    }

    fn of<'l>(lines: impl Iterator<Item = &'l (usize, &'l str)>) -> Self {
        let mut part = Self::default();
        lines.for_each(|line| part.push("", *line));
        part.text.pop();
        part
    }
}

/// The lines of a file without their ends, each with its place.
fn lines(content: &str) -> Vec<(usize, &str)> {
    let place = |line: &str| line.as_ptr() as usize - content.as_ptr() as usize;
    content.lines().map(|line| (place(line), line)).collect()
}

/// Finds the next directive from `from` on. Each byte is looked at a bounded number of times.
fn next_directive(text: &str, from: usize) -> Option<Directive<'_>> {
    let (mut at, mut line_end, mut last, mut close) = (from, 0, None, 0);
    loop {
        let start = at + memchr::memmem::find(&text.as_bytes()[at..], b"{{#")?;
        if start >= line_end {
            let end = memchr::memchr(b'\n', &text.as_bytes()[start..]);
            line_end = end.map_or(text.len(), |end| start + end);
            last = text[start..line_end].rfind("}}").map(|close| start + close);
        }
        let Some(last) = last.filter(|last| *last > start) else {
            at = line_end;
            continue;
        };
        if close <= start {
            close = start + text[start..].find("}}")?;
        }
        let escaped = start > from && text.as_bytes()[start - 1] == b'\\';
        let end = if escaped { last } else { close };
        if let Some((name, argument)) = named(&text[start + 3..end]) {
            let span = start - usize::from(escaped)..end + 2;
            return Some(Directive { name, argument, span, escaped });
        }
        at = start + 3;
    }
}

/// Reads the name and the argument of a directive; without an argument it is text about directives, as in mdBook.
fn named(inside: &str) -> Option<(&str, &str)> {
    const NAMES: [&str; 5] = ["include", "rustdoc_include", "playground", "playpen", "title"];
    let name = NAMES.into_iter().find(|name| inside.starts_with(name))?;
    let argument = inside[name.len()..].strip_prefix(char::is_whitespace)?.trim();
    (!argument.is_empty()).then_some((name, argument))
}

/// Returns the lines that a range or an anchor names, without a trailing newline.
fn cut(lines: &[(usize, &str)], range: &str) -> Option<Part> {
    if range.is_empty() {
        return Some(Part::of(lines.iter()).trimmed());
    }
    if let Some((first, last)) = line_range(range) {
        let chosen = lines.get(first..last.min(lines.len()).max(first)).unwrap_or_default();
        return Some(Part::of(chosen.iter()));
    }
    let (start, end) = anchored(lines, range)?;
    Some(Part::of(lines[start + 1..end].iter().filter(|(_, line)| !is_marker(line))))
}

/// Like [`cut`], but keeps the other lines, hidden with `# ` as rustdoc does.
fn cut_hidden(lines: &[(usize, &str)], range: &str) -> Option<Part> {
    let shown: (usize, usize) = match (range.is_empty(), line_range(range)) {
        (true, _) => return Some(Part::of(lines.iter()).trimmed()),
        (_, Some(range)) => range,
        _ => {
            let (start, end) = anchored(lines, range)?;
            (start + 1, end)
        }
    };
    let mut part = Part::default();
    let named = line_range(range).is_none();
    for (at, line) in lines.iter().enumerate() {
        if named && is_marker(line.1) {
            continue;
        }
        part.push(if at >= shown.0 && at < shown.1 { "" } else { "# " }, *line);
    }
    Some(part.trimmed())
}

/// Returns the lines as code that readers may change.
fn editable(lines: &[(usize, &str)]) -> Part {
    let filled = lines.iter().rposition(|(_, line)| !line.trim().is_empty()).map_or(0, |at| at + 1);
    let mut part = Part { text: "```rust,editable\n".to_owned(), ..Part::default() };
    lines[..filled].iter().for_each(|line| part.push("", *line));
    part.text.push_str("```");
    part
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
fn anchored(lines: &[(usize, &str)], name: &str) -> Option<(usize, usize)> {
    let start = lines.iter().position(|(_, line)| marker(line, "ANCHOR:") == Some(name))?;
    let end = lines.iter().position(|(_, line)| marker(line, "ANCHOR_END:") == Some(name));
    Some((start, end.unwrap_or(lines.len()).max(start + 1)))
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
        expand(text, &RepoPath::new("src/a.md"), &|path| match path.as_str() {
            "src/x.rs" => Some(CODE.to_owned()),
            "src/n/crlf.md" => Some(
                "one\r\n\r\ntwo {{#include ../x.rs:1}} end\r\n{{#include gone}}\r\n".to_owned(),
            ),
            _ => None,
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
        let places: Vec<usize> =
            expanded.problems.iter().map(|problem| problem.span.start).collect();
        assert_eq!(places, [2, 20]);
    }

    #[test]
    fn every_letter_knows_its_file_and_its_place() {
        let text = "a\n{{#include n/crlf.md}}\nb {{#rustdoc_include x.rs:main}}\n{{#playground x.rs}}\nend";
        let expanded = expanded(text);
        for (word, path, at) in [
            ("a\none", "src/a.md", 0),
            ("one\n\n", "src/n/crlf.md", 0),
            ("two", "src/n/crlf.md", 7),
            ("fn a() {} end", "src/x.rs", 0),
            (" end\n", "src/n/crlf.md", 33),
            ("{{#include gone}}", "src/n/crlf.md", 39),
            ("b #", "src/a.md", 25),
            ("fn main() {\n    a();\n}\n# fn", "src/x.rs", CODE.find("fn main").unwrap()),
            ("fn z() {}\n```", "src/x.rs", CODE.find("fn z").unwrap()),
            ("end", "src/a.md", text.len() - 3),
        ] {
            let found =
                expanded.text.rfind(word).unwrap_or_else(|| panic!("{word} in {}", expanded.text));
            let (file, place) = origin(&expanded.pieces, found).unwrap();
            assert_eq!((file.as_str(), place), (path, at), "{word} in {}", expanded.text);
        }
        let problem = &expanded.problems[0];
        assert_eq!((problem.path.as_str(), problem.span.clone()), ("src/n/crlf.md", 39..56));
    }
}
