//! The paper for a gate, made to be printed: the question, who decides, what is open, each requirement with what it rests
//! on, and every document among that with its digest and its approvals, so that a reader can tell later that the text is
//! the one that was there.

use std::collections::BTreeMap;

use serde::Serialize;

use super::artifact::{ChangeView, DocumentLink, change, link};
use super::gates::{Missing, deciders, met, missing, name, named, profiles};
use super::outcome::{self, DecisionView};
use super::unit::Unit;
use super::verdict::{own, requirement_tone, rests_on, tone};
use super::view::{Linked, day};
use super::who::Who;
use crate::pack::outcome::recorded;
use crate::profiles::{Outcome, Requirement, Verdict};

/// The paper for one gate.
#[derive(Debug, Hash, Serialize)]
pub(super) struct PaperView {
    name: String,
    words: String,
    tone: &'static str,
    met: String,
    as_of: String,
    question: String,
    profile: String,
    bar: String,
    deciders: Vec<Who>,
    decisions: Vec<DecisionView>,
    missing: Vec<Missing>,
    answers: Vec<Answer>,
    evidence: Vec<EvidenceView>,
}

/// A requirement and what became of it.
#[derive(Debug, Hash, Serialize)]
struct Answer {
    id: String,
    level: &'static str,
    statement: String,
    outcome: &'static str,
    tone: &'static str,
    reason: String,
    rests_on: Vec<Linked>,
}

/// A document that requirements rest on.
#[derive(Debug, Hash, Serialize)]
struct EvidenceView {
    document: DocumentLink,
    path: String,
    digest: String,
    changed: Option<ChangeView>,
    commit: Linked,
    /// What its approvals come to.
    approved: String,
    requirements: String,
}

/// Returns the title of the page.
pub(super) fn title(unit: &Unit, at: usize) -> String {
    own(unit).nth(at).map(name).unwrap_or_default()
}

pub(super) fn view(unit: &Unit, at: usize) -> Option<PaperView> {
    let verdicts: Vec<&Verdict> = own(unit).collect();
    let verdict = verdicts.get(at)?;
    let profile = profiles(unit).find(|one| one.id == verdict.profile);
    let recorded = recorded(unit.packs(), unit.pack);
    let here = recorded.iter().rev().filter(|one| one.is_at(&verdict.gate_id));
    Some(PaperView {
        name: name(verdict),
        words: verdict.words(),
        tone: tone(verdict).word(),
        met: met(verdict),
        as_of: day(&verdict.as_of),
        question: verdict.question.clone(),
        profile: profile.map_or_else(|| verdict.profile.clone(), named),
        bar: profile.map(crate::profiles::Profile::bar).unwrap_or_default(),
        deciders: deciders(unit, verdict),
        decisions: here.map(|one| outcome::view(unit, one)).collect(),
        missing: missing(unit, &verdicts, verdict),
        answers: verdict.requirements.iter().map(|one| answer(unit, one)).collect(),
        evidence: evidence(unit, verdict),
    })
}

fn answer(unit: &Unit, one: &Requirement) -> Answer {
    Answer {
        id: one.id.clone(),
        level: if one.is_required() { "" } else { one.level.word() },
        statement: one.statement.clone(),
        outcome: one.outcome.word(),
        tone: requirement_tone(one.outcome),
        reason: if one.outcome == Outcome::Met { String::new() } else { one.reason.clone() },
        rests_on: rests_on(unit, &one.evidence),
    }
}

/// Lists the documents that the gate rests on, waivers too, each once with the requirements that it serves.
fn evidence(unit: &Unit, verdict: &Verdict) -> Vec<EvidenceView> {
    let mut serves: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for one in &verdict.requirements {
        let waiver = one.waiver.as_ref().map(|(at, _)| *at);
        for at in one.evidence.iter().filter_map(|place| place.artifact).chain(waiver) {
            let known = serves.entry(at).or_default();
            if !known.contains(&one.id.as_str()) {
                known.push(&one.id);
            }
        }
    }
    serves.into_iter().map(|(at, ids)| document(unit, at, &ids.join(", "))).collect()
}

fn document(unit: &Unit, at: usize, requirements: &str) -> EvidenceView {
    let artifact = &unit.packs().artifacts[at];
    let landing = super::standing::last(&unit.edition, at).map(|change| &change.landing);
    EvidenceView {
        document: link(unit, at),
        path: artifact.path.to_string(),
        digest: unit.packs().digest(at).write(),
        changed: change(unit, at),
        commit: landing.map(|landing| unit.forge.commit(landing.commit)).unwrap_or_default(),
        approved: unit.explained(at).title,
        requirements: requirements.to_owned(),
    }
}
