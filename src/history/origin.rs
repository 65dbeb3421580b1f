//! Who made a change of status that a landing brought in: three-way at each merge, then down to the commits.

use rustc_hash::FxHashSet;

use super::graph::At;
use super::log::{Authorship, How, LandingKind, StatusAt};
use super::message::{picked_from, pull_request};
use super::place::Target;
use super::recount::Recount;
use super::three_way::{Ruling, rule};
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// Who made a change, and through which pull requests it came.
#[derive(Debug, Default)]
pub(super) struct Origins {
    pub(super) made: Vec<Authorship>,
    pub(super) via: Vec<u64>,
    /// Whether something on the way could not be read.
    unknown: bool,
    /// The last commit that moved the document.
    moved: Option<At>,
    /// Where the search began: its own pull request is no way to it.
    top: At,
}

/// A commit that has the value, and how the search came to it.
struct Step {
    at: At,
    target: Target,
    /// Merges whose side branch was entered.
    entered: Vec<At>,
}

impl Recount<'_> {
    /// Finds the commits that gave the document its new status in a landing.
    pub(super) fn origins(
        &mut self,
        landing: usize,
        target: &Target,
        value: &StatusAt,
    ) -> Result<Origins, Lack> {
        let top = self.graph.landings[landing];
        let mut origins = self.origins_from(top, landing, target, value)?;
        if origins.unknown {
            origins.made.clear();
        } else if origins.made.is_empty() && self.kind(top) != LandingKind::Boundary {
            let (at, how) =
                origins.moved.map_or((top, How::Identity), |moved| (moved, How::Commit));
            origins.made.push(self.authorship(at, how, Vec::new())?);
        }
        Ok(origins)
    }

    /// Searches from a commit that came with a landing and has the value.
    pub(super) fn origins_from(
        &mut self,
        top: At,
        landing: usize,
        target: &Target,
        value: &StatusAt,
    ) -> Result<Origins, Lack> {
        let mut origins = Origins { top, ..Origins::default() };
        let mut seen: FxHashSet<(At, RepoPath)> = FxHashSet::default();
        let mut waiting = vec![Step { at: top, target: target.clone(), entered: Vec::new() }];
        while let Some(step) = waiting.pop() {
            if !seen.insert((step.at, step.target.path.clone())) {
                continue;
            }
            match self.kind(step.at) {
                LandingKind::Boundary => origins.unknown = true,
                LandingKind::Root => self.charge(&mut origins, &step, How::Root, Vec::new())?,
                LandingKind::Direct if step.at == self.graph.landings[landing] => {
                    self.charge(&mut origins, &step, How::Commit, Vec::new())?;
                }
                LandingKind::Direct => {
                    self.linear(landing, value, step, &mut origins, &mut waiting)?;
                }
                LandingKind::Merge => {
                    self.merge(landing, value, &step, &mut origins, &mut waiting)?;
                }
            }
        }
        Ok(origins)
    }

    /// A commit with one parent made the change, or it has the value from there.
    fn linear(
        &mut self,
        landing: usize,
        value: &StatusAt,
        step: Step,
        origins: &mut Origins,
        waiting: &mut Vec<Step>,
    ) -> Result<(), Lack> {
        let parent = self.graph.nodes[step.at].parents[0];
        let place = self.locate(step.at, parent, &step.target)?;
        match self.status_of(&step.target, &place) {
            StatusAt::Unknown => origins.unknown = true,
            before if before != *value => self.charge(origins, &step, How::Commit, Vec::new())?,
            _ => {
                let path = place.map(|place| place.path);
                if path.as_ref().is_some_and(|path| *path != step.target.path) {
                    origins.moved = Some(step.at);
                }
                if self.graph.came_with(parent, landing) {
                    waiting.push(step.to(parent, path));
                }
            }
        }
        Ok(())
    }

    /// A merge made the change, or it has the value from some of its parents.
    fn merge(
        &mut self,
        landing: usize,
        value: &StatusAt,
        step: &Step,
        origins: &mut Origins,
        waiting: &mut Vec<Step>,
    ) -> Result<(), Lack> {
        let Step { at, target, .. } = step;
        let parents = self.graph.nodes[*at].parents.clone();
        let places = self.in_parents(*at, target)?;
        let values: Vec<StatusAt> =
            places.iter().map(|place| self.status_of(target, place)).collect();
        let base = self.at_base(*at, target, Self::status_of, &StatusAt::Unknown)?;
        if values.contains(&StatusAt::Unknown) || base == Some(StatusAt::Unknown) {
            origins.unknown = true;
            return Ok(());
        }
        let have = |index: &usize| values[*index] == *value;
        let how = match rule(base.as_ref(), &values, value) {
            Ruling::Follow => {
                for index in (0..parents.len()).filter(have) {
                    if self.graph.came_with(parents[index], landing) {
                        let path = places[index].as_ref().map(|place| place.path.clone());
                        waiting.push(step.for_parent(index, parents[index], path));
                    }
                }
                return Ok(());
            }
            Ruling::Resolution => How::Resolution,
            Ruling::Discard => How::Discard,
            Ruling::Evil => How::Evil,
        };
        let sides =
            (0..parents.len()).filter(have).map(|index| self.graph.nodes[parents[index]].id);
        self.charge(origins, step, how, sides.collect())
    }

    fn charge(
        &mut self,
        origins: &mut Origins,
        step: &Step,
        how: How,
        sides: Vec<ObjectId>,
    ) -> Result<(), Lack> {
        origins.made.push(self.authorship(step.at, how, sides)?);
        for merge in step.entered.iter().filter(|merge| **merge != origins.top) {
            let number = pull_request(&self.words(*merge)?.message);
            origins.via.extend(number.filter(|number| !origins.via.contains(number)));
        }
        Ok(())
    }

    /// Tells whether a commit that a message names is in this clone, and keeps in mind that this was asked.
    pub(super) fn can_be_read(&mut self, commit: ObjectId) -> bool {
        let reader = self.reader;
        *self.picked.entry(commit).or_insert_with(|| reader.links(commit).is_ok())
    }

    pub(super) fn authorship(
        &mut self,
        at: At,
        how: How,
        sides: Vec<ObjectId>,
    ) -> Result<Authorship, Lack> {
        let words = self.words(at)?;
        let picked = picked_from(&words.message);
        let picked = picked.filter(|commit| self.can_be_read(*commit));
        let author = &words.author;
        Ok(Authorship {
            commit: self.graph.nodes[at].id,
            how,
            name: author.name.clone(),
            email: author.email.clone(),
            time: author.time,
            offset: author.offset,
            committer: words.committer.name.clone(),
            sides,
            picked_from: picked,
        })
    }
}

impl Step {
    /// Goes on to the only parent.
    fn to(self, at: At, path: Option<RepoPath>) -> Self {
        Self { at, target: self.target.at_path(path), entered: self.entered }
    }

    /// Goes on to a parent of a merge, by its index.
    fn for_parent(&self, index: usize, at: At, path: Option<RepoPath>) -> Self {
        let mut entered = self.entered.clone();
        if index > 0 {
            entered.push(self.at);
        }
        Self { at, target: self.target.at_path(path), entered }
    }
}
