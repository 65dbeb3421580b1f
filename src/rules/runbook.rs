//! Rules about runbooks: thresholds and exercises.

use super::Rule;
use crate::diagnostic::Severity;

/// An alert says neither at which value nor for how long.
pub static THRESHOLD_MISSING: Rule = Rule {
    name: "runbook.threshold-missing",
    severity: Severity::Warning,
    summary: "An alert says neither at which value nor for how long",
    why: "Who is woken by it cannot tell whether it is real",
    fix: "Such as: p95 above 2 s for 10 min",
};

/// Nobody has followed a runbook, neither in an exercise nor in an incident.
pub static NEVER_EXERCISED: Rule = Rule {
    name: "runbook.never-exercised",
    severity: Severity::Warning,
    summary: "In a pack that is judged nobody has followed a runbook, neither in an exercise nor in an incident",
    why: "The first reader at night finds the step that does not work",
    fix: "Ask somebody who did not write it to follow it, and record the exercise",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&THRESHOLD_MISSING, &NEVER_EXERCISED];
