//! What is wrong with what keeps findings quiet: comments beside them, and a baseline.

use super::Rule;
use crate::diagnostic::Severity;

/// A comment cannot be read.
pub static UNCLEAR: Rule = Rule {
    name: "suppression.unclear",
    severity: Severity::Error,
    summary: "A comment that should keep a finding quiet cannot be read",
    why: "It does nothing, and whoever wrote it believes that it does.",
    fix: "Write the rule, the last day and the reason: `<!-- readymark: ignore link.broken until=2026-12-31 reason=\"why\" -->`.",
};

/// The time is over.
pub static EXPIRED: Rule = Rule {
    name: "suppression.expired",
    severity: Severity::Warning,
    summary: "The time for which a comment or a baseline keeps findings quiet is over",
    why: "Somebody promised to mend them by that day.",
    fix: "Mend what is found, or give a new day with a reason.",
};

/// There is nothing to keep quiet.
pub static UNUSED: Rule = Rule {
    name: "suppression.unused",
    severity: Severity::Note,
    summary: "A comment keeps nothing quiet",
    why: "What it was written for is mended; it would hide the next defect of the kind.",
    fix: "Delete the comment.",
};

/// All rules of the group.
pub const RULES: &[&Rule] = &[&UNCLEAR, &EXPIRED, &UNUSED];
