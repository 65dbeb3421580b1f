//! The decision log of stories told as fast-import streams, and of one story told by brute force.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use readymark::history::{DecisionLog, Entry, How, LandingKind, StatusAt, recount};
use readymark::source::ObjectId;
use serde_json::{Value, json};

use crate::lab::{Lab, command, git};

/// Every folder of `tests/history` is a case.
#[test]
fn stories_are_told_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 28, "cases got lost");
    let failed: Vec<String> = cases.iter().filter_map(|case| difference(case)).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn difference(case: &Path) -> Option<String> {
    let expected: Value =
        serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
    let lab = Lab::bare();
    import(&lab, &case.join("story"));
    let lab = match expected["depth"].as_u64() {
        Some(depth) => lab.shallow(depth),
        None => lab,
    };
    let log = log(&lab);
    let entries = Value::Array(log.entries.iter().map(|entry| told(&lab, entry)).collect());
    let ambiguous = json!(log.ambiguous.iter().map(|one| &one.id).collect::<Vec<_>>());
    let wanted_ambiguous = expected.get("ambiguous").cloned().unwrap_or_else(|| json!([]));
    let same = entries == expected["entries"] && ambiguous == wanted_ambiguous;
    let complete = log.statement.complete() == expected["depth"].is_null();
    let shown = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    (!same || !complete).then(|| {
        let name = case.file_name().unwrap().display();
        format!(
            "{name}: told {}\n{ambiguous}\nexpected {}",
            shown(&entries),
            shown(&expected["entries"])
        )
    })
}

fn import(lab: &Lab, story: &Path) {
    let mut child = command(&lab.root, &["fast-import", "--quiet", "--date-format=raw"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(story).unwrap()).unwrap();
    assert!(child.wait().unwrap().success(), "{}", story.display());
}

fn log(lab: &Lab) -> DecisionLog {
    let repository = lab.open();
    let tip = repository.resolve("main").unwrap();
    recount(&repository, "main", tip, &[], &[]).unwrap()
}

fn told(lab: &Lab, entry: &Entry) -> Value {
    let mut value = json!({
        "document": entry.document,
        "from": word(&entry.from),
        "to": word(&entry.to),
        "landing": entry.landing.subject,
        "kind": match entry.landing.kind {
            LandingKind::Merge => "merge",
            LandingKind::Direct => "direct",
            LandingKind::Root => "root",
            LandingKind::Boundary => "boundary",
        },
        "pull_request": entry.landing.pull_request,
        "origin": entry.origin.as_ref().map(|origin| json!({
            "commit": subject(lab, origin.commit),
            "author": origin.name,
            "how": match origin.how {
                How::Commit => "commit",
                How::Root => "root",
                How::Merge => "merge",
            },
        })),
    });
    if !entry.gap.is_empty() {
        value["gap"] =
            json!(entry.gap.iter().map(|commit| subject(lab, *commit)).collect::<Vec<_>>());
    }
    value
}

fn word(status: &StatusAt) -> &str {
    match status {
        StatusAt::NoDocument => "no-document",
        StatusAt::Absent => "absent",
        StatusAt::Unreadable => "unreadable",
        StatusAt::Placeholder => "placeholder",
        StatusAt::Unknown => "unknown",
        StatusAt::Word(word) => word,
    }
}

fn subject(lab: &Lab, commit: ObjectId) -> String {
    git(&lab.root, &["log", "-1", "--format=%s", &commit.to_string()])
}
