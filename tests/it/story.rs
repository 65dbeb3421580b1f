//! The story of the example pack, row by row: what the program knows at each commit, and what it is to know later.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use readymark::approvals::{self, Approval, TextAt};
use readymark::assemble::day_of;
use readymark::history::{DecisionLog, Question, recount};
use readymark::rules::GROUPS;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::history::vocabulary;
use crate::lab::{Lab, built, run};

/// A row of the story: a commit and what is known there, or rules that do not exist yet.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Row {
    /// The row's number in the story.
    #[serde(rename = "row")]
    number: usize,
    /// The first line of the message of a commit of `main`.
    at: Option<String>,
    /// The day to judge by; the day of the commit when absent.
    day: Option<String>,
    tag: Option<String>,
    /// Who signed the tag, so that it is a baseline.
    signed: Option<String>,
    /// Rules and paths.
    found: Vec<String>,
    gone: Vec<String>,
    /// By which profile the pack is judged; by its own when absent.
    profile: Option<String>,
    /// Of the first gate.
    verdict: Option<String>,
    requirements: BTreeMap<String, String>,
    errors: Option<u64>,
    /// Documents, and what the last word of each person about them is worth.
    approvals: BTreeMap<String, Vec<String>>,
    /// Rules and requirements that the program does not have, and why.
    later: Vec<String>,
    because: Option<String>,
    /// What a row tells that has nothing to find.
    nothing: Option<String>,
    /// Why it is otherwise than the row sounds, or what it shows.
    why: Option<String>,
}

struct Commit {
    id: String,
    /// Its place among the commits of `main`, the first being 0.
    index: usize,
    day: String,
    tags: Vec<String>,
}

/// Makes the repository of the example pack as everybody does.
fn example(lab: &Lab) {
    let make = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-pack/make.sh");
    fs::remove_dir_all(lab.root.join(".git")).unwrap();
    let output = Command::new("sh").arg(make).arg(&lab.root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The commits of `main` by the first lines of their messages.
fn commits(lab: &Lab) -> BTreeMap<String, Commit> {
    let format = "--format=%H%x09%at%x09%s";
    let listed = lab.git(&["log", "--first-parent", "--reverse", format, "main"]);
    let tags = lab.git(&["for-each-ref", "--format=%(*objectname) %(refname:short)", "refs/tags"]);
    let commits = listed.lines().enumerate().map(|(index, line)| {
        let parts: Vec<&str> = line.splitn(3, '\t').collect();
        let on = tags.lines().filter_map(|tag| tag.strip_prefix(parts[0]));
        let tags = on.map(|tag| tag.trim().to_owned()).collect();
        let day = day_of(parts[1].parse().unwrap());
        (parts[2].to_owned(), Commit { id: parts[0].to_owned(), index, day, tags })
    });
    commits.collect()
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/story/rows.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What `check` says in the work tree of a commit, by a profile.
fn checked(lab: &Lab, commit: &Commit, profile: Option<&str>, day: &str) -> Value {
    lab.git(&["checkout", "-q", "--force", "--detach", &commit.id]);
    if let Some(profile) = profile {
        let path = lab.root.join("packs/agent-copilot/pack.toml");
        let pack = fs::read_to_string(&path).unwrap();
        let line = pack.lines().find(|line| line.starts_with("profiles = ")).unwrap();
        fs::write(path, pack.replace(line, &format!("profiles = [\"{profile}\"]"))).unwrap();
    }
    let output = run(&lab.root, &["check", "--format", "json", "--as-of", day]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn log(lab: &Lab) -> DecisionLog {
    let repository = lab.open();
    let tip = repository.resolve("main").unwrap();
    let vocabulary = vocabulary();
    let asked = Question {
        reference: "main",
        tip,
        folders: &[],
        versions: &[],
        vocabulary: &vocabulary,
        published: None,
    };
    recount(&repository, &asked).unwrap()
}

/// The last word of each person about a document up to a landing, and what it was worth then.
fn words(log: &DecisionLog, document: &str, landing: usize, day: &str) -> Vec<String> {
    let is_it = |one: &&Approval| one.document == document && one.pack == "packs/agent-copilot";
    let then = |one: &&Approval| one.landing.index <= landing;
    let own: Vec<&Approval> = log.approvals.iter().filter(is_it).filter(then).collect();
    let Some(first) = own.first() else { return Vec::new() };
    let texts = log.texts[&first.line].iter().filter(|text| text.landing.index <= landing);
    let texts: Vec<TextAt> = texts.cloned().collect();
    let states = approvals::states(&own, &texts, Some(day));
    let mut last = BTreeMap::new();
    for (one, state) in own.iter().zip(states) {
        let by = one.by.person.as_ref().unwrap_or(&one.by.address);
        last.insert(by, state.word());
    }
    last.iter().map(|(by, state)| format!("{by} {state}")).collect()
}

/// What differs from a row, in words.
fn differences(lab: &Lab, log: &DecisionLog, row: &Row, commit: &Commit) -> Vec<String> {
    let day = row.day.as_deref().unwrap_or(&commit.day);
    let mut wrong = Vec::new();
    if row.asks_check() {
        wrong = row.unlike(&checked(lab, commit, row.profile.as_deref(), day));
    }
    for (document, wanted) in &row.approvals {
        let is = words(log, document, commit.index, day);
        if is != *wanted {
            wrong.push(format!("{document}: {is:?} instead of {wanted:?}"));
        }
    }
    if row.tag.as_ref().is_some_and(|tag| !commit.tags.contains(tag)) {
        wrong.push(format!("tags: {:?}", commit.tags));
    }
    wrong
}

impl Row {
    fn asks_check(&self) -> bool {
        let findings = self.found.len() + self.gone.len() + self.requirements.len();
        findings > 0 || self.verdict.is_some() || self.errors.is_some()
    }

    /// What `check` says otherwise.
    fn unlike(&self, told: &Value) -> Vec<String> {
        let list = |of: &Value, name: &str| of[name].as_array().unwrap().clone();
        let word = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
        let found: BTreeSet<String> = list(told, "findings")
            .iter()
            .map(|one| format!("{} {}", word(one, "rule"), word(one, "path")))
            .collect();
        let missing = self.found.iter().filter(|one| !found.contains(*one));
        let mut wrong: Vec<String> = missing.map(|one| format!("no {one}")).collect();
        wrong.extend(self.gone.iter().filter(|one| found.contains(*one)).cloned());
        let verdicts = list(told, "verdicts");
        let mut verdicts = verdicts.iter().filter(|one| one["pack"] == "agent-copilot").peekable();
        let verdict = *verdicts.peek().unwrap();
        let judged: Vec<Value> = verdicts.flat_map(|gate| list(gate, "requirements")).collect();
        let outcome = |id: &String| judged.iter().find(|one| one["id"] == *id).unwrap();
        let outcomes =
            self.requirements.iter().map(|(id, is)| (json!(is), &outcome(id)["outcome"]));
        let sum = self.verdict.iter().map(|is| (json!(is), &verdict["verdict"]));
        let errors = self.errors.iter().map(|is| (json!(is), &told["summary"]["errors"]));
        let told = outcomes.chain(sum).chain(errors).filter(|(wanted, is)| wanted != *is);
        wrong.extend(told.map(|(wanted, is)| format!("{is} instead of {wanted}")));
        wrong
    }
}

#[test]
fn the_example_pack_is_what_its_story_says_row_by_row() {
    let lab = Lab::new();
    example(&lab);
    let (commits, log) = (commits(&lab), log(&lab));
    let mut wrong = Vec::new();
    for row in rows() {
        let Some(at) = &row.at else { continue };
        let commit =
            commits.get(at).unwrap_or_else(|| panic!("row {}: no commit {at}", row.number));
        let differences = differences(&lab, &log, &row, commit);
        let why = row.why.as_deref().unwrap_or_default();
        wrong.extend(
            differences.iter().map(|one| format!("row {}, {at}: {one}; {why}", row.number)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tags_at_the_gates_are_baselines_of_whoever_passed_them() {
    let lab = Lab::new();
    example(&lab);
    let site = built(&lab.root, &[]);
    let listed: Value = serde_json::from_slice(&site["agent-copilot/versions.json"]).unwrap();
    let versions = listed["versions"].as_array().unwrap();
    let mut looked = 0;
    for row in rows().iter().filter(|row| row.tag.is_some()) {
        let name = row.tag.as_deref().unwrap().strip_prefix("agent-copilot/").unwrap();
        let version = versions.iter().find(|version| version["name"] == name);
        let tag = &version.unwrap_or_else(|| panic!("row {}: no {name}", row.number))["tag"];
        assert_eq!(tag["kind"], "baseline", "row {}: {tag}", row.number);
        assert_eq!(tag["signed_by"].as_str(), row.signed.as_deref(), "row {}", row.number);
        looked += 1;
    }
    assert_eq!(looked, versions.iter().filter(|version| !version["tag"].is_null()).count());
}

#[test]
fn each_row_is_looked_at_or_says_what_it_waits_for() {
    let rows = rows();
    let numbers: BTreeSet<usize> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=57).collect());
    let rules: Vec<&str> =
        GROUPS.iter().flat_map(|group| group.rules).map(|rule| rule.name).collect();
    for row in &rows {
        let says = [row.at.is_some(), !row.later.is_empty(), row.nothing.is_some()];
        assert_eq!(says.iter().filter(|one| **one).count(), 1, "row {}", row.number);
        assert_eq!(row.later.is_empty(), row.because.is_none(), "row {}", row.number);
        let built = row.later.iter().find(|later| rules.contains(&later.as_str()));
        assert_eq!(built, None, "row {} can be looked at now", row.number);
    }
}
