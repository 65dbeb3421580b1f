//! Walks the raw trees of a commit: regular files become files, everything else is said.

use super::object::Reader;
use crate::Failure;
use crate::rules::source;
use crate::source::{File, ObjectId, Origin, ReadBlob as _, RepoPath, Skipped};

/// The longest path that is read, in bytes: its address must fit every file system.
pub const LONGEST_PATH: usize = 350;

/// The most entries of one commit; a tree that holds itself many times over would fill the memory.
pub const MOST_ENTRIES: usize = 500_000;

/// One line of a raw tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The name in its folder; any bytes but `/` and NUL in a sound tree.
    pub name: &'a [u8],
    /// What it is.
    pub kind: EntryKind,
    /// The object it names.
    pub id: ObjectId,
}

/// What a tree entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, executable or not.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A submodule's commit.
    Submodule,
    /// A mode that Git does not write.
    Other,
}

impl EntryKind {
    fn of(mode: &[u8]) -> Self {
        match mode {
            b"40000" | b"040000" => Self::Folder,
            b"120000" => Self::Link,
            b"160000" => Self::Submodule,
            mode if mode.starts_with(b"100") => Self::File,
            _ => Self::Other,
        }
    }
}

/// Reads the entries of a raw tree whose ids have `id_len` bytes; stops where the bytes make no sense.
pub fn entries(mut raw: &[u8], id_len: usize) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let space = memchr::memchr(b' ', raw)?;
        let nul = space + 1 + memchr::memchr(0, &raw[space + 1..])?;
        let id = raw.get(nul + 1..nul + 1 + id_len)?;
        let (mode, name) = (&raw[..space], &raw[space + 1..nul]);
        raw = &raw[nul + 1 + id_len..];
        Some(Entry { name, kind: EntryKind::of(mode), id: ObjectId::new(id) })
    })
}

/// The files of a tree and what was passed over.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) files: Vec<File>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) entries: usize,
}

/// Lists a tree inside the folders `under`; all of it when there is none.
pub(super) fn list(reader: &Reader, tree: ObjectId, under: &[&str]) -> Result<Listed, Failure> {
    let mut listed = Listed::default();
    if under.is_empty() {
        listed.walk(reader, tree, "")?;
    }
    for folder in outermost(under) {
        listed.walk_from(reader, tree, folder)?;
    }
    listed.files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    listed.skipped.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(listed)
}

impl Listed {
    /// Goes down to `folder` first; a folder that is not there holds nothing.
    fn walk_from(
        &mut self,
        reader: &Reader,
        mut tree: ObjectId,
        folder: &str,
    ) -> Result<(), Failure> {
        let mut parts = folder.split('/').filter(|part| !part.is_empty()).peekable();
        let mut walked = String::new();
        while let Some(part) = parts.next() {
            let raw = reader
                .tree_with(tree, <[u8]>::to_vec)
                .map_err(|lack| lack.failure("tree", tree))?;
            let mut all = entries(&raw, tree.as_bytes().len());
            let Some(entry) = all.find(|entry| entry.name == part.as_bytes()) else {
                return Ok(());
            };
            if entry.kind != EntryKind::Folder {
                if parts.peek().is_none() {
                    self.take(reader, &entry, &walked)?;
                }
                return Ok(());
            }
            tree = entry.id;
            walked = join(&walked, part);
        }
        self.walk(reader, tree, &walked)
    }

    fn walk(&mut self, reader: &Reader, tree: ObjectId, folder: &str) -> Result<(), Failure> {
        let raw =
            reader.tree_with(tree, <[u8]>::to_vec).map_err(|lack| lack.failure("tree", tree))?;
        entries(&raw, tree.as_bytes().len()).try_for_each(|entry| self.take(reader, &entry, folder))
    }

    fn take(&mut self, reader: &Reader, entry: &Entry<'_>, folder: &str) -> Result<(), Failure> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(too_many());
        }
        let Some(name) = usable(entry.name) else {
            let path = join(folder, &String::from_utf8_lossy(entry.name));
            self.skipped.push(unusable(&path));
            return Ok(());
        };
        let path = join(folder, name);
        if path.len() > LONGEST_PATH {
            self.skipped.push(too_long(&path));
            return Ok(());
        }
        match entry.kind {
            EntryKind::Folder => return self.walk(reader, entry.id, &path),
            EntryKind::File => self.files.push(File {
                path: RepoPath::new(&path),
                blob: entry.id,
                origin: Origin::Committed,
            }),
            EntryKind::Link => {
                let target = reader.read(entry.id).ok();
                self.skipped.push(committed_link(&path, target.as_deref()));
            }
            EntryKind::Submodule => self.skipped.push(submodule(&path)),
            EntryKind::Other => self.skipped.push(unusable(&path)),
        }
        Ok(())
    }
}

/// Returns the folders that no other one holds, sorted.
fn outermost<'a>(under: &[&'a str]) -> Vec<&'a str> {
    let mut folders: Vec<&str> = under.iter().map(|folder| folder.trim_matches('/')).collect();
    folders.sort_unstable();
    let mut kept: Vec<&str> = Vec::new();
    for folder in folders {
        if !kept.iter().any(|outer| is_inside(folder, outer)) {
            kept.push(folder);
        }
    }
    kept
}

/// Tells whether `path` is `folder` or lies in it.
pub(super) fn is_inside(path: &str, folder: &str) -> bool {
    let folder = folder.trim_matches('/');
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns a name that can be part of a path on every machine that Git knows.
fn usable(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let bad =
        matches!(name, "" | "." | "..") || name.contains('/') || name.eq_ignore_ascii_case(".git");
    (!bad).then_some(name)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

pub(super) fn link(path: &str) -> Skipped {
    skipped(path, source::SYMBOLIC_LINK.name, "a symbolic link, which is not followed")
}

/// A link whose target is known, since a commit holds it.
fn committed_link(path: &str, target: Option<&[u8]>) -> Skipped {
    let mut skipped = link(path);
    skipped.leads_to = target
        .and_then(|target| std::str::from_utf8(target).ok())
        .filter(|target| !target.starts_with('/'))
        .and_then(|target| RepoPath::resolve(skipped.path.folder(), target));
    skipped
}

pub(super) fn submodule(path: &str) -> Skipped {
    skipped(path, source::SUBMODULE.name, "a submodule, which is a repository of its own")
}

pub(super) fn unusable(path: &str) -> Skipped {
    skipped(path, source::PATH_ENCODING.name, "a name that is not UTF-8 or that Git does not allow")
}

fn too_many() -> Failure {
    Failure::new(format!("a commit holds more than {MOST_ENTRIES} files and folders"))
        .help("publish a smaller repository")
}

/// Says that a path is too long, by its start.
pub(super) fn too_long(path: &str) -> Skipped {
    let start: String = path.chars().take(60).collect();
    skipped(&format!("{start}…"), source::PATH_LENGTH.name, "a path of more than 350 bytes")
}

pub(super) fn skipped(path: &str, rule: &'static str, reason: &str) -> Skipped {
    Skipped { path: RepoPath::new(path), rule, reason: reason.to_owned(), leads_to: None }
}
