//! Who did on a branch what had landed already: both sides of the merge say the same, so that nothing changed with it.

use super::graph::At;
use super::log::{LandingKind, StatusAt};
use super::place::Target;
use super::recount::Recount;
use crate::git::Lack;
use crate::source::RepoPath;

impl Recount<'_> {
    /// Adds to the entries since the branch began who did the same on it.
    pub(super) fn note_concurrent(&mut self, landing: usize) -> Result<(), Lack> {
        let Some(fork) = self.graph.forks[landing] else { return Ok(()) };
        let at = self.graph.landings[landing];
        let recent = self.entries.iter().rev().take_while(|entry| entry.landing.index > fork);
        let candidates: Vec<usize> =
            recent.filter(|entry| entry.landing.index < landing).map(|entry| entry.seq).collect();
        if candidates.is_empty() || self.kind(at) != LandingKind::Merge {
            return Ok(());
        }
        let parents = self.graph.nodes[at].parents.clone();
        for side in parents.into_iter().skip(1) {
            self.note_side(landing, fork, side, &candidates)?;
        }
        Ok(())
    }

    fn note_side(
        &mut self,
        landing: usize,
        fork: usize,
        side: At,
        candidates: &[usize],
    ) -> Result<(), Lack> {
        let base = self.graph.nodes[self.graph.landings[fork]].tree;
        let tree = self.graph.nodes[side].tree;
        let changes = self.trees.known_diff(base, tree)?;
        for seq in candidates {
            let entry = &self.entries[*seq];
            let stands = self.lineages.all[entry.line].last == entry.to;
            let (target, value) = (self.target(entry.line), entry.to.clone());
            let has = |path: &RepoPath| changes.binary_search_by(|one| one.path.cmp(path)).is_ok();
            if !stands || !(has(&target.path) || target.side.as_ref().is_some_and(has)) {
                continue;
            }
            let was = self.value_at(fork, &target)?;
            let is = self.at(tree, &target, &target.path)?;
            if self.status_of(&target, &is) == value && was != value {
                let made = self.origins_from(side, landing, &target, &value)?.made;
                self.entries[*seq].concurrent.extend(made);
            }
        }
        Ok(())
    }

    fn value_at(&mut self, landing: usize, target: &Target) -> Result<StatusAt, Lack> {
        let tree = self.graph.nodes[self.graph.landings[landing]].tree;
        let place = self.at(tree, target, &target.path)?;
        Ok(self.status_of(target, &place))
    }
}
