//! Rules about ids and addresses.

use super::Rule;
use crate::diagnostic::Severity;

/// Two files would be one page.
pub static SAME_ADDRESS: Rule = Rule {
    name: "id.same-address",
    severity: Severity::Error,
    summary: "Two files would be published at the same address.",
    why: "One page would hide the other, on every system or on those that ignore the case of letters.",
    fix: "Rename one of the files.",
};
