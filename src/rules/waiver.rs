//! Waivers that have run out or never will. A waiver is an artifact whose kind has the field `waives`.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::pack::Artifact;

/// The last day has passed.
pub static EXPIRED: Rule = Rule {
    name: "waiver.expired",
    severity: Severity::Error,
    summary: "A waiver is past its last day and was not closed",
    why: "What it covered counts as missing again",
    fix: "Close it with evidence, or grant a new one with a reason",
};

/// There is no last day.
pub static NO_EXPIRY: Rule = Rule {
    name: "waiver.no-expiry",
    severity: Severity::Error,
    summary: "A waiver in force has no last day",
    why: "A waiver that never ends is a change of the rules; it covers nothing here",
    fix: "Add `expires` with a day, such as 2026-05-15",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&EXPIRED, &NO_EXPIRY];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let waivers = scope
        .judged()
        .filter(|artifact| scope.kind(artifact).fields.iter().any(|field| field.name == "waives"));
    waivers
        .filter(|artifact| artifact.status.is_approved())
        .filter_map(|artifact| of(scope, artifact))
        .collect()
}

fn of(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    let spec = scope.kind(artifact).field("expires")?;
    let sourced = artifact.sourced(spec);
    let field = sourced.map(|(field, _)| field);
    let path = sourced.map_or(&artifact.path, |(_, path)| path);
    let Some(day) = field.and_then(|field| spec.form.day(field.value.text()?)) else {
        let message = format!("{} has no last day", artifact.id);
        let span = field.map_or(0..0, |field| field.value.span.clone());
        let finding = Diagnostic::new(&NO_EXPIRY, path, &span, message);
        return Some(finding.help("add `expires` with a day, such as 2026-05-15"));
    };
    let span = field.map_or(0..0, |field| field.value.span.clone());
    (day.as_str() < scope.day()).then(|| {
        let message = format!("{} ended on {day}; what it covered counts again", artifact.id);
        Diagnostic::new(&EXPIRED, path, &span, message)
            .help("close it with evidence, or grant a new one with a reason")
    })
}
