//! A landing before it happens: the commit with which a branch would become part of another one, made in memory. Nothing
//! is written; readers that are opened afterwards find it among the objects.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use git2::{Index, ObjectType, Oid, Tree};
use rustc_hash::FxHashMap;

use super::object::{Lack, id};
use super::tree::{EntryKind, entries};
use super::{Git, Place, Repository};
use crate::Failure;
use crate::source::{ObjectId, RepoPath};

/// Objects that no store has.
pub(super) type Objects = FxHashMap<ObjectId, (ObjectType, Arc<[u8]>)>;

/// A landing that did not happen.
#[derive(Debug)]
pub struct Planned {
    /// Its commit: a merge of the branch into the other one.
    pub commit: ObjectId,
    /// Files that cannot be joined; they are as the branch has them.
    pub conflicts: Vec<RepoPath>,
    /// Files that the branch changes and that stay as they are.
    pub kept: Vec<RepoPath>,
}

impl Repository {
    /// Plans to merge `head` into `base`; files of which `keeps` says so stay as `base` has them.
    ///
    /// # Errors
    /// When the histories share no commit here, or an object cannot be read.
    pub fn plan(
        &mut self,
        base: ObjectId,
        head: ObjectId,
        keeps: impl Fn(&str) -> bool,
    ) -> Result<Planned, Failure> {
        self.merge_base(base, head)?;
        let Place::Git(git) = &mut self.place else { return Err(cannot("there is no history")) };
        let moment = git.moment(base, head)?;
        let mut merge = Merge::new(git, base, head).map_err(|error| failed(&error))?;
        let conflicts = merge.settle().map_err(|error| failed(&error))?;
        let kept = merge.keep(keeps).map_err(|error| failed(&error))?;
        let tree = merge.index.write_tree_to(&merge.handle);
        let tree = tree.map_err(|error| failed(&error))?;
        let mut objects = Objects::default();
        merge.collect(git, tree, &mut objects)?;
        let text = commit(&id(tree), &base, &head, moment);
        let named = Oid::hash_object_ext(ObjectType::Commit, text.as_bytes(), git.format);
        let commit = id(named.map_err(|error| failed(&error))?);
        objects.insert(commit, (ObjectType::Commit, Arc::from(text.as_bytes())));
        git.planned = Arc::new(objects);
        Ok(Planned { commit, conflicts, kept })
    }
}

impl Git {
    /// Returns the time of the later of two commits: the landing comes after both.
    fn moment(&self, one: ObjectId, other: ObjectId) -> Result<i64, Failure> {
        let reader = self.reader()?;
        let time = |commit| {
            let read = reader.commit(commit).map_err(|lack| lack.failure("commit", commit));
            read.map(|commit| commit.committer.time)
        };
        Ok(time(one)?.max(time(other)?))
    }
}

/// Writes a commit by nobody.
fn commit(tree: &ObjectId, base: &ObjectId, head: &ObjectId, moment: i64) -> String {
    let mut text = format!("tree {tree}\nparent {base}\nparent {head}\n");
    for role in ["author", "committer"] {
        let _ = writeln!(text, "{role} Readymark <> {moment} +0000");
    }
    text + "\nPlanned landing\n"
}

/// A merge in memory.
struct Merge {
    handle: git2::Repository,
    index: Index,
    base: Oid,
}

impl Merge {
    fn new(git: &Git, base: ObjectId, head: ObjectId) -> Result<Self, git2::Error> {
        let handle = git2::Repository::open(&git.own)?;
        handle.odb()?.add_new_mempack_backend(IN_FRONT)?;
        let [base, head] = [base, head].map(|one| Oid::from_bytes(one.as_bytes()));
        let (base, head) = (base?, head?);
        let index =
            handle.merge_commits(&handle.find_commit(base)?, &handle.find_commit(head)?, None)?;
        Ok(Self { handle, index, base })
    }

    /// Takes of files that cannot be joined what the branch has; returns their paths.
    fn settle(&mut self) -> Result<Vec<RepoPath>, git2::Error> {
        let mut found = BTreeSet::new();
        let mut theirs = Vec::new();
        for conflict in self.index.conflicts()? {
            let conflict = conflict?;
            let sides = [&conflict.ancestor, &conflict.our, &conflict.their];
            found.extend(sides.into_iter().flatten().map(|side| side.path.clone()));
            theirs.extend(conflict.their);
        }
        for path in &found {
            self.index.conflict_remove(Path::new(&*String::from_utf8_lossy(path)))?;
        }
        for mut entry in theirs {
            entry.flags &= !STAGE;
            self.index.add(&entry)?;
        }
        Ok(found.iter().map(|path| RepoPath::new(&String::from_utf8_lossy(path))).collect())
    }

    /// Puts files back as the other branch has them; returns those that one's own branch changes.
    fn keep(&mut self, keeps: impl Fn(&str) -> bool) -> Result<Vec<RepoPath>, git2::Error> {
        let of = |tree: &Tree<'_>| -> Result<BTreeSet<(Vec<u8>, Oid, u32)>, git2::Error> {
            let mut index = Index::new()?;
            index.read_tree(tree)?;
            let wanted = index.iter().filter(|one| keeps(&String::from_utf8_lossy(&one.path)));
            Ok(wanted.map(|one| (one.path, one.id, one.mode)).collect())
        };
        let tree = |commit| self.handle.find_commit(commit)?.tree();
        let theirs = of(&tree(self.base)?)?;
        let merged: BTreeSet<_> = self
            .index
            .iter()
            .filter(|one| keeps(&String::from_utf8_lossy(&one.path)))
            .map(|one| (one.path, one.id, one.mode))
            .collect();
        let changed: BTreeSet<&Vec<u8>> =
            merged.symmetric_difference(&theirs).map(|(path, _, _)| path).collect();
        for path in &changed {
            self.index.remove(Path::new(&*String::from_utf8_lossy(path)), 0)?;
        }
        for (path, id, mode) in theirs.iter().filter(|(path, _, _)| changed.contains(path)) {
            self.index.add(&entry(path.clone(), *id, *mode))?;
        }
        Ok(changed.into_iter().map(|path| RepoPath::new(&String::from_utf8_lossy(path))).collect())
    }

    /// Collects the objects under a tree that no store has.
    fn collect(&self, git: &Git, tree: Oid, found: &mut Objects) -> Result<(), Failure> {
        let (reader, own) = (git.reader()?, self.handle.odb());
        let own = own.map_err(|error| failed(&error))?;
        let mut waiting = vec![(id(tree), EntryKind::Folder)];
        while let Some((object, kind)) = waiting.pop() {
            let here = match kind {
                EntryKind::Folder => reader.tree_with(object, |_| ()),
                EntryKind::File => reader.blob_with(object, |_| ()),
                _ => continue,
            };
            if here != Err(Lack::Missing) {
                continue;
            }
            let oid = Oid::from_bytes(object.as_bytes()).map_err(|error| failed(&error))?;
            // What a partial clone lacks is no new object.
            let Ok(read) = own.read(oid) else { continue };
            if read.kind() == ObjectType::Tree {
                let inside = entries(read.data(), object.as_bytes().len());
                waiting.extend(inside.map(|entry| (entry.id, entry.kind)));
            }
            found.insert(object, (read.kind(), Arc::from(read.data())));
        }
        Ok(())
    }
}

/// Objects in memory come before those on disk.
const IN_FRONT: i32 = 1000;
/// The bits of an entry that say on which side of a conflict it is.
const STAGE: u16 = 0x3000;

fn entry(path: Vec<u8>, id: Oid, mode: u32) -> git2::IndexEntry {
    let never = git2::IndexTime::new(0, 0);
    git2::IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}

fn failed(error: &git2::Error) -> Failure {
    cannot(error.message())
}

fn cannot(why: &str) -> Failure {
    Failure::new(format!("what the change would give cannot be told: {why}"))
        .help("fetch the whole history: git fetch --unshallow")
}
