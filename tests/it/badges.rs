//! Badges: what they say, which text and day they speak of, and until when.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::lab::{Lab, files, has_extension, run, text_of};

type Site = BTreeMap<String, Vec<u8>>;

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[output.html]\nsite-url = \"https://docs.example.org/h/\"\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\n[[person]]\nid = \"bo\"\n");
    lab.write(
        "profiles/own.toml",
        "id = \"own\"\ngate = \"Own start\"\n[[requirement]]\nid = \"O-1\"\nstatement = \"There is a tier\"\nneed = [{ pack = [\"tier\"] }]\n\
         [[requirement]]\nid = \"O-2\"\nstatement = \"There is a stage\"\nweight = 5\nneed = [{ pack = [\"stage\"] }]\n",
    );
    lab.write(
        "tea/pack.toml",
        "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"own\"]\nstage = \"pilot\"\n",
    );
    lab.write("tea/wvr-001.md", "---\nid: WVR-001\nkind: waiver\ntitle: No tier\nstatus: granted\nowner: bo\nwaives: [O-1]\nrequested_by: bo\ngranted_by: ana\nexpires: 2026-05-15\n---\n# No tier\n\nText.\n");
    lab.write("tea/rb-001.md", "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: draft\nowner: ana\n---\n# Boil water\n");
    lab.commit("Start");
    lab
}

fn built(lab: &Lab, day: &str) -> Site {
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    run(&lab.root, &["build", ".", "-d", site.to_str().unwrap(), "--as-of", day]);
    files(&site)
}

fn json(site: &Site, route: &str) -> Value {
    serde_json::from_str(&text_of(site, route)).unwrap()
}

#[test]
fn a_waiver_says_until_when_and_what_follows_from_it_says_so_too() {
    let lab = lab();
    let before = built(&lab, "2026-05-05");
    let list = json(&before, "tea/badges/list.json");
    let waiver = &list["documents/wvr-001"];
    assert_eq!(waiver["message"], "until 15 May");
    assert_eq!(waiver["next_change_at"], "2026-05-16");
    assert_eq!(waiver["href"], "wvr-001.html");
    assert_eq!(list["pack"]["message"], "ready · 1 waiver until 15 May");
    assert_eq!(list["pack"]["next_change_at"], "2026-05-16");
    assert_eq!(list["documents/rb-001"].get("next_change_at"), None);
    assert!(text_of(&before, "tea/version.js").contains("\"documents/wvr-001\":\"2026-05-16\""));
    let facts = json(&before, "badges/tea.facts.json");
    assert_eq!(
        (&facts["as_of"], &facts["next_change_at"]),
        (&"2026-05-05".into(), &"2026-05-16".into())
    );

    let after = built(&lab, "2026-05-16");
    let list = json(&after, "tea/badges/list.json");
    assert_eq!(list["documents/wvr-001"]["message"], "expired 15 May");
    assert_eq!(list["pack"]["message"], "not ready · 1 blocker");
    assert_eq!(list["pack"].get("next_change_at"), None);
}

#[test]
fn a_title_names_the_text_and_the_day_where_the_day_matters() {
    let lab = lab();
    let commit = lab.git(&["rev-parse", "--short=10", "HEAD"]);
    let (one, other) = (built(&lab, "2026-05-05"), built(&lab, "2026-05-06"));
    let title = |site: &Site, route: &str| {
        let svg = text_of(site, route);
        let (_, rest) = svg.split_once("<title>").unwrap();
        rest.split_once("</title>").unwrap().0.to_owned()
    };
    let gate = "own start: ready · 1 waiver until 15 May";
    for route in ["badges/tea.svg", "tea/badges/pack.svg"] {
        let expected = format!("{gate} ({}, as of 5 May 2026)", commit.trim());
        assert_eq!(title(&one, route), expected, "{route}");
    }
    let waiver = "tea/badges/documents/wvr-001.svg";
    let expected = format!("WVR-001: until 15 May ({}, as of 6 May 2026)", commit.trim());
    assert_eq!(title(&other, waiver), expected);
    // The badge of a document about which nothing follows from the day stays as it is.
    let runbook = "tea/badges/documents/rb-001.svg";
    assert_eq!(title(&one, runbook), format!("RB-001: draft ({})", commit.trim()));
    assert_eq!(one[runbook], other[runbook]);
}

#[test]
fn beside_each_picture_lies_what_shields_reads_and_nothing_else() {
    let site = built(&lab(), "2026-05-05");
    let pictures =
        site.keys().filter(|route| route.contains("badges/") && has_extension(route, "svg"));
    let mut seen = 0;
    for picture in pictures {
        let endpoint = picture.replace(".svg", ".json");
        // Kinds and the draft have their words in the list alone.
        if picture.contains("rb-001") || picture.contains("/kinds/") {
            assert!(!site.contains_key(&endpoint));
            continue;
        }
        let endpoint = json(&site, &endpoint);
        let keys: Vec<&String> = endpoint.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schemaVersion", "label", "message", "color", "isError"], "{picture}");
        assert_eq!(endpoint["schemaVersion"], 1);
        seen += 1;
    }
    assert_eq!(seen, 3, "the pack twice, a waiver");
}

#[test]
fn the_page_of_badges_has_what_to_paste_and_leads_to_what_explains_it() {
    let site = built(&lab(), "2026-05-05");
    let page = text_of(&site, "tea/badges.html");
    let base = "https://docs.example.org/h";
    for (name, picture, target) in [
        ("Tea", "badges/tea.svg", "index.html"),
        ("Own start", "tea/badges/pack.svg", "tea/completeness.html#gate-own-own"),
        ("WVR-001", "tea/badges/documents/wvr-001.svg", "tea/wvr-001.html"),
        ("Runbooks", "tea/badges/kinds/runbook.svg", "tea/kinds/runbook.html"),
    ] {
        let markdown = format!("[![{name}]({base}/{picture})]({base}/{target})");
        assert!(page.contains(&markdown), "{markdown} is not in {page}");
        assert!(site.contains_key(picture), "{picture}");
        let (target, anchor) = target.split_once('#').unwrap_or((target, ""));
        let explained = text_of(&site, target);
        assert!(anchor.is_empty() || explained.contains(&format!("id=\"{anchor}\"")), "{target}");
    }
    assert!(!page.contains("ready"), "a page holds no verdict");
    assert!(text_of(&site, "tea/completeness.html").contains("href=\"badges.html\""));
}
