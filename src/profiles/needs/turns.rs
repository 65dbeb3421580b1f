//! The days on which waiting alone may change what a need comes to. They may be more than do; whoever asks looks again
//! on each of them.

use super::{Judge, Need};
use crate::pack::directory::ROTA;
use crate::pack::{Artifact, Days};
use crate::value::{Length, date, day_after};

/// So many days ahead something is looked for that may come on any of them.
pub(in crate::profiles) const LOOKS: usize = 64;

/// The days after the last ones of approvals of the pack's documents.
pub(in crate::profiles) fn approvals(judge: &Judge<'_>) -> impl Iterator<Item = String> {
    let documents = judge.documents;
    let lines = judge.artifacts().filter_map(|(_, one)| documents.line(&one.path));
    let given = lines.flat_map(|line| documents.approvals(line));
    given.filter_map(|at| day_after(documents.log.approvals[*at].expires.as_deref()?))
}

/// Adds the days on which something begins and on which it is over.
pub(in crate::profiles) fn ends(turns: &mut Vec<String>, days: &Days) {
    turns.extend(days.from.clone());
    turns.extend(days.until.as_deref().and_then(day_after));
}

impl Need {
    /// Lists the days on which it may come to something else.
    pub(in crate::profiles) fn turns(&self, judge: &Judge<'_>) -> Vec<String> {
        let mut turns = Vec::new();
        for (field, length, _) in &self.time.max {
            self.of_age(judge, field, *length, &mut turns);
        }
        self.of_roles(judge, &mut turns);
        if self.choice.kind.is_some() {
            turns.extend(approvals(judge));
        }
        if self.observed.goes_by_day() {
            // Every day may be the first on which figures are too old, too few or no longer good enough.
            let days = std::iter::successors(day_after(judge.as_of), |day| day_after(day));
            turns.extend(days.take(LOOKS + 1));
        }
        let stated = judge.declared().attestations.iter();
        let stated = stated.filter(|one| self.stated.attest.as_ref() == Some(&one.id));
        turns.extend(stated.filter_map(|one| one.on.clone()));
        if self.people.reachable || self.findings.asks_the_pack() {
            of_duty(judge, &mut turns);
        }
        turns
    }

    /// Tells whether silence of rules is asked for, which time may end before anybody looks.
    pub(in crate::profiles) fn asks_for_silence(&self) -> bool {
        self.findings.asks_the_pack()
    }

    fn chosen<'a>(&self, judge: &Judge<'a>) -> impl Iterator<Item = &'a Artifact> {
        let name = self.choice.kind.clone();
        let packs = judge.packs;
        let own = judge.artifacts().map(|(_, artifact)| artifact);
        own.filter(move |artifact| name.as_ref() == Some(&packs.kinds[artifact.kind].name))
    }

    /// The day that a document speaks of, and the day after it is too old.
    fn of_age(&self, judge: &Judge<'_>, name: &str, length: Length, turns: &mut Vec<String>) {
        for artifact in self.chosen(judge) {
            let spec = judge.packs.kinds[artifact.kind].field(name);
            let field = spec.and_then(|spec| Some((spec, artifact.field(spec)?)));
            let day = field.and_then(|(spec, field)| spec.form.day(field.value.text()?));
            let last = day.as_deref().and_then(|day| length.after(day));
            turns.extend(last.as_deref().and_then(day_after));
            turns.extend(day);
        }
    }

    fn of_roles(&self, judge: &Judge<'_>, turns: &mut Vec<String>) {
        let people = &judge.packs.people;
        for role in self.people.roles.iter().chain(&self.people.deciders) {
            for holding in judge.declared().holdings(role) {
                ends(turns, &holding.days);
                let person = people.person(&holding.person).map(|at| &people.persons[at]);
                if let Some(person) = person {
                    ends(turns, &person.days);
                }
            }
        }
    }
}

/// Everybody comes and goes, and shifts end.
fn of_duty(judge: &Judge<'_>, turns: &mut Vec<String>) {
    let persons = judge.packs.people.persons.iter().map(|person| &person.days);
    let held = judge.declared().roles.iter().map(|holding| &holding.days);
    persons.chain(held).for_each(|days| ends(turns, days));
    turns.extend(judge.artifacts().filter_map(|(_, one)| last_day(judge, one)));
    let with_rota = |artifact: &&Artifact| judge.packs.kinds[artifact.kind].table(ROTA).is_some();
    for artifact in judge.artifacts().map(|(_, artifact)| artifact).filter(with_rota) {
        let rows = artifact.document.tables.iter().flat_map(|table| &table.rows);
        let days = rows.flat_map(|row| &row.cells).filter_map(|cell| date(&cell.text));
        turns.extend(days.flat_map(|day| [day_after(&day), Some(day)]).flatten());
    }
}

/// The day after a document that ends by itself.
fn last_day(judge: &Judge<'_>, artifact: &Artifact) -> Option<String> {
    let spec = judge.packs.kinds[artifact.kind].field("expires")?;
    day_after(&spec.form.day(artifact.field(spec)?.value.text()?)?)
}
