//! What the program finds in repositories that nobody wrote for it. Each folder of `tests/adoption` holds the
//! `book.toml` that one of them needs, the commit and counts as `counts.txt`, and thirty findings as `sample.txt`, which
//! people judged in `record.md`.
//!
//! The repositories are not ours to copy, so the counts are only compared by request, with clones side by side:
//! `ADOPTION=/folder/of/clones cargo test --test it adoption -- --ignored` (`UPDATE=1` writes the files).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use readymark::diagnostic::{Diagnostic, Severity};
use readymark::document::LinkForm;
use readymark::examine::{Circumstances, Examined, Memo, examine};
use readymark::git::Repository;
use readymark::kinds::Status;
use readymark::pack::links::is_external;
use readymark::pack::{Packs, Target};
use readymark::settings;
use readymark::source::{ObjectId, RepoPath};

const SAMPLE: usize = 30;
const TODAY: &str = "2026-07-13";

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adoption");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn each_book_is_short_and_understood() {
    for folder in folders() {
        let book = text(&folder.join("book.toml"));
        let (_, findings) = settings::read(&RepoPath::new("book.toml"), book.as_bytes());
        let is_note = |found: &Diagnostic| found.severity == Severity::Note;
        assert!(findings.iter().all(is_note), "{}: {findings:?}", folder.display());
        assert!((1..=15).contains(&book.lines().count()), "{}", folder.display());
        for name in ["counts.txt", "sample.txt", "record.md"] {
            assert!(!text(&folder.join(name)).is_empty(), "{}/{name}", folder.display());
        }
    }
}

#[test]
#[ignore = "needs clones of public repositories, see above"]
fn the_counts_are_those_of_the_records() {
    let clones = PathBuf::from(std::env::var_os("ADOPTION").expect("ADOPTION names a folder"));
    let only = std::env::var("ONLY").unwrap_or_default();
    for folder in folders().into_iter().filter(|folder| folder.ends_with(&only) || only.is_empty())
    {
        let clone = clones.join(folder.file_name().unwrap());
        let known = text(&folder.join("counts.txt"));
        let commit = known.strip_prefix("commit ").and_then(|rest| rest.lines().next());
        let (commit, examined) = look(&clone, commit, &text(&folder.join("book.toml")));
        let counts = format!("commit {commit}\n{}", counts(&examined));
        let sample = sample(examined.diagnostics.iter());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(folder.join("counts.txt"), &counts).unwrap();
            std::fs::write(folder.join("sample.txt"), &sample).unwrap();
        }
        assert_eq!(counts, text(&folder.join("counts.txt")), "{}", folder.display());
        assert_eq!(sample, text(&folder.join("sample.txt")), "{}", folder.display());
    }
}

pub(crate) fn id(hex: &str) -> ObjectId {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("an id");
    ObjectId::new(&(0..hex.len()).step_by(2).map(byte).collect::<Vec<_>>())
}

/// Examines a commit, the default branch when none is known, as if this `book.toml` lay in it.
fn look(clone: &Path, commit: Option<&str>, book: &str) -> (ObjectId, Examined) {
    let repository = Repository::open(clone).unwrap();
    let commit =
        commit.map_or_else(|| repository.authority(None).unwrap().expect("a commit").1, id);
    let snapshot = repository.snapshot(commit, &[]).unwrap();
    let (settings, _) = settings::read(&RepoPath::new("book.toml"), book.as_bytes());
    let circumstances = Circumstances { folder: "", settings: &settings, as_of: TODAY };
    (commit, examine(&repository, &snapshot, circumstances, &mut Memo::default()).unwrap())
}

/// How often each word occurs, the most frequent first.
fn tally(words: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn counts(examined: &Examined) -> String {
    let packs = &examined.packs;
    let all = &packs.artifacts;
    let kind = |at: usize| packs.kinds[all[at].kind].name.clone();
    let every = || 0..all.len();
    let typed = every().filter(|at| all[*at].kind + 1 < packs.kinds.len()).count();
    let owned = all.iter().filter(|artifact| artifact.owner.is_some()).count();
    let mut out = format!("pages {}\ntyped {typed}\nowners {owned}\n", all.len());
    let severity = |severity: &str| {
        examined.diagnostics.iter().filter(|found| found.severity.word() == severity).count()
    };
    for word in ["error", "warning", "note"] {
        _ = writeln!(out, "{word}s {}", severity(word));
    }
    section(&mut out, "kinds", tally(every().map(kind)));
    section(&mut out, "statuses", tally(all.iter().map(|artifact| status(&artifact.status))));
    section(&mut out, "sections", tally(every().flat_map(|at| sections(packs, at))));
    section(&mut out, "relative links", tally(every().flat_map(|at| links(packs, at))));
    let rules = examined.diagnostics.iter();
    let rules = rules.map(|found| format!("{} {}", found.severity.word(), found.rule));
    section(&mut out, "findings", tally(rules));
    out
}

fn section(out: &mut String, title: &str, counts: Vec<(String, usize)>) {
    _ = writeln!(out, "\n{title}");
    for (word, count) in counts {
        _ = writeln!(out, "{count:7} {word}");
    }
}

fn status(status: &Status) -> String {
    match status {
        Status::Absent => "none".to_owned(),
        Status::Unreadable => "unreadable".to_owned(),
        Status::Placeholder(text) => format!("template text: {text}"),
        Status::Unknown(text) => format!("unknown: {text}"),
        Status::Known { written, standing, .. } => format!("{standing:?}: {written}"),
    }
}

/// The expected sections that a page of a kind has; a page without a kind has none.
fn sections(packs: &Packs, at: usize) -> Vec<String> {
    let artifact = &packs.artifacts[at];
    let kind = &packs.kinds[artifact.kind];
    let there = kind.sections.iter().filter(|one| !one.headings(&artifact.document).is_empty());
    let names: Vec<String> = there.map(|one| format!("{}: {}", kind.name, one.name)).collect();
    let none = if kind.sections.is_empty() { vec![] } else { vec![format!("{}: -", kind.name)] };
    if names.is_empty() { none } else { names }
}

/// Where the links of a page lead that name no other site.
fn links(packs: &Packs, at: usize) -> Vec<String> {
    let pairs = packs.artifacts[at].document.links.iter().zip(&packs.outgoing[at].targets);
    let pack = packs.artifacts[at].pack;
    let near = pairs.filter(|(link, _)| !is_external(&link.target));
    near.filter(|(link, _)| link.form != LinkForm::Mention)
        .map(|(link, target)| {
            let form = match link.form {
                LinkForm::Image => "picture",
                LinkForm::Wiki { .. } => "wiki link",
                _ => "link",
            };
            let target = match target {
                Target::Artifact { artifact, .. } if *artifact == at => "to its own page",
                Target::Artifact { anchor, .. } if anchor.is_empty() => "to a page",
                Target::Artifact { .. } => "to a place in a page",
                Target::Asset(path) if packs.asset(pack, path).is_some() => {
                    "to a file that is published"
                }
                Target::Asset(_) | Target::Outside | Target::Hidden => "to what is not published",
                Target::Broken => "to nothing",
                _ => "elsewhere",
            };
            format!("{form} {target}")
        })
        .collect()
}

/// Thirty findings, chosen by their digest: the same ones as long as they are found, and nobody's choice. Errors come
/// with them, however many there are, up to the same number.
fn sample<'a>(findings: impl Iterator<Item = &'a Diagnostic>) -> String {
    let line = |found: &Diagnostic| {
        let (line, column) = found.place;
        let Diagnostic { path, rule, message, .. } = found;
        let message = message.replace('\n', " ");
        format!("{path}:{line}:{column} {}[{rule}] {message}\n", found.severity.word())
    };
    let mut lines: Vec<String> = findings.map(line).collect();
    lines.sort_by_key(|line| *blake3::hash(line.as_bytes()).as_bytes());
    let is_error = |line: &&String| line.contains(&format!(" {}[", Severity::Error.word()));
    let errors: Vec<&str> =
        lines.iter().skip(SAMPLE).filter(is_error).take(SAMPLE).map(String::as_str).collect();
    let chosen: Vec<&str> = lines.iter().take(SAMPLE).map(String::as_str).collect();
    format!("{}\n{}", chosen.concat(), errors.concat())
}
