//! `readymark explain`: approvals, requirements and rules in plain words.

use readymark::rules::GROUPS;

use crate::approve::{PATH, PEOPLE, TEXT, approve, lab};
use crate::lab::{Lab, built, run, text_of, words};

fn explain(lab: &Lab, name: &str) -> String {
    let output = run(&lab.root, &["explain", name]);
    String::from_utf8(output.stdout.clone()).unwrap() + &words(&output)
}

#[test]
fn an_approval_is_explained_from_a_claim_to_a_change() {
    let lab = lab();
    let said = explain(&lab, "RB-001");
    assert!(
        said.contains("\nClaimed, no evidence\nIt says that it is approved, and nobody"),
        "{said}"
    );
    let advice = "What would count: Bob Iyer reads it, runs `readymark approve RB-001` and commits";
    assert!(said.contains(advice), "{said}");
    approve(&lab, &["RB-001"]);
    lab.commit_by("Bob", "Approve it");
    let said = explain(&lab, "rb-001");
    assert!(said.contains("  Bob Iyer approved on 1 Jan 2026 · attributed · valid\n"), "{said}");
    assert!(said.ends_with("Nothing is left to do\n"), "{said}");
    lab.write(PATH, &TEXT.replace("30 seconds", "5 seconds"));
    lab.commit("Wait less, and drop what was approved");
    let said = explain(&lab, PATH);
    assert!(said.contains("Approved, stale since 1 Jan 2026"), "{said}");
    assert!(said.contains("Ana Ruiz") && said.contains(advice), "{said}");
}

#[test]
fn what_no_further_approval_by_the_same_people_would_mend_is_said() {
    let lab = lab();
    lab.write(PATH, &TEXT.replace("30 seconds", "5 seconds"));
    lab.commit_by("Cyn", "Wait less");
    approve(&lab, &["RB-001"]);
    lab.commit_by("Bob", "Approve it");
    let said = explain(&lab, "RB-001");
    assert!(said.contains("\nApproval undetermined\n"), "{said}");
    let advice = "What would count: somebody adds the address of Cyn to `git_emails` in people.toml; after that has landed, Bob Iyer reads it";
    assert!(said.contains(advice), "{said}");
    let page = text_of(&built(&lab.root, &[]), "tea/approvals.html");
    let waits = "whether the approval counts is not known: add the address of Cyn to people.toml";
    assert!(page.contains(waits), "{page}");
    lab.write(PATH, &TEXT.replace("30 seconds", "9 seconds"));
    lab.write(
        "people.toml",
        &format!("{PEOPLE}[[person]]\nid = \"cyn\"\ngit_emails = [\"cyn@example.org\"]\n"),
    );
    lab.commit_by("Bob", "Wait longer");
    let said = approve(&lab, &["RB-001"]);
    assert!(said.contains("RB-001 needs Bob Iyer: that is you\n"), "{said}");
    lab.commit_by("Bob", "Approve it again");
    let said = explain(&lab, "RB-001");
    assert!(said.contains("What would count: somebody else's approval, because whoever"), "{said}");
    let said = approve(&lab, &["RB-001"]);
    assert!(said.contains("that is you; you wrote some of it, so yours does not count"), "{said}");
}

#[test]
fn a_requirement_is_explained_with_what_it_rests_on() {
    let lab = lab();
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n");
    lab.commit("Judge it");
    let said = explain(&lab, "dz-01");
    assert!(said.starts_with("Tea, Day zero\nDZ-01 "), "{said}");
    assert!(said.contains(": unmet\nWhy: ") && said.contains("\nWhat to do"), "{said}");
}

#[test]
fn every_rule_is_explained() {
    let lab = lab();
    let rules = GROUPS.iter().flat_map(|group| group.rules);
    for rule in rules {
        let said = explain(&lab, rule.name);
        assert!(said.contains("\nWhy: ") && said.contains("\nWhat to do: "), "{said}");
    }
    assert!(explain(&lab, "link.brken").contains("did you mean `link.broken`"));
}

#[test]
fn a_row_is_explained_from_nothing_to_a_change() {
    let lab = lab();
    let register = |risk: &str, approvals: &str| {
        let fields = "id: REG-1\nkind: register\nof: risks\ntitle: Risks\nstatus: approved\napprovers: [bob]";
        let table = "| id | risk | owner |\n|---|---|---|\n| RSK-1 | It breaks | bob |\n| RSK-2 |";
        format!("---\n{fields}\n{approvals}---\n# Risks\n\n## Risks\n\n{table} {risk} | ana |\n")
    };
    lab.write("tea/registers/risks.md", &register("It is slow", ""));
    lab.commit("Write the risks down");
    let said = explain(&lab, "rsk-2");
    assert!(said.starts_with("RSK-2, a row of REG-1 Risks\n"), "{said}");
    assert!(said.contains("\nNo approval\n"), "{said}");
    let advice = "What would count: Bob Iyer reads it, runs `readymark approve RSK-2` and commits";
    assert!(said.contains(advice), "{said}");
    approve(&lab, &["RSK-2"]);
    lab.commit_by("Bob", "Agree to it");
    let said = explain(&lab, "RSK-2");
    assert!(said.contains("\nApproved\nWhoever must approve it did.\n"), "{said}");
    assert!(
        said.contains("  Bob Iyer approved the row RSK-2 on 1 Jan 2026 · attributed · valid\n"),
        "{said}"
    );
    assert!(said.ends_with("Nothing is left to do\n"), "{said}");
    assert!(explain(&lab, "RSK-1").contains("\nNo approval\n"));
    let text = std::fs::read_to_string(lab.root.join("tea/registers/risks.md")).unwrap();
    lab.write("tea/registers/risks.md", &text.replace("It is slow", "It is very slow"));
    lab.commit("Make it worse");
    let said = explain(&lab, "RSK-2");
    assert!(
        said.contains("\nApproved, stale since 1 Jan 2026\n") && said.contains(advice),
        "{said}"
    );
    lab.commit_by("Bob", "Take it back\n\nRevokes: RSK-2");
    assert!(explain(&lab, "RSK-2").contains("\nNot approved\nThe approval was taken back.\n"));
}
