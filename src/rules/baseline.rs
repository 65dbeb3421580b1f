//! Rules about configuration baselines: versions and what must be alike.

use super::said::is_written;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Cell, Row};
use crate::kinds::{Recognised, Standing, normalise, word};
use crate::pack::Artifact;

/// A component of the baseline has a version that floats, such as `latest`.
pub static UNVERSIONED: Rule = Rule {
    name: "baseline.unversioned",
    severity: Severity::Error,
    summary: "A component of the baseline has a version that floats, such as `latest`",
    why: "Tomorrow it is something else, and nobody can go back to what ran today",
    fix: "Pin a version or a digest",
};

/// A parameter that must be the same in all environments is not, or one that must differ is the same.
pub static PARITY_BROKEN: Rule = Rule {
    name: "baseline.parity-broken",
    severity: Severity::Error,
    summary: "A parameter that must be the same in all environments is not, or one that must differ is the same",
    why: "What was tested in one environment does not show how the other behaves",
    fix: "Align the values, or mark the parameter `may-differ` and say why",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNVERSIONED, &PARITY_BROKEN];

/// The table and the field that name environments, and the column that says what must be alike.
const PARAMETERS: &str = "parameters";
const ENVIRONMENTS: &str = "environments";
const PARITY: &str = "parity";

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let open = scope.judged().filter(|artifact| artifact.status.standing() != Standing::Closed);
    open.flat_map(|artifact| of(scope, artifact)).collect()
}

fn of(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let kind = scope.kind(artifact);
    let has_parity = kind.table(PARAMETERS).is_some_and(|spec| spec.column(PARITY).is_some());
    let Some(spec) = kind.field(ENVIRONMENTS).filter(|_| has_parity) else { return Vec::new() };
    let names = artifact.field(spec).map(|field| field.value.texts()).unwrap_or_default();
    let names: Vec<String> = names.into_iter().map(|(name, _)| normalise(name)).collect();
    let tables = kind.tables_of(&artifact.document);
    let mut found = Vec::new();
    for table in tables.iter().filter(|table| table.spec.name == PARAMETERS) {
        let titles = table.table.header.iter().enumerate();
        let own = titles.filter(|(_, cell)| names.contains(&normalise(&cell.text)));
        let columns: Vec<usize> = own.map(|(at, _)| at).collect();
        let rows = table.table.rows.iter();
        found.extend(rows.filter_map(|row| unlike(artifact, table, row, &columns)));
    }
    found
}

/// Compares the values of a row in the columns of environments.
fn unlike(
    artifact: &Artifact,
    table: &Recognised<'_, '_>,
    row: &Row,
    columns: &[usize],
) -> Option<Diagnostic> {
    let parity = table.cell(row, PARITY)?;
    let cells = columns.iter().filter_map(|at| Some((*at, row.cells.get(*at)?)));
    let written: Vec<(usize, &Cell)> = cells.filter(|(_, cell)| is_written(&cell.text)).collect();
    let (first, other) = if word(parity, "must-match").is_some() {
        pair(&written, |one, other| one != other)
    } else if word(parity, "must-differ").is_some() {
        pair(&written, |one, other| one == other)
    } else {
        None
    }?;
    let title = |at: usize| table.table.header[at].text.as_str();
    let name = table.cell(row, table.spec.columns.first()?.name.as_str()).unwrap_or_default();
    let message = format!(
        "{name}: {} has {}, {} has {}, and it {}",
        title(first.0),
        first.1.text,
        title(other.0),
        other.1.text,
        parity.replace('-', " ")
    );
    let finding = Diagnostic::new(&PARITY_BROKEN, &artifact.path, &other.1.span, message);
    Some(finding.help("align the values, or mark the parameter `may-differ` and say why"))
}

type Pair<'r> = ((usize, &'r Cell), (usize, &'r Cell));

fn pair<'r>(cells: &[(usize, &'r Cell)], is_wrong: fn(&str, &str) -> bool) -> Option<Pair<'r>> {
    let text = |one: &(usize, &Cell)| one.1.text.trim().to_lowercase();
    cells.iter().enumerate().find_map(|(at, one)| {
        let other = cells[at + 1..].iter().find(|other| is_wrong(&text(one), &text(other)))?;
        Some((*one, *other))
    })
}
