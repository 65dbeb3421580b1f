//! Which files of a snapshot matter: packs, people, kinds, profiles, pages and the files that pages may show.
//! Decides by path and by our own TOML files; no Markdown is read but `SUMMARY.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::contacts::{Contacts, Covered};
use super::sidecar::{self, Sidecars};
use super::{Folders, Pack, People, audience, pack_toml, people_toml};
use crate::diagnostic::Diagnostic;
use crate::document::summary;
use crate::rules::pack::DUPLICATE_ID;
use crate::rules::source as rules;
use crate::settings::{Audience, Settings};
use crate::source::{File, ReadBlob, RepoPath, Snapshot, is_markdown};

/// The slug of the pack that holds what lies outside all declared packs.
const REST: &str = "pages";

/// What stands in the root of every site beside the packs.
const OF_THE_SITE: &[&str] =
    &["404.html", "assets", "badges", "index.html", "lineage", "search", "versions.js"];

/// The files of a snapshot, sorted by what they are for.
#[derive(Debug, Default)]
pub struct Scope {
    /// The packs, without their artifacts.
    pub packs: Vec<Pack>,
    /// People, teams and roles.
    pub people: People,
    /// What these readers may not see in any text.
    pub contacts: Contacts,
    /// `kinds/*.toml`.
    pub kinds: Vec<(RepoPath, Arc<[u8]>)>,
    /// `profiles/*.toml`.
    pub profiles: Vec<(RepoPath, Arc<[u8]>)>,
    /// Markdown files that become pages, by pack.
    pub pages: Vec<(File, usize)>,
    /// Other files of the packs, by pack; only what a page leads to is published.
    pub others: Vec<(File, usize)>,
    /// The lines of each pack's `SUMMARY.md`, when it has one.
    pub summaries: Vec<Option<(RepoPath, Vec<summary::Line>)>>,
    /// Files of fields beside pages.
    pub sidecars: Sidecars,
    /// What is wrong with the files that were read.
    pub findings: Vec<Diagnostic>,
}

/// Sorts the files of a snapshot. `folder` is where `book.toml` lies or would lie.
pub fn scope(snapshot: &Snapshot, folder: &str, settings: &Settings, read: &dyn ReadBlob) -> Scope {
    let contacts = contacts(snapshot, folder, settings, read);
    let mut scope = Scope::default();
    let read = &Covered { read, contacts: &contacts };
    let files = inside(snapshot, folder, settings, read);
    find_packs(&files, folder, settings, read, &mut scope);
    find_tables(&files, folder, read, &mut scope);
    find_summaries(snapshot, read, &mut scope);
    sort_files(&files, &mut scope);
    let (sidecars, findings) = sidecar::find(&scope.pages, &scope.others, settings, read);
    scope.findings.extend(findings);
    Scope { contacts, sidecars, ..scope }
}

/// Reads what the registry holds before anything else is read.
fn contacts(
    snapshot: &Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
) -> Contacts {
    let path = crate::project::join(folder, "people.toml");
    let bytes = snapshot.file(&path).and_then(|file| read.read(file.blob).ok());
    let (people, _) = people_toml::read(&RepoPath::new(&path), &bytes.unwrap_or_default());
    Contacts::new(&people, settings.audience)
}

/// Finds the packs of a snapshot and nothing else.
pub fn packs(
    snapshot: &Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
) -> Vec<Pack> {
    let mut scope = Scope::default();
    find_packs(&inside(snapshot, folder, settings, read), folder, settings, read, &mut scope);
    scope.packs
}

fn inside<'s>(
    snapshot: &'s Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
) -> Vec<&'s File> {
    let ours = |file: &&File| is_ours(&file.path, folder, settings);
    let mut files: Vec<&File> = snapshot.files.iter().filter(ours).collect();
    if settings.audience == Audience::Public {
        let secret: Vec<String> = files.iter().filter_map(|file| secret_pack(file, read)).collect();
        files.retain(|file| !secret.iter().any(|folder| file.path.is_inside(folder)));
    }
    files
}

/// Tells whether a path lies in `folder` and may be published.
pub fn is_ours(path: &RepoPath, folder: &str, settings: &Settings) -> bool {
    path.strip(folder).is_some_and(|path| is_public(path, &settings.build_dir))
}

/// Returns the folder of a pack that is not for the public.
fn secret_pack(file: &File, read: &dyn ReadBlob) -> Option<String> {
    let bytes = (file.path.name() == "pack.toml").then(|| read.read(file.blob).ok())??;
    let (pack, _) = pack_toml::read(&file.path, &bytes);
    (!audience::is_public(pack.classification.as_deref())).then_some(pack.folder)
}

/// Tells whether a path may be published at all: no hidden file or folder, nothing of the output.
fn is_public(path: &str, build_dir: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.') && part != ".well-known");
    let output = path.strip_prefix(build_dir).is_some_and(|rest| rest.starts_with('/'));
    !hidden && (build_dir.is_empty() || !output)
}

fn find_packs(
    files: &[&File],
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
    scope: &mut Scope,
) {
    let mut rest = rest_of(folder, files, settings);
    let is_pack =
        |file: &&&File| file.path.name() == "pack.toml" && file.path.is_inside(&rest.folder);
    for file in files.iter().filter(is_pack) {
        if let Some(bytes) = bytes_of(file, read, &mut scope.findings) {
            let (pack, findings) = pack_toml::read(&file.path, &bytes);
            scope.packs.push(pack);
            scope.findings.extend(findings);
        }
    }
    scope.packs.sort_by(|one, other| (&one.id, &one.folder).cmp(&(&other.id, &other.folder)));
    settle_slugs(scope);
    for pack in scope.packs.iter_mut().filter(|pack| pack.profiles.is_empty()) {
        pack.profiles.clone_from(&settings.profiles);
    }
    if !scope.packs.is_empty() {
        (rest.slug, rest.title) = (REST.to_owned(), "Other pages".to_owned());
    }
    let folders = Folders::new(&scope.packs);
    let is_rest = |file: &&File| {
        let claimed = folders.holding(&file.path).next().is_some();
        is_markdown(file.path.as_str()) && !claimed && file.path.is_inside(&rest.folder)
    };
    if files.iter().any(is_rest) {
        scope.packs.push(rest);
    }
}

/// Gives every pack a folder name of its own; the later of two packs with one id gets a digest and a finding.
fn settle_slugs(scope: &mut Scope) {
    let mut taken: BTreeMap<String, String> = OF_THE_SITE
        .iter()
        .map(|name| ((*name).to_owned(), "the files of the site".to_owned()))
        .chain([(REST.to_owned(), "the pages outside all packs".to_owned())])
        .collect();
    for pack in &mut scope.packs {
        pack.slug = crate::slug::slug(&pack.id);
        let path = RepoPath::new(&pack.folder_file("pack.toml"));
        if let Some(first) = taken.get(&pack.slug) {
            let message = format!("the pack `{}` would have the same address as {first}", pack.id);
            let digest = blake3::hash(pack.folder.as_bytes()).to_hex();
            pack.slug = format!("{}-{}", pack.slug, &digest[..8]);
            let help = format!("give it another `id`; it is published as {} for now", pack.slug);
            scope.findings.push(Diagnostic::new(&DUPLICATE_ID, &path, &(0..0), message).help(help));
        }
        taken.insert(pack.slug.clone(), path.to_string());
    }
}

/// The pack of what no `pack.toml` claims: the book, or the whole folder. Packs are looked for in it too, so that a
/// book keeps to its `src`.
fn rest_of(folder: &str, files: &[&File], settings: &Settings) -> Pack {
    let join = |src: &str| match (folder, src.trim_start_matches("./").trim_matches('/')) {
        ("", src) | (src, "" | ".") => src.trim_matches('.').to_owned(),
        (folder, src) => format!("{folder}/{src}"),
    };
    let usual = join("src");
    let has_usual = files.iter().any(|file| file.path.strip(&usual) == Some("SUMMARY.md"));
    let root = settings
        .book
        .src
        .as_deref()
        .map_or_else(|| if has_usual { usual } else { folder.to_owned() }, join);
    let title = settings.book.title.clone().unwrap_or_else(|| {
        folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("Pages").to_owned()
    });
    Pack { id: REST.to_owned(), title, folder: root, ..Pack::default() }
}

fn find_tables(files: &[&File], folder: &str, read: &dyn ReadBlob, scope: &mut Scope) {
    for file in files {
        let Some(path) = file.path.strip(folder) else { continue };
        let is_people = path == "people.toml";
        let list = match path.split_once('/') {
            Some(("kinds", name)) if is_toml(name) => Some(true),
            Some(("profiles", name)) if is_toml(name) => Some(false),
            _ => None,
        };
        if !is_people && list.is_none() {
            continue;
        }
        let Some(bytes) = bytes_of(file, read, &mut scope.findings) else { continue };
        match list {
            Some(true) => scope.kinds.push((file.path.clone(), bytes)),
            Some(false) => scope.profiles.push((file.path.clone(), bytes)),
            None => {
                let (people, findings) = people_toml::read(&file.path, &bytes);
                scope.people = people;
                scope.findings.extend(findings);
            }
        }
    }
}

fn find_summaries(snapshot: &Snapshot, read: &dyn ReadBlob, scope: &mut Scope) {
    for at in 0..scope.packs.len() {
        let folder = &scope.packs[at].folder;
        let path = if folder.is_empty() {
            "SUMMARY.md".to_owned()
        } else {
            format!("{folder}/SUMMARY.md")
        };
        let found = snapshot.file(&path).and_then(|file| {
            let bytes = bytes_of(file, read, &mut scope.findings)?;
            Some((file.path.clone(), summary::parse(&String::from_utf8_lossy(&bytes))))
        });
        // A file of that name without a single chapter is an ordinary page.
        scope
            .summaries
            .push(found.filter(|(_, lines)| lines.iter().any(|line| !line.target.is_empty())));
    }
}

fn sort_files(files: &[&File], scope: &mut Scope) {
    let folders = Folders::new(&scope.packs);
    let chapters: Vec<Option<FxHashSet<RepoPath>>> =
        scope.summaries.iter().map(|summary| summary.as_ref().map(chapters)).collect();
    for file in files {
        let Some(pack) = folders.holding(&file.path).next() else { continue };
        let chosen = match &chapters[pack] {
            Some(chapters) => chapters.contains(&file.path),
            None => is_markdown(file.path.as_str()),
        };
        if chosen {
            scope.pages.push(((*file).clone(), pack));
        } else if !is_markdown(file.path.as_str()) {
            scope.others.push(((*file).clone(), pack));
        }
    }
}

/// Lists the files that a `SUMMARY.md` names.
fn chapters((path, lines): &(RepoPath, Vec<summary::Line>)) -> FxHashSet<RepoPath> {
    let named = lines.iter().filter(|line| !line.target.is_empty());
    named.filter_map(|line| RepoPath::resolve(path.folder(), &line.target)).collect()
}

fn is_toml(name: &str) -> bool {
    !name.contains('/') && name.strip_suffix(".toml").is_some()
}

fn bytes_of(file: &File, read: &dyn ReadBlob, findings: &mut Vec<Diagnostic>) -> Option<Arc<[u8]>> {
    read.read(file.blob)
        .map_err(|reason| {
            findings.push(Diagnostic::new(&rules::MISSING_BLOB, &file.path, &(0..0), reason));
        })
        .ok()
}
