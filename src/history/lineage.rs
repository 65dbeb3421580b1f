//! Which document is which, from landing to landing: by the folder of its pack and its id; without an id by path, exact
//! renames included. A document that leaves its pack and stands in another one after the same landing goes on there, so
//! moving the folder of a pack, declaring one or giving one up starts no new history.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use super::beside::{Side, Sides, is_fields};
use super::facts::Facts;
use super::log::StatusAt;
use super::texts::Text;
use super::trees::{Change, declared_pack};
use crate::source::{ObjectId, RepoPath};

/// A document's place in [`Lineages::all`].
pub(super) type Line = usize;

/// A file as it is after a landing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Live {
    pub(super) blob: ObjectId,
    /// The file of fields beside it.
    pub(super) side: Option<Side>,
    pub(super) facts: Rc<Facts>,
    pub(super) line: Line,
    /// The landing that last changed the bytes.
    pub(super) changed: usize,
}

/// One document through time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Lineage {
    /// The files that are this document now; two or more make it ambiguous.
    pub(super) holders: BTreeSet<RepoPath>,
    /// The id it stated last.
    pub(super) id: Option<String>,
    /// The pack's folder under which its id is known.
    pack: String,
    /// The last value that could be read.
    pub(super) last: StatusAt,
    /// Whether a value in between could not be known at all.
    pub(super) unknown: bool,
    /// Landings in between that could not be read.
    pub(super) gap: Vec<ObjectId>,
    /// Whether its file went into a submodule, which is another repository.
    pub(super) hidden: bool,
    /// The file before it was removed or changed.
    pub(super) before: Option<(RepoPath, Live)>,
    /// Every text that it had.
    pub(super) texts: Vec<Text>,
}

impl Default for Lineage {
    fn default() -> Self {
        Self {
            holders: BTreeSet::new(),
            id: None,
            pack: String::new(),
            last: StatusAt::NoDocument,
            unknown: false,
            gap: Vec::new(),
            hidden: false,
            before: None,
            texts: Vec::new(),
        }
    }
}

/// All documents seen so far and the files that are there now.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Lineages {
    pub(super) all: Vec<Lineage>,
    pub(super) files: BTreeMap<RepoPath, Live>,
    /// By the pack's folder and the id.
    by_id: FxHashMap<(String, String), Line>,
    by_path: FxHashMap<RepoPath, Line>,
    packs: PackFolders,
    sides: Sides,
    /// The files that are there now and that this clone lacks.
    #[serde(skip)]
    lost: BTreeSet<RepoPath>,
}

/// The folders that hold a `pack.toml`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct PackFolders(BTreeSet<String>);

impl PackFolders {
    /// Returns the innermost pack folder that a file lies in, `""` outside all.
    fn of<'p>(&self, path: &'p RepoPath) -> &'p str {
        let mut folder = path.folder();
        while !folder.is_empty() && !self.0.contains(folder) {
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        folder
    }
}

/// What a landing took away or is about to replace, by path.
type Before = BTreeMap<RepoPath, Live>;

impl Lineages {
    /// Starts with no document; `names` are those of files whose fields belong to the page of their folder.
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { sides: Sides::new(names), ..Self::default() }
    }

    /// Applies what a landing changed; returns the documents it touched.
    pub(super) fn land(
        &mut self,
        landing: usize,
        changes: &[Change],
        mut facts: impl FnMut(ObjectId) -> Rc<Facts>,
    ) -> Vec<Line> {
        let changes = &self.with_other_fields(changes);
        let changes = &self.with_other_pack(changes);
        let first = self.all.len();
        let before = self.take_away(changes);
        let mut touched: BTreeSet<Line> = before.values().map(|live| live.line).collect();
        let added: Vec<_> = changes
            .iter()
            .filter_map(|change| Some((&change.path, change.new?, facts(change.new?))))
            .collect();
        let lost: BTreeSet<&RepoPath> =
            added.iter().filter(|(.., facts)| facts.is_lost()).map(|(path, ..)| *path).collect();
        let leaves = leaving(&before, &lost);
        let (named, nameless): (Vec<_>, Vec<_>) =
            added.into_iter().partition(|(_, _, facts)| facts.id.is_some());
        // Who is known already goes first: only what is left over may have come from another pack.
        let (known, new): (Vec<_>, Vec<_>) = named
            .into_iter()
            .partition(|(path, _, facts)| self.by_id.contains_key(&self.key(path, facts)));
        for (path, blob, facts) in known.into_iter().chain(new) {
            let line = self.line_of_id(path, blob, &facts, &leaves);
            touched.insert(self.put(landing, path, blob, facts, line, &before));
        }
        let mut gone = renamable(&before, changes);
        for (path, blob, facts) in nameless {
            let line = self.line_of_path(path, blob, &before, &mut gone);
            touched.insert(self.put(landing, path, blob, facts, line, &before));
        }
        self.hide_moved(&before, &lost);
        self.doubt_new(first, &before, &lost, changes);
        touched.into_iter().collect()
    }

    /// A file that this clone lacks may be a document that went away in the same landing.
    fn hide_moved(&mut self, before: &Before, lost: &BTreeSet<&RepoPath>) {
        if lost.iter().any(|path| !before.contains_key(*path)) {
            for live in before.values() {
                let lineage = &mut self.all[live.line];
                lineage.hidden |= lineage.holders.is_empty();
            }
        }
    }

    /// A document that is new, from this line on, may be an older one of which this clone lacks what would tell: one
    /// that went away, one whose file is lost, or one of another repository.
    fn doubt_new(
        &mut self,
        first: Line,
        before: &Before,
        lost: &BTreeSet<&RepoPath>,
        changes: &[Change],
    ) {
        let there = if first < self.all.len() { self.stated_by_lost() } else { BTreeSet::new() };
        for line in first..self.all.len() {
            let Lineage { id, holders, pack, .. } = &self.all[line];
            let was = |(path, live): (&RepoPath, &Live)| {
                let is_gone = live.facts.is_lost() && self.all[live.line].holders.is_empty();
                id.is_some() && (is_gone || live.facts.id == *id && lost.contains(path))
            };
            let came_back = |change: &Change| change.hidden && holders.contains(&change.path);
            // A file that is lost may state the same id.
            let is_there = |stated| there.contains(&(pack.clone(), stated));
            let may_be_there = id.is_some() && (is_there(None) || is_there(id.clone()));
            let open = may_be_there || before.iter().any(was) || changes.iter().any(came_back);
            self.all[line].unknown |= open;
        }
    }

    /// Tells whether files are there now that this clone lacks.
    pub(super) fn lacks_files(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Lists the packs of files that are there and lost, each with the id that the file stated last.
    fn stated_by_lost(&self) -> BTreeSet<(String, Option<String>)> {
        let stated = |path: &RepoPath| self.all[self.files[path].line].id.clone();
        self.lost.iter().map(|path| (self.packs.of(path).to_owned(), stated(path))).collect()
    }

    /// Notes which files of fields are there now. Pages beside one that changed count as changed.
    fn with_other_fields<'c>(&mut self, changes: &'c [Change]) -> Cow<'c, [Change]> {
        let is_side = |change: &&Change| {
            is_fields(change.path.as_str()) && declared_pack(change.path.as_str()).is_none()
        };
        if !changes.iter().any(|change| is_side(&change)) {
            return Cow::Borrowed(changes);
        }
        let (sides, mut others): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(is_side);
        for change in &sides {
            self.sides.note(change);
        }
        let listed: BTreeSet<&RepoPath> = others.iter().map(|change| &change.path).collect();
        let beside = sides.iter().flat_map(|change| self.sides.pages(&change.path, &self.files));
        let same: Vec<Change> = beside
            .filter(|page| !listed.contains(page))
            .map(|page| (page, Some(self.files[page].blob)))
            .map(|(page, blob)| Change { path: page.clone(), old: blob, new: blob, hidden: false })
            .collect();
        others.extend(&same);
        let mut others: Vec<Change> = others.into_iter().cloned().collect();
        others.sort_by(|one, other| one.path.cmp(&other.path));
        others.dedup_by(|one, other| one.path == other.path);
        Cow::Owned(others)
    }

    /// Notes which folders are packs now. Files that lie in another pack than before count as changed.
    fn with_other_pack(&mut self, changes: &[Change]) -> Vec<Change> {
        let (declared, documents): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| declared_pack(change.path.as_str()).is_some());
        let mut documents: Vec<Change> = documents.into_iter().cloned().collect();
        if declared.iter().all(|change| change.old.is_some() && change.new.is_some()) {
            return documents;
        }
        let before = self.packs_inside(&declared);
        for change in declared {
            let folder = change.path.folder();
            if change.new.is_some() {
                self.packs.0.insert(folder.to_owned());
            } else {
                self.packs.0.remove(folder);
            }
        }
        let listed: BTreeSet<RepoPath> =
            documents.iter().map(|change| change.path.clone()).collect();
        let moved = before
            .into_iter()
            .filter(|(path, pack)| pack != self.packs.of(path) && !listed.contains(path));
        let same = |(path, _)| {
            let blob = self.files.get(&path).map(|live| live.blob);
            Change { path, old: blob, new: blob, hidden: false }
        };
        documents.extend(moved.map(same));
        documents.sort_by(|one, other| one.path.cmp(&other.path));
        documents
    }

    /// Lists the files inside the declared folders, each with the folder of its pack; a pack at the root changes nothing.
    fn packs_inside(&self, declared: &[&Change]) -> BTreeMap<RepoPath, String> {
        let folders = declared.iter().map(|change| change.path.folder());
        folders
            .filter(|folder| !folder.is_empty())
            .flat_map(|folder| {
                let start = RepoPath::new(&format!("{folder}/"));
                let after = self.files.range(start.clone()..).map(|(path, _)| path);
                after.take_while(move |path| path.as_str().starts_with(start.as_str()))
            })
            .map(|path| (path.clone(), self.packs.of(path).to_owned()))
            .collect()
    }

    /// Tells whether a file lies in a declared pack.
    pub(super) fn is_packed(&self, path: &RepoPath) -> bool {
        self.packs.0.contains(self.packs.of(path))
    }

    /// Returns the folder of the pack that a file lies in, `""` outside all packs.
    pub(super) fn pack_of<'p>(&self, path: &'p RepoPath) -> &'p str {
        self.packs.of(path)
    }

    /// Finds the document that a file of another commit is, by its id, else by its path.
    pub(super) fn line_at(&self, path: &RepoPath, id: Option<&str>) -> Option<Line> {
        let by_id = id.and_then(|id| {
            self.by_id.get(&(self.packs.of(path).to_owned(), id.to_owned())).copied()
        });
        let at_path = || self.files.get(path).map(|file| file.line);
        let without_id = || at_path().or_else(|| self.by_path.get(path).copied());
        by_id.or_else(|| if id.is_none() { without_id() } else { None })
    }

    /// Lists the pages that a file of fields may belong to.
    pub(super) fn pages_beside(&self, path: &RepoPath) -> Vec<RepoPath> {
        self.sides.pages(path, &self.files).cloned().collect()
    }

    fn key(&self, path: &RepoPath, facts: &Facts) -> (String, String) {
        (self.packs.of(path).to_owned(), facts.id.clone().unwrap_or_default())
    }

    fn take_away(&mut self, changes: &[Change]) -> Before {
        let mut before = Before::new();
        for change in changes {
            if let Some(live) = self.files.remove(&change.path) {
                self.lost.remove(&change.path);
                let lineage = &mut self.all[live.line];
                lineage.holders.remove(&change.path);
                lineage.hidden = change.hidden;
                lineage.before = Some((change.path.clone(), live.clone()));
                before.insert(change.path.clone(), live);
            }
        }
        before
    }

    /// An id that is new takes over the document that its path was, when that had none (late ids).
    fn line_of_id(
        &mut self,
        path: &RepoPath,
        blob: ObjectId,
        facts: &Facts,
        before: &Before,
    ) -> Line {
        let key = self.key(path, facts);
        if let Some(line) = self.by_id.get(&key) {
            return *line;
        }
        if let Some(line) = self.moved_to(path, blob, facts, before) {
            let Lineage { pack, id, .. } = &mut self.all[line];
            self.by_id.remove(&(std::mem::take(pack), id.clone().unwrap_or_default()));
            return self.know(key, line);
        }
        if let Some(line) = self.known_as(&key.0, facts) {
            return self.know(key, line);
        }
        let adopted =
            before.get(path).map(|live| live.line).filter(|line| self.all[*line].id.is_none());
        if adopted.is_some() {
            self.by_path.remove(path);
        }
        let line = adopted.unwrap_or_else(|| self.open());
        self.know(key, line)
    }

    fn know(&mut self, key: (String, String), line: Line) -> Line {
        self.all[line].pack.clone_from(&key.0);
        self.by_id.insert(key, line);
        line
    }

    /// Finds the document that had one of the ids which a file says it had, when no file has that id any more.
    fn known_as(&self, pack: &str, facts: &Facts) -> Option<Line> {
        let lines =
            facts.was.iter().filter_map(|id| self.by_id.get(&(pack.to_owned(), id.clone())));
        lines.copied().find(|line| self.all[*line].holders.is_empty())
    }

    /// Finds the document with this id that this landing took away elsewhere; a file that could not be read has the id
    /// that its document had.
    fn moved_to(
        &self,
        path: &RepoPath,
        blob: ObjectId,
        facts: &Facts,
        before: &Before,
    ) -> Option<Line> {
        let stated = |old: &Live| match old.facts.readable() {
            true => old.facts.id == facts.id,
            false => self.all[old.line].id == facts.id,
        };
        before
            .iter()
            .filter(|(_, old)| stated(old) && self.all[old.line].holders.is_empty())
            .max_by_key(|(old, live)| (live.blob == blob, likeness(old, path)))
            .map(|(_, live)| live.line)
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
        lineage.hidden = false;
        lineage.holders.insert(path.clone());
        if let Some(id) = &facts.id {
            lineage.id = Some(id.clone());
        }
        let side = self.sides.of(path);
        if facts.is_lost() {
            self.lost.insert(path.clone());
        }
        self.files.insert(path.clone(), Live { blob, side, facts, line, changed });
        line
    }
}

/// Leaves out the files whose place now holds one that this clone lacks: they may still be there.
fn leaving<'b>(before: &'b Before, lost: &BTreeSet<&RepoPath>) -> Cow<'b, Before> {
    if lost.is_empty() {
        return Cow::Borrowed(before);
    }
    let mut leaving = before.clone();
    leaving.retain(|path, _| !lost.contains(path));
    Cow::Owned(leaving)
}

/// Counts the parts that two paths share at both ends: which of several files is the one that moved.
pub(super) fn likeness(one: &RepoPath, other: &RepoPath) -> usize {
    let (one, other) = (one.as_str(), other.as_str());
    let starts = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other);
    let ends = one.rsplit('/').zip(other.rsplit('/')).take_while(|(one, other)| one == other);
    starts.count() + ends.count()
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
