//! Rules about ids and addresses.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::common_field;
use crate::pack::Artifact;
use crate::source::Span;

/// Two files would be one page.
pub static SAME_ADDRESS: Rule = Rule {
    name: "id.same-address",
    severity: Severity::Error,
    summary: "Two files would be published at the same address.",
    why: "One page would hide the other, on every system or on those that ignore the case of letters.",
    fix: "Rename one of the files.",
};

/// One id, two files.
pub static DUPLICATE: Rule = Rule {
    name: "id.duplicate",
    severity: Severity::Error,
    summary: "Two files of a pack state the same id",
    why: "A link to the id cannot be trusted until one of the files is renamed. The case of letters does not count",
    fix: "Give one of the files another id",
};

/// An artifact without an id.
pub static MISSING: Rule = Rule {
    name: "id.missing",
    severity: Severity::Error,
    summary: "An artifact of a kind with ids states none",
    why: "Its links, its history and its approvals break when the file is renamed. In a draft it is a warning",
    fix: "Add an `id` with the prefix of the kind",
};

/// An id with another kind's prefix.
pub static WRONG_PREFIX: Rule = Rule {
    name: "id.wrong-prefix",
    severity: Severity::Note,
    summary: "An id does not begin with the prefix of its kind",
    why: "Readers tell kinds apart by the prefix",
    fix: "Correct the id or the kind",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&SAME_ADDRESS, &DUPLICATE, &MISSING, &WRONG_PREFIX];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = duplicates(scope);
    found.extend(scope.judged().filter_map(|artifact| missing(scope, artifact)));
    found.extend(scope.judged().filter_map(|artifact| wrong_prefix(scope, artifact)));
    found
}

/// The form in which ids are compared.
fn fold(id: &str) -> String {
    id.nfc().collect::<String>().to_lowercase()
}

fn place(artifact: &Artifact) -> Span {
    common_field(&artifact.document.front_matter, "id")
        .map_or(0..0, |field| field.value.span.clone())
}

fn duplicates(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &Artifact> = BTreeMap::new();
    let mut found = Vec::new();
    for artifact in scope.own().filter(|artifact| artifact.has_id) {
        let key = fold(&artifact.id);
        let Some(other) = first.get(&key) else {
            first.insert(key, artifact);
            continue;
        };
        let message = format!("{} is used by {} and by {}", artifact.id, other.path, artifact.path);
        let finding = Diagnostic::new(&DUPLICATE, &artifact.path, &place(artifact), message);
        found.push(
            finding.help("give one of them another id; until then links to it lead to the first"),
        );
    }
    found
}

fn missing(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    let kind = scope.kind(artifact);
    if artifact.has_id || kind.prefix.is_empty() {
        return None;
    }
    let message = format!("this {} has no id", kind.title.to_lowercase());
    let mut finding = Diagnostic::new(&MISSING, &artifact.path, &(0..0), message);
    if !artifact.status.is_approved() {
        finding.severity = Severity::Warning;
    }
    Some(finding.help(format!("add `id: {}`", next_id(scope, artifact))))
}

/// The first number that no artifact of the pack uses.
fn next_id(scope: &Scope<'_>, artifact: &Artifact) -> String {
    let prefix = &scope.kind(artifact).prefix;
    let used: Vec<String> = scope.own().map(|other| fold(&other.id)).collect();
    let free = |number: &usize| !used.contains(&fold(&format!("{prefix}-{number:03}")));
    format!("{prefix}-{:03}", (1..=9999).find(free).unwrap_or(1))
}

fn wrong_prefix(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    let prefix = &scope.kind(artifact).prefix;
    let right = fold(&artifact.id).starts_with(&fold(&format!("{prefix}-")));
    if !artifact.has_id || prefix.is_empty() || right {
        return None;
    }
    let title = scope.kind(artifact).title.to_lowercase();
    let message = format!("{} is the id of a {title}, whose ids begin with {prefix}-", artifact.id);
    Some(Diagnostic::new(&WRONG_PREFIX, &artifact.path, &place(artifact), message))
}
