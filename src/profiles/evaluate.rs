//! Judges one pack by one profile. Evaluated once; the badge counts the outcomes and `check` prints them.

use std::collections::BTreeSet;

use super::need::{Answer, Judge, rank};
use super::{Evidence, Level, Outcome, Profile, Requirement, Spec, Verdict};
use crate::diagnostic::Findings;
use crate::pack::who::Who;
use crate::pack::{Artifact, Packs};

/// Judges the pack with index `pack` as of a day, `2026-05-05`. `findings` are those of the whole repository,
/// with their places filled in.
pub fn evaluate(
    packs: &Packs,
    pack: usize,
    profile: &Profile,
    findings: &Findings,
    as_of: &str,
) -> Verdict {
    let findings = findings.inside(&packs.packs[pack].folder);
    let judge = Judge { packs, pack, findings, as_of };
    Verdict {
        pack,
        profile: profile.id.clone(),
        gate: profile.gate.clone(),
        as_of: as_of.to_owned(),
        requirements: profile.requirements.iter().map(|spec| requirement(&judge, spec)).collect(),
    }
}

fn requirement(judge: &Judge<'_>, spec: &Spec) -> Requirement {
    let answer = judge.lacking().unwrap_or_else(|| all(judge, spec));
    let open = answer.outcome != Outcome::Met;
    let waiver = if open && spec.waivable { waiver(judge, &spec.id) } else { None };
    Requirement {
        id: spec.id.clone(),
        statement: spec.statement.clone(),
        required: spec.level == Level::Required,
        outcome: if waiver.is_some() { Outcome::Waived } else { answer.outcome },
        reason: answer.reason,
        hint: spec.hint.clone(),
        next: if open { next(judge, spec, answer.owner.as_deref()) } else { None },
        evidence: distinct(answer.evidence),
        waiver,
    }
}

/// All needs must be met; of those that share a group the best one counts.
fn all(judge: &Judge<'_>, spec: &Spec) -> Answer {
    let mut answers: Vec<(Option<&str>, Answer)> = Vec::new();
    for need in &spec.needs {
        let answer = judge.need(need);
        let group = need.any.as_deref();
        match answers.iter_mut().find(|(known, _)| group.is_some() && *known == group) {
            Some((_, best)) if rank(answer.outcome) < rank(best.outcome) => *best = answer,
            Some((_, best)) if best.outcome != Outcome::Met && answer.outcome != Outcome::Met => {
                if !best.reason.contains(&answer.reason) {
                    best.reason = format!("{}; or {}", best.reason, answer.reason);
                }
            }
            Some(_) => {}
            None => answers.push((group, answer)),
        }
    }
    let worst = answers.iter().map(|(_, answer)| rank(answer.outcome)).max();
    let decisive = answers.into_iter().map(|(_, answer)| answer);
    let joined = decisive.filter(|answer| Some(rank(answer.outcome)) == worst).reduce(join);
    joined.unwrap_or_else(|| judge.need(&super::Need::default()))
}

/// Keeps one of several places on the same line.
fn distinct(mut places: Vec<Evidence>) -> Vec<Evidence> {
    let mut known = BTreeSet::new();
    places.retain(|place| known.insert((place.path.clone(), place.line)));
    places
}

fn join(mut one: Answer, other: Answer) -> Answer {
    if !other.reason.is_empty() && other.reason != one.reason {
        one.reason = format!("{}; {}", one.reason, other.reason);
    }
    one.owner = one.owner.or(other.owner);
    one.evidence.extend(other.evidence);
    one
}

/// The waiver in force that covers a requirement and ends last: its artifact and its last day.
fn waiver(judge: &Judge<'_>, requirement: &str) -> Option<(usize, String)> {
    let artifacts = judge.artifacts();
    artifacts
        .filter(|(_, artifact)| artifact.status.is_approved())
        .filter(|(_, artifact)| covers(judge.packs, artifact, requirement))
        .filter_map(|(at, artifact)| Some((at, last_day(judge.packs, artifact)?)))
        .filter(|(_, day)| day.as_str() >= judge.as_of)
        .max_by(|(_, one), (_, other)| one.cmp(other))
}

fn covers(packs: &Packs, artifact: &Artifact, requirement: &str) -> bool {
    // Only a kind with a field of its own for it makes waivers.
    let own = packs.kinds[artifact.kind].fields.iter().find(|field| field.name == "waives");
    let field = own.and_then(|spec| artifact.field(spec));
    let names = field.map(|field| field.value.texts()).unwrap_or_default();
    names.iter().any(|(name, _)| name.eq_ignore_ascii_case(requirement))
}

fn last_day(packs: &Packs, artifact: &Artifact) -> Option<String> {
    let spec = packs.kinds[artifact.kind].field("expires")?;
    spec.form.day(artifact.field(spec)?.value.text()?)
}

/// Who is next: the owner of the artifact at fault, who holds the requirement's role, or the owner of the pack, by
/// name. A role that nobody holds is said to be one.
fn next(judge: &Judge<'_>, spec: &Spec, owner: Option<&str>) -> Option<String> {
    let pack = &judge.packs.packs[judge.pack];
    let pack_owner = pack.owner.as_ref().map(|(owner, _)| owner.as_str());
    let name = owner.or(spec.next.as_deref()).or(pack_owner)?;
    let people = &judge.packs.people;
    let held = pack.holding(name, judge.as_of);
    let is_role = held.is_none() && owner.is_none() && spec.next.is_some();
    let name = held.map_or(name, |holding| &holding.person);
    let vacant = |role: &str| format!("{role} (nobody holds this role)");
    Some(match people.who(name) {
        Some(Who::Person(at)) => people.persons[at].name.clone(),
        Some(Who::Role(at)) => vacant(&people.roles[at].title),
        Some(Who::Team(at)) => people.teams[at].name.clone(),
        None if is_role => vacant(&name.replace('-', " ")),
        None => name.to_owned(),
    })
}
