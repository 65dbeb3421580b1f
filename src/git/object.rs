//! Reads single objects: commits, trees and blobs by id, nothing else.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Oid};

use super::commit::{Commit, Links};
use crate::Failure;
use crate::source::{ObjectId, ReadBlob, Snapshot, SnapshotReader};

/// Why an object could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It is not in this clone.
    Missing,
    /// It is there and damaged.
    Broken(String),
}

impl fmt::Display for Lack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => {
                out.write_str("not in this clone; get it with `git fetch --refetch --no-filter`")
            }
            Self::Broken(reason) => write!(out, "damaged: {reason}; look with `git fsck`"),
        }
    }
}

impl Lack {
    pub(super) fn failure(&self, kind: &str, id: ObjectId) -> Failure {
        match self {
            Self::Missing => Failure::new(format!("the {kind} {id} is not in this clone")).help(
                "get what is missing: git fetch --refetch --no-filter (or git fetch --unshallow)",
            ),
            Self::Broken(reason) => Failure::new(format!("the {kind} {id} is damaged: {reason}"))
                .help("look with: git fsck"),
        }
    }
}

/// Reads objects for one thread.
pub struct Reader {
    git: Option<git2::Repository>,
}

impl Reader {
    pub(super) fn new(git: git2::Repository) -> Self {
        Self { git: Some(git) }
    }

    /// Makes a reader that has no objects.
    pub(super) fn empty() -> Self {
        Self { git: None }
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

    fn object<T>(
        &self,
        id: ObjectId,
        kind: ObjectType,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Lack> {
        let git = self.git.as_ref().ok_or(Lack::Missing)?;
        let oid = Oid::from_bytes(id.as_bytes()).map_err(|error| lack(&error))?;
        let objects = git.odb().map_err(|error| lack(&error))?;
        let object = objects.read(oid).map_err(|error| lack(&error))?;
        if object.kind() != kind {
            return Err(Lack::Broken(format!("it is a {}, not a {kind}", object.kind())));
        }
        Ok(take(object.data()))
    }
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

/// Reads an id from hexadecimal digits.
pub(super) fn from_hex(digits: &[u8]) -> Option<ObjectId> {
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
