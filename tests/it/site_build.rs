//! Whole runs of the binary and of the preview over real repositories.

use std::fs;
use std::path::PathBuf;

use readymark::preview::Preview;
use readymark::project::Project;
use readymark::render::Theme;
use readymark::source::RepoPath;

use crate::lab::{DAY, Dice, Lab, built, has_extension, run, text_of};

/// A repository with one pack of three artifacts and two versions.
fn pack() -> Lab {
    let lab = Lab::new();
    lab.write(
        "book.toml",
        "[book]\ntitle = \"Handoffs\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n",
    );
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana Diaz\"\nmail = \"ana@example.org\"\nphone = \"+1 555 0100\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n\n[roles]\nservice-owner = \"ana\"\n");
    lab.write("packs/tea/runbooks/RB-001.md", "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: draft\nowner: ana\n---\n# Boil water\n\nSee [[CHG-001]] and ![kettle](kettle.png).\n\n![the lid](lid.png)\n");
    lab.write("packs/tea/runbooks/kettle.png", "GIF89a, or nearly");
    lab.write("packs/tea/changes/CHG-001.md", "---\nid: CHG-001\nkind: change\ntitle: New kettle\nstatus: draft\nowner: ana\nrolls-back-with: [RB-001]\n---\n# New kettle\n\nText.\n");
    lab.write("packs/tea/notes.md", "# Notes\n\nNothing else.\n");
    lab.commit("Start");
    lab.git(&["tag", "v1"]);
    lab.write("packs/tea/notes.md", "# Notes\n\nSomething else.\n");
    lab.commit("Say something else");
    lab.git(&["tag", "v2"]);
    lab
}

/// The values of `href` and `src` on a page.
fn addresses(page: &str) -> Vec<&str> {
    let values =
        |name: &'static str| page.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    values(" href=\"").chain(values(" src=\"")).collect()
}

/// Follows a relative address from a page, as a browser would on `file://`.
fn followed(from: &str, address: &str) -> String {
    let address = address.split(['#', '?']).next().unwrap();
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => _ = parts.pop().expect("an address leaves the site"),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/").replace("%20", " ")
}

#[test]
fn every_relative_address_of_every_page_leads_to_a_file() {
    let site = built(&pack().root, &[]);
    let mut count = 0;
    for (route, bytes) in
        site.iter().filter(|(route, _)| has_extension(route, "html") && *route != "404.html")
    {
        let page = String::from_utf8_lossy(bytes);
        for address in addresses(&page) {
            if address.starts_with('#') || address.contains(':') {
                continue;
            }
            assert!(site.contains_key(&followed(route, address)), "{route} leads to {address}");
            count += 1;
        }
    }
    assert!(count > 100, "only {count} addresses");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let lab = pack();
    assert_eq!(built(&lab.root, &[]), built(&lab.root, &[]));
}

#[test]
fn an_unchanged_document_has_the_same_bytes_in_every_version() {
    let site = built(&pack().root, &[]);
    for page in ["runbooks/RB-001.html", "changes/CHG-001.html"] {
        let first = text_of(&site, &format!("tea/v1/{page}"));
        for version in ["v2", "latest", "main"] {
            assert_eq!(first, text_of(&site, &format!("tea/{version}/{page}")), "{version}/{page}");
        }
    }
    assert_ne!(text_of(&site, "tea/v1/notes.html"), text_of(&site, "tea/v2/notes.html"));
}

#[test]
fn publishing_a_version_changes_no_page_of_an_older_one() {
    let lab = pack();
    let before = built(&lab.root, &[]);
    lab.write("packs/tea/runbooks/RB-001.md", "---\nid: RB-001\nkind: runbook\ntitle: Boil more water\nstatus: approved\nowner: ana\n---\n# Boil more water\n\nWords.\n");
    lab.commit("More water");
    lab.git(&["tag", "v3"]);
    let after = built(&lab.root, &[]);
    let pages = before
        .iter()
        .filter(|(route, _)| route.starts_with("tea/v1/") && has_extension(route, "html"));
    let mut count = 0;
    for (route, bytes) in pages {
        assert!(after[route] == *bytes, "{route} changed");
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn versions_that_would_share_a_folder_are_named() {
    let lab = pack();
    lab.write("book.toml", "[versions]\ntags = [\"*\"]\n");
    lab.commit("All tags");
    lab.git(&["tag", "latest"]);
    assert!(built(&lab.root, &[]).contains_key("tea/_latest/index.html"));
    lab.git(&["tag", "tea/v1"]);
    let refused = run(&lab.root, &["build", ".", "-d", "out"]);
    let words = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2));
    assert!(words.contains("`tea/v1`") && words.contains("`v1`"), "{words}");
    assert!(!lab.root.join("out").exists());
}

#[test]
fn later_versions_answer_at_the_addresses_that_a_document_had_before() {
    let lab = pack();
    lab.git(&["mv", "packs/tea/runbooks/RB-001.md", "packs/tea/boiling.md"]);
    lab.commit("Move the runbook");
    lab.git(&["tag", "v3"]);
    let site = built(&lab.root, &[]);
    let old = text_of(&site, "tea/latest/runbooks/RB-001.html");
    assert!(old.contains("http-equiv=\"refresh\" content=\"0; url=../boiling.html\""), "{old}");
    assert!(text_of(&site, "tea/latest/boiling.html").contains("Boil water"));
    assert_eq!(text_of(&site, "tea/v3/runbooks/RB-001.html"), old);
    assert!(
        !site.contains_key("tea/v1/boiling.html"),
        "earlier versions know nothing of later ones"
    );
}

#[test]
fn a_book_keeps_its_redirects() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"B\"\n\n[output.html.redirect]\n\"/old/a.html\" = \"../one.html\"\n\"bad.html\" = \"javascript:alert(1)\"\n\"../out.html\" = \"one.html\"\n");
    lab.write("src/SUMMARY.md", "- [One](one.md)\n");
    lab.write("src/one.md", "# One\n");
    lab.commit("Book");
    let site = built(&lab.root, &[]);
    assert!(text_of(&site, "old/a.html").contains("url=../one.html"));
    assert!(!site.contains_key("bad.html"));
}

#[test]
fn links_lead_both_ways_and_assets_come_along() {
    let site = built(&pack().root, &[]);
    let runbook = text_of(&site, "tea/v1/runbooks/RB-001.html");
    assert!(runbook.contains("href=\"../changes/CHG-001.html\""), "{runbook}");
    assert!(addresses(&runbook).iter().any(|address| address.ends_with("kettle.png")));
    assert!(site.contains_key("tea/v1/runbooks/kettle.png"));
    assert!(runbook.contains("alt=\"the lid\"") && runbook.contains("Nothing is there: lid.png"));
    assert!(
        text_of(&site, "tea/v1/changes/CHG-001.html").contains("href=\"../runbooks/RB-001.html\"")
    );
}

/// A drill that failed must not look like one that is done, wherever it is named.
#[test]
fn lists_say_what_came_of_changes_and_drills() {
    let lab = pack();
    lab.write("packs/tea/changes/CHG-002.md", "---\nid: CHG-002\nkind: change\ntitle: New lid\nstatus: closed\noutcome: rolled-back\nowner: ana\n---\n# New lid\n");
    lab.write("packs/tea/exercises/EXR-001.md", "---\nid: EXR-001\nkind: exercise\ntitle: Boil in the dark\nstatus: held\nresult: failed\nrehearses: [RB-001]\nowner: ana\n---\n# Boil\n");
    lab.commit("Try it");
    let files = built(&lab.root, &[]);
    let failed = "<span class=\"result result-adverse\">failed</span>";
    let changes = text_of(&files, "tea/main/kinds/change.html");
    assert!(changes.contains("<th scope=\"col\">Outcome</th>"), "{changes}");
    let back =
        "<td data-label=\"Outcome\"><span class=\"result result-adverse\">rolled-back</span></td>";
    assert!(changes.contains(back), "{changes}");
    assert!(changes.contains("<td data-label=\"Outcome\"></td>"), "a draft has no outcome yet");
    assert!(changes.contains(": 1 rolled-back</p>"), "{changes}");
    for route in ["tea/main/runbooks/RB-001.html", "tea/main/index.html", "tea/main/contents.html"]
    {
        assert!(text_of(&files, route).contains(failed), "{route}");
    }
    assert!(!text_of(&files, "tea/main/kinds/runbook.html").contains("Outcome"));
}

#[test]
fn a_kind_needs_a_file_and_nothing_else() {
    let lab = pack();
    lab.write("kinds/drill.toml", "name = \"drill\"\ntitle = \"Fire drill\"\nplural = \"Fire drills\"\npurpose = \"Shows that people can leave\"\nprefix = \"DRL\"\nfolder = \"drills\"\norder = 45\n\n[[field]]\nname = \"minutes\"\nneed = \"required\"\nhint = \"How long it took\"\n\n[[section]]\nname = \"what-happened\"\ntitle = \"What happened\"\nneed = \"required\"\nhint = \"In order\"\n");
    let made = run(&lab.root, &["new", "drill", "Leave the kitchen"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let path = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim().to_owned());
    assert!(path.ends_with("packs/tea/drills/DRL-001-leave-the-kitchen.md"), "{}", path.display());
    let approved = fs::read_to_string(&path).unwrap().replace("status: draft", "status: approved");
    fs::write(&path, approved).unwrap();
    let findings = run(&lab.root, &["check", ".", "--format", "json", "--as-of", DAY]);
    let findings: serde_json::Value = serde_json::from_slice(&findings.stdout).unwrap();
    let about_drill = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["path"].as_str().unwrap().contains("drills/"));
    let rules: Vec<&str> = about_drill.map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(
        rules.iter().any(|rule| rule.starts_with("field.")
            || rule.starts_with("section.")
            || rule.starts_with("text.")),
        "{rules:?}"
    );
    lab.commit("Drill");
    let site = built(&lab.root, &[]);
    assert!(
        text_of(&site, "tea/main/drills/DRL-001-leave-the-kitchen.html").contains("Fire drill")
    );
    assert!(text_of(&site, "tea/main/contents.html").contains("Fire drills"));
    assert!(
        site.keys().any(|route| route.starts_with("tea/main/badges/") && route.contains("drill")),
        "no badge for the kind"
    );
}

#[test]
fn folders_and_patterns_give_kinds() {
    let lab = Lab::new();
    lab.write(
        "book.toml",
        "[kinds]\n\"alerts\" = \"runbook\"\n\"docs/**/adr-*.md\" = \"decision\"\n",
    );
    for path in ["alerts/deep/disk-full.md", "docs/x/adr-1.md", "docs/x/other.md"] {
        lab.write(path, "# Page\n\nWords.\n");
    }
    lab.commit("Pages");
    let site = built(&lab.root, &[]);
    let kind = |route: &str| {
        u8::from(text_of(&site, route).contains(">Runbook<"))
            + 2 * u8::from(text_of(&site, route).contains(">Decision<"))
    };
    assert_eq!(
        ["alerts/deep/disk-full.html", "docs/x/adr-1.html", "docs/x/other.html"].map(kind),
        [1, 2, 0]
    );
}

#[test]
fn a_public_site_holds_no_phone_no_address_and_no_draft() {
    let lab = pack();
    lab.write("book.toml", "[book]\ntitle = \"Handoffs\"\n\n[site]\naudience = \"public\"\n");
    lab.write("packs/tea/secret.md", "---\ndraft: true\n---\n# Canary-draft\n");
    lab.write(
        "packs/tea/inner.md",
        "---\nclassification: confidential\n---\n# Canary-confidential\n",
    );
    lab.commit("Publish");
    for (route, bytes) in built(&lab.root, &[]) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for canary in
            ["canary-draft", "canary-confidential", "555 0100", "5550100", "ana@example.org"]
        {
            assert!(!text.contains(canary), "{canary} is in {route}");
        }
    }
}

#[test]
fn uncommitted_and_untracked_files_are_never_built() {
    let lab = pack();
    lab.write("packs/tea/notes.md", "# Notes\n\nCanary-edit\n");
    lab.write("packs/tea/new.md", "# Canary-new\n");
    let site = built(&lab.root, &[]);
    assert!(!site.values().any(|bytes| String::from_utf8_lossy(bytes).contains("Canary-")));
}

#[test]
fn exit_codes_tell_clean_findings_and_could_not_run() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n\nFine.\n");
    lab.commit("A");
    assert_eq!(run(&lab.root, &["check"]).status.code(), Some(0));
    lab.write("a.md", "# A\n\n[gone](b.md)\n");
    let found = run(&lab.root, &["check"]);
    let words = String::from_utf8_lossy(&found.stderr);
    assert_eq!(found.status.code(), Some(1), "{words}");
    assert!(words.contains("link.broken") && words.contains("a.md:3:1"), "{words}");
    assert_eq!(run(&lab.root, &["check", "no-such-folder"]).status.code(), Some(2));
    lab.write("book.toml", "[book]\ntitel = \"x\"\n");
    let refused = run(&lab.root, &["check"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `title`"));
}

#[test]
fn a_folder_outside_git_becomes_a_site() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("README.md"), "# Hello\n\nSee [b](b.md).\n").unwrap();
    fs::write(dir.path().join("b.md"), "# B\n\nBack to [hello](README.md).\n").unwrap();
    let site = built(dir.path(), &[]);
    assert!(text_of(&site, "b.html").contains("href=\"index.html\""));
    assert!(text_of(&site, "index.html").contains("Hello"));
}

/// Makes one random edit and returns the paths that it touched.
fn edit(lab: &Lab, dice: &mut Dice, round: u64) -> Vec<RepoPath> {
    let pages = [
        "packs/tea/notes.md",
        "packs/tea/runbooks/RB-001.md",
        "packs/tea/changes/CHG-001.md",
        "packs/tea/extra.md",
    ];
    let page = pages[usize::try_from(dice.roll(4)).unwrap()];
    match dice.roll(7) {
        0 => lab.write(page, &format!("# Round {round}\n\nSee [[RB-001]], [notes](notes.md#notes) and CHG-001.\n")),
        1 => lab.write(page, &format!("---\nid: RB-00{}\nkind: runbook\ntitle: Title {round}\nstatus: approved\nowner: ana\n---\n# T\n", dice.roll(3))),
        2 => lab.write(page, &format!("---\nid: [broken {round}\n---\n# T\n")),
        3 => _ = fs::remove_file(lab.root.join(page)),
        4 => {
            lab.write("packs/tea/people-page.md", &format!("# People {round}\n"));
            return vec![RepoPath::new("packs/tea/people-page.md")];
        }
        5 => {
            let title = format!("id = \"tea\"\ntitle = \"Tea {round}\"\nprofiles = [\"day-zero\"]\n");
            lab.write("packs/tea/pack.toml", &title);
            return vec![RepoPath::new("packs/tea/pack.toml")];
        }
        _ => {
            let other = pages[usize::try_from(dice.roll(4)).unwrap()];
            _ = fs::rename(lab.root.join(page), lab.root.join(other));
            return vec![RepoPath::new(page), RepoPath::new(other)];
        }
    }
    vec![RepoPath::new(page)]
}

#[test]
fn a_warm_preview_equals_a_cold_one_after_every_edit() {
    let lab = pack();
    let open = || {
        let project = Project::open(&lab.root, true).unwrap().map_err(|_| "settings").unwrap();
        Preview::open(project, Theme::new(&[]).unwrap(), DAY).unwrap()
    };
    let mut warm = open();
    let mut dice = Dice(7);
    for round in 0..40 {
        let paths = edit(&lab, &mut dice, round);
        warm.update(Some(&paths)).unwrap();
        let cold = open();
        assert_eq!(warm.routes(), cold.routes(), "round {round}: {paths:?}");
        let (warm, cold_content) = (warm.content(), cold.content());
        for route in cold.routes().iter().map(String::as_str).chain([
            "index.html",
            "versions.js",
            "search/index.js",
        ]) {
            let bytes = |content: &dyn readymark::serve::Content| {
                content.get(route).map(|served| served.bytes)
            };
            assert!(
                bytes(&*warm) == bytes(&*cold_content),
                "round {round}: {route} differs after {paths:?}"
            );
        }
    }
}

#[test]
fn the_preview_shows_what_a_build_would_write() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"Book\"\nsrc = \"src\"\n");
    lab.write("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n");
    lab.write("src/one.md", "# One\n\n{{#include two.md}}\n");
    lab.write("src/two.md", "Two words and [one](one.md).\n");
    lab.commit("Book");
    let site = built(&lab.root, &[]);
    let project = Project::open(&lab.root, true).unwrap().map_err(|_| "settings").unwrap();
    let content = Preview::open(project, Theme::new(&[]).unwrap(), DAY).unwrap().content();
    // What one build leaves for the next is not shown.
    let left = ["readymark-manifest.json", "checkpoint.json"];
    for (route, bytes) in site.iter().filter(|(route, _)| !left.contains(&route.as_str())) {
        let shown = content.get(route).unwrap_or_else(|| panic!("{route} is not shown"));
        assert!(*shown.bytes == **bytes, "{route} differs");
    }
    assert!(text_of(&site, "one.html").contains("Two words"));
}

#[test]
fn a_plain_book_opens_with_its_first_chapter() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"Tea\"\n");
    lab.write("src/SUMMARY.md", "# Summary\n\n[Before](intro/before.md)\n\n- [Boiling](boil.md)\n");
    lab.write(
        "src/intro/before.md",
        "<a id=\"old\"></a>\n\n## Before you boil\n\nSee [how](../boil.md#water).\n\n### More\n",
    );
    lab.write("src/boil.md", "# Boil\n\n## Water\n");
    lab.write("src/unlisted.md", "# Nowhere\n");
    lab.commit("Start");
    let site = built(&lab.root, &[]);
    let front = text_of(&site, "index.html");
    assert!(front.contains("<a href=\"boil.html#water\">how</a>"), "{front}");
    assert!(front.contains("<title>Before · Tea</title>"), "{front}");
    let chapter = text_of(&site, "intro/before.html");
    assert!(chapter.contains("<a href=\"../boil.html#water\">how</a>"), "{chapter}");
    // The first line is the heading of the page, and the only one.
    assert_eq!(chapter.matches("<h1").count(), 1, "{chapter}");
    assert!(chapter.contains("<h1 id=\"before-you-boil\">Before you boil"), "{chapter}");
    assert!(
        chapter.contains("rel=\"next\"><span class=\"quiet\">Next</span> Boiling</a>"),
        "{chapter}"
    );
    assert!(!site.contains_key("unlisted.html"));
}

#[test]
fn a_folder_without_settings_lists_its_pages_by_folder() {
    let lab = Lab::new();
    lab.write("README.md", "# How to build this\n");
    lab.write("index.md", "# Welcome\n");
    lab.write("guide/_index.md", "## Meaning\n\n## Impact\n");
    lab.write("guide/about.html.md", "# About\n");
    lab.commit("Start");
    let site = built(&lab.root, &[]);
    assert!(text_of(&site, "index.html").contains("<h1 id=\"welcome\">Welcome"));
    assert!(text_of(&site, "README.html").contains("How to build this"));
    assert!(text_of(&site, "guide/about.html").contains("About"));
    // Two sections of equal rank name no page; its folder does.
    assert!(text_of(&site, "guide/index.html").contains("<h1>guide</h1>"));
    let navigation = text_of(&site, "nav.js");
    let groups: serde_json::Value = serde_json::from_str(
        navigation.trim().trim_start_matches("window.readymarkNav = ").trim_end_matches(';'),
    )
    .unwrap();
    let titles: Vec<(&str, usize)> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["title"].as_str().unwrap(), group["items"].as_array().unwrap().len()))
        .collect();
    assert_eq!(titles, [("Pages", 2), ("guide", 2)]);
}
