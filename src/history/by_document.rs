//! The log by document: its entries, its last change and its approvals.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::log::{DecisionLog, LastChange, StatusAt};
use crate::approvals::{Approval, Evidence, Judged, State, evidence, states};
use crate::assemble::day_of;
use crate::pack::{Artifact, Packs};
use crate::source::RepoPath;

/// A log and where its lists speak of each document.
#[derive(Debug, Default)]
pub struct ByDocument {
    /// The log.
    pub log: Arc<DecisionLog>,
    /// Of each line the places in `DecisionLog::entries`.
    entries: FxHashMap<usize, Vec<usize>>,
    /// Of each path the place in `DecisionLog::last_changes`.
    changes: FxHashMap<RepoPath, usize>,
    /// Of each line the places in `DecisionLog::last_changes`.
    changes_of_line: FxHashMap<usize, Vec<usize>>,
    /// Of each line the places in `DecisionLog::approvals`.
    approvals: FxHashMap<usize, Vec<usize>>,
    /// The places of entries that start a trial or decide on it.
    steps: Vec<usize>,
}

impl ByDocument {
    /// Walks over a log once.
    pub fn new(log: &Arc<DecisionLog>) -> Self {
        let mut all = Self { log: Arc::clone(log), ..Self::default() };
        for (at, entry) in log.entries.iter().enumerate() {
            all.entries.entry(entry.line).or_default().push(at);
            all.steps.extend(entry.part.map(|_| at));
        }
        for (at, change) in log.last_changes.iter().enumerate() {
            all.changes.insert(change.path.clone(), at);
            all.changes_of_line.entry(change.line).or_default().push(at);
        }
        for (at, approval) in log.approvals.iter().enumerate() {
            all.approvals.entry(approval.line).or_default().push(at);
        }
        all
    }

    /// Lists the entries of a line, in order of landing.
    pub fn entries(&self, line: usize) -> &[usize] {
        self.entries.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    /// Lists the entries that start a trial or decide on it, in order of landing.
    pub(super) fn steps(&self) -> &[usize] {
        &self.steps
    }

    /// Lists the approvals of a line, in order of landing.
    pub fn approvals(&self, line: usize) -> &[usize] {
        self.approvals.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    /// Lists the last changes of a line: of one document that is alive there is one.
    pub fn changes(&self, line: usize) -> &[usize] {
        self.changes_of_line.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the place of the last change of the document at a path.
    pub fn change(&self, path: &RepoPath) -> Option<usize> {
        self.changes.get(path).copied()
    }

    /// Returns the line of the document at a path, whatever its bytes.
    pub fn line(&self, path: &RepoPath) -> Option<usize> {
        self.change(path).map(|at| self.log.last_changes[at].line)
    }

    /// Judges the approvals of a document of a snapshot; with a day, as of its end. Nothing where nobody approved it and it
    /// names nobody who must.
    pub fn judged(&self, packs: &Packs, at: usize, day: Option<&str>) -> Option<Judged<'_>> {
        let line = self.line(&packs.artifacts[at].path);
        let own = line.map(|line| self.approvals(line)).unwrap_or_default();
        Judged::of(&self.log, (packs, at), (line, own), day)
    }

    /// Tells whether all who must had approved a document when it began to be carried out, which it still is.
    pub fn was_approved_at_its_start(&self, packs: &Packs, at: usize) -> bool {
        let artifact = &packs.artifacts[at];
        let Some(kind) = packs.kinds.get(artifact.kind) else { return false };
        let is_begun = |status: &StatusAt| status.word().is_some_and(|word| kind.is_begun(word));
        let log = &self.log;
        let line = self.line(&artifact.path);
        let entries = line.map(|line| self.entries(line)).unwrap_or_default().iter();
        let latest = entries.rev().map(|at| &log.entries[*at]);
        let Some(start) = latest.take_while(|entry| is_begun(&entry.to)).last() else {
            return false;
        };
        let own = line.map(|line| self.approvals(line)).unwrap_or_default().iter();
        let own = own.map(|at| &log.approvals[*at]);
        let until = start.landing.index;
        let own: Vec<&Approval> = own.filter(|one| one.landing.index <= until).collect();
        let texts = line.and_then(|line| log.texts.get(&line)).map_or(&[][..], Vec::as_slice);
        let before = &texts[..texts.partition_point(|text| text.landing.index < until)];
        let states = states(&own, before, Some(&day_of(start.landing.clock)));
        let judged: Vec<(&Approval, State)> = own.into_iter().zip(states).collect();
        evidence(&judged, log.statement.complete()) == Evidence::Enough
    }

    /// Returns the last change of a document of a snapshot, when that made it what it is there.
    pub fn landed(&self, artifact: &Artifact) -> Option<&LastChange> {
        let change = &self.log.last_changes[self.change(&artifact.path)?];
        (change.blob == artifact.blob).then_some(change)
    }
}
