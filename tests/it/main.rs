//! All integration tests, in one binary: one module for each part.
//! Integration tests, one module for each part.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make and read real files"
)]

mod git;
mod history;
mod output;
mod search;
mod serve;
mod site;
mod watch;
mod lab;
//! Everything that is tested from outside, in one binary.
