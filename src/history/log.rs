//! The values of the log: transitions, where they landed and who made them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::inside::Inside;
use super::statement::{Ambiguous, Remark, Statement};
use super::weigh::Revocation;
use super::witness::Signatures;
use crate::approvals::{Approval, TextAt};
use crate::document::Written;
use crate::kinds::{GoalpostPart, Standing};
use crate::source::{ObjectId, RepoPath};

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
    /// What branches did on their way that did not land, in order of landing; empty unless asked for.
    pub inside: Vec<Inside>,
    /// Who approved what, in order of landing.
    pub approvals: Vec<Approval>,
    /// What took approvals back, in order.
    pub revocations: Vec<Revocation>,
    /// For each document with approvals, by [`Approval::line`]: its texts in order of landing.
    pub texts: BTreeMap<usize, Vec<TextAt>>,
    /// What is odd about single commits.
    pub remarks: Vec<Remark>,
    /// What answers questions about one document and one version.
    pub index: Index,
    /// Documents that hold the criteria of a trial, as in [`Entry::line`], each with the first landing at which it did.
    pub criteria: BTreeMap<usize, usize>,
    /// Who signed; empty until [`DecisionLog::witness`] has looked.
    pub signatures: Arc<Signatures>,
}

impl DecisionLog {
    /// Returns the number of the document that lies at a path at the tip.
    pub fn line_at(&self, path: &RepoPath) -> Option<usize> {
        let found = self.last_changes.binary_search_by(|change| change.path.cmp(path));
        Some(self.last_changes[found.ok()?].line)
    }

    /// Finds an entry by its [`Entry::seq`]: its place in `entries`, when it is among them.
    pub fn position(&self, seq: usize) -> Option<usize> {
        self.entries.binary_search_by_key(&seq, |entry| entry.seq).ok()
    }
}

/// The value of `status` at a landing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StatusAt {
    /// There is no document.
    NoDocument,
    /// The document has no status.
    Absent,
    /// The front matter could not be read.
    Unreadable,
    /// Template text.
    Placeholder,
    /// History does not reach back, or the file is not in this clone.
    Unknown,
    /// A word that the kind does not know, folded; it counts as not approved.
    Invalid(String),
    /// A word of the kind as its author chose it, folded, without what is written after it.
    Word(String),
}

impl StatusAt {
    /// Returns the word, known to the kind or not.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) | Self::Invalid(word) => Some(word),
            _ => None,
        }
    }

    /// Returns the word, or in one word why there is none.
    pub fn told(&self) -> &str {
        match self {
            Self::NoDocument => "no-document",
            Self::Absent => "absent",
            Self::Unreadable => "unreadable",
            Self::Placeholder => "placeholder",
            Self::Unknown => "unknown",
            Self::Invalid(word) | Self::Word(word) => word,
        }
    }

    /// Tells whether both say the same to a reader; whether the kind knows the word does not count.
    pub fn says(&self, other: &Self) -> bool {
        self == other || self.word().is_some() && self.word() == other.word()
    }
}

/// A status transition that landed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the whole log, from 0; other entries refer to it by this.
    pub seq: usize,
    /// Which document: the number that all its entries and its last change share.
    pub line: usize,
    /// The folder of its pack after the landing, empty outside all packs.
    pub pack: String,
    /// The document's id at that time, or its path.
    pub document: String,
    /// Whether the document stated an id.
    pub has_id: bool,
    /// The name of its kind.
    pub kind: String,
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
    /// What the status after it means for readers; nothing when it is no word of the kind.
    pub standing: Option<Standing>,
    /// Whether the life cycle of the kind allows it; nothing where it does not say.
    pub legal: Option<bool>,
    /// How the status stands in the text; nothing when it stands in the block of fields or there is none.
    pub written: Option<Written>,
    /// Where it landed.
    pub landing: Landing,
    /// Index of the first of the landings in a row, up to this one, that claim the same pull request.
    pub run: usize,
    /// Numbers of other pull requests through which the change came into the landing, the outermost first.
    pub via: Vec<u64>,
    /// Who made it; empty when that is not known.
    pub origins: Vec<Authorship>,
    /// Who did the same on a branch that landed later.
    pub concurrent: Vec<Authorship>,
    /// The day on which the document says that it was done.
    pub observed: Option<String>,
    /// Landings in between at which the status could not be read.
    pub gap: Vec<ObjectId>,
    /// How many entries of this landing make the same step, this one included: more than one is a bulk edit.
    pub together: usize,
    /// Whether another landing of the same pull request changed it again, so that it may never have been seen.
    pub passing: bool,
    /// The entry with which the document had been removed that is back now.
    pub restores: Option<usize>,
    /// The entry that this one takes back.
    pub takes_back: Option<TakesBack>,
    /// The entry that landed before under the same `Change-Id`.
    pub lands_again: Option<usize>,
    /// Commits of other branches with the same `Change-Id`; empty until [`DecisionLog::note_elsewhere`] has looked.
    #[serde(skip)]
    pub elsewhere: Vec<ObjectId>,
    /// Whether it starts a trial or decides on one, as the kind of the document says.
    pub part: Option<GoalpostPart>,
}

impl Entry {
    /// Returns who made the change, the first of several.
    pub fn origin(&self) -> Option<&Authorship> {
        self.origins.first()
    }
}

/// An earlier entry that is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakesBack {
    /// Its [`Entry::seq`].
    pub entry: usize,
    /// How sure it is.
    pub how: Returned,
}

/// How a change was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Returned {
    /// The message says so, and status and text are what they were.
    Confirmed,
    /// The message says so, but something else is there now.
    Claimed,
    /// The message says so, and this clone lacks what would tell.
    Unclear,
    /// The status is what it was, and no message says why.
    Reversal,
}

/// A commit on the first-parent chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Landing {
    /// Position from the root, from 0.
    pub index: usize,
    /// The commit.
    pub commit: ObjectId,
    /// Committer time, seconds since 1970 UTC.
    pub time: i64,
    /// Committer's offset in minutes.
    pub offset: i32,
    /// The latest committer time of this landing and all before it: no landing is older than one before it.
    pub clock: i64,
    /// First line of the message.
    pub subject: String,
    /// How it landed.
    pub kind: LandingKind,
    /// The pull request that the message claims.
    pub pull_request: Option<u64>,
    /// Whether a forge committed it, so that its time is that of a server.
    pub by_forge: bool,
}

/// How a change landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

impl LandingKind {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Direct => "direct",
            Self::Root => "root",
            Self::Boundary => "boundary",
        }
    }
}

/// The commit that made a change and its author. Addresses are for matching with the registry, never for pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorship {
    /// The commit.
    pub commit: ObjectId,
    /// How it made the change.
    pub how: How,
    /// The author's name as committed.
    pub name: String,
    /// The author's address as committed.
    pub email: String,
    /// Author time, seconds since 1970 UTC: what the author's machine claimed.
    pub time: i64,
    /// Author's offset in minutes.
    pub offset: i32,
    /// The committer's name as committed.
    pub committer: String,
    /// The parents of a merge that have the value which it chose.
    pub sides: Vec<ObjectId>,
    /// The commit that it says it copies, when that can be read.
    pub picked_from: Option<ObjectId>,
}

/// How a commit made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// An ordinary commit.
    Commit,
    /// The first commit.
    Root,
    /// A merge of sides that disagree: whoever merged chose one of them, or something else.
    Resolution,
    /// A merge that drops what one side changed though no other side touched it.
    Discard,
    /// A merge with a value that none of its parents has though they do not disagree.
    Evil,
    /// A merge in which the document became another one: its sides know it under other names.
    Identity,
}

impl How {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Root => "root",
            Self::Resolution => "resolution",
            Self::Discard => "discard",
            Self::Evil => "evil",
            Self::Identity => "identity",
        }
    }
}

/// The last landing that changed a document's bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LastChange {
    /// Which document, as in [`Entry::line`].
    pub line: usize,
    /// The document's path at the tip.
    pub path: RepoPath,
    /// Its blob after the landing.
    pub blob: ObjectId,
    /// The landing.
    pub landing: Arc<Landing>,
    /// Who made it.
    pub origin: Option<Arc<Authorship>>,
}
