//! Approvals as pages, badges and exports show them.

use std::collections::BTreeMap;

use readymark::document::digest::of_bytes;
use serde_json::Value;

use crate::lab::{Lab, built, files, run, text_of};

const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana Ruiz\"\ngit_emails = [\"ana@example.org\"]\n\n[[person]]\nid = \"bob\"\nname = \"Bob Iyer\"\ngit_emails = [\"bob@example.org\"]\n";

fn runbook(status: &str, text: &str) -> String {
    format!(
        "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: {status}\napprovers: [bob]\n---\n# Boil water\n\n{text}\n"
    )
}

fn approving(document: &str) -> String {
    format!(
        "Approve it\n\nDecision: {document} approved\nApproved-by: Bob Iyer <bob@example.org>\n"
    )
}

/// A runbook that Bob must approve, not yet approved.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n");
    lab.write("tea/runbooks/RB-001.md", &runbook("in-review", "Wait 30 seconds."));
    lab.commit("Write it down");
    lab
}

fn approved() -> Lab {
    let lab = lab();
    lab.write("tea/runbooks/RB-001.md", &runbook("approved", "Wait 30 seconds."));
    lab.commit_by("Bob", &approving("RB-001"));
    lab
}

/// The words on the badge of the runbook, and the decision log as JSON.
fn told(site: &BTreeMap<String, Vec<u8>>) -> (String, Value) {
    let badges: Value = serde_json::from_str(&text_of(site, "tea/badges/list.json")).unwrap();
    let message = badges["documents/rb-001"]["message"].as_str().unwrap().to_owned();
    (message, serde_json::from_str(&text_of(site, "tea/decision-log.json")).unwrap())
}

#[test]
fn an_approval_is_shown_on_the_page_the_badge_the_log_and_in_the_export() {
    let site = built(&approved().root, &[]);
    let shown = text_of(&site, "tea/runbooks/RB-001.html");
    assert!(shown.contains("approved by Bob Iyer · attributed"), "{shown}");
    assert!(shown.contains("Whoever must approve this text did."), "{shown}");
    let (badge, log) = told(&site);
    assert_eq!(badge, "approved · Bob Iyer · attributed");
    let one = &log["approvals"][0];
    assert_eq!(
        (&one["person"], &one["state"], &one["separation"]),
        (&"bob".into(), &"valid".into(), &"ok".into())
    );
    let digest = of_bytes(runbook("approved", "Wait 30 seconds.").as_bytes()).write();
    assert_eq!(
        (one["digest"].as_str().unwrap(), &log["documents"][0]["evidenced"]),
        (digest.as_str(), &"approved".into())
    );
    assert!(
        !text_of(&site, "tea/decision-log.json").contains("@example.org"),
        "addresses are for matching"
    );
    assert!(text_of(&site, "tea/decision-log.html").contains("approved by Bob Iyer · attributed"));
    let completeness = text_of(&site, "tea/completeness.html");
    assert!(
        completeness.contains("1 document says that it is approved; of 1 the history shows"),
        "{completeness}"
    );
}

#[test]
fn a_text_that_changed_after_its_approval_shows_what_changed() {
    let lab = approved();
    lab.write("tea/runbooks/RB-001.md", &runbook("approved", "Wait 5 seconds."));
    lab.commit("Be quicker");
    let site = built(&lab.root, &[]);
    let shown = text_of(&site, "tea/runbooks/RB-001.html");
    assert!(shown.contains("The text was changed on 1 Jan 2026 by Ana Ruiz."), "{shown}");
    assert!(shown.contains("../history/runbooks/RB-001.html#since-approval"), "{shown}");
    let past = text_of(&site, "tea/history/runbooks/RB-001.html");
    let since = past.split_once("id=\"since-approval\"").unwrap().1;
    let since = since.split_once("</section>").unwrap().0;
    assert!(since.contains("<mark>30</mark>") && since.contains("<mark>5</mark>"), "{since}");
    let (badge, log) = told(&site);
    // From 1 January to 4 May.
    assert_eq!(badge, "approved, stale 123 d");
    assert_eq!(log["approvals"][0]["stale_since"]["by"], "Ana Ruiz");
}

#[test]
fn what_nobody_approved_is_claimed_only_where_the_document_names_who_must() {
    let lab = lab();
    lab.write("tea/runbooks/RB-001.md", &runbook("approved", "Wait 30 seconds."));
    lab.write(
        "tea/runbooks/RB-002.md",
        &runbook("approved", "Text.").replace("RB-001", "RB-002").replace("approvers: [bob]\n", ""),
    );
    lab.commit("Approve it without a word");
    let site = built(&lab.root, &[]);
    assert!(text_of(&site, "tea/runbooks/RB-001.html").contains("Claimed, no evidence"));
    assert!(!text_of(&site, "tea/runbooks/RB-002.html").contains("evidence"));
    assert_eq!(told(&site).0, "claimed, no evidence");
}

#[test]
fn the_last_day_of_an_approval_changes_no_page_but_those_of_the_day() {
    let lab = lab();
    lab.write("tea/runbooks/RB-001.md", &runbook("approved", "Wait 30 seconds."));
    lab.commit_by("Bob", &format!("{}Decision-expires: 2026-05-31\n", approving("RB-001")));
    let on = |day: &str| {
        let out = tempfile::tempdir().unwrap();
        let site = out.path().join("site");
        run(&lab.root, &["build", ".", "-d", site.to_str().unwrap(), "--as-of", day]);
        files(&site)
    };
    let (before, after) = (on("2026-05-31"), on("2026-06-01"));
    let route = "tea/runbooks/RB-001.html";
    assert_eq!(text_of(&before, route), text_of(&after, route));
    assert!(text_of(&before, route).contains("until 31 May 2026"));
    assert_eq!(told(&before).0, "approved · Bob Iyer · attributed");
    assert_eq!(told(&after).0, "approved, expired");
    assert!(text_of(&after, "tea/completeness.html").contains("Approved, expired"));
}

#[test]
fn a_decision_with_which_no_status_changed_stands_in_the_log_and_says_when_nothing_reflects_it() {
    let lab = lab();
    lab.commit_by("Bob", &approving("RB-001"));
    let log = |options: &[&str]| {
        let output = run(&lab.root, &[&["log", "."], options].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    let unreflected = "Unreflected: the document did not change with it and does not say so.";
    let short = lab.git(&["rev-parse", "--short=10", "HEAD"]);
    let expected = format!(
        "  RB-001 Boil water: approved by Bob Iyer · attributed\n    Bob Iyer, landed with {short}: Approve it\n    {unreflected}\n"
    );
    assert!(log(&[]).ends_with(&expected), "{}", log(&[]));
    assert_eq!(log(&["--text", "unreflected"]).lines().count(), 4);
    assert!(log(&["--person", "bob"]).contains("approved by"));
    assert_eq!(log(&["--kind", "decision"]), "");

    let site = built(&lab.root, &[]);
    let shown = text_of(&site, "tea/decision-log.html");
    assert!(shown.contains("1 change of status and 1 other decision"), "{shown}");
    let row = shown.split("<tr ").find(|row| row.contains("data-mark=\"unreflected|\"")).unwrap();
    for part in [">RB-001<", "Bob Iyer", "attributed", unreflected, ">unreflected</span>"] {
        assert!(row.contains(part), "{part}: {row}");
    }
    let csv = text_of(&site, "tea/decision-log.csv");
    let row: Vec<&str> = csv.lines().last().unwrap().split(',').collect();
    assert_eq!(
        row[1..8],
        ["\"RB-001\"", "\"Boil water\"", "\"Runbook\"", "\"\"", "\"\"", "\"approved\"", "\"\""]
    );
    assert_eq!(row[9..11], ["\"Bob Iyer\"", "\"approved by Bob Iyer · attributed\""]);
    assert_eq!(row[11], "\"Bob Iyer\"");
    assert_eq!(row[15], "\"unreflected\"");
    assert!(text_of(&site, "tea/decision-log.atom").contains("approved by Bob Iyer"));
    assert_eq!(told(&site).1["approvals"][0]["reflected"], false);

    lab.write("tea/runbooks/RB-001.md", &runbook("approved", "Wait 30 seconds."));
    lab.commit("Mark it");
    lab.commit_by("Bob", &approving("RB-001").replace("Approve it", "Approve it again"));
    assert!(log(&[]).ends_with(": Approve it again\n"), "the document says so: {}", log(&[]));
}
