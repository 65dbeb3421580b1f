//! One snapshot, examined pack by pack. A pack whose files and whose neighbours are those of the round before shares
//! what that round found; the rest is found anew. Each step says what its result rests on.

use std::sync::Arc;

use rayon::prelude::*;

use super::check::Outside;
use super::parse::Page;
use super::shelves::Shelf;
use super::{Circumstances, Examined, Memo};
use crate::Failure;
use crate::diagnostic::{Diagnostic, Findings};
use crate::pack::gather::{Gathering, Part};
use crate::pack::links::AddressBook;
use crate::pack::scope::{Scope, scope};
use crate::pack::{Folders, Packs};
use crate::rules::Checked;
use crate::rules::source::MISSING_BLOB;
use crate::settings::Settings;
use crate::source::{Blobs, File, ObjectId, RepoPath, Snapshot, SnapshotReader};

/// Everything that was found on the way through one snapshot.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) folder: String,
    pub(super) settings: Settings,
    pub(super) as_of: String,
    pub(super) files: Vec<File>,
    pub(super) scope: Arc<Scope>,
    pub(super) parts: Vec<Arc<Part>>,
    pub(super) shelves: Vec<Arc<Shelf>>,
    pub(super) packs: Arc<Packs>,
    pub(super) checked: Vec<Arc<Checked>>,
    pub(super) outside: Outside,
    /// The findings by the pages that have them, as they are judged.
    pub(super) judged: Findings,
    /// The findings by the files that they are about, as readers may see them.
    pub(super) findings: Findings,
}

/// What a round has at hand.
pub(super) struct Ground<'a> {
    pub(super) blobs: &'a dyn Blobs,
    pub(super) snapshot: &'a Snapshot,
    pub(super) circumstances: Circumstances<'a>,
    /// The round before, when it had the same settings.
    pub(super) before: Option<&'a Round>,
    pub(super) scope: Arc<Scope>,
}

impl Round {
    /// Examines a snapshot, most of which the last round may know.
    pub(super) fn after(
        blobs: &dyn Blobs,
        snapshot: &Snapshot,
        circumstances: Circumstances<'_>,
        memo: &mut Memo,
    ) -> Result<Self, Failure> {
        let Circumstances { folder, settings, as_of } = circumstances;
        let last = memo.last.take();
        let is_alike = |last: &&Self| last.folder == folder && last.settings == *settings;
        let before = last.as_ref().filter(is_alike);
        let scope = scope_of(blobs, snapshot, circumstances, before)?;
        let is_covered_alike = |before: &&Self| before.scope.contacts == scope.contacts;
        let before = before.filter(is_covered_alike);
        if before.is_none() {
            memo.forget();
        }
        let ground = Ground { blobs, snapshot, circumstances, before, scope };
        let parts = ground.parts(memo);
        let (mut packs, same_addresses) = ground.packs(&parts);
        let shelves = ground.shelves(&packs, &parts, same_addresses, &mut memo.faults);
        packs.assets = shelves.iter().map(|shelf| Arc::clone(&shelf.kept)).collect();
        packs.figures = ground.figures(&packs, &parts);
        let checked = ground.check(&packs, &parts, &shelves, same_addresses);
        let outside = ground.outside(&packs, &parts);
        let judged = ground.findings(&packs, &checked, &outside, false);
        let findings = ground.findings(&packs, &checked, &outside, true);
        let known = |at: &usize| before.is_some_and(|one| shares(&one.checked, &checked, *at));
        memo.done.checked += (0..checked.len()).filter(|at| !known(at)).count();
        memo.done.parsed = memo.documents.parsed;
        Ok(Self {
            folder: folder.to_owned(),
            settings: settings.clone(),
            as_of: as_of.to_owned(),
            files: snapshot.files.clone(),
            scope: Arc::clone(&ground.scope),
            parts,
            shelves,
            packs: Arc::new(packs),
            checked,
            outside,
            judged,
            findings,
        })
    }

    /// Returns what the snapshot says.
    pub(super) fn examined(&self) -> Examined {
        Examined {
            packs: Arc::clone(&self.packs),
            profiles: Arc::clone(&self.scope.profiles),
            checked: self.checked.clone(),
            judged: self.judged.clone(),
            diagnostics: self.findings.clone(),
            withheld: self.outside.withheld.clone(),
        }
    }

    pub(super) fn file(&self, path: &RepoPath) -> Option<&File> {
        let at = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        Some(&self.files[at])
    }
}

/// Tells whether two lists have the very same value at a place.
pub(super) fn shares<T: ?Sized>(one: &[Arc<T>], other: &[Arc<T>], at: usize) -> bool {
    matches!((one.get(at), other.get(at)), (Some(one), Some(other)) if Arc::ptr_eq(one, other))
}

fn same_paths(one: &[File], other: &[File]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.path.is(&other.path))
}

/// Rests on the paths of all files and on the bytes of those that it reads.
fn scope_of(
    blobs: &dyn Blobs,
    snapshot: &Snapshot,
    circumstances: Circumstances<'_>,
    before: Option<&Round>,
) -> Result<Arc<Scope>, Failure> {
    let holds = |before: &&Round| {
        same_paths(&before.files, &snapshot.files) && before.scope.holds_for(&snapshot.files)
    };
    if let Some(before) = before.filter(holds) {
        return Ok(Arc::clone(&before.scope));
    }
    let Circumstances { folder, settings, .. } = circumstances;
    let reader = blobs.reader()?;
    let reader = SnapshotReader::new(&*reader, snapshot);
    let scope = scope(snapshot, folder, settings, &reader, before.map(|before| &*before.scope));
    // What these files say decides what all others mean.
    let is_beside = |path: &RepoPath| scope.sidecars.values().any(|sidecar| sidecar.path == *path);
    let is_lost =
        |finding: &&Diagnostic| finding.rule == MISSING_BLOB.name && !is_beside(&finding.path);
    match scope.findings.iter().find(is_lost) {
        Some(lost) => Err(Failure::new(format!("{}: {}", lost.path, lost.message))),
        None => Ok(Arc::new(scope)),
    }
}

impl Ground<'_> {
    /// Gathers each pack. A part rests on the facts of its pack, the kinds, its pages and what these include.
    fn parts(&self, memo: &mut Memo) -> Vec<Arc<Part>> {
        let packs = 0..self.scope.packs.len();
        let known: Vec<Option<Arc<Part>>> =
            packs.clone().into_par_iter().map(|at| self.same_part(at)).collect();
        let stale: Vec<usize> = packs.filter(|at| known[*at].is_none()).collect();
        let mut pages = Vec::new();
        for at in &stale {
            let in_book = self.scope.summaries[*at].is_some();
            let files = self.scope.pages[*at].iter().map(|file| &self.snapshot.files[*file]);
            pages.extend(files.map(|file| Page { file, in_book }));
        }
        let settings = self.circumstances.settings;
        let readers = self.scope.readers(settings.audience);
        let parsed = memo.documents.parse(self.blobs, self.snapshot, readers, &pages);
        let mut parsed = parsed.into_iter();
        let of_packs: Vec<(usize, Vec<_>)> = stale
            .into_iter()
            .map(|at| (at, parsed.by_ref().take(self.scope.pages[at].len()).collect()))
            .collect();
        let gathering = Gathering::new(&self.scope, settings);
        let made: Vec<(usize, Arc<Part>)> = of_packs
            .into_par_iter()
            .map(|(at, pages)| {
                let others = self.scope.others[at].iter().map(|file| &self.snapshot.files[*file]);
                let before = self.similar_part(at);
                (at, Arc::new(gathering.part(at, pages, others.cloned().collect(), before)))
            })
            .collect();
        let mut parts = known;
        for (at, part) in made {
            memo.done.gathered += part.made;
            parts[at] = Some(part);
        }
        parts.into_iter().flatten().collect()
    }

    /// Returns the part that a pack was under the same facts, kinds and reading order.
    fn similar_part(&self, at: usize) -> Option<&Part> {
        let before = self.before?;
        let is_similar = Arc::ptr_eq(&before.scope.kinds, &self.scope.kinds)
            && shares(&before.scope.packs, &self.scope.packs, at)
            && before.scope.summaries[at] == self.scope.summaries[at];
        is_similar.then(|| &*before.parts[at])
    }

    /// Returns the part that a pack still is.
    fn same_part(&self, at: usize) -> Option<Arc<Part>> {
        let part = self.similar_part(at)?;
        let before = self.before?;
        let same = |old: &[usize], new: &[usize]| {
            let same =
                |(old, new): (&usize, &usize)| before.files[*old].is(&self.snapshot.files[*new]);
            old.len() == new.len() && old.iter().zip(new).all(same)
        };
        let is_book = part.pack.summary_order.is_some();
        let holds = same(&before.scope.pages[at], &self.scope.pages[at])
            && (!is_book || same(&before.scope.others[at], &self.scope.others[at]));
        let included = |(path, blob): &(RepoPath, Option<ObjectId>)| {
            self.snapshot.file(path.as_str()).map(|file| file.blob) == *blob
        };
        let same_fields = |file: &usize| {
            let path = &self.snapshot.files[*file].path;
            before.scope.sidecars.get(path) == self.scope.sidecars.get(path)
        };
        let holds = holds
            && (Arc::ptr_eq(&before.scope, &self.scope)
                || self.scope.pages[at].iter().all(same_fields));
        (holds && part.included.iter().all(included)).then(|| Arc::clone(&before.parts[at]))
    }

    /// Puts the parts together and resolves what they lead to; tells whether every address is that of before. Where
    /// a link leads rests on its artifact and on all addresses.
    fn packs(&self, parts: &[Arc<Part>]) -> (Packs, bool) {
        let mut starts = vec![0];
        let mut packs = Vec::with_capacity(parts.len());
        for part in parts {
            let start = starts.last().copied().unwrap_or_default();
            packs.push(part.pack_from(start));
            starts.push(start + part.artifacts.len());
        }
        let mut packs = Packs {
            commit: self.snapshot.commit.clone(),
            kinds: Arc::clone(&self.scope.kinds),
            folders: Folders::new(&packs),
            packs,
            starts,
            names: parts.iter().map(|part| Arc::clone(&part.names)).collect(),
            artifacts: parts.iter().flat_map(|part| part.artifacts.iter().cloned()).collect(),
            people: Arc::clone(&self.scope.people),
            contacts: Arc::clone(&self.scope.contacts),
            pins: Arc::clone(&self.scope.pins),
            ..Packs::default()
        };
        let before = self.before.filter(|before| self.same_addresses(before, parts));
        let book = AddressBook {
            kinds: &packs.kinds,
            packs: &packs.packs,
            folders: &packs.folders,
            names: &packs.names,
            starts: &packs.starts,
            snapshot: self.snapshot,
        };
        let outgoing = packs.artifacts.par_iter().enumerate().map(|(at, artifact)| {
            let known =
                before.filter(|before| shares(&before.packs.artifacts, &packs.artifacts, at));
            known.map_or_else(
                || Arc::new(book.outgoing(artifact, at)),
                |before| Arc::clone(&before.packs.outgoing[at]),
            )
        });
        packs.outgoing = outgoing.collect();
        (packs, before.is_some())
    }

    /// Tells whether everything that a link may name lies where it lay.
    fn same_addresses(&self, before: &Round, parts: &[Arc<Part>]) -> bool {
        let same_pack = |(one, other): (&Arc<Part>, &Arc<Part>)| {
            let is_book = |part: &Part| part.pack.summary_order.is_some();
            Arc::ptr_eq(one, other)
                || (one.names == other.names
                    && one.pack.id == other.pack.id
                    && one.pack.folder == other.pack.folder
                    && is_book(one) == is_book(other))
        };
        before.parts.len() == parts.len()
            && before.parts.iter().zip(parts).all(same_pack)
            && Arc::ptr_eq(&before.scope.kinds, &self.scope.kinds)
            && (Arc::ptr_eq(&before.scope, &self.scope)
                || same_paths(&before.files, &self.snapshot.files))
    }
}
