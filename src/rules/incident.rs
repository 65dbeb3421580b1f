//! Rules about incidents: what was learned.

use super::Rule;
use crate::diagnostic::Severity;

/// A severe incident was resolved a week ago, and nothing says what made it possible.
pub static NO_POSTMORTEM: Rule = Rule {
    name: "incident.no-postmortem",
    severity: Severity::Error,
    summary: "A severe incident was resolved a week ago, and nothing says what made it possible",
    why: "It happens again, and nobody knows why it did the first time",
    fix: "Write the contributing factors without blame, with exact numbers",
};

/// An incident was looked into, and no action followed.
pub static ACTION_MISSING: Rule = Rule {
    name: "incident.action-missing",
    severity: Severity::Warning,
    summary: "An incident was looked into, and no action followed",
    why: "What was found changes nothing",
    fix: "At least one action with an owner and a day, or a sentence why there is none",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NO_POSTMORTEM, &ACTION_MISSING];
