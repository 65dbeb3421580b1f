//! Rules about our own TOML files: `book.toml`, `pack.toml`, `people.toml`, kinds and profiles.

use super::Rule;
use crate::diagnostic::Severity;

/// The file is not TOML.
pub static UNREADABLE: Rule = Rule {
    name: "settings.unreadable",
    severity: Severity::Error,
    summary: "A settings file is not valid TOML.",
    why: "Nothing in the file can be relied on, so none of it is used.",
    fix: "Mend the line that the message names; text values stand between quotes.",
};

/// A key that means nothing.
pub static UNKNOWN_KEY: Rule = Rule {
    name: "settings.unknown-key",
    severity: Severity::Error,
    summary: "A settings file holds a key that is not known.",
    why: "A setting that is spelled wrong would be ignored without a word.",
    fix: "Use the nearest known key, or remove the line.",
};

/// A value of the wrong type.
pub static WRONG_VALUE: Rule = Rule {
    name: "settings.wrong-value",
    severity: Severity::Error,
    summary: "A settings file holds a value that its key does not take.",
    why: "The value cannot be used, and guessing would hide the mistake.",
    fix: "Write the value as the message asks.",
};

/// A key that must be there.
pub static MISSING_KEY: Rule = Rule {
    name: "settings.missing-key",
    severity: Severity::Error,
    summary: "A settings file lacks a key that an entry cannot do without.",
    why: "The entry is left out.",
    fix: "Add the key.",
};

/// A kind or a field that nobody knows.
pub static UNKNOWN_NAME: Rule = Rule {
    name: "settings.unknown-name",
    severity: Severity::Error,
    summary: "`[kinds]` or `[locate]` in `book.toml` names a kind that does not exist, or a field that its kind does not have.",
    why: "The line would have no effect, and nobody would be told.",
    fix: "Use the nearest known name, or describe the kind in a file in `kinds/`.",
};

/// A chapter that `SUMMARY.md` names and nobody wrote.
pub static MISSING_CHAPTER: Rule = Rule {
    name: "settings.missing-chapter",
    severity: Severity::Error,
    summary: "`SUMMARY.md` names a file that does not exist.",
    why: "Readers see a chapter in the contents and cannot open it.",
    fix: "Write the file, or leave the address empty (`[Title]()`) to mark a draft.",
};

/// An include that leads nowhere.
pub static MISSING_INCLUDE: Rule = Rule {
    name: "settings.missing-include",
    severity: Severity::Error,
    summary: "An `{{#include}}` names a file, line or anchor that the commit does not hold.",
    why: "The page would lack the text, and only readers would notice.",
    fix: "Correct the path; it is relative to the file that includes, and must be committed.",
};

/// A preprocessor that will not run.
pub static PREPROCESSOR: Rule = Rule {
    name: "settings.preprocessor",
    severity: Severity::Note,
    summary: "The book names a preprocessor, a program that Readymark does not run.",
    why: "Books come from pull requests; nothing in them may start a program.",
    fix: "Nothing to do when the pages read well without it.",
};

/// A version that is not there.
pub static LOST_VERSION: Rule = Rule {
    name: "settings.lost-version",
    severity: Severity::Warning,
    summary: "Finds tags and branches that [versions] chooses and that lead to no commit which can be read.",
    why: "The version would be missing from the site, and only readers would notice.",
    fix: "Get it again with `git fetch --tags --force`, or leave it out with a `!` pattern.",
};

/// A line of a list of keys that counts for nothing.
pub static UNUSED_SIGNER: Rule = Rule {
    name: "settings.unused-signer",
    severity: Severity::Warning,
    summary: "A line of the file that `--allowed-signers` names counts for nothing.",
    why: "What is signed with that key reads as signed by nobody known.",
    fix: "Name the key itself: Ed25519, RSA from 2048 bits on, ECDSA on P-256 or P-384, or one on a device.",
};

/// All rules of this group.
pub static RULES: &[&Rule] = &[
    &UNREADABLE,
    &UNKNOWN_KEY,
    &WRONG_VALUE,
    &MISSING_KEY,
    &UNKNOWN_NAME,
    &MISSING_CHAPTER,
    &MISSING_INCLUDE,
    &PREPROCESSOR,
    &LOST_VERSION,
    &UNUSED_SIGNER,
];
