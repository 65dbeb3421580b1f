//! Rules about tests: the data they ran on, and what changed since.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures::delivery::delivery;
use crate::kinds::normalise;
use crate::pack::Artifact;

/// Only hand-picked data was tested, and less than 50 cases.
pub static CURATED_ONLY: Rule = Rule {
    name: "test.curated-only",
    severity: Severity::Warning,
    summary: "Only hand-picked data was tested, and less than 50 cases",
    why: "A demo shows the way that works",
    fix: "Add real samples with gaps, odd forms and volume",
};

/// What was tested is not what runs.
pub static PREDATES_CHANGE: Rule = Rule {
    name: "test.predates-change",
    severity: Severity::Warning,
    summary: "A component changed in production after the test of it that is still relied on",
    why: "The report speaks of something that runs no more",
    fix: "Run the test again, or replace it by one that speaks of what runs",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&CURATED_ONLY, &PREDATES_CHANGE];

/// The field with the components that a document is about, and the day on which a test ran.
const AFFECTS: &str = "affects";
const EXECUTED: &str = "executed_on";

/// Finds tests in force of components that changed in production on a later day.
pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let tests = scope.judged().filter(|artifact| artifact.status.is_approved());
    let mut tests = tests.filter_map(|one| Some((one, executed(scope, one)?))).peekable();
    if tests.peek().is_none() {
        return Vec::new();
    }
    let records = delivery(scope.packs, scope.pack);
    let live: Vec<(String, &Artifact)> = records
        .changes
        .iter()
        // After one that failed what had been tested runs again.
        .filter(|one| !one.failed)
        .map(|one| (one.day.to_string(), &*scope.packs.artifacts[one.artifact]))
        .collect();
    tests.filter_map(|(test, day)| outdated(scope, test, &day, &live)).collect()
}

fn executed(scope: &Scope<'_>, artifact: &Artifact) -> Option<String> {
    let spec = scope.kind(artifact).field(EXECUTED)?;
    spec.form.day(artifact.field(spec)?.value.text()?)
}

/// Lists the components that a document is about.
fn components(scope: &Scope<'_>, artifact: &Artifact) -> Vec<String> {
    let field = scope.kind(artifact).field(AFFECTS).and_then(|spec| artifact.field(spec));
    let texts = field.map(|field| field.value.texts()).unwrap_or_default();
    texts.into_iter().map(|(text, _)| normalise(text)).filter(|text| !text.is_empty()).collect()
}

fn outdated(
    scope: &Scope<'_>,
    test: &Artifact,
    day: &str,
    live: &[(String, &Artifact)],
) -> Option<Diagnostic> {
    let tested = components(scope, test);
    let is_after = |(changed, change): &&(String, &Artifact)| {
        changed.as_str() > day
            && changed.as_str() <= scope.day()
            && components(scope, change).iter().any(|one| tested.contains(one))
    };
    let (changed, change) = live.iter().rev().find(is_after)?;
    let spec = scope.kind(test).field(EXECUTED)?;
    let message = format!(
        "{} ran on {day}, and {} changed the same component on {changed}",
        test.id, change.id
    );
    let span = &test.field(spec)?.value.span;
    let finding = Diagnostic::new(&PREDATES_CHANGE, &test.path, span, message);
    Some(finding.help("run the test again, or replace it by one that speaks of what runs"))
}
