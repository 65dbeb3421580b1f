//! What the page and the file of the log say of criteria that moved.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::history::import;
use crate::lab::{DAY, Lab, run};

/// Builds the site of a story; returns the page of the log and the log for programs.
fn built(story: &str, more: &[(&str, &str)]) -> (String, Value) {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history").join(story);
    let bare = Lab::bare();
    import(&bare, &case.join("story"));
    let lab = bare.cloned(&[]);
    for (path, text) in more {
        lab.write(path, text);
    }
    if !more.is_empty() {
        lab.commit("More");
    }
    let out = lab.dir.path().join("site");
    run(&lab.root, &["build", "--as-of", DAY, "-d", out.to_str().unwrap()]);
    let log = serde_json::from_slice(&fs::read(out.join("decision-log.json")).unwrap()).unwrap();
    (fs::read_to_string(out.join("decision-log.html")).unwrap(), log)
}

/// The text of a page without its tags.
fn plain(page: &str) -> String {
    let parts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn criteria_that_moved_are_shown_with_what_changed_and_who_did_it() {
    let (page, log) = built("m02-moved", &[]);
    let text = plain(&page);
    for sentence in [
        "the criteria say something else, after 1 change.",
        "All who must had approved them before the start.",
        "by ana, 6 days before the decision; approved by nobody",
    ] {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
    assert!(page.contains("<div class=\"hunk\">") && text.contains("at most 30 minutes"), "{text}");
    let told = &log["goalposts"][0];
    assert_eq!(told["outcome"], "changed");
    assert_eq!(told["decision"]["document"], "DEC-001");
    assert_eq!(told["changes"].as_array().unwrap().len(), 1);
    assert_eq!(told["changes"][0]["digest"], told["digest_at_decision"]);
    assert_ne!(told["digest_at_start"], told["digest_at_decision"]);
}

#[test]
fn criteria_that_stood_still_are_said_to_and_nothing_is_compared() {
    let (page, log) = built("m01-stood-still", &[]);
    let text = plain(&page);
    assert!(text.contains("stood still From the start with CHG-001"), "{text}");
    assert!(text.contains("the criteria did not change."), "{text}");
    assert!(!page.contains("<div class=\"hunk\">"));
    assert_eq!(log["goalposts"][0]["changes"], json!([]));
}

#[test]
fn a_public_site_tells_nothing_of_criteria() {
    let book = "[site]\naudience = \"public\"\n";
    let (page, log) = built("m02-moved", &[("book.toml", book)]);
    assert!(!page.contains("goalposts"));
    assert_eq!(log["goalposts"], json!([]));
}

#[test]
fn a_kind_of_the_repository_says_itself_what_takes_part() {
    let kind = "name = \"criteria\"\n\n[[status]]\nname = \"locked\"\nmeans = \"approved\"\n";
    let (page, log) = built("m02-moved", &[("kinds/criteria.toml", kind)]);
    assert!(!page.contains("goalposts"));
    assert_eq!(log["goalposts"], json!([]));
}
