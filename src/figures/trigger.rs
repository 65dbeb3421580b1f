//! Conditions under which one goes back or pauses: which of them are quiet, which are hit and since when.

use jiff::civil::Date;

use super::budget::{Budget, budgets};
use super::delivery::{Delivery, FEWEST};
use super::measure::{Ground, Outcome};
use super::metric::{listed, said};
use super::window::Reach;
use super::{Aggregate, Bound, Figures, Metric, Number, Place, Point, Window};
use crate::document::{Node, Row};
use crate::kinds::{Recognised, normalise};
use crate::pack::{Artifact, Packs};

/// The table of conditions under which one goes back.
pub const TRIGGERS: &str = "triggers";

/// The field that says when a trial pauses.
pub const PAUSE: &str = "pause_rule";

/// What was observed longer ago says nothing of today.
const STALE_DAYS: i32 = 35;

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is not hit.
    Quiet,
    /// It is hit, since this day.
    Hit(Date),
    /// Nobody can tell.
    Unknown,
}

/// A condition and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The id of the row; empty when it has none.
    pub id: String,
    /// What is watched, as written.
    pub subject: String,
    /// The limit as written.
    pub limit: String,
    /// Who decides, as written.
    pub decider: String,
    /// What is to be done then, as written.
    pub action: String,
    /// How it stands.
    pub state: State,
    /// What it rests on, or why nobody can tell.
    pub words: String,
    /// The metric that it watches.
    pub metric: Option<usize>,
    /// Where it stands.
    pub place: Place,
}

/// What conditions are looked at with.
pub struct Watch<'a> {
    packs: &'a Packs,
    pack: usize,
    figures: &'a Figures,
    delivery: &'a Delivery,
    budgets: Vec<Budget>,
    as_of: Date,
}

impl<'a> Watch<'a> {
    /// Takes what is known of a pack on a day.
    pub fn new(packs: &'a Packs, pack: usize, delivery: &'a Delivery, as_of: Date) -> Self {
        let budgets = budgets(packs, pack, delivery, as_of);
        Self { packs, pack, figures: packs.figures(pack), delivery, budgets, as_of }
    }

    /// Returns the service levels with their budgets.
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// Lists the conditions under which one goes back.
    pub fn triggers(&self) -> Vec<Trigger> {
        let mut triggers = Vec::new();
        for at in self.packs.of(self.pack) {
            let artifact = &self.packs.artifacts[at];
            for table in self.packs.kinds[artifact.kind].tables_of(&artifact.document) {
                if table.spec.name == TRIGGERS {
                    let rows = table.table.rows.iter();
                    triggers.extend(rows.filter_map(|row| self.row(artifact, &table, row)));
                }
            }
        }
        triggers
    }

    fn row(&self, artifact: &Artifact, table: &Recognised<'_, '_>, row: &Row) -> Option<Trigger> {
        let cell = |name: &str| table.cell(row, name).unwrap_or_default();
        let metric = cell("metric");
        let subject = if metric.is_empty() { cell("trigger") } else { metric };
        if normalise(subject).is_empty() || crate::document::text::is_template(subject) {
            return None;
        }
        let limit = [cell("op"), cell("threshold")].join(" ");
        let seen = self.see(subject, limit.trim(), None);
        Some(Trigger {
            id: row.id.clone(),
            subject: subject.to_owned(),
            limit: limit.trim().to_owned(),
            decider: cell("decider").to_owned(),
            action: cell("action").to_owned(),
            state: seen.state,
            words: seen.words,
            metric: seen.metric,
            place: Place::in_document(artifact, &row.span),
        })
    }

    fn see(&self, subject: &str, limit: &str, fewest: Option<usize>) -> Seen {
        if let Some(row) = limit.to_lowercase().strip_suffix("in a row") {
            return self.in_a_row(row);
        }
        if normalise(subject).contains("budget") {
            return self.of_budget(subject, limit);
        }
        let Some(metric) = self.figures.metric(subject) else {
            return Seen::unknown("no metric of this pack is called so");
        };
        let meant = &self.figures.metrics[metric];
        let bound = match Bound::read(limit, "", subject, meant.direction) {
            Ok(bound) => bound.that_holds(meant.direction),
            Err(why) => return Seen::unknown(format!("its limit cannot be read: {why}")),
        };
        let min_n = fewest.or(bound.min_n);
        let bound = Bound { min_n, ..bound };
        let seen = if meant.is_reckoned() {
            self.reckoned(metric, &bound)
        } else {
            self.observed(metric, meant, &bound)
        };
        Seen { metric: Some(metric), ..seen }
    }

    /// So many failed changes one after the other, with none between them that went well.
    fn in_a_row(&self, number: &str) -> Seen {
        let Ok((number, _)) = Number::read(number) else {
            return Seen::unknown("it does not say how many in a row");
        };
        let changes = self.delivery.changes.iter().filter(|change| change.day <= self.as_of);
        let failed: Vec<Date> =
            changes.clone().rev().take_while(|one| one.failed).map(|one| one.day).collect();
        let all = changes.count();
        if all == 0 {
            return Seen::unknown("no change has gone live yet");
        }
        let words =
            format!("{} of the last {all} changes failed one after the other", failed.len());
        let hit = number > Number::ZERO && Number::whole(failed.len()) >= number;
        // The last change comes first; it was hit when the last of the first few failed.
        let nth = (1..=failed.len()).find(|nth| Number::whole(*nth) >= number);
        let since = nth.and_then(|nth| failed.get(failed.len() - nth));
        let state = since.filter(|_| hit).map_or(State::Quiet, |day| State::Hit(*day));
        Seen { state, words, metric: None }
    }

    fn of_budget(&self, subject: &str, limit: &str) -> Seen {
        let Ok((least, _)) = Number::read(limit.trim_start_matches(|c: char| !c.is_ascii_digit()))
        else {
            return Seen::unknown("its limit cannot be read");
        };
        let named =
            self.budgets.iter().filter(|one| !one.id.is_empty() && subject.contains(&one.id));
        let named: Vec<&Budget> = named.collect();
        let meant = if named.is_empty() { self.budgets.iter().collect() } else { named };
        if meant.is_empty() {
            return Seen::unknown("no service level has a budget");
        }
        let lefts: Vec<(&Budget, Option<Number>)> =
            meant.iter().map(|one| (*one, one.left())).collect();
        if let Some((one, Some(left))) =
            lefts.iter().find(|(_, left)| left.is_some_and(|left| left < least))
        {
            let words = format!("{} % of {} are left", left.to_places(1), one.level);
            return Seen { state: State::Hit(self.as_of), words, metric: None };
        }
        match lefts.iter().find(|(_, left)| left.is_none()) {
            Some((one, _)) => Seen::unknown(format!("{}: {}", one.level, one.words)),
            None => {
                Seen { state: State::Quiet, words: "enough of it is left".to_owned(), metric: None }
            }
        }
    }

    fn reckoned(&self, metric: usize, bound: &Bound) -> Seen {
        let judge = |day: Date| {
            let ground = Ground { figures: self.figures, delivery: self.delivery };
            let window = Window { reach: Reach::Latest, aggregate: Aggregate::Last };
            ground.measure((metric, ""), bound, window, day)
        };
        let today = judge(self.as_of);
        let state = match today.outcome {
            Outcome::Unknown => State::Unknown,
            Outcome::Pass => State::Quiet,
            Outcome::Near | Outcome::Fail => {
                let days = self.delivery.changes.iter().map(|change| change.day);
                let days: Vec<Date> = days.filter(|day| *day <= self.as_of).collect();
                let is_hit =
                    |day: &&Date| matches!(judge(**day).outcome, Outcome::Near | Outcome::Fail);
                let since = days.iter().rev().take_while(is_hit).last();
                State::Hit(since.copied().unwrap_or(self.as_of))
            }
        };
        Seen { state, words: today.words, metric: Some(metric) }
    }

    /// By the latest observation, and since when it has been so.
    fn observed(&self, metric: usize, meant: &Metric, bound: &Bound) -> Seen {
        let points = self.figures.points(metric, "");
        let known = &points[..points.partition_point(|point| point.day <= self.as_of)];
        let Some(last) = known.last() else { return Seen::unknown("nothing was observed yet") };
        if (self.as_of - last.day).get_days() > STALE_DAYS {
            return Seen::unknown(format!("it was last observed on {}", last.day));
        }
        let ground = Ground { figures: self.figures, delivery: self.delivery };
        let window = Window { reach: Reach::Latest, aggregate: Aggregate::Last };
        let judge = |day: Date| ground.measure((metric, ""), bound, window, day);
        let today = judge(last.day);
        if today.outcome == Outcome::Unknown {
            return Seen::unknown(today.words);
        }
        let is_hit = |day: Date| matches!(judge(day).outcome, Outcome::Near | Outcome::Fail);
        let hit: Vec<Date> =
            known.iter().map(|point| point.day).filter(|day| is_hit(*day)).collect();
        let quiet = known.iter().rev().take_while(|point| hit.contains(&point.day)).last();
        let said = meant.unit.say(last.value);
        let state = quiet.map_or(State::Quiet, |first| State::Hit(first.day));
        let before = hit.last().filter(|_| state == State::Quiet);
        let before = before.map_or(String::new(), |day| format!(", beyond it on {day}"));
        Seen { state, words: format!("{said} on {}{before}", last.day), metric: Some(metric) }
    }
}

impl Watch<'_> {
    /// Returns the latest observation of a metric when it is not too old and lies beyond a limit.
    pub fn beyond(&self, metric: usize, bound: &Bound) -> Option<&Point> {
        let meant = &self.figures.metrics[metric];
        if meant.is_reckoned()
            || !matches!(self.observed(metric, meant, bound).state, State::Hit(_))
        {
            return None;
        }
        let points = self.figures.points(metric, "");
        points[..points.partition_point(|point| point.day <= self.as_of)].last()
    }
}

struct Seen {
    state: State,
    words: String,
    metric: Option<usize>,
}

impl Seen {
    fn unknown(why: impl Into<String>) -> Self {
        Self { state: State::Unknown, words: why.into(), metric: None }
    }
}

/// A rule that says when a trial pauses, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseRule {
    /// The document that says it.
    pub artifact: usize,
    /// Its conditions; the decider and the time to decide are those of the rule.
    pub conditions: Vec<Trigger>,
    /// How long there is to decide, as written.
    pub decide_within: String,
}

impl Watch<'_> {
    /// Lists the rules that say when a trial pauses.
    pub fn pause_rules(&self) -> Vec<PauseRule> {
        let rules = self.packs.of(self.pack).filter_map(|at| {
            let artifact = &self.packs.artifacts[at];
            let field = artifact.field(self.packs.kinds[artifact.kind].field(PAUSE)?)?;
            self.pause_rule(at, artifact, &field.value)
        });
        rules.collect()
    }

    fn pause_rule(&self, at: usize, artifact: &Artifact, node: &Node) -> Option<PauseRule> {
        let any = node.inner("any")?;
        let fewest = said(node, "min_n").parse().ok().or(Some(FEWEST));
        let conditions = listed(&any.value).map(|one| {
            let [metric, slo] = ["metric", "slo"].map(|key| said(one, key));
            let subject = if slo.is_empty() { metric } else { format!("budget of {slo}") };
            let limit = limit_of(one);
            let seen = self.see(&subject, &limit, fewest);
            Trigger {
                id: String::new(),
                limit,
                decider: said(node, "decider"),
                action: String::new(),
                state: seen.state,
                words: seen.words,
                metric: seen.metric,
                place: Place::in_document(artifact, &one.span),
                subject,
            }
        });
        let conditions: Vec<Trigger> = conditions.collect();
        let decide_within = said(node, "decide_within");
        (!conditions.is_empty()).then_some(PauseRule { artifact: at, conditions, decide_within })
    }
}

/// `> 25 %`, in one key or in two.
fn limit_of(node: &Node) -> String {
    let budget = said(node, "budget_left_below");
    if !budget.is_empty() {
        return budget;
    }
    let limit = said(node, "limit");
    if limit.is_empty() {
        format!("{} {}", said(node, "op"), said(node, "value")).trim().to_owned()
    } else {
        limit
    }
}
