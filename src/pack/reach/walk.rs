//! Each hop of the walk from a name to people.

use std::cell::RefCell;

use super::{Directory, Reach};
use crate::pack::Person;
use crate::pack::directory::{
    CONTACTS, Cells, ESCALATION, ROTA, Sheet, has_number, has_whole_number, parts,
};
use crate::pack::who::Who;

/// Somebody stands in for somebody who stands in, so many times.
const DEPUTIES: usize = 4;

/// A place on the way.
#[derive(Clone, Copy)]
pub(super) struct Walk<'d, 'a> {
    pub(super) directory: &'d Directory<'a>,
    /// The tables that are asked first: index in [`Directory::sheets`].
    pub(super) home: usize,
    /// The documents that were passed: each is walked through once.
    pub(super) passed: &'d RefCell<Vec<usize>>,
}

impl<'d, 'a> Walk<'d, 'a> {
    /// The tables with one of a name: those at hand, else the first that have it.
    fn sheet(self, table: &str) -> Option<&'d Sheet<'a>> {
        let sheets = &self.directory.sheets;
        let mut all = sheets.get(self.home).into_iter().chain(sheets);
        all.find(|sheet| sheet.table(table).is_some())
    }

    /// Walks on from a name; somebody whom nobody knows is a way that breaks off.
    pub(super) fn known(self, text: &str) -> Vec<Reach> {
        let ways = self.ways(text);
        if !ways.is_empty() {
            return ways;
        }
        vec![Reach::dead(format!("`{}` is nobody in people.toml", text.trim()))]
    }

    /// Walks on from a text that names one or several.
    pub(super) fn ways(self, text: &str) -> Vec<Reach> {
        let whole = self.one(text);
        if !whole.is_empty() {
            return whole;
        }
        parts(text).filter(|part| *part != text.trim()).flat_map(|part| self.one(part)).collect()
    }

    /// Walks on from a name: a number, an id, a shift, somebody of the registry or of the contacts.
    fn one(self, text: &str) -> Vec<Reach> {
        if has_whole_number(text) {
            let phone = Some(text.to_owned());
            return vec![Reach { name: text.to_owned(), phone, ..Reach::default() }];
        }
        if let Some(at) = self.document(text) {
            return self.through(at);
        }
        if let Some(column) = self.sheet(ROTA).and_then(|sheet| sheet.shift(text)) {
            return self.shifts(column);
        }
        self.registered(text)
    }

    fn document(self, id: &str) -> Option<usize> {
        let id = id.trim().trim_start_matches("[[").trim_end_matches("]]");
        let Directory { packs, pack, .. } = *self.directory;
        let names = packs.names.get(pack)?;
        let at = packs.of(pack).start + names.ids.get(&id.to_lowercase())?;
        packs.artifacts[at].has_id.then_some(at)
    }

    /// Walks on from a document: by its ladder, else by its owner.
    fn through(self, at: usize) -> Vec<Reach> {
        let artifact = &self.directory.packs.artifacts[at];
        let hop = |way: Reach| way.after(&artifact.id);
        if self.passed.borrow().contains(&at) {
            return vec![Reach::dead("the way leads in a circle")];
        }
        self.passed.borrow_mut().push(at);
        let home = self.directory.sheets.iter().position(|sheet| sheet.artifact == at);
        let mut ways = home.map(|home| Self { home, ..self }.ladder()).unwrap_or_default();
        if ways.is_empty() {
            ways = artifact.owner.iter().flat_map(|owner| self.known(owner)).collect();
        }
        if ways.is_empty() {
            ways.push(Reach::dead("nobody is named"));
        }
        ways.into_iter().map(hop).collect()
    }

    /// Walks down the ladder at hand; nothing when there is none.
    pub(super) fn ladder(self) -> Vec<Reach> {
        let step = |row: Cells<'_>| {
            let (who, how) = (row.text("who"), row.text("how"));
            if has_whole_number(how) {
                let (name, phone) = (who.to_owned(), Some(how.to_owned()));
                return vec![Reach { name, phone, ..Reach::default() }];
            }
            if who.is_empty() { Vec::new() } else { self.known(who) }
        };
        self.directory.sheets[self.home].rows(ESCALATION).flat_map(step).collect()
    }

    pub(super) fn shifts(self, column: &str) -> Vec<Reach> {
        let Some(sheet) = self.sheet(ROTA) else { return Vec::new() };
        let named = |name: &str| {
            let mut found = self.registered(name);
            if found.is_empty() {
                let why = format!("`{name}` is nobody in people.toml");
                found.push(Reach { name: name.to_owned(), ..Reach::dead(why) });
            }
            found
        };
        let row = |row: Cells<'_>| {
            let days = row.days();
            let found = parts(row.text(column)).flat_map(named);
            found.map(|way| Reach { days: days.clone(), ..way }).collect::<Vec<_>>()
        };
        sheet.rows(ROTA).flat_map(row).collect()
    }

    /// Finds a name in the registry, else in the contacts.
    fn registered(self, name: &str) -> Vec<Reach> {
        match self.directory.packs.people.who(name) {
            Some(who) => self.who(who, name),
            None => self.contact(name).into_iter().collect(),
        }
    }

    /// Finds a row of the contacts.
    fn contact(self, text: &str) -> Option<Reach> {
        let row = self.sheet(CONTACTS)?.contact(text)?;
        let phone = Some(row.text("phone")).filter(|phone| has_number(phone)).map(str::to_owned);
        let name = if row.text("name").is_empty() { text } else { row.text("name") };
        let other = ["chat", "mail"].iter().any(|column| !row.text(column).is_empty());
        let dead = phone.is_none() && !other;
        let dead = dead.then(|| format!("`{name}` has no phone, no chat and no address"));
        Some(Reach { name: name.to_owned(), phone, dead, ..Reach::default() })
    }

    /// Walks on from somebody of the registry; a number that it lacks may stand in the contacts.
    fn who(self, who: Who, text: &str) -> Vec<Reach> {
        let mut ways = match who {
            Who::Role(at) => self.role(at),
            Who::Person(at) => vec![self.person(at, DEPUTIES)],
            Who::Team(at) => vec![self.team(at)],
        };
        for way in ways.iter_mut().filter(|way| way.phone.is_none()) {
            let contact = self.contact(text).or_else(|| self.contact(&way.name));
            let Some(contact) = contact.filter(|contact| contact.phone.is_some()) else { continue };
            (way.phone, way.dead) = (contact.phone, None);
            if way.name.is_empty() {
                way.name = contact.name;
            }
        }
        ways
    }

    fn role(self, at: usize) -> Vec<Reach> {
        let Directory { packs, pack, .. } = *self.directory;
        let role = &packs.people.roles[at];
        let held = packs.packs[pack].holdings(&role.id).map(|holding| {
            let person = packs.people.person(&holding.person);
            let way = person.map(|person| self.person(person, DEPUTIES));
            let nobody = || format!("`{}` is nobody in people.toml", holding.person);
            let way = way.unwrap_or_else(|| Reach::dead(nobody()));
            Reach { days: holding.days.clone(), ..way }.after(&role.id)
        });
        let mut ways: Vec<Reach> = held.collect();
        if ways.is_empty() {
            ways.push(Reach::dead("nobody holds the role").after(&role.id));
        }
        ways
    }

    fn person(self, at: usize, left: usize) -> Reach {
        let people = &self.directory.packs.people;
        let person: &Person = &people.persons[at];
        let known = [&person.phone, &person.chat, &person.mail].iter().any(|one| one.is_some());
        let backup = person.backup.as_deref().filter(|_| left > 0);
        let backup = backup.and_then(|backup| people.person(backup));
        let team = person.team.as_deref().and_then(|team| people.team(team));
        let duty = team.and_then(|team| people.teams[team].duty_phone.as_ref());
        let duty = duty.map(|phone| Reach { phone: Some(phone.clone()), ..Reach::default() });
        Reach {
            name: person.name.clone(),
            phone: person.phone.clone(),
            person: Some(at),
            dead: (!known).then(|| "no phone, no chat and no address".to_owned()),
            instead: backup.map(|at| self.person(at, left - 1)).into_iter().chain(duty).collect(),
            ..Reach::default()
        }
    }

    fn team(self, at: usize) -> Reach {
        let people = &self.directory.packs.people;
        let team = &people.teams[at];
        let own = |person: &usize| {
            let name = people.persons[*person].team.as_deref();
            name.and_then(|name| people.team(name)) == Some(at)
        };
        let members = (0..people.persons.len()).filter(own).map(|person| self.person(person, 0));
        let none = team.duty_phone.is_none();
        Reach {
            name: team.name.clone(),
            phone: team.duty_phone.clone(),
            dead: none.then(|| "no duty phone and no member with a phone".to_owned()),
            instead: if none { members.collect() } else { Vec::new() },
            hops: if none { vec![team.name.clone()] } else { Vec::new() },
            ..Reach::default()
        }
    }
}
