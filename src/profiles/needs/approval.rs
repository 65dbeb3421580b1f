//! Whose approval a document needs. The history shows approvals, and verdicts do not read it yet: unknown, with the
//! reason.

use super::{Candidate, Judge, Need, Problem, unknown};
use crate::toml::Table;

/// Who must have approved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Consent {
    /// Roles of which each must have approved.
    roles: Vec<String>,
}

impl Consent {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self { roles: keys.texts("approved-by") }
    }
}

pub(super) fn problems(_: &Judge<'_>, need: &Need, _: &Candidate<'_>) -> Vec<Problem> {
    let roles = &need.approval.roles;
    if roles.is_empty() {
        return Vec::new();
    }
    let roles = roles.join("` and `");
    vec![unknown(format!(
        "whether `{roles}` approved it stands in the history, which verdicts do not read yet"
    ))]
}
