//! Which landing took a file away.

use super::log::DecisionLog;
use super::trees::Trees;
use crate::git::HistoryReader;
use crate::source::{ObjectId, RepoPath};

/// Finds the landing that took a file away between two versions, with its time; nothing where the history does not tell.
/// The log is the whole one, not that of a version.
pub fn removed(
    reader: &HistoryReader,
    log: &DecisionLog,
    path: &RepoPath,
    [from, to]: [ObjectId; 2],
) -> Option<(ObjectId, i64)> {
    let chain = &log.index.chain;
    let mut trees = Trees::new(reader, &[]);
    let mut is_there = |at: usize| {
        let tree = reader.links(chain.get(at)?.0).ok()?.tree;
        Some(trees.find(tree, path).ok()?.is_some())
    };
    let (mut there, mut gone) = (log.landing_of(from)?, log.landing_of(to)?);
    if there >= gone || !is_there(there)? || is_there(gone)? {
        return None;
    }
    while gone - there > 1 {
        let middle = there.midpoint(gone);
        if is_there(middle)? { there = middle } else { gone = middle }
    }
    chain.get(gone).copied()
}
