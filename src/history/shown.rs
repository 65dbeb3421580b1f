//! Which landings changed the files that texts show or include: found in one walk over the landings, however many texts
//! there are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::lineage::Line;
use super::recount::Recount;
use super::trees::{Trees, paired};
use crate::document::digest::{Shown, shown};
use crate::git::{EntryKind, LONGEST_PATH};
use crate::source::{ObjectId, RepoPath};

/// The files that texts show, as far as approvals ask for them.
#[derive(Default)]
pub(super) struct ShownFiles {
    /// What each text shows.
    of: FxHashMap<ObjectId, Rc<[Shown]>>,
    /// The landings that changed what lies at each path where such a file may lie.
    changed: BTreeMap<RepoPath, Vec<usize>>,
}

/// Paths that are looked for together, by folder.
#[derive(Default)]
struct Wanted {
    path: Option<RepoPath>,
    inner: BTreeMap<String, Wanted>,
}

impl Wanted {
    fn add(&mut self, path: RepoPath) {
        let mut place = self;
        for part in path.as_str().split('/') {
            place = place.inner.entry(part.to_owned()).or_default();
        }
        place.path = Some(path);
    }

    /// Lists all paths.
    fn all(&self, found: &mut BTreeSet<RepoPath>) {
        found.extend(self.path.clone());
        self.inner.values().for_each(|inner| inner.all(found));
    }
}

impl Recount<'_> {
    /// Returns what a text shows or includes.
    pub(super) fn shown(&mut self, blob: ObjectId) -> Rc<[Shown]> {
        if let Some(known) = self.shown.of.get(&blob) {
            return Rc::clone(known);
        }
        let found: Rc<[Shown]> =
            self.bytes(blob).map(|bytes| shown(&bytes).into()).unwrap_or_default();
        self.shown.of.insert(blob, Rc::clone(&found));
        found
    }

    /// Follows the files that the texts of documents show over all landings.
    pub(super) fn follow_shown(&mut self, lines: impl Iterator<Item = Line>) {
        let (mut wanted, mut first) = (Wanted::default(), usize::MAX);
        for line in lines {
            for text in self.lineages.all[line].texts.clone() {
                let Some((path, blob)) = text.place else { continue };
                let shown = self.shown(blob);
                let places = shown.iter().flat_map(|one| one.places(&path));
                places.filter(|it| it.as_str().len() < LONGEST_PATH).for_each(|it| wanted.add(it));
                first = if shown.is_empty() { first } else { first.min(text.landing) };
            }
        }
        let tree = |landing: usize| self.graph.nodes[self.graph.landings[landing]].tree;
        for landing in first.saturating_add(1)..self.graph.landings.len() {
            let mut touched = BTreeSet::new();
            let (before, after) = (Some(tree(landing - 1)), Some(tree(landing)));
            self.trees.touched(before, after, &wanted, &mut touched);
            for path in touched {
                self.shown.changed.entry(path).or_default().push(landing);
            }
        }
    }

    /// Lists the landings among some that changed a file which a text shows, or may have.
    pub(super) fn repainted(
        &self,
        path: &RepoPath,
        shown: &[Shown],
        among: Range<usize>,
    ) -> BTreeSet<usize> {
        let places = shown.iter().flat_map(|one| one.places(path));
        let changed = places.filter_map(|place| self.shown.changed.get(&place));
        let inside = changed.flat_map(|all| {
            let start = all.partition_point(|landing| *landing < among.start);
            all[start..].iter().take_while(|landing| **landing < among.end)
        });
        inside.copied().collect()
    }
}

impl Trees<'_> {
    /// Finds the paths at which two trees have other files; all those of which this clone cannot tell it.
    fn touched(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        wanted: &Wanted,
        found: &mut BTreeSet<RepoPath>,
    ) {
        if old == new || wanted.inner.is_empty() {
            return;
        }
        let (Ok(before), Ok(after)) = (self.raw(old), self.raw(new)) else {
            wanted.all(found);
            return;
        };
        let len = old.or(new).map_or(20, |id| id.as_bytes().len());
        for (one, other) in paired(&before, &after, len) {
            let name = one.or(other).and_then(|entry| std::str::from_utf8(entry.name).ok());
            let Some(inner) = name.and_then(|name| wanted.inner.get(name)) else { continue };
            let [file, folder] = [EntryKind::File, EntryKind::Folder].map(|kind| {
                [one, other].map(|entry| entry.filter(|it| it.kind == kind).map(|it| it.id))
            });
            if file[0] != file[1] {
                found.extend(inner.path.clone());
            }
            self.touched(folder[0], folder[1], inner, found);
        }
    }
}
