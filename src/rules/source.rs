//! Rules about files that could not be read as pages.

use super::Rule;
use crate::diagnostic::Severity;

/// The bytes are not in this clone.
pub static MISSING_BLOB: Rule = Rule {
    name: "source.missing-blob",
    severity: Severity::Error,
    summary: "A file is listed by the commit but its bytes are not in this clone.",
    why: "What cannot be read cannot be shown or judged.",
    fix: "Fetch the missing objects, for example with a full clone.",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&MISSING_BLOB];
