//! One pass over the landings of the authority ref, root to tip.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::approving::Judging;
use super::checkpoint::Checkpoint;
use super::drafting::Drafts;
use super::facts::Memo;
use super::graph::{At, Branch, Graph};
use super::index::Index;
use super::inside::{Brought, Inside};
use super::kept::{self, Changes, Kept};
use super::lineage::{Line, Lineages, Live};
use super::log::{DecisionLog, Entry, LandingKind, LastChange};
use super::record::Notes;
use super::shown::ShownFiles;
use super::statement::{Odd, Remark};
use super::tagged::{self, Tagged, Tags};
use super::trees::{Change, Trees};
use super::weigh::Revocation;
use super::words::Vocabulary;
use crate::Failure;
use crate::approvals::{Approval, TextAt};
use crate::git::{Commit, HistoryReader, Lack, Repository};
use crate::source::{ObjectId, RepoPath, is_markdown};

/// What a log is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The authority ref.
    pub reference: &'a str,
    /// Its commit.
    pub tip: ObjectId,
    /// The folders whose Markdown files count; all when there is none.
    pub folders: &'a [String],
    /// Commits of which the log can then say what was known.
    pub versions: &'a [ObjectId],
    /// The kinds of documents and their words.
    pub vocabulary: &'a Vocabulary,
    /// What the log that was published last left behind.
    pub published: Option<&'a Checkpoint>,
}

/// Tells the decision log of a repository.
pub fn recount(repository: &Repository, asked: &Question<'_>) -> Result<DecisionLog, Failure> {
    tell(repository, asked, None, false).map(|(log, _)| log)
}

/// Tells the decision log with all that branches did on their way.
pub fn recount_full(repository: &Repository, asked: &Question<'_>) -> Result<DecisionLog, Failure> {
    let reader = repository.history_reader()?;
    let told = Recount::new(&reader, asked, &repository.shallow(), None).and_then(|mut recount| {
        recount.follow_tags(&tagged::read(repository, &reader));
        recount.brought = Some(recount.brought());
        recount.run()?;
        let mut log = recount.finish(repository, asked, None).0;
        log.drop_landed();
        Ok(log)
    });
    told.map_err(|lack| unreadable(&lack))
}

fn unreadable(lack: &Lack) -> Failure {
    Failure::new(format!("the history cannot be read: an object is {lack}"))
}

/// Tells the decision log from what an earlier run kept on, if that answers the same question; the log is the same in
/// any case. Also returns what the next run can go on from, when that is worth while.
pub fn recount_from(
    repository: &Repository,
    asked: &Question<'_>,
    kept: Option<&[u8]>,
) -> Result<(DecisionLog, Option<Vec<u8>>), Failure> {
    tell(repository, asked, kept, true)
}

fn tell(
    repository: &Repository,
    asked: &Question<'_>,
    kept: Option<&[u8]>,
    keep: bool,
) -> Result<(DecisionLog, Option<Vec<u8>>), Failure> {
    let reader = repository.history_reader()?;
    let shallow = repository.shallow();
    let tags = tagged::read(repository, &reader);
    let key = tagged::key(&kept::key(asked, &shallow), &tags.saying);
    let told = |kept: Option<Kept>| {
        let mut recount = Recount::new(&reader, asked, &shallow, kept)?;
        recount.follow_tags(&tags);
        recount.run()?;
        Ok(recount.finish(repository, asked, keep.then_some(&key)))
    };
    let told_on = kept.and_then(|bytes| told(Some(Kept::read(bytes, &key)?)).ok());
    // What was kept may speak of commits that were lost since.
    told_on.map_or_else(|| told(None), Ok).map_err(|lack| unreadable(&lack))
}

/// After so many landings it is worth while to keep what was found once more.
const SELDOM: usize = 16;

/// Returns where the registry of people lies: beside `book.toml`.
fn registry(folders: &[String]) -> RepoPath {
    let folder = folders.first().map(|folder| format!("{folder}/")).unwrap_or_default();
    RepoPath::new(&format!("{folder}people.toml"))
}

/// About so many changed files are read together.
const TOGETHER: usize = 1 << 16;

/// Files whose last change is wanted, by their document and the landing that made it.
type Wanted = BTreeMap<(Line, usize), (RepoPath, Live)>;

/// The pass and what it has found so far.
pub(super) struct Recount<'a> {
    pub(super) reader: &'a HistoryReader,
    pub(super) graph: Graph,
    pub(super) trees: Trees<'a>,
    pub(super) memo: Memo<'a>,
    pub(super) lineages: Lineages,
    pub(super) entries: Vec<Entry>,
    /// What is known about each entry beside what it tells.
    pub(super) notes: Vec<Notes>,
    /// For each landing, the latest time claimed so far.
    pub(super) clocks: Vec<i64>,
    /// The first landing of the run that a landing with a pull request ends.
    pub(super) runs: FxHashMap<usize, usize>,
    pub(super) remarks: Vec<Remark>,
    /// Who said that something was approved.
    pub(super) drafts: Drafts,
    /// What that amounts to.
    pub(super) approvals: Vec<Approval>,
    /// What took approvals back, in order.
    pub(super) revocations: Vec<Revocation>,
    /// The texts of documents with approvals.
    pub(super) texts: BTreeMap<Line, Vec<TextAt>>,
    pub(super) judging: Judging,
    pub(super) shown: ShownFiles,
    /// What tags say of approvals.
    pub(super) tagged: Tagged,
    /// How many tags cannot be read.
    pub(super) lost_tags: usize,
    /// Documents that hold the criteria of a trial, with the first landing at which they did.
    pub(super) criteria: BTreeMap<Line, usize>,
    /// Where the registry of people lies.
    pub(super) people: RepoPath,
    words: FxHashMap<At, Rc<Commit>>,
    index: Index,
    /// Landings and entries that an earlier run told.
    pub(super) begun: (usize, usize),
    /// What is odd about landings, beside their times.
    pub(super) noticed: Vec<Remark>,
    /// Commits that messages say were copied, and whether they could be read.
    pub(super) picked: BTreeMap<ObjectId, bool>,
    /// Landings before the last one at which versions stand, and the last changes that are noted for them.
    pub(super) versions: Vec<usize>,
    pub(super) changes: Changes,
    /// The last changes that are noted for the last landing alone.
    pub(super) last: Changes,
    /// What each landing brought in, where somebody asks what happened there.
    brought: Option<Brought>,
    pub(super) inside: Vec<Inside>,
}

impl<'a> Recount<'a> {
    fn new(
        reader: &'a HistoryReader,
        asked: &Question<'a>,
        shallow: &[ObjectId],
        mut kept: Option<Kept>,
    ) -> Result<Self, Lack> {
        let published = asked.published.map(|checkpoint| checkpoint.tip);
        let branch = Branch { name: asked.reference, published };
        let known = kept.as_mut().map(Kept::known).unwrap_or_default();
        let graph = Graph::read(reader, asked.tip, shallow, &branch, known)?;
        let mut recount = Self {
            reader,
            clocks: graph.clocks(),
            remarks: graph.skews(),
            graph,
            trees: Trees::new(reader, asked.folders),
            memo: Memo::new(asked.vocabulary),
            lineages: Lineages::default(),
            entries: Vec::new(),
            notes: Vec::new(),
            runs: FxHashMap::default(),
            drafts: Drafts::default(),
            approvals: Vec::new(),
            revocations: Vec::new(),
            texts: BTreeMap::new(),
            judging: Judging::default(),
            shown: ShownFiles::default(),
            tagged: Tagged::default(),
            lost_tags: 0,
            criteria: BTreeMap::new(),
            people: registry(asked.folders),
            words: FxHashMap::default(),
            index: Index::default(),
            begun: (0, 0),
            noticed: Vec::new(),
            picked: BTreeMap::new(),
            versions: Vec::new(),
            changes: Changes::new(),
            last: Changes::new(),
            brought: None,
            inside: Vec::new(),
        };
        recount.find_versions(asked);
        match kept.filter(|kept| kept.fits(&recount)) {
            Some(kept) => recount.go_on(kept),
            None => recount.lineages = Lineages::new(asked.vocabulary.sidecars()),
        }
        Ok(recount)
    }

    fn follow_tags(&mut self, tags: &Tags) {
        self.tagged = tagged::by_landing(&self.graph, &tags.saying);
        self.lost_tags = tags.lost;
    }

    /// Finds the landings at which the versions stand.
    fn find_versions(&mut self, asked: &Question<'_>) {
        for commit in asked.versions.iter().chain([&asked.tip]) {
            if let Some(landing) = self.graph.landing_of(self.reader, *commit) {
                self.index.landings.insert(*commit, landing);
            }
        }
        let landings = self.graph.landings.iter().zip(&self.clocks);
        self.index.chain = landings.map(|(at, clock)| (self.graph.nodes[*at].id, *clock)).collect();
    }

    /// Lists the landings at which versions stand, and the last one.
    pub(super) fn stops(&self) -> BTreeSet<usize> {
        self.index.landings.values().copied().collect()
    }

    fn go_on(&mut self, kept: Kept) {
        self.begun = (kept.landings, kept.entries.len());
        self.lineages = kept.lineages;
        self.entries = kept.entries;
        self.notes = kept.notes;
        self.runs = kept.runs;
        self.noticed = kept.noticed;
        self.picked = kept.picked;
        self.changes = kept.changes;
        self.last = kept.last;
        self.drafts = kept.drafts;
        self.drafts.find(&self.graph);
    }

    fn run(&mut self) -> Result<(), Lack> {
        let stops = self.stops();
        let mut wanted = Wanted::new();
        let mut landing = self.begun.0;
        if landing > 0 && landing < self.graph.landings.len() && stops.contains(&(landing - 1)) {
            self.note_changes(&mut wanted);
        }
        while landing < self.graph.landings.len() {
            for changes in self.next_changes(landing)? {
                self.land(landing, &changes)?;
                landing += 1;
                if stops.contains(&(landing - 1)) && landing < self.graph.landings.len() {
                    self.note_changes(&mut wanted);
                }
            }
        }
        let told = std::mem::take(&mut self.last);
        let earlier = self.resolve(wanted, &told)?;
        self.changes.extend(earlier);
        let mut wanted = Wanted::new();
        self.note_changes(&mut wanted);
        self.last = self.resolve(wanted, &told)?;
        self.versions = stops.into_iter().filter(|stop| stop + 1 < landing).collect();
        self.relate(self.begun.1);
        self.note_parts();
        self.note_criteria();
        self.approve()
    }

    /// Finds the last changes, unless an earlier run did.
    fn resolve(&mut self, wanted: Wanted, told: &Changes) -> Result<Changes, Lack> {
        // By landing, so that the trees that one needs are still kept for the next.
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.sort_by_key(|((_, landing), _)| *landing);
        let mut found = Changes::new();
        for (key, (path, file)) in wanted {
            let same = |one: &&LastChange| one.path == path && one.blob == file.blob;
            let change = match told.get(&key).filter(same) {
                Some(change) => change.clone(),
                None => self.last_change(path, &file)?,
            };
            found.insert(key, change);
        }
        Ok(found)
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
            let documents = changes.iter().filter(|one| is_markdown(one.path.as_str()));
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
        let rules = self.rules_before(landing, changes);
        let Self { lineages, memo, reader, .. } = self;
        let touched = lineages.land(landing, changes, |blob| memo.of(reader, blob));
        for line in &touched {
            lineages.note_text(landing, *line);
        }
        if let Some(rules) = rules {
            self.draft(landing, &touched, rules)?;
        }
        self.follow_matrices(changes);
        let mut touched: Vec<_> =
            touched.into_iter().map(|line| (self.place(line).0, line)).collect();
        touched.sort();
        if changes.iter().any(|change| change.hidden && change.new.is_none()) {
            let commit = self.graph.nodes[self.graph.landings[landing]].id;
            self.noticed.push(Remark::of(commit, Odd::Submodule));
        }
        touched.into_iter().try_for_each(|(_, line)| self.settle(landing, line))?;
        self.note_concurrent(landing)?;
        let inside = self.brought.as_mut().map(|all| std::mem::take(&mut all[landing]));
        inside.map_or(Ok(()), |commits| self.look_inside(landing, &commits))
    }

    /// Returns where a document is now, or was before it was removed.
    pub(super) fn place(&self, line: Line) -> (RepoPath, Option<&Live>) {
        let lineage = &self.lineages.all[line];
        match (lineage.holders.first(), &lineage.before) {
            (Some(path), _) => (path.clone(), self.lineages.files.get(path)),
            (None, Some((path, file))) => (path.clone(), Some(file)),
            (None, None) => (RepoPath::new(""), None),
        }
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

    /// Notes the last change of each file that is there now and is not noted yet.
    fn note_changes(&self, wanted: &mut Wanted) {
        for (path, file) in &self.lineages.files {
            let key = (file.line, file.changed);
            if !self.changes.contains_key(&key) {
                wanted.entry(key).or_insert_with(|| (path.clone(), file.clone()));
            }
        }
    }

    fn last_change(&mut self, path: RepoPath, file: &Live) -> Result<LastChange, Lack> {
        let target = self.target_of(&path, file);
        let origin = self.content_origin(file.changed, &target, file.blob)?.map(Arc::new);
        let landing = Arc::new(self.landing(file.changed)?);
        Ok(LastChange { line: file.line, path, blob: file.blob, landing, origin })
    }

    /// Returns the log, and what the next run can go on from.
    fn finish(
        mut self,
        repository: &Repository,
        asked: &Question<'_>,
        key: Option<&blake3::Hash>,
    ) -> (DecisionLog, Option<Vec<u8>>) {
        let mut log = DecisionLog {
            statement: self.statement(repository, asked),
            last_changes: Vec::new(),
            ambiguous: self.ambiguous(),
            entries: Vec::new(),
            inside: std::mem::take(&mut self.inside),
            approvals: std::mem::take(&mut self.approvals),
            revocations: std::mem::take(&mut self.revocations),
            texts: std::mem::take(&mut self.texts),
            criteria: std::mem::take(&mut self.criteria),
            signatures: Arc::default(),
            remarks: std::mem::take(&mut self.remarks),
            index: std::mem::take(&mut self.index),
        };
        log.remarks.extend(self.noticed.iter().cloned());
        let at_tip = |(path, file): (&RepoPath, &Live)| {
            let key = (file.line, file.changed);
            let change = self.changes.get(&key).or_else(|| self.last.get(&key))?;
            Some(LastChange { path: path.clone(), blob: file.blob, ..change.clone() })
        };
        log.last_changes = self.lineages.files.iter().filter_map(at_tip).collect();
        let is_new = self.graph.landings.len() >= self.begun.0 + SELDOM || self.begun.0 == 0;
        let is_whole = self.graph.is_whole() && self.memo.missing() == 0;
        let key = key.filter(|_| is_new && is_whole);
        let commits = key.map(|_| self.graph.reads());
        log.index.signed = std::mem::take(&mut self.graph.signed);
        self.reader.forget();
        let mut kept = Kept::of(self);
        kept.commits = commits.unwrap_or_default();
        let bytes = key.and_then(|key| kept.write(key));
        log.entries = kept.entries;
        log.index.changes = kept.changes;
        log.index.changes.extend(kept.last);
        log.weigh_approvals();
        (log, bytes)
    }
}
