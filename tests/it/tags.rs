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
