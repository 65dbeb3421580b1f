//! What happens when: the days that documents and rows name and that their kinds call events.

use jiff::civil::Date;

use super::{Artifact, Packs};
use crate::document::Row;
use crate::kinds::{FieldSpec, Kind, Recognised, Standing, Status};
use crate::value::{self, Moment};

/// A day, or a time of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub day: Date,
    /// The time, when it is written.
    pub time: Option<Moment>,
}

/// Something that happens, happened or is to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Index in `Packs::artifacts`.
    pub artifact: usize,
    /// What a row is called; empty for the document itself.
    pub row: String,
    /// What happens: `planned`.
    pub says: String,
    /// When it begins.
    pub from: When,
    /// When it is over; nothing when that is not said.
    pub until: Option<When>,
}

/// Lists the events of a pack in the order of their days. Documents that were given up or replaced have none.
pub fn events(packs: &Packs, pack: usize) -> Vec<Event> {
    let mut events = Vec::new();
    for at in packs.of(pack) {
        let artifact = &*packs.artifacts[at];
        let Some(kind) = packs.kinds.get(artifact.kind) else { continue };
        if is_given_up(kind, artifact) {
            continue;
        }
        let fields = kind.all_fields().filter(|spec| !spec.event.is_empty());
        events.extend(fields.filter_map(|spec| of_field(kind, at, artifact, spec)));
        if kind.tables.iter().flat_map(|table| &table.columns).any(|it| !it.event.is_empty()) {
            let tables = kind.tables_of(&artifact.document);
            events.extend(tables.iter().flat_map(|table| of_table(at, table)));
        }
    }
    events.sort_by(|one, other| {
        let order = |it: &Event| (it.from.day, it.from.time.as_ref().map(|it| it.time.clone()));
        order(one).cmp(&order(other)).then(one.artifact.cmp(&other.artifact))
    });
    events
}

fn is_given_up(kind: &Kind, artifact: &Artifact) -> bool {
    let is_known = matches!(artifact.status, Status::Known { .. });
    let is_closed = artifact.status.standing() == Standing::Closed;
    is_known && is_closed && !kind.is_over(&artifact.status)
}

fn of_field(kind: &Kind, at: usize, artifact: &Artifact, spec: &FieldSpec) -> Option<Event> {
    let until = kind.field(&spec.until).and_then(|spec| when(artifact, spec));
    Some(Event {
        artifact: at,
        row: String::new(),
        says: spec.event.clone(),
        from: when(artifact, spec)?,
        until,
    })
}

fn when(artifact: &Artifact, spec: &FieldSpec) -> Option<When> {
    let text = artifact.field(spec)?.value.text()?;
    Some(When { day: spec.form.day(text)?.parse().ok()?, time: value::moment(text) })
}

fn of_table(at: usize, table: &Recognised<'_, '_>) -> Vec<Event> {
    let columns = table.spec.columns.iter().filter(|column| !column.event.is_empty());
    let columns: Vec<_> = columns.collect();
    let of_row = |row: &Row| {
        let name = table.spec.columns.first().and_then(|first| table.cell(row, &first.name));
        let of_column = |column: &&&crate::kinds::ColumnSpec| {
            let day = column.form.day(table.cell(row, &column.name)?)?.parse().ok()?;
            Some(Event {
                artifact: at,
                row: name.unwrap_or_default().trim().to_owned(),
                says: column.event.clone(),
                from: When { day, time: None },
                until: None,
            })
        };
        columns.iter().filter_map(|column| of_column(&column)).collect::<Vec<_>>()
    };
    table.table.rows.iter().flat_map(of_row).collect()
}
