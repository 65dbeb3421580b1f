//! What a requirement needs, one file for each family of needs. A family reads its keys, names what the kinds must
//! know for them, and judges documents one by one or the pack as a whole. Content counts, not presence; what cannot be
//! determined is unknown, never met.

mod approval;
mod content;
mod documents;
mod findings;
mod names;
mod observed;
mod order;
mod people;
mod relations;
mod stated;
mod tables;
mod time;
mod turns;

pub(super) use documents::Choice;
pub(super) use names::wrong_names;
pub use time::Fresh;
pub(super) use turns::{LOOKS, approvals, ends};

use super::{Evidence, Outcome};
use crate::diagnostic::Diagnostic;
use crate::history::{ByDocument, Trials};
use crate::kinds::Kind;
use crate::pack::{Artifact, Pack, Packs};
use crate::source::Span;
use crate::toml::Table;

/// One thing that a requirement needs: everything that it says must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// Of the needs that share this word one is enough.
    pub any: Option<String>,
    choice: Choice,
    content: content::Content,
    tables: tables::Rows,
    findings: findings::Silence,
    people: people::Holders,
    relations: relations::Links,
    time: time::Age,
    order: order::Order,
    approval: approval::Consent,
    stated: stated::Stated,
    observed: observed::Observed,
}

/// Judges one document by what a need asks of documents of its kind.
type OfDocument = fn(&Judge<'_>, &Need, &Candidate<'_>) -> Vec<Problem>;

/// Judges the pack by what a need asks of it as a whole; nothing when it asks for nothing.
type OfPack = fn(&Judge<'_>, &Need) -> Option<Answer>;

const OF_DOCUMENT: [OfDocument; 10] = [
    documents::problems,
    content::problems,
    tables::problems,
    people::problems,
    relations::problems,
    time::problems,
    order::problems,
    findings::problems,
    approval::problems,
    observed::problems,
];

const OF_PACK: [OfPack; 6] = [
    documents::answer_of,
    people::answer_of,
    stated::answer_of,
    order::answer_of,
    findings::answer_of,
    observed::answer_of,
];

impl Need {
    /// Reads a `[[requirement.need]]`.
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let need = Self {
            any: keys.text("any"),
            choice: Choice::read(keys),
            content: content::Content::read(keys),
            tables: tables::Rows::read(keys),
            findings: findings::Silence::read(keys),
            people: people::Holders::read(keys),
            relations: relations::Links::read(keys),
            time: time::Age::read(keys),
            order: order::Order::read(keys),
            approval: approval::Consent::read(keys),
            stated: stated::Stated::read(keys),
            observed: observed::Observed::read(keys),
        };
        if !need.asks_for_something() {
            let message =
                "a need asks for a kind, or for something of the pack as a whole, such as `roles`";
            keys.wrong_value(&keys.span(), message, None);
        }
        need
    }

    fn asks_for_something(&self) -> bool {
        self.choice.kind.is_some()
            || self.people.asks_the_pack()
            || self.stated.asks_the_pack()
            || self.findings.asks_the_pack()
            || self.observed.asks_the_pack()
    }
}

/// A document that may meet a need.
pub(super) struct Candidate<'a> {
    pub(super) at: usize,
    pub(super) artifact: &'a Artifact,
    pub(super) kind: &'a Kind,
}

/// What a need came to.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    /// The owner, as written, of the artifact that is at fault.
    pub(super) owner: Option<String>,
    pub(super) evidence: Vec<Evidence>,
    /// How long it holds without anybody doing anything, where it is met for a time.
    pub(super) fresh: Option<Fresh>,
}

/// Answers without a place.
pub(super) fn answer(outcome: Outcome, reason: impl Into<String>) -> Answer {
    Answer { outcome, reason: reason.into(), owner: None, evidence: Vec::new(), fresh: None }
}

/// What needs are judged by.
pub(super) struct Judge<'a> {
    pub(super) packs: &'a Packs,
    pub(super) pack: usize,
    /// A fact of the pack with the one of its values that is judged, where each is judged by itself.
    pub(super) only: Option<(&'a str, &'a str)>,
    /// The findings inside the pack's folder.
    pub(super) findings: Vec<&'a Diagnostic>,
    /// What the history tells of each document.
    pub(super) documents: &'a ByDocument,
    /// What it tells of trials.
    pub(super) trials: &'a Trials,
    pub(super) as_of: &'a str,
}

/// What keeps an artifact from complying, how bad that is, and where it stands.
pub(super) struct Problem {
    pub(super) outcome: Outcome,
    pub(super) text: String,
    span: Span,
}

fn problem(text: impl Into<String>, span: &Span) -> Problem {
    Problem { outcome: Outcome::Unmet, text: text.into(), span: span.clone() }
}

fn unknown(text: impl Into<String>) -> Problem {
    Problem { outcome: Outcome::Unknown, text: text.into(), span: 0..0 }
}

/// How bad an outcome is for the verdict.
pub(super) fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Met | Outcome::NotApplicable => 0,
        Outcome::Waived => 1,
        Outcome::Unknown => 2,
        Outcome::Stale => 3,
        Outcome::Unmet => 4,
    }
}

impl<'a> Judge<'a> {
    pub(super) fn declared(&self) -> &'a Pack {
        &self.packs.packs[self.pack]
    }

    pub(super) fn artifacts(&self) -> impl Iterator<Item = (usize, &'a Artifact)> {
        let own = self.packs.of(self.pack).map(|at| (at, &*self.packs.artifacts[at]));
        let only = self.only;
        own.filter(move |(_, artifact)| only.is_none_or(|only| is_for(artifact, only)))
    }

    /// Judges a need: everything that it asks for must hold.
    pub(super) fn need(&self, need: &Need) -> Answer {
        let parts: Vec<Answer> = OF_PACK.iter().filter_map(|judge| judge(self, need)).collect();
        let worst = parts.into_iter().reduce(|one, other| {
            if rank(other.outcome) > rank(one.outcome) { other } else { with(one, other) }
        });
        let worst = worst.unwrap_or_else(|| answer(Outcome::Unknown, "this need asks for nothing"));
        match worst.outcome {
            Outcome::Unmet => worst,
            // What is so for the pack may not be so for each of its regions.
            _ if self.only.is_some() && need.choice.kind.is_none() => {
                let reason = format!("{}, which is said of the pack as a whole", worst.reason);
                Answer { outcome: Outcome::Unknown, reason, ..worst }
            }
            _ => findings::nothing_to_judge(self, need).unwrap_or(worst),
        }
    }
}

/// Tells whether a document says that it is for a value of a fact: `regions: [EU]`, or `region: EU`.
fn is_for(artifact: &Artifact, (fact, value): (&str, &str)) -> bool {
    let names = [fact, fact.strip_suffix('s').unwrap_or(fact)];
    let fields = names.iter().filter_map(|name| artifact.document.front_matter.field(name));
    let mut said = fields.flat_map(|field| field.value.texts());
    said.any(|(text, _)| text.eq_ignore_ascii_case(value))
}

/// Keeps of two answers the first, with what is equally bad in the other.
fn with(mut one: Answer, other: Answer) -> Answer {
    if rank(one.outcome) == rank(other.outcome) {
        one.fresh = Fresh::sooner(one.fresh, other.fresh);
        if one.outcome == Outcome::Met {
            one.evidence.extend(other.evidence);
        }
    }
    one
}
