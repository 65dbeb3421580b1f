//! The rules: one file per group, each rule a static value beside the function that finds it.

pub mod front_matter;
pub mod history;
pub mod markup;
pub mod source;

use crate::diagnostic::Severity;

/// A rule: its name is an interface (settings, exit codes and links use it).
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `group.defect`.
    pub name: &'static str,
    /// How bad it is unless the settings say otherwise.
    pub severity: Severity,
    /// What the rule finds, in one sentence.
    pub summary: &'static str,
    /// Why it matters, in one or two sentences.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}
