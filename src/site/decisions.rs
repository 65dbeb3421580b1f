//! The decision log of a pack as a page: its lines by month, and how complete the history is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::entry::{EntryView, LogLine, landing_of, line};
use super::goalposts::{self, GoalpostView};
use super::signed;
use super::unit::Unit;
use super::view::{Linked, count, day, month};
use crate::history::{Foxtrot, LandingKind, Odd, Remark, Statement};
use crate::source::{ObjectId, ReadBlob};

/// The page of all changes of status and decisions.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LogView {
    statement: String,
    complete: bool,
    /// On what the answers about signatures rest.
    trust: String,
    tip: Linked,
    /// Where the working day of the pack is; the browser adds its times.
    zone: String,
    count: String,
    months: Vec<Month>,
    remarks: Vec<RemarkView>,
    goalposts: Vec<GoalpostView>,
}

/// What is odd about a commit.
#[derive(Debug, Hash, Serialize)]
struct RemarkView {
    commit: Linked,
    words: String,
}

/// The lines of one month, the latest first.
#[derive(Debug, Hash, Serialize)]
struct Month {
    name: String,
    /// Whether it is shown unfolded.
    open: bool,
    entries: Vec<EntryView>,
}

/// The latest months are unfolded until so many lines are shown.
const UNFOLDED: usize = 12;

pub(super) fn view(unit: &Unit) -> LogView {
    let log = &unit.edition.inputs.log;
    LogView {
        statement: statement(&log.statement),
        complete: log.statement.complete(),
        trust: signed::trust(unit),
        tip: log.statement.tip.map(|tip| unit.forge.commit(tip)).unwrap_or_default(),
        zone: unit.facts().timezone.clone().unwrap_or_default(),
        count: counted(unit),
        months: months(unit),
        remarks: remarks(unit),
        goalposts: goalposts::views(unit),
    }
}

impl LogView {
    /// Reads the texts of criteria that moved.
    pub(super) fn compare(&mut self, unit: &Unit, read: &dyn ReadBlob) {
        self.goalposts.iter_mut().for_each(|one| one.compare(unit, read));
    }
}

/// Counts what is told: `12 changes of status and 3 other decisions`.
fn counted(unit: &Unit) -> String {
    let changes = count(own(unit).len(), "change of status", "changes of status");
    match unit.lookup().decisions.len() {
        0 => changes,
        others => format!("{changes} and {}", count(others, "other decision", "other decisions")),
    }
}

/// Puts lines under the months in which they landed, the latest first; the order of landing stays.
fn months(unit: &Unit) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for (shown, at) in landed(unit).into_iter().rev().enumerate() {
        let landing = landing_of(unit, at);
        let known = landing.kind != LandingKind::Boundary;
        let name = Some(landing.time).filter(|_| known).and_then(month);
        let name = name.unwrap_or_else(|| "Date not known".to_owned());
        match months.last_mut() {
            Some(month) if month.name == name => month.entries.push(line(unit, at)),
            _ => {
                let entries = vec![line(unit, at)];
                months.push(Month { name, open: shown < UNFOLDED, entries });
            }
        }
    }
    months
}

fn foxtrot(swap: &Foxtrot, branch: &str) -> String {
    let merge = swap.commit.short();
    if swap.proven {
        format!(
            "Merge {merge} had swapped {branch} with a side branch; {branch} is followed as it was published."
        )
    } else {
        format!(
            "Merge {merge} says that it merged {branch} into itself, so {branch} may go on along what had been a side branch."
        )
    }
}

/// Lists what is odd about the commits that the pack's entries rest on, each in one sentence.
fn remarks(unit: &Unit) -> Vec<RemarkView> {
    let log = &unit.edition.inputs.log;
    if log.remarks.is_empty() {
        return Vec::new();
    }
    let own = own(unit).iter().map(|at| &log.entries[*at]);
    let commits: BTreeSet<ObjectId> = own
        .flat_map(|entry| {
            let made = entry.origins.iter().map(|origin| origin.commit);
            made.chain([entry.landing.commit])
        })
        .collect();
    let remarks = log.remarks.iter().filter(|remark| commits.contains(&remark.commit));
    remarks
        .map(|remark| RemarkView { commit: unit.forge.commit(remark.commit), words: odd(remark) })
        .collect()
}

fn odd(remark: &Remark) -> String {
    match remark.odd {
        Odd::BeforeParent(seconds) => {
            format!("committed {} before its parent", lasting(seconds))
        }
        Odd::WrittenLater(seconds) => {
            format!("written {} after it was committed", lasting(seconds))
        }
        Odd::Impossible => "its time or its time zone cannot be".to_owned(),
        Odd::Unclear => "says that something was approved, but not what, or not by whom".to_owned(),
        Odd::Submodule => "put documents into a submodule, which is another repository".to_owned(),
        Odd::DatedLater => {
            let document = remark.document.as_ref().map_or("", |(id, _)| id);
            format!("put {document} in force, which names a later day for what was done")
        }
    }
}

/// Says how long some seconds are, in the largest unit that fits.
fn lasting(seconds: i64) -> String {
    let seconds = usize::try_from(seconds).unwrap_or_default();
    match seconds {
        0..3600 => count(seconds.div_ceil(60), "minute", "minutes"),
        3600..86400 => count(seconds / 3600, "hour", "hours"),
        _ => count(seconds / 86400, "day", "days"),
    }
}

/// Lists what is told of the unit's pack, in order of landing: changes of status, and decisions with which none changed.
pub(super) fn lines(unit: &Unit) -> Vec<LogLine> {
    let lookup = unit.lookup();
    let mut lines: Vec<LogLine> = own(unit).iter().copied().map(LogLine::Change).collect();
    lines.extend(lookup.decisions.iter().map(|(at, there)| LogLine::Decision(*at, *there)));
    lines.extend(lookup.inside.iter().map(|(at, there)| LogLine::Inside(*at, *there)));
    lines.sort_by_key(|line| (landing_of(unit, *line).index, *line));
    lines
}

/// Lists what landed: [`lines`] without what branches did on their way, which stands with each document.
pub(super) fn landed(unit: &Unit) -> Vec<LogLine> {
    let mut lines = lines(unit);
    lines.retain(|line| !matches!(line, LogLine::Inside(..)));
    lines
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
    let commits = count(statement.landings, "commit", "commits");
    let branch = &statement.reference;
    let read = format!("Told from {commits} on {branch}, in the order in which they reached it.");
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
    if statement.missing_tags > 0 {
        let tags = count(statement.missing_tags, "tag is", "tags are");
        parts.push(format!("{tags} not in this clone, so some approvals may be missing."));
    }
    if statement.replace_refs > 0 {
        let refs = count(statement.replace_refs, "replace ref was", "replace refs were");
        parts.push(format!("{refs} ignored."));
    }
    if statement.grafts {
        parts.push("Grafts were ignored.".to_owned());
    }
    if statement.roots.len() > 1 {
        parts.push(format!("It has {} beginnings: histories were joined.", statement.roots.len()));
    }
    parts.extend(statement.declared.iter().map(|one| {
        let (tip, on) = (one.tip.short(), day(&one.on));
        let why = one.why.trim_end_matches('.');
        format!("What was published of {tip} was rewritten on purpose on {on}: {why}.")
    }));
    parts.extend(statement.foxtrots.iter().map(|swap| foxtrot(swap, &statement.reference)));
    parts.join(" ")
}
