//! Cuts the block of fields off by byte offsets and hands it to the reader of its notation. Only the head of a file
//! goes through `gray_matter`, whose split must agree with ours; no value is read by it.

use gray_matter::engine::Engine;
use gray_matter::{Matter, Pod};

use super::{FrontMatter, State, json, toml, yaml};
use crate::document::Fault;
use crate::rules::{Rule, front_matter as rules, markup};
use crate::source::Span;

/// A block of fields may have this many bytes.
pub(super) const LARGEST: usize = 64 * 1024;
/// A block of fields may have this many values.
pub(super) const MOST_NODES: usize = 5000;
/// A block of fields may have this many levels.
pub(super) const DEEPEST: usize = 16;

/// Length of a fence; a block that starts earlier has none.
const FENCE: usize = 4;

/// Why a block could not be read; spans count from the start of what was read.
pub(super) struct Problem {
    pub(super) rule: &'static Rule,
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self { rule, span, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The notation of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Yaml,
    Toml,
    Json,
}

/// Where a block lies: `block` with its fences, `matter` without. `closed` is false when the end is a guess.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) notation: Notation,
    pub(super) block: Span,
    pub(super) matter: Span,
    pub(super) closed: bool,
}

/// Reads the block of fields at the top of a file and says what is wrong with it.
pub fn read(source: &str) -> (FrontMatter, Vec<Fault>) {
    let Some(cut) = cut(source) else {
        return (FrontMatter::default(), late(source).into_iter().collect());
    };
    let read = fields(source, &cut);
    let mut front_matter =
        FrontMatter { state: State::Readable, span: cut.block.clone(), fields: Vec::new() };
    match read {
        Ok(fields) => front_matter.fields = fields,
        Err(problems) => {
            front_matter.state = State::Unreadable;
            return (
                front_matter,
                problems.into_iter().map(|problem| fault(problem, cut.matter.start)).collect(),
            );
        }
    }
    (front_matter, Vec::new())
}

/// Finds a block that has nothing but empty lines above it.
fn late(source: &str) -> Option<Fault> {
    let text = source.trim_start_matches('\u{FEFF}').trim_start();
    let start = source.len() - text.len();
    let above = source[..start].ends_with(['\n', '\r']);
    cut(text).filter(|cut| above && cut.closed && cut.notation != Notation::Json)?;
    let span = 0..line_at(text, 0).0.trim_end().len();
    let problem =
        Problem::new(&rules::NOT_FIRST, span, "the block of fields is not on the first line");
    Some(fault(problem.help("delete the empty lines above it"), start))
}

pub(super) fn fault(problem: Problem, base: usize) -> Fault {
    let span = problem.span.start + base..problem.span.end + base;
    Fault { rule: problem.rule, span, message: problem.message, help: problem.help }
}

fn fields(source: &str, cut: &Cut) -> Result<Vec<super::Field>, Vec<Problem>> {
    let matter = &source[cut.matter.clone()];
    if !cut.closed {
        return Err(vec![unclosed(cut)]);
    }
    if matter.len() > LARGEST {
        let message =
            format!("the block of fields has {} bytes, more than {LARGEST}", matter.len());
        return Err(vec![Problem::new(&rules::TOO_LARGE, 0..0, message)]);
    }
    if cut.notation != Notation::Json && !agrees(&source[cut.block.clone()], matter) {
        return Err(vec![Problem::new(
            &rules::UNREADABLE,
            0..0,
            "the end of the block of fields is not clear",
        )]);
    }
    let mut fields = match cut.notation {
        Notation::Yaml => yaml::read(matter),
        Notation::Toml => toml::read(matter),
        Notation::Json => json::read(matter, if cut.matter.start < FENCE { 1 } else { 2 }),
    }
    .map_err(|problems| conflict(matter).map_or(problems, |problem| vec![problem]))?;
    let base = cut.matter.start;
    let moved = |span: &mut Span| *span = span.start + base..span.end + base;
    for field in &mut fields {
        field.each_span(&moved);
    }
    Ok(fields)
}

/// Finds the marks of a merge that was never finished: they say better than a grammar why a block cannot be read.
fn conflict(matter: &str) -> Option<Problem> {
    let starts_line = |at: &usize| *at == 0 || matter[..*at].ends_with(['\n', '\r']);
    let mut marks = matter.match_indices(markup::CONFLICT_START).map(|(at, _)| at);
    let start = marks.find(starts_line)?;
    let span = start..start + line_at(matter, start).0.len();
    let problem = Problem::new(&markup::CONFLICT, span, markup::CONFLICT_MESSAGE);
    Some(problem.help(markup::CONFLICT_HELP))
}

fn unclosed(cut: &Cut) -> Problem {
    let fence = match cut.notation {
        Notation::Yaml => "a line `---`",
        Notation::Toml => "a line `+++`",
        Notation::Json => "a closing `}` and a line break",
    };
    Problem::new(&rules::UNCLOSED, 0..0, "the block of fields is never closed")
        .help(format!("add {fence} after the last field"))
}

/// Finds the block. A block is one only when its first line that says something looks like a field.
pub(super) fn cut(source: &str) -> Option<Cut> {
    let start = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
    if source[start..].starts_with('{') {
        return cut_object(source, start);
    }
    let (first, matter_start) = line_at(source, start);
    let fence = first.trim_end();
    if fence != "---" && fence != "+++" {
        return None;
    }
    let mut notation = None;
    let mut at = matter_start;
    while at < source.len() {
        let (line, next) = line_at(source, at);
        if line.trim_end() == fence {
            let notation =
                notation.unwrap_or(if fence == "---" { Notation::Yaml } else { Notation::Toml });
            return Some(Cut { notation, block: 0..next, matter: matter_start..at, closed: true });
        }
        if notation.is_none() && !line.trim().is_empty() && !line.starts_with('#') {
            notation = Some(recognise(line.trim(), fence)?);
        }
        at = next;
    }
    let end = end_of_paragraph(source, matter_start);
    Some(Cut { notation: notation?, block: 0..end, matter: matter_start..end, closed: false })
}

/// Returns the line at an offset without its break, and where the next one starts.
fn line_at(source: &str, start: usize) -> (&str, usize) {
    let rest = &source[start..];
    match rest.bytes().position(|byte| byte == b'\n' || byte == b'\r') {
        None => (rest, source.len()),
        Some(at) if rest[at..].starts_with("\r\n") => (&rest[..at], start + at + 2),
        Some(at) => (&rest[..at], start + at + 1),
    }
}

/// An unclosed block is taken to end before the first blank line or heading.
fn end_of_paragraph(source: &str, start: usize) -> usize {
    let mut at = start;
    while at < source.len() {
        let (line, next) = line_at(source, at);
        if at > start && (line.trim().is_empty() || line.starts_with('#')) {
            return at;
        }
        at = next;
    }
    source.len()
}

/// Tells the notation by the first line, or that there is none.
fn recognise(line: &str, fence: &str) -> Option<Notation> {
    if line.starts_with('{') {
        return Some(Notation::Json);
    }
    let by_fence = if fence == "---" { Notation::Yaml } else { Notation::Toml };
    if fence == "+++" && line.starts_with('[') {
        return Some(Notation::Toml);
    }
    let end = line.find([':', '='])?;
    let sign = line.as_bytes()[end];
    let after = line[end + 1..].chars().next();
    let key = line[..end].trim_end();
    let fits = sign == b'=' || after.is_none_or(char::is_whitespace);
    (fits && is_key(key)).then_some(by_fence)
}

fn is_key(key: &str) -> bool {
    const LONGEST: usize = 64;
    key.len() <= LONGEST
        && key.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '"' | '\'' | '_'))
        && key.chars().all(|char| char.is_alphanumeric() || " _-.\"'/".contains(char))
}

/// Finds a JSON object at the very start that ends a line.
fn cut_object(source: &str, start: usize) -> Option<Cut> {
    let inner = source[start + 1..].trim_start();
    if !inner.starts_with(['"', '}']) {
        return None;
    }
    let Some(end) = end_of_object(&source.as_bytes()[start..]).map(|end| start + end) else {
        let end = end_of_paragraph(source, start);
        return Some(Cut {
            notation: Notation::Json,
            block: 0..end,
            matter: start..end,
            closed: false,
        });
    };
    let (rest, next) = line_at(source, end);
    rest.trim().is_empty().then_some(Cut {
        notation: Notation::Json,
        block: 0..next,
        matter: start..end,
        closed: true,
    })
}

/// Finds the brace that matches the first one, strings left out.
fn end_of_object(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// An engine that reads no value: the split is `gray_matter`'s, the values are ours.
struct Unread;

impl Engine for Unread {
    fn parse(_content: &str) -> gray_matter::Result<Pod> {
        Ok(Pod::Null)
    }
}

/// Asks `gray_matter` for its split of the head; it must be the one that was found by offsets.
pub(super) fn agrees(head: &str, matter: &str) -> bool {
    let head = line_feeds(head.trim_start_matches('\u{FEFF}'));
    let mut splitter = Matter::<Unread>::new();
    head[..3].clone_into(&mut splitter.delimiter);
    splitter.parse::<Pod>(&head).is_ok_and(|split| split.matter == line_feeds(matter).trim())
}

/// Returns text whose lines end in a line feed each.
fn line_feeds(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}
