//! How a document stands: the status that it states, whether its text changed after that, and who it says decided.
//! All of it follows from the document and its own history.

use super::Edition;
use super::approved::judged;
use super::fields::people;
use super::unit::Unit;
use super::view::{Linked, StatusView};
use crate::approvals::Shown;
use crate::history::{LandingKind, LastChange};
use crate::kinds::{Standing, Status};
use crate::source::Origin;

/// Who decided on a document, as it says itself.
#[derive(Debug, Clone, Hash, serde::Serialize)]
pub(super) struct Decided {
    /// `granted`.
    verb: String,
    /// Persons, seen from the version folder.
    who: Vec<Linked>,
}

impl Decided {
    /// Says so in a sentence.
    pub(super) fn words(&self) -> String {
        format!("It says: {} by {}.", self.verb, self.names().join(", "))
    }

    /// Names them.
    pub(super) fn names(&self) -> Vec<&str> {
        self.who.iter().map(|one| one.text.as_str()).collect()
    }
}

/// Says how a document stands.
pub(super) fn state(edition: &Edition, at: usize) -> StatusView {
    let artifact = &edition.inputs.packs.artifacts[at];
    let status = &artifact.status;
    let kind = edition.inputs.packs.kinds.get(artifact.kind);
    if kind.is_some_and(|kind| kind.is_over(status)) {
        StatusView::over(status)
    } else if let Some(view) = by_approvals(edition, at) {
        view
    } else if status.is_approved() && changed_after(edition, at) {
        StatusView::changed(status)
    } else {
        StatusView::new(status)
    }
}

/// Says how a document stands by its approvals, where these settle it.
fn by_approvals(edition: &Edition, at: usize) -> Option<StatusView> {
    let status = &edition.inputs.packs.artifacts[at].status;
    let judged = judged(edition, at, None)?;
    match judged.shown {
        Shown::Approved => Some(StatusView::new(status)),
        Shown::Stale(text) => Some(StatusView::stale(status, &judged.since(text))),
        _ => None,
    }
}

/// Finds the last change of the bytes that this version holds.
pub(super) fn last(edition: &Edition, at: usize) -> Option<&LastChange> {
    let pack = edition.inputs.packs.artifacts[at].pack;
    Some(&edition.inputs.log.last_changes[edition.lookup(pack).last_change(at)?])
}

/// Finds the entry of the log that made the status what it is; nothing for a status that is not committed or whose
/// landing lies beyond the history.
pub(super) fn stated_by(edition: &Edition, at: usize) -> Option<usize> {
    let artifact = &edition.inputs.packs.artifacts[at];
    let latest = *edition.lookup(artifact.pack).entries(at).last()?;
    let landing = &edition.inputs.log.entries[latest].landing;
    let is_told = landing.kind != LandingKind::Boundary
        && artifact.origin == Origin::Committed
        && matches!(artifact.status, Status::Known { .. });
    is_told.then_some(latest)
}

/// Tells whether a document changed after its status did, and its kind is none whose documents always do.
pub(super) fn changed_after(edition: &Edition, at: usize) -> bool {
    let artifact = &edition.inputs.packs.artifacts[at];
    let living = edition.inputs.packs.kinds.get(artifact.kind).is_some_and(|kind| kind.living);
    let landing = |entry: usize| edition.inputs.log.entries[entry].landing.index;
    let stated = stated_by(edition, at).map(landing);
    let changed = last(edition, at).map(|change| change.landing.index);
    !living && stated.is_some() && changed > stated
}

/// Names those who decided on a document in force, from the fields that its kind keeps for them.
pub(super) fn decided(unit: &Unit, at: usize) -> Option<Decided> {
    let artifact = &unit.packs().artifacts[at];
    let kind = unit.packs().kinds.get(artifact.kind)?;
    if artifact.status.standing() != Standing::Approved {
        return None;
    }
    kind.all_fields().filter(|spec| !spec.decision.is_empty()).find_map(|spec| {
        let who = people(unit, &artifact.field(spec)?.value);
        (!who.is_empty()).then(|| Decided { verb: spec.decision.clone(), who })
    })
}
