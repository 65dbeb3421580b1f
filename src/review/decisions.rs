//! What a change records: steps of documents, approvals and whether these count; and which earlier approvals it ends.

use serde::Serialize;

use super::{Change, Side};
use crate::approvals::{Approval, Duty, State};
use crate::assemble::day_of;
use crate::history::Entry;
use crate::pack::Packs;
use crate::site::past;

/// A step of a document from one status to another.
#[derive(Debug, Serialize)]
pub struct Recorded {
    /// The document's id, or its path.
    pub document: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// Its status before, `no document` for a new one.
    pub from: String,
    /// Its status afterwards.
    pub to: String,
    /// Whether its kind knows no such step.
    pub illegal: bool,
}

/// An approval that the change records.
#[derive(Debug, Serialize)]
pub struct Given {
    /// The document's id, or its path.
    pub document: String,
    /// The section or the row.
    pub scope: Option<String>,
    /// Who.
    pub by: String,
    /// What was decided.
    pub decision: String,
    /// Whether it was the right person: `ok`, `self-approved` and so on.
    pub duty: &'static str,
    /// Why it would not count; nothing when it does, or decides something else.
    pub lack: Option<&'static str>,
}

/// An approval that no longer holds.
#[derive(Debug, Serialize)]
pub struct Lapsed {
    /// The document's id, or its path.
    pub document: String,
    /// Its title.
    pub title: String,
    /// The file.
    pub path: String,
    /// The section or the row.
    pub scope: Option<String>,
    /// Who approved it.
    pub by: String,
    /// When that landed.
    pub on: String,
    /// What becomes of it: `stale`, `revoked` and so on.
    pub state: &'static str,
}

/// Lists the steps that the change records.
pub(super) fn recorded(change: &Change<'_>) -> Vec<Recorded> {
    let entries = &change.after.documents.log.entries;
    let own = entries.iter().filter(|entry| entry.landing.commit == change.planned.commit);
    let is_step = |entry: &&Entry| !entry.from.says(&entry.to);
    let one = |entry: &Entry| Recorded {
        document: entry.document.clone(),
        title: entry.title.clone(),
        kind: entry.kind.clone(),
        from: past(&entry.from),
        to: past(&entry.to),
        illegal: entry.legal == Some(false),
    };
    own.filter(is_step).map(one).collect()
}

/// Lists the approvals that the change records.
pub(super) fn given(change: &Change<'_>) -> Vec<Given> {
    let approvals = &change.after.documents.log.approvals;
    let own = approvals.iter().filter(|one| one.landing.commit == change.planned.commit);
    let one = |one: &Approval| Given {
        document: one.document.clone(),
        scope: one.scope.clone(),
        by: person(change.after.packs, one),
        decision: one.decision.clone(),
        duty: one.duty.word(),
        lack: lack(one),
    };
    own.map(one).collect()
}

fn lack(one: &Approval) -> Option<&'static str> {
    if one.is_too_unsure() {
        return Some("it is not as sure as it must be: sign the commit");
    }
    match one.duty {
        Duty::SelfApproved => Some("whoever approves wrote some of it"),
        Duty::CoAuthor if !one.counts() => Some("whoever approves is named as co-author"),
        Duty::NotAccountable => Some("somebody else must approve it"),
        Duty::Insufficient => Some("a machine cannot approve"),
        Duty::SharedIdentity => Some("several people share the address"),
        Duty::Undetermined => Some("nobody can tell whether it was the right person"),
        Duty::Ok | Duty::CoAuthor => None,
    }
}

fn person(packs: &Packs, one: &Approval) -> String {
    let known = one.by.person.as_deref().map(|id| packs.people.written(id));
    known.unwrap_or_else(|| one.by.name.clone())
}

/// Lists approvals that hold and would not hold any more.
pub(super) fn lapsed(change: &Change<'_>) -> Vec<Lapsed> {
    let before = &change.before;
    let mut found = Vec::new();
    for (at, artifact) in before.packs.artifacts.iter().enumerate() {
        let Some(judged) = before.documents.judged(before.packs, at, Some(change.day)) else {
            continue;
        };
        let holds = judged.approvals.iter().filter(|(one, state)| one.counts() && state.holds());
        let holding: Vec<&Approval> = holds.map(|(one, _)| *one).collect();
        if holding.is_empty() {
            continue;
        }
        let now = states(change, holding[0].line);
        let gone = holding.into_iter().filter_map(|one| {
            let same = |other: &&(Approval, State)| is_same(one, &other.0);
            let state = now.iter().find(same).map(|(_, state)| *state);
            let ends = state.is_none_or(|state| !state.holds() && state != State::Superseded);
            ends.then(|| (one, state.map_or("document removed", State::word)))
        });
        found.extend(gone.map(|(one, state)| Lapsed {
            document: artifact.id.clone(),
            title: artifact.title.clone(),
            path: artifact.path.to_string(),
            scope: one.scope.clone(),
            by: person(before.packs, one),
            on: day_of(one.landing.time),
            state,
        }));
    }
    found
}

/// Judges the approvals of a document, by its line, as they would be.
fn states(change: &Change<'_>, line: usize) -> Vec<(Approval, State)> {
    let Side { documents, packs, .. } = &change.after;
    let last = documents.changes(line).first().map(|at| &documents.log.last_changes[*at].path);
    let at = last.and_then(|path| packs.find(path));
    let judged = at.and_then(|at| documents.judged(packs, at, Some(change.day)));
    // What is carried out goes on to tell what happens, and was approved as it began.
    let is_begun = at.is_some_and(|at| documents.was_approved_at_its_start(packs, at));
    let judged = judged.into_iter().flat_map(|judged| judged.approvals);
    let kept = |state: State| if is_begun && !state.holds() { State::Superseded } else { state };
    judged.map(|(one, state)| (one.clone(), kept(state))).collect()
}

fn is_same(one: &Approval, other: &Approval) -> bool {
    one.commit == other.commit && one.scope == other.scope && one.by.is(&other.by)
}
