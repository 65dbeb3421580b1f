//! Who wrote what somebody approved: authors and co-authors of the commits that changed what the document says, and
//! whoever put something into a merge that no branch had.

use super::content::bytes_of;
use super::drafting::Draft;
use super::graph::At;
use super::log::LandingKind;
use super::place::{Found, Place, Target};
use super::recount::Recount;
use super::three_way::{Ruling, rule};
use crate::approvals::{Contributor, Covers, Identity, Policy, co_authors};
use crate::document::digest::{self, Digest};
use crate::git::{Lack, join};
use crate::source::{ObjectId, RepoPath};

/// What a document says in a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is not there.
    Nothing,
    /// This clone lacks it.
    Lost,
    This(Digest),
}

impl Recount<'_> {
    /// Lists who wrote what somebody approved up to a landing, since the document was last approved by all who must.
    pub(super) fn contributors(
        &mut self,
        draft: &Draft,
        policy: &Policy,
    ) -> Result<Vec<Contributor>, Lack> {
        let (line, landing) = (draft.scene.line, draft.scene.landing);
        let since = self.judging.approved(line).filter(|since| *since < landing);
        let texts = self.lineages.all[line].texts.clone();
        let wanted = texts.iter().filter(|text| {
            text.landing <= landing && since.is_none_or(|since| text.landing > since)
        });
        let mut found = Vec::new();
        for text in wanted {
            let Some((path, blob)) = &text.place else { continue };
            let part = draft.said.scope.clone();
            let target = Target { part, ..self.target_at(line, path, *blob) };
            self.writers(text.landing, &target, policy, &mut found)?;
            self.add_painters((text.landing, path, *blob), policy, &mut found)?;
        }
        let texts = self.texts.get(&line).into_iter().flatten();
        let beside = texts.filter(|text| !text.beside.is_empty()).map(|text| text.landing.index);
        let beside = beside.filter(|at| *at <= landing && since.is_none_or(|since| *at > since));
        for landing in beside.collect::<Vec<_>>() {
            let Some((path, blob)) = self.text_at(line, landing) else { continue };
            self.add_painters((landing, &path, blob), policy, &mut found)?;
        }
        Ok(found)
    }

    /// Adds who changed in a landing a file that a text shows or includes.
    fn add_painters(
        &mut self,
        (landing, path, blob): (usize, &RepoPath, ObjectId),
        policy: &Policy,
        found: &mut Vec<Contributor>,
    ) -> Result<(), Lack> {
        let Some(commits) = self.painted(landing, path, blob) else {
            add(found, Identity::Unknown, "", false);
            return Ok(());
        };
        commits.into_iter().try_for_each(|at| self.add_authors(at, policy, found))
    }

    fn add_authors(
        &mut self,
        at: At,
        policy: &Policy,
        found: &mut Vec<Contributor>,
    ) -> Result<(), Lack> {
        let words = self.words(at)?;
        add(found, policy.identity(&words.author.email), &words.author.name, false);
        for (name, address) in co_authors(&words.message) {
            add(found, policy.identity(&address), &name, true);
        }
        Ok(())
    }

    /// Adds who changed what a document says in a landing.
    fn writers(
        &mut self,
        landing: usize,
        target: &Target,
        policy: &Policy,
        found: &mut Vec<Contributor>,
    ) -> Result<(), Lack> {
        let commits = self.judging.by_landing.get(&landing).cloned();
        for at in commits.unwrap_or_default() {
            if self.kind(at) == LandingKind::Boundary {
                add(found, Identity::Unknown, "", false);
                continue;
            }
            let Some(place) = self.in_commit(at, landing, target)? else { continue };
            let target = target.at_path(Some(place.path.clone()));
            match self.wrote(at, &target, &place)? {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    add(found, Identity::Unknown, "", false);
                    continue;
                }
            }
            self.add_authors(at, policy, found)?;
        }
        Ok(())
    }

    /// Tells whether a commit changed what a document says beyond what its parents add up to; nothing when this clone lacks
    /// one of the texts.
    fn wrote(&mut self, at: At, target: &Target, place: &Place) -> Result<Option<bool>, Lack> {
        let places = self.in_parents(at, target)?;
        if let [Some(parent)] = places.as_slice()
            && parent.blob == place.blob
        {
            return Ok(Some(false));
        }
        let own = self.said(target, Some(place));
        let values: Vec<Said> =
            places.iter().map(|place| self.said(target, place.as_ref())).collect();
        if own == Said::Lost || values.contains(&Said::Lost) {
            return self.wrote_bytes(at, target, &places, place);
        }
        if values.len() < 2 {
            return Ok(Some(values.first() != Some(&own)));
        }
        let said =
            |this: &mut Self, target: &Target, found: &Found| this.said(target, found.as_ref());
        let base = self.at_base(at, target, said, &Said::Lost)?;
        if base == Some(Said::Lost) {
            return Ok(None);
        }
        Ok(Some(match rule(base.as_ref(), &values, &own) {
            Ruling::Follow => false,
            Ruling::Resolution if !values.contains(&own) => {
                !self.is_joined(at, target, &places, place.blob)?
            }
            Ruling::Resolution | Ruling::Discard | Ruling::Evil => true,
        }))
    }

    /// The same where this clone lacks a text: a merge that only chose among the files of its parents wrote nothing.
    fn wrote_bytes(
        &mut self,
        at: At,
        target: &Target,
        parents: &[Found],
        place: &Place,
    ) -> Result<Option<bool>, Lack> {
        let base = self.at_base(at, target, |_, _, place| bytes_of(place), &None)?;
        let parents: Vec<Option<ObjectId>> = parents.iter().map(bytes_of).collect();
        let is_merge = parents.len() > 1;
        let ruling = rule(base.as_ref(), &parents, &Some(place.blob));
        Ok((is_merge && ruling == Ruling::Follow).then_some(false))
    }

    /// Tells whether a merged text says what Git makes of those of the parents.
    pub(super) fn is_joined(
        &mut self,
        at: At,
        target: &Target,
        parents: &[Found],
        merged: ObjectId,
    ) -> Result<bool, Lack> {
        let base = self.at_base(at, target, |_, _, place| bytes_of(place), &None)?;
        let text = |blob: ObjectId| Some(self.reader.blob_start(blob, usize::MAX).ok()?.bytes);
        let base = base.flatten().and_then(text);
        let sides: Option<Vec<_>> =
            parents.iter().map(|place| bytes_of(place).and_then(text)).collect();
        let (Some(base), Some(sides)) = (base, sides) else { return Ok(false) };
        let mut sides = sides.into_iter().map(|side| Box::from(side.as_slice()));
        let Some(first) = sides.next() else { return Ok(false) };
        let joined = sides.try_fold(first, |ours, theirs| join(&base, &ours, &theirs));
        let said = joined.map(|joined| digest::of_bytes(&joined));
        Ok(said.is_some() && said == text(merged).map(|bytes| digest::of_bytes(&bytes)))
    }

    /// What a found document or the part of it that is asked about says, without the files that it shows.
    fn said(&mut self, target: &Target, place: Option<&Place>) -> Said {
        let Some(Place { blob, .. }) = place else { return Said::Nothing };
        let key = (*blob, target.part.clone());
        let said = |known: Option<Digest>| known.map_or(Said::Nothing, Said::This);
        if let Some(known) = self.judging.digests.get(&key) {
            return said(*known);
        }
        let Some(bytes) = self.bytes(*blob) else { return Said::Lost };
        let kind = self.memo.vocabulary.kind(target.kind);
        let text = Covers::new(&bytes, &target.path, kind, &mut |_| None);
        let found = text.said(target.part.as_deref());
        self.judging.digests.insert(key, found);
        said(found)
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
