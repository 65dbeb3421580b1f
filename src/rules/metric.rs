//! Rules about figures: definitions and starting values.

use super::observed::{
    BREACH, NO_FILE, OUT_OF_RANGE, TWO_VALUES, UNIT_MIXED, UNKNOWN, UNREADABLE_ROW,
};
use super::{Rule, Scope, trial};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Node, Value};
use crate::pack::Artifact;
use crate::value::date;

/// The starting value of a figure was taken after the trial had begun.
pub static BASELINE_LATE: Rule = Rule {
    name: "metric.baseline-late",
    severity: Severity::Error,
    summary: "The starting value of a figure was taken after the trial had begun",
    why: "A starting value that holds the trial's own effect proves nothing",
    fix: "Compare with a group that did not take part, and say so",
};

/// A figure has no definition, or one of less than five words.
pub static DEFINITION_MISSING: Rule = Rule {
    name: "metric.definition-missing",
    severity: Severity::Warning,
    summary: "A figure has no definition, or one of less than five words",
    why: "Two people reckon it in two ways, and both are right",
    fix: "Numerator, denominator, population, exclusions, time zone",
};

/// No figure of the table is a leading one.
pub static NO_LEADING: Rule = Rule {
    name: "metric.no-leading",
    severity: Severity::Note,
    summary: "No figure of the table is a leading one",
    why: "Use, confidence and training warn before money does",
    fix: "Add a figure that moves early, and mark it `leading`",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &BASELINE_LATE,
    &DEFINITION_MISSING,
    &NO_LEADING,
    &BREACH,
    &NO_FILE,
    &OUT_OF_RANGE,
    &TWO_VALUES,
    &UNIT_MIXED,
    &UNKNOWN,
    &UNREADABLE_ROW,
];

/// The field and the table that hold figures.
pub(super) const METRICS: &str = "metrics";

/// Finds starting values that fields of figures date after the start of the trial.
pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut dated = scope.judged().flat_map(|one| baselines(scope, one)).peekable();
    if dated.peek().is_none() {
        return Vec::new();
    }
    let Some(start) = trial::start(scope) else { return Vec::new() };
    let late = dated.filter(|(.., day)| *day > start);
    late.map(|(artifact, name, node, day)| {
        let message =
            format!("the starting value of {name} is from {day}, the trial began on {start}");
        let finding = Diagnostic::new(&BASELINE_LATE, &artifact.path, &node.span, message);
        finding.help("compare with a group that did not take part, and say so")
    })
    .collect()
}

/// Lists the figures that a document keeps in its fields.
pub(super) fn figures<'a>(scope: &Scope<'a>, artifact: &'a Artifact) -> &'a [Node] {
    let spec = scope.kind(artifact).field(METRICS);
    match spec.and_then(|spec| artifact.field(spec)).map(|field| &field.value.value) {
        Some(Value::List(figures)) => figures,
        _ => &[],
    }
}

fn baselines<'a>(
    scope: &Scope<'a>,
    artifact: &'a Artifact,
) -> Vec<(&'a Artifact, &'a str, &'a Node, String)> {
    let figures = figures(scope, artifact).iter();
    let dated = figures.filter_map(|figure| {
        let name = ["name", "id"].iter().find_map(|key| figure.inner(key)?.value.text())?;
        let captured = &figure.inner("baseline")?.value.inner("captured_on")?.value;
        Some((artifact, name, captured, date(captured.text()?)?))
    });
    dated.collect()
}
