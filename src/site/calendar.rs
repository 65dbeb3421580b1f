//! The calendar of a pack: when changes may be made, and what its documents say happens when. Which day is today follows from
//! the clock, so the browser tells what comes next.

use jiff::civil::Date;
use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::hours::{Opening, opening};
use super::operations::{texts, usable};
use super::standing;
use super::unit::Unit;
use super::view::day;
use crate::ics::{self, Entry, Time};
use crate::pack::Packs;
use crate::pack::events::{Event, When, events};
use crate::value::Moment;

/// The fields that say when changes may be made, and when not.
const WINDOW: &str = "change_window";
const FREEZE: &str = "change_freeze";

/// The page.
#[derive(Debug, Hash, Serialize)]
pub(super) struct CalendarView {
    windows: Vec<WindowView>,
    months: Vec<MonthView>,
}

/// What one document says of changes.
#[derive(Debug, Hash, Serialize)]
struct WindowView {
    document: DocumentLink,
    window: Option<Opening>,
    /// When none may be made, as written; empty when nothing is said.
    freeze: String,
}

#[derive(Debug, Hash, Serialize)]
struct MonthView {
    /// `May 2026`.
    title: String,
    /// `2026-05`.
    anchor: String,
    events: Vec<EventView>,
}

#[derive(Debug, Hash, Serialize)]
struct EventView {
    /// The first day and the last one, as machines read them.
    days: [String; 2],
    /// `Tue 5 May 2026, 09:00 to 10:00 UTC+01:00`.
    when: String,
    says: String,
    row: String,
    document: DocumentLink,
    /// The ids of changes that are planned for the same time.
    clashes: String,
}

/// Tells whether a pack has anything to show.
pub(super) fn are_there(packs: &Packs, pack: usize) -> bool {
    !events(packs, pack).is_empty()
}

pub(super) fn view(unit: &Unit) -> CalendarView {
    let all = events(unit.packs(), unit.pack);
    let timed: Vec<Timed<'_>> = all.iter().filter_map(Timed::of).collect();
    let mut months: Vec<MonthView> = Vec::new();
    for event in &all {
        let anchor = event.from.day.strftime("%Y-%m").to_string();
        let view = of_event(unit, &timed, event);
        if let Some(month) = months.last_mut().filter(|month| month.anchor == anchor) {
            month.events.push(view);
        } else {
            let title = event.from.day.strftime("%B %Y").to_string();
            months.push(MonthView { title, anchor, events: vec![view] });
        }
    }
    CalendarView { windows: windows(unit), months }
}

fn windows(unit: &Unit) -> Vec<WindowView> {
    let says = |kind: &crate::kinds::Kind| kind.fields.iter().any(|field| field.name == WINDOW);
    let view = |at: usize| WindowView {
        document: link(unit, at),
        window: opening(unit, &texts(unit, at, WINDOW).join(", ")),
        freeze: texts(unit, at, FREEZE).join(", "),
    };
    let all = usable(unit, says).map(view);
    all.filter(|one| one.window.is_some() || !one.freeze.is_empty()).collect()
}

fn of_event(unit: &Unit, timed: &[Timed<'_>], event: &Event) -> EventView {
    let last = event.until.as_ref().map_or(event.from.day, |until| until.day);
    EventView {
        days: [event.from.day.to_string(), last.to_string()],
        when: words(event),
        says: event.says.clone(),
        row: event.row.clone(),
        document: link(unit, event.artifact),
        clashes: clashes(unit, timed, event),
    }
}

/// An event with the seconds between which it is, where both are known.
struct Timed<'e> {
    event: &'e Event,
    from: i64,
    until: i64,
}

impl<'e> Timed<'e> {
    fn of(event: &'e Event) -> Option<Self> {
        let seconds = |when: &When| instant(when.time.as_ref()?);
        Some(Self { event, from: seconds(&event.from)?, until: seconds(event.until.as_ref()?)? })
    }
}

/// Names what is planned for the same time by documents of the same kind.
fn clashes(unit: &Unit, timed: &[Timed<'_>], event: &Event) -> String {
    let artifacts = &unit.packs().artifacts;
    let Some(own) = Timed::of(event) else { return String::new() };
    let meets = |other: &&Timed<'_>| {
        other.event.artifact != event.artifact
            && other.event.says == event.says
            && artifacts[other.event.artifact].kind == artifacts[event.artifact].kind
            && other.from < own.until
            && own.from < other.until
    };
    let others = timed.iter().filter(meets).map(|one| artifacts[one.event.artifact].id.as_str());
    others.collect::<Vec<_>>().join(", ")
}

/// Seconds since 1970 UTC; nothing for a time of which nobody says in which zone it is.
fn instant(moment: &Moment) -> Option<i64> {
    let zone = match moment.zone.as_deref()? {
        "UTC" => "Z",
        zone => zone.strip_prefix("UTC")?,
    };
    let text = format!("{}T{}:00{zone}", moment.day, moment.time);
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

fn words(event: &Event) -> String {
    let zone = |when: &When| when.time.as_ref().and_then(|it| it.zone.clone()).unwrap_or_default();
    let (own, until) = (zone(&event.from), event.until.as_ref());
    let spaced = |zone: &str| if zone.is_empty() { String::new() } else { format!(" {zone}") };
    let from = time(&event.from);
    let Some(until) = until.filter(|until| **until != event.from) else {
        return format!("{}{from}{}", named(event.from.day), spaced(&own));
    };
    let same = zone(until) == own;
    let first = if same { String::new() } else { spaced(&own) };
    let last = spaced(&zone(until));
    let clock = |when: &When| when.time.as_ref().map(|it| it.time.clone());
    match clock(until).filter(|_| until.day == event.from.day && !from.is_empty()) {
        Some(end) => format!("{}{from}{first} to {end}{last}", named(event.from.day)),
        None if until.day == event.from.day => format!("{}{from}{first}", named(until.day)),
        None => format!(
            "{}{from}{first} to {}{}{last}",
            named(event.from.day),
            named(until.day),
            time(until)
        ),
    }
}

fn time(when: &When) -> String {
    when.time.as_ref().map_or_else(String::new, |it| format!(", {}", it.time))
}

/// `Tue 5 May 2026`.
fn named(date: Date) -> String {
    format!("{} {}", date.strftime("%a"), day(&date.to_string()))
}

/// Writes the same for calendars of other programs.
pub(super) fn ics(unit: &Unit) -> String {
    let all = events(unit.packs(), unit.pack);
    let entries: Vec<Entry> = all.iter().map(|event| entry(unit, event)).collect();
    ics::calendar(&unit.facts().title, &entries)
}

fn entry(unit: &Unit, event: &Event) -> Entry {
    let artifact = &unit.packs().artifacts[event.artifact];
    let facts = unit.facts();
    let name = [facts.id.as_str(), &artifact.id, &event.row, &event.says].join("\n");
    let last = standing::last(&unit.edition, event.artifact);
    let row = if event.row.is_empty() { String::new() } else { format!(" {}", event.row) };
    let base = unit.latest();
    Entry {
        uid: format!("{}@readymark", &blake3::hash(name.as_bytes()).to_hex()[..24]),
        stamp: last.map_or(0, |change| change.landing.time),
        from: moment(&event.from),
        until: event.until.as_ref().map(moment).filter(|_| is_alike(event)),
        summary: format!("{} {}{row}: {}", artifact.id, artifact.title, event.says),
        url: base.map_or_else(String::new, |base| {
            format!("{base}{}", unit.artifact_route(event.artifact))
        }),
    }
}

/// Tells whether both ends are days, or both times of the same sort, and the end is not the first.
fn is_alike(event: &Event) -> bool {
    let Some(until) = &event.until else { return false };
    match (moment(&event.from), moment(until)) {
        (Time::Day(from), Time::Day(until)) => from <= until,
        (Time::At(from), Time::At(until)) => from < until,
        (Time::Local(from), Time::Local(until)) => from < until,
        _ => false,
    }
}

fn moment(when: &When) -> Time {
    let Some(moment) = &when.time else { return Time::Day(when.day) };
    let clock = || format!("{}T{}00", when.day.strftime("%Y%m%d"), moment.time.replace(':', ""));
    instant(moment).map_or_else(|| Time::Local(clock()), Time::At)
}
