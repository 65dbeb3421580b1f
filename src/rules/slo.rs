//! Rules about service levels.

use super::Rule;
use super::observed::BUDGET_EXHAUSTED;

/// The rules of this group.
pub static RULES: &[&Rule] = &[&BUDGET_EXHAUSTED];
