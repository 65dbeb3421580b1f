//! Rules about tests: the data they ran on.

use super::Rule;
use crate::diagnostic::Severity;

/// Only hand-picked data was tested, and less than 50 cases.
pub static CURATED_ONLY: Rule = Rule {
    name: "test.curated-only",
    severity: Severity::Warning,
    summary: "Only hand-picked data was tested, and less than 50 cases",
    why: "A demo shows the way that works",
    fix: "Add real samples with gaps, odd forms and volume",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&CURATED_ONLY];
