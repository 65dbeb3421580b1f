//! Who made a change that a landing brought in: three-way at each merge, then down to the commit.

use super::graph::At;
use super::lineage::likeness;
use super::log::{Authorship, How, LandingKind, StatusAt};
use super::recount::Recount;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// How deep merge bases of merge bases are followed.
const DEEPEST: usize = 8;

/// The document that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) path: RepoPath,
    pub(super) id: Option<String>,
}

/// Where a document is in one commit.
type Found = Option<(RepoPath, ObjectId)>;

/// A parent and where it has the document.
type Step = Option<(At, RepoPath, ObjectId)>;

/// What the parents of a merge say about a value.
enum Verdict {
    /// The change came from this parent.
    Follow(At),
    /// The merge itself made it.
    Charged,
    /// It cannot be known.
    Unknown,
}

impl Recount<'_> {
    /// Finds the commit that gave the document its new status in a landing.
    pub(super) fn origin(
        &mut self,
        landing: usize,
        target: &Target,
        value: &StatusAt,
    ) -> Result<Option<Authorship>, Lack> {
        let top = self.graph.landings[landing];
        let (mut at, mut target) = (top, target.clone());
        let mut renamed = None;
        loop {
            let parent = match self.kind(at) {
                LandingKind::Boundary => return Ok(None),
                LandingKind::Root => return self.authorship(at, How::Root),
                LandingKind::Direct if at == top => return self.authorship(at, How::Commit),
                LandingKind::Direct => self.graph.nodes[at].parents[0],
                LandingKind::Merge => match self.judge(landing, at, &target, value)? {
                    Verdict::Follow(parent) => parent,
                    Verdict::Charged => return self.authorship(at, How::Identity),
                    Verdict::Unknown => return Ok(None),
                },
            };
            let place = self.locate(at, parent, &target)?;
            if self.kind(at) == LandingKind::Direct {
                match self.value(place.as_ref()) {
                    StatusAt::Unknown => return Ok(None),
                    before if before != *value => return self.authorship(at, How::Commit),
                    _ if !self.graph.came_with(parent, landing) => {
                        return match renamed {
                            Some(at) => self.authorship(at, How::Commit),
                            None => self.authorship(top, How::Identity),
                        };
                    }
                    _ => {}
                }
            }
            if let Some((path, _)) = place.filter(|(path, _)| *path != target.path) {
                renamed = Some(at);
                target.path = path;
            }
            at = parent;
        }
    }

    /// Compares the value of a merge with that of its parents and of their base.
    fn judge(
        &mut self,
        landing: usize,
        at: At,
        target: &Target,
        value: &StatusAt,
    ) -> Result<Verdict, Lack> {
        let parents = self.graph.nodes[at].parents.clone();
        let mut values = Vec::new();
        for parent in &parents {
            let place = self.locate(at, *parent, target)?;
            values.push(self.value(place.as_ref()));
        }
        let base = self.base_value(at, &parents, target, 0)?;
        if values.contains(&StatusAt::Unknown) || base == Some(StatusAt::Unknown) {
            return Ok(Verdict::Unknown);
        }
        let changed: Vec<&StatusAt> =
            values.iter().filter(|one| Some(*one) != base.as_ref()).collect();
        let agreed = match changed.first() {
            None => base.as_ref() == Some(value),
            Some(first) => changed.iter().all(|one| one == first) && *first == value,
        };
        let pairs = parents.iter().zip(&values);
        let from = pairs
            .filter(|(parent, one)| *one == value && self.graph.came_with(**parent, landing))
            .map(|(parent, _)| *parent)
            .next();
        Ok(from.filter(|_| agreed).map_or(Verdict::Charged, Verdict::Follow))
    }

    /// Computes the value at the merge base; with several bases that of their own merge. Nothing when they conflict.
    fn base_value(
        &mut self,
        child: At,
        parents: &[At],
        target: &Target,
        depth: usize,
    ) -> Result<Option<StatusAt>, Lack> {
        let Some((first, others)) = parents.split_first() else { return Ok(None) };
        let mut bases = vec![*first];
        for other in others {
            bases = self.graph.merge_bases(bases[0], *other);
            if bases.is_empty() {
                let cut = self.graph.nodes.iter().any(|node| node.cut);
                return Ok(Some(if cut { StatusAt::Unknown } else { StatusAt::NoDocument }));
            }
        }
        let mut values = Vec::new();
        for base in &bases {
            let place = self.locate(child, *base, target)?;
            values.push(self.value(place.as_ref()));
        }
        if values.iter().all(|value| *value == values[0]) {
            return Ok(values.pop());
        }
        if depth == DEEPEST {
            return Ok(None);
        }
        let below = self.base_value(child, &bases, target, depth + 1)?;
        let mut changed = values.into_iter().filter(|value| Some(value) != below.as_ref());
        let first = changed.next();
        Ok(if changed.all(|value| Some(value) == first) { first } else { None })
    }

    /// Finds the commit that gave the document its bytes in a landing. Where a merge joined two texts it is the branch's.
    pub(super) fn content_origin(
        &mut self,
        landing: usize,
        target: &Target,
        blob: ObjectId,
    ) -> Result<Option<Authorship>, Lack> {
        let top = self.graph.landings[landing];
        let (mut at, mut target, mut blob) = (top, target.clone(), blob);
        loop {
            let step = match self.kind(at) {
                LandingKind::Boundary => return Ok(None),
                LandingKind::Root => return self.authorship(at, How::Root),
                LandingKind::Direct if at == top => return self.authorship(at, How::Commit),
                LandingKind::Direct => self.unchanged_parent(at, &target, blob)?,
                LandingKind::Merge => self.contributing_parent(landing, at, &target, blob)?,
            };
            let Some((parent, path, old)) = step else {
                let merge = self.kind(at) == LandingKind::Merge;
                return self.authorship(at, if merge { How::Identity } else { How::Commit });
            };
            if !self.graph.came_with(parent, landing) {
                return self.authorship(top, How::Identity);
            }
            (at, target.path, blob) = (parent, path, old);
        }
    }

    fn unchanged_parent(&mut self, at: At, target: &Target, blob: ObjectId) -> Result<Step, Lack> {
        let parent = self.graph.nodes[at].parents[0];
        let place = self.locate(at, parent, target)?;
        Ok(place.filter(|(_, old)| *old == blob).map(|(path, old)| (parent, path, old)))
    }

    /// Picks the branch that has the same bytes, else the first whose bytes are not those of the first parent.
    fn contributing_parent(
        &mut self,
        landing: usize,
        at: At,
        target: &Target,
        blob: ObjectId,
    ) -> Result<Step, Lack> {
        let mut places = Vec::new();
        for parent in self.graph.nodes[at].parents.clone() {
            places.push((parent, self.locate(at, parent, target)?));
        }
        let first = places.first().and_then(|(_, place)| Some(place.as_ref()?.1));
        let mut inside: Vec<_> = places
            .into_iter()
            .filter(|(parent, _)| self.graph.came_with(*parent, landing))
            .filter_map(|(parent, place)| place.map(|(path, old)| (parent, path, old)))
            .filter(|(parent, _, old)| {
                *old == blob || (Some(*old) != first && *parent != self.graph.nodes[at].parents[0])
            })
            .collect();
        inside.sort_by_key(|(_, _, old)| *old != blob);
        Ok(inside.into_iter().next())
    }

    /// Finds in a parent the document that a child has: at its path, or where its id stood before it moved.
    fn locate(&mut self, child: At, parent: At, target: &Target) -> Result<Found, Lack> {
        let tree = self.graph.nodes[parent].tree;
        if let Some(blob) = self.trees.find(tree, &target.path)? {
            let there = self.memo.of(self.reader, blob);
            if there.id.is_none() || target.id.is_none() || there.id == target.id {
                return Ok(Some((target.path.clone(), blob)));
            }
        }
        let child = self.graph.nodes[child].tree;
        let own = self.trees.find(child, &target.path)?;
        let changes = self.trees.known_diff(tree, child)?;
        let mut states = |blob: Option<ObjectId>, id: &String| {
            blob.is_some_and(|blob| self.memo.of(self.reader, blob).id.as_ref() == Some(id))
        };
        let moved = changes.iter().filter(|change| match &target.id {
            // A file that still states the id is another pack's document.
            Some(id) => states(change.old, id) && !states(change.new, id),
            None => change.new.is_none() && own.is_some() && own == change.old,
        });
        let best =
            moved.max_by_key(|change| (change.old == own, likeness(&change.path, &target.path)));
        Ok(best.and_then(|change| Some((change.path.clone(), change.old?))))
    }

    fn value(&mut self, place: Option<&(RepoPath, ObjectId)>) -> StatusAt {
        place.map_or(StatusAt::NoDocument, |(_, blob)| {
            self.memo.of(self.reader, *blob).status.clone()
        })
    }

    fn authorship(&mut self, at: At, how: How) -> Result<Option<Authorship>, Lack> {
        let words = self.words(at)?;
        let author = &words.author;
        Ok(Some(Authorship {
            commit: self.graph.nodes[at].id,
            how,
            name: author.name.clone(),
            email: author.email.clone(),
            time: author.time,
            offset: author.offset,
            committer: words.committer.name.clone(),
            sides: Vec::new(),
            picked_from: None,
        }))
    }
}
