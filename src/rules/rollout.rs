//! Rules about rollouts.

use super::Rule;
use super::observed::NO_BUDGET_LINK;

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NO_BUDGET_LINK];
