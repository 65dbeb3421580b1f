//! `readymark lock` and what `check` and `trace.json` say afterwards.

use crate::lab::{Lab, built, run, words};

const RUNBOOK: &str = "---\nid: RB-001\ntitle: Go back\nstatus: draft\nowner: ada\nmitigates: [RSK-001]\n---\n# Go back\n\nSet the toggle to off.\n";
const CHANGE: &str = "---\nid: CHG-001\ntitle: Switch on\nstatus: draft\nowner: ada\nrolls-back-with: [RB-001]\n---\n# Switch on\n";
const RISKS: &str = "---\nid: REG-001\ntitle: Risks\nstatus: draft\nowner: ada\nof: risks\n---\n# Risks\n\n## Risks\n\n| Id | Risk | Owner | Status |\n|---|---|---|---|\n| RSK-001 | It breaks | ada | open |\n";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "");
    lab.write("packs/svc/pack.toml", "id = \"svc\"\n");
    lab.write("packs/svc/runbooks/rb.md", RUNBOOK);
    lab.write("packs/svc/changes/chg.md", CHANGE);
    lab.write("packs/svc/registers/risks.md", RISKS);
    lab.commit("start");
    lab
}

fn suspects(lab: &Lab) -> Vec<String> {
    let said = run(&lab.root, &["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&said.stdout).expect("JSON");
    let findings = told["findings"].as_array().expect("findings").clone();
    let own = findings.iter().filter(|finding| finding["rule"] == "relation.suspect");
    own.map(|finding| finding["message"].as_str().expect("words").to_owned()).collect()
}

fn lock(lab: &Lab, arguments: &[&str]) -> String {
    words(&run(&lab.root, &[&["lock"], arguments].concat()))
}

#[test]
fn a_target_that_changed_is_told_until_somebody_looked() {
    let lab = lab();
    assert!(lock(&lab, &[]).contains("2 pinned, 2 new, 0 renewed, 0 gone, 0 changed since"));
    lab.commit("pin");
    assert_eq!(suspects(&lab), [""; 0]);
    lab.write("packs/svc/runbooks/rb.md", &RUNBOOK.replace("draft", "approved"));
    lab.write("packs/svc/registers/risks.md", &RISKS.replace("open", "closed"));
    assert_eq!(suspects(&lab), [""; 0], "the words for where a text stands do not count");
    lab.write("packs/svc/runbooks/rb.md", &RUNBOOK.replace("off", "on"));
    lab.write("packs/svc/registers/risks.md", &RISKS.replace("breaks", "burns"));
    let told = [
        "RB-001 changed since `rolls-back-with` was last looked at",
        "RSK-001 changed since `mitigates` was last looked at",
    ];
    assert_eq!(suspects(&lab), told);
    assert!(lock(&lab, &[]).contains("2 pinned, 0 new, 0 renewed, 0 gone, 2 changed since"));
    assert_eq!(suspects(&lab), told, "the command alone is no look");
    assert!(lock(&lab, &["chg-001"]).contains("1 renewed, 0 gone, 1 changed since"));
    assert_eq!(suspects(&lab), [told[1]]);
    assert!(lock(&lab, &["--all"]).contains("1 renewed, 0 gone, 0 changed since"));
    assert_eq!(suspects(&lab), [""; 0]);
    lab.write("packs/svc/changes/chg.md", &CHANGE.replace("rolls-back-with: [RB-001]\n", ""));
    assert!(lock(&lab, &[]).contains("1 pinned, 0 new, 0 renewed, 1 gone, 0 changed since"));
}

#[test]
fn the_command_refuses_ids_that_nothing_has() {
    let lab = lab();
    let said = run(&lab.root, &["lock", "CHG-002"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(words(&said).contains("nothing here is called `CHG-002`"), "{}", words(&said));
    assert!(!lab.root.join("readymark.lock").exists());
}

#[test]
fn the_trace_has_rows_relations_and_their_state() {
    let lab = lab();
    lock(&lab, &[]);
    lab.write("packs/svc/runbooks/rb.md", &RUNBOOK.replace("off", "on"));
    lab.commit("change the way back");
    let site = built(&lab.root, &[]);
    let trace: serde_json::Value = serde_json::from_slice(&site["svc/trace.json"]).expect("JSON");
    let edge = |at: usize| {
        let edge = &trace["edges"][at];
        ["from", "relation", "to", "state"].map(|key| edge[key].as_str().unwrap_or_default())
    };
    assert_eq!(edge(0), ["CHG-001", "rolls-back-with", "RB-001", "suspect"]);
    assert_eq!(edge(1), ["RB-001", "mitigates", "RSK-001", "ok"]);
    assert_eq!(trace["edges"].as_array().expect("a list").len(), 2);
    let row = &trace["nodes"][2];
    assert_eq!([&row["id"], &row["type"], &row["title"]], ["RSK-001", "risks", "It breaks"]);
    assert_eq!(
        [&row["href"], &row["path"]],
        ["registers/risks.html#RSK-001", "packs/svc/registers/risks.md"]
    );
    assert_eq!(row["line"], 14);
    let page = String::from_utf8_lossy(&site["svc/registers/risks.html"]);
    assert!(page.contains("<tr id=\"RSK-001\">"), "{page}");
    assert!(page.contains("Mitigated by"), "{page}");
    assert_eq!(trace["orphans"], serde_json::json!([]));
}

const MITIGATED: &str = "---\nid: REG-001\nkind: register\ntitle: Risks\nstatus: draft\nowner: ada\nof: risks\n---\n# Risks\n\n## Risks\n\n| Id | Risk | Owner | Mitigation |\n|---|---|---|---|\n| RSK-001 | It breaks | ada | see [[RB-001]] and RB-001 |\n";

// Table columns with a known meaning are relations of their rows, read from both sides
#[test]
fn a_cell_relates_its_row_and_both_sides_show_it() {
    let lab = lab();
    lab.write("packs/svc/runbooks/rb.md", &RUNBOOK.replace("mitigates: [RSK-001]\n", ""));
    lab.write("packs/svc/registers/risks.md", MITIGATED);
    lab.commit("mitigate");
    lock(&lab, &[]);
    let pins = std::fs::read_to_string(lab.root.join("readymark.lock")).expect("a lock file");
    assert!(pins.contains("\"svc:RSK-001 mitigated-by RB-001\""), "{pins}");
    lab.commit("pin");
    let site = built(&lab.root, &[]);
    let trace: serde_json::Value = serde_json::from_slice(&site["svc/trace.json"]).expect("JSON");
    let all = trace["edges"].as_array().expect("a list");
    let of_row: Vec<_> = all.iter().filter(|edge| edge["from"] == "RSK-001").collect();
    assert_eq!(of_row.len(), 1, "{trace}");
    assert_eq!([&of_row[0]["relation"], &of_row[0]["to"]], ["mitigated-by", "RB-001"]);
    assert_eq!(of_row[0]["state"], "ok");
    let page = String::from_utf8_lossy(&site["svc/runbooks/rb.html"]);
    assert!(page.contains("Mitigates"), "{page}");
    assert!(page.contains("registers/risks.html#RSK-001"), "{page}");
}

#[test]
fn a_row_keeps_its_references_when_it_moves_and_is_missed_when_it_is_gone() {
    let lab = lab();
    lock(&lab, &[]);
    lab.commit("pin");
    let other = RISKS.replace("REG-001", "REG-002");
    lab.write("packs/svc/registers/other.md", &other);
    std::fs::remove_file(lab.root.join("packs/svc/registers/risks.md")).expect("it is there");
    lab.commit("move the row to another file");
    assert_eq!(suspects(&lab), [""; 0]);
    let site = built(&lab.root, &[]);
    let trace: serde_json::Value = serde_json::from_slice(&site["svc/trace.json"]).expect("JSON");
    let row = trace["nodes"].as_array().expect("a list").iter().find(|it| it["id"] == "RSK-001");
    assert_eq!(row.expect("the row")["path"], "packs/svc/registers/other.md");
    assert!(!words(&run(&lab.root, &["check"])).contains("`RSK-001`"));
    lab.write(
        "packs/svc/registers/other.md",
        &other.replace("| RSK-001 | It breaks | ada | open |\n", ""),
    );
    let said = words(&run(&lab.root, &["check"]));
    assert!(
        said.contains("nothing here is called `RSK-001`"),
        "no other row has the prefix: {said}"
    );
}
