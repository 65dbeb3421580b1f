//! What links may name inside one pack: paths, addresses and ids.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Artifact;
use crate::source::RepoPath;

/// The addresses inside one pack: the numbers are places among its artifacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// By path in the repository.
    pub paths: FxHashMap<RepoPath, usize>,
    /// By address inside the version folder.
    pub routes: FxHashMap<String, usize>,
    /// By stated id, in small letters. Of two artifacts with one id the first is found; a rule tells about the other.
    pub ids: FxHashMap<String, usize>,
    /// Rows by id, in small letters, where no artifact states it.
    pub rows: FxHashMap<String, RowPlace>,
}

/// Where a row with an id lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPlace {
    /// The artifact, as a place in its pack.
    pub artifact: usize,
    /// Index in [`Artifact::records`].
    pub row: usize,
    /// Its anchor; empty when the page has none for it.
    pub anchor: String,
}

impl Names {
    /// Lists the addresses of a pack's artifacts.
    pub fn new(artifacts: &[Arc<Artifact>]) -> Self {
        let mut names = Self::default();
        for (at, artifact) in artifacts.iter().enumerate() {
            names.paths.insert(artifact.path.clone(), at);
            names.routes.insert(artifact.route.clone(), at);
            if artifact.has_id {
                names.ids.entry(artifact.id.to_lowercase()).or_insert(at);
            }
        }
        for (at, artifact) in artifacts.iter().enumerate() {
            for (row, record) in artifact.records.iter().enumerate() {
                let id = record.id.to_lowercase();
                if !names.ids.contains_key(&id) {
                    let anchor = if record.anchored { record.id.clone() } else { String::new() };
                    names.rows.entry(id).or_insert(RowPlace { artifact: at, row, anchor });
                }
            }
        }
        names
    }
}
