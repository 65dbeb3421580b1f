//! What one file may hold. A file that holds more is shown up to a point as it was written, with a finding that says which
//! limit was passed and where, so that a megabyte of anything costs little.

use crate::document::{Document, Fault, html, text};
use crate::rules::markup as rules;

/// A file may have this many bytes.
pub(super) const LARGEST: usize = 2 * 1024 * 1024;
/// A file may have this many lines.
pub(super) const MOST_LINES: usize = 100_000;
/// A file may have this many links, mentions included.
pub(super) const MOST_LINKS: usize = 20_000;
/// A file may have this many headings.
pub(super) const MOST_HEADINGS: usize = 20_000;
/// A file may refer to footnotes this many times.
pub(super) const MOST_REFERENCES: usize = 20_000;
/// A file may have this many cells in tables.
pub(super) const MOST_CELLS: usize = 100_000;
/// A file may have this many tags of HTML.
pub(super) const MOST_TAGS: usize = 50_000;
/// A file may have this many pieces of text, markup and blocks.
pub(super) const MOST_PIECES: usize = 500_000;

/// A file may have this many characters that may be markup. The parser keeps a place for each, so that they are counted
/// before it sees them.
pub(super) const MOST_MARKS: usize = 250_000;

/// A file beyond a limit is shown up to this many bytes.
const SHOWN: usize = 64 * 1024;

/// The characters that count as marks.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut rest: &[u8] = b"*_[]<>`$~|!&^\\+";
    while let [mark, others @ ..] = rest {
        marks[*mark as usize] = true;
        rest = others;
    }
    marks
};

/// A limit that was passed.
pub(super) struct Beyond {
    message: String,
    /// Where in the file.
    at: usize,
}

impl Beyond {
    /// Tells which of some counts passes its limit: what is counted, how many there are, how many there may be.
    pub(super) fn one_of(counts: &[(&str, usize, usize)], at: usize) -> Option<Self> {
        let (what, _, most) = counts.iter().find(|(_, count, most)| count > most)?;
        Some(Self { message: format!("the file has more than {most} {what}"), at })
    }

    /// Tells whether a file is too large to be looked at.
    pub(super) fn size(source: &str) -> Option<Self> {
        let end = memchr::memchr_iter(b'\n', source.as_bytes()).nth(MOST_LINES - 1);
        let beyond = end.map(|end| end + 1).filter(|start| *start < source.len());
        let lines = MOST_LINES + usize::from(beyond.is_some());
        Self::one_of(&[("bytes", source.len(), LARGEST)], 0)
            .or_else(|| Self::one_of(&[("lines", lines, MOST_LINES)], beyond?))
            .or_else(|| Self::marks(source))
    }

    /// Tells whether a file has too many marks; one with fewer bytes than that is not looked at.
    fn marks(source: &str) -> Option<Self> {
        if source.len() <= MOST_MARKS {
            return None;
        }
        // An item of a list is a mark with a space after it.
        let bytes = source.as_bytes().windows(2).enumerate();
        let mut marks = bytes.filter(|(_, pair)| match pair[0] {
            b'-' | b'.' | b')' => pair[1] == b' ',
            byte => MARKS[usize::from(byte)],
        });
        let (at, _) = marks.nth(MOST_MARKS)?;
        Self::one_of(&[("marks such as `*` and `[`", MOST_MARKS + 1, MOST_MARKS)], at)
    }
}

/// Shows the start of a file that passes a limit.
pub(super) fn too_large(source: &str, start: usize, beyond: Beyond) -> Document {
    let help = Some("split the file".to_owned());
    let span = beyond.at..beyond.at;
    plain(source, start, Fault { rule: &rules::TOO_LARGE, span, message: beyond.message, help })
}

/// Shows the start of a file that the parser fails on.
pub(super) fn failed(source: &str, start: usize) -> Document {
    let message = "the Markdown could not be processed".to_owned();
    plain(source, start, Fault { rule: &rules::PARSER_FAILED, span: 0..0, message, help: None })
}

/// Shows the start of a file as it was written.
fn plain(source: &str, start: usize, fault: Fault) -> Document {
    let shown = text::prefix(&source[start..], SHOWN);
    let mut document = Document::default();
    let out = &mut document.body.html;
    out.push_str("<pre tabindex=\"0\">");
    html::push_text(out, shown);
    out.push_str("</pre>\n");
    if start + shown.len() < source.len() {
        out.push_str("<p>The rest of this file is not shown.</p>\n");
    }
    shown.clone_into(&mut document.text);
    document.faults.push(fault);
    document
}
