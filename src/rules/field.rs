//! Fields: what is missing, what has the wrong form, what is misspelt. Driven by the kind's data.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::text::is_template;
use crate::document::{Field, Node, Value};
use crate::kinds::{FieldSpec, Form, Kind, Need, Standing, Status, relations, word};
use crate::nearest::within;
use crate::pack::Artifact;
use crate::value::{is_unknown, moment};

/// A field that the kind asks for is not there, or still holds template text.
pub static MISSING: Rule = Rule {
    name: "field.missing",
    severity: Severity::Error,
    summary: "A field that the kind asks for is missing, empty or still holds template text",
    why: "Operations look for these facts in every artifact of the kind. In a draft it is worth a note, in an approved \
          artifact it is an error",
    fix: "Add the field; the finding says what belongs there",
};

/// A field that the kind asks for, of which the author says that nobody knows.
pub static UNKNOWN: Rule = Rule {
    name: "field.unknown",
    severity: Severity::Warning,
    summary: "A field that the kind asks for says `unknown`",
    why: "It is better than a guess and still a gap: it never counts as met",
    fix: "Find it out, or say who will by when",
};

/// A value that its field does not take.
pub static BAD_VALUE: Rule = Rule {
    name: "field.bad-value",
    severity: Severity::Error,
    summary: "A date, a duration or a choice is written in a way that the field does not take",
    why: "A value that has to be guessed at may be guessed wrong; the order of day and month is never guessed",
    fix: "Write the value as the finding says",
};

/// A key that is nearly a known one.
pub static UNKNOWN_KEY: Rule = Rule {
    name: "field.unknown-key",
    severity: Severity::Warning,
    summary: "A key is nearly, but not quite, one that the kind knows",
    why: "A misspelt key is read by nobody, and the field counts as missing",
    fix: "Correct the spelling, or leave it when another tool reads the key",
};

/// A time of which nobody says where it holds.
pub static NAIVE_TIME: Rule = Rule {
    name: "field.naive-time",
    severity: Severity::Note,
    summary: "A time in a declared pack is written without a time zone",
    why: "Whoever reads it elsewhere, or in the week when the clocks change, is an hour off. The `timezone` of the pack is \
          taken where it has one",
    fix: "Write the offset, such as 2026-05-05T09:14:00+02:00",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&MISSING, &UNKNOWN, &BAD_VALUE, &UNKNOWN_KEY, &NAIVE_TIME];

/// Fields that groups of their own speak about.
const ELSEWHERE: [&str; 4] = ["id", "title", "status", "expires"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    scope.judged().flat_map(|artifact| of(scope, artifact)).collect()
}

fn of(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let kind = scope.kind(artifact);
    let fields = || kind.all_fields().filter(|field| !ELSEWHERE.contains(&field.name.as_str()));
    let mut found: Vec<Diagnostic> =
        fields().filter_map(|field| missing(kind, artifact, field)).collect();
    found.extend(kind.all_fields().flat_map(|field| bad_values(artifact, field)));
    if scope.pack().declared {
        found.extend(kind.all_fields().flat_map(|field| naive_times(scope, artifact, field)));
    }
    let keys = artifact.document.front_matter.fields.iter();
    found.extend(keys.filter_map(|field| misspelt(scope, artifact, field)));
    found
}

/// How bad a lack is: what is required of an approved artifact is only announced in a draft.
pub(super) fn severity(need: Need, standing: Standing) -> Option<Severity> {
    match (need, standing) {
        (Need::Required, Standing::Approved) => Some(Severity::Error),
        (Need::Required, Standing::Draft) | (Need::Recommended, Standing::Approved) => {
            Some(Severity::Note)
        }
        _ => None,
    }
}

fn missing(kind: &Kind, artifact: &Artifact, spec: &FieldSpec) -> Option<Diagnostic> {
    let severity = severity(spec.need, artifact.status.standing())?;
    if !spec.when.iter().all(|(name, words)| holds(kind, artifact, name, words)) {
        return None;
    }
    let sourced = artifact.sourced(spec);
    let given = sourced.map(|(field, _)| field);
    let path = sourced.map_or(&artifact.path, |(_, path)| path);
    if given.is_some_and(|field| says_something(&field.value)) {
        return None;
    }
    if let Some(field) = given.filter(|field| is_said_unknown(&field.value)) {
        let message = format!("`{}` is unknown", field.key);
        let mut finding = Diagnostic::new(&UNKNOWN, path, &field.value.span, message);
        finding.severity = severity.max(UNKNOWN.severity);
        return Some(finding.help(spec.hint.clone()));
    }
    let (span, message) = match given {
        Some(field) => (field.key_span.clone(), format!("`{}` is still to be written", field.key)),
        None => (0..0, format!("{} has no `{}`", artifact.id, spec.name)),
    };
    let mut finding = Diagnostic::new(&MISSING, path, &span, message);
    finding.severity = severity;
    Some(if spec.hint.is_empty() { finding } else { finding.help(spec.hint.clone()) })
}

/// Tells whether a field of the artifact has one of the words.
fn holds(kind: &Kind, artifact: &Artifact, name: &str, words: &[String]) -> bool {
    if let (Status::Known { word, .. }, "status") = (&artifact.status, name) {
        return words.contains(word);
    }
    let field = kind.field(name).and_then(|spec| artifact.field(spec));
    let texts = field.map(|field| field.value.texts()).unwrap_or_default();
    let mut said = texts.iter().filter(|(text, _)| !is_template(text));
    said.any(|(text, _)| words.iter().any(|known| word(text, known).is_some()))
}

fn is_said_unknown(node: &Node) -> bool {
    node.texts().iter().any(|(text, _)| is_unknown(text))
}

/// Tells whether a value holds anything but template text and `unknown`.
pub(crate) fn says_something(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::Scalar(text) => !text.trim().is_empty() && !is_template(text) && !is_unknown(text),
        Value::List(items) => items.iter().any(says_something),
        Value::Map(fields) => fields.iter().any(|field| says_something(&field.value)),
    }
}

fn bad_values(artifact: &Artifact, spec: &FieldSpec) -> Vec<Diagnostic> {
    let Some((field, path)) = artifact.sourced(spec) else { return Vec::new() };
    let texts = field.value.texts();
    let written = texts.into_iter().filter(|(text, _)| !is_template(text));
    written
        .filter_map(|(text, span)| {
            let complaint = spec.form.judge(text).err()?;
            let message = format!("`{}`: `{text}` {}", field.key, complaint.message);
            let mut finding = Diagnostic::new(&BAD_VALUE, path, span, message);
            let in_text = !artifact.document.front_matter.span.contains(&span.start);
            if in_text && *path == artifact.path {
                // What stands in the text may have been written for other readers.
                finding.severity = Severity::Warning;
            }
            Some(finding.help(complaint.help))
        })
        .collect()
}

/// Finds the times of a field that no zone stands behind.
fn naive_times(scope: &Scope<'_>, artifact: &Artifact, spec: &FieldSpec) -> Vec<Diagnostic> {
    let is_date = matches!(spec.form, Form::Date(_));
    let Some((field, path)) = artifact.sourced(spec).filter(|_| is_date) else { return Vec::new() };
    let meant = match &scope.pack().timezone {
        Some(zone) => format!("that of the pack is taken: {zone}"),
        None => "nor has the pack one".to_owned(),
    };
    let texts = field.value.texts().into_iter();
    let naive = texts.filter(|(text, _)| moment(text).is_some_and(|one| one.zone.is_none()));
    naive
        .map(|(text, span)| {
            let message = format!("`{}`: `{text}` has no time zone; {meant}", field.key);
            let help = "write the offset after it, such as 2026-05-05T09:14:00+02:00";
            Diagnostic::new(&NAIVE_TIME, path, span, message).help(help)
        })
        .collect()
}

fn misspelt(scope: &Scope<'_>, artifact: &Artifact, field: &Field) -> Option<Diagnostic> {
    let kind = scope.kind(artifact);
    let key = field.key.to_lowercase().replace('_', "-");
    let words = relations().iter().any(|(name, inverse)| *name == key || *inverse == key);
    if key.chars().count() < 4 || words || kind.field(&key).is_some() {
        return None;
    }
    let known: Vec<&str> = kind.all_fields().map(|field| field.name.as_str()).collect();
    let given = |name: &str| artifact.document.front_matter.field(name).is_some();
    // A stricter measure than elsewhere: other tools have keys of their own.
    let limit = (key.chars().count() / 4).clamp(1, 2);
    let near = within(&field.key, limit, known.into_iter().filter(|name| !given(name)))?;
    let message = format!("`{}` is not a field of this kind", field.key);
    let finding = Diagnostic::new(&UNKNOWN_KEY, &artifact.path, &field.key_span, message);
    Some(finding.help(format!("did you mean `{near}`")))
}
