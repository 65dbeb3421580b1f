//! Every text that a document had, and documents by the names that people use.

use serde::{Deserialize, Serialize};

use super::lineage::{Line, Lineages, Live};
use crate::source::{ObjectId, RepoPath};

/// A document after a landing that touched it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Text {
    pub(super) landing: usize,
    /// Nothing when it was gone.
    pub(super) place: Option<(RepoPath, ObjectId)>,
    /// Whether no other file stated the id.
    pub(super) clear: bool,
}

impl Lineages {
    /// Notes the text that a document has after a landing.
    pub(super) fn note_text(&mut self, landing: usize, line: Line) {
        let lineage = &mut self.all[line];
        let holder = lineage.holders.first().and_then(|path| self.files.get_key_value(path));
        let place = holder.map(|(path, file)| (path.clone(), file.blob));
        let clear = lineage.holders.len() < 2;
        lineage.texts.push(Text { landing, place, clear });
    }

    /// Finds documents by an id, with or without the name of their pack's folder before it, or by a path.
    pub(super) fn named(&self, name: &str) -> Vec<Line> {
        if let Some(file) = self.files.get(&RepoPath::new(name)) {
            return vec![file.line];
        }
        let (pack, id) = name.split_once(':').map_or((None, name), |(pack, id)| (Some(pack), id));
        let mut lines: Vec<Line> = self
            .files
            .iter()
            .filter(|(_, file)| self.id_of(file) == Some(id))
            .filter(|(path, _)| {
                pack.is_none_or(|pack| self.pack_of(path).rsplit('/').next() == Some(pack))
            })
            .map(|(_, file)| file.line)
            .collect();
        lines.dedup();
        lines
    }

    /// Returns the id that a file states, or stated last when it cannot be read now.
    fn id_of<'f>(&'f self, file: &'f Live) -> Option<&'f str> {
        let kept = || self.all[file.line].id.as_deref().filter(|_| !file.facts.readable());
        file.facts.id.as_deref().or_else(kept)
    }
}
