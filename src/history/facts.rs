//! What history needs of a document: id, status and title, read from its front matter alone.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::StatusAt;
use crate::document::front_matter::{self, FrontMatter, State, Value};
use crate::document::text;
use crate::git::Reader;
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

/// The facts of all blobs read so far.
#[derive(Default)]
pub(super) struct Memo {
    known: FxHashMap<ObjectId, Rc<Facts>>,
    /// By the bytes at the top: most changes of a document leave them as they are.
    heads: FxHashMap<Box<[u8]>, Rc<Facts>>,
    missing: FxHashSet<ObjectId>,
}

impl Memo {
    /// Reads a blob once.
    pub(super) fn of(&mut self, reader: &Reader, blob: ObjectId) -> Rc<Facts> {
        if let Some(facts) = self.known.get(&blob) {
            return Rc::clone(facts);
        }
        let facts = reader.blob_with(blob, |bytes| self.read(bytes)).unwrap_or_else(|_| {
            self.missing.insert(blob);
            Rc::new(Facts::unreadable(StatusAt::Unknown))
        });
        self.known.insert(blob, Rc::clone(&facts));
        facts
    }

    fn read(&mut self, bytes: &[u8]) -> Rc<Facts> {
        let head = head(bytes);
        if let Some(facts) = self.heads.get(head) {
            return Rc::clone(facts);
        }
        let (facts, block_end) = Facts::read(bytes);
        let facts = Rc::new(facts);
        if block_end.is_some_and(|end| end <= head.len()) {
            self.heads.insert(head.into(), Rc::clone(&facts));
        }
        facts
    }

    /// Counts the blobs that could not be read.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }
}

impl Facts {
    /// Reads a file; also returns where the block of fields ends when all facts come from it.
    fn read(bytes: &[u8]) -> (Self, Option<usize>) {
        let (block, _) = front_matter::read(&String::from_utf8_lossy(bytes));
        if block.state == State::Unreadable {
            return (Self::unreadable(StatusAt::Unreadable), None);
        }
        let field = |key| block.text(key).map(str::to_owned);
        let title = field("title");
        let end = title.as_ref().map(|_| block.span.end);
        let title = title.or_else(|| first_heading(bytes));
        let public = audience::may_see(Audience::Public, &block, None);
        (Self { id: field("id"), title, status: status(&block), public }, end)
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

fn first_heading(bytes: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(bytes, b"\n# ").map(|at| at + 3);
    let start = if bytes.starts_with(b"# ") { Some(2) } else { start }?;
    let line = bytes[start..].split(|byte| *byte == b'\n').next()?;
    let title = String::from_utf8_lossy(line).trim().to_owned();
    (!title.is_empty()).then_some(title)
}
