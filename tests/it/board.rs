//! The gates board and what stands around it: the way, the papers, frameworks, versions side by side, the portfolio and
//! the head of the overview. Sites of small repositories are built and read.

use std::collections::BTreeMap;
use std::path::Path;

use crate::lab::{DAY, Lab, built, command, has_extension, run, text_of};
use crate::rules::files;

type Site = BTreeMap<String, Vec<u8>>;

const OWN: &str = r#"
id = "own"
version = "1.2"
title = "Our bar"
[[source]]
id = "house"
title = "The house rules"
url = "https://rules.example/"
[[stage]]
id = "try"
title = "Trial"
ends-with = "ONE"
[[stage]]
id = "run"
title = "Running"
loops-to = "try"
[[pace]]
from = "ONE"
to = "TWO"
least-days = 7
most-days = 14
[[gate]]
id = "ONE"
title = "First"
question = "May it start?"
deciders = ["sponsor"]
[[gate]]
id = "TWO"
title = "Second"
[[requirement]]
id = "O-1"
statement = "There is a tier"
gate = "ONE"
weight = 2
hint = "Say it"
tags = ["house:A-1"]
need = [{ pack = ["tier"] }]
[[requirement]]
id = "O-2"
statement = "A page says how"
gate = "ONE"
weight = 5
hint = "Write it"
tags = ["house:B-2"]
need = [{ kind = "note", status = ["approved"] }]
"#;

const NOTE: &str = r#"
name = "note"
title = "Note"
plural = "Notes"
tags = ["house:C-3"]
answers = "measured"
[[section]]
name = "what"
title = "What"
need = "required"
[[section]]
name = "how"
title = "How"
need = "required"
[[section]]
name = "why"
title = "Why"
need = "required"
[[section]]
name = "when"
title = "When"
need = "recommended"
"#;

const PACK: &str = "id = \"tea\"\ntitle = \"Tea\"\nprofiles = [\"own\"]\nowner = \"ana\"\nstage = \"run\"\n\
                    [roles]\nsponsor = \"ana\"\n[home]\nteam = \"kitchen\"\n";

const PEOPLE: &str = "[[person]]\nid = \"ana\"\nname = \"Ana Ruiz\"\n[[team]]\nid = \"kitchen\"\nname = \"The kitchen\"\n";

const FULL: &str = "---\nid: N-1\nkind: note\nstatus: approved\nowner: ana\n---\n# How tea is made\n\n## What\n\nBoil the water and wait \
     for five minutes.\n\n## How\n\nTBD\n\n## Why\n";

fn decision(id: &str, gate: &str, outcome: &str, status: &str, more: &str) -> String {
    format!(
        "---\nid: {id}\nkind: decision\ntype: gate\ngate: {gate}\noutcome: {outcome}\nstatus: {status}\ndeciders: [ana]\n\
         {more}---\n# About {gate}\n\n## Context\n\nWe must say whether it may go on now.\n"
    )
}

fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("people.toml", PEOPLE);
    lab.write("profiles/own.toml", OWN);
    lab.write("kinds/note.toml", NOTE);
    lab.write("tea/pack.toml", PACK);
    lab.write("tea/note.md", FULL);
    let days = "raised_on: 2026-04-29\ndecided_on: 2026-05-01\n";
    lab.write("tea/d1.md", &decision("DEC-001", "ONE", "pass", "accepted", days));
    let later = "decided_on: 2026-05-03\nconditions: [ACT-1]\n";
    lab.write("tea/d2.md", &decision("DEC-002", "TWO", "pass-with-conditions", "accepted", later));
    lab.write("tea/d3.md", &decision("DEC-003", "THREE", "stop", "accepted", ""));
    lab.write("tea/d4.md", &decision("DEC-004", "TWO", "no-go", "proposed", ""));
    lab.write(
        "tea/actions.md",
        "---\nid: REG-1\nkind: register\nof: actions\n---\n# Actions\n\n## Actions\n\n| Id | Action | Owner | Due | Status |\n\
         |---|---|---|---|---|\n| ACT-1 | Buy cups | ana | 2026-05-02 | open |\n",
    );
    lab.commit("Tea");
    lab
}

/// What stands by itself.
const BLOCKS: [&str; 9] = ["td", "th", "br", "li", "p", "tr", "h2", "h3", "summary"];

/// What a reader reads: days as machines read them, what people type between marks, and no markup.
fn plain(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let main = main.split_once("</main>").map_or(main, |(main, _)| main);
    let mut text = String::new();
    let mut rest = main;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        if tag == "code" || tag == "/code" {
            text.push('`');
        } else if BLOCKS.contains(&tag.trim_start_matches('/').split(' ').next().unwrap()) {
            text.push(' ');
        } else if let Some(day) = tag.strip_prefix("time datetime=\"") {
            text.push_str(day.split('"').next().unwrap());
            rest = after.split_once("</time>").unwrap().1;
        }
    }
    text.push_str(rest);
    for (escaped, letter) in
        [("&#39;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
    {
        text = text.replace(escaped, letter);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn status(lab: &Lab) -> String {
    String::from_utf8(run(&lab.root, &["status", "--as-of", DAY]).stdout).unwrap()
}

#[test]
fn the_board_says_what_the_terminal_says_word_for_word() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    for (path, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows/pack")) {
        // Without its intent brief and its roles much is open.
        let is_left_out = path.ends_with("intent.md") || path.ends_with("raci.md");
        if !is_left_out {
            lab.write(&path, &text);
        }
    }
    lab.commit("Start");
    let board = plain(&text_of(&built(&lab.root, &[]), "p/gates.html"));
    let told = status(&lab);
    let lines: Vec<&str> = told.lines().filter(|line| line.starts_with("  ")).collect();
    assert!(lines.len() > 60, "{told}");
    assert!(lines.iter().any(|line| line.contains("or unmet")), "{told}");
    for line in lines {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(board.contains(&line), "{line}\nis not in\n{board}");
    }
}

#[test]
fn a_gate_that_was_passed_and_does_not_hold_is_said_loudly() {
    let lab = lab();
    let board = text_of(&built(&lab.root, &[]), "tea/gates.html");
    let lost = "DEC-001 passed it on 1 May 2026, and it does not hold as of 4 May 2026: not ready · 1 blocker";
    assert!(board.contains(lost), "{board}");
    assert!(board.contains("Passed, and it does not hold."), "{board}");
    assert!(
        plain(&board).contains("decided on 1 May 2026, 2 days after it was raised, by Ana Ruiz")
    );
    lab.write("tea/pack.toml", &format!("tier = \"A\"\n{PACK}"));
    lab.commit("Say the tier");
    let board = text_of(&built(&lab.root, &[]), "tea/gates.html");
    assert!(!board.contains("does not hold"), "{board}");
}

#[test]
fn the_board_shows_what_people_decided_beside_the_verdict() {
    let site = built(&lab().root, &[]);
    let board = text_of(&site, "tea/gates.html");
    // Stopping is an end like another: neither a failure nor a success.
    assert!(board.contains("<span class=\"state decided-neutral\">stop</span>"), "{board}");
    assert!(board.contains("<span class=\"state decided-caution\">pass with conditions</span>"));
    assert!(board.contains("<span class=\"state decided-bad\">no go</span>"));
    let read = plain(&board);
    assert!(read.contains("ACT-1 Buy cups due 2 May 2026 overdue open Ana Ruiz"), "{read}");
    // What is only proposed decides nothing: the way goes through the two in force that name a day.
    assert!(read.contains("ONE pass 1 May 2026 2 days after it was raised"), "{read}");
    assert!(read.contains("TWO pass with conditions 3 May 2026 2 days"), "{read}");
    assert!(read.contains("From ONE to TWO it took 2 days; 7 to 14 are usual"), "{read}");
    let elsewhere = read.split_once("Decisions at gates that no profile here judges").unwrap().1;
    assert!(elsewhere.starts_with(" stop DEC-003"), "{elsewhere}");
}

#[test]
fn what_is_missing_stands_in_the_order_of_its_weight() {
    let lab = lab();
    lab.write("tea/note.md", &FULL.replace("approved", "draft"));
    lab.commit("Draft");
    let read = plain(&text_of(&built(&lab.root, &[]), "tea/gates.html"));
    let (first, second) = (read.find("O-2 unmet"), read.find("O-1 unmet"));
    assert!(first.is_some() && first < second, "{read}");
    assert!(read.contains("A page says how unsafe without it"), "{read}");
    assert!(read.contains("There is a tier for governance"), "{read}");
}

#[test]
fn the_way_is_drawn_from_the_profile_with_where_the_pack_is() {
    let site = built(&lab().root, &[]);
    let board = text_of(&site, "tea/gates.html");
    assert!(board.contains("<li class=\"stage stage-behind\"><strong>Trial</strong>"), "{board}");
    let here = "<li class=\"stage stage-here\" aria-current=\"step\"><strong>Running</strong>";
    assert!(board.contains(here), "{board}");
    let read = plain(&board);
    assert!(read.contains("Trial ONE passed on 1 May 2026"), "{read}");
    assert!(read.contains("what is learnt leads back to: Trial"), "{read}");
}

#[test]
fn the_paper_names_each_document_with_its_digest_and_who_decides() {
    let lab = lab();
    let digest = |site: &Site| {
        let paper = text_of(site, "tea/gates/own/one.html");
        let rest = paper.split_once("<code class=\"digest\">").expect("a document").1;
        rest.split_once("</code>").unwrap().0.to_owned()
    };
    let site = built(&lab.root, &[]);
    let read = plain(&text_of(&site, "tea/gates/own/one.html"));
    assert!(read.contains("The question May it start?"), "{read}");
    assert!(read.contains("N-1 How tea is made") && read.contains("tea/note.md"), "{read}");
    let signatures = read.split_once("Signature").unwrap().1;
    assert!(signatures.contains("Ana Ruiz"), "{signatures}");
    let first = digest(&site);
    assert!(first.starts_with("d1:"), "{first}");
    lab.write("tea/note.md", &FULL.replace("five", "six"));
    lab.commit("Wait longer");
    assert_ne!(digest(&built(&lab.root, &[])), first);
}

#[test]
fn items_of_frameworks_say_what_is_recorded_for_them_and_judge_nothing() {
    let lab = lab();
    let site = built(&lab.root, &[]);
    let read = plain(&text_of(&site, "tea/frameworks.html"));
    let house = read.split_once("The house rules Evidence is recorded for").expect("the family").1;
    assert!(house.starts_with(" 2 of 3 items that are named here"), "{house}");
    assert!(house.contains("A-1 O-1 There is a tier unmet open: nothing is recorded"), "{house}");
    assert!(house.contains("B-2 O-2 A page says how met N-1 How tea is made"), "{house}");
    assert!(house.contains("C-3 no requirement of this pack's profiles N-1"), "{house}");
    let sources = read.split_once("Sources").unwrap().1;
    assert!(sources.contains("Our bar") && sources.contains("`own 1.2`"), "{sources}");
    assert!(text_of(&site, "tea/frameworks.html").contains("href=\"https://rules.example/\""));
    assert!(!read.to_lowercase().contains("compliant"), "{read}");
    lab.write("tea/note.md", &FULL.replace("approved", "draft"));
    lab.commit("Draft");
    let read = plain(&text_of(&built(&lab.root, &[]), "tea/frameworks.html"));
    assert!(read.contains("Evidence is recorded for 0 of 2 items"), "{read}");
}

#[test]
fn the_built_in_profiles_name_their_frameworks_and_where_these_can_be_read() {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    for (path, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows/pack")) {
        lab.write(&path, &text);
    }
    lab.commit("Start");
    let page = text_of(&built(&lab.root, &[]), "p/frameworks.html");
    for (family, title, item) in [
        ("nist", "NIST SP 800-53", "CM-3"),
        ("iso56002", "ISO 56002", "8.3.4"),
        ("itil", "ITIL 4", "change-enablement"),
        ("airmf", "NIST AI Risk Management Framework", "MEASURE-2.3"),
        ("dora", "DORA", "cfr"),
    ] {
        let start = format!("<section id=\"framework-{family}\">");
        let section = page.split_once(&start).expect(family).1.split_once("</section>").unwrap().0;
        assert!(section.contains(title) && section.contains("href=\"https://"), "{section}");
        let row = format!("<tr>\n<th scope=\"row\"><strong>{item}</strong></th>");
        let row = section.split_once(&row).expect(item).1.split_once("</tr>").unwrap().0;
        assert!(row.contains("completeness.html#"), "{item} is asked for: {row}");
    }
    for section in page.split("<section id=\"framework-").skip(1) {
        let (family, rest) = section.split_once('"').unwrap();
        assert!(!rest.contains(&format!("<h2>{family}</h2>")), "{family} has no name");
    }
    let sources = page.split_once("<section id=\"sources\">").unwrap().1;
    for title in
        ["Prototype-to-pilot handoff", "Designing for the handoff", "MVP-to-production staircase"]
    {
        assert!(sources.contains(title), "{sources}");
    }
    assert!(sources.matches("<li><a href=\"https://").count() > 12, "{sources}");
}

#[test]
fn the_overview_begins_with_home_owner_and_money_and_with_three_tiles() {
    let lab = lab();
    let read = plain(&text_of(&built(&lab.root, &[]), "tea/index.html"));
    assert!(read.contains("A home: The kitchen"), "{read}");
    assert!(read.contains("An operational owner: nothing says so"), "{read}");
    assert!(read.contains("Money to run it: nothing says so"), "{read}");
    assert!(read.contains("Measured Can it be told whether it is worth it?"), "{read}");
    assert!(read.contains("Notes 1 approved"), "{read}");
    assert!(read.contains("Responsibility matrices: none"), "{read}");
    let home = "operational_owner = \"ana\"\nrun_budget = 480000\n";
    lab.write("tea/pack.toml", &format!("{PACK}{home}"));
    lab.commit("Say who pays");
    let read = plain(&text_of(&built(&lab.root, &[]), "tea/index.html"));
    assert!(read.contains("An operational owner: Ana Ruiz"), "{read}");
    assert!(read.contains("Money to run it: 480000 a year"), "{read}");
    lab.write("book.toml", "[book]\ntitle = \"H\"\n[site]\naudience = \"public\"\n");
    lab.commit("Show it to everybody");
    let site = built(&lab.root, &[]);
    for (route, bytes) in site.iter().filter(|(route, _)| has_extension(route, "html")) {
        assert!(!String::from_utf8_lossy(bytes).contains("480000"), "{route}");
    }
}

#[test]
fn the_completeness_report_says_of_each_section_how_it_stands() {
    let site = built(&lab().root, &[]);
    let report = text_of(&site, "tea/completeness.html");
    let row = report.split_once("aria-label=\"Sections: Notes\"").expect("the kind").1;
    let row = row.split_once("</table>").unwrap().0;
    for (section, tone, word) in [
        ("What", "good", "filled"),
        ("How", "caution", "template text"),
        ("Why", "bad", "empty"),
        ("When", "neutral", "left out"),
    ] {
        let cell = format!("<td data-label=\"{section}\" class=\"cell-{tone}\">{word}</td>");
        assert!(row.contains(&cell), "{cell} is not in {row}");
    }
    let read = plain(&report);
    assert!(read.contains("Notes 2 of 4 sections lacking"), "{read}");
    assert!(
        read.contains("Template text that is left over N-1 How tea is made approved How"),
        "{read}"
    );
    let unapproved = read.split_once("Not approved ").unwrap().1;
    assert!(unapproved.starts_with("DEC-004"), "{unapproved}");
}

#[test]
fn risks_stand_on_a_map_and_by_the_category_in_which_they_are_worst() {
    let lab = lab();
    lab.write(
        "tea/perils.md",
        "---\nid: REG-2\nkind: register\nof: risks\n---\n# Risks\n\n## Risks\n\n\
         | Id | Risk | Likelihood | Impact | Compliance | Reputation | Residual L | Residual I | Owner | Status |\n\
         |---|---|---|---|---|---|---|---|---|---|\n\
         | RSK-1 | It is too hot | 4 | 5 | 2 | 5 | 1 | 5 | ana | open |\n\
         | RSK-2 | It is cold | medium | low | 2 | 1 |  |  | ana | open |\n\
         | RSK-3 | Nobody knows | ? | 5 | 1 | 1 |  |  | ana | open |\n\
         | RSK-4 | It was spilt | 5 | 5 | 1 | 1 |  |  | ana | closed |\n",
    );
    lab.commit("Risks");
    let page = text_of(&built(&lab.root, &[]), "tea/risks.html");
    let map = page.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let line = |number: usize| {
        let start = format!("<tr><th scope=\"row\">{number}</th>");
        let rest = map.split_once(&start).unwrap_or_else(|| panic!("{start} in {map}")).1;
        rest.split_once("</tr>")
            .unwrap()
            .0
            .split("<td class=\"")
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(line(4)[4].starts_with("heat-high\">") && line(4)[4].contains(">RSK-1</a>"), "{map}");
    assert!(line(1)[4].contains("(<a href=") && line(1)[4].contains(">RSK-1</a>)"), "{map}");
    assert!(line(3)[1].starts_with("heat-middle\">") && line(3)[1].contains(">RSK-2</a>"), "{map}");
    assert!(!map.contains("RSK-3") && !map.contains("RSK-4"), "{map}");
    let read = plain(&page);
    assert!(read.contains("no word for one is written: 1"), "{read}");
    let reputation = read.split_once(" Reputation Risk Likely").expect("a category").1;
    assert!(
        reputation.contains("RSK-1 It is too hot 4 5 Compliance 2, Reputation 5 1 and 5 Ana Ruiz")
    );
    assert!(!reputation.contains("RSK-2"), "{reputation}");
}

#[test]
fn versions_stand_side_by_side_with_a_mark_where_the_bar_was_moved() {
    let lab = lab();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n[versions]\ntags = [\"v*\"]\n");
    lab.commit("Versions");
    lab.git(&["tag", "v1"]);
    let moved = PACK.replace("stage = \"run\"", "stage = \"pilot\"");
    lab.write("tea/pack.toml", &format!("tier = \"A\"\n{moved}"));
    lab.commit("Say the tier");
    lab.git(&["tag", "v2"]);
    let before = built(&lab.root, &[]);
    let read = plain(&text_of(&before, "tea/readiness.html"));
    assert!(!read.contains("The bar changed"), "{read}");
    assert!(!text_of(&before, "tea/readiness.svg").contains('▲'));
    let more = "[[requirement]]\nid = \"O-3\"\nstatement = \"Regions\"\ngate = \"ONE\"\nneed = [{ pack = [\"regions\"] }]\n";
    lab.write("profiles/own.toml", &format!("{OWN}{more}"));
    lab.write("tea/more.md", &FULL.replace("N-1", "N-2"));
    lab.commit("Ask for more");
    lab.git(&["tag", "v3"]);
    let site = built(&lab.root, &[]);
    let read = plain(&text_of(&site, "tea/readiness.html"));
    let (v1, rest) = read.split_once("v1 1 Jan").unwrap().1.split_once("v2 1 Jan").unwrap();
    let (v2, v3) = rest.split_once("v3 1 Jan").unwrap();
    assert!(v1.contains("not ready · 1 blocker 1 of 2 required met"), "{v1}");
    assert!(v2.contains("ready 2 of 2 required met") && !v2.contains("bar"), "{v2}");
    assert!(v3.contains("not ready · 1 blocker 2 of 3 required met"), "{v3}");
    assert!(v3.contains("▲ The bar changed: asks anew for O-3"), "{v3}");
    let stages = read.split_once("Stages ").unwrap().1;
    let way = "Run first in v1, 1 Jan 2026 Pilot first in v2, 1 Jan 2026";
    assert!(stages.starts_with(way), "{stages}");
    let moved = read.split_once("Findings that moved From v2 to v3. Document v2 v3 ").unwrap().1;
    assert!(moved.starts_with("N-2 none") && moved.contains("error"), "{moved}");
    // Both gates ask for it, the second because it includes the first.
    assert_eq!(text_of(&site, "tea/readiness.svg").matches("▲").count(), 2);
    for (route, bytes) in before.iter().filter(|(route, _)| route.starts_with("tea/v1/")) {
        let is_page = has_extension(route, "html");
        assert!(!is_page || site[route] == *bytes, "{route} knows of a later version");
    }
}

#[test]
fn the_portfolio_counts_stages_and_days_and_judges_neither() {
    let lab = lab();
    lab.write(
        "rum/pack.toml",
        "id = \"rum\"\ntitle = \"Rum\"\nstage = \"try\"\nprofiles = [\"own\"]\n",
    );
    lab.write("rum/x.md", "# X\n");
    lab.write("gin/pack.toml", "id = \"gin\"\ntitle = \"Gin\"\nstage = \"stopped\"\n");
    lab.write("gin/x.md", "# X\n");
    lab.git(&["add", "-A"]);
    let mut later = command(&lab.root, &["commit", "-q", "-m", "More"]);
    // The first of April.
    assert!(later.env("GIT_COMMITTER_DATE", "1775044800 +0000").status().unwrap().success());
    let home = text_of(&built(&lab.root, &[]), "index.html");
    let read = plain(&home);
    let stages = read.split_once("By stage").expect("the funnel").1;
    // The order is that of the profile; a stage that no profile names comes last.
    assert!(stages.starts_with(" 1 Trial Rum 1 Running Tea 1 Stopped Gin"), "{stages}");
    assert!(read.contains("pass with conditions at TWO on 3 May 2026"), "{read}");
    assert!(
        read.contains("3 decisions at gates: 1 pass, 1 pass with conditions, 1 stop"),
        "{read}"
    );
    let raised = "From the question to the decision: 2 days in the middle of 1 decision";
    assert!(read.contains(raised), "{read}");
    let moved = home.split_once("What moved last").unwrap().1;
    let (tea, rum) = (moved.find("Tea</a>").unwrap(), moved.find("Rum</a>").unwrap());
    assert!(moved.contains("33 days before 4 May 2026"), "{moved}");
    assert!(tea < rum, "what stands still the longest comes first: {moved}");
}
