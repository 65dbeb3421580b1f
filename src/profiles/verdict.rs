//! From outcomes to one verdict and the words of a badge. No percentage, no partial credit.

use super::{Outcome, Requirement, Standing, Verdict};

/// Of the weight of what is required at most so much may be waived: one part in five.
const WAIVABLE: u32 = 5;

impl Verdict {
    /// How the required requirements stand together. A profile that requires nothing determines nothing.
    pub fn standing(&self) -> Standing {
        let has = |outcome| self.required().any(|requirement| requirement.outcome == outcome);
        if has(Outcome::Unmet) || has(Outcome::Stale) || self.waives_too_much() {
            Standing::NotReady
        } else if has(Outcome::Unknown) || self.applicable().next().is_none() {
            Standing::Undetermined
        } else if has(Outcome::Waived) {
            Standing::ReadyWithWaivers
        } else {
            Standing::Ready
        }
    }

    /// The requirements on which the gate depends.
    pub fn required(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(|requirement| requirement.is_required())
    }

    /// Those that are asked of this pack.
    pub fn applicable(&self) -> impl Iterator<Item = &Requirement> {
        self.required().filter(|requirement| requirement.outcome != Outcome::NotApplicable)
    }

    /// How many required requirements have an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.required().filter(|requirement| requirement.outcome == outcome).count()
    }

    /// How many required requirements hold the gate up.
    pub fn blockers(&self) -> usize {
        self.count(Outcome::Unmet) + self.count(Outcome::Stale)
    }

    /// The share of the required weight that is met, and that would be if all that is unknown were: whole parts in a
    /// hundred, rounded down. What is waived is not met.
    pub fn progress(&self) -> (u32, u32) {
        let all = self.weight(|_| true).max(1);
        let met = self.weight(|outcome| outcome == Outcome::Met);
        let perhaps = self.weight(|outcome| matches!(outcome, Outcome::Met | Outcome::Unknown));
        (met * 100 / all, perhaps * 100 / all)
    }

    fn weight(&self, counts: impl Fn(Outcome) -> bool) -> u32 {
        self.applicable().filter(|one| counts(one.outcome)).map(|one| one.weight).sum()
    }

    fn waives_too_much(&self) -> bool {
        let waived = self.weight(|outcome| outcome == Outcome::Waived);
        waived * WAIVABLE > self.weight(|_| true)
    }

    /// The words of the badge: `not ready · 2 blockers`, `ready · 1 waiver until 15 May`.
    pub fn words(&self) -> String {
        match (self.standing(), self.blockers()) {
            (Standing::Ready, _) => "ready".to_owned(),
            (Standing::NotReady, 0) => "not ready · too much is waived".to_owned(),
            (Standing::NotReady, blockers) => {
                format!("not ready · {}", counted(blockers, "blocker"))
            }
            (Standing::Undetermined, _) => match self.count(Outcome::Unknown) {
                0 => "undetermined · nothing required".to_owned(),
                unknown => format!("undetermined · {unknown} unknown"),
            },
            (Standing::ReadyWithWaivers, _) => self.words_with_waivers(),
        }
    }

    fn words_with_waivers(&self) -> String {
        let waived = self.required().filter(|one| one.outcome == Outcome::Waived);
        let waivers: std::collections::BTreeSet<&(usize, String)> =
            waived.filter_map(|requirement| requirement.waiver.as_ref()).collect();
        let ends = waivers.iter().map(|(_, day)| day.as_str()).min().unwrap_or_default();
        let day = short_day(ends, &self.as_of);
        match waivers.len() {
            1 => format!("ready · 1 waiver until {day}"),
            n => format!("ready · {n} waivers, next ends {day}"),
        }
    }
}

/// Finds of each profile the gate that lies ahead: the first at which the pack is not ready, else the last. The verdicts
/// are those of one pack, in order.
pub fn ahead(verdicts: &[&Verdict]) -> Vec<usize> {
    let mut front: Vec<usize> = Vec::new();
    for (at, verdict) in verdicts.iter().enumerate() {
        let is_passed = |at: usize| verdicts[at].standing() <= Standing::ReadyWithWaivers;
        match front.iter_mut().find(|known| verdicts[**known].profile == verdict.profile) {
            Some(known) if is_passed(*known) => *known = at,
            Some(_) => {}
            None => front.push(at),
        }
    }
    front
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `15 May`, with the year when it is not that of `as_of`.
pub(crate) fn short_day(day: &str, as_of: &str) -> String {
    let Ok(date) = day.parse::<jiff::civil::Date>() else { return day.to_owned() };
    let same_year = day.get(..4) == as_of.get(..4);
    date.strftime(if same_year { "%-d %b" } else { "%-d %b %Y" }).to_string()
}
