//! Who gave a document its bytes: the same table as for its status. Only where both sides of a merge changed the text and
//! Git joined them, the commit of the branch counts and not the merge.

use super::graph::At;
use super::log::{Authorship, How, LandingKind};
use super::place::{Found, Target};
use super::recount::Recount;
use super::three_way::{Ruling, rule};
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// A parent and where it has the document, or what the merge did.
enum Turn {
    To(At, RepoPath, ObjectId),
    Charged(How),
}

impl Recount<'_> {
    /// Finds the commit that gave the document its bytes in a landing.
    pub(super) fn content_origin(
        &mut self,
        landing: usize,
        target: &Target,
        blob: ObjectId,
    ) -> Result<Option<Authorship>, Lack> {
        let top = self.graph.landings[landing];
        let (mut at, mut target, mut blob) = (top, target.clone(), blob);
        loop {
            let turn = match self.kind(at) {
                LandingKind::Boundary => return Ok(None),
                LandingKind::Root => Turn::Charged(How::Root),
                LandingKind::Direct if at == top => Turn::Charged(How::Commit),
                LandingKind::Direct => self.before(at, &target, blob)?,
                LandingKind::Merge => self.joined(landing, at, &target, blob)?,
            };
            match turn {
                Turn::Charged(how) => return self.authorship(at, how, Vec::new()).map(Some),
                Turn::To(parent, ..) if !self.graph.came_with(parent, landing) => {
                    return self.authorship(top, How::Identity, Vec::new()).map(Some);
                }
                Turn::To(parent, path, old) => (at, target.path, blob) = (parent, path, old),
            }
        }
    }

    fn before(&mut self, at: At, target: &Target, blob: ObjectId) -> Result<Turn, Lack> {
        let parent = self.graph.nodes[at].parents[0];
        let place = self.locate(at, parent, target)?.filter(|place| place.blob == blob);
        Ok(place.map_or(Turn::Charged(How::Commit), |place| Turn::To(parent, place.path, blob)))
    }

    fn joined(
        &mut self,
        landing: usize,
        at: At,
        target: &Target,
        blob: ObjectId,
    ) -> Result<Turn, Lack> {
        let parents = self.graph.nodes[at].parents.clone();
        let places = self.in_parents(at, target)?;
        let blobs: Vec<Option<ObjectId>> = places.iter().map(bytes_of).collect();
        let base = self.at_base(at, target, |_, _, place| bytes_of(place), &None)?;
        let ruling = rule(base.as_ref(), &blobs, &Some(blob));
        let is_joined = ruling == Ruling::Resolution
            && !blobs.contains(&Some(blob))
            && self.is_joined(at, target, &places, blob)?;
        let wanted = |old: &Option<ObjectId>| match ruling {
            Ruling::Follow => *old == Some(blob),
            _ => is_joined && Some(*old) != base && old.is_some(),
        };
        let found = (0..parents.len())
            .find(|index| wanted(&blobs[*index]) && self.graph.came_with(parents[*index], landing));
        let how = match ruling {
            Ruling::Follow => How::Identity,
            Ruling::Resolution => How::Resolution,
            Ruling::Discard => How::Discard,
            Ruling::Evil => How::Evil,
        };
        let place = found.and_then(|index| Some((parents[index], places[index].clone()?)));
        Ok(place
            .map_or(Turn::Charged(how), |(parent, place)| Turn::To(parent, place.path, place.blob)))
    }
}

/// The bytes of a document, where it was found.
pub(super) fn bytes_of(place: &Found) -> Option<ObjectId> {
    place.as_ref().map(|place| place.blob)
}
