//! The log as it stood at one version.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::lineage::Line;
use super::log::{DecisionLog, LastChange};
use super::statement::Statement;
use crate::approvals::{Approval, TextAt};
use crate::source::ObjectId;

/// The last changes of each document, and at which landing each version stands.
#[derive(Debug, Default, Clone)]
pub struct Index {
    pub(super) changes: BTreeMap<(Line, usize), LastChange>,
    pub(super) landings: BTreeMap<ObjectId, usize>,
    /// The commits of all landings with their clocks, root to tip.
    pub(super) chain: Vec<(ObjectId, i64)>,
    /// Commits that may carry a signature.
    pub(super) signed: FxHashSet<ObjectId>,
}

impl DecisionLog {
    /// Returns the log as it stood at `commit`, the tip or one asked for in [`super::recount()`]: nothing that landed
    /// later is in it.
    #[must_use]
    pub fn as_of(&self, commit: ObjectId) -> Self {
        let Some(up_to) = self.landing_of(commit) else {
            return Self::unknown_at(&self.statement, commit);
        };
        let mut last_changes: BTreeMap<Line, &LastChange> = BTreeMap::new();
        for ((line, landing), change) in &self.index.changes {
            if *landing <= up_to {
                last_changes.insert(*line, change);
            }
        }
        let mut last_changes: Vec<LastChange> = last_changes.into_values().cloned().collect();
        last_changes.sort_by(|one, other| one.path.cmp(&other.path));
        Self {
            statement: Statement {
                tip: Some(commit),
                landings: up_to + 1,
                ..self.statement.clone()
            },
            entries: self
                .entries
                .iter()
                .filter(|entry| entry.landing.index <= up_to)
                .cloned()
                .collect(),
            last_changes,
            inside: self.inside.iter().filter(|one| one.landing.index <= up_to).cloned().collect(),
            approvals: self.approvals_at(up_to),
            revocations: Vec::new(),
            texts: self.texts_at(up_to),
            ambiguous: Vec::new(),
            remarks: Vec::new(),
            index: Index::default(),
            criteria: self.criteria_at(up_to),
            signatures: Arc::clone(&self.signatures),
        }
    }

    fn criteria_at(&self, up_to: usize) -> BTreeMap<usize, usize> {
        let then = self.criteria.iter().filter(|(_, first)| **first <= up_to);
        then.map(|(line, first)| (*line, *first)).collect()
    }

    fn approvals_at(&self, up_to: usize) -> Vec<Approval> {
        let told = self.approvals.iter().filter(|one| one.landing.index <= up_to);
        let then = |one: &Approval| {
            let revoked = one.revoked.clone().filter(|landing| landing.index <= up_to);
            Approval { revoked, ..one.clone() }
        };
        told.map(then).collect()
    }

    fn texts_at(&self, up_to: usize) -> BTreeMap<usize, Vec<TextAt>> {
        let until = |texts: &[TextAt]| {
            texts[..texts.partition_point(|text| text.landing.index <= up_to)].to_vec()
        };
        self.texts.iter().map(|(line, texts)| (*line, until(texts))).collect()
    }

    /// Returns the last changes of all documents, those of earlier landings included.
    pub fn changes_mut(&mut self) -> impl Iterator<Item = &mut LastChange> {
        self.last_changes.iter_mut().chain(self.index.changes.values_mut())
    }

    /// The log of a commit that shares no landing with the authority ref: nothing is known.
    fn unknown_at(statement: &Statement, commit: ObjectId) -> Self {
        let statement = Statement { tip: Some(commit), landings: 0, ..statement.clone() };
        Self { statement, ..Self::default() }
    }

    /// Returns the last landing that is `commit` or an ancestor of it, for the tip and the commits asked for in
    /// [`super::recount()`].
    pub fn landing_of(&self, commit: ObjectId) -> Option<usize> {
        self.index.landings.get(&commit).copied()
    }
}
