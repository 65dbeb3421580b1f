//! Words: slugs, normalised headings, placeholders, plain text.
