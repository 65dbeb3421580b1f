//! Markdown to facts and HTML with holes, in one pass over pulldown-cmark's events. What is beyond the limits, or what
//! the parser fails on, is shown as plain text: nothing is lost and nothing stops the build.

mod blocks;
mod decode;
mod footnotes;
mod inline;
mod links;
mod raw_html;
mod sections;
mod tables;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::front_matter::{self, FrontMatter, State};
use super::{Document, Fault, digest, html, labels, text};
use crate::rules::markup as rules;
use writer::Writer;

/// A file may have this many bytes.
const LARGEST: usize = 2 * 1024 * 1024;
/// A file beyond a limit is shown up to this many bytes.
const SHOWN: usize = 64 * 1024;

/// Parses the bytes of one file.
pub fn parse(bytes: &[u8]) -> Document {
    let decoded = decode::decode(bytes);
    let source = decoded.text.as_ref();
    let (front_matter, faults) = front_matter::read(source);
    let start = front_matter.span.end.max(if source.starts_with('\u{FEFF}') { 3 } else { 0 });
    let mut document = body(source, start, &front_matter);
    if source.len() <= LARGEST {
        document.labels = labels::labels(source, start);
    }
    document.digest = digest::of_text(source, start, &front_matter, &document.labels);
    document.front_matter = front_matter;
    document.lines = lines(bytes);
    let has = |byte| memchr::memchr(byte, bytes).is_some();
    document.is_plain = bytes.is_ascii() && (has(b'\n') || !has(b'\r'));
    document.faults.splice(0..0, faults);
    decoded.finish(&mut document);
    document.faults.sort_by_key(|fault| fault.span.start);
    document
}

/// Writes the body, or shows it as plain text when that cannot be done.
fn body(source: &str, start: usize, front_matter: &FrontMatter) -> Document {
    if source.len() > LARGEST {
        return too_large(source, start, format!("the file has more than {LARGEST} bytes"));
    }
    let unread =
        (front_matter.state == State::Unreadable).then(|| &source[front_matter.span.clone()]);
    shown(source, start, || {
        let mut writer = Writer::new(source, start);
        if let Some(block) = unread {
            writer.unreadable_block(block);
        }
        writer.write()
    })
}

/// Writes the body; shows plain text when a limit is passed or the parser panics.
fn shown(source: &str, start: usize, write: impl FnOnce() -> Result<Document, String>) -> Document {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(document)) => document,
        Ok(Err(message)) => too_large(source, start, message),
        Err(_) => {
            let message = "the Markdown could not be processed";
            plain(
                source,
                start,
                Fault {
                    rule: &rules::PARSER_FAILED,
                    span: 0..0,
                    message: message.into(),
                    help: None,
                },
            )
        }
    }
}

fn too_large(source: &str, start: usize, message: String) -> Document {
    let help = Some("split the file".to_owned());
    plain(source, start, Fault { rule: &rules::TOO_LARGE, span: 0..0, message, help })
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

/// Finds where each line starts; lone carriage returns count when there is no line feed.
fn lines(bytes: &[u8]) -> Vec<u32> {
    let mut lines = Vec::with_capacity(bytes.len() / 32 + 1);
    lines.push(0);
    let starts =
        |mark: u8| memchr::memchr_iter(mark, bytes).filter_map(|at| u32::try_from(at + 1).ok());
    lines.extend(starts(b'\n'));
    if lines.len() == 1 {
        lines.extend(starts(b'\r'));
    }
    lines
}

#[cfg(test)]
mod tests;
