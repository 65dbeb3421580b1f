//! What the page of versions and the findings say of tags.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::lab::{DAY, Lab, run, words};
use crate::signatures::story;

/// Builds the site; returns its folder and what was said.
fn built(lab: &Lab) -> (PathBuf, String) {
    let out = lab.dir.path().join("site");
    let output = run(&lab.root, &["build", "--as-of", DAY, "-d", out.to_str().unwrap()]);
    (out, words(&output))
}

#[test]
fn the_page_of_versions_says_in_words_what_each_tag_is() {
    let lab = story("g06-tags");
    let (site, _) = built(&lab);
    let page = fs::read_to_string(site.join("one/index.html")).unwrap();
    for sentence in [
        "Signed on 1 Jan 2026 by Bob, who answers for the pack.",
        "Tagged on 1 Jan 2026 by Eve; signed; whoever signed does not answer for the pack.",
        "Tagged on 1 Jan 2026 by Bob; not signed.",
        "A label: it does not say who set it, and anybody may move it.",
        "Tagged on 1 Jan 2026 by Bob; signed; its commit is not on the branch.",
        "signed, not checked: no keys are known.",
        "Gate v1-by-bob",
    ] {
        assert!(page.contains(sentence), "{sentence}\n{page}");
    }
}

#[test]
fn a_tag_under_another_name_than_its_own_is_no_baseline() {
    let lab = story("g06-tags");
    let tag = lab.git(&["rev-parse", "refs/tags/v1-by-bob"]);
    lab.git(&["update-ref", "refs/tags/v9", &tag]);
    let (site, _) = built(&lab);
    let listed: Value =
        serde_json::from_slice(&fs::read(site.join("one/versions.json")).unwrap()).unwrap();
    let versions = listed["versions"].as_array().unwrap();
    let renamed = versions.iter().find(|version| version["name"] == "v9").unwrap();
    assert_eq!(renamed["tag"]["kind"], "annotated");
    assert_eq!(renamed["tag"]["doubts"], serde_json::json!(["other-name"]));
    let page = fs::read_to_string(site.join("one/index.html")).unwrap();
    assert!(page.contains("it was made under the name v1-by-bob"));
}

#[test]
fn a_tag_that_was_published_with_another_commit_is_told() {
    let lab = story("g06-tags");
    let (_, said) = built(&lab);
    assert!(!said.contains("moved-tag"), "{said}");
    let (_, said) = built(&lab);
    assert!(!said.contains("moved-tag"), "{said}");
    let then = lab.git(&["rev-parse", "refs/tags/v4-label"]);
    let now = lab.git(&["rev-parse", "refs/tags/v0-before-the-registry^{commit}"]);
    lab.git(&["update-ref", "refs/tags/v4-label", &now]);
    let (site, said) = built(&lab);
    let told: Vec<&str> = said.lines().filter(|line| line.contains("moved-tag")).collect();
    assert_eq!(told.len(), 1, "{said}");
    for part in ["v4-label", &then[..7], &now[..7]] {
        assert!(told[0].contains(part), "{part}: {said}");
    }
    let left: Value =
        serde_json::from_slice(&fs::read(site.join("checkpoint.json")).unwrap()).unwrap();
    assert_eq!(left["tags"]["v4-label"], then.as_str(), "as it was published first");
    let told = |said: &str| said.matches("moved-tag").count();
    assert_eq!(told(&built(&lab).1), 1, "each time");
    lab.git(&["update-ref", "-d", "refs/tags/v4-label"]);
    let (_, said) = built(&lab);
    assert!(
        said.contains(&format!("the tag `v4-label` is gone: it was published as {}", &then[..10])),
        "{said}"
    );
    lab.git(&["update-ref", "refs/tags/v4-label", &then]);
    assert_eq!(told(&built(&lab).1), 0);
}

/// Takes the object of a tag away.
fn lose(lab: &Lab, tag: &str) {
    let object = lab.git(&["rev-parse", &format!("refs/tags/{tag}")]);
    fs::remove_file(lab.root.join("objects").join(&object[..2]).join(&object[2..])).unwrap();
}

#[test]
fn a_version_whose_tag_is_lost_is_told_by_build_and_by_check() {
    let lab = story("g06-tags");
    lose(&lab, "v1-by-bob");
    let (_, built) = built(&lab);
    let checked = words(&run(&lab.root, &["check", "--as-of", DAY]));
    for said in [built, checked] {
        let told: Vec<&str> = said.lines().filter(|line| line.contains("lost-version")).collect();
        assert_eq!(told.len(), 1, "{said}");
        assert!(told[0].contains("`refs/tags/v1-by-bob` is no version"), "{said}");
    }
}

#[test]
fn what_a_lost_tag_may_have_approved_or_taken_back_is_not_known() {
    let lab = story("g14-approved-in-a-tag");
    lose(&lab, "scope/unsigned");
    let (site, said) = built(&lab);
    assert!(said.contains("history.missing-objects"), "{said}");
    let log = fs::read(site.join("decision-log.json")).unwrap();
    let log: Value = serde_json::from_slice(&log).unwrap();
    assert_eq!(log["history"]["complete"], false);
    assert_eq!(log["history"]["missing_objects"], 1);
    for document in log["documents"].as_array().unwrap() {
        assert_eq!(document["evidenced"], "undetermined", "{document}");
    }
    let approvals = log["approvals"].as_array().unwrap();
    assert_eq!(approvals.len(), 3);
    assert!(approvals.iter().all(|one| one["state"] == "unknown"), "{log}");
    let page = fs::read_to_string(site.join("decision-log.html")).unwrap();
    assert!(page.contains("1 tag is not in this clone, so some approvals may be missing."));
}
