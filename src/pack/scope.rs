//! Which files of a snapshot matter: packs, people, kinds, profiles, pages and the files that pages may show.
//! Decides by path and by our own TOML files; no Markdown is read but `SUMMARY.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::audience::Readers;
use super::contacts::{Contacts, Covered};
use super::lock::{self, Pins};
use super::sidecar::{self, Sidecars};
use super::{Folders, Pack, People, audience, pack_toml, people_toml};
use crate::diagnostic::Diagnostic;
use crate::document::summary;
use crate::kinds::{self, Kind};
use crate::profiles::{self, Profile};
use crate::project::BOOK;
use crate::rules::pack::DUPLICATE_ID;
use crate::rules::source as rules;
use crate::settings::{Audience, Settings, unknown_names};
use crate::source::{File, ObjectId, ReadBlob, RepoPath, Snapshot, is_markdown};

/// The registry of people.
pub const PEOPLE: &str = "people.toml";

/// The slug of the pack that holds what lies outside all declared packs.
const REST: &str = "pages";

/// What stands in the root of every site beside the packs.
const OF_THE_SITE: &[&str] = &[
    "404.html",
    "assets",
    "badges",
    "checkpoint.json",
    "index.html",
    "lineage",
    "schemas",
    "search",
    "versions.js",
];

/// The files of a snapshot, sorted by what they are for.
#[derive(Debug, Default)]
pub struct Scope {
    /// The packs, without their artifacts.
    pub packs: Vec<Arc<Pack>>,
    /// People, teams and roles; without what the readers may not see of them.
    pub people: Arc<People>,
    /// What these readers may not see in any text.
    pub contacts: Arc<Contacts>,
    /// The built-in kinds and those of `kinds/*.toml`.
    pub kinds: Arc<[Kind]>,
    /// The built-in profiles and those of `profiles/*.toml`.
    pub profiles: Arc<[Profile]>,
    /// Markdown files that become pages, by pack: places in [`Snapshot::files`].
    pub pages: Vec<Vec<usize>>,
    /// Other files of the packs, by pack; only what a page leads to is published.
    pub others: Vec<Vec<usize>>,
    /// The lines of each pack's `SUMMARY.md`, when it has one.
    pub summaries: Vec<Option<(RepoPath, Vec<summary::Line>)>>,
    /// What `readymark.lock` pins.
    pub pins: Arc<Pins>,
    /// Files of fields beside pages.
    pub sidecars: Sidecars,
    /// What is wrong with the files that were read.
    pub findings: Vec<Diagnostic>,
    /// The folders of packs that the readers may not see.
    closed: Vec<String>,
    /// The files that were read: places in [`Snapshot::files`], with the bytes.
    read: Vec<(usize, ObjectId)>,
    declared: Declared,
}

/// What each `pack.toml` says, by path and bytes.
type Declared = FxHashMap<(RepoPath, ObjectId), (Pack, Vec<Diagnostic>)>;

/// Sorts the files of a snapshot. `folder` is where `book.toml` lies or would lie; `before` is the scope of a similar
/// snapshot under the same settings, whose equal parts are shared.
pub fn scope(
    snapshot: &Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
    before: Option<&Scope>,
) -> Scope {
    let contacts = Arc::new(contacts(snapshot, folder, settings, read));
    let before = before.filter(|before| before.contacts == contacts);
    let read = &Covered { read, contacts: &contacts };
    let registry = snapshot.place_of(&crate::project::join(folder, PEOPLE));
    let mut scope = Scope {
        contacts: Arc::clone(&contacts),
        read: registry.map(|at| (at, snapshot.files[at].blob)).into_iter().collect(),
        ..Scope::default()
    };
    let files = inside(snapshot, folder, settings, read, before, &mut scope);
    find_packs(&files, folder, settings, &mut scope);
    find_tables(&files, folder, settings, read, &mut scope);
    find_summaries(snapshot, read, &mut scope);
    sort_files(&files, &mut scope);
    find_sidecars(snapshot, settings, read, &mut scope);
    if let Some(before) = before {
        scope.share(before);
    }
    scope
}

/// Reads what the registry holds before anything else is read.
fn contacts(
    snapshot: &Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
) -> Contacts {
    let path = crate::project::join(folder, PEOPLE);
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
) -> Vec<Arc<Pack>> {
    let mut scope = Scope::default();
    let files = inside(snapshot, folder, settings, read, None, &mut scope);
    find_packs(&files, folder, settings, &mut scope);
    scope.packs
}

impl Scope {
    /// Tells whether files at the same paths as before are sorted as before: nothing that was read has other bytes.
    pub fn holds_for(&self, files: &[File]) -> bool {
        self.read.iter().all(|(at, blob)| files[*at].blob == *blob)
    }

    /// Returns what decides which files readers may see.
    pub fn readers(&self, audience: Audience) -> Readers<'_> {
        Readers {
            audience,
            contacts: &self.contacts,
            closed: &self.closed,
            sidecars: &self.sidecars,
        }
    }

    /// Takes over what is equal, so that it can be told by its place in memory.
    fn share(&mut self, before: &Self) {
        for (pack, known) in self.packs.iter_mut().zip(&before.packs) {
            share(pack, known);
        }
        share(&mut self.people, &before.people);
        share(&mut self.contacts, &before.contacts);
        share(&mut self.pins, &before.pins);
        share(&mut self.kinds, &before.kinds);
        share(&mut self.profiles, &before.profiles);
    }
}

fn share<T: PartialEq + ?Sized>(new: &mut Arc<T>, known: &Arc<T>) {
    if **new == **known {
        *new = Arc::clone(known);
    }
}

/// A file that counts, with its place in the snapshot.
type Placed<'s> = (usize, &'s File);

fn inside<'s>(
    snapshot: &'s Snapshot,
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
    before: Option<&Scope>,
    scope: &mut Scope,
) -> Vec<Placed<'s>> {
    let ours = |(_, file): &Placed<'_>| is_ours(&file.path, folder, settings);
    let mut files: Vec<Placed<'s>> = snapshot.files.iter().enumerate().filter(ours).collect();
    for placed in files.iter().filter(|(_, file)| file.path.name() == "pack.toml") {
        declare(*placed, read, before, scope);
    }
    if settings.audience == Audience::Public {
        let packs = scope.declared.values().map(|(pack, _)| pack);
        let is_secret = |pack: &&Pack| !audience::is_public(pack.classification.as_deref());
        scope.closed = packs.filter(is_secret).map(|pack| pack.folder.clone()).collect();
        files.retain(|(_, file)| !scope.closed.iter().any(|folder| file.path.is_inside(folder)));
    }
    files
}

/// Reads a `pack.toml` whose bytes are not known yet.
fn declare(placed: Placed<'_>, read: &dyn ReadBlob, before: Option<&Scope>, scope: &mut Scope) {
    let file = placed.1;
    let key = (file.path.clone(), file.blob);
    if let Some(known) = before.and_then(|before| before.declared.get(&key)) {
        scope.read.push((placed.0, file.blob));
        scope.declared.insert(key, known.clone());
    } else if let Some(bytes) = bytes_of(placed, read, scope) {
        scope.declared.insert(key, pack_toml::read(&file.path, &bytes));
    }
}

/// Tells whether a path lies in `folder` and may be published.
pub fn is_ours(path: &RepoPath, folder: &str, settings: &Settings) -> bool {
    path.strip(folder).is_some_and(|path| is_public(path, &settings.build_dir))
}

/// Tells whether a path may be published at all: no hidden file or folder, nothing of the output.
fn is_public(path: &str, build_dir: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.') && part != ".well-known");
    let output = path.strip_prefix(build_dir).is_some_and(|rest| rest.starts_with('/'));
    !hidden && (build_dir.is_empty() || !output)
}

fn find_packs(files: &[Placed<'_>], folder: &str, settings: &Settings, scope: &mut Scope) {
    let mut rest = rest_of(folder, files, settings);
    let mut packs: Vec<Pack> = Vec::new();
    for (_, file) in files.iter().filter(|(_, file)| file.path.is_inside(&rest.folder)) {
        let Some((pack, findings)) = scope.declared.get(&(file.path.clone(), file.blob)) else {
            continue;
        };
        packs.push(pack.clone());
        scope.findings.extend(findings.iter().cloned());
    }
    packs.sort_by(|one, other| (&one.id, &one.folder).cmp(&(&other.id, &other.folder)));
    settle_slugs(&mut packs, &mut scope.findings);
    for pack in packs.iter_mut().filter(|pack| pack.profiles.is_empty()) {
        pack.profiles.clone_from(&settings.profiles);
    }
    if !packs.is_empty() {
        (rest.slug, rest.title) = (REST.to_owned(), "Other pages".to_owned());
    }
    scope.packs = packs.into_iter().map(Arc::new).collect();
    let folders = Folders::new(&scope.packs);
    let is_rest = |(_, file): &Placed<'_>| {
        let claimed = folders.holding(&file.path).next().is_some();
        is_markdown(file.path.as_str()) && !claimed && file.path.is_inside(&rest.folder)
    };
    if files.iter().any(is_rest) {
        scope.packs.push(Arc::new(rest));
    }
}

/// Gives every pack a folder name of its own; the later of two packs with one id gets a digest and a finding.
fn settle_slugs(packs: &mut [Pack], findings: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<String, String> = OF_THE_SITE
        .iter()
        .map(|name| ((*name).to_owned(), "the files of the site".to_owned()))
        .chain([(REST.to_owned(), "the pages outside all packs".to_owned())])
        .collect();
    for pack in packs {
        pack.slug = crate::slug::slug(&pack.id);
        let path = RepoPath::new(&pack.folder_file("pack.toml"));
        if let Some(first) = taken.get(&pack.slug) {
            let message = format!("the pack `{}` would have the same address as {first}", pack.id);
            let digest = blake3::hash(pack.folder.as_bytes()).to_hex();
            pack.slug = format!("{}-{}", pack.slug, &digest[..8]);
            let help = format!("give it another `id`; it is published as {} for now", pack.slug);
            findings.push(Diagnostic::new(&DUPLICATE_ID, &path, &(0..0), message).help(help));
        }
        taken.insert(pack.slug.clone(), path.to_string());
    }
}

/// The pack of what no `pack.toml` claims: the book, or the whole folder. Packs are looked for in it too, so that a
/// book keeps to its `src`.
fn rest_of(folder: &str, files: &[Placed<'_>], settings: &Settings) -> Pack {
    let join = |src: &str| match (folder, src.trim_start_matches("./").trim_matches('/')) {
        ("", src) | (src, "" | ".") => src.trim_matches('.').to_owned(),
        (folder, src) => format!("{folder}/{src}"),
    };
    let usual = join("src");
    let has_usual = files.iter().any(|(_, file)| file.path.strip(&usual) == Some("SUMMARY.md"));
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

fn find_tables(
    files: &[Placed<'_>],
    folder: &str,
    settings: &Settings,
    read: &dyn ReadBlob,
    scope: &mut Scope,
) {
    let (mut kinds, mut profiles) = (Vec::new(), Vec::new());
    let (mut people, mut book) = (People::default(), None);
    for placed in files {
        let file = placed.1;
        let Some(path) = file.path.strip(folder) else { continue };
        let list = match path.split_once('/') {
            Some(("kinds", name)) if is_toml(name) => &mut kinds,
            Some(("profiles", name)) if is_toml(name) => &mut profiles,
            None if path == BOOK => {
                book = bytes_of(*placed, read, scope).map(|bytes| (&file.path, bytes));
                continue;
            }
            None if path == lock::NAME => {
                if let Some(bytes) = bytes_of(*placed, read, scope) {
                    let (pins, findings) = lock::read(&file.path, &bytes);
                    scope.pins = Arc::new(pins);
                    scope.findings.extend(findings);
                }
                continue;
            }
            None if path == PEOPLE => {
                if let Some(bytes) = bytes_of(*placed, read, scope) {
                    let (found, findings) = people_toml::read(&file.path, &bytes);
                    people = found;
                    scope.findings.extend(findings);
                }
                continue;
            }
            _ => continue,
        };
        list.extend(bytes_of(*placed, read, scope).map(|bytes| (file.path.clone(), bytes)));
    }
    if settings.audience == Audience::Public {
        withhold_contacts(&mut people);
    }
    let (mut kinds, of_kinds) = kinds::load(&kinds);
    scope.findings.extend(book.iter().flat_map(|(path, bytes)| unknown_names(path, bytes, &kinds)));
    kinds::apply(&mut kinds, &settings.locators);
    kinds::ask(&mut kinds, &settings.approvals);
    kinds::order_dates(&mut kinds, settings.dates);
    let (profiles, of_profiles) = profiles::load(&profiles, &kinds);
    scope.findings.extend(of_kinds.into_iter().chain(of_profiles));
    (scope.kinds, scope.profiles, scope.people) = (kinds.into(), profiles.into(), Arc::new(people));
}

fn withhold_contacts(people: &mut People) {
    for person in &mut people.persons {
        person.mail = None;
        person.phone = None;
        person.chat = None;
        person.git_emails.clear();
    }
    people.teams.iter_mut().for_each(|team| team.duty_phone = None);
}

fn find_summaries(snapshot: &Snapshot, read: &dyn ReadBlob, scope: &mut Scope) {
    for at in 0..scope.packs.len() {
        let path = scope.packs[at].folder_file("SUMMARY.md");
        let found = snapshot.place_of(&path).and_then(|place| {
            let file = &snapshot.files[place];
            let bytes = bytes_of((place, file), read, scope)?;
            Some((file.path.clone(), summary::parse(&String::from_utf8_lossy(&bytes))))
        });
        // A file of that name without a single chapter is an ordinary page.
        scope
            .summaries
            .push(found.filter(|(_, lines)| lines.iter().any(|line| !line.target.is_empty())));
    }
}

fn find_sidecars(snapshot: &Snapshot, settings: &Settings, read: &dyn ReadBlob, scope: &mut Scope) {
    let files = |places: &[Vec<usize>]| -> Vec<&File> {
        places.iter().flatten().map(|at| &snapshot.files[*at]).collect()
    };
    let (pages, others) = (files(&scope.pages), files(&scope.others));
    let mut bytes =
        |file: &File| bytes_of((snapshot.place_of(file.path.as_str())?, file), read, scope);
    let (sidecars, findings) = sidecar::find(&pages, &others, settings, &mut bytes);
    scope.findings.extend(findings);
    scope.sidecars = sidecars;
}

fn sort_files(files: &[Placed<'_>], scope: &mut Scope) {
    let folders = Folders::new(&scope.packs);
    let chapters: Vec<Option<FxHashSet<RepoPath>>> =
        scope.summaries.iter().map(|summary| summary.as_ref().map(chapters)).collect();
    scope.pages = vec![Vec::new(); scope.packs.len()];
    scope.others = vec![Vec::new(); scope.packs.len()];
    for (at, file) in files {
        let Some(pack) = folders.holding(&file.path).next() else { continue };
        let chosen = match &chapters[pack] {
            Some(chapters) => chapters.contains(&file.path),
            None => is_markdown(file.path.as_str()),
        };
        if chosen {
            scope.pages[pack].push(*at);
        } else if !is_markdown(file.path.as_str()) {
            scope.others[pack].push(*at);
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

fn bytes_of(placed: Placed<'_>, read: &dyn ReadBlob, scope: &mut Scope) -> Option<Arc<[u8]>> {
    let (at, file) = placed;
    scope.read.push((at, file.blob));
    read.read(file.blob)
        .map_err(|reason| {
            let finding = Diagnostic::new(&rules::MISSING_BLOB, &file.path, &(0..0), reason);
            scope.findings.push(finding);
        })
        .ok()
}
