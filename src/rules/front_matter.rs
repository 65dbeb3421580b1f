//! Rules about the block of fields at the top of a file. Found while parsing; nothing here reads a value's meaning.

use super::Rule;
use crate::diagnostic::Severity;

/// The block cannot be read at all.
pub static UNREADABLE: Rule = Rule {
    name: "front-matter.unreadable",
    severity: Severity::Error,
    summary: "The block of fields at the top of a file cannot be read",
    why: "Without its fields a document has no kind, owner or status, so nothing can be said about it. The page \
          shows the block as it was written.",
    fix: "Correct the line that the finding names; quote values that start with `@`, `*`, `&` or `!` or that hold `: `.",
};

/// The same key stands twice in one table.
pub static DUPLICATE_KEY: Rule = Rule {
    name: "front-matter.duplicate-key",
    severity: Severity::Error,
    summary: "A key stands twice in the same table",
    why: "Programs differ on which of the two values counts, so readers could be told the wrong one.",
    fix: "Keep one of the two lines.",
};

/// The block starts and never ends.
pub static UNCLOSED: Rule = Rule {
    name: "front-matter.unclosed",
    severity: Severity::Error,
    summary: "The block of fields is opened and never closed",
    why: "Fields and text cannot be told apart.",
    fix: "Add a line with the same fence (`---` or `+++`) after the last field; `...` does not close a block.",
};

/// Something stands above the block.
pub static NOT_FIRST: Rule = Rule {
    name: "front-matter.not-first",
    severity: Severity::Warning,
    summary: "A block of fields does not start on the first line",
    why: "Only a block at the very top is read, here as in other programs, so its fields count for nothing.",
    fix: "Delete the empty lines above the block.",
};

/// The block is larger than any block of fields should be.
pub static TOO_LARGE: Rule = Rule {
    name: "front-matter.too-large",
    severity: Severity::Error,
    summary: "The block of fields is longer, deeper or has more values than the limits allow",
    why: "A block of that size is data rather than fields, and could be made to exhaust memory.",
    fix: "Move the data to a file of its own; a block has at most 64 KiB, 5000 values and 16 levels.",
};

/// The block uses a part of its notation that is not accepted.
pub static UNSUPPORTED: Rule = Rule {
    name: "front-matter.unsupported",
    severity: Severity::Error,
    summary: "The block uses anchors, aliases, tags, merge keys or several documents",
    why: "Such constructs hide what a field says and can be made to grow without bound.",
    fix: "Write the values out.",
};

/// Every rule of this group.
pub static RULES: &[&Rule] =
    &[&UNREADABLE, &DUPLICATE_KEY, &UNCLOSED, &NOT_FIRST, &TOO_LARGE, &UNSUPPORTED];
