//! Rows with ids: each id stands for one row or one file of its pack.

use std::collections::BTreeMap;

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::pack::Artifact;

/// One id, two rows.
pub static DUPLICATE: Rule = Rule {
    name: "record.duplicate",
    severity: Severity::Warning,
    summary: "Two rows of a pack, or a row and a file, state the same id",
    why: "A link to the id leads to one of them, and nobody can tell whether that is the one that was meant",
    fix: "Give one of the rows another id, or make its id a link (`[[RSK-004]]`) when it speaks of the other",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&DUPLICATE];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    if scope.own().all(|artifact| artifact.records.is_empty()) {
        return Vec::new();
    }
    let documents = scope.own().filter(|artifact| artifact.has_id);
    let mut first: BTreeMap<String, &Artifact> =
        documents.map(|artifact| (artifact.id.to_lowercase(), artifact)).collect();
    let mut found = Vec::new();
    for artifact in scope.own() {
        for record in &artifact.records {
            let Some(other) = first.get(&record.id.to_lowercase()) else {
                first.insert(record.id.to_lowercase(), artifact);
                continue;
            };
            let message = format!("{} is used by {} too", record.id, place(other, artifact));
            let help = format!(
                "give the row another id, or write [[{}]] when it speaks of the other",
                record.id
            );
            let finding = Diagnostic::new(&DUPLICATE, &artifact.path, &record.span, message);
            found.push(finding.help(help));
        }
    }
    found
}

fn place<'a>(other: &'a Artifact, here: &Artifact) -> &'a str {
    if other.path == here.path { "another row of this file" } else { other.path.as_str() }
}
