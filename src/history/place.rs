//! Where a document is in a commit, and what it says there.

use super::beside::{Side, moved};
use super::graph::At;
use super::lineage::likeness;
use super::log::StatusAt;
use super::recount::Recount;
use super::three_way::computed;
use super::words::KindAt;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// How deep merge bases of merge bases are followed.
const DEEPEST: usize = 8;

/// The document that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) path: RepoPath,
    pub(super) id: Option<String>,
    /// Ids that it had before.
    pub(super) was: Box<[String]>,
    pub(super) kind: KindAt,
    /// The file of fields beside it.
    pub(super) side: Option<RepoPath>,
    /// The section or the row that is asked about.
    pub(super) part: Option<String>,
}

/// A document in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: RepoPath,
    pub(super) blob: ObjectId,
    pub(super) side: Option<Side>,
}

/// Where a document is in one commit.
pub(super) type Found = Option<Place>;

/// Reads what is compared out of a found document.
type Take<'r, V> = fn(&mut Recount<'r>, &Target, &Found) -> V;

impl Target {
    /// A file that nothing but its path names.
    pub(super) fn at(path: RepoPath) -> Self {
        Self { path, id: None, was: Box::default(), kind: 0, side: None, part: None }
    }

    /// The same document at another path, when it lies at one.
    pub(super) fn at_path(&self, path: Option<RepoPath>) -> Self {
        let Some(path) = path else { return self.clone() };
        let side = self.side.as_ref().and_then(|side| moved(side, &self.path, &path));
        Self { path, side, ..self.clone() }
    }

    fn is_meant(&self, id: Option<&String>) -> bool {
        id.is_some_and(|id| Some(id) == self.id.as_ref() || self.was.contains(id))
    }
}

impl<'r> Recount<'r> {
    /// Finds in a parent the document that a child has: at its path, or where its id stood before it moved.
    pub(super) fn locate(&mut self, child: At, parent: At, target: &Target) -> Result<Found, Lack> {
        let tree = self.graph.nodes[parent].tree;
        if let Some(place) = self.at(tree, target, &target.path)? {
            let there = self.memo.of(self.reader, place.blob);
            if there.id.is_none() || target.id.is_none() || target.is_meant(there.id.as_ref()) {
                return Ok(Some(place));
            }
        }
        let child = self.graph.nodes[child].tree;
        let own = self.trees.find(child, &target.path)?;
        let changes = self.trees.known_diff(tree, child)?;
        let mut states = |blob: Option<ObjectId>| {
            blob.is_some_and(|blob| target.is_meant(self.memo.of(self.reader, blob).id.as_ref()))
        };
        let moved = changes.iter().filter(|change| match &target.id {
            // A file that still states the id is another pack's document.
            Some(_) => states(change.old) && !states(change.new),
            None => change.new.is_none() && own.is_some() && own == change.old,
        });
        let best =
            moved.max_by_key(|change| (change.old == own, likeness(&change.path, &target.path)));
        match best.map(|change| change.path.clone()) {
            Some(path) => self.at(tree, target, &path),
            None => Ok(None),
        }
    }

    /// Finds the document at a path of a tree, and the file of fields beside it.
    pub(super) fn at(
        &mut self,
        tree: ObjectId,
        target: &Target,
        path: &RepoPath,
    ) -> Result<Found, Lack> {
        let Some(blob) = self.trees.find(tree, path)? else { return Ok(None) };
        let beside = target.side.as_ref().and_then(|side| moved(side, &target.path, path));
        let side = match beside {
            Some(beside) => self.trees.find(tree, &beside)?.map(|blob| Side { path: beside, blob }),
            None => None,
        };
        Ok(Some(Place { path: path.clone(), blob, side }))
    }

    /// Finds a document in all parents of a commit.
    pub(super) fn in_parents(&mut self, at: At, target: &Target) -> Result<Vec<Found>, Lack> {
        let parents = self.graph.nodes[at].parents.clone();
        parents.into_iter().map(|parent| self.locate(at, parent, target)).collect()
    }

    /// Reads the status of a found document.
    pub(super) fn status_of(&mut self, target: &Target, place: &Found) -> StatusAt {
        let Some(Place { blob, side, .. }) = place else { return StatusAt::NoDocument };
        self.memo.stand(self.reader, *blob, side.as_ref(), target.kind).status
    }

    /// Computes what the document was at the base of the parents of a merge; with several bases what their own merge
    /// would be. Nothing when they conflict.
    pub(super) fn at_base<V: PartialEq + Clone>(
        &mut self,
        at: At,
        target: &Target,
        take: Take<'r, V>,
        cut: &V,
    ) -> Result<Option<V>, Lack> {
        let parents = self.graph.nodes[at].parents.clone();
        self.base_of(at, &parents, target, take, cut, 0)
    }

    fn base_of<V: PartialEq + Clone>(
        &mut self,
        child: At,
        parents: &[At],
        target: &Target,
        take: Take<'r, V>,
        cut: &V,
        depth: usize,
    ) -> Result<Option<V>, Lack> {
        let Some((first, others)) = parents.split_first() else { return Ok(None) };
        let mut bases = vec![*first];
        for other in others {
            let Some(found) = self.graph.merge_bases(bases[0], *other) else {
                return Ok(Some(cut.clone()));
            };
            if found.is_empty() {
                return Ok(Some(take(self, target, &None)));
            }
            bases = found;
        }
        let mut values = Vec::new();
        for base in &bases {
            let place = self.locate(child, *base, target)?;
            values.push(take(self, target, &place));
        }
        if values.iter().all(|value| *value == values[0]) {
            return Ok(values.pop());
        }
        if depth == DEEPEST {
            return Ok(None);
        }
        let below = self.base_of(child, &bases, target, take, cut, depth + 1)?;
        Ok(computed(below.as_ref(), &values).cloned())
    }
}
