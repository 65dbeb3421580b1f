//! The digest `d1` of what a document, a section or a row says. Approvals and links are pinned to it. What changes without
//! a change of meaning is left out: the order and the spelling of fields, the ends of lines, and the words that say where
//! the text stands in its life. `tests/digest/README.md` says the format byte by byte; it never changes under this name.

mod fields;
mod shown;
mod sign_off;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::front_matter::{self, FrontMatter, State};
use super::labels::{self, Label};
use crate::source::Span;
use fields::{canonical, is_volatile};

pub use shown::{Shown, shown, with_files};

/// The name of the algorithm.
const NAME: &str = "d1";
/// How a digest begins where it is written.
const START: &str = "d1:sha256:";

/// Names what a text says.
#[derive(
    Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Writes the digest as people compare it: `d1:sha256:` and 64 hexadecimal digits.
    pub fn write(self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(START.to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Reads what [`Digest::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix(START)?;
        let mut bytes = [0; 32];
        if digits.len() != 64 || !digits.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// Digests the bytes of a file.
pub fn of_bytes(bytes: &[u8]) -> Digest {
    let text = text_of(bytes);
    let (fields, _) = front_matter::read(&text);
    let labels = labels::labels(&text, fields.span.end);
    of_text(&text, &fields, &labels)
}

/// Digests a text that begins with `fields` and holds `labels`.
pub(super) fn of_text(source: &str, fields: &FrontMatter, labels: &[Label]) -> Digest {
    let block = if fields.state == State::Unreadable {
        Cow::Borrowed(&source[fields.span.clone()])
    } else {
        Cow::Owned(fields::json(&fields.fields))
    };
    let start = fields.span.end.max(if source.starts_with('\u{FEFF}') { 3 } else { 0 });
    let body = kept(source, start, start..source.len(), labels);
    of_parts(&["document", &plain(&block), &ended(&plain(&body))])
}

/// Digests the section of a heading with this anchor, its heading included, and tells where it stands in the text with
/// line feeds; nothing when no heading has it.
pub fn of_section(bytes: &[u8], anchor: &str) -> Option<(Digest, Span)> {
    let text = text_of(bytes);
    let document = super::parse(text.as_bytes());
    let heading = document.headings.iter().find(|heading| heading.id == anchor)?;
    let span = heading.span.start..heading.section.end;
    let start = document.front_matter.span.end;
    let body = kept(&text, start, span.clone(), &document.labels);
    Some((of_parts(&["section", &ended(&body)]), span))
}

/// Digests a row: what each column says, whatever the order of the columns.
pub fn of_cells(cells: Vec<(String, String)>) -> Digest {
    let said = cells.into_iter().map(|(column, text)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (column, serde_json::Value::from(words.join(" ")).to_string())
    });
    of_parts(&["record", &fields::object(said.collect())])
}

/// Digests a pack: the ids and digests of its documents, in the order of their ids.
pub fn of_pack(mut documents: Vec<(&str, Digest)>) -> Digest {
    documents.sort_unstable();
    let said: Vec<String> = documents.iter().map(|(_, digest)| digest.write()).collect();
    let pairs = documents.iter().zip(&said).flat_map(|((id, _), digest)| [*id, digest]);
    of_parts(&std::iter::once("pack").chain(pairs).collect::<Vec<_>>())
}

/// What the text of a file says apart from its marks: the fields, and the words as a reader sees them. Two texts that
/// differ and have the same likeness were only written in another way. Not stored anywhere, so it may change.
pub fn likeness(bytes: &[u8]) -> Digest {
    let text = text_of(bytes);
    let (block, _) = front_matter::read(&text);
    let labels = labels::labels(&text, block.span.end);
    let document =
        super::parse(kept(&text, block.span.end, block.span.end..text.len(), &labels).as_bytes());
    let targets: Vec<&str> = document.links.iter().map(|link| link.target.as_str()).collect();
    let shown = as_shown(&document.body.html);
    of_parts(&["likeness", &fields::json(&block.fields), &shown, &targets.join("\n")])
}

/// Reads bytes as text: no mark of the byte order, lines end with a line feed.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => plain(text),
        Cow::Owned(text) => Cow::Owned(plain(&text).into_owned()),
    }
}

fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text with exactly one line feed at its end.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

/// A part of the text without the values of labels that say where it stands, and without what people write to sign.
fn kept<'s>(source: &'s str, start: usize, part: Span, labels: &[Label]) -> Cow<'s, str> {
    let volatile = labels.iter().filter(|label| is_volatile(&canonical(&label.name)));
    let mut spans: Vec<Span> =
        volatile.flat_map(|label| &label.values).map(|(_, span)| span.clone()).collect();
    spans.extend(sign_off::cells(source, start));
    spans.retain(|span| part.start <= span.start && span.end <= part.end);
    if spans.is_empty() {
        return Cow::Borrowed(&source[part]);
    }
    spans.sort_by_key(|span| span.start);
    let mut text = String::with_capacity(part.len());
    let mut done = part.start;
    for span in spans {
        text.push_str(source.get(done..span.start).unwrap_or_default());
        done = done.max(span.end);
    }
    text.push_str(&source[done..part.end]);
    Cow::Owned(text)
}

/// HTML with one space for spaces and line ends, but as it is inside of what is shown as it is.
fn as_shown(html: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    for (at, part) in html.split("<pre").enumerate() {
        let (code, text) = if at == 0 { ("", part) } else { split_code(part) };
        shown.push_str(code);
        shown.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    shown
}

fn split_code(part: &str) -> (&str, &str) {
    part.split_at(part.find("</pre>").unwrap_or(part.len()))
}

/// Hashes the name of the algorithm and each part, each with its length before it, so that no two lists look alike.
fn of_parts(parts: &[&str]) -> Digest {
    let mut hash = Sha256::new();
    for part in [NAME].iter().chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    Digest(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::{Digest, likeness, of_bytes, of_section};
    use crate::document::parse;

    fn same(one: &str, other: &str) -> bool {
        parse(one.as_bytes()).digest == parse(other.as_bytes()).digest
    }

    #[test]
    fn the_life_of_a_text_does_not_count() {
        let text = "---\nid: RB-1\nstatus: draft\ntitle: Restart\n---\n# Restart\n\n**Status:** draft\n\nDo it.\n";
        let later = "\u{FEFF}---\r\ntitle: \"Restart\" # the title\r\nstatus: approved\r\nreviewed: 2026-05-05\r\ndoc_id: RB-1\r\n---\r\n# Restart\r\n\r\n**Status:** approved\r\n\r\nDo it.\r\n\r\n";
        assert!(same(text, later));
    }

    #[test]
    fn every_word_and_field_that_says_something_counts() {
        let text = "---\nid: RB-1\nrisk: low\n---\n# A\n\nDo it.\n";
        for other in [
            "---\nid: RB-2\nrisk: low\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\nrisk: high\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\nrisk: low\n---\n# A\n\n`Do` it.\n",
            "---\nid: RB-1\nrisk: low\n---\n# A\n\nDo it. \u{200B}\n",
        ] {
            assert!(!same(text, other), "{other}");
        }
        assert!(!same("---\na: x\nb: yz\n---\n", "---\na: xy\nb: z\n---\n"), "E15");
    }

    #[test]
    fn a_text_that_was_written_in_another_way_is_still_like_it() {
        let text = b"---\nrisk: low\n---\n# A\n\n**Status:** draft\n\nDo *it* and\nwait.\n\n* one\n* two\n";
        let again =
            b"---\nrisk: low\n---\n# A\n\n**Status:** done\n\nDo _it_\nand wait.\n\n- one\n- two\n";
        assert_ne!(of_bytes(text), of_bytes(again));
        assert_eq!(likeness(text), likeness(again));
        assert_ne!(likeness(text), likeness(b"---\nrisk: low\n---\n# A\n\nDo *it* and wait.\n"));
        assert_ne!(likeness(b"```\na b\n```\n"), likeness(b"```\na  b\n```\n"));
        assert_ne!(likeness(b"[a](b.md)\n"), likeness(b"[a](c.md)\n"));
    }

    #[test]
    fn a_section_has_its_own() {
        let text = "# A\n\n## Way back {#rollback}\n\nGo back.\n\n## Other\n\nText.\n";
        let of = |text: &str| Some(of_section(text.as_bytes(), "rollback")?.0);
        assert!(of(text).is_some());
        assert_eq!(of(text), of(&text.replace("Text.", "Other text.")));
        assert_ne!(of(text), of(&text.replace("Go back.", "Go on.")));
        assert_eq!(of("# A\n"), None);
    }

    #[test]
    fn what_was_written_is_read_again() {
        let digest = of_bytes(b"x");
        assert_eq!(Digest::read(&digest.write()), Some(digest));
        for text in ["", "d1:sha256:00", "d2:sha256:", &digest.write().replace("d1", "d2")] {
            assert_eq!(Digest::read(text), None);
        }
    }
}
