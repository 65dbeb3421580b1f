//! Rules about support: capacity and who is on the ladder.

use super::ledger::place;
use super::transition::{Handover, handovers};
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::Standing;
use crate::pack::Artifact;
use crate::pack::directory::{Cells, ESCALATION, ROTA, Sheet};
use crate::source::Span;
use crate::value::{date, hours, minutes};

/// Support expects more tickets a week than it can take.
pub static CAPACITY_SHORT: Rule = Rule {
    name: "support.capacity-short",
    severity: Severity::Error,
    summary: "Support expects more tickets a week than it can take",
    why: "The queue grows from the first day",
    fix: "Add capacity, cut the scope, or do not scale yet",
};

/// The handover is over, and somebody of the giving team is still on the ladder or the rota.
pub static BUILDER_STILL_ON_LADDER: Rule = Rule {
    name: "support.builder-still-on-ladder",
    severity: Severity::Warning,
    summary: "The handover is over, and somebody of the giving team is still on the ladder or the rota",
    why: "Whoever built it is called for ever, and whoever runs it never learns",
    fix: "Name somebody of the receiving team, or the day until when",
};

/// A promise that the hours do not keep.
pub static SLA_VS_HOURS: Rule = Rule {
    name: "support.sla-vs-hours",
    severity: Severity::Warning,
    summary: "An answer within two hours is promised, and support is closed at night with nobody who answers then",
    why: "At two in the morning a promise of 15 minutes is broken before the call is made",
    fix: "Say that the promise holds in support hours, widen them, or name who answers out of hours",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&CAPACITY_SHORT, &BUILDER_STILL_ON_LADDER, &SLA_VS_HOURS];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let over: Vec<Handover<'_>> =
        handovers(scope).into_iter().filter(|one| one.is_over(scope)).collect();
    let open = scope.judged().filter(|artifact| artifact.status.standing() != Standing::Closed);
    open.flat_map(|artifact| {
        let promise = promise(scope, artifact);
        let found = if over.is_empty() { Vec::new() } else { of(scope, artifact, &over) };
        promise.into_iter().chain(found)
    })
    .collect()
}

/// Compares the shortest answer that is promised with the hours of support.
fn promise(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    let kind = scope.kind(artifact);
    let text = |name: &str| artifact.field(kind.field(name)?)?.value.text();
    let open = hours(text("support_hours")?).filter(|hours| !hours.is_always())?;
    if text("out_of_hours").is_some() || open.spans.is_empty() {
        return None;
    }
    let tables = kind.tables_of(&artifact.document);
    let table = tables.iter().find(|table| table.spec.name == "sla")?;
    let limits = |text: &str| text.to_lowercase().contains("hours");
    let document = &artifact.document;
    let heading = table.table.heading.and_then(|at| document.headings.get(at));
    let said = heading.and_then(|heading| document.text.get(heading.words.clone()));
    if said.is_some_and(limits) || table.table.header.iter().any(|cell| limits(&cell.text)) {
        return None;
    }
    let cells = table.table.rows.iter().filter_map(|row| place(table, row, "response"));
    let (response, span) = cells
        .filter(|(text, _)| minutes(text).is_some_and(|time| time <= 120))
        .min_by_key(|(text, _)| minutes(text))?;
    let message = format!(
        "an answer in {response} is promised, and support is there {}",
        text("support_hours")?
    );
    let finding = Diagnostic::new(&SLA_VS_HOURS, &artifact.path, span, message);
    let finding = Scope::milder_in_drafts(artifact, finding);
    Some(finding.help("say that it holds in support hours, or name who answers out of hours"))
}

fn of(scope: &Scope<'_>, artifact: &Artifact, over: &[Handover<'_>]) -> Vec<Diagnostic> {
    let at = scope.packs.find(&artifact.path);
    let Some(sheet) = at.and_then(|at| Sheet::new(scope.packs, at)) else { return Vec::new() };
    let mut named: Vec<(&str, Span)> = Vec::new();
    for row in sheet.rows(ESCALATION) {
        let ends = ["when", "who", "how", "response"].iter().any(|name| has_day(row.text(name)));
        named.extend(
            row.cell("who").filter(|_| !ends).map(|it| (it.text.as_str(), it.span.clone())),
        );
    }
    for row in sheet.rows(ROTA).filter(|row| is_ahead(scope, row)) {
        let shifts = sheet.shifts().filter_map(|(column, _)| row.cell(&column.name));
        named.extend(shifts.map(|cell| (cell.text.as_str(), cell.span.clone())));
    }
    let mut found = Vec::new();
    for (text, span) in named {
        for handover in over {
            let givers = persons(scope, text).into_iter().filter(|at| handover.gives(scope, *at));
            found.extend(givers.map(|giver| {
                let name = &scope.packs.people.persons[giver].name;
                let message = format!(
                    "{name} is still called; {} handed over on {}",
                    handover.giver(scope),
                    handover.end
                );
                let finding =
                    Diagnostic::new(&BUILDER_STILL_ON_LADDER, &artifact.path, &span, message);
                finding.help("name somebody of the receiving team, or the day until when")
            }));
        }
    }
    found
}

fn is_ahead(scope: &Scope<'_>, row: &Cells<'_>) -> bool {
    row.days()
        .until
        .is_some_and(|last| date(&last).is_some_and(|last| last.as_str() >= scope.day()))
}

/// Tells whether a text names a day.
pub(super) fn has_day(text: &str) -> bool {
    text.split_whitespace().any(|part| date(part.trim_matches([',', ';', '(', ')'])).is_some())
}

/// Lists the persons that a text names.
pub(super) fn persons(scope: &Scope<'_>, text: &str) -> Vec<usize> {
    use crate::pack::who::Who;
    let parts = text.split([',', ';', '/', '(', ')', '&']).flat_map(|part| part.split(" and "));
    let named = parts.filter_map(|part| scope.packs.people.who(part.trim()));
    named
        .filter_map(|who| match who {
            Who::Person(at) => Some(at),
            _ => None,
        })
        .collect()
}
