//! The files that a text shows or includes: pictures and `{{#include}}`. What somebody approves is about them too.

use super::super::{LinkForm, include};
use crate::pack::links::{is_external, percent_decode};
use crate::source::{ObjectId, RepoPath};

/// A file that a text shows or includes, and where the text does so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it stands in the text.
    pub at: usize,
    /// Its path as it is written, decoded.
    target: String,
}

/// Finds the files that a text shows or includes, in the order of the text.
pub fn shown(bytes: &[u8]) -> Vec<Shown> {
    let has = |mark: &[u8]| memchr::memmem::find(bytes, mark).is_some();
    let text = super::text_of(bytes);
    let mut all = Vec::new();
    if has(b"![") || has(b"<img") || has(b"<IMG") {
        let links = super::super::parse(text.as_bytes()).links.into_iter();
        let pictures = links.filter(|it| it.form == LinkForm::Image && !is_external(&it.target));
        all.extend(pictures.filter_map(|it| {
            let end = it.target.find(['#', '?']).unwrap_or(it.target.len());
            let target = percent_decode(&it.target[..end]);
            (!target.is_empty()).then_some(Shown { at: it.span.start, target })
        }));
    }
    if has(b"{{#") {
        let files = include::files(&text).into_iter();
        all.extend(files.map(|(at, target)| Shown { at, target: target.to_owned() }));
    }
    all.sort_by_key(|it| it.at);
    all
}

impl Shown {
    /// Finds the file at the first of its places that has one.
    pub fn find<T>(
        &self,
        path: &RepoPath,
        file: &mut dyn FnMut(&RepoPath) -> Option<T>,
    ) -> Option<T> {
        self.places(path).find_map(|place| file(&place))
    }

    /// Lists where the file may lie: seen from the folder of the document, else from each folder above it, the outermost
    /// first.
    pub fn places<'s>(&'s self, path: &'s RepoPath) -> impl Iterator<Item = RepoPath> + use<'s> {
        let folder = path.folder();
        let beside = Some(folder).filter(|_| !self.target.starts_with('/'));
        let inner = folder.match_indices('/').map(|(at, _)| at);
        let ends = std::iter::once(0).chain(inner).chain(std::iter::once(folder.len()));
        let above = ends.map(move |end| &folder[..end]);
        beside.into_iter().chain(above).filter_map(|from| RepoPath::resolve(from, &self.target))
    }
}

/// Digests a text together with the files that it shows, by the ids that Git gives them; each counts once.
pub fn with_files(text: super::Digest, files: &[ObjectId]) -> super::Digest {
    let mut parts = vec!["files".to_owned(), text.write()];
    for file in files.iter().map(ToString::to_string) {
        if !parts.contains(&file) {
            parts.push(file);
        }
    }
    if files.is_empty() {
        return text;
    }
    super::of_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}
