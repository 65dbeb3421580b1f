//! What history needs of a document: id, status and title, read from its front matter where that has them.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use serde::{Deserialize, Serialize};

use super::beside::Side;
use super::log::StatusAt;
use super::words::{KindAt, Known, Stand, Vocabulary};
use crate::approvals::{Listed, listed};
use crate::document::front_matter::{self, FrontMatter, State};
use crate::document::labels::Label;
use crate::git::{HistoryReader, Lack, Start};
use crate::kinds::common_text;
use crate::pack::audience;
use crate::settings::Audience;
use crate::source::{ObjectId, RepoPath};

/// What one blob states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// `id`, trimmed.
    pub(super) id: Option<String>,
    /// `title`, else the first heading.
    pub(super) title: Option<String>,
    /// What it says its kind is.
    pub(super) kind: Option<Box<str>>,
    /// Ids that it had before.
    pub(super) was: Box<[String]>,
    /// Its list of approvals.
    pub(super) listed: Box<[Listed]>,
    /// Whether its block of fields was read.
    state: Readable,
    /// What the block of fields states as status, by spelling of the key.
    statuses: Statuses,
    /// What may be a status in the text, where the block leaves it open.
    labels: Box<[Label]>,
    /// Days that have come when it takes effect, by kind.
    days: Box<[(KindAt, String)]>,
    /// What its fields make it in the question of goalposts, by kind: places in [`crate::kinds::Kind::goalposts`].
    goalposts: Box<[(KindAt, usize)]>,
    /// Whether the public may see it.
    pub(super) public: bool,
}

/// Whether a block of fields was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Readable {
    Yes,
    No,
    /// The blob is not in this clone.
    Unknown,
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
pub(super) struct Memo<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    known: FxHashMap<ObjectId, Rc<Facts>>,
    /// By the bytes at the top: most changes of a document leave them as they are.
    heads: FxHashMap<Box<[u8]>, Rc<Facts>>,
    missing: FxHashSet<ObjectId>,
    /// Bytes of the next file that are read first: files that lie side by side are mostly alike.
    most: usize,
    words: Known,
    /// What files of fields state, or why nothing can be said.
    sides: FxHashMap<ObjectId, Result<Statuses, StatusAt>>,
}

/// What a block states as status, by spelling of the key.
type Statuses = Box<[Option<Box<str>>]>;

impl<'v> Memo<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            known: FxHashMap::default(),
            heads: FxHashMap::default(),
            missing: FxHashSet::default(),
            most: START,
            words: Known::default(),
            sides: FxHashMap::default(),
        }
    }

    /// Reads the status that a blob states when it is of a kind.
    pub(super) fn stand(
        &mut self,
        reader: &HistoryReader,
        blob: ObjectId,
        side: Option<&Side>,
        kind: KindAt,
    ) -> Stand {
        let stand = self.own_stand(reader, blob, kind);
        match (side, &stand.status) {
            (Some(side), StatusAt::Absent) => Stand::of(self.beside(reader, side, kind)),
            _ => stand,
        }
    }

    /// Reads the status that a file of fields states.
    fn beside(&mut self, reader: &HistoryReader, side: &Side, kind: KindAt) -> StatusAt {
        if !self.sides.contains_key(&side.blob) {
            let stated = self.read_side(reader, side);
            self.sides.insert(side.blob, stated);
        }
        let text = match &self.sides[&side.blob] {
            Err(status) => return status.clone(),
            Ok(stated) => self.vocabulary.pick(kind, stated).map(str::to_owned),
        };
        text.map_or(StatusAt::Absent, |text| self.word(kind, &text))
    }

    fn read_side(&mut self, reader: &HistoryReader, side: &Side) -> Result<Statuses, StatusAt> {
        let Ok(start) = reader.blob_start(side.blob, usize::MAX) else {
            self.missing.insert(side.blob);
            return Err(StatusAt::Unknown);
        };
        let text = text_of(&start.bytes);
        let (block, _) =
            front_matter::whole(side.path.extension(), &text).ok_or(StatusAt::Absent)?;
        match block.state {
            State::Unreadable => Err(StatusAt::Unreadable),
            _ => Ok(self.vocabulary.stated(&block)),
        }
    }

    fn own_stand(&mut self, reader: &HistoryReader, blob: ObjectId, kind: KindAt) -> Stand {
        let facts = self.of(reader, blob);
        match facts.state {
            Readable::No => return Stand::of(StatusAt::Unreadable),
            Readable::Unknown => return Stand::of(StatusAt::Unknown),
            Readable::Yes => {}
        }
        if let Some(text) = self.vocabulary.pick(kind, &facts.statuses) {
            return Stand::of(self.word(kind, text));
        }
        let found = self.vocabulary.located(kind, &facts.labels);
        found.unwrap_or_else(|| Stand::of(StatusAt::Absent))
    }

    fn word(&mut self, kind: KindAt, text: &str) -> StatusAt {
        let words = self.words.entry(kind).or_default();
        if let Some(status) = words.get(text) {
            return status.clone();
        }
        let status = self.vocabulary.read(kind, text);
        words.insert(text.to_owned(), status.clone());
        status
    }

    /// Reads a blob once, if that is enough only its start.
    pub(super) fn of(&mut self, reader: &HistoryReader, blob: ObjectId) -> Rc<Facts> {
        if let Some(facts) = self.known.get(&blob) {
            return Rc::clone(facts);
        }
        let facts = self.read(reader, blob).unwrap_or_else(|_| {
            self.missing.insert(blob);
            Rc::new(Facts::unreadable(Readable::Unknown))
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
        let start = reader.blob_start(blob, self.most)?;
        let (facts, basis) = self.of_start(&start);
        self.most = if basis == Basis::All { usize::MAX } else { START };
        if start.whole || basis != Basis::All {
            return Ok(facts);
        }
        let (facts, basis) = self.of_start(&reader.blob_start(blob, usize::MAX)?);
        self.most = if basis == Basis::All { usize::MAX } else { START };
        Ok(facts)
    }

    fn of_start(&mut self, start: &Start) -> (Rc<Facts>, Basis) {
        let lines = if start.whole { &start.bytes[..] } else { whole_lines(&start.bytes) };
        let head = head(lines);
        if let Some(facts) = self.heads.get(head) {
            return (Rc::clone(facts), Basis::Block(head.len()));
        }
        let (facts, basis) = Facts::read(lines, self.vocabulary);
        let facts = Rc::new(facts);
        if basis == Basis::Block(head.len()) {
            self.heads.insert(head.into(), Rc::clone(&facts));
        }
        (facts, basis)
    }

    /// Notes a blob that could not be read.
    pub(super) fn lose(&mut self, blob: ObjectId) {
        self.missing.insert(blob);
    }

    /// Counts the blobs that could not be read.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }
}

impl Facts {
    /// Reads a file, or its first lines.
    fn read(bytes: &[u8], vocabulary: &Vocabulary) -> (Self, Basis) {
        let text = text_of(bytes);
        let (block, _) = front_matter::read(&text);
        if block.state == State::Unreadable {
            return (Self::unreadable(Readable::No), Basis::All);
        }
        let title = common_text(&block, "title").map(str::to_owned);
        let by_block = title.as_ref().map(|_| Basis::Block(block.span.end));
        let title =
            title.or_else(|| first_heading(bytes.get(block.span.end..).unwrap_or_default()));
        let open = block.state == State::Absent && may_begin_block(bytes);
        let statuses = vocabulary.stated(&block);
        // What no field states may stand anywhere in the text.
        let looked_for = statuses.iter().any(Option::is_none);
        let labels =
            if looked_for { vocabulary.labels(&text, block.span.end) } else { Box::default() };
        let by_block = by_block.filter(|_| !looked_for);
        let by_lines =
            if title.is_none() || open || looked_for { Basis::All } else { Basis::Lines };
        let public = audience::may_see(Audience::Public, &block, None);
        let facts = Self {
            id: common_text(&block, "id").map(str::to_owned),
            title,
            kind: common_text(&block, "kind").map(Into::into),
            was: was(&block),
            listed: listed(&block),
            state: Readable::Yes,
            statuses,
            labels,
            days: vocabulary.days(&block),
            goalposts: vocabulary.goalposts(&block),
            public,
        };
        (facts, by_block.unwrap_or(by_lines))
    }

    fn unreadable(state: Readable) -> Self {
        Self {
            id: None,
            title: None,
            kind: None,
            was: Box::default(),
            listed: Box::default(),
            state,
            statuses: Box::default(),
            labels: Box::default(),
            days: Box::default(),
            goalposts: Box::default(),
            public: false,
        }
    }

    /// Returns the latest day that has come when a document of a kind takes effect.
    pub(super) fn day(&self, kind: KindAt) -> Option<&str> {
        self.days.iter().filter(|(of, _)| *of == kind).map(|(_, day)| day.as_str()).max()
    }

    /// Returns the title, for a file without one its name; nothing where this clone cannot tell.
    pub(super) fn title_at(&self, path: &RepoPath) -> String {
        let name = if self.is_lost() { "" } else { path.stem() };
        self.title.clone().unwrap_or_else(|| name.to_owned())
    }

    /// Tells whether the fields are those that a kind asks for in one of its [`crate::kinds::Kind::goalposts`].
    pub(super) fn is_goalpost(&self, kind: KindAt, spec: usize) -> bool {
        self.goalposts.contains(&(kind, spec))
    }

    /// Tells whether the blob is not in this clone, so that nothing is known of it.
    pub(super) fn is_lost(&self) -> bool {
        self.state == Readable::Unknown
    }

    /// Tells whether the front matter was read: only then is a missing id really missing.
    pub(super) fn readable(&self) -> bool {
        self.state == Readable::Yes
    }
}

/// Reads bytes as text, invalid ones replaced; nearly all files are valid, which is quick to see.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Reads the ids that a document says it had.
fn was(block: &FrontMatter) -> Box<[String]> {
    let texts = block.field("was").map(|field| field.value.texts()).unwrap_or_default();
    texts.into_iter().map(|(text, _)| text.to_owned()).collect()
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
        let text = b"---\n# what it is\nstatus: draft\n---\n\n# Restart it\n";
        let (facts, _) = Facts::read(text, &Vocabulary::default());
        assert_eq!(facts.title.as_deref(), Some("Restart it"));
    }
}
