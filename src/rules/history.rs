//! Rules about how complete and how sure the history is.

use super::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::history::{Ambiguous, DecisionLog, Statement};
use crate::source::RepoPath;

/// A clone that lacks old commits.
pub static SHALLOW: Rule = Rule {
    name: "history.shallow",
    severity: Severity::Warning,
    summary: "Finds clones that lack old commits.",
    why: "Who decided before the edge of the clone, and when, is not known; the log says so instead of guessing.",
    fix: "Run `git fetch --unshallow`, or set `fetch-depth: 0` on the build machine.",
};

/// A clone that lacks content.
pub static MISSING_OBJECTS: Rule = Rule {
    name: "history.missing-objects",
    severity: Severity::Warning,
    summary: "Finds clones that lack the content of old files.",
    why: "The status in such a file is unknown, so changes of it cannot be told.",
    fix: "Run `git fetch --refetch --no-filter`.",
};

/// Two files with one id.
pub static AMBIGUOUS_ID: Rule = Rule {
    name: "history.ambiguous-id",
    severity: Severity::Error,
    summary: "Finds ids that more than one file states on the authority ref.",
    why: "Nobody can say which of the files was decided on, so no change is recorded while it lasts.",
    fix: "Give one of the files another id, or remove it.",
};

/// Replace refs.
pub static REPLACE_REFS: Rule = Rule {
    name: "history.replace-refs",
    severity: Severity::Note,
    summary: "Finds replace refs, which are ignored.",
    why: "They show other authors and texts than the commits hold, in this clone only.",
    fix: "List them with `git replace --list` and delete those that are not needed.",
};

/// Tells what the history lacks; `place` is the file that stands for the whole site.
pub fn findings(log: &DecisionLog, place: &RepoPath) -> Vec<Diagnostic> {
    let mut found = statement(&log.statement, place);
    found.extend(log.ambiguous.iter().flat_map(ambiguous));
    found
}

fn statement(statement: &Statement, place: &RepoPath) -> Vec<Diagnostic> {
    let Statement { shallow, missing_blobs, replace_refs, reference, .. } = statement;
    let find = |rule: &'static Rule, message: String| {
        Diagnostic::new(rule, place, &(0..0), message).help(rule.fix.trim_end_matches('.'))
    };
    let mut found = Vec::new();
    if let Some(edge) = shallow.first() {
        let edge = edge.short();
        found.push(find(
            &SHALLOW,
            format!("the history of `{reference}` ends at {edge}: this clone is shallow"),
        ));
    }
    if *missing_blobs > 0 {
        let message = format!("{missing_blobs} old contents are not in this clone");
        found.push(find(&MISSING_OBJECTS, message));
    }
    if *replace_refs > 0 {
        found.push(find(&REPLACE_REFS, format!("{replace_refs} replace refs are ignored")));
    }
    found
}

fn ambiguous(one: &Ambiguous) -> Vec<Diagnostic> {
    let told = |path: &RepoPath| {
        let others: Vec<_> = one
            .paths
            .iter()
            .filter(|other| *other != path)
            .map(|other| format!("`{other}`"))
            .collect();
        let message = format!("the id `{}` is also stated in {}", one.id, others.join(", "));
        Diagnostic::new(&AMBIGUOUS_ID, path, &(0..0), message)
            .help(AMBIGUOUS_ID.fix.trim_end_matches('.'))
    };
    one.paths.iter().map(told).collect()
}

/// The rules of this group.
pub static RULES: &[&Rule] = &[&SHALLOW, &MISSING_OBJECTS, &AMBIGUOUS_ID, &REPLACE_REFS];
