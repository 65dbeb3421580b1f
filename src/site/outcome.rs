//! Decisions at gates as pages show them: what came of each, who decided, when, on which commit, and on which conditions.
//! What the program thinks of the gate stands beside it and changes none of it.

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::fields::{field, people};
use super::rows;
use super::standing::stated_by;
use super::unit::Unit;
use super::view::{Linked, count, day};
use crate::pack::outcome::{Effect, Recorded};
use crate::rules::table::is_over;

fn tone(effect: Effect) -> &'static str {
    match effect {
        Effect::Passes => "good",
        Effect::Conditional => "caution",
        Effect::Otherwise => "neutral",
        Effect::Against => "bad",
    }
}

/// A decision as pages show it.
#[derive(Debug, Hash, Serialize)]
pub(super) struct DecisionView {
    document: DocumentLink,
    gate: String,
    /// `pass with conditions`.
    outcome: String,
    tone: &'static str,
    counts: bool,
    decided: String,
    /// `1 day after it was raised`; empty when nothing says so.
    lasted: String,
    who: Vec<Linked>,
    /// What the rule had said before, as the document keeps it.
    recommended: String,
    /// The commit with which it landed.
    commit: Option<Linked>,
    landed: String,
    conditions: Vec<ConditionView>,
}

/// Something on which a decision depends.
#[derive(Debug, Hash, Serialize)]
struct ConditionView {
    row: Linked,
    title: String,
    owner: String,
    /// Empty when nothing says so.
    due: String,
    state: String,
    /// Whether the day is over and the row is not.
    late: bool,
}

pub(super) fn view(unit: &Unit, one: &Recorded) -> DecisionView {
    let artifact = &unit.packs().artifacts[one.at];
    let kind = &unit.packs().kinds[artifact.kind];
    let deciding = kind.fields.iter().find(|field| !field.decision.is_empty());
    let deciders = deciding.and_then(|spec| artifact.field(spec));
    let entry = stated_by(&unit.edition, one.at).map(|at| &unit.edition.inputs.log.entries[at]);
    let recommended = field(unit, one.at, "recommendation").into_iter().next();
    let lasted = one.lasted().and_then(|days| usize::try_from(days).ok());
    DecisionView {
        document: link(unit, one.at).without_result(),
        gate: one.gate.clone(),
        outcome: one.outcome.replace(['-', '_'], " "),
        tone: tone(one.effect),
        counts: one.counts,
        decided: day(&one.decided),
        lasted: lasted.map_or_else(String::new, |days| match days {
            0 => "on the day it was raised".to_owned(),
            days => format!("{} after it was raised", count(days, "day", "days")),
        }),
        who: deciders.map(|field| people(unit, &field.value)).unwrap_or_default(),
        recommended: recommended.map(|value| value.text).unwrap_or_default(),
        commit: entry.map(|entry| unit.forge.commit(entry.landing.commit)),
        landed: entry
            .map_or_else(String::new, |entry| super::view::When::new(entry.landing.time).day),
        conditions: conditions(unit, one),
    }
}

/// Lists the rows with a day by which something is due on which a decision depends: those of its field, and those that
/// the text of a pass with conditions names.
fn conditions(unit: &Unit, one: &Recorded) -> Vec<ConditionView> {
    let packs = unit.packs();
    let named = field(unit, one.at, "conditions").into_iter().map(|value| value.text);
    let text = &packs.artifacts[one.at].document.text;
    let is_between = |letter: char| letter.is_whitespace() || ",:;.()".contains(letter);
    let words = text.split(is_between).filter(|_| one.effect == Effect::Conditional);
    let mut found: Vec<(usize, usize)> = Vec::new();
    let rows = &packs.names[unit.pack].rows;
    for id in named.chain(words.map(str::to_owned)) {
        let Some(place) = rows.get(&id.to_lowercase()) else { continue };
        let row = (packs.of(unit.pack).start + place.artifact, place.row);
        if !found.contains(&row) {
            found.push(row);
        }
    }
    found.into_iter().filter_map(|(at, row)| condition(unit, at, row)).collect()
}

fn condition(unit: &Unit, at: usize, row: usize) -> Option<ConditionView> {
    let artifact = &unit.packs().artifacts[at];
    let record = artifact.records.get(row)?;
    let kind = &unit.packs().kinds[artifact.kind];
    let tables = kind.tables_of(&artifact.document);
    let (table, row) = tables.iter().find_map(|table| {
        Some((table, table.table.rows.iter().find(|row| row.id == record.id)?))
    })?;
    let column = table.spec.column("due").map(|column| &table.spec.columns[column])?;
    let cell = |name: &str| table.cell(row, name).unwrap_or_default().to_owned();
    let due = cell("due");
    let last = column.form.day(&due);
    let over = is_over(table, row);
    Some(ConditionView {
        row: Linked {
            text: record.id.clone(),
            href: format!("{}{}", unit.artifact_route(at), rows::anchor(record)),
        },
        title: record.title.clone(),
        owner: unit.registry().who(&cell("owner")).name,
        late: !over && last.as_ref().is_some_and(|last| *last < unit.edition.inputs.as_of),
        due: last.map_or(due, |last| day(&last)),
        state: cell("status"),
    })
}
