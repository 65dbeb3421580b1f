//! Sections that readers expect: not there, or there and empty. Driven by the kind's data.

use super::field::severity;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Heading;
use crate::kinds::SectionSpec;
use crate::pack::Artifact;

/// A section that is not there.
pub static MISSING: Rule = Rule {
    name: "section.missing",
    severity: Severity::Error,
    summary: "A section that readers of this kind expect is not there",
    why: "In an incident nobody has time to ask where the steps are. In a draft it is worth a note, in an approved \
          artifact it is an error",
    fix: "Add the section, or say in the field `na` why it does not apply",
};

/// A heading with nothing under it.
pub static EMPTY: Rule = Rule {
    name: "section.empty",
    severity: Severity::Error,
    summary: "A section has a heading and nothing under it but template text",
    why: "An empty section looks finished in a table of contents",
    fix: "Write two sentences, link the artifact that covers it, or say in the field `na` why it does not apply",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&MISSING, &EMPTY];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    scope
        .judged()
        .flat_map(|artifact| {
            scope.kind(artifact).sections.iter().filter_map(move |section| of(artifact, section))
        })
        .collect()
}

fn of(artifact: &Artifact, section: &SectionSpec) -> Option<Diagnostic> {
    let severity = severity(section.need, artifact.status.standing())?;
    let headings = section.headings(&artifact.document);
    if headings.iter().any(|heading| heading.filled) || has_reason(artifact, section) {
        return None;
    }
    let mut finding = headings
        .first()
        .map_or_else(|| missing(artifact, section), |heading| empty(artifact, section, heading));
    finding.severity = severity;
    Some(finding)
}

fn empty(artifact: &Artifact, section: &SectionSpec, heading: &Heading) -> Diagnostic {
    let message = format!("the section `{}` is empty", heading.text);
    let finding = Diagnostic::new(&EMPTY, &artifact.path, &heading.span, message);
    if section.hint.is_empty() { finding } else { finding.help(section.hint.clone()) }
}

fn missing(artifact: &Artifact, section: &SectionSpec) -> Diagnostic {
    let message = format!("{} has no section `{}`", artifact.id, section.title);
    let mut accepted = vec![section.title.clone()];
    let other = |word: &&String| section.words[0] != **word;
    accepted.extend(section.synonyms.iter().filter(other).take(2).cloned());
    Diagnostic::new(&MISSING, &artifact.path, &(0..0), message)
        .help(format!("add a heading such as `{}`", accepted.join("`, `")))
}

/// Tells whether `na` gives a reason of at least three words for the section.
pub fn has_reason(artifact: &Artifact, section: &SectionSpec) -> bool {
    let Some(field) = artifact.document.front_matter.field("na") else { return false };
    let reason = field.value.inner(&section.name).and_then(|entry| entry.value.text());
    reason.is_some_and(|reason| reason.split_whitespace().count() >= 3)
}
