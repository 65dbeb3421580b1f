//! What history needs of a document: id, status and title, read from its front matter alone.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::StatusAt;
use crate::document::front_matter::{self, FrontMatter, State, Value};
use crate::document::text;
use crate::git::Reader;
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
}

/// The facts of all blobs read so far.
#[derive(Default)]
pub(super) struct Memo {
    known: FxHashMap<ObjectId, Rc<Facts>>,
    missing: FxHashSet<ObjectId>,
}

impl Memo {
    /// Reads a blob once.
    pub(super) fn of(&mut self, reader: &Reader, blob: ObjectId) -> Rc<Facts> {
        if let Some(facts) = self.known.get(&blob) {
            return Rc::clone(facts);
        }
        let facts = reader.blob_with(blob, Facts::read).unwrap_or_else(|_| {
            self.missing.insert(blob);
            Facts::unreadable(StatusAt::Unknown)
        });
        let facts = Rc::new(facts);
        self.known.insert(blob, Rc::clone(&facts));
        facts
    }

    /// Counts the blobs that could not be read.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }
}

impl Facts {
    fn read(bytes: &[u8]) -> Self {
        let (block, _) = front_matter::read(&String::from_utf8_lossy(bytes));
        if block.state == State::Unreadable {
            return Self::unreadable(StatusAt::Unreadable);
        }
        let field = |key| block.text(key).map(str::to_owned);
        let title = field("title").or_else(|| first_heading(bytes));
        Self { id: field("id"), title, status: status(&block) }
    }

    fn unreadable(status: StatusAt) -> Self {
        Self { id: None, title: None, status }
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
        Value::Map(_) => StatusAt::Unreadable,
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

/// Template text: a list of choices, something between braces, or words that stand for a word to come.
fn is_placeholder(word: &str) -> bool {
    word.contains('|')
        || (word.starts_with('{') && word.ends_with('}'))
        || text::is_placeholder(word)
}

fn first_heading(bytes: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(bytes, b"\n# ").map(|at| at + 3);
    let start = if bytes.starts_with(b"# ") { Some(2) } else { start }?;
    let line = bytes[start..].split(|byte| *byte == b'\n').next()?;
    let title = String::from_utf8_lossy(line).trim().to_owned();
    (!title.is_empty()).then_some(title)
}
