//! An annotated tag, parsed from its raw bytes. No IO here.

use super::commit::{Person, first_line};
use super::object::from_hex;
use crate::source::ObjectId;

/// What an annotated tag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// What it names.
    pub object: ObjectId,
    /// The name that it was made with; a ref may have another one.
    pub name: String,
    /// Who made it; very old tags do not say.
    pub tagger: Option<Person>,
    /// The message, without a signature when the bytes have none; invalid bytes replaced.
    pub message: String,
}

impl Tag {
    /// Parses the raw bytes of a tag object.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let end = memchr::memmem::find(raw, b"\n\n").unwrap_or(raw.len());
        let head: Vec<&[u8]> = raw[..end].split(|byte| *byte == b'\n').collect();
        let value = |key: &[u8]| head.iter().find_map(|line| line.strip_prefix(key));
        Some(Self {
            object: from_hex(value(b"object ")?)?,
            name: String::from_utf8_lossy(value(b"tag ")?).into_owned(),
            tagger: value(b"tagger ").map(Person::parse),
            message: String::from_utf8_lossy(raw.get(end + 2..).unwrap_or_default()).into_owned(),
        })
    }

    /// Returns the first line of the message; of a very long one the start.
    pub fn subject(&self) -> String {
        first_line(&self.message)
    }
}
