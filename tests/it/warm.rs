//! A preview that follows edits shows what one that reads everything anew shows, and does what the edit asks for.

use std::fs;
use std::sync::Arc;

use readymark::diagnostic::Diagnostic;
use readymark::preview::Preview;
use readymark::project::Project;
use readymark::render::Theme;
use readymark::serve::Content;
use readymark::source::RepoPath;

use crate::lab::{Dice, Lab};

const DAY: &str = "2026-05-05";

fn open(lab: &Lab) -> Preview {
    let project = Project::open(&lab.root, true).unwrap().map_err(|_| "settings").unwrap();
    Preview::open(project, Theme::new(&[]).unwrap(), DAY).unwrap()
}

const PICTURE: &str = "GIF89a, or nearly";

/// A document that names a data file, in which too many cups are told.
const FIGURES: &str = "---\nid: MET-1\nkind: metrics\nobservations: cups.csv\n---\n# Figures\n\n| Metric | Unit | Direction | Limit |\n|---|---|---|---|\n| Cups | a day | down | 5 |\n";

/// Packs that lean on each other: one inside another, one that lists its chapters, and a page outside all.
fn packs() -> Lab {
    let lab = Lab::new();
    lab.write("book.toml", "[book]\ntitle = \"Kitchen\"\n");
    lab.write("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana Diaz\"\n");
    lab.write("README.md", "# Kitchen\n\nSee [tea](tea/notes.md) and [none](none.md).\n");
    lab.write("tea/pack.toml", "id = \"tea\"\nprofiles = [\"day-zero\"]\n");
    lab.write("tea/notes.md", "# Notes\n\n[[coffee:RB-001]] ![cup](../coffee/cup.gif)\n");
    lab.write("tea/RB-001.md", &runbook("RB-001", "Boil", "approved"));
    lab.write("tea/green/pack.toml", "id = \"green\"\nprofiles = [\"day-zero\"]\n");
    lab.write("tea/green/notes.md", "# Green\n\n[up](../notes.md#notes) RB-001 [[RB-001]]\n");
    lab.write("coffee/pack.toml", "id = \"coffee\"\ntitle = \"Coffee\"\n");
    lab.write("coffee/RB-001.md", &runbook("RB-001", "Grind", "draft"));
    lab.write("coffee/change.md", "---\nid: CHG-001\nkind: change\ntitle: Mill\nstatus: approved\nrolls-back-with: [RB-001, \"tea:RB-001\"]\n---\n# Mill\n");
    lab.write("coffee/cup.gif", PICTURE);
    lab.write("coffee/figures.md", FIGURES);
    lab.write("coffee/cups.csv", "date,cups\n2026-04-24,4\n2026-05-01,9\n");
    lab.write("manual/pack.toml", "id = \"manual\"\n");
    lab.write("manual/SUMMARY.md", "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n");
    lab.write("manual/one.md", "# One\n\n{{#include two.md}}\n\n{{#include ../tea/notes.md}}\n");
    lab.write("manual/two.md", "Two words and [one](one.md).\n");
    lab.commit("Start");
    lab
}

fn runbook(id: &str, title: &str, status: &str) -> String {
    format!(
        "---\nid: {id}\nkind: runbook\ntitle: {title}\nstatus: {status}\nowner: ana\n---\n# {title}\n\nTBD\n"
    )
}

/// Pages that edits touch.
const PAGES: [&str; 9] = [
    "README.md",
    "tea/notes.md",
    "tea/RB-001.md",
    "tea/green/notes.md",
    "tea/green/index.md",
    "coffee/RB-001.md",
    "coffee/change.md",
    "manual/one.md",
    "manual/two.md",
];

fn pick<'a>(dice: &mut Dice, words: &[&'a str]) -> &'a str {
    words[usize::try_from(dice.roll(u64::try_from(words.len()).unwrap())).unwrap()]
}

/// Files that are no pages, and what may stand in them.
const TABLES: [(&str, &[&str]); 10] = [
    (
        "coffee/cups.csv",
        &[
            "date,cups\n2026-04-24,4\n2026-05-01,9\n",
            "date,cups\n2026-04-24,4\n2026-05-01,5\n",
            "date,cups,mugs\nsoon,\"4\n",
        ],
    ),
    (
        "people.toml",
        &[
            "[[person]]\nid = \"ana\"\nname = \"Ana Diaz\"\n",
            "[[person]]\nid = \"ben\"\nname = \"Ben\"\nuntil = \"2026-01-01\"\n",
            "[[person]]\nid = \"ana\"\nname = \"Ana\"\n[[person]]\nid = \"ana\"\nname = \"Ana\"\n",
        ],
    ),
    (
        "coffee/pack.toml",
        &[
            "id = \"coffee\"\ntitle = \"Coffee\"\n",
            "id = \"coffee\"\nprofiles = [\"day-zero\"]\n[roles]\nservice-owner = \"ben\"\n",
            "id = \"zebra\"\n",
            "id = \"tea\"\n",
            "id = [\n",
        ],
    ),
    (
        "tea/pack.toml",
        &[
            "id = \"tea\"\nprofiles = [\"day-zero\"]\n",
            "# Of the tea.\n\nid = \"tea\"\nprofiles = [\"none\"]\n[roles]\nservice-owner = \"eve\"\n",
        ],
    ),
    ("tea/green/pack.toml", &["id = \"green\"\nprofiles = [\"day-zero\"]\n", "id = \"aaa\"\n"]),
    ("coffee/cup.gif", &[PICTURE, "no picture", "GIF89a, another"]),
    (
        "kinds/runbook.toml",
        &[
            "name = \"recipe\"\ntitle = \"Recipe\"\nplural = \"Recipes\"\nprefix = \"REC\"\nfolder = \"recipes\"\n",
            "name = [\n",
        ],
    ),
    (
        "coffee/RB-001.yaml",
        &[
            "kind: runbook\nid: RB-001\nstatus: approved\nowner: ana\n",
            "status: [\n",
            "status: draft\n",
        ],
    ),
    ("profiles/own.toml", &["id = \"none\"\ngate = \"None\"\n", "id = \n"]),
    (
        "manual/SUMMARY.md",
        &[
            "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
            "# Summary\n\n- [Second](two.md)\n- [First](one.md)\n- [Third](three.md)\n",
            "# Nothing\n",
        ],
    ),
];

/// Makes one random edit and returns the paths that it touched.
fn edit(lab: &Lab, dice: &mut Dice, round: u64) -> Vec<RepoPath> {
    let page = pick(dice, &PAGES);
    let mut touched = vec![page];
    match dice.roll(10) {
        0..=2 => {
            let link = pick(
                dice,
                &[
                    "[[RB-001]]",
                    "[[tea:RB-001]]",
                    "[[coffee:rb-001]]",
                    "[[zebra:RB-001]]",
                    "[[RB-002]]",
                    "RB-001",
                    "[x](notes.md#notes)",
                    "[x](../coffee/RB-001.md#grind)",
                    "[x](../tea/Notes.md)",
                    "[x](nothing.md)",
                    "![x](cup.gif)",
                    "![x](../coffee/cup.gif)",
                    "[x](/tea/notes.md)",
                ],
            );
            lab.write(
                page,
                &format!("# Round {round}\n\n{link} and {}\n", pick(dice, &["CHG-001", "ünd"])),
            );
        }
        3 | 4 => {
            let id = pick(dice, &["RB-001", "RB-002", "rb-001", "CHG-001"]);
            lab.write(
                page,
                &runbook(id, &format!("Title {round}"), pick(dice, &["draft", "approved"])),
            );
        }
        5 => lab.write(page, &format!("---\nid: [broken {round}\n---\n# T\n")),
        6 => _ = fs::remove_file(lab.root.join(page)),
        7 => {
            let other = pick(dice, &PAGES);
            touched.push(other);
            _ = fs::rename(lab.root.join(page), lab.root.join(other));
        }
        _ => {
            let at = usize::try_from(dice.roll(TABLES.len() as u64)).unwrap();
            let (path, texts) = TABLES[at];
            touched = vec![path];
            if dice.roll(5) == 0 {
                _ = fs::remove_file(lab.root.join(path));
            } else {
                lab.write(path, pick(dice, texts));
            }
        }
    }
    touched.into_iter().map(RepoPath::new).collect()
}

/// Everything that a preview says, in words.
fn said(preview: &Preview) -> (Vec<&Diagnostic>, Vec<String>) {
    let judged = preview.judged();
    let verdicts = judged.verdicts.iter().map(|verdict| format!("{verdict:?}"));
    (judged.diagnostics.sorted(), verdicts.collect())
}

fn bytes(content: &Arc<dyn Content>, route: &str) -> Option<Arc<[u8]>> {
    content.get(route).map(|served| served.bytes)
}

#[test]
fn every_edit_of_packs_that_lean_on_each_other_is_shown_as_if_all_were_read_anew() {
    let lab = packs();
    let mut warm = open(&lab);
    let mut dice = Dice(11);
    for round in 0..120 {
        let paths = edit(&lab, &mut dice, round);
        warm.update(Some(&paths)).unwrap();
        let cold = open(&lab);
        assert_eq!(said(&warm), said(&cold), "round {round}: {paths:?}");
        let routes = cold.routes();
        assert_eq!(warm.routes(), routes, "round {round}: {paths:?}");
        // A look now and then, so that what waited is made in many states.
        if dice.roll(3) > 0 {
            continue;
        }
        let (warm, cold) = (warm.content(), cold.content());
        let above = ["index.html", "versions.js", "search/index.js", "404.html"];
        for route in routes.iter().map(String::as_str).chain(above) {
            let same = bytes(&warm, route) == bytes(&cold, route);
            assert!(same, "round {round}: {route} differs after {paths:?}");
        }
    }
}

/// What an edit costs: files parsed, artifacts gathered, packs checked.
fn cost(lab: &Lab, preview: &mut Preview, path: &str, text: &str) -> [usize; 3] {
    let before = preview.done();
    lab.write(path, text);
    preview.update(Some(&[RepoPath::new(path)])).unwrap();
    let after = preview.done();
    [after.parsed - before.parsed, after.gathered - before.gathered, after.checked - before.checked]
}

#[test]
fn an_edit_costs_what_it_touches() {
    let lab = Lab::new();
    lab.write("a/pack.toml", "id = \"a\"\n");
    lab.write("a/one.md", "---\nid: RB-001\nkind: runbook\n---\n# One\n");
    lab.write("a/two.md", "# Two\n\n[one](one.md)\n");
    lab.write("b/pack.toml", "id = \"b\"\n");
    lab.write("b/three.md", "# Three\n\n[[a:RB-001]]\n");
    lab.write("c/pack.toml", "id = \"c\"\n");
    lab.write("c/four.md", "# Four\n\n[none](none.md)\n");
    lab.commit("Start");
    let mut preview = open(&lab);
    let done = preview.done();
    assert_eq!([done.parsed, done.gathered, done.checked], [4, 4, 3]);
    let mut cost = |path: &str, text: &str| cost(&lab, &mut preview, path, text);
    assert_eq!(cost("a/two.md", "# Two\n\n[one](one.md) again\n"), [1, 1, 1]);
    // Another pack shows the title of what it links to.
    assert_eq!(cost("a/one.md", "---\nid: RB-001\nkind: runbook\n---\n# First\n"), [1, 1, 2]);
    // A link of the third pack leads nowhere, and a new page may be what it means.
    assert_eq!(cost("a/five.md", "# Five\n"), [1, 1, 2]);
    assert_eq!(cost("people.toml", "[[person]]\nid = \"ana\"\nname = \"Ana\"\n"), [0, 0, 3]);
    assert_eq!(cost("b/pack.toml", "id = \"b\"\ntitle = \"Bee\"\n"), [0, 1, 1]);
    assert_eq!(cost("notes.txt", "Nothing that a page shows\n"), [0, 0, 1]);
}

#[test]
fn the_next_version_of_a_build_costs_what_differs() {
    let lab = Lab::new();
    lab.write("book.toml", "[versions]\ntags = [\"v*\"]\n");
    for pack in ["a", "b", "c"] {
        lab.write(&format!("{pack}/pack.toml"), &format!("id = \"{pack}\"\n"));
        lab.write(&format!("{pack}/one.md"), &format!("# One of {pack}\n"));
    }
    lab.commit("Start");
    lab.git(&["tag", "v1"]);
    lab.write("b/one.md", "# Two\n");
    lab.commit("Edit");
    lab.git(&["tag", "v2"]);
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_readymark"))
        .args(["build", "--stats", "-d"])
        .arg(lab.root.join("site"))
        .arg(&lab.root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    // The two versions, and the tip of the branch, which is the second once more.
    assert!(said.contains("parsed 4, gathered 4, checked 4,"), "{said}");
}
