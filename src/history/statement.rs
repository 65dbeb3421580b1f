//! How complete and how sure the history is, said on every page that shows it.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::recount::{Question, Recount};
use crate::git::Repository;
use crate::settings::Rewriting;
use crate::source::{ObjectId, RepoPath};

/// How complete the history is.
#[derive(Debug, Default, Clone)]
pub struct Statement {
    /// The ref as asked for.
    pub reference: String,
    /// Its commit.
    pub tip: Option<ObjectId>,
    /// Number of first-parent landings that were read.
    pub landings: usize,
    /// Commits without parents, sorted: imported histories have several.
    pub roots: Vec<ObjectId>,
    /// Commits whose parents are not in this clone.
    pub shallow: Vec<ObjectId>,
    /// Blobs that are not in this clone.
    pub missing_blobs: usize,
    /// Tags that cannot be read, so that nobody knows what they say of approvals.
    pub missing_tags: usize,
    /// Replace refs that were ignored.
    pub replace_refs: usize,
    /// Whether there are grafts, which were ignored.
    pub grafts: bool,
    /// Merges that brought the branch itself in from the side, in order of landing.
    pub foxtrots: Vec<Foxtrot>,
    /// What became of the log that was published before.
    pub published: Option<Comparison>,
    /// What was rewritten on purpose, as the settings say.
    pub declared: Vec<Rewriting>,
}

impl Statement {
    /// Tells whether everything was there.
    pub fn complete(&self) -> bool {
        self.shallow.is_empty() && self.missing_blobs == 0 && self.missing_tags == 0
    }

    /// Tells whether what was published before is no longer told, and nobody says that this is on purpose.
    pub fn rewritten(&self) -> bool {
        self.published.as_ref().is_some_and(|published| {
            let differs =
                published.relation == Relation::NotAncestor || published.first_difference.is_some();
            differs && !self.is_declared(published.tip)
        })
    }

    /// Tells whether what was published of a commit was rewritten on purpose.
    pub fn is_declared(&self, tip: ObjectId) -> bool {
        self.declared.iter().any(|one| one.tip == tip)
    }
}

/// A merge after which the branch goes on along what had been a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foxtrot {
    /// The merge.
    pub commit: ObjectId,
    /// Whether a published log proves it; the branch is then followed as published. Else only its message says so.
    pub proven: bool,
}

/// What became of a log that was published before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The tip it was told of.
    pub tip: ObjectId,
    /// How that tip stands to this one.
    pub relation: Relation,
    /// The first entry, from 0, that is not told as it was.
    pub first_difference: Option<usize>,
}

/// How a tip that was published before stands to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is this one.
    Same,
    /// Everything that was published is part of the history.
    Ancestor,
    /// The history was rewritten.
    NotAncestor,
    /// The history may reach back to it, but this clone does not.
    Unknown,
}

/// An id that more than one file of a pack states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguous {
    /// The id.
    pub id: String,
    /// The files, sorted.
    pub paths: Vec<RepoPath>,
}

/// Something odd about a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The commit.
    pub commit: ObjectId,
    /// What is odd.
    pub odd: Odd,
    /// The document and its file, where it is one of them that is odd.
    pub document: Option<(String, RepoPath)>,
}

impl Remark {
    /// Says what is odd about a commit itself.
    pub(super) fn of(commit: ObjectId, odd: Odd) -> Self {
        Self { commit, odd, document: None }
    }
}

/// What is odd about a commit. Dates never order anything, so none of this changes the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Odd {
    /// It was committed before its parent, by this many seconds.
    BeforeParent(i64),
    /// It was written after it was committed, by this many seconds.
    WrittenLater(i64),
    /// Its time zone or its time cannot be.
    Impossible,
    /// It put documents into a submodule, which is another repository.
    Submodule,
    /// It put a document in force that names a later day for what was done.
    DatedLater,
    /// It says that something was approved, but not what, or not by whom.
    Unclear,
}

impl Recount<'_> {
    /// Says how complete the history is.
    pub(super) fn statement(&self, repository: &Repository, asked: &Question<'_>) -> Statement {
        let compared = |checkpoint: &Checkpoint| {
            checkpoint.compare(&self.entries, self.graph.relation(checkpoint.tip))
        };
        let cut = self.graph.nodes.iter().filter(|node| node.cut);
        Statement {
            reference: asked.reference.to_owned(),
            tip: Some(asked.tip),
            landings: self.graph.landings.len(),
            roots: self.graph.roots(),
            shallow: cut.map(|node| node.id).collect(),
            missing_blobs: self.memo.missing(),
            missing_tags: self.lost_tags,
            replace_refs: repository.replace_refs(),
            grafts: repository.has_grafts(),
            foxtrots: self.graph.foxtrots.clone(),
            published: asked.published.map(compared),
            declared: Vec::new(),
        }
    }

    /// Lists the ids that more than one file states now.
    pub(super) fn ambiguous(&self) -> Vec<Ambiguous> {
        let several = self.lineages.all.iter().filter(|lineage| lineage.holders.len() > 1);
        let mut found: Vec<_> = several
            .filter_map(|lineage| {
                let paths = lineage.holders.iter().cloned().collect();
                Some(Ambiguous { id: lineage.id.clone()?, paths })
            })
            .collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }
}
