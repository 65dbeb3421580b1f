//! What keeps a further approval of a document from counting, however often the same people give it.

use super::duty::{Duty, Identity};
use super::record::{Approval, Class};

/// What must be mended before another approval can count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// Whoever may approve it wrote some of it.
    Own,
    /// The registry does not know these, who wrote some of it.
    Unknown(Vec<String>),
}

impl Hindrance {
    /// Finds it among the approvals of a document, in order of landing, and those who may speak for each party that must.
    pub fn of(approvals: &[&Approval], parties: &[Vec<String>]) -> Option<Self> {
        let may_none = |holders: &Vec<String>| {
            !holders.is_empty() && holders.iter().all(|id| wrote(approvals, id))
        };
        if parties.iter().any(may_none) {
            return Some(Self::Own);
        }
        let is_whole = |one: &&&Approval| one.scope.is_none() && one.class == Class::Approves;
        let latest = approvals.iter().rfind(is_whole)?;
        let unknown = latest.contributors.iter().filter(|it| it.identity == Identity::Unknown);
        let names: Vec<String> = unknown.map(|it| it.name.clone()).collect();
        (latest.duty == Duty::Undetermined && !names.is_empty()).then_some(Self::Unknown(names))
    }
}

/// Tells whether the last approval of a person did not count because the person wrote the text, and nobody's did since.
pub fn wrote(approvals: &[&Approval], person: &str) -> bool {
    let is_theirs = |one: &Approval| one.by.person.as_deref() == Some(person);
    let told = |one: &&&Approval| one.counts() || is_theirs(one) && one.duty == Duty::SelfApproved;
    approvals.iter().rfind(told).is_some_and(|one| !one.counts())
}
