//! Addresses and telephone numbers in text that the public may see: found however they are written, and covered by
//! as many bytes, so that every place in the text stays where it is.

mod addresses;
mod letters;
mod numbers;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::slice;
use std::sync::Arc;

use super::People;
use crate::diagnostic::Diagnostic;
use crate::document::include::Piece;
use crate::document::{self, Document, Node, Value};
use crate::history::{Authorship, DecisionLog, Landing, StatusAt};
use crate::settings::Audience;
use crate::source::{ObjectId, ReadBlob, RepoPath};
use numbers::Number;

/// What must not be read by the audience.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contacts {
    covered: bool,
    addresses: BTreeSet<String>,
    numbers: Vec<Number>,
}

/// Reads blobs with the contacts in their text covered.
pub struct Covered<'a> {
    /// Reads the bytes as they are.
    pub read: &'a dyn ReadBlob,
    /// What is covered.
    pub contacts: &'a Contacts,
}

impl Contacts {
    /// Collects what the registry holds. Colleagues see everything.
    pub fn new(people: &People, audience: Audience) -> Self {
        if audience == Audience::Internal {
            return Self::default();
        }
        let persons = &people.persons;
        let mails = persons.iter().flat_map(|person| person.mail.iter().chain(&person.git_emails));
        let own = persons.iter().filter_map(|person| person.phone.as_deref());
        let on_duty = people.teams.iter().filter_map(|team| team.duty_phone.as_deref());
        Self {
            covered: true,
            addresses: mails.map(|mail| mail.trim().to_lowercase()).collect(),
            numbers: own.chain(on_duty).filter_map(Number::read).collect(),
        }
    }

    /// Tells whether anything is covered at all.
    pub fn are_covered(&self) -> bool {
        self.covered
    }

    /// Covers the contacts of a text.
    pub fn cover<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let places = self.find(text);
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut covered = String::with_capacity(text.len());
        let mut done = 0;
        for place in places {
            let start = place.start.max(done);
            if place.end > start {
                covered.push_str(&text[done..start]);
                push_cover(&mut covered, &text[start..place.end]);
                done = place.end;
            }
        }
        covered.push_str(&text[done..]);
        Cow::Owned(covered)
    }

    /// Covers the contacts of a text where it stands.
    pub fn cover_in(&self, text: &mut String) {
        if let Cow::Owned(covered) = self.cover(text) {
            *text = covered;
        }
    }

    /// Tells whether there is something to cover.
    pub fn are_in(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }

    /// Covers what becomes an address only when marks such as bold are gone.
    pub fn cover_words(&self, document: &mut Document) {
        if !self.covered {
            return;
        }
        self.cover_in(&mut document.text);
        document.headings.iter_mut().for_each(|heading| self.cover_in(&mut heading.text));
        for table in &mut document.tables {
            let rows = table.rows.iter_mut().flat_map(|row| &mut row.cells);
            rows.chain(&mut table.header).for_each(|cell| self.cover_in(&mut cell.text));
        }
        document.front_matter.fields.iter_mut().for_each(|field| self.cover_node(&mut field.value));
    }

    /// Covers the contacts in findings, which quote texts and names.
    pub fn cover_findings(&self, findings: &mut [Diagnostic]) {
        for finding in findings {
            self.cover_in(&mut finding.message);
            finding.help.iter_mut().for_each(|help| self.cover_in(help));
            if let Cow::Owned(path) = self.cover(finding.path.as_str()) {
                finding.path = RepoPath::new(&path);
            }
        }
    }

    /// Covers the contacts in what commits and fields say.
    pub fn cover_log(&self, log: &mut DecisionLog) {
        for entry in &mut log.entries {
            self.cover_in(&mut entry.title);
            self.cover_landing(&mut entry.landing, &mut entry.origins);
            self.cover_landing(&mut entry.landing, &mut entry.concurrent);
            for status in [&mut entry.from, &mut entry.to] {
                if let StatusAt::Word(word) | StatusAt::Invalid(word) = status {
                    self.cover_in(word);
                }
            }
        }
        for approval in &mut log.approvals {
            self.cover_in(&mut approval.by.name);
            self.cover_in(&mut approval.landing.subject);
            for one in &mut approval.contributors {
                self.cover_in(&mut one.name);
            }
        }
        for text in log.texts.values_mut().flatten() {
            self.cover_landing(&mut text.landing, text.by.as_mut_slice());
        }
        for change in &mut log.last_changes {
            let origin =
                change.origin.as_mut().map(|origin| slice::from_mut(Arc::make_mut(origin)));
            self.cover_landing(Arc::make_mut(&mut change.landing), origin.unwrap_or_default());
        }
    }

    fn cover_landing(&self, landing: &mut Landing, origins: &mut [Authorship]) {
        self.cover_in(&mut landing.subject);
        for origin in origins {
            self.cover_in(&mut origin.name);
            self.cover_in(&mut origin.committer);
        }
    }

    fn cover_node(&self, node: &mut Node) {
        match &mut node.value {
            Value::Scalar(text) => self.cover_in(text),
            Value::List(nodes) => nodes.iter_mut().for_each(|node| self.cover_node(node)),
            Value::Map(fields) => {
                for field in fields {
                    self.cover_node(&mut field.value);
                }
            }
            Value::Null => {}
        }
    }

    /// Places of contacts in a text, by their start.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        if !self.covered {
            return Vec::new();
        }
        let letters = letters::read(text);
        let mut found = addresses::find(&letters, &self.addresses);
        found.extend(numbers::find(&letters, &self.numbers));
        let mut places: Vec<_> =
            found.into_iter().map(|place| letters::place(&letters[place])).collect();
        places.sort_by_key(|place| (place.start, place.end));
        places
    }
}

impl Covered<'_> {
    /// Reads a blob; says whether something in it was covered.
    pub fn text(&self, blob: ObjectId) -> Result<(Arc<[u8]>, bool), String> {
        let bytes = self.read.read(blob)?;
        if !self.contacts.covered {
            return Ok((bytes, false));
        }
        Ok(match self.contacts.cover(&String::from_utf8_lossy(&bytes)) {
            Cow::Owned(covered) => (Arc::from(covered.into_bytes()), true),
            Cow::Borrowed(_) => (bytes, false),
        })
    }

    /// Parses a text that was read.
    pub fn document(&self, text: &[u8], pieces: Vec<Piece>) -> Arc<Document> {
        let mut document = Document { pieces, ..document::parse(text) };
        self.contacts.cover_words(&mut document);
        Arc::new(document)
    }
}

impl ReadBlob for Covered<'_> {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        self.text(blob).map(|(bytes, _)| bytes)
    }
}

/// Writes dots of as many bytes; lines stay lines.
fn push_cover(out: &mut String, text: &str) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        (0..line.len() / 3).for_each(|_| out.push('•'));
        out.push_str(["", ".", "·"][line.len() % 3]);
    }
}

#[cfg(test)]
mod tests;
