//! Reads single objects: commits, trees and blobs by id, nothing else.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Oid};

use super::commit::{Commit, Links};
use super::loose::Loose;
use super::planned::Objects;
use crate::Failure;
use crate::source::{ObjectId, ReadBlob, Snapshot, SnapshotReader};

/// Why an object could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is not in this clone.
    Missing,
    /// It is not here, and neither is the folder from which this clone borrows objects.
    Borrowed(String),
    /// It is there and damaged.
    Broken(String),
}

/// What to do about a folder that is not there.
const BORROWED: &str = "put it back, or correct `.git/objects/info/alternates`";

impl fmt::Display for Lack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                out.write_str("not in this clone; get it with `git fetch --refetch --no-filter`")
            }
            Self::Borrowed(folder) => {
                write!(out, "perhaps in `{folder}`, which is not there; {BORROWED}")
            }
            Self::Broken(reason) => write!(out, "damaged: {reason}; look with `git fsck`"),
        }
    }
}

impl Lack {
    /// Says that an object cannot be read.
    pub fn failure(&self, kind: &str, id: ObjectId) -> Failure {
        match self {
            Self::Missing => Failure::new(format!("the {kind} {id} is not in this clone")).help(
                "get what is missing: git fetch --refetch --no-filter (or git fetch --unshallow)",
            ),
            Self::Borrowed(_) => Failure::new(format!("the {kind} {id} is {self}")),
            Self::Broken(reason) => Failure::new(format!("the {kind} {id} is damaged: {reason}"))
                .help("look with: git fsck"),
        }
    }
}

/// Reads objects for one thread.
pub struct Reader {
    git: Option<(git2::Repository, Loose)>,
    planned: Arc<Objects>,
}

impl Reader {
    pub(super) fn new(git: git2::Repository, loose: Loose, planned: Arc<Objects>) -> Self {
        Self { git: Some((git, loose)), planned }
    }

    /// Makes a reader that has no objects.
    pub(super) fn empty() -> Self {
        Self { git: None, planned: Arc::default() }
    }

    /// Adds the bytes that only the work tree has.
    pub fn with<'a>(&'a self, snapshot: &'a Snapshot) -> SnapshotReader<'a> {
        SnapshotReader::new(self, snapshot)
    }

    /// Reads and parses a commit.
    pub fn commit(&self, id: ObjectId) -> Result<Commit, Lack> {
        self.object(id, ObjectType::Commit, Commit::parse)?
            .ok_or_else(|| Lack::Broken("it does not read as a commit".to_owned()))
    }

    /// Reads the tree and the parents of a commit.
    pub fn links(&self, id: ObjectId) -> Result<Links, Lack> {
        self.object(id, ObjectType::Commit, Links::parse)?
            .ok_or_else(|| Lack::Broken("it does not read as a commit".to_owned()))
    }

    /// Lends the raw bytes of a commit.
    pub(super) fn commit_with<T>(
        &self,
        id: ObjectId,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Lack> {
        self.object(id, ObjectType::Commit, take)
    }

    /// Lends the raw bytes of a tag.
    pub(super) fn tag_with<T>(
        &self,
        id: ObjectId,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Lack> {
        self.object(id, ObjectType::Tag, take)
    }

    /// Lends the raw bytes of a tree, for [`super::entries`].
    pub fn tree_with<T>(&self, id: ObjectId, take: impl FnOnce(&[u8]) -> T) -> Result<T, Lack> {
        self.object(id, ObjectType::Tree, take)
    }

    /// Reads the bytes of a blob.
    pub fn blob(&self, id: ObjectId) -> Result<Arc<[u8]>, Lack> {
        self.blob_with(id, |bytes| Arc::from(bytes))
    }

    /// Lends the bytes of a blob.
    pub fn blob_with<T>(&self, id: ObjectId, take: impl FnOnce(&[u8]) -> T) -> Result<T, Lack> {
        self.object(id, ObjectType::Blob, take)
    }

    /// Finds the commit that an object is or, as a tag, leads to.
    pub(super) fn peel(&self, id: ObjectId) -> Result<(ObjectId, Commit), Astray> {
        let mut at = id;
        for _ in 0..DEEPEST_TAG {
            let read = |kind, bytes: &[u8]| match kind {
                ObjectType::Commit => Ok(Commit::parse(bytes).map(Peeled::Commit)),
                ObjectType::Tag => Ok(tagged(bytes).map(Peeled::Tag)),
                kind => Err(Astray::new(&format!("it names a {kind}, not a commit"))),
            };
            let lost = |lack| Astray { reason: format!("the object {at} is {lack}"), lost: true };
            match self.any(at, read).map_err(lost)?? {
                Some(Peeled::Commit(commit)) => return Ok((at, commit)),
                Some(Peeled::Tag(next)) => at = next,
                None => {
                    let reason = format!("the object {at} does not read as what it is");
                    return Err(Astray { reason, lost: true });
                }
            }
        }
        Err(Astray::new("it names a tag of a tag of a tag"))
    }

    /// Sees that libgit2 meets no damaged loose object, wherever it looks.
    pub(super) fn check_all_loose(&self) -> Result<(), Failure> {
        let Some((_, loose)) = &self.git else { return Ok(()) };
        loose.check_all().map_err(|(id, lack)| lack.failure("object", id))
    }

    fn object<T>(
        &self,
        id: ObjectId,
        kind: ObjectType,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Lack> {
        self.any(id, |found, bytes| {
            if found == kind {
                Ok(take(bytes))
            } else {
                Err(Lack::Broken(format!("it is a {found}, not a {kind}")))
            }
        })?
    }

    fn any<T>(&self, id: ObjectId, take: impl FnOnce(ObjectType, &[u8]) -> T) -> Result<T, Lack> {
        if let Some((kind, bytes)) = self.planned.get(&id) {
            return Ok(take(*kind, bytes));
        }
        let (git, loose) = self.git.as_ref().ok_or(Lack::Missing)?;
        if let Some(found) = loose.read(id) {
            return found.map(|(kind, bytes)| take(kind, &bytes));
        }
        let oid = Oid::from_bytes(id.as_bytes()).map_err(|error| lack(&error))?;
        let objects = git.odb().map_err(|error| lack(&error))?;
        let object = objects.read(oid).map_err(|error| match (lack(&error), loose.lost()) {
            (Lack::Missing, Some(folder)) => Lack::Borrowed(folder.display().to_string()),
            (lack, _) => lack,
        })?;
        Ok(take(object.kind(), object.data()))
    }
}

/// Tags of tags are followed so far.
const DEEPEST_TAG: usize = 16;

/// Why something leads to no commit.
pub(super) struct Astray {
    /// The reason, as a phrase.
    pub(super) reason: String,
    /// Whether an object on the way cannot be read.
    pub(super) lost: bool,
}

impl Astray {
    pub(super) fn new(reason: &str) -> Self {
        Self { reason: reason.to_owned(), lost: false }
    }
}

enum Peeled {
    Commit(Commit),
    Tag(ObjectId),
}

/// Reads what a raw tag leads to.
fn tagged(raw: &[u8]) -> Option<ObjectId> {
    from_hex(raw.split(|byte| *byte == b'\n').next()?.strip_prefix(b"object ")?)
}

impl ReadBlob for Reader {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        self.blob(blob).map_err(|lack| format!("the content {} is {lack}", blob.short()))
    }
}

/// Tells whether bytes stand in for content that Git LFS keeps elsewhere.
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

pub(super) fn id(oid: Oid) -> ObjectId {
    ObjectId::new(oid.as_bytes())
}

fn lack(error: &git2::Error) -> Lack {
    match error.code() {
        ErrorCode::NotFound => Lack::Missing,
        _ => Lack::Broken(error.message().to_owned()),
    }
}

/// Reads the list of commits at which the history was cut.
#[expect(clippy::disallowed_methods, reason = "reading lives in this folder")]
pub(super) fn shallow(common_dir: &Path) -> Vec<ObjectId> {
    let text = std::fs::read_to_string(common_dir.join("shallow")).unwrap_or_default();
    let mut ids: Vec<_> =
        text.lines().filter_map(|line| from_hex(line.trim().as_bytes())).collect();
    ids.sort_unstable();
    ids
}

/// Reads the first line of a small file.
#[expect(clippy::disallowed_methods, reason = "reading lives in this folder")]
pub(super) fn first_line(path: &Path) -> Option<String> {
    let small = path.metadata().is_ok_and(|facts| facts.is_file() && facts.len() < 1 << 16);
    let text = small.then(|| std::fs::read_to_string(path).ok())??;
    Some(text.lines().next()?.to_owned())
}

/// Reads an id from hexadecimal digits.
pub fn from_hex(digits: &[u8]) -> Option<ObjectId> {
    if !matches!(digits.len(), 40 | 64) {
        return None;
    }
    let mut raw = [0_u8; 32];
    for (byte, pair) in raw.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(ObjectId::new(&raw[..digits.len() / 2]))
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
