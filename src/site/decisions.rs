//! The decision log as pages show it: what changed, from what to what, who, when, and where it landed.

use serde::Serialize;

use super::standing::{Decided, decided, state, stated_by};
use super::unit::Unit;
use super::view::{Linked, When, count, month, past};
use super::who::Who;
use crate::history::{Entry, LandingKind, Statement, StatusAt};

/// The page of all status transitions.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LogView {
    statement: String,
    complete: bool,
    tip: Linked,
    count: String,
    months: Vec<Month>,
}

/// The transitions of one month, the latest first.
#[derive(Debug, Hash, Serialize)]
struct Month {
    name: String,
    entries: Vec<EntryView>,
}

/// A status transition in words.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct EntryView {
    document: Linked,
    title: String,
    /// `was proposed`, `new`.
    from: String,
    to: String,
    /// One sentence without a full stop: `approved, was proposed`.
    words: String,
    when: Option<When>,
    /// Who recorded it: the author of the commit.
    who: Option<Who>,
    /// Who decided, as the document says; on the entry that its status rests on.
    decided: Option<Decided>,
    /// Whether the text changed after it.
    changed: bool,
    subject: String,
    commit: Linked,
    pull: Option<Linked>,
    note: String,
}

pub(super) fn view(unit: &Unit) -> LogView {
    let log = &unit.edition.inputs.log;
    LogView {
        statement: statement(&log.statement),
        complete: log.statement.complete(),
        tip: log.statement.tip.map(|tip| unit.forge.commit(tip)).unwrap_or_default(),
        count: count(own(unit).len(), "change of status", "changes of status"),
        months: months(unit, own(unit).iter().rev()),
    }
}

/// Puts entries under the months in which they landed; the order of landing stays.
fn months<'e>(unit: &Unit, entries: impl Iterator<Item = &'e usize>) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for at in entries {
        let landing = &unit.edition.inputs.log.entries[*at].landing;
        let known = landing.kind != LandingKind::Boundary;
        let name = Some(landing.time).filter(|_| known).and_then(month);
        let name = name.unwrap_or_else(|| "Date not known".to_owned());
        match months.last_mut() {
            Some(month) if month.name == name => month.entries.push(entry(unit, *at)),
            _ => months.push(Month { name, entries: vec![entry(unit, *at)] }),
        }
    }
    months
}

/// Lists the entries of the unit's pack, in order of landing.
pub(super) fn own(unit: &Unit) -> &[usize] {
    &unit.lookup().pack_entries
}

/// Says how complete the history is.
pub(super) fn statement(statement: &Statement) -> String {
    if statement.tip.is_none() {
        return "There is no history here: the pages were built from files that no commit holds."
            .to_owned();
    }
    let landings = count(statement.landings, "landing", "landings");
    let read = format!(
        "Told from {landings} on {}, in the order in which they landed.",
        statement.reference
    );
    let mut parts = vec![read];
    if statement.complete() {
        parts.push("The history is complete.".to_owned());
    }
    if !statement.shallow.is_empty() {
        parts.push("The clone is shallow: what happened before its edge is not known.".to_owned());
    }
    if statement.missing_blobs > 0 {
        let files = count(statement.missing_blobs, "file version is", "file versions are");
        parts.push(format!("{files} not in this clone, so some transitions may be missing."));
    }
    if statement.replace_refs > 0 {
        let refs = count(statement.replace_refs, "replace ref was", "replace refs were");
        parts.push(format!("{refs} ignored."));
    }
    parts.join(" ")
}

/// Puts entry `at` of the log into words.
pub(super) fn entry(unit: &Unit, at: usize) -> EntryView {
    let entry = &unit.edition.inputs.log.entries[at];
    let landing = &entry.landing;
    let known = landing.kind != LandingKind::Boundary;
    let there = unit.lookup().artifact_of(at);
    let stated = there.filter(|artifact| stated_by(&unit.edition, *artifact) == Some(at));
    EntryView {
        document: Linked {
            text: entry.document.clone(),
            href: there.map_or_else(String::new, |artifact| unit.artifact_route(artifact)),
        },
        title: entry.title.clone(),
        from: before(&entry.from),
        to: past(&entry.to),
        words: words(entry),
        when: known.then(|| When::new(landing.time)),
        who: entry.origin().filter(|_| known).map(|author| unit.registry().author(author)),
        decided: stated.and_then(|artifact| decided(unit, artifact)),
        changed: stated.is_some_and(|artifact| state(&unit.edition, artifact).tone == "changed"),
        subject: landing.subject.clone(),
        commit: unit.forge.commit(landing.commit),
        pull: landing.pull_request.map(|number| unit.forge.pull(number)),
        note: note(entry),
    }
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
fn words(entry: &Entry) -> String {
    match (&entry.from, &entry.to) {
        (StatusAt::NoDocument, StatusAt::Absent) => "added without a status".to_owned(),
        (StatusAt::NoDocument, to) => format!("added as {}", past(to)),
        (StatusAt::Unknown, to) => format!("{}; what it was before is not known", past(to)),
        (from, StatusAt::NoDocument) => format!("removed; it was {}", past(from)),
        (from, to) => format!("{}, was {}", past(to), past(from)),
    }
}

/// Says what is uncertain about an entry.
fn note(entry: &Entry) -> String {
    if entry.landing.kind == LandingKind::Boundary {
        return "At the edge of a shallow clone: who and when are not known.".to_owned();
    }
    if entry.gap.is_empty() {
        return String::new();
    }
    let landings = count(entry.gap.len(), "landing", "landings");
    format!("In between, the fields could not be read at {landings}.")
}
