//! Rules about what is to be hardened.

use super::Rule;
use crate::diagnostic::Severity;

/// A wish for a feature blocks a gate among what is to be hardened.
pub static FEATURE_IN_HARDENING: Rule = Rule {
    name: "backlog.feature-in-hardening",
    severity: Severity::Warning,
    summary: "A wish for a feature blocks a gate among what is to be hardened",
    why: "A gate that waits for wishes is never passed, and what operation needs waits with it",
    fix: "Take the feature out of what blocks the gate, or say which need of operation it meets",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&FEATURE_IN_HARDENING];
