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

    /// Returns the last landing that is `commit` or an ancestor of it, for the tip and the commits asked for in
    /// [`super::recount`].
    pub fn landing_of(&self, commit: ObjectId) -> Option<usize> {
        self.index.landings.get(&commit).copied()
    }
}
