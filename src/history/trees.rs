//! Compares raw trees, skipping what is equal, and finds single files. Only Markdown files, files of fields and
//! `pack.toml` inside the asked folders count.

use std::cmp::Ordering;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::beside::is_fields;
use crate::git::{Entry, EntryKind, HistoryReader, LONGEST_PATH, Lack, MOST_ENTRIES, entries};
use crate::source::{ObjectId, RepoPath, is_markdown};

/// Bytes of trees that are kept.
const KEPT: usize = 4 << 20;

/// Comparisons that are kept.
const DIFFS: usize = 64;

/// A file that counts and differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: RepoPath,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
    /// Whether its place is inside a submodule now, which is another repository, or was before.
    pub(super) hidden: bool,
}

/// Reads trees, each once while it is kept.
pub(super) struct Trees<'a> {
    reader: &'a HistoryReader,
    folders: Vec<String>,
    kept: FxHashMap<ObjectId, Rc<Vec<u8>>>,
    bytes: usize,
    /// Entries that differed in the current comparison.
    differing: usize,
    /// Submodules that differ in the current comparison.
    submodules: Vec<RepoPath>,
    diffs: FxHashMap<(ObjectId, ObjectId), Rc<[Change]>>,
}

impl<'a> Trees<'a> {
    pub(super) fn new(reader: &'a HistoryReader, folders: &[String]) -> Self {
        let folders = folders.iter().map(|folder| folder.trim_matches('/').to_owned()).collect();
        Self {
            reader,
            folders,
            kept: FxHashMap::default(),
            bytes: 0,
            differing: 0,
            submodules: Vec::new(),
            diffs: FxHashMap::default(),
        }
    }

    /// Lists the files that differ, sorted by path.
    pub(super) fn diff(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<Vec<Change>, Lack> {
        let mut changes = Vec::new();
        self.differing = 0;
        self.submodules.clear();
        self.compare(old, new, &mut String::new(), &mut changes)?;
        for change in changes.iter_mut().filter(|one| one.new.is_none() || one.old.is_none()) {
            change.hidden =
                self.submodules.iter().any(|module| lies_in(change.path.as_str(), module.as_str()));
        }
        Ok(changes)
    }

    /// Lists what differs, and keeps the list: one merge may be asked about many documents.
    pub(super) fn known_diff(
        &mut self,
        old: ObjectId,
        new: ObjectId,
    ) -> Result<Rc<[Change]>, Lack> {
        if let Some(changes) = self.diffs.get(&(old, new)) {
            return Ok(Rc::clone(changes));
        }
        if self.diffs.len() > DIFFS {
            self.diffs.clear();
        }
        let changes: Rc<[Change]> = self.diff(Some(old), Some(new))?.into();
        self.diffs.insert((old, new), Rc::clone(&changes));
        Ok(changes)
    }

    /// Finds the blob of a regular file.
    pub(super) fn find(
        &mut self,
        tree: ObjectId,
        path: &RepoPath,
    ) -> Result<Option<ObjectId>, Lack> {
        let mut tree = tree;
        let mut parts = path.as_str().split('/').peekable();
        while let Some(part) = parts.next() {
            let raw = self.raw(Some(tree))?;
            let Some(entry) = named(&raw, part.as_bytes(), tree.as_bytes().len()) else {
                return Ok(None);
            };
            match (entry.kind, parts.peek()) {
                (EntryKind::File, None) => return Ok(Some(entry.id)),
                (EntryKind::Folder, Some(_)) => tree = entry.id,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn compare(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        folder: &mut String,
        changes: &mut Vec<Change>,
    ) -> Result<(), Lack> {
        if old == new {
            return Ok(());
        }
        let (before, after) = (self.raw(old)?, self.raw(new)?);
        let len = old.or(new).map_or(20, |id| id.as_bytes().len());
        for (one, other) in paired(&before, &after, len) {
            if one.map(|entry| (entry.kind, entry.id)) == other.map(|entry| (entry.kind, entry.id))
            {
                continue;
            }
            let Some(entry) = one.or(other) else { continue };
            self.differing += 1;
            if self.differing > MOST_ENTRIES {
                return Err(Lack::Broken(format!("it holds more than {MOST_ENTRIES} files")));
            }
            let Ok(name) = std::str::from_utf8(entry.name) else { continue };
            let start = folder.len();
            if start > 0 {
                folder.push('/');
            }
            folder.push_str(name);
            if [one, other].iter().flatten().any(|entry| entry.kind == EntryKind::Submodule) {
                self.submodules.push(RepoPath::new(folder));
            }
            if entry.kind == EntryKind::Folder {
                if folder.len() < LONGEST_PATH && self.enters(folder) {
                    self.compare(
                        one.map(|one| one.id),
                        other.map(|other| other.id),
                        folder,
                        changes,
                    )?;
                }
            } else {
                self.add(one, other, folder, changes);
            }
            folder.truncate(start);
        }
        Ok(())
    }

    fn add(
        &self,
        one: Option<Entry<'_>>,
        other: Option<Entry<'_>>,
        path: &str,
        changes: &mut Vec<Change>,
    ) {
        let wanted = is_markdown(path) || is_fields(path) || declared_pack(path).is_some();
        if !wanted || !self.holds(path) {
            return;
        }
        let file = |entry: Option<Entry<'_>>| {
            entry.filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.id)
        };
        let (old, new) = (file(one), file(other));
        if old != new {
            changes.push(Change { path: RepoPath::new(path), old, new, hidden: false });
        }
    }

    fn holds(&self, path: &str) -> bool {
        self.folders.is_empty() || self.folders.iter().any(|folder| lies_in(path, folder))
    }

    /// Tells whether a folder is asked for, or on the way to one that is.
    fn enters(&self, path: &str) -> bool {
        self.holds(path) || self.folders.iter().any(|folder| lies_in(folder, path))
    }

    pub(super) fn raw(&mut self, tree: Option<ObjectId>) -> Result<Rc<Vec<u8>>, Lack> {
        let Some(tree) = tree else { return Ok(Rc::default()) };
        if let Some(raw) = self.kept.get(&tree) {
            return Ok(Rc::clone(raw));
        }
        let raw = self.reader.tree(tree)?;
        if self.bytes > KEPT {
            self.kept.clear();
            self.bytes = 0;
        }
        self.bytes += raw.len();
        self.kept.insert(tree, Rc::clone(&raw));
        Ok(raw)
    }
}

/// Walks two raw trees side by side, passing over what is the same: entries of one name and sort together, others alone.
pub(super) fn paired<'t>(
    mut before: &'t [u8],
    mut after: &'t [u8],
    len: usize,
) -> impl Iterator<Item = (Option<Entry<'t>>, Option<Entry<'t>>)> {
    std::iter::from_fn(move || {
        (before, after) = without_common_start(before, after, len);
        let (one, other) = (entries(before, len).next(), entries(after, len).next());
        let order = match (&one, &other) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => git_order(one, other),
        };
        if order.is_le() {
            before = &before[raw_len(before, len)..];
        }
        if order.is_ge() {
            after = &after[raw_len(after, len)..];
        }
        Some((one.filter(|_| order.is_le()), other.filter(|_| order.is_ge())))
    })
}

/// Most trees differ in one entry: what is the same before it is found by bytes, then whole entries of it are dropped.
fn without_common_start<'t>(before: &'t [u8], after: &'t [u8], len: usize) -> (&'t [u8], &'t [u8]) {
    let same = common_start(before, after);
    if same == before.len() && same == after.len() {
        return (&[], &[]);
    }
    let mut at = 0;
    loop {
        let size = raw_len(&before[at..], len);
        if size == 0 || at + size > same {
            return (&before[at..], &after[at..]);
        }
        at += size;
    }
}

/// Counts the bytes at the start that are the same.
fn common_start(one: &[u8], other: &[u8]) -> usize {
    const PART: usize = 128;
    let parts = one.chunks_exact(PART).zip(other.chunks_exact(PART));
    let start = PART * parts.take_while(|(one, other)| one == other).count();
    let rest = one[start..].iter().zip(&other[start..]);
    start + rest.take_while(|(one, other)| one == other).count()
}

/// Returns how many bytes the first entry takes; nothing is left of a tree that makes no sense.
fn raw_len(raw: &[u8], len: usize) -> usize {
    memchr::memchr(0, raw).map_or(raw.len(), |nul| (nul + 1 + len).min(raw.len()))
}

/// Finds the entry of a name; the others are passed over unread.
fn named<'t>(mut raw: &'t [u8], name: &[u8], len: usize) -> Option<Entry<'t>> {
    loop {
        let size = raw_len(raw, len);
        let head = &raw[..size.checked_sub(len + 1)?];
        if head.ends_with(name) {
            let entry = entries(raw, len).next()?;
            if entry.name == name {
                return Some(entry);
            }
        }
        raw = &raw[size..];
    }
}

/// Git sorts a folder as if its name ended in a slash.
fn git_order(one: &Entry<'_>, other: &Entry<'_>) -> Ordering {
    let end = |entry: &Entry<'_>| if entry.kind == EntryKind::Folder { b'/' } else { 0 };
    let common = one.name.len().min(other.name.len());
    one.name[..common].cmp(&other.name[..common]).then_with(|| {
        let next = |entry: &Entry<'_>| entry.name.get(common).copied().unwrap_or(end(entry));
        next(one).cmp(&next(other)).then(one.name.len().cmp(&other.name.len()))
    })
}

/// Returns the folder that a file declares to be a pack.
pub(super) fn declared_pack(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("pack.toml")?;
    if folder.is_empty() { Some("") } else { folder.strip_suffix('/') }
}

fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
