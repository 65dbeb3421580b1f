//! Damage to a repository never makes the site certain of something that the whole repository contradicts.

mod claims;
mod harm;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::lab::{DAY, Dice, Lab, files, run, words};
use claims::{Claims, contradictions};
use harm::{Case, Harm};

/// How many pieces of damage are tried in the stories; `MUTATIONS` asks for more, `MUTATIONS=all` for every one.
const FEW: usize = 48;

/// What a build tells: the files of the site, or why there is none.
enum Told {
    Site(BTreeMap<String, Vec<u8>>),
    Stopped(String),
}

fn tell(lab: &Lab, case: &Case, signers: Option<&str>) -> Told {
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    let list = out.path().join("signers");
    let day = case.day.as_deref().unwrap_or(DAY);
    let mut arguments = vec!["build", "--as-of", day, "-d", site.to_str().unwrap()];
    if let Some(text) = signers {
        fs::write(&list, text).unwrap();
        arguments.extend(["--allowed-signers", list.to_str().unwrap()]);
    }
    let output = run(&lab.root, &arguments);
    match output.status.code() {
        Some(2) => Told::Stopped(words(&output)),
        _ => Told::Site(files(&site)),
    }
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

/// How many pieces of damage to try; nothing for all.
fn wanted() -> Option<usize> {
    match std::env::var("MUTATIONS") {
        Ok(text) if text == "all" => None,
        Ok(text) => Some(text.parse().unwrap()),
        Err(_) => Some(FEW),
    }
}

#[test]
fn a_damaged_story_claims_nothing_that_the_whole_one_contradicts() {
    let only = std::env::var("STORY").unwrap_or_default();
    let mut stories: Vec<Case> = cases().iter().filter_map(|path| Case::story(path)).collect();
    stories.retain(|case| case.name.contains(&only));
    let (mut seen, mut dice) = (Seen::default(), Dice(5));
    let each = |case: &Case, harms: &[Harm], seen: &mut Seen| {
        let (lab, signers) = (case.made(), case.signers.as_deref());
        let Ok(whole) = claims(&lab, case, signers) else { return };
        harms.iter().for_each(|harm| seen.look(case, &whole, harm));
    };
    match wanted() {
        None => {
            for case in &stories {
                each(case, &case.harms(), &mut seen);
            }
        }
        Some(many) => {
            while seen.tried < many {
                let sides = u64::try_from(stories.len()).unwrap();
                let case = &stories[usize::try_from(dice.roll(sides)).unwrap()];
                let mut harms = case.harms();
                let picked: Vec<Harm> = (0..4.min(harms.len()))
                    .map(|_| {
                        let left = u64::try_from(harms.len()).unwrap();
                        harms.swap_remove(usize::try_from(dice.roll(left)).unwrap())
                    })
                    .collect();
                each(case, &picked, &mut seen);
            }
        }
    }
    println!("{} tried, {} stopped, {} weaker", seen.tried, seen.stopped, seen.weaker);
    assert!(seen.wrong.is_empty(), "{}\n{}", seen.wrong.len(), seen.wrong.join("\n"));
    assert!(seen.weaker * 4 > seen.tried, "the damage is not felt: {seen:?}");
}
