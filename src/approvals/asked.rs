//! What is still asked of those who must approve a document: an approval that was never given, or that no longer holds.

use super::record::{Approval, Class};
use super::state::State;

/// Why an approval is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nobody who must has approved it in a way that counts.
    Never,
    /// The text says something else since the text at this place.
    Changed(usize),
    /// It was taken back, or the text was rejected later.
    TakenBack,
    /// Which text was approved is not known.
    Unknown,
    /// Whether anybody approved it is not known.
    Untold,
    /// Its last day is over.
    Expired(String),
    /// Its last day comes soon.
    Ends(String),
}

impl Lack {
    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Never => "never-given",
            Self::Changed(_) => "stale",
            Self::TakenBack => "revoked",
            Self::Unknown | Self::Untold => "unknown",
            Self::Expired(_) => "expired",
            Self::Ends(_) => "ends-soon",
        }
    }
}

/// Tells what a party has still to give, among the approvals of one document and of one part of it; nothing when its
/// approval holds beyond the day `soon`.
pub fn asked(
    approvals: &[(&Approval, State)],
    scope: Option<&str>,
    party: &str,
    soon: &str,
) -> Option<Lack> {
    let mut given = approvals.iter().filter(|(one, _)| {
        one.counts() && one.scope.as_deref() == scope && one.fulfils.iter().any(|own| own == party)
    });
    let mut holding = given.clone().filter(|(_, state)| state.holds()).peekable();
    if holding.peek().is_some() {
        let last =
            holding.map(|(one, _)| one.expires.as_deref()).max_by_key(|day| (day.is_none(), *day));
        let ends = last.flatten().filter(|day| *day <= soon);
        return ends.map(|day| Lack::Ends(day.to_owned()));
    }
    let Some((one, state)) = given.next_back() else { return Some(Lack::Never) };
    Some(match state {
        State::Stale(at) | State::LandedDifferent(at) => Lack::Changed(*at),
        State::Expired => Lack::Expired(one.expires.clone().unwrap_or_default()),
        State::Revoked => Lack::TakenBack,
        _ => Lack::Unknown,
    })
}

/// Lists the parts of a document that somebody approved in a way that counts.
pub fn parts<'a>(approvals: &[(&'a Approval, State)]) -> Vec<&'a str> {
    let counting = approvals.iter().filter(|(one, _)| one.counts() && one.class == Class::Approves);
    let mut parts: Vec<&str> = counting.filter_map(|(one, _)| one.scope.as_deref()).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}
