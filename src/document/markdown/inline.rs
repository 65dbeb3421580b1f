//! Text: adjacent pieces are joined and scanned once for addresses, telephone numbers and words that look like ids.

use std::ops::Range;

use super::autolinks;
use super::writer::Writer;
use crate::document::{Link, LinkForm, Part, html, text};
use crate::rules::markup as rules;

impl Writer<'_> {
    /// Joins text that stands in the source as it is; writes the rest at once.
    pub(super) fn text_event(&mut self, text: &str, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            return code.text.push_str(text);
        }
        if let Some(picture) = &mut self.picture {
            return picture.alt.push_str(text);
        }
        if text.len() == range.len() && self.source.as_bytes()[range.clone()] == *text.as_bytes() {
            if self.run.end != range.start {
                self.flush();
                self.run.start = range.start;
            }
            self.run.end = range.end;
            return;
        }
        self.flush();
        if !self.is_hidden_by_link() && !self.is_alert_marker(&range) {
            self.push_text(text);
        }
    }

    /// Writes the joined text.
    pub(super) fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let mut run = std::mem::take(&mut self.run);
        self.note_conflict(&run);
        if let Some(alert) = &self.alert {
            run.start = run.start.max(alert.from);
            run.start +=
                self.source.get(run.clone()).map_or(0, |text| text.len() - text.trim_start().len());
        }
        if let Some(start) = self.dropped_task(&run) {
            run.start = start;
        }
        if run.start >= run.end || self.is_hidden_by_link() {
            return;
        }
        if self.is_in_link() {
            let source = self.source;
            return self.push_text(&source[run]);
        }
        self.scan(run);
    }

    /// Reports the mark above the first of two versions that Git could not merge.
    fn note_conflict(&mut self, run: &Range<usize>) {
        let (before, text) = self.source.split_at(run.start);
        let starts_line = before.is_empty() || before.ends_with(['\n', '\r']);
        if starts_line && text.starts_with(rules::CONFLICT_START) {
            let message = rules::CONFLICT_MESSAGE.to_owned();
            self.fault(&rules::CONFLICT, run, message, rules::CONFLICT_HELP);
        }
    }

    fn is_alert_marker(&self, range: &Range<usize>) -> bool {
        self.alert.as_ref().is_some_and(|alert| range.end <= alert.from)
    }

    /// Finds addresses, numbers and ids by the one byte each of them has to hold. Most text has neither mail nor `www.`.
    fn scan(&mut self, run: Range<usize>) {
        let source = self.source;
        let text = &source[run.clone()];
        let bytes = text.as_bytes();
        let mut written = 0;
        let is_rare = memchr::memchr(b'@', bytes).is_some() || text.contains("www.");
        let next = |from: usize| {
            let rest = &bytes[from..];
            let found = if is_rare {
                rest.iter().position(|byte| b"-:+@w".contains(byte))
            } else {
                memchr::memchr3(b'-', b':', b'+', rest)
            };
            found.map(|at| from + at)
        };
        let mut from = 0;
        while let Some(at) = next(from) {
            from = at + 1;
            let found = match bytes[at] {
                b':' => autolinks::address(text, written, at),
                b'@' => autolinks::mail(text, written, at),
                b'w' => autolinks::www(text, written, at),
                b'+' => text::phone(text, at),
                _ => mention(text, written, at),
            };
            let Some(found) = found else { continue };
            self.push_text(&text[written..found.start]);
            let place = run.start + found.start..run.start + found.end;
            let word = &text[found.clone()];
            match bytes[at] {
                b':' => self.address(word, word, &place),
                b'@' if word.as_bytes()[..word.len().min(7)].eq_ignore_ascii_case(b"mailto:") => {
                    self.address(word, word, &place);
                }
                b'@' => self.address(word, &format!("mailto:{word}"), &place),
                b'w' => self.address(word, &format!("http://{word}"), &place),
                b'+' => self.address(word, &text::dial(word), &place),
                _ => self.mention(word, &place),
            }
            written = found.end;
            from = found.end;
        }
        self.push_text(&text[written..]);
    }

    fn address(&mut self, shown: &str, target: &str, place: &Range<usize>) {
        let span = self.place(place);
        self.document.links.push(Link { form: LinkForm::Inline, target: target.to_owned(), span });
        self.note_solid();
        self.push_external(target, "");
        self.push_text(shown);
        self.push("</a>");
    }

    fn mention(&mut self, id: &str, place: &Range<usize>) {
        let span = self.place(place);
        let link = self.document.links.len();
        self.document.links.push(Link { form: LinkForm::Mention, target: id.to_owned(), span });
        self.hole(link, Part::Open);
        self.push_text(id);
        self.hole(link, Part::Close);
    }

    pub(super) fn inline_code(&mut self, code: &str) {
        self.push("<code>");
        self.push_text(code);
        self.push("</code>");
    }

    /// Formulas are shown as they were written.
    pub(super) fn math(&mut self, range: Range<usize>) {
        let source = self.source;
        self.push_text(&source[range]);
    }

    pub(super) fn start_marked(&mut self, html: &str) {
        self.marked_from = self.document.text.len();
        self.push(html);
    }

    pub(super) fn end_emphasis(&mut self) {
        let bytes = self.document.text.len().saturating_sub(self.marked_from);
        self.note_emphasis(bytes);
        self.marked_from = self.document.text.len();
        self.push("</em>");
    }

    pub(super) fn end_strong(&mut self) {
        let bytes = self.document.text.len().saturating_sub(self.marked_from);
        self.note_bold(bytes);
        if let Some(table) = &mut self.table {
            table.bold += bytes;
        }
        self.push("</strong>");
    }
}

/// Finds an id around a dash: two to ten capitals or digits, a dash, and more that holds a digit somewhere.
fn mention(text: &str, from: usize, dash: usize) -> Option<Range<usize>> {
    const LONGEST_PREFIX: usize = 10;
    const LONGEST: usize = 80;
    let bytes = text.as_bytes();
    let prefix = bytes[from..dash].iter().rev().take(LONGEST_PREFIX + 1);
    let length =
        prefix.take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    let start = dash - length;
    let before = text[..start].chars().next_back();
    let alone = before.is_none_or(|char| !char.is_alphanumeric() && !"_-./@\\#&".contains(char));
    if !(2..=LONGEST_PREFIX).contains(&length) || !bytes[start].is_ascii_uppercase() || !alone {
        return None;
    }
    let tail = bytes[dash + 1..].iter().take(LONGEST);
    let mut end = dash
        + 1
        + tail.take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)).count();
    while end > dash + 1 && !bytes[end - 1].is_ascii_alphanumeric() {
        end -= 1;
    }
    let whole = text[end..].chars().next().is_none_or(|char| !char.is_alphanumeric());
    let named = end > dash + 1 && bytes[dash + 1].is_ascii_alphanumeric();
    (named && whole && bytes[start..end].iter().any(u8::is_ascii_digit)).then_some(start..end)
}

impl Writer<'_> {
    /// Opens a link to another site.
    pub(super) fn push_external(&mut self, target: &str, title: &str) {
        let out = &mut self.document.body.html;
        out.push_str("<a href=\"");
        html::push_address(out, &html::external_address(target));
        if !title.is_empty() {
            out.push_str("\" title=\"");
            html::push_attribute(out, title);
        }
        out.push_str("\" rel=\"noopener\">");
    }
}
