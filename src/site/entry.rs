//! One line of the decision log in words: what changed, from what to what, or what was decided though no status changed;
//! who, when, where it landed, how long it held, and what a reader should know before relying on it.

use serde::Serialize;

use super::approved::{by, in_short, of_entry};
use super::artifact::{is_adverse, result, successors};
use super::fields::field;
use super::relation;
use super::signed;
use super::standing::{Decided, decided, state, stated_by};
use super::unit::Unit;
use super::view::{Linked, When, count, past};
use super::who::Who;
use crate::history::{Entry, How, Landing, LandingKind, Returned, StatusAt};
use crate::source::ObjectId;

/// A line of the decision log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLine {
    /// One of `DecisionLog::inside`, and its artifact when that is still there.
    Inside(usize, Option<usize>),
    /// An entry of `DecisionLog::entries`.
    Change(usize),
    /// One of `DecisionLog::approvals` with which no status changed, and its artifact when that is still there.
    Decision(usize, Option<usize>),
}

/// What a reader should see at once about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Mark {
    /// `superseded`, `contested`, `illegal`, `went wrong`, `unreflected` or `on a branch`.
    pub(super) word: &'static str,
    tone: &'static str,
}

/// The marks, each with the name of its shape and colour.
const SUPERSEDED: Mark = Mark { word: "superseded", tone: "closed" };
const CONTESTED: Mark = Mark { word: "contested", tone: "unclear" };
const ILLEGAL: Mark = Mark { word: "illegal", tone: "changed" };
const WENT_WRONG: Mark = Mark { word: "went wrong", tone: "failed" };
const UNREFLECTED: Mark = Mark { word: "unreflected", tone: "unclear" };
const ON_A_BRANCH: Mark = Mark { word: "on a branch", tone: "draft" };

/// A line of the decision log in words.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct EntryView {
    pub(super) document: Linked,
    pub(super) title: String,
    /// The kind of the document, for people.
    pub(super) kind: String,
    /// The gate that the document serves, when it names one.
    pub(super) gate: String,
    /// `was proposed`, `new`.
    pub(super) from: String,
    pub(super) to: String,
    /// One sentence without a full stop: `approved, was proposed`.
    pub(super) words: String,
    pub(super) when: Option<When>,
    /// Who recorded it: the author of the commit.
    pub(super) who: Option<Who>,
    /// What the signature of that commit shows; empty where it has none.
    pub(super) signed: String,
    /// Who decided, as the document says; on the entry that its status rests on.
    pub(super) decided: Option<Decided>,
    /// Who approved the document with the same landing, and how sure that is.
    pub(super) approved: Vec<String>,
    /// Whether the text changed after it.
    pub(super) changed: bool,
    /// Whether it put the document in force and another entry ended that.
    pub(super) over: bool,
    /// Until when it was in force; nothing when it is or never was.
    pub(super) until: Option<When>,
    pub(super) subject: String,
    pub(super) commit: Linked,
    pub(super) pull: Option<Linked>,
    /// Who decided, where no status changed.
    pub(super) by: Option<Who>,
    pub(super) marks: Vec<Mark>,
    /// What is uncertain or unusual, in sentences.
    pub(super) notes: Vec<String>,
}

/// Puts a line of the log into words.
pub(super) fn line(unit: &Unit, line: LogLine) -> EntryView {
    match line {
        LogLine::Change(at) => entry(unit, at),
        LogLine::Decision(at, artifact) => decision(unit, at, artifact),
        LogLine::Inside(at, artifact) => inside(unit, at, artifact),
    }
}

/// Returns the landing of a line.
pub(super) fn landing_of(unit: &Unit, line: LogLine) -> &Landing {
    let log = &unit.edition.inputs.log;
    match line {
        LogLine::Change(at) => &log.entries[at].landing,
        LogLine::Decision(at, _) => &log.approvals[at].landing,
        LogLine::Inside(at, _) => &log.inside[at].landing,
    }
}

/// Puts what a branch did on its way into words.
fn inside(unit: &Unit, at: usize, artifact: Option<usize>) -> EntryView {
    let one = &unit.edition.inputs.log.inside[at];
    let landing = &one.landing;
    let note = format!(
        "On a branch: written on {}, brought in by {}, and no step of {}.",
        When::new(one.made.time).day,
        landing.commit.short(),
        unit.edition.inputs.log.statement.reference
    );
    EntryView {
        document: about(unit, &one.document, artifact),
        title: one.title.clone(),
        kind: kind(unit, &one.kind),
        gate: artifact.map_or_else(String::new, |artifact| first_text(unit, artifact, "gate")),
        from: before(&one.from),
        to: past(&one.to),
        words: words(&one.from, &one.to),
        when: Some(When::new(landing.time)),
        who: Some(unit.registry().author(&one.made)),
        signed: String::new(),
        decided: None,
        approved: Vec::new(),
        changed: false,
        over: false,
        until: None,
        subject: one.subject.clone(),
        commit: unit.forge.commit(one.made.commit),
        pull: landing.pull_request.map(|number| unit.forge.pull(number)),
        by: None,
        marks: vec![ON_A_BRANCH],
        notes: vec![note],
    }
}

/// Names a document, with its page when that is still there.
fn about(unit: &Unit, id: &str, artifact: Option<usize>) -> Linked {
    let href = artifact.map_or_else(String::new, |artifact| unit.artifact_route(artifact));
    Linked { text: id.to_owned(), href }
}

/// Puts a decision with which no status changed into words.
fn decision(unit: &Unit, at: usize, artifact: Option<usize>) -> EntryView {
    let one = &unit.edition.inputs.log.approvals[at];
    let there = artifact.map(|at| &unit.packs().artifacts[at]);
    let kind = there.and_then(|artifact| unit.packs().kinds.get(artifact.kind));
    let known = one.landing.kind != LandingKind::Boundary;
    // What a clone lacks may have changed the document.
    let is_reflected = one.reflected != Some(false) || one.lacks.rules;
    let unreflected = "Unreflected: the document did not change with it and does not say so.";
    EntryView {
        document: about(unit, &one.document, artifact),
        title: there.map_or_else(String::new, |artifact| artifact.title.clone()),
        kind: kind.map_or_else(String::new, |kind| kind.title.clone()),
        gate: artifact.map_or_else(String::new, |artifact| first_text(unit, artifact, "gate")),
        from: one.assurance.word().to_owned(),
        to: relation::decision(unit, artifact, one),
        words: in_short(unit, artifact, one),
        when: known.then(|| When::new(one.landing.time)),
        who: known.then(|| unit.registry().author(&one.recorded)),
        signed: signed(unit, one.proof()),
        decided: None,
        approved: Vec::new(),
        changed: false,
        over: one.revoked.is_some(),
        until: one.revoked.as_ref().map(|landing| When::new(landing.time)),
        subject: one.landing.subject.clone(),
        commit: unit.forge.commit(one.landing.commit),
        pull: one.landing.pull_request.map(|number| unit.forge.pull(number)),
        by: Some(by(unit, one)),
        marks: if is_reflected { Vec::new() } else { vec![UNREFLECTED] },
        notes: if is_reflected { Vec::new() } else { vec![unreflected.to_owned()] },
    }
}

/// Puts entry `at` of the log into words.
pub(super) fn entry(unit: &Unit, at: usize) -> EntryView {
    let entry = &unit.edition.inputs.log.entries[at];
    let landing = &entry.landing;
    let known = landing.kind != LandingKind::Boundary;
    let ended = unit.edition.log_index().ended(at);
    let there = unit.lookup().artifact_of(at);
    let stated = there.filter(|artifact| stated_by(&unit.edition, *artifact) == Some(at));
    EntryView {
        document: about(unit, &entry.document, there),
        title: entry.title.clone(),
        kind: kind(unit, &entry.kind),
        gate: there.map_or_else(String::new, |artifact| first_text(unit, artifact, "gate")),
        from: before(&entry.from),
        to: past(&entry.to),
        words: words(&entry.from, &entry.to),
        when: landed(entry),
        who: entry.origin().filter(|_| known).map(|author| unit.registry().author(author)),
        signed: entry.origin().map_or_else(String::new, |author| signed(unit, author.commit)),
        decided: stated.and_then(|artifact| decided(unit, artifact)),
        approved: of_entry(unit, there, entry.line, landing.index),
        changed: stated.is_some_and(|artifact| state(&unit.edition, artifact).tone == "changed"),
        over: ended.is_some(),
        until: ended.and_then(|by| ending(&unit.edition.inputs.log.entries[by])),
        subject: landing.subject.clone(),
        commit: unit.forge.commit(landing.commit),
        pull: landing.pull_request.map(|number| unit.forge.pull(number)),
        by: None,
        marks: marks(unit, entry, stated),
        notes: notes(unit, at),
    }
}

fn signed(unit: &Unit, commit: ObjectId) -> String {
    signed::words(unit.edition.inputs.log.signature(commit), "author", &unit.packs().people)
}

/// Says what a document was before.
fn before(from: &StatusAt) -> String {
    match from {
        StatusAt::NoDocument => "new".to_owned(),
        StatusAt::Unknown => "what it was before is not known".to_owned(),
        from => format!("was {}", past(from)),
    }
}

/// Says what happened.
fn words(from: &StatusAt, to: &StatusAt) -> String {
    match (from, to) {
        (StatusAt::NoDocument, StatusAt::Absent) => "added without a status".to_owned(),
        (StatusAt::NoDocument, to) => format!("added as {}", past(to)),
        (StatusAt::Unknown, to) => format!("{}; what it was before is not known", past(to)),
        (from, StatusAt::NoDocument) => format!("removed; it was {}", past(from)),
        (from, to) => format!("{}, was {}", past(to), past(from)),
    }
}

/// Says when an entry landed; nothing at the edge of a shallow clone.
fn landed(entry: &Entry) -> Option<When> {
    let known = entry.landing.kind != LandingKind::Boundary;
    known.then(|| When::new(entry.landing.time))
}

/// Says when an entry ended what was in force before; nothing when it may have ended earlier.
fn ending(entry: &Entry) -> Option<When> {
    landed(entry).filter(|_| entry.from != StatusAt::Unknown)
}

fn kind(unit: &Unit, name: &str) -> String {
    let kind = unit.packs().kinds.iter().find(|kind| kind.name == name);
    kind.map_or_else(String::new, |kind| kind.title.clone())
}

/// Returns the first value of a field of a document; empty when there is none.
fn first_text(unit: &Unit, artifact: usize, name: &str) -> String {
    let values = field(unit, artifact, name);
    values.into_iter().next().map_or_else(String::new, |value| value.text)
}

/// Says what is uncertain or unusual about an entry, in sentences.
fn notes(unit: &Unit, at: usize) -> Vec<String> {
    let entry = &unit.edition.inputs.log.entries[at];
    let there = unit.lookup().artifact_of(at);
    let stated = there.filter(|artifact| stated_by(&unit.edition, *artifact) == Some(at));
    let found = [
        edge(entry),
        stated.and_then(|artifact| against(unit, artifact)),
        stated.and_then(|artifact| replaced(unit, artifact)),
        stated.and_then(|artifact| wrong(unit, artifact)),
        step(entry),
        merge(entry),
        back(unit, entry),
        visibility(entry),
        concurrent(entry),
        gap(entry),
    ];
    found.into_iter().flatten().collect()
}

fn marks(unit: &Unit, entry: &Entry, stated: Option<usize>) -> Vec<Mark> {
    let superseded = stated.and_then(|artifact| replaced(unit, artifact)).map(|_| SUPERSEDED);
    let contested = stated.and_then(|artifact| against(unit, artifact)).map(|_| CONTESTED);
    let illegal = (entry.legal == Some(false)).then_some(ILLEGAL);
    let wrong = stated.and_then(|artifact| wrong(unit, artifact)).map(|_| WENT_WRONG);
    [superseded, contested, illegal, wrong].into_iter().flatten().collect()
}

fn edge(entry: &Entry) -> Option<String> {
    let edge = entry.landing.kind == LandingKind::Boundary;
    edge.then(|| "At the edge of a shallow clone: who and when are not known.".to_owned())
}

/// A decision that differs from what was recommended is contested.
fn against(unit: &Unit, artifact: usize) -> Option<String> {
    let advice = first_text(unit, artifact, "recommendation");
    let outcome = first_text(unit, artifact, "outcome");
    let differs =
        !advice.is_empty() && !outcome.is_empty() && !advice.eq_ignore_ascii_case(&outcome);
    differs.then(|| format!("Contested: {advice} was recommended, {outcome} was decided."))
}

fn wrong(unit: &Unit, artifact: usize) -> Option<String> {
    let came = result(unit, artifact);
    is_adverse(unit, artifact).then(|| format!("What came of it: {came}."))
}

fn replaced(unit: &Unit, artifact: usize) -> Option<String> {
    let names: Vec<String> = successors(unit, artifact).map(|link| link.name()).collect();
    (!names.is_empty()).then(|| format!("Superseded by {}.", names.join(", ")))
}

fn step(entry: &Entry) -> Option<String> {
    match (entry.legal, entry.standing, &entry.to) {
        (_, _, StatusAt::Invalid(word)) => {
            Some(format!("“{word}” is no status of this kind of document; it counts as a draft."))
        }
        (Some(false), ..) => Some(
            "Illegal: the life cycle of this kind of document does not allow this step.".to_owned(),
        ),
        _ => None,
    }
}

/// A value that a merge itself made is charged to whoever merged.
fn merge(entry: &Entry) -> Option<String> {
    let how = entry.origin()?.how;
    let words = match how {
        How::Commit | How::Root => return None,
        How::Resolution => "The branches disagreed; whoever merged chose this.",
        How::Discard => "The merge itself dropped what a branch had changed.",
        How::Evil => "The merge itself put this in; no branch had it.",
        How::Identity => "The document became another one in the merge.",
    };
    Some(words.to_owned())
}

/// Says what an entry takes back or brings back.
fn back(unit: &Unit, entry: &Entry) -> Option<String> {
    if entry.restores.is_some() {
        return Some("The document had been removed before; it is back.".to_owned());
    }
    let Some(taken) = entry.takes_back else {
        return entry.lands_again.map(|_| "The same change had been made before.".to_owned());
    };
    // To go back and forth as the life cycle has it is nothing unusual.
    if taken.how == Returned::Reversal && entry.legal == Some(true) {
        return None;
    }
    let log = &unit.edition.inputs.log;
    let earlier = log.position(taken.entry).and_then(|at| landed(&log.entries[at]));
    let of = earlier.map_or_else(String::new, |when| format!(" of {}", when.day));
    Some(match taken.how {
        Returned::Confirmed => format!("It takes back the change{of}."),
        Returned::Claimed => {
            format!(
                "Its message says that it takes back the change{of}, but the text is another one."
            )
        }
        Returned::Unclear => {
            format!(
                "Its message says that it takes back the change{of}; this clone cannot tell whether it does."
            )
        }
        Returned::Reversal => format!("The status is again what it was before the change{of}."),
    })
}

fn visibility(entry: &Entry) -> Option<String> {
    if entry.passing {
        let words = "The same pull request changed it again, so it may never have been visible.";
        return Some(words.to_owned());
    }
    (entry.together > 1).then(|| {
        let others = count(entry.together, "document", "documents");
        format!("One of {others} that were changed alike at once.")
    })
}

fn concurrent(entry: &Entry) -> Option<String> {
    let names: Vec<&str> = entry
        .concurrent
        .iter()
        .map(|one| if one.name.is_empty() { "somebody" } else { one.name.as_str() })
        .collect();
    (!names.is_empty()).then(|| format!("On another branch {} did the same.", names.join(", ")))
}

fn gap(entry: &Entry) -> Option<String> {
    let commits = count(entry.gap.len(), "commit", "commits");
    (!entry.gap.is_empty())
        .then(|| format!("In between, the fields could not be read at {commits}."))
}
