//! Pages to documents, on all threads; what is known by its bytes is not parsed again.

use std::cell::{OnceCell, RefCell};
use std::sync::{Arc, Weak};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, front_matter, include, labels};
use crate::pack::audience::Readers;
use crate::pack::contacts::Covered;
use crate::pack::gather::{Included, Parsed};
use crate::rules::{settings as settings_rules, source as source_rules};
use crate::source::{Blobs, File, ObjectId, ReadBlob, RepoPath, Snapshot, SnapshotReader};

/// Parsed files by the bytes they came from, as long as somebody holds them.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// By the text that was parsed and whether that was in a book, where a blob may include others.
    known: FxHashMap<(ObjectId, bool), Weak<Document>>,
    /// How many there were when those that nobody holds were last forgotten.
    held: usize,
    /// How many files were parsed so far.
    pub(super) parsed: usize,
}

/// A page to be parsed.
pub(super) struct Page<'s> {
    pub(super) file: &'s File,
    /// Whether it is part of a book, which may include other files.
    pub(super) in_book: bool,
}

impl Documents {
    /// Knows nothing after so many files were parsed.
    pub(super) fn with(parsed: usize) -> Self {
        Self { parsed, ..Self::default() }
    }

    /// Parses pages, in their order.
    pub(super) fn parse(
        &mut self,
        blobs: &dyn Blobs,
        snapshot: &Snapshot,
        readers: Readers<'_>,
        pages: &[Page<'_>],
    ) -> Vec<Parsed> {
        let read: Vec<(Parsed, bool)> = pages
            .par_iter()
            .map_init(OnceCell::new, |reader, page| {
                if let Some(known) = self.of(page.file.blob, page.in_book) {
                    return (parsed(page.file, page.file.blob, known), false);
                }
                let reader = reader.get_or_init(|| blobs.reader());
                match reader {
                    Ok(reader) => {
                        let read = &SnapshotReader::new(&**reader, snapshot);
                        let reader = Covered { read, contacts: readers.contacts };
                        self.parse_one(page, readers, snapshot, &reader)
                    }
                    Err(failure) => (unread(page.file, failure.message.clone()), true),
                }
            })
            .collect();
        for ((page, is_new), asked) in read.iter().zip(pages) {
            self.parsed += usize::from(*is_new);
            // What an include filled in knows its page; what could not be read is asked for again.
            if *is_new && page.included.is_empty() && page.findings.is_empty() {
                let key = (page.content, asked.in_book);
                self.known.insert(key, Arc::downgrade(&page.document));
            }
        }
        self.forget();
        read.into_iter().map(|(page, _)| page).collect()
    }

    /// Forgets what nobody holds, now and then.
    fn forget(&mut self) {
        if self.known.len() > 2 * self.held {
            self.known.retain(|_, document| document.strong_count() > 0);
            self.held = self.known.len();
        }
    }

    fn of(&self, content: ObjectId, in_book: bool) -> Option<Arc<Document>> {
        self.known.get(&(content, in_book))?.upgrade()
    }

    /// Parses a page; tells whether that was work.
    fn parse_one(
        &self,
        page: &Page<'_>,
        readers: Readers<'_>,
        snapshot: &Snapshot,
        reader: &Covered<'_>,
    ) -> (Parsed, bool) {
        let file = page.file;
        let (bytes, covered) = match reader.text(file.blob) {
            Ok(read) => read,
            Err(reason) => return (unread(file, reason), true),
        };
        if !page.in_book || memchr::memmem::find(&bytes, b"{{#").is_none() {
            let content = if covered { content(&bytes) } else { file.blob };
            let known = self.of(content, page.in_book);
            let is_new = known.is_none();
            let document = known.unwrap_or_else(|| reader.document(&bytes, Vec::new()));
            return (parsed(file, content, document), is_new);
        }
        let included = RefCell::default();
        let bytes_of = |path: &RepoPath| {
            let file = snapshot.file(path.as_str());
            let asked: &RefCell<Vec<Included>> = &included;
            asked.borrow_mut().push((path.clone(), file.map(|file| file.blob)));
            reader.read(file?.blob).ok()
        };
        let read = |wanted: &RepoPath| {
            let bytes = bytes_of(wanted).filter(|_| !is_secret(wanted))?;
            let text = String::from_utf8(bytes.to_vec()).ok()?;
            let (fields, _) = front_matter::read(&text);
            let labels = labels::labels(&text, fields.span.end);
            let beside = readers.sidecars.get(wanted);
            let beside = beside.map(|beside| (beside.path.clone(), Some(beside.blob)));
            included.borrow_mut().extend(beside);
            readers.may_see(wanted, (&fields, &labels), None).then_some(text)
        };
        let expanded = include::expand(&String::from_utf8_lossy(&bytes), &file.path, &read);
        let findings = expanded.problems.into_iter().map(|problem| {
            let rule = &settings_rules::MISSING_INCLUDE;
            let mut finding = Diagnostic::new(rule, &problem.path, &problem.span, problem.message);
            let bytes = bytes_of(&problem.path).unwrap_or_default();
            finding.place = crate::source::place(&bytes, problem.span.start);
            finding
        });
        let findings = findings.collect();
        let text = expanded.text.as_bytes();
        let document = reader.document(text, expanded.pieces);
        let content = content(text);
        let included = included.into_inner();
        (Parsed { file: file.clone(), content, document, findings, included }, true)
    }
}

/// Names a text that no blob holds.
fn content(text: &[u8]) -> ObjectId {
    ObjectId::new(&blake3::hash(text).as_bytes()[..20])
}

fn parsed(file: &File, content: ObjectId, document: Arc<Document>) -> Parsed {
    Parsed { file: file.clone(), content, document, findings: Vec::new(), included: Vec::new() }
}

fn unread(file: &File, reason: String) -> Parsed {
    let finding = Diagnostic::new(&source_rules::MISSING_BLOB, &file.path, &(0..0), reason);
    let document = Arc::new(Document::unreadable());
    Parsed { findings: vec![finding], ..parsed(file, file.blob, document) }
}

/// Tells whether a file is meant to be kept to oneself, whatever includes it.
fn is_secret(path: &RepoPath) -> bool {
    let name = path.name().to_lowercase();
    let key = ["pem", "key", "p12", "pfx", "jks", "kdbx"];
    name.starts_with(".env")
        || name.starts_with("id_") && !name.contains('.')
        || [".npmrc", ".netrc", ".pgpass", ".git-credentials"].contains(&name.as_str())
        || key.iter().any(|extension| path.extension().eq_ignore_ascii_case(extension))
}
