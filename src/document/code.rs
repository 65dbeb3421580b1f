//! Code highlighting: one small table-driven lexer, languages as data.

use super::html::push_text;

/// Appends a block of code as HTML; its text is exactly the input.
pub fn highlight(out: &mut String, _language: &str, code: &str) {
    push_text(out, code);
}
