//! What a log leaves behind for the next run: all that was found up to the tip, so that only what landed since is told.
//! Bytes that are damaged, of another program or of another question are as good as none.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::drafting::Drafts;
use super::graph::{Graph, Known, Read};
use super::lineage::{Line, Lineages};
use super::log::{Entry, LastChange};
use super::record::Notes;
use super::recount::{Question, Recount};
use super::statement::Remark;
use crate::source::ObjectId;

/// Says which program can read it; changes whenever a log is told in another way.
const FORMAT: &str = concat!("readymark ", env!("CARGO_PKG_VERSION"), " history 6\n");

/// Bytes of a digest.
const DIGEST: usize = blake3::OUT_LEN;

/// The last change of documents, by the landing that made it.
pub(super) type Changes = BTreeMap<(Line, usize), LastChange>;

/// What was found up to a landing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) commits: Vec<(ObjectId, Read)>,
    /// Number of landings, and a digest of them.
    pub(super) landings: usize,
    chain: [u8; DIGEST],
    pub(super) lineages: Lineages,
    pub(super) entries: Vec<Entry>,
    pub(super) notes: Vec<Notes>,
    pub(super) runs: FxHashMap<usize, usize>,
    /// What is odd about landings, beside their times.
    pub(super) noticed: Vec<Remark>,
    /// Commits that messages say were copied, and whether they could be read.
    pub(super) picked: BTreeMap<ObjectId, bool>,
    pub(super) drafts: Drafts,
    /// Landings before the last one at which versions stand, with what is noted for them.
    pub(super) versions: Vec<usize>,
    pub(super) changes: Changes,
    /// What is noted for the last landing.
    pub(super) last: Changes,
}

impl Kept {
    /// Reads bytes that answer the same question.
    pub(super) fn read(bytes: &[u8], key: &blake3::Hash) -> Option<Self> {
        let rest = bytes.strip_prefix(FORMAT.as_bytes())?.strip_prefix(key.as_bytes())?;
        let (digest, content) = rest.split_at_checked(DIGEST)?;
        (blake3::hash(content).as_bytes() == digest).then_some(())?;
        postcard::from_bytes(content).ok()
    }

    /// Writes it; nothing when it cannot be written.
    pub(super) fn write(&self, key: &blake3::Hash) -> Option<Vec<u8>> {
        let mut bytes = [FORMAT.as_bytes(), key.as_bytes()].concat();
        let digest = bytes.len()..bytes.len() + DIGEST;
        bytes.resize(digest.end, 0);
        let mut bytes = postcard::to_extend(self, bytes).ok()?;
        let found = blake3::hash(&bytes[digest.end..]);
        bytes[digest].copy_from_slice(found.as_bytes());
        Some(bytes)
    }

    /// Takes the commits out.
    pub(super) fn known(&mut self) -> Known {
        std::mem::take(&mut self.commits).into_iter().collect()
    }

    /// Tells whether a history only goes on from here, and versions stand where they stood or at later landings.
    pub(super) fn fits(&self, recount: &Recount<'_>) -> bool {
        let before: Vec<usize> =
            recount.stops().into_iter().filter(|at| at + 1 < self.landings).collect();
        let can_be_read = |commit| recount.reader.links(commit).is_ok();
        self.versions == before
            && chain(&recount.graph, self.landings) == Some(self.chain)
            && self.picked.iter().all(|(commit, could)| can_be_read(*commit) == *could)
    }

    /// Takes what was found, all but the commits.
    pub(super) fn of(mut recount: Recount<'_>) -> Self {
        let landings = recount.graph.landings.len();
        Self {
            commits: Vec::new(),
            landings,
            chain: chain(&recount.graph, landings).unwrap_or_default(),
            lineages: std::mem::take(&mut recount.lineages),
            entries: std::mem::take(&mut recount.entries),
            notes: std::mem::take(&mut recount.notes),
            runs: std::mem::take(&mut recount.runs),
            noticed: std::mem::take(&mut recount.noticed),
            picked: std::mem::take(&mut recount.picked),
            drafts: std::mem::take(&mut recount.drafts),
            versions: std::mem::take(&mut recount.versions),
            changes: std::mem::take(&mut recount.changes),
            last: std::mem::take(&mut recount.last),
        }
    }
}

/// Digests the first landings; nothing when there are fewer.
fn chain(graph: &Graph, landings: usize) -> Option<[u8; DIGEST]> {
    let mut hasher = blake3::Hasher::new();
    for at in graph.landings.get(..landings)? {
        hasher.update(graph.nodes[*at].id.as_bytes());
    }
    Some(hasher.finalize().into())
}

/// Digests all that a log depends on beside its commits.
pub(super) fn key(asked: &Question<'_>, shallow: &[ObjectId]) -> blake3::Hash {
    let words = [asked.reference, &format!("{:?}", asked.folders), &format!("{shallow:?}")];
    let mut hasher = blake3::Hasher::new();
    hasher.update(asked.vocabulary.digest().as_bytes());
    for word in words {
        hasher.update(&(word.len() as u64).to_le_bytes());
        hasher.update(word.as_bytes());
    }
    hasher.finalize()
}
