//! What no way of landing changes about an approval: squashed, rebased, picked, merged, moved and wrapped anew in random
//! order, the last word about a text comes to what the last text, the days and what was taken back say.

use std::collections::BTreeMap;

use readymark::approvals::{Approval, Assurance, states};
use readymark::document::digest::{likeness, of_bytes};
use readymark::history::{DecisionLog, Question, recount};

use crate::history::vocabulary;
use crate::lab::{DAY, Dice, Lab};

/// How many stories are told; `STORIES` asks for more.
const FEW: u64 = 24;

const PEOPLE: &str = "[[person]]\nid = \"ana\"\ngit_emails = [\"ana@example.org\"]\n\n[[person]]\nid = \"bob\"\ngit_emails = [\"bob@example.org\"]\n";
const PLACES: [&str; 3] = ["tea/runbooks/RB-001.md", "tea/RB-001.md", "tea/runbooks/boil.md"];

/// What was said about the text.
#[derive(Debug, Clone)]
enum Word {
    Approved { text: String, expires: Option<&'static str>, own: bool },
    TakenBack,
}

/// A story that is being told.
struct Story {
    lab: Lab,
    dice: Dice,
    place: &'static str,
    text: String,
    /// Whether approvals of this story end on a day.
    ends: bool,
    said: Vec<Word>,
    /// Texts that some commit of the branch still has where they were approved, or that landed.
    kept: Vec<String>,
    ways: Vec<&'static str>,
    /// Whether this branch moved the document.
    moved: bool,
}

fn runbook(status: &str, word: &str, gap: &str) -> String {
    format!(
        "---\nid: RB-001\nkind: runbook\ntitle: Boil water\nstatus: {status}\napprovers: [bob]\n---\n# Boil water\n\nFill the kettle to the mark and switch it on.\nWait{gap}{word} seconds.\nPour the water slowly over the leaves.\n"
    )
}

impl Story {
    fn new(seed: u64) -> Self {
        let lab = Lab::new();
        let (place, text) = (PLACES[0], runbook("in-review", "30", " "));
        lab.write("people.toml", PEOPLE);
        lab.write("tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
        lab.write("tea/runbooks/note.txt", "The folder stays.\n");
        lab.write(place, &text);
        lab.commit("Write it down");
        let mut dice = Dice(seed);
        let ends = dice.roll(4) == 0;
        let kept = vec![text.clone()];
        Self {
            lab,
            dice,
            place,
            text,
            ends,
            said: Vec::new(),
            kept,
            ways: Vec::new(),
            moved: false,
        }
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let sides = u64::try_from(of.len()).unwrap();
        of[usize::try_from(self.dice.roll(sides)).unwrap()]
    }

    fn commit(&self, who: &str, message: &str) {
        self.lab.commit_by(who, message);
    }

    /// Another word, or the same words wrapped in another way, or another status alone.
    fn edit(&mut self) {
        let (word, gap) = (self.pick(&["30", "5"]), self.pick(&[" ", "\n"]));
        self.text = runbook(self.pick(&["in-review", "approved"]), word, gap);
        self.lab.write(self.place, &self.text);
        self.commit("Ana", "Edit");
    }

    fn go_to(&mut self) {
        let to = self.pick(&PLACES);
        if to != self.place {
            self.lab.git(&["mv", self.place, to]);
            self.place = to;
            self.moved = true;
        }
        self.commit("Ana", "Move");
    }

    fn approve(&mut self) {
        let digest = of_bytes(self.text.as_bytes()).write();
        let expires = self.ends.then(|| self.pick(&["2026-02-01", "2026-12-31"]));
        let end = expires.map_or_else(String::new, |day| format!("Decision-expires: {day}\n"));
        let message = format!(
            "Approve it\n\nDecision: RB-001 approved\nApproved-by: Bob <bob@example.org>\nDecision-digest: RB-001 {digest}\n{end}"
        );
        let who = self.pick(&["Bob", "Bob", "Ana"]);
        self.commit(who, &message);
        self.said.push(Word::Approved { text: self.text.clone(), expires, own: who == "Bob" });
    }

    fn take_back(&mut self) {
        self.commit("Bob", "Take it back\n\nRevokes: RB-001\n");
        self.said.push(Word::TakenBack);
    }

    /// Works on a branch, goes on elsewhere on `main`, and brings the branch in.
    fn round(&mut self) {
        let base = self.lab.git(&["rev-parse", "HEAD"]);
        self.lab.git(&["checkout", "-q", "-b", "side"]);
        let said = self.said.len();
        self.moved = false;
        for _ in 0..=self.dice.roll(4) {
            match self.dice.roll(12) {
                0..=3 => self.edit(),
                4..=6 => self.go_to(),
                7..=10 => self.approve(),
                _ => self.take_back(),
            }
        }
        self.lab.git(&["checkout", "-q", "main"]);
        let goes_on = self.dice.roll(2) == 0;
        if goes_on {
            self.lab.write(&format!("note-{base}.txt"), "Elsewhere.\n");
            self.commit("Ana", "Go on");
            // Git follows the move into the branch.
            if !self.moved && self.dice.roll(2) == 0 {
                self.go_to();
            }
        }
        let way = if goes_on { self.dice.roll(4) } else { self.dice.roll(5) };
        self.land(way, &base, said);
        self.lab.git(&["branch", "-q", "-D", "side"]);
        self.kept.push(self.text.clone());
    }

    fn land(&mut self, way: u64, base: &str, said: usize) {
        let range = format!("{base}..side");
        let lab = &self.lab;
        let name = match way {
            0 => {
                lab.git(&[
                    "merge",
                    "-q",
                    "--no-ff",
                    "-m",
                    "Merge pull request #7 from side",
                    "side",
                ]);
                "merge"
            }
            1 => {
                let log = lab.git(&["log", "--reverse", "--format=%B", &range]);
                lab.git(&["merge", "-q", "--squash", "side"]);
                self.commit("Ana", &format!("All of it (#7)\n\n{log}"));
                "squash"
            }
            2 => {
                lab.git(&["rebase", "-q", "--empty=keep", "--force-rebase", "main", "side"]);
                lab.git(&["checkout", "-q", "main"]);
                lab.git(&["merge", "-q", "--ff-only", "side"]);
                "rebase"
            }
            3 => {
                let keep = ["cherry-pick", "-x", "--allow-empty", "--keep-redundant-commits"];
                lab.git(&[&keep[..], &[&range]].concat());
                "pick"
            }
            _ => {
                lab.git(&["merge", "-q", "--ff-only", "side"]);
                "fast-forward"
            }
        };
        self.ways.push(name);
        for word in &mut self.said[said..] {
            if let Word::Approved { text, own, .. } = word {
                // Whoever brings it in writes it down again.
                *own &= matches!(name, "merge" | "fast-forward");
                if name != "squash" {
                    self.kept.push(text.clone());
                }
            }
        }
    }

    fn log(&self) -> DecisionLog {
        let repository = self.lab.open();
        let asked = Question {
            reference: "main",
            tip: repository.resolve("main").unwrap(),
            folders: &[],
            versions: &[],
            vocabulary: &vocabulary(),
            published: None,
        };
        recount(&repository, &asked).unwrap()
    }

    /// What the last word comes to; several words where squashing took the text that would tell them apart.
    fn wanted(&self) -> Option<(&'static [&'static str], bool)> {
        let is_approval = |word: &&Word| matches!(word, Word::Approved { .. });
        let at = self.said.iter().rposition(|word| is_approval(&word))?;
        let Word::Approved { text, expires, own } = &self.said[at] else { return None };
        let is_back = self.said[at..].iter().any(|word| matches!(word, Word::TakenBack));
        let digest = |text: &String| of_bytes(text.as_bytes());
        let same = digest(text) == digest(&self.text);
        let alike = likeness(text.as_bytes()) == likeness(self.text.as_bytes());
        let is_kept = self.kept.iter().any(|one| digest(one) == digest(text));
        let words: &[&str] = match () {
            () if is_back => &["revoked"],
            () if expires.is_some_and(|day| day < DAY) => &["expired"],
            () if same => &["valid", "restored"],
            () if alike && is_kept => &["reformatted"],
            () => &["stale", "landed-different"],
        };
        Some((words, *own))
    }
}

#[test]
fn an_approval_of_a_digest_comes_to_the_same_however_it_lands() {
    let many = std::env::var("STORIES").map_or(FEW, |text| text.parse().unwrap());
    let (mut states_seen, mut ways_seen) = (BTreeMap::new(), BTreeMap::new());
    for seed in 0..many {
        let mut story = Story::new(seed * 7919 + 5);
        for _ in 0..=story.dice.roll(4) {
            story.round();
        }
        let log = story.log();
        let of = |line| log.approvals.iter().filter(move |one| one.line == line);
        let Some((wanted, own)) = story.wanted() else {
            assert!(log.approvals.is_empty(), "seed {seed}: {:?}", log.approvals);
            continue;
        };
        let told = || format!("seed {seed}, {:?}, {:?}", story.ways, story.said);
        let line = log.approvals.last().unwrap_or_else(|| panic!("{}", told())).line;
        let all: Vec<&Approval> = of(line).collect();
        assert_eq!(all.len(), log.approvals.len(), "one document: {}", told());
        let states = states(&all, &log.texts[&line], Some(DAY));
        let (last, state) = (all[all.len() - 1], states[all.len() - 1]);
        assert!(
            wanted.contains(&state.word()),
            "{} instead of {wanted:?}: {}",
            state.word(),
            told()
        );
        let most = if own { Assurance::Attributed } else { Assurance::Reported };
        assert!(last.assurance <= most, "{}: {}", last.assurance.word(), told());
        if wanted == ["revoked"] {
            assert!(!states.iter().any(|state| state.holds()), "{}", told());
        }
        *states_seen.entry(state.word()).or_insert(0) += 1;
        story.ways.iter().for_each(|way| *ways_seen.entry(*way).or_insert(0) += 1);
    }
    println!("{states_seen:?} {ways_seen:?}");
    assert!(states_seen.len() >= 4 && ways_seen.len() == 5, "{states_seen:?} {ways_seen:?}");
}
