//! A finding about a pack: what is wrong, where, and what to do. Machine errors are [`crate::Failure`].

use serde::Serialize;

use crate::source::{RepoPath, Span};

/// How bad a finding is. Only `Error` makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is wrong; readers would be misled.
    Error,
    /// Something is likely wrong.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Returns the word that settings and output use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding. Sorted by path, then place, then rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file it is about.
    pub path: RepoPath,
    /// Bytes of that file; `0..0` when it is about the file as a whole.
    pub span: (usize, usize),
    /// Line and column (in characters) of the start, both from 1; `(0, 0)` until [`crate::rules`] fills them in, and for
    /// a finding about a file as a whole.
    pub place: (usize, usize),
    /// The rule, `group.defect`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as a phrase without a full stop.
    pub message: String,
    /// The next step, when there is one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes a finding without help; its severity is the rule's default.
    pub fn new(
        rule: &'static crate::rules::Rule,
        path: &RepoPath,
        span: &Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            path: path.clone(),
            span: (span.start, span.end),
            place: (0, 0),
            rule: rule.name,
            severity: rule.severity,
            message: message.into(),
            help: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Returns the findings in a folder out of sorted ones.
pub fn inside<'d>(sorted: &'d [Diagnostic], folder: &str) -> &'d [Diagnostic] {
    if folder.is_empty() {
        return sorted;
    }
    let prefix = format!("{folder}/");
    let start = sorted.partition_point(|finding| finding.path.as_str() < prefix.as_str());
    let (_, rest) = sorted.split_at(start);
    &rest[..rest.partition_point(|finding| finding.path.as_str().starts_with(&prefix))]
}
