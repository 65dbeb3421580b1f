//! Integration tests, one module for each part.

mod output;
mod serve;
mod watch;
