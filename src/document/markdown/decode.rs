//! Bytes to text. Invalid bytes and characters that readers cannot see become a replacement mark with a finding;
//! places found in the text are then moved back to the bytes as stored.

use std::borrow::Cow;

use crate::document::{Document, Fault};
use crate::rules::{Rule, markup as rules};
use crate::source::Span;

/// How many findings of this sort a file gets; more would say nothing new.
const MOST_FAULTS: usize = 20;
const MARK: char = '\u{FFFD}';

/// The text of a file and how its places differ from the bytes.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// After each replacement that changed the length: place in the text, place in the bytes.
    moves: Vec<(usize, usize)>,
    faults: Vec<Fault>,
}

/// Decodes UTF-8. Lone carriage returns, the line ends of old files, become line feeds where there are none.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let mut decoded = match std::str::from_utf8(bytes) {
        Ok(text) if is_plain(text) => {
            Decoded { text: text.into(), moves: Vec::new(), faults: Vec::new() }
        }
        _ => replace(bytes),
    };
    if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        decoded.text = decoded.text.replace('\r', "\n").into();
    }
    decoded
}

/// Tells whether no character has to be replaced. Looks at whole blocks first, since most text is ASCII.
fn is_plain(text: &str) -> bool {
    let suspicious =
        |byte: u8| (byte < 9) || (byte > 13) && (byte < 32) || (byte == 11) || (byte > 126);
    text.as_bytes()
        .chunks(256)
        .all(|chunk| !chunk.iter().fold(false, |found, byte| found | suspicious(*byte)))
        || text.char_indices().all(|(at, char)| !is_hidden(at, char))
}

/// Characters that reorder, hide or interrupt text. Joiners and direction marks are letters' own business.
fn is_hidden(at: usize, char: char) -> bool {
    match char {
        '\t' | '\n' | '\r' | '\u{C}' => false,
        '\u{FEFF}' => at > 0,
        '\u{200B}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{E0000}'..='\u{E007F}' => true,
        _ => char.is_control(),
    }
}

fn replace(bytes: &[u8]) -> Decoded<'_> {
    let mut decoded = Decoded { text: Cow::Borrowed(""), moves: Vec::new(), faults: Vec::new() };
    let mut text = String::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            if is_hidden(at, char) {
                decoded.hidden(at..at + char.len_utf8(), char);
                text.push(MARK);
                decoded.note(text.len(), at + char.len_utf8());
            } else {
                text.push(char);
            }
            at += char.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            let end = at + chunk.invalid().len();
            decoded.invalid(bytes, at..end);
            text.push(MARK);
            decoded.note(text.len(), end);
            at = end;
        }
    }
    decoded.text = text.into();
    decoded
}

impl Decoded<'_> {
    fn note(&mut self, text: usize, bytes: usize) {
        let last = self.moves.last().copied().unwrap_or_default();
        if text - last.0 != bytes - last.1 {
            self.moves.push((text, bytes));
        }
    }

    fn hidden(&mut self, span: Span, char: char) {
        if self.faults.len() == MOST_FAULTS {
            return;
        }
        let message = format!("the text has the invisible character U+{:04X}", u32::from(char));
        self.fault(&rules::CONTROL_CHARACTER, span, message, "delete the character");
    }

    fn invalid(&mut self, bytes: &[u8], span: Span) {
        if self.faults.len() == MOST_FAULTS {
            return;
        }
        let message = format!("the bytes at offset {} are not UTF-8", span.start);
        let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let help = if wide {
            "the file looks like UTF-16: save it as UTF-8"
        } else {
            "save the file as UTF-8"
        };
        self.fault(&rules::NOT_UTF8, span, message, help);
    }

    fn fault(&mut self, rule: &'static Rule, span: Span, message: String, help: &str) {
        self.faults.push(Fault { rule, span, message, help: Some(help.to_owned()) });
    }

    fn stored_place(&self, at: usize) -> usize {
        match self.moves.partition_point(|(text, _)| *text <= at) {
            0 => at,
            after => self.moves[after - 1].1 + (at - self.moves[after - 1].0),
        }
    }

    /// Moves every place of a document to the bytes as stored and adds the findings of decoding.
    pub(super) fn finish(self, document: &mut Document) {
        if !self.moves.is_empty() {
            let moved = |span: &mut Span| {
                *span = self.stored_place(span.start)..self.stored_place(span.end);
            };
            each_span(document, &moved);
        }
        document.faults.extend(self.faults);
    }
}

fn each_span(document: &mut Document, moved: &dyn Fn(&mut Span)) {
    moved(&mut document.front_matter.span);
    document.front_matter.fields.iter_mut().for_each(|field| field.each_span(moved));
    for label in &mut document.labels {
        moved(&mut label.name_span);
        label.values.iter_mut().for_each(|(_, span)| moved(span));
    }
    for heading in document.headings.iter_mut().chain(&mut document.bold_lines) {
        moved(&mut heading.span);
        moved(&mut heading.section);
    }
    document.links.iter_mut().for_each(|link| moved(&mut link.span));
    document.tasks.iter_mut().for_each(|task| moved(&mut task.span));
    document.faults.iter_mut().for_each(|fault| moved(&mut fault.span));
    for aside in &mut document.asides {
        moved(&mut aside.span);
        moved(&mut aside.about);
    }
    for table in &mut document.tables {
        moved(&mut table.span);
        table.header.iter_mut().for_each(|cell| moved(&mut cell.span));
        for row in &mut table.rows {
            moved(&mut row.span);
            row.cells.iter_mut().for_each(|cell| moved(&mut cell.span));
        }
    }
}
