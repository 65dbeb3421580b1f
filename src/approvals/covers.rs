//! What somebody approves: a document, or a section or a row of it, with the files that it shows or includes.

use crate::document::digest::{self, Digest, Shown};
use crate::kinds::Kind;
use crate::pack::records;
use crate::source::{ObjectId, RepoPath};

/// A text at one commit, with the files that it shows there.
#[derive(Debug)]
pub struct Covers<'a> {
    bytes: &'a [u8],
    kind: Option<&'a Kind>,
    /// Where each file is shown, and which it is.
    files: Vec<(usize, ObjectId)>,
}

impl<'a> Covers<'a> {
    /// Takes a text; `file` finds a regular file of the same commit.
    pub fn new(
        bytes: &'a [u8],
        path: &RepoPath,
        kind: Option<&'a Kind>,
        file: &mut dyn FnMut(&RepoPath) -> Option<ObjectId>,
    ) -> Self {
        let shown = digest::shown(bytes);
        let found = shown.iter().filter_map(|it: &Shown| Some((it.at, it.find(path, file)?)));
        Self { files: found.collect(), bytes, kind }
    }

    /// Names what the whole says.
    pub fn whole(&self) -> Digest {
        digest::with_files(digest::of_bytes(self.bytes), &self.ids(0..usize::MAX))
    }

    /// Names what the whole says however it is written.
    pub fn likeness(&self) -> Digest {
        digest::with_files(digest::likeness(self.bytes), &self.ids(0..usize::MAX))
    }

    /// Names what a section or a row says; nothing when there is none of that name.
    pub fn part(&self, name: &str) -> Option<Digest> {
        if let Some((said, span)) = digest::of_section(self.bytes, name) {
            return Some(digest::with_files(said, &self.ids(span)));
        }
        let document = crate::document::parse(self.bytes);
        let rows = records::of(self.kind?, &document);
        rows.into_iter().find(|row| row.id == name).map(|row| row.digest)
    }

    /// Names what the whole says, or a part of it.
    pub fn said(&self, part: Option<&str>) -> Option<Digest> {
        part.map_or_else(|| Some(self.whole()), |name| self.part(name))
    }

    fn ids(&self, part: std::ops::Range<usize>) -> Vec<ObjectId> {
        self.files.iter().filter(|(at, _)| part.contains(at)).map(|(_, id)| *id).collect()
    }
}
