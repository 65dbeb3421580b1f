//! Names that lead to nobody, and roles held by people who have left.

use std::collections::{BTreeMap, BTreeSet};

use super::pack::is_tried;
use super::{Past, Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Cell;
use crate::document::text::{is_placeholder, is_template};
use crate::kinds::{Form, normalise};
use crate::nearest::did_you_mean;
use crate::pack::directory::{ROTA, Sheet, has_number};
use crate::pack::reach::Directory;
use crate::pack::who::Who;
use crate::pack::{Artifact, Holding, Pack, People, Person};
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

/// A role between two holders.
pub static VACANT_ROLE: Rule = Rule {
    name: "people.vacant-role",
    severity: Severity::Warning,
    summary: "A role of a pack was held, or will be, and nobody holds it today",
    why: "Whatever waits for the role waits for nobody",
    fix: "Name somebody for the time between, even for the time being",
};

/// A team where a person is needed.
pub static TEAM_IN_ROLE: Rule = Rule {
    name: "people.team-in-role",
    severity: Severity::Warning,
    summary: "A role is held by a team",
    why: "Decisions need a person; a team answers when everybody in it thinks that somebody else will",
    fix: "Name the person who decides for the team, and somebody who stands in",
};

/// Nobody stands in.
pub static NO_BACKUP: Rule = Rule {
    name: "people.no-backup",
    severity: Severity::Warning,
    summary: "Nobody stands in for whoever holds a role that asks for it (`backup_required`), or whoever should has left",
    why: "People are ill and on holiday when something happens, too",
    fix: "Name a `backup` for the person in `people.toml`, who is there and is somebody else",
};

/// Operations take no part.
pub static OPS_ABSENT: Rule = Rule {
    name: "people.ops-absent",
    severity: Severity::Warning,
    summary: "In a pack whose `stage` is pilot or later, nobody of a team on the side of operations approved, last changed or owns anything",
    why: "Whoever takes the service over meets it for the first time on that day",
    fix: "Involve operations now: let them write a runbook, or review and approve one",
};

/// The rules of this group whose defects stand in the history.
pub(super) static PAST: &[&Rule] = &[&OPS_ABSENT];

/// Tells whether operations left a trace in a pack.
pub(super) fn find_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let (pack, people) = (&past.packs.packs[past.pack], &past.packs.people);
    let teams = people.teams.iter().filter(|team| team.side.as_deref() == Some("operations"));
    let teams: Vec<&str> = teams.map(|team| team.id.as_str()).collect();
    let is_ops = |person: &Person| person.team.as_deref().is_some_and(|it| teams.contains(&it));
    let own = past.packs.of(past.pack);
    if !is_tried(pack) || !past.is_whole() || own.is_empty() || !people.persons.iter().any(is_ops) {
        return Vec::new();
    }
    let by_address = |address: &str| people.by_address(address).map(|at| &people.persons[at]);
    let wrote = past.origins().any(|origin| by_address(&origin.email).is_some_and(is_ops));
    let approved = past.approvals().any(|one| {
        let person = one.by.person.as_deref().and_then(|id| people.person(id));
        person.is_some_and(|at| is_ops(&people.persons[at]))
    });
    let owns = || {
        let owners = past.packs.artifacts[own].iter().filter_map(|one| one.owner.as_deref());
        owners.filter_map(|owner| people.who(owner)).any(|who| match who {
            Who::Person(at) => is_ops(&people.persons[at]),
            Who::Team(at) => teams.contains(&people.teams[at].id.as_str()),
            Who::Role(at) => {
                let held = pack.holding(&people.roles[at].id, past.day);
                let person = held.and_then(|one| people.person(&one.person));
                person.is_some_and(|at| is_ops(&people.persons[at]))
            }
        })
    };
    if wrote || approved || owns() {
        return Vec::new();
    }
    let message = format!(
        "nobody of operations ({}) approved, last changed or owns anything in {}",
        teams.join(", "),
        pack.id
    );
    let path = RepoPath::new(&pack.folder_file("pack.toml"));
    vec![
        Diagnostic::new(&OPS_ABSENT, &path, &(0..0), message)
            .help("involve operations now: let them write a runbook, or review and approve one"),
    ]
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &OPS_ABSENT,
    &UNKNOWN,
    &INACTIVE_IN_ROLE,
    &VACANT_ROLE,
    &TEAM_IN_ROLE,
    &NO_BACKUP,
    &DUPLICATE,
    &SAME_PERSON,
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    if scope.packs.people.path.is_none() {
        return Vec::new();
    }
    let pack = Some(scope.pack()).filter(|pack| pack.declared);
    let mut found = pack.map(|pack| holders(scope, pack)).unwrap_or_default();
    for artifact in scope.judged() {
        found.extend(named(scope, artifact));
        found.extend(on_rota(scope, artifact));
    }
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
    for (at, holding) in pack.roles.iter().enumerate() {
        let (role, span) = (&holding.role, &holding.span);
        let known = people.who(role);
        if !people.roles.is_empty() && !matches!(known, Some(Who::Role(_))) {
            let known = people.roles.iter().map(|role| role.id.as_str());
            let message = format!("`{role}` is not a role of people.toml");
            let help = did_you_mean(role, known);
            found.push(with_help(Diagnostic::new(&UNKNOWN, &path, span, message), help));
        }
        match people.person(&holding.person) {
            Some(person) if scope.holds(&holding.days) => {
                found.extend(holder(scope, &path, holding, &people.persons[person]));
            }
            Some(_) => {}
            None => found.push(no_person(scope, &path, holding)),
        }
        let is_last = pack.roles[at + 1..].iter().all(|other| other.role != *role);
        let dated = || pack.holdings(role).all(|one| !one.days.are_open());
        if is_last && dated() && pack.holding(role, scope.day()).is_none() {
            found.push(vacant(scope, &path, pack, holding));
        }
    }
    found
}

/// Judges somebody who holds a role today.
fn holder(
    scope: &Scope<'_>,
    path: &RepoPath,
    holding: &Holding,
    person: &Person,
) -> Option<Diagnostic> {
    let (role, people) = (&holding.role, &scope.packs.people);
    if !scope.holds(&person.days) {
        let when = person.absence(scope.day());
        let message = format!("{} {when} and still holds the role `{role}`", person.name);
        let help = format!("name somebody who is there as {role}");
        return Some(Diagnostic::new(&INACTIVE_IN_ROLE, path, &holding.span, message).help(help));
    }
    let Some(Who::Role(known)) = people.who(role) else { return None };
    let backup = person.backup.as_deref().filter(|backup| *backup != person.id);
    let stands_in = backup.and_then(|backup| people.person(backup)).map(|at| &people.persons[at]);
    let why = match (backup, stands_in) {
        (None, _) if people.roles[known].backup_required => "nobody is named".to_owned(),
        (Some(backup), None) => format!("`{backup}` is nobody in people.toml"),
        (_, Some(other)) if !scope.holds(&other.days) => {
            format!("{} {}", other.name, other.absence(scope.day()))
        }
        _ => return None,
    };
    let message =
        format!("nobody stands in for {}, who holds the role `{role}`: {why}", person.name);
    let help = format!("name a backup for {} in people.toml", person.id);
    Some(Diagnostic::new(&NO_BACKUP, path, &holding.span, message).help(help))
}

/// Tells of a holder who is no person: a team, or nobody.
fn no_person(scope: &Scope<'_>, path: &RepoPath, holding: &Holding) -> Diagnostic {
    let people = &scope.packs.people;
    let Some(team) = people.team(&holding.person) else {
        return unknown(scope, path, &holding.person, &holding.span);
    };
    let (role, team) = (&holding.role, &people.teams[team].name);
    let message = format!("the team {team} holds the role `{role}`");
    let help = format!("name the person who decides for {team}");
    Diagnostic::new(&TEAM_IN_ROLE, path, &holding.span, message).help(help)
}

/// Says since when nobody holds a role, or until when.
fn vacant(scope: &Scope<'_>, path: &RepoPath, pack: &Pack, last: &Holding) -> Diagnostic {
    let role = &last.role;
    let ends = pack.holdings(role).filter(|one| one.days.are_over(scope.day()));
    let since = ends.filter_map(|one| one.days.until.as_deref()).max();
    let begins = pack.holdings(role).filter(|one| one.days.begin_after(scope.day()));
    let until = begins.filter_map(|one| one.days.from.as_deref()).min();
    let mut message = format!("nobody holds the role `{role}`");
    message.extend(since.map(|day| format!(", last held until {day}")));
    message.extend(until.map(|day| format!(", held again from {day}")));
    let help = format!("name somebody as {role} for today, even for the time being");
    Diagnostic::new(&VACANT_ROLE, path, &last.span, message).help(help)
}

fn with_help(mut finding: Diagnostic, help: Option<String>) -> Diagnostic {
    finding.help = help;
    finding
}

/// The names on the rota that lead to nobody and come with no number.
fn on_rota(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let at = scope.packs.find(&artifact.path);
    let Some(sheet) = at.and_then(|at| Sheet::new(scope.packs, at)) else { return Vec::new() };
    let directory = Directory::of(scope.packs, sheet.artifact);
    let cells = sheet.rows(ROTA).filter(|row| !row.days().are_over(scope.day())).flat_map(|row| {
        let columns = sheet.shifts().map(|(column, _)| &column.name);
        columns.filter_map(|column| row.cell(column)).collect::<Vec<_>>()
    });
    let nobody = |cell: &&Cell| {
        let is_known = |text| directory.iter().any(|book| !book.ways(text).is_empty());
        !is_placeholder(&cell.text) && !has_number(&cell.text) && !is_known(&cell.text)
    };
    cells
        .filter(nobody)
        .map(|cell| {
            let mut finding = unknown(scope, &artifact.path, &cell.text, &cell.span);
            finding.severity = Severity::Warning;
            finding
        })
        .collect()
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
