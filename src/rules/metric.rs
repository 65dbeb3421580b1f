//! Rules about figures.

use super::Rule;
use super::observed::{
    BREACH, NO_FILE, OUT_OF_RANGE, TWO_VALUES, UNIT_MIXED, UNKNOWN, UNREADABLE_ROW,
};

/// The rules of this group.
pub static RULES: &[&Rule] =
    &[&BREACH, &NO_FILE, &OUT_OF_RANGE, &TWO_VALUES, &UNIT_MIXED, &UNKNOWN, &UNREADABLE_ROW];
