//! How a document came to its status: each step with the text that changed since the step before.

use std::borrow::Cow;

use serde::Serialize;

use super::approved::judged;
use super::artifact::{ChangeView, DocumentLink, LandingView, change, landing, link};
use super::entry::{EntryView, entry};
use super::standing::last;
use super::unit::Unit;
use crate::diff::{self, Hunk};
use crate::pack::contacts::Covered;
use crate::source::{ObjectId, ReadBlob};

/// The page of a document's past.
#[derive(Debug, Hash, Serialize)]
pub(super) struct PastView {
    document: DocumentLink,
    /// What changed since a text was approved.
    approval: Option<SinceView>,
    steps: Vec<StepView>,
}

/// What changed since a text was approved.
#[derive(Debug, Hash, Serialize)]
struct SinceView {
    hunks: Vec<Hunk>,
    /// What is said in place of a comparison.
    note: &'static str,
    #[serde(skip)]
    texts: (ObjectId, ObjectId),
}

/// A step, the latest first.
#[derive(Debug, Hash, Serialize)]
struct StepView {
    /// Nothing when the text alone changed, after all entries.
    entry: Option<EntryView>,
    changed: Option<ChangeView>,
    landing: Option<LandingView>,
    hunks: Vec<Hunk>,
    /// What is said in place of a comparison.
    note: &'static str,
    #[serde(skip)]
    texts: (Option<ObjectId>, Option<ObjectId>),
}

/// A point in the life of a document: its entry in the log and its text after it.
type Point = (Option<usize>, Option<ObjectId>);

/// Tells whether there is more to tell than one text.
pub(super) fn has_past(unit: &Unit, at: usize) -> bool {
    points(unit, at).len() > 1 || approved(unit, at).is_some()
}

/// Finds the text that was approved last and that of today, when they differ.
fn approved(unit: &Unit, at: usize) -> Option<(ObjectId, ObjectId)> {
    judged(&unit.edition, at, None)?.changed()
}

/// Lists the entries of a document in order, and its last text when no entry has it.
fn points(unit: &Unit, at: usize) -> Vec<Point> {
    let log = &unit.edition.inputs.log;
    let entries = unit.lookup().entries(at).iter();
    let mut points: Vec<Point> = entries.map(|at| (Some(*at), log.entries[*at].blob)).collect();
    let now = last(&unit.edition, at).map(|change| change.blob);
    if !points.is_empty() && now.is_some() && points.last().map(|(_, blob)| *blob) != Some(now) {
        points.push((None, now));
    }
    points
}

pub(super) fn view(unit: &Unit, at: usize) -> PastView {
    let points = points(unit, at);
    let before = std::iter::once(None).chain(points.iter().map(|(_, blob)| *blob));
    let steps = points.iter().zip(before).map(|((step, after), before)| StepView {
        entry: step.map(|step| entry(unit, step)),
        changed: if step.is_none() { change(unit, at) } else { None },
        landing: if step.is_none() { landing(unit, at) } else { None },
        hunks: Vec::new(),
        note: "",
        texts: (before, *after),
    });
    let mut steps: Vec<StepView> = steps.collect();
    steps.reverse();
    let since = |texts| SinceView { hunks: Vec::new(), note: "", texts };
    PastView { document: link(unit, at), approval: approved(unit, at).map(since), steps }
}

impl PastView {
    /// Reads the texts and compares each with the one before.
    pub(super) fn compare(&mut self, unit: &Unit, read: &dyn ReadBlob) {
        let covered = Covered { read, contacts: &unit.packs().contacts };
        if let Some(since) = &mut self.approval {
            let (before, after) = since.texts;
            match compared(&covered, (Some(before), Some(after))) {
                Ok(hunks) => since.hunks = hunks,
                Err(note) => since.note = note,
            }
        }
        for step in &mut self.steps {
            match compared(&covered, step.texts) {
                Ok(hunks) => step.hunks = hunks,
                Err(note) => step.note = note,
            }
        }
    }
}

/// Lists what differs, or says why there is nothing to show.
pub(super) fn compared(
    read: &dyn ReadBlob,
    texts: (Option<ObjectId>, Option<ObjectId>),
) -> Result<Vec<Hunk>, &'static str> {
    let text = |blob| {
        let bytes = read.read(blob).map_err(|_| "The text is not in this clone.")?;
        Ok::<_, &'static str>(String::from_utf8_lossy(&bytes).into_owned())
    };
    match texts {
        (_, None) => Err("The document was removed."),
        (None, Some(_)) => Err("The text was new."),
        (Some(before), Some(after)) if before == after => Err("The text stayed the same."),
        (Some(before), Some(after)) => {
            let (before, after) = (text(before)?, text(after)?);
            let hunks = diff::hunks(&lines(&before), &lines(&after));
            match hunks.ok_or("The text is too long to be compared.")? {
                hunks if hunks.is_empty() => Err("Only the ends of lines changed."),
                hunks => Ok(hunks),
            }
        }
    }
}

/// How lines end is no difference.
fn lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}
