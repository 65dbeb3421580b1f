//! Code highlighting: one small table-driven lexer; languages are data in `languages`. The text of the output is
//! exactly the input; an unknown language stays plain. Every byte is looked at a bounded number of times.

mod languages;
mod lexer;
mod lines;

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::html::push_text;

/// Longer blocks stay plain.
const LARGEST: usize = 64 * 1024;

/// What a piece of code is; the class it gets is one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Comment,
    String,
    Number,
    Keyword,
    Key,
    Flag,
    Variable,
    Function,
    Plus,
    Minus,
}

impl Kind {
    /// The opening tag.
    fn open(self) -> &'static str {
        match self {
            Self::Comment => "<i class=\"c\">",
            Self::String => "<i class=\"s\">",
            Self::Number => "<i class=\"n\">",
            Self::Keyword => "<i class=\"k\">",
            Self::Key => "<i class=\"y\">",
            Self::Flag => "<i class=\"o\">",
            Self::Variable => "<i class=\"v\">",
            Self::Function => "<i class=\"f\">",
            Self::Plus => "<i class=\"p\">",
            Self::Minus => "<i class=\"m\">",
        }
    }
}

/// How a language is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Words, strings, comments.
    Words,
    /// Prompts and output, one line at a time.
    Console,
    /// Added and removed lines.
    Diff,
    /// Tags and attributes.
    Markup,
}

/// A kind of string.
struct Quote {
    open: &'static str,
    close: &'static str,
    /// Whether a backslash takes the next character along.
    escapes: bool,
    /// Whether it may hold line breaks.
    lines: bool,
}

/// A language as data.
#[expect(clippy::struct_excessive_bools, reason = "a language is a row of a table")]
struct Language {
    /// Names in info strings, lower case.
    names: &'static [&'static str],
    shape: Shape,
    line_comments: &'static [&'static str],
    block_comment: Option<(&'static str, &'static str)>,
    quotes: &'static [Quote],
    /// Words, separated by spaces; lower case when `any_case`.
    keywords: &'static str,
    any_case: bool,
    /// What may stand in a word besides letters, digits and `_`.
    word: &'static str,
    /// Signs that start a variable: `$`, `@`.
    variables: &'static str,
    /// The sign after a key: `:` or `=`.
    key: Option<char>,
    /// Whether only the first word of a line can be a key, spaces included.
    key_starts_line: bool,
    /// Whether `-x` and `--long` are flags.
    flags: bool,
    /// Whether a word before `(` is a function.
    functions: bool,
    /// Whether a comment sign has to follow a space.
    spaced_comments: bool,
}

/// A language with its keywords as a set.
struct Lexicon {
    language: &'static Language,
    keywords: FxHashSet<&'static str>,
}

static LEXICONS: LazyLock<FxHashMap<&'static str, Lexicon>> = LazyLock::new(|| {
    let named = languages::all()
        .flat_map(|language| language.names.iter().map(move |name| (*name, language)));
    named
        .map(|(name, language)| {
            (name, Lexicon { language, keywords: language.keywords.split(' ').collect() })
        })
        .collect()
});

/// Appends a block of code as HTML; its text is exactly the input.
pub fn highlight(out: &mut String, language: &str, code: &str) {
    const LONGEST_NAME: usize = 20;
    if code.len() > LARGEST || language.is_empty() || language.len() > LONGEST_NAME {
        return push_text(out, code);
    }
    match LEXICONS.get(language.to_ascii_lowercase().as_str()) {
        None => push_text(out, code),
        Some(lexicon) => match lexicon.language.shape {
            Shape::Words => lexer::words(out, lexicon, code),
            Shape::Console => lines::console(out, &LEXICONS["sh"], code),
            Shape::Diff => lines::diff(out, code),
            Shape::Markup => lexer::markup(out, code),
        },
    }
}

/// Appends a marked piece.
fn push(out: &mut String, kind: Kind, text: &str) {
    out.push_str(kind.open());
    push_text(out, text);
    out.push_str("</i>");
}

#[cfg(test)]
mod tests;
