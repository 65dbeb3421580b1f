//! From TOML files to profiles: the built-in ones, then the repository's own, which may replace one of the same id or
//! extend others.

use std::sync::{Arc, LazyLock};

use super::model::{Profile, pinned};
use super::read;
use crate::diagnostic::Diagnostic;
use crate::kinds::{self, Kind};
use crate::source::RepoPath;
use crate::toml::{self, Question};

const FILES: [(&str, &str); 9] = [
    ("day-zero.toml", include_str!("day-zero.toml")),
    ("pilot-handoff.toml", include_str!("pilot-handoff.toml")),
    ("production-standards.toml", include_str!("production-standards.toml")),
    ("staircase.toml", include_str!("staircase.toml")),
    ("readiness-review.toml", include_str!("readiness-review.toml")),
    ("sector-finance.toml", include_str!("sector-finance.toml")),
    ("sector-healthcare.toml", include_str!("sector-healthcare.toml")),
    ("sector-manufacturing.toml", include_str!("sector-manufacturing.toml")),
    ("sector-retail.toml", include_str!("sector-retail.toml")),
];

static BUILT_IN: LazyLock<(Vec<Profile>, Vec<Diagnostic>)> = LazyLock::new(|| {
    let files: Vec<(RepoPath, Arc<[u8]>)> = FILES
        .iter()
        .map(|(name, text)| (RepoPath::new(name), Arc::from(text.as_bytes())))
        .collect();
    let (mut profiles, mut findings) = (Vec::new(), Vec::new());
    add(&mut profiles, &mut findings, &files, &kinds::load(&[]).0);
    (profiles, findings)
});

/// Returns the profiles that come with the program, and what is wrong with their files, by the built-in kinds.
pub fn built_in() -> (&'static [Profile], &'static [Diagnostic]) {
    (&BUILT_IN.0, &BUILT_IN.1)
}

/// Loads the built-in profiles and those of the repository (`profiles/*.toml`), which speak of these kinds.
pub fn load(files: &[(RepoPath, Arc<[u8]>)], kinds: &[Kind]) -> (Vec<Profile>, Vec<Diagnostic>) {
    let (mut profiles, mut findings) = (BUILT_IN.0.clone(), Vec::new());
    add(&mut profiles, &mut findings, files, kinds);
    (profiles, findings)
}

/// Lists what is asked for in the file of a profile.
pub fn questions() -> Vec<Question> {
    let nothing = read::Known { profiles: &[], awaited: &[], kinds: &[] };
    toml::questions(|keys| drop(read::profile(keys, nothing)))
}

/// A file that is yet to be read: what it declares and what it stands on.
struct Waiting<'f> {
    file: &'f (RepoPath, Arc<[u8]>),
    id: String,
    extends: Vec<String>,
}

/// Reads each file after those that it extends. Files that wait for each other are read as they are: what they extend
/// is not there.
fn add(
    profiles: &mut Vec<Profile>,
    findings: &mut Vec<Diagnostic>,
    files: &[(RepoPath, Arc<[u8]>)],
    kinds: &[Kind],
) {
    let mut waiting: Vec<Waiting<'_>> = files.iter().map(head).collect();
    while !waiting.is_empty() {
        let is_awaited = |one: &Waiting<'_>, name: &String| {
            waiting.iter().any(|other| other.id == *name && other.id != one.id)
        };
        let ready = |one: &Waiting<'_>| !one.extends.iter().any(|name| is_awaited(one, name));
        let next = waiting.iter().position(ready);
        let (path, bytes) = waiting.remove(next.unwrap_or_default()).file;
        let others: Vec<&str> = waiting.iter().map(|one| one.id.as_str()).collect();
        let known = read::Known { profiles, awaited: &others, kinds };
        let read = |keys: &mut toml::Table<'_>| read::profile(keys, known);
        let (profile, mut found) = toml::read(path, bytes, read);
        findings.append(&mut found);
        let Some(profile) = profile.flatten() else { continue };
        match profiles.iter_mut().find(|known| known.id == profile.id) {
            Some(known) => *known = profile,
            None => profiles.push(profile),
        }
    }
}

fn head(file: &(RepoPath, Arc<[u8]>)) -> Waiting<'_> {
    let read = |keys: &mut toml::Table<'_>| (keys.text("id"), keys.texts("extends"));
    // What is wrong is told when the file is read whole.
    let (found, _) = toml::read(&file.0, &file.1, read);
    let (id, extends) = found.unwrap_or_default();
    let plain = |name: String| pinned(&name).0.to_owned();
    let extends = extends.into_iter().map(plain).collect();
    Waiting { file, id: id.unwrap_or_default(), extends }
}
