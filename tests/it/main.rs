//! Integration tests, one module for each part.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make and read real files"
)]

mod output;
mod serve;
mod watch;
