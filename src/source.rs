//! What was read: paths, object ids, files of a snapshot and spans. Plain values; no IO here.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Failure;

/// A byte range in the bytes of one blob.
pub type Span = Range<usize>;

/// Returns what ends the lines of a file: a line feed, or a lone carriage return when there is none.
pub fn line_end(bytes: &[u8]) -> u8 {
    if memchr::memchr(b'\n', bytes).is_some() { b'\n' } else { b'\r' }
}

/// Returns line and column (in characters) of a byte offset, both from 1.
pub fn place(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let end = line_end(bytes);
    let start = memchr::memrchr(end, before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(end, before).count() + 1;
    (line, column(&before[start..]))
}

/// Returns the column, in characters from 1, behind the start of a line.
pub fn column(before: &[u8]) -> usize {
    String::from_utf8_lossy(before).chars().count() + 1
}

/// Tells whether a path names Markdown.
pub fn is_markdown(path: &str) -> bool {
    markdown_stem(path).is_some()
}

fn markdown_stem(path: &str) -> Option<&str> {
    let (stem, extension) = path.strip_suffix(".erb").unwrap_or(path).rsplit_once('.')?;
    let known = ["md", "markdown"];
    known.iter().any(|one| extension.eq_ignore_ascii_case(one)).then_some(stem)
}

/// A path inside a repository: UTF-8, `/` between parts, no leading slash, no `.` or `..` part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// Takes a path that Git lists; Git never lists `.` or `..` parts.
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// Tells whether both are one path, which costs nothing for clones of each other.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the folder that holds the file, without a trailing slash; `""` at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns the last part of the path.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// Returns the file name without its last extension.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// Returns the file name as people know the page: without the extensions of Markdown, of ERB around it (`a.md.erb`)
    /// and of the page that it becomes (`a.html.md`).
    pub fn page_name(&self) -> &str {
        let stem = markdown_stem(self.name()).unwrap_or_else(|| self.stem());
        stem.strip_suffix(".html").unwrap_or(stem)
    }

    /// Returns the extension without the dot, as written; `""` when there is none.
    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Tells whether the path is inside `folder` (`""` holds everything).
    pub fn is_inside(&self, folder: &str) -> bool {
        self.strip(folder).is_some()
    }

    /// Returns the path relative to `folder`, or nothing when it lies elsewhere.
    pub fn strip(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// Resolves a relative link from `folder`; nothing when it leaves the repository.
    pub fn resolve(folder: &str, link: &str) -> Option<Self> {
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in link.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self::new(&parts.join("/")))
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", &self.0)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The id of a Git object, SHA-1 (20 bytes) or SHA-256 (32 bytes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    len: u8,
    bytes: [u8; 32],
}

impl ObjectId {
    /// Takes the raw bytes of an id; more than 32 bytes are cut.
    pub fn new(raw: &[u8]) -> Self {
        let len = raw.len().min(32);
        let mut bytes = [0; 32];
        bytes[..len].copy_from_slice(&raw[..len]);
        Self { len: u8::try_from(len).unwrap_or(32), bytes }
    }

    /// Returns the raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Returns the first ten hexadecimal digits, for people.
    pub fn short(&self) -> String {
        let mut digits = self.to_string();
        digits.truncate(10);
        digits
    }

    fn hex(&self) -> [u8; 64] {
        let digit = |value: u8| b"0123456789abcdef"[usize::from(value)];
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.as_bytes()) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        digits
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            std::str::from_utf8(&self.hex()[..2 * usize::from(self.len)]).unwrap_or_default(),
        )
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_bytes(self.as_bytes())
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <&[u8]>::deserialize(from).map(Self::new)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

/// Where the bytes of a file come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// In the commit of the snapshot.
    Committed,
    /// Tracked, but changed in the work tree since the commit.
    Modified,
    /// In the work tree only, not ignored.
    Untracked,
}

/// One regular file of a snapshot. Links, submodules and other entries are never files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where the file lies.
    pub path: RepoPath,
    /// The id of its bytes, as Git would name them.
    pub blob: ObjectId,
    /// Whether a commit holds these bytes.
    pub origin: Origin,
}

impl File {
    /// Tells whether both are the same file with the same bytes.
    pub fn is(&self, other: &Self) -> bool {
        self.path.is(&other.path) && self.blob == other.blob && self.origin == other.origin
    }
}

/// An entry that could not become a [`File`], with the reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The path, invalid bytes replaced.
    pub path: RepoPath,
    /// The rule that tells people about it (`source.symbolic-link`, `source.submodule`, `source.path-encoding`).
    pub rule: &'static str,
    /// What was found, as a phrase.
    pub reason: String,
    /// Where a symbolic link of a commit leads, when that is inside the repository.
    pub leads_to: Option<RepoPath>,
}

/// All files of one commit, or of a commit with the work tree laid over it.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The commit; nothing in a folder outside Git or before the first commit.
    pub commit: Option<CommitFacts>,
    /// Every regular file, sorted by path.
    pub files: Vec<File>,
    /// Entries that were not followed or could not be read, sorted by path.
    pub skipped: Vec<Skipped>,
    /// Bytes that no commit holds, by id: the changed and untracked files.
    pub loose: FxHashMap<ObjectId, Arc<[u8]>>,
}

impl Snapshot {
    /// Tells whether a file lies somewhere in `folder`.
    pub fn holds_folder(&self, folder: &str) -> bool {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let at = self.files.partition_point(|file| file.path.as_str() < prefix.as_str());
        self.files.get(at).is_some_and(|file| file.path.as_str().starts_with(&prefix))
    }

    /// Finds a file by its path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.place_of(path).map(|at| &self.files[at])
    }

    /// Finds the place of a path in the list of files.
    pub fn place_of(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
    }
}

/// What is shown of a commit: no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    /// The commit's id.
    pub id: ObjectId,
    /// Committer time, seconds since 1970 UTC.
    pub time: i64,
    /// Committer's offset from UTC in minutes.
    pub offset: i32,
    /// First line of the message, invalid bytes replaced.
    pub subject: String,
}

/// Reads the bytes of blobs. One reader per thread.
pub trait ReadBlob {
    /// Returns the bytes of `blob`, or a phrase that says why they are not there.
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String>;
}

/// What holds the bytes of snapshots.
pub trait Blobs: Sync {
    /// Opens a reader for one thread.
    ///
    /// # Errors
    /// When there is no way to the bytes at all.
    fn reader(&self) -> Result<Box<dyn ReadBlob>, Failure>;
}

/// Opens a reader when the first blob is asked for.
pub struct OnDemand<'a> {
    blobs: &'a dyn Blobs,
    reader: OnceCell<Box<dyn ReadBlob>>,
}

impl<'a> OnDemand<'a> {
    /// Takes what holds the blobs.
    pub fn new(blobs: &'a dyn Blobs) -> Self {
        Self { blobs, reader: OnceCell::new() }
    }
}

impl ReadBlob for OnDemand<'_> {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        if let Some(reader) = self.reader.get() {
            return reader.read(blob);
        }
        let reader = self.blobs.reader().map_err(|failure| failure.to_string())?;
        self.reader.get_or_init(|| reader).read(blob)
    }
}

/// Reads the blobs of one snapshot: those of the work tree too.
pub struct SnapshotReader<'a> {
    reader: &'a dyn ReadBlob,
    snapshot: &'a Snapshot,
}

impl<'a> SnapshotReader<'a> {
    /// Lays the bytes that only the work tree has over those of a reader.
    pub fn new(reader: &'a dyn ReadBlob, snapshot: &'a Snapshot) -> Self {
        Self { reader, snapshot }
    }
}

impl ReadBlob for SnapshotReader<'_> {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        let loose = self.snapshot.loose.get(&blob);
        loose.map_or_else(|| self.reader.read(blob), |bytes| Ok(bytes.clone()))
    }
}
