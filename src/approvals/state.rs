//! Whether an approval is still true: what became of its text, of the time it was given for, and of the person's word.

use std::collections::BTreeMap;

use super::record::{Approval, Class, Lacks};
use crate::document::digest::Digest;
use crate::history::{Authorship, Landing};
use crate::source::{ObjectId, RepoPath};

/// A text of a document and the landing that made it so.
#[derive(Debug, Clone)]
pub struct TextAt {
    /// The landing.
    pub landing: Landing,
    /// Who made the change.
    pub by: Option<Authorship>,
    /// Its bytes; nothing when the document was removed.
    pub blob: Option<ObjectId>,
    /// What it says; nothing when it is not there, or there are bytes and this clone lacks them.
    pub digest: Option<Digest>,
    /// What it says however it is written.
    pub likeness: Option<Digest>,
    /// Of sections that approvals speak of: what they say.
    pub sections: BTreeMap<String, Digest>,
    /// Whether the text is known: the blob is here, and no other file states the id.
    pub known: bool,
    /// The files that it shows or includes and that made it another one, while its own words are those before.
    pub beside: Vec<RepoPath>,
}

impl TextAt {
    /// Returns what the whole says, or a part of it.
    pub fn says(&self, part: Option<&str>) -> Option<Digest> {
        part.map_or(self.digest, |name| self.sections.get(name).copied())
    }
}

impl TextAt {
    /// Tells whether this clone lacks it.
    pub fn is_lost(&self) -> bool {
        self.blob.is_some() && self.digest.is_none()
    }
}

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The text says what was approved.
    Valid,
    /// It does again, after it said something else.
    Restored,
    /// It was only written in another way.
    Reformatted,
    /// It says something else since the text at this place.
    Stale(usize),
    /// It was something else already when the approval landed; the place of that text.
    LandedDifferent(usize),
    /// Its last day is over.
    Expired,
    /// It was taken back, or the text was rejected later.
    Revoked,
    /// The same person said something later.
    Superseded,
    /// The text that was approved, or that of today, is not known.
    Unknown,
}

impl State {
    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Restored => "restored",
            Self::Reformatted => "reformatted",
            Self::Stale(_) => "stale",
            Self::LandedDifferent(_) => "landed-different",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Unknown => "unknown",
        }
    }

    /// Tells whether the approval holds for the text of today.
    pub fn holds(self) -> bool {
        matches!(self, Self::Valid | Self::Restored | Self::Reformatted)
    }

    /// Returns the place of the text that first said something else.
    pub fn changed_at(self) -> Option<usize> {
        match self {
            Self::Stale(at) | Self::LandedDifferent(at) => Some(at),
            _ => None,
        }
    }
}

/// Judges the approvals of one document, which come in order of landing, by its texts up to now. Without a day nothing
/// expires: that is for pages, which know no clock.
pub fn states(approvals: &[&Approval], texts: &[TextAt], day: Option<&str>) -> Vec<State> {
    let judge =
        |(at, approval): (usize, &&Approval)| state(approval, &approvals[at + 1..], texts, day);
    approvals.iter().enumerate().map(judge).collect()
}

fn state(approval: &Approval, later: &[&Approval], texts: &[TextAt], day: Option<&str>) -> State {
    let about = |other: &&&Approval| other.scope.is_none() || other.scope == approval.scope;
    let rejects = |other: &&Approval| {
        other.class == Class::Rejects && (other.by.is(&approval.by) || !other.fulfils.is_empty())
    };
    let replaces = |other: &&Approval| {
        let same = other.by.is(&approval.by) && other.scope == approval.scope;
        same && other.class == approval.class && other.assurance >= approval.assurance
    };
    // Somebody who cannot be told now may have taken it back or said it again.
    let may_matter = |other: &&Approval| {
        let again = other.lacks.author && other.by.is(&approval.by);
        (other.lacks.rules || again) && other.class != Class::Other
    };
    let Lacks { later: taken_back, original, .. } = approval.lacks;
    if taken_back || original || later.iter().filter(about).any(may_matter) {
        return State::Unknown;
    }
    if approval.revoked.is_some() || later.iter().filter(about).any(rejects) {
        return State::Revoked;
    }
    if later.iter().any(replaces) {
        return State::Superseded;
    }
    if day.is_some_and(|day| approval.expires.as_deref().is_some_and(|last| last < day)) {
        return State::Expired;
    }
    of_text(approval, texts)
}

/// Compares the text that was approved with the text of today.
fn of_text(approval: &Approval, texts: &[TextAt]) -> State {
    let Some(approved) = approval.digest else { return State::Unknown };
    let said = |text: &TextAt| text.says(approval.scope.as_deref());
    let Some(now) = texts.last() else { return State::Unknown };
    if !now.known {
        return State::Unknown;
    }
    let is_same = |text: &TextAt| said(text) == Some(approved);
    // The text with which the approval landed, and what came after it.
    let landed = texts
        .partition_point(|text| text.landing.index <= approval.landing.index)
        .saturating_sub(1);
    if texts[landed..].iter().any(TextAt::is_lost) {
        return State::Unknown;
    }
    if is_same(now) {
        let always = texts[landed..].iter().all(is_same);
        return if always { State::Valid } else { State::Restored };
    }
    let alike = |text: &TextAt| {
        approval.scope.is_none()
            && approval.likeness.is_some()
            && approval.likeness == text.likeness
    };
    if alike(now) {
        return State::Reformatted;
    }
    let like = |text: &TextAt| is_same(text) || alike(text);
    let differing = texts.iter().rposition(like).map_or(0, |at| at + 1).max(landed);
    if differing == landed { State::LandedDifferent(landed) } else { State::Stale(differing) }
}
