//! Judges one pack by one profile. Evaluated once; the badge counts the outcomes and `check` prints them.

use std::collections::BTreeSet;

use super::model::{Profile, Spec};
use super::needs::{Answer, Fresh, Judge, Need, answer, rank};
use super::next_change::foreseen;
use super::{Asked, Evidence, Outcome, Requirement, Verdict};
use crate::diagnostic::Findings;
use crate::history::{ByDocument, Trials};
use crate::pack::who::Who;
use crate::pack::{Artifact, Packs, PersonKind};
use crate::rules::source::MISSING_BLOB;

/// What verdicts rest on.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// All packs of a snapshot.
    pub packs: &'a Packs,
    /// The findings in the whole repository, with their places filled in.
    pub findings: &'a Findings,
    /// What the history tells of each document.
    pub documents: &'a ByDocument,
    /// What it tells of trials.
    pub trials: &'a Trials,
    /// The day of judging, `2026-05-05`.
    pub as_of: &'a str,
}

/// Judges the pack with index `pack`: one verdict for each gate of the profile, in order.
pub fn evaluate(basis: Basis<'_>, pack: usize, profile: &Profile) -> Vec<Verdict> {
    let Basis { packs, findings, documents, trials, as_of } = basis;
    let findings = findings.inside(&packs.packs[pack].folder);
    let judge = Judge { packs, pack, only: None, findings, documents, trials, as_of };
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
    let (answer, needs) = settled.map_or_else(|| each(judge, spec), |answer| (answer, Vec::new()));
    let open = !matches!(answer.outcome, Outcome::Met | Outcome::NotApplicable);
    let cover = if open && spec.waivable { cover(judge, &spec.id) } else { Cover::None };
    let (outcome, reason) = match &cover {
        Cover::Waiver(..) => (Outcome::Waived, answer.reason),
        Cover::None => (answer.outcome, answer.reason),
        Cover::Void(why) => (answer.outcome, format!("{}; {why}", answer.reason)),
        Cover::Unknown(why) => (Outcome::Unknown, format!("{}; {why}", answer.reason)),
    };
    Requirement {
        id: spec.id.clone(),
        statement: spec.statement.clone(),
        gate: profile.gates[spec.gate].id.clone(),
        level: spec.level,
        weight: spec.weight,
        outcome,
        reason,
        hint: spec.hint.clone(),
        next: if open { next(judge, spec, answer.owner.as_deref()) } else { None },
        needs,
        evidence: distinct(answer.evidence),
        waiver: match cover {
            Cover::Waiver(at, day) => Some((at, day)),
            _ => None,
        },
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

/// Where a requirement is asked for each value of a fact of the pack, the worst of them counts; of several only
/// documents that say for which they are.
fn each(judge: &Judge<'_>, spec: &Spec) -> (Answer, Vec<Asked>) {
    let fact = spec.when.each.as_deref().and_then(|name| judge.declared().stated(name));
    let Some(fact) = fact.filter(|fact| fact.values.len() > 1) else { return all(judge, spec) };
    let judged = fact.values.iter().map(|value| {
        let only = Some((fact.name.as_str(), value.as_str()));
        let (answer, needs) =
            all(&Judge { only, findings: judge.findings.clone(), ..*judge }, spec);
        let reason = format!("{value}: {}", answer.reason);
        let said = |one: Asked| Asked { reason: format!("{value}: {}", one.reason), ..one };
        (Answer { reason, ..answer }, needs.into_iter().map(said).collect::<Vec<_>>())
    });
    let judged: Vec<(Answer, Vec<Asked>)> = judged.collect();
    let worst = judged.iter().rev().max_by_key(|(answer, _)| rank(answer.outcome));
    let worst = worst.map(|(answer, _)| answer.clone());
    let evidence = judged.iter().flat_map(|(answer, _)| answer.evidence.clone()).collect();
    let needs = judged.into_iter().flat_map(|(_, needs)| needs).collect();
    worst.map_or_else(|| all(judge, spec), |worst| (Answer { evidence, ..worst }, needs))
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

/// What waivers do for a requirement that is not met.
enum Cover {
    /// One covers it: its artifact and its last day.
    Waiver(usize, String),
    /// One may cover it, and why that is not known.
    Unknown(String),
    /// One names it and covers nothing, and why.
    Void(String),
    /// None names it.
    None,
}

/// Finds the waiver in force that covers a requirement and ends last. It must be approved like every document that says
/// it is.
fn cover(judge: &Judge<'_>, requirement: &str) -> Cover {
    let naming = judge.artifacts().filter(|(_, one)| covers(judge.packs, one, requirement));
    let granted = naming.filter(|(_, artifact)| artifact.status.is_approved());
    let mut counting: Vec<(usize, String)> = Vec::new();
    let (mut open, mut void) = (None, None);
    for (at, artifact) in granted {
        let day = last_day(judge.packs, artifact);
        let lasts = day.filter(|day| day.as_str() >= judge.as_of);
        let doubt = || judge.doubt(at, artifact, &judge.packs.kinds[artifact.kind]);
        let doubt = ungranted(judge, artifact).map(|why| (Outcome::Unmet, why)).or_else(|| {
            let doubt = lasts.as_ref().and_then(|_| doubt())?;
            Some((doubt.outcome, doubt.text))
        });
        let id = &artifact.id;
        match (doubt, lasts) {
            (Some((Outcome::Unknown, why)), _) => {
                open = Some(format!("whether {id} covers it is not known: {why}"));
            }
            (Some((_, why)), _) => void = Some(format!("{id} covers nothing: {why}")),
            (None, Some(day)) => counting.push((at, day)),
            (None, None) => {}
        }
    }
    let last = counting.into_iter().max_by(|(_, one), (_, other)| one.cmp(other));
    let waiver = last.map(|(at, day)| Cover::Waiver(at, day));
    let other = open.map(Cover::Unknown).or(void.map(Cover::Void));
    waiver.or(other).unwrap_or(Cover::None)
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
