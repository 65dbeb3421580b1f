//! Tables by row and cell: a row is known by its id, or by what its first column says.

use std::collections::BTreeMap;

use super::{How, Point};
use crate::diff::{Step, align};
use crate::document::{Row, Table};
use crate::kinds::{Effect, Recognised, normalise};

/// The column that says what a row is about; its cells go by the name of the row alone.
const VALUE: &str = "value";
/// The column that names a row, whatever else it says.
const ID: &str = "id";

/// So many pairs of rows are looked at.
const MOST_PAIRS: usize = 1_000_000;

/// A table as it is compared.
pub(super) struct Grid<'d> {
    effect: Option<Effect>,
    /// The titles of its columns, as readers see them.
    titles: Vec<&'d str>,
    /// By which columns are matched.
    keys: Vec<String>,
    rows: Vec<&'d Row>,
    names: Vec<Name<'d>>,
}

/// What a row is called, and how often rows above it were called so.
type Name<'d> = (&'d str, usize);

impl<'d> Grid<'d> {
    pub(super) fn of(tables: &[Recognised<'_, '_>], table: &'d Table) -> Self {
        let known = tables.iter().find(|known| std::ptr::eq(known.table, table));
        let key = |at: usize| {
            let place = |known: &&Recognised<'_, '_>| {
                known.columns.iter().position(|column| *column == Some(at))
            };
            let column = known.and_then(|known| Some(&known.spec.columns[place(&known)?]));
            column.map_or_else(|| normalise(&table.header[at].text), |column| column.name.clone())
        };
        let keys: Vec<String> = (0..table.header.len()).map(key).collect();
        let naming = keys.iter().position(|key| key != ID && !key.is_empty()).unwrap_or_default();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let names = table.rows.iter().map(|row| {
            let first = || row.cells.get(naming).map_or("", |cell| cell.text.as_str());
            let name = if row.id.is_empty() { first() } else { row.id.as_str() };
            let count = seen.entry(name).or_default();
            *count += 1;
            (name, *count)
        });
        Self {
            effect: known.and_then(|known| known.spec.effect),
            titles: table.header.iter().map(|cell| cell.text.as_str()).collect(),
            names: names.collect(),
            rows: table.rows.iter().collect(),
            keys,
        }
    }

    fn cell(&self, row: usize, column: usize) -> &'d str {
        self.rows[row].cells.get(column).map_or("", |cell| cell.text.as_str())
    }

    fn column(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|own| own == key)
    }

    /// Writes a row in one line.
    fn line(&self, row: usize) -> String {
        let cells = self.rows[row].cells.iter().map(|cell| cell.text.as_str());
        cells.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
    }
}

/// Compares two tables that stand under `section`; nothing on one side is no table there.
pub(super) fn compare(
    section: &str,
    effect: Effect,
    before: Option<&Grid<'_>>,
    after: Option<&Grid<'_>>,
) -> Vec<Point> {
    let effect = after.or(before).and_then(|grid| grid.effect).unwrap_or(effect);
    let gone = |grid: &Grid<'_>, at: usize| {
        Point::value(effect, section, grid.names[at].0, [Some(&grid.line(at)), None])
    };
    let new = |grid: &Grid<'_>, at: usize| {
        Point::value(effect, section, grid.names[at].0, [None, Some(&grid.line(at))])
    };
    let (one, other) = match (before, after) {
        (Some(one), Some(other)) => (one, other),
        (Some(one), None) => return (0..one.rows.len()).map(|at| gone(one, at)).collect(),
        (None, Some(other)) => return (0..other.rows.len()).map(|at| new(other, at)).collect(),
        (None, None) => return Vec::new(),
    };
    let rows = rows(one, other);
    let mut points = columns(section, effect, one, other);
    for (from, to) in rows.same {
        points.extend(cells(section, effect, (one, from), (other, to)));
    }
    points.extend(rows.gone.into_iter().map(|at| gone(one, at)));
    points.extend(rows.new.into_iter().map(|at| new(other, at)));
    if rows.moved {
        let point = Point::value(effect, section, "the order of the rows", [Some(""), Some("")]);
        points.push(Point { how: How::Moved, ..point });
    }
    points
}

/// The rows of two tables beside each other.
struct Rows {
    same: Vec<(usize, usize)>,
    gone: Vec<usize>,
    new: Vec<usize>,
    /// Whether some stand in another order.
    moved: bool,
}

fn rows(one: &Grid<'_>, other: &Grid<'_>) -> Rows {
    let mut rows = Rows { same: Vec::new(), gone: Vec::new(), new: Vec::new(), moved: false };
    for step in align(&one.names, &other.names) {
        match step {
            Step::Same(from, to) => rows.same.push((from, to)),
            Step::Gone(from) => rows.gone.push(from),
            Step::New(to) => rows.new.push(to),
        }
    }
    let there = rows.same.len();
    let named = |from: usize, to: usize| one.names[from] == other.names[to];
    pair(&mut rows, named);
    rows.moved = rows.same.len() > there;
    pair(&mut rows, |from, to| is_alike((one, from), (other, to)));
    rows.same.sort_by_key(|(_, to)| *to);
    rows
}

/// Pairs rows that are left over, unless there are too many to look at each with each.
fn pair(rows: &mut Rows, is_same: impl Fn(usize, usize) -> bool) {
    if rows.gone.len() * rows.new.len() > MOST_PAIRS {
        return;
    }
    let mut left = Vec::new();
    for to in std::mem::take(&mut rows.new) {
        match rows.gone.iter().position(|from| is_same(*from, to)) {
            Some(at) => rows.same.push((rows.gone.remove(at), to)),
            None => left.push(to),
        }
    }
    rows.new = left;
}

/// Tells whether most cells of two rows without ids say the same.
fn is_alike((one, from): (&Grid<'_>, usize), (other, to): (&Grid<'_>, usize)) -> bool {
    if !one.rows[from].id.is_empty() || !other.rows[to].id.is_empty() {
        return false;
    }
    let filled = (0..other.keys.len()).filter(|at| !other.cell(to, *at).is_empty());
    let same = filled.clone().filter(|at| {
        one.column(&other.keys[*at]).is_some_and(|own| one.cell(from, own) == other.cell(to, *at))
    });
    same.count() * 2 > filled.count()
}

fn columns(section: &str, effect: Effect, one: &Grid<'_>, other: &Grid<'_>) -> Vec<Point> {
    let lacks = |grid: &Grid<'_>, key: &String| grid.column(key).is_none();
    let tell = |title: &str, said| Point::value(effect, section, &format!("column {title}"), said);
    let gone = one.keys.iter().zip(&one.titles).filter(|(key, _)| lacks(other, key));
    let new = other.keys.iter().zip(&other.titles).filter(|(key, _)| lacks(one, key));
    let gone = gone.map(|(_, title)| tell(title, [Some(""), None]));
    gone.chain(new.map(|(_, title)| tell(title, [None, Some("")]))).collect()
}

/// Compares the cells of a row, column by column.
fn cells(
    section: &str,
    effect: Effect,
    (one, from): (&Grid<'_>, usize),
    (other, to): (&Grid<'_>, usize),
) -> Vec<Point> {
    let name = other.names[to].0;
    let differ = other.keys.iter().enumerate().filter_map(|(at, key)| {
        let (said, says) = (one.cell(from, one.column(key)?), other.cell(to, at));
        let alone = other.keys.len() == 2 || key == VALUE;
        let name = if alone { name.to_owned() } else { format!("{name}, {}", other.titles[at]) };
        let value = |text| Some(text).filter(|text: &&str| !text.is_empty());
        (said != says).then(|| Point::value(effect, section, &name, [value(said), value(says)]))
    });
    differ.collect()
}
