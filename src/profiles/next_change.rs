//! The first day on which waiting alone changes what became of a requirement. Found by looking again on each day that
//! may matter, so that it is as right as judging is.

use std::collections::BTreeSet;

use super::evaluate::{covers, last_day, requirement};
use super::model::{Profile, Spec};
use super::needs::{Judge, LOOKS, approvals, ends};
use super::{Need, Requirement, Verdict};
use crate::value::day_after;

/// Judges a requirement and says until when that holds.
pub(super) fn foreseen(judge: &Judge<'_>, profile: &Profile, spec: &Spec) -> Requirement {
    let mut judged = requirement(judge, profile, spec);
    judged.changes = change(judge, profile, spec, &judged);
    judged
}

fn change(judge: &Judge<'_>, profile: &Profile, spec: &Spec, now: &Requirement) -> Option<String> {
    let turns = turns(judge, spec);
    let mut coming = turns.range(day_after(judge.as_of)?..);
    if spec.needs.iter().any(Need::asks_for_silence) {
        // Nobody can tell what rules will find then; it holds no longer than to that day.
        return coming.next().cloned();
    }
    // So often is looked again; then the day that would be next is told, on which somebody else may look.
    for _ in 0..LOOKS {
        let day = coming.next()?;
        let later = Judge { as_of: day, findings: judge.findings.clone(), ..*judge };
        if requirement(&later, profile, spec).outcome != now.outcome {
            return Some(day.clone());
        }
    }
    coming.next().cloned()
}

/// The days on which something that it rests on begins or is over.
fn turns(judge: &Judge<'_>, spec: &Spec) -> BTreeSet<String> {
    let mut turns: Vec<String> = spec.needs.iter().flat_map(|need| need.turns(judge)).collect();
    let pack = judge.declared();
    let waivers = judge.artifacts().filter(|(_, one)| covers(judge.packs, one, &spec.id));
    let ended = waivers.map(|(_, one)| last_day(judge.packs, one)).collect::<Vec<_>>();
    if !ended.is_empty() {
        turns.extend(ended.into_iter().flatten().filter_map(|day| day_after(&day)));
        pack.roles.iter().for_each(|holding| ends(&mut turns, &holding.days));
        turns.extend(approvals(judge));
    }
    let people = &judge.packs.people;
    let exempt = pack.exemptions.iter();
    for one in exempt.filter(|one| one.requirement.eq_ignore_ascii_case(&spec.id)) {
        let person = people.person(&one.by).map(|at| &people.persons[at]);
        if let Some(person) = person {
            ends(&mut turns, &person.days);
        }
    }
    turns.into_iter().collect()
}

impl Verdict {
    /// Returns the first day on which the gate may stand otherwise although nobody does anything.
    pub fn next_change(&self) -> Option<&str> {
        self.required().filter_map(|one| one.changes.as_deref()).min()
    }
}
