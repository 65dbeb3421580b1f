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
