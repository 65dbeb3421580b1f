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
    scope.judged().filter_map(|artifact| unknown(scope, artifact)).collect()
}

fn unknown(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    // Only `kind` itself: its synonyms (`type`, `template`) belong to other tools as well.
    let field = artifact.document.front_matter.field("kind")?;
    let text = field.value.text()?;
    if kinds::find(&scope.packs.kinds, text).is_some() {
        return None;
    }
    let names: Vec<&str> = scope.packs.kinds.iter().map(|kind| kind.name.as_str()).collect();
    let help = did_you_mean(text, names.iter().copied())
        .unwrap_or_else(|| format!("known kinds are {}", names.join(", ")));
    let message = format!("`{text}` is not a known kind");
    Some(Diagnostic::new(&UNKNOWN, &artifact.path, &field.value.span, message).help(help))
}
