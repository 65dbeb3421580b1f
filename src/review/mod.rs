//! What a change does to readiness, before it lands: two judged snapshots, the branch as it is and as it would be, and what
//! differs between them. Plain values; the same two give the same bytes.

mod addresses;
mod decisions;
mod findings;
mod gates;
mod markdown;
mod text;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::git::Planned;
use crate::history::ByDocument;
use crate::judge::Judged;
use crate::pack::{Artifact, Packs};
use crate::report::Noted;
use crate::source::{File, ObjectId, RepoPath, Snapshot};
use crate::visible::json_text;
pub use addresses::Vanished;
pub use decisions::{Given, Lapsed, Recorded};
pub use findings::Found;
pub use gates::{Gate, Step};

/// One of the two: what it says and what became of it.
pub struct Side<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The packs.
    pub packs: &'a Packs,
    /// How they stand.
    pub judged: &'a Judged,
    /// What is wrong.
    pub findings: &'a [Noted],
    /// The decision log as it is there.
    pub documents: &'a ByDocument,
}

/// A change.
pub struct Change<'a> {
    /// The branch as it is.
    pub before: Side<'a>,
    /// As it would be.
    pub after: Side<'a>,
    /// How it would land.
    pub planned: &'a Planned,
    /// The branch, in words.
    pub base: (&'a str, ObjectId),
    /// The last commit of the change.
    pub head: ObjectId,
    /// The day of judging.
    pub day: &'a str,
}

/// What a change does.
#[derive(Debug, Serialize)]
pub struct Review {
    schema: &'static str,
    base: String,
    base_commit: String,
    head_commit: String,
    as_of: String,
    /// Files that cannot be joined.
    conflicts: Vec<String>,
    /// Files of rules, people and settings that it changes: it is judged by those before.
    rules: Vec<String>,
    /// Findings that comments of this change keep quiet.
    quieted: Vec<Found>,
    gates: Vec<Gate>,
    /// New findings in files that it changes.
    brought: Vec<Found>,
    /// New findings in files that it does not touch.
    elsewhere: Vec<Found>,
    /// How many findings are mended.
    mended: usize,
    /// How many were there before and stay.
    old: usize,
    /// Approvals that no longer hold.
    lapsed: Vec<Lapsed>,
    /// Approvals that it records.
    given: Vec<Given>,
    /// Steps of documents that it records.
    decisions: Vec<Recorded>,
    /// Addresses and anchors that would be no more.
    vanished: Vec<Vanished>,
}

impl Review {
    /// Compares the two sides of a change.
    pub fn of(change: &Change<'_>) -> Self {
        let findings = findings::compare(change);
        let paths = |paths: &[RepoPath]| paths.iter().map(ToString::to_string).collect();
        Self {
            schema: "readymark/review/1",
            base: change.base.0.to_owned(),
            base_commit: change.base.1.to_string(),
            head_commit: change.head.to_string(),
            as_of: change.day.to_owned(),
            conflicts: paths(&change.planned.conflicts),
            rules: paths(&change.planned.kept),
            quieted: findings.quieted,
            gates: gates::compare(change),
            brought: findings.brought,
            elsewhere: findings.elsewhere,
            mended: findings.mended,
            old: findings.old,
            lapsed: decisions::lapsed(change),
            given: decisions::given(change),
            decisions: decisions::recorded(change),
            vanished: addresses::compare(change),
        }
    }

    /// Tells whether there is anything to say.
    pub fn is_empty(&self) -> bool {
        let lists = [self.conflicts.len(), self.rules.len(), self.quieted.len(), self.gates.len()];
        let more = [self.brought.len(), self.elsewhere.len(), self.mended, self.lapsed.len()];
        let rest = [self.given.len(), self.decisions.len(), self.vanished.len()];
        lists.iter().chain(&more).chain(&rest).all(|count| *count == 0)
    }

    /// Tells whether something is worse afterwards: a new error, a required requirement that opens, a file that cannot be
    /// joined.
    pub fn is_worse(&self) -> bool {
        let mut found = self.brought.iter().chain(&self.elsewhere);
        !self.conflicts.is_empty()
            || found.any(Found::is_error)
            || self.gates.iter().any(Gate::is_worse)
    }

    /// Writes it for people, on a terminal.
    pub fn text(&self) -> String {
        text::write(self)
    }

    /// Writes it for a page of a forge.
    pub fn markdown(&self) -> String {
        markdown::write(self)
    }

    /// Writes it for programs.
    pub fn json(&self) -> String {
        json_text(self)
    }
}

impl Change<'_> {
    /// Lists the files that are others afterwards.
    fn touched(&self) -> BTreeSet<&RepoPath> {
        let by_path = |snapshot: &'_ Snapshot| -> BTreeMap<RepoPath, ObjectId> {
            let named = |file: &File| (file.path.clone(), file.blob);
            snapshot.files.iter().map(named).collect()
        };
        let (before, after) = (by_path(self.before.snapshot), by_path(self.after.snapshot));
        let files = self.before.snapshot.files.iter().chain(&self.after.snapshot.files);
        let paths = files.map(|file| &file.path);
        paths.filter(|path| before.get(*path) != after.get(*path)).collect()
    }
}

/// What a document is known by on both sides: its pack and its id, or its path.
fn name<'p>(packs: &'p Packs, artifact: &'p Artifact) -> (&'p str, &'p str) {
    (&packs.packs[artifact.pack].id, &artifact.id)
}
