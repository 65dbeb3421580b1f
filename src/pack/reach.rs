//! The one walk from a name to people: a document, a shift, a role, a person or a team, then a phone, a chat or an
//! address. Knows no day: everybody comes with the days on which the way leads to them, and rules ask for one.

use std::cell::RefCell;

use super::directory::{
    CONTACTS, Cells, ESCALATION, ROTA, Sheet, has_number, has_whole_number, parts, words,
};
use super::who::Who;
use super::{Artifact, Days, Packs, Person};
use crate::document::text::is_template;
use crate::kinds::Standing;
use crate::value::is_unknown;

/// Somebody stands in for somebody who stands in, so many times.
const DEPUTIES: usize = 4;

/// Words of a step that promise a telephone without giving a number.
const BARE: [&str; 9] =
    ["phone", "telephone", "call", "calls", "mobile", "tel", "by", "sms", "landline"];

/// Somebody to whom a name leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// `Amara Nwosu`.
    pub name: String,
    /// As written; nothing when no number is written down.
    pub phone: Option<String>,
    /// When the way leads to them: a shift, or the time in which they hold a role.
    pub days: Days,
    /// What was passed, in order.
    hops: Vec<String>,
    /// Index of the person.
    person: Option<usize>,
    /// Why nobody is reached by it on any day.
    dead: Option<String>,
    /// Who stands in.
    instead: Vec<Reach>,
}

/// A way that leads to nobody: its hops, and why it breaks off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken {
    /// What was passed, in order.
    pub hops: Vec<String>,
    /// What is missing at the end.
    pub why: String,
}

impl Broken {
    /// Shows the way: `SUP-1 → service-owner → nobody holds the role`.
    pub fn words(&self) -> String {
        let parts = self.hops.iter().map(String::as_str).chain([self.why.as_str()]);
        parts.collect::<Vec<_>>().join(" → ")
    }
}

impl Reach {
    /// A way that ends at nobody.
    fn dead(why: impl Into<String>) -> Self {
        Self { dead: Some(why.into()), ..Self::default() }
    }

    /// Returns the same without its days.
    #[must_use]
    pub fn always(&self) -> Self {
        Self { days: Days::default(), ..self.clone() }
    }

    fn after(mut self, hop: &str) -> Self {
        self.hops.insert(0, hop.to_owned());
        self
    }
}

/// The people of one pack and the tables that name them.
pub struct Directory<'a> {
    packs: &'a Packs,
    pack: usize,
    /// Those of documents in force; the first is asked first.
    sheets: Vec<Sheet<'a>>,
}

impl<'a> Directory<'a> {
    /// Reads the tables of a pack.
    pub fn new(packs: &'a Packs, pack: usize) -> Self {
        let open = |at: &usize| packs.artifacts[*at].status.standing() != Standing::Closed;
        let sheets = packs.of(pack).filter(open).filter_map(|at| Sheet::new(packs, at));
        Self { packs, pack, sheets: sheets.collect() }
    }

    /// Reads the tables of a pack; those of one document are asked first. Nothing when it has none.
    pub fn of(packs: &'a Packs, at: usize) -> Option<Self> {
        let first = Sheet::new(packs, at)?;
        let mut directory = Self::new(packs, packs.artifacts[at].pack);
        directory.sheets.retain(|sheet| sheet.artifact != at);
        directory.sheets.insert(0, first);
        Some(directory)
    }

    /// Returns the tables that are asked first.
    pub fn sheet(&self) -> Option<&Sheet<'a>> {
        self.sheets.first()
    }

    /// Tells to whom a text leads: whoever has a shift, persons, or a row of the contacts. Empty when nobody is known by
    /// that name.
    pub fn ways(&self, text: &str) -> Vec<Reach> {
        Walk { directory: self, home: 0, passed: &RefCell::default() }.ways(text)
    }

    /// Tells to whom the rows of a column of the rota lead.
    pub fn shifts(&self, column: &str) -> Vec<Reach> {
        Walk { directory: self, home: 0, passed: &RefCell::default() }.shifts(column)
    }

    /// Walks from a document: by its escalation where it states one, else by the ladder of its pack, else by its owner.
    ///
    /// # Errors
    /// With the first way that was tried, when none leads to somebody who can be reached on a day.
    pub fn reach(&self, artifact: &Artifact, day: &str) -> Result<(), Broken> {
        let passed = RefCell::default();
        let walk = Walk { directory: self, home: 0, passed: &passed };
        let kind = &self.packs.kinds[artifact.kind];
        let field = kind.field(ESCALATION).and_then(|spec| artifact.field(spec));
        let mut stated = field.map(|field| field.value.texts()).unwrap_or_default();
        stated.retain(|(text, _)| !is_template(text) && !is_unknown(text));
        let mut ways: Vec<Reach> = stated.iter().flat_map(|(text, _)| walk.known(text)).collect();
        if stated.is_empty() {
            let own = self.packs.of(self.pack);
            let ladder = |(home, sheet): (usize, &Sheet<'_>)| {
                let id = &self.packs.artifacts[sheet.artifact].id;
                let ways = Walk { home, ..walk }.ladder().into_iter();
                ways.map(|way| way.after(id)).collect::<Vec<_>>()
            };
            let sheets = self.sheets.iter().enumerate();
            ways = sheets.filter(|(_, it)| own.contains(&it.artifact)).flat_map(ladder).collect();
        }
        if stated.is_empty() && ways.is_empty() {
            ways = artifact.owner.iter().flat_map(|owner| walk.known(owner)).collect();
        }
        self.first(&ways, day)
    }

    /// Takes the first way that leads somewhere on a day; of broken ones that of the day is told before others.
    fn first(&self, ways: &[Reach], day: &str) -> Result<(), Broken> {
        let on_duty = ways.iter().filter(|way| way.days.hold(day));
        let mut broken = None;
        for way in on_duty.chain(ways.iter().filter(|way| !way.days.hold(day))) {
            match self.on(way, day) {
                Ok(()) => return Ok(()),
                Err(why) => broken = broken.or(Some(why)),
            }
        }
        let nobody = || Broken { hops: Vec::new(), why: "nobody is named".to_owned() };
        Err(broken.unwrap_or_else(nobody))
    }

    /// Tells whether a way leads to somebody who can be reached on a day.
    fn on(&self, way: &Reach, day: &str) -> Result<(), Broken> {
        let person = way.person.map(|at| &self.packs.people.persons[at]);
        let mut hops = way.hops.clone();
        if !way.days.hold(day) {
            let why = match &way.days {
                Days { until: Some(until), .. } if way.days.are_over(day) => {
                    format!("{} only until {until}", way.name)
                }
                days => format!("{} only from {}", way.name, days.from.as_deref().unwrap_or(day)),
            };
            return Err(Broken { hops, why });
        }
        hops.extend(person.map(|person| person.name.clone()));
        let absent = person.filter(|person| !person.days.hold(day));
        let why = absent.map(|person| person.absence(day)).or_else(|| way.dead.clone());
        match why {
            Some(why) if way.instead.iter().all(|other| self.on(other, day).is_err()) => {
                Err(Broken { hops, why })
            }
            _ => Ok(()),
        }
    }

    /// Says which step of the ladder, or whose shift from a day on, promises a call and gives no number.
    pub fn silent(&self, day: &str) -> Option<String> {
        let sheet = self.sheet()?;
        let is_silent = |row: &Cells<'_>| self.is_silent(row.text("who"), row.text("how"), day);
        if let Some(step) = sheet.rows(ESCALATION).find(is_silent) {
            return Some(step.text("who").to_owned());
        }
        let mut shifts = sheet.shifts().flat_map(|(column, _)| self.shifts(&column.name));
        let lacking = shifts.find(|one| one.phone.is_none() && !one.days.are_over(day));
        lacking.map(|one| one.name)
    }

    fn is_silent(&self, who: &str, how: &str, day: &str) -> bool {
        let bare = words(how).iter().all(|word| BARE.contains(&word.as_str()));
        if !bare || who.is_empty() || has_number(who) {
            return false;
        }
        let mut ways = self.ways(who);
        ways.retain(|way| !way.days.are_over(day));
        let mut groups = ways.chunk_by(|one, other| one.days == other.days);
        ways.is_empty() || groups.any(|group| group.iter().all(|way| way.phone.is_none()))
    }
}

/// A place on the way.
#[derive(Clone, Copy)]
struct Walk<'d, 'a> {
    directory: &'d Directory<'a>,
    /// The tables that are asked first: index in [`Directory::sheets`].
    home: usize,
    /// The documents that were passed: each is walked through once.
    passed: &'d RefCell<Vec<usize>>,
}

impl<'d, 'a> Walk<'d, 'a> {
    /// The tables with one of a name: those at hand, else the first that have it.
    fn sheet(self, table: &str) -> Option<&'d Sheet<'a>> {
        let sheets = &self.directory.sheets;
        let mut all = sheets.get(self.home).into_iter().chain(sheets);
        all.find(|sheet| sheet.table(table).is_some())
    }

    /// Walks on from a name; somebody whom nobody knows is a way that breaks off.
    fn known(self, text: &str) -> Vec<Reach> {
        let ways = self.ways(text);
        if !ways.is_empty() {
            return ways;
        }
        vec![Reach::dead(format!("`{}` is nobody in people.toml", text.trim()))]
    }

    /// Walks on from a text that names one or several.
    fn ways(self, text: &str) -> Vec<Reach> {
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
    fn ladder(self) -> Vec<Reach> {
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

    fn shifts(self, column: &str) -> Vec<Reach> {
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
