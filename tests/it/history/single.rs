//! Single facts of the log, and one story told by brute force.

use std::fs;

use readymark::history::{Question, StatusAt, recount};
use readymark::source::RepoPath;

use super::{log, vocabulary};
use crate::lab::{DAY, Lab, command, git, run, words};

/// The status line of a document at a commit, as `git show` gives it.
fn shown(lab: &Lab, commit: &str, path: &str) -> Option<String> {
    let output = command(&lab.root, &["show", &format!("{commit}:{path}")]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("status: "));
    line.filter(|_| output.status.success()).map(str::to_owned)
}

/// A linear story made by a small generator: documents come, change, lose their status and go.
fn wander(lab: &Lab, steps: u32) -> Vec<String> {
    let words = ["proposed", "approved", "rejected", "superseded"];
    let mut seed = 12_345_u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 16).unwrap() % below
    };
    let mut commits = Vec::new();
    for step in 0..steps {
        let path = format!("docs/{}.md", next(4));
        let at = lab.root.join(&path);
        match next(6) {
            0 if at.exists() => fs::remove_file(&at).unwrap(),
            1 => lab.write(&path, &format!("---\ntitle: T\n---\n\nStep {step}.\n")),
            _ => {
                let status = words[next(words.len())];
                lab.write(&path, &format!("---\nstatus: {status}\n---\n\nStep {step}.\n"));
            }
        }
        commits.push(lab.commit(&format!("Step {step}")));
    }
    commits
}

#[test]
fn a_linear_story_agrees_with_brute_force() {
    let lab = Lab::new();
    let commits = wander(&lab, 60);
    let mut expected = Vec::new();
    let mut last: [Option<String>; 4] = Default::default();
    for commit in &commits {
        for (number, before) in last.iter_mut().enumerate() {
            let path = format!("docs/{number}.md");
            let now = shown(&lab, commit, &path);
            if now != *before {
                expected.push((path, now.clone(), commit.clone()));
                *before = now;
            }
        }
    }
    let log = log(&lab);
    let word = |status: &StatusAt| status.word().map(str::to_owned);
    let told: Vec<_> = log
        .entries
        .iter()
        .map(|entry| (entry.path.to_string(), word(&entry.to), entry.landing.commit.to_string()))
        .collect();
    assert!(expected.len() > 30);
    assert_eq!(told, expected);
    for change in &log.last_changes {
        let by_git = git(&lab.root, &["log", "-1", "--format=%H", "--", change.path.as_str()]);
        assert_eq!(change.landing.commit.to_string(), by_git, "{}", change.path);
        assert_eq!(change.origin.as_ref().unwrap().commit, change.landing.commit);
    }
    assert_eq!(log.last_changes.len(), git(&lab.root, &["ls-files"]).lines().count());
}

#[test]
fn a_version_sees_nothing_that_came_after_it() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n");
    lab.write("old.md", &text("proposed"));
    let one = lab.commit("Propose");
    lab.git(&["mv", "old.md", "new.md"]);
    lab.write("new.md", &text("approved"));
    let two = lab.commit("Approve");
    lab.git(&["checkout", "-q", "-b", "release", &one]);
    lab.write("note.md", "note\n");
    let aside = lab.commit("Aside");
    lab.git(&["checkout", "-q", "main"]);
    let repository = lab.open();
    let id = |revision: &str| repository.resolve(revision).unwrap();
    let versions = [id(&one), id(&aside)];
    let asked = Question {
        reference: "main",
        tip: id("main"),
        folders: &[],
        versions: &versions,
        vocabulary: &vocabulary(),
        published: None,
    };
    let log = recount(&repository, &asked).unwrap();
    assert_eq!(
        [log.landing_of(id(&one)), log.landing_of(id(&two)), log.landing_of(id(&aside))],
        [Some(0), Some(1), Some(0)]
    );
    let told = |revision: &str| -> (Vec<String>, Vec<(String, String, usize)>) {
        let log = log.as_of(id(revision));
        let changes = log
            .last_changes
            .iter()
            .map(|change| (change.path.to_string(), change.landing.subject.clone(), change.line));
        let subjects = log.entries.iter().map(|entry| entry.landing.subject.clone());
        (subjects.collect(), changes.collect())
    };
    let change = |path: &str, subject: &str| (path.to_owned(), subject.to_owned(), 0);
    for revision in [&one, &aside] {
        let expected = (vec!["Propose".to_owned()], vec![change("old.md", "Propose")]);
        assert_eq!(told(revision), expected);
    }
    let both = vec!["Propose".to_owned(), "Approve".to_owned()];
    assert_eq!(told("main"), (both, vec![change("new.md", "Approve")]));
}

#[test]
fn a_site_notices_that_the_history_it_told_was_rewritten() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n\n# Restart\n");
    for status in ["proposed", "approved"] {
        lab.write("rb.md", &text(status));
        lab.commit(status);
    }
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    let said = || {
        let place = site.to_str().unwrap();
        words(&run(&lab.root, &["build", ".", "-d", place, "--as-of", DAY]))
    };
    assert!(!said().contains("history.rewritten"));
    lab.write("rb.md", &text("accepted"));
    lab.commit("accepted");
    assert!(!said().contains("history.rewritten"), "it only goes on");
    lab.git(&["reset", "-q", "--hard", "HEAD~2"]);
    lab.write("rb.md", &text("rejected"));
    lab.commit("rejected");
    assert!(said().contains("history.rewritten"));
    assert!(!said().contains("history.rewritten"), "the new history is published now");
}

#[test]
fn the_last_change_of_a_merge_names_the_commit_of_the_branch() {
    let lab = Lab::new();
    lab.write("a.md", "one\n\nmiddle\n\nend\n");
    lab.commit("One");
    lab.git(&["checkout", "-q", "-b", "side"]);
    lab.write("a.md", "one\n\nmiddle\n\nother end\n");
    let side = lab.commit("Side");
    lab.write("b.md", "b\n");
    lab.commit("Another file");
    lab.git(&["checkout", "-q", "main"]);
    lab.write("a.md", "other one\n\nmiddle\n\nend\n");
    lab.commit("Main");
    lab.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #4 from ana/side", "side"]);
    let log = log(&lab);
    let change = &log.last_changes[0];
    assert_eq!((change.path.as_str(), change.landing.pull_request), ("a.md", Some(4)));
    assert_eq!(change.origin.as_ref().unwrap().commit.to_string(), side);
}

#[test]
fn a_blobless_clone_knows_what_it_does_not_know() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n");
    for status in ["proposed", "approved"] {
        lab.write("rb.md", &text(status));
        lab.commit(status);
    }
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let lab = lab.cloned(&["--filter=blob:none"]);
    let log = log(&lab);
    assert_eq!(log.statement.missing_blobs, 1);
    assert!(!log.statement.complete());
    let [entry] = log.entries.as_slice() else { panic!("{:?}", log.entries) };
    assert_eq!(
        (&entry.from, &entry.to),
        (&StatusAt::Unknown, &StatusAt::Word("approved".to_owned()))
    );
    assert!(entry.origins.is_empty());
    let place = RepoPath::new("book.toml");
    let findings = readymark::rules::history::findings(&log, &place, "2026-12-31");
    let rules: Vec<_> = findings.iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["history.missing-objects"]);
}

#[test]
fn a_landing_after_the_day_of_judging_is_told() {
    let lab = Lab::new();
    lab.write("rb.md", "---\nid: RB-001\nstatus: proposed\n---\n");
    let commit = lab.commit("Start");
    let (log, place) = (log(&lab), RepoPath::new("book.toml"));
    let told = |day| readymark::rules::history::findings(&log, &place, day);
    assert!(told("2026-01-01").is_empty());
    let found = told("2025-12-31");
    assert_eq!(found.len(), 1, "{found:?}");
    let message =
        format!("{} claims to have landed after 2025-12-31, the day of judging", &commit[..10]);
    assert_eq!((found[0].rule, &found[0].message), ("history.times", &message));
}
