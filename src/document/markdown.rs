//! Markdown to facts and HTML with holes, in one pass over pulldown-cmark's events.

use super::Document;

/// Parses the bytes of one file.
pub fn parse(_bytes: &[u8]) -> Document {
    Document::default()
}
