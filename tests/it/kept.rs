//! What the history keeps for the next run: it never changes what is told, whatever became of it.

use std::fs;
use std::path::Path;

use readymark::approvals::{Approval, Duty};
use readymark::git::Repository;
use readymark::history::{
    DecisionLog, KeySource, Notary, Question, StatusAt, Vocabulary, recount, recount_from,
};
use readymark::kinds;
use readymark::settings::Settings;
use readymark::signature::Signature;
use readymark::source::{ObjectId, RepoPath};

use crate::history::{import, vocabulary};
use crate::lab::{Lab, files, readymark};

fn asked<'a>(vocabulary: &'a Vocabulary, tip: ObjectId, versions: &'a [ObjectId]) -> Question<'a> {
    Question { reference: "main", tip, folders: &[], versions, vocabulary, published: None }
}

fn cold(repository: &Repository, asked: &Question<'_>) -> DecisionLog {
    recount(repository, asked).unwrap()
}

/// All that a log tells.
fn shown(log: &DecisionLog) -> String {
    format!("{log:#?}")
}

/// The first-parent chain, the first landing first.
fn landings(lab: &Lab) -> Vec<ObjectId> {
    let repository = lab.open();
    let ids = lab.git(&["rev-list", "--first-parent", "--reverse", "main"]);
    ids.lines().map(|id| repository.resolve(id).unwrap()).collect()
}

fn story(name: &str) -> Lab {
    let lab = Lab::bare();
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    import(&lab, &stories.join(name).join("story"));
    lab
}

#[test]
fn every_story_goes_on_from_every_landing_as_if_told_at_once() {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let folders = fs::read_dir(stories).unwrap().map(|entry| entry.unwrap());
    let words = vocabulary();
    let mut resumed = 0;
    for folder in folders.filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        let lab = story(&name);
        let (repository, landings) = (lab.open(), landings(&lab));
        let tip = *landings.last().unwrap();
        let middle = [landings[landings.len() / 2]];
        for versions in [&[][..], &middle] {
            let now = asked(&words, tip, versions);
            let expected = shown(&cold(&repository, &now));
            for landing in &landings {
                let before = asked(&words, *landing, versions);
                let (_, kept) = recount_from(&repository, &before, None).unwrap();
                let kept = kept.unwrap_or_else(|| panic!("{name}: nothing is kept"));
                let (log, _) = recount_from(&repository, &now, Some(&kept)).unwrap();
                assert_eq!(shown(&log), expected, "{name} from {landing}");
                resumed += 1;
            }
        }
    }
    assert!(resumed > 300, "{resumed}");
}

#[test]
fn what_is_damaged_or_of_another_question_is_as_good_as_nothing() {
    let lab = story("a14-stacked");
    let (repository, landings) = (lab.open(), landings(&lab));
    let (words, tip) = (vocabulary(), *landings.last().unwrap());
    let now = asked(&words, tip, &[]);
    let (log, kept) = recount_from(&repository, &now, None).unwrap();
    let (kept, expected) = (kept.unwrap(), shown(&log));
    let tell = |bytes: &[u8]| shown(&recount_from(&repository, &now, Some(bytes)).unwrap().0);
    assert_eq!(tell(&kept), expected);
    assert!(recount_from(&repository, &now, Some(&kept)).unwrap().1.is_none(), "it was used");
    let places = (0..120).chain((120..kept.len()).step_by(29));
    for at in places {
        let mut damaged = kept.clone();
        damaged[at] ^= 0x55;
        assert_eq!(tell(&damaged), expected, "byte {at}");
        assert_eq!(tell(&kept[..at]), expected, "cut at {at}");
        assert!(recount_from(&repository, &now, Some(&damaged)).unwrap().1.is_some(), "byte {at}");
    }
    assert_eq!(tell(&[&kept[..], b"x"].concat()), expected);

    let (mut other, _) = kinds::load(&[]);
    other.retain(|kind| kind.name != "decision");
    let other = Vocabulary::new(other.into(), &Settings::default());
    let folders = ["nowhere".to_owned()];
    for question in [
        asked(&other, tip, &[]),
        asked(&words, landings[0], &[]),
        asked(&words, tip, &landings[..1]),
        Question { reference: "master", ..now },
        Question { folders: &folders, ..now },
    ] {
        let (log, _) = recount_from(&repository, &question, Some(&kept)).unwrap();
        assert_eq!(shown(&log), shown(&cold(&repository, &question)), "{question:?}");
    }
}

#[test]
fn a_history_that_is_not_whole_is_not_kept() {
    let lab = Lab::new();
    for step in 0..3 {
        lab.write("a.md", &format!("# A\n\nStep {step}\n"));
        lab.commit("Step");
    }
    let shallow = lab.shallow(1);
    let (repository, words) = (shallow.open(), vocabulary());
    let now = asked(&words, repository.resolve("main").unwrap(), &[]);
    assert!(recount_from(&repository, &now, None).unwrap().1.is_none());
}

#[test]
fn sites_and_logs_are_the_same_with_and_without_what_was_kept() {
    let lab = Lab::new();
    lab.write(
        "book.toml",
        "[book]\ntitle = \"H\"\n[versions]\nbranches = [\"main\"]\ntags = [\"*\"]\n",
    );
    lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
    let runbook = |status: &str| {
        format!("---\nid: RB-001\nkind: runbook\ntitle: Boil\nstatus: {status}\n---\n# Boil\n")
    };
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let run = |arguments: &[&str], cache: &Path| {
        let mut command = readymark(&lab.root, arguments);
        let output = command.env("XDG_CACHE_HOME", cache).output().unwrap();
        assert_ne!(output.status.code(), Some(2), "{output:?}");
        output.stdout
    };
    let both = || {
        let nowhere = Path::new("/dev/null/cache");
        let site = |name: &str, cache: &Path| {
            let site = folder.path().join(name);
            run(&["build", ".", "-d", site.to_str().unwrap(), "--as-of", "2026-05-04"], cache);
            files(&site)
        };
        assert_eq!(site("warm", &cache), site("cold", nowhere));
        let log = |cache: &Path| run(&["log", ".", "--format", "json"], cache);
        assert_eq!(log(&cache), log(nowhere));
    };
    for (status, tag) in [("draft", "v1"), ("in-review", ""), ("approved", "v2"), ("retired", "")] {
        lab.write("tea/RB-001.md", &runbook(status));
        lab.commit(status);
        both();
        if !tag.is_empty() {
            lab.git(&["tag", tag]);
            both();
        }
    }
    let kept = files(&cache);
    assert_eq!(kept.len(), 2, "{:?}", kept.keys());
    for name in kept.keys() {
        fs::write(cache.join(name), "damaged").unwrap();
    }
    both();
    let damaged = |bytes: &Vec<u8>| bytes == b"damaged";
    assert!(!files(&cache).values().any(damaged), "it is kept anew");
}

/// Tells the log of a repository, from what was kept of it if anything was, with who signed it.
fn told(lab: &Lab, asked: &Question<'_>, kept: Option<&[u8]>) -> DecisionLog {
    let repository = lab.open();
    let (mut log, _) = recount_from(&repository, asked, kept).unwrap();
    let registry = RepoPath::new("people.toml");
    let reader = repository.history_reader().unwrap();
    log.witness(&mut Notary::new(&reader, KeySource { registry: &registry, signers: None }));
    log
}

/// Lists what a log tells that the whole one contradicts: entries and approvals that it does not have, but for what is
/// said to be unknown, and signatures that it does not show.
fn contradicted(whole: &DecisionLog, told: &DecisionLog) -> Vec<String> {
    let entries: Vec<String> = whole.entries.iter().map(|one| format!("{one:?}")).collect();
    let new = told.entries.iter().filter(|one| one.from != StatusAt::Unknown);
    let new = new.map(|one| format!("{one:?}")).filter(|one| !entries.contains(one));
    let is_told = |one: &&Approval| {
        let same = |truth: &&Approval| {
            let said = |one: &Approval| {
                (one.commit, one.by.address.clone(), one.decision.clone(), one.landing.commit)
            };
            let person = one.by.person.is_none() || one.by.person == truth.by.person;
            let sure = one.assurance <= truth.assurance && one.binding == truth.binding;
            let right = one.duty == truth.duty || one.duty == Duty::Undetermined;
            said(one) == said(truth) && person && sure && right
        };
        whole.approvals.iter().any(|truth| same(&truth))
    };
    let approvals = told.approvals.iter().filter(|one| !is_told(one)).map(|one| format!("{one:?}"));
    let commits = told.entries.iter().flat_map(|one| one.origins.iter().map(|made| made.commit));
    let signed = commits.filter(|commit| {
        let (was, is) = (whole.signature(*commit), told.signature(*commit));
        was != is && !matches!(is, Signature::Unverifiable(_))
    });
    new.chain(approvals).chain(signed.map(|commit| format!("signature of {commit}"))).collect()
}

#[test]
fn commits_that_were_lost_since_are_no_reason_to_tell_something_else() {
    let words = vocabulary();
    let mut lost = 0;
    for name in ["a02-pull-request", "b03-rename-and-approve", "e01-own-commit", "e16-revoked"] {
        let lab = story(name);
        let tip = *landings(&lab).last().unwrap();
        let now = asked(&words, tip, &[]);
        let (_, kept) = recount_from(&lab.open(), &now, None).unwrap();
        let whole = told(&lab, &now, None);
        assert!(!whole.entries.is_empty() && contradicted(&whole, &whole).is_empty(), "{name}");
        for commit in lab.git(&["rev-list", "--skip=1", "main"]).lines() {
            let (folder, file) = commit.split_at(2);
            fs::remove_file(lab.root.join("objects").join(folder).join(file)).unwrap();
            let log = told(&lab, &now, kept.as_deref());
            assert_eq!(contradicted(&whole, &log), Vec::<String>::new(), "{name} without {commit}");
            assert!(!log.entries.is_empty(), "{name} tells nothing without {commit}");
            lost += 1;
        }
    }
    assert!(lost > 7, "{lost}");
}
