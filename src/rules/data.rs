//! Rules about data sheets: who approved what, and where data may be.

use super::observed::DRIFT_UNMONITORED;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Value;
use crate::pack::Artifact;

/// A source holds personal data, and no approval is recorded.
pub static PII_NO_APPROVAL: Rule = Rule {
    name: "data.pii-no-approval",
    severity: Severity::Error,
    summary: "A source holds personal data, and no approval is recorded",
    why: "Somebody outside can stop the service from one day to the next",
    fix: "Link the assessment or the approval; mask the data until then",
};

/// Real data is used for tests, and no word says how it is protected.
pub static REAL_IN_SANDBOX: Rule = Rule {
    name: "data.real-in-sandbox",
    severity: Severity::Warning,
    summary: "Real data is used for tests, and no word says how it is protected",
    why: "A sandbox has more readers and fewer locks than production",
    fix: "Use synthetic or masked data, or say which controls hold and until when",
};

/// Labels come only after the trial has begun.
pub static LABEL_PLAN_LATE: Rule = Rule {
    name: "data.label-plan-late",
    severity: Severity::Note,
    summary: "Labels come only after the trial has begun",
    why: "The trial then judges a model that has not learned what it should",
    fix: "Move the day, or make the set smaller",
};

/// An environment lies in a region that the data sheet does not allow.
pub static RESIDENCY_CONFLICT: Rule = Rule {
    name: "data.residency-conflict",
    severity: Severity::Error,
    summary: "An environment lies in a region that the data sheet does not allow",
    why: "Data that may not leave a region has left it as soon as it is processed elsewhere",
    fix: "Move the processing, or have the exception accepted and name the region in the data sheet",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &PII_NO_APPROVAL,
    &REAL_IN_SANDBOX,
    &LABEL_PLAN_LATE,
    &RESIDENCY_CONFLICT,
    &DRIFT_UNMONITORED,
];

/// What regions of large providers begin with; other words for a place are not compared.
const REGIONS: [&str; 9] = ["us", "eu", "ap", "ca", "sa", "me", "af", "cn", "uk"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let in_force = || scope.judged().filter(|artifact| artifact.status.is_approved());
    let allowed: Vec<Vec<String>> = in_force().filter_map(|one| residency(scope, one)).collect();
    let Some(first) = allowed.first().filter(|first| allowed.iter().all(|one| one == *first))
    else {
        return Vec::new();
    };
    in_force().flat_map(|artifact| outside(scope, artifact, first)).collect()
}

/// Returns the regions in which a document allows data to be, when each of them is one that can be compared.
fn residency(scope: &Scope<'_>, artifact: &Artifact) -> Option<Vec<String>> {
    let kind = scope.kind(artifact);
    kind.table("sources")?;
    let field = artifact.field(kind.field("residency")?)?;
    let texts = field.value.texts();
    let regions: Option<Vec<String>> = texts.iter().map(|(text, _)| region(text)).collect();
    regions.filter(|regions| !regions.is_empty())
}

/// Reads `eu-west-1` and `EU`.
fn region(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let first = text.split(['-', '_', ' ']).next()?;
    REGIONS.contains(&first).then(|| first.to_owned())
}

fn outside(scope: &Scope<'_>, artifact: &Artifact, allowed: &[String]) -> Vec<Diagnostic> {
    let spec = scope.kind(artifact).field("environments");
    let Some((field, path)) = spec.and_then(|spec| artifact.sourced(spec)) else {
        return Vec::new();
    };
    let Value::List(environments) = &field.value.value else { return Vec::new() };
    let mut found = Vec::new();
    for environment in environments {
        let (Some(place), name) = (environment.inner("region"), environment.inner("name")) else {
            continue;
        };
        let text = place.value.text().unwrap_or_default();
        if region(text).is_some_and(|region| !allowed.contains(&region)) {
            let name = name.and_then(|name| name.value.text()).unwrap_or("an environment");
            let allowed = allowed.join(", ").to_uppercase();
            let message = format!("{name} lies in {text}; the data sheet allows {allowed}");
            let finding = Diagnostic::new(&RESIDENCY_CONFLICT, path, &place.value.span, message);
            found.push(finding.help("move the processing, or have the exception accepted"));
        }
    }
    found
}
