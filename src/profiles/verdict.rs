//! From outcomes to one verdict and the words of a badge. No percentage, no partial credit.

use super::{Outcome, Requirement, Standing, Verdict};

impl Verdict {
    /// How the required requirements stand together. A profile that requires nothing determines nothing.
    pub fn standing(&self) -> Standing {
        let has = |outcome| self.required().any(|requirement| requirement.outcome == outcome);
        if has(Outcome::Unmet) || has(Outcome::Stale) {
            Standing::NotReady
        } else if has(Outcome::Unknown) || self.required().next().is_none() {
            Standing::Undetermined
        } else if has(Outcome::Waived) {
            Standing::ReadyWithWaivers
        } else {
            Standing::Ready
        }
    }

    /// The requirements on which the gate depends.
    pub fn required(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(|requirement| requirement.required)
    }

    /// How many required requirements have an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.required().filter(|requirement| requirement.outcome == outcome).count()
    }

    /// How many required requirements hold the gate up.
    pub fn blockers(&self) -> usize {
        self.count(Outcome::Unmet) + self.count(Outcome::Stale)
    }

    /// The words of the badge: `not ready · 2 blockers`, `ready · 1 waiver until 15 May`.
    pub fn words(&self) -> String {
        match self.standing() {
            Standing::Ready => "ready".to_owned(),
            Standing::NotReady => format!("not ready · {}", counted(self.blockers(), "blocker")),
            Standing::Undetermined => match self.count(Outcome::Unknown) {
                0 => "undetermined · nothing required".to_owned(),
                unknown => format!("undetermined · {unknown} unknown"),
            },
            Standing::ReadyWithWaivers => self.words_with_waivers(),
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

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `15 May`, with the year when it is not that of `as_of`.
fn short_day(day: &str, as_of: &str) -> String {
    let Ok(date) = day.parse::<jiff::civil::Date>() else { return day.to_owned() };
    let same_year = day.get(..4) == as_of.get(..4);
    date.strftime(if same_year { "%-d %b" } else { "%-d %b %Y" }).to_string()
}
