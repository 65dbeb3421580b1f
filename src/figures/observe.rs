//! Observations: rows of data files that documents name, rows of a table in a document, entries of a field. What cannot
//! be read is said with its place and counts for nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::csv::{self, Cell, Line};
use super::metric::{day, listed, said};
use super::{Figures, Number, Place, Point, ReadData, Series, Unit, Unread};
use crate::diagnostic::Diagnostic;
use crate::kinds::normalise;
use crate::nearest::did_you_mean;
use crate::pack::{Artifact, Packs};
use crate::rules::{Rule, observed as rules};
use crate::source::{RepoPath, Span};
use crate::value::is_unknown;

/// The field that names data files or lists observations, and the table that does.
const OBSERVATIONS: &str = "observations";

/// A data file larger than this is not read.
const LARGEST: usize = 4 << 20;

/// So much is said of what is wrong with one file.
const MOST_TOLD: usize = 50;

/// Titles of the column of days.
const DAYS: [&str; 8] =
    ["date", "day", "week end", "week ending", "week", "month", "period", "period end"];

/// Titles of columns that hold no figures.
const ASIDES: [&str; 6] = ["source", "note", "notes", "comment", "remark", "who"];

/// What a row says in its own words.
struct Said<'a> {
    metric: &'a str,
    day: &'a str,
    value: &'a str,
    n: &'a str,
    segment: &'a str,
}

/// What was read so far, and where to tell what is wrong.
struct Taking<'f> {
    figures: &'f mut Figures,
    path: RepoPath,
    points: BTreeMap<(usize, String), Vec<Point>>,
    /// The names that stand in the file, and which metric each is of; what none has was said once.
    names: BTreeMap<String, Option<usize>>,
    /// How much was said of the file.
    told: usize,
}

/// Reads all observations of a pack.
pub(super) fn observe(
    figures: &mut Figures,
    packs: &Packs,
    own: &[Arc<Artifact>],
    folder: &str,
    read: &ReadData<'_>,
) {
    let mut taking = Taking {
        figures,
        path: RepoPath::new(""),
        points: BTreeMap::new(),
        names: BTreeMap::new(),
        told: 0,
    };
    for artifact in own {
        taking.open(artifact.path.clone());
        let kind = &packs.kinds[artifact.kind];
        for table in kind.tables_of(&artifact.document) {
            if table.spec.name == OBSERVATIONS {
                taking.table(artifact, &table);
            }
        }
        let Some(field) = kind.field(OBSERVATIONS).and_then(|spec| artifact.field(spec)) else {
            continue;
        };
        for node in listed(&field.value) {
            let say = ["metric", "date", "value", "n", "segment"].map(|key| said(node, key));
            let [metric, day, value, n, segment] = &say;
            let place = Place::in_document(artifact, &node.span);
            taking.take(&Said { metric, day, value, n, segment }, place, &node.span);
        }
        for (name, span) in field.value.texts() {
            taking.open(artifact.path.clone());
            taking.named(artifact, (name, span), folder, read);
        }
    }
    let points = taking.settled();
    figures.series = points
        .into_iter()
        .map(|((metric, segment), points)| Series { metric, segment, points })
        .collect();
}

impl Taking<'_> {
    /// Turns to a file.
    fn open(&mut self, path: RepoPath) {
        self.path = path;
        self.names.clear();
        self.told = 0;
    }

    fn find(&mut self, rule: &'static Rule, span: &Span, message: String, help: &str) {
        self.told += 1;
        if self.told > MOST_TOLD {
            return;
        }
        let finding = Diagnostic::new(rule, &self.path, span, message).help(help);
        self.figures.findings.push(finding);
    }

    fn table(&mut self, artifact: &Artifact, table: &crate::kinds::Recognised<'_, '_>) {
        for row in &table.table.rows {
            let cell = |name: &str| table.cell(row, name).unwrap_or_default();
            let said = Said {
                metric: cell("metric"),
                day: cell("date"),
                value: cell("value"),
                n: cell("n"),
                segment: cell("segment"),
            };
            self.take(&said, Place::in_document(artifact, &row.span), &row.span);
        }
    }

    /// Reads a data file that a document names.
    fn named(
        &mut self,
        artifact: &Artifact,
        (name, span): (&str, &Span),
        folder: &str,
        read: &ReadData<'_>,
    ) {
        let path = RepoPath::resolve(artifact.path.folder(), name);
        let Some(path) = path.filter(|path| path.is_inside(folder)) else {
            let message = format!("`{name}` is not in this pack");
            return self.find(&rules::NO_FILE, span, message, "name a file beside this document");
        };
        if self.figures.files.iter().any(|(known, _)| *known == path) {
            return;
        }
        let found = read(&path);
        self.figures.files.push((path.clone(), found.as_ref().map(|(blob, _)| *blob)));
        match found {
            None => {
                let message = format!("there is no file `{name}`");
                self.find(&rules::NO_FILE, span, message, "add it, or name the one that is there");
            }
            Some((_, Err(why))) => {
                let message = format!("`{name}` cannot be read: {why}");
                self.find(&rules::NO_FILE, span, message, "fetch the whole repository");
            }
            Some((_, Ok(bytes))) if bytes.len() > LARGEST => {
                let message = format!("`{name}` is larger than 4 MiB and is not read");
                let help = "keep one row a week, and the rest where it was measured";
                self.find(&rules::UNREADABLE_ROW, span, message, help);
            }
            Some((_, Ok(bytes))) => {
                self.open(path);
                self.file(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn file(&mut self, text: &str) {
        let (lines, stop) = csv::lines(text);
        if let Some(stop) = stop {
            let message = format!("the file {}; what follows is not read", stop.why);
            self.find(&rules::UNREADABLE_ROW, &stop.at, message, "mend the file from here on");
        }
        let Some((header, rows)) = lines.split_first() else { return };
        let titles: Vec<String> = header.cells.iter().map(|cell| normalise(&cell.text)).collect();
        let at = |names: &[&str]| titles.iter().position(|title| names.contains(&title.as_str()));
        let Some(day) = at(&DAYS) else {
            let message = "no column says of which day the rows are".to_owned();
            let help = "call it `date` or `week_end`, with days such as 2026-05-08";
            let span = header.cells.first().map_or(0..0, |cell| cell.span.clone());
            return self.find(&rules::UNREADABLE_ROW, &span, message, help);
        };
        let columns = Columns { day, n: at(&["n", "samples"]), segment: at(&["segment"]) };
        match (at(&["metric"]), at(&["value"])) {
            (Some(metric), Some(value)) => self.long(rows, &columns, metric, value),
            _ => self.wide(header, rows, &columns, &titles),
        }
    }

    /// Rows of one figure each.
    fn long(&mut self, rows: &[Line], columns: &Columns, metric: usize, value: usize) {
        for row in rows {
            let said =
                Said { metric: text(row, metric), value: text(row, value), ..columns.said(row) };
            let span = row.cells.get(value).or(row.cells.last()).map(|cell| cell.span.clone());
            let span = span.unwrap_or_default();
            let place = Place { path: self.path.clone(), span: span.clone(), line: row.number };
            self.take(&said, place, &span);
        }
    }

    /// Rows with a column for each metric.
    fn wide(&mut self, header: &Line, rows: &[Line], columns: &Columns, titles: &[String]) {
        let aside = |at: usize| {
            at == columns.day
                || Some(at) == columns.n
                || Some(at) == columns.segment
                || titles[at].is_empty()
                || ASIDES.contains(&titles[at].as_str())
        };
        let mut meant: Vec<(usize, &Cell)> = Vec::new();
        for (at, cell) in header.cells.iter().enumerate().filter(|(at, _)| !aside(*at)) {
            if self.metric(&cell.text, &cell.span).is_some() {
                meant.push((at, cell));
            }
        }
        for row in rows {
            for (at, name) in &meant {
                let Some(cell) = row.cells.get(*at) else { continue };
                let said = Said { metric: &name.text, value: &cell.text, ..columns.said(row) };
                let span = cell.span.clone();
                let place = Place { path: self.path.clone(), span, line: row.number };
                self.take(&said, place, &cell.span);
            }
        }
    }

    /// Finds the metric of a name; says once that there is none.
    fn metric(&mut self, name: &str, span: &Span) -> Option<usize> {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let metric = self.figures.metric(name);
        self.names.insert(name.to_owned(), metric);
        if metric.is_none() && self.told < MOST_TOLD {
            let known = self.figures.metrics.iter().map(|metric| metric.id.as_str());
            let help = did_you_mean(name, known)
                .unwrap_or_else(|| "define it among the metrics of this pack".to_owned());
            let message =
                format!("no metric is called `{name}`, so these figures count for nothing");
            self.find(&rules::UNKNOWN, span, message, &help);
        }
        metric
    }

    /// Takes one figure, or says what is wrong with it.
    fn take(&mut self, said: &Said<'_>, place: Place, span: &Span) {
        if is_gap(said.value) || (is_gap(said.metric) && is_gap(said.day)) {
            return;
        }
        let Some(metric) = self.metric(said.metric, span) else { return };
        let Some(day) = day(said.day) else {
            let message =
                format!("`{}` is no day, so `{}` counts for nothing", said.day, said.value);
            let help = "write the last day of the week as year-month-day, such as 2026-05-08";
            return self.find(&rules::UNREADABLE_ROW, span, message, help);
        };
        let Some(value) = self.value(said.value, metric, span) else { return };
        let n = Number::read(said.n).ok().map(|(number, _)| number);
        let segment = match normalise(said.segment).as_str() {
            "all" | "pilot" | "total" | "whole" => String::new(),
            segment => segment.to_owned(),
        };
        let point = Point { day, value, n, place };
        self.points.entry((metric, segment)).or_default().push(point);
    }

    fn value(&mut self, text: &str, metric: usize, span: &Span) -> Option<Number> {
        let (number, rest) = match Number::read(text) {
            Ok(read) => read,
            Err(why) => {
                let message = match why {
                    Unread::TwoReadings => format!("`{text}` can be read as two numbers"),
                    Unread::NoNumber => format!("`{text}` is no number"),
                };
                let help = "write it with a point and without marks between thousands; leave the cell empty where nothing was measured";
                self.find(&rules::UNREADABLE_ROW, span, message, help);
                return None;
            }
        };
        let own = &self.figures.metrics[metric];
        let written = Unit::new(rest);
        let Some(value) = written.convert(number, &own.unit) else {
            let message = format!(
                "`{text}` is in {}, and `{}` in {}",
                written.as_str(),
                own.id,
                own.unit.as_str()
            );
            self.find(
                &rules::UNIT_MIXED,
                span,
                message,
                "write every figure of a metric in its unit",
            );
            return None;
        };
        if let Some((low, high)) = own.plausible.filter(|(low, high)| value < *low || value > *high)
        {
            let message =
                format!("`{}` cannot be {value}: it lies between {low} and {high}", own.id);
            self.find(&rules::OUT_OF_RANGE, span, message, "is it a slip, or in another unit?");
            return None;
        }
        Some(value)
    }

    /// Sorts by day; what is said twice and differently of one day counts for nothing.
    fn settled(&mut self) -> BTreeMap<(usize, String), Vec<Point>> {
        let mut all = std::mem::take(&mut self.points);
        for ((metric, _), points) in &mut all {
            points.sort_by_key(|point| point.day);
            let mut kept: Vec<Point> = Vec::with_capacity(points.len());
            for of_day in points.chunk_by(|one, other| one.day == other.day) {
                match of_day.iter().find(|point| point.value != of_day[0].value) {
                    None => kept.push(of_day[0].clone()),
                    Some(other) => self.two_values(*metric, &of_day[0], other),
                }
            }
            *points = kept;
        }
        all.retain(|_, points| !points.is_empty());
        all
    }

    fn two_values(&mut self, metric: usize, one: &Point, other: &Point) {
        if self.path != other.place.path {
            self.open(other.place.path.clone());
        }
        let id = &self.figures.metrics[metric].id;
        let message = format!(
            "`{id}` is {} here and {} in line {} of {}, both for {}, so neither counts",
            other.value, one.value, one.place.line, one.place.path, one.day
        );
        self.find(&rules::TWO_VALUES, &other.place.span, message, "keep the one that is right");
    }
}

/// Columns that say the same in both shapes.
struct Columns {
    day: usize,
    n: Option<usize>,
    segment: Option<usize>,
}

impl Columns {
    fn said<'r>(&self, row: &'r Line) -> Said<'r> {
        let optional = |at: Option<usize>| at.map_or("", |at| text(row, at));
        Said {
            metric: "",
            value: "",
            day: text(row, self.day),
            n: optional(self.n),
            segment: optional(self.segment),
        }
    }
}

fn text(row: &Line, at: usize) -> &str {
    row.cells.get(at).map_or("", |cell| cell.text.as_str())
}

/// Tells whether a cell says that nothing was measured.
fn is_gap(text: &str) -> bool {
    let text = text.trim();
    ["", "-", "–", "—", "n/a", "N/A", "none yet"].contains(&text) || is_unknown(text)
}
