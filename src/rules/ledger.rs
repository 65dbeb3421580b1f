//! Tables of numbers: each cell with the unit that its column, or a cell beside it, gives it. Units differ and remarks
//! abound, so a cell that cannot be read in one way makes everything that rests on it unknown.

use super::said::is_written;
use crate::document::Row;
use crate::kinds::{Recognised, normalise};
use crate::source::Span;
use crate::value::{Exact, Quantity, quantity, scale};

/// First words of a row that adds up the others.
const TOTALS: [&str; 4] = ["total", "totals", "sum", "overall"];

/// What a cell says in numbers.
pub(super) enum Reading {
    /// Nothing stands there.
    Empty,
    /// A number.
    Figure(Figure),
    /// It cannot be read in one way.
    Unclear,
}

/// A number of a table.
pub(super) struct Figure {
    pub(super) number: Exact,
    /// What its last digit counts.
    pub(super) grain: Exact,
    pub(super) percent: bool,
}

/// Finds the cell of a row in a column.
pub(super) fn place<'r>(
    table: &Recognised<'_, '_>,
    row: &'r Row,
    column: &str,
) -> Option<(&'r str, &'r Span)> {
    let at = (*table.columns.get(table.spec.column(column)?)?)?;
    row.cells.get(at).map(|cell| (cell.text.as_str(), &cell.span))
}

/// Reads a cell.
pub(super) fn read(
    table: &Recognised<'_, '_>,
    row: &Row,
    column: &str,
    currency: Option<&str>,
) -> Reading {
    let Some((text, _)) = place(table, row, column) else { return Reading::Empty };
    if !is_written(text) {
        let is_unknown = text.chars().any(char::is_alphanumeric);
        return if is_unknown { Reading::Unclear } else { Reading::Empty };
    }
    let at = table.spec.column(column).and_then(|at| table.columns[at]);
    let title = at.and_then(|at| table.table.header.get(at)).map_or("", |cell| cell.text.as_str());
    let unit = title.rsplit_once('(').map_or("", |(_, unit)| unit.trim_end_matches(')'));
    let beside = place(table, row, "unit").map_or("", |(text, _)| text);
    let unit = if beside.is_empty() { unit } else { beside };
    in_unit(text, unit, currency).map_or(Reading::Unclear, Reading::Figure)
}

/// Reads a number in a unit: `k USD`, `million a month`, `percent`.
fn in_unit(text: &str, unit: &str, currency: Option<&str>) -> Option<Figure> {
    let read = quantity(text)?;
    let (factor, rest) = factor(unit)?;
    let scaled_twice = factor != Exact::whole(1) && (read.percent || is_scaled(text));
    let foreign = |sign: &str| currency.is_some_and(|own| code(sign) != code(own));
    if scaled_twice || read.currency.or(sign_of(rest)).is_some_and(foreign) {
        return None;
    }
    let Quantity { number, grain, percent, .. } = read;
    let percent = percent || factor == Exact::ratio(1, 100)?;
    Some(Figure { number: number.times(factor)?, grain: grain.times(factor)?, percent })
}

fn factor(unit: &str) -> Option<(Exact, &str)> {
    let unit = unit.trim();
    if ["%", "percent", "per cent"].iter().any(|sign| unit.starts_with(sign)) {
        return Some((Exact::ratio(1, 100)?, ""));
    }
    let (factor, rest) = scale(unit)?;
    Some((Exact::whole(factor), rest.trim_start()))
}

/// Tells whether a word behind a number already multiplies it.
fn is_scaled(text: &str) -> bool {
    let letters = text.find(char::is_alphabetic).map_or("", |at| &text[at..]);
    scale(letters).is_none_or(|(factor, _)| factor != 1)
}

fn sign_of(unit: &str) -> Option<&str> {
    let word = unit.split([' ', ',', '/']).next().filter(|word| !word.is_empty())?;
    let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_code || ["€", "$", "£", "¥"].contains(&word)).then_some(word)
}

/// Names a currency by its letters.
fn code(sign: &str) -> &str {
    match sign.trim() {
        "€" => "EUR",
        "$" => "USD",
        "£" => "GBP",
        "¥" => "JPY",
        other => other,
    }
}

/// Tells whether a row adds up those above it.
pub(super) fn is_total(row: &Row) -> bool {
    let first = row.cells.iter().map(|cell| normalise(&cell.text)).find(|text| !text.is_empty());
    first.is_some_and(|text| {
        TOTALS.iter().any(|word| text == *word || text.starts_with(&format!("{word} ")))
    })
}

/// Adds up the column of some rows; nothing when one of them cannot be read.
pub(super) fn sum<'r>(
    table: &Recognised<'_, '_>,
    rows: impl Iterator<Item = &'r Row>,
    column: &str,
    currency: Option<&str>,
) -> Option<Exact> {
    let mut total = Exact::whole(0);
    for row in rows {
        match read(table, row, column, currency) {
            Reading::Empty => {}
            Reading::Figure(figure) => total = total.plus(figure.number)?,
            Reading::Unclear => return None,
        }
    }
    Some(total)
}
