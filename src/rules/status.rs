//! Statuses that say nothing: none, template text, an unknown word. None of them counts as approved.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{Kind, Need, Status};
use crate::nearest::did_you_mean;
use crate::pack::Artifact;

/// A word that the kind does not know.
pub static UNKNOWN: Rule = Rule {
    name: "status.unknown",
    severity: Severity::Warning,
    summary: "The status is a word that the kind does not know",
    why: "It is shown as written and counts as not approved",
    fix: "Use one of the words of the kind's life cycle, or add the word to the kind",
};

/// Template text.
pub static PLACEHOLDER: Rule = Rule {
    name: "status.placeholder",
    severity: Severity::Warning,
    summary: "The status is still the text of a template",
    why: "Nobody has decided where the artifact stands, so it counts as not approved",
    fix: "Choose one of the words",
};

/// No status.
pub static MISSING: Rule = Rule {
    name: "status.missing",
    severity: Severity::Note,
    summary: "The artifact has no status",
    why: "Readers cannot tell whether it is in force, so it counts as not approved",
    fix: "Add `status` with a word of the kind's life cycle",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNKNOWN, &PLACEHOLDER, &MISSING];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    scope.judged().filter_map(|artifact| of(scope.kind(artifact), artifact)).collect()
}

fn of(kind: &Kind, artifact: &Artifact) -> Option<Diagnostic> {
    let found = kind.field("status").and_then(|spec| artifact.sourced(spec));
    let (path, span) =
        found.map_or((&artifact.path, 0..0), |(field, path)| (path, field.value.span.clone()));
    let find = |rule, message: String| Diagnostic::new(rule, path, &span, message);
    let names = || kind.statuses.iter().map(|status| status.name.as_str());
    let choices = || format!("write one of {}", names().collect::<Vec<_>>().join(", "));
    match &artifact.status {
        Status::Unknown(text) => {
            let words = kind.statuses.iter().flat_map(crate::kinds::StatusSpec::words);
            let help = did_you_mean(text, words).unwrap_or_else(choices);
            let message = format!("`{text}` is not a status of a {}", kind.title.to_lowercase());
            Some(find(&UNKNOWN, message).help(help))
        }
        Status::Placeholder(text) => {
            let message = format!("`{text}` is the text of a template, not a status");
            Some(find(&PLACEHOLDER, message).help(choices()))
        }
        Status::Absent if kind.field("status")?.need == Need::Required => {
            let message = format!("{} has no status", artifact.id);
            let finding = Diagnostic::new(&MISSING, &artifact.path, &(0..0), message);
            Some(finding.help(choices()))
        }
        _ => None,
    }
}
