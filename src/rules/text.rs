//! Template text that is left over in approved artifacts.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::pack::Artifact;
use crate::source::Span;

/// Template text in an approved artifact.
pub static PLACEHOLDER: Rule = Rule {
    name: "text.placeholder",
    severity: Severity::Error,
    summary: "An approved artifact still holds template text such as TBD or TODO",
    why: "Somebody will follow this page at night and find a gap where a step should be",
    fix: "Fill it, or write why it does not apply",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&PLACEHOLDER];

const WORDS: [&str; 6] = ["TBD", "TODO", "TBC", "FIXME", "XXX", "???"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let approved = scope.judged().filter(|artifact| artifact.status.is_approved());
    approved.flat_map(of).collect()
}

/// One finding for each section with template text of its own.
fn of(artifact: &Artifact) -> Vec<Diagnostic> {
    let document = &artifact.document;
    let mut found: Vec<(Span, &str)> = Vec::new();
    for (at, word) in placeholders(&document.text) {
        let span = section(document, at);
        if !found.iter().any(|(known, _)| *known == span) {
            found.push((span, word));
        }
    }
    let say = |(span, word): (Span, &str)| {
        let message = format!("`{word}` is left over in an approved artifact");
        Diagnostic::new(&PLACEHOLDER, &artifact.path, &span, message)
            .help("fill it, or write why it does not apply")
    };
    found.into_iter().map(say).collect()
}

/// The heading of the innermost section that holds a place of the text.
fn section(document: &Document, at: usize) -> Span {
    let holding = document.headings.iter().filter(|heading| heading.words.contains(&at));
    holding.max_by_key(|heading| heading.words.start).map_or(0..0, |heading| heading.span.clone())
}

fn placeholders(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().filter_map(move |word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '?');
        WORDS.contains(&bare).then_some((bare.as_ptr() as usize - start, bare))
    })
}
