//! `readymark check`: what is wrong and what is missing, for people and in the formats of platforms.

use std::path::Path;
use std::time::Instant;

use super::arguments::{Check, Printing};
use super::commands::{
    counts, date, day, examined, examined_after, exit, judged_after, open, plural, print_findings,
    say, took, work_tree,
};
use super::files::{append, put, read};
use super::fix::{Mending, fix};
use super::signers::trusting;
use super::{Exit, Streams, Surroundings, report as drawn};
use crate::Failure;
use crate::assemble::{self, Slot};
use crate::diagnostic::Diagnostic;
use crate::examine::{Examined, Memo};
use crate::frozen;
use crate::judge::{Judged, Judging};
use crate::project::Project;
use crate::report::baseline::{self, Baseline};
use crate::report::{Noted, Report, format};
use crate::rules::{self, Checking};
use crate::source::{RepoPath, Snapshot};

pub(super) fn check(
    check: &Check,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    one_for_standard_output(&check.format)?;
    let today = day(&check.place, surroundings)?;
    let project = open(&check.place.dir, true, surroundings, streams)?;
    let project = trusting(project, &check.place)?;
    if check.fix || check.diff {
        let mending = if check.diff { Mending::Show } else { Mending::Write };
        let snapshot = work_tree(&project)?;
        let found = examined(&project, &snapshot, &today)?.judged;
        let found: Vec<Diagnostic> = found.iter().cloned().collect();
        fix(&project, &snapshot, &found, mending, streams)?;
        if check.diff {
            return Ok(Exit::Clean);
        }
    }
    let (snapshot, conflicts) = merging(&project, check.into.as_deref())?;
    let mut memo = Memo::default();
    let before = check.since.as_deref().map(|rev| brought_since(&project, rev, &today, &mut memo));
    let before = before.transpose()?;
    let (examined, judged, history) = judged_after(&project, &snapshot, &today, &mut memo)?;
    let mut found = history;
    found.extend(frozen::moved(&project, &snapshot)?);
    found.extend(conflicts);
    let notes = project.notes.iter().filter(|note| !is_old(note, before.as_ref(), &snapshot));
    found.extend(notes.cloned());
    found.extend(of_files(&judged, &examined));
    let mut findings = Noted::with_comments(found, &checking(&project, &examined, &today));
    if let Some(Before { findings: before, .. }) = &before {
        Noted::set_apart_old(&mut findings, before);
    }
    let mended = known(check, &mut findings, &examined, &today)?;
    let report = Report { findings: &findings, verdicts: &judged.verdicts, packs: &examined.packs };
    print(&report, &check.format, surroundings, streams)?;
    if is_for_people(&check.format) {
        let counting = || report.counting().map(|one| &one.finding);
        print_findings(counting(), &project, &snapshot, surroundings, streams);
        for verdict in report.verdicts {
            say(streams, &drawn::verdict(verdict, report.packs));
        }
        for line in drawn::apart(&findings, mended) {
            say(streams, &line);
        }
        let certain = counting().filter(|finding| finding.fix.is_some()).count();
        if certain > 0 {
            say(streams, &format!("Can be mended with --fix: {certain}"));
        }
        let pages = plural(report.packs.artifacts.len(), "page");
        say(streams, &format!("Checked {pages}: {} ({})", counts(counting()), took(started)));
    }
    Ok(exit(report.counting().map(|one| &one.finding)))
}

/// Lists what is wrong with the files, sorted.
fn of_files(judged: &Judged, examined: &Examined) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = judged.all().cloned().collect();
    found.sort();
    found.extend(examined.withheld.iter().cloned());
    found
}

fn checking<'a>(project: &'a Project, examined: &'a Examined, day: &'a str) -> Checking<'a> {
    Checking::new(&examined.packs, &[], &project.settings, day)
}

/// What was there before a change.
struct Before {
    snapshot: Snapshot,
    findings: Vec<Noted>,
}

/// Checks the commit at which this branch left another one, by the rules of today.
fn brought_since(
    project: &Project,
    rev: &str,
    day: &str,
    memo: &mut Memo,
) -> Result<Before, Failure> {
    let repository = &project.repository;
    let commit = repository.resolve(rev)?;
    let head = repository.head()?.unwrap_or(commit);
    let commit = repository.merge_base(commit, head)?;
    let snapshot = project.snapshot(commit)?;
    let examined = examined_after(project, &snapshot, day, memo)?;
    let log = assemble::log(project, &[Slot::whole(Some(commit))], None).unwrap_or_default();
    let log = assemble::log_at(&log, &snapshot);
    let judging =
        Judging { project, snapshot: &snapshot, examined: &examined, log: &log, as_of: day };
    let found = of_files(&judging.judge(None), &examined);
    let findings = Noted::with_comments(found, &checking(project, &examined, day));
    Ok(Before { snapshot, findings })
}

/// Tells whether a note about the settings was there before the change.
fn is_old(note: &Diagnostic, before: Option<&Before>, snapshot: &Snapshot) -> bool {
    let blob = |snapshot: &Snapshot| snapshot.file(note.path.as_str()).map(|file| file.blob);
    before.is_some_and(|before| blob(&before.snapshot) == blob(snapshot))
}

/// Sets apart what a baseline knows, or writes one; returns how many of its findings are mended.
fn known(
    check: &Check,
    findings: &mut Vec<Noted>,
    examined: &Examined,
    day: &str,
) -> Result<usize, Failure> {
    if let Some(file) = &check.write_baseline {
        let before = read_baseline(file)?;
        let until = date("--until", check.until.as_deref())?.map(|day| day.to_string());
        let until = until.or_else(|| before.as_ref().map(|before| before.until.clone()));
        let until = until.ok_or_else(|| {
            Failure::new("a new baseline needs a last day").help("add --until 2026-12-31")
        })?;
        let baseline = Baseline::of(findings, before.as_ref(), until);
        put(file, &baseline.write())?;
        baseline.apply(findings);
        return Ok(0);
    }
    let Some(file) = &check.baseline else { return Ok(0) };
    let baseline = read_baseline(file)?.ok_or_else(|| {
        Failure::new(format!("there is no baseline {}", file.display()))
            .help("write one with --write-baseline FILE --until 2026-12-31")
    })?;
    let path = RepoPath::new(&file.to_string_lossy());
    if let Some(expired) = baseline.expired(&path, day) {
        findings.extend(Noted::all(vec![expired], &examined.packs));
        return Ok(0);
    }
    Ok(baseline.apply(findings))
}

fn read_baseline(file: &Path) -> Result<Option<Baseline>, Failure> {
    let Some(bytes) = read(file)? else { return Ok(None) };
    let (baseline, findings) = baseline::read(&RepoPath::new(&file.to_string_lossy()), &bytes);
    let wrong = || {
        let what = findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        Failure::new(format!("the baseline {} cannot be read: {what}", file.display()))
            .help("write it anew with --write-baseline")
    };
    baseline.map(Some).ok_or_else(wrong)
}

/// Tells whether findings are drawn for people.
fn is_for_people(formats: &[Printing]) -> bool {
    formats.is_empty() || formats.iter().any(|one| one.format.is_none())
}

/// Refuses two formats that would run into each other.
fn one_for_standard_output(formats: &[Printing]) -> Result<(), Failure> {
    let plain = formats.iter().filter(|one| one.format.is_some() && one.file.is_none());
    if plain.count() < 2 {
        return Ok(());
    }
    Err(Failure::new("two formats cannot both go to standard output")
        .help("name a file for one of them, such as --format sarif=out.sarif"))
}

/// Writes the formats that are asked for, and those that the build machine reads without being asked.
fn print(
    report: &Report<'_>,
    formats: &[Printing],
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    for Printing { format, file } in formats {
        let Some(format) = format else { continue };
        let text = (format.write)(report);
        match file {
            Some(file) => put(file, &text)?,
            None => drop(streams.out.write_all(text.as_bytes())),
        }
    }
    let is_free = formats.iter().all(|one| one.file.is_some() || one.format.is_none());
    if let Some(format) = format("github").filter(|_| surroundings.annotations && is_free) {
        let _ = streams.out.write_all((format.write)(report).as_bytes());
    }
    match (&surroundings.summary, format("markdown")) {
        (Some(file), Some(format)) => append(file, &(format.write)(report)),
        _ => Ok(()),
    }
}

/// Reads the work tree, or what merging it into a branch would give, with the files that cannot be merged.
fn merging(project: &Project, into: Option<&str>) -> Result<(Snapshot, Vec<Diagnostic>), Failure> {
    let own = work_tree(project)?;
    let Some(branch) = into else { return Ok((own, Vec::new())) };
    let target = project.repository.resolve(branch)?;
    let merged = project.repository.merged(own, target)?;
    let conflicts = merged.conflicts.iter().map(|path| rules::history::conflict(path, branch));
    Ok((merged.snapshot, conflicts.collect()))
}
