//! Whom to turn to: everybody in the registry, what they hold and own, and how to reach them. Addresses and phone
//! numbers are for internal readers only.

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::ladder::{LadderView, ladder};
use super::raci::{Duty, duties};
use super::unit::Unit;
use super::view::{Linked, day};
use super::waiting;
use super::who::term;
use crate::document::text::dial;
use crate::pack::who::Who as Party;
use crate::pack::{Holding, Person, Team};
use crate::settings::Audience;

/// The page of people, teams and vacant roles.
#[derive(Debug, Hash, Serialize)]
pub(super) struct PeopleView {
    known: bool,
    ladder: Option<LadderView>,
    /// Those on the ladder and on the rota.
    first: Vec<PersonView>,
    persons: Vec<PersonView>,
    teams: Vec<TeamView>,
    vacant: Vec<String>,
    internal: bool,
}

#[derive(Debug, Hash, Serialize)]
struct PersonView {
    anchor: String,
    name: String,
    roles: String,
    team: String,
    contacts: Vec<Contact>,
    timezone: String,
    from: String,
    until: String,
    backup: Option<Linked>,
    owns: Vec<DocumentLink>,
    accountable: Vec<Linked>,
    /// The place of what waits for the person; empty where that is not shown.
    waiting: String,
}

#[derive(Debug, Hash, Serialize)]
struct TeamView {
    anchor: String,
    name: String,
    side: String,
    contacts: Vec<Contact>,
}

/// A way to reach someone.
#[derive(Debug, Hash, Serialize)]
struct Contact {
    label: &'static str,
    text: String,
    href: String,
}

pub(super) fn view(unit: &Unit) -> PeopleView {
    let people = &unit.packs().people;
    let (duties, owners) = (duties(unit), owners(unit));
    let is_needed = |at: usize| duties.iter().any(|duty| duty.party == Party::Role(at));
    let needed = people.roles.iter().enumerate();
    let is_held = |role: &str| unit.facts().holdings(role).next().is_some();
    let needed = needed.filter(|(at, role)| !is_held(&role.id) && is_needed(*at));
    let ladder = ladder(unit);
    let is_first = |person: &&Person| {
        ladder.as_ref().is_some_and(|ladder| ladder.people.contains(&person.name))
    };
    let view = |person: &Person| person_view(unit, person, &duties, &owners);
    let (first, others): (Vec<&Person>, Vec<&Person>) = people.persons.iter().partition(is_first);
    PeopleView {
        known: !people.persons.is_empty(),
        vacant: needed.map(|(_, role)| role.title.clone()).collect(),
        first: first.into_iter().map(view).collect(),
        persons: others.into_iter().map(view).collect(),
        teams: people.teams.iter().map(|team| team_view(unit, team)).collect(),
        internal: is_internal(unit),
        ladder,
    }
}

fn is_internal(unit: &Unit) -> bool {
    unit.edition.inputs.settings.audience == Audience::Internal
}

fn person_view(
    unit: &Unit,
    person: &Person,
    duties: &[Duty],
    owners: &[(usize, String)],
) -> PersonView {
    let registry = unit.registry();
    let held = unit.facts().roles.iter().filter(|holding| holding.person == person.id);
    let held: Vec<&Holding> = held.collect();
    let who = registry.named(person, "");
    let team = person.team.as_deref();
    PersonView {
        anchor: person_anchor(person),
        roles: held
            .iter()
            .map(|one| format!("{}{}", title(unit, &one.role), term(&one.days, true)))
            .collect::<Vec<_>>()
            .join(", "),
        team: team.map_or_else(String::new, |team| registry.who(team).name),
        contacts: if is_internal(unit) { contacts(person) } else { Vec::new() },
        timezone: person.timezone.clone().unwrap_or_default(),
        from: person.days.from.as_deref().map(day).unwrap_or_default(),
        until: person.days.until.as_deref().map(day).unwrap_or_default(),
        backup: person.backup.as_deref().map(|backup| {
            let backup = registry.who(backup);
            Linked { text: backup.name, href: backup.href }
        }),
        owns: owners
            .iter()
            .filter(|(_, href)| *href == who.href)
            .map(|(at, _)| link(unit, *at))
            .collect(),
        accountable: accountable(unit, person, &held, duties),
        waiting: waiting::place(unit, person),
        name: who.name,
    }
}

/// Lists the documents that have an owner, with the owner's place on this page.
fn owners(unit: &Unit) -> Vec<(usize, String)> {
    let (artifacts, registry) = (&unit.packs().artifacts, unit.registry());
    let owner = |at: usize| Some((at, registry.who(artifacts[at].owner.as_deref()?).href));
    unit.own().filter_map(owner).collect()
}

/// Names a role as the registry does.
fn title<'u>(unit: &'u Unit, role: &'u str) -> &'u str {
    let people = &unit.packs().people;
    match people.who(role) {
        Some(Party::Role(at)) => &people.roles[at].title,
        _ => role,
    }
}

fn accountable(unit: &Unit, person: &Person, held: &[&Holding], duties: &[Duty]) -> Vec<Linked> {
    let people = &unit.packs().people;
    let is_theirs = |party: Party| match party {
        Party::Person(at) => people.persons[at].id == person.id,
        Party::Role(at) => held.iter().any(|one| people.who(&one.role) == Some(Party::Role(at))),
        Party::Team(_) => false,
    };
    let theirs = duties.iter().filter(|duty| is_theirs(duty.party));
    theirs
        .map(|duty| Linked { text: duty.activity.clone(), href: unit.artifact_route(duty.source) })
        .collect()
}

fn contacts(person: &Person) -> Vec<Contact> {
    let phone = person.phone.as_deref().map(call);
    let mail = person.mail.as_deref().map(|mail| Contact {
        label: "Mail",
        text: mail.to_owned(),
        href: format!("mailto:{}", super::address::encode(mail)),
    });
    let chat = person.chat.as_deref().map(|chat| Contact {
        label: "Chat",
        text: chat.to_owned(),
        href: String::new(),
    });
    phone.into_iter().chain(mail).chain(chat).collect()
}

/// Makes a number that a phone dials when it is tapped.
fn call(number: &str) -> Contact {
    Contact { label: "Phone", text: number.to_owned(), href: dial(number) }
}

fn team_view(unit: &Unit, team: &Team) -> TeamView {
    let phone = team.duty_phone.as_deref().filter(|_| is_internal(unit));
    TeamView {
        anchor: team_anchor(team),
        name: team_name(team).to_owned(),
        side: team.side.clone().unwrap_or_default(),
        contacts: phone.map(call).into_iter().collect(),
    }
}

/// Returns the place of a person on the page.
pub(super) fn person_anchor(person: &Person) -> String {
    format!("person-{}", person.id)
}

/// Returns the place of a team on the page.
pub(super) fn team_anchor(team: &Team) -> String {
    format!("team-{}", team.id)
}

/// Returns the name of a team, or else its id.
pub(super) fn team_name(team: &Team) -> &str {
    if team.name.is_empty() { &team.id } else { &team.name }
}
