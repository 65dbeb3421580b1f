//! Integration tests, one module per part.

mod document;
