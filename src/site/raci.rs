//! Who does what: the union of all responsibility matrices of a pack, as activities by roles.

use serde::Serialize;

use super::address::encode;
use super::unit::Unit;
use super::view::Linked;
use super::who::Who;
use crate::document::{Row, Table};
use crate::kinds::TableSpec;

/// The table of a kind that holds a matrix: activities in the first column, a role in each other one.
const MATRIX: &str = "matrix";

/// The union of all matrices.
#[derive(Debug, Hash, Serialize)]
pub(super) struct MatrixView {
    roles: Vec<RoleView>,
    groups: Vec<GroupView>,
}

/// A column.
#[derive(Debug, Hash, Serialize)]
struct RoleView {
    title: String,
    holder: Who,
}

/// The activities of one document.
#[derive(Debug, Hash, Serialize)]
struct GroupView {
    source: Linked,
    rows: Vec<RowView>,
}

/// An activity.
#[derive(Debug, Hash, Serialize)]
struct RowView {
    activity: String,
    scope: bool,
    cells: Vec<CellView>,
    finding: &'static str,
}

/// What a role does in an activity.
#[derive(Debug, Clone, Default, Hash, Serialize)]
struct CellView {
    letters: Vec<Letter>,
    text: String,
}

/// A letter and its meaning.
#[derive(Debug, Clone, Hash, Serialize)]
struct Letter {
    letter: char,
    means: &'static str,
}

/// An activity that someone is accountable for.
#[derive(Debug, Clone)]
pub(super) struct Duty {
    pub(super) role: String,
    pub(super) activity: String,
    pub(super) source: usize,
}

/// A matrix and the document it stands in.
struct Matrix<'a> {
    artifact: usize,
    table: &'a Table,
}

pub(super) fn view(unit: &Unit) -> MatrixView {
    let matrices = matrices(unit);
    let mut keys: Vec<String> = Vec::new();
    let mut roles = Vec::new();
    for title in matrices.iter().flat_map(|matrix| matrix.table.header.iter().skip(1)) {
        let key = role_key(unit, &title.text);
        if !title.text.is_empty() && !keys.contains(&key) {
            roles.push(role(unit, &title.text));
            keys.push(key);
        }
    }
    let groups = matrices.iter().map(|matrix| group(unit, matrix, &keys)).collect();
    MatrixView { roles, groups }
}

/// Lists what each role or person is accountable for, in order of appearance.
pub(super) fn duties(unit: &Unit) -> Vec<Duty> {
    let mut duties = Vec::new();
    for matrix in matrices(unit) {
        for row in matrix.table.rows.iter().filter(|row| !is_scope(row)) {
            let cells = row.cells.iter().zip(&matrix.table.header).skip(1);
            let accountable = cells.filter(|(cell, _)| read(&cell.text).has('A'));
            duties.extend(accountable.map(|(_, header)| Duty {
                role: role_key(unit, &header.text),
                activity: activity(row),
                source: matrix.artifact,
            }));
        }
    }
    duties
}

/// Returns the id of a role, or the folded heading when the registry does not know it.
pub(super) fn role_key(unit: &Unit, heading: &str) -> String {
    let registry = unit.registry();
    if let Some(person) = registry.person(heading) {
        return format!("person:{}", person.id);
    }
    registry.role(heading).map_or_else(|| heading.trim().to_lowercase(), |(id, _)| id.to_owned())
}

fn matrices(unit: &Unit) -> Vec<Matrix<'_>> {
    let packs = unit.packs();
    let mut found = Vec::new();
    for at in unit.own() {
        let artifact = &packs.artifacts[at];
        let specs = packs.kinds.get(artifact.kind).map_or(&[][..], |kind| &kind.tables);
        for spec in specs.iter().filter(|spec| spec.name == MATRIX) {
            let tables = artifact.document.tables.iter().filter(|table| is_a(table, spec));
            found.extend(tables.map(|table| Matrix { artifact: at, table }));
        }
    }
    found
}

/// Recognises a table by the heading of its first column.
fn is_a(table: &Table, spec: &TableSpec) -> bool {
    let (Some(first), Some((name, synonyms))) = (table.header.first(), spec.columns.first()) else {
        return false;
    };
    std::iter::once(name).chain(synonyms).any(|word| super::who::same(word, &first.text))
}

fn role(unit: &Unit, heading: &str) -> RoleView {
    let holder = unit.registry().who(heading);
    let title = if holder.role.is_empty() { heading.to_owned() } else { holder.role.clone() };
    RoleView { title, holder }
}

fn group(unit: &Unit, matrix: &Matrix<'_>, keys: &[String]) -> GroupView {
    let artifact = &unit.packs().artifacts[matrix.artifact];
    let section = matrix.table.heading.and_then(|at| artifact.document.headings.get(at));
    let place = section.filter(|heading| heading.level > 1);
    let route = unit.artifact_route(matrix.artifact);
    let columns: Vec<Option<usize>> = matrix
        .table
        .header
        .iter()
        .map(|cell| keys.iter().position(|key| *key == role_key(unit, &cell.text)))
        .collect();
    GroupView {
        source: Linked {
            text: place.map_or_else(
                || artifact.title.clone(),
                |heading| format!("{}: {}", artifact.title, heading.text),
            ),
            href: place.map_or_else(
                || route.clone(),
                |heading| format!("{route}#{}", encode(&heading.id)),
            ),
        },
        rows: matrix.table.rows.iter().map(|row| row_view(row, &columns, keys.len())).collect(),
    }
}

fn row_view(row: &Row, columns: &[Option<usize>], width: usize) -> RowView {
    let mut cells = vec![CellView::default(); width];
    for (cell, column) in row.cells.iter().zip(columns).skip(1) {
        if let Some(slot) = column.and_then(|column| cells.get_mut(column)) {
            *slot = read(&cell.text);
        }
    }
    let scope = is_scope(row);
    let accountable = cells.iter().filter(|cell| cell.has('A')).count();
    let finding = match accountable {
        _ if scope => "",
        0 => "Nobody is accountable for this activity",
        1 => "",
        _ => "More than one is accountable for this activity",
    };
    RowView { activity: activity(row), scope, cells, finding }
}

fn activity(row: &Row) -> String {
    row.cells.first().map_or_else(String::new, |cell| cell.text.clone())
}

/// Tells a row that only heads a group of activities: bold, and nothing beside it.
fn is_scope(row: &Row) -> bool {
    row.cells.first().is_some_and(|cell| cell.bold)
        && row.cells.iter().skip(1).all(|cell| cell.text.is_empty())
}

impl CellView {
    fn has(&self, letter: char) -> bool {
        self.letters.iter().any(|one| one.letter == letter)
    }
}

/// Reads a cell: letters of the scheme, or text as it is.
fn read(text: &str) -> CellView {
    let signs =
        text.chars().filter(|letter| !matches!(letter, ' ' | '/' | ',' | '+' | '&' | ';' | '*'));
    let letters: Option<Vec<Letter>> = signs.map(letter).collect();
    letters.map_or_else(
        || CellView { letters: Vec::new(), text: text.to_owned() },
        |letters| CellView { letters, text: String::new() },
    )
}

fn letter(letter: char) -> Option<Letter> {
    let letter = letter.to_ascii_uppercase();
    let means = match letter {
        'R' => "Responsible",
        'A' => "Accountable",
        'C' => "Consulted",
        'I' => "Informed",
        'S' => "Supports",
        'V' => "Verifies",
        _ => return None,
    };
    Some(Letter { letter, means })
}
