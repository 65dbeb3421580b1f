//! Files of fields beside pages: `0001-gateway.yaml` beside `0001-gateway.md`, and by names from the settings beside the
//! page that stands for a folder. Their status counts where the page states none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::trees::Change;
use crate::pack::route::stands_for_folder;
use crate::source::{ObjectId, RepoPath, is_markdown};

/// A file of fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Side {
    pub(super) path: RepoPath,
    pub(super) blob: ObjectId,
}

/// All files of fields that are there now.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sides {
    files: BTreeMap<RepoPath, ObjectId>,
    /// Names that belong to the page of their folder.
    names: Vec<String>,
}

/// Tells whether a file may state the fields of a page beside it.
pub(super) fn is_fields(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "toml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Returns where the file of fields lies when its page lies elsewhere; nothing when it would not belong to the page there.
pub(super) fn moved(side: &RepoPath, page: &RepoPath, to: &RepoPath) -> Option<RepoPath> {
    if side.stem() == page.stem() {
        return Some(in_folder(to.folder(), &format!("{}.{}", to.stem(), side.extension())));
    }
    stands_for_folder(to).then(|| in_folder(to.folder(), side.name()))
}

fn in_folder(folder: &str, name: &str) -> RepoPath {
    RepoPath::new(&if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
}

impl Sides {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { files: BTreeMap::new(), names }
    }

    pub(super) fn note(&mut self, change: &Change) {
        match change.new {
            Some(blob) => self.files.insert(change.path.clone(), blob),
            None => self.files.remove(&change.path),
        };
    }

    /// Finds the file of fields of a page: one of the same name, else the one that the settings name.
    pub(super) fn of(&self, page: &RepoPath) -> Option<Side> {
        if self.files.is_empty() {
            return None;
        }
        let start = page.as_str().rsplit_once('.').map_or("", |(start, _)| start);
        let prefix = format!("{start}.");
        let same = self.range(&prefix).filter(|(path, _)| path.stem() == page.stem());
        let by_name = || {
            let names = self.names.iter().filter(|_| stands_for_folder(page));
            let mut paths = names.map(|name| in_folder(page.folder(), name));
            paths.find_map(|path| self.files.get_key_value(&path))
        };
        let found = same.last().or_else(by_name);
        found.map(|(path, blob)| Side { path: path.clone(), blob: *blob })
    }

    /// Lists the pages that a file of fields may belong to.
    pub(super) fn pages<'f, T>(
        &self,
        path: &RepoPath,
        files: &'f BTreeMap<RepoPath, T>,
    ) -> impl Iterator<Item = &'f RepoPath> {
        let is_named = self.names.iter().any(|name| name == path.name());
        let folder = path.folder().to_owned();
        let stem = path.stem().to_owned();
        let prefix = match (is_named, folder.as_str()) {
            (true, "") => String::new(),
            (true, folder) => format!("{folder}/"),
            (false, "") => format!("{stem}."),
            (false, folder) => format!("{folder}/{stem}."),
        };
        files
            .range(RepoPath::new(&prefix)..)
            .map(|(page, _)| page)
            .take_while(move |page| page.as_str().starts_with(&prefix))
            .filter(move |page| page.folder() == folder && is_markdown(page.as_str()))
            .filter(move |page| page.stem() == stem || is_named && stands_for_folder(page))
    }

    fn range<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s RepoPath, &'s ObjectId)> {
        let files = self.files.range(RepoPath::new(prefix)..);
        files.take_while(move |(path, _)| path.as_str().starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_folder_belongs_to_the_page_that_stands_for_it() {
        for (side, page, to, expected) in [
            ("a/one.yaml", "a/one.md", "b/two.md", Some("b/two.yaml")),
            ("a/kep.yaml", "a/README.md", "b/c/README.md", Some("b/c/kep.yaml")),
            ("a/kep.yaml", "a/README.md", "README.md", Some("kep.yaml")),
            ("a/kep.yaml", "a/README.md", "a/draft.md", None),
        ] {
            let found = moved(&RepoPath::new(side), &RepoPath::new(page), &RepoPath::new(to));
            assert_eq!(found.as_ref().map(RepoPath::as_str), expected, "{side} {page} {to}");
        }
    }
}
