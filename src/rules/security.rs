//! Rules about security notes: findings, sessions, attestations.

use super::Rule;
use crate::diagnostic::Severity;

/// A finding of a security review is open past its day.
pub static FINDING_OPEN: Rule = Rule {
    name: "security.finding-open",
    severity: Severity::Error,
    summary: "A finding of a security review is open past its day",
    why: "Whoever looked knows where to get in, and so may others",
    fix: "Mend it, set another day with approval, or accept it with a waiver",
};

/// How people log in is described, and nothing of how a session ends.
pub static AUTH_INCOMPLETE: Rule = Rule {
    name: "security.auth-incomplete",
    severity: Severity::Warning,
    summary: "How people log in is described, and nothing of how a session ends",
    why: "A session that never ends is open to the next person at the desk",
    fix: "Write of log-out, length of a session, roles, and who leaves",
};

/// The last day of an attestation is over.
pub static ATTESTATION_EXPIRED: Rule = Rule {
    name: "security.attestation-expired",
    severity: Severity::Error,
    summary: "The last day of an attestation is over",
    why: "What it stood for is no longer attested",
    fix: "Renew it",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&FINDING_OPEN, &AUTH_INCOMPLETE, &ATTESTATION_EXPIRED];
