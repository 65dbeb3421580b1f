//! From what was said to approvals: on which text, by whom, how sure, and whether it was the right person.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::drafting::{Draft, MatrixFile};
use super::graph::At;
use super::lineage::Line;
use super::log::{How, LandingKind};
use super::message::pull_request;
use super::place::{Place, Target};
use super::recount::Recount;
use super::texts::Text;
use super::trees::Change;
use crate::approvals::{
    self, Approval, Assurance, Binding, By, Class, Evidence, Identity, Policy, PolicyFiles, Source,
    TextAt, Wanted, judge,
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
    /// The commits of each landing that has approvals or texts of approved documents.
    pub(super) by_landing: FxHashMap<usize, Vec<At>>,
    pub(super) digests: FxHashMap<ObjectId, Option<Digest>>,
    policies: FxHashMap<(ObjectId, bool, String), Rc<(Policy, bool)>>,
    /// The landing at which each document was last approved by all who must.
    approved: FxHashMap<Line, usize>,
    /// How many of the landings that took approvals back were looked at.
    revoked: usize,
}

impl Judging {
    /// Returns the landing at which all who must had approved a document.
    pub(super) fn approved(&self, line: Line) -> Option<usize> {
        self.approved.get(&line).copied()
    }
}

impl Recount<'_> {
    /// Judges all that was said, in order of landing.
    pub(super) fn approve(&mut self) -> Result<(), Lack> {
        let drafts = self.drafts.all.clone();
        let mut lines: BTreeSet<Line> = drafts.iter().map(|draft| draft.line).collect();
        lines.extend(self.criteria.keys());
        if lines.is_empty() {
            return Ok(());
        }
        for (at, node) in self.graph.nodes.iter().enumerate() {
            self.judging.by_landing.entry(node.landing).or_default().push(at);
        }
        for line in &lines {
            let own = || drafts.iter().filter(|draft| draft.line == *line);
            let scopes: BTreeSet<&String> =
                own().filter_map(|draft| draft.scope.as_ref()).collect();
            let first = own().map(|draft| draft.landing).min().unwrap_or_default();
            let first = if self.criteria.contains_key(line) { 0 } else { first };
            let texts = self.texts_of(*line, first, &scopes)?;
            self.texts.insert(*line, texts);
        }
        for draft in drafts {
            self.revoke(draft.landing)?;
            if let Some(approval) = self.approval(draft)? {
                self.keep(approval);
            }
        }
        self.revoke(usize::MAX)
    }

    /// Takes back what landings before one took back: who wrote the text then counts again.
    fn revoke(&mut self, before: usize) -> Result<(), Lack> {
        while let Some((line, landing)) = self.drafts.revoked.get(self.judging.revoked).copied() {
            if landing >= before {
                break;
            }
            self.judging.revoked += 1;
            self.judging.approved.remove(&line);
            let landing = self.landing(landing)?;
            let earlier = self.approvals.iter_mut().filter(|one| one.line == line);
            for one in earlier {
                one.revoked.get_or_insert_with(|| landing.clone());
            }
        }
        Ok(())
    }

    /// Adds an approval; one that is told in two places of a landing is one.
    fn keep(&mut self, approval: Approval) {
        let same = |known: &&mut Approval| {
            known.landing.index == approval.landing.index
                && known.line == approval.line
                && known.by.is(&approval.by)
                && (known.class, &known.scope) == (approval.class, &approval.scope)
                && known.digest == approval.digest
        };
        if let Some(known) = self.approvals.iter_mut().find(same) {
            let expires = known.expires.take().or_else(|| approval.expires.clone());
            if approval.assurance > known.assurance {
                *known = approval;
            }
            known.expires = expires;
            return;
        }
        let (line, landing) = (approval.line, approval.landing.index);
        if approval.class == Class::Rejects {
            self.judging.approved.remove(&line);
        }
        self.approvals.push(approval);
        if self.is_enough(line, landing) {
            self.judging.approved.insert(line, landing);
        }
    }

    /// Tells whether all who must approve a document did at a landing.
    fn is_enough(&self, line: Line, landing: usize) -> bool {
        let own: Vec<&Approval> = self.approvals.iter().filter(|one| one.line == line).collect();
        let texts = self.texts.get(&line).map(Vec::as_slice).unwrap_or_default();
        let until = texts.partition_point(|text| text.landing.index <= landing);
        let states = approvals::states(&own, &texts[..until], None);
        let judged: Vec<_> = own.into_iter().zip(states).collect();
        approvals::evidence(&judged, true) == Evidence::Enough
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
                    let target = self.target_at(path, *blob);
                    self.content_origin(landing, &target, *blob)?
                }
                _ => None,
            };
            let bytes = blob.and_then(|blob| self.reader.blob_start(blob, usize::MAX).ok());
            let bytes = bytes.map(|start| start.bytes);
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
        let text = self.text_at(draft.line, draft.landing);
        let Some((path, blob)) = text else { return Ok(None) };
        let target = self.target_at(&path, blob);
        let at = self.recorded_at(&draft, &target)?;
        if self.is_carried_over(at, &target)? {
            return Ok(None);
        }
        let rules = self.policy(&draft);
        let (policy, is_first) = &*rules;
        let landing = self.landing(draft.landing)?;
        let day = day_of(landing.clock);
        let (approvers, own) = self.approvers(draft.line, draft.landing);
        let kind = self.memo.vocabulary.kind(target.kind);
        let id = target.id.clone().unwrap_or_else(|| path.to_string());
        let wanted = policy.wanted(Wanted { id: &id, path: &path, kind, approvers: &approvers });
        let identity = policy.identity(&draft.address);
        let contributors = self.contributors(draft.line, draft.landing, policy)?;
        let speaks = |party: &&String| {
            identity.person().is_some_and(|person| policy.speaks_for(person, party, &day))
        };
        let fulfils: Vec<String> = wanted.iter().filter(speaks).cloned().collect();
        let accountable = (!wanted.is_empty()).then_some(!fulfils.is_empty());
        let place = self.in_commit(at, draft.landing, &target)?;
        let bound = self.bound(&draft, place.as_ref());
        Ok(Some(Approval {
            line: draft.line,
            document: id,
            public: self.memo.of(self.reader, blob).public,
            by: By {
                person: identity.person().map(str::to_owned),
                name: draft.name.clone(),
                address: draft.address.clone(),
            },
            duty: judge(&identity, accountable, &contributors),
            assurance: self.assurance(&draft, at, &identity, policy)?,
            binding: self.binding(&draft, at)?,
            digest: bound.0,
            likeness: bound.1,
            blob: bound.2,
            commit: self.graph.nodes[at].id,
            recorded: self.authorship(at, How::Commit, Vec::new())?,
            pack: draft.pack,
            path,
            decision: draft.word,
            class: draft.class,
            scope: draft.scope,
            expires: draft.expires,
            landing,
            source: draft.source,
            reflected: draft.reflected,
            bootstrap: own || *is_first,
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

    /// Says what to look for to find a document in other commits.
    pub(super) fn target_at(&mut self, path: &RepoPath, blob: ObjectId) -> Target {
        let facts = self.memo.of(self.reader, blob);
        let kind = self.kind_of(path, &facts);
        Target {
            path: path.clone(),
            id: facts.id.clone(),
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

    /// Finds the commit that records what was said; an entry of a list is recorded where no parent has it.
    fn recorded_at(&mut self, draft: &Draft, target: &Target) -> Result<At, Lack> {
        let Some(listed) = &draft.listed else { return Ok(draft.at) };
        let mut commits = self.judging.by_landing.get(&draft.landing).cloned().unwrap_or_default();
        commits.sort_by_key(|at| self.graph.nodes[*at].order);
        for at in commits {
            let Some(place) = self.in_commit(at, draft.landing, target)? else { continue };
            if !self.memo.of(self.reader, place.blob).listed.contains(listed) {
                continue;
            }
            let parents = self.in_parents(at, &target.at_path(Some(place.path)))?;
            let had = |place: &Option<Place>| {
                let facts = place.as_ref().map(|place| self.memo.of(self.reader, place.blob));
                facts.is_some_and(|facts| facts.listed.contains(listed))
            };
            if !parents.iter().any(had) {
                return Ok(at);
            }
        }
        Ok(draft.at)
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
    fn policy(&mut self, draft: &Draft) -> Rc<(Policy, bool)> {
        let Draft { rules, matrices, pack, .. } = draft;
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
        let mut bytes = |path: &RepoPath| {
            let blob = self.trees.find(tree, path).ok().flatten()?;
            Some(Arc::from(&*self.reader.blob_start(blob, usize::MAX).ok()?.bytes))
        };
        let pack_file =
            if pack.is_empty() { "pack.toml".to_owned() } else { format!("{pack}/pack.toml") };
        let (people, declared) = (bytes(&people), bytes(&RepoPath::new(&pack_file)));
        let matrix = |matrix: &MatrixFile| {
            let bytes = self.reader.blob_start(matrix.blob, usize::MAX).ok()?.bytes;
            Some((matrix.path.clone(), matrix.kind, Arc::from(&*bytes)))
        };
        let files = PolicyFiles {
            people,
            pack: declared,
            matrices: matrices.iter().filter_map(matrix).collect(),
        };
        let policy = Policy::read(&files, self.memo.vocabulary.kinds());
        let policy = Rc::new((policy, bootstrap));
        self.judging.policies.insert(key, Rc::clone(&policy));
        policy
    }

    /// Reads whom a document itself names as approvers before a landing; of a new one with it, and says so.
    fn approvers(&mut self, line: Line, landing: usize) -> (Vec<String>, bool) {
        let before = landing.checked_sub(1).and_then(|before| self.text_at(line, before));
        let is_new = before.is_none();
        let text = before.or_else(|| self.text_at(line, landing));
        let start = text.and_then(|(_, blob)| self.reader.blob_start(blob, usize::MAX).ok());
        let Some(start) = start else { return (Vec::new(), false) };
        let text = String::from_utf8_lossy(&start.bytes);
        let approvers = approvals::approvers(&text, &front_matter::read(&text).0);
        let own = is_new && !approvers.is_empty();
        (approvers, own)
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
            None => address.eq_ignore_ascii_case(&draft.address),
        };
        let committer = &words.committer.email;
        let own = is_theirs(&words.author.email)
            && (is_theirs(committer) || FORGES.contains(&committer.as_str()));
        let embedded = draft.source == Source::Embedded;
        Ok(if own && !embedded { Assurance::Attributed } else { Assurance::Reported })
    }

    fn binding(&mut self, draft: &Draft, at: At) -> Result<Binding, Lack> {
        if draft.digest.is_some() {
            return Ok(Binding::Explicit);
        }
        let landed = at == self.graph.landings[draft.landing];
        let direct = landed && self.kind(at) == LandingKind::Direct;
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
            match &draft.scope {
                Some(scope) => digest::of_section(&bytes, scope),
                None => Some(digest::of_bytes(&bytes)),
            }
        };
        let likeness = |blob: ObjectId| {
            Some(digest::likeness(&self.reader.blob_start(blob, usize::MAX).ok()?.bytes))
        };
        let here = place.map(|place| place.blob);
        let Some(stated) = draft.digest else {
            return (here.and_then(said), here.and_then(likeness), here);
        };
        let texts = self.lineages.all[draft.line].texts.iter();
        let known = texts.filter_map(|text| Some(text.place.as_ref()?.1));
        let blob = here.into_iter().chain(known).find(|blob| said(*blob) == Some(stated));
        (Some(stated), blob.and_then(likeness), blob)
    }
}
