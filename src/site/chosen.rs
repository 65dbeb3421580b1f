//! Lines of the decision log that somebody asks for, and each of them as lines of text for a terminal.

use jiff::civil::Date;

use super::decisions::lines;
use super::entry::{EntryView, LogLine, landing_of, line};
use super::standing::Decided;
use super::unit::Unit;
use super::{csv, export};
use crate::history::{Entry, LandingKind};
use crate::source::ObjectId;

/// What is asked for; what is not given does not matter. Letters match in either case.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A part of the name of somebody who recorded or decided.
    pub person: Option<String>,
    /// The name or the title of a kind.
    pub kind: Option<String>,
    /// An id, or the path of a document without one.
    pub document: Option<String>,
    /// A gate.
    pub gate: Option<String>,
    /// The first day, in UTC.
    pub since: Option<Date>,
    /// The last day, in UTC.
    pub until: Option<Date>,
    /// Words that all stand in what is told.
    pub text: Option<String>,
}

/// A line of the log as lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its landing, by place on the branch, and itself.
    pub at: (usize, LogLine),
    /// The day on which it landed.
    pub day: String,
    /// The document, and its step or what was decided.
    pub step: String,
    /// Who recorded it and how it landed.
    pub landed: String,
    /// What a reader should know beside that, often nothing.
    pub marks: String,
}

impl Unit {
    /// Lists the lines about the pack that are asked for, in order of landing.
    pub fn chosen(&self, wanted: &Wanted) -> Vec<LogLine> {
        lines(self).into_iter().filter(|at| wanted.holds(self, *at)).collect()
    }

    /// Tells a line of the log in lines of text; with `of_pack` the id says of which pack it is.
    pub fn told(&self, at: LogLine, of_pack: bool) -> Told {
        let log = &self.edition.inputs.log;
        let (document, path) = match at {
            LogLine::Change(at) => (&log.entries[at].document, &log.entries[at].path),
            LogLine::Decision(at, _) => (&log.approvals[at].document, &log.approvals[at].path),
            LogLine::Inside(at, _) => (&log.inside[at].document, &log.inside[at].path),
        };
        let has_id = document != path.as_str();
        let pack = Some(&self.facts().id).filter(|_| of_pack && has_id);
        let landing = landing_of(self, at);
        let mut told =
            told((landing.index, at), &line(self, at), pack.map(String::as_str), landing.kind);
        if let LogLine::Change(at) = at {
            let marks = [told.marks.as_str(), &elsewhere(&log.entries[at])].join(" ");
            marks.trim().clone_into(&mut told.marks);
        }
        told
    }

    /// Writes `decision-log.json` with these lines.
    pub fn log_json(&self, lines: &[LogLine]) -> String {
        export::decisions(self, lines)
    }

    /// Writes `decision-log.csv` with these lines.
    pub fn log_csv(&self, lines: &[LogLine]) -> String {
        csv::decisions(self, lines)
    }
}

/// Says which commits of other branches make the same change. No page says so: a new branch changes no page.
fn elsewhere(entry: &Entry) -> String {
    let commits: Vec<String> = entry.elsewhere.iter().map(ObjectId::short).collect();
    if commits.is_empty() {
        return String::new();
    }
    format!("The same Change-Id stands on another branch: {}.", commits.join(", "))
}

fn told(at: (usize, LogLine), view: &EntryView, pack: Option<&str>, kind: LandingKind) -> Told {
    let pack = pack.map_or_else(String::new, |pack| format!("{pack}:"));
    let who = view.who.as_ref().map_or("not known who", |who| who.name.as_str());
    let signed = if view.signed.is_empty() { String::new() } else { format!(" ({})", view.signed) };
    let how = match kind {
        _ if matches!(at.1, LogLine::Inside(..)) => "on a branch with",
        LandingKind::Merge => "merged with",
        LandingKind::Direct => "landed with",
        LandingKind::Root => "began with",
        LandingKind::Boundary => "at or before",
    };
    let pull = view.pull.as_ref().map_or_else(String::new, |pull| format!(" {}", pull.text));
    Told {
        at,
        day: view.when.as_ref().map_or_else(|| "Day not known".to_owned(), |when| when.day.clone()),
        step: format!("{pack}{}: {}", named(view), view.words),
        landed: format!("{who}{signed}, {how} {}{pull}: {}", view.commit.text, view.subject),
        marks: marks(view).join(" "),
    }
}

/// Names a document by its id and its title, as far as they are known.
fn named(view: &EntryView) -> String {
    let known = [&view.document.text, &view.title].map(String::as_str);
    known.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn marks(view: &EntryView) -> Vec<String> {
    let decided = view.decided.as_ref().map(Decided::words);
    let held = if view.by.is_some() { "It held" } else { "In force" };
    let until = view.until.as_ref().map(|until| format!("{held} until {}.", until.day));
    let changed = view.changed.then(|| "The text changed after that.".to_owned());
    [decided, until, changed].into_iter().flatten().chain(view.notes.iter().cloned()).collect()
}

impl Wanted {
    /// Tells whether nothing is asked for but all.
    pub fn is_all(&self) -> bool {
        let texts = [&self.person, &self.kind, &self.document, &self.gate, &self.text];
        texts.iter().all(|text| text.is_none()) && self.since.is_none() && self.until.is_none()
    }

    fn holds(&self, unit: &Unit, at: LogLine) -> bool {
        if self.is_all() {
            return true;
        }
        let view = line(unit, at);
        let log = &unit.edition.inputs.log;
        let (kind, path) = match at {
            LogLine::Change(at) => (log.entries[at].kind.as_str(), &log.entries[at].path),
            LogLine::Inside(at, _) => (log.inside[at].kind.as_str(), &log.inside[at].path),
            LogLine::Decision(at, there) => {
                let packs = unit.packs();
                let kind = there.and_then(|there| packs.kinds.get(packs.artifacts[there].kind));
                (kind.map_or("", |kind| &kind.name), &log.approvals[at].path)
            }
        };
        let is = |wanted: &Option<String>, found: &[&str]| {
            let same = |one: &&str| folded(one) == folded(wanted.as_deref().unwrap_or_default());
            wanted.is_none() || found.iter().any(same)
        };
        let person = self.person.as_ref().is_none_or(|name| {
            let recorded = view.who.iter().chain(&view.by).map(|who| who.name.as_str());
            let decided = view.decided.iter().flat_map(Decided::names);
            recorded.chain(decided).any(|one| folded(one).contains(&folded(name)))
        });
        person
            && is(&self.kind, &[kind, &view.kind])
            && is(&self.document, &[&view.document.text, path.as_str()])
            && is(&self.gate, &[&view.gate])
            && self.is_then(&view)
            && self.text.as_ref().is_none_or(|words| says(unit, at, &view, words))
    }

    /// Tells whether an entry landed on one of the days; of one at the edge of a clone nobody knows.
    fn is_then(&self, view: &EntryView) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let day = view.when.as_ref().and_then(|when| when.iso.get(..10)?.parse::<Date>().ok());
        day.is_some_and(|day| {
            self.since.is_none_or(|since| since <= day)
                && self.until.is_none_or(|until| day <= until)
        })
    }
}

/// Tells whether all words stand in what is told of a line.
fn says(unit: &Unit, at: LogLine, view: &EntryView, words: &str) -> bool {
    let Told { step, landed, marks, .. } = unit.told(at, true);
    let told = folded(&[step, landed, marks, view.kind.clone(), view.gate.clone()].join(" "));
    folded(words).split_whitespace().all(|word| told.contains(word))
}

fn folded(text: &str) -> String {
    text.to_lowercase()
}
