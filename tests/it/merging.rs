//! `check --into`: what merging would give, before anybody merges.

use std::process::Output;

use crate::lab::{Lab, run, words};

fn runbook(id: &str, text: &str) -> String {
    format!("---\nid: {id}\nkind: runbook\ntitle: {text}\nstatus: draft\n---\n# {text}\n")
}

/// Two branches, each with a runbook of its own under one id.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    lab.write("tea/runbooks/boil.md", &runbook("RB-001", "Boil water"));
    lab.commit("Begin");
    lab.git(&["branch", "other"]);
    lab.write("tea/runbooks/pour.md", &runbook("RB-007", "Pour it"));
    lab.commit("Pour");
    lab.git(&["switch", "-q", "other"]);
    lab.write("tea/runbooks/stir.md", &runbook("RB-007", "Stir it"));
    lab.commit("Stir");
    lab
}

fn check(lab: &Lab, options: &[&str]) -> Output {
    run(&lab.root, &[&["check", ".", "--as-of", "2026-05-04"], options].concat())
}

#[test]
fn an_id_that_two_branches_took_is_found_before_they_are_merged() {
    let lab = lab();
    for branch in ["main", "other"] {
        lab.git(&["switch", "-q", branch]);
        assert!(!words(&check(&lab, &[])).contains("id.duplicate"), "{branch} alone is sound");
    }
    for (branch, into) in [("other", "main"), ("main", "other")] {
        lab.git(&["switch", "-q", branch]);
        let output = check(&lab, &["--into", into]);
        assert_eq!(output.status.code(), Some(1));
        let said = words(&output);
        assert!(said.contains("id.duplicate") && said.contains("RB-007"), "{branch}: {said}");
    }
    assert_eq!(lab.git(&["status", "--porcelain"]), "", "nothing was merged");
}

#[test]
fn what_is_not_committed_yet_counts_and_mends_it() {
    let lab = lab();
    lab.write("tea/runbooks/stir.md", &runbook("RB-008", "Stir it"));
    let said = words(&check(&lab, &["--into", "main"]));
    assert!(!said.contains("id.duplicate"), "{said}");
    assert!(said.contains("Checked 3 pages"), "{said}");
}

#[test]
fn a_link_to_what_the_other_branch_took_away_is_broken_in_the_merged_result() {
    let lab = lab();
    lab.write("tea/runbooks/stir.md", &runbook("RB-008", "Stir it\n\nAfter [[RB-001]]."));
    lab.commit("Stir after boiling");
    lab.git(&["switch", "-q", "main"]);
    lab.git(&["rm", "-q", "tea/runbooks/boil.md"]);
    lab.commit("Boil no more");
    lab.git(&["switch", "-q", "other"]);
    assert!(!words(&check(&lab, &[])).contains("link.broken"));
    assert!(words(&check(&lab, &["--into", "main"])).contains("link.broken"));
}

#[test]
fn a_file_that_cannot_be_joined_is_told_and_one_that_can_is_joined() {
    let lab = lab();
    let long = |first: &str, last: &str| {
        runbook("RB-001", "Boil water") + &format!("\n{first}\n\na\n\nb\n\nc\n\n{last}\n")
    };
    lab.write("tea/runbooks/stir.md", &runbook("RB-008", "Stir it"));
    lab.write("tea/runbooks/boil.md", &long("", "See [[RB-404]]."));
    lab.commit("See another");
    lab.git(&["switch", "-q", "main"]);
    lab.write("tea/runbooks/boil.md", &long("", ""));
    lab.commit("Longer");
    lab.git(&["switch", "-q", "other"]);
    let said = words(&check(&lab, &["--into", "main"]));
    assert!(said.contains("history.conflict") && said.contains("git merge main"), "{said}");
    assert!(said.contains("RB-404"), "it is checked as it is here: {said}");

    lab.git(&["reset", "-q", "--hard", "HEAD~1"]);
    lab.git(&["merge", "-q", "-m", "Catch up", "main"]);
    lab.write("tea/runbooks/boil.md", &long("", "See [[RB-404]]."));
    lab.commit("See another at the end");
    lab.git(&["switch", "-q", "main"]);
    lab.write("tea/runbooks/boil.md", &long("See [[RB-405]].", ""));
    lab.commit("See another at the beginning");
    lab.git(&["switch", "-q", "other"]);
    let said = words(&check(&lab, &["--into", "main"]));
    assert!(!said.contains("history.conflict"), "{said}");
    assert!(said.contains("RB-404") && said.contains("RB-405"), "{said}");
}

#[test]
fn what_cannot_be_merged_at_all_is_said() {
    let lab = lab();
    let output = check(&lab, &["--into", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    lab.git(&["checkout", "-q", "--orphan", "new"]);
    lab.commit("Another beginning");
    let output = check(&lab, &["--into", "main"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("share no commit"), "{}", words(&output));
}
