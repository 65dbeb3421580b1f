//! One number of a metric over a window, compared with a limit: observed, or reckoned from records.

use jiff::civil::Date;

use super::delivery::{Delivery, FEWEST, Figure};
use super::{Bound, Figures, Metric, Number, Of, Place, Side, Window};

/// What can be known of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Pass,
    /// It is missed, by no more than its tolerance.
    Near,
    /// It is missed.
    Fail,
    /// Nobody can tell.
    Unknown,
}

impl Outcome {
    /// Returns the words for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Near => "within tolerance",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// A limit held against what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What came of it.
    pub outcome: Outcome,
    /// The number with its unit; empty when there is none.
    pub value: String,
    /// The arithmetic, or why there is none.
    pub words: String,
    /// The number that was compared: the value, or how it changed.
    pub compared: Option<Number>,
    /// Observations that it rests on.
    pub rests_on: Vec<Place>,
    /// Records that it rests on.
    pub records: usize,
}

impl Measured {
    /// Says that nobody can tell, and why.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            value: String::new(),
            words: why.into(),
            compared: None,
            rests_on: Vec::new(),
            records: 0,
        }
    }
}

/// What figures are measured in.
pub struct Ground<'a> {
    /// What was observed.
    pub figures: &'a Figures,
    /// What records say.
    pub delivery: &'a Delivery,
}

impl Ground<'_> {
    /// Holds a metric against a limit over a window that ends on a day, in one segment.
    pub fn measure(
        &self,
        (metric, segment): (usize, &str),
        bound: &Bound,
        window: Window,
        end: Date,
    ) -> Measured {
        let meant = &self.figures.metrics[metric];
        if meant.is_reckoned() {
            return self.reckoned(meant, bound, window, end);
        }
        let points = self.figures.points(metric, segment);
        let reckoned = match window.reckon(points, end) {
            Ok(reckoned) => reckoned,
            Err(why) => return Measured::unknown(why),
        };
        if let Some(fewest) = bound.min_n {
            let samples = reckoned.points.iter().map(|point| point.n);
            let Some(n) = samples.sum::<Option<Number>>() else {
                return Measured::unknown("nothing says on how many samples the figures rest");
            };
            if n < Number::whole(fewest) {
                return Measured::unknown(format!(
                    "it rests on {n} samples, {fewest} are asked for"
                ));
            }
        }
        let rests_on = reckoned.points.iter().map(|point| point.place.clone()).collect();
        Measured { rests_on, ..compare(meant, bound, reckoned.value, &reckoned.words) }
    }

    fn reckoned(&self, metric: &Metric, bound: &Bound, window: Window, end: Date) -> Measured {
        let Some(figure) = Figure::of(&metric.id) else {
            return Measured::unknown(format!("nothing reckons `{}`", metric.id));
        };
        let days = self.delivery.days(window.reach, end);
        let told = match self.delivery.tell(figure, days, bound.min_n.unwrap_or(FEWEST)) {
            Ok(told) => told,
            Err(why) => return Measured::unknown(why),
        };
        let measured = match told.value {
            Some(value) => compare(metric, bound, value, &told.words),
            None => Measured { outcome: Outcome::Pass, ..Measured::unknown(told.words) },
        };
        Measured { records: told.n, ..measured }
    }
}

impl std::iter::Sum for Number {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Self::plus)
    }
}

/// Compares a number of a metric with a limit, in words.
fn compare(metric: &Metric, bound: &Bound, value: Number, made: &str) -> Measured {
    let unit = &metric.unit;
    let said = unit.say(value.to_places(2));
    let (compared, arithmetic) = match (bound.of, metric.baseline) {
        (Of::Value, _) => {
            let Some(limit) = bound.unit.convert(bound.limit, unit) else {
                let (limit, own) = (bound.unit.as_str(), unit.as_str());
                return Measured::unknown(format!("the limit is in {limit}, the figures in {own}"));
            };
            let bound = Bound { limit, unit: unit.clone(), ..bound.clone() };
            return settled(&bound, value, said.clone(), &format!("{said} ({made})"));
        }
        (_, None) => return Measured::unknown("there is no baseline to compare with"),
        (Of::Change, Some(baseline)) => {
            let change = value.minus(baseline);
            (
                change,
                format!("{} − {baseline} = {}", value.to_places(2), unit.say(change.to_places(2))),
            )
        }
        (Of::ChangeInPercent, Some(baseline)) => {
            let Some(change) = value.minus(baseline).times(100).over(baseline) else {
                return Measured::unknown("the baseline is nothing, so nothing is a share of it");
            };
            let (value, shown) = (value.to_places(2), change.to_places(1));
            (change, format!("({value} − {baseline}) / {baseline} = {shown} %"))
        }
    };
    settled(bound, compared, said, &format!("{arithmetic} ({made})"))
}

fn settled(bound: &Bound, compared: Number, value: String, arithmetic: &str) -> Measured {
    let outcome = match bound.side(compared) {
        Side::Kept => Outcome::Pass,
        Side::Near => Outcome::Near,
        Side::Missed => Outcome::Fail,
    };
    let words = format!("{arithmetic}; asked for is {}", bound.words());
    let unknown = Measured::unknown(words);
    Measured { outcome, value, compared: Some(compared), ..unknown }
}
