//! What `init` proposes for a repository that has pages already.

use readymark::propose::propose;
use readymark::settings;
use readymark::source::RepoPath;

use crate::fixture::check;

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

#[test]
fn kinds_folders_versions_and_owners_are_guessed_with_reasons() {
    let decision = "---\nauthors: [Ann]\n---\n# Use it\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let mut files =
        vec![file("README.md", "# The \"big\" one\n"), file("docs/start.md", "# Start\n")];
    files.extend((1..5).map(|at| file(&format!("docs/adr/000{at}.md"), decision)));
    let tags = ["v1.0", "v1.1", "v2.0", "nightly"];
    let book = propose("folder", &check(&files, "2026-05-05").packs, &tags, |_| 6).unwrap();
    let expected = r#"[book]
title = "The \"big\" one" # as the README says
src = "docs" # 5 of 6 pages are there

[versions]
tags = ["v*"] # 3 of 4 tags begin so

[kinds]
"docs/adr" = "decision" # 4 of 4 pages look like one

[locate.decision]
owner = ["authors"] # in 4 of 4 pages
"#;
    assert_eq!(book, expected);
    let (settings, findings) = settings::read(&RepoPath::new("book.toml"), book.as_bytes());
    assert_eq!((settings.book.title.as_deref(), findings.len()), (Some("The \"big\" one"), 0));
}

#[test]
fn many_kinds_still_fit_on_fifteen_lines() {
    let runbook = "# R\n\n## Meaning\n\nA.\n\n## Mitigation\n\nB.\n\nowner_slack: x\n";
    let files: Vec<_> =
        (0..60).map(|at| file(&format!("docs{}/x/r{at}.md", at % 12), runbook)).collect();
    let book =
        propose("many", &check(&files, "2026-05-05").packs, &["1.0", "1.1"], |_| 60).unwrap();
    assert_eq!(book.lines().count(), 15, "{book}");
}

#[test]
fn nothing_is_proposed_for_a_new_or_a_declared_repository() {
    let new = [file("README.md", "# New\n")];
    assert_eq!(propose("new", &check(&new, "2026-05-05").packs, &[], |_| 0), None);
    let mut declared = vec![file("a/pack.toml", "id = \"a\"\n")];
    declared.extend((0..9).map(|at| file(&format!("a/{at}.md"), "# P\n")));
    assert_eq!(propose("a", &check(&declared, "2026-05-05").packs, &[], |_| 0), None);
}

#[test]
fn headings_that_many_kinds_know_decide_nothing() {
    let rfc = "# R\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n## Detailed design\n\nC.\n\n## Alternatives\n\nD.\n";
    let files: Vec<_> = (0..5).map(|at| file(&format!("text/000{at}-r.md"), rfc)).collect();
    let book = propose("rfcs", &check(&files, "2026-05-05").packs, &[], |_| 0).unwrap();
    assert!(book.contains("\"text\" = \"intent\" # 5 of 5 pages"), "{book}");
    let page = "# P\n\n## Overview\n\nA.\n\n## Alternatives\n\nB.\n";
    let files: Vec<_> = (0..5).map(|at| file(&format!("text/p{at}.md"), page)).collect();
    let book = propose("pages", &check(&files, "2026-05-05").packs, &[], |_| 0).unwrap();
    assert!(!book.contains("[kinds]"), "{book}");
}

#[test]
fn numbered_files_at_the_root_are_told_by_how_their_names_begin() {
    let decision = "# Use it\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let mut files = vec![file("README.md", "# Ours\n")];
    files.extend((1..5).map(|at| file(&format!("adr-00{at}-a.md"), decision)));
    let packs = check(&files, "2026-05-05").packs;
    let book = propose("ours", &packs, &[], |_| 0).unwrap();
    assert!(book.contains("\"adr-*.md\" = \"decision\" # 4 of 4 pages"), "{book}");
    let mut typed = files.clone();
    typed.push(file("book.toml", &book));
    let kinds = |checked: &crate::fixture::Checked| {
        let decided = |one: &&std::sync::Arc<readymark::pack::Artifact>| {
            checked.packs.kinds[one.kind].name == "decision"
        };
        checked.packs.artifacts.iter().filter(decided).count()
    };
    assert_eq!(kinds(&check(&typed, "2026-05-05")), 4);
}

#[test]
fn tags_that_have_few_of_the_pages_are_only_a_remark() {
    let files: Vec<_> = (0..6).map(|at| file(&format!("p{at}.md"), "# P\n")).collect();
    let packs = check(&files, "2026-05-05").packs;
    let asked = std::cell::RefCell::new(String::new());
    let held = |tag: &str| {
        tag.clone_into(&mut asked.borrow_mut());
        2
    };
    let book = propose("old", &packs, &["v1", "v2", "other"], held).unwrap();
    assert!(
        book.contains("# tags = [\"v*\"] # 2 of 3 tags; the newest has few of these pages"),
        "{book}"
    );
    assert_eq!(*asked.borrow(), "v2");
}
