//! The JSON Schemas of what people write: they are schemas, they take what the program takes, and they refuse what it
//! complains about.

use std::collections::BTreeMap;
use std::path::Path;

use jsonschema::Validator;
use proptest::prelude::*;
use rayon::prelude::*;
use readymark::document::Value as Written;
use readymark::document::front_matter::{Field, Node, State};
use readymark::kinds::{self, Form, Kind};
use readymark::pack::{Artifact, Packs};
use readymark::schema::{self, Schema, named};
use readymark::value::{DateOrder, pattern};
use serde_json::{Map, Value, json};
use toml_edit::{Item, TableLike};

use crate::fixture::{Checked, check};
use crate::lab::{Lab, built, git, has_extension, run, words};
use crate::rules::{files, folders_in};

const TODAY: &str = "2026-05-05";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}"))
}

fn built_in() -> (Vec<Kind>, Vec<Schema>) {
    let (kinds, _) = kinds::load(&[]);
    let schemas = schema::all(&kinds, &[]);
    (kinds, schemas)
}

#[test]
fn every_schema_is_one_and_says_what_each_key_means() {
    let (kinds, schemas) = built_in();
    assert_eq!(schemas.len(), kinds.len() + 7);
    for one in &schemas {
        let meta = jsonschema::draft202012::meta::validate(one.value());
        assert!(meta.is_ok(), "{}: {meta:?}", one.name);
        validator(one.value());
        let text = one.text();
        let references = text.split("\"$ref\": \"").skip(1);
        assert!(references.into_iter().all(|rest| rest.starts_with("#/$defs/")), "{}", one.name);
        assert!(one.value().get("$id").is_none(), "it would be wrong at another address");
        if one.name != "readymark.lock" {
            undescribed(one.value(), &one.name);
        }
    }
}

/// Every key whose value is no table has a meaning.
fn undescribed(value: &Value, place: &str) {
    let text = value.to_string();
    let properties = value["properties"].as_object().into_iter().flatten();
    for (key, value) in properties {
        let is_table = ["type", "items"].iter().any(|key| value.get(*key).is_some())
            && value.to_string().contains("additionalProperties");
        let is_told = is_table || value["description"].as_str().is_some_and(|one| one.len() > 5);
        assert!(is_told, "{place}: {key}: {value}");
        undescribed(value, &format!("{place}.{key}"));
        undescribed(&value["items"], &format!("{place}.{key}"));
    }
    assert!(!text.contains("any-name"), "{place}");
}

/// The block of fields as programs read it: scalars as texts, or as what they look like without quotes.
fn as_json(fields: &[Field], typed: bool) -> Value {
    let one = |field: &Field| (field.key.clone(), node(&field.value, typed));
    Value::Object(fields.iter().map(one).collect::<Map<_, _>>())
}

fn node(node: &Node, typed: bool) -> Value {
    match &node.value {
        Written::Null => Value::Null,
        Written::Scalar(text) if typed => typed_scalar(text),
        Written::Scalar(text) => json!(text),
        Written::List(items) => items.iter().map(|item| self::node(item, typed)).collect(),
        Written::Map(fields) => as_json(fields, typed),
    }
}

fn typed_scalar(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        text => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<f64>().map(Value::from))
            .unwrap_or_else(|_| json!(text)),
    }
}

/// Tells whether the program finds nothing wrong with the block of fields of a document.
fn is_clean(checked: &Checked, artifact: &Artifact) -> bool {
    let groups = ["field.", "front-matter.", "id.", "kind.", "status.", "waiver."];
    !checked.findings.iter().any(|finding| {
        finding.path == artifact.path && groups.iter().any(|group| finding.rule.starts_with(group))
    })
}

/// Compares what the schemas of kinds, or that of any kind, and the program say of all documents; counts those of which
/// both say that they are right.
fn agree(files: &[(String, String)], place: &str, by_any: bool) -> usize {
    let checked = check(files, TODAY);
    let packs: &Packs = &checked.packs;
    let book = files.iter().find(|(path, _)| path == "book.toml");
    let locators = book.map(|(_, text)| {
        let path = readymark::source::RepoPath::new("book.toml");
        readymark::settings::read(&path, text.as_bytes()).0.locators
    });
    let schemas = schema::all(&packs.kinds, &locators.unwrap_or_default());
    let mut own = BTreeMap::new();
    let mut right = 0;
    for artifact in &packs.artifacts {
        let block = &artifact.document.front_matter;
        // What stands elsewhere than in the block is not seen by whoever reads the block alone.
        let is_whole = artifact.located.is_empty() && artifact.sidecar.is_none();
        let is_declared = packs.packs[artifact.pack].declared;
        if block.state != State::Readable || !is_whole || !is_declared {
            continue;
        }
        if !is_clean(&checked, artifact) {
            continue;
        }
        let kind = &packs.kinds[artifact.kind];
        let name = if by_any { "front-matter" } else { kind.name.as_str() };
        let schema = named(&schemas, &packs.kinds, name).unwrap();
        let own = own.entry(name).or_insert_with(|| validator(schema.value()));
        for typed in [false, true] {
            let value = as_json(&block.fields, typed);
            let errors: Vec<String> = own
                .iter_errors(&value)
                .map(|error| format!("{} {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{place} {}: {errors:#?}\n{value:#}", artifact.path);
        }
        right += 1;
    }
    right
}

#[test]
fn front_matter_that_the_program_takes_is_taken() {
    let mut right = 0;
    for tests in ["tests/rules", "tests/profiles"] {
        let folders = folders_in(&root().join(tests));
        let folders = folders.par_iter();
        right += folders
            .map(|folder| agree(&files(folder), &folder.to_string_lossy(), false))
            .sum::<usize>();
    }
    assert!(right >= 100, "only {right} documents without findings");
}

#[test]
fn front_matter_and_settings_of_the_example_are_taken() {
    let story = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("sh")
        .arg(root().join("example-pack/make.sh"))
        .arg(story.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let listed = git(story.path(), &["ls-files", "*.md", "*.toml", "*.yaml"]);
    let files: Vec<(String, String)> = listed
        .lines()
        .map(|path| (path.to_owned(), std::fs::read_to_string(story.path().join(path)).unwrap()))
        .collect();
    assert_eq!(agree(&files, "example", true), agree(&files, "example", false));
    let right = agree(&files, "example", false);
    assert!(right >= 30, "only {right} documents without findings");
    let taken =
        files.iter().filter(|(path, text)| has_extension(path, "toml") && takes(path, text));
    assert!(taken.count() >= 4);
}

/// Validates one of our TOML files; tells whether there is a schema for it.
fn takes(path: &str, text: &str) -> bool {
    let Some(errors) = errors(path, text) else { return false };
    assert!(errors.is_empty(), "{path}: {errors:#?}");
    true
}

fn errors(path: &str, text: &str) -> Option<Vec<String>> {
    let (kinds, schemas) = built_in();
    let name = match path.rsplit('/').collect::<Vec<_>>()[..] {
        [_, "kinds", ..] => "kind.toml",
        [_, "profiles", ..] => "profile.toml",
        [name, ..] => name,
        [] => "",
    };
    let schema = named(&schemas, &kinds, name)?;
    let document = toml_edit::Document::parse(text).unwrap();
    let value = table(document.as_table());
    let found = validator(schema.value());
    let found = found.iter_errors(&value);
    Some(found.map(|error| format!("{} {error}", error.instance_path())).collect())
}

fn table(table: &dyn TableLike) -> Value {
    Value::Object(table.iter().map(|(key, value)| (key.to_owned(), item(value))).collect())
}

fn item(item: &Item) -> Value {
    match item {
        Item::Value(one) => value(one),
        Item::Table(one) => table(one),
        Item::ArrayOfTables(tables) => tables.iter().map(|one| table(one)).collect(),
        Item::None => Value::Null,
    }
}

fn value(value: &toml_edit::Value) -> Value {
    use toml_edit::Value as Toml;
    match value {
        Toml::String(text) => json!(text.value()),
        Toml::Integer(number) => json!(number.value()),
        Toml::Float(number) => json!(number.value()),
        Toml::Boolean(truth) => json!(truth.value()),
        Toml::Datetime(day) => json!(day.value().to_string()),
        Toml::Array(items) => items.iter().map(self::value).collect(),
        Toml::InlineTable(inline) => table(inline),
    }
}

#[test]
fn the_files_of_the_built_in_kinds_and_profiles_are_taken() {
    for folder in ["src/kinds", "src/profiles"] {
        let own = files(&root().join(folder));
        let own = own.iter().filter(|(path, _)| has_extension(path, "toml"));
        let own = own.filter(|(path, _)| !["common.toml", "relations.toml"].contains(&&**path));
        let taken = own.map(|(path, text)| takes(&format!("{folder}/{path}"), text));
        assert!(taken.filter(|taken| *taken).count() >= 5);
    }
}

#[test]
fn settings_that_the_program_complains_about_are_refused() {
    for (path, text) in [
        ("book.toml", "[book]\ntitel = \"x\""),
        ("book.toml", "[site]\naudience = \"everyone\""),
        ("book.toml", "[rules]\n\"link.broken\" = \"fatal\""),
        ("book.toml", "[versions]\ntags = { a = 1 }"),
        ("book.toml", "[history]\nrewritten = [{ tip = \"x\", on = \"soon\", why = \"y\" }]"),
        ("book.toml", "[history]\nrewritten = [{ why = \"y\" }]"),
        ("book.toml", "[locate.decision]\nplaces = [\"footer\"]"),
        ("book.toml", "[approvals]\nrunbook = \"certain\""),
        ("pack.toml", "[[attestation]]\nid = \"a\""),
        ("pack.toml", "[[attestation]]\nid = \"a\"\nby = \"b\"\non = \"03/04/2026\""),
        ("pack.toml", "[roles]\nowner = [{ from = \"2026-01-01\" }]"),
        ("pack.toml", "profile = [\"day-zero\"]"),
        ("people.toml", "[[person]]\nname = \"Ana\""),
        ("people.toml", "[[person]]\nid = \"ana\"\nkind = \"robot\""),
        ("people.toml", "[[person]]\nid = \"ana\"\nkeys = [{ from = 2026-01-01 }]"),
        ("kinds/own.toml", "title = \"Own\""),
        ("kinds/own.toml", "name = \"own\"\n[[field]]\nname = \"a\"\nform = \"colour\""),
        ("kinds/own.toml", "name = \"own\"\n[[status]]\nname = \"a\"\nmeans = \"so so\""),
        ("profiles/own.toml", "id = \"own\"\n[[gate]]\ntitle = \"One\""),
        (
            "profiles/own.toml",
            "id = \"o\"\n[[requirement]]\nid = \"a\"\nstatement = \"b\"\nneeds = []",
        ),
        (
            "profiles/own.toml",
            "id = \"o\"\n[[overlay]]\nid = \"x\"\nrequirement = [{ id = \"a\", statement = \"b\", level = \"nice\" }]",
        ),
        ("readymark.lock", "[pin]"),
    ] {
        let found = errors(path, text).expect(path);
        assert!(!found.is_empty(), "{path}: {text}");
        let folder = if path == "pack.toml" { "tea/" } else { "" };
        let files = [(format!("{folder}{path}"), text.to_owned())];
        let complaints = check(&files, TODAY).findings;
        let told = complaints.iter().any(|one| one.path.as_str().ends_with(path));
        assert!(told, "the program takes {path}: {text}");
    }
}

/// A block of fields for a document of the pack, with or without one more line.
fn block(kind: &str, status: &str, line: &str) -> String {
    let id = kinds::load(&[]).0.iter().find(|one| one.name == kind).unwrap().prefix.clone();
    let id = if line.starts_with("id") { String::new() } else { format!("id: {id}-001\n") };
    format!("---\n{id}kind: {kind}\ntitle: T\nstatus: {status}\nowner: ana\n{line}\n---\n\n# T\n")
}

fn complaints(text: &str) -> (Vec<String>, Vec<String>) {
    let files = [
        ("tea/pack.toml".to_owned(), "id = \"tea\"\n".to_owned()),
        ("people.toml".to_owned(), "[[person]]\nid = \"ana\"\n".to_owned()),
        ("tea/x.md".to_owned(), text.to_owned()),
    ];
    let checked = check(&files, TODAY);
    let artifact = checked.packs.artifacts.iter().find(|one| one.path.as_str() == "tea/x.md");
    let artifact = artifact.unwrap();
    let groups = ["field.", "front-matter.", "id.", "kind.", "status."];
    let told = checked.findings.iter().filter(|one| one.path == artifact.path);
    let told = told.filter(|one| groups.iter().any(|group| one.rule.starts_with(group)));
    let schemas = schema::all(&checked.packs.kinds, &[]);
    let kind = &checked.packs.kinds[artifact.kind];
    let schema = named(&schemas, &checked.packs.kinds, &kind.name).unwrap();
    let value = as_json(&artifact.document.front_matter.fields, true);
    let validator = validator(schema.value());
    let errors = validator.iter_errors(&value).map(|one| one.to_string()).collect();
    (told.map(|one| format!("{}: {}", one.rule, one.message)).collect(), errors)
}

#[test]
fn front_matter_that_the_program_complains_about_is_refused() {
    for (kind, status, line) in [
        ("runbook", "draft", "type: poem"),
        ("runbook", "draft", "Type: [alert, poem]"),
        ("runbook", "draft", "runbook-type: poem"),
        ("runbook", "draft", "time_to_complete: soon"),
        ("runbook", "draft", "time_to_complete: 90"),
        ("runbook", "draft", "destructive: perhaps"),
        ("runbook", "draft", "review_by: 03/04/2026"),
        ("runbook", "draft", "next-review: one day"),
        ("runbook", "draft", "reviewed: true"),
        ("runbook", "draft", "classification: secret"),
        ("runbook", "draft", "id: CHG-001"),
        ("runbook", "draft", "id:"),
        ("runbook", "aproved", ""),
        ("runbook", "draft | approved", ""),
        ("runbook", "<status>", ""),
        ("change", "draft", "outcome: fine"),
        ("change", "scheduled", "change_type: normal"),
        ("change", "closed", "change_type: normal"),
        ("decision", "draft", "date: yesterday"),
    ] {
        let text = block(kind, status, line);
        let (told, errors) = complaints(&text);
        assert!(!told.is_empty(), "the program takes {text}");
        assert!(!errors.is_empty(), "the schema takes {text}\n{told:?}");
    }
}

#[test]
fn every_spelling_that_the_program_reads_is_read() {
    for line in [
        "Time-To-Complete: 15m",
        "TYPE: Alert (from the pager)",
        "review date: 4 May 2026",
        "last_reviewed: 2026-05-04T09:14:00+02:00\ncreated: 2026-05-04\nupdated: whenever",
        "destructive: no",
        "alerts: [One, Two]",
        "review_every: unknown (asked)",
        "mitigates: RSK-001",
        "review_every: 1h 30m",
        "status_note: anything",
    ] {
        let (told, errors) = complaints(&block("runbook", "draft", line));
        let told: Vec<_> = told.iter().filter(|one| !one.starts_with("field.missing")).collect();
        assert!(told.is_empty() && errors.is_empty(), "{line}: {told:?} {errors:?}");
    }
    for status in ["✅ **Approved**", "In Review", "wip", "Draft (until Monday)", "final, for now"]
    {
        let (told, errors) = complaints(&block("page", status, ""));
        assert!(told.is_empty() && errors.is_empty(), "{status}: {told:?} {errors:?}");
    }
}

/// Pieces of values, right and wrong.
const PIECES: [&str; 62] = [
    "1",
    "3",
    "12",
    "13",
    "31",
    "05",
    "2026",
    "420",
    "0.5",
    ".",
    "-",
    "/",
    ",",
    " ",
    "  ",
    ":",
    "T",
    "t",
    "Z",
    "+02:00",
    "09:14",
    "UTC",
    "May",
    "mon",
    "Monday",
    "sept",
    "4th",
    "st",
    "d",
    "w",
    "Weeks",
    "mo",
    "h",
    "m",
    "M",
    "P30D",
    "PT1H",
    "%",
    "pp",
    "percent",
    " to ",
    "–",
    "until",
    "EUR",
    "€",
    "$",
    "k",
    "million",
    "about",
    "at most",
    "≥",
    "~",
    "(",
    ")",
    "(late)",
    "unknown",
    "not known yet",
    "TBD",
    "todo",
    "<x>",
    "{{y}}",
    " | ",
];

fn forms() -> Vec<(Form, String)> {
    let words = || ["low", "very-high", "3"].into_iter();
    vec![
        (Form::Date(DateOrder::Unsaid), pattern::date(DateOrder::Unsaid)),
        (Form::Date(DateOrder::DayFirst), pattern::date(DateOrder::DayFirst)),
        (Form::Duration, pattern::duration()),
        (Form::Percentage, pattern::percentage()),
        (Form::Money, pattern::money()),
        (Form::Number, pattern::number()),
        (Form::Choice(words().map(str::to_owned).collect()), pattern::choice(words())),
    ]
}

fn patterns() -> Vec<(Form, Validator)> {
    let one = |(form, pattern): (Form, String)| {
        (form, validator(&json!({ "pattern": pattern::whole(&pattern) })))
    };
    forms().into_iter().map(one).collect()
}

/// Values that are right for one form or another.
const RIGHT: [&str; 24] = [
    "2026-05-04",
    "2026-05-04T09:14:00+02:00",
    "2026-05-04 09:14 UTC",
    "2026-5-4",
    "4th May 2026",
    "May 4, 2026",
    "Mon, 4 May 2026",
    "31/12/2026",
    "04.04.2026",
    "1h 30m",
    "2.5 hours",
    "P30D",
    "15m (at night 30m)",
    "4 weeks",
    "at most 15 %, n at least 5",
    "10–20%",
    "10 % to 20 %",
    "2 pp",
    "2.63 M USD",
    "€ 1,200.50",
    "1.2 million EUR (2026)",
    "3 812",
    "Low: nothing",
    "unknown, see A-1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// What a form takes its pattern takes: nobody is told to mend what is right.
    #[test]
    fn a_pattern_takes_what_its_reader_takes(
        start in prop::sample::select(&RIGHT[..]),
        cut in 0..30_usize,
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..5),
        end in prop::sample::select(&RIGHT[..]),
        rest in 0..30_usize,
    ) {
        static PATTERNS: std::sync::OnceLock<Vec<(Form, Validator)>> = std::sync::OnceLock::new();
        // The start of one value, some pieces, the end of another one.
        let start: String = start.chars().take(cut).collect();
        let end: String = end.chars().skip(rest).collect();
        let text = format!("{start}{}{end}", pieces.concat());
        for (form, validator) in PATTERNS.get_or_init(patterns) {
            let takes = readymark::document::text::is_template(&text) || form.judge(&text).is_ok();
            if takes {
                prop_assert!(validator.is_valid(&json!(text)), "{form:?} {text:?}");
            }
        }
    }
}

#[test]
fn a_pattern_refuses_what_its_reader_refuses() {
    let patterns = patterns();
    let wrong: [&[&str]; 7] = [
        &["03/04/2026", "next week", "May 2026", "2026", "5/4/26", "2026-05-05ish"],
        &["next week", "2026 2026 2026"],
        &["soon", "90", "ninety days", "1x", "90 d x"],
        &["12", "0.12", "percent", "12 %x", "twelve %", "10-20"],
        &["a lot", "USD", "k", "140x"],
        &["many", "12a", "1.2.3", "-", "v2"],
        &["lowest", "medium", "very high-ish"],
    ];
    for ((form, validator), wrong) in patterns.iter().zip(wrong) {
        for text in wrong {
            assert!(form.judge(text).is_err(), "{form:?} takes {text}");
            assert!(!validator.is_valid(&json!(text)), "the pattern of {form:?} takes {text}");
        }
    }
}

#[test]
fn the_command_writes_the_kinds_of_the_repository_and_so_does_the_site() {
    let lab = Lab::new();
    lab.write("tea/pack.toml", "id = \"tea\"\n");
    lab.write("tea/x.md", "# X\n");
    lab.write(
        "kinds/drill.toml",
        "name = \"drill\"\ntitle = \"Fire drill\"\nprefix = \"FD\"\n[[field]]\nname = \"alarm\"\nform = \"truth\"\nhint = \"Whether it rang\"\n",
    );
    lab.commit("Tea");
    let command = |arguments: &[&str]| run(&lab.root, &[&["schema"], arguments].concat());
    let printed = command(&["Fire drill"]).stdout;
    let drill: Value = serde_json::from_slice(&printed).unwrap();
    assert_eq!(drill["properties"]["alarm"]["description"], "Whether it rang.");
    let drill = validator(&drill);
    assert!(drill.is_valid(&json!({ "id": "FD-1", "alarm": true })));
    assert!(!drill.is_valid(&json!({ "id": "FD-1", "alarm": "loud" })));
    assert!(!drill.is_valid(&json!({ "id": "RB-1" })));

    let listed = String::from_utf8(command(&[]).stdout).unwrap();
    assert!(listed.lines().any(|line| line.starts_with("drill ")), "{listed}");
    assert!(words(&command(&["runbok"])).contains("did you mean `runbook`"));

    let out = tempfile::tempdir().unwrap();
    command(&["--out", out.path().to_str().unwrap()]);
    let written = std::fs::read(out.path().join("kinds/drill.json")).unwrap();
    assert_eq!(written, printed);
    let site = built(&lab.root, &[]);
    let published: Vec<&String> =
        site.keys().filter(|route| route.starts_with("schemas/")).collect();
    assert_eq!(published.len(), listed.lines().count() + 1, "{published:?}");
    assert_eq!(site["schemas/kinds/drill.json"], printed);
}
