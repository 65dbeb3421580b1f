//! Rules about assumptions that nobody tests.

use super::Rule;
use crate::diagnostic::Severity;

/// The day by which an assumption was to be tested is over, and it is still open.
pub static UNTESTED: Rule = Rule {
    name: "assumption.untested",
    severity: Severity::Warning,
    summary: "The day by which an assumption was to be tested is over, and it is still open",
    why: "What everybody goes on believing turns out wrong when it costs most",
    fix: "Test it, set another day, or move it to the risks",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNTESTED];
