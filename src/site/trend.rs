//! How a number went, as a small picture of lines, and in words beside it.

use serde::Serialize;

use super::view::day;
use crate::figures::{Metric, Number, Point};

/// The size of the picture, in its own units.
const WIDTH: f64 = 160.0;
const HEIGHT: f64 = 40.0;

/// Room around the lines.
const EDGE: f64 = 3.0;

/// More days than this without a number are a gap, and drawn as one.
const GAP: i32 = 35;

/// How a number went.
#[derive(Debug, Hash, Serialize)]
pub(super) struct TrendView {
    /// Points of lines, `3,20 40,12`; a gap lies between two.
    lines: Vec<String>,
    /// The last point.
    last: [String; 2],
    /// How high the baseline lies.
    baseline: String,
    /// How high the target or the limit lies.
    target: String,
    /// The same in words.
    words: String,
}

/// Draws what was observed; nothing where there is no more than one number.
pub(super) fn trend(points: &[Point], metric: &Metric) -> Option<TrendView> {
    let (first, last) =
        points.first().zip(points.last()).filter(|(one, other)| one.day < other.day)?;
    let aim = metric.target.as_ref().or(metric.limit.as_ref());
    let aim = aim
        .filter(|bound| bound.of == crate::figures::Of::Value)
        .and_then(|bound| bound.unit.convert(bound.limit, &metric.unit));
    let values = points.iter().map(|point| point.value);
    let all: Vec<Number> = values.clone().chain(metric.baseline).chain(aim).collect();
    let (low, high) = (all.iter().min()?.drawn(), all.iter().max()?.drawn());
    let length = f64::from((last.day - first.day).get_days()).max(1.0);
    let x = |point: &Point| {
        let days = f64::from((point.day - first.day).get_days());
        EDGE + days / length * (WIDTH - 2.0 * EDGE)
    };
    let y = |number: Number| {
        let span = if high > low { high - low } else { 1.0 };
        HEIGHT - EDGE - (number.drawn() - low) / span * (HEIGHT - 2.0 * EDGE)
    };
    let near = |one: &Point, other: &Point| (other.day - one.day).get_days() <= GAP;
    let lines = points.chunk_by(near).map(|run| {
        let points = run.iter().map(|point| format!("{:.1},{:.1}", x(point), y(point.value)));
        points.collect::<Vec<_>>().join(" ")
    });
    let height =
        |number: Option<Number>| number.map_or(String::new(), |one| format!("{:.1}", y(one)));
    let (lowest, highest) = (values.clone().min()?, values.max()?);
    let say = |number: Number| metric.unit.say(number);
    Some(TrendView {
        lines: lines.collect(),
        last: [format!("{:.1}", x(last)), format!("{:.1}", y(last.value))],
        baseline: height(metric.baseline),
        target: height(aim),
        words: format!(
            "{} numbers from {} on {} to {} on {}, lowest {}, highest {}",
            points.len(),
            say(first.value),
            day(&first.day.to_string()),
            say(last.value),
            day(&last.day.to_string()),
            say(lowest),
            say(highest)
        ),
    })
}
