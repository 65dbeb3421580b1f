//! What must not have been found by rules. A rule whose part of the history is not here has found nothing and shows
//! nothing.

use super::{Answer, Candidate, Judge, Need, Problem, answer, unknown};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::GoalpostPart;
use crate::pack::Artifact;
use crate::profiles::{Evidence, Outcome};
use crate::rules::is_found_in_history;
use crate::toml::Table;

/// Rules that must be silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Silence {
    /// Rules or groups: in the documents that are chosen, or in the pack when there is no kind.
    pub(super) no_findings: Vec<String>,
    /// Whether no finding of the pack may be an error.
    no_errors: bool,
}

impl Silence {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let no_errors = keys.truth("no-errors").unwrap_or(false);
        Self { no_findings: keys.texts("no-findings"), no_errors }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        self.no_errors || !self.no_findings.is_empty()
    }

    /// Says of which rules silence shows nothing in a pack.
    fn untold(&self, judge: &Judge<'_>) -> impl Iterator<Item = String> {
        let named = self.no_findings.iter().filter_map(|name| match name.as_str() {
            name if is_of(name, "history") => {
                Some(format!("`{name}` is about the repository as a whole, not about a pack"))
            }
            name if is_found_in_history(name) && !judge.tells_all() => {
                Some(judge.untold(&format!("whether there is `{name}`")))
            }
            _ => None,
        });
        let moved = self.no_errors && judge.may_have_moved();
        let moved = moved.then(|| judge.untold("whether criteria moved while the trial ran"));
        named.chain(moved)
    }
}

impl Judge<'_> {
    /// Tells whether criteria may have moved without anybody seeing it: the one error that stands in the history.
    fn may_have_moved(&self) -> bool {
        let in_git = self.documents.log.statement.tip.is_some();
        in_git && !self.tells_all() && self.artifacts().any(|(_, one)| self.holds_criteria(one))
    }

    fn holds_criteria(&self, artifact: &Artifact) -> bool {
        let kind = &self.packs.kinds[artifact.kind];
        let mut specs = kind.goalposts.iter().filter(|spec| spec.part == GoalpostPart::Criteria);
        specs.any(|spec| kind.fits(&artifact.document.front_matter, &spec.when))
    }
}

/// Says that silence shows nothing where nothing was approved that could be judged.
pub(super) fn nothing_to_judge(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let is_empty = || !judge.artifacts().any(|(_, artifact)| artifact.status.is_approved());
    let reason = "nothing in this pack is approved yet, so there is nothing to judge";
    (need.findings.asks_the_pack() && is_empty()).then(|| answer(Outcome::Unmet, reason))
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let silence = &need.findings;
    let here = judge.findings.iter().filter(|finding| finding.path == candidate.artifact.path);
    let found =
        here.filter(|finding| silence.no_findings.iter().any(|rule| is_of(finding.rule, rule)));
    let told = found.map(|finding| Problem {
        outcome: Outcome::Unmet,
        text: finding.message.clone(),
        span: finding.span.0..finding.span.1,
    });
    told.chain(silence.untold(judge).map(unknown)).collect()
}

/// Needs that speak about the pack as a whole.
pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let silence = &need.findings;
    let of_documents = need.choice.kind.is_some() && !silence.no_errors;
    if !silence.asks_the_pack() || of_documents {
        return None;
    }
    let meant = |finding: &&Diagnostic| {
        (silence.no_errors && finding.severity == Severity::Error)
            || silence.no_findings.iter().any(|rule| is_of(finding.rule, rule))
    };
    let found: Vec<&Diagnostic> = judge.findings.iter().copied().filter(meant).collect();
    let Some(first) = found.first() else {
        let untold = silence.untold(judge).next().map(|why| answer(Outcome::Unknown, why));
        return Some(untold.unwrap_or_else(|| answer(Outcome::Met, "nothing was found")));
    };
    let more = match found.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    let evidence: Vec<Evidence> = found.iter().take(5).map(|one| place(judge, one)).collect();
    let owner = evidence[0].artifact.and_then(|at| judge.packs.artifacts[at].owner.clone());
    let reason = format!("{}: {}{more}", first.path, first.message);
    Some(Answer { owner, evidence, ..answer(Outcome::Unmet, reason) })
}

fn place(judge: &Judge<'_>, finding: &Diagnostic) -> Evidence {
    let mut artifacts = judge.artifacts();
    Evidence {
        path: finding.path.clone(),
        span: finding.span.0..finding.span.1,
        line: finding.place.0.max(1),
        artifact: artifacts.find(|(_, one)| one.path == finding.path).map(|(at, _)| at),
    }
}

/// Tells whether a rule is meant by its own name or by that of its group.
fn is_of(rule: &str, name: &str) -> bool {
    rule == name || rule.split('.').next() == Some(name)
}
