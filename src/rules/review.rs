//! Rules about reviews.

use super::Rule;
use super::observed::PAUSE_IGNORED;

/// The rules of this group.
pub static RULES: &[&Rule] = &[&PAUSE_IGNORED];
