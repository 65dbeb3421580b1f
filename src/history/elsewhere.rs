//! The same change on other branches: commits of chosen versions that the branch does not hold, under the `Change-Id` of an
//! entry. They change nothing of what is in force.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::log::{DecisionLog, Entry, LandingKind};
use super::message::change_id;
use crate::git::HistoryReader;
use crate::source::ObjectId;

/// So many commits beside the branch are looked at.
const MOST: usize = 10_000;

impl DecisionLog {
    /// Notes for each entry which commits of these versions make the same change.
    pub fn note_elsewhere(&mut self, reader: &HistoryReader, versions: &[ObjectId]) {
        let named = self.beside_the_branch(reader, versions);
        if named.is_empty() {
            return;
        }
        for entry in self.entries.iter_mut().filter(|one| one.landing.kind != LandingKind::Boundary)
        {
            let made: Vec<ObjectId> = commits(entry).collect();
            let ids = made.iter().filter_map(|commit| named_in(reader, *commit));
            let same = ids.filter_map(|id| named.get(&id)).flatten();
            let mut same: Vec<ObjectId> =
                same.copied().filter(|commit| !made.contains(commit)).collect();
            same.sort_unstable();
            same.dedup();
            entry.elsewhere = same;
        }
    }

    /// Lists the commits of versions that are no landings, up to the first that is one, by their `Change-Id`.
    fn beside_the_branch(
        &self,
        reader: &HistoryReader,
        versions: &[ObjectId],
    ) -> BTreeMap<String, Vec<ObjectId>> {
        let landings: FxHashSet<ObjectId> =
            self.index.chain.iter().map(|(commit, _)| *commit).collect();
        let mut named: BTreeMap<String, Vec<ObjectId>> = BTreeMap::new();
        let mut seen = FxHashSet::default();
        let mut waiting: Vec<ObjectId> = versions.to_vec();
        while let Some(commit) = waiting.pop() {
            if landings.contains(&commit) || seen.len() == MOST || !seen.insert(commit) {
                continue;
            }
            if let Some(id) = named_in(reader, commit) {
                named.entry(id).or_default().push(commit);
            }
            waiting.extend(reader.links(commit).map(|links| links.parents).unwrap_or_default());
        }
        named
    }
}

/// Lists the commits that an entry names: its landing and those who made it, here and at the same time elsewhere.
fn commits(entry: &Entry) -> impl Iterator<Item = ObjectId> {
    let made = entry.origins.iter().chain(&entry.concurrent).map(|one| one.commit);
    std::iter::once(entry.landing.commit).chain(made)
}

fn named_in(reader: &HistoryReader, commit: ObjectId) -> Option<String> {
    let commit = reader.commit(commit).ok()?;
    change_id(&commit.message).map(str::to_owned)
}
