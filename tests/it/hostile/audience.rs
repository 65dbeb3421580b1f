//! What the public may not see: no byte of it is in a public site.

use std::fs;

use super::*;

// F81, contract 21: every byte, history and all versions included
#[test]
fn what_is_not_for_the_public_is_in_no_byte_of_a_public_site() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"B\"\nsrc = \".\"\n\n[site]\naudience = \"public\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\nmail = \"canary-mail@example.org\"\nphone = \"+1 555 canary-phone\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n");
    lab.write(
        "packs/hush/pack.toml",
        "id = \"canary-pack\"\ntitle = \"Canary-pack\"\nclassification = \"internal\"\n",
    );
    lab.write(
        "packs/hush/x.md",
        "---\nid: RB-009\ntitle: Canary-inside\nstatus: draft\n---\n# Canary-inside\n",
    );
    for (name, field) in [
        ("one", "draft: true"),
        ("two", "classification: Confidential"),
        ("three", "draft: yes"),
        ("four", "draft: true\ndraft: true"),
    ] {
        lab.write(&format!("packs/tea/{name}.md"), &format!("---\nid: RB-canary-{name}\ntitle: Canary-title\nstatus: proposed\nowner: ana\n{field}\n---\n# Canary-heading\n\nCanary-text [[RB-001]]\n"));
    }
    lab.write(
        "packs/tea/shown.md",
        "---\nid: RB-001\ntitle: Shown\nstatus: proposed\n---\n# Shown\n\nText.\n",
    );
    lab.commit("Start");
    lab.git(&["tag", "v1"]);
    lab.write("packs/tea/one.md", "---\nid: RB-canary-one\ntitle: Canary-later\nstatus: approved\nowner: ana\ndraft: true\n---\n# Canary-later\n");
    lab.write(
        "packs/hush/x.md",
        "---\nid: RB-009\ntitle: Canary-inside\nstatus: approved\n---\n# Canary-inside\n",
    );
    lab.commit("Approve canary-subject");
    lab.write(
        "packs/tea/shown.md",
        "---\nid: RB-001\ntitle: Shown\nstatus: approved\n---\n# Shown\n\nText.\n",
    );
    lab.commit("Approve what is shown");
    fs::remove_file(lab.root.join("packs/tea/two.md")).unwrap();
    lab.commit("Remove it");
    lab.git(&["tag", "v2"]);
    let site = built(&lab);
    assert_eq!(holds(&site, "canary"), None);
    assert!(holds(&site, "approve what is shown").is_some(), "the log of what is shown is there");
    let rules = found(&lab);
    assert!(
        rules
            .iter()
            .any(|(rule, path)| rule == "front-matter.unreadable" && path.ends_with("four.md")),
        "{rules:?}"
    );
}

#[test]
fn a_public_book_keeps_chapters_pictures_and_includes_of_drafts_to_itself() {
    let lab = imported(&[
        file("book.toml", "[book]\ntitle = \"B\"\n[site]\naudience = \"public\"\n"),
        file("src/SUMMARY.md", "- [Shown](a.md)\n- [Canary-chapter](b.md)\n"),
        file("src/a.md", "# Shown\n\n{{#include b.md}}\n{{#include b.md:3:}}\n"),
        file("src/b.md", "---\ndraft: true\n---\n# Canary-draft\n\n![](b.gif)\n"),
        file("src/b.gif", "GIF89a canary-picture"),
        file("src/free.gif", "GIF89a free"),
    ]);
    let site = built(&lab);
    assert_eq!(holds(&site, "canary"), None);
    assert!(site.contains_key("free.gif"));
}

/// What must not be found in a public site, as bytes: the words of addresses and the digits of numbers.
const SECRETS: &[&str] =
    &["canary", "901820", "90 18 20", "901-820", "5550142", "555-0142", "555 0142"];

const CONTACTS: &str = "---
id: RB-001
kind: runbook
title: Ask canary-title@example.org
summary: Or canary-summary@example.org, 030 901820
status: proposed
owner: ana
phone: 212 555 0142
custom: [canary-field@example.org, \"+49 30 901820\"]
---
# Ask canary-title@example.org

## Call 030 901820 or canary-heading@example.org

Mail canary.prose@example.org, <canary.auto@example.org>, [Ana](mailto:canary.link@example.org), canary&#64;example.org,
**canary**@example.org, `canary.code@example.org` or <a href=\"mailto:canary.html@example.org\">her</a>. [Ring](tel:+4930901820),
[Jo](tel:2125550142), +1 212 555-0142, 0049 30 90 18 20, (030) 901-820. ![canary.alt@example.org](x.gif \"canary.tip@example.org\")

```sh
echo canary.block@example.org 030901820
```

| Who | Phone |
|---|---|
| canary.cell@example.org | 212 555 0142 |

- [ ] Ask canary.task@example.org[^1]

[^1]: Or canary.note@example.org

[x](notes-canary@example.org.md) [y](list.csv) [z](canary.file@example.org.txt) ![p](plan.svg) [[canary.wiki@example.org]]
";

// Contract 21: contacts in every place where text can stand
#[test]
fn no_contact_is_in_any_byte_of_a_public_site() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"Of canary-book@example.org\"\nsrc = \".\"\n\n[site]\naudience = \"public\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\nmail = \"canary@intranet\"\nphone = \"+49 (0)30 901820\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\ntitle = \"Tea canary-pack@example.org\"\nsummary = \"Call 030 901820\"\nprofiles = [\"day-zero\"]\n\n[roles]\nservice-owner = \"canary@intranet\"\n");
    lab.write("packs/tea/RB-001.md", CONTACTS);
    lab.write("packs/tea/raci.md", "---\nid: RACI-001\nkind: raci\nstatus: proposed\n---\n# RACI\n\n| Task | canary.raci@example.org | Ana 030 901820 |\n|---|---|---|\n| RB-001 canary@intranet | A | R |\n");
    lab.write("packs/tea/notes-canary@example.org.md", "# Notes\n");
    lab.write("packs/tea/list.csv", "who,phone\ncanary.csv@example.org,030 901820\n");
    lab.write("packs/tea/canary.file@example.org.txt", "text\n");
    lab.write(
        "packs/tea/plan.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>canary.svg@example.org</text></svg>",
    );
    lab.write("packs/tea/x.gif", "GIF89a");
    lab.commit("Start, says canary-subject@example.org");
    lab.git(&["tag", "v1"]);
    lab.write("packs/tea/RB-001.md", &CONTACTS.replace("proposed", "approved"));
    lab.git(&["add", "-A"]);
    lab.git(&[
        "commit",
        "-q",
        "-m",
        "Approve (call 030 901820)",
        "--author",
        "canary-author@example.org <canary-mail@example.org>",
    ]);
    lab.git(&["tag", "v2"]);
    let site = built(&lab);
    for secret in SECRETS {
        assert_eq!(holds(&site, secret), None, "{secret}");
        assert!(!site.keys().any(|route| route.contains(secret)), "{secret}: {:?}", site.keys());
    }
    let page = String::from_utf8_lossy(&site["tea/v2/RB-001.html"]).into_owned();
    for word in ["Mail \u{2022}", "Ring", "echo \u{2022}", "Who", "Ask \u{2022}"] {
        assert!(page.contains(word), "{word} is gone");
    }
    assert!(!page.contains("\"mailto:") && !page.contains("\"tel:"), "{page}");
    assert!(holds(&site, "approve (call").is_some(), "the log is there");
    let rules = found(&lab);
    for path in
        ["list.csv", "canary.file@example.org.txt", "plan.svg", "notes-canary@example.org.md"]
    {
        let covered = |(rule, at): &(String, String)| {
            rule == "source.contact" && at.len() == format!("packs/tea/{path}").len()
        };
        assert!(rules.iter().any(covered), "{path}: {rules:?}");
    }
}

#[test]
fn colleagues_see_every_contact() {
    let lab = imported(&[file("a.md", &CONTACTS.replace("canary", "clerk"))]);
    let site = built(&lab);
    for word in [
        "clerk.prose@example.org",
        "0049 30 90 18 20",
        "mailto:clerk.link@example.org",
        "tel:2125550142",
    ] {
        assert!(holds(&site, word).is_some(), "{word}");
    }
}

/// Documents that are not for the public, each in another way: the name of the way, the file, its text, and the file
/// of fields beside it.
const WITHHELD: &[(&str, &str, &str)] = &[
    ("draft", "packs/tea/canary-draft.md", "---\nid: RB-canary-a\ndraft: true\n---\n# Canary a\n"),
    (
        "toml",
        "packs/tea/canary-toml.md",
        "+++\nid = \"RB-canary-b\"\nclassification = \"internal\"\n+++\n# Canary b\n",
    ),
    (
        "json",
        "packs/tea/canary-json.md",
        "{\"id\": \"RB-canary-c\", \"draft\": true}\n\n# Canary c\n",
    ),
    (
        "row",
        "packs/tea/canary-row.md",
        "# Canary d\n\n| Field | Value |\n|---|---|\n| Id | RB-canary-d |\n| Classification | Confidential |\n",
    ),
    (
        "bold line",
        "packs/tea/canary-line.md",
        "# Canary e\n\n**Classification:** Confidential\n\nCanary text.\n",
    ),
    (
        "bullet",
        "packs/tea/canary-bullet.md",
        "# Canary f\n\n- Classification: restricted\n\nCanary text.\n",
    ),
    (
        "section",
        "packs/tea/canary-section.md",
        "# Canary g\n\n## Classification\n\nConfidential\n\n## More\n\nCanary text.\n",
    ),
    ("sidecar", "packs/tea/canary-beside.md", "# Canary h\n\nCanary text.\n"),
    ("draft in a sidecar", "packs/tea/canary-beside-2.md", "# Canary i\n\nCanary text.\n"),
    ("unreadable sidecar", "packs/tea/canary-beside-3.md", "# Canary j\n\nCanary text.\n"),
    (
        "pack",
        "packs/hush/canary-pack.md",
        "---\nid: RB-canary-k\nclassification: public\n---\n# Canary k\n",
    ),
    (
        "pack in a pack",
        "packs/hush/inner/canary-inner.md",
        "---\nid: RB-canary-l\nstatus: approved\n---\n# Canary l\n",
    ),
    (
        "rows",
        "packs/tea/canary-rows.md",
        "---\nid: REG-canary\nkind: register\nclassification: internal\nstatus: active\n---\n# Canary m\n\n| Id | Risk | Owner |\n|---|---|---|\n| RSK-canary | Canary breaks | ana |\n",
    ),
    (
        "decision",
        "packs/tea/canary-decision.md",
        "---\nid: DEC-canary\nkind: decision\nclassification: internal\nstatus: accepted\ndeciders: [ana]\nsupersedes: DEC-1\n---\n# Canary n\n\nSee [[RB-001]].\n",
    ),
    (
        "runbook",
        "packs/tea/canary-runbook.md",
        "---\nid: RB-canary-o\nkind: runbook\nclassification: internal\nstatus: approved\nalerts: [canary-alert]\n---\n# Canary o\n\n```sh\ncanary --now\n```\n\n![](canary-picture.gif)\n",
    ),
    (
        "page",
        "packs/tea/canary-now.md",
        "---\nid: RB-007\nkind: runbook\ntitle: Canary then\nclassification: internal\nstatus: draft\nowner: ana\n---\n# Canary then\n",
    ),
];

#[test]
fn no_way_to_withhold_a_document_can_be_passed_by_an_include() {
    let lab = imported(&[
        file("book.toml", "[book]\ntitle = \"B\"\n[site]\naudience = \"public\"\n"),
        file("src/SUMMARY.md", "- [Shown](a.md)\n- [Beside](beside.md)\n"),
        file(
            "src/a.md",
            "# Shown\n\n{{#include beside.md}}\n{{#include row.md}}\n{{#include ../hush/x.md}}\n{{#include ../hush/x.sh}}\n{{#include free.md}}\n",
        ),
        file("src/beside.md", "# Canary-beside\n"),
        file("src/beside.yaml", "classification: internal\n"),
        file("src/row.md", "| | |\n|---|---|\n| Classification | internal |\n\nCanary-row\n"),
        file("src/free.md", "Something free\n"),
        file("hush/pack.toml", "id = \"hush\"\nclassification = \"internal\"\n"),
        file("hush/x.md", "# Canary-pack\n"),
        file("hush/x.sh", "echo canary-script\n"),
    ]);
    let site = built(&lab);
    assert_eq!(holds(&site, "canary"), None);
    assert!(holds(&site, "something free").is_some());
}

// Contract 21: each way to keep a document from the public, in every version and in the history
#[test]
fn every_way_to_withhold_a_document_keeps_its_bytes_and_its_name() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"B\"\nsrc = \".\"\n\n[site]\naudience = \"public\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n");
    lab.write("packs/hush/pack.toml", "id = \"canary-hush\"\nclassification = \"internal\"\n");
    lab.write("packs/hush/inner/pack.toml", "id = \"canary-inner\"\n");
    lab.write("packs/tea/canary-beside.yaml", "classification: confidential\nstatus: approved\n");
    lab.write("packs/tea/canary-beside-2.toml", "draft = true\n");
    lab.write("packs/tea/canary-beside-3.yaml", "draft: [\n");
    lab.write("packs/tea/canary-picture.gif", "GIF89a canary");
    lab.write(
        "packs/tea/RB-001.md",
        "---\nid: RB-001\nkind: runbook\nstatus: approved\nowner: ana\n---\n# Shown\n\nText.\n",
    );
    for (_, path, text) in WITHHELD {
        lab.write(path, text);
    }
    lab.commit("Start");
    lab.git(&["tag", "v1"]);
    let then = WITHHELD.iter().find(|(way, ..)| *way == "page").unwrap();
    lab.write(then.1, &then.2.replace("status: draft", "status: approved"));
    lab.commit("Approve canary-second");
    fs::remove_file(lab.root.join(then.1)).unwrap();
    lab.write("packs/tea/open.md", "---\nid: RB-007\nkind: runbook\ntitle: Open now\nstatus: approved\nowner: ana\n---\n# Open now\n");
    lab.commit("Open it to the public");
    lab.git(&["tag", "v2"]);
    let site = built(&lab);
    let leaks: Vec<String> = site.iter().flat_map(|(route, bytes)| leaks(route, bytes)).collect();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(holds(&site, "open now").is_some() && site.contains_key("tea/v2/RB-001.html"));
}

/// The places where a file or its name holds a canary.
fn leaks(route: &str, bytes: &[u8]) -> Vec<String> {
    let text = format!("{route}: {}", String::from_utf8_lossy(bytes)).to_lowercase();
    let words = text.match_indices("canary").map(|(at, _)| text[at..].chars().take(40).collect());
    words.map(|words: String| format!("{route}: {words}")).collect()
}

/// Ways in which a document was withheld once: the name of the way, a field, a table in the text, another file and
/// its text.
const ONCE: &[[&str; 5]] = &[
    ["fields", "classification: internal\n", "", "x.yaml", "# none\n"],
    ["a row", "", "| | |\n|---|---|\n| Classification | internal |\n", "x.yaml", "# none\n"],
    ["a file beside", "", "", "x.yaml", "classification: internal\n"],
    ["a pack", "", "", "pack.toml", "id = \"tea\"\nclassification = \"internal\"\n"],
];

// Contract 21: what was said of a document while it was not for the public
#[test]
fn the_history_of_a_document_that_was_opened_begins_when_it_was_opened() {
    for [way, field, row, beside, other] in ONCE {
        let lab = Lab::new();
        lab.write(
            "book.toml",
            "[site]\naudience = \"public\"\n\n[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n",
        );
        lab.write("packs/tea/pack.toml", "id = \"tea\"\n");
        lab.write("packs/tea/other.md", "---\nid: RB-002\nstatus: approved\n---\n# Other\n");
        lab.commit("Start");
        let write = |field: &str, status: &str, title: &str, row: &str| {
            let head = format!("---\nid: RB-001\nkind: runbook\nstatus: {status}\n{field}---\n");
            lab.write("packs/tea/x.md", &format!("{head}# {title}\n\n{row}\nText.\n"));
        };
        lab.write(&format!("packs/tea/{beside}"), other);
        write(field, "draft", "Canary name", row);
        lab.commit("Write canary-one");
        write(field, "approved", "Canary name", row);
        lab.commit("Approve canary-two");
        lab.write("packs/tea/pack.toml", "id = \"tea\"\n");
        lab.write("packs/tea/x.yaml", "# none\n");
        write("", "in-review", "Open name", "");
        lab.commit("Open it to everybody");
        write("", "approved", "Open name", "");
        lab.commit("Approve it for everybody");
        let site = built(&lab);
        let leaks: Vec<String> =
            site.iter().flat_map(|(route, bytes)| leaks(route, bytes)).collect();
        assert!(leaks.is_empty(), "{way}: {}", leaks.join("\n"));
        assert!(holds(&site, "approve it for everybody").is_some(), "{way}");
    }
}
