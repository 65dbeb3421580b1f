//! Decisions that the wrong people took, late ones, and those that say too little. A decision is a document whose kind says that its status decides on a trial.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{GoalpostPart, Status, normalise};
use crate::pack::Artifact;
use crate::pack::who::Who;
use crate::profiles::Gate;

/// A role that must decide did not.
pub static NOT_AUTHORISED: Rule = Rule {
    name: "decision.not-authorised",
    severity: Severity::Error,
    summary: "A decision on a gate lacks a role that the profile wants among those who decide there",
    why: "Whoever was not asked is not bound by it, and the gate may be taken back",
    fix: "Decide again with whoever holds the role, and name them under `deciders`",
};

/// A decision differs from what the rule recommended, and nothing says why.
pub static AGAINST_RECOMMENDATION: Rule = Rule {
    name: "decision.against-recommendation",
    severity: Severity::Error,
    summary: "A decision differs from what the rule recommended, and nothing says why",
    why: "It may well be right; without a reason the next forum cannot tell",
    fix: "Explain it in the rationale; both stay visible",
};

/// A decision is still open after the day by which it was due.
pub static OVERDUE: Rule = Rule {
    name: "decision.overdue",
    severity: Severity::Error,
    summary: "A decision is still open after the day by which it was due",
    why: "Waiting is a decision too, and nobody made it",
    fix: "Decide, or set another day with a reason",
};

/// The decision at the end of a trial says nothing of what was learned.
pub static NO_LEARNINGS: Rule = Rule {
    name: "decision.no-learnings",
    severity: Severity::Note,
    summary: "The decision at the end of a trial says nothing of what was learned",
    why: "The next pilot pays for the same lesson",
    fix: "Three lines under `Learnings`: stopping with evidence is a good end",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NOT_AUTHORISED, &AGAINST_RECOMMENDATION, &OVERDUE, &NO_LEARNINGS];

/// The field that names the gate.
const GATE: &str = "gate";

/// The field that names who decided.
const DECIDERS: &str = "deciders";

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let decided = scope.judged().filter(|artifact| decides(scope, artifact));
    decided.flat_map(|artifact| of(scope, artifact)).collect()
}

fn decides(scope: &Scope<'_>, artifact: &Artifact) -> bool {
    let Status::Known { word, .. } = &artifact.status else { return false };
    let kind = scope.kind(artifact);
    let mut specs = kind.goalposts.iter().filter(|spec| spec.part == GoalpostPart::Decision);
    specs.any(|spec| {
        spec.status.contains(word) && kind.fits(&artifact.document.front_matter, &spec.when)
    })
}

/// Finds the gate that a decision names among those of the pack's profiles.
fn gate<'s>(scope: &Scope<'s>, artifact: &Artifact) -> Option<&'s Gate> {
    let field = artifact.field(scope.kind(artifact).field(GATE)?)?;
    let name = field.value.text()?;
    let named = |name: &String| scope.profiles.iter().find(|one| one.is_named(name));
    let profiles = scope.pack().profiles.iter().filter_map(named);
    let mut gates = profiles.flat_map(|profile| &profile.gates);
    gates.find(|gate| gate.id.eq_ignore_ascii_case(name))
}

fn of(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let Some(gate) = gate(scope, artifact) else { return Vec::new() };
    let spec = scope.kind(artifact).field(DECIDERS);
    let Some(field) = spec.and_then(|spec| artifact.field(spec)) else { return Vec::new() };
    let people = &scope.packs.people;
    let named: Vec<&str> = field.value.texts().into_iter().map(|(text, _)| text).collect();
    let person = |text: &str| match people.who(text) {
        Some(Who::Person(at)) => Some(people.persons[at].id.as_str()),
        _ => None,
    };
    let has_decided = |role: &&String| {
        let mut holders = scope.pack().holdings(role);
        named.iter().any(|text| normalise(text) == normalise(role))
            || holders.any(|one| named.iter().any(|text| person(text) == Some(&one.person)))
    };
    // Whom nobody names cannot decide: that is told of the role.
    let is_held = |role: &&String| scope.pack().holdings(role).next().is_some();
    let lacking = gate.deciders.iter().filter(is_held).filter(|role| !has_decided(role));
    let told = lacking.map(|role| {
        let message = format!(
            "{} decides on {}, and the {} is not among its deciders",
            artifact.id,
            gate.id,
            role.replace('-', " ")
        );
        Diagnostic::new(&NOT_AUTHORISED, &artifact.path, &field.key_span, message)
            .help("decide again with whoever holds the role, and name them under `deciders`")
    });
    told.collect()
}
