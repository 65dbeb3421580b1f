//! A baseline: findings that were there when somebody began to look, to be mended until a day. It names what it knows by
//! fingerprint and never grows: what is mended goes out of it, what is new does not come in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Apart, Noted};
use crate::diagnostic::Diagnostic;
use crate::rules::suppression::EXPIRED;
use crate::source::RepoPath;
use crate::toml::{self, Table};
use crate::visible::visible;

/// What a baseline says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The last day on which its findings do not count.
    pub until: String,
    /// Each finding by its fingerprint, in words.
    pub findings: BTreeMap<String, String>,
}

/// Reads a baseline.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Option<Baseline>, Vec<Diagnostic>) {
    let (read, findings) = toml::read(path, bytes, |root| read_root(root));
    (read.flatten().filter(|_| findings.is_empty()), findings)
}

fn read_root(root: &Table<'_>) -> Option<Baseline> {
    let until = root.day("until");
    if until.is_none() && !root.has("until") {
        root.needed("until");
    }
    let findings = root.pairs("findings").into_iter().collect();
    Some(Baseline { until: until?, findings })
}

impl Baseline {
    /// Takes what counts now: of what an earlier baseline knows only that, else everything.
    pub fn of(findings: &[Noted], before: Option<&Self>, until: String) -> Self {
        let counting = findings.iter().filter(|one| one.apart.is_none());
        let is_known = |one: &&Noted| {
            before.is_none_or(|before| before.findings.contains_key(&one.fingerprint))
        };
        let named = |one: &Noted| {
            let Diagnostic { rule, path, message, .. } = &one.finding;
            (one.fingerprint.clone(), format!("{rule} {path}: {message}"))
        };
        Self { until, findings: counting.filter(is_known).map(named).collect() }
    }

    /// Sets apart what it knows; returns how many of its findings are mended.
    pub fn apply(&self, findings: &mut [Noted]) -> usize {
        let mut known = 0;
        for one in findings.iter_mut().filter(|one| one.apart.is_none()) {
            if self.findings.contains_key(&one.fingerprint) {
                one.apart = Some(Apart::Known(self.until.clone()));
                known += 1;
            }
        }
        self.findings.len() - known
    }

    /// Says that its day is over, if it is.
    pub fn expired(&self, path: &RepoPath, day: &str) -> Option<Diagnostic> {
        let message = format!("the findings of the baseline were to be mended by {}", self.until);
        let found = Diagnostic::new(&EXPIRED, path, &(0..0), message).help(EXPIRED.next_step());
        (self.until.as_str() < day).then_some(found)
    }

    /// Writes it, sorted by what the findings say, one a line.
    pub fn write(&self) -> String {
        let mut text = format!(
            "# Written by `readymark check --write-baseline`: what does not count until a day. It only shrinks.\n\nuntil = \"{}\"\n\n[findings]\n",
            self.until
        );
        let mut findings: Vec<_> = self.findings.iter().collect();
        findings.sort_by_key(|(print, words)| (*words, *print));
        for (print, words) in findings {
            let _ = writeln!(text, "{print} = {}", serde_json::Value::from(visible(words)));
        }
        text
    }
}
