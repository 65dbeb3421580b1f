//! Who wrote what somebody approved: authors and co-authors of the commits that changed what the document says, and
//! whoever put something into a merge that no branch had.

use super::content::bytes_of;
use super::drafting::Draft;
use super::graph::At;
use super::lineage::Line;
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

/// The commits that wrote some of a text, each with its landing, as far as landings were looked at; nothing in place of
/// those of which this clone cannot tell it.
#[derive(Default)]
pub(super) struct Written {
    landings: usize,
    commits: Vec<(usize, Option<At>)>,
}

impl Recount<'_> {
    /// Lists who wrote a text, or the part of it that somebody approved, up to a landing, each with the landing.
    pub(super) fn writers(
        &mut self,
        draft: &Draft,
        policy: &Policy,
    ) -> Result<Vec<(usize, Contributor)>, Lack> {
        let (line, landing) = (draft.scene.line, draft.scene.landing);
        let key = (line, draft.said.scope.clone());
        let mut written = self.judging.written.remove(&key).unwrap_or_default();
        self.follow_writing(line, &key.1, landing, &mut written)?;
        let mut found = Vec::new();
        for (landing, at) in &written.commits {
            let authors = at.map(|at| self.authors(at, policy)).transpose()?;
            let authors = authors.unwrap_or_else(|| vec![nobody()]);
            found.extend(authors.into_iter().map(|one| (*landing, one)));
        }
        self.judging.written.insert(key, written);
        Ok(found)
    }

    /// Looks at the landings after those that were looked at, up to one.
    fn follow_writing(
        &mut self,
        line: Line,
        part: &Option<String>,
        landing: usize,
        written: &mut Written,
    ) -> Result<(), Lack> {
        let among = written.landings..landing + 1;
        if among.is_empty() {
            return Ok(());
        }
        let mut new = Vec::new();
        let texts = self.lineages.all[line].texts.iter();
        let texts: Vec<_> = texts.filter(|text| among.contains(&text.landing)).cloned().collect();
        for text in texts {
            let Some((path, blob)) = &text.place else { continue };
            let target = Target { part: part.clone(), ..self.target_at(line, path, *blob) };
            let mut commits = self.wrote_in(text.landing, &target)?;
            commits.extend(self.painters(text.landing, path, *blob));
            new.extend(commits.into_iter().map(|at| (text.landing, at)));
        }
        let texts = self.texts.get(&line).into_iter().flatten();
        let beside = texts.filter(|text| !text.beside.is_empty()).map(|text| text.landing.index);
        for landing in beside.filter(|at| among.contains(at)).collect::<Vec<_>>() {
            let Some((path, blob)) = self.text_at(line, landing) else { continue };
            let commits = self.painters(landing, &path, blob);
            new.extend(commits.into_iter().map(|at| (landing, at)));
        }
        new.sort_by_key(|(landing, _)| *landing);
        written.commits.extend(new);
        written.landings = among.end;
        Ok(())
    }

    /// Lists the commits of a landing that changed a file which a text shows or includes.
    fn painters(&mut self, landing: usize, path: &RepoPath, blob: ObjectId) -> Vec<Option<At>> {
        let commits = self.painted(landing, path, blob);
        commits.map_or_else(|| vec![None], |all| all.into_iter().map(Some).collect())
    }

    fn authors(&mut self, at: At, policy: &Policy) -> Result<Vec<Contributor>, Lack> {
        let words = self.words(at)?;
        let one = |name: &str, address: &str, co_author| Contributor {
            identity: policy.identity(address),
            name: name.to_owned(),
            co_author,
        };
        let author = one(&words.author.name, &words.author.email, false);
        let others = co_authors(&words.message);
        let others = others.iter().map(|(name, address)| one(name, address, true));
        Ok(std::iter::once(author).chain(others).collect())
    }

    /// Lists the commits of a landing that changed what a document says; nothing in place of one of which this clone
    /// cannot tell it.
    fn wrote_in(&mut self, landing: usize, target: &Target) -> Result<Vec<Option<At>>, Lack> {
        let commits = self.judging.by_landing.get(&landing).cloned();
        let mut found = Vec::new();
        for at in commits.unwrap_or_default() {
            if self.kind(at) == LandingKind::Boundary {
                found.push(None);
                continue;
            }
            let Some(place) = self.in_commit(at, landing, target)? else { continue };
            let target = target.at_path(Some(place.path.clone()));
            match self.wrote(at, &target, &place)? {
                Some(true) => found.push(Some(at)),
                Some(false) => {}
                None => found.push(None),
            }
        }
        Ok(found)
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

/// Somebody of whom nothing is known.
fn nobody() -> Contributor {
    Contributor { identity: Identity::Unknown, name: String::new(), co_author: false }
}
