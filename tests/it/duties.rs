//! Who approved what and what waits for whom: the page of approvals, its table and the same for programs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::approve::approve;
use crate::lab::{DAY, Lab, built, files, run, text_of};

const PEOPLE: &str = r#"
[[person]]
id = "ana"
name = "Ana Ruiz"
git_emails = ["ana@example.org"]

[[person]]
id = "bob"
name = "Bob Iyer"
git_emails = ["bob@example.org"]

[[person]]
id = "cyn"
name = "Cyn Moor"
git_emails = ["cyn@example.org"]

[[person]]
id = "dora"
name = "Dora Falk"
git_emails = ["dora@example.org"]
until = 2026-04-30

[[person]]
id = "desk"
name = "Desk"
kind = "shared"
git_emails = ["desk@example.org"]

[[person]]
id = "robot"
name = "Robot"
kind = "bot"
git_emails = ["robot@example.org"]

[[role]]
id = "owner"
title = "Service owner"

[[role]]
id = "lead"
title = "Shift lead"

[[role]]
id = "architect"
title = "Architect"
"#;

const PACK: &str = r#"
id = "tea"
title = "Tea"

[roles]
owner = [
  { person = "bob" },
  { person = "cyn", from = 2026-01-01, until = 2026-01-31 },
]
lead = [
  { person = "dora", until = 2026-04-30 },
  { person = "bob", from = 2026-05-01 },
]
"#;

fn write(lab: &Lab, id: &str, status: &str, approver: &str, text: &str) {
    let fields =
        format!("id: {id}\ntitle: Title of {id}\nstatus: {status}\napprovers: [{approver}]");
    let text = format!("---\n{fields}\n---\n# Title of {id}\n\n{text}\n");
    lab.write(&format!("tea/runbooks/{id}.md"), &text);
}

/// A pack with one document for each thing that can be said about an approval.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    let of = [
        ("RB-001", "approved", "owner"),
        ("RB-002", "in-review", "owner"),
        ("RB-003", "draft", "owner"),
        ("RB-004", "approved", "owner"),
        ("RB-005", "approved", "lead"),
        ("RB-006", "approved", "owner"),
        ("RB-007", "approved", "ana"),
        ("RB-008", "approved", "owner"),
        ("RB-009", "approved", "owner"),
        ("RB-010", "approved", "architect"),
    ];
    for (id, status, approver) in of {
        write(&lab, id, status, approver, "Wait 30 seconds.");
    }
    lab.commit("Write them down");
    write(&lab, "RB-011", "approved", "owner", "Wait.");
    lab.commit("One more\n\nCo-authored-by: Bob Iyer <bob@example.org>");
    for (id, who, more) in [
        ("RB-001", "Bob", ""),
        ("RB-004", "Cyn", ""),
        ("RB-005", "Dora", ""),
        ("RB-006", "Bob", "Decision-expires: 2026-05-20\n"),
        ("RB-007", "Ana", ""),
        ("RB-008", "Desk", ""),
        ("RB-009", "Robot", ""),
        ("RB-011", "Bob", ""),
    ] {
        let address = who.to_lowercase();
        lab.commit_by(
            who,
            &format!(
                "S\n\nDecision: {id} approved\nApproved-by: {who} <{address}@example.org>\n{more}"
            ),
        );
    }
    write(&lab, "RB-001", "approved", "owner", "Wait 5 seconds.");
    lab.commit("Be quicker");
    lab
}

fn log(site: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&site["tea/decision-log.json"]).unwrap()
}

/// Words and lists of words of a value, with `-` for nothing.
fn told(value: &Value, keys: &[&str]) -> String {
    let one = |key: &&str| match &value[*key] {
        Value::String(text) => text.clone(),
        Value::Bool(is) => is.to_string(),
        Value::Array(all) if !all.is_empty() => {
            all.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("+")
        }
        _ => "-".to_owned(),
    };
    keys.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_waits_for_whom_is_told_with_the_command_that_gives_it() {
    let site = built(&lab().root, &[]);
    let waiting = log(&site)["waiting"].clone();
    let keys = ["document", "party", "persons", "why", "expires", "command"];
    let waiting: Vec<String> =
        waiting.as_array().unwrap().iter().map(|one| told(one, &keys)).collect();
    assert_eq!(
        waiting,
        [
            "RB-001 owner bob stale - readymark approve RB-001",
            "RB-002 owner bob never-given - readymark approve RB-002",
            "RB-006 owner bob ends-soon 2026-05-20 readymark approve RB-006",
            // Who must approve it wrote it.
            "RB-007 ana - never-given - ",
            "RB-008 owner bob never-given - readymark approve RB-008",
            "RB-009 owner bob never-given - readymark approve RB-009",
            "RB-010 architect - never-given - ",
        ]
    );
    let shown = text_of(&site, "tea/approvals.html");
    assert!(shown.contains("5 approvals wait for 1 person."), "{shown}");
    let inbox = shown.split_once("id=\"waiting-bob\"").unwrap().1;
    let (inbox, nobody) = inbox.split_once("id=\"waiting-for-nobody\"").unwrap();
    assert!(inbox.contains("the text changed on 1 Jan 2026 after it was approved"), "{inbox}");
    assert!(inbox.contains("history/runbooks/RB-001.html#since-approval"), "{inbox}");
    assert!(inbox.contains("the approval ends on 20 May 2026"), "{inbox}");
    assert!(!inbox.contains("RB-003") && !inbox.contains("RB-011"), "{inbox}");
    assert!(nobody.contains("whoever must approve it wrote some of it"), "{nobody}");
    assert!(nobody.contains("nobody holds the role"), "{nobody}");
    // Dora has left, but a page without a clock leads there; the desk and the robot are no persons.
    let free = nobody.split_once("Nothing waits for ").unwrap().1.split_once("</p>").unwrap().0;
    let free: Vec<&str> =
        ["Ana", "Bob", "Cyn", "Dora", "Desk"].into_iter().filter(|it| free.contains(it)).collect();
    assert_eq!(free, ["Ana", "Cyn", "Dora"]);
    assert!(text_of(&site, "tea/whom-to-call.html").contains("approvals.html#waiting-bob"));
}

#[test]
fn each_approval_is_told_with_what_the_approver_had_to_do_with_the_text() {
    let site = built(&lab().root, &[]);
    let keys = ["document", "person", "separation", "relation", "state", "confirm"];
    let log = log(&site);
    let approvals = log["approvals"].as_array().unwrap().iter().map(|one| told(one, &keys));
    assert_eq!(
        approvals.collect::<Vec<_>>(),
        [
            "RB-001 bob ok - stale -",
            "RB-004 cyn ok delegate valid bob",
            "RB-005 dora ok - valid bob",
            "RB-006 bob ok - valid -",
            "RB-007 ana self-approved author valid -",
            "RB-008 - shared-identity shared valid -",
            "RB-009 - insufficient bot valid -",
            "RB-011 bob co-author co-author valid -",
        ]
    );
    let left: Vec<String> = log["approvals"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| !one["left"].is_null())
        .map(|one| {
            format!("{} {}", told(one, &["document"]), told(&one["left"], &["why", "last_day"]))
        })
        .collect();
    assert_eq!(left, ["RB-004 role-ended 2026-01-31", "RB-005 left 2026-04-30"]);
    let shown = text_of(&site, "tea/approvals.html");
    assert!(
        shown.contains(
            "8 approvals in 11 documents and 11 commits on main, and 5 of them to look at."
        ),
        "{shown}"
    );
    let left = shown.split_once("id=\"left\"").unwrap().1;
    assert!(left.contains("30 Apr 2026") && left.contains("Bob Iyer"), "{left}");
    let document = text_of(&site, "tea/runbooks/RB-005.html");
    assert!(document.contains("last day: 30 Apr 2026."), "{document}");
    assert!(document.contains("Whoever must approve this text did."), "it stays true for its time");
    let table = text_of(&site, "tea/approvals.csv");
    assert!(
        table.contains("\"Cyn Moor\",\"Service owner\",\"ok\",\"delegate\",\"yes\""),
        "{table}"
    );
    assert_eq!(table.lines().count(), 9, "{table}");
}

#[test]
fn the_log_as_a_table_says_who_approved_what_landed() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    write(&lab, "RB-001", "in-review", "owner", "Wait.");
    lab.commit("Write it down");
    write(&lab, "RB-001", "approved", "owner", "Wait.");
    lab.commit_by("Bob", "S\n\nDecision: RB-001 approved\nApproved-by: Bob <bob@example.org>");
    let site = built(&lab.root, &[]);
    let table = text_of(&site, "tea/decision-log.csv");
    let mut lines = table.lines();
    assert!(lines.next().unwrap().contains("\"decided by\",\"approvals\",\"recorded by\""));
    assert!(lines.next().unwrap().contains("\"\",\"\",\"Ana Ruiz\""), "{table}");
    assert!(lines.next().unwrap().contains("\"approved by Bob Iyer · attributed\""), "{table}");
    assert!(text_of(&site, "tea/approvals.html").contains(
        "1 approval in 1 document and 2 commits on main: each by who must give it, and nobody approved what they wrote."
    ));
}

#[test]
fn a_report_of_nothing_says_what_it_looked_at_and_the_public_sees_none() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    write(&lab, "RB-001", "draft", "owner", "Wait.");
    lab.commit("Write it down");
    let site = built(&lab.root, &[]);
    let shown = text_of(&site, "tea/approvals.html");
    assert!(shown.contains("No approval waits for anybody."), "{shown}");
    assert!(
        shown.contains("No approval is recorded in 1 document and 1 commit on main."),
        "{shown}"
    );
    assert!(shown.contains("by somebody who is there no longer"), "{shown}");
    lab.write("book.toml", "[book]\ntitle = \"H\"\n[site]\naudience = \"public\"\n");
    lab.commit("Open it");
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
    let site = files(&site);
    assert!(!site.contains_key("tea/approvals.html") && !site.contains_key("tea/approvals.csv"));
    assert_eq!(log(&site)["waiting"], Value::Array(Vec::new()));
}

const REGISTER: &str = "---\nid: REG-1\nkind: register\ntitle: Risks\nstatus: draft\napprovers: [bob]\n---\n# Risks\n\n## Risks\n\n| Id | Risk | Owner | Status |\n|---|---|---|---|\n| RSK-1 | It breaks | ana | open |\n| RSK-2 | It is slow | ana | open |\n";
const PLACE: &str = "tea/registers/risks.md";

#[test]
fn a_row_is_approved_by_its_id_and_shown_at_the_row() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    lab.write(PLACE, REGISTER);
    lab.commit("Write them down");
    lab.git(&["config", "user.email", "bob@example.org"]);
    let said = approve(&lab, &["rsk-2", "--decision", "accept-risk"]);
    assert!(said.contains("RSK-2 needs Bob Iyer: that is you"), "{said}");
    assert!(said.contains("commit it yourself and sign it"), "{said}");
    let text = std::fs::read_to_string(lab.root.join(PLACE)).unwrap();
    assert!(text.contains("{by: bob, decision: accept-risk, scope: RSK-2, digest:"), "{text}");
    lab.commit_by("Bob", "Accept it");
    let waits = ["scope", "persons", "why", "command"];
    let waiting = told(&log(&built(&lab.root, &[]))["waiting"][0], &waits);
    assert_eq!(waiting, "RSK-2 bob not-sure-enough readymark approve REG-1 --scope RSK-2");
    lab.write("book.toml", "[book]\ntitle = \"H\"\n[approvals]\nregister = \"attributed\"\n");
    lab.commit("Ask for no signature");
    let keys = ["document", "scope", "decision", "state", "separation"];
    let site = built(&lab.root, &[]);
    assert_eq!(told(&log(&site)["approvals"][0], &keys), "REG-1 RSK-2 accept-risk valid ok");
    let shown = text_of(&site, "tea/registers/risks.html");
    assert!(shown.contains("accept risk by Bob Iyer · attributed · valid"), "{shown}");
    assert!(shown.contains("the row RSK-2"), "{shown}");
    assert_eq!(log(&site)["waiting"], Value::Array(Vec::new()));
    lab.write(PLACE, &text.replace("It breaks", "It bursts").replace("slow", "very slow"));
    lab.commit("Make it worse");
    let site = built(&lab.root, &[]);
    assert_eq!(told(&log(&site)["approvals"][0], &keys), "REG-1 RSK-2 accept-risk stale ok");
    let shown = text_of(&site, "tea/registers/risks.html");
    assert!(shown.contains("attributed · stale · does not count"), "{shown}");
    let waiting = told(&log(&site)["waiting"][0], &waits);
    assert_eq!(waiting, "RSK-2 bob stale readymark approve REG-1 --scope RSK-2");
    let said = approve(&lab, &["RSK-2", "--trailer"]);
    assert!(said.contains("+ | RSK-2 | It is very slow |") && !said.contains("bursts"), "{said}");
    assert!(said.contains("Decision: REG-1 approved\n"), "{said}");
    assert!(said.contains("Decision-scope: RSK-2\n"), "{said}");
}

#[test]
fn a_picture_is_part_of_what_is_approved() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    write(&lab, "RB-001", "approved", "owner", "![flow](flow.svg)");
    let draw = |words: &str| {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>W</text></svg>\n";
        lab.write("tea/runbooks/flow.svg", &svg.replace('W', words));
    };
    draw("one");
    lab.commit("Write it down");
    lab.git(&["config", "user.email", "bob@example.org"]);
    approve(&lab, &["RB-001"]);
    lab.commit_by("Bob", "Approve it");
    let state = || told(&log(&built(&lab.root, &[]))["approvals"][0], &["binding", "state"]);
    assert_eq!(state(), "explicit valid");
    assert!(approve(&lab, &["RB-001"]).contains("Nothing changed since Bob Iyer"));
    draw("two");
    let said = approve(&lab, &["RB-001", "--trailer"]);
    assert!(said.contains("A file that it shows or includes changed since Bob Iyer"), "{said}");
    lab.commit("Draw it anew");
    assert_eq!(state(), "explicit stale");
    let site = built(&lab.root, &[]);
    let shown = text_of(&site, "tea/runbooks/RB-001.html");
    assert!(
        shown.contains(
            "flow.svg, which the text shows or includes, was changed on 1 Jan 2026 by Ana Ruiz."
        ),
        "{shown}"
    );
}

#[test]
fn a_change_that_names_its_own_approver_is_told_as_such() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", PACK);
    for id in ["RB-001", "RB-002"] {
        write(&lab, id, "approved", "lead", "Wait.");
    }
    lab.commit("Write them down");
    let say =
        |id: &str| format!("S\n\nDecision: {id} approved\nApproved-by: Cyn <cyn@example.org>\n");
    lab.commit_by("Cyn", &say("RB-001"));
    lab.write("tea/pack.toml", &PACK.replace("lead = [", "lead = [\n  { person = \"cyn\" },"));
    lab.commit_by("Cyn", &say("RB-002"));
    let site = built(&lab.root, &[]);
    let log = log(&site);
    let keys = ["document", "separation", "relation"];
    let told: Vec<String> =
        log["approvals"].as_array().unwrap().iter().map(|one| told(one, &keys)).collect();
    assert_eq!(told, ["RB-001 not-accountable -", "RB-002 not-accountable named-by-the-change",]);
    let shown = text_of(&site, "tea/runbooks/RB-002.html");
    assert!(shown.contains("The change made this person its approver"), "{shown}");
}

/// What `check` says of approvals: file, place, severity, rule and message.
fn doubts(lab: &Lab) -> Vec<String> {
    let output = run(&lab.root, &["check", "--format", "json", "--as-of", DAY]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = told["findings"].as_array().unwrap().iter();
    let own = all.filter(|one| one["rule"].as_str().unwrap().starts_with("approval."));
    let line = |one: &Value| {
        let name = one["path"].as_str().unwrap().rsplit('/').next().unwrap();
        let [line, column] = ["line", "column"].map(|key| one[key].as_u64().unwrap());
        let words = ["severity", "rule", "message"].map(|key| one[key].as_str().unwrap());
        assert!(!one["help"].as_str().unwrap().is_empty(), "{one}");
        format!("{name}:{line}:{column} {}", words.join(" ")).replace("approval.", "")
    };
    own.map(line).collect()
}

#[test]
fn check_says_what_stands_against_approvals() {
    let lab = lab();
    write(&lab, "RB-012", "approved", "owner", "Wait.");
    write(&lab, "RB-013", "approved", "owner", "Wait.");
    write(&lab, "RB-014", "draft", "owner", "Wait.");
    write(&lab, "RB-015", "approved", "owner", "Wait.");
    write(&lab, "RB-016", "approved", "bob, cyn", "Wait.");
    let change =
        "---\nid: CHG-001\ntitle: Mend\nchange_type: emergency\nstatus: review\n---\n# M\n";
    lab.write("tea/changes/CHG-001.md", change);
    let go = "---\nid: DEC-001\ntitle: Go\ntype: go-no-go\nstatus: accepted\napprovers: [bob]\n---\n# Go\n";
    lab.write("tea/decisions/DEC-001.md", go);
    lab.commit("More of them");
    let said = |id: &str, who: &str, more: &str| {
        format!(
            "S\n\nDecision: {id} approved\nApproved-by: {who} <{}@example.org>{more}",
            who.to_lowercase()
        )
    };
    lab.commit_by("Ana", &said("RB-012", "Bob", ""));
    lab.commit_by("Bob", &said("RB-013", "Bob", "\nDecision-expires: 2026-02-01"));
    lab.commit_by("Bob", &said("RB-014", "Bob", ""));
    lab.commit_by("Zoe", &said("RB-015", "Zoe", ""));
    lab.commit_by("Bob", &said("RB-016", "Bob", ""));
    lab.commit_by("Bob", &said("DEC-001", "Bob", ""));
    lab.commit_by("Bob", "S\n\nDecision: RB-016 approved\nApproved-by: Bob");
    let unclear = lab.git(&["rev-parse", "--short=10", "HEAD"]);
    let expected = [
        &format!(
            "book.toml:0:0 note unclear {unclear} speaks of an approval, but not of what, or not by whom"
        ),
        "CHG-001.md:5:9 warning missing `CHG-001` is review, and nobody approved it",
        "DEC-001.md:5:9 note unverifiable Bob Iyer approved `DEC-001` without a signature: it must be verified",
        "RB-001.md:4:9 warning stale `RB-001` was changed on 2026-01-01 by Ana Ruiz, after Bob Iyer approved it",
        "RB-004.md:4:9 note left Cyn Moor approved `RB-004` and is not Service owner any more",
        "RB-005.md:4:9 note left Dora Falk approved `RB-005` and has left",
        "RB-007.md:4:9 warning self Ana Ruiz approved `RB-007` and wrote some of it",
        "RB-008.md:4:9 warning not-authorised `RB-008` was approved from an address that several people share",
        "RB-009.md:4:9 warning not-authorised Robot, a machine, approved `RB-009`",
        "RB-010.md:4:9 note claimed `RB-010` says that it is approved, and nobody is recorded who approved it",
        "RB-012.md:4:9 note unverifiable somebody else wrote down that Bob Iyer approved `RB-012`",
        "RB-013.md:4:9 warning expired `RB-013` was approved until 2026-02-01",
        "RB-014.md:4:9 note not-marked Bob Iyer approved `RB-014`, and it does not say so",
        "RB-015.md:4:9 note undetermined nobody can tell whether `RB-015` is approved: people.toml does not know Zoe",
        "RB-016.md:4:9 note claimed `RB-016` needs Bob Iyer and Cyn Moor, and only Bob Iyer approved it",
    ];
    assert_eq!(doubts(&lab), expected);
    let book = "[book]\ntitle = \"H\"\n[rules]\n\"approval.stale\" = \"error\"\n[approvals]\ndecision = \"attributed\"\n";
    lab.write("book.toml", book);
    lab.commit("Ask otherwise");
    let told = doubts(&lab);
    assert_eq!(told.len(), expected.len() - 1, "{told:?}");
    assert!(told.iter().any(|one| one.starts_with("RB-001.md:4:9 error stale")), "{told:?}");
    assert!(!told.iter().any(|one| one.starts_with("DEC-001")), "{told:?}");
    assert_eq!(run(&lab.root, &["check", "--as-of", DAY]).status.code(), Some(1));
}

#[test]
fn an_edit_that_is_not_committed_is_told_before_it_lands() {
    let lab = lab();
    write(&lab, "RB-011", "approved", "owner", "Wait no longer.");
    let here = "RB-011.md:4:9 warning stale `RB-011` was changed here, after Bob Iyer approved it";
    assert!(doubts(&lab).iter().any(|one| one == here), "{:?}", doubts(&lab));
}

#[test]
fn approvals_of_removed_documents_stay_in_the_report() {
    let lab = lab();
    std::fs::remove_file(lab.root.join("tea/runbooks/RB-007.md")).unwrap();
    lab.commit("Drop it");
    let site = built(&lab.root, &[]);
    let shown = text_of(&site, "tea/approvals.html");
    let row = shown.split("<tr").find(|row| row.contains("RB-007")).unwrap();
    assert!(row.contains("Ana Ruiz") && row.contains("The document was removed since."), "{row}");
    assert!(!row.contains("runbooks/RB-007.html"), "{row}");
    let told = log(&site)["approvals"].clone();
    let one = told.as_array().unwrap().iter().find(|one| one["document"] == "RB-007").unwrap();
    assert_eq!(one["separation"], "self-approved");
}
