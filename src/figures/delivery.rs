//! How well changes go, out of the change records and incidents of a pack: how often, how fast, how many fail, how soon
//! all is well again. From what their fields say; what they do not say is unknown.

use jiff::Timestamp;
use jiff::civil::Date;

use super::window::Reach;
use super::{Aggregate, Number};
use crate::kinds::{FieldSpec, word};
use crate::pack::{Artifact, Packs};
use crate::value;

/// The fields of a record of something that went live, and of one of something that broke.
const DEPLOYED: &str = "deployed_at";
const OUTCOME: &str = "outcome";
const RESOLVED: &str = "resolved_at";
const SEVERITY: &str = "severity";

/// What an incident says of the change that it came from.
const CAUSED_BY: &str = "caused-by";

/// Where nobody is served: a change there is no delivery.
const ELSEWHERE: [&str; 7] = ["development", "dev", "test", "testing", "staging", "sandbox", "qa"];

/// Rates of fewer changes are not told.
pub const FEWEST: usize = 5;

/// The days that count where nobody says how many.
pub const USUAL_DAYS: i32 = 28;

/// What went live and what broke, in the order of days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// What went live.
    pub changes: Vec<Change>,
    /// What broke.
    pub incidents: Vec<Incident>,
}

/// A change that went live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The document.
    pub artifact: usize,
    /// When, in the words of its record.
    pub day: Date,
    /// Whether it failed: by its outcome, by an intervention, or because an incident came from it.
    pub failed: bool,
    /// Whether it repaired another.
    pub rework: bool,
    /// Minutes from the first commit until it was live.
    pub lead: Option<Number>,
    /// Minutes until all was well again.
    pub recovery: Option<Number>,
}

/// Something that broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The document.
    pub artifact: usize,
    /// When it began.
    pub day: Date,
    /// Minutes until users were well again.
    pub restored: Option<Number>,
    /// Minutes of the error budget that it used up.
    pub budget: Option<Number>,
}

/// A figure of delivery; its id is `dora.` and its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Changes a week.
    Frequency,
    /// The median from the first commit until it is live.
    LeadTime,
    /// The share of changes that failed.
    FailRate,
    /// The median until a failed change was mended.
    Recovery,
    /// The share of changes that repair others.
    Rework,
    /// The median until users were well again, whatever broke.
    Restore,
}

/// All figures with their words, titles and units.
pub const FIGURES: [(Figure, &str, &str, &str); 6] = [
    (Figure::Frequency, "deployment_frequency", "Changes a week", "a week"),
    (Figure::LeadTime, "lead_time_median", "Lead time of a change, median", "h"),
    (Figure::FailRate, "change_fail_rate", "Changes that failed", "%"),
    (Figure::Recovery, "recovery_median", "Recovery from a failed change, median", "min"),
    (Figure::Rework, "rework_rate", "Changes that repair a change", "%"),
    (Figure::Restore, "time_to_restore", "Time to restore after any incident, median", "min"),
];

/// What a figure came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The number; nothing when nothing failed, so that there is nothing to recover from.
    pub value: Option<Number>,
    /// On how many records it rests.
    pub n: usize,
    /// What it rests on, in words.
    pub words: String,
}

impl Figure {
    /// Finds a figure by the id of its metric.
    pub fn of(id: &str) -> Option<Self> {
        let word = id.strip_prefix(super::metric::RECKONED)?.replace('-', "_");
        FIGURES.iter().find(|(_, own, ..)| *own == word).map(|(figure, ..)| *figure)
    }
}

/// Reads the records of a pack.
pub fn delivery(packs: &Packs, pack: usize) -> Delivery {
    let mut delivery = Delivery::default();
    let causes: Vec<usize> = packs
        .of(pack)
        .flat_map(|at| &packs.outgoing[at].relations)
        .filter(|relation| relation.name == CAUSED_BY)
        .map(|relation| relation.to)
        .collect();
    for at in packs.of(pack) {
        let record = Record { packs, artifact: &packs.artifacts[at] };
        delivery.changes.extend(record.change(at, causes.contains(&at)));
        delivery.incidents.extend(record.incident(at));
    }
    delivery.changes.sort_by_key(|change| (change.day, change.artifact));
    delivery.incidents.sort_by_key(|incident| (incident.day, incident.artifact));
    delivery
}

struct Record<'a> {
    packs: &'a Packs,
    artifact: &'a Artifact,
}

impl Record<'_> {
    fn spec(&self, name: &str) -> Option<&FieldSpec> {
        self.packs.kinds[self.artifact.kind].field(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.artifact.field(self.spec(name)?)?.value.text()
    }

    fn day(&self, name: &str) -> Option<Date> {
        self.spec(name)?.form.day(self.text(name)?)?.parse().ok()
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        self.text(name)?.replace(" UTC", "Z").parse().ok()
    }

    fn minutes(&self, from: &str, until: &str) -> Option<Number> {
        let seconds = (self.time(until)? - self.time(from)?).total(jiff::Unit::Second).ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "whole seconds of a few years")]
        let seconds = usize::try_from(seconds as i64).ok()?;
        Number::whole(seconds).over(Number::whole(60))
    }

    fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| word(text, "true").or(word(text, "yes")).is_some())
    }

    fn change(&self, artifact: usize, is_cause: bool) -> Option<Change> {
        let day = self.day(DEPLOYED)?;
        let outcome = self.spec(OUTCOME)?;
        let said = self.text(OUTCOME).unwrap_or_default();
        let place = self.text("environment").unwrap_or_default().to_lowercase();
        if word(said, "cancelled").is_some() || ELSEWHERE.contains(&place.as_str()) {
            return None;
        }
        let is_adverse = outcome.adverse.iter().any(|adverse| word(said, adverse).is_some());
        let degraded = if self.text("degraded_at").is_some() { "degraded_at" } else { DEPLOYED };
        Some(Change {
            artifact,
            day,
            failed: is_adverse || is_cause || self.is_true("intervention"),
            rework: self.is_true("rework"),
            lead: self.minutes("first_commit_at", DEPLOYED),
            recovery: self.minutes(degraded, "restored_at"),
        })
    }

    fn incident(&self, artifact: usize) -> Option<Incident> {
        self.spec(SEVERITY)?;
        self.spec(RESOLVED)?;
        let end = if self.text("mitigated_at").is_some() { "mitigated_at" } else { RESOLVED };
        let budget = self.text("budget_minutes").and_then(|text| Number::read(text).ok());
        Some(Incident {
            artifact,
            day: self.day("started_at")?,
            restored: self.minutes("started_at", end),
            budget: budget.map(|(number, _)| number),
        })
    }
}

impl Delivery {
    /// Tells over which days a window reaches: from the day after the first one until the second.
    pub fn days(&self, reach: Reach, end: Date) -> (Date, Date) {
        let back = |days: i32| end.checked_sub(jiff::Span::new().days(days)).unwrap_or(end);
        let from = match reach {
            Reach::Before(length) => length.before(end).unwrap_or(end),
            Reach::Weeks(weeks) => back(i32::try_from(weeks * 7).unwrap_or(USUAL_DAYS)),
            Reach::Latest => back(USUAL_DAYS),
            Reach::Everything => {
                let first = self.changes.first().map_or(end, |change| change.day);
                first.yesterday().unwrap_or(first)
            }
        };
        (from, end)
    }

    /// Reckons a figure over the days after `from` until `until`. Rates need `fewest` changes.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn tell(
        &self,
        figure: Figure,
        (from, until): (Date, Date),
        fewest: usize,
    ) -> Result<Told, String> {
        let within = |day: Date| day > from && day <= until;
        let changes: Vec<&Change> =
            self.changes.iter().filter(|change| within(change.day)).collect();
        let n = changes.len();
        let first = from.tomorrow().unwrap_or(from);
        let days = format!("from {first} to {until}");
        if figure == Figure::Restore {
            let incidents = self.incidents.iter().filter(|incident| within(incident.day));
            let times: Vec<_> = incidents.map(|incident| incident.restored).collect();
            return median(&times, 1, "incidents", "say when it began and was over", &days);
        }
        if n < fewest {
            let few = if n == 1 { "change" } else { "changes" };
            return Err(format!("not enough changes: {n} {few} {days}, {fewest} are asked for"));
        }
        let share = |met: usize, what: &str| {
            let value = Number::whole(met * 100).over(Number::whole(n));
            Ok(Told { value, n, words: format!("{met} of {n} changes {what} {days}") })
        };
        match figure {
            Figure::Frequency => {
                let length = (until - from).get_days();
                let length = usize::try_from(length).unwrap_or_default();
                let value = Number::whole(n * 7).over(Number::whole(length));
                Ok(Told { value, n, words: format!("{n} changes in {length} days {days}") })
            }
            Figure::LeadTime => {
                let times: Vec<_> = changes.iter().map(|change| change.lead).collect();
                let told =
                    median(&times, fewest, "changes", "say when their first commit was", &days)?;
                let hours = told.value.and_then(|value| value.over(Number::whole(60)));
                Ok(Told { value: hours, ..told })
            }
            Figure::FailRate => share(changes.iter().filter(|one| one.failed).count(), "failed"),
            Figure::Rework => {
                share(changes.iter().filter(|one| one.rework).count(), "repaired a change")
            }
            Figure::Recovery | Figure::Restore => {
                let times: Vec<_> =
                    changes.iter().filter(|one| one.failed).map(|one| one.recovery).collect();
                if times.is_empty() {
                    let words = format!("none of {n} changes failed {days}");
                    return Ok(Told { value: None, n, words });
                }
                median(&times, 1, "failed changes", "say when all was well again", &days)
            }
        }
    }
}

/// The median of what is known; unknown when fewer than `fewest` say it.
fn median(
    times: &[Option<Number>],
    fewest: usize,
    of: &str,
    say: &str,
    days: &str,
) -> Result<Told, String> {
    let known: Vec<Number> = times.iter().flatten().copied().collect();
    let (n, all) = (known.len(), times.len());
    if all == 0 {
        return Err(format!("there were no {of} {days}"));
    }
    if n < fewest {
        return Err(format!("{n} of {all} {of} {days} {say}, {fewest} are asked for"));
    }
    let value = Aggregate::Median.of(&known);
    Ok(Told { value, n, words: format!("median of {n} of {all} {of} {days}") })
}

/// The interval in which a share of so many may lie as well, in hundredths: 19 times of 20 it does.
#[expect(clippy::cast_precision_loss, reason = "counts of changes are small")]
pub fn interval(met: usize, of: usize) -> Option<(f64, f64)> {
    const Z: f64 = 1.96;
    let (met, of) = (met.min(of) as f64, of as f64);
    if of < 1.0 {
        return None;
    }
    let share = met / of;
    let middle = (share + Z * Z / (2.0 * of)) / (1.0 + Z * Z / of);
    let spread = (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
    let half = Z * spread / (1.0 + Z * Z / of);
    let hundredths = |share: f64| (share * 100.0).clamp(0.0, 100.0).round();
    Some((hundredths(middle - half), hundredths(middle + half)))
}

/// Reads a day of judging.
pub fn day_of(as_of: &str) -> Option<Date> {
    value::date(as_of)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn few_changes_have_wide_intervals() {
        for (met, of, low, high) in [
            (2, 10, 6.0, 51.0),
            (1, 7, 3.0, 51.0),
            (2, 7, 8.0, 64.0),
            (0, 6, 0.0, 39.0),
            (2, 16, 3.0, 36.0),
        ] {
            assert_eq!(interval(met, of), Some((low, high)), "{met} of {of}");
        }
        assert_eq!(interval(0, 0), None);
    }
}
