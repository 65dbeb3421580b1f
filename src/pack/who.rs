//! Who is meant by a name: persons, teams and roles by the words that people write.

use super::{Pack, People, Person, Team};
use crate::kinds::normalise;

/// Whom a name means; indices into [`People`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A role.
    Role(usize),
    /// A person.
    Person(usize),
    /// A team.
    Team(usize),
}

impl People {
    /// Finds whom a name means: a role, a person (by id, name, address or chat handle), then a team.
    pub fn who(&self, name: &str) -> Option<Who> {
        let role = self.roles.iter().position(|role| {
            [&role.id, &role.title].into_iter().chain(&role.synonyms).any(|word| same(word, name))
        });
        let person = || self.persons.iter().position(|person| person.is_called(name));
        let team = |team: &Team| same(&team.id, name) || same(&team.name, name);
        role.map(Who::Role)
            .or_else(|| person().map(Who::Person))
            .or_else(|| self.teams.iter().position(team).map(Who::Team))
    }
}

impl Person {
    fn is_called(&self, name: &str) -> bool {
        let plain = name.trim().trim_start_matches('@');
        let address = plain.rsplit_once('<').map_or(plain, |(_, rest)| rest.trim_end_matches('>'));
        let addresses = || self.git_emails.iter().chain(&self.mail);
        same(&self.id, plain)
            || same(&self.name, plain)
            || plain.rsplit_once('<').is_some_and(|(before, _)| same(&self.name, before))
            || addresses().any(|known| known.eq_ignore_ascii_case(address))
            || self.chat.as_deref().is_some_and(|chat| chat.trim_start_matches('@') == plain)
    }

    /// Tells whether the person is there on a day, `2026-05-05`.
    pub fn is_active(&self, day: &str) -> bool {
        let started = self.from.as_deref().is_none_or(|from| from <= day);
        started && self.until.as_deref().is_none_or(|until| day <= until)
    }

    /// Says why a person is not there on a day.
    pub fn absence(&self, day: &str) -> String {
        match (&self.from, &self.until) {
            (_, Some(until)) if until.as_str() < day => format!("left on {until}"),
            (Some(from), _) if day < from.as_str() => format!("starts on {from}"),
            _ => "is there".to_owned(),
        }
    }
}

impl Pack {
    /// Returns the path of a file at the top of the pack.
    pub fn folder_file(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    /// Returns who holds a role, as `pack.toml` writes it; role ids compare by their words.
    pub fn holder(&self, role: &str) -> Option<&str> {
        let held = self.roles.iter().find(|(name, _, _)| same(name, role));
        held.map(|(_, person, _)| person.as_str())
    }
}

fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && normalise(one) == normalise(other)
}
