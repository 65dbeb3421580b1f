//! What the approvals of a document come to, as lines of text for a terminal.

use super::approved::{self, GivenView};
use super::standing::state;
use super::unit::Unit;

/// What the approvals of a document come to on the day of judging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// `Approved, stale since 4 May 2026`.
    pub title: String,
    /// What that means, in a sentence.
    pub text: String,
    /// Each approval, the latest first, with what a reader should know about it.
    pub given: Vec<(String, Vec<String>)>,
    /// Whether the history shows that the text is approved.
    pub shown: bool,
    /// Whether nothing more happens to the document, so that nobody need approve it again.
    pub over: bool,
}

impl Unit {
    /// Explains the approvals of a document of this pack.
    pub fn explained(&self, at: usize) -> Explained {
        let edition = &self.edition;
        let status = &edition.inputs.packs.artifacts[at].status;
        let over = state(edition, at).tone == "over";
        let Some(view) = approved::view(self, at, Some(&edition.inputs.as_of), "") else {
            let text = if status.is_approved() {
                "It says that it is approved, and nobody is recorded who approved it."
            } else {
                "Its status does not say that it is approved, and nobody is recorded who approved it."
            };
            return Explained {
                title: "No approval".to_owned(),
                text: text.to_owned(),
                given: Vec::new(),
                shown: false,
                over,
            };
        };
        Explained {
            over,
            shown: approved::judged(edition, at, Some(&edition.inputs.as_of))
                .is_some_and(|judged| judged.is_enough()),
            title: view.title,
            text: view.text,
            given: view.given.into_iter().map(line).collect(),
        }
    }
}

fn line(given: GivenView) -> (String, Vec<String>) {
    let GivenView { who, words, when, assurance, state, notes, .. } = given;
    (format!("{} {words} on {} · {assurance} · {state}", who.name, when.day), notes)
}
