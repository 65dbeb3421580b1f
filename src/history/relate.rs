//! What entries have to do with each other: made together, passed through, taken back, landed again.

use rustc_hash::FxHashMap;

use super::log::{DecisionLog, Entry, Returned, StatusAt, TakesBack};
use super::record::Notes;
use super::recount::Recount;
use crate::document::digest;
use crate::kinds::Standing;
use crate::source::ObjectId;

impl Recount<'_> {
    /// Fills in what entries say about others, from one on; those before it have it already.
    pub(super) fn relate(&mut self, first: usize) {
        count_together(&mut self.entries[first..]);
        let mut lines: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (seq, entry) in self.entries[..first].iter().enumerate() {
            lines.entry(entry.line).or_default().push(seq);
        }
        for seq in first..self.entries.len() {
            let earlier = lines.entry(self.entries[seq].line).or_default();
            let again = lands_again(&self.notes, earlier, seq);
            let back = self.takes_back(earlier, seq);
            if let Some(previous) = earlier.last() {
                let (one, other) = (&self.entries[*previous], &self.entries[seq]);
                let passing = one.landing.pull_request.is_some()
                    && one.landing.index < other.landing.index
                    && one.landing.index >= other.run
                    && one.landing.pull_request == other.landing.pull_request;
                self.entries[*previous].passing = passing;
            }
            let removed = |last: &usize| self.entries[*last].to == StatusAt::NoDocument;
            self.entries[seq].restores = earlier.last().copied().filter(removed);
            earlier.push(seq);
            (self.entries[seq].lands_again, self.entries[seq].takes_back) = (again, back);
        }
    }

    /// Finds the earlier entry of the document that one takes back. Without a word of it only the way from one status
    /// back to the one before is meant.
    fn takes_back(&self, earlier: &[usize], seq: usize) -> Option<TakesBack> {
        let (entry, notes) = (&self.entries[seq], &self.notes[seq]);
        let last = *earlier.last()?;
        let Some(said) = &notes.reverted else {
            let before = &self.entries[last];
            let words = [&before.from, &before.to].iter().all(|status| status.word().is_some());
            let back = words && entry.to.says(&before.from);
            return back.then_some(TakesBack { entry: last, how: Returned::Reversal });
        };
        let made = |seq: &&usize| {
            let entry = &self.entries[**seq];
            let mut commits = entry.origins.iter().map(|origin| origin.commit);
            said.commit.is_some_and(|id| id == entry.landing.commit || commits.any(|one| one == id))
        };
        let named = |seq: &&usize| {
            said.subject.as_ref().is_some_and(|one| self.notes[**seq].subjects.contains(one))
        };
        let mut newest = earlier.iter().rev();
        let target = newest.clone().find(made).or_else(|| newest.find(named)).copied();
        // What it names may be what this clone lacks.
        let previous = (entry.from != StatusAt::Unknown).then_some(last);
        let target = target.or(previous)?;
        let before = &self.entries[target].from;
        let how = match self.same_text(entry.blob, self.notes[target].before) {
            _ if *before == StatusAt::Unknown => Returned::Unclear,
            _ if !entry.to.says(before) => Returned::Claimed,
            None => Returned::Unclear,
            Some(true) => Returned::Confirmed,
            Some(false) => Returned::Claimed,
        };
        Some(TakesBack { entry: target, how })
    }

    /// Tells whether two files say the same apart from their status; nothing when this clone lacks one.
    fn same_text(&self, one: Option<ObjectId>, other: Option<ObjectId>) -> Option<bool> {
        let digest = |blob: ObjectId| {
            let start = self.reader.blob_start(blob, usize::MAX).ok()?;
            Some(digest::of_bytes(&start.bytes))
        };
        match (one, other) {
            (Some(one), Some(other)) if one != other => Some(digest(one)? == digest(other)?),
            _ => Some(one == other),
        }
    }
}

/// Counts the entries of each landing that make the same step.
fn count_together(entries: &mut [Entry]) {
    let mut counts: FxHashMap<(usize, StatusAt, StatusAt), usize> = FxHashMap::default();
    let key = |entry: &Entry| (entry.landing.index, entry.from.clone(), entry.to.clone());
    for entry in entries.iter() {
        *counts.entry(key(entry)).or_default() += 1;
    }
    // What was before is not known, so it may have been another step.
    for entry in entries.iter_mut().filter(|entry| entry.from != StatusAt::Unknown) {
        entry.together = counts[&key(entry)];
    }
}

/// Finds the first entry of the document that landed under the same `Change-Id`.
fn lands_again(notes: &[Notes], earlier: &[usize], seq: usize) -> Option<usize> {
    let id = notes[seq].change_id.as_ref()?;
    earlier.iter().copied().find(|seq| notes[*seq].change_id.as_ref() == Some(id))
}

/// A time in which a document was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The document, as in [`Entry::line`].
    pub line: usize,
    /// The [`Entry::seq`] with which it began.
    pub since: usize,
    /// The [`Entry::seq`] with which it ended; nothing while it lasts.
    pub until: Option<usize>,
}

impl DecisionLog {
    /// Lists when documents were in force, in the order in which that began.
    pub fn in_force(&self) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = Vec::new();
        let mut open: FxHashMap<usize, usize> = FxHashMap::default();
        for entry in &self.entries {
            let approved = entry.standing == Some(Standing::Approved);
            let ends = !approved || entry.from == StatusAt::Unknown;
            if let Some(at) = open.get(&entry.line).copied().filter(|_| ends) {
                intervals[at].until = Some(entry.seq);
                open.remove(&entry.line);
            }
            if approved && !open.contains_key(&entry.line) {
                open.insert(entry.line, intervals.len());
                intervals.push(Interval { line: entry.line, since: entry.seq, until: None });
            }
        }
        intervals
    }
}
