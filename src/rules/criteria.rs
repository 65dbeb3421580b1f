//! Rules about the criteria by which a trial is judged: whether they stood still while it ran.

use std::collections::BTreeSet;

use super::{Past, Rule};
use crate::assemble::day_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::history::{DecisionLog, Goalpost, Stood};
use crate::pack::Packs;
use crate::source::RepoPath;

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

/// Tells what became of the criteria of a pack.
pub(super) fn find(past: &Past<'_>) -> Vec<Diagnostic> {
    let Past { documents, packs, pack, .. } = *past;
    let log = &documents.log;
    let is_own = |path: &RepoPath| packs.pack_of(path) == Some(pack);
    let mut held = log.criteria.keys().flat_map(|line| documents.changes(*line));
    if !held.any(|at| is_own(&log.last_changes[*at].path)) {
        return Vec::new();
    }
    let entries = (0..log.entries.len()).filter(|at| is_own(&log.entries[*at].path));
    let entries: Vec<usize> = entries.collect();
    let own = log.last_changes.iter().filter(|it| is_own(&it.path));
    let mut lines: BTreeSet<usize> = own.map(|change| change.line).collect();
    lines.extend(entries.iter().map(|at| log.entries[*at].line));
    let all = log.goalposts(&entries, &lines);
    all.iter().filter_map(|goalpost| of_one(log, packs, goalpost)).collect()
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
pub static RULES: &[&Rule] = &[&MOVED, &LATE];
