//! Who is meant: a name, an id, a role or an address, as authors write them, led back to the people of the registry.

use serde::Serialize;

use super::address::encode;
use crate::history::Authorship;
use crate::pack::{Packs, Person};

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
        if let Some(person) = self.person(text) {
            return self.named(person, "");
        }
        if let Some((role, title)) = self.role(text) {
            return self.holder(role).map_or_else(
                || Who { name: title.to_owned(), vacant: true, ..Who::default() },
                |person| self.named(person, title),
            );
        }
        let name = self.team(text).unwrap_or(text).to_owned();
        Who { name, ..Who::default() }
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
            || Who { name: author.name.clone(), ..Who::default() },
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
        let holder = pack.holder("service-owner").map(|person| (person, "Service owner"));
        let (text, role) = holder.or_else(operates).or_else(owns)?;
        let who = self.who(text);
        let role = if who.role.is_empty() { role.to_owned() } else { who.role.clone() };
        Some(Who { role, ..who })
    }

    /// Finds who says whether something may be changed: whoever authorises changes, or else runs the pack.
    pub(super) fn authorises(&self) -> Option<Who> {
        let holder = self.packs.packs.get(self.pack)?.holder("change-authority");
        holder.map(|_| self.who("change-authority")).or_else(|| self.runs())
    }

    /// Finds who holds a role in the pack, by the role's id.
    pub(super) fn holder(&self, role: &str) -> Option<&'a Person> {
        let roles = &self.packs.packs.get(self.pack)?.roles;
        let (_, person, _) = roles.iter().find(|(id, ..)| same(id, role))?;
        self.person(person)
    }

    /// Finds a role by id, title or synonym: its id and title.
    pub(super) fn role(&self, text: &str) -> Option<(&'a str, &'a str)> {
        let role = self.packs.people.roles.iter().find(|role| {
            same(&role.id, text)
                || same(&role.title, text)
                || role.synonyms.iter().any(|word| same(word, text))
        })?;
        Some((&role.id, if role.title.is_empty() { &role.id } else { &role.title }))
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

    /// Finds a person by id, name, or address.
    pub(super) fn person(&self, text: &str) -> Option<&'a Person> {
        let text = text.trim().trim_start_matches('@');
        self.packs.people.persons.iter().find(|person| {
            same(&person.id, text)
                || same(&person.name, text)
                || person.mail.as_deref().is_some_and(|mail| same(mail, text))
        })
    }

    fn team(&self, text: &str) -> Option<&'a str> {
        let team = self
            .packs
            .people
            .teams
            .iter()
            .find(|team| same(&team.id, text) || same(&team.name, text))?;
        (!team.name.is_empty()).then_some(&team.name)
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

/// Compares words as people do: letters without case, spaces and hyphens alike.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    if one.is_ascii() && other.is_ascii() {
        let plain = |byte: u8| if matches!(byte, b'_' | b' ') { b'-' } else { byte };
        let mut pairs = one.bytes().zip(other.bytes());
        return !one.is_empty()
            && one.len() == other.len()
            && pairs.all(|(one, other)| plain(one).eq_ignore_ascii_case(&plain(other)));
    }
    let fold = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
    fold(one) == fold(other)
}
