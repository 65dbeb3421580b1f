//! What operations want first: which runbook an alert means, whom to call next, and how to get back. Read from the
//! fields and tables that a kind's data names, never from a kind's name.

use serde::Serialize;

use super::address::encode;
use super::artifact::{DocumentLink, link};
use super::hours::{HoursView, hours};
use super::ladder::{LadderView, ladder};
use super::lists::of_kind;
use super::unit::Unit;
use super::view::{Linked, sentence};
use super::who::Who;
use crate::kinds::{Form, Kind, Standing};

/// A list on the overview is no longer than this.
const MOST: usize = 8;

/// What to open when something is wrong.
#[derive(Debug, Hash, Serialize)]
pub(super) struct HelpView {
    alerts: Vec<AlertView>,
    more_alerts: Option<Linked>,
    ways_back: Vec<WayBack>,
    ladder: Option<LadderView>,
    /// The hours of support where no ladder tells them.
    hours: Vec<HoursView>,
    changes: ChangesView,
}

/// Whether something may be changed now, as far as it is written down.
#[derive(Debug, Hash, Serialize)]
struct ChangesView {
    rules: Vec<Linked>,
    ask: Option<Who>,
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

pub(super) fn help(unit: &Unit) -> HelpView {
    let mut alerts = alerts(unit);
    let more = alerts.len() > MOST;
    alerts.truncate(MOST);
    let ladder = ladder(unit);
    HelpView {
        alerts,
        more_alerts: if more { alert_kind(unit) } else { None },
        ways_back: ways_back(unit),
        hours: if ladder.is_some() { Vec::new() } else { hours(unit) },
        ladder,
        changes: changes(unit),
    }
}

/// Collects what documents of the pack say about freezes and windows: fields, and sections to read.
fn changes(unit: &Unit) -> ChangesView {
    let mut rules = Vec::new();
    for at in usable(unit, |kind| kind.section(CHANGES).is_some()) {
        let artifact = &unit.packs().artifacts[at];
        let route = unit.artifact_route(at);
        let fields = ["change_window", "change_freeze"].into_iter();
        let stated =
            fields.flat_map(|name| texts(unit, at, name).into_iter().map(move |text| (name, text)));
        rules.extend(stated.map(|(name, text)| Linked {
            text: format!("{}: {text}", sentence(name)),
            href: route.clone(),
        }));
        let section = unit.packs().kinds[artifact.kind].section(CHANGES);
        let headings =
            section.map(|section| section.headings(&artifact.document)).unwrap_or_default();
        rules.extend(headings.iter().filter(|heading| heading.filled).map(|heading| Linked {
            text: heading.text.clone(),
            href: format!("{route}#{}", encode(&heading.id)),
        }));
    }
    ChangesView { rules, ask: unit.registry().authorises() }
}

/// The section that says when something may be changed.
const CHANGES: &str = "changes";

/// Lists documents of the pack that readers may follow and whose kind passes a test.
pub(super) fn usable<'u>(
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
pub(super) fn texts<'u>(unit: &'u Unit, at: usize, field: &str) -> Vec<&'u str> {
    let artifact = &unit.packs().artifacts[at];
    let spec = unit.packs().kinds[artifact.kind].fields.iter().find(|spec| spec.name == field);
    let found = spec.and_then(|spec| spec.find(&artifact.document.front_matter));
    found.map_or_else(Vec::new, |field| {
        field.value.texts().into_iter().map(|(text, _)| text).collect()
    })
}
