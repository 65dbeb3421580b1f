//! What branches did to statuses on their way, of which something else landed. No such step is one of the line that is
//! followed: it is detail, looked for only when somebody asks.

use std::collections::BTreeSet;

use super::graph::At;
use super::lineage::Line;
use super::log::{Authorship, DecisionLog, How, Landing, StatusAt};
use super::place::Target;
use super::recount::Recount;
use super::three_way::{Ruling, rule};
use super::trees::Change;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath, is_markdown};

/// A step of a document on a branch that did not land as such.
#[derive(Debug, Clone)]
pub struct Inside {
    /// Which document, as in [`super::Entry::line`].
    pub line: usize,
    /// The document's id at that time, or its path.
    pub document: String,
    /// Its title at that time.
    pub title: String,
    /// The name of its kind.
    pub kind: String,
    /// Where it lay.
    pub path: RepoPath,
    /// Before.
    pub from: StatusAt,
    /// After.
    pub to: StatusAt,
    /// The commit that made it.
    pub made: Authorship,
    /// First line of its message.
    pub subject: String,
    /// The landing that brought the commit in.
    pub landing: Landing,
}

/// The commits that each landing brought in beside itself, parents first.
pub(super) type Brought = Vec<Vec<At>>;

impl Recount<'_> {
    /// Lists what each landing brought in.
    pub(super) fn brought(&self) -> Brought {
        let mut brought = vec![Vec::new(); self.graph.landings.len()];
        for (at, node) in self.graph.nodes.iter().enumerate() {
            if self.graph.landings[node.landing] != at {
                brought[node.landing].push(at);
            }
        }
        for commits in &mut brought {
            commits.sort_by_key(|at| self.graph.nodes[*at].order);
        }
        brought
    }

    /// Notes what the commits of a landing did, whether it landed or not.
    pub(super) fn look_inside(&mut self, landing: usize, commits: &[At]) -> Result<(), Lack> {
        for at in commits {
            if self.graph.nodes[*at].cut {
                continue;
            }
            let mut seen = BTreeSet::new();
            let mut changes = self.own_changes(*at)?;
            // A file that moved is looked at where it is, not where it was.
            changes.sort_by_key(|change| change.new.is_none());
            for change in changes {
                let line = self.line_at(&change);
                if let Some(line) = line.filter(|line| seen.insert(*line)) {
                    self.note_inside(landing, *at, line, &change)?;
                }
            }
        }
        Ok(())
    }

    /// Lists the documents that a commit itself changed: a merge those that are as in none of its parents.
    fn own_changes(&mut self, at: At) -> Result<Vec<Change>, Lack> {
        let node = &self.graph.nodes[at];
        let (tree, parents) = (node.tree, node.parents.clone());
        let Some((first, others)) = parents.split_first() else {
            return self.trees.diff(None, Some(tree));
        };
        let mut changes = self.trees.known_diff(self.graph.nodes[*first].tree, tree)?.to_vec();
        for other in others {
            let against = self.trees.known_diff(self.graph.nodes[*other].tree, tree)?;
            changes.retain(|one| against.iter().any(|change| change.path == one.path));
        }
        let (mut documents, sides): (Vec<Change>, Vec<Change>) =
            changes.into_iter().partition(|change| is_markdown(change.path.as_str()));
        for page in sides.iter().flat_map(|side| self.lineages.pages_beside(&side.path)) {
            let new = self.trees.find(tree, &page)?;
            documents.push(Change { path: page, old: new, new, hidden: false });
        }
        Ok(documents)
    }

    fn line_at(&mut self, change: &Change) -> Option<Line> {
        let facts = self.memo.of(self.reader, change.new.or(change.old)?);
        self.lineages.line_at(&change.path, facts.id.as_deref())
    }

    fn note_inside(
        &mut self,
        landing: usize,
        at: At,
        line: Line,
        change: &Change,
    ) -> Result<(), Lack> {
        let Some(blob) = change.new.or(change.old) else { return Ok(()) };
        let side = self.lineages.files.get(&change.path).and_then(|file| file.side.clone());
        let target =
            Target { side: side.map(|side| side.path), ..self.target_at(line, &change.path, blob) };
        let place = self.at(self.graph.nodes[at].tree, &target, &target.path)?;
        let to = self.status_of(&target, &place);
        let Some((from, how)) = self.before_commit(at, &target, &to)? else { return Ok(()) };
        let undeclared =
            |value: &StatusAt| matches!(value, StatusAt::NoDocument | StatusAt::Absent);
        let unclear = |value: &StatusAt| matches!(value, StatusAt::Unknown | StatusAt::Unreadable);
        let nothing = undeclared(&from) && undeclared(&to) || unclear(&from) || unclear(&to);
        if nothing || from.says(&to) {
            return Ok(());
        }
        let facts = self.memo.of(self.reader, blob);
        let step = Inside {
            line,
            document: target.id.clone().unwrap_or_else(|| change.path.to_string()),
            title: facts.title_at(&change.path),
            kind: self.memo.vocabulary.name(target.kind).to_owned(),
            path: change.path.clone(),
            from,
            to,
            made: self.authorship(at, how, Vec::new())?,
            subject: self.words(at)?.subject(),
            landing: self.landing(landing)?,
        };
        self.inside.push(step);
        Ok(())
    }

    /// Returns the status before a commit and how it made another one of it; nothing for a merge that only has what its
    /// parents add up to.
    fn before_commit(
        &mut self,
        at: At,
        target: &Target,
        to: &StatusAt,
    ) -> Result<Option<(StatusAt, How)>, Lack> {
        let places = self.in_parents(at, target)?;
        let mut values: Vec<StatusAt> =
            places.iter().map(|place| self.status_of(target, place)).collect();
        if values.len() < 2 {
            let how = if values.is_empty() { How::Root } else { How::Commit };
            return Ok(Some((values.pop().unwrap_or(StatusAt::NoDocument), how)));
        }
        let base = self.at_base(at, target, Self::status_of, &StatusAt::Unknown)?;
        let how = match rule(base.as_ref(), &values, to) {
            Ruling::Follow => return Ok(None),
            Ruling::Resolution => How::Resolution,
            Ruling::Discard => How::Discard,
            Ruling::Evil => How::Evil,
        };
        Ok(Some((values.swap_remove(0), how)))
    }
}

impl DecisionLog {
    /// Leaves out the steps that entries tell.
    pub(super) fn drop_landed(&mut self) {
        let of =
            |commit: ObjectId, line: usize, to: &StatusAt| (commit, line, to.told().to_owned());
        let told: BTreeSet<_> = self
            .entries
            .iter()
            .flat_map(|entry| {
                let made = entry.origins.iter().chain(&entry.concurrent);
                made.map(move |one| of(one.commit, entry.line, &entry.to))
            })
            .collect();
        self.inside.retain(|step| !told.contains(&of(step.made.commit, step.line, &step.to)));
    }
}
