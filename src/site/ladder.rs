//! Whom to call, one after the other, each with a number to tap: the ladder and the rota of a support model. Who has
//! the shift today follows from the clock, so all shifts stand here with their days and the browser marks the one.

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::hours::{HoursView, hours_of};
use super::operations::{texts, usable};
use super::unit::Unit;
use super::view::{Linked, day};
use crate::document::text::{dial, phone};
use crate::pack::Days;
use crate::pack::directory::{Cells, ESCALATION, ROTA, Sheet, has_number};
use crate::pack::reach::{Directory, Reach};
use crate::settings::Audience;

/// Whom to call, one after the other.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LadderView {
    source: DocumentLink,
    hours: Option<HoursView>,
    /// Where its days begin and end.
    zone: String,
    /// Who is called first: the columns of the rota that no step means.
    duties: Vec<DutyView>,
    steps: Vec<StepView>,
    /// Names of all whom it leads to.
    #[serde(skip)]
    pub(super) people: Vec<String>,
}

/// A step of the ladder; its texts in pieces, telephone numbers as links.
#[derive(Debug, Hash, Serialize)]
struct StepView {
    after: String,
    who: Vec<Linked>,
    how: Vec<Linked>,
    reach: Vec<ReachView>,
    shifts: Vec<ShiftView>,
    /// Whether nothing says which number to dial.
    silent: bool,
}

/// A column of the rota.
#[derive(Debug, Hash, Serialize)]
struct DutyView {
    title: String,
    shifts: Vec<ShiftView>,
}

/// Who is on call from one day to another.
#[derive(Debug, PartialEq, Hash, Serialize)]
struct ShiftView {
    from: String,
    to: String,
    /// `4 May 2026 to 10 May 2026`.
    days: String,
    who: Vec<ReachView>,
}

/// Somebody and the number that leads to them; no number on a public site.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
struct ReachView {
    name: String,
    phone: Option<Linked>,
    silent: bool,
}

/// Reads the first ladder of the pack.
pub(super) fn ladder(unit: &Unit) -> Option<LadderView> {
    usable(unit, |kind| kind.table(ESCALATION).is_some()).find_map(|at| ladder_of(unit, at))
}

/// Reads the ladder of the document that another names as its escalation.
pub(super) fn ladder_for(unit: &Unit, at: usize) -> Option<LadderView> {
    let pack = unit.packs().artifacts[at].pack;
    let named = texts(unit, at, ESCALATION).into_iter();
    let mut known = named.filter_map(|id| unit.packs().with_id(pack, id));
    known.find_map(|other| ladder_of(unit, other))
}

fn ladder_of(unit: &Unit, at: usize) -> Option<LadderView> {
    let directory = Directory::of(unit.packs(), at)?;
    let sheet = directory.sheet()?;
    sheet.table(ESCALATION).or_else(|| sheet.table(ROTA))?;
    let steps: Vec<StepView> =
        sheet.rows(ESCALATION).map(|row| step(unit, &directory, &row)).collect();
    let mut duties = duties(unit, &directory, sheet);
    duties.retain(|duty| steps.iter().all(|step| step.shifts != duty.shifts));
    Some(LadderView {
        source: link(unit, at),
        hours: hours_of(unit, at),
        zone: unit.facts().timezone.clone().unwrap_or_default(),
        duties,
        steps,
        people: people(&directory, sheet),
    })
}

/// Names those on the ladder, then those on the rota.
pub(super) fn people(directory: &Directory<'_>, sheet: &Sheet<'_>) -> Vec<String> {
    let steps = sheet.rows(ESCALATION).flat_map(|row| directory.ways(row.text("who")));
    let shifts = sheet.shifts().flat_map(|(column, _)| directory.shifts(&column.name));
    steps.chain(shifts).map(|reach| reach.name).collect()
}

fn step(unit: &Unit, directory: &Directory<'_>, row: &Cells<'_>) -> StepView {
    let (who, how) = (row.text("who"), row.text("how"));
    let internal = is_internal(unit);
    let dialled = has_number(who) || has_number(how);
    let mut ways = if dialled { Vec::new() } else { directory.ways(who) };
    ways.retain(|way| !way.name.is_empty());
    let (always, at_times): (Vec<Reach>, Vec<Reach>) =
        ways.into_iter().partition(|way| way.days.are_open());
    let (reach, shifts) = (reaches(unit, always), joined(unit, &at_times));
    StepView {
        after: row.text("when").to_owned(),
        who: pieces(who),
        how: if internal { pieces(how) } else { Vec::new() },
        silent: internal && !dialled && reach.is_empty() && shifts.is_empty(),
        reach,
        shifts,
    }
}

fn is_internal(unit: &Unit) -> bool {
    unit.edition.inputs.settings.audience == Audience::Internal
}

fn reaches(unit: &Unit, found: Vec<Reach>) -> Vec<ReachView> {
    let internal = is_internal(unit);
    let view = |reach: Reach| ReachView {
        silent: internal && reach.phone.is_none(),
        phone: reach
            .phone
            .filter(|_| internal)
            .map(|phone| Linked { href: dial(&phone), text: phone }),
        name: reach.name,
    };
    found.into_iter().map(view).collect()
}

/// Lists the columns of the rota with who has which days.
fn duties(unit: &Unit, directory: &Directory<'_>, sheet: &Sheet<'_>) -> Vec<DutyView> {
    let Some(rota) = sheet.table(ROTA) else { return Vec::new() };
    let duty = |(column, place): (&crate::kinds::ColumnSpec, usize)| {
        Some(DutyView {
            title: rota.table.header.get(place)?.text.clone(),
            shifts: joined(unit, &directory.shifts(&column.name)),
        })
    };
    sheet.shifts().filter_map(duty).collect()
}

/// Makes one of shifts that follow each other with the same people.
fn joined(unit: &Unit, ways: &[Reach]) -> Vec<ShiftView> {
    let mut all: Vec<(Days, Vec<Reach>)> = Vec::new();
    for group in ways.chunk_by(|one, other| one.days == other.days) {
        let days = &group[0].days;
        let who: Vec<Reach> = group.iter().map(Reach::always).collect();
        match all.last_mut() {
            Some((known, same)) if *same == who => known.until.clone_from(&days.until),
            _ => all.push((days.clone(), who)),
        }
    }
    let view = |(days, who): (Days, Vec<Reach>)| ShiftView {
        days: words(&days),
        who: reaches(unit, who),
        from: days.from.unwrap_or_default(),
        to: days.until.unwrap_or_else(|| ALWAYS.to_owned()),
    };
    all.into_iter().map(view).collect()
}

/// The last day of what has no end, for scripts that compare days.
const ALWAYS: &str = "9999-12-31";

/// Says days in words: `4 May 2026 to 10 May 2026`.
fn words(days: &Days) -> String {
    match (&days.from, &days.until) {
        (Some(from), Some(until)) => format!("{} to {}", day(from), day(until)),
        (Some(from), None) => format!("from {}", day(from)),
        (None, Some(until)) => format!("until {}", day(until)),
        (None, None) => String::new(),
    }
}

/// Cuts a text around its telephone numbers.
pub(super) fn pieces(text: &str) -> Vec<Linked> {
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
