//! The languages: data only. A new language is one more entry; a test reads each of them.

use super::{Language, Quote, Shape};

mod general;
mod operations;

/// Every language.
pub(super) fn all() -> impl Iterator<Item = &'static Language> {
    operations::LANGUAGES.iter().chain(general::LANGUAGES)
}

const fn quote(open: &'static str, close: &'static str, escapes: bool, lines: bool) -> Quote {
    Quote { open, close, escapes, lines }
}

const DOUBLE: Quote = quote("\"", "\"", true, false);
const SINGLE: Quote = quote("'", "'", true, false);
const BACKTICK: Quote = quote("`", "`", true, true);

/// A language with nothing in it; entries say what they differ in.
const BARE: Language = Language {
    names: &[],
    shape: Shape::Words,
    line_comments: &[],
    block_comment: None,
    quotes: &[],
    keywords: "",
    any_case: false,
    word: "",
    variables: "",
    key: None,
    key_starts_line: false,
    flags: false,
    functions: false,
    spaced_comments: false,
};

/// What languages in the manner of C have in common.
const BRACES: Language = Language {
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    functions: true,
    ..BARE
};
