//! The words by which people, roles and teams are found in the search; no address and no telephone number.

use std::collections::BTreeSet;

use super::Edition;
use super::ladder;
use super::people::{person_anchor, team_anchor, team_name};
use super::routes::Routes;
use crate::pack::reach::Directory;
use crate::pack::who::Who as Party;
use crate::pack::{Packs, People, Person};

/// Everybody who is found on a page of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Everybody {
    /// One line for each person and each team.
    pub text: String,
    /// Who stands where.
    pub named: Vec<Named>,
}

/// A person or a team on the page of people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// `Priya Raman`.
    pub name: String,
    /// The titles of the roles that are held here.
    pub roles: Vec<String>,
    /// The anchor on the page, without `#`.
    pub anchor: String,
    /// Byte offset in the text where the line starts.
    pub start: usize,
}

impl Edition {
    /// Gathers who is found on the page of people of a pack, and the address of that page; nothing where there is no
    /// such page. Among several packs each has those who have to do with it.
    pub fn everybody(&self, pack: usize) -> Option<(String, Everybody)> {
        let packs = &self.inputs.packs;
        let route = Routes::new(packs, pack, &self.inputs.settings).people;
        let concerned = concerned(packs, pack);
        let is_shown = |at: usize| packs.packs.len() == 1 || concerned.contains(&at);
        let mut all = Everybody::default();
        for (_, person) in packs.people.persons.iter().enumerate().filter(|(at, _)| is_shown(*at)) {
            all.add_person(packs, pack, person);
        }
        for team in &packs.people.teams {
            all.add(team_name(team).to_owned(), Vec::new(), team_anchor(team), &[]);
        }
        (!route.is_empty() && !all.named.is_empty()).then_some((route, all))
    }
}

impl Everybody {
    fn add(&mut self, name: String, roles: Vec<String>, anchor: String, words: &[&str]) {
        let start = self.text.len();
        for word in std::iter::once(name.as_str()).chain(words.iter().copied()) {
            self.text.push_str(word);
            self.text.push_str("; ");
        }
        self.text.push('\n');
        self.named.push(Named { name, roles, anchor, start });
    }

    fn add_person(&mut self, packs: &Packs, pack: usize, person: &Person) {
        let people = &packs.people;
        let held = packs.packs[pack].roles.iter().filter(|one| one.person == person.id);
        let roles: Vec<Vec<&str>> = held.map(|one| role_words(people, &one.role)).collect();
        let team = person.team.as_deref().and_then(|team| people.team(team));
        let mut words = roles.concat();
        words.extend(team.map(|at| team_name(&people.teams[at])));
        let name = if person.name.is_empty() { &person.id } else { &person.name };
        let titles = roles.iter().map(|role| role[0].to_owned()).collect();
        self.add(name.clone(), titles, person_anchor(person), &words);
    }
}

/// The words of a role, its title first.
fn role_words<'p>(people: &'p People, role: &'p str) -> Vec<&'p str> {
    match people.who(role) {
        Some(Party::Role(at)) => {
            let role = &people.roles[at];
            std::iter::once(&role.title).chain(&role.synonyms).map(String::as_str).collect()
        }
        _ => vec![role],
    }
}

/// Finds the persons who hold a role in a pack, own a document of it, or stand on its ladder or rota.
fn concerned(packs: &Packs, pack: usize) -> BTreeSet<usize> {
    let people = &packs.people;
    let holders = packs.packs[pack].roles.iter().map(|one| one.person.clone());
    let owners = packs.of(pack).filter_map(|at| packs.artifacts[at].owner.clone());
    let on_call = packs.of(pack).filter_map(|at| Directory::of(packs, at)).flat_map(|directory| {
        directory.sheet().map(|sheet| ladder::people(&directory, sheet)).unwrap_or_default()
    });
    let named = holders.chain(owners).chain(on_call);
    let person = |name: String| match people.who(&name) {
        Some(Party::Person(at)) => Some(at),
        _ => None,
    };
    named.filter_map(person).collect()
}
