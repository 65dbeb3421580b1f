//! Names that lead to nobody, and roles held by people who have left.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::text::is_template;
use crate::kinds::{Form, normalise};
use crate::nearest::did_you_mean;
use crate::pack::{Artifact, Pack, People, Person};
use crate::source::{RepoPath, Span};
use crate::value::is_unknown;

/// A name that is nobody's.
pub static UNKNOWN: Rule = Rule {
    name: "people.unknown",
    severity: Severity::Error,
    summary: "An owner, a role holder or another named person is not in `people.toml`",
    why: "Nobody can be called by a name that leads nowhere",
    fix: "Add the person, team or role to `people.toml`, or correct the spelling",
};

/// Somebody who is not there holds a role.
pub static INACTIVE_IN_ROLE: Rule = Rule {
    name: "people.inactive-in-role",
    severity: Severity::Error,
    summary: "A role is held by somebody who has left or has not started",
    why: "The role is vacant, whatever the page says",
    fix: "Name somebody who is there, even for the time being",
};

/// Two entries with one name.
pub static DUPLICATE: Rule = Rule {
    name: "people.duplicate",
    severity: Severity::Error,
    summary: "Two entries of `people.toml` have the same id, or two persons the same address in commits",
    why: "Approvals and owners would be counted for the wrong one",
    fix: "Rename or remove one of the entries",
};

/// One person, two entries.
pub static SAME_PERSON: Rule = Rule {
    name: "people.same-person",
    severity: Severity::Warning,
    summary: "Two persons of `people.toml` have the same name or the same chat handle",
    why: "Somebody under two names approves their own work without anyone seeing it, and half of what they hold is \
          looked for in the wrong place",
    fix: "Make one entry of the two and put all addresses into its `git_emails`; tell namesakes apart by a word",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNKNOWN, &INACTIVE_IN_ROLE, &DUPLICATE, &SAME_PERSON];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    if scope.packs.people.path.is_none() {
        return Vec::new();
    }
    let pack = Some(scope.pack()).filter(|pack| pack.declared);
    let mut found = pack.map(|pack| holders(scope, pack)).unwrap_or_default();
    found.extend(scope.judged().flat_map(|artifact| named(scope, artifact)));
    found
}

/// Finds entries of `people.toml` that share a name.
pub(super) fn duplicates(people: &People) -> Vec<Diagnostic> {
    let Some(path) = &people.path else { return Vec::new() };
    let persons = people.persons.iter().map(|person| (&person.id, &person.span));
    let teams = people.teams.iter().map(|team| (&team.id, &team.span));
    let roles = people.roles.iter().map(|role| (&role.id, &role.span));
    let addresses = people.persons.iter().flat_map(|person| {
        let mut own: Vec<&String> = person.git_emails.iter().chain(&person.mail).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().map(move |address| (address, &person.span))
    });
    let mut found = same_persons(people, path);
    let addresses: Vec<_> = addresses.collect();
    for names in [persons.collect(), teams.collect(), roles.collect(), addresses] {
        found.extend(repeated(path, &names));
    }
    found
}

/// The later of two entries of one sort with the same name; a role and a team may share theirs.
fn repeated(path: &RepoPath, names: &[(&String, &Span)]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let again = names.iter().filter(|(name, _)| !seen.insert(name.to_lowercase()));
    again
        .map(|(name, span)| {
            let message = format!("`{name}` stands for two entries");
            Diagnostic::new(&DUPLICATE, path, span, message)
        })
        .collect()
}

fn same_persons(people: &People, path: &RepoPath) -> Vec<Diagnostic> {
    let mut known: BTreeMap<String, &Person> = BTreeMap::new();
    let mut found = Vec::new();
    for person in &people.persons {
        let chat = person.chat.as_deref().map(|chat| chat.trim_start_matches('@').to_lowercase());
        let chat = chat.filter(|chat| !chat.is_empty()).map(|chat| format!("@{chat}"));
        let name = Some(normalise(&person.name)).filter(|name| !name.is_empty());
        let signs: Vec<String> = name.into_iter().chain(chat).collect();
        if let Some(other) = signs.iter().find_map(|sign| known.get(sign)) {
            let message = format!("`{}` and `{}` seem to be one person", other.id, person.id);
            let help = "make one entry of them, with all addresses in its git_emails";
            found.push(Diagnostic::new(&SAME_PERSON, path, &person.span, message).help(help));
        }
        for sign in signs {
            known.entry(sign).or_insert(person);
        }
    }
    found
}

fn holders(scope: &Scope<'_>, pack: &Pack) -> Vec<Diagnostic> {
    let path = RepoPath::new(pack.folder_file("pack.toml").as_str());
    let people = &scope.packs.people;
    let mut found = Vec::new();
    for (role, person, span) in &pack.roles {
        if !people.roles.is_empty() && people.role(role).is_none() {
            let known = people.roles.iter().map(|role| role.id.as_str());
            let message = format!("`{role}` is not a role of people.toml");
            found.push(with_help(
                Diagnostic::new(&UNKNOWN, &path, span, message),
                did_you_mean(role, known),
            ));
        }
        match people.person(person) {
            None => found.push(unknown(scope, &path, person, span)),
            Some(at) if is_absent(scope, &people.persons[at]) => {
                let known = &people.persons[at];
                let when = known.absence(scope.day());
                let message = format!("{} {when} and still holds the role `{role}`", known.name);
                let help = format!("name somebody who is there as {role}");
                found.push(Diagnostic::new(&INACTIVE_IN_ROLE, &path, span, message).help(help));
            }
            Some(_) => {}
        }
    }
    found
}

/// Asks for the day only where it matters.
fn is_absent(scope: &Scope<'_>, person: &Person) -> bool {
    let is_dated = person.from.is_some() || person.until.is_some();
    is_dated && !person.is_active(scope.day())
}

fn with_help(mut finding: Diagnostic, help: Option<String>) -> Diagnostic {
    finding.help = help;
    finding
}

/// The names in fields that want a person, a team or a role.
fn named(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let fields = scope.kind(artifact).all_fields().filter(|field| field.form == Form::Who);
    fields
        .filter_map(|spec| artifact.sourced(spec))
        .flat_map(|(field, path)| field.value.texts().into_iter().map(move |text| (text, path)))
        .filter(|((text, _), _)| !is_template(text) && !is_unknown(text))
        .filter(|((text, _), _)| scope.packs.people.who(text).is_none())
        .map(|((text, span), path)| unknown(scope, path, text, span))
        .collect()
}

fn unknown(scope: &Scope<'_>, path: &RepoPath, name: &str, span: &Span) -> Diagnostic {
    let people = &scope.packs.people;
    let persons = people.persons.iter().flat_map(|person| [&person.id, &person.name]);
    let teams = people.teams.iter().map(|team| &team.id);
    let known = persons.chain(teams).chain(people.roles.iter().map(|role| &role.id));
    let help = did_you_mean(name, known.map(String::as_str))
        .unwrap_or_else(|| "add it to people.toml, or correct the spelling".to_owned());
    let message = format!("`{name}` is neither a person, a team nor a role of people.toml");
    Diagnostic::new(&UNKNOWN, path, span, message).help(help)
}
