//! One snapshot, examined pack by pack. A pack whose files and whose neighbours are those of the round before shares
//! what that round found; the rest is found anew. Each step says what its result rests on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::parse::Page;
use super::{Circumstances, Examined, Memo};
use crate::Failure;
use crate::diagnostic::{Diagnostic, Findings};
use crate::pack::asset::{self, Fault, shelf};
use crate::pack::gather::{Gathering, Part};
use crate::pack::links::AddressBook;
use crate::pack::scope::{Scope, is_ours, scope};
use crate::pack::{Asset, Folders, Packs, Target};
use crate::profiles::{self, Verdict};
use crate::rules::{Checked, Checking, source as source_rules};
use crate::settings::Settings;
use crate::source::{Blobs, File, ObjectId, ReadBlob, RepoPath, Snapshot, SnapshotReader};

/// What is wrong with files that pages show or offer, by bytes and extension.
pub(super) type Faults = FxHashMap<(ObjectId, String), Option<Fault>>;

/// Everything that was found on the way through one snapshot.
#[derive(Debug)]
pub(super) struct Round {
    folder: String,
    settings: Settings,
    as_of: String,
    files: Vec<File>,
    scope: Arc<Scope>,
    parts: Vec<Arc<Part>>,
    shelves: Vec<Arc<Shelf>>,
    packs: Arc<Packs>,
    checked: Vec<Arc<Checked>>,
    outside: Outside,
    findings: Findings,
    verdicts: Arc<[Arc<Verdict>]>,
}

/// The files that a pack offers.
#[derive(Debug, PartialEq, Eq)]
struct Shelf {
    /// All that pages lead to.
    wanted: Vec<Asset>,
    /// Those that are what they seem.
    kept: Arc<[Asset]>,
    /// Why the others are left out.
    findings: Vec<Diagnostic>,
}

/// The findings that belong to no pack by what they rest on.
#[derive(Debug, Default)]
struct Outside {
    found: Vec<Diagnostic>,
    finished: Vec<Diagnostic>,
}

/// What a round has at hand.
struct Ground<'a> {
    blobs: &'a dyn Blobs,
    snapshot: &'a Snapshot,
    circumstances: Circumstances<'a>,
    /// The round before, when it had the same settings.
    before: Option<&'a Round>,
    scope: Arc<Scope>,
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
        let ground = Ground { blobs, snapshot, circumstances, before, scope };
        let parts = ground.parts(memo);
        let (mut packs, same_addresses) = ground.packs(&parts);
        let shelves = ground.shelves(&packs, &parts, same_addresses, &mut memo.faults);
        packs.assets = shelves.iter().map(|shelf| Arc::clone(&shelf.kept)).collect();
        let checked = ground.check(&packs, &parts, &shelves, same_addresses);
        let (outside, findings) = ground.findings(&packs, &checked);
        let verdicts = ground.judge(&packs, &checked, &findings);
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
            findings,
            verdicts,
        })
    }

    /// Returns what the snapshot says.
    pub(super) fn examined(&self) -> Examined {
        Examined {
            packs: Arc::clone(&self.packs),
            verdicts: Arc::clone(&self.verdicts),
            diagnostics: self.findings.clone(),
        }
    }

    fn file(&self, path: &RepoPath) -> Option<&File> {
        let at = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        Some(&self.files[at])
    }
}

/// Tells whether two lists have the very same value at a place.
fn shares<T: ?Sized>(one: &[Arc<T>], other: &[Arc<T>], at: usize) -> bool {
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
    Ok(Arc::new(scope(snapshot, folder, settings, &reader, before.map(|before| &*before.scope))))
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
        let parsed = memo.documents.parse(self.blobs, self.snapshot, settings.audience, &pages);
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

    /// Lists the files that each pack offers and looks into those that are not known. They rest on the links of the
    /// pack's pages and on the bytes that these lead to.
    fn shelves(
        &self,
        packs: &Packs,
        parts: &[Arc<Part>],
        same_addresses: bool,
        faults: &mut Faults,
    ) -> Vec<Arc<Shelf>> {
        let listed: Vec<Result<Arc<Shelf>, Vec<Asset>>> = (0..parts.len())
            .into_par_iter()
            .map(|at| {
                let known = self.before.filter(|_| same_addresses).filter(|before| {
                    let is_here = |asset: &Asset| {
                        self.snapshot.file(asset.file.path.as_str()) == Some(&asset.file)
                    };
                    shares(&before.parts, parts, at)
                        && before.shelves[at].wanted.iter().all(is_here)
                });
                known.map(|before| Arc::clone(&before.shelves[at])).ok_or_else(|| {
                    shelf(&parts[at], &packs.outgoing[packs.of(at)], at, self.snapshot)
                })
            })
            .collect();
        self.look_into(listed.iter().filter_map(|one| one.as_ref().err()).flatten(), faults);
        let settle = |(at, one): (usize, Result<Arc<Shelf>, Vec<Asset>>)| {
            one.unwrap_or_else(|wanted| {
                let known = self.before.and_then(|before| before.shelves.get(at));
                let new = Shelf::new(wanted, faults);
                known.filter(|known| ***known == new).cloned().unwrap_or_else(|| Arc::new(new))
            })
        };
        listed.into_iter().enumerate().map(settle).collect()
    }

    fn look_into<'f>(&self, assets: impl Iterator<Item = &'f Asset>, faults: &mut Faults) {
        let unknown: Vec<&File> = assets
            .map(|asset| &asset.file)
            .filter(|file| !faults.contains_key(&fault_key(file)))
            .collect();
        let read = unknown.into_par_iter().map_init(
            || self.blobs.reader().ok(),
            |reader, file| {
                let bytes = SnapshotReader::new(&**reader.as_ref()?, self.snapshot).read(file.blob);
                let fault = match bytes {
                    Ok(bytes) => asset::fault(&file.path, &bytes),
                    Err(reason) => Some((&source_rules::MISSING_BLOB, reason)),
                };
                Some((fault_key(file), fault))
            },
        );
        let read: Vec<_> = read.flatten().collect();
        faults.extend(read);
    }

    /// Checks each pack. Findings rest on the pack, its artifacts and those that they lead to, on people and profiles,
    /// on the day where a rule asks for it, and on all addresses where a link is broken.
    fn check(
        &self,
        packs: &Packs,
        parts: &[Arc<Part>],
        shelves: &[Arc<Shelf>],
        same_addresses: bool,
    ) -> Vec<Arc<Checked>> {
        let checking = self.checking(packs);
        let at_hand = || self.blobs.reader().ok();
        let checked = (0..parts.len()).into_par_iter().map_init(at_hand, |reader, at| {
            let known = self.before.filter(|before| {
                self.same_law(before, at)
                    && shares(&before.shelves, shelves, at)
                    && (before.as_of == self.circumstances.as_of || !before.checked[at].by_day)
                    && shares(&before.parts, parts, at)
                    && packs.of(at).all(|one| same_view(before, packs, at, one, same_addresses))
            });
            if let Some(before) = known {
                return Arc::clone(&before.checked[at]);
            }
            let mut findings = parts[at].findings.clone();
            findings.extend(shelves[at].findings.iter().cloned());
            let read = |path: &RepoPath| self.bytes(reader.as_deref(), path);
            Arc::new(checking.pack(at, findings, &read))
        });
        checked.collect()
    }

    fn checking<'c>(&'c self, packs: &'c Packs) -> Checking<'c> {
        let Circumstances { settings, as_of, .. } = self.circumstances;
        Checking { packs, profiles: &self.scope.profiles, settings, as_of }
    }

    fn bytes(&self, reader: Option<&dyn ReadBlob>, path: &RepoPath) -> Option<Arc<[u8]>> {
        let file = self.snapshot.file(path.as_str())?;
        SnapshotReader::new(reader?, self.snapshot).read(file.blob).ok()
    }

    /// Tells whether a pack is judged by the same people and profiles under the same `pack.toml`.
    fn same_law(&self, before: &Round, at: usize) -> bool {
        if Arc::ptr_eq(&before.scope, &self.scope) {
            return true;
        }
        let declaration = RepoPath::new(&self.scope.packs[at].folder_file("pack.toml"));
        Arc::ptr_eq(&before.scope.people, &self.scope.people)
            && Arc::ptr_eq(&before.scope.profiles, &self.scope.profiles)
            && before.file(&declaration) == self.snapshot.file(declaration.as_str())
    }

    /// Puts all findings under the folders of the packs whose files they are about.
    fn findings(&self, packs: &Packs, checked: &[Arc<Checked>]) -> (Outside, Findings) {
        let Circumstances { folder, settings, .. } = self.circumstances;
        let mut found = self.scope.findings.clone();
        let is_wanted = |path: &RepoPath| is_ours(path, folder, settings);
        found.extend(source_rules::skipped(self.snapshot, is_wanted));
        let known = self.before.filter(|before| {
            Arc::ptr_eq(&before.scope, &self.scope) && before.outside.found == found
        });
        let reader = self.blobs.reader().ok();
        let finished = match known {
            Some(before) => before.outside.finished.clone(),
            None => {
                let read = |path: &RepoPath| self.bytes(reader.as_deref(), path);
                self.checking(packs).outside(found.clone(), &read)
            }
        };
        let mut strays: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
        for stray in finished.iter().chain(checked.iter().flat_map(|checked| &checked.strays)) {
            let home = packs.pack_of(&stray.path).map_or("", |pack| &packs.packs[pack].folder);
            strays.entry(home).or_default().push(stray.clone());
        }
        let mut findings = Findings::default();
        for (pack, checked) in packs.packs.iter().zip(checked) {
            findings.add(&pack.folder, Arc::clone(&checked.findings));
        }
        for (folder, strays) in strays {
            findings.add(folder, strays.into());
        }
        if let Some(before) = self.before {
            findings.share(&before.findings);
        }
        (Outside { found, finished }, findings)
    }

    /// Judges each declared pack by its profiles. A verdict rests on the pack's artifacts and on the findings in its
    /// folder.
    fn judge(
        &self,
        packs: &Packs,
        checked: &[Arc<Checked>],
        findings: &Findings,
    ) -> Arc<[Arc<Verdict>]> {
        let declared = packs.packs.par_iter().enumerate().filter(|(_, pack)| pack.declared);
        let verdicts = declared.flat_map_iter(|(at, pack)| {
            let known = self.before.filter(|before| {
                before.as_of == self.circumstances.as_of
                    && shares(&before.checked, checked, at)
                    && before.packs.of(at).start == packs.of(at).start
                    && findings.same_inside(&before.findings, &pack.folder)
            });
            if let Some(before) = known {
                let first = before.verdicts.partition_point(|verdict| verdict.pack < at);
                let own = before.verdicts[first..].iter().take_while(|verdict| verdict.pack == at);
                return own.cloned().collect::<Vec<_>>();
            }
            let profiles = pack
                .profiles
                .iter()
                .filter_map(|name| self.scope.profiles.iter().find(|profile| profile.id == *name));
            let as_of = self.circumstances.as_of;
            let judge = |profile| Arc::new(profiles::evaluate(packs, at, profile, findings, as_of));
            profiles.map(judge).collect()
        });
        verdicts.collect::<Vec<_>>().into()
    }
}

fn fault_key(file: &File) -> (ObjectId, String) {
    (file.blob, file.path.extension().to_lowercase())
}

impl Shelf {
    /// Leaves out files that are not what they seem.
    fn new(wanted: Vec<Asset>, faults: &Faults) -> Self {
        let fault = |asset: &Asset| faults.get(&fault_key(&asset.file)).and_then(Option::as_ref);
        let kept = wanted.iter().filter(|asset| fault(asset).is_none()).cloned().collect();
        let left_out = wanted.iter().filter_map(|asset| {
            let (rule, message) = fault(asset)?;
            Some(source_rules::left_out(rule, &asset.file.path, message))
        });
        Self { findings: left_out.collect(), kept, wanted }
    }
}

/// Tells whether artifact `at`, of a pack that is the same part as before, leads to what it led to.
fn same_view(before: &Round, packs: &Packs, pack: usize, at: usize, same_addresses: bool) -> bool {
    let old = before.packs.of(pack).start + (at - packs.of(pack).start);
    let (one, other) = (&before.packs.outgoing[old], &packs.outgoing[at]);
    let same =
        |old: usize, new: usize| Arc::ptr_eq(&before.packs.artifacts[old], &packs.artifacts[new]);
    if same_addresses {
        return one.abroad.iter().all(|to| same(*to, *to));
    }
    let same_target = |(one, other): (&Target, &Target)| match (one, other) {
        (Target::Broken, Target::Broken) => false,
        (
            Target::Artifact { artifact: one, anchor },
            Target::Artifact { artifact: other, anchor: place },
        ) => anchor == place && same(*one, *other),
        (one, other) => one == other,
    };
    other.broken.is_empty()
        && one.broken.is_empty()
        && one.targets.iter().zip(&other.targets).all(same_target)
        && one.relations.len() == other.relations.len()
        && one.relations.iter().zip(&other.relations).all(|(one, other)| same(one.to, other.to))
}
