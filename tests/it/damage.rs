//! Damage to a repository never makes the site certain of something that the whole repository contradicts.

mod claims;
mod harm;
mod log;
mod pages;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fmt, fs};

use crate::lab::{DAY, Dice, Lab, files, run, words};
use claims::{Claims, contradictions};
use harm::{Case, Harm};

/// How many documents of a repository are explained.
const EXPLAINED: usize = 2;

/// How many stories of each letter are damaged unless `MUTATIONS=all` asks for every piece of damage in every story.
const STORIES: u64 = 2;

/// What is done to the example, which takes longer; `MUTATIONS=20` does so much of any sort. Its tags are signed, and
/// without an address commits have other ids than those that were signed.
const IN_EXAMPLE: [&str; 2] = ["blob true", "shallow"];

/// Stories that are damaged in every way that there is.
const IN_ALL_WAYS: [&str; 4] = [
    "e03-restored",
    "e25-only-its-life-changed-in-between",
    "j08-approval-picked-into-another-pack",
    "k06-two-addresses",
];

/// What a build tells: the files of the site, or why there is none.
enum Told {
    Site(BTreeMap<String, Vec<u8>>),
    Stopped(String),
}

/// Builds the site, checks, and explains some documents.
fn tell(lab: &Lab, case: &Case, signers: Option<&str>) -> Told {
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    let list = out.path().join("signers");
    let day = case.day.as_deref().unwrap_or(DAY);
    let mut keys = Vec::new();
    if let Some(text) = signers {
        fs::write(&list, text).unwrap();
        keys.extend(["--allowed-signers", list.to_str().unwrap()]);
    }
    let run = |what: &[&str]| run(&lab.root, &[what, &["--as-of", day], &keys].concat());
    let output = run(&["build", "-d", site.to_str().unwrap()]);
    if output.status.code() == Some(2) {
        return Told::Stopped(words(&output));
    }
    let mut files = files(&site);
    files.insert("build".to_owned(), words(&output).into_bytes());
    files.insert("check.json".to_owned(), run(&["check", "--format", "json"]).stdout);
    for id in case.ids().into_iter().take(EXPLAINED) {
        files.insert(format!("explain/{id}"), run(&["explain", &id]).stdout);
    }
    Told::Site(files)
}

/// What a repository tells, with its commits by the first lines of their messages.
fn claims(lab: &Lab, case: &Case, signers: Option<&str>) -> Result<Claims, String> {
    match tell(lab, case, signers) {
        Told::Site(files) => Ok(Claims::read(&files, case)),
        Told::Stopped(why) => Err(why),
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.join("story").exists()).collect();
    cases.sort();
    cases
}

/// What was seen, so that a test which sees nothing fails.
#[derive(Default, Debug)]
struct Seen {
    tried: usize,
    stopped: usize,
    weaker: usize,
    wrong: Vec<String>,
}

impl Seen {
    fn look(&mut self, case: &Case, whole: &Claims, harm: &Harm) {
        self.tried += 1;
        let damaged = harm.done_to(case);
        match claims(&damaged.lab, &damaged.case, damaged.signers.as_deref()) {
            Err(why) => {
                assert!(!why.trim().is_empty(), "{}: {harm:?} stops it without a word", case.name);
                self.stopped += 1;
            }
            Ok(told) => {
                self.weaker += usize::from(told != *whole);
                let found = contradictions(whole, &told, harm.is_loss());
                let one = |text: String| format!("{}: {harm:?}: {text}", case.name);
                self.wrong.extend(found.into_iter().map(one));
            }
        }
    }
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.stopped += other.stopped;
        self.weaker += other.weaker;
        self.wrong.extend(other.wrong);
    }

    fn is_right(&self) {
        assert!(self.wrong.is_empty(), "{}\n{}", self.wrong.len(), self.wrong.join("\n"));
        assert!(self.weaker * 4 > self.tried, "the damage is not felt: {self:?}");
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} tried, {} stopped, {} weaker", self.tried, self.stopped, self.weaker)
    }
}

/// Damages a repository in these ways.
fn damage(case: &Case, harms: &[Harm]) -> Seen {
    let mut seen = Seen::default();
    if let Ok(whole) = claims(&case.made(), case, case.signers.as_deref()) {
        for harm in harms {
            seen.look(case, &whole, harm);
        }
    }
    seen
}

/// Tries all damage on the processors that there are.
fn damage_all(work: Vec<(Case, Vec<Harm>)>) -> Seen {
    let queue = Mutex::new(work.into_iter());
    let next = || queue.lock().unwrap().next();
    let work = || {
        let mut seen = Seen::default();
        while let Some((case, harms)) = next() {
            seen.add(damage(&case, &harms));
        }
        seen
    };
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let hands = std::thread::available_parallelism().map_or(2, usize::from);
        let all: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        for one in all {
            seen.add(one.join().unwrap());
        }
    });
    seen
}

fn is_all() -> bool {
    std::env::var("MUTATIONS").is_ok_and(|many| many == "all")
}

fn pick<T>(of: &mut Vec<T>, dice: &mut Dice) -> T {
    let sides = u64::try_from(of.len()).unwrap();
    of.swap_remove(usize::try_from(dice.roll(sides)).unwrap())
}

/// Picks one piece of damage of each sort.
fn one_of_each(case: &Case, dice: &mut Dice) -> Vec<Harm> {
    let mut sorts: BTreeMap<String, Vec<Harm>> = BTreeMap::new();
    for harm in case.harms() {
        sorts.entry(harm.sort(case)).or_default().push(harm);
    }
    sorts.into_values().map(|mut harms| pick(&mut harms, dice)).collect()
}

#[test]
fn a_damaged_story_claims_nothing_that_the_whole_one_contradicts() {
    let only = std::env::var("STORY").unwrap_or_default();
    let mut stories: Vec<Case> = cases().iter().filter_map(|path| Case::story(path)).collect();
    stories.retain(|case| case.name.contains(&only));
    if is_all() {
        let work = stories.into_iter().map(|case| (case.harms(), case));
        let seen = damage_all(work.map(|(harms, case)| (case, harms)).collect());
        println!("{seen}");
        return seen.is_right();
    }
    let mut dice = Dice(5);
    // A text that was another one in between is only seen in what is lost just there.
    let whole = |case: &&Case| IN_ALL_WAYS.contains(&case.name.as_str());
    let mut work: Vec<_> =
        stories.iter().filter(whole).map(|one| (one.clone(), one.harms())).collect();
    let mut groups: BTreeMap<char, Vec<Case>> = BTreeMap::new();
    for case in stories {
        groups.entry(case.name.chars().next().unwrap()).or_default().push(case);
    }
    for mut stories in groups.into_values() {
        // Each sort of damage that can be done in a group of stories is done in one of them, and once more.
        for _ in 0..STORIES.min(u64::try_from(stories.len()).unwrap()) {
            let case = pick(&mut stories, &mut dice);
            let harms = one_of_each(&case, &mut dice);
            work.push((case, harms));
        }
    }
    let seen = damage_all(work);
    println!("{seen}");
    seen.is_right();
}

#[test]
fn the_damaged_example_claims_nothing_that_the_whole_one_contradicts() {
    let (case, mut dice) = (Case::example(), Dice(5));
    let harms = match std::env::var("MUTATIONS").ok().and_then(|many| many.parse().ok()) {
        None => {
            let mut harms = one_of_each(&case, &mut dice);
            harms.retain(|harm| IN_EXAMPLE.contains(&harm.sort(&case).as_str()));
            harms
        }
        Some(many) => {
            let mut all = case.harms();
            (0..many).map(|_| pick(&mut all, &mut dice)).collect()
        }
    };
    let many = harms.len().div_ceil(2);
    let parts = harms.chunks(many).map(|part| (case.clone(), part.to_vec()));
    let seen = damage_all(parts.collect());
    println!("{seen}");
    seen.is_right();
}
