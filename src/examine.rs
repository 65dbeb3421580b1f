//! One snapshot, read to the end: its packs, what is wrong with them and the verdicts on them. The same function
//! serves a tag, the work tree and every preview round; the memo only saves work.

use std::cell::OnceCell;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Document, front_matter, include};
use crate::git::Repository;
use crate::pack::asset::{self, Fault};
use crate::pack::audience;
use crate::pack::contacts::{Contacts, Covered};
use crate::pack::gather::{Parsed, gather};
use crate::pack::scope::{Scope, is_ours, scope};
use crate::pack::{Packs, included};
use crate::profiles::{self, Verdict};
use crate::rules::{self, settings as settings_rules, source as source_rules};
use crate::settings::{Audience, Settings};
use crate::source::{File, ObjectId, ReadBlob, RepoPath, Snapshot};

/// What one snapshot says.
#[derive(Debug, Clone)]
pub struct Examined {
    /// Its packs.
    pub packs: Arc<Packs>,
    /// The verdicts on the declared packs.
    pub verdicts: Arc<[Verdict]>,
    /// Everything that is wrong, sorted, with places.
    pub diagnostics: Arc<[Diagnostic]>,
}

/// Parsed files by the bytes they came from. Dropping it never changes a result.
#[derive(Debug, Default)]
pub struct Memo {
    documents: FxHashMap<ObjectId, Arc<Document>>,
    /// Blobs that include other files: their text depends on more than their bytes.
    including: FxHashSet<ObjectId>,
    /// What is wrong with files that pages show or offer, by bytes and extension.
    assets: FxHashMap<(ObjectId, String), Option<Fault>>,
    /// What was covered in the texts above.
    contacts: Contacts,
    /// How many files were parsed so far.
    pub parsed: usize,
}

/// What the examination of a snapshot depends on beside its files.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The folder of `book.toml` in the repository.
    pub folder: &'a str,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The day of judging, `2026-05-05`.
    pub as_of: &'a str,
}

/// Reads a snapshot to the end.
///
/// # Errors
/// When the repository cannot be read at all; a file that cannot be read is a finding.
pub fn examine(
    repository: &Repository,
    snapshot: &Snapshot,
    circumstances: Circumstances<'_>,
    memo: &mut Memo,
) -> Result<Examined, Failure> {
    let Circumstances { folder, settings, as_of } = circumstances;
    let reader = repository.reader()?;
    let mut scope = scope(snapshot, folder, settings, &reader.with(snapshot));
    let profile_files = std::mem::take(&mut scope.profiles);
    memo.forget_unless(&scope.contacts);
    let (pages, mut findings) = parse(repository, snapshot, &scope, settings, memo)?;
    let (mut packs, gathered) = gather(snapshot, scope, pages, settings);
    findings.extend(gathered);
    findings.extend(leave_out_assets(repository, snapshot, &mut packs, memo));
    let (profiles, profile_findings) = profiles::load(&profile_files);
    findings.extend(profile_findings);
    findings.extend(rules::source::skipped(snapshot, |path| is_ours(path, folder, settings)));
    let mut diagnostics = rules::check(&packs, &profiles, findings, settings, as_of);
    let bytes = reader.with(snapshot);
    let read = |path: &RepoPath| bytes.read(snapshot.file(path.as_str())?.blob).ok();
    let included = included::find(&packs, &diagnostics);
    rules::exact_places(&packs, &mut diagnostics, read);
    let verdicts = judge(&packs, &profiles, &diagnostics, as_of);
    included::tell(&mut diagnostics, included, read);
    packs.contacts.cover_findings(&mut diagnostics);
    Ok(Examined {
        packs: Arc::new(packs),
        verdicts: verdicts.into(),
        diagnostics: diagnostics.into(),
    })
}

/// Leaves out files that are not what they seem, each looked at once.
fn leave_out_assets(
    repository: &Repository,
    snapshot: &Snapshot,
    packs: &mut Packs,
    memo: &mut Memo,
) -> Vec<Diagnostic> {
    let key = |file: &File| (file.blob, file.path.extension().to_lowercase());
    let unknown: Vec<&File> = packs
        .assets
        .iter()
        .map(|asset| &asset.file)
        .filter(|file| !memo.assets.contains_key(&key(file)))
        .collect();
    let contacts = &packs.contacts;
    let read: Vec<_> = unknown
        .into_par_iter()
        .map_init(
            || repository.reader().ok(),
            |reader, file| {
                let bytes = reader.as_ref()?.with(snapshot).read(file.blob);
                Some((
                    key(file),
                    match bytes {
                        Ok(bytes) => asset::fault(&file.path, &bytes, contacts),
                        Err(reason) => Some((&source_rules::MISSING_BLOB, reason)),
                    },
                ))
            },
        )
        .collect();
    memo.assets.extend(read.into_iter().flatten());
    let faults: Vec<&Option<Fault>> = packs
        .assets
        .iter()
        .map(|asset| memo.assets.get(&key(&asset.file)).unwrap_or(&None))
        .collect();
    let findings = packs.assets.iter().zip(&faults).filter_map(|(asset, fault)| {
        let (rule, message) = fault.as_ref()?;
        Some(source_rules::left_out(rule, &asset.file.path, message))
    });
    let findings = findings.collect();
    let kept: Vec<bool> = faults.iter().map(|fault| fault.is_none()).collect();
    asset::keep(packs, &kept);
    findings
}

fn judge(
    packs: &Packs,
    profiles: &[profiles::Profile],
    diagnostics: &[Diagnostic],
    as_of: &str,
) -> Vec<Verdict> {
    let declared = packs.packs.iter().enumerate().filter(|(_, pack)| pack.declared);
    declared
        .flat_map(|(at, pack)| pack.profiles.iter().map(move |name| (at, name)))
        .filter_map(|(at, name)| {
            let profile = profiles.iter().find(|profile| profile.id == *name)?;
            Some(profiles::evaluate(packs, at, profile, diagnostics, as_of))
        })
        .collect()
}

/// Parses the pages that the memo does not know, on all threads.
fn parse(
    repository: &Repository,
    snapshot: &Snapshot,
    scope: &Scope,
    settings: &Settings,
    memo: &mut Memo,
) -> Result<(Vec<Parsed>, Vec<Diagnostic>), Failure> {
    // One handle per thread, opened before the work starts so that a failure is told once.
    repository.reader()?;
    let read: Vec<(ObjectId, Arc<Document>, bool, Vec<Diagnostic>)> = scope
        .pages
        .par_iter()
        .map_init(OnceCell::new, |reader, (file, pack)| {
            let known =
                memo.documents.get(&file.blob).filter(|_| !memo.including.contains(&file.blob));
            if let Some(document) = known {
                return (file.blob, Arc::clone(document), false, Vec::new());
            }
            match reader.get_or_init(|| repository.reader().ok()) {
                Some(reader) => parse_one(
                    file,
                    settings.audience,
                    scope.summaries[*pack].is_some(),
                    snapshot,
                    &Covered { read: &reader.with(snapshot), contacts: &scope.contacts },
                ),
                None => unread(file, "the repository could not be opened again".to_owned()),
            }
        })
        .collect();
    let mut documents = FxHashMap::default();
    let mut findings = Vec::new();
    let mut pages = Vec::with_capacity(read.len());
    for ((file, pack), (content, document, includes, mut found)) in scope.pages.iter().zip(read) {
        if !memo.documents.contains_key(&content) {
            memo.parsed += 1;
        }
        if includes {
            memo.including.insert(file.blob);
        }
        documents.insert(content, Arc::clone(&document));
        findings.append(&mut found);
        pages.push(Parsed { file: file.clone(), pack: *pack, content, document });
    }
    memo.documents = documents;
    Ok((pages, findings))
}

fn unread(file: &File, reason: String) -> (ObjectId, Arc<Document>, bool, Vec<Diagnostic>) {
    let finding = Diagnostic::new(&source_rules::MISSING_BLOB, &file.path, &(0..0), reason);
    (file.blob, Arc::new(Document::unreadable()), false, vec![finding])
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

fn parse_one(
    file: &File,
    audience: Audience,
    is_book: bool,
    snapshot: &Snapshot,
    reader: &Covered<'_>,
) -> (ObjectId, Arc<Document>, bool, Vec<Diagnostic>) {
    let (bytes, covered) = match reader.text(file.blob) {
        Ok(read) => read,
        Err(reason) => return unread(file, reason),
    };
    if !is_book || memchr::memmem::find(&bytes, b"{{#").is_none() {
        let content = if covered { content(&bytes) } else { file.blob };
        return (content, reader.document(&bytes, Vec::new()), false, Vec::new());
    }
    let bytes_of = |path: &RepoPath| reader.read(snapshot.file(path.as_str())?.blob).ok();
    let read = |wanted: &RepoPath| {
        let text =
            String::from_utf8(bytes_of(wanted).filter(|_| !is_secret(wanted))?.to_vec()).ok()?;
        let (fields, _) = front_matter::read(&text);
        audience::may_see(audience, &fields, None).then_some(text)
    };
    let expanded = include::expand(&String::from_utf8_lossy(&bytes), &file.path, &read);
    let findings = expanded.problems.into_iter().map(|problem| {
        let rule = &settings_rules::MISSING_INCLUDE;
        let mut finding = Diagnostic::new(rule, &problem.path, &problem.span, problem.message);
        let bytes = bytes_of(&problem.path).unwrap_or_default();
        finding.place = crate::source::place(&bytes, problem.span.start);
        finding
    });
    let (text, findings) = (expanded.text.as_bytes(), findings.collect());
    (content(text), reader.document(text, expanded.pieces), true, findings)
}

/// Names a text that no blob holds.
fn content(text: &[u8]) -> ObjectId {
    ObjectId::new(&blake3::hash(text).as_bytes()[..20])
}

impl Memo {
    /// Forgets what was read when something else has to be covered.
    fn forget_unless(&mut self, contacts: &Contacts) {
        if self.contacts != *contacts {
            *self = Self { contacts: contacts.clone(), parsed: self.parsed, ..Self::default() };
        }
    }
}

/// Counts findings: errors, warnings, notes.
pub fn count(diagnostics: &[Diagnostic]) -> [usize; 3] {
    let of = |severity| diagnostics.iter().filter(|finding| finding.severity == severity).count();
    [of(Severity::Error), of(Severity::Warning), of(Severity::Note)]
}
