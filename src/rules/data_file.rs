//! Mistakes in the kinds and profiles of a repository. Found while loading them, see [`crate::data_file`].

use super::Rule;
use crate::diagnostic::Severity;

/// The file is not TOML.
pub static UNREADABLE: Rule = Rule {
    name: "data-file.unreadable",
    severity: Severity::Error,
    summary: "A kind or profile of the repository is not valid TOML",
    why: "The file is left out, so its artifacts are judged by other words than the author meant",
    fix: "Correct the line that the finding names",
};

/// A key that means nothing.
pub static UNKNOWN_KEY: Rule = Rule {
    name: "data-file.unknown-key",
    severity: Severity::Error,
    summary: "A kind or profile of the repository has a key that means nothing",
    why: "A misspelt key is a wish that nobody hears",
    fix: "Use the nearest known key, or delete the line",
};

/// A value that its key does not take.
pub static BAD_VALUE: Rule = Rule {
    name: "data-file.bad-value",
    severity: Severity::Error,
    summary: "A kind or profile of the repository has a value that its key does not take",
    why: "The value is left out and the default is used in its place",
    fix: "Write a value of the form that the finding names",
};

/// A key that must be there.
pub static MISSING_KEY: Rule = Rule {
    name: "data-file.missing-key",
    severity: Severity::Error,
    summary: "A kind or profile of the repository lacks a key that it cannot do without",
    why: "The entry is left out",
    fix: "Add the key",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNREADABLE, &UNKNOWN_KEY, &BAD_VALUE, &MISSING_KEY];
