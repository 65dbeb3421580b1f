//! Whom to call, one after the other, each with a number to tap: the ladder and the rota of a support model. Who has
//! the shift today follows from the clock, so all shifts stand here with their days and the browser marks the one.

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::operations::{texts, usable};
use super::unit::Unit;
use super::view::{Linked, day};
use crate::document::text::{dial, phone};
use crate::pack::directory::{Cells, Directory, LADDER, Meant, ROTA, Reach, Shift, has_number};
use crate::settings::Audience;

/// Whom to call, one after the other.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LadderView {
    source: DocumentLink,
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
    usable(unit, |kind| kind.table(LADDER).is_some()).find_map(|at| ladder_of(unit, at))
}

/// Reads the ladder of the document that another names as its escalation.
pub(super) fn ladder_for(unit: &Unit, at: usize) -> Option<LadderView> {
    let pack = unit.packs().artifacts[at].pack;
    let named = texts(unit, at, LADDER).into_iter();
    let mut known = named.filter_map(|id| unit.packs().with_id(pack, id));
    known.find_map(|other| ladder_of(unit, other))
}

fn ladder_of(unit: &Unit, at: usize) -> Option<LadderView> {
    let directory = Directory::new(unit.packs(), &unit.packs().artifacts[at]);
    directory.table(LADDER).or_else(|| directory.table(ROTA))?;
    let steps: Vec<StepView> =
        directory.rows(LADDER).map(|row| step(unit, &directory, &row)).collect();
    let mut duties = duties(unit, &directory);
    duties.retain(|duty| steps.iter().all(|step| step.shifts != duty.shifts));
    Some(LadderView { source: link(unit, at), duties, steps, people: people(&directory) })
}

/// Names those on the ladder, then those on the rota.
fn people(directory: &Directory<'_>) -> Vec<String> {
    let names = |meant: Meant| match meant {
        Meant::Persons(found) => found,
        Meant::Shifts(shifts) => shifts.into_iter().flat_map(|shift| shift.who).collect(),
    };
    let steps = directory.rows(LADDER).flat_map(|row| names(directory.meant(row.text("who"))));
    let rota = directory.table(ROTA).map_or(&[][..], |rota| &rota.spec.columns);
    let shifts =
        rota.iter().flat_map(|column| names(Meant::Shifts(directory.shifts(&column.name))));
    steps.chain(shifts).map(|reach| reach.name).collect()
}

fn step(unit: &Unit, directory: &Directory<'_>, row: &Cells<'_>) -> StepView {
    let (who, how) = (row.text("who"), row.text("how"));
    let internal = is_internal(unit);
    let dialled = has_number(who) || has_number(how);
    let meant = if dialled { Meant::Persons(Vec::new()) } else { directory.meant(who) };
    let (reach, shifts) = match meant {
        Meant::Persons(found) => (reaches(unit, found), Vec::new()),
        Meant::Shifts(shifts) => (Vec::new(), joined(unit, shifts)),
    };
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
fn duties(unit: &Unit, directory: &Directory<'_>) -> Vec<DutyView> {
    let Some(rota) = directory.table(ROTA) else { return Vec::new() };
    let columns = rota.spec.columns.iter().zip(&rota.columns);
    let named = columns.filter(|(column, _)| !matches!(column.name.as_str(), "from" | "to"));
    let duty = |(column, place): (&crate::kinds::ColumnSpec, &Option<usize>)| {
        Some(DutyView {
            title: rota.table.header.get((*place)?)?.text.clone(),
            shifts: joined(unit, directory.shifts(&column.name)),
        })
    };
    named.filter_map(duty).collect()
}

/// Makes one of shifts that follow each other with the same people.
fn joined(unit: &Unit, shifts: Vec<Shift>) -> Vec<ShiftView> {
    let mut all: Vec<Shift> = Vec::new();
    for shift in shifts {
        match all.last_mut() {
            Some(last) if last.who == shift.who => last.to = shift.to,
            _ => all.push(shift),
        }
    }
    let view = |shift: Shift| ShiftView {
        days: format!("{} to {}", day(&shift.from), day(&shift.to)),
        who: reaches(unit, shift.who),
        from: shift.from,
        to: shift.to,
    };
    all.into_iter().map(view).collect()
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
