//! What figures come to, in folders of `tests/figures/`: a pack, and in `expected.txt` what its criteria, conditions and
//! budgets came to on some days, reckoned by hand.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use proptest::prelude::*;
use readymark::figures::criteria::assess;
use readymark::figures::delivery::delivery;
use readymark::figures::trigger::{State, Trigger, Watch};
use readymark::pack::Packs;

use crate::fixture::check;
use crate::lab::{self, Lab, run};
use crate::rules::{compare, files, text};

fn state(one: &Trigger) -> String {
    match one.state {
        State::Quiet => "quiet".to_owned(),
        State::Hit(day) => format!("hit since {day}"),
        State::Unknown => "unknown".to_owned(),
    }
}

/// Says what everything of the first pack came to.
fn told(packs: &Packs, day: &str) -> String {
    let mut text = format!("as of {day}\n");
    let day: Date = day.parse().expect("a day");
    for at in packs.of(0) {
        let Some(assessed) = assess(packs, at, day) else { continue };
        _ = write!(text, "{}", packs.artifacts[at].id);
        if assessed.decides {
            let advice = assessed.recommend();
            _ = write!(text, " until {}: {}, {}", assessed.until, advice.advice.word(), advice.why);
        }
        text.push('\n');
        for row in &assessed.rows {
            let name = if row.id.is_empty() { &row.subject } else { &row.id };
            _ = writeln!(text, "  {name} {}: {}", row.measured.outcome.word(), row.measured.words);
        }
    }
    let records = delivery(packs, 0);
    let watch = Watch::new(packs, 0, &records, day);
    for one in watch.triggers() {
        let name = if one.id.is_empty() { &one.subject } else { &one.id };
        _ = writeln!(text, "{name} {}: {}", state(&one), one.words);
    }
    for one in watch.pause_rules().iter().flat_map(|rule| &rule.conditions) {
        _ = writeln!(text, "pause {} {} {}: {}", one.subject, one.limit, state(one), one.words);
    }
    for one in watch.budgets() {
        let used = one.used.map_or("unknown".to_owned(), |used| format!("{} %", used.to_places(1)));
        _ = writeln!(text, "{} {used}: {}", one.level, one.words);
    }
    text
}

#[test]
fn figures_come_to_what_was_reckoned_by_hand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures");
    compare(&root, |folder| {
        let expected = text(&folder.join("expected.txt"));
        let days: Vec<&str> =
            expected.lines().filter_map(|line| line.strip_prefix("as of ")).collect();
        assert!(!days.is_empty(), "{}", folder.display());
        days.iter().map(|day| told(&check(&files(folder), day).packs, day)).collect()
    });
}

/// The page of figures of a folder of `tests/figures/`, as of a day.
fn page(folder: &str, day: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures").join(folder);
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"H\"\n");
    for (path, text) in files(&root) {
        lab.write(&path, &text);
    }
    lab.commit("Start");
    let out = tempfile::tempdir().expect("a folder");
    let site = out.path().join("site");
    run(&lab.root, &["build", ".", "-d", site.to_str().expect("text"), "--as-of", day]);
    let site = lab::files(&site);
    assert!(String::from_utf8_lossy(&site["p/index.html"]).contains("figures.html"));
    String::from_utf8_lossy(&site["p/figures.html"]).into_owned()
}

#[test]
fn the_page_shows_delivery_beside_what_it_brings() {
    let page = page("exit", "2026-05-22");
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(place("<h2>Delivery</h2>") < place("<h2>What it brings</h2>"));
    // Leading numbers come first, then those of which nobody says, then lagging ones.
    assert!(place("<h3>Copilot used") < place("<h3>Average handle time"));
    assert!(place("<h3>Average handle time") < place("<h3>Customer satisfaction"));
    for text in [
        "<p class=\"number\">6.58 min</p>",
        "22 May 2026",
        "p/weekly.csv:7",
        "<svg class=\"trend\"",
        "6 numbers from 7.41 min on 17 Apr 2026 to 6.58 min on 22 May 2026, lowest 6.58 min, highest 7.41 min",
        "<dd>7.5 min</dd>",
        "<strong>iterate</strong>",
        "No decision is on record yet.",
        "<strong>fail</strong></span> 45 tickets a week",
        "<strong>within tolerance</strong>",
    ] {
        place(text);
    }
    assert!(!page.contains("2026-06-19") && !page.contains("19 June"), "days to come do not count");
}

#[test]
fn figures_of_delivery_say_on_how_many_changes_they_rest() {
    let early = page("delivery", "2026-04-20");
    let page = page("delivery", "2026-05-15");
    for text in [
        "<p class=\"number\">28.57 %</p>",
        "2 of 7 changes failed from 2026-04-18 to 2026-05-15; with so few it may as well be 8 to 64 %",
        "<p class=\"number\">64 min</p>",
        "<p class=\"number\">1.75",
        "changes that failed or were mended by hand, of all that went live",
        "<dt>Before</dt><dd>12 %</dd>",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(early.contains("not enough changes: 2 changes"));
}

#[test]
fn conditions_stand_with_their_state() {
    let page = page("budgets", "2026-05-22");
    for text in [
        "<h2>When the trial pauses</h2>",
        "<h2>When one goes back</h2>",
        "<strong>hit since 20 May 2026</strong>",
        "<strong>quiet</strong>",
        "<h2>Error budgets</h2>",
        "<strong>68.2 % used</strong>",
        "<meter min=\"0\" max=\"100\" value=\"68\"",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a data file, nothing stops, and each finding about it has its place in it.
    #[test]
    fn any_data_file_is_read_or_told(rows in "([0-9]{1,40}|[-−+.,;\t\"'\r\n% a-zé€•]|2026-0[0-9]-[0-3][0-9]){0,60}") {
        let metrics = "---\nid: MET-1\nkind: metrics\nobservations: w.csv\n---\n# M\n\n| Metric | Unit | Direction | Limit |\n|---|---|---|---|\n| a | s | down | 2 s |\n";
        let files = [
            ("p/pack.toml", "id = \"p\"\n".to_owned()),
            ("p/m.md", metrics.to_owned()),
            ("p/w.csv", format!("date,a,{rows}")),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text));
        let checked = check(&files, "2026-05-05");
        let lines = files[2].1.split(['\r', '\n']).count();
        for one in checked.findings.iter().filter(|one| one.path.as_str() == "p/w.csv") {
            prop_assert!((1..=lines).contains(&one.place.0), "{}", checked.rendered());
        }
        told(&checked.packs, "2026-05-05");
    }
}
