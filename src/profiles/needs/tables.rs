//! Tables whose rows must say something: which columns, in how many rows, in every row, in which state.

use super::{Candidate, Judge, Need, Problem, problem};
use crate::document::text::is_template;
use crate::document::{Row, Table as Written};
use crate::kinds::{TableSpec, word};
use crate::pack::raci::{self, MATRIX};
use crate::source::Span;
use crate::toml::Table;
use crate::value::is_unknown;

/// The columns that say how a row stands.
pub(super) const STATUS: &str = "status";
pub(super) const STATE: &str = "state";

/// What must stand in the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The table of the kind.
    pub(super) table: Option<String>,
    /// Columns that must be filled.
    pub(super) columns: Vec<String>,
    /// In at least so many rows.
    min: usize,
    /// And in every row that says anything.
    each: bool,
    /// Only rows with one of these values in the column are meant.
    pub(super) matching: Vec<(String, Vec<String>)>,
    /// What every row that is meant must say in a column.
    pub(super) all: Vec<(String, Vec<String>)>,
    /// What a column must say in one row or another: each of these; `happy|usual` is either word.
    pub(super) covered: Vec<(String, Vec<String>)>,
}

impl Rows {
    /// Returns how many rows there must be at least.
    pub(super) fn least(&self) -> usize {
        self.min
    }

    pub(super) fn read(keys: &Table<'_>) -> Self {
        let count = |number: i64| usize::try_from(number).ok();
        let states = [("all-status", STATUS), ("all-state", STATE)].into_iter();
        let states = states.map(|(key, column)| (column.to_owned(), keys.texts(key)));
        let rows = Self {
            // The rows of a register are named by what it is a register of.
            table: keys.text("table").or_else(|| keys.text("of")),
            columns: keys.texts("columns"),
            min: keys.integer("rows").and_then(count).unwrap_or(1),
            each: keys.truth("each-row").unwrap_or(false),
            matching: keys.lists("row-where"),
            all: states.filter(|(_, values)| !values.is_empty()).collect(),
            covered: keys.lists("each-of"),
        };
        let asks = rows.columns.len() + rows.matching.len() + rows.all.len() + rows.covered.len();
        if rows.table.is_none() && asks > 0 {
            keys.wrong_value(&keys.span(), "this need speaks of rows and names no `table`", None);
        }
        rows
    }
}

/// A row of the table that is meant.
struct Line<'d> {
    row: &'d Row,
    columns: Vec<Option<usize>>,
}

impl<'d> Line<'d> {
    fn cell(&self, spec: &TableSpec, name: &str) -> &'d str {
        let at = spec.column(name).and_then(|at| self.columns.get(at).copied().flatten());
        at.and_then(|at| self.row.cells.get(at)).map_or("", |cell| cell.text.as_str())
    }

    fn says_something(&self) -> bool {
        let own = self.columns.iter().flatten().filter_map(|at| self.row.cells.get(*at));
        own.into_iter().any(|cell| is_written(&cell.text))
    }

    fn has(&self, spec: &TableSpec, wanted: &[(String, Vec<String>)]) -> bool {
        wanted.iter().all(|(name, values)| {
            let cell = self.cell(spec, name);
            values.iter().any(|value| word(cell, value).is_some())
        })
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let rows = &need.tables;
    let Some(name) = rows.table.as_deref() else { return Vec::new() };
    if name == MATRIX {
        let matrices = raci::read(judge.packs, candidate.artifact);
        let found: usize = matrices.iter().map(|matrix| matrix.activities.len()).sum();
        return too_few(need, found, 0).into_iter().collect();
    }
    let Some(spec) = candidate.kind.table(name) else {
        return vec![problem(format!("its kind has no table `{name}`"), &(0..0))];
    };
    let meant: Vec<Line<'_>> = lines(candidate, spec, rows)
        .into_iter()
        .filter(|line| line.has(spec, &rows.matching))
        .collect();
    let is_filled = |line: &&Line<'_>| lacks(line, spec, &rows.columns).is_none();
    let filled = meant.iter().filter(is_filled).count();
    let mut list: Vec<Problem> = too_few(need, filled, meant.len()).into_iter().collect();
    if rows.each && list.is_empty() {
        list.extend(meant.iter().filter_map(|line| gap(line, spec, &rows.columns)));
    }
    list.extend(meant.iter().filter_map(|line| open(line, spec, &rows.all)));
    list.extend(rows.covered.iter().filter_map(|one| uncovered(&meant, spec, one)));
    list
}

/// The rows of the tables that are meant: of those of the sort, and of those that no sort claims and that have all
/// the columns.
fn lines<'d>(candidate: &Candidate<'d>, spec: &TableSpec, rows: &Rows) -> Vec<Line<'d>> {
    let document = &candidate.artifact.document;
    let known = candidate.kind.tables_of(document);
    let mut lines = Vec::new();
    for table in &document.tables {
        let of_a_sort = known.iter().find(|one| std::ptr::eq(one.table, table));
        let columns = match of_a_sort {
            Some(one) if one.spec.name == spec.name => Some(one.columns.clone()),
            Some(_) => None,
            None => all_columns(table, spec, &rows.columns),
        };
        let Some(columns) = columns else { continue };
        let own = table.rows.iter().map(|row| Line { row, columns: columns.clone() });
        lines.extend(own.filter(Line::says_something));
    }
    lines
}

fn all_columns(table: &Written, spec: &TableSpec, wanted: &[String]) -> Option<Vec<Option<usize>>> {
    let columns = spec.positions(table);
    let has = |name: &String| spec.column(name).is_some_and(|at| columns[at].is_some());
    (!wanted.is_empty() && wanted.iter().all(has)).then_some(columns)
}

/// The first column that a row does not fill; the one that names the row when none is asked for.
fn lacks<'n>(line: &Line<'_>, spec: &'n TableSpec, columns: &'n [String]) -> Option<&'n str> {
    let naming = spec.columns.first().map(|column| column.name.as_str());
    let naming = naming.into_iter().filter(|_| columns.is_empty());
    let mut asked = columns.iter().map(String::as_str).chain(naming);
    asked.find(|name| !is_written(line.cell(spec, name)))
}

fn gap(line: &Line<'_>, spec: &TableSpec, columns: &[String]) -> Option<Problem> {
    let column = lacks(line, spec, columns)?;
    Some(problem(format!("{} has no `{column}`", named(line)), &place(line)))
}

fn open(line: &Line<'_>, spec: &TableSpec, all: &[(String, Vec<String>)]) -> Option<Problem> {
    let fits = |(name, values): &&(String, Vec<String>)| {
        values.iter().any(|value| word(line.cell(spec, name), value).is_some())
    };
    let (name, values) = all.iter().find(|one| !fits(one))?;
    let text = match line.cell(spec, name) {
        "" => format!("{} says nothing in `{name}`", named(line)),
        said => format!("{} is {said}, not {}", named(line), values.join(" or ")),
    };
    Some(problem(text, &place(line)))
}

/// What a column says in no row.
fn uncovered(
    meant: &[Line<'_>],
    spec: &TableSpec,
    (column, values): &(String, Vec<String>),
) -> Option<Problem> {
    let cells: Vec<String> =
        meant.iter().map(|line| line.cell(spec, column).to_lowercase()).collect();
    let is_said = |value: &&String| {
        let mut words = value.split('|').map(str::to_lowercase);
        words.any(|word| cells.iter().any(|cell| cell.contains(&word)))
    };
    let open = values.iter().filter(|value| !is_said(value));
    let open: Vec<String> = open.map(|value| value.replace('|', " or ")).collect();
    let text =
        format!("no row of {} has the {column} {}", spec.title.to_lowercase(), open.join(", "));
    (!open.is_empty()).then(|| problem(text, &(0..0)))
}

fn too_few(need: &Need, filled: usize, there: usize) -> Option<Problem> {
    let rows = &need.tables;
    if filled >= rows.min {
        return None;
    }
    let name = rows.table.as_deref().unwrap_or_default();
    let columns = match rows.columns.as_slice() {
        [] => String::new(),
        columns => format!(" with {}", columns.join(" and ")),
    };
    let meant: Vec<String> = rows
        .matching
        .iter()
        .map(|(column, values)| format!(", {column} {}", values.join(" or ")))
        .collect();
    let meant = meant.concat();
    let text = if there == 0 {
        format!("it has no {name} table{columns}{meant}")
    } else {
        let asked = match rows.min {
            1 => format!("one row of {name}{columns}{meant} is"),
            many => format!("{many} rows of {name}{columns}{meant} are"),
        };
        format!("{asked} asked for, it has {filled}")
    };
    Some(problem(text, &(0..0)))
}

fn named(line: &Line<'_>) -> String {
    let first = line.row.cells.iter().map(|cell| cell.text.as_str()).find(|text| !text.is_empty());
    match line.row.id.as_str() {
        "" => format!("the row `{}`", first.unwrap_or_default()),
        id => id.to_owned(),
    }
}

fn place(line: &Line<'_>) -> Span {
    line.row.span.clone()
}

fn is_written(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
        && !is_template(text)
        && !text.eq_ignore_ascii_case("n/a")
        && !is_unknown(text)
}
