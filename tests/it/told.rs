//! The decision log and the past of a document as pages and tables show them.

use crate::lab::{Lab, built, text_of};

fn runbook(status: &str, text: &str) -> String {
    format!(
        "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: {status}\n---\n# Boil water\n\n{text}\n"
    )
}

/// A runbook that is approved, changed, retired, and a decision against what was recommended.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    lab.write(
        "tea/runbooks/RB-001.md",
        &runbook("draft", "Wait 30 seconds before you pour the water."),
    );
    lab.commit("Write it down");
    lab.write(
        "tea/runbooks/RB-001.md",
        &runbook("approved", "Wait 5 seconds before you pour the <b>water."),
    );
    lab.commit("Approve it");
    lab.write("tea/decisions/DEC-001.md", "---\nid: DEC-001\nkind: decision\ntitle: =Which tea\nstatus: accepted\nrecommendation: green\noutcome: black\ngate: G1\n---\n# Which tea\n\nText.\n");
    lab.commit("Decide");
    lab
}

#[test]
fn a_document_shows_which_words_changed_with_its_status() {
    let site = built(&lab().root, &[]);
    let past = text_of(&site, "tea/history/runbooks/RB-001.html");
    let (approved, added) = past.split_once("added as draft").unwrap();
    assert!(approved.contains("approved, was draft"), "{past}");
    for line in [
        "<del>status: <mark>draft</mark></del>",
        "<ins>status: <mark>approved</mark></ins>",
        "<del>Wait <mark>30</mark> seconds before you pour the water.</del>",
        "<ins>Wait <mark>5</mark> seconds before you pour the <mark>&lt;b&gt;</mark>water.</ins>",
    ] {
        assert!(approved.contains(line), "{line}\n{approved}");
    }
    assert!(added.contains("The text was new."), "{added}");
    assert!(text_of(&site, "tea/runbooks/RB-001.html").contains("../history/runbooks/RB-001.html"));
    assert!(!site.contains_key("tea/history/decisions/DEC-001.html"), "there is one text only");
}

#[test]
fn what_changed_after_the_last_status_is_shown_first() {
    let lab = lab();
    lab.write(
        "tea/runbooks/RB-001.md",
        &runbook("approved", "Wait 5 minutes before you pour the <b>water."),
    );
    lab.commit("Wait longer");
    let site = built(&lab.root, &[]);
    let past = text_of(&site, "tea/history/runbooks/RB-001.html");
    let after = past.split_once("The text changed after that").unwrap().1;
    let after = after.split_once("approved, was draft").unwrap().0;
    assert!(after.contains("<mark>minutes</mark>"), "{after}");
}

#[test]
fn a_line_says_until_when_it_held_and_what_is_unusual_about_it() {
    let lab = lab();
    lab.write("tea/runbooks/RB-001.md", &runbook("retired", "Wait 5 seconds."));
    lab.write("tea/decisions/DEC-002.md", "---\nid: DEC-002\nkind: decision\ntitle: Other tea\nstatus: whatever\nsupersedes: [DEC-001]\n---\n# Other tea\n\nText.\n");
    lab.commit("Retire it");
    let site = built(&lab.root, &[]);
    let log = text_of(&site, "tea/decision-log.html");
    let rows: Vec<&str> = log.split("<tr ").collect();
    let row = |id: &str, word: &str| {
        let word = format!("<strong>{word}</strong>");
        let found = rows.iter().find(|row| row.contains(&format!(">{id}<")) && row.contains(&word));
        *found.unwrap_or_else(|| panic!("{id} {word}: {log}"))
    };
    assert!(row("RB-001", "approved").contains("in force until 1 Jan 2026"));
    assert!(!row("RB-001", "retired").contains("in force until"));
    let decided = row("DEC-001", "accepted");
    assert!(decided.contains("Contested: green was recommended, black was decided."), "{decided}");
    assert!(decided.contains("Superseded by DEC-002."), "{decided}");
    assert!(decided.contains("data-gate=\"G1\""), "{decided}");
    assert!(row("DEC-002", "whatever").contains("“whatever” is no status of this kind"));
}

#[test]
fn what_went_wrong_is_marked_by_its_word_and_a_shape() {
    let lab = lab();
    let change = |id: &str, outcome: &str| {
        let text = format!(
            "---\nid: {id}\nkind: change\ntitle: Change\nstatus: closed\noutcome: {outcome}\n---\n# Change\n\n[other](CHG-002.md)\n"
        );
        lab.write(&format!("tea/changes/{id}.md"), &text);
    };
    change("CHG-001", "Rolled back");
    change("CHG-002", "successful");
    lab.commit("Change");
    let site = built(&lab.root, &[]);
    let marked = "<span class=\"result result-adverse\">Rolled back</span>";
    for (route, times) in [
        ("tea/kinds/change.html", 1),
        ("tea/contents.html", 1),
        ("tea/changes/CHG-001.html", 1),
        ("tea/changes/CHG-002.html", 1),
    ] {
        let page = text_of(&site, route);
        assert_eq!(page.matches(marked).count(), times, "{route}: {page}");
        assert_eq!(page.matches("result-adverse").count(), times, "{route}: {page}");
    }
    let log = text_of(&site, "tea/decision-log.html");
    assert_eq!(
        log.matches("<span class=\"state state-failed\">went wrong</span>").count(),
        1,
        "{log}"
    );
    assert!(log.contains("What came of it: Rolled back."), "{log}");
}

#[test]
fn the_feed_holds_the_latest_first_and_gives_each_a_name_of_its_own() {
    let feed = text_of(&built(&lab().root, &[]), "tea/decision-log.atom");
    let values = |name: &str| -> Vec<&str> {
        let mark = format!("<{name}>");
        let starts = feed.match_indices(&mark).map(|(at, _)| at + mark.len());
        starts.map(|start| feed[start..].split('<').next().unwrap()).collect()
    };
    assert_eq!(
        values("title"),
        [
            "Tea: decisions",
            "DEC-001 =Which tea: added as accepted",
            "RB-001 Boil water: approved, was draft",
            "RB-001 Boil water: added as draft"
        ]
    );
    let ids: std::collections::BTreeSet<_> = values("id").into_iter().collect();
    assert_eq!(ids.len(), 4);
    assert!(feed.contains("<link href=\"runbooks/RB-001.html\"/>"), "{feed}");
}

#[test]
fn the_table_for_spreadsheets_holds_every_line_and_no_formula() {
    let site = built(&lab().root, &[]);
    let table = text_of(&site, "tea/decision-log.csv");
    let lines: Vec<&str> = table.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("\u{feff}\"landed\""), "{}", lines[0]);
    let second = lines[2].split(',').collect::<Vec<_>>();
    assert_eq!(
        second[1..8],
        [
            "\"RB-001\"",
            "\"Boil water\"",
            "\"Runbook\"",
            "\"\"",
            "\"was draft\"",
            "\"approved\"",
            "\"\""
        ]
    );
    assert!(
        lines[3].contains("\"'=Which tea\",\"Decision\",\"G1\",\"new\",\"accepted\""),
        "{}",
        lines[3]
    );
}
