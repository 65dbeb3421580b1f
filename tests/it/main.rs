//! All integration tests, in one binary: one module for each part.

mod git;
mod history;
mod output;
mod search;
mod serve;
mod site;
mod watch;
mod lab;
//! Everything that is tested from outside, in one binary.
