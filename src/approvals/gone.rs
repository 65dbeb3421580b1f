//! Whether somebody who approved is still there: an approval stays true for its time, and somebody else would confirm it.

use super::policy::Policy;
use super::record::Approval;
use crate::pack::People;

/// That somebody who approved is there no longer, or will not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    /// The registry does not list the person any more.
    NotListed,
    /// The person's last day.
    Leaves(String),
    /// A role and the last day in it.
    RoleEnds(String, String),
    /// The person does not hold the role any more.
    RoleOver(String),
}

impl Gone {
    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotListed => "not-listed",
            Self::Leaves(_) => "left",
            Self::RoleEnds(..) | Self::RoleOver(_) => "role-ended",
        }
    }

    /// Returns the last day, when one is known.
    pub fn last_day(&self) -> Option<&str> {
        match self {
            Self::Leaves(day) | Self::RoleEnds(_, day) => Some(day),
            Self::NotListed | Self::RoleOver(_) => None,
        }
    }

    /// Tells whether that has come to pass on a day.
    pub fn is_past(&self, today: &str) -> bool {
        self.last_day().is_none_or(|last| last < today)
    }
}

/// Tells whether whoever approved is no longer there, or no longer in the role for which it counted.
pub fn gone(policy: &Policy, people: &People, one: &Approval) -> Option<Gone> {
    let id = one.by.person.as_deref()?;
    let Some(at) = people.person(id) else { return Some(Gone::NotListed) };
    if let Some(last) = &people.persons[at].days.until {
        return Some(Gone::Leaves(last.clone()));
    }
    let ended = |party: &String| {
        let role = people.written(party);
        if !policy.holders(party, None).iter().any(|holder| holder == id) {
            return Some(Gone::RoleOver(role));
        }
        policy.last_day(id, party).map(|last| Gone::RoleEnds(role, last.to_owned()))
    };
    let ends: Option<Vec<Gone>> = one.fulfils.iter().map(ended).collect();
    // One who still speaks for one of those who must is not gone.
    ends?.into_iter().max_by_key(|gone| gone.last_day().map(str::to_owned))
}
