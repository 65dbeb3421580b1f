//! What must have been so before something else happened. Order follows landings; only an event that somebody dates in
//! `pack.toml` is compared by its day.

use super::{Answer, Candidate, Judge, Need, Problem, answer, problem, rank, unknown};
use crate::assemble::day_of;
use crate::figures::delivery::delivery;
use crate::history::{Entry, LandingKind, StatusAt};
use crate::kinds::GoalpostPart;
use crate::pack::outcome::recorded;
use crate::profiles::Outcome;
use crate::toml::Table;

/// The events: the start of the trial, as kinds say which landing that is, the day in `build_start`, and the first
/// change that records say went live. `gate:G2` is the first decision that passed a gate.
pub(super) const EVENTS: [&str; 3] = ["activation", "build-start", "first-production-change"];

/// What a gate is named behind.
const GATE: &str = "gate:";

/// The key of `pack.toml` that says when the build started.
const BUILD_START: &str = "build_start";

/// What must have been so before an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// The event.
    pub(super) before: Option<String>,
}

impl Order {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self { before: keys.text("before") }
    }

    /// Returns the gate whose passing is the event.
    pub(super) fn gate(&self) -> Option<&str> {
        self.before.as_deref()?.strip_prefix(GATE)
    }
}

/// When an event was.
enum Event<'l> {
    /// It landed.
    Landed(&'l Entry),
    /// Somebody says so.
    On(String),
    /// There was none yet.
    None,
    /// That is not known, and why.
    Unknown(String),
}

impl Event<'_> {
    fn day(&self) -> String {
        match self {
            Self::Landed(entry) => day_of(entry.landing.clock),
            Self::On(day) => day.clone(),
            Self::None | Self::Unknown(_) => String::new(),
        }
    }

    /// Tells whether an entry landed before; nothing where both landed together or the order cannot be told.
    fn is_after(&self, entry: &Entry) -> Option<bool> {
        match self {
            Self::Landed(own) if own.landing.index == entry.landing.index => None,
            Self::Landed(own) => Some(entry.landing.index < own.landing.index),
            Self::On(day) => Some(day_of(entry.landing.clock) <= *day),
            Self::None => Some(true),
            Self::Unknown(_) => None,
        }
    }
}

impl<'a> Judge<'a> {
    fn event(&self, name: &str) -> Event<'a> {
        match name {
            "build-start" => match self.declared().fact(BUILD_START).first() {
                Some(day) => Event::On(day.clone()),
                None => Event::Unknown(format!("`{BUILD_START}` is not in pack.toml")),
            },
            "first-production-change" => {
                let records = delivery(self.packs, self.pack);
                records.changes.first().map_or(Event::None, |one| Event::On(one.day.to_string()))
            }
            _ => match name.strip_prefix(GATE) {
                Some(gate) => self.passed(gate),
                None => self.activated(),
            },
        }
    }

    /// The first landing of a decision in force that passed a gate.
    fn passed(&self, gate: &str) -> Event<'a> {
        let decisions = recorded(self.packs, self.pack).into_iter();
        let passing = decisions.filter(|one| one.counts && one.effect.passes() && one.is_at(gate));
        let landed = passing.filter_map(|one| {
            let line = self.documents.line(&self.packs.artifacts[one.at].path)?;
            let log = &self.documents.log;
            let mut entries = self.documents.entries(line).iter().map(|at| &log.entries[*at]);
            entries.find(|entry| entry.part == Some(GoalpostPart::Decision))
        });
        self.first(landed.min_by_key(|entry| entry.landing.index))
    }

    fn activated(&self) -> Event<'a> {
        self.first(self.trials.start(self.documents, self.pack))
    }

    /// The event that landed with an entry, as far as this clone can tell.
    fn first(&self, entry: Option<&'a Entry>) -> Event<'a> {
        match entry {
            Some(entry) if entry.landing.kind == LandingKind::Boundary => {
                Event::Unknown(self.why_untold())
            }
            Some(entry) => Event::Landed(entry),
            None if self.tells_all() => Event::None,
            None => Event::Unknown(self.why_untold()),
        }
    }

    /// Tells what a document was when an event came.
    fn was_so(&self, need: &Need, candidate: &Candidate<'_>, name: &str) -> Option<Problem> {
        let event = self.event(name);
        let spoken = spoken(name);
        match &event {
            Event::None => return None,
            Event::Unknown(why) => {
                let text = format!("whether it was so before {spoken} is not known: {why}");
                return Some(unknown(text));
            }
            Event::Landed(_) | Event::On(_) => {}
        }
        let span = &candidate.artifact.status_span;
        let not_told = || unknown(self.untold(&format!("whether it was so before {spoken}")));
        let Some(line) = self.documents.line(&candidate.artifact.path) else {
            return Some(unknown("this text has not landed yet"));
        };
        let log = &self.documents.log;
        let entries = self.documents.entries(line).iter().map(|at| &log.entries[*at]);
        let is_meant = |entry: &Entry| {
            entry.to != StatusAt::NoDocument
                && need.choice.has_status(candidate.kind, entry.to.word())
        };
        let mut last = None;
        for entry in entries.clone() {
            match event.is_after(entry) {
                Some(true) => last = Some(entry),
                None if is_meant(entry) => {
                    let text =
                        format!("it landed together with {spoken}; which was first is not known");
                    return Some(unknown(text));
                }
                _ => break,
            }
        }
        if last.is_some_and(is_meant) {
            return None;
        }
        if last.is_none() && !self.tells_all() {
            return Some(not_told());
        }
        let mut after = entries.filter(|entry| event.is_after(entry) == Some(false));
        let Some(later) = after.find(|entry| is_meant(entry)) else { return Some(not_told()) };
        let (word, day) = (later.to.told(), day_of(later.landing.clock));
        let text = format!("it was {word} on {day}, after {spoken} on {}", event.day());
        Some(problem(text, span))
    }
}

/// Says the name of an event.
fn spoken(name: &str) -> String {
    match name.strip_prefix(GATE) {
        Some(gate) => format!("the decision at {gate}"),
        None => name.replace('-', " "),
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let event = need.order.before.iter();
    event.filter_map(|event| judge.was_so(need, candidate, event)).collect()
}

/// Roles that somebody must have held before an event.
pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let name = need.order.before.as_ref().filter(|_| need.choice.kind.is_none())?;
    let (event, spoken) = (judge.event(name), spoken(name));
    let day = match &event {
        Event::None => return Some(answer(Outcome::Met, format!("{spoken} is still to come"))),
        Event::Unknown(why) => {
            let reason = format!("whether it was so before {spoken} is not known: {why}");
            return Some(answer(Outcome::Unknown, reason));
        }
        event => event.day(),
    };
    let of_role = |role: &String| {
        let held = judge.declared().holdings(role);
        let since = held.map(|one| one.days.from.as_deref()).min();
        let role = role.replace('-', " ");
        match since {
            None => None,
            Some(None) => {
                let reason = format!("since when somebody is {role} is not said: add `from`");
                Some(answer(Outcome::Unknown, reason))
            }
            Some(Some(from)) if from <= day.as_str() => None,
            Some(Some(from)) => {
                let reason = format!("somebody is {role} since {from}, and {spoken} was on {day}");
                Some(answer(Outcome::Unmet, reason))
            }
        }
    };
    let answers = need.people.roles.iter().filter_map(of_role);
    let worst = answers.max_by_key(|one| rank(one.outcome));
    Some(worst.unwrap_or_else(|| answer(Outcome::Met, format!("before {spoken} on {day}"))))
}
