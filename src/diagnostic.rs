//! A finding about a pack: what is wrong, where, and what to do. Machine errors are [`crate::Failure`].

use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// What mends it for certain, when something does.
    pub fix: Option<Box<Fix>>,
}

/// What mends a finding: inside its span one text takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// The target of a link, or a part of it, as written.
    pub old: String,
    /// What is to stand there.
    pub new: String,
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
            fix: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what mends it for certain.
    #[must_use]
    pub fn fix(mut self, old: &str, new: impl Into<String>) -> Self {
        self.fix = Some(Box::new(Fix { old: old.to_owned(), new: new.into() }));
        self
    }
}

/// All findings of a snapshot, by the folder of the pack that holds the file; what lies in no pack is under `""`. Cheap
/// to clone: those of packs that did not change are shared.
#[derive(Clone, Debug, Default)]
pub struct Findings(Arc<BTreeMap<Arc<str>, Arc<[Diagnostic]>>>);

impl From<Vec<Diagnostic>> for Findings {
    fn from(mut findings: Vec<Diagnostic>) -> Self {
        findings.sort();
        Self(Arc::new(BTreeMap::from([(Arc::from(""), findings.into())])))
    }
}

impl Findings {
    /// Adds findings about files of a folder that lie in no pack further inside.
    pub fn add(&mut self, folder: &str, mut findings: Arc<[Diagnostic]>) {
        if let Some(known) = self.0.get(folder) {
            let mut all = [known, &findings].map(|some| some.to_vec()).concat();
            all.sort();
            all.dedup();
            findings = all.into();
        }
        Arc::make_mut(&mut self.0).insert(Arc::from(folder), findings);
    }

    /// Takes over what is equal, so that it can be told by its place in memory.
    pub fn share(&mut self, before: &Self) {
        for (folder, findings) in Arc::make_mut(&mut self.0) {
            if let Some(known) = before
                .0
                .get(folder)
                .filter(|known| Arc::ptr_eq(known, findings) || *known == findings)
            {
                *findings = Arc::clone(known);
            }
        }
    }

    /// Keeps some of the findings.
    pub fn retain(&mut self, keep: impl Fn(&Diagnostic) -> bool) {
        for findings in Arc::make_mut(&mut self.0).values_mut() {
            if !findings.iter().all(&keep) {
                *findings = findings.iter().filter(|one| keep(one)).cloned().collect();
            }
        }
    }

    /// Lists the findings about a file; `folder` is that of the innermost pack that holds it.
    pub fn about(&self, folder: &str, path: &RepoPath) -> &[Diagnostic] {
        let of = |folder| self.0.get(folder).map_or(&[][..], |findings| of_file(findings, path));
        let found = of(folder);
        if found.is_empty() { of("") } else { found }
    }

    /// Lists all findings, those of one folder after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.values().flat_map(|findings| findings.iter())
    }

    /// Lists all findings, sorted.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        sorted(self.iter())
    }

    /// Lists the findings about files in a folder, sorted.
    pub fn inside<'s>(&'s self, folder: &str) -> Vec<&'s Diagnostic> {
        if folder.is_empty() {
            return self.sorted();
        }
        let elsewhere = self.0.get("").map_or(&[][..], |findings| inside(findings, folder));
        sorted(self.groups(folder).flat_map(|findings| findings.iter()).chain(elsewhere))
    }

    /// Tells whether a folder has the very findings that it had before.
    pub fn same_inside(&self, before: &Self, folder: &str) -> bool {
        let (mut one, mut other) = (self.groups(folder), before.groups(folder));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if Arc::ptr_eq(one, other) => {}
                _ => return false,
            }
        }
    }

    /// The groups of a folder and of the folders in it.
    fn groups<'s, 'f>(
        &'s self,
        folder: &'f str,
    ) -> impl Iterator<Item = &'s Arc<[Diagnostic]>> + use<'s, 'f> {
        let from =
            self.0.range::<str, _>((std::ops::Bound::Included(folder), std::ops::Bound::Unbounded));
        let like = from.take_while(move |(known, _)| known.starts_with(folder));
        let is_in = move |known: &str| {
            folder.is_empty()
                || known.len() == folder.len()
                || known.as_bytes()[folder.len()] == b'/'
        };
        like.filter(move |(known, _)| is_in(known)).map(|(_, findings)| findings)
    }
}

fn sorted<'d>(findings: impl Iterator<Item = &'d Diagnostic>) -> Vec<&'d Diagnostic> {
    let mut findings: Vec<&Diagnostic> = findings.collect();
    findings.sort();
    findings
}

fn of_file<'d>(sorted: &'d [Diagnostic], path: &RepoPath) -> &'d [Diagnostic] {
    let start = sorted.partition_point(|finding| finding.path < *path);
    let (_, rest) = sorted.split_at(start);
    &rest[..rest.partition_point(|finding| finding.path == *path)]
}

/// Returns the findings in a folder out of sorted ones.
fn inside<'d>(sorted: &'d [Diagnostic], folder: &str) -> &'d [Diagnostic] {
    let prefix = format!("{folder}/");
    let start = sorted.partition_point(|finding| finding.path.as_str() < prefix.as_str());
    let (_, rest) = sorted.split_at(start);
    &rest[..rest.partition_point(|finding| finding.path.as_str().starts_with(&prefix))]
}
