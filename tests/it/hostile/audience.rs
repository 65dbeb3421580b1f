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
