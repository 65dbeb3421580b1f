//! Finds the document that has a row: rows with ids are documents in small, and approved by their own ids.

use super::lineage::Line;
use super::recount::Recount;
use crate::pack::records;
use crate::source::ObjectId;

impl Recount<'_> {
    /// Finds the documents with a row of this id, with or without the name of their pack's folder before it.
    pub(super) fn with_row(&mut self, name: &str) -> Vec<Line> {
        let (pack, id) = name.split_once(':').map_or((None, name), |(pack, id)| (Some(pack), id));
        let files = self.lineages.files.iter().filter(|(path, _)| {
            let own = self.lineages.pack_of(path).rsplit('/').next();
            pack.is_none_or(|pack| own == Some(pack))
        });
        let holds = |kind, blob| self.has_row(kind, blob, id);
        let found = files.filter(|(path, file)| holds(self.kind_of(path, &file.facts), file.blob));
        found.map(|(_, file)| file.line).collect()
    }

    fn has_row(&self, kind: super::words::KindAt, blob: ObjectId, id: &str) -> bool {
        let kind = self.memo.vocabulary.kind(kind);
        let Some(kind) = kind.filter(|kind| kind.has_records()) else { return false };
        let Ok(start) = self.reader.blob_start(blob, usize::MAX) else { return false };
        memchr::memmem::find(&start.bytes, id.as_bytes()).is_some()
            && records::of(kind, &crate::document::parse(&start.bytes))
                .iter()
                .any(|row| row.id == id)
    }
}
