//! Who is meant by a name: persons, teams and roles by the words that people write.

use super::{Fact, Holding, Pack, People, Person, Team};
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
        let word = Word::new(name);
        let role = self.roles.iter().position(|role| {
            [&role.id, &role.title].into_iter().chain(&role.synonyms).any(|known| word.is(known))
        });
        let person = || {
            let named = Named::new(name);
            self.persons.iter().position(|person| named.is(person))
        };
        let team = |team: &Team| word.is(&team.id) || word.is(&team.name);
        role.map(Who::Role)
            .or_else(|| person().map(Who::Person))
            .or_else(|| self.teams.iter().position(team).map(Who::Team))
    }
}

impl People {
    /// Writes a name as the registry has it; as it is when nobody has it.
    pub fn written(&self, name: &str) -> String {
        match self.who(name) {
            Some(Who::Role(at)) => self.roles[at].title.clone(),
            Some(Who::Person(at)) => self.persons[at].name.clone(),
            Some(Who::Team(at)) => self.teams[at].name.clone(),
            None => name.to_owned(),
        }
    }
}

/// Words that names are compared with.
struct Word(String);

impl Word {
    fn new(text: &str) -> Self {
        Self(normalise(text))
    }

    /// Tells whether a name has the same words; most differ in their first letter.
    fn is(&self, known: &str) -> bool {
        let first = known.trim_start().chars().next().unwrap_or_default();
        let differs = first.is_ascii_alphabetic()
            && self.0.chars().next().is_none_or(|own| own != first.to_ascii_lowercase());
        !differs && !self.0.is_empty() && normalise(known) == self.0
    }
}

/// A name as it may stand for a person: `@ada`, `Ada Byron`, `Ada Byron <ada@example.org>`.
struct Named<'n> {
    plain: &'n str,
    address: &'n str,
    word: Word,
    before_address: Option<Word>,
}

impl<'n> Named<'n> {
    fn new(name: &'n str) -> Self {
        let plain = name.trim().trim_start_matches('@');
        let cut = plain.rsplit_once('<');
        let address = cut.map_or(plain, |(_, rest)| rest.trim_end_matches('>'));
        let before_address = cut.map(|(before, _)| Word::new(before));
        Self { plain, address, word: Word::new(plain), before_address }
    }

    fn is(&self, person: &Person) -> bool {
        let mut addresses = person.git_emails.iter().chain(&person.mail);
        self.word.is(&person.id)
            || self.word.is(&person.name)
            || self.before_address.as_ref().is_some_and(|before| before.is(&person.name))
            || addresses.any(|known| known.eq_ignore_ascii_case(self.address))
            || person.chat.as_deref().is_some_and(|it| it.trim_start_matches('@') == self.plain)
    }
}

impl Person {
    /// Says why a person is not there on a day.
    pub fn absence(&self, day: &str) -> String {
        match (&self.days.from, &self.days.until) {
            (_, Some(until)) if self.days.are_over(day) => format!("left on {until}"),
            (Some(from), _) if self.days.begin_after(day) => format!("starts on {from}"),
            _ => "is there".to_owned(),
        }
    }
}

impl Pack {
    /// Returns what the pack says of itself under a name; nothing when it does not.
    pub fn fact(&self, name: &str) -> &[String] {
        self.stated(name).map(|fact| fact.values.as_slice()).unwrap_or_default()
    }

    /// Finds what the pack says of itself under a name.
    pub fn stated(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.name == name)
    }

    /// Returns the path of a file at the top of the pack.
    pub fn folder_file(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    /// Lists who holds a role on any day, in the order of `pack.toml`; role ids compare by their words.
    pub fn holdings(&self, role: &str) -> impl Iterator<Item = &Holding> {
        let word = Word::new(role);
        self.roles.iter().filter(move |holding| word.is(&holding.role))
    }

    /// Returns who holds a role on a day: of several, whoever is named last.
    pub fn holding(&self, role: &str, day: &str) -> Option<&Holding> {
        self.holdings(role).filter(|holding| holding.days.hold(day)).last()
    }
}
