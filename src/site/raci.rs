//! Who does what: the union of all responsibility matrices of a pack, as activities by parties.

use serde::Serialize;

use super::address::encode;
use super::unit::Unit;
use super::view::Linked;
use super::who::Who;
use crate::kinds::SchemeSpec;
use crate::pack::raci::{Activity, Column, Matrix, read};
use crate::pack::who::Who as Party;

/// The union of all matrices.
#[derive(Debug, Hash, Serialize)]
pub(super) struct MatrixView {
    legend: Vec<Letter>,
    roles: Vec<RoleView>,
    groups: Vec<GroupView>,
}

/// A column.
#[derive(Debug, Hash, Serialize)]
struct RoleView {
    title: String,
    holder: Who,
}

impl RoleView {
    /// Says the role and who holds it: `Service owner: Priya Raman`.
    fn words(&self) -> String {
        if self.holder.vacant || self.holder.name == self.title {
            return self.title.clone();
        }
        format!("{}: {}", self.title, self.holder.name)
    }
}

/// The activities of one matrix.
#[derive(Debug, Hash, Serialize)]
struct GroupView {
    source: Linked,
    rows: Vec<RowView>,
}

/// An activity.
#[derive(Debug, Hash, Serialize)]
struct RowView {
    /// The heading above it, on the first of its activities.
    scope: String,
    activity: String,
    cells: Vec<CellView>,
    finding: String,
}

/// What a party does in an activity.
#[derive(Debug, Clone, Default, Hash, Serialize)]
struct CellView {
    /// The column's role and person, for narrow screens.
    role: String,
    letters: Vec<Letter>,
    note: String,
}

/// A letter and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
struct Letter {
    sign: char,
    means: String,
    accountable: bool,
}

/// An activity that someone is accountable for.
#[derive(Debug, Clone)]
pub(super) struct Duty {
    pub(super) party: Party,
    pub(super) activity: String,
    pub(super) source: usize,
}

pub(super) fn view(unit: &Unit) -> MatrixView {
    let matrices = matrices(unit);
    let mut keys: Vec<String> = Vec::new();
    let mut roles = Vec::new();
    for column in matrices.iter().flat_map(|(_, matrix)| &matrix.columns) {
        let key = key(column);
        if !keys.contains(&key) {
            roles.push(role(unit, column));
            keys.push(key);
        }
    }
    let titles: Vec<String> = roles.iter().map(RoleView::words).collect();
    let groups: Vec<GroupView> =
        matrices.iter().map(|(at, matrix)| group(unit, *at, matrix, &keys, &titles)).collect();
    MatrixView { legend: legend(&groups), roles, groups }
}

/// Lists what each party is accountable for, in order of appearance.
pub(super) fn duties(unit: &Unit) -> Vec<Duty> {
    let mut duties = Vec::new();
    for (source, matrix) in matrices(unit) {
        for activity in &matrix.activities {
            let parties = activity.with(matrix.scheme.accountable);
            let parties = parties.filter_map(|part| matrix.columns.get(part.column)?.party);
            duties.extend(parties.map(|party| Duty {
                party,
                activity: activity.text.clone(),
                source,
            }));
        }
    }
    duties
}

/// Reads the matrices of the pack, each with its artifact.
fn matrices(unit: &Unit) -> Vec<(usize, Matrix)> {
    let packs = unit.packs();
    let own = unit.own();
    own.flat_map(|at| read(packs, &packs.artifacts[at]).into_iter().map(move |matrix| (at, matrix)))
        .collect()
}

/// Names a party across matrices.
fn key(column: &Column) -> String {
    column.party.map_or_else(|| column.text.to_lowercase(), |party| format!("{party:?}"))
}

fn role(unit: &Unit, column: &Column) -> RoleView {
    let holder = unit.registry().who(&column.text);
    let title = if holder.role.is_empty() { column.text.clone() } else { holder.role.clone() };
    RoleView { title, holder }
}

fn group(unit: &Unit, at: usize, matrix: &Matrix, keys: &[String], titles: &[String]) -> GroupView {
    let columns: Vec<Option<usize>> = matrix
        .columns
        .iter()
        .map(|column| keys.iter().position(|known| *known == key(column)))
        .collect();
    let mut above = None;
    let rows = matrix.activities.iter().map(|activity| {
        let scope = if activity.group == above { None } else { activity.group.clone() };
        above.clone_from(&activity.group);
        row(activity, &matrix.scheme, &columns, titles, scope.unwrap_or_default())
    });
    GroupView { rows: rows.collect(), source: source(unit, at, matrix) }
}

/// Links the section that the matrix stands in.
fn source(unit: &Unit, at: usize, matrix: &Matrix) -> Linked {
    let artifact = &unit.packs().artifacts[at];
    let table = artifact.document.tables.get(matrix.table);
    let heading = table.and_then(|table| artifact.document.headings.get(table.heading?));
    let route = unit.artifact_route(at);
    match heading.filter(|heading| heading.level > 1) {
        Some(heading) => Linked {
            text: format!("{}: {}", artifact.title, heading.text),
            href: format!("{route}#{}", encode(&heading.id)),
        },
        None => Linked { text: artifact.title.clone(), href: route },
    }
}

fn row(
    activity: &Activity,
    scheme: &SchemeSpec,
    columns: &[Option<usize>],
    titles: &[String],
    scope: String,
) -> RowView {
    let empty = |role: &String| CellView { role: role.clone(), ..CellView::default() };
    let mut cells: Vec<CellView> = titles.iter().map(empty).collect();
    for part in &activity.cells {
        let column = columns.get(part.column).copied().flatten();
        if let Some(cell) = column.and_then(|column| cells.get_mut(column)) {
            cell.letters = part.letters.iter().map(|one| letter(scheme, *one)).collect();
            cell.note.clone_from(&part.note);
        }
    }
    let finding = match activity.with(scheme.accountable).count() {
        _ if scheme.accountable.is_none() => "",
        0 => "Nobody is accountable for this activity",
        1 => "",
        _ => "More than one is accountable for this activity",
    };
    let reason = activity.accepted.as_deref().filter(|_| !finding.is_empty());
    let finding = reason
        .map_or_else(|| finding.to_owned(), |reason| format!("{finding}, on purpose: {reason}"));
    RowView { scope, activity: activity.text.clone(), cells, finding }
}

/// Lists the letters in use, in order of appearance.
fn legend(groups: &[GroupView]) -> Vec<Letter> {
    let rows = groups.iter().flat_map(|group| &group.rows);
    let mut found: Vec<Letter> = Vec::new();
    for letter in rows.flat_map(|row| &row.cells).flat_map(|cell| &cell.letters) {
        if !found.contains(letter) {
            found.push(letter.clone());
        }
    }
    found
}

fn letter(scheme: &SchemeSpec, sign: char) -> Letter {
    let known = scheme.letters.iter().find(|(letter, _)| *letter == sign);
    let means = known.map_or("not explained by the scheme", |(_, means)| means);
    Letter { sign, means: means.to_owned(), accountable: Some(sign) == scheme.accountable }
}
