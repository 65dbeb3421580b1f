//! The rules of the house: what lives where, and that lists and reference pages say what the program does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use readymark::diagnostic::Diagnostic;
use readymark::pack::{pack_toml, people_toml};
use readymark::reference::{self, KEYS, Keys};
use readymark::source::RepoPath;
use readymark::{kinds, profiles, settings};

use crate::lab::has_extension;

/// Crates that could be swapped, and the only places that name them.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["src/cli/report.rs"]),
    ("clap", &["src/cli/arguments.rs"]),
    ("flate2", &["src/git/loose.rs"]),
    ("git2", &["src/git/"]),
    ("granit_parser", &["src/document/front_matter/yaml.rs"]),
    ("gray_matter", &["src/document/front_matter/"]),
    ("html5gum", &["src/document/markdown/"]),
    ("httparse", &["src/serve/request.rs"]),
    ("notify", &["src/watch.rs"]),
    ("postcard", &["src/history/kept.rs"]),
    ("pulldown_cmark", &["src/document/"]),
    ("ring", &["src/signature/ssh.rs"]),
    ("rustix", &["src/output/area.rs", "src/document/markdown/tests/limits.rs"]),
    ("similar", &["src/diff.rs"]),
    ("tera", &["src/render.rs", "src/render/"]),
    ("terminal_size", &["src/main.rs"]),
    ("toml_edit", &["src/toml.rs", "src/document/front_matter/toml.rs"]),
    ("zip", &["src/output/archive.rs"]),
    ("zlib_rs", &["src/git/packs/data.rs"]),
];

/// A key that no reader knows and that is near to none.
const STRANGER: &str = "qqqqqqqq";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lists the files of a folder and its folders, relative to the repository.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn rust(folder: &str) -> impl Iterator<Item = String> {
    files(folder).into_iter().filter(|path| has_extension(path, "rs"))
}

/// Tells whether code outside comments says `name::`.
fn names(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(&path).any(|(at, _)| {
            !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'))
        })
    })
}

#[test]
fn each_crate_that_could_be_swapped_has_one_home() {
    for (name, homes) in HOMES {
        let found: Vec<String> = rust("src").filter(|path| names(&text(path), name)).collect();
        let strangers: Vec<_> =
            found.iter().filter(|path| !homes.iter().any(|home| path.starts_with(home))).collect();
        assert!(strangers.is_empty(), "{name} is named in {strangers:?}");
        for home in *homes {
            assert!(found.iter().any(|path| path.starts_with(home)), "{name} is not in {home}");
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for path in ["src", "tests", "benches"].into_iter().flat_map(rust) {
        assert!(text(&path).starts_with("//!"), "{path}");
    }
}

#[test]
fn every_file_of_the_theme_is_embedded() {
    let code: String = rust("src").map(|path| text(&path)).collect();
    for path in files("themes") {
        assert!(code.contains(&format!("../{path}\")")), "{path}");
    }
}

#[test]
fn every_built_in_profile_is_loaded() {
    let data = files("src/profiles").iter().filter(|path| has_extension(path, "toml")).count();
    assert_eq!(profiles::built_in().0.len(), data);
}

#[test]
fn the_changelog_speaks_of_this_version() {
    let log = text("CHANGELOG.md");
    let version = format!("## {}", env!("CARGO_PKG_VERSION"));
    assert!(log.lines().any(|line| line == "## Unreleased" || line.starts_with(&version)));
}

/// `UPDATE=1 cargo test tidy` writes them anew.
#[test]
fn the_reference_is_that_of_the_program() {
    let pages = [
        ("kinds", reference::kinds(&kinds::load(&[]).0)),
        ("rules", reference::rules()),
        ("profiles", reference::profiles(profiles::built_in().0)),
        ("settings", reference::settings()),
    ];
    for (name, page) in pages {
        let path = root().join(format!("guide/reference/{name}.md"));
        if std::env::var("UPDATE").is_ok() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &page).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == page, "{} is old: run UPDATE=1 cargo test tidy", path.display());
    }
}

#[test]
fn the_reference_has_every_key_that_is_read() {
    let tops = ["book.toml", "pack.toml", "people.toml", "kinds/*.toml", "profiles/*.toml"];
    let tables = KEYS.iter().map(|keys| (keys.file, keys.table));
    let places: BTreeSet<_> = tops.into_iter().map(|file| (file, "")).chain(tables).collect();
    let mut asked = 0;
    for (file, table) in places.into_iter().filter(|(_, table)| !table.contains('<')) {
        let listed = listed(file, table);
        if listed.iter().any(|key| key.starts_with('<')) {
            continue;
        }
        asked += 1;
        assert_eq!(known(file, table), listed, "{file} {table}");
    }
    assert_eq!(asked, 39, "a table got lost");
}

/// The keys of a table as the reference has them: its rows and the tables inside it.
fn listed(file: &str, table: &str) -> BTreeSet<String> {
    let here = KEYS.iter().filter(|keys| keys.file == file);
    let rows = here.clone().filter(|keys| keys.table == table).flat_map(|keys| keys.rows);
    let rows = rows.flat_map(|(names, _)| *names).map(|name| (*name).to_owned());
    let inner = here.filter_map(|keys| {
        let rest = path(keys.table).strip_prefix(path(table))?;
        let rest = if table.is_empty() { rest } else { rest.strip_prefix('.')? };
        let name = rest.split('.').next()?;
        (!name.is_empty()).then(|| name.to_owned())
    });
    rows.chain(inner).collect()
}

/// `[[a.b]]` is `a.b`.
fn path(table: &str) -> &str {
    table.trim_matches(['[', ']'])
}

/// The keys that the reader names when it meets one that it does not know.
fn known(file: &str, table: &str) -> BTreeSet<String> {
    let is_above = |keys: &&Keys| {
        let rest = path(table).strip_prefix(path(keys.table));
        keys.file == file && rest.is_some_and(|rest| rest.starts_with('.'))
    };
    let above = KEYS.iter().filter(is_above).map(|keys| format!("{}\n", keys.table));
    let text = format!("{}{table}\n{STRANGER} = 1\n", above.collect::<String>());
    let findings = findings(file, &text);
    let help = findings
        .iter()
        .filter(|finding| finding.message.contains(STRANGER))
        .find_map(|finding| finding.help.as_deref()?.strip_prefix("known keys are "));
    let help = help.unwrap_or_else(|| panic!("{file} {table} takes any key: {findings:?}"));
    help.split(", ").map(str::to_owned).collect()
}

fn findings(file: &str, text: &str) -> Vec<Diagnostic> {
    let path = RepoPath::new(&file.replace('*', "own"));
    let data = [(path.clone(), Arc::from(text.as_bytes()))];
    match file {
        "book.toml" => settings::read(&path, text.as_bytes()).1,
        "pack.toml" => pack_toml::read(&path, text.as_bytes()).1,
        "people.toml" => people_toml::read(&path, text.as_bytes()).1,
        "kinds/*.toml" => kinds::load(&data).1,
        _ => profiles::load(&data, &kinds::load(&[]).0).1,
    }
}
