//! What the four source frameworks ask for, row by row, in `tests/rows/`: a row works and names tests that fail when
//! that is taken away, or it waits and says for what. A requirement that a row rests on is met by the pack in
//! `tests/rows/pack`, until what the row speaks of is taken out of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use readymark::diagnostic::{Diagnostic, Severity};
use readymark::profiles::{Outcome, built_in};
use serde::Deserialize;
use serde_json::Value;

use crate::fixture::check;
use crate::lab::{Lab, built};
use crate::rules::{files, text};

/// The files, how ids in them begin, and how many rows the frameworks have.
const FRAMEWORKS: [(&str, &str, usize); 4] = [
    ("pilot-handoff", "S0", 101),
    ("production-standards", "S1", 43),
    ("staircase", "S2", 128),
    ("readiness-review", "S3", 36),
];

const DAY: &str = "2026-05-05";

/// A file, a text in it and what is written instead.
type Edit = (String, String, String);

type Files = Vec<(String, String)>;

/// Something that a framework asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    /// What it asks for, in a few words of ours.
    asks: String,
    /// Tests that fail when the program does it no longer.
    #[serde(default)]
    works: Vec<String>,
    /// Requirements that the pack meets, each with what takes the subject of the row away.
    #[serde(default)]
    met: BTreeMap<String, Vec<Edit>>,
    /// Requirements that may be unknown in the pack as well, because of needs that nothing can tell yet.
    #[serde(default)]
    asked: BTreeMap<String, Vec<Edit>>,
    /// What is missing in the program.
    waits: Option<String>,
}

impl Row {
    fn does_work(&self) -> bool {
        self.waits.is_none()
    }

    /// What is wrong with the row itself.
    fn faults(&self) -> Vec<String> {
        let tests = self.works.iter().filter(|name| !is_there(name));
        let mut faults: Vec<String> =
            tests.map(|name| format!("{}: there is no test `{name}`", self.id)).collect();
        let rests = self.works.len() + self.met.len() + self.asked.len();
        if (!self.does_work() && rests > 0) || (self.does_work() && self.works.is_empty()) {
            faults.push(format!("{}: it works and names tests, or it waits", self.id));
        }
        if self.asks.trim().is_empty() || self.waits.as_deref().is_some_and(str::is_empty) {
            faults.push(format!("{}: it says nothing", self.id));
        }
        faults
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rows(framework: &str) -> Vec<Row> {
    let path = root().join(format!("tests/rows/{framework}.json"));
    serde_json::from_str(&text(&path)).expect(framework)
}

/// Tells whether a test exists: `it::module::name`, a folder or file of a data test, `tests/browser: its title` or
/// `tests/story: the number of a row`.
fn is_there(name: &str) -> bool {
    if let Some(title) = name.strip_prefix("tests/browser: ") {
        return is_in_the_browser(title);
    }
    if let Some(row) = name.strip_prefix("tests/story: ") {
        return is_in_the_story(row);
    }
    if let Some(path) = name.strip_prefix("it::") {
        let (module, function) = path.rsplit_once("::").unwrap_or(("main", path));
        let module = root().join("tests/it").join(module.replace("::", "/"));
        let homes = [module.with_extension("rs"), module.join("mod.rs")];
        let function = format!("fn {function}(");
        return homes
            .iter()
            .any(|home| fs::read_to_string(home).unwrap_or_default().contains(&function));
    }
    name.starts_with("tests/") && root().join(name).exists()
}

fn is_in_the_browser(title: &str) -> bool {
    let scripts = fs::read_dir(root().join("tests/browser")).expect("a folder");
    let scripts = scripts.filter_map(Result::ok).map(|entry| entry.path());
    let call = format!("test(\"{title}\"");
    scripts.filter(|path| path.is_file()).any(|path| text(&path).contains(&call))
}

fn is_in_the_story(number: &str) -> bool {
    let rows: Vec<Value> =
        serde_json::from_str(&text(&root().join("tests/story/rows.json"))).expect("rows");
    rows.iter().any(|row| row["row"].as_u64() == number.parse().ok() && row["at"].is_string())
}

#[test]
fn each_row_works_or_says_what_it_waits_for() {
    let mut wrong = Vec::new();
    let mut counts = String::new();
    for (framework, prefix, length) in FRAMEWORKS {
        let rows = rows(framework);
        let expected: Vec<String> =
            (1..=length).map(|number| format!("{prefix}-{number:02}")).collect();
        let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
        if ids != expected.iter().collect::<Vec<_>>() {
            wrong.push(format!("{framework}: not each row once, in order: {ids:?}"));
        }
        wrong.extend(rows.iter().flat_map(Row::faults));
        let working = rows.iter().filter(|row| row.does_work()).count();
        _ = writeln!(counts, "{framework}: {working} of {length} work");
    }
    assert!(wrong.is_empty(), "{counts}{}", wrong.join("\n"));
}

fn pack() -> Files {
    files(&root().join("tests/rows/pack"))
}

/// The pack after some edits.
fn edited(edits: &[Edit]) -> Files {
    let mut files = pack();
    for (path, from, to) in edits {
        let file = files.iter_mut().find(|(known, _)| known == path).expect(path);
        assert!(file.1.contains(from), "{path} holds {from:?}");
        file.1 = file.1.replacen(from, to, 1);
    }
    files
}

/// What became of each requirement, and why; by edits, so that nothing is judged twice.
#[derive(Default)]
struct Outcomes(BTreeMap<Vec<Edit>, BTreeMap<String, (Outcome, String)>>);

impl Outcomes {
    fn of(&mut self, edits: &[Edit], id: &str) -> Option<&(Outcome, String)> {
        let judged = self.0.entry(edits.to_vec()).or_insert_with(|| {
            let checked = check(&edited(edits), DAY);
            let all = checked.verdicts.iter().flat_map(|verdict| &verdict.requirements);
            all.map(|one| (one.id.clone(), (one.outcome, one.reason.clone()))).collect()
        });
        judged.get(id)
    }
}

#[test]
fn what_rows_rest_on_is_met_until_it_is_taken_away() {
    let checked = check(&pack(), DAY);
    let is_note = |one: &Diagnostic| one.severity == Severity::Note;
    assert!(checked.findings.iter().all(is_note), "{}", checked.rendered());
    let mut outcomes = Outcomes::default();
    let mut wrong = Vec::new();
    for row in FRAMEWORKS.iter().flat_map(|(framework, ..)| rows(framework)) {
        let met = row.met.iter().map(|one| (one, &[Outcome::Met][..]));
        let asked = row.asked.iter().map(|one| (one, &[Outcome::Unknown, Outcome::Met][..]));
        for ((id, edits), held) in met.chain(asked) {
            // All edits but the last leave what one of several ways asks for; the last takes it away.
            let before = edits.len().saturating_sub(1);
            for (edits, wanted) in [(&edits[..before], held), (edits, &[Outcome::Unmet][..])] {
                let found = outcomes.of(edits, id);
                if !found.is_some_and(|(outcome, _)| wanted.contains(outcome)) {
                    wrong.push(format!("{}: {id} after {edits:?}: {found:?}", row.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_say_who_runs_it_and_what_each_gate_asks() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    for (path, text) in pack() {
        lab.write(&path, &text);
    }
    lab.commit("Start");
    let site = built(&lab.root, &[]);
    let page = |route: &str| String::from_utf8_lossy(&site[route]).replace("&#39;", "'");
    let overview = page("p/index.html");
    let runs = overview.split_once("<p>Run by ").expect("who runs it").1;
    assert!(runs.split_once("</p>").expect("a paragraph").0.contains("Ben Okafor"), "{runs}");
    let completeness = page("p/completeness.html");
    for profile in built_in().0.iter().filter(|profile| profile.gates.len() > 1) {
        for gate in &profile.gates {
            assert!(completeness.contains(&gate.question), "{} {}", profile.id, gate.id);
        }
    }
}

/// A row that names a test which is not there is found out.
#[test]
fn a_test_that_is_gone_is_noticed() {
    let there = [
        "it::rows::a_test_that_is_gone_is_noticed",
        "it::site::verdicts_are_words_and_the_same_everywhere",
        "tests/rules/reach.nobody",
        "tests/story: 28",
        "tests/browser: the version menu keeps the page, and the place on it",
    ];
    assert!(there.iter().all(|name| is_there(name)), "{there:?}");
    let gone = [
        "it::rows::gone",
        "it::none::gone",
        "tests/rules/none",
        "tests/story: 2",
        "rules/reach.nobody",
    ];
    assert!(!gone.iter().any(|name| is_there(name)), "{gone:?}");
}
