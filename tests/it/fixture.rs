//! Files in memory to packs and findings, through the same stages as the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use readymark::Failure;
use readymark::diagnostic::{Diagnostic, Findings};
use readymark::examine::{Circumstances, Examined, Memo, examine};
use readymark::history::{ByDocument, Trials};
use readymark::pack::Packs;
use readymark::profiles::{self, Basis, Profile, Verdict};
use readymark::settings;
use readymark::source::{self, Blobs, File, ObjectId, Origin, ReadBlob, RepoPath, Snapshot};

/// The bytes of files by their ids.
#[derive(Clone)]
struct Bytes(Arc<BTreeMap<ObjectId, String>>);

impl ReadBlob for Bytes {
    fn read(&self, blob: ObjectId) -> Result<Arc<[u8]>, String> {
        Ok(Arc::from(self.0[&blob].as_bytes()))
    }
}

impl Blobs for Bytes {
    fn reader(&self) -> Result<Box<dyn ReadBlob>, Failure> {
        Ok(Box::new(self.clone()))
    }
}

fn id(text: &str) -> ObjectId {
    ObjectId::new(&blake3::hash(text.as_bytes()).as_bytes()[..20])
}

/// Everything that is known about a set of files.
pub(crate) struct Checked {
    pub(crate) packs: Arc<Packs>,
    pub(crate) findings: Vec<Diagnostic>,
    /// Of every declared pack, by the profiles that it names.
    pub(crate) verdicts: Vec<Verdict>,
    as_of: String,
}

/// Gathers and checks files (path, text) as of a day.
pub(crate) fn check(files: &[(String, String)], as_of: &str) -> Checked {
    let mut files = files.to_vec();
    files.sort();
    let listed = files.iter().map(|(path, text)| File {
        path: RepoPath::new(path),
        blob: id(text),
        origin: Origin::Committed,
    });
    let snapshot = Snapshot { files: listed.collect(), ..Snapshot::default() };
    let book = files.iter().find(|(path, _)| path == "book.toml");
    let (settings, mut findings) = book
        .map(|(path, text)| settings::read(&RepoPath::new(path), text.as_bytes()))
        .unwrap_or_default();
    for finding in findings.iter_mut().filter(|finding| finding.span != (0, 0)) {
        let (_, text) = book.expect("the findings are about it");
        finding.place = source::place(text.as_bytes(), finding.span.0);
    }
    let circumstances = Circumstances { folder: "", settings: &settings, as_of };
    let texts = files.iter().map(|(_, text)| (id(text), text.clone()));
    let bytes = Bytes(Arc::new(texts.collect()));
    let examined = examine(&bytes, &snapshot, circumstances, &mut Memo::default());
    let Examined { packs, diagnostics, profiles, .. } =
        examined.expect("files in memory are there");
    findings.extend(diagnostics.sorted().into_iter().cloned());
    findings.sort();
    let mut checked = Checked { packs, findings, verdicts: Vec::new(), as_of: as_of.to_owned() };
    let declared = checked.packs.packs.iter().enumerate().filter(|(_, pack)| pack.declared);
    let verdicts = declared.flat_map(|(at, pack)| {
        let named = |name: &String| profiles.iter().find(|one| one.is_named(name));
        pack.profiles
            .iter()
            .filter_map(named)
            .flat_map(|one| checked.judge(at, one))
            .collect::<Vec<_>>()
    });
    checked.verdicts = verdicts.collect();
    checked
}

impl Checked {
    /// Judges the first declared pack by the profile `day-zero`.
    pub(crate) fn day_zero(&self) -> Verdict {
        let pack = self.packs.packs.iter().position(|pack| pack.declared).expect("a pack");
        let known = profiles::built_in().0;
        let profile = known.iter().find(|profile| profile.id == "day-zero").expect("built in");
        self.judge(pack, profile).into_iter().next().expect("a gate")
    }

    /// Judges a pack without any history.
    fn judge(&self, pack: usize, profile: &Profile) -> Vec<Verdict> {
        let findings = Findings::from(self.findings.clone());
        let documents = &ByDocument::default();
        let packs = self.packs.packs.len();
        let trials = &Trials::new(documents, packs, |path| self.packs.pack_of(path));
        let (packs, findings, as_of) = (&*self.packs, &findings, self.as_of.as_str());
        profiles::evaluate(Basis { packs, findings, documents, trials, as_of }, pack, profile)
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
