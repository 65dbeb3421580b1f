//! Kinds that nobody knows.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds;
use crate::nearest::did_you_mean;
use crate::pack::Artifact;

/// The file names a kind that is not known.
pub static UNKNOWN: Rule = Rule {
    name: "kind.unknown",
    severity: Severity::Warning,
    summary: "The `kind` of a file is none that the program or the repository knows",
    why: "The file is shown as an ordinary page and counts for nothing",
    fix: "Use a known kind, or describe the new one in `kinds/`",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNKNOWN];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    scope.meant().filter_map(|artifact| unknown(scope, artifact)).collect()
}

fn unknown(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    // Only `kind` itself: its synonyms (`type`, `template`) belong to other tools as well.
    let field = artifact.document.front_matter.field("kind")?;
    let text = field.value.text()?;
    if kinds::find(&scope.packs.kinds, text).is_some() {
        return None;
    }
    let names: Vec<&str> = scope.packs.kinds.iter().map(|kind| kind.name.as_str()).collect();
    let near = did_you_mean(text, names.iter().copied());
    let message = format!("`{text}` is not a known kind");
    let mut finding = Diagnostic::new(&UNKNOWN, &artifact.path, &field.value.span, message);
    if near.is_none() {
        // Far from every known kind it is a company's own word rather than a slip.
        finding.severity = Severity::Note;
    }
    Some(finding.help(near.unwrap_or_else(|| format!("known kinds are {}", names.join(", ")))))
}
