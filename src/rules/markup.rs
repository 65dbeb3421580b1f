//! Rules about the text of a file by itself: encoding, limits, raw HTML and link schemes. Found while parsing.

use super::Rule;
use crate::diagnostic::Severity;

/// A link with a scheme that is not allowed.
pub static BLOCKED_SCHEME: Rule = Rule {
    name: "markup.blocked-scheme",
    severity: Severity::Error,
    summary: "A link or picture has a scheme that is not allowed",
    why: "Schemes such as `javascript:`, `data:` and `file:` can run code or lead readers astray. The text stays, \
          the link does not.",
    fix: "Link to an `https:`, `http:`, `mailto:` or `tel:` address, or to a file of the repository.",
};

/// A link for a program that not every reader has.
pub static UNKNOWN_SCHEME: Rule = Rule {
    name: "markup.unknown-scheme",
    severity: Severity::Warning,
    summary: "A link has the scheme of a program that not every reader has",
    why: "Whoever does not have the program can follow it nowhere. The text stays, the link does not.",
    fix: "Link to an `https:` address that shows the same, or write the name as text.",
};

/// An HTML element or attribute that is not allowed.
pub static RAW_HTML: Rule = Rule {
    name: "markup.raw-html",
    severity: Severity::Warning,
    summary: "An HTML element or attribute is not on the allow-list",
    why: "Scripts, styles, forms, frames and event handlers could change what readers see. The element is shown as text.",
    fix: "Use Markdown, or one of the allowed elements such as `details`, `kbd`, `sub` or `table`.",
};

/// A character that readers cannot see and that changes what they read.
pub static CONTROL_CHARACTER: Rule = Rule {
    name: "markup.control-character",
    severity: Severity::Warning,
    summary: "The text has a control character that readers cannot see",
    why: "Such characters can reorder or hide words and commands. They are shown as a replacement mark.",
    fix: "Delete the character.",
};

/// Bytes that are not UTF-8.
pub static NOT_UTF8: Rule = Rule {
    name: "markup.not-utf8",
    severity: Severity::Error,
    summary: "The file is not valid UTF-8",
    why: "What the bytes mean cannot be known; they are shown as a replacement mark.",
    fix: "Save the file as UTF-8.",
};

/// More text, links or table cells than the limits allow.
pub static TOO_LARGE: Rule = Rule {
    name: "markup.too-large",
    severity: Severity::Error,
    summary: "The file has more bytes, lines, links or other pieces than the limits allow",
    why: "Nobody can read a page of that size, and it would slow every build. The start is shown as plain text.",
    fix: "Split the file; one file has at most 2 MiB, 100000 lines, 20000 headings, 20000 links, 20000 references to \
          footnotes, 100000 table cells, 50000 tags of HTML and 500000 pieces of text and markup.",
};

/// Lists or quotes inside each other beyond the limit.
pub static TOO_DEEP: Rule = Rule {
    name: "markup.too-deep",
    severity: Severity::Warning,
    summary: "Lists or quotes are nested more than 64 levels deep",
    why: "Deeper levels cannot be told apart on a page, so they are shown flat.",
    fix: "Use fewer levels.",
};

/// A merge that nobody finished.
pub static CONFLICT: Rule = Rule {
    name: "markup.conflict",
    severity: Severity::Error,
    summary: "The text has the marks of a merge that was never finished",
    why: "The page shows two versions of the same lines, and nothing says which one holds.",
    fix: "Keep one version, and delete the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`.",
};

/// How a conflict begins, and what is said of it wherever it stands.
pub(crate) const CONFLICT_START: &str = "<<<<<<< ";
pub(crate) const CONFLICT_MESSAGE: &str =
    "here are two versions of the same lines, as Git leaves them";
pub(crate) const CONFLICT_HELP: &str =
    "keep one version, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`";

/// The Markdown parser failed.
pub static PARSER_FAILED: Rule = Rule {
    name: "markup.parser-failed",
    severity: Severity::Error,
    summary: "The Markdown of the file could not be processed",
    why: "This is a defect of the program. The file is shown as plain text.",
    fix: "Please report the file to the makers of the program.",
};

/// Every rule of this group.
pub static RULES: &[&Rule] = &[
    &BLOCKED_SCHEME,
    &UNKNOWN_SCHEME,
    &RAW_HTML,
    &CONTROL_CHARACTER,
    &NOT_UTF8,
    &TOO_LARGE,
    &TOO_DEEP,
    &CONFLICT,
    &PARSER_FAILED,
];
