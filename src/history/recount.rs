//! One pass over the landings of the authority ref, root to tip.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::facts::{Facts, Memo};
use super::graph::{At, Graph};
use super::index::Index;
use super::lineage::{Line, Lineages, Live};
use super::log::{DecisionLog, Entry, Landing, LandingKind, LastChange, StatusAt};
use super::origin::Target;
use super::pull_request::pull_request;
use super::statement::{Ambiguous, Statement};
use super::trees::{Change, Trees, declared_pack};
use crate::Failure;
use crate::git::{Commit, HistoryReader, Lack, Repository};
use crate::source::{ObjectId, RepoPath};

/// Tells the decision log of `reference` at `tip`, of the Markdown files inside `folders` (all when there is none).
/// For each of `versions` the log can then say what was known at it.
pub fn recount(
    repository: &Repository,
    reference: &str,
    tip: ObjectId,
    folders: &[String],
    versions: &[ObjectId],
) -> Result<DecisionLog, Failure> {
    let reader = repository.history_reader()?;
    let shallow = repository.shallow();
    let mut recount =
        Recount::new(&reader, tip, folders, &shallow).map_err(|lack| unreadable(&lack))?;
    recount.run(tip, versions).map_err(|lack| unreadable(&lack))?;
    let statement = Statement {
        reference: reference.to_owned(),
        tip: Some(tip),
        landings: recount.graph.landings.len(),
        shallow: recount.graph.nodes.iter().filter(|node| node.cut).map(|node| node.id).collect(),
        missing_blobs: recount.memo.missing(),
        replace_refs: repository.replace_refs(),
        ..Statement::default()
    };
    Ok(recount.log(statement))
}

fn unreadable(lack: &Lack) -> Failure {
    Failure::new(format!("the history cannot be read: an object is {lack}"))
}

/// About so many changed files are read together.
const TOGETHER: usize = 1 << 16;

/// The pass and what it has found so far.
pub(super) struct Recount<'a> {
    pub(super) reader: &'a HistoryReader,
    pub(super) graph: Graph,
    pub(super) trees: Trees<'a>,
    pub(super) memo: Memo,
    lineages: Lineages,
    entries: Vec<Entry>,
    words: FxHashMap<At, Rc<Commit>>,
    index: Index,
}

impl<'a> Recount<'a> {
    fn new(
        reader: &'a HistoryReader,
        tip: ObjectId,
        folders: &[String],
        shallow: &[ObjectId],
    ) -> Result<Self, Lack> {
        Ok(Self {
            reader,
            graph: Graph::read(reader, tip, shallow)?,
            trees: Trees::new(reader, folders),
            memo: Memo::default(),
            lineages: Lineages::default(),
            entries: Vec::new(),
            words: FxHashMap::default(),
            index: Index::default(),
        })
    }

    fn run(&mut self, tip: ObjectId, versions: &[ObjectId]) -> Result<(), Lack> {
        for commit in versions.iter().chain([&tip]) {
            if let Some(landing) = self.graph.landing_of(self.reader, *commit) {
                self.index.landings.insert(*commit, landing);
            }
        }
        let asked: BTreeSet<usize> = self.index.landings.values().copied().collect();
        let mut wanted = BTreeMap::new();
        let mut landing = 0;
        while landing < self.graph.landings.len() {
            for changes in self.next_changes(landing)? {
                self.land(landing, &changes)?;
                if asked.contains(&landing) {
                    self.note_changes(&mut wanted);
                }
                landing += 1;
            }
        }
        // By landing, so that the trees that one needs are still kept for the next.
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.sort_by_key(|((_, landing), _)| *landing);
        for ((line, landing), (path, file)) in wanted {
            let change = self.last_change(path, &file)?;
            self.index.changes.insert((line, landing), change);
        }
        Ok(())
    }

    /// Lists what many landings changed, from one on, and learns what the changed files say: read together they are read
    /// in the order in which they lie in the packs.
    fn next_changes(&mut self, first: usize) -> Result<Vec<Vec<Change>>, Lack> {
        let tree = |graph: &Graph, landing: usize| graph.nodes[graph.landings[landing]].tree;
        let mut previous = first.checked_sub(1).map(|landing| tree(&self.graph, landing));
        let (mut all, mut blobs) = (Vec::new(), Vec::new());
        for landing in first..self.graph.landings.len() {
            let tree = Some(tree(&self.graph, landing));
            let changes = self.trees.diff(previous, tree)?;
            let documents = changes.iter().filter(|one| declared_pack(one.path.as_str()).is_none());
            blobs.extend(documents.filter_map(|change| change.new));
            all.push(changes);
            previous = tree;
            if blobs.len() > TOGETHER {
                break;
            }
        }
        self.memo.learn(self.reader, &mut blobs);
        Ok(all)
    }

    fn land(&mut self, landing: usize, changes: &[Change]) -> Result<(), Lack> {
        let Self { lineages, memo, reader, .. } = self;
        let touched = lineages.land(landing, changes, |blob| memo.of(reader, blob));
        let mut touched: Vec<_> =
            touched.into_iter().map(|line| (self.place(line).0, line)).collect();
        touched.sort();
        touched.into_iter().try_for_each(|(_, line)| self.settle(landing, line))
    }

    /// Returns where a document is now, or was before it was removed.
    fn place(&self, line: Line) -> (RepoPath, Option<&Live>) {
        let lineage = &self.lineages.all[line];
        match (lineage.holders.first(), &lineage.before) {
            (Some(path), _) => (path.clone(), self.lineages.files.get(path)),
            (None, Some((path, file))) => (path.clone(), Some(file)),
            (None, None) => (RepoPath::new(""), None),
        }
    }

    /// Compares a document's status with the last one that could be read.
    fn settle(&mut self, landing: usize, line: Line) -> Result<(), Lack> {
        let node = &self.graph.nodes[self.graph.landings[landing]];
        let (commit, boundary) = (node.id, node.cut && node.parents.is_empty());
        let to = self.status(line);
        let lineage = &mut self.lineages.all[line];
        if lineage.holders.len() > 1 {
            lineage.gap.push(commit);
            return Ok(());
        }
        if matches!(to, StatusAt::Unreadable | StatusAt::Unknown) {
            lineage.unknown |= to == StatusAt::Unknown;
            lineage.gap.push(commit);
            return Ok(());
        }
        let unknown = std::mem::take(&mut lineage.unknown) || boundary;
        if lineage.last == to {
            return Ok(());
        }
        let last = std::mem::replace(&mut lineage.last, to.clone());
        let gap = std::mem::take(&mut lineage.gap);
        let undeclared =
            |value: &StatusAt| matches!(value, StatusAt::NoDocument | StatusAt::Absent);
        if undeclared(&last) && undeclared(&to) {
            return Ok(());
        }
        let from = if unknown { StatusAt::Unknown } else { last };
        self.record(landing, line, from, to, gap)
    }

    fn status(&self, line: Line) -> StatusAt {
        let holder = self.lineages.all[line].holders.first();
        let file = holder.and_then(|path| self.lineages.files.get(path));
        file.map_or(StatusAt::NoDocument, |file| file.facts.status.clone())
    }

    fn record(
        &mut self,
        landing: usize,
        line: Line,
        from: StatusAt,
        to: StatusAt,
        gap: Vec<ObjectId>,
    ) -> Result<(), Lack> {
        let (path, file) = self.place(line);
        let Some(file) = file.cloned() else { return Ok(()) };
        let id = self.id(line, &file.facts);
        let known = from != StatusAt::Unknown || to == StatusAt::NoDocument;
        let target = Target { path: path.clone(), id: id.clone() };
        let origin = if known { self.origin(landing, &target, &to)? } else { None };
        let landing = self.landing(landing)?;
        self.entries.push(Entry {
            seq: self.entries.len(),
            line,
            kind: String::new(),
            standing: None,
            legal: None,
            written: None,
            via: Vec::new(),
            concurrent: Vec::new(),
            together: 1,
            passing: false,
            restored: false,
            takes_back: None,
            lands_again: None,
            pack: self.lineages.pack_of(&path).to_owned(),
            has_id: id.is_some(),
            document: id.unwrap_or_else(|| path.to_string()),
            title: file.facts.title.clone().unwrap_or_else(|| path.stem().to_owned()),
            path,
            public: file.facts.public,
            blob: (to != StatusAt::NoDocument).then_some(file.blob),
            from,
            to,
            landing,
            origins: origin.into_iter().collect(),
            gap,
        });
        Ok(())
    }

    /// A file that could not be read goes on under the id it had.
    fn id(&self, line: Line, facts: &Facts) -> Option<String> {
        let kept = || self.lineages.all[line].id.clone().filter(|_| !facts.readable());
        facts.id.clone().or_else(kept)
    }

    fn landing(&mut self, index: usize) -> Result<Landing, Lack> {
        let at = self.graph.landings[index];
        let words = self.words(at)?;
        let kind = self.kind(at);
        let number =
            if kind == LandingKind::Boundary { None } else { pull_request(&words.message) };
        Ok(Landing {
            index,
            commit: self.graph.nodes[at].id,
            time: words.committer.time,
            clock: words.committer.time,
            run: index,
            offset: words.committer.offset,
            subject: words.subject().to_owned(),
            kind,
            pull_request: number,
        })
    }

    pub(super) fn kind(&self, at: At) -> LandingKind {
        let node = &self.graph.nodes[at];
        match node.parents.len() {
            _ if node.cut => LandingKind::Boundary,
            0 => LandingKind::Root,
            1 => LandingKind::Direct,
            _ => LandingKind::Merge,
        }
    }

    pub(super) fn words(&mut self, at: At) -> Result<Rc<Commit>, Lack> {
        if let Some(words) = self.words.get(&at) {
            return Ok(Rc::clone(words));
        }
        let words = Rc::new(self.reader.commit(self.graph.nodes[at].id)?);
        self.words.insert(at, Rc::clone(&words));
        Ok(words)
    }

    /// Notes the last change of each file that is there now.
    fn note_changes(&self, wanted: &mut BTreeMap<(Line, usize), (RepoPath, Live)>) {
        for (path, file) in &self.lineages.files {
            wanted.entry((file.line, file.changed)).or_insert_with(|| (path.clone(), file.clone()));
        }
    }

    fn last_change(&mut self, path: RepoPath, file: &Live) -> Result<LastChange, Lack> {
        let target = Target { path: path.clone(), id: file.facts.id.clone() };
        let origin = self.content_origin(file.changed, &target, file.blob)?;
        let landing = self.landing(file.changed)?;
        Ok(LastChange { line: file.line, path, blob: file.blob, landing, origin })
    }

    fn log(mut self, statement: Statement) -> DecisionLog {
        let files = std::mem::take(&mut self.lineages.files).into_iter();
        let mut last_changes: Vec<LastChange> = files
            .filter_map(|(path, file)| {
                let change = self.index.changes.get(&(file.line, file.changed))?;
                Some(LastChange { path, blob: file.blob, ..change.clone() })
            })
            .collect();
        last_changes.sort_by(|one, other| one.path.cmp(&other.path));
        let ambiguous = self.ambiguous();
        DecisionLog {
            statement,
            entries: self.entries,
            last_changes,
            ambiguous,
            remarks: Vec::new(),
            index: self.index,
        }
    }

    fn ambiguous(&self) -> Vec<Ambiguous> {
        let several = self.lineages.all.iter().filter(|lineage| lineage.holders.len() > 1);
        let mut found: Vec<_> = several
            .filter_map(|lineage| {
                let paths = lineage.holders.iter().cloned().collect();
                Some(Ambiguous { id: lineage.id.clone()?, paths })
            })
            .collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }
}
