//! The way from a document to somebody who can be reached: escalation, ladder or owner, then role, then person, then
//! a phone, a chat or an address. Every hop is kept, so that a way that breaks off can be shown.

use super::who::Who;
use super::{Artifact, Packs, Person};
use crate::document::Row;
use crate::document::text::{is_template, phone};
use crate::kinds::Recognised;
use crate::value::is_unknown;

/// The field that says whom to call.
pub const ESCALATION: &str = "escalation";
/// A way has at most this many hops.
const LONGEST: usize = 8;

/// A way that leads to nobody: its hops, and why it breaks off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What was passed, in order.
    pub hops: Vec<String>,
    /// What is missing at the end.
    pub why: String,
}

impl Broken {
    fn new(why: String) -> Self {
        Self { hops: Vec::new(), why }
    }

    /// Puts the hop in front that led here.
    fn after(mut self, hop: &str) -> Self {
        self.hops.insert(0, hop.to_owned());
        self
    }

    /// Shows the way: `SUP-1 → service-owner → nobody holds the role`.
    pub fn words(&self) -> String {
        let parts = self.hops.iter().map(String::as_str).chain([self.why.as_str()]);
        parts.collect::<Vec<_>>().join(" → ")
    }
}

/// Walks through the people of one pack as of a day.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// Everything that is known.
    pub packs: &'a Packs,
    /// Index of the pack whose roles count.
    pub pack: usize,
    /// `2026-05-05`.
    pub day: &'a str,
}

impl Walk<'_> {
    /// Walks from a document: by its escalation where it states one, else by the ladder of its pack, else by its owner.
    ///
    /// # Errors
    /// With the first way that was tried, when none leads to somebody who can be reached.
    pub fn from(&self, artifact: &Artifact) -> Result<(), Broken> {
        let kind = &self.packs.kinds[artifact.kind];
        let field = kind.field(ESCALATION).and_then(|spec| artifact.field(spec));
        let mut stated = field.map(|field| field.value.texts()).unwrap_or_default();
        stated.retain(|(text, _)| !is_template(text) && !is_unknown(text));
        if !stated.is_empty() {
            return first(stated.iter().map(|(text, _)| self.name(text, LONGEST)))
                .unwrap_or_else(|| Err(nobody()));
        }
        let own = self.packs.of(self.pack).map(|at| &*self.packs.artifacts[at]);
        let ladder = first(own.filter_map(|other| {
            let way = self.ladder(other, LONGEST)?;
            Some(way.map_err(|broken| broken.after(&other.id)))
        }));
        let owner = || artifact.owner.as_deref().map(|owner| self.name(owner, LONGEST));
        ladder.or_else(owner).unwrap_or_else(|| Err(nobody()))
    }

    /// Walks on from a name: a number, an id, somebody of the registry, or several of these.
    fn name(&self, text: &str, left: usize) -> Result<(), Broken> {
        if left == 0 {
            return Err(Broken::new("the way leads in a circle".to_owned()));
        }
        let has_number = text.match_indices('+').any(|(plus, _)| phone(text, plus).is_some());
        if has_number {
            return Ok(());
        }
        if let Some(artifact) = self.document(text) {
            let way = self.ladder(artifact, left - 1);
            let owner = || artifact.owner.as_deref().map(|owner| self.name(owner, left - 1));
            let way = way.or_else(owner).unwrap_or_else(|| Err(nobody()));
            return way.map_err(|broken| broken.after(&artifact.id));
        }
        match self.packs.people.who(text) {
            Some(who) => self.who(who, left - 1),
            None => self.several(text, left - 1),
        }
    }

    fn several(&self, text: &str, left: usize) -> Result<(), Broken> {
        let parts = text.split([',', ';', '/', '&', '→', '(', ')']);
        let parts = parts.flat_map(|part| part.split(" then ")).flat_map(|part| part.split(" or "));
        let parts: Vec<&str> =
            parts.map(str::trim).filter(|part| !part.is_empty() && *part != text.trim()).collect();
        let known = parts
            .iter()
            .filter(|part| self.packs.people.who(part).is_some() || self.document(part).is_some());
        first(known.map(|part| self.name(part, left))).unwrap_or_else(|| {
            Err(Broken::new(format!("`{}` is nobody in people.toml", text.trim())))
        })
    }

    fn document(&self, id: &str) -> Option<&Artifact> {
        let id = id.trim().trim_start_matches("[[").trim_end_matches("]]");
        let mut own = self.packs.of(self.pack).map(|at| &*self.packs.artifacts[at]);
        own.find(|artifact| artifact.has_id && artifact.id.eq_ignore_ascii_case(id))
    }

    fn who(&self, who: Who, left: usize) -> Result<(), Broken> {
        let people = &self.packs.people;
        match who {
            Who::Role(role) => {
                let role = &people.roles[role];
                let holder = self.packs.packs[self.pack].holder(&role.id);
                let holder = holder.and_then(|id| people.person(id)).map(|at| &people.persons[at]);
                let way = holder.map_or_else(
                    || Err(Broken::new("nobody holds the role".to_owned())),
                    |person| self.person(person, left),
                );
                way.map_err(|broken| broken.after(&role.id))
            }
            Who::Person(at) => self.person(&people.persons[at], left),
            Who::Team(at) => self.team(at, left),
        }
    }

    fn person(&self, person: &Person, left: usize) -> Result<(), Broken> {
        let why = if !person.is_active(self.day) {
            person.absence(self.day)
        } else if person.phone.is_some() || person.chat.is_some() || person.mail.is_some() {
            return Ok(());
        } else {
            "no phone, no chat and no address".to_owned()
        };
        let backup = person.backup.as_deref().filter(|_| left > 0);
        let backup = backup.and_then(|backup| self.packs.people.person(backup));
        let backup = backup.map(|at| self.person(&self.packs.people.persons[at], left - 1));
        let team = || person.team.as_deref().and_then(|team| self.packs.people.team(team));
        let team_phone = || self.packs.people.teams[team()?].duty_phone.as_deref();
        if backup.is_some_and(|way| way.is_ok()) || team_phone().is_some() {
            return Ok(());
        }
        Err(Broken::new(why).after(&person.name))
    }

    fn team(&self, at: usize, left: usize) -> Result<(), Broken> {
        let people = &self.packs.people;
        let team = &people.teams[at];
        let is_member = |person: &&Person| {
            let own = person.team.as_deref().and_then(|name| people.team(name));
            own == Some(at) && person.is_active(self.day)
        };
        let mut members = people.persons.iter().filter(is_member);
        let reached =
            team.duty_phone.is_some() || members.any(|person| self.person(person, left).is_ok());
        let why = || Broken::new("no duty phone and no member with a phone".to_owned());
        if reached { Ok(()) } else { Err(why().after(&team.name)) }
    }

    /// Walks down the ladder of a document; nothing when it has none.
    fn ladder(&self, artifact: &Artifact, left: usize) -> Option<Result<(), Broken>> {
        let kind = &self.packs.kinds[artifact.kind];
        kind.table(ESCALATION)?;
        let tables = kind.tables_of(&artifact.document);
        let ladders = tables.iter().filter(|table| table.spec.name == ESCALATION);
        let steps = ladders.flat_map(|table| {
            table.table.rows.iter().filter_map(move |row| self.step(table, row, left))
        });
        first(steps)
    }

    fn step(
        &self,
        table: &Recognised<'_, '_>,
        row: &Row,
        left: usize,
    ) -> Option<Result<(), Broken>> {
        let who = table.cell(row, "who").unwrap_or_default();
        let how = table.cell(row, "how").unwrap_or_default();
        let has_number = how.match_indices('+').any(|(plus, _)| phone(how, plus).is_some());
        if has_number {
            return Some(Ok(()));
        }
        (!who.trim().is_empty() && left > 0).then(|| self.name(who, left - 1))
    }
}

fn nobody() -> Broken {
    Broken::new("nobody is named".to_owned())
}

/// The first way that leads somewhere, else the first of all; nothing when there is none.
fn first(ways: impl Iterator<Item = Result<(), Broken>>) -> Option<Result<(), Broken>> {
    let mut broken = None;
    for way in ways {
        match way {
            Ok(()) => return Some(Ok(())),
            Err(why) => broken = broken.or(Some(why)),
        }
    }
    broken.map(Err)
}
