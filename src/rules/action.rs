//! Rules about actions that are late.

use super::Rule;
use crate::diagnostic::Severity;

/// The day of an open action is over.
pub static OVERDUE: Rule = Rule {
    name: "action.overdue",
    severity: Severity::Warning,
    summary: "The day of an action is over, and the action is open",
    why: "What was promised after the last incident is what the next one waits for",
    fix: "Do it, set another day with a reason, or drop it",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&OVERDUE];
