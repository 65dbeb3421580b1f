//! The day on which waiting alone changes a verdict, against judging anew on every day.

use std::fmt::Write as _;

use proptest::prelude::*;
use readymark::profiles::{Outcome, Verdict};

use crate::fixture::check;

type Files = Vec<(String, String)>;

/// Days that are looked at one by one.
const HORIZON: i32 = 40;

const DRILL: &str =
    "name = \"drill\"\nprefix = \"DR\"\n[[field]]\nname = \"held_on\"\nform = \"date\"\n";

const OWN: &str = r#"
id = "own"
[[gate]]
id = "ONE"
[[gate]]
id = "TWO"
[[requirement]]
id = "R-1"
statement = "Somebody drilled lately"
need = [{ kind = "drill", max-age = { held_on = "20d" } }]
[[requirement]]
id = "R-2"
statement = "Every drill is fresh"
need = [{ kind = "drill", each = true, max-age = { held_on = "30d" } }]
[[requirement]]
id = "R-3"
gate = "TWO"
statement = "Somebody pays"
need = [{ roles = ["sponsor"] }]
[[requirement]]
id = "R-4"
gate = "TWO"
statement = "It was said, or somebody runs it"
need = [{ any = "x", attest = "said" }, { any = "x", roles = ["runner"] }]
[[requirement]]
id = "R-5"
statement = "There is a tier"
need = [{ pack = ["tier"] }]
[[requirement]]
id = "R-6"
level = "recommended"
statement = "The verdict does not rest on it"
need = [{ kind = "drill", max-age = { held_on = "5d" } }]
"#;

fn day(offset: i32) -> String {
    let today: jiff::civil::Date = "2026-05-05".parse().unwrap();
    today.checked_add(jiff::Span::new().days(offset)).unwrap().to_string()
}

/// What is random: days of drills, of a waiver, of roles, of a person who leaves, of a statement.
#[derive(Debug, Clone)]
struct Story {
    drills: Vec<i32>,
    waived: Option<i32>,
    sponsors: Vec<(i32, i32)>,
    runner: (i32, i32),
    gone: i32,
    said: Option<i32>,
}

fn story() -> impl Strategy<Value = Story> {
    let days = || -30..HORIZON;
    let held = || (days(), days());
    let parts = (
        prop::collection::vec(days(), 0..4),
        prop::option::of(days()),
        prop::collection::vec(held(), 0..3),
        held(),
        days(),
        prop::option::of(days()),
    );
    parts.prop_map(|(drills, waived, sponsors, runner, gone, said)| Story {
        drills,
        waived,
        sponsors,
        runner,
        gone,
        said,
    })
}

impl Story {
    fn files(&self) -> Files {
        let held = |(from, until): &(i32, i32)| {
            format!("{{ person = \"ana\", from = {}, until = {} }}", day(*from), day(*until))
        };
        let sponsors: Vec<String> = self.sponsors.iter().map(held).collect();
        let mut pack = format!(
            "id = \"p\"\nprofiles = [\"own\"]\n[roles]\nsponsor = [{}]\nrunner = [{}]\nowner = \"bo\"\n",
            sponsors.join(", "),
            held(&self.runner).replace("ana", "bo"),
        );
        if let Some(said) = self.said {
            _ = write!(pack, "[[attestation]]\nid = \"said\"\nby = \"bo\"\non = {}\n", day(said));
        }
        let people = format!(
            "[[person]]\nid = \"ana\"\nuntil = {}\n[[person]]\nid = \"bo\"\n",
            day(self.gone)
        );
        let mut files = vec![
            ("kinds/drill.toml".to_owned(), DRILL.to_owned()),
            ("profiles/own.toml".to_owned(), OWN.to_owned()),
            ("people.toml".to_owned(), people),
            ("p/pack.toml".to_owned(), pack),
            ("p/x.md".to_owned(), "# X\n".to_owned()),
        ];
        for (at, held_on) in self.drills.iter().enumerate() {
            let text = format!(
                "---\nid: DR-{at}\nkind: drill\ntitle: D\nstatus: approved\nheld_on: {}\n---\n# D\n",
                day(*held_on)
            );
            files.push((format!("p/{at}.md"), text));
        }
        files.extend(self.waived.map(|until| {
            let text = format!(
                "---\nid: WVR-1\nkind: waiver\ntitle: W\nstatus: granted\nowner: ana\nwaives: [R-5]\ngranted_by: bo\nrequested_by: ana\nexpires: {}\n---\n# W\n\nText.\n",
                day(until)
            );
            ("p/w.md".to_owned(), text)
        }));
        files
    }
}

fn verdicts(files: &Files, offset: i32) -> Vec<Verdict> {
    check(files, &day(offset)).verdicts
}

/// What the gate depends on.
fn outcomes(verdict: &Verdict) -> Vec<Outcome> {
    verdict.required().map(|one| one.outcome).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_first_day_on_which_an_outcome_changes_is_foretold(story in story()) {
        let files = story.files();
        let now = verdicts(&files, 0);
        prop_assert_eq!(now.len(), 2);
        let later: Vec<Vec<Verdict>> = (1..HORIZON).map(|at| verdicts(&files, at)).collect();
        for (gate, verdict) in now.iter().enumerate() {
            let is_other = |at: &usize| outcomes(&later[*at][gate]) != outcomes(verdict);
            let expected = (0..later.len()).find(is_other).map(|at| later[at][gate].as_of.clone());
            let told = verdict.next_change().map(str::to_owned);
            // What lies beyond the last day that was looked at is not looked at.
            let told = told.filter(|day| *day < self::day(HORIZON));
            prop_assert_eq!(told, expected, "{}", verdict.gate_id);
        }
    }
}

#[test]
fn where_rules_must_be_silent_nobody_is_promised_more_than_the_next_day_that_may_matter() {
    let own = "id = \"own\"\n[[requirement]]\nid = \"R\"\nstatement = \"All is well\"\nneed = [{ no-findings = [\"people\"] }]\n";
    let person = |until: &str| format!("[[person]]\nid = \"ana\"\nname = \"Ana\"\n{until}");
    let told = |until: &str| {
        let files = [
            ("profiles/own.toml", own.to_owned()),
            ("people.toml", person(until)),
            (
                "p/pack.toml",
                "id = \"p\"\nprofiles = [\"own\"]\n[roles]\nservice-owner = \"ana\"\n".to_owned(),
            ),
            ("p/x.md", "---\nid: RB-1\nkind: runbook\nstatus: approved\n---\n# X\n".to_owned()),
        ];
        let files: Files = files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect();
        let of = |offset| verdicts(&files, offset).remove(0);
        let change = of(0).next_change().map(str::to_owned);
        (change, outcomes(&of(9)), outcomes(&of(10)))
    };
    let until = format!("until = {}\n", day(9));
    let (change, before, after) = told(&until);
    assert_eq!(change, Some(day(10)));
    assert_ne!(before, after, "the rules find it on that day");
    assert_eq!(told("").0, None);
}
