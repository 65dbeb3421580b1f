//! When somebody answers, and who does outside these hours. Whether it is so now follows from the clock, so the minutes
//! of the week stand in the page and the browser tells.

use serde::Serialize;

use super::ladder::pieces;
use super::operations::{texts, usable};
use super::unit::Unit;
use super::view::Linked;
use crate::value;

/// When something is open in each week.
#[derive(Debug, Hash, Serialize)]
pub(super) struct Opening {
    /// As written, with the time zone of the pack where none is.
    text: String,
    /// `Europe/Dublin`; empty when nobody says.
    zone: String,
    /// As in [`HoursView`].
    spans: String,
    closes: bool,
}

/// The hours of support that one document promises.
#[derive(Debug, Hash, Serialize)]
pub(super) struct HoursView {
    /// As written, with the time zone of the pack where none is.
    text: String,
    /// `Europe/Dublin`; empty when nobody says.
    zone: String,
    /// `420-1260 1860-2700`: from which minute of the week to which; empty when that is not known, or always.
    spans: String,
    /// Whether there are hours in which support is closed.
    closes: bool,
    /// Who answers then, telephone numbers as links.
    outside: Vec<Linked>,
}

/// Reads the hours of all documents in force that promise some.
pub(super) fn hours(unit: &Unit) -> Vec<HoursView> {
    let known = |kind: &crate::kinds::Kind| kind.fields.iter().any(|field| field.name == HOURS);
    usable(unit, known).filter_map(|at| hours_of(unit, at)).collect()
}

const HOURS: &str = "support_hours";
const OUTSIDE: &str = "out_of_hours";

/// Reads the hours of one document.
pub(super) fn hours_of(unit: &Unit, at: usize) -> Option<HoursView> {
    let Opening { text, zone, spans, closes } = opening(unit, &texts(unit, at, HOURS).join(", "))?;
    let outside = pieces(&texts(unit, at, OUTSIDE).join(", "));
    Some(HoursView { text, zone, spans, closes, outside })
}

/// Reads when something is open; nothing when nothing is said.
pub(super) fn opening(unit: &Unit, text: &str) -> Option<Opening> {
    let read = value::hours(text);
    let own = read.as_ref().and_then(|hours| hours.zone.clone());
    let zone = own.clone().or_else(|| unit.facts().timezone.clone()).unwrap_or_default();
    let closing = read.filter(|hours| !hours.is_always());
    let is_implied = closing.is_some() && own.is_none() && !zone.is_empty();
    let known = closing.as_ref().filter(|_| !zone.is_empty());
    (!text.is_empty()).then(|| Opening {
        text: if is_implied { format!("{text} {zone}") } else { text.to_owned() },
        spans: known.map_or_else(String::new, |hours| spans(&hours.spans)),
        closes: closing.is_some(),
        zone,
    })
}

fn spans(all: &[(u16, u16)]) -> String {
    all.iter().map(|(from, to)| format!("{from}-{to}")).collect::<Vec<_>>().join(" ")
}
