//! Rules about contracts of suppliers.

use super::Rule;
use crate::diagnostic::Severity;

/// The contract of a supplier says nothing of its milestones, how one can leave, how data is handled or how knowledge is handed over.
pub static SOW_INCOMPLETE: Rule = Rule {
    name: "supplier.sow-incomplete",
    severity: Severity::Warning,
    summary: "The contract of a supplier says nothing of its milestones, how one can leave, how data is handled or how knowledge is handed over",
    why: "What is not in the contract is asked for when it is needed most",
    fix: "Add it to the contract, and to the table",
};

/// A milestone that is due at no gate.
pub static MILESTONE_WITHOUT_GATE: Rule = Rule {
    name: "supplier.milestone-without-gate",
    severity: Severity::Note,
    summary: "A milestone in the contract of a supplier names no gate",
    why: "What is paid on a day is paid whether or not it can be operated",
    fix: "Name the gate that the milestone is due at, such as G4",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&SOW_INCOMPLETE, &MILESTONE_WITHOUT_GATE];
