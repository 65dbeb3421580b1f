//! The decision log: what changed, when it landed, by whom, told from one pass over the history.
//! Order follows first-parent landings, never dates. What cannot be known is said.

mod facts;
mod graph;
mod index;
mod lineage;
mod origin;
mod pull_request;
mod recount;
mod trees;

use crate::source::{ObjectId, RepoPath};

pub use index::Index;
pub use recount::recount;

/// The log of one authority ref.
#[derive(Debug, Default, Clone)]
pub struct DecisionLog {
    /// How complete the history is.
    pub statement: Statement,
    /// Status transitions, in order of landing.
    pub entries: Vec<Entry>,
    /// For each document that is alive at the tip: its last change. Sorted by path.
    pub last_changes: Vec<LastChange>,
    /// Ids that more than one file of a pack states at the tip; nothing is recorded for them while it lasts.
    pub ambiguous: Vec<Ambiguous>,
    /// What answers questions about one document and one version.
    pub index: Index,
}

/// An id that more than one file of a pack states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguous {
    /// The id.
    pub id: String,
    /// The files, sorted.
    pub paths: Vec<RepoPath>,
}

/// How complete the history is; shown on every page that shows history.
#[derive(Debug, Default, Clone)]
pub struct Statement {
    /// The ref as asked for.
    pub reference: String,
    /// Its commit.
    pub tip: Option<ObjectId>,
    /// Number of first-parent landings that were read.
    pub landings: usize,
    /// Commits whose parents are not in this clone.
    pub shallow: Vec<ObjectId>,
    /// Blobs that are not in this clone.
    pub missing_blobs: usize,
    /// Replace refs that were ignored.
    pub replace_refs: usize,
}

impl Statement {
    /// Tells whether everything was there.
    pub fn complete(&self) -> bool {
        self.shallow.is_empty() && self.missing_blobs == 0
    }
}

/// The value of `status` at a landing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatusAt {
    /// There is no document.
    NoDocument,
    /// The document has no status.
    Absent,
    /// The front matter could not be read.
    Unreadable,
    /// Template text.
    Placeholder,
    /// History does not reach back, or the blob is not in this clone.
    Unknown,
    /// The word, folded (trimmed, lower case).
    Word(String),
}

/// A status transition that landed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which document: the number that all its entries and its last change share.
    pub line: usize,
    /// The folder of its pack after the landing, empty outside all packs.
    pub pack: String,
    /// The document's id at that time, or its path.
    pub document: String,
    /// Whether the document stated an id.
    pub has_id: bool,
    /// Its title at that time.
    pub title: String,
    /// Where it lay after the landing (before, when it was removed).
    pub path: RepoPath,
    /// Whether the public may see the document as it was then.
    pub public: bool,
    /// Its blob after the landing.
    pub blob: Option<ObjectId>,
    /// Before.
    pub from: StatusAt,
    /// After.
    pub to: StatusAt,
    /// Where it landed.
    pub landing: Landing,
    /// Who made it, when that is known.
    pub origin: Option<Authorship>,
    /// Landings in between at which the front matter could not be read.
    pub gap: Vec<ObjectId>,
}

/// A commit on the first-parent chain.
#[derive(Debug, Clone)]
pub struct Landing {
    /// Position from the root, from 0.
    pub index: usize,
    /// The commit.
    pub commit: ObjectId,
    /// Committer time, seconds since 1970 UTC.
    pub time: i64,
    /// Committer's offset in minutes.
    pub offset: i32,
    /// First line of the message.
    pub subject: String,
    /// How it landed.
    pub kind: LandingKind,
    /// The pull request that the message claims.
    pub pull_request: Option<u64>,
}

/// How a change landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandingKind {
    /// A merge commit.
    Merge,
    /// One parent: a squash, a rebase or a push.
    Direct,
    /// No parent.
    Root,
    /// The edge of a shallow clone: who and when are not known.
    Boundary,
}

/// The commit that made a change and its author. Addresses are for matching with the registry, never for pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// The commit.
    pub commit: ObjectId,
    /// How it made the change.
    pub how: How,
    /// The author's name as committed.
    pub name: String,
    /// The author's address as committed.
    pub email: String,
    /// Author time, seconds since 1970 UTC.
    pub time: i64,
}

/// How a commit made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// An ordinary commit.
    Commit,
    /// The first commit.
    Root,
    /// A merge whose result is none that its parents agree on; charged to whoever merged.
    Merge,
}

/// The last landing that changed a document's bytes.
#[derive(Debug, Clone)]
pub struct LastChange {
    /// Which document, as in [`Entry::line`].
    pub line: usize,
    /// The document's path at the tip.
    pub path: RepoPath,
    /// Its blob after the landing.
    pub blob: ObjectId,
    /// The landing.
    pub landing: Landing,
    /// Who made it.
    pub origin: Option<Authorship>,
}
