//! What texts say together with the files that they show or include: a picture that was changed makes another text of it,
//! and whoever changed it wrote some of it.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::At;
use super::lineage::Line;
use super::log::{Authorship, How};
use super::recount::Recount;
use super::texts::Text;
use super::trees::Trees;
use crate::approvals::{Covers, TextAt};
use crate::document::digest::{Digest, Shown};
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// What a text and its parts say.
#[derive(PartialEq, Eq)]
pub(super) struct Words {
    pub(super) whole: Digest,
    pub(super) likeness: Digest,
    pub(super) parts: BTreeMap<String, Digest>,
}

impl Words {
    pub(super) fn of(text: &Covers<'_>, parts: &BTreeSet<&String>) -> Self {
        let part = |name: &&String| Some(((*name).clone(), text.part(name)?));
        let parts = parts.iter().filter_map(part).collect();
        Self { whole: text.whole(), likeness: text.likeness(), parts }
    }
}

impl Recount<'_> {
    /// Reads a text with the files that it shows in a tree; nothing when this clone lacks it, or what would tell them.
    pub(super) fn covers<T>(
        &mut self,
        tree: ObjectId,
        path: &RepoPath,
        blob: ObjectId,
        take: impl FnOnce(&Covers<'_>) -> T,
    ) -> Option<T> {
        let bytes = self.bytes(blob)?;
        let facts = self.memo.of(self.reader, blob);
        let kind = self.memo.vocabulary.kind(self.kind_of(path, &facts));
        let mut files = FilesIn { trees: &mut self.trees, tree, is_lost: false };
        let text = Covers::new(&bytes, path, kind, &mut |path| files.find(path));
        (!files.is_lost).then(|| take(&text))
    }

    /// Adds the texts that came to be because a file which they show was changed and they were not.
    pub(super) fn with_files(
        &mut self,
        line: Line,
        told: Vec<TextAt>,
        texts: &[Text],
        first: usize,
        scopes: &BTreeSet<&String>,
    ) -> Result<Vec<TextAt>, Lack> {
        let mut all: Vec<TextAt> = Vec::with_capacity(told.len());
        let mut told = told.into_iter().peekable();
        for (at, text) in texts.iter().enumerate() {
            all.extend(told.next_if(|next| next.landing.index <= text.landing));
            let Some((path, blob)) = text.place.as_ref().filter(|_| text.clear) else { continue };
            let shown = self.shown(*blob);
            if shown.is_empty() {
                continue;
            }
            let until = texts.get(at + 1).map_or(self.graph.landings.len(), |next| next.landing);
            let mut before = self.files_after(text.landing, path, &shown);
            for landing in self.repainted(path, &shown, text.landing + 1..until) {
                let files = self.files_after(landing, path, &shown);
                if files == before {
                    continue;
                }
                let changed = self.changed_files(landing, path, &shown, [&before, &files]);
                before = files;
                let by = (landing >= first).then(|| self.painter(landing, path, *blob));
                let by = by.transpose()?.flatten();
                let text = self.beside(landing, path, *blob, scopes)?;
                all.push(TextAt { by, beside: changed, ..text });
            }
        }
        debug_assert!(told.next().is_none(), "a text of {line} has no landing");
        Ok(all)
    }

    fn beside(
        &mut self,
        landing: usize,
        path: &RepoPath,
        blob: ObjectId,
        scopes: &BTreeSet<&String>,
    ) -> Result<TextAt, Lack> {
        let tree = self.graph.nodes[self.graph.landings[landing]].tree;
        let said = self.covers(tree, path, blob, |text| Words::of(text, scopes));
        Ok(TextAt {
            landing: self.landing(landing)?,
            by: None,
            blob: Some(blob),
            known: said.is_some(),
            digest: said.as_ref().map(|said| said.whole),
            likeness: said.as_ref().map(|said| said.likeness),
            sections: said.map(|said| said.parts).unwrap_or_default(),
            beside: Vec::new(),
        })
    }

    /// Names the files that are not as they were before a landing; at least one.
    fn changed_files(
        &mut self,
        landing: usize,
        path: &RepoPath,
        shown: &[Shown],
        [before, after]: [&Option<Files>; 2],
    ) -> Vec<RepoPath> {
        let tree = self.graph.nodes[self.graph.landings[landing]].tree;
        let id = |files: &Option<Files>, at: usize| files.as_ref().and_then(|files| files[at]);
        let differing = |(at, _): &(usize, &Shown)| {
            before.is_none() || after.is_none() || id(before, *at) != id(after, *at)
        };
        let mut named: Vec<RepoPath> = Vec::new();
        for (_, one) in shown.iter().enumerate().filter(differing) {
            let mut files = FilesIn { trees: &mut self.trees, tree, is_lost: false };
            let place = one.find(path, &mut |place| files.find(place).map(|_| place.clone()));
            named.extend(place.or_else(|| one.places(path).next()));
        }
        named.sort();
        named.dedup();
        named
    }

    fn files_after(&mut self, landing: usize, path: &RepoPath, shown: &[Shown]) -> Option<Files> {
        self.files_in(self.graph.nodes[self.graph.landings[landing]].tree, path, shown)
    }

    /// Finds the files that a text shows in a tree; nothing when this clone lacks what would tell.
    fn files_in(&mut self, tree: ObjectId, path: &RepoPath, shown: &[Shown]) -> Option<Files> {
        let mut found = FilesIn { trees: &mut self.trees, tree, is_lost: false };
        let files = shown.iter().map(|one| one.find(path, &mut |path| found.find(path))).collect();
        (!found.is_lost).then_some(files)
    }

    /// Finds the last commit of a landing that changed a file which a text shows.
    fn painter(
        &mut self,
        landing: usize,
        path: &RepoPath,
        blob: ObjectId,
    ) -> Result<Option<Authorship>, Lack> {
        let last = self.painted(landing, path, blob).and_then(|mut commits| commits.pop());
        last.map(|at| self.authorship(at, How::Commit, Vec::new())).transpose()
    }

    /// Lists the commits of a landing that changed a file which a text shows into one that no parent has; nothing when
    /// this clone lacks what would tell.
    pub(super) fn painted(
        &mut self,
        landing: usize,
        path: &RepoPath,
        blob: ObjectId,
    ) -> Option<Vec<At>> {
        let shown = self.shown(blob);
        let mut found = Vec::new();
        if shown.is_empty() {
            return Some(found);
        }
        for at in self.judging.by_landing.get(&landing).cloned().unwrap_or_default() {
            let node = &self.graph.nodes[at];
            if node.cut {
                return None;
            }
            let (tree, parents) = (node.tree, node.parents.clone());
            let own = self.files_in(tree, path, &shown)?;
            let mut theirs = Vec::new();
            for parent in parents {
                theirs.push(self.files_in(self.graph.nodes[parent].tree, path, &shown)?);
            }
            let is_new = |index: usize| {
                own[index].is_some() && theirs.iter().all(|files| files[index] != own[index])
            };
            if (0..own.len()).any(is_new) {
                found.push(at);
            }
        }
        Some(found)
    }
}

/// Finds files in a tree, and notes when this clone lacks what would tell.
struct FilesIn<'t, 'r> {
    trees: &'t mut Trees<'r>,
    tree: ObjectId,
    is_lost: bool,
}

impl FilesIn<'_, '_> {
    fn find(&mut self, path: &RepoPath) -> Option<ObjectId> {
        let found = self.trees.find(self.tree, path);
        self.is_lost |= found.is_err();
        found.ok().flatten()
    }
}

/// The files that a text shows, in its order.
type Files = Vec<Option<ObjectId>>;
