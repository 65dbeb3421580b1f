//! What `check` found, for programs and platforms: one file for each format, all of them in one table. Text from a
//! repository acts nowhere: not on a terminal, not on a build machine, not on a page of a forge.

pub mod baseline;
mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
pub mod markdown;
mod rdjson;
mod sarif;
mod summary;
mod suppression;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::pack::Packs;
use crate::profiles::Verdict;
use crate::rules::Checking;
pub use fingerprint::fingerprints;

/// Everything that one run of `check` has to say.
pub struct Report<'a> {
    /// What was found, sorted.
    pub findings: &'a [Noted],
    /// How the packs stand.
    pub verdicts: &'a [Arc<Verdict>],
    /// The packs.
    pub packs: &'a Packs,
}

/// A finding as it is told.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The finding.
    pub finding: Diagnostic,
    /// What it is known by, wherever its lines move.
    pub fingerprint: String,
    /// Why it does not count; nothing when it does.
    pub apart: Option<Apart>,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// It stood there before the change.
    Old,
    /// A baseline lists it, to be mended until this day.
    Known(String),
    /// A comment beside it says why it may stay.
    Suppressed {
        /// Why, in the words of whoever wrote it.
        reason: String,
        /// The last day.
        until: String,
    },
}

/// A format: its name, and what writes it.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Writes a report.
    pub write: fn(&Report<'_>) -> String,
}

/// All formats, by name.
pub static FORMATS: &[Format] = &[
    Format { name: "concise", about: "one line for each finding", write: concise::write },
    Format { name: "github", about: "annotations of GitHub Actions", write: github::write },
    Format { name: "gitlab", about: "Code Quality of GitLab", write: gitlab::write },
    Format { name: "json", about: "one object with all findings and verdicts", write: json::write },
    Format { name: "jsonl", about: "one object a line for each finding", write: json::lines },
    Format { name: "junit", about: "JUnit, one case for each finding", write: junit::write },
    Format { name: "markdown", about: "a job summary of GitHub Actions", write: summary::write },
    Format { name: "rdjson", about: "the diagnostic format of reviewdog", write: rdjson::write },
    Format { name: "sarif", about: "SARIF 2.1.0 for code scanning", write: sarif::write },
];

/// Finds a format by its name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl Report<'_> {
    /// Lists the findings that count.
    pub fn counting(&self) -> impl Iterator<Item = &Noted> {
        self.findings.iter().filter(|one| one.apart.is_none())
    }

    /// Lists the findings that count, the worst first.
    fn worst_first(&self) -> Vec<&Noted> {
        let mut all: Vec<&Noted> = self.counting().collect();
        all.sort_by_key(|one| one.finding.severity);
        all
    }
}

impl Noted {
    /// Takes findings with what they are known by.
    pub fn all(findings: Vec<Diagnostic>, packs: &Packs) -> Vec<Self> {
        let known = fingerprints(&findings, packs);
        let note = |(finding, fingerprint)| Self { finding, fingerprint, apart: None };
        findings.into_iter().zip(known).map(note).collect()
    }

    /// Takes findings and sets apart what comments beside them keep quiet; what is wrong with these comments is added.
    pub fn with_comments(findings: Vec<Diagnostic>, checking: &Checking<'_>) -> Vec<Self> {
        let mut noted = Self::all(findings, checking.packs);
        let wrong = suppression::apply(&mut noted, checking.packs, checking.as_of);
        let wrong = checking.finish(wrong, &|_| None).list(true).to_vec();
        noted.extend(Self::all(wrong, checking.packs));
        noted
    }

    /// Sets apart what counted before a change, as often as it did.
    pub fn set_apart_old(findings: &mut [Self], before: &[Self]) {
        let mut old: Vec<&str> = before
            .iter()
            .filter(|one| one.apart.is_none())
            .map(|one| one.fingerprint.as_str())
            .collect();
        old.sort_unstable();
        for one in findings.iter_mut().filter(|one| one.apart.is_none()) {
            if old.binary_search(&one.fingerprint.as_str()).is_ok() {
                one.apart = Some(Apart::Old);
            }
        }
    }
}
