//! The figures of packs: they rest on the pages of a pack and on the data files that these name.

use std::sync::Arc;

use rayon::prelude::*;

use super::round::{Ground, shares};
use crate::figures::{Figures, gather};
use crate::pack::Packs;
use crate::pack::contacts::Covered;
use crate::pack::gather::Part;
use crate::source::{ObjectId, ReadBlob, RepoPath, SnapshotReader};

impl Ground<'_> {
    /// Gathers the figures of each pack, as far as the round before does not know them.
    pub(super) fn figures(&self, packs: &Packs, parts: &[Arc<Part>]) -> Vec<Arc<Figures>> {
        let is_same = |(path, blob): &(RepoPath, Option<ObjectId>)| {
            self.snapshot.file(path.as_str()).map(|file| file.blob) == *blob
        };
        let gathered = (0..parts.len()).into_par_iter().map(|at| {
            let known = self.before.filter(|before| shares(&before.parts, parts, at));
            let known = known.and_then(|before| before.packs.figures.get(at));
            match known.filter(|known| known.files.iter().all(is_same)) {
                Some(known) => Arc::clone(known),
                None => Arc::new(self.gathered(packs, at)),
            }
        });
        gathered.collect()
    }

    fn gathered(&self, packs: &Packs, pack: usize) -> Figures {
        gather(packs, pack, &|path| {
            let file = self.snapshot.file(path.as_str())?;
            let bytes = self.blobs.reader().map_err(|failure| failure.message).and_then(|reader| {
                let read = &SnapshotReader::new(&*reader, self.snapshot);
                Covered { read, contacts: &self.scope.contacts }.read(file.blob)
            });
            Some((file.blob, bytes))
        })
    }
}
