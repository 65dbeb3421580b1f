//! Verdicts by profiles of a repository's own: one folder for each case in `tests/profiles/` with `expected.txt`, which
//! was written by hand. And the built-in profiles: every name in them is known.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::subsequence;
use readymark::profiles::{Outcome, Standing, Verdict, ahead, built_in};

use crate::fixture::{Checked, check};
use crate::lab::has_extension;
use crate::profiles::{Files, artifact_paths, whole, with};
use crate::rules::{compare, files, folders_in};

/// The day as of which the folders are judged.
const TODAY: &str = "2026-05-05";

/// Says each verdict with what its gate is the first to ask for, and what is wrong with TOML files.
fn told(checked: &Checked) -> String {
    let mut text = String::new();
    for verdict in &checked.verdicts {
        let pack = &checked.packs.packs[verdict.pack].id;
        let (low, high) = verdict.progress();
        let progress = if low == high { format!("{low}") } else { format!("{low} to {high}") };
        _ = writeln!(
            text,
            "{pack}, {} {}: {} ({progress} of 100)",
            verdict.profile,
            verdict.gate_id,
            verdict.words()
        );
        for one in verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id) {
            let level = if one.is_required() { "" } else { one.level.word() };
            let level = if level.is_empty() { String::new() } else { format!(", {level}") };
            _ = writeln!(text, "  {} {}{level}: {}", one.id, one.outcome.word(), one.reason);
            if let Some(fresh) = &one.fresh {
                _ = writeln!(text, "    until {}, due from {}", fresh.last, fresh.due);
            }
        }
    }
    let findings = checked.rendered();
    let mut about_toml = false;
    for line in findings.lines() {
        let is_help = line.starts_with("  ");
        if !is_help {
            about_toml = line.split(':').next().is_some_and(|path| has_extension(path, "toml"));
        }
        if about_toml {
            _ = writeln!(text, "{line}");
        }
    }
    text
}

#[test]
fn every_folder_is_judged_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/profiles");
    assert!(folders_in(&root).len() >= 12, "cases got lost");
    compare(&root, |folder| told(&check(&files(folder), TODAY)));
}

#[test]
fn the_built_in_profiles_use_names_that_kinds_and_rules_know() {
    let (known, findings) = built_in();
    let wrong: Vec<String> = findings
        .iter()
        .map(|one| format!("{}:{}: {}", one.path, one.place.0, one.message))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // As many gates and requirements as the source frameworks have, with those of overlays and those that came later.
    let size = |id: &str| {
        let profile = known.iter().find(|profile| profile.id == id).expect(id);
        (profile.gates.len(), profile.requirements.len())
    };
    assert_eq!(size("pilot-handoff"), (3, 32));
    assert_eq!(size("production-standards"), (4, 25));
    assert_eq!(size("staircase"), (5, 36 + 4 + 4));
    assert_eq!(size("readiness-review"), (5, 20 + 2));
    for one in known.iter().flat_map(|profile| &profile.requirements) {
        assert!(!one.hint.is_empty() && one.next.is_some(), "{} leads nowhere", one.id);
        assert!(!one.statement.ends_with('.') && !one.hint.ends_with('.'), "{}", one.id);
    }
}

/// The first profile that the guide shows is one that can be used as it stands.
#[test]
fn the_profile_of_the_guide_has_no_mistake() {
    let guide = include_str!("../../guide/company-profiles.md");
    let profile = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let pack = "id = \"p\"\nowner = \"ada\"\nprofiles = [\"larkfield@2026\"]\n";
    let files = [
        ("profiles/larkfield.toml".to_owned(), profile.expect("a profile").to_owned()),
        ("p/pack.toml".to_owned(), pack.to_owned()),
    ];
    let checked = check(&files, TODAY);
    assert_eq!(checked.rendered(), "");
    assert_eq!(checked.verdicts.len(), 5 + 3, "the gates of both profiles");
    let asks = |id: &str| {
        let all = checked.verdicts.iter().flat_map(|verdict| &verdict.requirements);
        all.filter(|one| one.id == id).count()
    };
    assert_eq!((asks("PH-09"), asks("LF-01"), asks("ST-26")), (0, 2, 2));
}

#[test]
fn an_empty_pack_meets_nothing_at_any_gate_of_any_profile() {
    let names: Vec<String> =
        built_in().0.iter().map(|profile| format!("\"{}\"", profile.id)).collect();
    let pack = format!("id = \"p\"\nprofiles = [{}]\nai = true\n", names.join(", "));
    let empty =
        check(&[("p/pack.toml".to_owned(), pack), ("p/x.md".into(), "# X\n".into())], TODAY);
    assert_eq!(empty.verdicts.len(), 1 + 3 + 4 + 5 + 5 + 4);
    for verdict in &empty.verdicts {
        let met: Vec<&str> = verdict
            .requirements
            .iter()
            .filter(|one| !one.is_open())
            .map(|one| one.id.as_str())
            .collect();
        assert!(met.is_empty(), "{} {}: {met:?}", verdict.profile, verdict.gate_id);
        assert_eq!(verdict.progress().0, 0);
        assert!(verdict.words().starts_with("not ready"), "{}", verdict.words());
    }
}

#[test]
fn of_each_profile_the_gate_ahead_is_the_first_that_is_not_passed() {
    let base = |id: &str, asked: [&str; 3]| {
        let gates: String = ["A", "B", "C"].iter().zip(asked).fold(String::new(), |text, (gate, fact)| {
            let need = format!("need = [{{ pack = [\"{fact}\"] }}]");
            text + &format!("[[gate]]\nid = \"{gate}\"\n[[requirement]]\nid = \"{id}-{gate}\"\nstatement = \"It is so\"\ngate = \"{gate}\"\n{need}\n")
        });
        (format!("profiles/{id}.toml"), format!("id = \"{id}\"\n{gates}"))
    };
    let pack =
        "id = \"p\"\nowner = \"ada\"\ntier = \"A\"\nprofiles = [\"none\", \"some\", \"all\"]\n";
    let files = [
        base("none", ["stage", "tier", "tier"]),
        base("some", ["tier", "stage", "tier"]),
        base("all", ["tier", "tier", "tier"]),
        ("p/pack.toml".to_owned(), pack.to_owned()),
    ];
    let checked = check(&files, TODAY);
    let verdicts: Vec<&Verdict> = checked.verdicts.iter().collect();
    let front: Vec<(&str, &str)> = ahead(&verdicts)
        .into_iter()
        .map(|at| (verdicts[at].profile.as_str(), verdicts[at].gate_id.as_str()))
        .collect();
    assert_eq!(front, [("none", "A"), ("some", "B"), ("all", "C")]);
}

/// The whole pack, judged by every built-in profile, with more lines for its `pack.toml`.
fn judged_by_all(files: Files, more: &str) -> Files {
    let names: Vec<String> =
        built_in().0.iter().map(|profile| format!("\"{}\"", profile.id)).collect();
    let all = format!("profiles = [{}]", names.join(", "));
    let change = |(path, text): (String, String)| match path.as_str() {
        "p/pack.toml" => {
            let text = text.replace("profiles = [\"day-zero\"]", &all);
            assert!(text.contains(&all));
            (path, text + more)
        }
        _ => (path, text),
    };
    files.into_iter().map(change).collect()
}

fn without(files: Files, removed: &[String]) -> Files {
    files.into_iter().filter(|(path, _)| !removed.contains(path)).collect()
}

/// How bad a verdict is for its outcomes: worse is greater.
fn badness(verdict: &Verdict) -> (Standing, usize) {
    (verdict.standing(), verdict.blockers())
}

fn met(verdict: &Verdict) -> Vec<&str> {
    let met = verdict.requirements.iter().filter(|one| one.outcome == Outcome::Met);
    met.map(|one| one.id.as_str()).collect()
}

const EXEMPT: &str =
    "\n[[not-applicable]]\nrequirement = \"PH-16\"\nreason = \"nothing drifts\"\nby = \"priya\"\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_documents_away_improves_no_gate_and_exempts_from_nothing(removed in subsequence(artifact_paths(), 0..=9)) {
        let before = check(&judged_by_all(whole(), ""), TODAY);
        let after = check(&judged_by_all(without(whole(), &removed), ""), TODAY);
        prop_assert_eq!(before.verdicts.len(), after.verdicts.len());
        for (was, is) in before.verdicts.iter().zip(&after.verdicts) {
            prop_assert!(badness(is) >= badness(was), "{} {}", is.profile, is.gate_id);
            prop_assert!(is.progress().0 <= was.progress().0);
            for (one, other) in was.requirements.iter().zip(&is.requirements) {
                let (one, other) = (one.outcome, other.outcome);
                prop_assert_eq!(one == Outcome::NotApplicable, other == Outcome::NotApplicable);
                prop_assert!(one != Outcome::Unmet || other == Outcome::Unmet);
            }
        }
    }

    #[test]
    fn every_gap_at_every_gate_says_why_where_and_who(removed in subsequence(artifact_paths(), 0..=9)) {
        for verdict in check(&judged_by_all(without(whole(), &removed), ""), TODAY).verdicts {
            for one in verdict.requirements.iter().filter(|one| one.is_open()) {
                prop_assert!(!one.reason.is_empty() && !one.hint.is_empty(), "{}", one.id);
                prop_assert!(one.next.is_some(), "{} has nobody next", one.id);
            }
        }
    }

    #[test]
    fn a_later_gate_is_never_better_than_those_that_it_includes(removed in subsequence(artifact_paths(), 0..=9)) {
        let verdicts = check(&judged_by_all(without(whole(), &removed), ""), TODAY).verdicts;
        for pair in verdicts.windows(2).filter(|pair| pair[0].profile == pair[1].profile) {
            prop_assert!(badness(&pair[1]) >= badness(&pair[0]), "{}", pair[1].gate_id);
            let included: Vec<&str> = pair[0].requirements.iter().map(|one| one.id.as_str()).collect();
            let there = |id: &&str| pair[1].requirements.iter().any(|one| one.id == **id);
            prop_assert!(included.iter().all(there));
        }
    }

    #[test]
    fn a_waiver_raises_no_progress(id in prop::sample::select(vec!["PH-01", "PH-14", "PH-16", "PS-08", "ST-07", "RR-02"]), removed in subsequence(artifact_paths(), 0..=4)) {
        let removed: Vec<String> = removed.into_iter().filter(|path| !path.contains("WVR")).collect();
        let waiving = |id: &str| {
            let files = with("p/waivers/WVR-001.md", "[PH-16]", &format!("[{id}]"));
            check(&judged_by_all(without(files, &removed), ""), TODAY).verdicts
        };
        for (waived, bare) in waiving(id).iter().zip(&waiving("XX-99")) {
            prop_assert_eq!(waived.progress().0, bare.progress().0);
            prop_assert_eq!(met(waived), met(bare));
        }
    }

    #[test]
    fn what_does_not_apply_only_leaves_the_base(removed in subsequence(artifact_paths(), 0..=4)) {
        let judge = |more: &str| check(&judged_by_all(without(whole(), &removed), more), TODAY).verdicts;
        for (exempt, asked) in judge(EXEMPT).iter().zip(&judge("")) {
            let others: Vec<&str> = met(asked).into_iter().filter(|id| *id != "PH-16").collect();
            prop_assert_eq!(met(exempt), others);
            let has = exempt.requirements.iter().any(|one| one.id == "PH-16");
            prop_assert_eq!(exempt.applicable().count() + usize::from(has), asked.applicable().count());
        }
    }

    #[test]
    fn what_is_recommended_changes_no_verdict(removed in subsequence(artifact_paths(), 0..=4)) {
        let own = "id = \"own\"\nextends = [\"day-zero\"]\n[[requirement]]\nid = \"O-1\"\nstatement = \"More\"\nlevel = \"recommended\"\nneed = [{ pack = [\"stage\"] }]\n";
        let pack = include_str!("pack/pack.toml").replace("\"day-zero\"", "\"day-zero\", \"own\"");
        let mut files = without(whole(), &removed);
        files.retain(|(path, _)| path != "p/pack.toml");
        files.extend([("p/pack.toml".to_owned(), pack), ("profiles/own.toml".to_owned(), own.to_owned())]);
        let verdicts = check(&files, TODAY).verdicts;
        let (plain, more) = (&verdicts[0], &verdicts[1]);
        prop_assert_eq!(plain.words(), more.words());
        prop_assert_eq!(plain.progress(), more.progress());
        prop_assert_eq!(plain.requirements.len() + 1, more.requirements.len());
    }
}
