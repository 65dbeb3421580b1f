//! What a site says of signatures, and on which keys that rests.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::history::import;
use crate::lab::{DAY, Lab, run, words};
use crate::signed;

/// Makes the repository of a story in `tests/history`, its signatures included.
pub(crate) fn story(name: &str) -> Lab {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history").join(name);
    let lab = Lab::bare();
    import(&lab, &case.join("story"));
    let signatures = fs::read(case.join("signatures.json")).unwrap();
    signed::rewrite(&lab, &serde_json::from_slice(&signatures).unwrap());
    lab
}

/// The public key of a person of the stories.
fn key(lab: &Lab, person: &str) -> String {
    let people = lab.git(&["show", "main:people.toml"]);
    let own = people.split("[[person]]").find(|one| one.contains(&format!("id = \"{person}\"")));
    own.unwrap().split('"').find(|text| text.starts_with("ssh-")).unwrap().to_owned()
}

/// Builds with a list of allowed signers, if one is given; returns the log for programs and what was said.
fn built(lab: &Lab, signers: Option<&str>) -> (Value, String, String) {
    let out = lab.dir.path().join("site");
    let list = lab.dir.path().join("signers");
    let (out_text, list_text) = (out.to_str().unwrap(), list.to_str().unwrap());
    let mut arguments = vec!["build", "--as-of", DAY, "-d", out_text];
    if let Some(text) = signers {
        fs::write(&list, text).unwrap();
        arguments.extend(["--allowed-signers", list_text]);
    }
    let said = words(&run(&lab.root, &arguments));
    let log = serde_json::from_slice(&fs::read(out.join("decision-log.json")).unwrap()).unwrap();
    let page = fs::read_to_string(out.join("decision-log.html")).unwrap();
    (log, page, said)
}

fn shown(log: &Value) -> [&str; 2] {
    let origin = &log["entries"][1]["origins"][0];
    ["signature", "signed_by"].map(|key| origin[key].as_str().unwrap_or_default())
}

#[test]
fn the_log_says_who_signed_and_which_landing_changed_the_keys_last() {
    let lab = story("g03-other-person");
    let (log, page, _) = built(&lab, None);
    assert_eq!(shown(&log), ["good-other-person", "eve"]);
    let first = lab.git(&["rev-list", "--max-parents=0", "main"]);
    assert_eq!(log["trust"]["keys"], "in-repository");
    assert_eq!(log["trust"]["changed_in"], first.as_str());
    assert!(page.contains("signed by Eve, not by the author"));
    let (before, _) = page.split_once(" changed them last").unwrap();
    let named = before.rsplit(' ').next().unwrap();
    assert!(named.len() >= 7 && first.starts_with(named), "{named}");
}

#[test]
fn a_list_of_allowed_signers_counts_instead_of_the_registry() {
    let lab = story("g03-other-person");
    let line = format!("bob@example.org {}\n", key(&lab, "eve"));
    let (log, page, said) = built(&lab, Some(&line));
    assert_eq!(shown(&log), ["verified", "bob"]);
    assert_eq!(log["trust"]["keys"], "external");
    assert!(page.contains("a list of keys from outside the repository"));
    assert!(!said.contains("unused-signer"), "{said}");
    let (log, ..) = built(&lab, Some("# nobody\n"));
    assert_eq!(shown(&log), ["unverifiable", ""]);
    assert_eq!(log["trust"], Value::Null);
}

#[test]
fn lines_that_count_for_nothing_are_told_with_their_place() {
    let lab = story("g03-other-person");
    let line = format!("\n*@example.org cert-authority {}\n", key(&lab, "eve"));
    let (log, _, said) = built(&lab, Some(&line));
    assert_eq!(shown(&log), ["unverifiable", ""]);
    assert!(said.contains("settings.unused-signer") && said.contains("signers:2:1"), "{said}");
}

#[test]
fn a_list_that_is_not_there_ends_the_call() {
    let lab = story("g01-own-key");
    let output = run(&lab.root, &["log", "--allowed-signers", "none"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("cannot read `none`"));
}

#[test]
fn a_bad_signature_is_told() {
    let (_, page, said) = built(&story("g10-signature-of-another-commit"), None);
    assert!(said.contains("history.bad-signature"), "{said}");
    assert!(page.contains("its signature is bad"));
}
