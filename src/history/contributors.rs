//! Who wrote what somebody approved: authors and co-authors of the commits that changed what the document says, and
//! whoever put something into a merge that no branch had.

use rustc_hash::FxHashSet;

use super::graph::At;
use super::lineage::Line;
use super::log::LandingKind;
use super::place::{Found, Place, Target};
use super::recount::Recount;
use super::three_way::{Ruling, rule};
use crate::approvals::{Contributor, Identity, Policy, co_authors};
use crate::document::digest::{self, Digest};
use crate::git::Lack;
use crate::source::ObjectId;

impl Recount<'_> {
    /// Lists who wrote a document up to a landing, since it was last approved by all who must.
    pub(super) fn contributors(
        &mut self,
        line: Line,
        landing: usize,
        policy: &Policy,
    ) -> Result<Vec<Contributor>, Lack> {
        let since = self.judging.approved(line).filter(|since| *since < landing);
        let texts = self.lineages.all[line].texts.clone();
        let wanted = texts.iter().filter(|text| {
            text.landing <= landing && since.is_none_or(|since| text.landing > since)
        });
        let mut found = Vec::new();
        for text in wanted {
            let Some((path, blob)) = &text.place else { continue };
            let target = self.target_at(path, *blob);
            self.writers(text.landing, &target, policy, &mut found)?;
        }
        Ok(found)
    }

    /// Adds who changed what a document says in a landing.
    fn writers(
        &mut self,
        landing: usize,
        target: &Target,
        policy: &Policy,
        found: &mut Vec<Contributor>,
    ) -> Result<(), Lack> {
        let mut commits = self.judging.by_landing.get(&landing).cloned().unwrap_or_default();
        commits.sort_by_key(|at| self.graph.nodes[*at].order);
        for at in commits {
            if self.kind(at) == LandingKind::Boundary {
                add(found, Identity::Unknown, "", false);
                continue;
            }
            let Some(place) = self.in_commit(at, landing, target)? else { continue };
            let target = target.at_path(Some(place.path.clone()));
            if !self.wrote(at, &target, &place)? {
                continue;
            }
            let words = self.words(at)?;
            add(found, policy.identity(&words.author.email), &words.author.name, false);
            for (name, address) in co_authors(&words.message) {
                add(found, policy.identity(&address), &name, true);
            }
        }
        Ok(())
    }

    /// Tells whether a commit changed what a document says beyond what its parents add up to.
    fn wrote(&mut self, at: At, target: &Target, place: &Place) -> Result<bool, Lack> {
        let places = self.in_parents(at, target)?;
        let blobs: Vec<Option<ObjectId>> =
            places.iter().map(|place| place.as_ref().map(|place| place.blob)).collect();
        if blobs.len() == 1 && blobs[0] == Some(place.blob) {
            return Ok(false);
        }
        let own = self.said(Some(place));
        let values: Vec<Option<Digest>> =
            places.iter().map(|place| self.said(place.as_ref())).collect();
        if values.len() < 2 {
            return Ok(values.first() != Some(&own));
        }
        let base =
            self.at_base(at, target, |this, _, found: &Found| this.said(found.as_ref()), &None)?;
        Ok(match rule(base.as_ref(), &values, &own) {
            Ruling::Follow => false,
            Ruling::Resolution if !values.contains(&own) => !self.is_joined(place.blob, &blobs),
            Ruling::Resolution | Ruling::Discard | Ruling::Evil => true,
        })
    }

    /// Tells whether a merged text has no line that none of its parents has, and all that each of them has.
    fn is_joined(&self, merged: ObjectId, parents: &[Option<ObjectId>]) -> bool {
        let text = |blob: ObjectId| {
            let bytes = self.reader.blob_start(blob, usize::MAX).ok()?.bytes;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let Some(merged) = text(merged) else { return false };
        let parents: Vec<String> =
            parents.iter().flatten().filter_map(|blob| text(*blob)).collect();
        let sides: Vec<FxHashSet<&str>> =
            parents.iter().map(|text| text.lines().collect()).collect();
        let lines: FxHashSet<&str> = merged.lines().collect();
        let known = |line: &&str| sides.iter().any(|side| side.contains(line));
        let Some((first, others)) = sides.split_first() else { return false };
        let common = |line: &&&str| others.iter().all(|side| side.contains(**line));
        merged.lines().all(|line| known(&line))
            && parents[0]
                .lines()
                .collect::<Vec<_>>()
                .iter()
                .filter(common)
                .all(|line| lines.contains(*line))
            && !first.is_empty()
    }

    /// What a found document says; nothing when it is not there or not in this clone.
    fn said(&mut self, place: Option<&Place>) -> Option<Digest> {
        let blob = place?.blob;
        if let Some(known) = self.judging.digests.get(&blob) {
            return *known;
        }
        let bytes = self.reader.blob_start(blob, usize::MAX).ok();
        let said = bytes.map(|start| digest::of_bytes(&start.bytes));
        self.judging.digests.insert(blob, said);
        said
    }
}

/// Adds somebody once; who is an author is no mere co-author.
fn add(found: &mut Vec<Contributor>, identity: Identity, name: &str, co_author: bool) {
    let same = |one: &&mut Contributor| {
        one.identity == identity && (identity.person().is_some() || one.name == name)
    };
    match found.iter_mut().find(same) {
        Some(known) => known.co_author &= co_author,
        None => found.push(Contributor { identity, name: name.to_owned(), co_author }),
    }
}
