//! The one walk from a name to people: a document, a shift, a role, a person or a team, then a phone, a chat or an
//! address. Knows no day: everybody comes with the days on which the way leads to them, and rules ask for one.

mod walk;

use std::cell::RefCell;

use super::directory::{Cells, ESCALATION, Sheet, has_number, words};
use super::{Artifact, Days, Packs};
use crate::document::text::is_template;
use crate::kinds::Standing;
use crate::value::is_unknown;
use walk::Walk;

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
