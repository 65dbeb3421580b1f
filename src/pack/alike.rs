//! Which file a path may mean that no file has: looked up, because a repository may have as many such links as files.

use rustc_hash::FxHashMap;

use super::Packs;

/// The artifacts by their paths in small letters; of several that are the same then, the first.
#[derive(Debug, Default)]
pub struct Alike {
    paths: FxHashMap<String, usize>,
    /// By the last part alone: the first, and whether there is no other.
    names: FxHashMap<String, (usize, bool)>,
}

impl Alike {
    /// Takes the artifacts of a snapshot.
    pub fn new(packs: &Packs) -> Self {
        let mut alike = Self::default();
        for (at, artifact) in packs.artifacts.iter().enumerate() {
            let path = artifact.path.as_str();
            alike.paths.entry(path.to_lowercase()).or_insert(at);
            let named = alike.names.entry(name(path)).or_insert((at, true));
            named.1 = named.0 == at;
        }
        alike
    }

    /// Finds the artifact whose path differs in the case of letters only.
    pub fn spelled(&self, path: &str) -> Option<usize> {
        self.paths.get(&path.to_lowercase()).copied()
    }

    /// Finds an artifact of the same file name in any folder.
    pub fn named(&self, path: &str) -> Option<usize> {
        self.names.get(&name(path)).map(|(at, _)| *at)
    }

    /// Finds the artifact of the same file name, if there is only one.
    pub fn only(&self, path: &str) -> Option<usize> {
        self.names.get(&name(path)).filter(|(_, is_only)| *is_only).map(|(at, _)| *at)
    }
}

/// Returns the last part of a path in small letters.
pub fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}
