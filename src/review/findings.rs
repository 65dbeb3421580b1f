//! What is wrong afterwards and was not before, and the other way round.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Change;
use crate::diagnostic::Severity;
use crate::report::{Apart, Noted};

/// A finding that a change brings.
#[derive(Debug, Serialize)]
pub struct Found {
    /// The rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub path: String,
    /// The line; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
    /// Why it may stay, when a comment says so.
    pub reason: Option<String>,
    /// What it is known by.
    pub fingerprint: String,
}

impl Found {
    /// Tells whether it is an error.
    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn of(one: &Noted) -> Self {
        let finding = &one.finding;
        let reason = match &one.apart {
            Some(Apart::Suppressed { reason, until }) => Some(format!("{reason} (until {until})")),
            _ => None,
        };
        Self {
            rule: finding.rule,
            severity: finding.severity,
            path: finding.path.to_string(),
            line: finding.place.0,
            message: finding.message.clone(),
            help: finding.help.clone(),
            reason,
            fingerprint: one.fingerprint.clone(),
        }
    }
}

/// The findings of a change.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) quieted: Vec<Found>,
    pub(super) brought: Vec<Found>,
    pub(super) elsewhere: Vec<Found>,
    pub(super) mended: usize,
    pub(super) old: usize,
}

/// Tells new findings from old ones; the worst come first.
pub(super) fn compare(change: &Change<'_>) -> Compared {
    let prints = |findings: &'_ [Noted], quiet: bool| -> BTreeSet<String> {
        let wanted = findings.iter().filter(|one| one.apart.is_some() == quiet);
        wanted.map(|one| one.fingerprint.clone()).collect()
    };
    let (before, after) = (change.before.findings, change.after.findings);
    let (old, quiet) = (prints(before, false), prints(before, true));
    let all: BTreeSet<&str> = after.iter().map(|one| one.fingerprint.as_str()).collect();
    let touched = change.touched();
    let mut compared = Compared {
        mended: old.iter().filter(|print| !all.contains(print.as_str())).count(),
        ..Compared::default()
    };
    for one in after {
        let list = match &one.apart {
            Some(_) if quiet.contains(&one.fingerprint) => continue,
            Some(_) => &mut compared.quieted,
            None if old.contains(&one.fingerprint) => {
                compared.old += 1;
                continue;
            }
            None if touched.contains(&one.finding.path) => &mut compared.brought,
            None => &mut compared.elsewhere,
        };
        list.push(Found::of(one));
    }
    for list in [&mut compared.quieted, &mut compared.brought, &mut compared.elsewhere] {
        list.sort_by_key(|found| found.severity);
    }
    compared
}
