//! Judges one pack by one profile. Evaluated once; the badge counts the outcomes and `check` prints them.

use std::collections::BTreeSet;

use super::model::{Profile, Spec};
use super::needs::{Answer, Fresh, Judge, Need, answer, rank};
use super::next_change::foreseen;
use super::{Asked, Evidence, Outcome, Requirement, Verdict};
use crate::diagnostic::Findings;
use crate::pack::who::Who;
use crate::pack::{Artifact, Packs, PersonKind};
use crate::rules::source::MISSING_BLOB;

/// Judges the pack with index `pack` as of a day, `2026-05-05`: one verdict for each gate of the profile, in order.
/// `findings` are those of the whole repository, with their places filled in.
pub fn evaluate(
    packs: &Packs,
    pack: usize,
    profile: &Profile,
    findings: &Findings,
    as_of: &str,
) -> Vec<Verdict> {
    let findings = findings.inside(&packs.packs[pack].folder);
    let judge = Judge { packs, pack, findings, as_of };
    let judged: Vec<Requirement> =
        profile.requirements.iter().map(|spec| foreseen(&judge, profile, spec)).collect();
    let verdict = |(at, gate): (usize, &super::Gate)| {
        let included: BTreeSet<usize> = profile.included(at).collect();
        let own = profile.requirements.iter().zip(&judged);
        let own = own.filter(|(spec, _)| included.contains(&spec.gate));
        Verdict {
            pack,
            profile: profile.id.clone(),
            gate_id: gate.id.clone(),
            gate: gate.title.clone(),
            question: gate.question.clone(),
            as_of: as_of.to_owned(),
            requirements: own.map(|(_, one)| one.clone()).collect(),
        }
    };
    profile.gates.iter().enumerate().map(verdict).collect()
}

pub(super) fn requirement(judge: &Judge<'_>, profile: &Profile, spec: &Spec) -> Requirement {
    let settled = judge.exempt(spec).or_else(|| judge.lacking());
    let (answer, needs) = settled.map_or_else(|| all(judge, spec), |answer| (answer, Vec::new()));
    let open = !matches!(answer.outcome, Outcome::Met | Outcome::NotApplicable);
    let (waiver, void) = if open && spec.waivable { waiver(judge, &spec.id) } else { (None, None) };
    let reason = match void.filter(|_| waiver.is_none()) {
        Some(void) => format!("{}; {void}", answer.reason),
        None => answer.reason,
    };
    Requirement {
        id: spec.id.clone(),
        statement: spec.statement.clone(),
        gate: profile.gates[spec.gate].id.clone(),
        level: spec.level,
        weight: spec.weight,
        outcome: if waiver.is_some() { Outcome::Waived } else { answer.outcome },
        reason,
        hint: spec.hint.clone(),
        next: if open { next(judge, spec, answer.owner.as_deref()) } else { None },
        needs,
        evidence: distinct(answer.evidence),
        waiver,
        fresh: answer.fresh.filter(|_| answer.outcome == Outcome::Met),
        changes: None,
    }
}

impl Judge<'_> {
    /// Says that nothing can be told where this clone lacks a file of the pack.
    fn lacking(&self) -> Option<Answer> {
        let lost = self.findings.iter().find(|finding| finding.rule == MISSING_BLOB.name)?;
        let reason = format!("the content of {} is not in this clone", lost.path);
        Some(answer(Outcome::Unknown, reason))
    }
}

/// All needs must be met; of those that share a group the best one counts. What several needs come to is told once.
fn all(judge: &Judge<'_>, spec: &Spec) -> (Answer, Vec<Asked>) {
    let mut answers: Vec<(Option<&str>, Answer)> = Vec::new();
    let mut asked = Vec::new();
    for need in &spec.needs {
        let answer = judge.need(need);
        let Answer { outcome, ref reason, .. } = answer;
        let is_told = |one: &Asked| one.outcome == outcome && one.reason == *reason;
        if !asked.iter().any(is_told) {
            asked.push(Asked { any: need.any.clone(), outcome, reason: reason.clone() });
        }
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
    (joined.unwrap_or_else(|| judge.need(&Need::default())), asked)
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
    one.fresh = Fresh::sooner(one.fresh, other.fresh);
    one
}

/// The waiver in force that covers a requirement and ends last: its artifact and its last day. Else why one that names
/// the requirement covers nothing.
fn waiver(judge: &Judge<'_>, requirement: &str) -> (Option<(usize, String)>, Option<String>) {
    let naming = judge.artifacts().filter(|(_, one)| covers(judge.packs, one, requirement));
    let granted = naming.filter(|(_, artifact)| artifact.status.is_approved());
    let mut void = None;
    let mut counting = Vec::new();
    for (at, artifact) in granted {
        match (last_day(judge.packs, artifact), ungranted(judge, artifact)) {
            (Some(day), None) if day.as_str() >= judge.as_of => counting.push((at, day)),
            (_, Some(why)) => void = Some(format!("{} covers nothing: {why}", artifact.id)),
            _ => {}
        }
    }
    (counting.into_iter().max_by(|(_, one), (_, other)| one.cmp(other)), void)
}

/// Says why nobody who may has granted a waiver.
fn ungranted(judge: &Judge<'_>, artifact: &Artifact) -> Option<String> {
    let people = &judge.packs.people;
    let named = |name: &str| {
        let spec = judge.packs.kinds[artifact.kind].field(name)?;
        artifact.field(spec)?.value.text().map(str::to_owned)
    };
    let Some(by) = named("granted_by") else {
        return Some("it does not say who granted it".to_owned());
    };
    let who = |name: &str| match people.who(name) {
        Some(Who::Role(at)) => {
            let holding = judge.declared().holding(&people.roles[at].id, judge.as_of);
            holding.and_then(|holding| people.person(&holding.person))
        }
        Some(Who::Person(at)) => Some(at),
        _ => None,
    };
    let granter = who(&by).filter(|at| people.persons[*at].kind == PersonKind::Human);
    let Some(granter) = granter else {
        return Some(format!("`{by}`, who granted it, is nobody in people.toml"));
    };
    let asked = named("requested_by").and_then(|name| who(&name));
    (asked == Some(granter))
        .then(|| format!("{} granted it to themselves", people.persons[granter].name))
}

pub(super) fn covers(packs: &Packs, artifact: &Artifact, requirement: &str) -> bool {
    // Only a kind with a field of its own for it makes waivers.
    let own = packs.kinds[artifact.kind].fields.iter().find(|field| field.name == "waives");
    let field = own.and_then(|spec| artifact.field(spec));
    let names = field.map(|field| field.value.texts()).unwrap_or_default();
    names.iter().any(|(name, _)| name.eq_ignore_ascii_case(requirement))
}

pub(super) fn last_day(packs: &Packs, artifact: &Artifact) -> Option<String> {
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
