//! What differs between two snapshots: `tests/compare/`, one folder for each case with `before/`, `after/` and
//! `expected.txt`, written by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use readymark::compare::{Change, Side, compare, people, words};
use readymark::diff::Line;
use readymark::pack::Packs;

use crate::fixture::check;
use crate::lab::{Lab, built, command, run, words as words_of};
use crate::rules;

const TODAY: &str = "2026-05-05";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare")
}

fn side(packs: &Packs) -> Side<'_> {
    Side { packs, pack: packs.packs.iter().position(|pack| pack.id == "svc"), log: None }
}

fn told(before: &[(String, String)], after: &[(String, String)]) -> String {
    let (before, after) = (check(before, TODAY).packs, check(after, TODAY).packs);
    let mut changes: Vec<Change> = people(&before, &after, true).into_iter().collect();
    changes.extend(compare(side(&before), side(&after)));
    let mut text = String::new();
    for change in &changes {
        let effect = serde_json::to_value(change.effect).unwrap();
        let name = if change.id.is_empty() { &change.title } else { &change.id };
        let from = change.moved_from().map(|from| format!(", was {}", from.path));
        let (how, sort) = (words::how(change.how), &change.sort);
        let effect = effect.as_str().unwrap();
        _ = writeln!(text, "[{effect}] {how} {sort} {name}{}", from.unwrap_or_default());
        for point in &change.points {
            let effect = serde_json::to_value(point.effect).unwrap();
            _ = writeln!(text, "  {}: {}", effect.as_str().unwrap(), words::point(point));
            if point.how == readymark::compare::How::Changed {
                point
                    .hunks
                    .iter()
                    .flat_map(|hunk| &hunk.lines)
                    .for_each(|one| line(&mut text, one));
            }
        }
    }
    text
}

fn line(text: &mut String, line: &Line) {
    let sign = match line.how {
        "added" => '+',
        "removed" => '-',
        _ => return,
    };
    let pieces = line
        .pieces
        .iter()
        .map(|piece| if piece.differs { format!("[{}]", piece.text) } else { piece.text.clone() });
    _ = writeln!(text, "    {sign} {}", pieces.collect::<String>());
}

#[test]
fn every_case_tells_what_is_expected() {
    rules::compare(&root(), |folder| {
        told(&rules::files(&folder.join("before")), &rules::files(&folder.join("after")))
    });
}

/// Two pages of which a third stays the same.
fn a_third(before: &str, after: &str) -> String {
    let file = |path: &str, texts: [&str; 2]| {
        let text = format!(
            "# Page\n\nWhat both say is of this length and no longer than that. {}. {}.\n",
            texts[0], texts[1]
        );
        vec![("p/pack.toml".to_owned(), PACK.to_owned()), (format!("p/{path}"), text)]
    };
    let then = [
        "Nobody had asked for the second of these words then",
        "And the third was in another room when that began",
    ];
    let now = [
        "Everything after it came from another hand than that",
        "Which is why two of the three say something new here",
    ];
    told(&file(before, then), &file(after, now))
}

#[test]
fn names_that_differ_in_numbers_alone_need_less_in_common() {
    let known = a_third("ch17-00-objects.md", "ch18-02-objects.md");
    assert!(known.starts_with("[other] changed Page Page, was p/ch17-00-objects.md\n"), "{known}");
    let other = a_third("ch17-00-objects.md", "ch17-00-classes.md");
    assert_eq!(other, "[other] new Page Page\n[other] removed Page Page\n");
    let folders = a_third("one/README.md", "two/README.md");
    assert_eq!(folders, "[other] removed Page Page\n[other] new Page Page\n", "no name of its own");
}

#[test]
fn how_lines_end_is_no_difference() {
    let before = rules::files(&root().join("by-effect/before"));
    let after: Vec<_> =
        before.iter().map(|(path, text)| (path.clone(), text.replace('\n', "\r\n"))).collect();
    assert_eq!(told(&before, &after), "");
}

const PACK: &str = "id = \"svc\"\ntitle = \"Service\"\nowner = \"ada\"\n";
const BOOK: &str = "[versions]\ntags = [\"*\"]\nbranches = [\"main\"]\n";

fn runbook(step: &str) -> String {
    format!(
        "---\nid: RB-001\nkind: runbook\ntitle: Go back\nstatus: draft\nowner: ada\n---\n# Go back\n\n## Act\n\n1. {step}\n"
    )
}

/// Commits at a minute of its own: versions are in the order of their times.
fn commit(lab: &Lab, minute: usize, message: &str) {
    lab.git(&["add", "-A"]);
    let mut commit = command(&lab.root, &["commit", "-q", "-m", message]);
    commit.env("GIT_COMMITTER_DATE", format!("17672256{minute:02} +0100"));
    assert!(commit.status().unwrap().success());
}

/// Three tags, the second as operations accept, and a later branch.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", BOOK);
    lab.write("svc/pack.toml", PACK);
    let steps = [
        ("Call Ada.", Some("v1")),
        ("Call Bob.", Some("ops-accepted/one")),
        ("Call Eve.", Some("v2")),
        ("Call Ida.", None),
    ];
    for (minute, (step, tag)) in steps.into_iter().enumerate() {
        lab.write("svc/runbooks/rb.md", &runbook(step));
        commit(&lab, minute, step);
        tag.map(|tag| lab.git(&["tag", tag]));
    }
    lab
}

fn diff(lab: &Lab, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(&lab.root, &[&["diff"], arguments].concat());
    let said = words_of(&output);
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &said)
}

#[test]
fn the_command_ends_as_git_diff_does() {
    let lab = lab();
    let (code, text) = diff(&lab, &["v1", "ops-accepted/one"]);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(
        text,
        "Service: 1 changed\n\nSteps of runbooks and procedures\n  changed RB-001 Go back (svc/runbooks/rb.md)\n    Act: changed\n      - Call Ada.\n      + Call Bob.\n"
    );
    assert_eq!(
        diff(&lab, &["main", "HEAD"]),
        (Some(0), "Nothing changed from main to HEAD\n".into())
    );
    let (code, text) = diff(&lab, &["v1", "v3"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("there is no tag, branch or commit `v3`"), "{text}");
    let (code, text) = diff(&lab, &["v1", "v2", "--pack", "other"]);
    assert!(code == Some(2) && text.contains("neither version has a pack `other`"), "{text}");
}

#[test]
fn uncommitted_edits_are_the_later_version_unless_one_is_named() {
    let lab = lab();
    assert_eq!(diff(&lab, &["main"]).0, Some(0));
    lab.write("svc/runbooks/rb.md", &runbook("Call Eli."));
    let (code, text) = diff(&lab, &["main", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, told["after"]["commit"].is_null()), (Some(1), true));
    let change = &told["packs"][0]["changes"][0];
    assert_eq!((&change["id"], &change["effect"]), (&"RB-001".into(), &"steps".into()));
    assert_eq!(change["points"][0]["hunks"][0]["lines"][1]["pieces"][1]["text"], "Eli");
}

#[test]
fn markdown_marks_words_and_never_grows_beyond_what_a_forge_takes() {
    let lab = lab();
    let (_, text) = diff(&lab, &["v1", "v2", "--format", "md"]);
    assert!(text.contains("- − Call ~~Ada~~.\n"), "{text}");
    assert!(text.contains("- + Call **Eve**.\n"), "{text}");
    for number in 0..400 {
        let text = format!("---\nid: RB-1{number:03}\ntitle: {}\n---\n", "a *b* ".repeat(60));
        lab.write(&format!("svc/runbooks/more-{number}.md"), &text);
    }
    let (_, text) = diff(&lab, &["v1", "--format", "markdown"]);
    assert!(text.len() < 61_000 && text.contains("is left out here"), "{}", text.len());
    assert!(text.contains("a \\*b\\*"), "what authors write stays text");
}

#[test]
fn each_version_is_compared_with_the_one_before_and_with_what_operations_accepted() {
    let lab = lab();
    let site = built(&lab.root, &[]);
    let pages: Vec<&str> =
        site.keys().filter_map(|path| path.strip_prefix("svc/compare/")).collect();
    assert_eq!(
        pages,
        [
            "ops-accepted-one..main.html",
            "ops-accepted-one..v2.html",
            "v1..ops-accepted-one.html",
            "v2..main.html"
        ]
    );
    let page =
        |name: &str| String::from_utf8(site[&format!("svc/compare/{name}")].clone()).unwrap();
    let accepted = page("ops-accepted-one..main.html");
    assert!(accepted.contains("What changed since operations accepted."));
    assert!(accepted.contains("<del>Call <mark>Bob</mark>.</del>"), "{accepted}");
    assert!(accepted.contains("<ins>Call <mark>Ida</mark>.</ins>"), "{accepted}");
    assert!(accepted.contains("href=\"../main/runbooks/rb.html\""), "{accepted}");
    assert!(!page("v2..main.html").contains("operations accepted"));
    let front = String::from_utf8(site["svc/index.html"].clone()).unwrap();
    for link in pages {
        assert!(front.contains(&format!("/compare/{link}\"")), "{link}: {front}");
    }
}

#[test]
fn which_versions_operations_accepted_is_a_setting() {
    let lab = lab();
    lab.write("book.toml", &format!("{BOOK}accepted = [\"v1\"]\n"));
    commit(&lab, 5, "other names");
    let site = built(&lab.root, &[]);
    assert!(site.contains_key("svc/compare/v1..main.html"));
    assert!(!site.contains_key("svc/compare/ops-accepted-one..main.html"));
}

#[test]
fn a_new_version_changes_no_page_about_older_ones() {
    let lab = lab();
    let before = built(&lab.root, &[]);
    lab.git(&["tag", "v3"]);
    lab.write("svc/runbooks/rb.md", &runbook("Call Una."));
    commit(&lab, 5, "go on");
    let after = built(&lab.root, &[]);
    for (path, bytes) in &before {
        let is_old = !path.contains("main") && (path.contains("/compare/") || path.contains("/v"));
        if is_old && crate::lab::has_extension(path, "html") {
            assert!(after[path] == *bytes, "{path}");
        }
    }
}
