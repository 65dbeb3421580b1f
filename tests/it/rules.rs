//! One folder for each rule in `tests/rules/`: files that break it and `expected.txt`, which was written by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use readymark::rules::{GROUPS, is_found_in_history};

use crate::fixture::{Checked, check};

/// Files of the folder of rules that are no group.
const PARTS: [&str; 7] = ["mod", "declared", "formula", "ledger", "observed", "said", "trial"];

/// The day as of which the folders are judged.
const TODAY: &str = "2026-05-05";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

#[expect(clippy::disallowed_methods, reason = "reads the folders of the test")]
pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

/// Every file below a folder, with its path inside it.
pub(crate) fn files(folder: &Path) -> Vec<(String, String)> {
    let mut list = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if entry.file_name() != "expected.txt" {
                let inside =
                    path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
                list.push((inside, text(&path)));
            }
        }
    }
    list
}

fn gather_folder(folder: &Path) -> Checked {
    check(&files(folder), TODAY)
}

/// The folders in a folder, by name.
pub(crate) fn folders_in(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).expect("a folder").filter_map(Result::ok);
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Tells of each folder in a folder what it holds besides `expected.txt`, and shows where that is something else.
pub(crate) fn compare(root: &Path, tell: impl Fn(&Path) -> String) {
    let mut wrong = String::new();
    for folder in folders_in(root) {
        let found = tell(&folder);
        let expected = text(&folder.join("expected.txt"));
        if found != expected {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            _ = write!(wrong, "== {name}\n-- expected\n{expected}-- found\n{found}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_folder_says_what_is_expected() {
    compare(&root(), |folder| gather_folder(folder).rendered());
}

#[test]
fn every_rule_found_here_has_a_folder_that_shows_it() {
    let groups = [
        "decision", "field", "id", "kind", "link", "pack", "people", "raci", "reach", "record",
        "relation", "rota", "section", "status", "table", "text", "waiver",
    ];
    for group in GROUPS.iter().filter(|group| groups.contains(&group.name)) {
        for rule in group.rules.iter().filter(|rule| !is_found_in_history(rule.name)) {
            let homes = [root(), checks()].map(|root| root.join(rule.name));
            let folder = homes.iter().find(|folder| folder.is_dir());
            let folder = folder.unwrap_or_else(|| panic!("tests/rules/{} is missing", rule.name));
            let shown = text(&folder.join("expected.txt")).contains(&format!("[{}]", rule.name));
            assert!(shown, "tests/rules/{} does not show the rule", rule.name);
        }
    }
}

/// Of each folder in `tests/checks/` only the rule that it is named after is looked at.
#[test]
fn every_check_finds_what_is_expected_and_nothing_else() {
    compare(&checks(), |folder| {
        let mut checked = gather_folder(folder);
        let rule = folder.file_name().unwrap_or_default().to_string_lossy();
        checked.findings.retain(|finding| finding.rule == rule);
        checked.rendered()
    });
}

fn checks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

#[test]
fn every_rule_about_texts_tables_and_numbers_has_a_folder_that_shows_it() {
    let groups = [
        "action",
        "arch",
        "assumption",
        "backlog",
        "baseline",
        "biz",
        "change",
        "data",
        "enable",
        "incident",
        "intent",
        "learning",
        "metric",
        "review",
        "risk",
        "rollout",
        "runbook",
        "security",
        "slo",
        "supplier",
        "support",
        "test",
        "transition",
    ];
    for group in GROUPS.iter().filter(|group| groups.contains(&group.name)) {
        // What stands in the history is told by tests with one.
        for rule in group.rules.iter().filter(|rule| !is_found_in_history(rule.name)) {
            let expected = checks().join(rule.name).join("expected.txt");
            let shown = text(&expected).contains(&format!("[{}]", rule.name));
            assert!(shown, "tests/checks/{} does not show the rule", rule.name);
        }
    }
}

#[test]
fn the_list_of_groups_matches_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let entries = std::fs::read_dir(folder).expect("src/rules").filter_map(Result::ok);
    let mut files: Vec<String> = entries
        .filter_map(|entry| {
            entry.path().file_stem().map(|name| name.to_string_lossy().replace('_', "-"))
        })
        .filter(|name| !PARTS.contains(&name.as_str()))
        .collect();
    files.sort();
    let groups: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
    assert_eq!(groups, files, "each group once, in order");
    for group in GROUPS {
        assert!(!group.rules.is_empty(), "{}", group.name);
        for rule in group.rules {
            assert_eq!(rule.name.split('.').next(), Some(group.name), "{}", rule.name);
            assert!([rule.summary, rule.why, rule.fix].iter().all(|text| !text.is_empty()));
        }
    }
}
