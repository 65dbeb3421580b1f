//! Tests of parsing as a whole.
