//! `readymark approve`, by somebody who sits at a real repository.

use std::fs;

use serde_json::Value;

use crate::lab::{Lab, built, run, words};

pub(crate) const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana Ruiz\"\ngit_emails = [\"ana@example.org\"]\n\n[[person]]\nid = \"bob\"\nname = \"Bob Iyer\"\nmail = \"bob@example.org\"\n";
pub(crate) const PATH: &str = "tea/runbooks/RB-001.md";
pub(crate) const TEXT: &str = "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: approved # since today\napprovers: [bob]\n---\n# Boil water\n\nFill it.\n\n## Wait\n\nWait 30 seconds.\n";

/// A runbook that Ana wrote and Bob must approve; Bob sits at the machine.
pub(crate) fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    lab.write(PATH, TEXT);
    lab.commit("Write it down");
    lab.git(&["config", "user.email", "bob@EXAMPLE.org"]);
    lab
}

pub(crate) fn approve(lab: &Lab, arguments: &[&str]) -> String {
    let output = run(&lab.root, &[&["approve"], arguments].concat());
    words(&output) + &String::from_utf8(output.stdout).unwrap()
}

fn text(lab: &Lab) -> String {
    fs::read_to_string(lab.root.join(PATH)).unwrap()
}

/// The state of each approval, as the site tells it.
fn states(lab: &Lab) -> Vec<String> {
    let site = built(&lab.root, &[]);
    let log: Value = serde_json::from_slice(&site["tea/decision-log.json"]).unwrap();
    let of = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", word("person"), word("binding"), word("state"), word("separation"))
    };
    log["approvals"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn an_approval_is_written_and_written_again_after_a_change() {
    let lab = lab();
    let said = approve(&lab, &["rb-001"]);
    assert!(said.contains("Nobody approved it before"), "{said}");
    assert!(said.contains("RB-001 needs Bob Iyer: that is you"), "{said}");
    let (head, rest) = TEXT.split_once("---\n# ").unwrap();
    let written = text(&lab);
    let entry = written.strip_prefix(head).and_then(|text| text.strip_suffix(rest)).unwrap();
    let entry = entry.strip_suffix("---\n# ").unwrap();
    let digest = entry
        .strip_prefix("approvals:\n  - {by: bob, decision: approved, digest: \"d1:sha256:")
        .and_then(|rest| rest.strip_suffix("\"}\n"));
    assert!(digest.is_some_and(|digest| digest.len() == 64), "{entry}");
    assert!(approve(&lab, &["RB-001"]).contains("says so already"));
    lab.commit_by("Bob", "Approve it");
    assert_eq!(states(&lab), ["bob explicit valid ok"]);

    lab.write(PATH, &written.replace("30 seconds", "5 seconds"));
    lab.commit("Wait less");
    assert_eq!(states(&lab), ["bob explicit stale ok"]);
    let said = approve(&lab, &["RB-001"]);
    assert!(said.contains("- Wait 30 seconds.\n+ Wait 5 seconds.\n"), "{said}");
    assert_eq!(text(&lab).matches("by: bob").count(), 1);
    lab.commit_by("Bob", "Approve it again");
    assert_eq!(states(&lab), ["bob explicit superseded ok", "bob explicit valid ok"]);
}

#[test]
#[cfg(unix)]
fn links_that_lie_about_are_not_written_through() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let lab = lab();
    let foreign = lab.root.with_extension("foreign");
    fs::write(&foreign, "kept").unwrap();
    let place = lab.root.join(PATH);
    for ending in ["new", "tmp", "md.new"] {
        symlink(&foreign, place.with_extension(ending)).unwrap();
    }
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
    approve(&lab, &["RB-001"]);
    assert!(text(&lab).contains("by: bob"));
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o640);

    fs::rename(&place, &foreign).unwrap();
    symlink(&foreign, &place).unwrap();
    let before = fs::read_to_string(&foreign).unwrap();
    approve(&lab, &["RB-001"]);
    assert_eq!(fs::read_to_string(&foreign).unwrap(), before);
    fs::remove_file(&foreign).unwrap();
}

#[test]
fn names_of_the_registry_do_not_act_on_a_terminal() {
    let lab = lab();
    lab.write("people.toml", &PEOPLE.replace("Bob Iyer", "Bob\\u001b[2J Iyer"));
    lab.commit("Name him so");
    for arguments in [&["RB-001", "--trailer"][..], &["RB-001"]] {
        let said = approve(&lab, arguments);
        assert!(said.contains("Bob\\u{1b}[2J Iyer") && !said.contains('\u{1b}'), "{said:?}");
    }
}

#[test]
fn a_section_is_approved_by_lines_for_a_message() {
    let lab = lab();
    let said = run(
        &lab.root,
        &["approve", "RB-001", "--scope", "wait", "--expires", "2999-01-01", "--trailer"],
    );
    let lines = String::from_utf8(said.stdout).unwrap();
    let kept: Vec<&str> = lines
        .lines()
        .map(|line| line.split_once(" d1:sha256:").map_or(line, |(start, _)| start))
        .collect();
    let expected = [
        "Decision: RB-001 approved",
        "Decision-digest: RB-001",
        "Decision-scope: wait",
        "Decision-expires: 2999-01-01",
        "Approved-by: Bob Iyer <bob@EXAMPLE.org>",
    ];
    assert_eq!(kept, expected);
    assert_eq!(text(&lab), TEXT, "nothing is written");
    lab.commit_by("Bob", &format!("Approve the wait\n\n{lines}"));
    lab.write(PATH, &TEXT.replace("Fill it", "Fill it up"));
    lab.commit("Say how much");
    assert_eq!(states(&lab), ["bob explicit valid ok"], "another section changed");
    lab.write(PATH, &TEXT.replace("30 seconds", "5 seconds"));
    lab.commit("Wait less");
    assert_eq!(states(&lab), ["bob explicit stale ok"]);
}

#[test]
fn somebody_else_is_told_that_it_does_not_count() {
    let lab = lab();
    assert!(approve(&lab, &["RB-001", "--as", "ana", "--trailer"]).contains("has no address"));
    lab.write(
        "people.toml",
        &PEOPLE.replace("git_emails", "mail = \"ana@example.org\"\ngit_emails"),
    );
    let said = approve(&lab, &["RB-001", "--as", "ana"]);
    assert!(
        said.contains("RB-001 needs Bob Iyer: yours is shown beside, and does not count"),
        "{said}"
    );
    lab.write("tea/notes.md", "# Notes\n\nBring biscuits.\n");
    lab.commit("Nobody must");
    let said = approve(&lab, &["tea/notes.md"]);
    assert!(said.contains("No rule says who must approve notes"), "{said}");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let lab = lab();
    let refused = [
        (&["RB-01"][..], "did you mean `RB-001`"),
        (&["RB-001", "--as", "bbo"], "did you mean `bob`"),
        (&["RB-001", "--scope", "waits"], "did you mean `wait`"),
        (&["RB-001", "--decision", "fine"], "`fine` decides nothing"),
        (&["RB-001", "--expires", "soon"], "`soon` is not a day"),
        (&["RB-001", "--expires", "2001-01-01"], "2001-01-01 is over already"),
    ];
    for (arguments, expected) in refused {
        let said = approve(&lab, arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    lab.git(&["config", "user.email", "eve@example.org"]);
    assert!(
        approve(&lab, &["RB-001"])
            .contains("nobody in people.toml has the address eve@example.org")
    );
    assert_eq!(text(&lab), TEXT);
    lab.write(PATH, &TEXT.replace("title: Boil", "title: [Boil"));
    let said = approve(&lab, &["tea/runbooks/RB-001.md", "--as", "bob"]);
    assert!(said.contains("cannot take one more entry") && said.contains("--trailer"), "{said}");
}

#[test]
fn what_is_not_committed_or_is_over_is_said_before_it_is_approved() {
    let lab = lab();
    let doubt = "This text is not committed yet: commit it first";
    assert!(!approve(&lab, &["RB-001"]).contains(doubt));
    lab.write(PATH, &TEXT.replace("30 seconds", "5 seconds"));
    assert!(approve(&lab, &["RB-001"]).contains(doubt));
    assert!(!approve(&lab, &["RB-001", "--decision", "rejected"]).contains(doubt));
    lab.write(PATH, &TEXT.replace("status: approved", "status: retired"));
    lab.commit_by("Ana", "Put it away");
    let said = approve(&lab, &["RB-001"]);
    assert!(said.contains("RB-001 is over: nobody need approve it again"), "{said}");
}
