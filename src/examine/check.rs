//! What is wrong with each pack, as far as the round before does not know.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Circumstances;
use super::round::{Ground, Round, shares};
use super::shelves::Shelf;
use crate::diagnostic::{Diagnostic, Findings};
use crate::pack::gather::Part;
use crate::pack::scope::is_ours;
use crate::pack::{Packs, Target};
use crate::rules::{Checked, Checking, Finished, source as source_rules};
use crate::source::{ReadBlob, RepoPath, SnapshotReader};

/// The findings that belong to no pack by what they rest on.
#[derive(Debug)]
pub(super) struct Outside {
    found: Vec<Diagnostic>,
    finished: Finished,
    /// What is wrong with files that the readers may not see.
    pub(super) withheld: Vec<Diagnostic>,
}

impl Ground<'_> {
    /// Checks each pack. Findings rest on the pack, its artifacts and those that they lead to, on people and profiles,
    /// on the day where a rule asks for it, and on all addresses where a link is broken.
    pub(super) fn check(
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
                    && shares(&before.packs.figures, &packs.figures, at)
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
        Checking::new(packs, &self.scope.profiles, settings, as_of)
    }

    fn bytes(&self, reader: Option<&dyn ReadBlob>, path: &RepoPath) -> Option<Arc<[u8]>> {
        let file = self.snapshot.file(path.as_str())?;
        SnapshotReader::new(reader?, self.snapshot).read(file.blob).ok()
    }

    /// Tells whether a pack is judged by the same people, profiles and pins under the same `pack.toml`.
    fn same_law(&self, before: &Round, at: usize) -> bool {
        if Arc::ptr_eq(&before.scope, &self.scope) {
            return true;
        }
        let declaration = RepoPath::new(&self.scope.packs[at].folder_file("pack.toml"));
        Arc::ptr_eq(&before.scope.people, &self.scope.people)
            && Arc::ptr_eq(&before.scope.profiles, &self.scope.profiles)
            && Arc::ptr_eq(&before.scope.pins, &self.scope.pins)
            && before.file(&declaration) == self.snapshot.file(declaration.as_str())
    }

    /// Finds what is wrong outside all packs, and with what is shown to nobody.
    pub(super) fn outside(&self, packs: &Packs, parts: &[Arc<Part>]) -> Outside {
        let Circumstances { folder, settings, .. } = self.circumstances;
        let of_hidden = |page: &RepoPath| packs.find(page).is_none();
        let hidden = self.scope.sidecars.iter().filter(|(page, _)| of_hidden(page));
        let hidden: Vec<&RepoPath> = hidden.map(|(_, beside)| &beside.path).collect();
        let (mut withheld, mut found): (Vec<_>, Vec<_>) =
            self.scope.findings.iter().cloned().partition(|one| hidden.contains(&&one.path));
        withheld.extend(parts.iter().flat_map(|part| part.withheld.iter().cloned()));
        let is_wanted = |path: &RepoPath| is_ours(path, folder, settings);
        found.extend(source_rules::skipped(self.snapshot, is_wanted));
        found.extend(self.checking(packs).across());
        let known = self.before.filter(|before| {
            Arc::ptr_eq(&before.scope, &self.scope) && before.outside.found == found
        });
        let reader = self.blobs.reader().ok();
        let read = |path: &RepoPath| self.bytes(reader.as_deref(), path);
        let checking = self.checking(packs);
        let finish = || checking.outside(found.clone(), &read);
        let finished = known.map_or_else(finish, |before| before.outside.finished.clone());
        let withheld = checking.finish(withheld, &read).list(true).to_vec();
        Outside { found, finished, withheld }
    }

    /// Puts all findings under the folders of the packs whose files they are about: as they are judged, or as they are
    /// told.
    pub(super) fn findings(
        &self,
        packs: &Packs,
        checked: &[Arc<Checked>],
        outside: &Outside,
        told: bool,
    ) -> Findings {
        let mut strays: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
        let of_packs = checked.iter().flat_map(|checked| &checked.sorted(told).strays);
        for stray in outside.finished.list(told).iter().chain(of_packs) {
            let home = packs.pack_of(&stray.path).map_or("", |pack| &packs.packs[pack].folder);
            strays.entry(home).or_default().push(stray.clone());
        }
        let mut findings = Findings::default();
        for (pack, checked) in packs.packs.iter().zip(checked) {
            findings.add(&pack.folder, Arc::clone(&checked.sorted(told).own));
        }
        for (folder, strays) in strays {
            findings.add(folder, strays.into());
        }
        if let Some(before) = self.before {
            findings.share(if told { &before.findings } else { &before.judged });
        }
        findings
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
