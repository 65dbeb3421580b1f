//! Whether the criteria of a trial stood still from its start to the decision: in words, with what changed, and for
//! programs.

use serde::Serialize;
use serde_json::{Value, json};

use super::artifact::{DocumentLink, link};
use super::past::compared;
use super::unit::Unit;
use super::view::{Linked, When, count};
use super::who::Who;
use crate::approvals::{Approval, Evidence, TextAt};
use crate::diff::Hunk;
use crate::history::{DecisionLog, Goalpost, Move, Stood};
use crate::pack::contacts::Covered;
use crate::settings::Audience;
use crate::source::{ObjectId, ReadBlob};

/// The criteria of one document up to one decision.
#[derive(Debug, Hash, Serialize)]
pub(super) struct GoalpostView {
    /// The document, when it is still there.
    document: Option<DocumentLink>,
    /// Its id.
    name: String,
    /// Whether the criteria stood still and had been approved.
    good: bool,
    words: String,
    start: Step,
    decision: Option<Step>,
    approved: &'static str,
    moves: Vec<MoveView>,
    hunks: Vec<Hunk>,
    /// What is said in place of a comparison.
    note: &'static str,
    #[serde(skip)]
    texts: (Option<ObjectId>, Option<ObjectId>),
}

/// An entry that started a trial or decided on it.
#[derive(Debug, Hash, Serialize)]
struct Step {
    document: Linked,
    when: When,
}

/// A change of criteria after the start.
#[derive(Debug, Hash, Serialize)]
struct MoveView {
    when: When,
    who: Option<Who>,
    commit: Linked,
    /// `6 days before the decision`; empty before there is one.
    ahead: String,
    /// Who approved that very text.
    approved_by: Vec<String>,
}

/// Follows the criteria of the unit's pack; a public site tells nothing of them.
fn followed(unit: &Unit) -> Vec<Goalpost> {
    let inputs = &unit.edition.inputs;
    if inputs.settings.audience == Audience::Public || inputs.log.criteria.is_empty() {
        return Vec::new();
    }
    let edition = &unit.edition;
    edition.trials().goalposts(&edition.log_index().documents, unit.pack)
}

pub(super) fn views(unit: &Unit) -> Vec<GoalpostView> {
    followed(unit).iter().map(|one| view(unit, one)).collect()
}

fn view(unit: &Unit, goalpost: &Goalpost) -> GoalpostView {
    let log = &unit.edition.inputs.log;
    let texts = &log.texts[&goalpost.line];
    let text = |at: Option<usize>| at.and_then(|at| texts[at].blob);
    let artifact = artifact_of(unit, goalpost.line);
    let moved = goalpost.stood == Stood::Moved;
    GoalpostView {
        document: artifact.map(|at| link(unit, at)),
        name: name(unit, goalpost.line),
        good: goalpost.stood == Stood::Still && goalpost.approved == Evidence::Enough,
        words: words(goalpost),
        start: step(unit, goalpost.start),
        decision: goalpost.decision.map(|at| step(unit, at)),
        approved: approved(goalpost.approved),
        moves: goalpost.moves.iter().map(|one| changed(unit, goalpost, one)).collect(),
        hunks: Vec::new(),
        note: "",
        texts: if moved { (text(goalpost.before), text(goalpost.after)) } else { (None, None) },
    }
}

impl GoalpostView {
    /// Reads the text at the start and the one by which it was decided, and compares them.
    pub(super) fn compare(&mut self, unit: &Unit, read: &dyn ReadBlob) {
        if self.texts.0.is_none() {
            return;
        }
        let covered = Covered { read, contacts: &unit.packs().contacts };
        match compared(&covered, self.texts) {
            Ok(hunks) => self.hunks = hunks,
            Err(note) => self.note = note,
        }
    }
}

/// Says what became of the criteria, as a phrase.
fn words(goalpost: &Goalpost) -> String {
    let times = count(goalpost.moves.len(), "change", "changes");
    match goalpost.stood {
        Stood::Still if goalpost.moves.is_empty() => "did not change".to_owned(),
        Stood::Still => format!("say what they said at the start, after {times} in between"),
        Stood::Moved if goalpost.after.is_none() => "were removed".to_owned(),
        Stood::Moved => format!("say something else, after {times}"),
        Stood::Late => "were written after the start".to_owned(),
        Stood::Unknown => "may have changed: the history does not tell".to_owned(),
    }
}

/// Says whether the criteria had been approved at the start.
fn approved(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Enough => "All who must had approved them before the start.",
        Evidence::Stale(_) => "They had been approved in other words before the start.",
        Evidence::Insufficient | Evidence::Expired => {
            "Not all who must had approved them before the start."
        }
        Evidence::None => "Nobody had approved them before the start.",
        Evidence::Undetermined => "Whether they had been approved before the start is not known.",
    }
}

fn step(unit: &Unit, at: usize) -> Step {
    let entry = &unit.edition.inputs.log.entries[at];
    let there = unit.lookup().artifact_of(at);
    let href = there.map_or_else(String::new, |artifact| unit.artifact_route(artifact));
    let document = Linked { text: entry.document.clone(), href };
    Step { document, when: When::new(entry.landing.time) }
}

fn changed(unit: &Unit, goalpost: &Goalpost, one: &Move) -> MoveView {
    let log = &unit.edition.inputs.log;
    let text: &TextAt = &log.texts[&goalpost.line][one.text];
    let decided = goalpost.decision.map(|at| log.entries[at].landing.time);
    MoveView {
        when: When::new(text.landing.time),
        who: text.by.as_ref().map(|author| unit.registry().author(author)),
        commit: unit.forge.commit(text.landing.commit),
        ahead: decided.map_or_else(String::new, |time| ahead(time - text.landing.time)),
        approved_by: one.approvals.iter().map(|at| by(unit, &log.approvals[*at])).collect(),
    }
}

/// Says how long before the decision something was, by the times that both claim.
fn ahead(seconds: i64) -> String {
    match usize::try_from(seconds) {
        Ok(seconds @ 0..86_400) => {
            format!("{} before the decision", count(seconds.div_ceil(3600), "hour", "hours"))
        }
        Ok(seconds) => format!("{} before the decision", count(seconds / 86_400, "day", "days")),
        Err(_) => String::new(),
    }
}

fn by(unit: &Unit, approval: &Approval) -> String {
    let people = &unit.packs().people;
    let person = approval.by.person.as_deref().and_then(|id| people.person(id));
    person.map_or_else(|| approval.by.name.clone(), |at| people.persons[at].name.clone())
}

fn artifact_of(unit: &Unit, line: usize) -> Option<usize> {
    let changes = &unit.edition.inputs.log.last_changes;
    let mut own = changes.iter().filter(|change| change.line == line);
    unit.packs().find(&own.next()?.path)
}

/// Returns the id of a document, of one that is gone the one under which it was known last.
fn name(unit: &Unit, line: usize) -> String {
    if let Some(at) = artifact_of(unit, line) {
        return unit.packs().artifacts[at].id.clone();
    }
    let entries = &unit.edition.inputs.log.entries;
    let last = entries.iter().rfind(|entry| entry.line == line);
    last.map_or_else(|| "criteria".to_owned(), |entry| entry.document.clone())
}

/// Tells programs the same.
pub(super) fn values(unit: &Unit) -> Vec<Value> {
    let log = &unit.edition.inputs.log;
    followed(unit).iter().map(|one| value(unit, log, one)).collect()
}

fn value(unit: &Unit, log: &DecisionLog, goalpost: &Goalpost) -> Value {
    let texts = &log.texts[&goalpost.line];
    let digest = |at: Option<usize>| Some(texts[at?].digest?.write());
    let entry = |at: usize| {
        let entry = &log.entries[at];
        json!({"seq": entry.seq, "document": entry.document, "commit": entry.landing.commit.to_string()})
    };
    let moved = |one: &Move| {
        let text = &texts[one.text];
        json!({
            "commit": text.landing.commit.to_string(),
            "landed": When::new(text.landing.time).iso,
            "by": text.by.as_ref().map(|author| unit.registry().author(author).name),
            "digest": text.digest.map(crate::document::digest::Digest::write),
            "approved_by": one.approvals.iter().map(|at| by(unit, &log.approvals[*at])).collect::<Vec<_>>(),
        })
    };
    json!({
        "document": name(unit, goalpost.line),
        "outcome": goalpost.stood.word(),
        "approved_at_start": goalpost.approved.word(),
        "start": entry(goalpost.start),
        "decision": goalpost.decision.map(entry),
        "digest_at_start": digest(goalpost.before),
        "digest_at_decision": digest(goalpost.after),
        "changes": goalpost.moves.iter().map(moved).collect::<Vec<_>>(),
    })
}
