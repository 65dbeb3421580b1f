//! The approvals of one document with what became of each, and what they come to beside what it declares.

use std::borrow::Cow;

use super::evidence::{Evidence, Shown, evidence, shown};
use super::record::Approval;
use super::state::{State, TextAt, states};
use crate::history::DecisionLog;
use crate::kinds::common_text;
use crate::pack::Packs;

/// The approvals of a document, judged.
#[derive(Debug)]
pub struct Judged<'l> {
    /// Each with what became of it, in order of landing.
    pub approvals: Vec<(&'l Approval, State)>,
    /// The texts up to now; last one that has not landed, where the document has such a one.
    pub texts: Cow<'l, [TextAt]>,
    /// What they add up to.
    pub evidence: Evidence,
    /// How the document is shown.
    pub shown: Shown,
}

impl<'l> Judged<'l> {
    /// Judges a document by its line and the places of its approvals in the log; with a day, as of its end. Nothing where
    /// nobody approved it and it names nobody who must.
    pub fn of(
        log: &'l DecisionLog,
        (packs, at): (&Packs, usize),
        (line, own): (Option<usize>, &[usize]),
        day: Option<&str>,
    ) -> Option<Self> {
        let artifact = &packs.artifacts[at];
        let named = || common_text(&artifact.document.front_matter, "approvers").is_some();
        if own.is_empty() && !(named() && log.statement.tip.is_some()) {
            return None;
        }
        let own: Vec<&Approval> = own.iter().map(|at| &log.approvals[*at]).collect();
        let texts = texts(log, packs, at, line);
        let states = states(&own, &texts, day);
        let approvals: Vec<(&Approval, State)> = own.into_iter().zip(states).collect();
        let evidence = evidence(&approvals, log.statement.complete());
        let shown = shown(artifact.status.standing(), evidence);
        Some(Self { approvals, texts, evidence, shown })
    }

    /// Lists the approvals without what became of them.
    pub fn given(&self) -> Vec<&'l Approval> {
        self.approvals.iter().map(|(one, _)| *one).collect()
    }

    /// Tells whether everybody who must approve the text did, whatever its status says.
    pub fn is_enough(&self) -> bool {
        self.evidence == Evidence::Enough
    }
}

/// The texts of a document; last the one that has not landed.
fn texts<'l>(
    log: &'l DecisionLog,
    packs: &Packs,
    at: usize,
    line: Option<usize>,
) -> Cow<'l, [TextAt]> {
    let texts = line.and_then(|line| log.texts.get(&line));
    let texts = texts.map(Vec::as_slice).unwrap_or_default();
    let artifact = &packs.artifacts[at];
    match texts.last() {
        Some(now) if now.blob != Some(artifact.blob) => {
            let here = TextAt {
                by: None,
                blob: None,
                digest: Some(packs.digest(at)),
                beside: Vec::new(),
                likeness: None,
                sections: artifact.records.iter().map(|row| (row.id.clone(), row.digest)).collect(),
                ..now.clone()
            };
            Cow::Owned(texts.iter().cloned().chain([here]).collect())
        }
        _ => Cow::Borrowed(texts),
    }
}
