//! From a document that a landing touched to an entry of the log, when its status changed.

use serde::{Deserialize, Serialize};

use super::clock::is_later;
use super::facts::Facts;
use super::lineage::{Line, Live};
use super::log::{Entry, Landing, LandingKind, StatusAt};
use super::message::{Reverted, change_id, pull_request, reverted};
use super::origin::Origins;
use super::place::Target;
use super::recount::Recount;
use super::statement::{Odd, Remark};
use super::words::{KindAt, Stand};
use crate::git::Lack;
use crate::kinds::Standing;
use crate::source::{ObjectId, RepoPath};

/// What is known about an entry beside what it tells.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Notes {
    /// The document's blob before the landing.
    pub(super) before: Option<ObjectId>,
    /// What the messages say is taken back.
    pub(super) reverted: Option<Reverted>,
    pub(super) change_id: Option<String>,
    /// First lines of the messages of the landing and of the commits that made the change.
    pub(super) subjects: Vec<String>,
}

/// A step of a document from one status to another.
struct Step {
    line: Line,
    from: StatusAt,
    to: Stand,
    gap: Vec<ObjectId>,
}

impl Recount<'_> {
    /// Compares a document's status with the last one that could be read.
    pub(super) fn settle(&mut self, landing: usize, line: Line) -> Result<(), Lack> {
        let node = &self.graph.nodes[self.graph.landings[landing]];
        let (commit, boundary) = (node.id, node.cut && node.parents.is_empty());
        let to = self.stand(line);
        let lineage = &mut self.lineages.all[line];
        lineage.unknown |= boundary;
        let unclear = matches!(to.status, StatusAt::Unreadable | StatusAt::Unknown);
        if lineage.holders.len() > 1 || unclear {
            lineage.unknown |= to.status == StatusAt::Unknown;
            lineage.gap.push(commit);
            return Ok(());
        }
        let unknown = std::mem::take(&mut lineage.unknown);
        let began = lineage.last != StatusAt::NoDocument;
        if lineage.last.says(&to.status) && !(unknown && began) {
            return Ok(());
        }
        let last = std::mem::replace(&mut lineage.last, to.status.clone());
        let gap = std::mem::take(&mut lineage.gap);
        let undeclared =
            |value: &StatusAt| matches!(value, StatusAt::NoDocument | StatusAt::Absent);
        if undeclared(&last) && undeclared(&to.status) {
            return Ok(());
        }
        let from = if unknown { StatusAt::Unknown } else { last };
        self.record(landing, Step { line, from, to, gap })
    }

    /// Reads the status of a document as it is now.
    pub(super) fn stand(&mut self, line: Line) -> Stand {
        let lineage = &self.lineages.all[line];
        let gone = if lineage.hidden { StatusAt::Unknown } else { StatusAt::NoDocument };
        let holder = lineage.holders.first();
        let Some((path, file)) = holder.and_then(|path| self.lineages.files.get_key_value(path))
        else {
            return Stand::of(gone);
        };
        let kind = self.kind_of(path, &file.facts);
        self.memo.stand(self.reader, file.blob, file.side.as_ref(), kind)
    }

    pub(super) fn kind_of(&self, path: &RepoPath, facts: &Facts) -> KindAt {
        let declared = self.lineages.is_packed(path);
        self.memo.vocabulary.kind_of(path, facts.kind.as_deref(), declared)
    }

    /// Says what to look for when a document is looked for in other commits.
    pub(super) fn target(&self, line: Line) -> Target {
        let (path, file) = self.place(line);
        let mut target =
            file.map_or_else(|| Target::at(path.clone()), |file| self.target_of(&path, file));
        // A file that could not be read goes on under the id it had.
        let kept = || self.lineages.all[line].id.clone();
        if file.is_some_and(|file| !file.facts.readable()) {
            target.id = target.id.or_else(kept);
        }
        target
    }

    pub(super) fn target_of(&self, path: &RepoPath, file: &Live) -> Target {
        Target {
            path: path.clone(),
            id: file.facts.id.clone(),
            was: file.facts.was.clone(),
            kind: self.kind_of(path, &file.facts),
            side: file.side.as_ref().map(|side| side.path.clone()),
            part: None,
        }
    }

    fn record(&mut self, landing: usize, step: Step) -> Result<(), Lack> {
        let Step { line, from, to, gap } = step;
        let (path, Some(file)) = self.place(line) else { return Ok(()) };
        let file = file.clone();
        let target = self.target(line);
        let known = from != StatusAt::Unknown || to.status == StatusAt::NoDocument;
        let Origins { mut made, via, .. } =
            if known { self.origins(landing, &target, &to.status)? } else { Origins::default() };
        let words = self.memo.vocabulary;
        // Nearly all have one, and room for four was made.
        made.shrink_to_fit();
        let day = file.facts.day(target.kind);
        let entry = Entry {
            seq: self.entries.len(),
            line,
            pack: self.lineages.pack_of(&path).to_owned(),
            has_id: target.id.is_some(),
            document: target.id.unwrap_or_else(|| path.to_string()),
            kind: words.name(target.kind).to_owned(),
            title: file.facts.title_at(&path),
            path,
            public: file.facts.public,
            blob: (to.status != StatusAt::NoDocument).then_some(file.blob),
            standing: words.standing(target.kind, &to.status),
            legal: words.is_legal(target.kind, &from, &to.status),
            from,
            to: to.status,
            written: to.written,
            landing: self.landing(landing)?,
            run: self.run_of(landing)?,
            via,
            origins: made,
            concurrent: Vec::new(),
            gap,
            together: 1,
            passing: false,
            restores: None,
            takes_back: None,
            lands_again: None,
            elsewhere: Vec::new(),
            part: None,
            observed: day.map(str::to_owned),
        };
        if entry.standing == Some(Standing::Approved)
            && day.is_some_and(|day| is_later(day, entry.landing.time))
        {
            let document = Some((entry.document.clone(), entry.path.clone()));
            self.noticed
                .push(Remark { document, ..Remark::of(entry.landing.commit, Odd::DatedLater) });
        }
        let notes = self.notes_on(&entry)?;
        self.notes.push(notes);
        self.entries.push(entry);
        Ok(())
    }

    fn notes_on(&mut self, entry: &Entry) -> Result<Notes, Lack> {
        let there = matches!(entry.from, StatusAt::NoDocument);
        let before = self.lineages.all[entry.line].before.as_ref();
        let mut notes = Notes {
            before: before.map(|(_, file)| file.blob).filter(|_| !there),
            ..Notes::default()
        };
        if entry.landing.kind == LandingKind::Boundary {
            return Ok(notes);
        }
        let made = entry.origins.iter().map(|origin| origin.commit);
        let commits: Vec<ObjectId> = std::iter::once(entry.landing.commit).chain(made).collect();
        for commit in commits {
            let Some(at) = self.graph.place(commit) else { continue };
            let words = self.words(at)?;
            notes.reverted = notes.reverted.or_else(|| reverted(&words.message));
            notes.change_id =
                notes.change_id.or_else(|| change_id(&words.message).map(str::to_owned));
            notes.subjects.push(words.subject());
        }
        Ok(notes)
    }

    pub(super) fn landing(&mut self, index: usize) -> Result<Landing, Lack> {
        let at = self.graph.landings[index];
        let words = self.words(at)?;
        Ok(Landing {
            index,
            commit: self.graph.nodes[at].id,
            time: words.committer.time,
            offset: words.committer.offset,
            clock: self.clocks[index],
            subject: words.subject(),
            kind: self.kind(at),
            pull_request: self.number(index)?,
            by_forge: self.memo.vocabulary.is_forge(&words.committer.email),
        })
    }

    /// Returns the pull request that a landing claims; at the edge of a clone nothing is known.
    fn number(&mut self, index: usize) -> Result<Option<u64>, Lack> {
        let at = self.graph.landings[index];
        if self.kind(at) == LandingKind::Boundary {
            return Ok(None);
        }
        Ok(pull_request(&self.words(at)?.message))
    }

    /// Finds the first of the landings in a row, up to this one, that claim the same pull request.
    fn run_of(&mut self, index: usize) -> Result<usize, Lack> {
        let number = self.number(index)?;
        let mut first = index;
        while number.is_some() && first > 0 && self.number(first - 1)? == number {
            first -= 1;
            if let Some(known) = self.runs.get(&first) {
                first = *known;
                break;
            }
        }
        self.runs.insert(index, first);
        Ok(first)
    }
}
