//! Verdicts: a whole pack, what takes one thing away from it, and what must hold for every pack.

use proptest::prelude::*;
use proptest::sample::subsequence;
use readymark::kinds;
use readymark::profiles::{Outcome, Standing, Verdict};

use crate::fixture::check;
use crate::lab::has_extension;

pub(crate) type Files = Vec<(String, String)>;

const DAY: &str = "2026-05-05";

/// A pack that meets every required requirement of the profile `day-zero`.
pub(crate) fn whole() -> Files {
    let files: [(&str, &str); 11] = [
        ("people.toml", include_str!("pack/people.toml")),
        ("p/pack.toml", include_str!("pack/pack.toml")),
        ("p/intent.md", include_str!("pack/intent.md")),
        ("p/raci.md", include_str!("pack/raci.md")),
        ("p/support.md", include_str!("pack/support.md")),
        ("p/runbooks/RB-001.md", include_str!("pack/RB-001.md")),
        ("p/changes/CHG-001.md", include_str!("pack/CHG-001.md")),
        ("p/config/baseline.md", include_str!("pack/baseline.md")),
        ("p/decisions/DEC-001.md", include_str!("pack/DEC-001.md")),
        ("p/waivers/WVR-001.md", include_str!("pack/WVR-001.md")),
        ("p/README.md", "# Copilot\n\nWhat it is.\n"),
    ];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec()
}

/// Changes one file of the whole pack.
pub(crate) fn with(path: &str, from: &str, to: &str) -> Files {
    let mut files = whole();
    let file = files.iter_mut().find(|(known, _)| known == path).expect(path);
    assert!(file.1.contains(from), "{path} holds {from:?}");
    file.1 = file.1.replacen(from, to, 1);
    files
}

fn without(path: &str) -> Files {
    whole().into_iter().filter(|(known, _)| known != path).collect()
}

fn judge(files: &Files, day: &str) -> Verdict {
    check(files, day).day_zero()
}

fn outcome(verdict: &Verdict, id: &str) -> Outcome {
    verdict.requirements.iter().find(|one| one.id == id).expect(id).outcome
}

/// The ids of the required requirements that hold the gate up, and why.
fn blockers(verdict: &Verdict) -> Vec<(String, String)> {
    let open = |outcome| matches!(outcome, Outcome::Unmet | Outcome::Stale);
    let required = verdict.requirements.iter().filter(|one| one.is_required() && open(one.outcome));
    required.map(|one| (one.id.clone(), one.reason.clone())).collect()
}

#[test]
fn who_holds_a_role_rests_on_the_line_that_says_so() {
    let files = whole();
    let pack = files.iter().find(|(path, _)| path == "p/pack.toml").unwrap();
    let expected = 1 + pack.1.lines().position(|line| line.starts_with("service-owner")).unwrap();
    let verdict = judge(&files, DAY);
    let asked = verdict.requirements.iter().find(|one| one.id == "PH-04").unwrap();
    assert!(expected > 1);
    assert_eq!(asked.evidence.iter().map(|one| one.line).collect::<Vec<_>>(), [expected]);
}

#[test]
fn the_whole_pack_is_ready_under_its_waiver_until_the_waiver_ends() {
    let checked = check(&whole(), DAY);
    assert_eq!(blockers(&checked.day_zero()), [], "{}", checked.rendered());
    assert_eq!(checked.day_zero().words(), "ready · 1 waiver until 15 May");
    assert_eq!(judge(&whole(), "2026-05-15").words(), "ready · 1 waiver until 15 May");
    let late = judge(&whole(), "2026-05-16");
    let ids: Vec<String> = blockers(&late).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["PH-16", "DZ-03", "DZ-04"], "{:?}", blockers(&late));
    assert_eq!(late.words(), "not ready · 3 blockers");
    let alerted = with(
        "p/config/baseline.md",
        "environments:",
        "drift_alert: nightly diff to the duty phone\nenvironments:",
    );
    assert_eq!(judge(&alerted, DAY).words(), "ready");
    assert_eq!(judge(&whole(), "2025-12-31").words(), "ready · 1 waiver until 15 May 2026");
}

#[test]
fn taking_one_thing_away_opens_exactly_what_rests_on_it() {
    let cases: [(&str, Files, &[&str]); 13] = [
        ("no intent", without("p/intent.md"), &["PH-01", "PH-28"]),
        ("intent is a draft", with("p/intent.md", "status: approved", "status: draft"), &["PH-01"]),
        (
            "no decision date",
            with("p/intent.md", "decision_by: 2026-06-30", "reviewed: 2026-05-01"),
            &["PH-28", "DZ-04"],
        ),
        ("two accountables", with("p/raci.md", "| A/R | C |", "| A/R | A |"), &["PH-03"]),
        (
            "nobody owns the service",
            with("p/pack.toml", "service-owner", "sponsor"),
            &["PH-04", "DZ-04"],
        ),
        (
            "the owner has left",
            with(
                "people.toml",
                "name = \"Priya Raman\"",
                "name = \"Priya Raman\"\nuntil = 2026-05-01",
            ),
            &["PH-04", "DZ-04"],
        ),
        ("no phone", with("p/support.md", "| Phone |", "| Room |"), &["PH-05"]),
        (
            "no steps",
            with("p/runbooks/RB-001.md", "1. Switch the toggle off for both sites.", "TBD"),
            &["PH-14", "DZ-04"],
        ),
        (
            "no way back",
            with("p/changes/CHG-001.md", "rolls-back-with: [RB-001]\n", ""),
            &["PH-12"],
        ),
        (
            "activation not approved",
            with("p/changes/CHG-001.md", "status: approved", "status: assessing"),
            &["PH-12", "PH-10"],
        ),
        (
            "decision only proposed",
            with("p/decisions/DEC-001.md", "status: accepted", "status: proposed"),
            &["DZ-01"],
        ),
        (
            "decision without a status",
            with("p/decisions/DEC-001.md", "status: accepted", "status: acepted"),
            &["DZ-01", "DZ-02"],
        ),
        ("a broken link", with("p/README.md", "What it is.", "[x](nowhere.md)"), &["DZ-04"]),
    ];
    for (name, files, expected) in cases {
        let verdict = judge(&files, DAY);
        let ids: Vec<String> = blockers(&verdict).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, expected, "{name}: {:?}", blockers(&verdict));
        assert_eq!(verdict.standing(), Standing::NotReady, "{name}");
    }
}

#[test]
fn what_is_not_met_says_why_where_and_who() {
    let verdict = judge(
        &with("p/runbooks/RB-001.md", "1. Switch the toggle off for both sites.", "TBD"),
        DAY,
    );
    let runbook = verdict.requirements.iter().find(|one| one.id == "PH-14").unwrap();
    assert_eq!(runbook.reason, "RB-001: the section `Act` is empty");
    assert_eq!(runbook.next.as_deref(), Some("Oskar Lind"));
    let place = &runbook.evidence[0];
    assert_eq!((place.path.as_str(), place.line), ("p/runbooks/RB-001.md", 15));
    let verdict = judge(&without("p/intent.md"), DAY);
    let intent = &verdict.requirements[0];
    assert_eq!(intent.reason, "there is no intent brief; write one in p/intent/");
    assert_eq!(intent.next.as_deref(), Some("Marcus Hale"));
}

#[test]
fn a_place_that_a_verdict_rests_on_is_told_once() {
    let verdict = judge(&whole(), DAY);
    for one in &verdict.requirements {
        let mut places: Vec<_> =
            one.evidence.iter().map(|at| (at.path.as_str(), at.line)).collect();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), all, "{}", one.id);
    }
    let reachable = verdict.requirements.iter().find(|one| one.id == "PH-05").unwrap();
    assert_eq!(reachable.evidence.len(), 1, "two needs are met by the same document");
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_met() {
    let verdict = judge(&with("p/config/baseline.md", "title:", "title: ["), DAY);
    assert_eq!(outcome(&verdict, "PH-15"), Outcome::Unknown);
    assert!(verdict.requirements.iter().any(|one| one.reason.contains("p/config/baseline.md")));
}

#[test]
fn some_requirements_cannot_be_waived_and_drafts_waive_nothing() {
    let files = with("p/waivers/WVR-001.md", "waives: [PH-16]", "waives: [PH-04, ph-16]");
    let mut files: Files = files;
    files
        .iter_mut()
        .filter(|(path, _)| path == "p/pack.toml")
        .for_each(|(_, text)| *text = text.replace("service-owner", "tech-lead"));
    let verdict = judge(&files, DAY);
    assert_eq!(outcome(&verdict, "PH-04"), Outcome::Unmet, "not waivable");
    assert_eq!(outcome(&verdict, "PH-16"), Outcome::Waived, "the case of letters does not count");
    let draft = with("p/waivers/WVR-001.md", "status: granted", "status: requested");
    assert_eq!(outcome(&judge(&draft, DAY), "PH-16"), Outcome::Unmet);
    let endless = with("p/waivers/WVR-001.md", "expires: 2026-05-15\n", "");
    assert_eq!(outcome(&judge(&endless, DAY), "PH-16"), Outcome::Unmet);
}

#[test]
fn an_empty_pack_and_a_pack_of_templates_have_nothing() {
    let pack = ("p/pack.toml".to_owned(), "id = \"p\"\nprofiles = [\"day-zero\"]\n".to_owned());
    let mut templates = vec![pack.clone()];
    for kind in kinds::load(&[]).0 {
        let id = format!("{}-001", kind.prefix);
        templates.push((
            format!("p/{}/{}.md", kind.folder, kind.name),
            kinds::template(&kind, &id, &kind.title),
        ));
    }
    for files in [vec![pack.clone(), ("p/x.md".into(), "# X\n".into())], templates] {
        let checked = check(&files, DAY);
        let verdict = checked.day_zero();
        let met: Vec<_> =
            verdict.requirements.iter().filter(|one| one.outcome != Outcome::Unmet).collect();
        assert!(met.is_empty(), "{met:?}");
        assert_eq!(verdict.standing(), Standing::NotReady);
        for one in &verdict.requirements {
            assert!(!one.reason.is_empty(), "{} has a cause", one.id);
            let next = one.next.as_deref().unwrap_or_default();
            assert!(next.ends_with(" (nobody holds this role)"), "{}: {next}", one.id);
        }
        let errors = checked
            .findings
            .iter()
            .filter(|finding| finding.severity == readymark::diagnostic::Severity::Error);
        assert_eq!(errors.count(), 0, "a fresh template is no error: {}", checked.rendered());
    }
}

/// How good a verdict is: worse is greater.
fn badness(verdict: &Verdict) -> (Standing, usize) {
    (verdict.standing(), verdict.blockers())
}

pub(crate) fn artifact_paths() -> Vec<String> {
    whole()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("p/") && has_extension(path, "md"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn removing_evidence_never_helps_and_every_gap_is_explained(removed in subsequence(artifact_paths(), 0..=9)) {
        let files: Files = whole().into_iter().filter(|(path, _)| !removed.contains(path)).collect();
        let verdict = judge(&files, DAY);
        let before = judge(&whole(), DAY);
        prop_assert!(badness(&verdict) >= badness(&before));
        for (one, was) in verdict.requirements.iter().zip(&before.requirements) {
            if was.outcome == Outcome::Unmet { prop_assert_ne!(one.outcome, Outcome::Met); }
            if one.outcome != Outcome::Met {
                prop_assert!(!one.hint.is_empty() && !one.reason.is_empty());
                prop_assert!(one.next.is_some(), "{} has nobody next", one.id);
                let named = !one.evidence.is_empty() || one.reason.contains("p/") || one.reason.contains("nothing in this pack");
                prop_assert!(named, "{}: {}", one.id, one.reason);
            }
        }
    }

    #[test]
    fn time_alone_never_helps(removed in subsequence(artifact_paths(), 0..=3), days in prop::collection::vec(1_u32..=28, 2)) {
        let files: Files = whole().into_iter().filter(|(path, _)| !removed.contains(path)).collect();
        let (early, late) = (days[0].min(days[1]), days[0].max(days[1]));
        let at = |day| judge(&files, &format!("2026-05-{day:02}"));
        prop_assert!(badness(&at(late)) >= badness(&at(early)));
    }

    #[test]
    fn a_waiver_never_counts_as_met(id in prop::sample::select(vec!["PH-01", "PH-03", "PH-10", "PH-12", "PH-14", "PH-16", "DZ-01"]), removed in subsequence(artifact_paths(), 0..=4)) {
        let removed: Vec<_> = removed.into_iter().filter(|path| !path.contains("WVR")).collect();
        let keep = |files: Files| -> Files { files.into_iter().filter(|(path, _)| !removed.contains(path)).collect() };
        let waived = judge(&keep(with("p/waivers/WVR-001.md", "[PH-16]", &format!("[{id}]"))), DAY);
        let bare = judge(&keep(with("p/waivers/WVR-001.md", "status: granted", "status: requested")), DAY);
        let met = |verdict: &Verdict| verdict.requirements.iter().filter(|one| one.outcome == Outcome::Met).count();
        prop_assert!(met(&waived) <= met(&bare) + 1, "only what says that waivers are in order may differ");
        prop_assert_ne!(outcome(&waived, id), Outcome::Stale);
        prop_assert_eq!(outcome(&waived, id) == Outcome::Met, outcome(&bare, id) == Outcome::Met);
    }

    #[test]
    fn order_of_fields_and_names_of_files_change_nothing(seed in 0_usize..6) {
        let mut files = whole();
        for (path, text) in files.iter_mut().filter(|(path, _)| has_extension(path, "md") && path.contains('-')) {
            let Some((head, body)) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n")) else { continue };
            let mut lines: Vec<&str> = head.lines().collect();
            let by = seed % lines.len();
            lines.rotate_left(by);
            *text = format!("---\n{}\n---\n{body}", lines.join("\n"));
            *path = path.replace(".md", &format!("-{seed}.md"));
        }
        let outcomes = |verdict: &Verdict| verdict.requirements.iter().map(|one| one.outcome).collect::<Vec<_>>();
        prop_assert_eq!(outcomes(&judge(&files, DAY)), outcomes(&judge(&whole(), DAY)));
        prop_assert_eq!(format!("{:?}", judge(&files, DAY)), format!("{:?}", judge(&files, DAY)));
    }
}

/// How many findings say that something which the kind asks for is not there.
fn gaps(checked: &crate::fixture::Checked) -> usize {
    let rules = ["field.missing", "section.empty", "table.missing", "waiver.no-expiry"];
    let errors = checked
        .findings
        .iter()
        .filter(|one| one.severity == readymark::diagnostic::Severity::Error);
    errors.filter(|one| rules.contains(&one.rule)).count()
}

#[test]
fn an_untouched_template_holds_nothing_of_what_its_kind_asks_for() {
    let required = |need| need == kinds::Need::Required;
    for kind in kinds::load(&[]).0 {
        let first = &kind.statuses.first().expect("a status").name;
        let approved = kind.statuses.iter().find(|one| one.means == kinds::Standing::Approved);
        let approved = &approved.expect("a status in force").name;
        let template = kinds::template(&kind, &format!("{}-001", kind.prefix), "One");
        let claimed =
            template.replace(&format!("\nstatus: {first}\n"), &format!("\nstatus: {approved}\n"));
        let files = [
            ("p/pack.toml".to_owned(), "id = \"p\"\nowner = \"ada\"\n".to_owned()),
            (format!("p/{}.md", kind.name), claimed),
        ];
        let given = ["id", "title", "status"];
        let always = |field: &&kinds::FieldSpec| required(field.need) && field.when.is_empty();
        let fields = kind.all_fields().filter(always);
        let asked = fields.filter(|field| !given.contains(&field.name.as_str())).count()
            + kind.sections.iter().filter(|section| required(section.need)).count()
            + kind.tables.iter().filter(|table| required(table.need)).count();
        let checked = check(&files, DAY);
        assert_eq!(gaps(&checked), asked, "{}: {}", kind.name, checked.rendered());
    }
}
