//! Responsibility matrices: every activity has exactly one who answers and at least one who does it.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::did_you_mean;
use crate::pack::Artifact;
use crate::pack::raci::{Activity, Matrix, read};

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
    why: "Shared accountability is no accountability. Some matrices mean it (every named role must approve); then lower \
          the severity in `[rules]`",
    fix: "Keep one A and make the others R or C",
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

/// The rules of this group.
pub static RULES: &[&Rule] =
    &[&NO_ACCOUNTABLE, &TWO_ACCOUNTABLES, &NO_RESPONSIBLE, &UNKNOWN_ROLE, &UNKNOWN_LETTER];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for artifact in scope.judged() {
        for matrix in read(scope.packs, artifact) {
            for activity in &matrix.activities {
                found.extend(accountable(artifact, &matrix, activity));
                found.extend(responsible(artifact, &matrix, activity));
                found.extend(unknown_letters(artifact, &matrix, activity));
            }
            found.extend(unknown_roles(scope, artifact, &matrix));
        }
    }
    found
}

fn accountable(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Option<Diagnostic> {
    let letter = matrix.scheme.accountable;
    let who: Vec<&str> = activity
        .with(letter)
        .filter_map(|part| Some(matrix.columns.get(part.column)?.text.as_str()))
        .collect();
    let name = &activity.text;
    match who.len() {
        0 => {
            let message = format!("\"{name}\" has nobody accountable");
            let help = format!("give one party the {letter}: the person who answers for it");
            Some(
                Diagnostic::new(&NO_ACCOUNTABLE, &artifact.path, &activity.span, message)
                    .help(help),
            )
        }
        1 => None,
        n => {
            let message = format!("\"{name}\" has {n} accountable parties: {}", who.join(", "));
            let help = format!("keep one {letter} and make the others R or C");
            Some(
                Diagnostic::new(&TWO_ACCOUNTABLES, &artifact.path, &activity.span, message)
                    .help(help),
            )
        }
    }
}

fn responsible(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Option<Diagnostic> {
    let letter = matrix.scheme.responsible;
    if activity.with(letter).next().is_some() {
        return None;
    }
    let message = format!("\"{}\" has nobody who does it", activity.text);
    let help = format!("add at least one {letter}");
    Some(Diagnostic::new(&NO_RESPONSIBLE, &artifact.path, &activity.span, message).help(help))
}

fn unknown_letters(artifact: &Artifact, matrix: &Matrix, activity: &Activity) -> Vec<Diagnostic> {
    let known = matrix.scheme.letters;
    let wrong = activity.cells.iter().filter_map(|part| {
        let letter = part.letters.iter().find(|letter| !known.contains(**letter))?;
        Some((part, letter))
    });
    wrong
        .map(|(part, letter)| {
            let message = format!("`{letter}` is not a letter of {}", matrix.scheme.name);
            let help = if matches!(letter, 'S' | 'V' | 'O') {
                "name the scheme in the front matter, such as `scheme: rasci`".to_owned()
            } else {
                format!(
                    "the letters are {}",
                    known.chars().map(String::from).collect::<Vec<_>>().join(", ")
                )
            };
            Diagnostic::new(&UNKNOWN_LETTER, &artifact.path, &part.span, message).help(help)
        })
        .collect()
}

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
