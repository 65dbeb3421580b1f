//! What the approvals of a document or of a part of it come to, as lines of text for a terminal.

use super::approved::{self, GivenView, given_view, judged};
use super::standing::state;
use super::unit::Unit;
use super::view::day;
use super::waiting::wanted;
use crate::approvals::{Hindrance, Judged, Lack, asked};

/// What the approvals of a document, or of a part of it, come to on the day of judging.
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
    /// What must be mended before another approval of the whole can count.
    pub hindrance: Option<Hindrance>,
}

impl Unit {
    /// Explains the approvals of a document of this pack.
    pub fn explained(&self, at: usize) -> Explained {
        let edition = &self.edition;
        let status = &edition.inputs.packs.artifacts[at].status;
        let over = matches!(state(edition, at).tone, "over" | "closed");
        let judged = judged(edition, at, Some(&edition.inputs.as_of));
        let told = judged.as_ref().and_then(|judged| approved::told(self, at, judged, ""));
        let Some((judged, view)) = judged.zip(told) else {
            let text = if status.is_approved() {
                "It says that it is approved, and nobody is recorded who approved it."
            } else {
                "Its status does not say that it is approved, and nobody is recorded who approved it."
            };
            return self.unapproved(text, over);
        };
        let policy = edition.policy(self.pack);
        let wanted = wanted(self, at);
        let holders = wanted.iter().map(|party| policy.holders(party, Some(&edition.inputs.as_of)));
        Explained {
            over,
            hindrance: Hindrance::of(&judged.given(), &holders.collect::<Vec<_>>()),
            shown: judged.is_enough(),
            title: view.title,
            text: view.text,
            given: view.given.into_iter().map(line).collect(),
        }
    }

    /// Explains the approvals of a part of a document, which these roles or persons must give.
    pub fn explained_part(&self, at: usize, part: &str, wanted: &[String]) -> Explained {
        let edition = &self.edition;
        let over = matches!(state(edition, at).tone, "over" | "closed");
        let today = edition.inputs.as_of.as_str();
        let Some(judged) = judged(edition, at, Some(today)) else {
            return self.unapproved("Nobody is recorded who approved it.", over);
        };
        let own = judged.approvals.iter().rev();
        let own = own.filter(|(one, _)| one.scope.as_deref() == Some(part));
        let given: Vec<_> =
            own.map(|(one, state)| line(given_view(self, at, &judged, one, *state))).collect();
        if given.is_empty() {
            return self.unapproved("Nobody is recorded who approved it.", over);
        }
        let lacks = wanted.iter().filter_map(|party| {
            asked(&judged.approvals, Some(part), party, "").filter(|lack| !is_soon(lack))
        });
        let (title, text) = match lacks.min_by_key(|lack| lack == &Lack::Never) {
            _ if wanted.is_empty() => {
                ("Approval undetermined".to_owned(), "No rule says who must approve it.")
            }
            None => ("Approved".to_owned(), "Whoever must approve it did."),
            Some(lack) => told_part(&judged, &lack),
        };
        let (shown, text) = (title == "Approved", text.to_owned());
        Explained { title, text, given, shown, over, hindrance: None }
    }

    /// Explains that nobody is recorded; of a history that is not whole, that somebody may have approved it.
    fn unapproved(&self, text: &str, over: bool) -> Explained {
        let (title, text) = if self.edition.inputs.log.statement.complete() {
            ("No approval", text)
        } else {
            (
                "Approval undetermined",
                "Whether somebody approved it is not known: this clone lacks some of the history.",
            )
        };
        let (title, text) = (title.to_owned(), text.to_owned());
        Explained { title, text, given: Vec::new(), shown: false, over, hindrance: None }
    }
}

fn is_soon(lack: &Lack) -> bool {
    matches!(lack, Lack::Ends(_))
}

/// Says what is lacking for a part.
fn told_part(judged: &Judged<'_>, lack: &Lack) -> (String, &'static str) {
    match lack {
        Lack::Changed(text) => (
            format!("Approved, stale since {}", judged.since(*text)),
            "It said something else when it was approved.",
        ),
        Lack::Expired(last) => (
            format!("Approved until {}", day(last)),
            "The approval was given for a time that is over.",
        ),
        Lack::TakenBack => ("Not approved".to_owned(), "The approval was taken back."),
        Lack::Unsure => ("Not approved".to_owned(), "The approval is not as sure as it must be."),
        Lack::Never => ("Not approved".to_owned(), "Not everybody approved it who must."),
        Lack::Untold => {
            ("Approval undetermined".to_owned(), "Whether it was approved is not known.")
        }
        Lack::Unknown | Lack::Ends(_) => {
            ("Approval undetermined".to_owned(), "Which text was approved is not known.")
        }
    }
}

fn line(given: GivenView) -> (String, Vec<String>) {
    let GivenView { who, words, when, assurance, state, notes, .. } = given;
    (format!("{} {words} on {} · {assurance} · {state}", who.name, when.day), notes)
}
