//! From what was said to approvals: on which text, by whom, how sure, and whether it was the right person.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::drafting::{Draft, MatrixFile, Scene};
use super::facts::Facts;
use super::graph::At;
use super::lineage::Line;
use super::log::{How, LandingKind};
use super::message::pull_request;
use super::place::{Place, Target};
use super::recount::Recount;
use super::texts::Text;
use super::trees::Change;
use crate::approvals::{
    self, Approval, Assurance, Binding, By, Class, Duty, Evidence, Identity, Lacks, Policy,
    PolicyFiles, Source, TextAt, Wanted, judge,
};
use crate::assemble::day_of;
use crate::document::digest::{self, Digest};
use crate::document::front_matter;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// Committers that only press a button for the author.
const FORGES: [&str; 2] = ["noreply@github.com", "noreply@gitlab.com"];

/// What is known about texts and rules while approvals are judged.
#[derive(Default)]
pub(super) struct Judging {
    /// The commits that came with each landing, oldest first.
    pub(super) by_landing: FxHashMap<usize, Vec<At>>,
    pub(super) digests: FxHashMap<ObjectId, Option<Digest>>,
    policies: FxHashMap<(ObjectId, bool, String), Rc<ReadRules>>,
    /// The landing at which each document was last approved by all who must.
    approved: FxHashMap<Line, usize>,
    /// The approvals of each document.
    of_line: FxHashMap<Line, Vec<usize>>,
    /// Documents that all who must may have approved, as far as this clone tells.
    unsure: FxHashSet<Line>,
    /// How many of the landings that took approvals back were looked at.
    revoked: usize,
    /// The last landing that brought in commits which this clone lacks.
    last_cut: Option<usize>,
}

/// The rules by which an approval is judged.
#[derive(Default)]
struct ReadRules {
    policy: Policy,
    /// Whether they came with the same landing, since there were none before.
    is_first: bool,
    /// Whether this clone lacks some of them.
    is_lost: bool,
}

impl Judging {
    /// From here on all who wrote a document count again.
    fn begin_anew(&mut self, line: Line) {
        self.approved.remove(&line);
        self.unsure.remove(&line);
    }

    /// Returns the landing at which all who must had approved a document.
    pub(super) fn approved(&self, line: Line) -> Option<usize> {
        self.approved.get(&line).copied()
    }
}

impl Recount<'_> {
    /// Judges all that was said, in order of landing.
    pub(super) fn approve(&mut self) -> Result<(), Lack> {
        let drafts = self.drafts.all.clone();
        let mut lines: BTreeMap<Line, Vec<&Draft>> = BTreeMap::new();
        for draft in &drafts {
            lines.entry(draft.scene.line).or_default().push(draft);
        }
        for line in self.criteria.keys() {
            lines.entry(*line).or_default();
        }
        if lines.is_empty() {
            return Ok(());
        }
        self.judging.by_landing = self.by_landing();
        let cut = self.graph.nodes.iter().filter(|node| node.cut);
        self.judging.last_cut = cut.map(|node| node.landing).max();
        for (line, own) in lines {
            let scopes = own.iter().filter_map(|draft| draft.said.scope.as_ref()).collect();
            let first = own.iter().map(|draft| draft.scene.landing).min().unwrap_or_default();
            let first = if self.criteria.contains_key(&line) { 0 } else { first };
            let texts = self.texts_of(line, first, &scopes)?;
            self.texts.insert(line, texts);
        }
        for draft in drafts {
            self.revoke(draft.scene.landing)?;
            if let Some(approval) = self.approval(draft)? {
                self.keep(approval);
            }
        }
        self.revoke(usize::MAX)
    }

    fn by_landing(&self) -> FxHashMap<usize, Vec<At>> {
        let nodes = &self.graph.nodes;
        let mut commits: Vec<At> = (0..nodes.len()).collect();
        commits.sort_by_key(|at| nodes[*at].order);
        let mut by_landing: FxHashMap<usize, Vec<At>> = FxHashMap::default();
        for at in commits {
            by_landing.entry(nodes[at].landing).or_default().push(at);
        }
        by_landing
    }

    /// Takes back what landings before one took back: who wrote the text then counts again.
    fn revoke(&mut self, before: usize) -> Result<(), Lack> {
        while let Some((line, landing)) = self.drafts.revoked.get(self.judging.revoked).copied() {
            if landing >= before {
                break;
            }
            self.judging.revoked += 1;
            self.judging.begin_anew(line);
            let landing = self.landing(landing)?;
            for at in self.judging.of_line.get(&line).into_iter().flatten() {
                self.approvals[*at].revoked.get_or_insert_with(|| landing.clone());
            }
        }
        Ok(())
    }

    /// Adds an approval; one that is told in two places of a landing is one.
    fn keep(&mut self, approval: Approval) {
        let (line, landing) = (approval.line, approval.landing.index);
        let own = self.judging.of_line.entry(line).or_default();
        let same = |known: &Approval| {
            known.landing.index == landing
                && known.by.is(&approval.by)
                && (known.class, &known.scope) == (approval.class, &approval.scope)
                && (known.digest == approval.digest || approval.digest.is_none())
        };
        if let Some(at) = own.iter().find(|at| same(&self.approvals[**at])) {
            let known = &mut self.approvals[*at];
            let expires = known.expires.take().or_else(|| approval.expires.clone());
            if approval.assurance > known.assurance {
                *known = approval;
            }
            known.expires = expires;
            return;
        }
        own.push(self.approvals.len());
        if approval.class == Class::Rejects {
            self.judging.begin_anew(line);
        }
        self.approvals.push(approval);
        match self.evidence_at(line, landing) {
            Evidence::Enough => {
                self.judging.approved.insert(line, landing);
                self.judging.unsure.remove(&line);
            }
            Evidence::Undetermined => _ = self.judging.unsure.insert(line),
            _ => {}
        }
    }

    /// Adds up the approvals of a document at a landing.
    fn evidence_at(&self, line: Line, landing: usize) -> Evidence {
        let own = self.judging.of_line.get(&line).into_iter().flatten();
        let own: Vec<&Approval> = own.map(|at| &self.approvals[*at]).collect();
        let texts = self.texts.get(&line).map(Vec::as_slice).unwrap_or_default();
        let until = texts.partition_point(|text| text.landing.index <= landing);
        let states = approvals::states(&own, &texts[..until], None);
        let judged: Vec<_> = own.into_iter().zip(states).collect();
        approvals::evidence(&judged, self.graph.is_whole() && self.memo.missing() == 0)
    }

    /// Lists the texts of a document with what they say; who changed them is asked from the first approval on.
    fn texts_of(
        &mut self,
        line: Line,
        first: usize,
        scopes: &BTreeSet<&String>,
    ) -> Result<Vec<TextAt>, Lack> {
        let texts = self.lineages.all[line].texts.clone();
        let mut told: Vec<TextAt> = Vec::with_capacity(texts.len());
        for Text { landing, place, clear } in texts {
            let blob = place.as_ref().map(|(_, blob)| *blob);
            if told.last().is_some_and(|last| last.blob == blob && last.known && clear) {
                continue;
            }
            let by = match &place {
                Some((path, blob)) if landing >= first => {
                    let target = self.target_at(line, path, *blob);
                    self.content_origin(landing, &target, *blob)?
                }
                _ => None,
            };
            let bytes = blob.and_then(|blob| self.bytes(blob));
            let section = |scope: &&String| {
                Some(((*scope).clone(), digest::of_section(bytes.as_ref()?, scope)?))
            };
            told.push(TextAt {
                landing: self.landing(landing)?,
                by,
                blob,
                digest: bytes.as_ref().map(|bytes| digest::of_bytes(bytes)),
                likeness: bytes.as_ref().map(|bytes| digest::likeness(bytes)),
                sections: scopes.iter().filter_map(section).collect::<BTreeMap<_, _>>(),
                known: clear && (blob.is_none() || bytes.is_some()),
            });
        }
        Ok(told)
    }

    fn approval(&mut self, draft: Draft) -> Result<Option<Approval>, Lack> {
        let Scene { line, landing, .. } = draft.scene;
        let Some((path, blob)) = self.text_at(line, landing) else { return Ok(None) };
        let target = self.target_at(line, &path, blob);
        let Some(at) = self.recorded_at(&draft, &target)? else { return Ok(None) };
        if self.is_carried_over(at, &target)? {
            return Ok(None);
        }
        let rules = self.policy(&draft);
        let ReadRules { policy, is_first, .. } = &*rules;
        let landed = self.landing(landing)?;
        let approvers = self.approvers(line, landing);
        let lacks = Lacks {
            rules: rules.is_lost || approvers.is_none(),
            later: self.may_be_taken_back(landing, at),
        };
        let (approvers, own) = approvers.unwrap_or_default();
        let kind = self.memo.vocabulary.kind(target.kind);
        let id = target.id.clone().unwrap_or_else(|| path.to_string());
        let wanted = Wanted { id: &id, path: &path, kind, approvers: &approvers };
        let wanted = if lacks.rules { Vec::new() } else { policy.wanted(wanted) };
        let identity = policy.identity(&draft.said.by);
        let contributors = self.contributors(line, landing, policy)?;
        let (fulfils, stands_in) = spoken_for(policy, &identity, &wanted, &day_of(landed.clock));
        let accountable = (!wanted.is_empty()).then_some(!fulfils.is_empty());
        let place = self.in_commit(at, landing, &target)?;
        let bound = self.bound(&draft, place.as_ref());
        Ok(Some(Approval {
            line,
            document: id,
            public: self.memo.of(self.reader, blob).public,
            by: By {
                person: identity.person().map(str::to_owned),
                name: draft.name.clone(),
                address: draft.said.by.clone(),
            },
            duty: self.duty(line, at, judge(&identity, accountable, &contributors))?,
            stands_in,
            assurance: self.assurance(&draft, at, &identity, policy)?,
            binding: self.binding(&draft, at)?,
            digest: bound.0,
            likeness: bound.1,
            blob: bound.2,
            commit: self.graph.nodes[at].id,
            recorded: self.authorship(at, How::Commit, Vec::new())?,
            pack: draft.scene.pack,
            path,
            decision: draft.said.word,
            class: draft.said.class,
            scope: draft.said.scope,
            expires: draft.said.expires,
            landing: landed,
            source: draft.source,
            reflected: draft.reflected,
            bootstrap: (own || *is_first) && !lacks.rules,
            lacks,
            wanted,
            fulfils,
            contributors,
            revoked: None,
        }))
    }

    /// Returns where a document was after a landing, or last before it.
    fn text_at(&self, line: Line, landing: usize) -> Option<(RepoPath, ObjectId)> {
        let texts = &self.lineages.all[line].texts;
        let until = texts.partition_point(|text| text.landing <= landing);
        texts[..until].last()?.place.clone()
    }

    /// Who wrote a text counts since it was last approved; when that is not known, some of it may not count. What a commit
    /// records that does not say whose it is may be the word of whom it names.
    fn duty(&mut self, line: Line, at: At, judged: Duty) -> Result<Duty, Lack> {
        let words = self.words(at)?;
        let is_anonymous = words.author.email.is_empty() || words.committer.email.is_empty();
        let is_unsure = self.judging.unsure.contains(&line);
        Ok(match judged {
            Duty::Ok | Duty::CoAuthor if is_anonymous => Duty::Undetermined,
            Duty::SelfApproved | Duty::CoAuthor if is_unsure => Duty::Undetermined,
            judged => judged,
        })
    }

    /// Tells whether commits are lacking that may take back what a commit of a landing says.
    fn may_be_taken_back(&self, landing: usize, at: At) -> bool {
        let is_last = at == self.graph.landings[landing];
        self.judging.last_cut.is_some_and(|cut| cut > landing || cut == landing && !is_last)
    }

    /// Reads a whole file; notes it when this clone lacks it.
    pub(super) fn bytes(&mut self, blob: ObjectId) -> Option<Rc<[u8]>> {
        let start = self.reader.blob_start(blob, usize::MAX);
        if start.is_err() {
            self.memo.lose(blob);
        }
        start.ok().map(|start| start.bytes)
    }

    /// Says what to look for to find a document in other commits.
    pub(super) fn target_at(&mut self, line: Line, path: &RepoPath, blob: ObjectId) -> Target {
        let facts = self.memo.of(self.reader, blob);
        let kind = self.kind_of(path, &facts);
        let kept = || self.lineages.all[line].id.clone().filter(|_| !facts.readable());
        Target {
            path: path.clone(),
            id: facts.id.clone().or_else(kept),
            was: facts.was.clone(),
            kind,
            side: None,
        }
    }

    /// Finds a document in a commit that came with a landing.
    pub(super) fn in_commit(
        &mut self,
        at: At,
        landing: usize,
        target: &Target,
    ) -> Result<Option<Place>, Lack> {
        let top = self.graph.landings[landing];
        if at == top {
            let tree = self.graph.nodes[at].tree;
            return self.at(tree, target, &target.path);
        }
        self.locate(top, at, target)
    }

    /// Finds the commit that records what was said; an entry of a list is recorded where no parent has it. Nothing when
    /// this clone lacks what would tell.
    fn recorded_at(&mut self, draft: &Draft, target: &Target) -> Result<Option<At>, Lack> {
        if draft.source != Source::FrontMatter {
            return Ok(Some(draft.scene.at));
        }
        let commits = self.judging.by_landing.get(&draft.scene.landing).cloned();
        for at in commits.unwrap_or_default() {
            let Some(place) = self.in_commit(at, draft.scene.landing, target)? else { continue };
            let facts = self.memo.of(self.reader, place.blob);
            if facts.is_lost() || self.graph.nodes[at].cut {
                return Ok(None);
            }
            if !facts.listed.contains(&draft.said) {
                continue;
            }
            let parents = self.in_parents(at, &target.at_path(Some(place.path)))?;
            let mut facts = |place: &Place| self.memo.of(self.reader, place.blob);
            let parents: Vec<Rc<Facts>> = parents.iter().flatten().map(&mut facts).collect();
            if parents.iter().any(|facts| facts.is_lost()) {
                return Ok(None);
            }
            if !parents.iter().any(|facts| facts.listed.contains(&draft.said)) {
                return Ok(Some(at));
            }
        }
        Ok(Some(draft.scene.at))
    }

    /// Tells whether a commit copies another one that speaks of a document of another pack.
    fn is_carried_over(&mut self, at: At, target: &Target) -> Result<bool, Lack> {
        let words = self.words(at)?;
        let Some(picked) = super::message::picked_from(&words.message) else { return Ok(false) };
        let Ok(links) = self.reader.links(picked) else { return Ok(false) };
        let parent = links.parents.first().and_then(|parent| self.reader.links(*parent).ok());
        let changes = self.trees.diff(parent.map(|parent| parent.tree), Some(links.tree))?;
        let same_id = |change: &&Change| {
            let id = change.new.map(|blob| self.memo.of(self.reader, blob).id.clone());
            id.is_some_and(|id| id.is_some() && id == target.id)
        };
        let copied: Vec<&Change> = changes.iter().filter(same_id).collect();
        let is_here = |change: &&Change| {
            self.lineages.pack_of(&change.path) == self.lineages.pack_of(&target.path)
        };
        Ok(!copied.is_empty() && !copied.iter().any(is_here))
    }

    /// Reads the rules before a landing, or those that came with it where there were none.
    fn policy(&mut self, draft: &Draft) -> Rc<ReadRules> {
        let Scene { rules, matrices, pack, landing, .. } = &draft.scene;
        if rules.before.is_none() && self.graph.nodes[self.graph.landings[*landing]].cut {
            return Rc::new(ReadRules { is_lost: true, ..ReadRules::default() });
        }
        let people = self.people.clone();
        let has_people = |this: &mut Self, tree: ObjectId| {
            this.trees.find(tree, &people).ok().flatten().is_some()
        };
        let before = rules.before.filter(|tree| has_people(self, *tree));
        let (tree, bootstrap) = before.map_or((rules.after, true), |tree| (tree, false));
        let key = (tree, bootstrap, pack.clone());
        if let Some(known) = self.judging.policies.get(&key) {
            return Rc::clone(known);
        }
        let mut is_lost = false;
        let mut read = |this: &mut Self, blob: Option<ObjectId>| -> Option<Arc<[u8]>> {
            let bytes = this.bytes(blob?);
            is_lost |= bytes.is_none();
            bytes.map(|bytes| Arc::from(&*bytes))
        };
        let find = |this: &mut Self, path: &RepoPath| this.trees.find(tree, path).ok().flatten();
        let pack_file =
            if pack.is_empty() { "pack.toml".to_owned() } else { format!("{pack}/pack.toml") };
        let (people, declared) = (find(self, &people), find(self, &RepoPath::new(&pack_file)));
        let (people, declared) = (read(self, people), read(self, declared));
        let matrix = |matrix: &MatrixFile| {
            Some((matrix.path.clone(), matrix.kind, read(self, Some(matrix.blob))?))
        };
        let matrices = matrices.iter().filter_map(matrix).collect();
        let files = PolicyFiles { people, pack: declared, matrices };
        let policy = Policy::read(&files, self.memo.vocabulary.kinds());
        let policy = Rc::new(ReadRules { policy, is_first: bootstrap, is_lost });
        self.judging.policies.insert(key, Rc::clone(&policy));
        policy
    }

    /// Reads whom a document itself names as approvers before a landing; of a new one with it, and says so. Nothing when
    /// this clone lacks the text.
    fn approvers(&mut self, line: Line, landing: usize) -> Option<(Vec<String>, bool)> {
        let before = landing.checked_sub(1).and_then(|before| self.text_at(line, before));
        let is_new = before.is_none();
        let text = before.or_else(|| self.text_at(line, landing));
        let Some((_, blob)) = text else { return Some((Vec::new(), false)) };
        let bytes = self.bytes(blob)?;
        let text = String::from_utf8_lossy(&bytes);
        let approvers = approvals::approvers(&text, &front_matter::read(&text).0);
        let own = is_new && !approvers.is_empty();
        Some((approvers, own))
    }

    /// How sure it is that the person said so: unsigned, the author counts, and the committer when it is no forge.
    fn assurance(
        &mut self,
        draft: &Draft,
        at: At,
        identity: &Identity,
        policy: &Policy,
    ) -> Result<Assurance, Lack> {
        let words = self.words(at)?;
        let is_theirs = |address: &str| match identity.person() {
            Some(person) => policy.identity(address).person() == Some(person),
            None => address.eq_ignore_ascii_case(&draft.said.by),
        };
        let committer = &words.committer.email;
        let own = is_theirs(&words.author.email)
            && (is_theirs(committer) || FORGES.contains(&committer.as_str()));
        let embedded = draft.source == Source::Embedded;
        Ok(if own && !embedded { Assurance::Attributed } else { Assurance::Reported })
    }

    fn binding(&mut self, draft: &Draft, at: At) -> Result<Binding, Lack> {
        if draft.said.digest.is_some() {
            return Ok(Binding::Explicit);
        }
        let landed = at == self.graph.landings[draft.scene.landing];
        let direct = landed && matches!(self.kind(at), LandingKind::Direct | LandingKind::Boundary);
        let squashed =
            draft.source == Source::Embedded || pull_request(&self.words(at)?.message).is_some();
        Ok(if direct && squashed { Binding::ImplicitSquash } else { Binding::Implicit })
    }

    /// Finds the text that was approved: what it says, what it is like, its bytes.
    fn bound(
        &self,
        draft: &Draft,
        place: Option<&Place>,
    ) -> (Option<Digest>, Option<Digest>, Option<ObjectId>) {
        let said = |blob: ObjectId| {
            let bytes = self.reader.blob_start(blob, usize::MAX).ok()?.bytes;
            match &draft.said.scope {
                Some(scope) => digest::of_section(&bytes, scope),
                None => Some(digest::of_bytes(&bytes)),
            }
        };
        let likeness = |blob: ObjectId| {
            Some(digest::likeness(&self.reader.blob_start(blob, usize::MAX).ok()?.bytes))
        };
        let here = place.map(|place| place.blob);
        let Some(stated) = draft.said.digest else {
            return (here.and_then(said), here.and_then(likeness), here);
        };
        let texts = self.lineages.all[draft.scene.line].texts.iter();
        let known = texts.filter_map(|text| Some(text.place.as_ref()?.1));
        let blob = here.into_iter().chain(known).find(|blob| said(*blob) == Some(stated));
        (Some(stated), blob.and_then(likeness), blob)
    }
}

/// Finds those of who must approve for whom a person may speak, and whether that is only in the place of others.
fn spoken_for(
    policy: &Policy,
    identity: &Identity,
    wanted: &[String],
    day: &str,
) -> (Vec<String>, bool) {
    let Some(person) = identity.person() else { return (Vec::new(), false) };
    let speaks = |party: &&String| policy.speaks_for(person, party, day);
    let fulfils: Vec<String> = wanted.iter().filter(speaks).cloned().collect();
    let stands_in = |party: &String| policy.stands_in(person, party, day);
    let stands_in = !fulfils.is_empty() && fulfils.iter().all(stands_in);
    (fulfils, stands_in)
}
