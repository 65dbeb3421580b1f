//! Tables whose rows mean something: not there, without rows, with a gap or with a value that cannot be read. Driven by
//! the kind's data.

use super::field::severity;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::text::is_placeholder;
use crate::document::{Cell, Row};
use crate::kinds::{ColumnSpec, Form, Kind, Recognised, TableSpec, normalise};
use crate::pack::Artifact;
use crate::value::is_unknown;

/// A table that is not there or has no rows.
pub static MISSING: Rule = Rule {
    name: "table.missing",
    severity: Severity::Error,
    summary: "A table that the kind asks for is not there, or has no rows",
    why: "What the kind is for stands in the rows. In a draft it is worth a note, in an approved artifact it is an error",
    fix: "Add the table with the columns that the finding names",
};

/// A cell that every row fills, and this one does not.
pub static EMPTY_CELL: Rule = Rule {
    name: "table.empty-cell",
    severity: Severity::Warning,
    summary: "A row leaves out what every row of its table needs",
    why: "A risk without an owner is watched by nobody, an action without a day is done never",
    fix: "Fill the cell, or take the row out",
};

/// A cell that cannot be read.
pub static BAD_VALUE: Rule = Rule {
    name: "table.bad-value",
    severity: Severity::Warning,
    summary: "A cell holds no date, number or duration where its column has one",
    why: "What cannot be read is not counted, and the order of day and month is never guessed",
    fix: "Write the value as the finding says",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&MISSING, &EMPTY_CELL, &BAD_VALUE];

/// First words of a row's state that say that nothing more is owed.
const OVER: [&str; 7] =
    ["done", "closed", "dropped", "cancelled", "canceled", "rejected", "resolved"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let with_tables = scope.judged().filter(|artifact| !scope.kind(artifact).tables.is_empty());
    with_tables.flat_map(|artifact| of(scope.kind(artifact), artifact)).collect()
}

fn of(kind: &Kind, artifact: &Artifact) -> Vec<Diagnostic> {
    let tables = kind.tables_of(&artifact.document);
    let mut found: Vec<Diagnostic> =
        kind.tables.iter().filter_map(|spec| missing(artifact, spec, &tables)).collect();
    for table in &tables {
        let rows = table.table.rows.iter().filter(|row| is_record(row));
        found.extend(rows.flat_map(|row| cells(artifact, table, row)));
    }
    found
}

fn missing(
    artifact: &Artifact,
    spec: &TableSpec,
    tables: &[Recognised<'_, '_>],
) -> Option<Diagnostic> {
    let severity = severity(spec.need, artifact.status.standing())?;
    let mut own = tables.iter().filter(|table| table.spec.name == spec.name).peekable();
    let place = own.peek().map_or(0..0, |table| table.table.span.clone());
    if own.any(|table| table.table.rows.iter().any(is_record)) {
        return None;
    }
    let message = if place == (0..0) {
        format!("{} has no table `{}`", artifact.id, spec.title)
    } else {
        format!("the table `{}` has no rows", spec.title)
    };
    let mut finding = Diagnostic::new(&MISSING, &artifact.path, &place, message);
    finding.severity = severity;
    let columns = spec.columns.iter().enumerate();
    let columns = columns.filter(|(at, column)| *at == 0 || column.required);
    let names: Vec<&str> = columns.map(|(_, column)| column.name.as_str()).collect();
    Some(finding.help(format!("one row for each, with the columns {}", names.join(", "))))
}

/// Tells whether a row is one of the table's things: neither empty nor the title of a group.
fn is_record(row: &Row) -> bool {
    let mut filled = row.cells.iter().filter(|cell| !is_placeholder(&cell.text));
    let first = filled.next();
    let is_group = first.is_some_and(|cell| cell.bold) && row.cells.len() > 1;
    first.is_some() && (filled.next().is_some() || !is_group)
}

fn cells(artifact: &Artifact, table: &Recognised<'_, '_>, row: &Row) -> Vec<Diagnostic> {
    let columns = table.spec.columns.iter().zip(&table.columns);
    let there = columns.filter_map(|(column, at)| Some((column, row.cells.get((*at)?)?)));
    let over = is_over(table, row);
    there.filter_map(|(column, cell)| judge(artifact, column, cell, over)).collect()
}

fn judge(artifact: &Artifact, column: &ColumnSpec, cell: &Cell, over: bool) -> Option<Diagnostic> {
    if is_placeholder(&cell.text) || is_unknown(&cell.text) {
        return (column.required && !over).then(|| empty(artifact, column, cell));
    }
    // The title of a column often holds the sign.
    let percent = format!("{} %", cell.text);
    let complaint = column.form.judge(&cell.text).err()?;
    if column.form == Form::Percentage && column.form.judge(&percent).is_ok() {
        return None;
    }
    let message = format!("`{}`: `{}` {}", column.name, cell.text, complaint.message);
    let finding = Diagnostic::new(&BAD_VALUE, &artifact.path, &cell.span, message);
    Some(finding.help(complaint.help))
}

fn empty(artifact: &Artifact, column: &ColumnSpec, cell: &Cell) -> Diagnostic {
    let message = if is_unknown(&cell.text) {
        format!("`{}` is unknown", column.name)
    } else {
        format!("this row has no `{}`", column.name)
    };
    let mut finding = Diagnostic::new(&EMPTY_CELL, &artifact.path, &cell.span, message);
    if !artifact.status.is_approved() {
        finding.severity = Severity::Note;
    }
    finding.help(format!("fill `{}`, or take the row out", column.name))
}

/// Tells whether nothing more is owed of a row, by its state.
pub fn is_over(table: &Recognised<'_, '_>, row: &Row) -> bool {
    let state = ["status", "state"].iter().find_map(|name| table.spec.column(name));
    let cell = state.and_then(|at| row.cells.get(table.columns.get(at).copied().flatten()?));
    let words = cell.map(|cell| normalise(&cell.text)).unwrap_or_default();
    words.split(' ').next().is_some_and(|first| OVER.contains(&first))
}
