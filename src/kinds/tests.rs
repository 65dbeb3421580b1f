//! What the built-in kinds promise and how a repository's own are read.

use std::sync::Arc;

use super::*;
use crate::source::RepoPath;

fn file(path: &str, text: &str) -> (RepoPath, Arc<[u8]>) {
    (RepoPath::new(path), Arc::from(text.as_bytes()))
}

fn kind(name: &str) -> Kind {
    let (kinds, _) = load(&[]);
    kinds[find(&kinds, name).expect(name)].clone()
}

fn known(word: &str, standing: Standing, note: &str) -> Status {
    written(word, word, standing, note)
}

fn written(word: &str, written: &str, standing: Standing, note: &str) -> Status {
    Status::Known { word: word.into(), written: written.into(), standing, note: note.into() }
}

#[test]
fn built_in_kinds_load_without_findings_in_reading_order() {
    let (kinds, findings) = load(&[]);
    assert_eq!(findings, []);
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
    let expected = "intent criteria business-case raci support architecture data security register runbook change \
                    baseline test exercise metrics incident rollout transition decision enablement review waiver page";
    assert_eq!(names.join(" "), expected);
    assert!(common().iter().any(|field| field.name == "owner" && field.form == Form::Who));
    assert_eq!(inverse("rolls-back-with"), Some("rolls-back"));
}

#[test]
fn every_built_in_file_is_in_the_folder_list() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kinds");
    let files = std::fs::read_dir(folder).unwrap().filter_map(Result::ok);
    let data =
        files.filter(|file| file.path().extension().is_some_and(|end| end == "toml")).count();
    let (kinds, _) = load(&[]);
    assert_eq!(data, kinds.len() + 2, "one file for each kind, common.toml and relations.toml");
}

#[test]
fn words_of_a_kind_are_told_apart() {
    for kind in load(&[]).0 {
        let words: Vec<String> =
            kind.statuses.iter().flat_map(StatusSpec::words).map(normalise).collect();
        let distinct: std::collections::BTreeSet<&String> = words.iter().collect();
        assert_eq!(distinct.len(), words.len(), "{}: {words:?}", kind.name);
        let fields: Vec<&str> = kind.all_fields().map(|field| field.name.as_str()).collect();
        for (at, name) in fields.iter().enumerate() {
            assert!(!fields[..at].contains(name), "{}: {name}", kind.name);
            assert_eq!(kind.field(name).map(|field| field.name.as_str()), Some(*name));
        }
        let sections = kind.sections.iter().map(|section| normalise(&section.title));
        let distinct: std::collections::BTreeSet<String> = sections.collect();
        assert_eq!(distinct.len(), kind.sections.len(), "{}", kind.name);
        let next = kind.statuses.iter().flat_map(|status| &status.next);
        let names: Vec<&String> = kind.statuses.iter().map(|status| &status.name).collect();
        assert!(next.into_iter().all(|word| names.contains(&word)), "{}", kind.name);
        assert!(kind.statuses.iter().any(|one| one.means == Standing::Approved), "{}", kind.name);
    }
}

#[test]
fn a_status_is_read_through_its_decoration() {
    let decision = kind("decision");
    let accepted = |note: &str| known("accepted", Standing::Approved, note);
    assert_eq!(decision.status("accepted"), accepted(""));
    assert_eq!(decision.status("✅ **Accepted**"), accepted(""));
    let other = written("accepted", "approved", Standing::Approved, "");
    assert_eq!(decision.status("_APPROVED_"), other, "the author's word is kept");
    assert_eq!(decision.status("Accepted (2026-05-05)"), accepted("(2026-05-05)"));
    assert_eq!(
        decision.status("Superseded by [DEC-009](DEC-009.md)"),
        known("superseded", Standing::Closed, "by [DEC-009](DEC-009.md)")
    );
    assert_eq!(kind("runbook").status("In Review"), known("in-review", Standing::Draft, ""));
    assert_eq!(kind("runbook").status("in_review"), known("in-review", Standing::Draft, ""));
}

#[test]
fn what_nobody_chose_is_a_placeholder_and_what_nobody_knows_stays() {
    let decision = kind("decision");
    for text in [
        "proposed | accepted",
        "{proposed | accepted}",
        "TBD",
        "<status>",
        "[Status]",
        "???",
        "proposed / accepted",
        "[Draft/Final/Postponed]",
        "proposed|later",
        "{{ status }}",
        "—",
    ] {
        assert_eq!(decision.status(text), Status::Placeholder(text.into()), "{text}");
    }
    assert_eq!(decision.status("  "), Status::Absent);
    for text in ["accepte", "not accepted", "acceptedish", "accepted?", "Accepted, pending legal"] {
        assert_eq!(decision.status(text), Status::Unknown(text.into()), "{text}");
    }
}

#[test]
fn a_repository_adds_and_replaces_kinds() {
    let own = file("kinds/drill.toml", "name = \"drill\"\nprefix = \"DRL\"\norder = 45\n");
    let other = file("kinds/raci.toml", "name = \"raci\"\ntitle = \"Who does what\"\n");
    let (kinds, findings) = load(&[own, other]);
    assert_eq!(findings, []);
    assert_eq!(kinds.len(), 24);
    assert_eq!(kinds.last().unwrap().name, "page");
    let drill = &kinds[find(&kinds, "Drill").unwrap()];
    assert_eq!((drill.prefix.as_str(), drill.title.as_str()), ("DRL", "drill"));
    assert!(drill.statuses.iter().any(|status| status.means == Standing::Approved));
    let raci = &kinds[find(&kinds, "raci").unwrap()];
    assert_eq!((raci.title.as_str(), raci.tables.len()), ("Who does what", 0));
    let place = |name: &str| kinds.iter().position(|kind| kind.name == name).unwrap();
    assert_eq!(place("drill"), place("runbook") + 1, "by its order");
}

#[test]
fn mistakes_in_a_kind_are_findings_with_a_place() {
    let text = "name = \"drill\"\nsynonims = []\n\n[[field]]\nname = \"held_on\"\nform = \"dat\"\n\n\
                [[status]]\nname = \"held\"\nmeans = \"aproved\"\nnext = [\"closd\"]\n";
    let (kinds, findings) = load(&[file("kinds/drill.toml", text)]);
    assert!(find(&kinds, "drill").is_some(), "the rest of the kind is kept");
    let seen: Vec<_> = findings
        .iter()
        .map(|f| (f.rule, f.place.0, f.help.as_deref().unwrap_or_default()))
        .collect();
    assert!(seen.contains(&("settings.unknown-key", 2, "did you mean `synonyms`")), "{seen:?}");
    assert!(seen.contains(&("settings.wrong-value", 6, "did you mean `date`")), "{seen:?}");
    assert!(seen.contains(&("settings.wrong-value", 10, "did you mean `approved`")), "{seen:?}");
    assert!(seen.iter().any(|(_, line, _)| *line == 11), "{seen:?}");
    assert_eq!(findings.len(), 4, "{seen:?}");
}

#[test]
fn a_broken_kind_file_is_left_out() {
    let (kinds, findings) =
        load(&[file("kinds/x.toml", "name = \n"), file("kinds/y.toml", "order = 1\n")]);
    assert_eq!(kinds.len(), 23);
    let rules: Vec<_> = findings.iter().map(|finding| (finding.rule, finding.place.0)).collect();
    assert_eq!(rules, [("settings.unreadable", 1), ("settings.missing-key", 0)]);
}

#[test]
fn headings_and_columns_compare_by_their_words() {
    assert_eq!(normalise("3.2 Roll-back (manual) 🚒"), "2 roll back".replace("2 ", ""));
    assert_eq!(normalise("Is it real?"), "is it real");
    assert_eq!(normalise("#"), "#");
    assert_eq!(normalise("2026"), "2026");
}

#[test]
fn a_template_holds_what_is_required_and_says_nothing_itself() {
    let text = template(&kind("runbook"), "RB-001", "Switch \"it\" off");
    assert!(text.starts_with(
        "---\nid: RB-001\nkind: runbook\ntitle: \"Switch \\\"it\\\" off\"\nstatus: draft\n"
    ));
    assert!(text.contains("\nowner: TBD  # "));
    assert!(text.contains("\n## Verify\n"));
    assert!(!text.contains("## Afterwards"), "optional sections are left out");
    assert!(crate::document::text::is_template("TBD"));
}
