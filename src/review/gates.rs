//! Gates whose verdict or whose requirements a change moves.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Change, Side};
use crate::profiles::{Level, Requirement, Verdict};

/// A gate that stands otherwise afterwards.
#[derive(Debug, Serialize)]
pub struct Gate {
    /// The pack's id.
    pub pack: String,
    /// The pack's title.
    pub title: String,
    /// The profile's id.
    pub profile: String,
    /// The gate's id.
    pub gate_id: String,
    /// The gate's title.
    pub gate: String,
    /// The words of the verdict before; nothing when it was not judged.
    pub before: Option<String>,
    /// The words afterwards; nothing when it would be judged no more.
    pub after: Option<String>,
    /// Requirements that were met and would not be.
    pub opened: Vec<Step>,
    /// Requirements that would be met and were not.
    pub closed: Vec<Step>,
    /// Those that stay open, or stay met, in another way.
    pub moved: Vec<Step>,
}

/// A requirement that changes.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// How much it weighs: required, recommended.
    pub level: &'static str,
    /// What must be true.
    pub statement: String,
    /// What became of it before; nothing when it was not asked.
    pub before: Option<&'static str>,
    /// What would become of it.
    pub after: &'static str,
    /// Why, in words.
    pub reason: String,
    /// What to do.
    pub hint: String,
    /// Who is next.
    pub next: Option<String>,
}

impl Gate {
    /// Tells whether something that is required opens, or whether the gate is judged no more.
    pub(super) fn is_worse(&self) -> bool {
        self.after.is_none() || self.opened.iter().any(|step| step.level == Level::Required.word())
    }
}

/// The verdicts of a side by pack, profile and gate.
fn by_gate<'a>(side: &'a Side<'_>) -> BTreeMap<[&'a str; 3], &'a Verdict> {
    let named = |verdict: &'a Verdict| {
        let pack = side.packs.packs[verdict.pack].id.as_str();
        ([pack, verdict.profile.as_str(), verdict.gate_id.as_str()], verdict)
    };
    side.judged.verdicts.iter().map(|verdict| named(verdict)).collect()
}

/// Lists the gates that stand otherwise, in the order in which packs and profiles have them.
pub(super) fn compare(change: &Change<'_>) -> Vec<Gate> {
    let (before, after) = (by_gate(&change.before), by_gate(&change.after));
    let kept = change.after.judged.verdicts.iter().map(|verdict| (&change.after, &**verdict));
    let all = kept.chain(change.before.judged.verdicts.iter().filter_map(|verdict| {
        let pack = change.before.packs.packs[verdict.pack].id.as_str();
        let name = [pack, verdict.profile.as_str(), verdict.gate_id.as_str()];
        (!after.contains_key(&name)).then_some((&change.before, &**verdict))
    }));
    let one = |(side, verdict): (&Side<'_>, &Verdict)| {
        let pack = &side.packs.packs[verdict.pack];
        let name = [pack.id.as_str(), verdict.profile.as_str(), verdict.gate_id.as_str()];
        let (old, new) = (before.get(&name).copied(), after.get(&name).copied());
        let mut gate = Gate {
            pack: pack.id.clone(),
            title: pack.title.clone(),
            profile: verdict.profile.clone(),
            gate_id: verdict.gate_id.clone(),
            gate: verdict.gate.clone(),
            before: old.map(Verdict::words),
            after: new.map(Verdict::words),
            opened: Vec::new(),
            closed: Vec::new(),
            moved: Vec::new(),
        };
        if let (Some(old), Some(new)) = (old, new) {
            gate.steps(old, new);
        }
        let is_same = gate.before == gate.after;
        let none = gate.opened.is_empty() && gate.closed.is_empty() && gate.moved.is_empty();
        (!is_same || !none).then_some(gate)
    };
    all.filter_map(one).collect()
}

impl Gate {
    /// Compares the requirements that the gate itself asks; those of earlier gates stand there.
    fn steps(&mut self, before: &Verdict, after: &Verdict) {
        let old: BTreeMap<&str, &Requirement> =
            before.requirements.iter().map(|one| (one.id.as_str(), one)).collect();
        let own = after.requirements.iter().filter(|one| one.gate == after.gate_id);
        for one in own.filter(|one| one.level != Level::Optional) {
            let before = old.get(one.id.as_str());
            if before.is_some_and(|before| before.outcome == one.outcome) {
                continue;
            }
            let was_open = before.is_some_and(|before| before.is_open());
            let list = match (was_open, one.is_open()) {
                (false, true) => &mut self.opened,
                (true, false) => &mut self.closed,
                _ => &mut self.moved,
            };
            list.push(Step {
                id: one.id.clone(),
                level: one.level.word(),
                statement: one.statement.clone(),
                before: before.map(|before| before.outcome.word()),
                after: one.outcome.word(),
                reason: one.reason.clone(),
                hint: one.hint.clone(),
                next: one.next.clone(),
            });
        }
    }
}
