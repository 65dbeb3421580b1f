//! Rules about decisions: late, unlike the recommendation, without learnings.

use super::Rule;
use crate::diagnostic::Severity;

/// A decision differs from what the rule recommended, and nothing says why.
pub static AGAINST_RECOMMENDATION: Rule = Rule {
    name: "decision.against-recommendation",
    severity: Severity::Error,
    summary: "A decision differs from what the rule recommended, and nothing says why",
    why: "It may well be right; without a reason the next forum cannot tell",
    fix: "Explain it in the rationale; both stay visible",
};

/// A decision is still open after the day by which it was due.
pub static OVERDUE: Rule = Rule {
    name: "decision.overdue",
    severity: Severity::Error,
    summary: "A decision is still open after the day by which it was due",
    why: "Waiting is a decision too, and nobody made it",
    fix: "Decide, or set another day with a reason",
};

/// The decision at the end of a trial says nothing of what was learned.
pub static NO_LEARNINGS: Rule = Rule {
    name: "decision.no-learnings",
    severity: Severity::Note,
    summary: "The decision at the end of a trial says nothing of what was learned",
    why: "The next pilot pays for the same lesson",
    fix: "Three lines under `Learnings`: stopping with evidence is a good end",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&AGAINST_RECOMMENDATION, &OVERDUE, &NO_LEARNINGS];
