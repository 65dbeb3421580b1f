//! What history reads, told a second time: objects by `git cat-file`, the log of a wandering story from every document
//! at every landing.

use std::collections::BTreeMap;
use std::fs;

use readymark::git::{EntryKind, entries};
use readymark::history::{Question, StatusAt, recount};
use readymark::source::ObjectId;

use crate::history::vocabulary;
use crate::lab::Lab;

/// A small generator: the same seed tells the same story.
struct Dice(u32);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(self.0 >> 16).unwrap() % below
    }

    /// Text of some kB, of which an edit leaves most.
    fn body(&mut self, lines: usize) -> String {
        let line = |_| format!("Step {} waits for {}.", self.next(9), self.next(999));
        (0..lines).map(line).collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// Documents by id: where they are and what they say.
#[derive(Default)]
struct Story {
    documents: BTreeMap<usize, (String, String, String)>,
}

impl Story {
    const WORDS: [&str; 4] = ["draft", "review", "approved", ""];

    /// Changes, moves, removes or adds one of the documents whose number is `side` modulo two.
    fn step(&mut self, lab: &Lab, dice: &mut Dice, side: usize) {
        let number = dice.next(5) * 2 + side;
        let Some((path, word, body)) = self.documents.get_mut(&number) else {
            let path = format!("docs/d{number}.md");
            let document = (path, "draft".to_owned(), dice.body(60));
            self.write(lab, number, document);
            return;
        };
        let old = path.clone();
        match dice.next(8) {
            0 => {
                fs::remove_file(lab.root.join(&old)).unwrap();
                self.documents.remove(&number);
                return;
            }
            1 | 2 => *path = format!("docs/{}/d{number}-{}.md", dice.next(3), dice.next(4)),
            3 | 4 => {
                let at = dice.next(50) * 10;
                let at = body[at..].find('\n').map_or(0, |end| at + end + 1);
                body.insert_str(at, &dice.body(1));
            }
            _ => Self::WORDS[dice.next(4)].clone_into(word),
        }
        let document = (path.clone(), word.clone(), body.clone());
        if document.0 != old {
            fs::remove_file(lab.root.join(&old)).unwrap();
        }
        self.write(lab, number, document);
    }

    fn write(&mut self, lab: &Lab, number: usize, document: (String, String, String)) {
        let (path, word, body) = &document;
        let status = if word.is_empty() { String::new() } else { format!("status: {word}\n") };
        lab.write(path, &format!("---\nid: DOC-{number}\n{status}---\n\n# Document\n\n{body}"));
        self.documents.insert(number, document);
    }
}

/// A story with side branches that touch other documents than the main line.
fn wander(init: &[&str], seed: u32, landings: usize) -> Lab {
    let lab = Lab::with(init);
    let mut dice = Dice(seed);
    let mut story = Story::default();
    for landing in 0..landings {
        if landing > 4 && dice.next(4) == 0 {
            lab.git(&["checkout", "-q", "-b", "side"]);
            for step in 0..=dice.next(2) {
                story.step(&lab, &mut dice, 1);
                lab.git(&["add", "-A"]);
                lab.git(&[
                    "commit",
                    "-q",
                    "--allow-empty",
                    "-m",
                    &format!("Side {landing} {step}"),
                ]);
            }
            lab.git(&["checkout", "-q", "main"]);
            lab.git(&["merge", "-q", "--no-ff", "-m", &format!("Merge {landing}"), "side"]);
            lab.git(&["branch", "-q", "-d", "side"]);
        } else {
            story.step(&lab, &mut dice, 0);
            lab.git(&["add", "-A"]);
            lab.git(&["commit", "-q", "--allow-empty", "-m", &format!("Main {landing}")]);
        }
    }
    lab
}

/// The documents of a commit by id: path, blob and status.
fn documents(lab: &Lab, commit: &str) -> BTreeMap<String, (String, String, StatusAt)> {
    let listed = lab.git(&["ls-tree", "-r", commit]);
    let document = |line: &str| {
        let (head, path) = line.split_once('\t').unwrap();
        let blob = head.rsplit(' ').next().unwrap();
        let text = lab.git(&["cat-file", "blob", blob]);
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let status = field("status: ").map_or(StatusAt::Absent, |word| StatusAt::Word(word.into()));
        (field("id: ").unwrap().to_owned(), (path.to_owned(), blob.to_owned(), status))
    };
    listed.lines().map(document).collect()
}

type Told = (String, StatusAt, StatusAt, String);

/// Looks at every document at every landing; gives the transitions, and the last change of what is there at the end.
fn looked_at(lab: &Lab) -> (Vec<Told>, Vec<(String, String)>) {
    let landings = lab.git(&["log", "--first-parent", "--reverse", "--format=%H"]);
    let mut told = Vec::new();
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    let mut before = BTreeMap::new();
    for landing in landings.lines() {
        let now = documents(lab, landing);
        let mut ids: Vec<&String> = before.keys().chain(now.keys()).collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            let at = |all: &BTreeMap<String, (String, String, StatusAt)>| {
                all.get(id).map_or(StatusAt::NoDocument, |(_, _, status)| status.clone())
            };
            let (from, to) = (at(&before), at(&now));
            let silent =
                |status: &StatusAt| matches!(status, StatusAt::NoDocument | StatusAt::Absent);
            if from != to && !(silent(&from) && silent(&to)) {
                told.push((landing.to_owned(), from, to, id.clone()));
            }
            let blob = |all: &BTreeMap<String, (String, String, StatusAt)>| {
                all.get(id).map(|(_, blob, _)| blob.clone())
            };
            if blob(&before) != blob(&now) {
                changed.insert(id.clone(), landing.to_owned());
            }
        }
        before = now;
    }
    let last = before.iter().map(|(id, (path, _, _))| (path.clone(), changed[id].clone()));
    let mut last: Vec<_> = last.collect();
    last.sort();
    (told, last)
}

#[test]
fn a_wandering_story_is_told_as_every_document_at_every_landing_tells_it() {
    for (seed, init) in [
        (1, "--object-format=sha1"),
        (77, "--object-format=sha1"),
        (4242, "--object-format=sha256"),
    ] {
        let lab = wander(&["init", "-q", "-b", "main", init], seed, 50);
        let (mut told, last) = looked_at(&lab);
        told.sort_by_key(|(landing, _, _, id)| (landing.clone(), id.clone()));
        assert!(told.len() > 20, "{}", told.len());
        for packed in [false, true] {
            if packed {
                lab.git(&["repack", "-adfq", "--depth=50", "--window=20"]);
                lab.git(&["prune-packed", "-q"]);
            }
            let repository = lab.open();
            let tip = repository.resolve("main").unwrap();
            let asked = Question {
                reference: "main",
                tip,
                folders: &[],
                versions: &[],
                vocabulary: &vocabulary(),
                published: None,
            };
            let log = recount(&repository, &asked).unwrap();
            let mut ours: Vec<Told> = log
                .entries
                .iter()
                .map(|entry| {
                    let landing = entry.landing.commit.to_string();
                    (landing, entry.from.clone(), entry.to.clone(), entry.document.clone())
                })
                .collect();
            ours.sort_by_key(|(landing, _, _, id)| (landing.clone(), id.clone()));
            assert_eq!(ours, told, "seed {seed}, packed: {packed}");
            let changes = log.last_changes.iter();
            let changes: Vec<_> = changes
                .map(|change| (change.path.to_string(), change.landing.commit.to_string()))
                .collect();
            assert_eq!(changes, last, "seed {seed}, packed: {packed}");
        }
    }
}

/// Reads every object and compares it with what git prints; returns how many files were read only in part.
fn compare_all(lab: &Lab) -> usize {
    let reader = lab.open().history_reader().unwrap();
    let mut in_part = 0;
    let format = "--batch-check=%(objecttype) %(objectname)";
    for line in lab.git(&["cat-file", "--batch-all-objects", format]).lines() {
        let (kind, name) = line.split_once(' ').unwrap();
        let id = parsed(name);
        match kind {
            "blob" => {
                let text = lab.git(&["cat-file", "blob", name]);
                for most in [1, 40, 600, 1500, usize::MAX] {
                    let start = reader.blob_start(id, most).unwrap();
                    let start_text = std::str::from_utf8(&start.bytes).unwrap();
                    assert!(start_text.len() >= most.min(text.len()), "{name} {most}");
                    assert_eq!(start.whole, start_text.trim_end() == text, "{name} {most}");
                    assert!(text.starts_with(start_text.trim_end()), "{name} {most}");
                    in_part += usize::from(!start.whole);
                }
            }
            "tree" => {
                let raw = reader.tree(id).unwrap();
                let ours: Vec<String> = entries(&raw, id.as_bytes().len())
                    .map(|entry| {
                        let kind = if entry.kind == EntryKind::Folder { "tree" } else { "blob" };
                        format!("{kind} {}\t{}", entry.id, String::from_utf8_lossy(entry.name))
                    })
                    .collect();
                let listed = lab.git(&["ls-tree", name]);
                let told: Vec<&str> = listed.lines().map(|line| &line[7..]).collect();
                assert_eq!(ours, told, "{name}");
            }
            "commit" => {
                let commit = reader.commit(id).unwrap();
                let parents: Vec<String> = commit.parents.iter().map(ToString::to_string).collect();
                let ours = format!("{}|{}|{}", commit.tree, parents.join(" "), commit.subject());
                assert_eq!(ours, lab.git(&["log", "-1", "--format=%T|%P|%s", name]));
            }
            _ => {}
        }
    }
    in_part
}

/// The index of the only pack.
fn index(lab: &Lab) -> String {
    let mut files = fs::read_dir(lab.root.join(".git/objects/pack")).unwrap();
    let is_index = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "idx");
    let index = files.find_map(|file| Some(file.unwrap().path()).filter(is_index)).unwrap();
    index.to_str().unwrap().to_owned()
}

fn parsed(name: &str) -> ObjectId {
    let bytes: Vec<u8> = (0..name.len() / 2)
        .map(|at| u8::from_str_radix(&name[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    ObjectId::new(&bytes)
}

#[test]
fn objects_in_packs_read_as_git_prints_them() {
    let offsets = |value: &'static str| ["-c", value, "repack", "-adfq", "--window=20"];
    for (init, repack) in [
        ("--object-format=sha1", offsets("repack.useDeltaBaseOffset=true")),
        ("--object-format=sha1", offsets("repack.useDeltaBaseOffset=false")),
        ("--object-format=sha256", offsets("repack.useDeltaBaseOffset=true")),
    ] {
        let lab = wander(&["init", "-q", "-b", "main", init], 9, 16);
        assert_eq!(compare_all(&lab), 0, "loose objects are read whole");
        lab.git(&repack);
        lab.git(&["prune-packed", "-q"]);
        let chains = lab.git(&["verify-pack", "-v", &index(&lab)]);
        assert!(chains.contains("chain length = 2"), "{chains}");
        assert_ne!(compare_all(&lab), 0, "the packs were read");
        let borrowing = lab.dir.path().join("borrowing");
        lab.git(&["clone", "-q", "--shared", ".", borrowing.to_str().unwrap()]);
        let Lab { dir, .. } = lab;
        let lab = Lab { dir, root: borrowing };
        assert_ne!(compare_all(&lab), 0, "the packs of the other were read");
    }
}
