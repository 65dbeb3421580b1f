//! When the trial of a pack began: the day that the documents name which start it.

use super::Scope;
use crate::kinds::{GoalpostPart, GoalpostSpec, word};
use crate::pack::Artifact;

/// Returns the last of the days on which documents in force say that a trial begins.
pub(super) fn start(scope: &Scope<'_>) -> Option<String> {
    let started = scope.judged().filter(|artifact| artifact.status.is_approved());
    let days = started.filter_map(|artifact| {
        let starts =
            scope.kind(artifact).goalposts.iter().filter(|it| it.part == GoalpostPart::Start);
        starts
            .filter(|spec| is_meant(scope, artifact, spec))
            .find_map(|spec| day(scope, artifact, spec))
    });
    days.max()
}

/// Tells whether a document decides on the trial.
pub(super) fn decides(scope: &Scope<'_>, artifact: &Artifact) -> bool {
    let mut specs = scope.kind(artifact).goalposts.iter();
    artifact.status.is_approved()
        && specs.any(|it| it.part == GoalpostPart::Decision && is_meant(scope, artifact, it))
}

fn is_meant(scope: &Scope<'_>, artifact: &Artifact, spec: &GoalpostSpec) -> bool {
    spec.when.iter().all(|(name, values)| {
        let field = scope.kind(artifact).field(name).and_then(|spec| artifact.field(spec));
        let texts = field.map(|field| field.value.texts()).unwrap_or_default();
        texts.iter().any(|(text, _)| values.iter().any(|value| word(text, value).is_some()))
    })
}

fn day(scope: &Scope<'_>, artifact: &Artifact, spec: &GoalpostSpec) -> Option<String> {
    let day = |name: &String| {
        let spec = scope.kind(artifact).field(name)?;
        spec.form.day(artifact.field(spec)?.value.text()?)
    };
    spec.days.iter().find_map(day)
}
