//! All integration tests, in one binary: one module for each part.

mod fixture;
mod profiles;
mod rules;
