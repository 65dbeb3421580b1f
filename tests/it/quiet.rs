//! What does not count, and why: what was there before a change, what a baseline knows, what a comment keeps quiet.

use std::process::Output;

use serde_json::Value;

use crate::lab::{Lab, run, words};

/// Checks on a day.
fn check(lab: &Lab, day: &str, options: &[&str]) -> Output {
    run(&lab.root, &[&["check", ".", "--as-of", day], options].concat())
}

/// The rules and lines of what counts, and those of what does not with the reason.
fn told(lab: &Lab, day: &str, options: &[&str]) -> (Vec<String>, Vec<String>) {
    let output = check(lab, day, &[options, &["--format", "json"]].concat());
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(&output)));
    let list = |key: &str| report[key].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let place =
        |one: &Value| format!("{}:{} {}", text(&one["path"]), one["line"], text(&one["rule"]));
    let apart = |one: &Value| format!("{} {}", text(&one["why"]), place(&one["finding"]));
    (list("findings").iter().map(place).collect(), list("apart").iter().map(apart).collect())
}

const DAY: &str = "2026-05-04";

fn comment(rules: &str, until: &str) -> String {
    format!("<!-- readymark: ignore {rules} until={until} reason=\"the wiki moves\" -->")
}

#[test]
fn a_comment_keeps_quiet_what_it_names_below_it_and_the_report_lists_it() {
    let lab = Lab::new();
    let link = comment("link.broken", "2026-05-04");
    lab.write("a.md", &format!("# A\n\n{link}\n\n[b](gone.md)\n\n[c](gone.md)\n"));
    assert_eq!(
        told(&lab, DAY, &[]),
        (vec!["a.md:7 link.broken".to_owned()], vec!["suppressed a.md:5 link.broken".to_owned()])
    );
    let said = words(&check(&lab, DAY, &[]));
    assert!(
        said.contains("Kept quiet until 2026-05-04: a.md:5:1 link.broken (the wiki moves)"),
        "{said}"
    );
    assert!(said.contains("1 error,"), "{said}");
    let (found, apart) = told(&lab, "2026-05-05", &[]);
    let expired = ["a.md:5 link.broken", "a.md:7 link.broken", "a.md:3 suppression.expired"];
    assert_eq!((found, apart), (expired.map(str::to_owned).to_vec(), Vec::new()));
}

#[test]
fn a_comment_names_rules_or_groups_and_none_of_its_own() {
    let lab = Lab::new();
    for (rules, quiet) in
        [("link", 1), ("raci.two-accountables, link.broken", 1), ("raci", 0), ("suppression", 0)]
    {
        lab.write("a.md", &format!("# A\n\n{}\n[b](gone.md)\n", comment(rules, "2027-01-01")));
        let (found, apart) = told(&lab, DAY, &[]);
        assert_eq!(apart.len(), quiet, "{rules}");
        let unused = found.iter().any(|one| one == "a.md:3 suppression.unused");
        assert_eq!(unused, quiet == 0, "{rules}: {found:?}");
    }
    lab.write("a.md", "# A\n\n<!-- readymark: ignore link.broken -->\n[b](gone.md)\n");
    let (found, apart) = told(&lab, DAY, &[]);
    assert_eq!((found.len(), apart.len()), (2, 0));
    assert!(found.contains(&"a.md:3 suppression.unclear".to_owned()), "{found:?}");
}

#[test]
fn before_everything_else_a_comment_speaks_of_the_fields_too_and_of_no_other_block() {
    let lab = Lab::new();
    let fields = "---\nid: RB-001\nkind: runbok\nstatus: draft\n---\n";
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    let of_page = |list: Vec<String>| -> Vec<String> {
        let wanted = |one: &String| one.contains("kind.unknown") || one.contains("link.broken");
        list.into_iter().filter(wanted).collect()
    };
    lab.write("tea/a.md", &format!("{fields}# A\n\n[b](gone.md)\n"));
    assert_eq!(
        of_page(told(&lab, DAY, &[]).0),
        ["tea/a.md:3 kind.unknown", "tea/a.md:8 link.broken"]
    );
    let first = comment("kind, link", "2027-01-01");
    lab.write("tea/a.md", &format!("{fields}{first}\n\n# A\n\n[b](gone.md)\n"));
    let (found, apart) = told(&lab, DAY, &[]);
    assert_eq!(of_page(found), ["tea/a.md:10 link.broken"]);
    assert_eq!(of_page(apart), ["suppressed tea/a.md:3 kind.unknown"]);
}

#[test]
fn a_gate_does_not_become_ready_by_a_comment() {
    let lab = Lab::new();
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"day-zero\"]\n");
    lab.write("tea/a.md", "# A\n\n[b](gone.md)\n");
    let gate = |lab: &Lab| {
        words(&check(lab, DAY, &[]))
            .lines()
            .find(|line| line.starts_with("Tea: "))
            .unwrap()
            .to_owned()
    };
    let before = gate(&lab);
    lab.write("tea/a.md", &format!("# A\n\n{}\n[b](gone.md)\n", comment("link", "2027-01-01")));
    assert_eq!(gate(&lab), before);
}

#[test]
fn a_baseline_knows_what_was_there_until_its_day_and_only_shrinks() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n\n[b](gone.md)\n\n[c](lost.md)\n");
    let file = lab.root.join("known.toml");
    let file = file.to_str().unwrap();
    let none = check(&lab, DAY, &["--baseline", file]);
    assert!(words(&none).contains("there is no baseline"), "{}", words(&none));
    let undated = check(&lab, DAY, &["--write-baseline", file]);
    assert!(words(&undated).contains("needs a last day"), "{}", words(&undated));
    let first = check(&lab, DAY, &["--write-baseline", file, "--until", "2026-06-30"]);
    assert_eq!(first.status.code(), Some(0), "{}", words(&first));
    lab.write("a.md", "# A\n\nMore.\n\n[c](lost.md)\n\n[d](new.md)\n");
    let known = ["--baseline", file];
    let (found, apart) = told(&lab, "2026-06-30", &known);
    assert_eq!(found, ["a.md:7 link.broken"]);
    assert_eq!(apart, ["baseline a.md:5 link.broken"]);
    let said = words(&check(&lab, DAY, &known));
    assert!(said.contains("Known until 2026-06-30: 1 of the baseline"), "{said}");
    assert!(said.contains("Mended of the baseline: 1"), "{said}");
    let (found, apart) = told(&lab, "2026-07-01", &known);
    assert_eq!((found.len(), apart.len()), (3, 0), "its day is over: {found:?}");
    assert!(found.iter().any(|one| one.contains("suppression.expired")), "{found:?}");
    check(&lab, DAY, &["--write-baseline", file]);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(
        text.contains("lost.md") && !text.contains("gone.md") && !text.contains("new.md"),
        "{text}"
    );
    assert!(text.contains("until = \"2026-06-30\""), "{text}");
    std::fs::write(file, "until = 1\n[findings]\n").unwrap();
    assert_eq!(check(&lab, DAY, &known).status.code(), Some(2));
}

#[test]
fn since_a_commit_only_what_the_change_brings_is_told_also_in_files_that_it_does_not_touch() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n\n[old](gone.md)\n\n[b](b.md)\n");
    lab.write("b.md", "# B\n");
    lab.commit("Begin");
    lab.git(&["switch", "-qc", "change"]);
    lab.git(&["mv", "b.md", "c.md"]);
    lab.write("d.md", "# D\n\n[x](none.md)\n");
    lab.commit("Rename");
    lab.git(&["switch", "-q", "main"]);
    lab.write("e.md", "# E\n\n[mine](not-theirs.md)\n");
    lab.commit("Go on");
    lab.git(&["switch", "-q", "change"]);
    let (found, apart) = told(&lab, DAY, &["--since", "main"]);
    assert_eq!(found, ["a.md:5 link.broken", "d.md:3 link.broken"]);
    assert_eq!(apart, ["old a.md:3 link.broken"]);
    let said = words(&check(&lab, DAY, &["--since", "main"]));
    assert!(said.contains("Not told: 1 that were there before"), "{said}");
    lab.git(&["mv", "c.md", "b.md"]);
    lab.git(&["rm", "-qf", "d.md"]);
    let output = check(&lab, DAY, &["--since", "main"]);
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert_eq!(check(&lab, DAY, &["--since", "nowhere"]).status.code(), Some(2));
}

#[test]
fn since_a_commit_a_comment_that_was_taken_away_brings_its_finding_back() {
    let lab = Lab::new();
    let link = "[b](gone.md)\n";
    lab.write("a.md", &format!("# A\n\n{}\n{link}", comment("link", "2027-01-01")));
    lab.commit("Begin");
    assert_eq!(told(&lab, DAY, &["--since", "HEAD"]).0, Vec::<String>::new());
    lab.write("a.md", &format!("# A\n\n{link}"));
    assert_eq!(told(&lab, DAY, &["--since", "HEAD"]).0, ["a.md:3 link.broken"]);
}
