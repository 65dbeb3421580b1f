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
use crate::source::ObjectId;

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
            let target = Target { part, ..self.target_at(path, *blob) };
            self.writers(text.landing, &target, policy, &mut found)?;
            for at in self.painted(text.landing, path, *blob) {
                self.add_authors(at, policy, &mut found)?;
            }
        }
        let texts = self.texts.get(&line).into_iter().flatten();
        let beside = texts.filter(|text| text.beside).map(|text| text.landing.index);
        let beside = beside.filter(|at| *at <= landing && since.is_none_or(|since| *at > since));
        for landing in beside.collect::<Vec<_>>() {
            let Some((path, blob)) = self.text_at(line, landing) else { continue };
            for at in self.painted(landing, &path, blob) {
                self.add_authors(at, policy, &mut found)?;
            }
        }
        Ok(found)
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
            if !self.wrote(at, &target, &place)? {
                continue;
            }
            self.add_authors(at, policy, found)?;
        }
        Ok(())
    }

    /// Tells whether a commit changed what a document says beyond what its parents add up to.
    fn wrote(&mut self, at: At, target: &Target, place: &Place) -> Result<bool, Lack> {
        let places = self.in_parents(at, target)?;
        if let [Some(parent)] = places.as_slice()
            && parent.blob == place.blob
        {
            return Ok(false);
        }
        let own = self.said(target, Some(place));
        let values: Vec<Option<Digest>> =
            places.iter().map(|place| self.said(target, place.as_ref())).collect();
        if values.len() < 2 {
            return Ok(values.first() != Some(&own));
        }
        let said =
            |this: &mut Self, target: &Target, found: &Found| this.said(target, found.as_ref());
        let base = self.at_base(at, target, said, &None)?;
        Ok(match rule(base.as_ref(), &values, &own) {
            Ruling::Follow => false,
            Ruling::Resolution if !values.contains(&own) => {
                !self.is_joined(at, target, &places, place.blob)?
            }
            Ruling::Resolution | Ruling::Discard | Ruling::Evil => true,
        })
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
        let mut sides = sides.into_iter().map(|side| Box::from(&*side));
        let Some(first) = sides.next() else { return Ok(false) };
        let joined = sides.try_fold(first, |ours, theirs| join(&base, &ours, &theirs));
        let said = joined.map(|joined| digest::of_bytes(&joined));
        Ok(said.is_some() && said == text(merged).map(|bytes| digest::of_bytes(&bytes)))
    }

    /// What a found document or a part of it says without the files that it shows; nothing when it is not there or not in this clone.
    fn said(&mut self, target: &Target, place: Option<&Place>) -> Option<Digest> {
        let key = (place?.blob, target.part.clone());
        if let Some(known) = self.judging.digests.get(&key) {
            return *known;
        }
        let bytes = self.reader.blob_start(key.0, usize::MAX).ok();
        let kind = self.memo.vocabulary.kind(target.kind);
        let said = bytes.and_then(|start| {
            let text = Covers::new(&start.bytes, &target.path, kind, &mut |_| None);
            text.said(target.part.as_deref())
        });
        self.judging.digests.insert(key, said);
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
