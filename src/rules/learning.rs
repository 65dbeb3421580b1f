//! Rules about learnings and what they changed.

use super::Rule;
use crate::diagnostic::Severity;

/// A learning has changed no document yet.
pub static NOT_APPLIED: Rule = Rule {
    name: "learning.not-applied",
    severity: Severity::Note,
    summary: "A learning has changed no document yet",
    why: "What is only remembered is forgotten with the people",
    fix: "Change a template, a runbook or a standard, then link it",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NOT_APPLIED];
