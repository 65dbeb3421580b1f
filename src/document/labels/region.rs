//! Where in a text labels count: not in code and comments, lines only at the top and under headings about the document.

use std::ops::Range;

use super::line::{cells, clean_name, clean_value, is_name, pairs};
use super::{LONGEST, Label, Written};
use crate::document::text::normalise_heading;
use crate::source::Span;

/// Headings under which a document speaks about itself, in the form in which headings are compared.
const ABOUT: [&str; 12] = [
    "metadata",
    "meta",
    "document control",
    "document information",
    "document details",
    "document history",
    "about this document",
    "details",
    "status",
    "approval",
    "approvals",
    "sign-off",
];

/// A heading of more bytes is none of them, whatever decorates it.
const LONGEST_ABOUT: usize = 48;

/// A line of more bytes is text without labels.
const LONGEST_LINE: usize = 2000;

/// First cells of header rows that are titles of columns and no labels.
const TITLES: [&str; 8] = ["", "field", "property", "attribute", "key", "item", "element", "name"];

/// The deepest level of headings that are labels.
const DEEPEST: usize = 3;

/// A line and the place where it starts in the text.
#[derive(Clone, Copy)]
struct Line<'s> {
    at: usize,
    text: &'s str,
}

/// What hides lines.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Hidden {
    #[default]
    Nothing,
    /// A comment that is open.
    Comment,
    /// Code that is open: the letter and the length of its fence.
    Code(char, usize),
}

/// What stands between two lines.
pub(super) struct Region<'s> {
    /// Names of labels whose values are wanted.
    wanted: &'s dyn Fn(&str) -> bool,
    hidden: Hidden,
    headings: usize,
    /// Whether the section speaks about the document.
    about: bool,
    /// The label of the heading above, while its value is looked for.
    open: Option<usize>,
    /// Whether that value is a list that may go on.
    listing: bool,
    in_table: bool,
    /// The line before, when an underline would make it a heading.
    before: Option<Line<'s>>,
}

impl<'s> Region<'s> {
    pub(super) fn new(wanted: &'s dyn Fn(&str) -> bool) -> Self {
        Self {
            wanted,
            hidden: Hidden::Nothing,
            headings: 0,
            about: false,
            open: None,
            listing: false,
            in_table: false,
            before: None,
        }
    }

    /// Reads one line that starts at a place of the text.
    pub(super) fn line(&mut self, labels: &mut Vec<Label>, at: usize, text: &'s str) {
        let (line, before) = (Line { at, text }, self.before.take());
        let trimmed = text.trim();
        if self.is_hidden(trimmed) {
            self.open = self.open.filter(|_| !matches!(self.hidden, Hidden::Code(..)));
        } else if trimmed.is_empty() {
            self.in_table = false;
        } else if let Some((level, title)) = heading(line) {
            self.heading(labels, level, title);
        } else if let Some(title) = before.filter(|_| is_underline(trimmed)) {
            self.heading(labels, if trimmed.starts_with('=') { 1 } else { 2 }, title);
        } else {
            self.content(labels, line);
        }
    }

    /// Tells whether a line is code or a comment, or opens or closes one.
    fn is_hidden(&mut self, text: &str) -> bool {
        let run = |letter: char| text.chars().take_while(|c| *c == letter).count();
        match self.hidden {
            Hidden::Comment if text.contains("-->") => self.hidden = Hidden::Nothing,
            Hidden::Code(letter, length)
                if run(letter) >= length && text.chars().all(|c| c == letter) =>
            {
                self.hidden = Hidden::Nothing;
            }
            Hidden::Nothing => return self.opens(text),
            _ => {}
        }
        true
    }

    /// Tells whether a line opens code or begins a comment.
    fn opens(&mut self, text: &str) -> bool {
        let run = |letter: char| text.chars().take_while(|c| *c == letter).count();
        let mut fences = ['`', '~'].into_iter().map(|letter| (letter, run(letter)));
        let fence = fences.find(|(_, run)| *run >= 3);
        let comment = text.starts_with("<!--");
        self.hidden = match fence {
            Some((letter, length)) => Hidden::Code(letter, length),
            None if comment && !text.contains("-->") => Hidden::Comment,
            None => Hidden::Nothing,
        };
        comment || fence.is_some()
    }

    fn heading(&mut self, labels: &mut Vec<Label>, level: usize, title: Line<'s>) {
        self.headings += 1;
        self.about = title.text.len() <= LONGEST_ABOUT
            && ABOUT.contains(&normalise_heading(title.text).as_str());
        (self.open, self.listing, self.in_table) = (None, false, false);
        let (name, value) = split_title(title);
        if !(2..=DEEPEST).contains(&level) || !is_name(name.text) {
            return;
        }
        self.open = value.text.is_empty().then_some(labels.len());
        labels.extend(self.label(Written::Section, name, value));
    }

    /// A line that is no heading: the value of the heading above, a row, or a line with labels.
    fn content(&mut self, labels: &mut Vec<Label>, line: Line<'s>) {
        let (rest, bullet) = without_marks(line);
        let code = !bullet && line.text.starts_with("    ");
        let task =
            ["[ ]", "[x]", "[X]", "[~]", "[-]"].iter().any(|mark| rest.text.starts_with(mark));
        if code || task {
            return;
        }
        let row = rest.text.starts_with('|');
        self.value(labels, rest, bullet, row);
        let counts = self.headings <= 1 || self.about;
        match row {
            true if counts => self.row(labels, rest),
            false if counts => self.pairs(labels, rest, bullet),
            _ => self.before = (!row && !bullet).then_some(rest),
        }
    }

    /// The first line below a heading, or each item of a list there, is what the heading labels.
    fn value(&mut self, labels: &mut [Label], line: Line<'s>, bullet: bool, row: bool) {
        let goes_on = !row && (!self.listing || bullet);
        let open = self.open.filter(|_| goes_on).and_then(|at| labels.get_mut(at));
        if let Some(label) = open {
            label.values.extend(self.read(&label.name, line));
        }
        self.open = self.open.filter(|_| goes_on && bullet);
        self.listing = bullet;
    }

    fn pairs(&mut self, labels: &mut Vec<Label>, line: Line<'s>, bullet: bool) {
        let written = if bullet { Written::Bullet } else { Written::Line };
        let found = if line.text.len() > LONGEST_LINE { Vec::new() } else { pairs(line.text) };
        self.before = (found.is_empty() && !bullet).then_some(line);
        for (name, value) in found {
            labels.extend(self.label(written, line.part(name), line.part(value)));
        }
    }

    /// A row of two cells, the header row too unless its cells are titles of columns.
    fn row(&mut self, labels: &mut Vec<Label>, line: Line<'s>) {
        let first = !std::mem::replace(&mut self.in_table, true);
        let Ok([name, value]) = <[_; 2]>::try_from(cells(line.text)) else { return };
        let (name, value) = (line.part(name), line.part(value));
        let title = clean_name(name.text).to_lowercase();
        if !(first && TITLES.contains(&title.as_str())) && is_name(clean_name(name.text)) {
            labels.extend(self.label(Written::Row, name, value));
        }
    }

    /// A label is kept while its heading waits for a value.
    fn label(&self, written: Written, name: Line<'_>, given: Line<'_>) -> Option<Label> {
        let name = name.keep(clean_name(name.text));
        let text = name.text.replace("\\|", "|");
        let values: Vec<_> = self.read(&text, given).into_iter().collect();
        let waits = written == Written::Section && given.text.trim().is_empty();
        let name_span = name.span();
        (waits || !values.is_empty()).then_some(Label { written, name: text, name_span, values })
    }

    /// Reads the value of a label. Of one that is not wanted it only counts whether there is one.
    fn read(&self, name: &str, line: Line<'_>) -> Option<(String, Span)> {
        let line = line.keep(line.text.trim());
        if line.text.len() > LONGEST {
            return None;
        }
        let begins = || line.text.starts_with(char::is_alphanumeric);
        if !(self.wanted)(name) && begins() {
            return Some((String::new(), line.span()));
        }
        let value = clean_value(line.text);
        (!value.is_empty()).then(|| (value, line.span()))
    }
}

impl Line<'_> {
    fn part(self, range: Range<usize>) -> Self {
        Self { at: self.at + range.start, text: &self.text[range] }
    }

    /// Keeps a piece of its text.
    fn keep(self, piece: &str) -> Self {
        let start = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        self.part(start..start + piece.len())
    }

    fn span(self) -> Span {
        self.at..self.at + self.text.len()
    }
}

/// `## Title ##`: the level and the title.
fn heading(line: Line<'_>) -> Option<(usize, Line<'_>)> {
    let text = line.text.trim();
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then(|| (level, line.keep(rest.trim_end_matches('#').trim())))
}

fn is_underline(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'=') || text.bytes().all(|byte| byte == b'-')
}

/// `Status: Accepted`, `3. Status - Accepted`: the label without its number, and the value.
fn split_title(title: Line<'_>) -> (Line<'_>, Line<'_>) {
    let marks = [": ", " - ", " – ", " — "];
    let cut = marks.iter().filter_map(|mark| Some((title.text.find(mark)?, mark.len()))).min();
    let (end, after) = cut.map_or((title.text.len(), title.text.len()), |(at, len)| (at, at + len));
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ');
    let name = clean_name(title.text[..end].trim_start_matches(number));
    (title.keep(name), title.part(after..title.text.len()))
}

/// Drops indentation, marks of quotes and the mark of a list item; tells whether there was one.
fn without_marks(line: Line<'_>) -> (Line<'_>, bool) {
    let text = line.text.trim_start_matches([' ', '\t', '>']);
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    (line.keep(item.unwrap_or(text).trim()), item.is_some())
}
