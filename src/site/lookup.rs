//! What is looked up again and again while the pages of a pack are made: its own part of the log, and who links to it.
//! Made when the first page of the pack asks for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::history::{ByDocument, DecisionLog};
use crate::pack::Packs;
use crate::source::RepoPath;

/// The log by what is asked of it; the same for all editions that show it.
#[derive(Debug, Default)]
pub(super) struct LogIndex {
    /// Entries of `DecisionLog::entries`, by path.
    by_path: Vec<usize>,
    /// What is said of each document.
    pub(super) documents: Arc<ByDocument>,
    /// Which entry ended what another one put in force.
    ended: FxHashMap<usize, usize>,
}

impl LogIndex {
    pub(super) fn new(documents: Arc<ByDocument>) -> Self {
        let log = &documents.log;
        let mut by_path: Vec<usize> = (0..log.entries.len()).collect();
        by_path.sort_by(|one, other| log.entries[*one].path.cmp(&log.entries[*other].path));
        let ended = log
            .in_force()
            .into_iter()
            .filter_map(|one| Some((log.position(one.since)?, log.position(one.until?)?)));
        let ended = ended.collect();
        Self { by_path, documents, ended }
    }

    /// The entry that ended what another one put in force.
    pub(super) fn ended(&self, entry: usize) -> Option<usize> {
        self.ended.get(&entry).copied()
    }

    /// Finds the artifact that something of the log is about, by line, path and id, and its pack.
    fn home(
        &self,
        packs: &Packs,
        log: &DecisionLog,
        (line, path, id): (usize, &RepoPath, &str),
    ) -> (Option<usize>, Option<usize>) {
        let there = packs.pack_of(path);
        let changes = self.documents.changes(line).iter();
        let mut alive = changes.filter_map(|at| packs.find(&log.last_changes[*at].path));
        // A file that moved in the work tree is not in the log yet, but keeps its id.
        let moved = || packs.with_id(there?, id);
        let artifact = alive.next().or_else(moved);
        (artifact, artifact.map(|artifact| packs.artifacts[artifact].pack).or(there))
    }

    /// Lists the entries about files in a folder.
    fn inside<'i>(&'i self, log: &'i DecisionLog, folder: &'i str) -> &'i [usize] {
        let path = |at: &usize| log.entries[*at].path.as_str();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.by_path.partition_point(|at| path(at) < prefix.as_str());
        let (_, rest) = self.by_path.split_at(start);
        &rest[..rest.partition_point(|at| path(at).starts_with(&prefix))]
    }
}

/// For each pack the artifacts of other packs that lead into it, in their order.
#[derive(Debug)]
pub(super) struct Visitors(Vec<Vec<usize>>);

impl Visitors {
    pub(super) fn new(packs: &Packs) -> Self {
        let mut visitors = vec![Vec::new(); packs.packs.len()];
        for (from, outgoing) in packs.outgoing.iter().enumerate() {
            for to in &outgoing.abroad {
                let visitors: &mut Vec<usize> = &mut visitors[packs.artifacts[*to].pack];
                if visitors.last() != Some(&from) {
                    visitors.push(from);
                }
            }
        }
        Self(visitors)
    }
}

/// Lists of indexes, those of artifacts by their place in the pack.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// The pack's first artifact.
    start: usize,
    last_change: Vec<Option<usize>>,
    entries: Vec<Vec<usize>>,
    entry_artifact: FxHashMap<usize, usize>,
    incoming: Vec<Vec<(usize, usize)>>,
    back_links: Vec<Vec<usize>>,
    /// Entries of the log about the pack, in order of landing.
    pub(super) pack_entries: Vec<usize>,
    /// Decisions about documents of the pack with which no status changed, in order of landing, each with its artifact
    /// when that is still there.
    pub(super) decisions: Vec<(usize, Option<usize>)>,
    /// What branches did to documents of the pack on their way, likewise.
    pub(super) inside: Vec<(usize, Option<usize>)>,
    inside_of: FxHashMap<usize, Vec<usize>>,
}

impl Lookup {
    pub(super) fn new(
        packs: &Packs,
        log: &DecisionLog,
        index: &LogIndex,
        visitors: &Visitors,
        pack: usize,
    ) -> Self {
        let own = packs.of(pack);
        let count = own.len();
        let mut lookup = Self {
            start: own.start,
            last_change: vec![None; count],
            entries: vec![Vec::new(); count],
            incoming: vec![Vec::new(); count],
            back_links: vec![Vec::new(); count],
            ..Self::default()
        };
        lookup.add_history(packs, log, index, pack);
        lookup.add_decisions(packs, log, index, pack);
        let visitors = &visitors.0[pack];
        let (before, after) = visitors.split_at(visitors.partition_point(|from| *from < own.start));
        let leading = before.iter().copied().chain(own).chain(after.iter().copied());
        leading.for_each(|from| lookup.add_links(packs, from));
        lookup
    }

    /// The entry of `DecisionLog::last_changes` with the bytes that an artifact of the pack has.
    pub(super) fn last_change(&self, artifact: usize) -> Option<usize> {
        *self.last_change.get(artifact.checked_sub(self.start)?)?
    }

    /// The entries of the log about an artifact of the pack, in order of landing.
    pub(super) fn entries(&self, artifact: usize) -> &[usize] {
        self.of(&self.entries, artifact)
    }

    /// The relations that lead to an artifact of the pack: who declares them, and as which of its relations.
    pub(super) fn incoming(&self, artifact: usize) -> &[(usize, usize)] {
        self.of(&self.incoming, artifact)
    }

    /// The artifacts that link to an artifact of the pack, once each.
    pub(super) fn back_links(&self, artifact: usize) -> &[usize] {
        self.of(&self.back_links, artifact)
    }

    /// The artifact that an entry of the pack is about, when it is still there.
    pub(super) fn artifact_of(&self, entry: usize) -> Option<usize> {
        self.entry_artifact.get(&entry).copied()
    }

    /// What branches did to an artifact of the pack on their way, in order of landing.
    pub(super) fn inside_of(&self, artifact: usize) -> &[usize] {
        self.inside_of.get(&artifact).map_or(&[], Vec::as_slice)
    }

    fn of<'l, T>(&self, lists: &'l [Vec<T>], artifact: usize) -> &'l [T] {
        let at = artifact.checked_sub(self.start);
        at.and_then(|at| lists.get(at)).map_or(&[], Vec::as_slice)
    }

    fn add_links(&mut self, packs: &Packs, from: usize) {
        let outgoing = &packs.outgoing[from];
        for to in outgoing.linked().filter(|to| *to != from) {
            let Some(links) = to.checked_sub(self.start).and_then(|at| self.back_links.get_mut(at))
            else {
                continue;
            };
            if links.last() != Some(&from) {
                links.push(from);
            }
        }
        for (at, relation) in outgoing.relations.iter().enumerate() {
            let to = relation.to.checked_sub(self.start);
            if let Some(incoming) = to.and_then(|to| self.incoming.get_mut(to)) {
                incoming.push((from, at));
            }
        }
    }

    fn add_history(&mut self, packs: &Packs, log: &DecisionLog, index: &LogIndex, pack: usize) {
        let mut candidates: BTreeSet<usize> =
            index.inside(log, &packs.packs[pack].folder).iter().copied().collect();
        for at in packs.of(pack) {
            let artifact = &packs.artifacts[at];
            let Some(change) = index.documents.change(&artifact.path) else { continue };
            // Other bytes are not committed yet.
            if log.last_changes[change].blob == artifact.blob {
                self.last_change[at - self.start] = Some(change);
            }
            candidates.extend(index.documents.entries(log.last_changes[change].line));
        }
        for at in candidates {
            let entry = &log.entries[at];
            let about = (entry.line, &entry.path, entry.document.as_str());
            let (artifact, home) = index.home(packs, log, about);
            if home != Some(pack) {
                continue;
            }
            self.pack_entries.push(at);
            if let Some(artifact) = artifact {
                self.entry_artifact.insert(at, artifact);
                self.entries[artifact - self.start].push(at);
            }
        }
    }

    fn add_decisions(&mut self, packs: &Packs, log: &DecisionLog, index: &LogIndex, pack: usize) {
        let told = self.pack_entries.iter().map(|at| &log.entries[*at]);
        let told: BTreeSet<(usize, usize)> =
            told.map(|entry| (entry.line, entry.landing.index)).collect();
        let alive = packs.of(pack).filter_map(|at| index.documents.line(&packs.artifacts[at].path));
        let lines: BTreeSet<usize> = told.iter().map(|(line, _)| *line).chain(alive).collect();
        for at in lines.iter().flat_map(|line| index.documents.approvals(*line)) {
            let one = &log.approvals[*at];
            if told.contains(&(one.line, one.landing.index)) {
                continue;
            }
            let about = (one.line, &one.path, one.document.as_str());
            let (artifact, home) = index.home(packs, log, about);
            if home == Some(pack) {
                self.decisions.push((*at, artifact));
            }
        }
        self.decisions.sort_unstable();
        for (at, one) in log.inside.iter().enumerate() {
            let (artifact, home) =
                index.home(packs, log, (one.line, &one.path, one.document.as_str()));
            if home == Some(pack) {
                self.inside.push((at, artifact));
                if let Some(artifact) = artifact {
                    self.inside_of.entry(artifact).or_default().push(at);
                }
            }
        }
    }
}
