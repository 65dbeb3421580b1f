//! Files that are not what they seem, and files to be kept to oneself.

use std::fs;

use super::*;

// F42, F51, F57
#[test]
fn links_submodules_and_hidden_files_are_never_published() {
    let links = "[a](.env) [b](key.pem) [c](id_rsa) [d](up) [e](git) [f](chain) [g](self) [h](sub/x.md) ![i](up.png) [j](../../../etc/passwd) [k](.hidden/x.png)\n\n{{#include .env}}\n{{#include key.pem}}\n{{#include up}}\n{{#include ../../../../../../etc/passwd}}\n{{#include /etc/passwd}}\n{{#include .git/config}}\n";
    for summary in [true, false] {
        let mut all = vec![
            file("a.md", links),
            file(".env", "CANARY-env"),
            file("key.pem", "CANARY-pem"),
            file("id_rsa", "CANARY-rsa"),
            file(".hidden/x.png", "GIF89aCANARY-hidden"),
            (b"up".to_vec(), LINK, b"../outside.txt".to_vec()),
            (b"up.png".to_vec(), LINK, b"../outside.txt".to_vec()),
            (b"git".to_vec(), LINK, b".git/config".to_vec()),
            (b"chain".to_vec(), LINK, b"up".to_vec()),
            (b"self".to_vec(), LINK, b"self".to_vec()),
            (b"folder".to_vec(), LINK, b"..".to_vec()),
        ];
        if summary {
            all.push(file("SUMMARY.md", "- [A](a.md)\n- [Up](up)\n- [Out](folder/outside.txt)\n"));
        }
        let lab = imported(&all);
        fs::write(lab.dir.path().join("outside.txt"), "CANARY-outside").unwrap();
        lab.git(&["config", "core.canary", "CANARY-config"]);
        lab.git(&["reset", "-q", "--hard"]);
        let rules = found(&lab);
        assert!(rules.contains(&("source.symbolic-link".into(), "up".into())), "{rules:?}");
        assert_eq!(holds(&built(&lab), "canary-"), None);
    }
}

// F36, F37, F65
#[test]
fn pictures_are_pictures_or_left_out() {
    let lab = imported(&[
        file(
            "a.md",
            "![](ok.gif) ![](ok.svg) ![](evil.svg) ![](page.png) ![](lfs.png) [s](evil.svg) ![](renamed.png)\n",
        ),
        file("ok.gif", "GIF89a canary-gif"),
        file("renamed.png", "GIF89a canary-renamed"),
        file(
            "ok.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>canary-good</title><path d=\"M0 0\"/></svg>",
        ),
        file(
            "evil.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert('canary-evil')\"/>",
        ),
        file("page.png", "<!doctype html><script>alert('canary-evil')</script>"),
        file(
            "lfs.png",
            "version https://git-lfs.github.com/spec/v1\noid sha256:canary-evil\nsize 3\n",
        ),
    ]);
    let rules = found(&lab);
    for (rule, path) in
        [("unsafe-svg", "evil.svg"), ("not-a-picture", "page.png"), ("lfs-pointer", "lfs.png")]
    {
        assert!(rules.contains(&(format!("source.{rule}"), path.into())), "{rules:?}");
    }
    let site = built(&lab);
    for canary in ["canary-gif", "canary-renamed", "canary-good"] {
        assert!(holds(&site, canary).is_some(), "{canary}");
    }
    assert_eq!(holds(&site, "canary-evil"), None);
}
