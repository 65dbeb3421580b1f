//! Who is meant: a name, an id, a role or an address, as authors write them, led back to the people of the registry.

use serde::Serialize;

use super::address::encode;
use super::view::day;
use crate::history::Authorship;
use crate::pack::who::Who as Party;
use crate::pack::{Days, Holding, Packs, Person, Role};

/// A person, role or team in words, and the person to turn to.
#[derive(Debug, Clone, Default, Hash, Serialize)]
pub(super) struct Who {
    /// `Priya Raman`, `Service owner`.
    pub(super) name: String,
    /// The role that the person was named by, when it was one.
    pub(super) role: String,
    /// Place on the people page: `whom-to-call.html#person-priya`; empty when not in the registry.
    pub(super) href: String,
    /// Whether a role is named that nobody holds.
    pub(super) vacant: bool,
}

/// The people of one pack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registry<'a> {
    packs: &'a Packs,
    pack: usize,
    page: &'a str,
}

impl<'a> Registry<'a> {
    /// Takes the pack whose roles count and the route of its people page.
    pub(super) fn new(packs: &'a Packs, pack: usize, page: &'a str) -> Self {
        Self { packs, pack, page }
    }

    /// Tells who an author means.
    pub(super) fn who(&self, text: &str) -> Who {
        let people = &self.packs.people;
        match people.who(text) {
            Some(Party::Role(role)) => self.holders(&people.roles[role]),
            Some(Party::Person(at)) => self.named(&people.persons[at], ""),
            Some(Party::Team(at)) => Who { name: people.teams[at].name.clone(), ..Who::default() },
            None => Who { name: text.to_owned(), ..Who::default() },
        }
    }

    /// Tells who holds a role: all of them with their days when there are several, since a page knows no day.
    fn holders(&self, role: &Role) -> Who {
        let pack = self.packs.packs.get(self.pack);
        let held: Vec<&Holding> = pack.iter().flat_map(|pack| pack.holdings(&role.id)).collect();
        let Some(last) = held.last() else {
            return Who { name: role.title.clone(), vacant: true, ..Who::default() };
        };
        let person = self.packs.people.person(&last.person);
        let known = person.map(|at| self.named(&self.packs.people.persons[at], &role.title));
        let names: Vec<String> = held.iter().map(|one| self.held(one, held.len() > 1)).collect();
        let role = role.title.clone();
        Who { name: names.join(", "), ..known.unwrap_or(Who { role, ..Who::default() }) }
    }

    fn held(&self, holding: &Holding, with_start: bool) -> String {
        let people = &self.packs.people;
        let person = people.person(&holding.person).map(|at| people.persons[at].name.as_str());
        let team = || people.team(&holding.person).map(|at| people.teams[at].name.as_str());
        let name = person.or_else(team).unwrap_or(&holding.person);
        format!("{name}{}", term(&holding.days, with_start))
    }

    /// Tells who made a commit: the registry's name when it knows the address, the committed name otherwise.
    pub(super) fn author(&self, author: &Authorship) -> Who {
        let is_theirs = |address: &String| same_address(address, &author.email);
        let known = self
            .packs
            .people
            .persons
            .iter()
            .find(|person| person.mail.iter().chain(&person.git_emails).any(is_theirs));
        known.map_or_else(
            || {
                let name = Some(&author.name).filter(|name| !name.is_empty());
                let name = name.map_or_else(|| "somebody".to_owned(), String::clone);
                Who { name, ..Who::default() }
            },
            |person| self.named(person, ""),
        )
    }

    /// Finds who runs the pack: its service owner, whoever operates it after the handoff, or else its owner.
    pub(super) fn runs(&self) -> Option<Who> {
        let pack = self.packs.packs.get(self.pack)?;
        let operates = || {
            pack.home
                .operational_owner
                .as_ref()
                .map(|(person, _)| (person.as_str(), "Operational owner"))
        };
        let owns = || pack.owner.as_ref().map(|(owner, _)| (owner.as_str(), "Owner"));
        if let Some(holder) = self.holder("service-owner", "Service owner") {
            return Some(holder);
        }
        let (text, role) = operates().or_else(owns)?;
        let who = self.who(text);
        let role = if who.role.is_empty() { role.to_owned() } else { who.role.clone() };
        Some(Who { role, ..who })
    }

    /// Finds who says whether something may be changed: whoever authorises changes, or else runs the pack.
    pub(super) fn authorises(&self) -> Option<Who> {
        self.holder("change-authority", "Change authority").or_else(|| self.runs())
    }

    /// Finds who holds a role that the registry may not describe.
    fn holder(&self, id: &str, title: &str) -> Option<Who> {
        self.packs.packs.get(self.pack)?.holdings(id).next()?;
        let known = self.packs.people.who(id);
        let described = known.and_then(|who| match who {
            Party::Role(at) => Some(&self.packs.people.roles[at]),
            _ => None,
        });
        let bare = || Role { id: id.to_owned(), title: title.to_owned(), ..Role::default() };
        Some(described.map_or_else(|| self.holders(&bare()), |role| self.holders(role)))
    }

    /// Shows a person and the role they were named by.
    pub(super) fn named(&self, person: &Person, role: &str) -> Who {
        let name = if person.name.is_empty() { &person.id } else { &person.name };
        let href = if self.page.is_empty() {
            String::new()
        } else {
            format!("{}#{}", self.page, anchor(person))
        };
        Who { name: name.clone(), role: role.to_owned(), href, vacant: false }
    }
}

/// Returns the place of a person on the people page, encoded for a link.
pub(super) fn anchor(person: &Person) -> String {
    format!("person-{}", encode(&person.id))
}

/// Compares addresses without case.
fn same_address(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || !one.is_ascii() && one.to_lowercase() == other.to_lowercase()
}

/// Says from when to when somebody holds a role: ` until 31 May 2026`.
pub(super) fn term(days: &Days, with_start: bool) -> String {
    let from = days.from.as_deref().filter(|_| with_start);
    let from = from.map(|from| format!(" from {}", day(from)));
    let until = days.until.as_deref().map(|until| format!(" until {}", day(until)));
    from.into_iter().chain(until).collect()
}
