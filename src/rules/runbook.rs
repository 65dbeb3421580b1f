//! Rules about runbooks: thresholds, exercises, what incidents found.

use super::{Past, Rule};
use crate::assemble::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Link;
use crate::history::LandingKind;
use crate::pack::{Artifact, Target};

/// An alert says neither at which value nor for how long.
pub static THRESHOLD_MISSING: Rule = Rule {
    name: "runbook.threshold-missing",
    severity: Severity::Warning,
    summary: "An alert says neither at which value nor for how long",
    why: "Who is woken by it cannot tell whether it is real",
    fix: "Such as: p95 above 2 s for 10 min",
};

/// Nobody has followed a runbook, neither in an exercise nor in an incident.
pub static NEVER_EXERCISED: Rule = Rule {
    name: "runbook.never-exercised",
    severity: Severity::Warning,
    summary: "In a pack that is judged nobody has followed a runbook, neither in an exercise nor in an incident",
    why: "The first reader at night finds the step that does not work",
    fix: "Ask somebody who did not write it to follow it, and record the exercise",
};

/// What an incident found wrong with a runbook was not mended.
pub static UNCHANGED_AFTER_INCIDENT: Rule = Rule {
    name: "runbook.unchanged-after-incident",
    severity: Severity::Warning,
    summary: "An incident says that a runbook did not go well, and the runbook has not changed since",
    why: "The next reader meets the same wrong step, at night",
    fix: "Mend it while the memory is fresh, or say in the incident why nothing is to be changed",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&THRESHOLD_MISSING, &NEVER_EXERCISED, &UNCHANGED_AFTER_INCIDENT];

/// Those that read the history.
pub(super) static PAST: &[&Rule] = &[&UNCHANGED_AFTER_INCIDENT];

/// The section that says what did not go well, and the day on which that began.
const WENT_BADLY: &str = "went-badly";
const STARTED: &str = "started_at";

/// Finds runbooks that a section on what did not go well leads to and that have not changed since that day.
pub(super) fn find_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let packs = past.packs;
    let mut found = Vec::new();
    for at in packs.of(past.pack) {
        let incident = &packs.artifacts[at];
        for (link, runbook) in found_wrong(past, at, incident) {
            found.extend(unchanged(past, incident, link, runbook));
        }
    }
    found
}

/// Lists the documents that the section leads to, when they are among those that were used.
fn found_wrong<'a>(
    past: &Past<'a>,
    at: usize,
    incident: &'a Artifact,
) -> Vec<(&'a Link, &'a Artifact)> {
    let packs = past.packs;
    let section = packs.kinds.get(incident.kind).and_then(|kind| kind.section(WENT_BADLY));
    let Some(section) = section else { return Vec::new() };
    let spans: Vec<_> = section
        .headings(&incident.document)
        .iter()
        .map(|heading| heading.section.clone())
        .collect();
    let outgoing = &packs.outgoing[at];
    let used = |to: usize| {
        outgoing.relations.iter().any(|one| one.name == "responded-with" && one.to == to)
    };
    let links = incident.document.links.iter().zip(&outgoing.targets);
    let inside = links.filter(|(link, _)| spans.iter().any(|span| span.contains(&link.span.start)));
    inside
        .filter_map(|(link, target)| match target {
            Target::Artifact { artifact, .. } if used(*artifact) => {
                Some((link, &*packs.artifacts[*artifact]))
            }
            _ => None,
        })
        .collect()
}

fn unchanged(
    past: &Past<'_>,
    incident: &Artifact,
    link: &Link,
    runbook: &Artifact,
) -> Option<Diagnostic> {
    let spec = past.packs.kinds[incident.kind].field(STARTED)?;
    let day = spec.form.day(incident.field(spec)?.value.text()?)?;
    let landing = &past.documents.landed(runbook)?.landing;
    // At the edge of a clone nobody knows when it really changed.
    if landing.kind == LandingKind::Boundary || day_of(landing.clock) > day {
        return None;
    }
    let message = format!(
        "{} says what did not go well with {}, which has not changed since {}",
        incident.id,
        runbook.id,
        day_of(landing.clock)
    );
    let finding = Diagnostic::new(&UNCHANGED_AFTER_INCIDENT, &incident.path, &link.span, message);
    Some(
        finding.help(
            "mend the runbook while the memory is fresh, or say why nothing is to be changed",
        ),
    )
}
