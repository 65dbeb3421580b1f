//! What operations want first: which runbook an alert means, whom to call next, and how to get back. Read from the
//! fields and tables that a kind's data names, never from a kind's name.

use serde::Serialize;

use super::address::encode;
use super::artifact::{DocumentLink, link};
use super::lists::of_kind;
use super::unit::Unit;
use super::view::Linked;
use crate::document::text::{dial, phone};
use crate::document::{Document, Row, Table};
use crate::kinds::{Form, Kind, Standing, TableSpec};
use crate::settings::Audience;

/// A list on the overview is no longer than this.
const MOST: usize = 8;

/// What to open when something is wrong.
#[derive(Debug, Hash, Serialize)]
pub(super) struct HelpView {
    alerts: Vec<AlertView>,
    more_alerts: Option<Linked>,
    ways_back: Vec<WayBack>,
    ladder: Option<LadderView>,
}

/// A document that alerts lead to.
#[derive(Debug, Hash, Serialize)]
struct AlertView {
    link: DocumentLink,
    alerts: String,
}

/// A document that undoes something.
#[derive(Debug, Hash, Serialize)]
struct WayBack {
    link: DocumentLink,
    takes: String,
}

/// Whom to call, one after the other.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LadderView {
    source: DocumentLink,
    steps: Vec<StepView>,
    on_call: Option<Linked>,
}

/// A step of the ladder; its texts in pieces, telephone numbers as links.
#[derive(Debug, Hash, Serialize)]
struct StepView {
    after: String,
    who: Vec<Linked>,
    how: Vec<Linked>,
}

pub(super) fn help(unit: &Unit) -> HelpView {
    let mut alerts = alerts(unit);
    let more = alerts.len() > MOST;
    alerts.truncate(MOST);
    HelpView {
        alerts,
        more_alerts: if more { alert_kind(unit) } else { None },
        ways_back: ways_back(unit),
        ladder: ladder(unit),
    }
}

/// Lists documents of the pack that readers may follow and whose kind passes a test.
fn usable<'u>(
    unit: &'u Unit,
    is_meant: impl Fn(&Kind) -> bool + 'u,
) -> impl Iterator<Item = usize> + 'u {
    let packs = unit.packs();
    let kinds = unit.routes.kinds.iter().filter(move |(kind, _)| is_meant(&packs.kinds[*kind]));
    let own = kinds.flat_map(|(kind, _)| of_kind(unit, *kind));
    own.filter(|at| packs.artifacts[*at].status.standing() != Standing::Closed)
}

fn has_alerts(kind: &Kind) -> bool {
    kind.fields.iter().any(|field| field.name == "alerts")
}

/// Lists the documents that alerts lead to, those with an alert first.
fn alerts(unit: &Unit) -> Vec<AlertView> {
    let mut found: Vec<AlertView> = usable(unit, has_alerts)
        .map(|at| AlertView { link: link(unit, at), alerts: texts(unit, at, "alerts").join(", ") })
        .collect();
    found.sort_by_key(|one| one.alerts.is_empty());
    found
}

fn alert_kind(unit: &Unit) -> Option<Linked> {
    let kinds = &unit.packs().kinds;
    let (kind, route) = unit.routes.kinds.iter().find(|(kind, _)| has_alerts(&kinds[*kind]))?;
    Some(Linked { text: kinds[*kind].plural.to_lowercase(), href: encode(route) })
}

/// Lists the documents that say of themselves that they roll something back.
fn ways_back(unit: &Unit) -> Vec<WayBack> {
    let offers = |kind: &Kind| kind.fields.iter().any(|field| is_rollback(&field.form));
    let found = usable(unit, offers).filter(|at| {
        let artifact = &unit.packs().artifacts[*at];
        let fields = &unit.packs().kinds[artifact.kind].fields;
        let chosen = fields.iter().filter(|field| is_rollback(&field.form));
        let mut chosen =
            chosen.filter_map(|field| field.find(&artifact.document.front_matter)?.value.text());
        chosen.any(|word| word == ROLLBACK)
    });
    let view = |at| WayBack {
        link: link(unit, at),
        takes: texts(unit, at, "time_to_complete").join(", "),
    };
    found.take(MOST).map(view).collect()
}

/// The choice of a kind that undoes.
const ROLLBACK: &str = "rollback";

fn is_rollback(form: &Form) -> bool {
    matches!(form, Form::Choice(words) if words.iter().any(|word| word == ROLLBACK))
}

/// Reads a field of the document's kind; nothing when the kind has no such field.
fn texts<'u>(unit: &'u Unit, at: usize, field: &str) -> Vec<&'u str> {
    let artifact = &unit.packs().artifacts[at];
    let spec = unit.packs().kinds[artifact.kind].fields.iter().find(|spec| spec.name == field);
    let found = spec.and_then(|spec| spec.find(&artifact.document.front_matter));
    found.map_or_else(Vec::new, |field| {
        field.value.texts().into_iter().map(|(text, _)| text).collect()
    })
}

/// Reads the first ladder of the pack: a table that its kind calls `escalation`.
pub(super) fn ladder(unit: &Unit) -> Option<LadderView> {
    usable(unit, |kind| kind.table("escalation").is_some()).find_map(|at| ladder_of(unit, at))
}

fn ladder_of(unit: &Unit, at: usize) -> Option<LadderView> {
    let artifact = &unit.packs().artifacts[at];
    let kind = &unit.packs().kinds[artifact.kind];
    let document = &artifact.document;
    let (spec, columns, table) = find_table(kind, document, "escalation")?;
    let cell = |row: &Row, name: &str| {
        let column = columns[spec.column(name)?]?;
        row.cells.get(column).map(|cell| cell.text.clone())
    };
    let shows_numbers = unit.edition.inputs.settings.audience == Audience::Internal;
    let step = |row: &Row| StepView {
        after: cell(row, "when").unwrap_or_default(),
        who: pieces(&cell(row, "who").unwrap_or_default()),
        how: if shows_numbers { pieces(&cell(row, "how").unwrap_or_default()) } else { Vec::new() },
    };
    let on_call = find_table(kind, document, "rota").and_then(|(.., table)| table.heading);
    let on_call = on_call.and_then(|heading| document.headings.get(heading));
    Some(LadderView {
        source: link(unit, at),
        steps: table.rows.iter().map(step).collect(),
        on_call: on_call.map(|heading| Linked {
            text: heading.text.clone(),
            href: format!("{}#{}", unit.artifact_route(at), encode(&heading.id)),
        }),
    })
}

/// Finds a table of a document by the name that its kind gives it, with the place of each known column.
fn find_table<'d>(
    kind: &'d Kind,
    document: &'d Document,
    name: &str,
) -> Option<(&'d TableSpec, Vec<Option<usize>>, &'d Table)> {
    let spec = kind.table(name)?;
    document.tables.iter().find_map(|table| Some((spec, spec.columns_of(table)?, table)))
}

/// Cuts a text around its telephone numbers.
fn pieces(text: &str) -> Vec<Linked> {
    let plain = |text: &str| Linked { text: text.to_owned(), href: String::new() };
    let (mut found, mut done) = (Vec::new(), 0);
    for (plus, _) in text.match_indices('+') {
        let Some(number) = phone(text, plus).filter(|number| number.start >= done) else {
            continue;
        };
        found.push(plain(&text[done..number.start]));
        found.push(Linked {
            text: text[number.clone()].to_owned(),
            href: dial(&text[number.clone()]),
        });
        done = number.end;
    }
    found.push(plain(&text[done..]));
    found.retain(|piece| !piece.text.is_empty());
    found
}
