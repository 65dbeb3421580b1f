//! Readymark turns a Git repository of readiness packs into a versioned handoff site.
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod across;
pub mod approvals;
pub mod assemble;
pub mod badge;
pub mod between;
pub mod cli;
pub mod compare;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod examine;
pub mod figures;
pub mod fix;
pub mod frozen;
pub mod git;
pub mod history;
pub mod ics;
pub mod judge;
pub mod keep;
pub mod kinds;
pub mod nearest;
pub mod opened;
pub mod output;
pub mod pack;
pub mod preview;
pub mod profiles;
pub mod project;
pub mod propose;
pub mod publish;
pub mod reference;
pub mod render;
pub mod report;
pub mod review;
pub mod rules;
pub mod schema;
pub mod search;
pub mod serve;
pub mod settings;
pub mod signature;
pub mod site;
pub mod slug;
pub mod source;
pub mod tags;
pub mod toml;
pub mod value;
pub mod visible;
pub mod watch;

/// What is wrong with the machine or the call: the command stops, exit code 2. Findings about packs are
/// [`diagnostic::Diagnostic`] values and never come this way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What could not be done and why, as a sentence without a full stop.
    pub message: String,
    /// The next step, when there is one.
    pub help: Option<String>,
}

impl Failure {
    /// Makes a failure without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
