//! Files in memory to packs and findings, through the same stages as the program.

use std::fmt::Write as _;
use std::sync::Arc;

use readymark::diagnostic::Diagnostic;
use readymark::document::markdown;
use readymark::pack::gather::{Parsed, gather};
use readymark::pack::{Packs, scope::scope};
use readymark::profiles::{self, Profile, Verdict};
use readymark::rules;
use readymark::settings;
use readymark::source::{File, ObjectId, Origin, ReadBlob, RepoPath, Snapshot};

/// The bytes of files by the number of their place in the list.
struct Bytes<'a>(&'a [(String, String)]);

impl ReadBlob for Bytes<'_> {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        let at = usize::from(blob.as_bytes()[0]) * 256 + usize::from(blob.as_bytes()[1]);
        Ok(Arc::from(self.0[at].1.as_bytes()))
    }
}

fn id(at: usize) -> ObjectId {
    let [high, low] = u16::try_from(at).expect("few files").to_be_bytes();
    ObjectId::new(&[high, low])
}

/// Everything that is known about a set of files.
pub(crate) struct Checked {
    pub(crate) packs: Packs,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) findings: Vec<Diagnostic>,
    as_of: String,
}

/// Gathers and checks files (path, text) as of a day.
pub(crate) fn check(files: &[(String, String)], as_of: &str) -> Checked {
    let mut files = files.to_vec();
    files.sort();
    let listed = files.iter().enumerate().map(|(at, (path, _))| File {
        path: RepoPath::new(path),
        blob: id(at),
        origin: Origin::Committed,
    });
    let snapshot = Snapshot { files: listed.collect(), ..Snapshot::default() };
    let book = files.iter().find(|(path, _)| path == "book.toml");
    let (settings, mut findings) = book
        .map(|(path, text)| settings::read(&RepoPath::new(path), text.as_bytes()))
        .unwrap_or_default();
    let mut scope = scope(&snapshot, "", &settings, &Bytes(&files));
    let profile_files = std::mem::take(&mut scope.profiles);
    let pages = scope.pages.iter().map(|(file, pack)| {
        let at = files.iter().position(|(path, _)| path == file.path.as_str()).expect("listed");
        let document = Arc::new(markdown::parse(files[at].1.as_bytes()));
        Parsed { file: file.clone(), pack: *pack, content: file.blob, document }
    });
    let pages = pages.collect();
    let (packs, gathered) = gather(&snapshot, scope, pages, &settings);
    findings.extend(gathered);
    let (profiles, found) = profiles::load(&profile_files);
    findings.extend(found);
    let mut findings = rules::check(&packs, &profiles, findings, &settings, as_of);
    rules::exact_places(&packs, &mut findings, |path| {
        let text = files.iter().find(|(known, _)| known == path.as_str());
        text.map(|(_, text)| Arc::from(text.as_bytes()))
    });
    Checked { packs, profiles, findings, as_of: as_of.to_owned() }
}

impl Checked {
    /// Judges the first declared pack by the profile `day-zero`.
    pub(crate) fn day_zero(&self) -> Verdict {
        let pack = self.packs.packs.iter().position(|pack| pack.declared).expect("a pack");
        let profile =
            self.profiles.iter().find(|profile| profile.id == "day-zero").expect("built in");
        profiles::evaluate(&self.packs, pack, profile, &self.findings, &self.as_of)
    }

    /// Renders the findings as `path:line:col severity[rule] message`, with the next step below.
    pub(crate) fn rendered(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let (line, column) = finding.place;
            let severity = finding.severity.word();
            let Diagnostic { path, rule, message, .. } = finding;
            _ = writeln!(text, "{path}:{line}:{column} {severity}[{rule}] {message}");
            text.extend(finding.help.iter().map(|help| format!("  {help}\n")));
        }
        text
    }
}
