//! Which document is which, from landing to landing: by id; without one by path, exact renames included.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::StatusAt;
use super::facts::Facts;
use super::trees::Change;
use crate::source::{ObjectId, RepoPath};

/// A document's place in [`Lineages::all`].
pub(super) type Line = usize;

/// A file as it is after a landing.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) blob: ObjectId,
    pub(super) facts: Rc<Facts>,
    pub(super) line: Line,
    /// The landing that last changed the bytes.
    pub(super) changed: usize,
}

/// One document through time.
#[derive(Debug, Clone)]
pub(super) struct Lineage {
    /// The files that are this document now; two or more make it ambiguous.
    pub(super) holders: BTreeSet<RepoPath>,
    /// The id it stated last.
    pub(super) id: Option<String>,
    /// The last value that could be read.
    pub(super) last: StatusAt,
    /// Whether a value in between could not be known at all.
    pub(super) unknown: bool,
    /// Landings in between that could not be read.
    pub(super) gap: Vec<ObjectId>,
    /// The file before it was removed or changed.
    pub(super) before: Option<(RepoPath, Live)>,
}

impl Default for Lineage {
    fn default() -> Self {
        Self {
            holders: BTreeSet::new(),
            id: None,
            last: StatusAt::NoDocument,
            unknown: false,
            gap: Vec::new(),
            before: None,
        }
    }
}

/// All documents seen so far and the files that are there now.
#[derive(Debug, Default)]
pub(super) struct Lineages {
    pub(super) all: Vec<Lineage>,
    pub(super) files: BTreeMap<RepoPath, Live>,
    by_id: FxHashMap<String, Line>,
    by_path: FxHashMap<RepoPath, Line>,
    /// For each id or path: from which landing on it means which document.
    pub(super) names: BTreeMap<String, Vec<(usize, Line)>>,
}

/// What a landing took away or is about to replace, by path.
type Before = BTreeMap<RepoPath, Live>;

impl Lineages {
    /// Applies what a landing changed; returns the documents it touched.
    pub(super) fn land(
        &mut self,
        landing: usize,
        changes: &[Change],
        mut facts: impl FnMut(ObjectId) -> Rc<Facts>,
    ) -> Vec<Line> {
        let before = self.take_away(changes);
        let mut touched: BTreeSet<Line> = before.values().map(|live| live.line).collect();
        let added: Vec<_> = changes
            .iter()
            .filter_map(|change| Some((&change.path, change.new?, facts(change.new?))))
            .collect();
        let (named, nameless): (Vec<_>, Vec<_>) =
            added.into_iter().partition(|(_, _, facts)| facts.id.is_some());
        for (path, blob, facts) in named {
            let line = self.line_of_id(path, &facts, &before);
            touched.insert(self.put(landing, path, blob, facts, line, &before));
        }
        let mut gone = renamable(&before, changes);
        for (path, blob, facts) in nameless {
            let line = self.line_of_path(path, blob, &before, &mut gone);
            touched.insert(self.put(landing, path, blob, facts, line, &before));
        }
        touched.into_iter().collect()
    }

    fn take_away(&mut self, changes: &[Change]) -> Before {
        let mut before = Before::new();
        for change in changes {
            if let Some(live) = self.files.remove(&change.path) {
                let lineage = &mut self.all[live.line];
                lineage.holders.remove(&change.path);
                lineage.before = Some((change.path.clone(), live.clone()));
                before.insert(change.path.clone(), live);
            }
        }
        before
    }

    /// An id that is new takes over the document that its path was, when that had none (late ids).
    fn line_of_id(&mut self, path: &RepoPath, facts: &Facts, before: &Before) -> Line {
        let id = facts.id.clone().unwrap_or_default();
        if let Some(line) = self.by_id.get(&id) {
            return *line;
        }
        let adopted =
            before.get(path).map(|live| live.line).filter(|line| self.all[*line].id.is_none());
        if adopted.is_some() {
            self.by_path.remove(path);
        }
        let line = adopted.unwrap_or_else(|| self.open());
        self.by_id.insert(id, line);
        line
    }

    fn line_of_path(
        &mut self,
        path: &RepoPath,
        blob: ObjectId,
        before: &Before,
        gone: &mut Vec<(RepoPath, ObjectId, Line)>,
    ) -> Line {
        if let Some(live) = before.get(path)
            && self.all[live.line].holders.is_empty()
        {
            return live.line;
        }
        if let Some(at) = renamed_from(path, blob, gone) {
            let (old, _, line) = gone.remove(at);
            self.by_path.remove(&old);
            self.by_path.insert(path.clone(), line);
            return line;
        }
        match self.by_path.get(path) {
            Some(line) if self.all[*line].holders.is_empty() => *line,
            _ => {
                let line = self.open();
                self.by_path.insert(path.clone(), line);
                line
            }
        }
    }

    fn open(&mut self) -> Line {
        self.all.push(Lineage::default());
        self.all.len() - 1
    }

    fn put(
        &mut self,
        landing: usize,
        path: &RepoPath,
        blob: ObjectId,
        facts: Rc<Facts>,
        line: Line,
        before: &Before,
    ) -> Line {
        let lineage = &mut self.all[line];
        let same = lineage
            .before
            .as_ref()
            .filter(|(old, live)| live.blob == blob && before.contains_key(old));
        let changed = same.map_or(landing, |(_, live)| live.changed);
        lineage.holders.insert(path.clone());
        if let Some(id) = &facts.id {
            lineage.id = Some(id.clone());
            self.name(landing, id, line);
        }
        self.name(landing, path.as_str(), line);
        self.files.insert(path.clone(), Live { blob, facts, line, changed });
        line
    }

    fn name(&mut self, landing: usize, name: &str, line: Line) {
        match self.names.get_mut(name) {
            Some(spans) if spans.last().is_some_and(|(_, known)| *known == line) => {}
            Some(spans) => spans.push((landing, line)),
            None => {
                self.names.insert(name.to_owned(), vec![(landing, line)]);
            }
        }
    }
}

/// Lists the files without an id whose path is gone: each may go on under another path.
fn renamable(before: &Before, changes: &[Change]) -> Vec<(RepoPath, ObjectId, Line)> {
    changes
        .iter()
        .filter(|change| change.new.is_none())
        .filter_map(|change| Some((&change.path, before.get(&change.path)?)))
        .filter(|(_, live)| live.facts.id.is_none())
        .map(|(path, live)| (path.clone(), live.blob, live.line))
        .collect()
}

/// Picks the file with the same bytes, one of the same name first.
fn renamed_from(
    path: &RepoPath,
    blob: ObjectId,
    gone: &[(RepoPath, ObjectId, Line)],
) -> Option<usize> {
    let same = |(_, old, _): &&(RepoPath, ObjectId, Line)| *old == blob;
    let named = gone.iter().position(|one| same(&one) && one.0.name() == path.name());
    named.or_else(|| gone.iter().position(|one| same(&one)))
}
