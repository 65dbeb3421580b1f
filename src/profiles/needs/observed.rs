//! What must have been observed: figures of the last days, over enough weeks; criteria that are kept; a data file.

use jiff::civil::Date;

use super::{Answer, Candidate, Fresh, Judge, Need, Problem, answer, problem, unknown};
use crate::figures::criteria::{Criterion, assess};
use crate::figures::delivery::day_of;
use crate::figures::measure::Outcome as Result;
use crate::figures::{Metric, Point};
use crate::kinds::{normalise, word};
use crate::profiles::{Evidence, Outcome};
use crate::toml::Table;
use crate::value::Length;

/// What must have been observed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Observed {
    /// How long ago the last observation may be, and how people write that.
    within: Option<(Length, String)>,
    /// Over how many weeks there must be some.
    weeks: Option<usize>,
    /// Metrics that must be observed; any of the document when there are none.
    metrics: Vec<String>,
    /// What must have come of the criteria that must be kept: `pass`, `within tolerance`.
    results: Vec<String>,
    /// A data file of the pack, by its path in it.
    file: Option<String>,
}

impl Observed {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let within = keys.text("observed-within").and_then(|text| {
            let length = Length::read(&text);
            if length.is_none() {
                keys.refuse("observed-within", "a length of time, such as 14d");
            }
            Some((length?, text))
        });
        let weeks = keys.integer("observed-weeks").and_then(|weeks| usize::try_from(weeks).ok());
        Self {
            within,
            weeks,
            metrics: keys.texts("metric"),
            results: keys.texts("results"),
            file: keys.text("file"),
        }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        self.file.is_some()
    }

    /// Tells whether figures are asked for, of which the days count.
    pub(super) fn goes_by_day(&self) -> bool {
        self.asks_for_figures() || !self.results.is_empty()
    }

    fn asks_for_figures(&self) -> bool {
        self.within.is_some() || self.weeks.is_some() || !self.metrics.is_empty()
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let mut list = results(judge, need, candidate);
    if need.observed.asks_for_figures() {
        list.extend(figures(judge, need, candidate));
    }
    list
}

/// Says until when the figures of a document are new enough.
pub(super) fn fresh(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Option<Fresh> {
    let (length, _) = need.observed.within.as_ref()?;
    let day = points(judge, need, candidate).iter().map(|point| point.day).max()?.to_string();
    Some(Fresh { last: length.after(&day)?, due: length.nearly_after(&day)? })
}

/// The observations of the metrics that a document defines and a need means, until the day of judging.
fn points<'a>(judge: &Judge<'a>, need: &Need, candidate: &Candidate<'_>) -> Vec<&'a Point> {
    let figures = judge.packs.figures(judge.pack);
    let document = candidate.at - judge.packs.of(judge.pack).start;
    let today = day_of(judge.as_of);
    let series = figures.series.iter().filter(|series| {
        let metric = &figures.metrics[series.metric];
        metric.document == document && is_meant(need, metric)
    });
    let points = series.flat_map(|series| &series.points);
    points.filter(|point| today.is_some_and(|today| point.day <= today)).collect()
}

/// Tells whether a metric is one of those that a need names, by its id or by what its row says.
fn is_meant(need: &Need, metric: &Metric) -> bool {
    let names = &need.observed.metrics;
    let is_named = names.is_empty() || names.iter().any(|name| metric.is_called(name));
    let says = |(column, values): &(String, Vec<String>)| match column.as_str() {
        "class" => values.iter().any(|value| normalise(value) == metric.class),
        "id" => values.iter().any(|value| metric.is_called(value)),
        _ => true,
    };
    is_named && need.tables.matching.iter().all(says)
}

fn figures(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Option<Problem> {
    let asked = &need.observed;
    let points = points(judge, need, candidate);
    let span = &candidate.artifact.status_span;
    let Some(last) = points.iter().max_by_key(|point| point.day) else {
        return Some(problem("no figures of it were observed", span));
    };
    if let Some(weeks) = asked.weeks {
        let mut seen: Vec<(i16, i8)> = points.iter().map(|point| week(point.day)).collect();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() < weeks {
            let text =
                format!("figures of {} weeks were observed, {weeks} are asked for", seen.len());
            return Some(problem(text, span));
        }
    }
    let (length, written) = asked.within.as_ref()?;
    let end = length.after(&last.day.to_string())?;
    (end.as_str() < judge.as_of).then(|| Problem {
        outcome: Outcome::Stale,
        text: format!("the last figures are of {}, and {written} were over on {end}", last.day),
        span: span.clone(),
    })
}

fn week(day: Date) -> (i16, i8) {
    let week = day.iso_week_date();
    (week.year(), week.week())
}

/// Says which criteria that must be kept did not come to what is asked for.
fn results(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let asked = &need.observed.results;
    let as_of = day_of(judge.as_of).filter(|_| !asked.is_empty());
    let Some(as_of) = as_of else { return Vec::new() };
    let Some(assessed) = assess(judge.packs, candidate.at, as_of) else {
        return vec![problem("it has no table of criteria", &candidate.artifact.status_span)];
    };
    let is_meant = |row: &&Criterion| {
        let says = |(column, values): &(String, Vec<String>)| {
            column != "dimension"
                || values.iter().any(|value| word(&row.dimension, value).is_some())
        };
        row.must && need.tables.matching.iter().all(says)
    };
    let fits = |row: &&Criterion| {
        asked.iter().any(|result| normalise(result) == normalise(row.measured.outcome.word()))
    };
    let open = assessed.rows.iter().filter(is_meant).filter(|row| !fits(row));
    open.map(|row| {
        let words = &row.measured.words;
        match row.measured.outcome {
            Result::Unknown => unknown(format!("{}: {words}", row.name())),
            other => {
                problem(format!("{} is {}: {words}", row.name(), other.word()), &row.place.span)
            }
        }
    })
    .collect()
}

/// Judges a data file of the pack: of those that documents name, how many figures it has is known.
pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let name = need.observed.file.as_ref()?;
    let path = judge.declared().folder_file(name);
    let figures = judge.packs.figures(judge.pack);
    let Some((path, blob)) = figures.files.iter().find(|(known, _)| known.as_str() == path) else {
        let reason = format!("what {name} says is not known: no document names it as its figures");
        return Some(answer(Outcome::Unknown, reason));
    };
    if blob.is_none() {
        return Some(answer(Outcome::Unmet, format!("there is no file {path}")));
    }
    let points = figures.series.iter().flat_map(|series| &series.points);
    let mut lines: Vec<usize> =
        points.filter(|point| point.place.path == *path).map(|point| point.place.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let asked = need.tables.least();
    let words = format!("{} rows of {path} hold figures", lines.len());
    if lines.len() < asked {
        return Some(answer(Outcome::Unmet, format!("{words}, {asked} are asked for")));
    }
    let line = lines.first().copied().unwrap_or(1);
    let evidence = vec![Evidence { path: path.clone(), span: 0..0, line, artifact: None }];
    Some(Answer { evidence, ..answer(Outcome::Met, words) })
}
