//! Reads Git repositories and plain folders. The only place that names git2.
//! Never fetches, never writes, never starts a process; replace refs and grafts are not followed.

mod commit;
mod history_reader;
mod loose;
mod merge;
mod merged;
mod multi_pack_index;
mod object;
mod pack_index;
mod packs;
mod planned;
mod refs;
mod tag;
mod tree;
mod work_tree;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use git2::{ErrorCode, ObjectFormat, RepositoryOpenFlags};

use crate::Failure;
use crate::source::{Blobs, CommitFacts, ObjectId, ReadBlob, Snapshot};

use loose::Loose;

pub use commit::{Commit, Links, Person};
pub use history_reader::{HistoryReader, Start};
pub use merge::join;
pub use object::{Lack, Reader, from_hex, is_lfs_pointer};
pub use planned::Planned;
pub use refs::{Globs, RefFacts, RefKind, Refs, SkippedRef, select, select_skipped};
pub use tag::Tag;
pub use tree::{Entry, EntryKind, LONGEST_PATH, MOST_ENTRIES, entries};

/// A Git repository, or a folder outside Git.
pub struct Repository {
    place: Place,
    inside: String,
}

enum Place {
    Git(Box<Git>),
    Folder(PathBuf),
}

/// An open repository and what readers on other threads need to open it again.
struct Git {
    handle: Mutex<git2::Repository>,
    own: PathBuf,
    common: PathBuf,
    /// Where objects lie: here, and where this repository borrows from.
    stores: Vec<PathBuf>,
    work_dir: Option<PathBuf>,
    format: ObjectFormat,
    /// What is planned and not done.
    planned: Arc<planned::Objects>,
}

impl Blobs for Repository {
    fn reader(&self) -> Result<Box<dyn ReadBlob>, Failure> {
        Ok(Box::new(Self::reader(self)?))
    }
}

impl Repository {
    /// Finds the repository that `path` lies in; a folder outside Git is taken as it is.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        tune();
        let path = path.canonicalize().map_err(|error| not_readable(path, &error))?;
        match git2::Repository::open_ext(&path, RepositoryOpenFlags::empty(), &[] as &[&OsStr]) {
            Ok(handle) => {
                lies_at_home(&handle, &path)?;
                let id_len = if handle.object_format() == ObjectFormat::Sha1 { 20 } else { 32 };
                let stores = loose::folders(&handle.commondir().join("objects"));
                for objects in &stores {
                    pack_index::check_all(objects, id_len)?;
                    multi_pack_index::check(objects, id_len)?;
                }
                Ok(Self::git(handle, &path, stores))
            }
            Err(error) if error.code() == ErrorCode::NotFound && path.is_dir() => {
                Ok(Self { place: Place::Folder(path), inside: String::new() })
            }
            Err(error) => Err(not_opened(&path, &error)),
        }
    }

    fn git(handle: git2::Repository, path: &Path, stores: Vec<PathBuf>) -> Self {
        // Named by its git folder a repository is read as a bare one; without a config file libgit2 would take the
        // folder around it for the work tree.
        let is_git_dir = handle.path().canonicalize().is_ok_and(|dir| path.starts_with(dir));
        let work_dir = handle.workdir().filter(|_| !is_git_dir).map(Path::to_path_buf);
        let root = work_dir.as_ref().and_then(|dir| dir.canonicalize().ok());
        let inside = root.and_then(|root| Some(portable(path.strip_prefix(root).ok()?)));
        let git = Git {
            own: handle.path().to_path_buf(),
            common: handle.commondir().to_path_buf(),
            stores,
            work_dir,
            format: handle.object_format(),
            planned: Arc::default(),
            handle: Mutex::new(handle),
        };
        Self { place: Place::Git(Box::new(git)), inside: inside.unwrap_or_default() }
    }

    /// Tells whether there is a Git repository; a plain folder has no refs and no history.
    pub fn is_git(&self) -> bool {
        matches!(self.place, Place::Git(_))
    }

    /// Returns the folder of the work tree; nothing in a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        match &self.place {
            Place::Git(git) => git.work_dir.as_deref(),
            Place::Folder(folder) => Some(folder),
        }
    }

    /// Returns the folder of HEAD and the index; in a linked worktree its own one.
    pub fn git_dir(&self) -> Option<&Path> {
        self.as_git().map(|git| git.own.as_path())
    }

    /// Returns the folder of objects and refs, shared by linked worktrees.
    pub fn common_dir(&self) -> Option<&Path> {
        self.as_git().map(|git| git.common.as_path())
    }

    /// Returns the opened path relative to the work tree, `/` between parts; `""` at its root.
    pub fn inside(&self) -> &str {
        &self.inside
    }

    /// Returns the address that commits made here carry, as the settings of Git say.
    pub fn user_address(&self) -> Option<String> {
        let Place::Git(git) = &self.place else { return None };
        let handle = git.handle.lock().unwrap_or_else(PoisonError::into_inner);
        handle.config().and_then(|config| config.get_string("user.email")).ok()
    }

    /// Opens a reader of objects; each thread needs one of its own.
    pub fn reader(&self) -> Result<Reader, Failure> {
        match &self.place {
            Place::Folder(_) => Ok(Reader::empty()),
            Place::Git(git) => git.reader(),
        }
    }

    /// Opens a reader of the objects that history asks for; each thread needs one of its own.
    pub fn history_reader(&self) -> Result<HistoryReader, Failure> {
        let (stores, id_len) =
            self.as_git().map_or((&[][..], 20), |git| (&git.stores[..], git.id_len()));
        Ok(HistoryReader::new(self.reader()?, stores, id_len))
    }

    /// Lists the regular files of `commit` inside the folders `under`; all of them when there is none.
    pub fn snapshot(&self, commit: ObjectId, under: &[&str]) -> Result<Snapshot, Failure> {
        let reader = self.reader()?;
        let facts = reader.commit(commit).map_err(|lack| lack.failure("commit", commit))?;
        let listed = tree::list(&reader, facts.tree, under)?;
        let (files, skipped) = (listed.files, listed.skipped);
        Ok(Snapshot { commit: Some(facts.facts(commit)), files, skipped, ..Snapshot::default() })
    }

    /// Returns the facts of a commit.
    pub fn commit(&self, id: ObjectId) -> Result<CommitFacts, Failure> {
        let commit = self.reader()?.commit(id).map_err(|lack| lack.failure("commit", id))?;
        Ok(commit.facts(id))
    }

    /// Returns the commits whose parents are not in this clone, sorted.
    pub fn shallow(&self) -> Vec<ObjectId> {
        self.as_git().map(|git| object::shallow(&git.common)).unwrap_or_default()
    }

    fn as_git(&self) -> Option<&Git> {
        match &self.place {
            Place::Git(git) => Some(git),
            Place::Folder(_) => None,
        }
    }
}

impl Git {
    fn id_len(&self) -> usize {
        if self.format == ObjectFormat::Sha1 { 20 } else { 32 }
    }

    fn reader(&self) -> Result<Reader, Failure> {
        let handle =
            git2::Repository::open(&self.own).map_err(|error| not_opened(&self.own, &error))?;
        Ok(Reader::new(handle, Loose::new(&self.stores, self.format), Arc::clone(&self.planned)))
    }

    fn lock(&self) -> MutexGuard<'_, git2::Repository> {
        self.handle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Objects are read once and kept by us, and Git checked them when it received them.
fn tune() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        git2::opts::enable_caching(false);
        git2::opts::strict_hash_verification(false);
    });
}

/// Refuses a work tree that the settings of the repository put elsewhere: it might be the whole machine.
fn lies_at_home(handle: &git2::Repository, path: &Path) -> Result<(), Failure> {
    let Some(work_dir) = handle.workdir() else { return Ok(()) };
    let link = work_dir.join(".git");
    let own = handle.path().canonicalize().ok();
    let is_ours = |at: PathBuf| at.canonicalize().ok() == own;
    let named = || Some(work_dir.join(object::first_line(&link)?.strip_prefix("gitdir: ")?));
    let by_git_dir = own.as_ref().is_some_and(|own| path.starts_with(own));
    if by_git_dir || is_ours(link.clone()) || named().is_some_and(is_ours) {
        return Ok(());
    }
    let shown = work_dir.display();
    Err(Failure::new(format!(
        "the settings of this repository (core.worktree) put its files at `{shown}`"
    ))
    .help(
        "if that is not meant: git config --unset core.worktree; else name the git folder itself",
    ))
}

fn portable(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn not_readable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::new(format!("cannot open `{}`: {error}", path.display()));
    failure.help("name an existing folder or a Git repository")
}

fn not_opened(path: &Path, error: &git2::Error) -> Failure {
    let shown = path.display();
    if error.code() == ErrorCode::Owner {
        return Failure::new(format!("the Git repository at `{shown}` belongs to another user"))
            .help(format!("if you trust it: git config --global --add safe.directory '{shown}'"));
    }
    if error.message().contains("refstorage") {
        return Failure::new(format!(
            "`{shown}` keeps its refs in the reftable format, which cannot be read yet"
        ))
        .help("convert them: git refs migrate --ref-format=files");
    }
    if error.code() == ErrorCode::NotFound {
        return Failure::new(format!("`{shown}` is not a folder"))
            .help("name a folder or a Git repository");
    }
    Failure::new(format!("cannot open the Git repository at `{shown}`: {}", error.message()))
        .help("see what Git says: git status")
}
