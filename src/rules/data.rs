//! Rules about data sheets.

use super::Rule;
use super::observed::DRIFT_UNMONITORED;

/// The rules of this group.
pub static RULES: &[&Rule] = &[&DRIFT_UNMONITORED];
