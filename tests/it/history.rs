//! The decision log of stories told as fast-import streams, and of one story told by brute force.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use readymark::history::{
    Authorship, Checkpoint, DecisionLog, Entry, Goalpost, Inside, KeySource, Move, Notary, Odd,
    Question, Relation, Remark, Returned, Statement, StatusAt, Vocabulary, recount, recount_full,
};
use readymark::settings::Settings;
use readymark::signature::Signature;
use readymark::source::{ObjectId, RepoPath};
use serde_json::{Map, Value, json};

use crate::lab::{DAY, Lab, command, git, run, words};
use crate::signed;

mod approving;

/// Every folder of `tests/history` is a case.
#[test]
fn stories_are_told_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(cases.len() >= 142, "cases got lost");
    let mut failed = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        failed.extend(difference(case).map(|text| format!("{name}: {text}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn difference(case: &Path) -> Option<String> {
    let expected: Value =
        serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
    let lab = Lab::bare();
    import(&lab, &case.join("story"));
    if let Ok(signatures) = fs::read(case.join("signatures.json")) {
        signed::rewrite(&lab, &serde_json::from_slice(&signatures).unwrap());
    }
    let setup = &expected["setup"];
    let published = published(&lab, setup);
    let lab = match (setup["depth"].as_u64(), setup["filter"].as_str()) {
        (Some(depth), _) => lab.shallow(depth),
        (None, Some(filter)) => {
            lab.git(&["config", "uploadpack.allowFilter", "true"]);
            lab.cloned(&[&format!("--filter={filter}")])
        }
        _ => lab,
    };
    let mut log = log_since(&lab, published.as_ref());
    if expected.get("inside").is_some() {
        log.inside = full(&lab);
    }
    let mut told = told(&lab, &log, setup["as_of"].as_i64());
    let day = setup["as_of"].as_i64().map(readymark::assemble::day_of);
    told.extend(approving::told(&lab, &log, day.as_deref()));
    if !log.criteria.is_empty() {
        told.insert("goalposts".to_owned(), goalposts(&log));
    }
    if expected.get("inside").is_some() {
        let inside = log.inside.iter().map(|one| inside(&lab, one));
        told.insert("inside".to_owned(), inside.collect());
    }
    if expected.get("in_force").is_some() {
        told.insert("in_force".to_owned(), in_force(&log));
    }
    if expected.get("tags").is_some() {
        told.insert("tags".to_owned(), tags(&lab));
    }
    let mut wanted = expected.as_object().unwrap().clone();
    wanted.retain(|key, _| key != "why" && key != "setup");
    let shown = |value: &Map<String, Value>| {
        let lines = value.iter().map(|(key, value)| match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| format!("\n    {item}"));
                format!("  {key}: {}", items.collect::<String>())
            }
            value => format!("  {key}: {value}"),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    (told != wanted).then(|| format!("told\n{}\nexpected\n{}", shown(&told), shown(&wanted)))
}

/// The checkpoint of another branch of the story, perhaps with one hash changed.
fn published(lab: &Lab, setup: &Value) -> Option<Checkpoint> {
    let reference = setup["published"]["ref"].as_str()?;
    let before = log_of(lab, reference, None);
    let mut checkpoint = Checkpoint::of(&before).unwrap();
    if let Some(changed) = setup["published"]["changed"].as_u64() {
        checkpoint.chain[usize::try_from(changed).unwrap()] = "0".repeat(32);
    }
    let again = Checkpoint::read(&checkpoint.write()).unwrap();
    assert_eq!(again, checkpoint);
    Some(again)
}

pub(crate) fn import(lab: &Lab, story: &Path) {
    let mut child = command(&lab.root, &["fast-import", "--quiet", "--date-format=raw"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(story).unwrap()).unwrap();
    assert!(child.wait().unwrap().success(), "{}", story.display());
}

fn log(lab: &Lab) -> DecisionLog {
    log_since(lab, None)
}

fn log_since(lab: &Lab, published: Option<&Checkpoint>) -> DecisionLog {
    log_of(lab, "main", published)
}

fn log_of(lab: &Lab, reference: &str, published: Option<&Checkpoint>) -> DecisionLog {
    let repository = lab.open();
    let asked = Question {
        reference,
        tip: repository.resolve(reference).unwrap(),
        folders: &[],
        versions: &[],
        vocabulary: &vocabulary(),
        published,
    };
    let mut log = recount(&repository, &asked).unwrap();
    let (reader, registry) = (repository.history_reader().unwrap(), RepoPath::new("people.toml"));
    let source = KeySource { registry: &registry, signers: None };
    log.witness(&mut Notary::new(&reader, source));
    log
}

/// What branches did on their way; asking for it changes no line of the log.
fn full(lab: &Lab) -> Vec<Inside> {
    let repository = lab.open();
    let asked = Question {
        reference: "main",
        tip: repository.resolve("main").unwrap(),
        folders: &[],
        versions: &[],
        vocabulary: &vocabulary(),
        published: None,
    };
    let (log, full) =
        (recount(&repository, &asked).unwrap(), recount_full(&repository, &asked).unwrap());
    assert_eq!(Checkpoint::of(&log), Checkpoint::of(&full));
    full.inside
}

fn inside(lab: &Lab, one: &Inside) -> Value {
    json!({
        "document": one.document,
        "from": one.from.told(),
        "to": one.to.told(),
        "commit": subject(lab, one.made.commit),
        "how": one.made.how.word(),
        "landing": one.landing.subject,
    })
}

/// The kinds that the program brings along.
pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary::new(readymark::kinds::load(&[]).0.into(), &Settings::default())
}

/// Tells a log as `expected.json` does: what is as usual is left out.
fn told(lab: &Lab, log: &DecisionLog, as_of: Option<i64>) -> Map<String, Value> {
    let mut told = Map::new();
    let history = history(lab, &log.statement);
    let ambiguous: Vec<_> = log.ambiguous.iter().map(|one| &one.id).collect();
    let remarks: Vec<_> = log.remarks.iter().map(|one| remark(lab, one)).collect();
    let ahead: Vec<_> =
        log.ahead_of(as_of.unwrap_or(i64::MAX)).iter().map(|one| &one.subject).collect();
    for (key, value) in [
        ("history", json!(history)),
        ("ambiguous", json!(ambiguous)),
        ("remarks", json!(remarks)),
        ("ahead", json!(ahead)),
    ] {
        if value != json!([]) && value != json!({}) {
            told.insert(key.to_owned(), value);
        }
    }
    let entries = log.entries.iter().map(|entry| told_entry(lab, log, entry, as_of));
    told.insert("entries".to_owned(), entries.collect());
    told
}

fn history(lab: &Lab, statement: &Statement) -> Map<String, Value> {
    let mut told = Map::new();
    let subjects = |commits: &[ObjectId]| {
        let mut subjects: Vec<_> = commits.iter().map(|id| subject(lab, *id)).collect();
        subjects.sort();
        json!(subjects)
    };
    let mut tell = |key: &str, is: bool, value: Value| {
        if is {
            told.insert(key.to_owned(), value);
        }
    };
    tell("complete", !statement.complete(), json!(false));
    let Statement { roots, shallow, missing_blobs, replace_refs, foxtrots, .. } = statement;
    tell("roots", roots.len() > 1, subjects(roots));
    tell("shallow_boundaries", !shallow.is_empty(), subjects(shallow));
    tell("missing_objects", *missing_blobs > 0, json!(missing_blobs));
    tell("replace_refs_ignored", *replace_refs > 0, json!(replace_refs));
    let foxtrot = |one: &readymark::history::Foxtrot| json!({"commit": subject(lab, one.commit), "proven": one.proven});
    tell("foxtrots", !foxtrots.is_empty(), foxtrots.iter().map(foxtrot).collect());
    if let Some(published) = &statement.published {
        let mut compared = json!({"relation": match published.relation {
            Relation::Same => "same",
            Relation::Ancestor => "ancestor",
            Relation::NotAncestor => "not-ancestor",
            Relation::Unknown => "unknown",
        }});
        if let Some(first) = published.first_difference {
            compared["first_difference"] = json!(first);
        }
        tell("published", true, compared);
    }
    told
}

fn remark(lab: &Lab, remark: &Remark) -> Value {
    let (odd, seconds) = match remark.odd {
        Odd::BeforeParent(by) => ("before-parent", Some(by)),
        Odd::WrittenLater(by) => ("written-later", Some(by)),
        Odd::Impossible => ("impossible", None),
        Odd::Submodule => ("submodule", None),
        Odd::DatedLater => ("dated-later", None),
        Odd::Unclear => ("unclear", None),
    };
    let mut told = json!({"commit": subject(lab, remark.commit), "odd": odd});
    if let Some(seconds) = seconds {
        told["seconds"] = json!(seconds);
    }
    if let Some((document, _)) = &remark.document {
        told["document"] = json!(document);
    }
    told
}

fn told_entry(lab: &Lab, log: &DecisionLog, entry: &Entry, as_of: Option<i64>) -> Value {
    let mut told = json!({
        "document": entry.document,
        "from": entry.from.told(),
        "to": entry.to.told(),
        "landing": landing(log, entry, as_of),
        "origins": entry.origins.iter().map(|one| origin(lab, log, one)).collect::<Vec<_>>(),
    });
    let mut tell = |key: &str, is: bool, value: Value| {
        if is {
            told[key] = value;
        }
    };
    let many = |origins: &[Authorship]| {
        json!(origins.iter().map(|one| origin(lab, log, one)).collect::<Vec<_>>())
    };
    let gap: Vec<_> = entry.gap.iter().map(|commit| subject(lab, *commit)).collect();
    tell("pack", !entry.pack.is_empty(), json!(entry.pack));
    tell("invalid", matches!(entry.to, StatusAt::Invalid(_)), json!(true));
    tell("legal", entry.legal.is_some(), json!(entry.legal));
    tell(
        "written",
        entry.written.is_some(),
        json!(entry.written.map(|one| format!("{one:?}").to_lowercase())),
    );
    tell("concurrent", !entry.concurrent.is_empty(), many(&entry.concurrent));
    tell("gap", !gap.is_empty(), json!(gap));
    tell("together", entry.together > 1, json!(entry.together));
    tell("passing", entry.passing, json!(true));
    tell("restores", entry.restores.is_some(), json!(entry.restores));
    tell("lands_again", entry.lands_again.is_some(), json!(entry.lands_again));
    if let Some(back) = entry.takes_back {
        let how = match back.how {
            Returned::Confirmed => "confirmed",
            Returned::Claimed | Returned::Unclear => "claimed",
            Returned::Reversal => "reversal",
        };
        tell("takes_back", true, json!({"entry": back.entry, "how": how}));
    }
    told
}

fn landing(log: &DecisionLog, entry: &Entry, as_of: Option<i64>) -> Value {
    let landing = &entry.landing;
    let mut told = json!({"commit": landing.subject, "kind": landing.kind.word()});
    let clock = landing.clock_at(as_of.unwrap_or(i64::MAX));
    if let Some(number) = landing.pull_request {
        told["pr"] = json!({"number": number});
    }
    if !entry.via.is_empty() {
        told["via"] = json!(entry.via);
    }
    if clock != landing.time {
        told["clock"] = json!(clock);
    }
    if landing.offset != 0 {
        told["offset"] = json!(landing.offset);
    }
    if let Some(shown) = signature(log.signature(landing.commit)) {
        told["signature"] = shown;
    }
    if entry.run != landing.index {
        let first = log.entries.iter().find(|one| one.landing.index == entry.run).unwrap();
        told["run"] = json!(first.landing.subject);
    }
    told
}

fn origin(lab: &Lab, log: &DecisionLog, origin: &Authorship) -> Value {
    let mut told = json!({
        "commit": subject(lab, origin.commit),
        "how": origin.how.word(),
        "authors": [origin.name],
    });
    let sides: Vec<_> = origin.sides.iter().map(|commit| subject(lab, *commit)).collect();
    if !sides.is_empty() {
        told["sides"] = json!(sides);
    }
    if let Some(commit) = origin.picked_from {
        told["picked_from"] = json!(subject(lab, commit));
    }
    if let Some(shown) = signature(log.signature(origin.commit)) {
        told["signature"] = shown;
    }
    told
}

/// What a signature shows; nothing where there is none.
fn signature(signature: &Signature) -> Option<Value> {
    if *signature == Signature::Absent {
        return None;
    }
    let mut told = json!({"result": signature.word()});
    if let Some(signer) = signature.signer() {
        told["by"] = json!(signer.person);
    }
    if let Some(why) = signature.why() {
        told["why"] = json!(why.words());
    }
    Some(told)
}

/// Whether criteria stood still; a story is one pack.
fn goalposts(log: &DecisionLog) -> Value {
    let entries: Vec<usize> = (0..log.entries.len()).collect();
    let lines = log.criteria.keys().copied().collect();
    let subject = |at: usize| log.entries[at].landing.subject.as_str();
    let one = |goalpost: &Goalpost| {
        let moves = goalpost.moves.iter().map(|one| moved(log, goalpost, one));
        let of_line = |entry: &&Entry| entry.line == goalpost.line;
        let mut told = json!({
            "document": log.entries.iter().find(of_line).unwrap().document,
            "start": subject(goalpost.start),
            "outcome": goalpost.stood.word(),
            "approved": goalpost.approved.word(),
        });
        if let Some(decision) = goalpost.decision {
            told["decision"] = json!(subject(decision));
        }
        if !goalpost.moves.is_empty() {
            told["changes"] = moves.collect();
        }
        told
    };
    log.goalposts(&entries, &lines).iter().map(one).collect()
}

fn moved(log: &DecisionLog, goalpost: &Goalpost, one: &Move) -> Value {
    let text = &log.texts[&goalpost.line][one.text];
    let mut told = json!({"landing": text.landing.subject});
    if let Some(by) = &text.by {
        told["by"] = json!([by.name]);
    }
    let approved = one.approvals.iter().map(|at| json!(log.approvals[*at].by.person));
    let approved: Vec<Value> = approved.collect();
    if !approved.is_empty() {
        told["approved_by"] = json!(approved);
    }
    told
}

/// What the site says of the tags, by pack and version.
fn tags(lab: &Lab) -> Value {
    let out = lab.dir.path().join("site");
    run(&lab.root, &["build", "--as-of", DAY, "-d", out.to_str().unwrap()]);
    let packs = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let mut told = Map::new();
    for file in packs.map(|pack| pack.join("versions.json")).filter(|file| file.exists()) {
        let listed: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let versions = listed["versions"].as_array().unwrap().iter();
        let tagged = versions.filter(|version| !version["tag"].is_null());
        let one = |version: &Value| (version["name"].as_str().unwrap().to_owned(), tag(version));
        let pack = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        told.insert(pack.to_owned(), Value::Object(tagged.map(one).collect()));
    }
    Value::Object(told)
}

fn tag(version: &Value) -> Value {
    let mut told = json!({"kind": version["tag"]["kind"], "digest": version["digest"]});
    for key in ["person", "signature", "signed_by", "doubts"] {
        let value = &version["tag"][key];
        if !value.is_null() && *value != json!([]) && *value != json!("absent") {
            told[key] = value.clone();
        }
    }
    told
}

fn in_force(log: &DecisionLog) -> Value {
    let subject = |seq: usize| &log.entries[seq].landing.subject;
    let one = |interval: &readymark::history::Interval| {
        json!({
            "document": log.entries[interval.since].document,
            "since": subject(interval.since),
            "until": interval.until.map(subject),
        })
    };
    log.in_force().iter().map(one).collect()
}

fn subject(lab: &Lab, commit: ObjectId) -> String {
    let commit = commit.to_string();
    git(&lab.root, &["--no-replace-objects", "log", "-1", "--format=%s", &commit])
}

/// The status line of a document at a commit, as `git show` gives it.
fn shown(lab: &Lab, commit: &str, path: &str) -> Option<String> {
    let output = command(&lab.root, &["show", &format!("{commit}:{path}")]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("status: "));
    line.filter(|_| output.status.success()).map(str::to_owned)
}

/// A linear story made by a small generator: documents come, change, lose their status and go.
fn wander(lab: &Lab, steps: u32) -> Vec<String> {
    let words = ["proposed", "approved", "rejected", "superseded"];
    let mut seed = 12_345_u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 16).unwrap() % below
    };
    let mut commits = Vec::new();
    for step in 0..steps {
        let path = format!("docs/{}.md", next(4));
        let at = lab.root.join(&path);
        match next(6) {
            0 if at.exists() => fs::remove_file(&at).unwrap(),
            1 => lab.write(&path, &format!("---\ntitle: T\n---\n\nStep {step}.\n")),
            _ => {
                let status = words[next(words.len())];
                lab.write(&path, &format!("---\nstatus: {status}\n---\n\nStep {step}.\n"));
            }
        }
        commits.push(lab.commit(&format!("Step {step}")));
    }
    commits
}

#[test]
fn a_linear_story_agrees_with_brute_force() {
    let lab = Lab::new();
    let commits = wander(&lab, 60);
    let mut expected = Vec::new();
    let mut last: [Option<String>; 4] = Default::default();
    for commit in &commits {
        for (number, before) in last.iter_mut().enumerate() {
            let path = format!("docs/{number}.md");
            let now = shown(&lab, commit, &path);
            if now != *before {
                expected.push((path, now.clone(), commit.clone()));
                *before = now;
            }
        }
    }
    let log = log(&lab);
    let word = |status: &StatusAt| status.word().map(str::to_owned);
    let told: Vec<_> = log
        .entries
        .iter()
        .map(|entry| (entry.path.to_string(), word(&entry.to), entry.landing.commit.to_string()))
        .collect();
    assert!(expected.len() > 30);
    assert_eq!(told, expected);
    for change in &log.last_changes {
        let by_git = git(&lab.root, &["log", "-1", "--format=%H", "--", change.path.as_str()]);
        assert_eq!(change.landing.commit.to_string(), by_git, "{}", change.path);
        assert_eq!(change.origin.as_ref().unwrap().commit, change.landing.commit);
    }
    assert_eq!(log.last_changes.len(), git(&lab.root, &["ls-files"]).lines().count());
}

#[test]
fn a_version_sees_nothing_that_came_after_it() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n");
    lab.write("old.md", &text("proposed"));
    let one = lab.commit("Propose");
    lab.git(&["mv", "old.md", "new.md"]);
    lab.write("new.md", &text("approved"));
    let two = lab.commit("Approve");
    lab.git(&["checkout", "-q", "-b", "release", &one]);
    lab.write("note.md", "note\n");
    let aside = lab.commit("Aside");
    lab.git(&["checkout", "-q", "main"]);
    let repository = lab.open();
    let id = |revision: &str| repository.resolve(revision).unwrap();
    let versions = [id(&one), id(&aside)];
    let asked = Question {
        reference: "main",
        tip: id("main"),
        folders: &[],
        versions: &versions,
        vocabulary: &vocabulary(),
        published: None,
    };
    let log = recount(&repository, &asked).unwrap();
    assert_eq!(
        [log.landing_of(id(&one)), log.landing_of(id(&two)), log.landing_of(id(&aside))],
        [Some(0), Some(1), Some(0)]
    );
    let told = |revision: &str| -> (Vec<String>, Vec<(String, String, usize)>) {
        let log = log.as_of(id(revision));
        let changes = log
            .last_changes
            .iter()
            .map(|change| (change.path.to_string(), change.landing.subject.clone(), change.line));
        let subjects = log.entries.iter().map(|entry| entry.landing.subject.clone());
        (subjects.collect(), changes.collect())
    };
    let change = |path: &str, subject: &str| (path.to_owned(), subject.to_owned(), 0);
    for revision in [&one, &aside] {
        let expected = (vec!["Propose".to_owned()], vec![change("old.md", "Propose")]);
        assert_eq!(told(revision), expected);
    }
    let both = vec!["Propose".to_owned(), "Approve".to_owned()];
    assert_eq!(told("main"), (both, vec![change("new.md", "Approve")]));
}

#[test]
fn a_site_notices_that_the_history_it_told_was_rewritten() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n\n# Restart\n");
    for status in ["proposed", "approved"] {
        lab.write("rb.md", &text(status));
        lab.commit(status);
    }
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    let said = || {
        let place = site.to_str().unwrap();
        words(&run(&lab.root, &["build", ".", "-d", place, "--as-of", DAY]))
    };
    assert!(!said().contains("history.rewritten"));
    lab.write("rb.md", &text("accepted"));
    lab.commit("accepted");
    assert!(!said().contains("history.rewritten"), "it only goes on");
    lab.git(&["reset", "-q", "--hard", "HEAD~2"]);
    lab.write("rb.md", &text("rejected"));
    lab.commit("rejected");
    assert!(said().contains("history.rewritten"));
    assert!(!said().contains("history.rewritten"), "the new history is published now");
}

#[test]
fn the_last_change_of_a_merge_names_the_commit_of_the_branch() {
    let lab = Lab::new();
    lab.write("a.md", "one\n\nmiddle\n\nend\n");
    lab.commit("One");
    lab.git(&["checkout", "-q", "-b", "side"]);
    lab.write("a.md", "one\n\nmiddle\n\nother end\n");
    let side = lab.commit("Side");
    lab.write("b.md", "b\n");
    lab.commit("Another file");
    lab.git(&["checkout", "-q", "main"]);
    lab.write("a.md", "other one\n\nmiddle\n\nend\n");
    lab.commit("Main");
    lab.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #4 from ana/side", "side"]);
    let log = log(&lab);
    let change = &log.last_changes[0];
    assert_eq!((change.path.as_str(), change.landing.pull_request), ("a.md", Some(4)));
    assert_eq!(change.origin.as_ref().unwrap().commit.to_string(), side);
}

#[test]
fn a_blobless_clone_knows_what_it_does_not_know() {
    let lab = Lab::new();
    let text = |status: &str| format!("---\nid: RB-001\nstatus: {status}\n---\n");
    for status in ["proposed", "approved"] {
        lab.write("rb.md", &text(status));
        lab.commit(status);
    }
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let lab = lab.cloned(&["--filter=blob:none"]);
    let log = log(&lab);
    assert_eq!(log.statement.missing_blobs, 1);
    assert!(!log.statement.complete());
    let [entry] = log.entries.as_slice() else { panic!("{:?}", log.entries) };
    assert_eq!(
        (&entry.from, &entry.to),
        (&StatusAt::Unknown, &StatusAt::Word("approved".to_owned()))
    );
    assert!(entry.origins.is_empty());
    let place = RepoPath::new("book.toml");
    let findings = readymark::rules::history::findings(&log, &place, "2026-12-31");
    let rules: Vec<_> = findings.iter().map(|one| one.rule).collect();
    assert_eq!(rules, ["history.missing-objects"]);
}

#[test]
fn a_landing_after_the_day_of_judging_is_told() {
    let lab = Lab::new();
    lab.write("rb.md", "---\nid: RB-001\nstatus: proposed\n---\n");
    let commit = lab.commit("Start");
    let (log, place) = (log(&lab), RepoPath::new("book.toml"));
    let told = |day| readymark::rules::history::findings(&log, &place, day);
    assert!(told("2026-01-01").is_empty());
    let found = told("2025-12-31");
    assert_eq!(found.len(), 1, "{found:?}");
    let message =
        format!("{} claims to have landed after 2025-12-31, the day of judging", &commit[..10]);
    assert_eq!((found[0].rule, &found[0].message), ("history.times", &message));
}
