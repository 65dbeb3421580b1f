//! Who is meant in a support model's tables and which telephone number leads to them: by the rota, the registry and
//! the table of contacts. Says nothing where nothing is written down.

use super::{Artifact, Pack, Packs};
use crate::document::Row;
use crate::document::text::phone;
use crate::kinds::{Recognised, TableSpec, normalise};
use crate::pack::who::Who;

/// The table of steps, of shifts and of contacts, as kinds name them.
pub const LADDER: &str = "escalation";
/// See [`LADDER`].
pub const ROTA: &str = "rota";
const CONTACTS: &str = "contacts";

/// Words of a step that promise a telephone without giving a number.
const BARE: [&str; 9] =
    ["phone", "telephone", "call", "calls", "mobile", "tel", "by", "sms", "landline"];

/// Somebody, and the number that leads to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// `Amara Nwosu`.
    pub name: String,
    /// As written; nothing when no number is written down.
    pub phone: Option<String>,
}

/// Who is on call from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The first day, as written.
    pub from: String,
    /// The last day, as written.
    pub to: String,
    /// Who, and how to call them.
    pub who: Vec<Reach>,
}

/// Whom a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// Whoever has the shift.
    Shifts(Vec<Shift>),
    /// These; empty when nobody is known by that name.
    Persons(Vec<Reach>),
}

/// A row of a table by the names of its columns.
pub struct Cells<'a> {
    spec: &'a TableSpec,
    columns: &'a [Option<usize>],
    row: &'a Row,
}

impl<'a> Cells<'a> {
    /// Returns the text of a column; empty when the table has none of that name.
    pub fn text(&self, name: &str) -> &'a str {
        let column = self.spec.column(name).and_then(|at| *self.columns.get(at)?);
        column.and_then(|at| self.row.cells.get(at)).map_or("", |cell| cell.text.trim())
    }
}

/// The tables of one document.
pub struct Directory<'a> {
    packs: &'a Packs,
    pack: &'a Pack,
    tables: Vec<Recognised<'a, 'a>>,
}

impl<'a> Directory<'a> {
    /// Reads the tables of a document.
    pub fn new(packs: &'a Packs, artifact: &'a Artifact) -> Self {
        let kind = &packs.kinds[artifact.kind];
        let tables = kind.tables_of(&artifact.document);
        Self { packs, pack: &packs.packs[artifact.pack], tables }
    }

    /// Finds the first table of a name.
    pub fn table(&self, name: &str) -> Option<&Recognised<'a, 'a>> {
        self.tables.iter().find(|table| table.spec.name == name)
    }

    /// Lists the rows of the first table of a name.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = Cells<'_>> {
        self.table(name).into_iter().flat_map(|table| {
            let cells = |row| Cells { spec: table.spec, columns: &table.columns, row };
            table.table.rows.iter().map(cells)
        })
    }

    /// Tells whom a text means: whoever has a shift, persons, or a row of the contacts.
    pub fn meant(&self, text: &str) -> Meant {
        if let Some(column) = self.shift(text) {
            return Meant::Shifts(self.shifts(column));
        }
        let known: Vec<Reach> = parts(text).filter_map(|part| self.known(part)).collect();
        Meant::Persons(if known.is_empty() {
            self.contact(text).into_iter().collect()
        } else {
            known
        })
    }

    /// Finds the column of the rota that a text names: `second on call`.
    fn shift(&self, text: &str) -> Option<&'a str> {
        let (table, text) = (self.table(ROTA)?, normalise(text));
        let columns = table.spec.columns.iter().zip(&table.columns);
        let named = columns.filter(|(column, place)| place.is_some() && !is_day(&column.name));
        named.map(|(column, _)| column).find_map(|column| {
            let mut words = std::iter::once(&column.name).chain(&column.synonyms);
            words.any(|word| *word == text).then_some(column.name.as_str())
        })
    }

    /// Lists who has a shift, in the order of the rota.
    pub fn shifts(&self, column: &str) -> Vec<Shift> {
        let shift = |row: Cells<'_>| Shift {
            from: row.text("from").to_owned(),
            to: row.text("to").to_owned(),
            who: parts(row.text(column)).map(|part| self.named(part)).collect(),
        };
        self.rows(ROTA).map(shift).collect()
    }

    /// Finds somebody by name; a name that nobody knows stays as it is, without a number.
    pub fn named(&self, name: &str) -> Reach {
        let known = self.known(name);
        let lacks = known.as_ref().is_none_or(|reach| reach.phone.is_none());
        let contact = if lacks { self.contact(name) } else { None };
        contact.or(known).unwrap_or_else(|| Reach { name: name.to_owned(), phone: None })
    }

    /// Finds a person, the holder of a role, or a team in the registry.
    fn known(&self, name: &str) -> Option<Reach> {
        let people = &self.packs.people;
        let person = |at: usize| Reach {
            name: people.persons[at].name.clone(),
            phone: people.persons[at].phone.clone(),
        };
        Some(match people.who(name)? {
            Who::Person(at) => person(at),
            Who::Role(at) => person(people.person(self.pack.holder(&people.roles[at].id)?)?),
            Who::Team(at) => {
                let team = &people.teams[at];
                Reach { name: team.name.clone(), phone: team.duty_phone.clone() }
            }
        })
    }

    /// Finds a row of the contacts by its name, or by the words of its role in any order.
    fn contact(&self, text: &str) -> Option<Reach> {
        let wanted = words(text);
        let is_meant = |row: &Cells<'_>| {
            normalise(row.text("name")) == normalise(text) || words(row.text("role")) == wanted
        };
        let row = self.rows(CONTACTS).find(|row| !wanted.is_empty() && is_meant(row))?;
        let phone = Some(row.text("phone")).filter(|phone| has_number(phone)).map(str::to_owned);
        let name = if row.text("name").is_empty() { text } else { row.text("name") };
        Some(Reach { name: name.to_owned(), phone })
    }

    /// Says which step of the ladder, or whose shift from a day on, promises a call and gives no number.
    pub fn silent(&self, day: &str) -> Option<String> {
        let step =
            self.rows(LADDER).find(|row| self.is_silent(row.text("who"), row.text("how"), day));
        if let Some(step) = step {
            return Some(step.text("who").to_owned());
        }
        let columns = self.table(ROTA)?.spec.columns.iter();
        let shifts = columns.filter(|column| !is_day(&column.name));
        let mut shifts = shifts.flat_map(|column| self.shifts(&column.name));
        shifts.find_map(|shift| {
            let lacking = shift.who.into_iter().find(|reach| reach.phone.is_none())?;
            (shift.to.as_str() >= day).then_some(lacking.name)
        })
    }

    fn is_silent(&self, who: &str, how: &str, day: &str) -> bool {
        let bare = words(how).iter().all(|word| BARE.contains(&word.as_str()));
        if !bare || who.is_empty() || has_number(who) {
            return false;
        }
        match self.meant(who) {
            Meant::Persons(found) => found.iter().all(|reach| reach.phone.is_none()),
            Meant::Shifts(shifts) => {
                let mut coming = shifts.iter().filter(|shift| shift.to.as_str() >= day).peekable();
                coming.peek().is_none()
                    || coming.any(|shift| shift.who.iter().all(|reach| reach.phone.is_none()))
            }
        }
    }
}

fn is_day(column: &str) -> bool {
    matches!(column, "from" | "to")
}

/// Cuts a text where it names several.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let signs = text.split([',', ';', '/', '(', ')', '&']);
    let parts = signs.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// Lists the words of a text in order of the alphabet.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// Tells whether a text holds a number that can be dialled, a short local one included.
pub fn has_number(text: &str) -> bool {
    let dialled = text.match_indices('+').any(|(plus, _)| phone(text, plus).is_some());
    dialled || text.chars().filter(char::is_ascii_digit).count() >= 3
}
