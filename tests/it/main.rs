//! Integration tests: real repositories, real files.
#![expect(
    clippy::disallowed_methods,
    reason = "tests write files and make their repositories with git"
)]
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod git;
mod history;
mod lab;
