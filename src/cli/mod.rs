//! The command line: arguments in, text and an exit code out. Everything else is the library's.

pub mod report;
