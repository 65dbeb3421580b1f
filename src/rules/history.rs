//! Rules about how complete and how sure the history is.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::frozen::Frozen;
use crate::history::{
    Ambiguous, Checkpoint, DecisionLog, Entry, How, Odd, Statement, StatusAt, end_of,
};
use crate::source::{ObjectId, RepoPath};

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
    summary: "Finds clones that lack the content of old files, or tags.",
    why: "The status in such a file is unknown, so changes of it cannot be told; a tag may say who approved something.",
    fix: "Run `git fetch --refetch --no-filter --tags --force`.",
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

/// Grafts.
pub static GRAFTS: Rule = Rule {
    name: "history.grafts",
    severity: Severity::Note,
    summary: "Finds a file of grafts, which is ignored.",
    why: "Grafts show other parents than the commits hold, in this clone only.",
    fix: "Remove `info/grafts` from the git folder when it is not needed.",
};

/// A branch that was merged into itself.
pub static FOXTROT: Rule = Rule {
    name: "history.foxtrot",
    severity: Severity::Note,
    summary: "Finds merges that brought the branch itself in from the side.",
    why: "What had landed on the branch then looks as if it came with the merge, later and by somebody else.",
    fix: "Bring a branch up to date with `git pull --rebase`; the published log shows which way to follow.",
};

/// A published log that is no longer told.
pub static REWRITTEN: Rule = Rule {
    name: "history.rewritten",
    severity: Severity::Error,
    summary: "Finds that the log which was published before is no longer told.",
    why: "Readers rely on what was published; a history that was rewritten hides who decided what.",
    fix: "Find out who pushed over the branch, and restore the commit that was published.",
};

/// Times that cannot be.
pub static TIMES: Rule = Rule {
    name: "history.times",
    severity: Severity::Note,
    summary: "Finds commits that claim times which cannot be.",
    why: "Dates are shown as claimed; order follows the branch, so that no such claim moves a decision.",
    fix: "Set the clocks of the machines that commit.",
};

/// A status that a merge made.
pub static MADE_BY_MERGE: Rule = Rule {
    name: "history.made-by-merge",
    severity: Severity::Warning,
    summary: "Finds statuses that a merge dropped or invented.",
    why: "No commit says so: whoever merged took back what a branch had changed, or wrote what nobody had.",
    fix: "Look at the merge, and say the status once more in a commit of its own.",
};

/// A signature that does not belong to its commit.
pub static BAD_SIGNATURE: Rule = Rule {
    name: "history.bad-signature",
    severity: Severity::Warning,
    summary: "Finds commits of the log whose signature was made for something else.",
    why: "The commit was changed after it was signed, by hand or by a tool that rewrites history.",
    fix: "Compare the commit with the signer's own copy, and have it signed again.",
};

/// A tag that was published with another commit.
pub static MOVED_TAG: Rule = Rule {
    name: "history.moved-tag",
    severity: Severity::Error,
    summary: "Finds tags that are gone or name another commit than when they were published first.",
    why: "What people agreed to under this name is no longer what the name shows.",
    fix: "Put the tag back, and give the new state a name of its own.",
};

/// A file that a merge cannot join.
pub static CONFLICT: Rule = Rule {
    name: "history.conflict",
    severity: Severity::Error,
    summary: "Finds files that two branches changed at the same place, with `check --into`.",
    why: "Somebody has to choose between them, and nobody knows yet what that will be.",
    fix: "Merge the branch into yours, and settle the file.",
};

/// A step that the life cycle does not have.
pub static ILLEGAL_STEP: Rule = Rule {
    name: "history.illegal-step",
    severity: Severity::Note,
    summary: "Finds statuses that were reached by a step which the kind's life cycle does not have.",
    why: "A step was left out, such as the review between a draft and its approval, or a closed document was reopened.",
    fix: "Say in the document why, or go the missing step; the kind's `next` words say which steps there are.",
};

/// A document that is dated after it landed.
pub static DATED_LATER: Rule = Rule {
    name: "history.dated-later",
    severity: Severity::Warning,
    summary: "Finds documents in force that name a day for what was done which came after they landed.",
    why: "What is written down before it happened is a plan, and no evidence that it was done.",
    fix: "Write the day on which it was done, or leave the status until then.",
};

/// Tells what the history lacks; `place` is the file that stands for the whole site, `day` the day of judging.
pub fn findings(log: &DecisionLog, place: &RepoPath, day: &str) -> Vec<Diagnostic> {
    let mut found = statement(&log.statement, place);
    found.extend(times(log, place));
    found.extend(dated_later(log));
    found.extend(ahead(log, place, day));
    found.extend(log.forged().map(|commit| {
        let message = format!("the signature of {} is bad", commit.short());
        let fix = BAD_SIGNATURE.fix.trim_end_matches('.');
        Diagnostic::new(&BAD_SIGNATURE, place, &(0..0), message).help(fix)
    }));
    found.extend(log.ambiguous.iter().flat_map(ambiguous));
    found.extend(standing(log).flat_map(doubtful));
    found
}

/// Tells that a merge into a branch cannot join a file.
pub fn conflict(path: &RepoPath, branch: &str) -> Diagnostic {
    let message = format!("`{branch}` changed it at the same place, so it cannot be merged");
    let help = format!("settle it with `git merge {branch}`; it was checked as it is here");
    Diagnostic::new(&CONFLICT, path, &(0..0), message).help(help)
}

/// Tells which tags named other commits when they were published first; `now` are the commits of today.
pub fn moved(
    before: &Checkpoint,
    now: &BTreeMap<String, ObjectId>,
    place: &RepoPath,
) -> Vec<Diagnostic> {
    let meant = "if that was meant, take its line out of checkpoint.json in the site";
    let tell = |(name, then, now): (&str, ObjectId, Option<ObjectId>)| {
        let (then, now) = (then.short(), now.map(|now| now.short()));
        let back = format!("put it back with `git tag --force {name} {then}`");
        let (message, help) = match now {
            Some(now) => (
                format!("the tag `{name}` is moved: it was published as {then} and names {now}"),
                format!("{back}, and give {now} a name of its own; {meant}"),
            ),
            None => (
                format!("the tag `{name}` is gone: it was published as {then}"),
                format!("{back}; {meant}"),
            ),
        };
        Diagnostic::new(&MOVED_TAG, place, &(0..0), message).help(help)
    };
    before.moved(now).map(tell).collect()
}

/// Tells that a frozen tag is gone or names another commit today.
pub fn thawed(name: &str, then: &Frozen, now: Option<&Frozen>, file: &RepoPath) -> Diagnostic {
    let commit = then.commit.short();
    let message = match now {
        Some(now) => {
            let same = if now.tree == then.tree { ", which holds the same files" } else { "" };
            let now = now.commit.short();
            format!("the tag `{name}` is moved: it was frozen as {commit} and names {now}{same}")
        }
        None => format!("the tag `{name}` is gone: it was frozen as {commit}"),
    };
    let help = match now {
        Some(now) => format!(
            "put it back with `git tag --force {name} {commit}`, and give {} a name of its own; if it was meant, take \
             its line out of {}",
            now.commit.short(),
            file.name()
        ),
        None => format!(
            "fetch it with `git fetch --tags`, or put it back with `git tag {name} {commit}`"
        ),
    };
    let span = &then.span;
    Diagnostic::new(&MOVED_TAG, file, span, message).help(help)
}

/// Lists the entries on which the statuses of today rest.
fn standing(log: &DecisionLog) -> impl Iterator<Item = &Entry> {
    let last: BTreeMap<usize, &Entry> =
        log.entries.iter().map(|entry| (entry.line, entry)).collect();
    last.into_values().filter(|entry| entry.to != StatusAt::NoDocument)
}

/// Tells what is doubtful about how a status came to be.
fn doubtful(entry: &Entry) -> Vec<Diagnostic> {
    let find = |rule: &'static Rule, message: String| {
        let fix = rule.fix.trim_end_matches('.');
        Diagnostic::new(rule, &entry.path, &(0..0), message).help(fix)
    };
    let (from, to, landing) = (entry.from.told(), entry.to.told(), entry.landing.commit.short());
    let mut found = Vec::new();
    let verb = entry.origins.iter().find_map(|origin| match origin.how {
        How::Discard => Some(("dropped", origin)),
        How::Evil => Some(("invented", origin)),
        _ => None,
    });
    if let Some((verb, origin)) = verb {
        let merge = origin.commit.short();
        let message = format!("the merge {merge} {verb} a status: it is `{to}` and was `{from}`");
        found.push(find(&MADE_BY_MERGE, message));
    }
    if entry.legal == Some(false) {
        let message = format!("`{to}` came right after `{from}` with {landing}");
        found.push(find(&ILLEGAL_STEP, message));
    }
    found
}

/// Counts the commits whose times cannot be.
fn times(log: &DecisionLog, place: &RepoPath) -> Option<Diagnostic> {
    let odd: BTreeSet<_> = log
        .remarks
        .iter()
        .filter(|remark| !matches!(remark.odd, Odd::Submodule | Odd::DatedLater | Odd::Unclear))
        .map(|remark| remark.commit)
        .collect();
    let first = odd.first()?;
    let (count, first) = (odd.len(), first.short());
    let message = match count {
        1 => format!("{first} claims a time that cannot be"),
        _ => format!("{count} commits claim times that cannot be, such as {first}"),
    };
    Some(Diagnostic::new(&TIMES, place, &(0..0), message).help(TIMES.fix.trim_end_matches('.')))
}

/// Tells which documents that are in force still named a later day when they landed.
fn dated_later(log: &DecisionLog) -> impl Iterator<Item = Diagnostic> {
    let landed: BTreeSet<_> =
        standing(log).map(|entry| (entry.landing.commit, &entry.document)).collect();
    log.remarks.iter().filter_map(move |remark| {
        let (id, path) = remark.document.as_ref()?;
        landed.contains(&(remark.commit, id)).then_some(())?;
        let message =
            format!("`{id}` names a day after {}, with which it landed", remark.commit.short());
        let fix = DATED_LATER.fix.trim_end_matches('.');
        Some(Diagnostic::new(&DATED_LATER, path, &(0..0), message).help(fix))
    })
}

/// Counts the landings that claim to be later than the day of judging.
fn ahead(log: &DecisionLog, place: &RepoPath, day: &str) -> Option<Diagnostic> {
    let ahead = log.ahead_of(end_of(day));
    let first = ahead.first()?.commit.short();
    let message = match ahead.len() {
        1 => format!("{first} claims to have landed after {day}, the day of judging"),
        count => format!(
            "{count} landings claim to be later than {day}, the day of judging, such as {first}"
        ),
    };
    let help = "judge by a later day, or set the clocks of the machines that commit";
    Some(Diagnostic::new(&TIMES, place, &(0..0), message).help(help))
}

/// Tells that the history cannot be read at all.
pub fn unreadable(failure: &Failure, place: &RepoPath) -> Diagnostic {
    Diagnostic::new(&MISSING_OBJECTS, place, &(0..0), failure.message.clone())
        .help("run `git fsck`; a new clone has all objects")
}

/// Tells what is missing from the history, and whether what was published before is no longer told.
pub fn lacking(log: &Statement, place: &RepoPath) -> Vec<Diagnostic> {
    let lacks = [SHALLOW.name, MISSING_OBJECTS.name, REWRITTEN.name];
    let mut found = statement(log, place);
    found.retain(|finding| lacks.contains(&finding.rule));
    found
}

fn statement(statement: &Statement, place: &RepoPath) -> Vec<Diagnostic> {
    let Statement { shallow, missing_blobs, missing_tags, replace_refs, reference, .. } = statement;
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
    if *missing_tags > 0 {
        let message = format!("tags that cannot be read and may approve something: {missing_tags}");
        found.push(find(&MISSING_OBJECTS, message));
    }
    if *replace_refs > 0 {
        found.push(find(&REPLACE_REFS, format!("{replace_refs} replace refs are ignored")));
    }
    if statement.grafts {
        found.push(find(&GRAFTS, "grafts are ignored".to_owned()));
    }
    for foxtrot in &statement.foxtrots {
        let commit = foxtrot.commit.short();
        found.push(find(&FOXTROT, format!("{commit} merged `{reference}` into itself")));
    }
    if let Some(published) = statement.published.as_ref().filter(|_| statement.rewritten()) {
        let tip = published.tip.short();
        let message = published.first_difference.map_or_else(
            || format!("the history of `{reference}` no longer holds {tip}, which was published"),
            |entry| format!("the log published of {tip} is no longer told, from entry {entry} on"),
        );
        found.push(find(&REWRITTEN, message));
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
pub static RULES: &[&Rule] = &[
    &SHALLOW,
    &MISSING_OBJECTS,
    &AMBIGUOUS_ID,
    &REPLACE_REFS,
    &GRAFTS,
    &FOXTROT,
    &REWRITTEN,
    &TIMES,
    &MADE_BY_MERGE,
    &ILLEGAL_STEP,
    &DATED_LATER,
    &BAD_SIGNATURE,
    &MOVED_TAG,
    &CONFLICT,
];
