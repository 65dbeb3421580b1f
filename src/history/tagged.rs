//! What annotated tags say of approvals: the ends of their messages are read like those of commits, at the landings that
//! they name.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::graph::Graph;
use crate::approvals::{InTag, Said, has_keys, said};
use crate::git::{HistoryReader, RefKind, Repository, Tag};
use crate::signature::Signed;
use crate::source::ObjectId;

/// A tag that says something of approvals.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    pub(super) tag: Rc<InTag>,
    pub(super) said: Rc<[Said]>,
    /// What it names.
    commit: ObjectId,
}

/// The tags of a repository, as far as approvals go.
#[derive(Debug, Default)]
pub(super) struct Tags {
    pub(super) saying: Vec<Saying>,
    /// How many cannot be read: they may say something of approvals.
    pub(super) lost: usize,
}

/// Tags by the landings that they name.
pub(super) type Tagged = FxHashMap<usize, Vec<Saying>>;

/// Reads the tags of a repository that say something of approvals, and counts those that cannot be read.
pub(super) fn read(repository: &Repository, reader: &HistoryReader) -> Tags {
    let listed = repository.refs().unwrap_or_default();
    let lost = listed.lost_tags();
    let tags = listed.refs.into_iter().filter(|one| one.kind == RefKind::Tag);
    let says = |one: crate::git::RefFacts| {
        let object = one.tag?;
        let raw = reader.tag_bytes(object).ok().filter(|raw| has_keys(raw))?;
        let tag = Tag::parse(&Signed::tag(&raw).payload)?;
        let said = said(&tag.message);
        let tagger = tag.tagger.filter(|_| !said.is_empty())?;
        let tag = InTag {
            name: one.name,
            object,
            tagger: tagger.name,
            email: tagger.email,
            time: tagger.time,
            offset: tagger.offset,
        };
        Some(Saying { tag: Rc::new(tag), said: said.into(), commit: one.commit })
    };
    Tags { saying: tags.filter_map(says).collect(), lost }
}

/// Sorts tags by the landings that they name; what names none of them counts nowhere.
pub(super) fn by_landing(graph: &Graph, tags: &[Saying]) -> Tagged {
    let mut found = Tagged::default();
    for one in tags {
        let Some(at) = graph.place(one.commit) else { continue };
        let landing = graph.nodes[at].landing;
        if graph.landings[landing] == at {
            found.entry(landing).or_default().push(one.clone());
        }
    }
    found
}

/// Digests a key together with the tags on which a log rests.
pub(super) fn key(key: &blake3::Hash, tags: &[Saying]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key.as_bytes());
    for one in tags {
        hasher.update(one.tag.object.as_bytes());
        hasher.update(one.tag.name.as_bytes());
    }
    hasher.finalize()
}
