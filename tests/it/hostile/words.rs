//! What is told on terminals, in pipes and on build machines.

use std::io::{BufRead, BufReader};

use super::*;
use crate::lab::{readymark, tame};

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
