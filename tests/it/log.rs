//! `readymark log`: the same as the site tells, in lines, in files and by what is asked for.

use std::fs;
use std::process::Output;

use crate::lab::{DAY, Lab, built, has_extension, readymark, run, words};

fn document(kind: &str, id: &str, title: &str, status: &str, more: &str) -> String {
    format!("---\nid: {id}\nkind: {kind}\ntitle: {title}\nstatus: {status}\n{more}---\n# {title}\n")
}

/// A runbook that is written and approved, then a decision for a gate.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    lab.write("tea/RB-001.md", &document("runbook", "RB-001", "Boil water", "draft", ""));
    lab.commit("Write it down");
    lab.write("tea/RB-001.md", &document("runbook", "RB-001", "Boil water", "approved", ""));
    lab.commit("Approve it (#7)");
    let advice = "recommendation: green\noutcome: black\ngate: G1\ndeciders: [Bob Iyer]\n";
    lab.write("tea/DEC-001.md", &document("decision", "DEC-001", "Which tea", "accepted", advice));
    lab.commit("Decide");
    lab
}

fn log(lab: &Lab, options: &[&str]) -> Output {
    run(&lab.root, &[&["log", "."], options].concat())
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn an_entry_is_two_or_three_lines_under_its_day() {
    let lab = lab();
    let commits = lab.git(&["log", "--reverse", "--format=%h", "--abbrev=10"]);
    let commits: Vec<&str> = commits.lines().collect();
    let output = log(&lab, &[]);
    let expected = format!(
        "1 Jan 2026
  RB-001 Boil water: added as draft
    Ana, began with {}: Write it down
  RB-001 Boil water: approved, was draft
    Ana, landed with {} #7: Approve it (#7)
    Illegal: the life cycle of this kind of document does not allow this step.
  DEC-001 Which tea: added as accepted
    Ana, landed with {}: Decide
    It says: decided by Bob Iyer. Contested: green was recommended, black was decided.
",
        commits[0], commits[1], commits[2]
    );
    assert_eq!(text(&output), expected);
    assert_eq!(words(&output), "", "the history is complete");
}

#[test]
fn files_are_those_of_the_site_to_the_byte() {
    let lab = lab();
    let site = built(&lab.root, &[]);
    for format in ["json", "csv"] {
        let arguments = ["log", ".", "--format", format, "--as-of", DAY];
        let output = readymark(&lab.root, &arguments).output();
        let there = &site[&format!("tea/decision-log.{format}")];
        assert!(there.len() > 300);
        assert_eq!(text(&output.unwrap()), std::str::from_utf8(there).unwrap());
    }
}

#[test]
fn each_filter_leaves_what_is_asked_for() {
    let lab = lab();
    let all = ["added as draft", "approved, was draft", "added as accepted"];
    for (options, expected) in [
        (&["--person", "ana"][..], &all[..]),
        (&["--person", "iyer"], &all[2..]),
        (&["--person", "Eve"], &[]),
        (&["--kind", "Runbook"], &all[..2]),
        (&["--document", "rb-001"], &all[..2]),
        (&["--document", "tea/DEC-001.md"], &all[2..]),
        (&["--document", "RB"], &[]),
        (&["--gate", "g1"], &all[2..]),
        (&["--since", "2026-01-01"], &all),
        (&["--since", "2026-01-02"], &[]),
        (&["--until", "2026-01-01"], &all),
        (&["--until", "2025-12-31"], &[]),
        (&["--text", "WATER #7"], &all[1..2]),
        (&["--text", "contested"], &all[2..]),
        (&["--person", "ana", "--kind", "decision"], &all[2..]),
    ] {
        let output = log(&lab, options);
        let told: Vec<&str> = all.into_iter().filter(|one| text(&output).contains(one)).collect();
        assert_eq!(told, expected, "{options:?}");
        let is_empty = words(&output).contains("Nothing in the log is like that");
        assert_eq!(is_empty, expected.is_empty(), "{options:?}");
        let json = log(&lab, &[options, &["--format", "json"]].concat());
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(json["entries"].as_array().unwrap().len(), expected.len(), "{options:?}");
    }
}

#[test]
fn what_cannot_be_asked_for_is_said_with_the_next_step() {
    let lab = lab();
    lab.write("mug/pack.toml", "id = \"mug\"\ntitle = \"Mug\"\n");
    lab.write("mug/RB-001.md", &document("runbook", "RB-001", "Wash up", "draft", ""));
    lab.commit("Another pack");
    for (options, said) in [
        (&["--kind", "runbok"][..], "did you mean `runbook`"),
        (&["--pack", "cup"], "mug, tea"),
        (&["--since", "yesterday"], "write --since 2026-05-05"),
        (&["--until", "2026-02-30"], "write --until 2026-05-05"),
        (&["--format", "json"], "name one with --pack: mug, tea"),
    ] {
        let output = log(&lab, options);
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(words(&output).contains(said), "{options:?}: {}", words(&output));
    }
    assert!(text(&log(&lab, &[])).contains("  mug:RB-001 Wash up: added as draft\n"));
    let one = log(&lab, &["--pack", "mug"]);
    assert_eq!(text(&one).lines().nth(1), Some("  RB-001 Wash up: added as draft"));
}

#[test]
fn a_history_that_is_not_whole_is_said_and_fails_where_that_is_asked() {
    let shallow = lab().shallow(1);
    for (options, code) in [(&[][..], 0), (&["--complete"], 1), (&["--format", "json"], 0)] {
        let output = log(&shallow, options);
        assert_eq!(output.status.code(), Some(code), "{options:?}");
        assert!(words(&output).contains("git fetch --unshallow"), "{}", words(&output));
    }
    assert!(text(&log(&shallow, &[])).starts_with("Day not known\n"));

    let lab = lab();
    assert_eq!(log(&lab, &["--complete"]).status.code(), Some(0));
    run(&lab.root, &["build", "."]);
    lab.git(&["commit", "-q", "--amend", "-m", "Decide otherwise"]);
    let output = log(&lab, &["--complete"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("history.rewritten"), "{}", words(&output));
    assert_eq!(log(&lab, &[]).status.code(), Some(0));
}

#[test]
fn check_says_that_the_history_is_not_whole() {
    let check = |lab: &Lab| words(&run(&lab.root, &["check", ".", "--as-of", "2026-05-04"]));
    assert!(!check(&lab()).contains("history."), "{}", check(&lab()));
    assert!(check(&lab().shallow(1)).contains("history.shallow"));

    let partial = lab();
    partial.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = partial.cloned(&["--filter=blob:none"]);
    assert!(check(&partial).contains("history.missing-objects"), "{}", check(&partial));

    let rewritten = lab();
    run(&rewritten.root, &["build", "."]);
    assert!(!check(&rewritten).contains("history."));
    rewritten.git(&["commit", "-q", "--amend", "-m", "Decide otherwise"]);
    assert!(check(&rewritten).contains("history.rewritten"), "{}", check(&rewritten));

    let broken = lab();
    let first = broken.git(&["rev-parse", "HEAD~2"]);
    let object = broken.root.join(".git/objects").join(&first[..2]).join(&first[2..]);
    fs::remove_file(&object).unwrap();
    fs::write(&object, "no object").unwrap();
    assert!(check(&broken).contains("the history cannot be read"), "{}", check(&broken));
}

#[test]
fn what_branches_did_on_their_way_is_told_where_it_is_asked_for() {
    let lab = lab();
    lab.git(&["switch", "-q", "-c", "way"]);
    for (status, name) in [("retired", "Bob"), ("approved", "Cyn")] {
        lab.write("tea/RB-001.md", &document("runbook", "RB-001", "Boil water", status, ""));
        lab.commit_by(name, &format!("Make it {status}"));
    }
    let commits = lab.git(&["log", "--reverse", "--format=%h", "--abbrev=10", "main.."]);
    let commits: Vec<&str> = commits.lines().collect();
    lab.git(&["switch", "-q", "main"]);
    lab.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #9 from bob/way", "way"]);
    let landing = lab.git(&["rev-parse", "--short=10", "HEAD"]);
    let plain = log(&lab, &[]);
    assert!(!text(&plain).contains("Make it"), "{}", text(&plain));
    let expected = format!(
        "{}  RB-001 Boil water: retired, was approved
    Bob, on a branch with {} #9: Make it retired
    On a branch: written on 1 Jan 2026, brought in by {landing}, and no step of main.
  RB-001 Boil water: approved, was retired
    Cyn, on a branch with {} #9: Make it approved
    On a branch: written on 1 Jan 2026, brought in by {landing}, and no step of main.
",
        text(&plain),
        commits[0],
        commits[1]
    );
    assert_eq!(text(&log(&lab, &["--full"])), expected);
    let json = |options: &[&str]| -> serde_json::Value {
        let output = log(&lab, &[&["--format", "json"], options].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert!(json(&[]).get("inside").is_none());
    let inside = json(&["--full", "--person", "cyn"])["inside"].as_array().unwrap().clone();
    assert_eq!(inside.len(), 1);
    assert_eq!((&inside[0]["to"], &inside[0]["pr"]), (&"approved".into(), &9.into()));
    assert_eq!(inside[0]["commit"].as_str().unwrap()[..10], *commits[1]);
    let csv = readymark(&lab.root, &["log", ".", "--full", "--format", "csv"]).output().unwrap();
    assert_eq!(text(&csv).matches("\"on a branch\"").count(), 2);
}

#[test]
fn a_site_folds_what_branches_did_into_the_pages_of_their_documents() {
    let lab = lab();
    lab.git(&["switch", "-q", "-c", "way"]);
    for (status, name) in [("retired", "Bob"), ("approved", "Cyn")] {
        lab.write("tea/RB-001.md", &document("runbook", "RB-001", "Boil water", status, ""));
        lab.commit_by(name, &format!("Make it {status}"));
    }
    lab.git(&["switch", "-q", "main"]);
    lab.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #9 from bob/way", "way"]);
    let (plain, full) = (built(&lab.root, &[]), built(&lab.root, &["--full"]));
    let differs = |route: &&String| plain.get(*route) != full.get(*route);
    let changed: Vec<&String> = full.keys().filter(differs).collect();
    assert_eq!(plain.len(), full.len());
    let manifest = "readymark-manifest.json";
    let expected = ["tea/RB-001.html", "tea/decision-log.csv", "tea/decision-log.json"];
    let pages: Vec<&String> =
        changed.into_iter().filter(|name| !name.ends_with(manifest)).collect();
    assert_eq!(pages, expected);
    let page = String::from_utf8(full["tea/RB-001.html"].clone()).unwrap();
    let (_, folded) =
        page.split_once("<summary>On branches, and not landed as such: 2</summary>").unwrap();
    let (folded, _) = folded.split_once("</details>").unwrap();
    let (later, earlier) = (folded.find("Make it approved"), folded.find("Make it retired"));
    assert!(later.is_some() && later < earlier, "{folded}");
}

#[test]
fn the_same_change_on_another_version_is_named_and_changes_no_page() {
    let lab = lab();
    lab.write(
        "book.toml",
        "[book]\ntitle = \"H\"\n\n[versions]\nbranches = [\"main\", \"release\"]\n",
    );
    lab.commit("Choose versions");
    lab.git(&["branch", "release"]);
    let approve = |message: &str| {
        lab.write("tea/RB-001.md", &document("runbook", "RB-001", "Boil water", "retired", ""));
        lab.commit(&format!("{message}\n\nChange-Id: I0123456789"))
    };
    approve("Retire it");
    let before = built(&lab.root, &[]);
    lab.git(&["switch", "-q", "release"]);
    let other = approve("Retire it for the release");
    lab.git(&["switch", "-q", "main"]);
    let told = log(&lab, &["--text", "change-id"]);
    let words = format!("The same Change-Id stands on another branch: {}.", &other[..10]);
    assert!(text(&told).contains(&words), "{}", text(&told));
    let json = log(&lab, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let last = json["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(last["same_change"], serde_json::json!([other]));
    let after = built(&lab.root, &[]);
    let of_main = |name: &&String| name.starts_with("tea/main/") && has_extension(name, "html");
    let pages: Vec<&String> = before.keys().filter(of_main).collect();
    assert!(pages.len() > 3, "{:?}", before.keys());
    for page in pages {
        assert!(before[page] == after[page], "{page}");
    }
}
