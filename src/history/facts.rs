//! What history needs of a document: id, status and title, read from its front matter alone.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::log::StatusAt;
use crate::document::front_matter::{self, FrontMatter, State, Value};
use crate::document::text;
use crate::git::{HistoryReader, Lack, Start};
use crate::pack::audience;
use crate::settings::Audience;
use crate::source::ObjectId;

/// What one blob states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// `id`, trimmed.
    pub(super) id: Option<String>,
    /// `title`, else the first heading.
    pub(super) title: Option<String>,
    /// `status`, folded.
    pub(super) status: StatusAt,
    /// Whether the public may see it.
    pub(super) public: bool,
}

/// What facts rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// The block of fields, which ends here.
    Block(usize),
    /// The first lines: what follows changes nothing.
    Lines,
    /// The whole file.
    All,
}

/// Bytes of a file that are read first: a block of fields and a heading seldom take more.
const START: usize = 512;

/// The facts of all blobs read so far.
#[derive(Default)]
pub(super) struct Memo {
    known: FxHashMap<ObjectId, Rc<Facts>>,
    /// By the bytes at the top: most changes of a document leave them as they are.
    heads: FxHashMap<Box<[u8]>, Rc<Facts>>,
    missing: FxHashSet<ObjectId>,
}

impl Memo {
    /// Reads a blob once, if that is enough only its start.
    pub(super) fn of(&mut self, reader: &HistoryReader, blob: ObjectId) -> Rc<Facts> {
        if let Some(facts) = self.known.get(&blob) {
            return Rc::clone(facts);
        }
        let facts = self.read(reader, blob).unwrap_or_else(|_| {
            self.missing.insert(blob);
            Rc::new(Facts::unreadable(StatusAt::Unknown))
        });
        self.known.insert(blob, Rc::clone(&facts));
        facts
    }

    /// Reads many blobs in an order that is quick.
    pub(super) fn learn(&mut self, reader: &HistoryReader, blobs: &mut [ObjectId]) {
        reader.sort_for_reading(blobs);
        for blob in blobs {
            self.of(reader, *blob);
        }
    }

    fn read(&mut self, reader: &HistoryReader, blob: ObjectId) -> Result<Rc<Facts>, Lack> {
        let start = reader.blob_start(blob, START)?;
        if let Some(facts) = self.of_start(&start) {
            return Ok(facts);
        }
        let bytes = reader.blob_start(blob, usize::MAX)?.bytes;
        Ok(Rc::new(Facts::read(&bytes).0))
    }

    /// Returns the facts when more bytes could not change them.
    fn of_start(&mut self, start: &Start) -> Option<Rc<Facts>> {
        let lines = if start.whole { &start.bytes[..] } else { whole_lines(&start.bytes) };
        let head = head(lines);
        if let Some(facts) = self.heads.get(head) {
            return Some(Rc::clone(facts));
        }
        let (facts, basis) = Facts::read(lines);
        let facts = Rc::new(facts);
        if basis == Basis::Block(head.len()) {
            self.heads.insert(head.into(), Rc::clone(&facts));
        }
        (start.whole || basis != Basis::All).then_some(facts)
    }

    /// Counts the blobs that could not be read.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }
}

impl Facts {
    /// Reads a file, or its first lines.
    fn read(bytes: &[u8]) -> (Self, Basis) {
        let (block, _) = front_matter::read(&String::from_utf8_lossy(bytes));
        if block.state == State::Unreadable {
            return (Self::unreadable(StatusAt::Unreadable), Basis::All);
        }
        let field = |key| block.text(key).map(str::to_owned);
        let title = field("title");
        let by_block = title.as_ref().map(|_| Basis::Block(block.span.end));
        let title =
            title.or_else(|| first_heading(bytes.get(block.span.end..).unwrap_or_default()));
        let open = block.state == State::Absent && may_begin_block(bytes);
        let by_lines = if title.is_none() || open { Basis::All } else { Basis::Lines };
        let public = audience::may_see(Audience::Public, &block, None);
        let facts = Self { id: field("id"), title, status: status(&block), public };
        (facts, by_block.unwrap_or(by_lines))
    }

    fn unreadable(status: StatusAt) -> Self {
        Self { id: None, title: None, status, public: false }
    }

    /// Tells whether the front matter was read: only then is a missing id really missing.
    pub(super) fn readable(&self) -> bool {
        !matches!(self.status, StatusAt::Unreadable | StatusAt::Unknown)
    }
}

fn status(block: &FrontMatter) -> StatusAt {
    let Some(field) = block.field("status") else { return StatusAt::Absent };
    match &field.value.value {
        Value::Null => StatusAt::Absent,
        Value::Map(_) => StatusAt::Placeholder,
        Value::Scalar(_) | Value::List(_) => {
            let words: Vec<&str> = field.value.texts().into_iter().map(|(text, _)| text).collect();
            folded(&words.join(", "))
        }
    }
}

fn folded(word: &str) -> StatusAt {
    let word = word.trim().to_lowercase();
    match word.as_str() {
        "" => StatusAt::Absent,
        word if is_placeholder(word) => StatusAt::Placeholder,
        _ => StatusAt::Word(word),
    }
}

/// Template text or nothing yet.
fn is_placeholder(word: &str) -> bool {
    word.contains('|') || text::is_template(word) || text::is_placeholder(word)
}

/// Returns the bytes up to the end of the first line that looks like a closing fence.
fn head(bytes: &[u8]) -> &[u8] {
    let fence = memchr::memmem::find(bytes, b"\n---").map_or(0, |at| at + 4);
    let end = memchr::memchr(b'\n', &bytes[fence..]).map_or(bytes.len(), |at| fence + at + 1);
    &bytes[..end]
}

/// Returns the lines that are there to their end.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    &bytes[..memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1)]
}

/// Tells whether a block of fields that ends further down could begin here.
fn may_begin_block(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    [&b"---"[..], b"+++", b"{"].iter().any(|fence| bytes.starts_with(fence))
}

fn first_heading(bytes: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(bytes, b"\n# ").map(|at| at + 3);
    let start = if bytes.starts_with(b"# ") { Some(2) } else { start }?;
    let line = bytes[start..].split(|byte| *byte == b'\n').next()?;
    let title = String::from_utf8_lossy(line).trim().to_owned();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_among_the_fields_is_no_title() {
        let (facts, _) = Facts::read(b"---\n# what it is\nstatus: draft\n---\n\n# Restart it\n");
        assert_eq!(facts.title.as_deref(), Some("Restart it"));
    }
}
