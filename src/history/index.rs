//! Finds what the log says of one document as seen from one version.

use std::collections::BTreeMap;

use super::lineage::Line;
use super::{DecisionLog, Entry, LastChange};
use crate::source::ObjectId;

/// Which document a name means when, and where its entries are.
#[derive(Debug, Default, Clone)]
pub struct Index {
    pub(super) names: BTreeMap<String, Vec<(usize, Line)>>,
    pub(super) entries: BTreeMap<Line, Vec<usize>>,
    pub(super) changes: BTreeMap<(Line, usize), LastChange>,
    pub(super) landings: BTreeMap<ObjectId, usize>,
}

impl Index {
    /// A name means what it was given to last.
    fn line(&self, name: &str, up_to: usize) -> Option<Line> {
        let spans = self.names.get(name)?;
        let after = spans.partition_point(|(landing, _)| *landing <= up_to);
        Some(spans[after.checked_sub(1)?].1)
    }
}

impl DecisionLog {
    /// Returns the entries of the document that had this id or path at landing `up_to`, none after it.
    pub fn of_document(&self, name: &str, up_to: usize) -> Vec<&Entry> {
        let line = self.index.line(name, up_to);
        let places = line.and_then(|line| self.index.entries.get(&line));
        let entries = places.into_iter().flatten().map(|at| &self.entries[*at]);
        entries.take_while(|entry| entry.landing.index <= up_to).collect()
    }

    /// Returns the last change of the document that had this id or path at landing `up_to`, which is the tip's or that of
    /// a commit asked for in [`super::recount`].
    pub fn last_change(&self, name: &str, up_to: usize) -> Option<&LastChange> {
        let line = self.index.line(name, up_to)?;
        self.index.changes.range((line, 0)..=(line, up_to)).next_back().map(|(_, change)| change)
    }

    /// Returns the log as it stood at `commit`, the tip or one asked for in [`super::recount`]: nothing that landed
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
            statement: super::Statement {
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
            ambiguous: Vec::new(),
            index: Index::default(),
        }
    }

    /// The log of a commit that shares no landing with the authority ref: nothing is known.
    fn unknown_at(statement: &super::Statement, commit: ObjectId) -> Self {
        let statement = super::Statement { tip: Some(commit), landings: 0, ..statement.clone() };
        Self { statement, ..Self::default() }
    }

    /// Returns the last landing that is `commit` or an ancestor of it, for the tip and the commits asked for in
    /// [`super::recount`].
    pub fn landing_of(&self, commit: ObjectId) -> Option<usize> {
        self.index.landings.get(&commit).copied()
    }
}
