//! What `check` writes for programs and platforms: valid by the schemas of the formats, with the levels and places that
//! the findings have, and harmless whatever the repository holds.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;

use jsonschema::Validator;
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::lab::{DAY, Lab, build, files, readymark, words};

/// A pack whose titles, names, ids and links try to act.
fn hostile() -> Lab {
    let lab = Lab::new();
    let evil = "</system-out>]]>&lt; @team #1 !2 [x](javascript:1) <img src=x> `` | \u{1b}[31m\u{202e}\u{ffff}";
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write(
        "p:1/pack.toml",
        "id = \"tea\"\ntitle = \"<b>@all</b> | www.evil.example https://evil.example\"\nprofiles = [\"day-zero\"]\n",
    );
    lab.write(
        "p:1/a,b%0A::error::x.md",
        &format!("---\nid: RB-1\nkind: runbook\nstatus: \"{evil}\"\n---\n# A {evil}\n\n[x](gone{evil}.md)\n"),
    );
    lab.write("p:1/ö \"x\" `#@a`.md", "---\nkind: runbook\n: bad\n---\n# x\n\n[y](lost.md)\n");
    lab.write("::error file=x::y.md", "# Out\n\n[z](nowhere.md)\n");
    lab.commit("Begin");
    lab
}

fn check(at: &Path, formats: &[&str]) -> Output {
    let formats = formats.iter().flat_map(|format| ["--format", format]);
    let arguments: Vec<&str> = ["check", ".", "--as-of", DAY].into_iter().chain(formats).collect();
    readymark(at, &arguments).output().unwrap()
}

fn written(lab: &Lab, format: &str) -> String {
    let output = check(&lab.root, &[format]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    assert_eq!(words(&output), "", "{format} is all that is written");
    let text = String::from_utf8(output.stdout).unwrap();
    let acts = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
    assert!(!text.contains(acts), "{text}");
    text
}

fn json(lab: &Lab, format: &str) -> Value {
    serde_json::from_str(&written(lab, format)).unwrap()
}

fn schema(name: &str) -> Validator {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name);
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(at).unwrap()).unwrap();
    // The pattern of languages in the schema of SARIF has a bracket too many.
    for holder in ["run", "toolComponent"] {
        let at = format!("/definitions/{holder}/properties/language");
        if let Some(language) = schema.pointer_mut(&at) {
            language.as_object_mut().unwrap().remove("pattern").unwrap();
        }
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Fails where the schema does not take a report, and where it takes one that has lost something.
fn is_valid(name: &str, report: &Value, loss: &str) {
    let schema = schema(name);
    let wrong: Vec<String> = schema.iter_errors(report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:?}");
    let mut spoilt = report.clone();
    let (holder, key) = loss.rsplit_once('/').unwrap();
    spoilt.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    assert!(!schema.is_valid(&spoilt), "{name} asks for nothing");
}

#[test]
fn each_format_in_json_is_valid_by_its_schema_whatever_the_repository_holds() {
    let lab = hostile();
    let findings = json(&lab, "json")["findings"].as_array().unwrap().len();
    assert!(findings > 8, "{findings}");
    let sarif = json(&lab, "sarif");
    is_valid("sarif-2.1.0.schema.json", &sarif, "/runs/0/tool/driver/name");
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings);
    let gitlab = json(&lab, "gitlab");
    is_valid("gitlab.schema.json", &gitlab, "/0/fingerprint");
    assert_eq!(gitlab.as_array().unwrap().len(), findings);
    let rdjson = json(&lab, "rdjson");
    is_valid("rdjson.schema.json", &rdjson, "/diagnostics/0/location/path");
    assert_eq!(rdjson["diagnostics"].as_array().unwrap().len(), findings);
    let lines = written(&lab, "jsonl");
    assert_eq!(lines.lines().count(), findings);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).unwrap().is_object()));
}

#[test]
fn fingerprints_are_unique_and_addresses_are_encoded() {
    let lab = hostile();
    let gitlab = json(&lab, "gitlab");
    let prints = gitlab.as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap());
    let count = prints.clone().count();
    assert_eq!(prints.collect::<BTreeSet<_>>().len(), count);
    let sarif = json(&lab, "sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let uri = |one: &Value| {
        one.pointer("/locations/0/physicalLocation/artifactLocation/uri")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let uris: BTreeSet<String> = results.map(uri).collect();
    for expected in
        ["p%3A1/a%2Cb%250A%3A%3Aerror%3A%3Ax.md", "p%3A1/%C3%B6%20%22x%22%20%60%23@a%60.md"]
    {
        assert!(uris.contains(expected), "{expected}: {uris:?}");
    }
}

/// What an element of the schema of test reports may hold.
struct Shape<'x> {
    attributes: BTreeSet<&'x str>,
    required: BTreeSet<&'x str>,
    children: BTreeSet<&'x str>,
}

fn shape<'x>(schema: &'x Document<'x>, name: &str) -> Shape<'x> {
    let is_it = |node: &Node<'_, '_>| node.attribute("name") == Some(name);
    let element = schema.root_element().children().find(is_it).unwrap_or_else(|| panic!("{name}"));
    let of = |tag: &'static str| {
        element
            .descendants()
            .filter(move |node| node.has_tag_name(("http://www.w3.org/2001/XMLSchema", tag)))
    };
    let named = |node: Node<'x, '_>| node.attribute("name");
    let needed = of("attribute").filter(|node| node.attribute("use") == Some("required"));
    Shape {
        attributes: of("attribute").filter_map(named).collect(),
        required: needed.filter_map(named).collect(),
        children: of("element").filter_map(|node| node.attribute("ref")).collect(),
    }
}

fn conforms(schema: &Document<'_>, node: Node<'_, '_>) {
    let (name, shape) = (node.tag_name().name(), shape(schema, node.tag_name().name()));
    let attributes: BTreeSet<&str> = node.attributes().map(|one| one.name()).collect();
    assert!(attributes.is_subset(&shape.attributes), "{name}: {attributes:?}");
    assert!(shape.required.is_subset(&attributes), "{name}: {attributes:?}");
    for child in node.children().filter(Node::is_element) {
        assert!(shape.children.contains(child.tag_name().name()), "{name}: {child:?}");
        conforms(schema, child);
    }
}

#[test]
fn junit_is_xml_by_the_schema_and_only_errors_fail() {
    let lab = hostile();
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/junit-10.xsd");
    let schema = std::fs::read_to_string(at).unwrap();
    let schema = Document::parse(&schema).unwrap();
    let counts = json(&lab, "json")["summary"].clone();
    let text = written(&lab, "junit");
    let report = Document::parse(&text).unwrap();
    conforms(&schema, report.root_element());
    let count = |name: &str| report.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!(Value::from(count("failure")), counts["errors"]);
    assert_eq!(
        report.root_element().attribute("failures"),
        Some(count("failure").to_string().as_str())
    );
    let all: u64 =
        ["errors", "warnings", "notes"].iter().map(|key| counts[key].as_u64().unwrap()).sum();
    assert_eq!(count("testcase") as u64, all);
    let clean = Lab::new();
    clean.write("a.md", "# A\n");
    clean.commit("Begin");
    let output = check(&clean.root, &["junit"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let report = Document::parse(&text).unwrap();
    conforms(&schema, report.root_element());
    assert!(text.contains("<testcase"), "a report without a case looks lost");
}

/// The name of a command, its properties and its text.
type Told = (String, Vec<(String, String)>, String);

/// Reads the commands of a build machine as its manual says: each line `::name key=value,...::data`.
fn commands(text: &str) -> Vec<Told> {
    let open = |text: &str| {
        text.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    };
    let read = |line: &str| {
        let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (name, rest) = head.split_once(' ').unwrap();
        let pairs = rest.split(',').map(|pair| pair.split_once('=').unwrap());
        (
            name.to_owned(),
            pairs.map(|(key, value)| (key.to_owned(), open(value))).collect(),
            open(data),
        )
    };
    text.lines().map(read).collect()
}

#[test]
fn annotations_name_the_file_and_nothing_in_it_is_a_command() {
    let lab = hostile();
    let read = commands(&written(&lab, "github"));
    let known = ["error", "warning", "notice"];
    assert!(read.iter().all(|(name, _, _)| known.contains(&name.as_str())));
    let files: BTreeSet<&str> = read
        .iter()
        .flat_map(|(_, pairs, _)| pairs)
        .filter(|(key, _)| key == "file")
        .map(|(_, value)| value.as_str())
        .collect();
    assert!(files.contains("p:1/a,b%0A::error::x.md"), "{files:?}");
}

#[test]
fn of_many_findings_nine_of_a_kind_are_annotated_and_the_rest_is_counted() {
    let lab = Lab::new();
    let text: String = (0..40).fold("# A\n".to_owned(), |mut text, at| {
        write!(text, "\n[x](gone-{at}.md)\n").unwrap();
        text
    });
    lab.write("a.md", &text);
    lab.commit("Begin");
    let read = commands(&written(&lab, "github"));
    assert_eq!(read.iter().filter(|(name, _, _)| name == "error").count(), 9);
    let (name, _, last) = read.last().unwrap();
    assert_eq!((name.as_str(), last.as_str()), ("notice", "31 more: see the job summary"));
}

#[test]
fn a_job_summary_holds_words_and_no_markup_of_the_repository() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let lab = hostile();
    let text = written(&lab, "markdown");
    let mut shown = String::new();
    for event in Parser::new_ext(&text, Options::all()) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. })
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => panic!("{event:?} in\n{text}"),
            Event::Text(words) => shown.push_str(&words),
            _ => {}
        }
    }
    assert!(shown.contains("<b>@\u{200b}all</b>"), "{shown}");
    for acting in ["@team", "@all", "#1", "!2", "https://", "www.evil"] {
        assert!(!shown.contains(acting), "{acting} in\n{shown}");
    }
}

#[test]
fn levels_places_and_rules_are_those_of_the_finding() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n\nSee [b](gone.md).\n");
    lab.commit("Begin");
    let found = json(&lab, "json")["findings"][0].clone();
    let place = (&found["rule"], &found["severity"], &found["line"], &found["column"]);
    assert_eq!(place, (&"link.broken".into(), &"error".into(), &3.into(), &5.into()));
    assert!(written(&lab, "concise").starts_with("a.md:3:5: error[link.broken] "));
    let result = json(&lab, "sarif")["runs"][0]["results"][0].clone();
    assert_eq!((&result["ruleId"], &result["level"]), (&found["rule"], &"error".into()));
    let region = result.pointer("/locations/0/physicalLocation/region").unwrap();
    assert_eq!((&region["startLine"], &region["startColumn"]), (&3.into(), &5.into()));
    let issue = json(&lab, "gitlab")[0].clone();
    assert_eq!(
        (&issue["severity"], &issue["location"]["lines"]["begin"]),
        (&"major".into(), &3.into())
    );
    assert_eq!(issue["fingerprint"], found["fingerprint"]);
    assert_eq!(json(&lab, "rdjson")["diagnostics"][0]["location"]["range"]["start"]["line"], 3);
    assert!(
        written(&lab, "github").starts_with("::error file=a.md,line=3,col=5,title=link.broken::")
    );
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_when_a_document_with_an_id_is_renamed() {
    let lab = Lab::new();
    let text = |before: &str| {
        format!(
            "---\nid: RB-001\nkind: runbook\n---\n# A\n{before}\n## Back\n\n[b](gone.md) [b](gone.md)\n"
        )
    };
    let prints = || -> Vec<Value> {
        let findings = json(&lab, "json")["findings"].as_array().unwrap().clone();
        let links = findings.into_iter().filter(|one| one["rule"] == "link.broken");
        links.map(|one| one["fingerprint"].clone()).collect()
    };
    lab.write("a.md", &text(""));
    let before = prints();
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1], "two that are alike are two");
    lab.write("a.md", &text("\nMore words.\n\nAnd more.\n"));
    assert_eq!(prints(), before);
    std::fs::rename(lab.root.join("a.md"), lab.root.join("b.md")).unwrap();
    assert_eq!(prints(), before);
    lab.write("b.md", &text("").replace("[b](gone.md) [b](gone.md)", "[b](lost.md)"));
    assert!(prints().iter().all(|print| !before.contains(print)));
}

#[test]
fn several_formats_are_written_at_once_and_one_goes_to_standard_output() {
    let lab = hostile();
    let output = check(&lab.root, &["text", "sarif=out.sarif", "junit=out.xml", "json"]);
    assert!(words(&output).contains("Checked "));
    let sarif = std::fs::read_to_string(lab.root.join("out.sarif")).unwrap();
    assert!(serde_json::from_str::<Value>(&sarif).unwrap()["runs"].is_array());
    assert!(std::fs::read_to_string(lab.root.join("out.xml")).unwrap().starts_with("<?xml"));
    assert!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["findings"].is_array());
    for (formats, told) in
        [(["json", "sarif"], "standard output"), (["text", "sraif"], "known formats are")]
    {
        let output = check(&lab.root, &formats);
        assert_eq!(output.status.code(), Some(2));
        assert!(words(&output).contains(told), "{}", words(&output));
    }
}

#[test]
fn a_build_machine_gets_annotations_and_a_summary_without_being_asked() {
    let lab = hostile();
    let summary = lab.dir.path().join("summary.md");
    std::fs::write(&summary, "Before\n").unwrap();
    let mut command = readymark(&lab.root, &["check", ".", "--as-of", DAY]);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let output = command.output().unwrap();
    assert_eq!(output.stdout, written(&lab, "github").into_bytes());
    assert!(words(&output).contains("Checked "));
    let text = std::fs::read_to_string(&summary).unwrap();
    assert_eq!(text, format!("Before\n{}", written(&lab, "markdown")));
}

#[test]
fn requirements_are_told_as_beside_the_site() {
    let lab = hostile();
    let site = lab.dir.path().join("site");
    build(&lab.root, &site, &[]);
    let files = files(&site);
    let beside = files.iter().find(|(path, _)| path.ends_with("completeness.json")).unwrap().1;
    let beside: Value = serde_json::from_slice(beside).unwrap();
    let checks = beside["gates"][0]["checks"].as_array().unwrap();
    assert!(checks.iter().any(|one| one["outcome"] == "unmet"), "{checks:?}");
    assert_eq!(json(&lab, "json")["verdicts"][0]["requirements"].as_array().unwrap(), checks);
}
