//! What is looked up again and again while pages are planned: made once per version, in one pass over each list.

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::history::{DecisionLog, LastChange};
use crate::pack::{Folders, Packs};

/// Lists of indexes, each aligned with `Packs::artifacts`.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// The artifact of a path.
    pub(super) by_path: FxHashMap<String, usize>,
    /// The artifact of a pack and a stated id.
    pub(super) by_id: FxHashMap<(usize, String), usize>,
    /// The entry of `DecisionLog::last_changes` with the same bytes.
    pub(super) last_change: Vec<Option<usize>>,
    /// Entries of the log, in order of landing.
    pub(super) entries: Vec<Vec<usize>>,
    /// The artifact that each entry of the log is about, when it is still there.
    pub(super) entry_artifact: Vec<Option<usize>>,
    /// Findings, in order.
    pub(super) findings: Vec<Vec<usize>>,
    /// Entries of the log by pack, in order of landing.
    pub(super) pack_entries: Vec<Vec<usize>>,
    /// Findings by pack, in order; those of a pack inside it count too.
    pub(super) pack_findings: Vec<Vec<usize>>,
    /// Relations that the artifact declares.
    pub(super) outgoing: Vec<Vec<usize>>,
    /// Relations that lead to the artifact.
    pub(super) incoming: Vec<Vec<usize>>,
}

impl Lookup {
    pub(super) fn new(packs: &Packs, diagnostics: &[Diagnostic], log: &DecisionLog) -> Self {
        let count = packs.artifacts.len();
        let mut lookup = Self {
            last_change: vec![None; count],
            entries: vec![Vec::new(); count],
            findings: vec![Vec::new(); count],
            pack_entries: vec![Vec::new(); packs.packs.len()],
            pack_findings: vec![Vec::new(); packs.packs.len()],
            outgoing: vec![Vec::new(); count],
            incoming: vec![Vec::new(); count],
            ..Self::default()
        };
        for (at, artifact) in packs.artifacts.iter().enumerate() {
            lookup.by_path.insert(artifact.path.to_string(), at);
            if artifact.has_id {
                lookup.by_id.insert((artifact.pack, artifact.id.clone()), at);
            }
        }
        let folders = Folders::new(&packs.packs);
        lookup.add_history(packs, &folders, log);
        for (at, diagnostic) in diagnostics.iter().enumerate() {
            if let Some(artifact) = lookup.by_path.get(diagnostic.path.as_str()) {
                lookup.findings[*artifact].push(at);
            }
            for pack in folders.holding(&diagnostic.path) {
                lookup.pack_findings[pack].push(at);
            }
        }
        for (at, relation) in packs.relations.iter().enumerate() {
            lookup.outgoing[relation.from].push(at);
            lookup.incoming[relation.to].push(at);
        }
        lookup
    }

    fn add_history(&mut self, packs: &Packs, folders: &Folders<'_>, log: &DecisionLog) {
        let mut by_line: FxHashMap<usize, usize> = FxHashMap::default();
        for (at, change) in log.last_changes.iter().enumerate() {
            if let Some(artifact) = self.by_path.get(change.path.as_str()) {
                by_line.entry(change.line).or_insert(*artifact);
            }
            if let Some(artifact) = self.unchanged_since(packs, change) {
                self.last_change[artifact] = Some(at);
            }
        }
        for (at, entry) in log.entries.iter().enumerate() {
            let pack = folders.holding(&entry.path).next();
            // A file that moved in the work tree is not in the log yet, but keeps its id.
            let moved = || self.by_id.get(&(pack?, entry.document.clone())).copied();
            let artifact = by_line.get(&entry.line).copied().or_else(moved);
            self.entry_artifact.push(artifact);
            let pack = artifact.map(|artifact| packs.artifacts[artifact].pack).or(pack);
            if let Some(pack) = pack {
                self.pack_entries[pack].push(at);
            }
            if let Some(artifact) = artifact {
                self.entries[artifact].push(at);
            }
        }
    }

    /// Finds the artifact whose bytes are those of its last change; other bytes are not committed yet.
    fn unchanged_since(&self, packs: &Packs, change: &LastChange) -> Option<usize> {
        let artifact = *self.by_path.get(change.path.as_str())?;
        (packs.artifacts[artifact].blob == change.blob).then_some(artifact)
    }
}
