//! Which kind a file is, by what it states, by the settings and by its folder.

use crate::kinds::{self, Kind};
use crate::settings::Settings;
use crate::source::RepoPath;

/// The folders and patterns that give a kind to a file without a `kind` field.
#[derive(Debug, Default)]
pub struct KindFolders {
    declared: Vec<(globset::GlobMatcher, usize)>,
    conventional: Vec<(String, usize)>,
}

impl KindFolders {
    /// Takes what the settings and the kinds say.
    pub fn new(settings: &Settings, kinds: &[Kind]) -> Self {
        let find = |name: &str| kinds.iter().position(|kind| kind.name == name);
        let glob = |pattern: &str| {
            let folder = pattern.trim_end_matches('/');
            let is_folder =
                !folder.contains(['*', '?', '[', '{']) && RepoPath::new(folder).extension() != "md";
            let whole = if is_folder { format!("{folder}/**") } else { pattern.to_owned() };
            globset::GlobBuilder::new(&whole).literal_separator(true).build().ok()
        };
        Self {
            declared: settings
                .kinds
                .iter()
                .filter_map(|(pattern, kind)| Some((glob(pattern)?.compile_matcher(), find(kind)?)))
                .collect(),
            conventional: kinds
                .iter()
                .enumerate()
                .filter(|(_, kind)| !kind.folder.is_empty())
                .map(|(at, kind)| (kind.folder.clone(), at))
                .collect(),
        }
    }

    /// Tells the kind of a file whose field states `stated`. The field counts first, then a declared pattern, then, in a
    /// declared pack, the folder's name; what is left is a free page.
    pub fn kind_of(
        &self,
        path: &RepoPath,
        stated: Option<&str>,
        declared_pack: bool,
        kinds: &[Kind],
    ) -> usize {
        let stated = stated.and_then(|word| kinds::find(kinds, word));
        let by_pattern = || {
            self.declared.iter().find(|(glob, _)| glob.is_match(path.as_str())).map(|(_, at)| *at)
        };
        let by_folder = || {
            let folder = path.folder().rsplit('/').next().unwrap_or_default();
            let found = self.conventional.iter().find(|(name, _)| name == folder);
            found.filter(|_| declared_pack).map(|(_, at)| *at)
        };
        stated.or_else(by_pattern).or_else(by_folder).unwrap_or(kinds.len() - 1)
    }
}
