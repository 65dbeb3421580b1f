//! Pages to documents, on all threads; what is known by its bytes is not parsed again.

use std::cell::{OnceCell, RefCell};
use std::sync::{Arc, Weak};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::document::{self, Document, front_matter, include};
use crate::pack::audience;
use crate::pack::gather::{Included, Parsed};
use crate::rules::{settings as settings_rules, source as source_rules};
use crate::settings::Audience;
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
    /// Parses pages, in their order.
    pub(super) fn parse(
        &mut self,
        blobs: &dyn Blobs,
        snapshot: &Snapshot,
        audience: Audience,
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
                        let reader = SnapshotReader::new(&**reader, snapshot);
                        self.parse_one(page, audience, snapshot, &reader)
                    }
                    Err(failure) => (unread(page.file, failure.message.clone()), true),
                }
            })
            .collect();
        for ((page, is_new), asked) in read.iter().zip(pages) {
            self.parsed += usize::from(*is_new);
            let is_read = page.content != page.file.blob || page.findings.is_empty();
            if *is_new && is_read {
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
        audience: Audience,
        snapshot: &Snapshot,
        reader: &dyn ReadBlob,
    ) -> (Parsed, bool) {
        let file = page.file;
        let bytes = match reader.read(file.blob) {
            Ok(bytes) => bytes,
            Err(reason) => return (unread(file, reason), true),
        };
        if !page.in_book || memchr::memmem::find(&bytes, b"{{#").is_none() {
            return (parsed(file, file.blob, Arc::new(document::parse(&bytes))), true);
        }
        let included = RefCell::default();
        let read = |folder: &str, path: &str| {
            include_file(folder, path, audience, snapshot, reader, &included)
        };
        let expanded = include::expand(&String::from_utf8_lossy(&bytes), file.path.folder(), &read);
        let findings = expanded.problems.into_iter().map(|(span, problem)| {
            let rule = &settings_rules::MISSING_INCLUDE;
            let mut finding = Diagnostic::new(rule, &file.path, &span, problem);
            finding.place = crate::source::place(&bytes, span.start);
            finding
        });
        let findings = findings.collect();
        let content = ObjectId::new(&blake3::hash(expanded.text.as_bytes()).as_bytes()[..20]);
        let known = self.of(content, true);
        let is_new = known.is_none();
        let parse = || Arc::new(document::parse(expanded.text.as_bytes()));
        let document = known.unwrap_or_else(parse);
        let included = included.into_inner();
        (Parsed { file: file.clone(), content, document, findings, included }, is_new)
    }
}

fn parsed(file: &File, content: ObjectId, document: Arc<Document>) -> Parsed {
    Parsed { file: file.clone(), content, document, findings: Vec::new(), included: Vec::new() }
}

fn unread(file: &File, reason: String) -> Parsed {
    let finding = Diagnostic::new(&source_rules::MISSING_BLOB, &file.path, &(0..0), reason);
    let document = Arc::new(Document::unreadable());
    Parsed { findings: vec![finding], ..parsed(file, file.blob, document) }
}

/// Reads a file for the page that includes it, and notes that it was asked for: text and folder.
fn include_file(
    folder: &str,
    path: &str,
    audience: Audience,
    snapshot: &Snapshot,
    reader: &dyn ReadBlob,
    included: &RefCell<Vec<Included>>,
) -> Option<(String, String)> {
    let wanted = RepoPath::resolve(folder, path)?;
    let file = snapshot.file(wanted.as_str());
    included.borrow_mut().push((wanted.clone(), file.map(|file| file.blob)));
    let file = file.filter(|file| !is_secret(&file.path))?;
    let text = String::from_utf8(reader.read(file.blob).ok()?.to_vec()).ok()?;
    let (fields, _) = front_matter::read(&text);
    let for_them = audience::may_see(audience, &fields, None);
    for_them.then(|| (text, wanted.folder().to_owned()))
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
