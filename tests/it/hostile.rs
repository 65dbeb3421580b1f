//! Hostile repositories, real ones, given to the real binary. The numbers F01 to F96 name the rows of the list of faults
//! in the guide's chapter on safety.

#![allow(
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "short tests of names made by us"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::lab::{self, Lab};

const DAY: &str = "2026-05-04";
const FILE: &str = "100644";
const LINK: &str = "120000";

fn readymark(at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readymark"));
    command
        .current_dir(at)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}

/// Runs the binary; whatever it was given, it ends by itself, without a panic and without anything that acts on a
/// terminal or on a build machine.
fn run(at: &Path, arguments: &[&str]) -> Output {
    let output = readymark(at, arguments).output().unwrap();
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)), "{arguments:?} ended with {code:?}: {}", words(&output));
    tame(&output);
    output
}

fn tame(output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let acts = |letter: char| {
            (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)
        };
        assert!(!text.contains(acts), "{text:?}");
        assert!(!text.contains("##["), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Builds into `site` beside the repository; returns the files by address.
fn built(lab: &Lab) -> BTreeMap<String, Vec<u8>> {
    let site = lab.dir.path().join("site");
    let output = run(&lab.root, &["build", ".", "-d", site.to_str().unwrap(), "--as-of", DAY]);
    assert_ne!(output.status.code(), Some(2), "{}", words(&output));
    files(&site)
}

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let facts = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if facts.is_dir() {
                folders.push(path);
            } else if facts.is_symlink() {
                found.insert(
                    name,
                    fs::read_link(path).unwrap().to_string_lossy().into_owned().into_bytes(),
                );
            } else {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// Commits files without a work tree: the paths may be any that Git can store.
fn import(lab: &Lab, files: &[(Vec<u8>, &str, Vec<u8>)], author: &[u8], message: &[u8]) {
    let mut stream = b"commit refs/heads/main\ncommitter ".to_vec();
    stream.extend_from_slice(author);
    stream.extend(format!(" 1767225660 +0000\ndata {}\n", message.len()).bytes());
    stream.extend_from_slice(message);
    for (path, mode, bytes) in files {
        stream.extend(format!("\nM {mode} inline \"").bytes());
        stream.extend(path.iter().flat_map(|byte| format!("\\{byte:03o}").into_bytes()));
        stream.extend(format!("\"\ndata {}\n", bytes.len()).bytes());
        stream.extend_from_slice(bytes);
    }
    stream.push(b'\n');
    let mut git = lab::command(&lab.root, &["fast-import", "--quiet", "--force"]);
    let mut child = git.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&stream).unwrap();
    assert!(child.wait().unwrap().success());
}

fn file(path: &str, text: &str) -> (Vec<u8>, &'static str, Vec<u8>) {
    (path.into(), FILE, text.into())
}

fn imported(files: &[(Vec<u8>, &str, Vec<u8>)]) -> Lab {
    let lab = Lab::new();
    import(&lab, files, b"Ana <ana@example.org>", b"Start");
    lab
}

/// Which rules a run found.
fn found(lab: &Lab) -> Vec<(String, String)> {
    lab.git(&["reset", "-q", "--hard"]);
    let output = run(&lab.root, &["check", ".", "--format", "json", "--as-of", DAY]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (word(&finding["rule"]), word(&finding["path"]))).collect()
}

fn holds(site: &BTreeMap<String, Vec<u8>>, word: &str) -> Option<String> {
    let found = |bytes: &[u8]| memchr::memmem::find(&bytes.to_ascii_lowercase(), word.as_bytes());
    site.iter().find(|(_, bytes)| found(bytes).is_some()).map(|(route, _)| route.clone())
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Pieces of names that some system, some program or some person stumbles over.
const PIECES: &[&[u8]] = &[
    b"a", b"B", b".", b"..", b" ", b"con", b"aux.x", b"LPT1", b"\xc3\xa9", b"e\xcc\x81", b"\xff", b"\n",
    b"\x1b[31m", b":", b"*", b"?", b"<img src=x onerror=alert(1)>", b"\"", b"'", b"\\", b"%2e%2e", b"-",
    b"&", b"#", b"{{", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b".env", b"C:", b"\t", b"$x", b"~", b"##[e]",
    b"__proto__", b"index", b"README", b".html", b"badges", b"search", b"assets", b"::error::",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

fn odd_path(dice: &mut Dice) -> Vec<u8> {
    loop {
        let part = |dice: &mut Dice| {
            (0..=dice.roll(3)).flat_map(|_| PIECES[dice.roll(PIECES.len())].to_vec()).collect()
        };
        let parts: Vec<Vec<u8>> = (0..=dice.roll(3)).map(|_| part(dice)).collect();
        let mut path = parts.join(&b'/');
        path.extend_from_slice([&b".md"[..], b".md", b".json", b".png"][dice.roll(4)]);
        if !path.split(|byte| *byte == b'/').any(|part| matches!(part, b"." | b"..")) {
            return path;
        }
    }
}

// F12, F13, F41, F47, F48
#[test]
fn a_thousand_odd_names_stay_inside_the_site() {
    for versioned in [false, true] {
        let mut dice = Dice(if versioned { 1 } else { 2 });
        let mut all: Vec<_> = (0..500)
            .map(|at| {
                (odd_path(&mut dice), FILE, format!("---\nid: N-{at}\n---\n# T\n").into_bytes())
            })
            .collect();
        if versioned {
            all.push(file("book.toml", "[versions]\ntags = [\"*\"]\n"));
            all.push(file("p/pack.toml", "id = \"p\"\n"));
            all.push(file("p/x.md", "# X\n"));
        }
        let lab = imported(&all);
        lab.git(&["tag", "v1"]);
        let before = files(&lab.root);
        let site = built(&lab);
        assert!(site.len() > 200, "{} files", site.len());
        assert!(before == files(&lab.root), "the repository was changed");
        let beside: Vec<_> =
            fs::read_dir(lab.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(beside.len(), 2, "{beside:?}");
        let mut folded: Vec<String> =
            site.keys().map(|route| readymark::pack::route::folded(route)).collect();
        folded.sort();
        folded.dedup();
        assert_eq!(
            folded.len(),
            site.len(),
            "two files differ only in the case or form of letters"
        );
        for route in site.keys() {
            let bad =
                |part: &str| part == ".." || part.starts_with(".env") || part.ends_with(['.', ' ']);
            assert!(
                !route.split('/').any(bad) && !route.contains(['\\', ':', '\u{1b}', '<']),
                "{route}"
            );
        }
    }
}

// F12: ids and folders of packs
#[test]
fn packs_keep_out_of_each_others_way() {
    for (one, other) in [
        ("tea", "Tea!"),
        ("tea", "tea"),
        ("\u{e9}", "e\u{301}"),
        (".git", "con"),
        ("search", "badges"),
        ("assets", "_files"),
        ("x/y", ".."),
        ("latest", "index.html"),
        ("pages", "versions.js"),
        ("", "404.html"),
    ] {
        let lab = imported(&[
            file("a/pack.toml", &format!("id = \"{one}\"\n")),
            file("b/pack.toml", &format!("id = \"{other}\"\n")),
            file("a/x.md", "# Of the one\n"),
            file("b/y.md", "# Of the other\n"),
            file("README.md", "# Of neither\n"),
        ]);
        let site = built(&lab);
        for word in ["of the one", "of the other", "of neither"] {
            assert!(holds(&site, word).is_some(), "{one} and {other}: {word}");
        }
        assert!(!site.keys().any(|route| route.starts_with('.')), "{:?}", site.keys());
    }
}

// Pages and files named as the site names its own
#[test]
fn files_named_as_those_of_the_site_move_aside() {
    let names = [
        "completeness.json",
        "decision-log.json",
        "readymark-manifest.json",
        "badges/list.json",
        "x.html/p.png",
        "P.png",
        "p.png",
        "sub/readymark-manifest.json",
    ];
    for folder in ["", "p/"] {
        let links: String = names.iter().map(|name| format!("[{name}]({name})\n")).collect();
        let mut all =
            vec![file(&format!("{folder}all.md"), &links), file(&format!("{folder}x.md"), "# X\n")];
        let pages = [
            "404",
            "People",
            "decision-log",
            "search",
            "index",
            "README",
            "nav",
            "contents",
            "completeness",
        ];
        all.extend(
            pages
                .iter()
                .map(|name| file(&format!("{folder}{name}.md"), &format!("# Canary-{name}\n"))),
        );
        all.extend(names.iter().map(|name| file(&format!("{folder}{name}"), "GIF89a{}")));
        if !folder.is_empty() {
            all.push(file("p/pack.toml", "id = \"p\"\nprofiles = [\"day-zero\"]\n"));
        }
        let site = built(&imported(&all));
        for name in pages {
            assert!(holds(&site, &format!("canary-{}", name.to_lowercase())).is_some(), "{name}");
        }
        let copies = site.values().filter(|bytes| bytes.starts_with(b"GIF89a{}")).count();
        assert_eq!(copies, names.len(), "{:?}", site.keys());
    }
}

// F01 to F05 for settings
#[test]
fn settings_bombs_are_told_or_harmless() {
    for text in [
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(50_000)),
        format!("[a{}]", ".a".repeat(50_000)),
        format!("[versions]\ntags = [\"{}\"]", "{a,b,c,d}".repeat(40)),
        format!("[versions]\ntags = [\"{}\"]", "[a-z]?*".repeat(20_000)),
        format!("[kinds]\n\"{}\" = \"runbook\"", "{a,b,**/*}".repeat(40)),
        "[versions]\ntags = [\"{\"]".to_owned(),
        "[book]\ntitle = 1\ntitle = 2".to_owned(),
        "[book]\ntitle = \"\\u0000\"\nsrc = \"../..\"".to_owned(),
        "[book]\nsrc = \"/etc\"\nlanguage = \"\\\"><script>\"".to_owned(),
        "\u{feff}\u{0}\u{1}".to_owned(),
    ] {
        let lab = imported(&[file("book.toml", &text), file("a.md", "# A\n")]);
        let site = lab.dir.path().join("site");
        run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
    }
}

// F45: the repository names the folder of the site
#[cfg(unix)]
#[test]
fn the_settings_cannot_lead_the_site_out_of_the_repository() {
    for dir in
        ["../out", "LAB/out", "link/out", "link", ".git/out", ".", "..", "a/../../out\u{1b}[31m"]
    {
        let lab = Lab::new();
        let dir = dir.replace("LAB", lab.dir.path().to_str().unwrap());
        let outside = lab.dir.path().join("outside");
        fs::create_dir(&outside).unwrap();
        lab.write("book.toml", &format!("[build]\nbuild-dir = {}\n", dir.escape_unicode_toml()));
        lab.write("a.md", "# A\n");
        std::os::unix::fs::symlink(&outside, lab.root.join("link")).unwrap();
        lab.commit("Start");
        let before = files(lab.dir.path());
        let output = run(&lab.root, &["build", "."]);
        assert_eq!(output.status.code(), Some(2), "{dir}");
        assert!(before == files(lab.dir.path()), "{dir}: something was written");
    }
}

trait Toml {
    fn escape_unicode_toml(&self) -> String;
}

impl Toml for String {
    fn escape_unicode_toml(&self) -> String {
        format!("\"{}\"", self.replace('\u{1b}', "\\u001b"))
    }
}

// F41, F42 for the one command that writes into the work tree
#[cfg(unix)]
#[test]
fn new_artifacts_stay_inside_the_repository() {
    let lab = Lab::new();
    lab.write("kinds/a.toml", "name = \"drill\"\ntitle = \"D\"\nfolder = \"../../../escape\"\n");
    lab.write("kinds/b.toml", "name = \"trill\"\ntitle = \"D\"\nprefix = \"../../../P\"\n");
    lab.write("kinds/c.toml", "name = \"../../../x\"\ntitle = \"D\"\n");
    lab.write("packs/tea/pack.toml", "id = \"tea\"\n");
    let outside = lab.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, lab.root.join("packs/tea/runbooks")).unwrap();
    lab.commit("Start");
    for kind in ["drill", "trill", "../../../x", "runbook"] {
        run(&lab.root, &["new", kind, "T"]);
    }
    run(&lab.root, &["new", "change", "T", "--id", "../../../../x"]);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "a link was followed");
    assert_eq!(
        fs::read_dir(lab.dir.path()).unwrap().count(),
        2,
        "something lies beside the repository"
    );
}

// F20, F60, F62, F92, F93
#[test]
fn nothing_in_a_repository_acts_on_a_terminal_or_a_build_machine() {
    let evil = "\u{1b}[31m\u{1b}]0;t\u{7}\u{9b}31m\u{202e}##[add-mask]x";
    let lab = Lab::new();
    import(
        &lab,
        &[
            file(
                "packs/tea/pack.toml",
                "id = \"tea\"\ntitle = \"T\\u001b[31m\\n::error::evil\\u009b ##[error]\"\nprofiles = [\"day-zero\", \"\\u001b[1m\"]\n",
            ),
            file(
                "packs/tea/a\n::error::x.md",
                &format!(
                    "---\nid: \"X\\n::error::pwn \\e[31m\"\nkind: no{evil}\nstatus: \"w\\n::error::s\"\n---\n# h {evil}\n\n[x](no{evil}.md) [y](javascript:1)\n"
                ),
            ),
            file(&format!("packs/tea/b{evil}.md"), "---\nkind: runbook\n: bad\n---\n# x\n"),
            file("people.toml", "[[person]]\nid = \"x\\u001b[2J\"\n\"k\\u001b[31m\" = 1\n"),
            (b"packs/tea/\x1blink".to_vec(), LINK, b"/etc/passwd".to_vec()),
            (b"packs/tea/\xff\x1b.md".to_vec(), FILE, b"# x\n".to_vec()),
        ],
        "Ev\u{1b}[31mil\u{9b} ##[x] <a@example.org>".as_bytes(),
        format!("{evil}\n::error::x").as_bytes(),
    );
    lab.git(&["reset", "-q", "--hard"]);
    let check = run(&lab.root, &["check", "."]);
    assert!(words(&check).contains("\\u{1b}"), "nothing was spelled out");
    for arguments in [
        &["check", ".", "--format", "json"][..],
        &["log", "."],
        &["log", ".", "--format", "json"],
        &["check", ".", "--as-of", "\u{1b}[31m"],
        &["build", "\u{1b}[31m"],
        &["new", "r\u{1b}", "--dir", "."],
    ] {
        run(&lab.root, arguments);
    }
    let site = built(&lab);
    for (route, bytes) in site.iter().filter(|(route, _)| route.ends_with(".html")) {
        let page = String::from_utf8(bytes.clone()).unwrap();
        assert!(!page.contains("<img src=x") && !page.contains("\"javascript:"), "{route}");
    }
}

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

// F58
#[test]
fn damaged_objects_end_in_words() {
    let lab = Lab::new();
    for round in 0..4 {
        for page in 0..8 {
            lab.write(
                &format!("p/{page}.md"),
                &format!(
                    "---\nid: N-{page}\nstatus: s{round}\n---\n{}",
                    "word ".repeat(50 + round)
                ),
            );
        }
        lab.write("p/pack.toml", "id = \"p\"\n");
        lab.commit("Change");
    }
    let mut dice = Dice(5);
    lab.git(&["repack", "-adfq"]);
    let packs: Vec<String> = files(&lab.root.join(".git/objects"))
        .into_keys()
        .filter(|name| name.starts_with("pack/"))
        .collect();
    assert!(packs.iter().any(|name| name.ends_with(".idx")));
    damage(&lab, &packs, 40, &mut dice);
}

fn damage(lab: &Lab, names: &[String], rounds: usize, dice: &mut Dice) {
    for _ in 0..rounds {
        let path = lab.root.join(".git/objects").join(&names[dice.roll(names.len())]);
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        if dice.roll(4) == 0 {
            bytes.truncate(dice.roll(whole.len()));
        } else {
            for _ in 0..=dice.roll(3) {
                let at = dice.roll(whole.len());
                bytes[at] ^= 1 << dice.roll(8);
            }
        }
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let site = lab.dir.path().join("site");
        run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn deep_trees_and_tree_bombs_end_in_words() {
    let deep = format!("{}x.md", "a/".repeat(30_000));
    let lab = imported(&[file(&deep, "# Deep\n"), file("b.md", "# Canary-b\n")]);
    assert!(holds(&built(&lab), "canary-b").is_some());
    let lab = imported(&[file("b.md", "# B\n")]);
    let mut tree = lab.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..9 {
        let lines: String = (0..10).map(|at| format!("040000 tree {tree}\t{at}\n")).collect();
        let mut mktree = lab::command(&lab.root, &["mktree"]);
        let mut child = mktree.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        tree =
            String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned();
    }
    let commit = lab.git(&["commit-tree", &tree, "-m", "Bomb"]);
    lab.git(&["update-ref", "refs/heads/main", &commit]);
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("500000"), "{}", words(&output));
}

// F59
#[test]
fn a_repository_that_changes_meanwhile_gives_one_state_of_it() {
    let lab = Lab::new();
    let state = |round: usize| {
        for page in 0..30 {
            lab.write(&format!("{page}.md"), &format!("# Page\n\nstate-{round}-of-it\n"));
        }
        lab.commit("State");
    };
    state(0);
    for round in 1..=8 {
        let mut build = readymark(&lab.root, &["build", ".", "-d", "../site"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        state(round);
        lab.git(&["repack", "-adq"]);
        lab.git(&["reset", "-q", "--hard", if round % 2 == 0 { "HEAD~1" } else { "HEAD" }]);
        lab.git(&["gc", "-q"]);
        assert_eq!(build.wait().unwrap().code(), Some(0));
        let site = files(&lab.dir.path().join("site"));
        let mut states: Vec<String> = (0..30)
            .map(|page| {
                let text = String::from_utf8_lossy(&site[&format!("{page}.html")]).into_owned();
                text.split("state-").nth(1).unwrap().split("-of-it").next().unwrap().to_owned()
            })
            .collect();
        states.dedup();
        assert_eq!(states.len(), 1, "a mix of {states:?}");
    }
}

// F61, F62
#[test]
fn odd_histories_and_many_tags_have_a_defined_result() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n");
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(2), "nothing is committed");
    assert!(words(&output).contains("no commit yet"), "{}", words(&output));
    let start = lab.commit("Start");
    let mut heads = Vec::new();
    for branch in ["one", "two", "three"] {
        lab.git(&["checkout", "-q", "-b", branch, &start]);
        lab.write(&format!("{branch}.md"), "# Branch\n");
        heads.push(lab.commit(branch));
    }
    lab.git(&["checkout", "-q", "main"]);
    lab.git(&["merge", "-q", "--no-edit", "one", "two", "three"]);
    lab.git(&["checkout", "-q", "--detach"]);
    let refs: String = (0..5000).map(|at| format!("create refs/tags/t{at} {start}\n")).collect();
    let mut update = lab::command(&lab.root, &["update-ref", "--stdin"]);
    let mut child = update.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(refs.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    for tag in ["v1", "v1/../x", "-rf", "<img src=x>", "V2", "\u{202e}v"] {
        if lab::command(&lab.root, &["update-ref", &format!("refs/tags/{tag}"), "HEAD"])
            .output()
            .unwrap()
            .status
            .success()
        {
            built(&lab);
        }
    }
    lab.write("book.toml", "[versions]\ntags = [\"v*\", \"-*\", \"<*\", \"t1\", \"t4999\"]\n");
    lab.commit("Choose");
    let site = built(&lab);
    assert!(
        site.contains_key("t4999/a.html") && site.contains_key("v1/three.html"),
        "{:?}",
        site.keys()
    );
}

// F72, F75
#[cfg(unix)]
#[test]
fn a_stopped_build_leaves_the_old_site_and_two_take_turns() {
    let lab = Lab::new();
    for page in 0..60 {
        lab.write(&format!("{page}.md"), "# Old\n");
    }
    lab.commit("Old");
    let old = built(&lab);
    for page in 0..60 {
        lab.write(&format!("{page}.md"), "# New\n");
    }
    lab.commit("New");
    for (round, signal) in ["TERM", "INT", "TERM", "HUP", "KILL", "TERM"].iter().enumerate() {
        let mut build = readymark(&lab.root, &["build", ".", "-d", "../site", "--as-of", DAY])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(4 * round as u64));
        let id = build.id().to_string();
        Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap();
        let ended = build.wait().unwrap();
        let now = files(&lab.dir.path().join("site"));
        if !ended.success() && now != old {
            let pages = (0..60)
                .filter(|page| now[&format!("{page}.html")] != old[&format!("{page}.html")])
                .count();
            assert_eq!(pages, 60, "half of a site after {signal}");
        }
    }
    let spawn = || {
        readymark(&lab.root, &["build", ".", "-d", "../site", "--as-of", DAY])
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut both = [spawn(), spawn()];
    assert!(both.iter_mut().all(|build| build.wait().unwrap().success()));
    assert_eq!(
        fs::read_dir(lab.dir.path()).unwrap().count(),
        2,
        "a lock or a staging folder is left"
    );
}

// F75, F76
#[test]
fn streams_colours_and_clocks_are_as_told() {
    let lab = imported(&[
        file("p/pack.toml", "id = \"p\"\nprofiles = [\"day-zero\"]\n"),
        file("p/a.md", "---\nid: RB-001\nkind: runbook\nstatus: draft\n---\n# A\n\n[x](gone.md)\n"),
    ]);
    lab.git(&["reset", "-q", "--hard"]);
    for arguments in [&["log", "."][..], &["check", ".", "--format", "json"], &["--help"]] {
        let mut child = readymark(&lab.root, arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "", "{arguments:?}");
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 1)), "{arguments:?}");
    }
    let coloured = |arguments: &[&str], refused: &str| {
        let output = readymark(&lab.root, arguments).env("NO_COLOR", refused).output().unwrap();
        output.stderr.contains(&0x1b)
    };
    assert!(!coloured(&["check", "."], ""), "no terminal, no colour");
    assert!(
        coloured(&["check", ".", "--color", "always"], "1"),
        "a flag is stronger than the environment"
    );
    assert!(!coloured(&["check", ".", "--color", "never"], ""));
    for columns in ["1", "20", "0", "-1", "x", "99999999999999999999"] {
        let output =
            readymark(&lab.root, &["check", "."]).env("COLUMNS", columns).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{columns}");
        tame(&output);
    }
    for epoch in ["", "x", "-1", "1e9", "99999999999999999", "1767225600"] {
        let output =
            readymark(&lab.root, &["check", "."]).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        let expected = if epoch == "1767225600" { 1 } else { 2 };
        assert_eq!(output.status.code(), Some(expected), "{epoch}");
        tame(&output);
    }
    for day in ["", "x", "2026-13-40", "2026-02-30", "-000001-01-01", "26-1-1"] {
        let output = run(&lab.root, &["check", ".", &format!("--as-of={day}")]);
        assert_eq!(output.status.code(), Some(2), "{day}");
    }
}

// F14: clocks of commits
#[test]
fn impossible_moments_are_no_reason_to_stop() {
    for moment in ["0 +0000", "4102444800 +9999", "253402300800 -9999", "99999999999999 +0000"] {
        let lab = imported(&[file("a.md", "---\nid: A-1\nstatus: draft\n---\n# Canary-a\n")]);
        let raw = lab.git(&["cat-file", "commit", "HEAD"]).replace("1767225660 +0000", moment);
        let mut hash = lab::command(
            &lab.root,
            &["hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        );
        let mut child = hash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{raw}\n").as_bytes()).unwrap();
        let id = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        lab.git(&["update-ref", "refs/heads/main", id.trim()]);
        assert!(holds(&built(&lab), "canary-a").is_some(), "{moment}");
        run(&lab.root, &["log", "."]);
    }
}

// F82
#[test]
fn the_machine_leaves_no_trace_in_the_site() {
    let files_of = |zone: &str, language: &str, threads: &str, deep: &str| {
        let lab = Lab::new();
        let root = lab.dir.path().join(deep);
        fs::create_dir_all(root.parent().unwrap()).unwrap();
        fs::rename(&lab.root, &root).unwrap();
        let lab = Lab { root, ..lab };
        for page in 0..9 {
            lab.write(
                &format!("p/{page}.md"),
                "---\nid: RB-001\nkind: runbook\nstatus: draft\n---\n# I\u{307} \u{e9}\n",
            );
        }
        lab.write("p/pack.toml", "id = \"p\"\nprofiles = [\"day-zero\"]\n");
        lab.commit("Start");
        let site = lab.dir.path().join("site");
        let output =
            readymark(&lab.root, &["build", ".", "--as-of", DAY, "-d", site.to_str().unwrap()])
                .envs([
                    ("TZ", zone),
                    ("LANG", language),
                    ("LC_ALL", language),
                    ("RAYON_NUM_THREADS", threads),
                ])
                .output()
                .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", words(&output));
        files(&site)
    };
    let here = files_of("UTC", "C", "1", "a");
    assert!(here.len() > 20);
    assert!(here == files_of("Pacific/Kiritimati", "tr_TR.UTF-8", "7", "else/where/with a space"));
}

// F01 to F13, F33, F34: front matter and pages, whole program
#[test]
fn hostile_pages_leave_the_others_alone() {
    let bomb = format!(
        "---\na: &a [x]\n{}---\n# X\n",
        (0..9).map(|at| format!("b{at}: &b{at} [*a, *a, *a, *a]\n")).collect::<String>()
    );
    let mut all = vec![file("good.md", "# Canary-good\n"), file("ids/x.md", "# X\n")];
    for (at, text) in [
        bomb,
        format!("---\na: {}\n---\n# X\n", "[".repeat(100_000)),
        "---\na: &a *a\n<<: *a\n---\n".to_owned(),
        "---\nid: 1\nid: 2\n---\n".to_owned(),
        format!("---\ntitle: {}\n---\n", "x".repeat(70_000)),
        "---\ntitle: never closed\n".to_owned(),
        "---\n!!python/object:os.system x: y\nz: !include /etc/passwd\n---\n".to_owned(),
        format!("---\nid: {}\n---\n# X\n", "x".repeat(10_000)),
        "---\nid: ..\nslug: ../../x\n---\n# X\n".to_owned(),
        "---\nid: con\ntitle: \"{{ 7*7 }} {% raw %} ${x} <%= 1 %>\"\n---\n".to_owned(),
        format!("{}x", "> ".repeat(20_000)),
        "<!--".repeat(50_000),
        format!("{{{{#include {}}}}}", "x".repeat(300)),
        "x".repeat(3_000_000),
        "\u{0}\u{feff}\r\u{85}\u{2028}".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        all.push(file(&format!("ids/{at}.md"), &text));
    }
    let lab = imported(&all);
    let site = built(&lab);
    assert!(holds(&site, "canary-good").is_some() && holds(&site, ">49<").is_none());
    assert!(!found(&lab).is_empty());
}

// F34
#[test]
fn includes_of_includes_end() {
    let mut all = vec![file("SUMMARY.md", "- [A](f0.md)\n"), file("e", "")];
    for at in 0..9 {
        let next = if at == 8 { "e".to_owned() } else { format!("f{}.md", at + 1) };
        all.push(file(&format!("f{at}.md"), &format!("{{{{#include {next}}}}}").repeat(100)));
    }
    all.push(file("f9.md", "{{#include f9.md}}\n"));
    assert!(built(&imported(&all)).contains_key("f0.html"));
}
