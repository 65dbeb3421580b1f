//! Names of files, pages, ids and packs that some system or the site itself stumbles over.

use std::fs;

use super::*;

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
        "decision-log.csv",
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
