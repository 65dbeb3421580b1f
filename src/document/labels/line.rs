//! One line: the labels in it, their values, and both without markup.

use std::ops::Range;

/// A label has at most this many letters and words.
const LONGEST_NAME: usize = 40;
const MOST_WORDS: usize = 4;

/// Places of a label and its value in a line.
pub(super) type Pair = (Range<usize>, Range<usize>);

/// Finds the labels of a line: `**Status:** x | **Date:** y`, `*Status*: x`, `Status: x`.
pub(super) fn pairs(line: &str) -> Vec<Pair> {
    let marked = marked(line);
    if marked.is_empty() { plain(line).into_iter().collect() } else { marked }
}

/// Labels in emphasis. The value of one ends where the next begins.
fn marked(line: &str) -> Vec<Pair> {
    let (mut names, mut at) = (Vec::new(), 0);
    while let Some((name, after)) = marked_name(line, at, at == 0) {
        at = after;
        names.push((name, after));
    }
    let ends = names.iter().skip(1).map(|(name, _)| name.start).chain([line.len()]);
    let ends: Vec<usize> = ends.collect();
    let value = |((name, after), end): ((Range<usize>, usize), usize)| (name, after..end);
    let pairs = names.into_iter().zip(ends).map(value);
    pairs.map(|(name, value)| (name, without_separators(line, value))).collect()
}

/// Finds the next emphasised label: its place, marks included, and where its value starts.
fn marked_name(line: &str, from: usize, first: bool) -> Option<(Range<usize>, usize)> {
    let mut from = from;
    loop {
        let (open, mark) = next_mark(line, from, first)?;
        let inner = open + mark.len();
        let close = inner + line[inner..].find(mark)?;
        let (name, rest) = (&line[inner..close], &line[close + mark.len()..]);
        let behind = rest.trim_start();
        let colon = if behind.starts_with(':') { rest.len() - behind.len() + 1 } else { 0 };
        if (colon > 0 || name.trim_end().ends_with(':')) && is_name(clean_name(name)) {
            return Some((open..close, close + mark.len() + colon));
        }
        if first {
            return None;
        }
        from = close + mark.len();
    }
}

/// The first label of a line begins it; later ones are bold.
fn next_mark(line: &str, from: usize, first: bool) -> Option<(usize, &'static str)> {
    if !first {
        return line[from..].find("**").map(|at| (from + at, "**"));
    }
    let begins = |mark: &str| line[from..].starts_with(mark);
    ["**", "__", "*", "_"].into_iter().find(|mark| begins(mark)).map(|mark| (from, mark))
}

/// `Status: x`; an address such as `https://` is none.
fn plain(line: &str) -> Option<Pair> {
    let colon = line.find(':')?;
    let apart = line[colon + 1..].starts_with(char::is_whitespace);
    (apart && is_name(clean_name(&line[..colon]))).then_some((0..colon, colon + 1..line.len()))
}

fn without_separators(line: &str, value: Range<usize>) -> Range<usize> {
    let mut text = line[value.clone()].trim_end();
    loop {
        let shorter = text.trim_end_matches(|c: char| c.is_whitespace() || "|·•;,–—".contains(c));
        let shorter = ["<br>", "<br/>", "<br />", "\\"]
            .iter()
            .find_map(|end| shorter.strip_suffix(end))
            .unwrap_or(shorter);
        if shorter.len() == text.len() {
            return value.start..value.start + text.len();
        }
        text = shorter;
    }
}

/// Tells whether a text can be a label: few words, letters first.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(char::is_alphabetic)
        && name.split_whitespace().count() <= MOST_WORDS
        && name.chars().all(|c| c.is_alphanumeric() || " -_/()#&'|\\".contains(c))
}

/// A label without markup, pictograms and its colon.
pub(super) fn clean_name(name: &str) -> &str {
    let start = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    start.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')')
}

/// A value without markup: links become their words, emphasis, code marks and breaks go.
pub(super) fn clean_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = without_emphasis(value.trim());
    while let Some(c) = rest.chars().next() {
        if let Some((words, after)) = link(rest) {
            out.push_str(words);
            rest = after;
        } else if let Some(after) = dropped(rest) {
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out.trim().trim_end_matches('\\').trim().to_owned()
}

/// Drops one mark of emphasis around all of a value.
fn without_emphasis(value: &str) -> &str {
    let inside = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    let inner = inside('*').or_else(|| inside('_')).unwrap_or(value);
    if inner.is_empty() || inner.contains(['*', '_']) { value } else { inner }
}

/// Marks that say nothing: emphasis, code, breaks and comments.
fn dropped(text: &str) -> Option<&str> {
    let marks = ["**", "__", "`", "<br>", "<br/>", "<br />"];
    let mark = marks.iter().find_map(|mark| text.strip_prefix(mark));
    let comment = || text.strip_prefix("<!--")?.split_once("-->").map(|(_, after)| after);
    let escape =
        || text.strip_prefix('\\').filter(|after| after.starts_with(['|', '_', '*', '[', '<']));
    mark.or_else(comment).or_else(escape)
}

/// `[words](target)` at the start: the words and what follows.
fn link(text: &str) -> Option<(&str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (_, after) = rest.split_once(')')?;
    (!words.contains(['[', ']', '\n'])).then_some((words, after))
}

/// Cuts a table row into its cells, with their places.
pub(crate) fn cells(line: &str) -> Vec<Range<usize>> {
    let inner = line.trim();
    let start = line.len() - line.trim_start().len();
    let inner = inner.strip_prefix('|').unwrap_or(inner);
    let start = start + usize::from(line.trim_start().starts_with('|'));
    let (mut cells, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in inner.char_indices() {
        if c == '|' && !escaped {
            cells.push(start + from..start + at);
            from = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    if from < inner.len() {
        cells.push(start + from..start + inner.len());
    }
    cells
}
