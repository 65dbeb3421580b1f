//! A commit, parsed from its raw bytes. No IO here.

use super::object::from_hex;
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
}

impl Links {
    /// Parses the first lines of the raw bytes of a commit object.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let mut lines = raw.split(|byte| *byte == b'\n');
        let tree = from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let parents = lines.map_while(|line| from_hex(line.strip_prefix(b"parent ")?)).collect();
        Some(Self { tree, parents })
    }
}

impl Commit {
    /// Parses the raw bytes of a commit object.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let end = memchr::memmem::find(raw, b"\n\n").unwrap_or(raw.len());
        let message = String::from_utf8_lossy(raw.get(end + 2..).unwrap_or_default()).into_owned();
        let Links { tree, parents } = Links::parse(raw)?;
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

    /// Returns the first line of the message.
    pub fn subject(&self) -> &str {
        self.message.trim_start().lines().next().unwrap_or_default().trim_end()
    }

    /// Returns what is shown of the commit.
    pub fn facts(&self, id: ObjectId) -> CommitFacts {
        let Person { time, offset, .. } = self.committer;
        CommitFacts { id, time, offset, subject: self.subject().to_owned() }
    }
}

impl Person {
    /// Parses `Name <address> seconds +hhmm`; what cannot be read is empty or zero.
    fn parse(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line);
        let (who, when) = text.rsplit_once('>').unwrap_or((&text, ""));
        let (name, email) = who.split_once('<').unwrap_or((who, ""));
        let mut when = when.split_ascii_whitespace();
        let time = when.next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default();
        let offset = when.next().and_then(minutes).unwrap_or_default();
        Self { name: name.trim().to_owned(), email: email.trim().to_owned(), time, offset }
    }
}

/// Reads `+hhmm`; an impossible zone counts as none.
fn minutes(zone: &str) -> Option<i32> {
    let value: i32 = zone.parse().ok()?;
    let minutes = value / 100 * 60 + value % 100;
    (minutes.abs() <= 14 * 60).then_some(minutes)
}
