//! Of which packs a requirement is asked. A fact that `pack.toml` does not state exempts nobody: where it matters,
//! whether the requirement applies is not known.

use super::Outcome;
use super::model::{Spec, When};
use super::needs::{Answer, Judge, answer};
use crate::pack::{Exemption, PersonKind};

impl Judge<'_> {
    /// Answers in place of the needs where a requirement does not apply to the pack, or where that is not known.
    pub(super) fn exempt(&self, spec: &Spec) -> Option<Answer> {
        self.by_facts(&spec.when).or_else(|| self.by_word(spec))
    }

    fn by_facts(&self, when: &When) -> Option<Answer> {
        let mut unknown = None;
        for (name, values) in &when.facts {
            let stated = self.declared().fact(name);
            if stated.is_empty() {
                unknown = unknown.or_else(|| Some(unstated(name)));
            } else if !stated.iter().any(|one| values.iter().any(|value| same(one, value))) {
                let (wanted, found) = (values.join(" or "), stated.join(", "));
                let reason =
                    format!("asked where `{name}` is {wanted}; in this pack it is {found}");
                return Some(answer(Outcome::NotApplicable, reason));
            }
        }
        for name in &when.several {
            let stated = self.declared().fact(name);
            if stated.is_empty() {
                unknown = unknown.or_else(|| Some(unstated(name)));
            } else if stated.len() == 1 {
                let reason = format!("asked where `{name}` has several values; here it has one");
                return Some(answer(Outcome::NotApplicable, reason));
            }
        }
        let tier = self.declared().fact("tier").first();
        let is_asked = |tier: &String| when.tiers.iter().any(|one| same(one, tier));
        if let Some(tier) = tier.filter(|tier| !when.tiers.is_empty() && !is_asked(tier)) {
            let reason = format!("asked of tier {}; this pack is {tier}", when.tiers.join(" and "));
            return Some(answer(Outcome::NotApplicable, reason));
        }
        let each = when.each.as_deref().filter(|name| self.declared().fact(name).is_empty());
        unknown.or_else(|| each.map(unstated))
    }

    /// The pack says so itself, with a reason and the person who agreed.
    fn by_word(&self, spec: &Spec) -> Option<Answer> {
        let own = self.declared().exemptions.iter();
        let mut said = own.filter(|one| one.requirement.eq_ignore_ascii_case(&spec.id));
        let one = said.rfind(|one| spec.waivable && self.is_agreed(one))?;
        let people = &self.packs.people;
        let who = people.written(&one.by);
        Some(answer(Outcome::NotApplicable, format!("{}; agreed by {who}", one.reason)))
    }

    /// Tells whether an exemption has a reason and somebody who is there.
    fn is_agreed(&self, one: &Exemption) -> bool {
        let people = &self.packs.people;
        let person = people.person(&one.by).map(|at| &people.persons[at]);
        let is_there = person
            .is_some_and(|person| person.kind == PersonKind::Human && person.days.hold(self.as_of));
        is_there && !one.reason.is_empty()
    }
}

fn unstated(name: &str) -> Answer {
    let reason = format!("whether it applies is not known: `{name}` is not in pack.toml");
    answer(Outcome::Unknown, reason)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}
