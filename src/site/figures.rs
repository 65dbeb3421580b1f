//! The page of figures: how delivery goes and what it brings, leading before lagging, each number with its day, its limit
//! and the line that it comes from; criteria, conditions and budgets as they stand.

use jiff::civil::Date;
use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::trend::{TrendView, trend};
use super::unit::Unit;
use super::view::{Linked, day, days_between};
use super::who::Who;
use crate::figures::criteria::{Advice, Assessment, Criterion, assess, decision};
use crate::figures::delivery::{Delivery, FEWEST, FIGURES, Figure, day_of, delivery, interval};
use crate::figures::measure::Outcome;
use crate::figures::trigger::{State, Trigger, Watch};
use crate::figures::window::Reach;
use crate::figures::{CONTROL, Metric, Number, Place, Point, Unit as Counted};
use crate::pack::Packs;
use crate::source::RepoPath;

/// Classes of metrics that speak of delivery; all others speak of what it brings.
const OF_DELIVERY: [&str; 4] = ["delivery", "slo", "operational", "service level"];

/// An observation is called old after so many days.
const OLD: i64 = 35;

/// The page of figures.
#[derive(Debug, Hash, Serialize)]
pub(super) struct FiguresView {
    as_of: String,
    /// Delivery and business, in this order.
    sides: Vec<Side>,
    criteria: Vec<CriteriaView>,
    conditions: Vec<Conditions>,
    budgets: Vec<BudgetView>,
}

/// Half of the page.
#[derive(Debug, Hash, Serialize)]
struct Side {
    title: &'static str,
    metrics: Vec<MetricView>,
}

/// A metric and what was observed of it.
#[derive(Debug, Hash, Serialize)]
struct MetricView {
    name: String,
    /// `leading · adoption`.
    sort: String,
    definition: String,
    /// The latest number with its unit; empty when there is none.
    value: String,
    /// Of which day, or why there is no number.
    when: String,
    target: String,
    baseline: String,
    limit: String,
    owner: Option<Who>,
    trend: Option<TrendView>,
    rows: Vec<[String; 2]>,
    /// What the control group shows.
    control: String,
    defined: Option<Linked>,
    /// The line of the latest number.
    source: Option<Linked>,
}

/// Criteria of one document.
#[derive(Debug, Hash, Serialize)]
struct CriteriaView {
    document: DocumentLink,
    until: String,
    advice: &'static str,
    tone: &'static str,
    why: String,
    /// What was decided last, with its day.
    decision: Option<(DocumentLink, String, String)>,
    /// Whether that is something else than what the program says of the same days.
    differs: bool,
    rows: Vec<CriterionView>,
}

#[derive(Debug, Hash, Serialize)]
struct CriterionView {
    name: String,
    dimension: String,
    level: &'static str,
    limit: String,
    window: String,
    outcome: &'static str,
    tone: &'static str,
    words: String,
}

/// Conditions of one sort.
#[derive(Debug, Hash, Serialize)]
struct Conditions {
    title: &'static str,
    rows: Vec<ConditionView>,
}

#[derive(Debug, Hash, Serialize)]
struct ConditionView {
    name: String,
    limit: String,
    state: String,
    tone: &'static str,
    words: String,
    decider: String,
    action: String,
}

#[derive(Debug, Hash, Serialize)]
struct BudgetView {
    level: String,
    target: String,
    window: String,
    used: String,
    /// Hundredths for the bar.
    bar: Option<String>,
    tone: &'static str,
    words: String,
}

/// Tells whether a pack has figures to show.
pub(super) fn are_there(packs: &Packs, pack: usize) -> bool {
    !packs.figures(pack).metrics.is_empty() || !delivery(packs, pack).changes.is_empty()
}

pub(super) fn view(unit: &Unit) -> FiguresView {
    let as_of = &unit.edition.inputs.as_of;
    let today = day_of(as_of).unwrap_or_default();
    let records = delivery(unit.packs(), unit.pack);
    let showing = Showing { unit, today, records: &records };
    let watch = Watch::new(unit.packs(), unit.pack, &records, today);
    FiguresView {
        as_of: day(as_of),
        sides: showing.sides(),
        criteria: unit.own().filter_map(|at| showing.criteria(at)).collect(),
        conditions: conditions(&watch),
        budgets: watch.budgets().iter().map(budget).collect(),
    }
}

struct Showing<'a> {
    unit: &'a Unit,
    today: Date,
    records: &'a Delivery,
}

impl Showing<'_> {
    fn sides(&self) -> Vec<Side> {
        let metrics = &self.unit.packs().figures(self.unit.pack).metrics;
        let mut order: Vec<usize> = (0..metrics.len()).collect();
        let rank = |metric: &Metric| match metric.leading {
            Some(true) => 0,
            None => 1,
            Some(false) => 2,
        };
        order.sort_by_key(|at| rank(&metrics[*at]));
        let is_delivery = |at: &usize| {
            metrics[*at].is_reckoned() || OF_DELIVERY.contains(&metrics[*at].class.as_str())
        };
        let (delivery, business): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(is_delivery);
        let mut delivery: Vec<MetricView> =
            delivery.into_iter().map(|at| self.metric(at)).collect();
        // What nobody defined is reckoned all the same, where there are records.
        let defined: Vec<Figure> = metrics.iter().filter_map(|one| Figure::of(&one.id)).collect();
        let others = FIGURES.iter().filter(|(figure, ..)| !defined.contains(figure));
        if !self.records.changes.is_empty() {
            delivery.extend(others.map(|(figure, _, title, unit)| {
                let metric = Metric {
                    name: (*title).to_owned(),
                    unit: Counted::new(unit),
                    ..Metric::default()
                };
                self.reckoned(*figure, &metric, None)
            }));
        }
        let business = business.into_iter().map(|at| self.metric(at)).collect();
        let sides = [
            Side { title: "Delivery", metrics: delivery },
            Side { title: "What it brings", metrics: business },
        ];
        sides.into_iter().filter(|side| !side.metrics.is_empty()).collect()
    }

    fn metric(&self, at: usize) -> MetricView {
        let figures = self.unit.packs().figures(self.unit.pack);
        let metric = &figures.metrics[at];
        let defined = self.unit.packs().of(self.unit.pack).start + metric.document;
        let document = link(self.unit, defined);
        let defined = Linked { text: document.name(), href: self.unit.artifact_route(defined) };
        if let Some(figure) = Figure::of(&metric.id) {
            return self.reckoned(figure, metric, Some(defined));
        }
        let points = self.known(figures.points(at, ""));
        let last = points.last();
        let control = self.known(figures.points(at, CONTROL));
        MetricView {
            value: last.map_or_else(String::new, |point| metric.unit.say(point.value)),
            when: last
                .map_or_else(|| "nothing was observed yet".to_owned(), |point| self.when(point)),
            trend: trend(points, metric),
            rows: points.iter().rev().map(|point| row(metric, point)).collect(),
            control: compared(metric, points, control),
            source: last.map(|point| self.source(&point.place)),
            defined: Some(defined),
            ..self.said(metric)
        }
    }

    /// What was observed until today.
    fn known<'p>(&self, points: &'p [Point]) -> &'p [Point] {
        &points[..points.partition_point(|point| point.day <= self.today)]
    }

    fn when(&self, point: &Point) -> String {
        let of = point.day.to_string();
        let old = days_between(&of, &self.today.to_string()).filter(|days| *days > OLD);
        let old = old.map_or(String::new(), |days| format!(", {days} days ago"));
        format!("{}{old}", day(&of))
    }

    fn source(&self, place: &Place) -> Linked {
        let text = format!("{}:{}", place.path, place.line);
        let packs = self.unit.packs();
        let page = packs.find(&RepoPath::new(place.path.as_str()));
        let asset = packs.asset(self.unit.pack, &place.path);
        let href = match (page, asset) {
            (Some(at), _) => self.unit.artifact_route(at),
            (None, Some(asset)) => self.unit.route_to(self.unit.pack, &asset.route),
            (None, None) => String::new(),
        };
        Linked { text, href }
    }

    fn reckoned(&self, figure: Figure, metric: &Metric, defined: Option<Linked>) -> MetricView {
        let over = |reach: Reach| {
            let days = self.records.days(reach, self.today);
            self.records.tell(figure, days, FEWEST)
        };
        let whole = over(Reach::Everything);
        let rows = whole.as_ref().ok().and_then(|told| {
            Some(["all the time".to_owned(), metric.unit.say(told.value?.to_places(2))])
        });
        let (value, when) = match over(Reach::Latest) {
            Ok(told) => {
                let nothing = || "nothing failed".to_owned();
                let value =
                    told.value.map_or_else(nothing, |value| metric.unit.say(value.to_places(2)));
                let share = matches!(figure, Figure::FailRate | Figure::Rework);
                let met = told.value.filter(|_| share).map(|value| met(value, told.n));
                let between = met.and_then(|met| interval(met, told.n));
                let between = between.map_or(String::new(), |(low, high)| {
                    format!("; with so few it may as well be {low} to {high} %")
                });
                (value, format!("{}{between}", told.words))
            }
            Err(why) => (String::new(), why),
        };
        MetricView { value, when, rows: rows.into_iter().collect(), defined, ..self.said(metric) }
    }

    fn criteria(&self, at: usize) -> Option<CriteriaView> {
        let packs = self.unit.packs();
        let assessed = assess(packs, at, self.today)?;
        if assessed.rows.iter().all(|row| row.metric.is_none()) {
            return None;
        }
        let advice = assessed.decides.then(|| assessed.recommend());
        let decided = decision(packs, self.unit.pack, self.today).filter(|_| assessed.decides);
        let differs = decided.as_ref().zip(advice.as_ref()).is_some_and(|(decided, advice)| {
            let is_of_these_days = decided.on >= assessed.until;
            let said = advice.advice;
            is_of_these_days && said != Advice::Undetermined && said != decided.outcome
        });
        Some(CriteriaView {
            document: link(self.unit, at),
            until: day(&assessed.until.to_string()),
            advice: advice.as_ref().map_or("", |advice| advice.advice.word()),
            tone: match advice.as_ref().map(|advice| advice.advice) {
                Some(Advice::Scale) => "good",
                Some(Advice::Iterate) => "caution",
                Some(Advice::Stop | Advice::Undetermined) | None => "neutral",
            },
            why: advice.map_or_else(String::new, |advice| advice.why),
            decision: decided.map(|one| {
                let outcome = one.outcome.word().to_owned();
                (link(self.unit, one.artifact), outcome, day(&one.on.to_string()))
            }),
            differs,
            rows: rows(&assessed),
        })
    }

    /// What a metric says of itself.
    fn said(&self, metric: &Metric) -> MetricView {
        let kind = metric.leading.map(|leading| if leading { "leading" } else { "lagging" });
        let sort: Vec<&str> =
            kind.into_iter().chain([metric.class.as_str()]).filter(|one| !one.is_empty()).collect();
        let words = |bound: &Option<crate::figures::Bound>| {
            bound.as_ref().map_or_else(String::new, crate::figures::Bound::words)
        };
        let limit = if metric.limit.is_some() { &metric.limit } else { &metric.warn };
        MetricView {
            name: metric.name.clone(),
            sort: sort.join(" · "),
            definition: metric.definition.clone(),
            value: String::new(),
            when: String::new(),
            target: words(&metric.target),
            baseline: metric.baseline.map_or_else(String::new, |number| metric.unit.say(number)),
            limit: words(limit),
            owner: Some(metric.owner.as_str())
                .filter(|owner| !owner.is_empty())
                .map(|owner| self.unit.registry().who(owner)),
            trend: None,
            rows: Vec::new(),
            control: String::new(),
            defined: None,
            source: None,
        }
    }
}

/// How many of so many a share in hundredths is.
fn met(share: Number, n: usize) -> usize {
    (0..=n).find(|met| Number::whole(met * 100).over(Number::whole(n)) == Some(share)).unwrap_or(0)
}

fn row(metric: &Metric, point: &Point) -> [String; 2] {
    let n = point.n.map_or(String::new(), |n| format!(" (n = {n})"));
    [day(&point.day.to_string()), format!("{}{n}", metric.unit.say(point.value))]
}

/// By how much more it changed than in the control group, from the first to the last day of both.
fn compared(metric: &Metric, points: &[Point], control: &[Point]) -> String {
    let Some(((first, last), (from, to))) = both_ends(points).zip(both_ends(control)) else {
        return String::new();
    };
    let before = metric.baseline.unwrap_or(first.value);
    let own = last.value.minus(before);
    let theirs = to.value.minus(from.value);
    let unit = &metric.unit;
    format!(
        "with a control group: {} here, {} there, {} between them; no interval, since nothing says how the figures spread",
        unit.say(own.to_places(2)),
        unit.say(theirs.to_places(2)),
        unit.say(own.minus(theirs).to_places(2))
    )
}

fn both_ends(points: &[Point]) -> Option<(&Point, &Point)> {
    points.first().zip(points.last()).filter(|(first, last)| first.day < last.day)
}

fn rows(assessed: &Assessment) -> Vec<CriterionView> {
    let view = |row: &Criterion| CriterionView {
        name: row.name(),
        dimension: row.dimension.clone(),
        level: if row.must { "must" } else { "should" },
        limit: row.limit.clone(),
        window: row.window.clone(),
        outcome: row.measured.outcome.word(),
        tone: match row.measured.outcome {
            Outcome::Pass => "good",
            Outcome::Near => "caution",
            Outcome::Fail => "bad",
            Outcome::Unknown => "neutral",
        },
        words: row.measured.words.clone(),
    };
    assessed.rows.iter().map(view).collect()
}

fn conditions(watch: &Watch<'_>) -> Vec<Conditions> {
    let pauses = watch.pause_rules().into_iter().flat_map(|rule| rule.conditions);
    let lists = [
        Conditions {
            title: "When the trial pauses",
            rows: pauses.map(|one| condition(&one)).collect(),
        },
        Conditions {
            title: "When one goes back",
            rows: watch.triggers().iter().map(condition).collect(),
        },
    ];
    lists.into_iter().filter(|list| !list.rows.is_empty()).collect()
}

fn condition(one: &Trigger) -> ConditionView {
    let name = if one.id.is_empty() { String::new() } else { format!("{} ", one.id) };
    ConditionView {
        name: format!("{name}{}", one.subject),
        limit: one.limit.clone(),
        state: match one.state {
            State::Quiet => "quiet".to_owned(),
            State::Hit(since) => format!("hit since {}", day(&since.to_string())),
            State::Unknown => "unknown".to_owned(),
        },
        tone: match one.state {
            State::Quiet => "good",
            State::Hit(_) => "bad",
            State::Unknown => "neutral",
        },
        words: one.words.clone(),
        decider: one.decider.clone(),
        action: one.action.clone(),
    }
}

fn budget(one: &crate::figures::budget::Budget) -> BudgetView {
    let half = |used: Number| used > Number::whole(50);
    let used = one.used.map(|used| used.to_places(1));
    BudgetView {
        level: one.level.clone(),
        target: one.target.clone(),
        window: one.window.clone(),
        used: used.map_or_else(|| "unknown".to_owned(), |used| format!("{used} % used")),
        bar: used.map(|used| used.min(Number::whole(100)).to_places(0).to_string()),
        tone: match used {
            None => "neutral",
            Some(_) if one.is_exhausted() => "bad",
            Some(used) if half(used) => "caution",
            Some(_) => "good",
        },
        words: one.words.clone(),
    }
}
