//! Rules about architectures: qualities and infrastructure.

use super::Rule;
use crate::diagnostic::Severity;

/// The target of a quality holds no number.
pub static NFR_WITHOUT_NUMBER: Rule = Rule {
    name: "arch.nfr-without-number",
    severity: Severity::Warning,
    summary: "The target of a quality holds no number",
    why: "Fast and available mean something else to everybody, and nobody can test them",
    fix: "Write a number with its unit, and under which load it holds",
};

/// A quality has a target, and nothing shows that it is reached: no measured value, no evidence, no test.
pub static NFR_UNVERIFIED: Rule = Rule {
    name: "arch.nfr-unverified",
    severity: Severity::Warning,
    summary: "A quality has a target, and nothing shows that it is reached: no measured value, no evidence, no test",
    why: "What was never measured fails in the first busy hour",
    fix: "Write the measured value, or link the test or the figure that shows it",
};

/// The trial runs, and nobody has approved the infrastructure.
pub static INFRA_NOT_APPROVED: Rule = Rule {
    name: "arch.infra-not-approved",
    severity: Severity::Note,
    summary: "The trial runs, and nobody has approved the infrastructure",
    why: "Such an approval can take weeks; asked for during the trial it does not hold up the handoff",
    fix: "Add `infrastructure_approved` with who approved it and when, or ask for it now",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&NFR_WITHOUT_NUMBER, &NFR_UNVERIFIED, &INFRA_NOT_APPROVED];
