//! The decision log of stories told as fast-import streams.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use readymark::history::{
    Checkpoint, DecisionLog, Inside, KeySource, Notary, Question, Vocabulary, recount, recount_full,
};
use readymark::settings::{self, Settings};
use readymark::source::{ObjectId, RepoPath};
use serde_json::{Map, Value};

use crate::lab::{Lab, command};
use crate::signed;

mod approving;
mod single;
mod site;
mod told;

/// Every folder of `tests/history` is a case.
#[test]
fn stories_are_told_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(cases.len() >= 142, "cases got lost");
    let mut failed = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        failed.extend(difference(case).map(|text| format!("{name}: {text}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn difference(case: &Path) -> Option<String> {
    let expected: Value =
        serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
    let lab = Lab::bare();
    import(&lab, &case.join("story"));
    if let Ok(signatures) = fs::read(case.join("signatures.json")) {
        signed::rewrite(&lab, &serde_json::from_slice(&signatures).unwrap());
    }
    let setup = &expected["setup"];
    let published = published(&lab, setup);
    let lab = match (setup["depth"].as_u64(), setup["filter"].as_str()) {
        (Some(depth), _) => lab.shallow(depth),
        (None, Some(filter)) => {
            lab.git(&["config", "uploadpack.allowFilter", "true"]);
            lab.cloned(&[&format!("--filter={filter}")])
        }
        _ => lab,
    };
    let mut log = log_since(&lab, published.as_ref());
    note_versions(&lab, &mut log, setup);
    let mut told = told::told(&lab, &log, setup["as_of"].as_i64());
    let day = setup["as_of"].as_i64().map(readymark::assemble::day_of);
    told.extend(approving::told(&lab, &log, day.as_deref()));
    if !log.criteria.is_empty() {
        told.insert("goalposts".to_owned(), told::goalposts(&log));
    }
    let asked: [(&str, &dyn Fn() -> Value); 5] = [
        ("inside", &|| full(&lab).iter().map(|one| told::inside(&lab, one)).collect()),
        ("in_force", &|| told::in_force(&log)),
        ("times", &|| told::times(&log)),
        ("tags", &|| site::tags(&lab)),
        ("statement", &|| site::statement(&lab)),
    ];
    for (key, tell) in asked.iter().filter(|(key, _)| expected.get(key).is_some()) {
        told.insert((*key).to_owned(), tell());
    }
    let mut wanted = expected.as_object().unwrap().clone();
    wanted.retain(|key, _| key != "why" && key != "setup");
    let shown = |value: &Map<String, Value>| {
        let lines = value.iter().map(|(key, value)| match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| format!("\n    {item}"));
                format!("  {key}: {}", items.collect::<String>())
            }
            value => format!("  {key}: {value}"),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    (told != wanted).then(|| format!("told\n{}\nexpected\n{}", shown(&told), shown(&wanted)))
}

/// Looks at what the settings declare and at the versions that they may choose.
fn note_versions(lab: &Lab, log: &mut DecisionLog, setup: &Value) {
    let repository = lab.open();
    log.statement.declared = settings_of(lab, "main").rewritten;
    let versions = setup["versions"].as_array().into_iter().flatten();
    let versions: Vec<ObjectId> =
        versions.map(|name| repository.resolve(name.as_str().unwrap()).unwrap()).collect();
    log.note_elsewhere(&repository.history_reader().unwrap(), &versions);
}

/// The checkpoint of another branch of the story, perhaps with one hash changed.
fn published(lab: &Lab, setup: &Value) -> Option<Checkpoint> {
    let reference = setup["published"]["ref"].as_str()?;
    let before = log_of(lab, reference, None);
    let mut checkpoint = Checkpoint::of(&before).unwrap();
    if let Some(changed) = setup["published"]["changed"].as_u64() {
        checkpoint.chain[usize::try_from(changed).unwrap()] = "0".repeat(32);
    }
    let again = Checkpoint::read(&checkpoint.write()).unwrap();
    assert_eq!(again, checkpoint);
    Some(again)
}

pub(crate) fn import(lab: &Lab, story: &Path) {
    let mut child = command(&lab.root, &["fast-import", "--quiet", "--date-format=raw"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(story).unwrap()).unwrap();
    assert!(child.wait().unwrap().success(), "{}", story.display());
}

fn log(lab: &Lab) -> DecisionLog {
    log_since(lab, None)
}

fn log_since(lab: &Lab, published: Option<&Checkpoint>) -> DecisionLog {
    log_of(lab, "main", published)
}

fn log_of(lab: &Lab, reference: &str, published: Option<&Checkpoint>) -> DecisionLog {
    let repository = lab.open();
    let asked = Question {
        reference,
        tip: repository.resolve(reference).unwrap(),
        folders: &[],
        versions: &[],
        vocabulary: &vocabulary_of(lab, reference),
        published,
    };
    let mut log = recount(&repository, &asked).unwrap();
    let (reader, registry) = (repository.history_reader().unwrap(), RepoPath::new("people.toml"));
    let source = KeySource { registry: &registry, signers: None };
    log.witness(&mut Notary::new(&reader, source));
    log
}

/// What branches did on their way; asking for it changes no line of the log.
fn full(lab: &Lab) -> Vec<Inside> {
    let repository = lab.open();
    let asked = Question {
        reference: "main",
        tip: repository.resolve("main").unwrap(),
        folders: &[],
        versions: &[],
        vocabulary: &vocabulary(),
        published: None,
    };
    let (log, full) =
        (recount(&repository, &asked).unwrap(), recount_full(&repository, &asked).unwrap());
    assert_eq!(Checkpoint::of(&log), Checkpoint::of(&full));
    full.inside
}

/// What the `book.toml` of a branch says; without one everything is as usual.
fn settings_of(lab: &Lab, reference: &str) -> Settings {
    let book = command(&lab.root, &["show", &format!("{reference}:book.toml")]).output().unwrap();
    let (settings, findings) = settings::read(&RepoPath::new("book.toml"), &book.stdout);
    assert!(findings.is_empty(), "{findings:?}");
    settings
}

/// The kinds that the program brings along, and what a branch says of forges.
fn vocabulary_of(lab: &Lab, reference: &str) -> Vocabulary {
    let settings = settings_of(lab, reference);
    Vocabulary::new(readymark::kinds::load(&[]).0.into(), &settings)
}

/// The kinds that the program brings along.
pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary::new(readymark::kinds::load(&[]).0.into(), &Settings::default())
}
