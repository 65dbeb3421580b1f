//! A commit, parsed from its raw bytes. No IO here.

use super::object::from_hex;
use crate::approvals::has_keys;
use crate::source::{CommitFacts, ObjectId};

/// What a commit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents in order.
    pub parents: Vec<ObjectId>,
    /// Who wrote the change.
    pub author: Person,
    /// Who made the commit.
    pub committer: Person,
    /// The message, invalid bytes replaced.
    pub message: String,
}

/// A name, an address and a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name, invalid bytes replaced.
    pub name: String,
    /// The address, invalid bytes replaced.
    pub email: String,
    /// Seconds since 1970 UTC.
    pub time: i64,
    /// Offset from UTC in minutes.
    pub offset: i32,
}

/// What a commit is made of, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents in order.
    pub parents: Vec<ObjectId>,
    /// When it says that it was written, seconds since 1970 UTC; nothing when that cannot be.
    pub authored: Option<i64>,
    /// When it says that it was committed.
    pub committed: Option<i64>,
    /// First line of the message of a merge; empty for other commits.
    pub merged: String,
    /// Whether its message may say who approved something.
    pub decides: bool,
    /// Whether it may carry a signature.
    pub signed: bool,
}

impl Links {
    /// Parses the first lines of the raw bytes of a commit object.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let mut lines = raw.split(|byte| *byte == b'\n').peekable();
        let tree = from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::new();
        while let Some(parent) = lines.next_if(|line| line.starts_with(b"parent ")) {
            parents.push(from_hex(&parent[7..])?);
        }
        let mut moment = |key: &[u8]| moment(lines.next_if(|line| line.starts_with(key))?);
        let (authored, committed) = (moment(b"author "), moment(b"committer "));
        let is_merge = parents.len() > 1;
        let merged = if is_merge { subject(raw) } else { String::new() };
        let (decides, signed) = (has_keys(raw), memchr::memmem::find(raw, b"\ngpgsig").is_some());
        Some(Self { tree, parents, authored, committed, merged, decides, signed })
    }
}

/// Reads the seconds at the end of `Name <address> seconds +hhmm`.
fn moment(line: &[u8]) -> Option<i64> {
    let after = &line[memchr::memrchr(b'>', line)? + 1..];
    let mut parts = std::str::from_utf8(after).ok()?.split_ascii_whitespace();
    let seconds = parts.next()?.parse().ok().filter(|seconds| (0..=LAST).contains(seconds))?;
    minutes(parts.next()?).map(|_| seconds)
}

/// A subject or a name that is longer is no line for people: so many letters of it are shown.
const LONGEST_SUBJECT: usize = 400;
const LONGEST_NAME: usize = 200;

/// Returns the first line of a message; of a very long one the start.
pub(super) fn first_line(message: &str) -> String {
    let line = message.trim_start().lines().next().unwrap_or_default().trim_end();
    shortened(line, LONGEST_SUBJECT)
}

/// Cuts a text after so many letters, and says so with dots.
fn shortened(text: &str, most: usize) -> String {
    let mut ends = text.char_indices().map(|(at, _)| at);
    ends.nth(most).map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
}

/// The last second of the year 9999: what is later cannot be a date.
const LAST: i64 = 253_402_300_799;

/// Returns the first line of the message of a raw commit.
fn subject(raw: &[u8]) -> String {
    let start = memchr::memmem::find(raw, b"\n\n").map_or(raw.len(), |at| at + 2);
    let message = raw[start..].trim_ascii_start();
    let end = memchr::memchr(b'\n', message).unwrap_or(message.len());
    String::from_utf8_lossy(&message[..end]).trim_end().to_owned()
}

impl Commit {
    /// Parses the raw bytes of a commit object.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let end = memchr::memmem::find(raw, b"\n\n").unwrap_or(raw.len());
        let message = String::from_utf8_lossy(raw.get(end + 2..).unwrap_or_default()).into_owned();
        let Links { tree, parents, .. } = Links::parse(raw)?;
        let person = |key: &[u8]| {
            raw[..end]
                .split(|byte| *byte == b'\n')
                .find_map(|line| line.strip_prefix(key))
                .map(Person::parse)
        };
        Some(Self {
            tree,
            parents,
            author: person(b"author ")?,
            committer: person(b"committer ")?,
            message,
        })
    }

    /// Returns the first line of the message; of a very long one the start.
    pub fn subject(&self) -> String {
        first_line(&self.message)
    }

    /// Returns what is shown of the commit.
    pub fn facts(&self, id: ObjectId) -> CommitFacts {
        let Person { time, offset, .. } = self.committer;
        CommitFacts { id, time, offset, subject: self.subject() }
    }
}

impl Person {
    /// Parses `Name <address> seconds +hhmm`; what cannot be read is empty or zero.
    pub(super) fn parse(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line);
        let (who, when) = text.rsplit_once('>').unwrap_or((&text, ""));
        let (name, email) = who.split_once('<').unwrap_or((who, ""));
        let mut when = when.split_ascii_whitespace();
        let time = when.next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default();
        let offset = when.next().and_then(minutes).unwrap_or_default();
        Self {
            name: shortened(name.trim(), LONGEST_NAME),
            email: email.trim().to_owned(),
            time,
            offset,
        }
    }
}

/// Reads `+hhmm`; an impossible zone counts as none.
fn minutes(zone: &str) -> Option<i32> {
    let value: i32 = zone.parse().ok()?;
    let minutes = value / 100 * 60 + value % 100;
    (minutes.abs() <= 14 * 60).then_some(minutes)
}
