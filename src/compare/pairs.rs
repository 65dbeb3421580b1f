//! Which document of one snapshot is which of another: by its id, by an id that it had, by its path, by what the history
//! says, by its exact text, and last by the phrases that it shares.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::likeness::{ENOUGH, Phrases};
use crate::document::Document;
use crate::history::DecisionLog;
use crate::pack::Artifact;
use crate::pack::route::stands_for_folder;
use crate::source::{ObjectId, RepoPath};

/// What a document is known by.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its id, or its path inside the pack.
    id: String,
    /// Whether it states its id.
    has_id: bool,
    /// Its number in the history.
    line: Option<usize>,
    /// The ids that it says it had.
    was: Vec<String>,
    path: String,
    /// Names its text.
    content: ObjectId,
    document: Arc<Document>,
}

/// The places of a document in both lists.
pub type Pair = (Option<usize>, Option<usize>);

impl Known {
    /// Takes what an artifact is known by.
    pub(super) fn of(artifact: &Artifact, log: Option<&DecisionLog>) -> Self {
        let was = artifact.document.front_matter.field("was").map(|field| field.value.texts());
        Self {
            id: artifact.id.clone(),
            has_id: artifact.has_id,
            line: log.and_then(|log| log.line_at(&artifact.path)),
            was: was.into_iter().flatten().map(|(id, _)| id.to_owned()).collect(),
            path: artifact.path.to_string(),
            content: artifact.content,
            document: Arc::clone(&artifact.document),
        }
    }
}

/// Pairs the documents of two lists, each once: first all of the later list in its order, then those that are gone.
pub(super) fn pairs(before: &[Known], after: &[Known]) -> Vec<Pair> {
    let mut pairing =
        Pairing { before, after, found: vec![None; after.len()], left: BTreeSet::new() };
    pairing.left = (0..before.len()).collect();
    pairing.by(|one| vec![one.id.clone()], |one| vec![one.id.clone()]);
    pairing.by(|one| vec![one.id.clone()], |one| one.was.clone());
    let path = |one: &Known| vec![one.path.clone()];
    pairing.by(path, path);
    let line = |one: &Known| one.line.iter().map(ToString::to_string).collect();
    pairing.by(line, line);
    pairing.by_content();
    pairing.by_phrases();
    let Pairing { found, left, .. } = pairing;
    let there = found.into_iter().enumerate().map(|(at, before)| (before, Some(at)));
    there.chain(left.into_iter().map(|at| (Some(at), None))).collect()
}

struct Pairing<'k> {
    before: &'k [Known],
    after: &'k [Known],
    /// For each later document the earlier one.
    found: Vec<Option<usize>>,
    /// The earlier documents without a later one.
    left: BTreeSet<usize>,
}

impl Pairing<'_> {
    fn open(&self) -> Vec<usize> {
        (0..self.after.len()).filter(|at| self.found[*at].is_none()).collect()
    }

    fn join(&mut self, before: usize, after: usize) {
        if self.found[after].is_none() && self.left.remove(&before) {
            self.found[after] = Some(before);
        }
    }

    /// Documents that state different ids are different documents.
    fn may_be(&self, before: usize, after: usize) -> bool {
        !(self.before[before].has_id && self.after[after].has_id)
    }

    /// Pairs what has a name in common.
    fn by(&mut self, then: impl Fn(&Known) -> Vec<String>, now: impl Fn(&Known) -> Vec<String>) {
        let mut places = BTreeMap::new();
        for at in &self.left {
            for name in then(&self.before[*at]) {
                places.entry(name).or_insert(*at);
            }
        }
        for at in self.open() {
            let names = now(&self.after[at]);
            let same = names.iter().find_map(|name| places.get(name));
            let is_named = self.after[at].was.iter().any(|was| names.contains(was));
            if let Some(before) = same.copied().filter(|before| {
                let (one, other) = (&self.before[*before], &self.after[at]);
                is_named || one.id == other.id || self.may_be(*before, at)
            }) {
                self.join(before, at);
            }
        }
    }

    /// Pairs equal texts; of several the one with the same file name.
    fn by_content(&mut self) {
        let mut places: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
        for at in &self.left {
            places.entry(self.before[*at].content).or_default().push(*at);
        }
        for at in self.open() {
            let here = &self.after[at];
            let equal = places.get(&here.content).map_or(&[][..], Vec::as_slice);
            let mut free = equal.iter().copied().filter(|at| self.left.contains(at));
            let named = free.clone().find(|one| name(&self.before[*one].path) == name(&here.path));
            if let Some(before) = named.or_else(|| free.next()) {
                self.join(before, at);
            }
        }
    }

    /// Pairs texts that share most of their phrases, the most alike first.
    fn by_phrases(&mut self) {
        let (then, now): (Vec<usize>, Vec<usize>) =
            (self.left.iter().copied().collect(), self.open());
        if then.is_empty() || now.is_empty() {
            return;
        }
        let texts = then.iter().map(|at| self.before[*at].document.text.as_str());
        let phrases = Phrases::of(texts);
        let mut alike = Vec::new();
        for at in now {
            let here = &self.after[at];
            for (place, score) in phrases.like(&here.document.text) {
                let before = then[place];
                let is_named = words(&self.before[before].path)
                    .is_some_and(|own| words(&here.path) == Some(own));
                let enough = if is_named { ENOUGH / 2 } else { ENOUGH };
                if score >= enough && self.may_be(before, at) {
                    alike.push((Reverse(score), before, at));
                }
            }
        }
        alike.sort_unstable();
        for (_, before, at) in alike {
            self.join(before, at);
        }
    }
}

/// Returns what a file is called without the numbers that put it in order: `oop` of `ch17-00-oop.md`. A page that stands
/// for its folder has no name of its own.
fn words(path: &str) -> Option<Vec<&str>> {
    if stands_for_folder(&RepoPath::new(path)) {
        return None;
    }
    let stem = name(path).split('.').next()?;
    let words = stem.split(['-', '_', ' ']).filter(|word| !word.chars().any(char::is_numeric));
    Some(words.collect()).filter(|words: &Vec<&str>| words.iter().any(|word| !word.is_empty()))
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
