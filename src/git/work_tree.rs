//! The work tree as one more snapshot: HEAD's tree with the changed files laid over it. Links are not followed.

use std::collections::BTreeMap;
use std::fs::{File as Handle, Metadata};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use git2::{
    IndexEntryExtendedFlag, ObjectFormat, ObjectType, Oid, Status, StatusOptions, StatusShow,
};
use rustc_hash::FxHashSet;

use super::object::id;
use super::tree::{self, Listed, is_inside};
use super::{Git, Place, Repository, refs};
use crate::Failure;
use crate::rules::source;
use crate::source::{File, ObjectId, Origin, RepoPath, Skipped, Snapshot};

/// Larger files of the work tree are passed over: nothing on a handoff site needs them.
const LARGEST: u64 = 64 << 20;

/// What lies at a path of the work tree.
enum Seen {
    Nothing,
    File(Arc<[u8]>),
    Skipped(Skipped),
}

/// What the work tree has in place of HEAD's entry.
struct Change {
    seen: Seen,
    origin: Origin,
}

impl Repository {
    /// Lists the files of the work tree inside the folders `under` (all when there is none): HEAD's, the changed and the
    /// untracked that are not ignored.
    pub fn work_tree(&self, under: &[&str]) -> Result<Snapshot, Failure> {
        match &self.place {
            Place::Folder(folder) => Ok(folder_snapshot(folder, under)),
            Place::Git(git) => self.over_head(git, under),
        }
    }

    /// Brings a snapshot of the work tree up to date by reading `paths` again, and nothing else where that is enough.
    pub fn work_tree_after(
        &self,
        previous: &Snapshot,
        paths: &[RepoPath],
        under: &[&str],
    ) -> Result<Snapshot, Failure> {
        let Place::Git(git) = &self.place else { return self.work_tree(under) };
        let head = refs::head(git)?;
        let known = previous.commit.as_ref().map(|commit| commit.id);
        if head != known || paths.iter().any(|path| needs_all(git, previous, path)) {
            return self.work_tree(under);
        }
        let mut changes = BTreeMap::new();
        for path in paths.iter().filter(|path| wanted(path.as_str(), under)) {
            changes.insert(path.clone(), reread(git, path)?);
        }
        let base = (previous.files.as_slice(), previous.skipped.clone());
        let in_head = self.committed(head, changes.keys())?;
        let mut after = overlay(base, changes, |path| in_head.get(path).copied(), git.format);
        keep_used(&mut after, previous);
        after.commit.clone_from(&previous.commit);
        Ok(after)
    }

    fn over_head(&self, git: &Git, under: &[&str]) -> Result<Snapshot, Failure> {
        let root = git.work_dir.as_deref().ok_or_else(bare)?;
        let mut commit = None;
        let mut base = Listed::default();
        if let Some(head) = refs::head(git)? {
            let snapshot = self.snapshot(head, under)?;
            commit = snapshot.commit;
            base = Listed { files: snapshot.files, skipped: snapshot.skipped, ..Listed::default() };
        }
        let changes = changes(git, root, &base, under)?;
        let heads: BTreeMap<RepoPath, ObjectId> = base
            .files
            .iter()
            .filter(|file| changes.contains_key(&file.path))
            .map(|file| (file.path.clone(), file.blob))
            .collect();
        let mut snapshot = overlay(
            (&base.files, base.skipped),
            changes,
            |path| heads.get(path).copied(),
            git.format,
        );
        snapshot.commit = commit;
        Ok(snapshot)
    }

    /// Finds the blobs that HEAD has at some paths, where they are regular files.
    fn committed<'a>(
        &self,
        head: Option<ObjectId>,
        paths: impl Iterator<Item = &'a RepoPath>,
    ) -> Result<BTreeMap<RepoPath, ObjectId>, Failure> {
        let paths: Vec<&str> = paths.map(RepoPath::as_str).collect();
        let Some(head) = head.filter(|_| !paths.is_empty()) else { return Ok(BTreeMap::new()) };
        let files = self.snapshot(head, &paths)?.files;
        Ok(files.into_iter().map(|file| (file.path, file.blob)).collect())
    }
}

/// Asks the index's stat data which paths may differ, and looks at each.
fn changes(
    git: &Git,
    root: &Path,
    base: &Listed,
    under: &[&str],
) -> Result<BTreeMap<RepoPath, Change>, Failure> {
    let handle = git.lock();
    let (mut changes, sparse) = staged(git, &handle, root, base, under)?;
    let mut options = StatusOptions::new();
    options
        .show(StatusShow::Workdir)
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .include_ignored(false)
        .exclude_submodules(true);
    let statuses = handle.statuses(Some(&mut options)).map_err(|error| no_status(&error))?;
    for entry in statuses.iter() {
        let path = String::from_utf8_lossy(entry.path_bytes()).into_owned();
        let path = path.strip_suffix('/').unwrap_or(&path);
        let seen = match std::str::from_utf8(entry.path_bytes()) {
            Err(_) => Seen::Skipped(tree::unusable(path)),
            Ok(_) if !wanted(path, under) => continue,
            Ok(_) if path.len() > tree::LONGEST_PATH => Seen::Skipped(tree::too_long(path)),
            Ok(whole) if whole.ends_with('/') => Seen::Skipped(tree::submodule(path)),
            Ok(_) => look(root, path),
        };
        let untracked = entry.status() == Status::WT_NEW;
        let origin = if untracked { Origin::Untracked } else { Origin::Modified };
        changes.insert(RepoPath::new(path), Change { seen, origin });
    }
    // What a sparse checkout leaves out nobody removed; what lies there all the same counts.
    for path in sparse.iter().filter(|path| wanted(path, under)) {
        match look(root, path) {
            Seen::Nothing => changes.remove(&RepoPath::new(path)),
            seen => changes.insert(RepoPath::new(path), Change { seen, origin: Origin::Modified }),
        };
    }
    Ok(changes)
}

/// Looks at each path at which the index has something else than HEAD. libgit2 would read HEAD's trees for this, and
/// it reads attributes from the index: both may be damaged. Also gives the paths that a sparse checkout leaves out.
fn staged(
    git: &Git,
    handle: &git2::Repository,
    root: &Path,
    base: &Listed,
    under: &[&str],
) -> Result<(BTreeMap<RepoPath, Change>, Vec<String>), Failure> {
    let mut index = handle.index().map_err(|error| no_status(&error))?;
    index.read(false).map_err(|error| no_status(&error))?;
    let reader = git.reader()?;
    let links = base.skipped.iter().filter(|entry| entry.rule == source::SYMBOLIC_LINK.name);
    let mut gone: BTreeMap<&str, Option<ObjectId>> = base
        .files
        .iter()
        .map(|file| (file.path.as_str(), Some(file.blob)))
        .chain(links.map(|link| (link.path.as_str(), None)))
        .collect();
    let (mut paths, mut sparse) = (Vec::new(), Vec::new());
    for entry in index.iter() {
        let Ok(path) = String::from_utf8(entry.path) else { continue };
        if IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended).is_skip_worktree() {
            sparse.push(path.clone());
        }
        if path.rsplit('/').next() == Some(".gitattributes") {
            reader.blob(id(entry.id)).map_err(|lack| lack.failure("file", id(entry.id)))?;
        }
        let blob = match entry.mode & 0o170_000 {
            0o100_000 => Some(id(entry.id)),
            0o120_000 => None,
            _ => continue,
        };
        let same = gone.remove(path.as_str()) == Some(blob);
        if !same && wanted(&path, under) && path.len() <= tree::LONGEST_PATH {
            paths.push(path);
        }
    }
    paths.extend(gone.into_keys().map(str::to_owned));
    let change = |path: String| {
        let seen = look(root, &path);
        (RepoPath::new(&path), Change { seen, origin: Origin::Modified })
    };
    Ok((paths.into_iter().map(change).collect(), sparse))
}

/// Looks at one path again.
fn reread(git: &Git, path: &RepoPath) -> Result<Change, Failure> {
    let root = git.work_dir.as_deref().ok_or_else(bare)?;
    let handle = git.lock();
    let mut index = handle.index().map_err(|error| no_status(&error))?;
    index.read(false).map_err(|error| no_status(&error))?;
    let tracked = index.get_path(Path::new(path.as_str()), 0).is_some();
    if !tracked && handle.is_path_ignored(path.as_str()).unwrap_or(false) {
        return Ok(Change { seen: Seen::Nothing, origin: Origin::Untracked });
    }
    let origin = if tracked { Origin::Modified } else { Origin::Untracked };
    Ok(Change { seen: look(root, path.as_str()), origin })
}

/// Tells whether a changed path may mean more than its own bytes: a folder, or what is ignored.
fn needs_all(git: &Git, previous: &Snapshot, path: &RepoPath) -> bool {
    let root = git.work_dir.as_deref().unwrap_or(Path::new(""));
    let is_folder = root.join(path.as_str()).symlink_metadata().is_ok_and(|facts| facts.is_dir());
    let after = previous.files.partition_point(|file| file.path < *path);
    let held_files = previous.files[after..]
        .iter()
        .take_while(|file| file.path.as_str().starts_with(path.as_str()))
        .any(|file| file.path != *path && file.path.is_inside(path.as_str()));
    is_folder || held_files || matches!(path.name(), ".gitignore" | ".gitattributes" | ".git")
}

/// Lays changes over a list of files, both by path.
fn overlay(
    base: (&[File], Vec<Skipped>),
    changes: BTreeMap<RepoPath, Change>,
    head: impl Fn(&RepoPath) -> Option<ObjectId>,
    format: ObjectFormat,
) -> Snapshot {
    let (mut rest, skipped) = base;
    let mut snapshot = Snapshot { skipped, ..Snapshot::default() };
    snapshot.skipped.retain(|entry| !changes.contains_key(&entry.path));
    snapshot.files.reserve(rest.len() + changes.len());
    for (path, change) in changes {
        let (before, after) = rest.split_at(rest.partition_point(|file| file.path < path));
        snapshot.files.extend_from_slice(before);
        rest = &after[usize::from(after.first().is_some_and(|file| file.path == path))..];
        match change.seen {
            Seen::Nothing => {}
            Seen::Skipped(skipped) => snapshot.skipped.push(skipped),
            Seen::File(bytes) => {
                let in_head = head(&path);
                let origin = if in_head.is_some() { Origin::Modified } else { change.origin };
                add(&mut snapshot, path, bytes, in_head, origin, format);
            }
        }
    }
    snapshot.files.extend_from_slice(rest);
    snapshot.skipped.sort_by(|one, other| one.path.cmp(&other.path));
    snapshot
}

fn add(
    snapshot: &mut Snapshot,
    path: RepoPath,
    bytes: Arc<[u8]>,
    in_head: Option<ObjectId>,
    origin: Origin,
    format: ObjectFormat,
) {
    let Ok(oid) = Oid::hash_object_ext(ObjectType::Blob, &bytes, format) else { return };
    let blob = id(oid);
    let same = in_head == Some(blob);
    if !same {
        snapshot.loose.insert(blob, bytes);
    }
    let origin = if same { Origin::Committed } else { origin };
    snapshot.files.push(File { path, blob, origin });
}

/// Carries over the loose bytes that are still used.
fn keep_used(after: &mut Snapshot, previous: &Snapshot) {
    let used: FxHashSet<ObjectId> = after
        .files
        .iter()
        .filter(|file| file.origin != Origin::Committed)
        .map(|file| file.blob)
        .collect();
    let kept = previous.loose.iter().filter(|(blob, _)| used.contains(blob));
    after.loose.extend(kept.map(|(blob, bytes)| (*blob, bytes.clone())));
}

/// Lists a folder outside Git; names that begin with a dot are left out, as `.gitignore` files say.
fn folder_snapshot(root: &Path, under: &[&str]) -> Snapshot {
    let walk = ignore::WalkBuilder::new(root)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .ignore(false)
        .parents(false)
        .build();
    let changes = walk
        .flatten()
        .filter(|entry| entry.depth() > 0 && !entry.file_type().is_some_and(|kind| kind.is_dir()))
        .filter_map(|entry| at_folder(root, entry.path(), under))
        .collect();
    overlay((&[], Vec::new()), changes, |_| None, ObjectFormat::Sha1)
}

fn at_folder(root: &Path, path: &Path, under: &[&str]) -> Option<(RepoPath, Change)> {
    let relative = path.strip_prefix(root).ok()?;
    let shown = super::portable(relative);
    let seen = match relative.to_str() {
        None => Seen::Skipped(tree::unusable(&shown)),
        Some(_) if !wanted(&shown, under) => return None,
        Some(_) if shown.len() > tree::LONGEST_PATH => Seen::Skipped(tree::too_long(&shown)),
        Some(_) => look(root, &shown),
    };
    Some((RepoPath::new(&shown), Change { seen, origin: Origin::Untracked }))
}

fn wanted(path: &str, under: &[&str]) -> bool {
    under.is_empty() || under.iter().any(|folder| is_inside(path, folder))
}

/// Looks at a path without following a link anywhere on the way.
fn look(root: &Path, path: &str) -> Seen {
    let mut at = root.to_path_buf();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(facts) = at.symlink_metadata() else { return Seen::Nothing };
        match parts.peek() {
            Some(_) if !facts.is_dir() => return Seen::Nothing,
            Some(_) => {}
            None => return read(&at, path, &facts),
        }
    }
    Seen::Nothing
}

fn read(at: &Path, path: &str, facts: &Metadata) -> Seen {
    if facts.file_type().is_symlink() {
        return Seen::Skipped(tree::link(path));
    }
    if facts.is_dir() {
        return Seen::Nothing;
    }
    if !facts.is_file() {
        return unreadable(path, "a pipe, a socket or a device");
    }
    if facts.len() > LARGEST {
        return unreadable(path, "a file of more than 64 MiB");
    }
    match steady(at, facts) {
        Ok(bytes) => Seen::File(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Seen::Nothing,
        Err(error) => unreadable(path, &format!("a file that could not be read: {error}")),
    }
}

fn unreadable(path: &str, reason: &str) -> Seen {
    Seen::Skipped(tree::skipped(path, source::UNREADABLE_FILE.name, reason))
}

/// Reads a file; once more when it changed or was replaced meanwhile.
fn steady(at: &Path, expected: &Metadata) -> std::io::Result<Arc<[u8]>> {
    match whole(at, expected) {
        Ok((bytes, after)) if same_moment(expected, &after) => Ok(bytes),
        _ => whole(at, &at.symlink_metadata()?).map(|(bytes, _)| bytes),
    }
}

fn whole(at: &Path, expected: &Metadata) -> std::io::Result<(Arc<[u8]>, Metadata)> {
    let mut handle = Handle::open(at)?;
    if !expected.is_file() || !same_file(expected, &handle.metadata()?) {
        return Err(std::io::Error::other("it was replaced while it was read"));
    }
    let mut bytes = Vec::new();
    handle.by_ref().take(LARGEST).read_to_end(&mut bytes)?;
    Ok((Arc::from(bytes), handle.metadata()?))
}

fn same_moment(one: &Metadata, other: &Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}

/// A name may lead elsewhere by the time it is opened.
#[cfg(unix)]
fn same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn same_file(_: &Metadata, other: &Metadata) -> bool {
    other.is_file()
}

fn bare() -> Failure {
    Failure::new("this repository is bare: it has no work tree")
        .help("name a tag or a branch instead")
}

fn no_status(error: &git2::Error) -> Failure {
    Failure::new(format!("cannot compare the work tree with the index: {}", error.message()))
        .help("if the index is damaged, remove `.git/index` and make it again: git reset")
}
