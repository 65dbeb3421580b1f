//! Documents through versions: what the switcher knows, what is left at old addresses, what says that a page is gone.

use std::collections::BTreeMap;

use crate::lab::{Lab, built, command};

type Site = BTreeMap<String, Vec<u8>>;

const LONG: &str = "The gateway keeps every question for a week, then it is gone for good.\n\nEverything else stands in the manual of the vendor, which nobody reads.\n";

fn page(title: &str, text: &str) -> String {
    format!("# {title}\n\n{text}")
}

fn tagged(lab: &Lab, minute: usize, tag: &str) -> String {
    lab.git(&["add", "-A"]);
    let mut commit = command(&lab.root, &["commit", "-q", "-m", tag]);
    commit.env("GIT_COMMITTER_DATE", format!("17672256{minute:02} +0100"));
    assert!(commit.status().unwrap().success());
    lab.git(&["tag", tag]);
    lab.git(&["rev-parse", "HEAD"])
}

/// Four versions: a page is renamed twice, edited each time; another goes and is superseded; a third comes late.
fn lab() -> (Lab, String) {
    let lab = Lab::new();
    lab.write("book.toml", "[output.html]\nsite-url = \"/docs/\"\n\n[versions]\ntags = [\"v*\"]\n");
    lab.write("svc/pack.toml", "id = \"svc\"\ntitle = \"Service\"\n");
    lab.write("svc/a.md", &page("Gateway", &format!("{LONG}\nOne.\n")));
    lab.write("svc/same.md", &page("Same", "Nothing here changes, in no version at all.\n"));
    lab.write("svc/old.md", "---\nid: RB-001\ntitle: By hand\n---\n# By hand\n\nPull the plug.\n");
    tagged(&lab, 1, "v1");
    lab.git(&["mv", "svc/a.md", "svc/b.md"]);
    lab.write("svc/b.md", &page("Gateway", &format!("{LONG}\nTwo.\n")));
    tagged(&lab, 2, "v2");
    lab.write("note.txt", "between");
    tagged(&lab, 3, "x-between");
    lab.git(&["rm", "-q", "svc/old.md"]);
    lab.write("svc/new.md", "---\nid: RB-002\ntitle: By toggle\nsupersedes: [RB-001]\n---\n# By toggle\n\nTurn the switch.\n");
    let gone = tagged(&lab, 4, "x-gone");
    lab.git(&["mv", "svc/b.md", "svc/c.md"]);
    lab.write("svc/c.md", &page("Gateway", &format!("{LONG}\nThree.\n")));
    tagged(&lab, 5, "v3");
    lab.write(
        "svc/late.md",
        &page("Late", "This page came with the last version and not before.\n"),
    );
    tagged(&lab, 6, "v4");
    (lab, gone)
}

fn text(site: &Site, path: &str) -> String {
    String::from_utf8(site.get(path).unwrap_or_else(|| panic!("{path}")).clone()).unwrap()
}

/// Reads the way of each document of the pack: where it lies from which version on.
fn ways(site: &Site) -> Vec<Vec<(String, String)>> {
    let script = text(site, "svc/documents.js");
    let start = script.find("{\"svc\":").unwrap();
    let value: serde_json::Value =
        serde_json::from_str(script[start..].trim_end().trim_end_matches(");")).unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let runs = |way: &serde_json::Value| {
        way.as_array().unwrap().iter().map(|run| (word(&run[0]), word(&run[1]))).collect()
    };
    value["svc"].as_array().unwrap().iter().map(runs).collect()
}

fn way(runs: &[(&str, &str)]) -> Vec<(String, String)> {
    runs.iter().map(|(version, route)| ((*version).to_owned(), (*route).to_owned())).collect()
}

#[test]
fn a_page_is_followed_through_renames_with_edits() {
    let (lab, _) = lab();
    let site = built(&lab.root, &[]);
    let ways = ways(&site);
    for expected in [
        way(&[("v1", "a.html"), ("v2", "b.html"), ("v3", "c.html")]),
        way(&[("v1", "same.html")]),
        way(&[("v1", "old.html"), ("v3", "-")]),
        way(&[("v3", "new.html")]),
        way(&[("v4", "late.html")]),
    ] {
        assert!(ways.contains(&expected), "{expected:?} in {ways:?}");
    }
    assert_eq!(ways.len(), 5);
}

#[test]
fn old_addresses_lead_on_in_one_step_in_every_later_version() {
    let (lab, _) = lab();
    let site = built(&lab.root, &[]);
    for (version, from, to) in [
        ("v2", "a", "b"),
        ("v3", "a", "c"),
        ("v3", "b", "c"),
        ("v4", "a", "c"),
        ("latest", "a", "c"),
        ("latest", "b", "c"),
    ] {
        let page = text(&site, &format!("svc/{version}/{from}.html"));
        assert!(page.contains(&format!("url={to}.html\"")), "{version} {from}: {page}");
    }
    assert!(!site.contains_key("svc/v1/b.html"), "a version knows nothing of later ones");
    assert!(!site.contains_key("svc/v1/c.html"));
}

#[test]
fn what_was_removed_says_when_by_which_commit_and_what_took_its_place() {
    let (lab, gone) = lab();
    let site = built(&lab.root, &[]);
    for version in ["v3", "v4", "latest"] {
        let page = text(&site, &format!("svc/{version}/old.html"));
        for part in [
            "<h1>RB-001 By hand was removed</h1>",
            &format!("On 1 Jan 2026, with commit <code>{}</code>.", &gone[..10]),
            "<a href=\"new.html\">RB-002 By toggle</a>",
            "<a href=\"../v2/old.html\">v2</a>",
            "<meta name=\"robots\" content=\"noindex\">",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    assert!(text(&site, "svc/v2/old.html").contains("Pull the plug"));
    let search: String = site
        .iter()
        .filter(|(path, _)| path.starts_with("search/"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    assert!(!search.contains("was removed"));
}

#[test]
fn the_page_of_what_is_not_found_knows_the_addresses_of_all_versions() {
    let (lab, _) = lab();
    let site = built(&lab.root, &[]);
    let page = text(&site, "404.html");
    for script in ["versions.js", "svc/documents.js", "assets/lost.js"] {
        assert!(page.contains(&format!("src=\"/docs/{script}\"")), "{script}: {page}");
        assert!(site.contains_key(script), "{script}");
    }
}

#[test]
fn documents_that_state_ids_are_never_taken_for_each_other() {
    let lab = Lab::new();
    lab.write("book.toml", "[versions]\ntags = [\"v*\"]\n");
    lab.write("svc/pack.toml", "id = \"svc\"\n");
    let document =
        |id: &str| format!("---\nid: {id}\ntitle: Gateway\n---\n{}", page("Gateway", LONG));
    lab.write("svc/a.md", &document("RB-001"));
    tagged(&lab, 1, "v1");
    lab.git(&["rm", "-q", "svc/a.md"]);
    lab.write("svc/b.md", &document("RB-002"));
    tagged(&lab, 2, "v2");
    let site = built(&lab.root, &[]);
    assert!(text(&site, "svc/v2/a.html").contains("RB-001 Gateway was removed"));
    assert_eq!(ways(&site), [way(&[("v1", "a.html"), ("v2", "-")]), way(&[("v2", "b.html")])]);
}
