//! Responsibility matrices: every activity has exactly one who answers and at least one who does it.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{SchemeSpec, normalise};
use crate::nearest::did_you_mean;
use crate::pack::Artifact;
use crate::pack::raci::{Activity, Matrix, read};
use crate::pack::who::Who;

/// Nobody answers for it.
pub static NO_ACCOUNTABLE: Rule = Rule {
    name: "raci.no-accountable",
    severity: Severity::Error,
    summary: "An activity of a responsibility matrix has nobody accountable",
    why: "What nobody answers for is done by whoever is awake, or not at all",
    fix: "Give one party the A",
};

/// Several answer for it.
pub static TWO_ACCOUNTABLES: Rule = Rule {
    name: "raci.two-accountables",
    severity: Severity::Warning,
    summary: "An activity of a responsibility matrix has more than one accountable party",
    why: "Shared accountability is no accountability. Some matrices mean it (every named role must approve); then \
          say so in the file",
    fix: "Keep one A and make the others R or C, or name the activity and the reason under the heading `Accepted \
          exceptions`",
};

/// The file says why.
pub static ACCEPTED: Rule = Rule {
    name: "raci.accepted",
    severity: Severity::Note,
    summary: "An activity has several accountable parties or none, or nobody who does it, and the file says why",
    why: "An exception that was agreed stays visible",
    fix: "Nothing, as long as the reason holds",
};

/// The file says why something is as it no longer is.
pub static IDLE_EXCEPTION: Rule = Rule {
    name: "raci.idle-exception",
    severity: Severity::Note,
    summary: "An exception was accepted for an activity that needs none any more",
    why: "It would hide the next mistake in that row",
    fix: "Remove the activity from the accepted exceptions",
};

/// A role without a person.
pub static VACANT_ROLE: Rule = Rule {
    name: "raci.vacant-role",
    severity: Severity::Error,
    summary: "A role that answers for an activity, or does it, is held by nobody in this pack",
    why: "A correct matrix with a vacant role is broken today. Only packs that say who holds roles are asked",
    fix: "Name somebody under `[roles]` in `pack.toml`, even for the time being",
};

/// A team answers.
pub static ACCOUNTABLE_TEAM: Rule = Rule {
    name: "raci.accountable-team",
    severity: Severity::Warning,
    summary: "A team is accountable for an activity",
    why: "When everybody answers, nobody does",
    fix: "Name the person or the role that answers for the team",
};

/// Nobody does it.
pub static NO_RESPONSIBLE: Rule = Rule {
    name: "raci.no-responsible",
    severity: Severity::Warning,
    summary: "An activity of a responsibility matrix has nobody who does it",
    why: "Somebody answers for it and nobody has the work",
    fix: "Add at least one R, or A/R when the accountable party does it",
};

/// A column that is nobody.
pub static UNKNOWN_ROLE: Rule = Rule {
    name: "raci.unknown-role",
    severity: Severity::Warning,
    summary: "A column of a responsibility matrix is no role, person or team of `people.toml`",
    why: "The matrix cannot say whom to call",
    fix: "Add it to `people.toml`, or correct the header",
};

/// A letter that means nothing.
pub static UNKNOWN_LETTER: Rule = Rule {
    name: "raci.unknown-letter",
    severity: Severity::Warning,
    summary: "A cell of a responsibility matrix holds a letter that the scheme does not have",
    why: "Readers guess what it means",
    fix: "Correct the letter, or name the scheme (`scheme: rasci`)",
};

/// One party answers for most.
pub static OVERLOAD: Rule = Rule {
    name: "raci.overload",
    severity: Severity::Note,
    summary: "One party is accountable for more than half of the activities of a matrix with at least five",
    why: "What waits for one person waits while that person is away",
    fix: "Spread what can be answered for by others, or keep it as a known risk",
};

/// Somebody else answers for operating it.
pub static OPERATED_ELSEWHERE: Rule = Rule {
    name: "raci.operated-elsewhere",
    severity: Severity::Warning,
    summary: "For operating the service somebody else is accountable than the service owner or the operational owner",
    why: "In an incident two people decide, each by a paper that is right",
    fix: "Give the letter to the service owner, or name whoever has it as operational owner",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &NO_ACCOUNTABLE,
    &TWO_ACCOUNTABLES,
    &ACCEPTED,
    &NO_RESPONSIBLE,
    &IDLE_EXCEPTION,
    &VACANT_ROLE,
    &ACCOUNTABLE_TEAM,
    &UNKNOWN_ROLE,
    &UNKNOWN_LETTER,
    &OVERLOAD,
    &OPERATED_ELSEWHERE,
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for artifact in scope.judged() {
        let schemes = &scope.kind(artifact).schemes;
        for matrix in read(scope.packs, artifact) {
            for activity in &matrix.activities {
                found.extend(accountable(artifact, &matrix, activity));
                found.extend(responsible(artifact, &matrix, activity));
                found.extend(idle_exception(artifact, &matrix, activity));
                found.extend(unknown_letters(schemes, artifact, &matrix, activity));
                found.extend(operated_elsewhere(scope, artifact, &matrix, activity));
            }
            found.extend(unknown_roles(scope, artifact, &matrix));
            found.extend(vacant_roles(scope, artifact, &matrix));
            found.extend(teams(scope, artifact, &matrix));
            found.extend(overload(artifact, &matrix));
        }
    }
    found
}

/// The other way out of a finding about an activity.
const OR_ACCEPT: &str =
    "or name the activity and the reason under the heading `Accepted exceptions`";

fn accountable(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Option<Diagnostic> {
    let letter = matrix.scheme.accountable?;
    let who: Vec<&str> = activity
        .with(Some(letter))
        .filter_map(|part| Some(matrix.columns.get(part.column)?.text.as_str()))
        .collect();
    let name = &activity.text;
    match who.len() {
        n if n != 1 && activity.accepted.is_some() => {
            let reason = activity.accepted.as_deref().unwrap_or_default();
            let message = format!("\"{name}\" has {n} accountable parties on purpose: {reason}");
            Some(Diagnostic::new(&ACCEPTED, &artifact.path, &activity.span, message))
        }
        0 => {
            let message = format!("\"{name}\" has nobody accountable");
            let help =
                format!("give one party the {letter}: the person who answers for it, {OR_ACCEPT}");
            Some(
                Diagnostic::new(&NO_ACCOUNTABLE, &artifact.path, &activity.span, message)
                    .help(help),
            )
        }
        1 => None,
        n => {
            let message = format!("\"{name}\" has {n} accountable parties: {}", who.join(", "));
            let help = format!("keep one {letter} and give the others another letter, {OR_ACCEPT}");
            Some(
                Diagnostic::new(&TWO_ACCOUNTABLES, &artifact.path, &activity.span, message)
                    .help(help),
            )
        }
    }
}

fn responsible(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Option<Diagnostic> {
    let letter = matrix.scheme.responsible?;
    if activity.with(Some(letter)).next().is_some() {
        return None;
    }
    if let Some(reason) = &activity.accepted {
        let message = format!("\"{}\" has nobody who does it on purpose: {reason}", activity.text);
        return Some(Diagnostic::new(&ACCEPTED, &artifact.path, &activity.span, message));
    }
    let message = format!("\"{}\" has nobody who does it", activity.text);
    let help = format!("add at least one {letter}, {OR_ACCEPT}");
    Some(Diagnostic::new(&NO_RESPONSIBLE, &artifact.path, &activity.span, message).help(help))
}

fn idle_exception(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Option<Diagnostic> {
    activity.accepted.as_ref()?;
    let count = |letter: char| activity.with(Some(letter)).count();
    let is_answered = matrix.scheme.accountable.is_none_or(|letter| count(letter) == 1);
    let is_done = matrix.scheme.responsible.is_none_or(|letter| count(letter) > 0);
    (is_answered && is_done).then(|| {
        let message = format!("the exception for \"{}\" is needed no longer", activity.text);
        Diagnostic::new(&IDLE_EXCEPTION, &artifact.path, &activity.span, message)
            .help("remove it from the accepted exceptions")
    })
}

fn unknown_letters(
    schemes: &[SchemeSpec],
    artifact: &Artifact,
    matrix: &Matrix,
    activity: &Activity,
) -> Vec<Diagnostic> {
    let known = |scheme: &SchemeSpec, letter: char| {
        scheme.letters.iter().any(|(known, _)| *known == letter)
    };
    let wrong = activity.cells.iter().filter_map(|part| {
        let letter = part.letters.iter().find(|letter| !known(&matrix.scheme, **letter))?;
        Some((part, *letter))
    });
    wrong
        .map(|(part, letter)| {
            let message = format!("`{letter}` is not a letter of {}", matrix.scheme.name);
            let other = schemes.iter().find(|scheme| known(scheme, letter));
            let letters = matrix.scheme.letters.iter().map(|(letter, _)| String::from(*letter));
            let help = other.map_or_else(
                || format!("the letters are {}", letters.collect::<Vec<_>>().join(", ")),
                |other| {
                    format!("name the scheme in the front matter, such as `scheme: {}`", other.name)
                },
            );
            Diagnostic::new(&UNKNOWN_LETTER, &artifact.path, &part.span, message).help(help)
        })
        .collect()
}

/// The columns of roles that nobody holds, with what they are there for.
fn vacant_roles(scope: &Scope<'_>, artifact: &Artifact, matrix: &Matrix) -> Vec<Diagnostic> {
    let (people, pack) = (&scope.packs.people, scope.pack());
    if pack.roles.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, column) in matrix.columns.iter().enumerate() {
        let Some(Who::Role(role)) = column.party else { continue };
        let role = &people.roles[role];
        let names_person = inner(&column.text).and_then(|name| people.who(name));
        let mut terms = pack.holdings(&role.id).map(|holding| &holding.days);
        if terms.any(|days| scope.holds(days)) || matches!(names_person, Some(Who::Person(_))) {
            continue;
        }
        let needed = [matrix.scheme.accountable, matrix.scheme.responsible];
        let needed: Vec<char> = needed.into_iter().flatten().collect();
        let is_needed = |activity: &&Activity| {
            let parts = activity.cells.iter().filter(|part| part.column == at);
            parts.flat_map(|part| &part.letters).any(|letter| needed.contains(letter))
        };
        let Some(first) = matrix.activities.iter().find(is_needed) else { continue };
        let message = format!(
            "nobody holds the role `{}`, which is needed for \"{}\"",
            role.title, first.text
        );
        let help = format!("name somebody as {} under [roles] in pack.toml", role.id);
        found.push(Diagnostic::new(&VACANT_ROLE, &artifact.path, &column.span, message).help(help));
    }
    found
}

/// What stands in brackets: `Service owner (Priya)`.
fn inner(text: &str) -> Option<&str> {
    Some(text.split_once('(')?.1.split_once(')')?.0)
}

fn teams(scope: &Scope<'_>, artifact: &Artifact, matrix: &Matrix) -> Vec<Diagnostic> {
    let of = |activity: &Activity| {
        let part = activity.with(matrix.scheme.accountable).find(|part| {
            matches!(matrix.columns.get(part.column).and_then(|one| one.party), Some(Who::Team(_)))
        })?;
        let column = matrix.columns.get(part.column)?;
        let message = format!("a team answers for \"{}\": {}", activity.text, column.text);
        let help = "name the person or the role that answers for the team";
        Some(Diagnostic::new(&ACCOUNTABLE_TEAM, &artifact.path, &part.span, message).help(help))
    };
    if scope.packs.people.path.is_none() {
        return Vec::new();
    }
    matrix.activities.iter().filter_map(of).collect()
}

/// Finds the party that answers for more than half of the activities.
fn overload(artifact: &Artifact, matrix: &Matrix) -> Option<Diagnostic> {
    let (all, letter) = (matrix.activities.len(), matrix.scheme.accountable);
    let answers_for = |at: usize| {
        let mut own = matrix.activities.iter().map(|one| one.with(letter));
        own.by_ref().filter_map(|mut parts| parts.find(|part| part.column == at)).count()
    };
    let counted = matrix.columns.iter().enumerate().map(|(at, column)| (answers_for(at), column));
    let (count, column) = counted.max_by_key(|(count, _)| *count)?;
    if all < FEW || count * 2 <= all {
        return None;
    }
    let message = format!("{} is accountable for {count} of {all} activities", column.text);
    let help = "give some of them to somebody else, or keep it as a known risk";
    Some(Diagnostic::new(&OVERLOAD, &artifact.path, &column.span, message).help(help))
}

/// A matrix with fewer activities may be one person's.
const FEW: usize = 5;

fn unknown_roles(scope: &Scope<'_>, artifact: &Artifact, matrix: &Matrix) -> Vec<Diagnostic> {
    let people = &scope.packs.people;
    if people.path.is_none() {
        return Vec::new();
    }
    let roles = people.roles.iter().flat_map(|role| [&role.title, &role.id]);
    let known: Vec<&str> =
        roles.chain(people.persons.iter().map(|person| &person.name)).map(String::as_str).collect();
    let unknown = matrix.columns.iter().filter(|column| column.party.is_none());
    unknown
        .map(|column| {
            let text = &column.text;
            let help = did_you_mean(text, known.iter().copied())
                .unwrap_or_else(|| "add it to people.toml, or correct the header".to_owned());
            let message = format!("`{text}` is not a role, person or team of people.toml");
            Diagnostic::new(&UNKNOWN_ROLE, &artifact.path, &column.span, message).help(help)
        })
        .collect()
}

/// Beginnings of the activity of running the service.
const OPERATING: [&str; 5] =
    ["operate", "operating", "run the service", "running the service", "day to day operation"];
/// Roles whose holders run it.
const OPERATORS: [&str; 2] = ["service-owner", "operational-owner"];

/// Compares who is accountable for operating the service with who is named to run it.
fn operated_elsewhere(
    scope: &Scope<'_>,
    artifact: &Artifact,
    matrix: &Matrix,
    activity: &Activity,
) -> Option<Diagnostic> {
    let text = normalise(&activity.text);
    let mut parts = activity.with(matrix.scheme.accountable);
    let (part, None) = (parts.next()?, parts.next()) else { return None };
    let column = matrix.columns.get(part.column)?;
    if !scope.pack().declared || !OPERATING.iter().any(|word| text.starts_with(word)) {
        return None;
    }
    let (answers, runs) = (holders(scope, column.party?), operators(scope));
    if answers.is_empty() || runs.is_empty() || answers.iter().any(|one| runs.contains(one)) {
        return None;
    }
    let names = |list: &[usize]| {
        let name = |at: &usize| scope.packs.people.persons[*at].name.clone();
        list.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let message = format!(
        "for \"{}\" {} is accountable, and {} is named to run it",
        activity.text,
        names(&answers),
        names(&runs)
    );
    let finding = Diagnostic::new(&OPERATED_ELSEWHERE, &artifact.path, &part.span, message);
    Some(
        finding.help(
            "give the letter to the service owner, or name whoever has it as operational owner",
        ),
    )
}

/// The persons whom a party means today.
fn holders(scope: &Scope<'_>, party: Who) -> Vec<usize> {
    match party {
        Who::Person(at) => vec![at],
        Who::Role(at) => held(scope, &scope.packs.people.roles[at].id),
        Who::Team(_) => Vec::new(),
    }
}

fn held(scope: &Scope<'_>, role: &str) -> Vec<usize> {
    let own = scope.pack().holdings(role).filter(|one| scope.holds(&one.days));
    own.filter_map(|one| scope.packs.people.person(&one.person)).collect()
}

fn operators(scope: &Scope<'_>) -> Vec<usize> {
    let home = scope.pack().home.operational_owner.as_ref();
    let named = home.and_then(|(name, _)| scope.packs.people.person(name));
    let mut all: Vec<usize> =
        OPERATORS.iter().flat_map(|role| held(scope, role)).chain(named).collect();
    all.sort_unstable();
    all.dedup();
    all
}
