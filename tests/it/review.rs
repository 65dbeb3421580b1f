//! `review`: what a change would do is what it does once it has landed, whichever way; judged by the rules before it; told
//! so that nothing of the repository acts; nothing where there is nothing to say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lab::{DAY, Lab, run, words};

const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana\"\ngit_emails = [\"ana@example.org\"]\n\n\
    [[person]]\nid = \"bob\"\nname = \"Bob\"\ngit_emails = [\"bob@example.org\"]\n";

fn document(id: &str, kind: &str, status: &str, text: &str) -> String {
    format!(
        "---\nid: {id}\nkind: {kind}\ntitle: {id} of tea\nstatus: {status}\napprovers: [bob]\n---\n# {id} of tea\n\n{text}\n"
    )
}

fn approve(lab: &Lab, id: &str) {
    let trailers = format!("Decision: {id} approved\nApproved-by: Bob <bob@example.org>");
    lab.commit_by("Bob", &format!("Approve {id}\n\n{trailers}"));
}

/// A pack with a runbook that Bob approved, a decision that links to it, and a branch `topic` to change it on.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n\n[roles]\nservice-owner = \"ana\"\n");
    lab.write(
        "tea/runbooks/boil.md",
        &document("RB-001", "runbook", "in-review", "## Fill\n\nFill it.\n\n## Boil\n\nBoil it."),
    );
    lab.write(
        "tea/decisions/cups.md",
        &document("DEC-001", "decision", "proposed", "See [boil](../runbooks/boil.md#boil)."),
    );
    lab.commit("Begin");
    lab.write(
        "tea/runbooks/boil.md",
        &document("RB-001", "runbook", "approved", "## Fill\n\nFill it.\n\n## Boil\n\nBoil it."),
    );
    approve(&lab, "RB-001");
    lab.git(&["switch", "-qc", "topic"]);
    lab
}

fn review(lab: &Lab, options: &[&str]) -> (Option<i32>, String) {
    let output = run(&lab.root, &[&["review", "main..topic", "--as-of", DAY], options].concat());
    assert_ne!(output.status.code(), Some(2), "{}", words(&output));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn json(lab: &Lab) -> Value {
    serde_json::from_str(&review(lab, &["--format", "json"]).1).unwrap()
}

fn list(value: &Value, key: &str) -> Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("{key} in {value}")).clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The rule of a finding and what it is known by.
fn print(finding: &Value) -> String {
    format!("{} {}", text(&finding["rule"]), text(&finding["fingerprint"]))
}

/// What a branch says of itself: verdicts, findings, approvals and steps.
struct Told {
    verdicts: BTreeMap<Vec<String>, String>,
    findings: BTreeSet<String>,
    /// What became of each approval, by its document, its person and the word of what was decided.
    approvals: BTreeMap<[String; 3], String>,
    duties: BTreeMap<[String; 3], String>,
    /// Of each document the steps, in order.
    steps: BTreeMap<String, Vec<(String, String)>>,
}

fn told(lab: &Lab) -> Told {
    let read = |arguments: &[&str]| -> Value {
        let output = run(&lab.root, arguments);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(&output)))
    };
    let check = read(&["check", ".", "--format", "json", "--as-of", DAY]);
    let log = read(&["log", ".", "--format", "json", "--pack", "tea", "--as-of", DAY]);
    let gate = |one: &Value| ["pack", "profile", "gate_id"].map(|key| text(&one[key])).to_vec();
    let named = |one: &Value| ["document", "by", "decision"].map(|key| text(&one[key]));
    let approvals = list(&log, "approvals");
    let mut steps: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for entry in list(&log, "entries") {
        let step = (text(&entry["from"]), text(&entry["to"]));
        steps.entry(text(&entry["document"])).or_default().push(step);
    }
    Told {
        verdicts: list(&check, "verdicts")
            .iter()
            .map(|one| (gate(one), text(&one["verdict"])))
            .collect(),
        findings: list(&check, "findings").iter().map(print).collect(),
        approvals: approvals.iter().map(|one| (named(one), text(&one["state"]))).collect(),
        duties: approvals.iter().map(|one| (named(one), text(&one["separation"]))).collect(),
        steps,
    }
}

const WAYS: [&str; 4] = ["merge", "squash", "rebase", "push"];

fn land(lab: &Lab, way: &str) {
    match way {
        "rebase" => {
            lab.git(&["switch", "-q", "topic"]);
            lab.git(&["rebase", "-q", "main"]);
            lab.git(&["switch", "-q", "main"]);
            lab.git(&["merge", "-q", "--ff-only", "topic"]);
        }
        "squash" => {
            let messages = lab.git(&["log", "--reverse", "--format=* %B", "main..topic"]);
            lab.git(&["switch", "-q", "main"]);
            lab.git(&["merge", "-q", "--squash", "topic"]);
            lab.git(&["commit", "-q", "-m", &format!("Change tea (#7)\n\n{messages}")]);
        }
        "push" => {
            lab.git(&["switch", "-q", "main"]);
            lab.git(&["merge", "-q", "--ff-only", "topic"]);
        }
        _ => {
            lab.git(&["switch", "-q", "main"]);
            lab.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #7", "topic"]);
        }
    }
}

fn holds(state: &str) -> bool {
    ["valid", "restored", "reformatted"].contains(&state)
}

/// Compares what was said beforehand with what the branch says once the change has landed.
fn comes_true(lab: &Lab, way: &str) {
    lab.git(&["switch", "-q", "main"]);
    let before = told(lab);
    let said = json(lab);
    land(lab, way);
    let after = told(lab);
    let mut verdicts = before.verdicts.clone();
    for gate in list(&said, "gates") {
        let name = ["pack", "profile", "gate_id"].map(|key| text(&gate[key])).to_vec();
        verdicts.insert(name, text(&gate["after"]));
    }
    assert_eq!(after.verdicts, verdicts, "{way}");
    // How sure a new approval is may fall when somebody else commits it.
    let falls = ["squash", "rebase"].contains(&way) && !list(&said, "given").is_empty();
    let wanted = |print: &String| !(falls && print.starts_with("approval."));
    let found = [list(&said, "brought"), list(&said, "elsewhere")].concat();
    let new: BTreeSet<String> = found.iter().map(print).filter(wanted).collect();
    let really = after.findings.difference(&before.findings).filter(|print| wanted(print));
    assert_eq!(really.cloned().collect::<BTreeSet<_>>(), new, "{way}");
    let mended = before.findings.difference(&after.findings).count();
    assert_eq!(said["mended"], mended, "{way}");
    let ended: BTreeSet<(String, String, String)> = before
        .approvals
        .iter()
        .filter(|(name, state)| {
            holds(state) && !after.approvals.get(*name).is_some_and(|now| holds(now))
        })
        .map(|([document, by, _], _)| (document.clone(), by.clone(), "stale".to_owned()))
        .collect();
    let lapsed = list(&said, "lapsed");
    let lapsed =
        lapsed.iter().map(|one| (text(&one["document"]), text(&one["by"]), text(&one["state"])));
    assert_eq!(lapsed.collect::<BTreeSet<_>>(), ended, "{way}");
    let given: BTreeMap<[String; 3], String> = list(&said, "given")
        .iter()
        .map(|one| (["document", "by", "decision"].map(|key| text(&one[key])), text(&one["duty"])))
        .collect();
    let mut duties = after.duties.clone();
    duties.retain(|name, _| !before.duties.contains_key(name));
    assert!(duties.keys().eq(given.keys()), "{way}: {duties:?} {given:?}");
    // A squash says no more who wrote what.
    if way != "squash" {
        assert_eq!(duties, given, "{way}");
    }
    let mut steps = BTreeMap::new();
    for (document, all) in &after.steps {
        let known = before.steps.get(document).map_or(0, Vec::len);
        if let (Some((from, _)), Some((_, to))) = (all.get(known), all.last()) {
            steps.insert(document.clone(), (from.clone(), to.clone()));
        }
    }
    let decisions = list(&said, "decisions");
    let decisions = decisions
        .iter()
        .map(|one| (text(&one["document"]), (text(&one["from"]), text(&one["to"]))));
    assert_eq!(decisions.collect::<BTreeMap<_, _>>(), steps, "{way}");
}

/// Changes of a branch, each by itself and in two commits.
fn change(lab: &Lab, what: &str) {
    match what {
        "edit" => {
            lab.write(
                "tea/runbooks/boil.md",
                &document(
                    "RB-001",
                    "runbook",
                    "approved",
                    "## Fill\n\nFill it up.\n\n## Cook\n\nBoil it.",
                ),
            );
            lab.commit("Edit");
            lab.write(
                "tea/runbooks/pour.md",
                &document("RB-002", "runbook", "draft", "See [none](gone.md)."),
            );
            lab.commit("Write another");
        }
        "decide" => {
            lab.write(
                "tea/decisions/cups.md",
                &document(
                    "DEC-001",
                    "decision",
                    "accepted",
                    "See [boil](../runbooks/boil.md#boil).",
                ),
            );
            approve(lab, "DEC-001");
        }
        "self" => {
            lab.write(
                "tea/decisions/cups.md",
                &document(
                    "DEC-001",
                    "decision",
                    "proposed",
                    "Blue cups are best for everybody who drinks tea.",
                ),
            );
            lab.commit_by("Bob", "Write");
            lab.write(
                "tea/decisions/cups.md",
                &document(
                    "DEC-001",
                    "decision",
                    "accepted",
                    "Blue cups are best for everybody who drinks tea.",
                ),
            );
            approve(lab, "DEC-001");
        }
        "remove" => {
            lab.git(&["mv", "tea/runbooks/boil.md", "tea/runbooks/cook.md"]);
            lab.commit("Move");
            lab.git(&["rm", "-q", "tea/decisions/cups.md"]);
            lab.commit("Remove");
        }
        _ => unreachable!("{what}"),
    }
}

#[test]
fn what_would_be_is_what_is_after_a_merge_a_squash_a_rebase_and_a_push() {
    for (at, what) in ["edit", "decide", "self", "remove"].into_iter().enumerate() {
        for (nth, way) in WAYS.into_iter().enumerate() {
            // Every other time the branch went on meanwhile.
            let is_diverged = way != "push" && (at + nth) % 2 == 0;
            let lab = lab();
            change(&lab, what);
            if is_diverged {
                lab.git(&["switch", "-q", "main"]);
                lab.write("tea/notes/tea.md", "# Tea\n\n[x](lost.md)\n");
                lab.commit("Go on");
            }
            comes_true(&lab, way);
        }
    }
}

#[test]
fn it_says_what_a_change_does() {
    let lab = lab();
    change(&lab, "edit");
    let said = json(&lab);
    let of = |key: &str, names: &[&str]| -> Vec<String> {
        let one =
            |one: &Value| names.iter().map(|name| text(&one[*name])).collect::<Vec<_>>().join(" ");
        list(&said, key).iter().map(one).collect()
    };
    assert_eq!(of("lapsed", &["document", "by", "state"]), ["RB-001 Bob stale"]);
    assert_eq!(of("elsewhere", &["rule", "path"]), ["link.broken-anchor tea/decisions/cups.md"]);
    assert!(
        of("brought", &["rule", "path"]).contains(&"link.broken tea/runbooks/pour.md".to_owned())
    );
    assert_eq!(of("vanished", &["address"]), ["tea/runbooks/boil.html#boil"]);
    assert_eq!(of("decisions", &["document", "from", "to"]), ["RB-002 no document draft"]);
    let (code, people) = review(&lab, &[]);
    assert_eq!(code, Some(1), "it brings an error");
    for part in [
        "Wrong in files that it does not touch (1)",
        "RB-001 RB-001 of tea: approved by Bob on ",
        "would be stale",
        "tea/runbooks/boil.html#boil",
        "Judged by the rules of main at ",
    ] {
        assert!(people.contains(part), "{part} is not in\n{people}");
    }
    assert_eq!(review(&lab, &[]).1, people, "the same once more");
    assert_eq!(lab.git(&["status", "--porcelain"]), "");
    assert_eq!(
        lab.git(&["count-objects"]).split(' ').next(),
        lab.git(&["count-objects"]).split(' ').next()
    );
}

#[test]
fn a_page_that_moves_says_where_it_is_found() {
    let lab = lab();
    change(&lab, "remove");
    let vanished = list(&json(&lab), "vanished");
    let pairs: Vec<_> =
        vanished.iter().map(|one| (text(&one["address"]), text(&one["now"]))).collect();
    let expected =
        [("tea/decisions/cups.html", ""), ("tea/runbooks/boil.html", "tea/runbooks/cook.html")];
    assert_eq!(pairs, expected.map(|(one, other)| (one.to_owned(), other.to_owned())));
}

#[test]
fn nothing_is_written_to_the_repository() {
    let lab = lab();
    change(&lab, "edit");
    lab.git(&["switch", "-q", "main"]);
    lab.write("a.md", "# A\n");
    lab.commit("Go on");
    let objects = lab.git(&["count-objects", "-v"]);
    review(&lab, &[]);
    assert_eq!(lab.git(&["count-objects", "-v"]), objects);
}

#[test]
fn where_there_is_nothing_to_say_nothing_is_said() {
    let lab = lab();
    for format in ["text", "markdown"] {
        assert_eq!(review(&lab, &["--format", format]), (Some(0), String::new()));
    }
    lab.write("notes.txt", "x");
    lab.commit("Nothing of the pack");
    assert_eq!(review(&lab, &["--format", "markdown"]), (Some(0), String::new()));
}

#[test]
fn a_change_cannot_lower_its_own_bar() {
    let lab = lab();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n\n[rules]\n\"link.broken\" = \"note\"\n");
    lab.write("people.toml", &PEOPLE.replace("id = \"bob\"", "id = \"eve\""));
    lab.write("kinds/runbook.toml", "id = \"runbook\"\n");
    lab.write(
        "tea/runbooks/boil.md",
        &document("RB-001", "runbook", "approved", "## Fill\n\nFill it.\n\n## Boil\n\n<!-- readymark: ignore link.broken until=2026-12-31 reason=\"we hurry\" -->\n[x](gone.md)\n\n[y](gone.md)"),
    );
    lab.commit("Make it easier");
    let said = json(&lab);
    let rules: Vec<String> = list(&said, "rules").iter().map(text).collect();
    assert_eq!(rules, ["book.toml", "kinds/runbook.toml", "people.toml"]);
    let broken =
        list(&said, "brought").into_iter().find(|one| one["rule"] == "link.broken").unwrap();
    assert_eq!((&broken["severity"], &broken["line"]), (&"error".into(), &19.into()));
    assert_eq!(text(&list(&said, "quieted")[0]["reason"]), "we hurry (until 2026-12-31)");
    let (code, page) = review(&lab, &["--format", "markdown"]);
    assert_eq!(code, Some(1));
    let first = page.find("is judged by that as it was").unwrap();
    assert!(first < page.find("Wrong in what it changes").unwrap(), "the rules come first: {page}");
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    lab.commit("Ask nothing");
    let gate = list(&json(&lab), "gates")[0].clone();
    assert_eq!((gate["after"].is_null(), gate["before"].is_null()), (true, false));
}

#[test]
fn files_that_cannot_be_joined_are_named() {
    let lab = lab();
    let boil = |words: &str| {
        document(
            "RB-001",
            "runbook",
            "approved",
            &format!("## Fill\n\n{words}\n\n## Boil\n\nBoil it."),
        )
    };
    lab.write("tea/runbooks/boil.md", &boil("Fill it to the mark."));
    lab.commit("One way");
    lab.git(&["switch", "-q", "main"]);
    lab.write("tea/runbooks/boil.md", &boil("Fill it to the brim."));
    lab.commit("Another way");
    let said = json(&lab);
    assert_eq!(list(&said, "conflicts"), ["tea/runbooks/boil.md"]);
    assert_eq!(review(&lab, &[]).0, Some(1));
}

#[test]
fn a_comment_on_a_forge_has_no_markup_of_the_repository_and_is_never_too_long() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let lab = lab();
    let evil = "@team #1 !2 <img src=x> [x](https://evil.example) | www.evil.example </details> `` \u{202e}";
    lab.write(
        "tea/decisions/evil.md",
        &format!("---\nid: \"DEC-002 {evil}\"\nkind: decision\ntitle: \"{evil}\"\nstatus: \"{evil}\"\n---\n# x\n\n[{evil}](<gone {evil}.md>)\n"),
    );
    for at in 0..80 {
        lab.write(
            &format!("tea/decisions/{at}.md"),
            &document(
                &format!("DEC-1{at}"),
                "decision",
                "proposed",
                &format!("[x](<gone {}.md>) [y](lost.md)", "long ".repeat(900)),
            ),
        );
    }
    lab.commit(&format!("Much {evil}"));
    let page = review(&lab, &["--format", "markdown"]).1;
    assert!(page.len() <= 60_000 && page.contains(" more"), "{}", page.len());
    let mut shown = String::new();
    for event in Parser::new_ext(&page, Options::all()) {
        match event {
            Event::Html(html) => assert_eq!(html.trim(), "<!-- readymark:review -->"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::InlineHtml(_) => {
                panic!("{event:?}")
            }
            Event::Text(words) => shown.push_str(&words),
            _ => {}
        }
    }
    for acting in ["@team", "#1", "!2", "https://", "www.evil"] {
        assert!(!shown.contains(acting), "{acting} in\n{shown}");
    }
    assert!(page.starts_with("<!-- readymark:review -->\n### Readiness gets worse\n"), "{page}");
    assert!(page.contains("Judged by the rules of `main`"), "the end is never cut");
}

#[test]
fn the_branch_to_compare_with_is_found_or_asked_for() {
    let lab = lab();
    change(&lab, "decide");
    let output = run(&lab.root, &["review", "--as-of", DAY]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), review(&lab, &[]).1);
    lab.git(&["branch", "-m", "main", "trunk"]);
    let output = run(&lab.root, &["review"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("name it: readymark review origin/main"), "{}", words(&output));
    let output = run(&lab.root, &["review", "trunk", "--as-of", DAY]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("DEC-001"));
}
