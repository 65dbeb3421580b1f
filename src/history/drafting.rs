//! Notes who says that something was approved while the landings pass by: in trailers and in lists of documents. What it
//! amounts to is judged when all texts are known.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::graph::{At, Graph};
use super::lineage::{Line, Live};
use super::log::StatusAt;
use super::recount::Recount;
use super::statement::{Odd, Remark};
use super::trees::Change;
use super::words::KindAt;
use crate::approvals::{Class, Decided, InTag, Listed, Said, Source, said};
use crate::git::Lack;
use crate::kinds::Standing;
use crate::source::{ObjectId, RepoPath};

/// The rules as they stood before a landing, as files.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Rules {
    /// The tree before the landing.
    pub(super) before: Option<ObjectId>,
    /// The tree after it, for rules that came with it.
    pub(super) after: ObjectId,
}

/// A document that says who is accountable for what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MatrixFile {
    pub(super) pack: String,
    pub(super) path: RepoPath,
    pub(super) kind: KindAt,
    pub(super) blob: ObjectId,
}

/// Where and when something was said about a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Scene {
    pub(super) line: Line,
    /// The folder of its pack then.
    pub(super) pack: String,
    pub(super) landing: usize,
    /// The commit that records it; of a list of the document that is found later.
    #[serde(skip)]
    pub(super) at: At,
    /// The same by its id.
    commit: ObjectId,
    pub(super) rules: Rules,
    /// The responsibility matrices of the pack before the landing.
    pub(super) matrices: Rc<[MatrixFile]>,
}

/// That somebody said something about a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) scene: Scene,
    pub(super) source: Source,
    /// The tag that says it.
    pub(super) tag: Option<Rc<InTag>>,
    pub(super) name: String,
    /// What was said; a trailer names an address.
    pub(super) said: Listed,
    /// Whether the landing changed the document, or it says so; nothing when this clone cannot tell.
    pub(super) reflected: Option<bool>,
}

/// That a landing took back the approvals of a document, or of a row of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Revoked {
    pub(super) line: Line,
    pub(super) row: Option<String>,
    pub(super) landing: usize,
    /// How much had been said before.
    pub(super) said: usize,
}

/// What was said so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Drafts {
    pub(super) all: Vec<Draft>,
    /// What landings took back.
    pub(super) revoked: Vec<Revoked>,
    /// How many commits that say something were looked at.
    next: usize,
    /// The matrices that are there now, by path, once they were asked for.
    #[serde(skip)]
    matrices: Option<BTreeMap<RepoPath, MatrixFile>>,
}

impl Drafts {
    /// Finds the commits again in a graph that numbers them anew.
    pub(super) fn find(&mut self, graph: &Graph) {
        for draft in &mut self.all {
            draft.scene.at = graph.place(draft.scene.commit).unwrap_or_default();
        }
    }
}

/// What a commit or a tag says, and where it landed.
#[derive(Clone, Copy)]
struct Spoken<'a> {
    landing: usize,
    at: At,
    tag: Option<&'a Rc<InTag>>,
    said: &'a Said,
    rules: Rules,
}

impl Spoken<'_> {
    fn source(&self) -> Source {
        match self.tag {
            _ if self.said.embedded => Source::Embedded,
            Some(_) => Source::Tag,
            None => Source::Trailer,
        }
    }
}

impl Recount<'_> {
    /// Takes the rules before a landing which may approve something.
    pub(super) fn rules_before(&mut self, landing: usize, changes: &[Change]) -> Option<Rules> {
        let deciding = self.graph.deciding.get(self.drafts.next);
        let says = deciding.is_some_and(|at| self.graph.nodes[*at].landing == landing);
        let mut lists = |change: &Change| {
            let blob = change.new.filter(|_| crate::source::is_markdown(change.path.as_str()));
            blob.is_some_and(|blob| !self.memo.of(self.reader, blob).listed.is_empty())
        };
        let says = says || self.tagged.contains_key(&landing);
        if !says && !changes.iter().any(&mut lists) {
            return None;
        }
        let tree = |landing: usize| self.graph.nodes[self.graph.landings[landing]].tree;
        let (before, after) = (landing.checked_sub(1).map(tree), tree(landing));
        self.find_matrices();
        Some(Rules { before, after })
    }

    fn find_matrices(&mut self) {
        if self.drafts.matrices.is_none() {
            let files = self.lineages.files.iter();
            let found = files.filter_map(|(path, file)| self.matrix(path, file));
            self.drafts.matrices = Some(found.collect());
        }
    }

    /// Takes a file that is a matrix, or may be one since this clone lacks it.
    fn matrix(&self, path: &RepoPath, file: &Live) -> Option<(RepoPath, MatrixFile)> {
        let kind = self.kind_of(path, &file.facts);
        (self.memo.vocabulary.has_matrix(kind) || file.facts.is_lost()).then(|| {
            let pack = self.lineages.pack_of(path).to_owned();
            (path.clone(), MatrixFile { pack, path: path.clone(), kind, blob: file.blob })
        })
    }

    /// Lists the matrices of one pack.
    fn matrices_of(&self, pack: &str) -> Rc<[MatrixFile]> {
        let all = self.drafts.matrices.iter().flat_map(BTreeMap::values);
        all.filter(|matrix| matrix.pack == pack).cloned().collect()
    }

    /// Follows what a landing did to the matrices; where packs begin, they are looked for again.
    pub(super) fn follow_matrices(&mut self, changes: &[Change]) {
        let Some(mut known) = self.drafts.matrices.take() else { return };
        if changes.iter().any(|change| change.path.name() == "pack.toml") {
            return;
        }
        for change in changes.iter().filter(|one| crate::source::is_markdown(one.path.as_str())) {
            let file = self.lineages.files.get(&change.path);
            match file.and_then(|file| self.matrix(&change.path, file)) {
                Some((path, matrix)) => _ = known.insert(path, matrix),
                None => _ = known.remove(&change.path),
            }
        }
        self.drafts.matrices = Some(known);
    }

    /// Notes what the commits of a landing and the documents that it touched say.
    pub(super) fn draft(
        &mut self,
        landing: usize,
        touched: &[Line],
        rules: Rules,
    ) -> Result<(), Lack> {
        while let Some(at) = self.graph.deciding.get(self.drafts.next).copied() {
            if self.graph.nodes[at].landing != landing {
                break;
            }
            self.drafts.next += 1;
            let words = self.words(at)?;
            for said in said(&words.message) {
                let spoken = Spoken { landing, at, tag: None, said: &said, rules };
                self.draft_said(spoken, touched)?;
            }
        }
        let at = self.graph.landings[landing];
        for saying in self.tagged.get(&landing).cloned().unwrap_or_default() {
            for said in saying.said.iter() {
                let spoken = Spoken { landing, at, tag: Some(&saying.tag), said, rules };
                self.draft_said(spoken, touched)?;
            }
        }
        for line in touched {
            self.draft_listed(landing, *line, rules);
        }
        Ok(())
    }

    fn draft_said(&mut self, spoken: Spoken<'_>, touched: &[Line]) -> Result<(), Lack> {
        let said = spoken.said;
        // What is named may be a document that this clone lacks, or one of several of which it lacks what was changed.
        let is_lost = self.lineages.lacks_files() || self.graph.nodes[spoken.at].cut;
        let mut clear = said.unclear.is_empty();
        for name in &said.revokes {
            clear &= self.draft_revoked(spoken, name)? || is_lost;
        }
        for decided in &said.decided {
            clear &= self.draft_decided(spoken, decided, touched)? || is_lost;
            clear &= !said.by.is_empty();
        }
        if !clear {
            let commit = self.graph.nodes[spoken.at].id;
            self.noticed.push(Remark::of(commit, Odd::Unclear));
        }
        Ok(())
    }

    /// Notes what takes approvals back; tells whether it is known of which document.
    fn draft_revoked(&mut self, spoken: Spoken<'_>, name: &str) -> Result<bool, Lack> {
        let (line, row) = self.meant_part(spoken.at, name)?;
        let (landing, said) = (spoken.landing, self.drafts.all.len());
        let revoked = line.map(|line| Revoked { line, row, landing, said });
        self.drafts.revoked.extend(revoked);
        Ok(line.is_some())
    }

    /// Notes what everybody said who is named, of each part that is; tells whether it is known of which document.
    fn draft_decided(
        &mut self,
        spoken: Spoken<'_>,
        decided: &Decided,
        touched: &[Line],
    ) -> Result<bool, Lack> {
        let Spoken { landing, at, tag, said, rules } = spoken;
        let (Some(line), row) = self.meant_part(at, &decided.document)? else { return Ok(false) };
        let scene = self.scene(landing, line, at, rules);
        let scopes = match said.scopes.as_slice() {
            _ if row.is_some() => vec![row],
            [] => vec![None],
            scopes => scopes.iter().cloned().map(Some).collect(),
        };
        for ((name, address, against), scope) in pairs(&said.by, &scopes) {
            let Decided { word, class, digest, .. } = decided.clone();
            let class = if *against { Class::Rejects } else { class };
            let changed = touched.contains(&line);
            let reflected = if changed { Some(true) } else { self.declares(line, class, &word) };
            let listed = Listed {
                by: address.clone(),
                word,
                class,
                scope: scope.clone(),
                digest: digest.filter(|_| scopes.len() == 1),
                expires: said.expires.clone(),
            };
            self.drafts.all.push(Draft {
                scene: scene.clone(),
                source: spoken.source(),
                tag: tag.cloned(),
                name: name.clone(),
                said: listed,
                reflected,
            });
        }
        Ok(true)
    }

    /// Finds the document that a commit names, or the one with a row of this id, and the row.
    fn meant_part(&mut self, at: At, name: &str) -> Result<(Option<Line>, Option<String>), Lack> {
        if let Some(line) = self.meant(at, name)? {
            return Ok((Some(line), None));
        }
        let row = name.rsplit(':').next().map(str::to_owned);
        Ok(self.meant_row(name).map_or((None, None), |line| (Some(line), row)))
    }

    /// Finds the one document with a row that a commit names.
    fn meant_row(&mut self, name: &str) -> Option<Line> {
        match self.with_row(name).as_slice() {
            [line] => Some(*line),
            _ => None,
        }
    }

    /// Tells whether the status of a document says what was decided; nothing when this clone lacks it.
    fn declares(&mut self, line: Line, class: Class, word: &str) -> Option<bool> {
        let status = self.stand(line).status;
        if status == StatusAt::Unknown {
            return None;
        }
        let standing = self.memo.vocabulary.standing(self.target(line).kind, &status);
        let same = status.word().is_some_and(|status| status.replace([' ', '_'], "-") == word);
        let says = same
            || match class {
                Class::Approves => standing == Some(Standing::Approved),
                Class::Rejects => standing == Some(Standing::Closed),
                Class::Other => false,
            };
        Some(says)
    }

    /// Finds the document that a commit names; of several with one id the one that the commit changed.
    fn meant(&mut self, at: At, name: &str) -> Result<Option<Line>, Lack> {
        let lines = self.lineages.named(name);
        if lines.len() < 2 {
            return Ok(lines.first().copied());
        }
        let node = &self.graph.nodes[at];
        let parent = node.parents.first().map(|parent| self.graph.nodes[*parent].tree);
        let changes = self.trees.diff(parent, Some(node.tree))?;
        let is_meant = |line: &&Line| {
            let path = self.place(**line).0;
            changes.iter().any(|change| change.path == path)
        };
        let mut meant = lines.iter().filter(is_meant);
        let first = meant.next().copied();
        Ok(first.filter(|_| meant.next().is_none()))
    }

    /// Notes the entries that are new in the list of a document.
    fn draft_listed(&mut self, landing: usize, line: Line, rules: Rules) {
        let lineage = &self.lineages.all[line];
        let Some(file) = lineage.holders.first().and_then(|path| self.lineages.files.get(path))
        else {
            return;
        };
        let facts = Rc::clone(&file.facts);
        let before = lineage.texts.iter().rev().nth(1).and_then(|text| text.place.clone());
        let known = before.map(|(_, blob)| self.memo.of(self.reader, blob));
        // An entry may be older than what this clone has.
        let is_edge = landing == 0 && self.graph.nodes[self.graph.landings[0]].cut;
        if is_edge || known.as_ref().is_some_and(|known| known.is_lost()) {
            return;
        }
        let is_new = |one: &&Listed| known.as_ref().is_none_or(|known| !known.listed.contains(one));
        let mut new = facts.listed.iter().filter(is_new).peekable();
        if new.peek().is_none() {
            return;
        }
        let scene = self.scene(landing, line, self.graph.landings[landing], rules);
        self.drafts.all.extend(new.map(|one| Draft {
            scene: scene.clone(),
            source: Source::FrontMatter,
            tag: None,
            name: one.by.clone(),
            said: one.clone(),
            reflected: Some(true),
        }));
    }

    fn scene(&self, landing: usize, line: Line, at: At, rules: Rules) -> Scene {
        let pack = self.lineages.pack_of(&self.place(line).0).to_owned();
        let matrices = self.matrices_of(&pack);
        Scene { line, pack, landing, at, commit: self.graph.nodes[at].id, rules, matrices }
    }
}

/// Pairs each of some with each of others.
fn pairs<'a, A, B>(some: &'a [A], others: &'a [B]) -> impl Iterator<Item = (&'a A, &'a B)> {
    some.iter().flat_map(move |one| others.iter().map(move |other| (one, other)))
}
