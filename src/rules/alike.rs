//! Which file a path may mean that no file has: looked up, because a repository may have as many such links as files.

use rustc_hash::FxHashMap;

use crate::pack::Packs;

/// The artifacts by their paths in small letters; of several that are the same then, the first.
#[derive(Debug, Default)]
pub(super) struct Alike {
    paths: FxHashMap<String, usize>,
    /// By the last part alone.
    names: FxHashMap<String, usize>,
}

impl Alike {
    /// Takes the artifacts of a snapshot.
    pub(super) fn new(packs: &Packs) -> Self {
        let mut alike = Self::default();
        for (at, artifact) in packs.artifacts.iter().enumerate() {
            let path = artifact.path.as_str();
            alike.paths.entry(path.to_lowercase()).or_insert(at);
            alike.names.entry(name(path)).or_insert(at);
        }
        alike
    }

    /// Finds the artifact whose path differs in the case of letters only.
    pub(super) fn spelled(&self, path: &str) -> Option<usize> {
        self.paths.get(&path.to_lowercase()).copied()
    }

    /// Finds an artifact of the same file name in any folder.
    pub(super) fn named(&self, path: &str) -> Option<usize> {
        self.names.get(&name(path)).copied()
    }
}

/// Returns the last part of a path in small letters.
pub(super) fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}
