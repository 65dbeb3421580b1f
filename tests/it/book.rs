//! mdBooks and clones: what is told at which line of which file.

use crate::lab::{self, DAY, Lab, run, words};

/// Rule, path and line of each finding of `check`.
fn findings(lab: &Lab) -> Vec<(String, String, u64)> {
    let output = run(&lab.root, &["check", ".", "--format", "json", "--as-of", DAY]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            (word(&finding["rule"]), word(&finding["path"]), finding["line"].as_u64().unwrap_or(0))
        })
        .collect()
}

#[test]
fn a_finding_names_the_line_of_the_file_that_is_to_be_mended() {
    let lab = Lab::new();
    for (path, text) in [
        ("book.toml", "[book]\ntitle = \"B\"\n"),
        ("src/SUMMARY.md", "- [A](a.md)\n- [B](b.md)\n"),
        (
            "src/a.md",
            "# A\n\n{{#include parts/one.md}}\n\n[own](nowhere.md)\n\n{{#include parts/gone.md}}\n",
        ),
        ("src/b.md", "# B\n\n{{#include parts/one.md:3:}}\n"),
        (
            "src/parts/one.md",
            "One\r\n\r\nTwo\r\n{{#include two.md:part}}\r\n\r\n{{#include lost.md}}\r\n",
        ),
        (
            "src/parts/two.md",
            "x\n<!-- ANCHOR: part -->\nText\n\n[their](missing.md)\n<!-- ANCHOR_END: part -->\n",
        ),
    ] {
        lab.write(path, text);
    }
    lab.commit("Start");
    let found = findings(&lab);
    let at = |rule: &str, path: &str, line: u64| (rule.to_owned(), path.to_owned(), line);
    assert_eq!(
        found,
        [
            at("link.broken", "src/a.md", 5),
            at("settings.missing-include", "src/a.md", 7),
            at("settings.missing-include", "src/parts/one.md", 6),
            at("link.broken", "src/parts/two.md", 5),
        ]
    );
    let check = run(&lab.root, &["check", "."]);
    assert!(words(&check).contains("[their](missing.md)"), "the line is shown: {}", words(&check));
}

#[test]
fn a_preprocessor_is_said_once_by_build_too() {
    let lab = Lab::new();
    lab.write(
        "book.toml",
        "[book]\ntitle = \"B\"\n\n[preprocessor.mermaid]\ncommand = \"touch canary\"\n",
    );
    lab.write("src/SUMMARY.md", "- [A](a.md)\n");
    lab.write("src/a.md", "# A\n");
    lab.commit("Start");
    for arguments in [&["build", ".", "-d", "../site"][..], &["check", "."]] {
        let said = words(&run(&lab.root, arguments));
        assert_eq!(said.matches("`mermaid` is a program and is not run").count(), 1, "{said}");
    }
    assert!(!lab.root.join("canary").exists());
}

#[test]
fn check_says_that_a_clone_is_shallow() {
    let lab = Lab::new();
    for round in 0..3 {
        lab.write("a.md", &format!("# A\n\n{round}\n"));
        lab.commit("Change");
    }
    let told = |lab: &Lab, command: &[&str]| {
        words(&run(&lab.root, command)).contains("this clone is shallow")
    };
    assert!(!told(&lab, &["check", "."]));
    let whole = lab.git(&["rev-parse", "HEAD~1"]);
    let clone = lab.shallow(2);
    for command in [&["check", "."][..], &["build", ".", "-d", "../site"]] {
        let said = words(&run(&clone.root, command));
        assert!(
            said.contains(&format!("`main` ends at {}: this clone is shallow", &whole[..10])),
            "{said}"
        );
    }
    // Another branch is cut, this one is whole.
    lab::git(&clone.root, &["checkout", "-q", "--orphan", "fresh"]);
    clone.commit("Fresh");
    assert!(!told(&clone, &["check", "."]));
}

#[test]
fn a_version_that_cannot_be_read_is_said() {
    let lab = Lab::new();
    lab.write("book.toml", "[versions]\ntags = [\"v*\", \"!v3\"]\nbranches = [\"main\"]\n");
    lab.write("a.md", "# A\n");
    lab.commit("Start");
    let tree = lab.git(&["rev-parse", "HEAD^{tree}"]);
    for tag in ["v2", "v3", "other"] {
        lab.git(&["update-ref", &format!("refs/tags/{tag}"), &tree]);
    }
    for arguments in [&["build", ".", "-d", "../site"][..], &["check", "."]] {
        let output = run(&lab.root, arguments);
        let said = words(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(said.matches("is no version").count(), 1, "{said}");
        assert!(
            said.contains("`refs/tags/v2` is no version: it names a tree, not a commit"),
            "{said}"
        );
    }
}
