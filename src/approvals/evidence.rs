//! What a document declares beside what the repository can show: neither stands in for the other.

use super::duty::Duty;
use super::record::{Approval, Class};
use super::state::State;
use crate::kinds::Standing;

/// What approvals add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Everybody who must approve did, and the text is that one.
    Enough,
    /// Everybody did, but the text says something else since the text at this place.
    Stale(usize),
    /// Everybody did, but an approval is over.
    Expired,
    /// Some of those who must approve did not, or what there is does not count.
    Insufficient,
    /// Nobody approved it.
    None,
    /// It cannot be told.
    Undetermined,
}

impl Evidence {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enough => "approved",
            Self::Stale(_) => "stale",
            Self::Expired => "expired",
            Self::Insufficient => "insufficient",
            Self::None => "none",
            Self::Undetermined => "undetermined",
        }
    }
}

/// Adds up the approvals of one whole document with their states. `complete` says whether all of the history is there:
/// what is not there may hold an approval.
pub fn evidence(approvals: &[(&Approval, State)], complete: bool) -> Evidence {
    match of_known(approvals) {
        Evidence::Enough => Evidence::Enough,
        _ if !complete => Evidence::Undetermined,
        known => known,
    }
}

/// Adds up the approvals as if there were no others.
fn of_known(approvals: &[(&Approval, State)]) -> Evidence {
    let whole =
        || approvals.iter().filter(|(one, _)| one.scope.is_none() && one.class == Class::Approves);
    let Some((latest, _)) = whole().next_back() else { return Evidence::None };
    let all = |wanted: &dyn Fn(State) -> bool| {
        let counting = || whole().filter(|(one, state)| one.counts() && wanted(*state));
        let given = |party: &String| counting().any(|(one, _)| one.fulfils.contains(party));
        !latest.wanted.is_empty() && latest.wanted.iter().all(given)
    };
    let changed = |state: State| state.holds() || state.changed_at().is_some();
    if all(&State::holds) {
        Evidence::Enough
    } else if all(&|state| state.holds() || state == State::Expired) {
        Evidence::Expired
    } else if all(&changed) {
        let places =
            whole().filter(|(one, _)| one.counts()).filter_map(|(_, state)| state.changed_at());
        Evidence::Stale(places.min().unwrap_or_default())
    } else if whole().any(|(one, state)| is_open(one, *state)) {
        Evidence::Undetermined
    } else {
        Evidence::Insufficient
    }
}

/// Tells whether an approval might count if more were known.
fn is_open(approval: &Approval, state: State) -> bool {
    if !approval.lacks.nothing() {
        return state != State::Revoked;
    }
    let is_over = matches!(state, State::Revoked | State::Superseded);
    let unknown = approval.duty == Duty::Undetermined && !is_over;
    unknown || state == State::Unknown && matches!(approval.duty, Duty::Ok | Duty::Undetermined)
}

/// How a document is shown, from both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Declared approved, and it is.
    Approved,
    /// Declared approved; its text changed since the text at this place.
    Stale(usize),
    /// Declared approved; an approval is over.
    Expired,
    /// Declared approved without evidence.
    Claimed,
    /// It cannot be told.
    Undetermined,
    /// Approved, but it does not say so yet.
    NotYetMarked,
    /// As it declares.
    Declared,
}

/// The table.
pub fn shown(declared: Standing, evidence: Evidence) -> Shown {
    match (declared, evidence) {
        (Standing::Approved, Evidence::Enough) => Shown::Approved,
        (Standing::Approved, Evidence::Stale(at)) => Shown::Stale(at),
        (Standing::Approved, Evidence::Expired) => Shown::Expired,
        (Standing::Approved, Evidence::None | Evidence::Insufficient) => Shown::Claimed,
        (Standing::Approved, Evidence::Undetermined) => Shown::Undetermined,
        (Standing::Draft, Evidence::Enough) => Shown::NotYetMarked,
        (Standing::Draft | Standing::Closed, _) => Shown::Declared,
    }
}
