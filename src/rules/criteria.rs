//! Rules about the criteria by which a trial is judged: whether they stood still while it ran.

use super::ledger::place;
use super::{Past, Rule, Scope, metric};
use crate::assemble::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::history::{DecisionLog, Goalpost, Stood};
use crate::kinds::{Recognised, Standing};
use crate::nearest::did_you_mean;
use crate::pack::Packs;

/// Criteria that moved.
pub static MOVED: Rule = Rule {
    name: "criteria.moved-goalposts",
    severity: Severity::Error,
    summary: "Finds criteria that changed while the trial ran which is judged by them, and nobody approved that.",
    why: "A bar that moves to where the result is proves nothing.",
    fix: "Have the change approved by whom the criteria name, or put back what stood there at the start.",
};

/// Criteria that came late.
pub static LATE: Rule = Rule {
    name: "criteria.late",
    severity: Severity::Warning,
    summary: "Finds criteria that were written down after the trial had started which is judged by them.",
    why: "Who knows the first results can choose a bar that they pass.",
    fix: "Say in the decision that the criteria came late; write them before the start next time.",
};

/// Criteria without a number.
pub static VAGUE: Rule = Rule {
    name: "criteria.vague",
    severity: Severity::Error,
    summary: "A criterion has a word such as good or acceptable where its number belongs",
    why: "At the end everybody finds that it was met, or that it was not",
    fix: "Write metric, comparison, number and window, such as: at most 15 %, 28 days",
};

/// Criteria on figures that nothing defines.
pub static UNKNOWN_METRIC: Rule = Rule {
    name: "criteria.unknown-metric",
    severity: Severity::Error,
    summary: "A criterion names a figure by an id that no table of figures has",
    why: "Nobody measures it, and nobody notices until the day of the decision",
    fix: "Define the figure with its baseline, or correct the id",
};

/// Finds criteria on figures that are not defined, where the pack defines figures by ids.
pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let known = defined(scope);
    if !known.iter().any(|name| is_id(name)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for artifact in scope.judged().filter(|it| it.status.standing() != Standing::Closed) {
        let tables = scope.kind(artifact).tables_of(&artifact.document);
        let criteria = |table: &&Recognised<'_, '_>| {
            ["metric", "threshold"].iter().all(|name| table.spec.column(name).is_some())
                && table.spec.column("trigger").is_none()
        };
        for table in tables.iter().filter(criteria) {
            let cells = table.table.rows.iter().filter_map(|row| place(table, row, "metric"));
            let lost = cells.filter(|(name, _)| is_id(name) && !known.iter().any(|it| it == name));
            found.extend(lost.map(|(name, span)| {
                let message = format!("the figure `{name}` is not defined");
                let help = did_you_mean(name, known.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| UNKNOWN_METRIC.next_step());
                Diagnostic::new(&UNKNOWN_METRIC, &artifact.path, span, message).help(help)
            }));
        }
    }
    found
}

/// Lists the names and ids of all figures of the pack.
fn defined(scope: &Scope<'_>) -> Vec<String> {
    let mut known = Vec::new();
    for artifact in scope.judged() {
        let fields = metric::figures(scope, artifact).iter();
        let named = fields.flat_map(|figure| ["id", "name"].map(|key| figure.inner(key)));
        known.extend(named.flatten().filter_map(|field| field.value.text().map(str::to_owned)));
        if scope.kind(artifact).table(metric::METRICS).is_none() {
            continue;
        }
        for table in scope.kind(artifact).tables_of(&artifact.document) {
            let rows = table.table.rows.iter();
            let cells = rows.flat_map(|row| ["metric", "id"].map(|name| place(&table, row, name)));
            known.extend(cells.flatten().map(|(text, _)| text.trim().to_owned()));
        }
    }
    known
}

/// Tells whether a name is one that programs use, such as `aht_min`.
fn is_id(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    name.contains('_') && name.chars().all(is_part)
}

/// Tells what became of the criteria of a pack.
pub(super) fn find_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let Past { documents, trials, packs, pack, .. } = *past;
    let all = trials.goalposts(documents, pack);
    all.iter().filter_map(|goalpost| of_one(&documents.log, packs, goalpost)).collect()
}

fn of_one(log: &DecisionLog, packs: &Packs, goalpost: &Goalpost) -> Option<Diagnostic> {
    let change = log.last_changes.iter().find(|change| change.line == goalpost.line)?;
    let artifact = &packs.artifacts[packs.find(&change.path)?];
    let started = day_of(log.entries[goalpost.start].landing.time);
    let id = &artifact.id;
    let (rule, message) = match goalpost.stood {
        Stood::Moved => {
            let moved = goalpost.moves.iter().find(|one| one.approvals.is_empty())?;
            let on = day_of(log.texts.get(&goalpost.line)?.get(moved.text)?.landing.time);
            let message = format!(
                "the criteria in `{id}` changed on {on}, after the trial had started on {started}, \
                 and nobody approved that"
            );
            (&MOVED, message)
        }
        Stood::Late => {
            let message = format!(
                "the criteria in `{id}` were written after the trial had started on {started}"
            );
            (&LATE, message)
        }
        Stood::Still | Stood::Unknown => return None,
    };
    let found = Diagnostic::new(rule, &artifact.path, &artifact.status_span, message);
    Some(found.help(rule.fix.trim_end_matches('.')))
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[&MOVED, &LATE, &VAGUE, &UNKNOWN_METRIC];

/// Those that stand in the history.
pub(super) static PAST: &[&Rule] = &[&MOVED, &LATE];
