//! When the trial of a pack began: the day that the documents name which start it.

use super::Scope;
use crate::kinds::{GoalpostPart, GoalpostSpec};
use crate::pack::Artifact;

/// Returns the last of the days on which documents in force say that a trial begins.
pub(super) fn start(scope: &Scope<'_>) -> Option<String> {
    let started = scope.judged().filter(|artifact| artifact.status.is_approved());
    let days = started.filter_map(|artifact| {
        let starts =
            scope.kind(artifact).goalposts.iter().filter(|it| it.part == GoalpostPart::Start);
        starts
            .filter(|spec| scope.kind(artifact).fits(&artifact.document.front_matter, &spec.when))
            .find_map(|spec| day(scope, artifact, spec))
    });
    days.max()
}

/// Tells whether a document decides on the trial.
pub(super) fn decides(scope: &Scope<'_>, artifact: &Artifact) -> bool {
    let (kind, fields) = (scope.kind(artifact), &artifact.document.front_matter);
    let mut specs = kind.goalposts.iter().filter(|it| it.part == GoalpostPart::Decision);
    artifact.status.is_approved() && specs.any(|it| kind.fits(fields, &it.when))
}

fn day(scope: &Scope<'_>, artifact: &Artifact, spec: &GoalpostSpec) -> Option<String> {
    let day = |name: &String| {
        let spec = scope.kind(artifact).field(name)?;
        spec.form.day(artifact.field(spec)?.value.text()?)
    };
    spec.days.iter().find_map(day)
}
