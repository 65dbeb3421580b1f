//! What history needs of a document: id, status and title, read from its front matter alone.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::StatusAt;
use crate::document::front_matter::{FrontMatter, State, Value};
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
        let block = front_matter(bytes);
        if block.state == State::Unreadable {
            return Self::unreadable(StatusAt::Unreadable);
        }
        let text = |key| block.text(key).map(str::to_owned);
        let title = text("title").or_else(|| first_heading(bytes));
        Self { id: text("id"), title, status: status(&block) }
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

/// Template text: a list of choices, something between braces or angle brackets, or a word for "later".
fn is_placeholder(word: &str) -> bool {
    let enclosed = |open, close| word.starts_with(open) && word.ends_with(close);
    word.contains('|')
        || enclosed('{', '}')
        || enclosed('<', '>')
        || matches!(word, "tbd" | "todo" | "tba" | "fixme" | "xxx" | "...")
}

fn first_heading(bytes: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(bytes, b"\n# ").map(|at| at + 3);
    let start = if bytes.starts_with(b"# ") { Some(2) } else { start }?;
    let line = bytes[start..].split(|byte| *byte == b'\n').next()?;
    let title = String::from_utf8_lossy(line).trim().to_owned();
    (!title.is_empty()).then_some(title)
}

/// Reads the block at the top of a file.
fn front_matter(bytes: &[u8]) -> FrontMatter {
    standin::parse(bytes)
}

mod standin {
    use crate::document::front_matter::{Field, FrontMatter, Node, State, Value};

    pub(super) fn parse(bytes: &[u8]) -> FrontMatter {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = text.lines().map(str::trim_end);
        if lines.next() != Some("---") {
            return FrontMatter::default();
        }
        let mut block = FrontMatter { state: State::Readable, ..FrontMatter::default() };
        for line in lines {
            if line == "---" {
                return block;
            }
            let Some((key, value)) = line.split_once(':') else {
                return FrontMatter { state: State::Unreadable, ..FrontMatter::default() };
            };
            if block.field(key).is_some() || value.trim_start().starts_with(['@', '[']) {
                return FrontMatter { state: State::Unreadable, ..FrontMatter::default() };
            }
            let value = Value::Scalar(value.trim().trim_matches('"').to_owned());
            let value = Node { span: 0..0, value };
            block.fields.push(Field { key: key.to_owned(), key_span: 0..0, value });
        }
        FrontMatter { state: State::Unreadable, ..FrontMatter::default() }
    }
}
