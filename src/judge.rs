//! What becomes of each pack once its history is known: what stands against its documents there, and a verdict for each
//! gate. A pack that rests on what it rested on before shares what was found then.

use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Findings};
use crate::examine::Examined;
use crate::history::{ByDocument, DecisionLog, Trials};
use crate::pack::Packs;
use crate::profiles::{self, Basis, Verdict};
use crate::project::{BOOK, Project, join};
use crate::rules::{self, Checked, Checking, Finished, Past};
use crate::source::{ReadBlob, RepoPath, Snapshot, SnapshotReader};

/// What became of the packs of a snapshot.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdicts on the declared packs, pack by pack.
    pub verdicts: Arc<[Arc<Verdict>]>,
    /// Everything that is wrong with the files, what stands in the history included, as readers may see it.
    pub diagnostics: Findings,
    /// What is wrong with the history and lies in no file.
    pub elsewhere: Vec<Diagnostic>,
    packs: Arc<Packs>,
    checked: Vec<Arc<Checked>>,
    /// What packs were judged by.
    findings: Findings,
    found: Vec<Arc<Finished>>,
    documents: Arc<ByDocument>,
    as_of: String,
}

/// What a snapshot is judged by.
#[derive(Clone, Copy)]
pub struct Judging<'a> {
    /// The repository and its settings.
    pub project: &'a Project,
    /// The files.
    pub snapshot: &'a Snapshot,
    /// What they say.
    pub examined: &'a Examined,
    /// The log as it stood at the commit of the snapshot.
    pub log: &'a Arc<DecisionLog>,
    /// The day of judging, `2026-05-05`.
    pub as_of: &'a str,
}

impl Judging<'_> {
    /// Judges each declared pack by its profiles, gate by gate.
    pub fn judge(&self, before: Option<&Judged>) -> Judged {
        let Self { project, examined, log, as_of, .. } = *self;
        let before = before.filter(|one| one.as_of == as_of);
        let before = before.filter(|one| Arc::ptr_eq(&one.documents.log, log));
        let documents = before
            .map_or_else(|| Arc::new(ByDocument::new(log)), |before| Arc::clone(&before.documents));
        let packs = &examined.packs;
        let trials = Trials::new(&documents, packs.packs.len(), |path| packs.pack_of(path));
        let found = self.found(&documents, &trials, before);
        let (mut findings, mut diagnostics) =
            (examined.judged.clone(), examined.diagnostics.clone());
        for (pack, found) in examined.packs.packs.iter().zip(&found) {
            let lists = [(&mut findings, false), (&mut diagnostics, true)];
            for (list, told) in lists {
                let own = found.list(told);
                if !own.is_empty() {
                    list.add(&pack.folder, own.into());
                }
            }
        }
        if let Some(before) = before {
            findings.share(&before.findings);
        }
        let past = (&*documents, &trials);
        let verdicts = self.verdicts(&findings, past, before);
        let place = RepoPath::new(&join(&project.folder, BOOK));
        Judged {
            verdicts,
            diagnostics,
            elsewhere: rules::approval::unclear(log, &place).into_iter().collect(),
            packs: Arc::clone(&examined.packs),
            checked: examined.checked.clone(),
            findings,
            found,
            documents,
            as_of: as_of.to_owned(),
        }
    }

    /// Finds what stands in the history against the documents of each pack. It rests on the pack, the log and the day.
    fn found(
        &self,
        documents: &ByDocument,
        trials: &Trials,
        before: Option<&Judged>,
    ) -> Vec<Arc<Finished>> {
        let Self { project, snapshot, examined, as_of, .. } = *self;
        let packs = &*examined.packs;
        let checking = Checking::new(packs, &[], &project.settings, as_of);
        let at_hand = || project.repository.reader().ok();
        let found = (0..packs.packs.len()).into_par_iter().map_init(at_hand, |reader, at| {
            if let Some(before) = before.filter(|before| before.rests_on(examined, at)) {
                return Arc::clone(&before.found[at]);
            }
            let past = Past { documents, trials, packs, pack: at, day: as_of };
            let found = rules::in_history(&past);
            let read = |path: &RepoPath| {
                let file = snapshot.file(path.as_str())?;
                SnapshotReader::new(reader.as_ref()?, snapshot).read(file.blob).ok()
            };
            Arc::new(checking.finish(found, &read))
        });
        found.collect()
    }

    /// A verdict rests on the pack, on the findings in its folder, on the log and on the day.
    fn verdicts(
        &self,
        findings: &Findings,
        (documents, trials): (&ByDocument, &Trials),
        before: Option<&Judged>,
    ) -> Arc<[Arc<Verdict>]> {
        let Self { examined, as_of, .. } = *self;
        let packs = &*examined.packs;
        let declared = packs.packs.par_iter().enumerate().filter(|(_, pack)| pack.declared);
        let verdicts = declared.flat_map_iter(|(at, pack)| {
            let known = before.filter(|before| {
                before.rests_on(examined, at)
                    && findings.same_inside(&before.findings, &pack.folder)
            });
            if let Some(before) = known {
                return before.of_pack(at).cloned().collect::<Vec<_>>();
            }
            let basis = Basis { packs, findings, documents, trials, as_of };
            let named = |name: &String| examined.profiles.iter().find(|one| one.is_named(name));
            let profiles = pack.profiles.iter().filter_map(named);
            profiles.flat_map(|one| profiles::evaluate(basis, at, one)).map(Arc::new).collect()
        });
        verdicts.collect::<Vec<_>>().into()
    }
}

impl Judged {
    /// Lists everything that is wrong.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().chain(&self.elsewhere)
    }

    /// Lists the verdicts on a pack.
    fn of_pack(&self, pack: usize) -> impl Iterator<Item = &Arc<Verdict>> {
        let first = self.verdicts.partition_point(|verdict| verdict.pack < pack);
        self.verdicts[first..].iter().take_while(move |verdict| verdict.pack == pack)
    }

    /// Returns what the history tells of each document.
    pub(crate) fn documents(&self) -> &Arc<ByDocument> {
        &self.documents
    }

    /// Tells whether a pack is the very one that was judged, at the same place.
    fn rests_on(&self, examined: &Examined, pack: usize) -> bool {
        let (one, other) = (self.checked.get(pack), examined.checked.get(pack));
        let is_same = one.zip(other).is_some_and(|(one, other)| Arc::ptr_eq(one, other));
        is_same && self.packs.of(pack).start == examined.packs.of(pack).start
    }
}
