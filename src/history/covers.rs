//! What texts say together with the files that they show or include: a picture that was changed makes another text of it,
//! and whoever changed it wrote some of it.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::At;
use super::log::{Authorship, How, LandingKind};
use super::recount::Recount;
use super::texts::Text;
use crate::approvals::{Covers, TextAt};
use crate::document::digest::{Digest, Shown, shown};
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
    /// Reads a text with the files that it shows in a tree; nothing when it is not in this clone.
    pub(super) fn covers<T>(
        &mut self,
        tree: ObjectId,
        path: &RepoPath,
        blob: ObjectId,
        take: impl FnOnce(&Covers<'_>) -> T,
    ) -> Option<T> {
        let bytes = self.reader.blob_start(blob, usize::MAX).ok()?.bytes;
        let facts = self.memo.of(self.reader, blob);
        let kind = self.memo.vocabulary.kind(self.kind_of(path, &facts));
        let trees = &mut self.trees;
        let mut file = |path: &RepoPath| trees.find(tree, path).ok().flatten();
        Some(take(&Covers::new(&bytes, path, kind, &mut file)))
    }

    /// Adds the texts that came to be because a file which they show was changed and they were not.
    pub(super) fn with_files(
        &mut self,
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
            for landing in text.landing + 1..until {
                let files = self.files_after(landing, path, &shown);
                if files != before {
                    before = files;
                    let by =
                        if landing >= first { self.painter(landing, path, &shown)? } else { None };
                    all.extend(self.beside(landing, path, *blob, by, scopes)?);
                }
            }
        }
        Ok(all)
    }

    fn beside(
        &mut self,
        landing: usize,
        path: &RepoPath,
        blob: ObjectId,
        by: Option<Authorship>,
        scopes: &BTreeSet<&String>,
    ) -> Result<Option<TextAt>, Lack> {
        let tree = self.graph.nodes[self.graph.landings[landing]].tree;
        let Some(said) = self.covers(tree, path, blob, |text| Words::of(text, scopes)) else {
            return Ok(None);
        };
        Ok(Some(TextAt {
            landing: self.landing(landing)?,
            by,
            blob: Some(blob),
            digest: Some(said.whole),
            likeness: Some(said.likeness),
            sections: said.parts,
            known: true,
            beside: true,
        }))
    }

    fn shown(&self, blob: ObjectId) -> Vec<Shown> {
        let start = self.reader.blob_start(blob, usize::MAX);
        start.map(|start| shown(&start.bytes)).unwrap_or_default()
    }

    fn files_after(
        &mut self,
        landing: usize,
        path: &RepoPath,
        shown: &[Shown],
    ) -> Vec<Option<ObjectId>> {
        self.files_in(self.graph.nodes[self.graph.landings[landing]].tree, path, shown)
    }

    fn files_in(
        &mut self,
        tree: ObjectId,
        path: &RepoPath,
        shown: &[Shown],
    ) -> Vec<Option<ObjectId>> {
        let trees = &mut self.trees;
        let mut file = |path: &RepoPath| trees.find(tree, path).ok().flatten();
        shown.iter().map(|one| one.find(path, &mut file)).collect()
    }

    /// Finds the last commit of a landing that changed a file which a text shows.
    fn painter(
        &mut self,
        landing: usize,
        path: &RepoPath,
        shown: &[Shown],
    ) -> Result<Option<Authorship>, Lack> {
        let last = self.painters(landing, path, shown).pop();
        last.map(|at| self.authorship(at, How::Commit, Vec::new())).transpose()
    }

    /// Lists the commits of a landing that changed a file which a text shows into one that no parent has.
    fn painters(&mut self, landing: usize, path: &RepoPath, shown: &[Shown]) -> Vec<At> {
        let commits = self.judging.by_landing.get(&landing).cloned().unwrap_or_default();
        let mut found = Vec::new();
        for at in commits {
            if self.kind(at) == LandingKind::Boundary {
                continue;
            }
            let own = self.files_in(self.graph.nodes[at].tree, path, shown);
            let parents = self.graph.nodes[at].parents.clone();
            let trees: Vec<ObjectId> =
                parents.iter().map(|it| self.graph.nodes[*it].tree).collect();
            let parents: Vec<_> =
                trees.into_iter().map(|tree| self.files_in(tree, path, shown)).collect();
            let is_new = |index: usize| {
                own[index].is_some() && parents.iter().all(|files| files[index] != own[index])
            };
            if (0..own.len()).any(is_new) {
                found.push(at);
            }
        }
        found
    }

    /// Lists the commits of a landing that changed a file which a text shows.
    pub(super) fn painted(&mut self, landing: usize, path: &RepoPath, blob: ObjectId) -> Vec<At> {
        let shown = self.shown(blob);
        if shown.is_empty() { Vec::new() } else { self.painters(landing, path, &shown) }
    }
}
