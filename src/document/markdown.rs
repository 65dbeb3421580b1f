//! Markdown to facts and HTML with holes, in one pass over pulldown-cmark's events. What is beyond the limits, or what
//! the parser fails on, is shown as plain text: nothing is lost and nothing stops the build.

mod asides;
mod autolinks;
mod blocks;
mod decode;
mod footnotes;
mod inline;
mod limits;
mod links;
mod raw_html;
mod sections;
mod tables;
mod writer;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::front_matter::{self, FrontMatter, State};
use super::{Document, Fault, digest, labels};
use crate::rules::source::LFS_POINTER;
use limits::Beyond;
use writer::Writer;

/// Parses the bytes of one file.
pub fn parse(bytes: &[u8]) -> Document {
    let decoded = decode::decode(bytes);
    let source = decoded.text.as_ref();
    let (front_matter, faults) = front_matter::read(source);
    let start = front_matter.span.end.max(if source.starts_with('\u{FEFF}') { 3 } else { 0 });
    let mut document = if let Some(beyond) = Beyond::size(source) {
        limits::too_large(source, start, beyond)
    } else {
        let labels = labels::labels(source, start);
        Document { labels, ..body(source, start, &front_matter) }
    };
    document.digest = if matches!(decoded.text, Cow::Borrowed(_)) {
        digest::of_text(source, &front_matter, &document.labels)
    } else {
        digest::of_bytes(bytes)
    };
    document.front_matter = front_matter;
    document.lines = lines(bytes);
    let has = |byte| memchr::memchr(byte, bytes).is_some();
    document.is_plain = bytes.is_ascii() && (has(b'\n') || !has(b'\r'));
    document.faults.splice(0..0, faults);
    document.faults.extend(crate::git::is_lfs_pointer(bytes).then(pointer));
    decoded.finish(&mut document);
    document.faults.sort_by_key(|fault| fault.span.start);
    shrink(&mut document);
    document
}

/// Gives back what was reserved: thousands of documents stay in memory until they are shown.
fn shrink(document: &mut Document) {
    document.front_matter.fields.shrink_to_fit();
    document.headings.shrink_to_fit();
    document.links.shrink_to_fit();
    document.tasks.shrink_to_fit();
    document.text.shrink_to_fit();
    document.body.html.shrink_to_fit();
    document.body.holes.shrink_to_fit();
    document.lines.shrink_to_fit();
    document.tables.shrink_to_fit();
    for table in &mut document.tables {
        table.header.shrink_to_fit();
        table.rows.shrink_to_fit();
    }
}

fn pointer() -> Fault {
    let message = "the file is a pointer of Git LFS, not the page itself".to_owned();
    let help = Some("commit the page without LFS".to_owned());
    Fault { rule: &LFS_POINTER, span: 0..0, message, help }
}

/// Writes the body, or shows it as plain text when that cannot be done.
fn body(source: &str, start: usize, front_matter: &FrontMatter) -> Document {
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
fn shown(source: &str, start: usize, write: impl FnOnce() -> Result<Document, Beyond>) -> Document {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(document)) => document,
        Ok(Err(beyond)) => limits::too_large(source, start, beyond),
        Err(_) => limits::failed(source, start),
    }
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
