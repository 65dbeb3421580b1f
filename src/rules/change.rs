//! Rules about changes: what follows them.

use super::Rule;
use crate::diagnostic::Severity;

/// A change failed, and nothing says what followed: no review, or neither an incident nor the time when all was well again.
pub static FAILED_NO_FOLLOW_UP: Rule = Rule {
    name: "change.failed-no-follow-up",
    severity: Severity::Error,
    summary: "A change failed, and nothing says what followed: no review, or neither an incident nor the time when all was well again",
    why: "Nobody learns from it, and the figures of delivery leave it out",
    fix: "Link the incident, write `restored_at`, and hold the review",
};

/// A change that failed, was an emergency or had a high risk has no review a week after it.
pub static PIR_OVERDUE: Rule = Rule {
    name: "change.pir-overdue",
    severity: Severity::Warning,
    summary: "A change that failed, was an emergency or had a high risk has no review a week after it",
    why: "After a week people remember the excuse better than the cause",
    fix: "Answer five questions: what was met, the effects, the time, the way back, what was learned",
};

/// A closed change names configuration items and no baseline that it changed.
pub static BASELINE_NOT_UPDATED: Rule = Rule {
    name: "change.baseline-not-updated",
    severity: Severity::Warning,
    summary: "A closed change names configuration items and no baseline that it changed",
    why: "The baseline shows old values, and the next drift alert is a false one",
    fix: "Update the baseline in the same merge, and name it in `updates-baseline`",
};

/// An incident says that a change caused it, and the change calls itself successful.
pub static CONTRADICTS_INCIDENT: Rule = Rule {
    name: "change.contradicts-incident",
    severity: Severity::Error,
    summary: "An incident says that a change caused it, and the change calls itself successful",
    why: "The rate of failed changes counts one of the two wrongly",
    fix: "Correct one of them",
};

/// The rules of this group.
pub static RULES: &[&Rule] =
    &[&FAILED_NO_FOLLOW_UP, &PIR_OVERDUE, &BASELINE_NOT_UPDATED, &CONTRADICTS_INCIDENT];
