//! From what was said to approvals: on which text, by whom, how sure, and whether it was the right person.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::contributors::Written;
use super::covers::Words;
use super::drafting::{Draft, Revoked};
use super::entitled::{Asked, Entitled, ReadRules};
use super::facts::Facts;
use super::graph::At;
use super::lineage::Line;
use super::log::{Authorship, How, LandingKind};
use super::message::pull_request;
use super::place::{Place, Target};
use super::recount::Recount;
use super::texts::Text;
use super::trees::Change;
use super::weigh::Revocation;
use crate::approvals::{
    Approval, Assurance, Binding, By, Covers, Duty, Identity, Lacks, Policy, Source, TextAt,
};
use crate::assemble::day_of;
use crate::document::digest::Digest;
use crate::document::front_matter;
use crate::git::Lack;
use crate::kinds::Asks;
use crate::source::{ObjectId, RepoPath};

/// What is known about texts and rules while approvals are judged.
#[derive(Default)]
pub(super) struct Judging {
    /// The commits that came with each landing, oldest first.
    pub(super) by_landing: FxHashMap<usize, Vec<At>>,
    pub(super) digests: FxHashMap<(ObjectId, Option<String>), Option<Digest>>,
    pub(super) policies: FxHashMap<(ObjectId, bool, String), Rc<ReadRules>>,
    /// The commits that wrote some of each document, or of a part of it.
    pub(super) written: FxHashMap<(Line, Option<String>), Written>,
    /// The approvals of each document.
    of_line: FxHashMap<Line, Vec<usize>>,
    /// The last landing that brought in commits which this clone lacks.
    last_cut: Option<usize>,
}

impl Recount<'_> {
    /// Finds what all that was said is about, in order of landing.
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
        self.follow_shown(lines.keys().copied());
        for (line, own) in lines {
            let scopes = own.iter().filter_map(|draft| draft.said.scope.as_ref()).collect();
            let first = own.iter().map(|draft| draft.scene.landing).min().unwrap_or_default();
            let first = if self.criteria.contains_key(&line) { 0 } else { first };
            let texts = self.texts_of(line, first, &scopes)?;
            self.texts.insert(line, texts);
        }
        for (said, draft) in drafts.into_iter().enumerate() {
            self.revoke(said)?;
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

    /// Notes what was taken back before so much had been said.
    fn revoke(&mut self, until: usize) -> Result<(), Lack> {
        while let Some(Revoked { line, row, landing, said }) =
            self.drafts.revoked.get(self.revocations.len()).cloned()
        {
            if said > until {
                break;
            }
            let landing = self.landing(landing)?;
            self.revocations.push(Revocation { line, row, landing, after: self.approvals.len() });
        }
        Ok(())
    }

    /// Adds an approval; the last word of a person in a landing that is told in two places is one.
    fn keep(&mut self, approval: Approval) {
        let (line, landing) = (approval.line, approval.landing.index);
        let own = self.judging.of_line.entry(line).or_default();
        let word = |known: &Approval| {
            known.landing.index == landing
                && known.by.is(&approval.by)
                && known.scope == approval.scope
                && known.tag == approval.tag
        };
        let is_lost = |one: &Approval| one.blob.is_some() && one.digest.is_none();
        let same = |known: &Approval| {
            let text = known.digest == approval.digest || is_lost(known) || is_lost(&approval);
            known.class == approval.class && text
        };
        let is_over = |at: usize| self.revocations.iter().any(|one| one.ends(at, &approval));
        let latest = own.iter().rev().find(|at| word(&self.approvals[**at]));
        if let Some(at) = latest.filter(|at| same(&self.approvals[**at]) && !is_over(**at)) {
            let known = &mut self.approvals[*at];
            let expires = approval.expires.clone().or_else(|| known.expires.take());
            if approval.assurance > known.assurance {
                *known = approval;
            }
            known.expires = expires;
            return;
        }
        own.push(self.approvals.len());
        self.approvals.push(approval);
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
        for Text { landing, place, clear } in texts.clone() {
            let blob = place.as_ref().map(|(_, blob)| *blob);
            let tree = self.graph.nodes[self.graph.landings[landing]].tree;
            let said = place.as_ref().and_then(|(path, blob)| {
                self.covers(tree, path, *blob, |text| Words::of(text, scopes))
            });
            let whole = said.as_ref().map(|said| said.whole);
            let is_same = |last: &TextAt| last.blob == blob && last.known && last.digest == whole;
            if clear && told.last().is_some_and(is_same) {
                continue;
            }
            let by = match &place {
                Some((path, blob)) if landing >= first => {
                    let target = self.target_at(line, path, *blob);
                    self.content_origin(landing, &target, *blob)?
                }
                _ => None,
            };
            told.push(TextAt {
                landing: self.landing(landing)?,
                by,
                blob,
                known: clear && (blob.is_none() || said.is_some()),
                digest: whole,
                likeness: said.as_ref().map(|said| said.likeness),
                sections: said.map(|said| said.parts).unwrap_or_default(),
                beside: Vec::new(),
            });
        }
        self.with_files(line, told, &texts, first, scopes)
    }

    fn approval(&mut self, draft: Draft) -> Result<Option<Approval>, Lack> {
        let (line, landing) = (draft.scene.line, draft.scene.landing);
        let Some((path, blob)) = self.text_at(line, landing) else { return Ok(None) };
        let target = self.target_at(line, &path, blob);
        let Some(at) = self.recorded_at(&draft, &target)? else { return Ok(None) };
        let carried = self.is_carried_over(&draft, at, &target)?;
        if carried == Some(true) {
            return Ok(None);
        }
        let rules = self.policy(&draft);
        let landed = self.landing(landing)?;
        let identity = rules.policy.identity(&draft.said.by);
        let asked = Asked { draft: &draft, target: &target, at, day: &day_of(landed.clock) };
        let entitled = self.entitled(asked, &rules)?;
        let Entitled { wanted, fulfils, roles, grounds, stands_in, own, lost } = entitled;
        let asks = self.asks(&target, blob, &draft.said.word);
        let lacks = Lacks {
            rules: lost || asks.is_none(),
            later: self.may_be_taken_back(landing, at),
            original: carried.is_none(),
            author: self.is_anonymous(at, &identity, &rules.policy)?,
            key: false,
        };
        let place = self.in_commit(at, draft.scene.landing, &target)?;
        let bound = self.bound(&draft, at, place.as_ref());
        Ok(Some(Approval {
            line,
            document: target.id.clone().unwrap_or_else(|| path.to_string()),
            public: self.memo.of(self.reader, blob).public,
            by: named(&draft, &identity),
            duty: Duty::Undetermined,
            stands_in,
            appointed: false,
            assurance: grounds.unsigned,
            asks: asks.unwrap_or_default(),
            binding: self.binding(&draft, at)?,
            digest: bound.0,
            likeness: bound.1,
            blob: bound.2,
            commit: self.graph.nodes[at].id,
            recorded: self.recorded_by(&draft, at)?,
            tag: draft.tag.as_deref().cloned(),
            pack: draft.scene.pack,
            path,
            decision: draft.said.word,
            class: draft.said.class,
            scope: draft.said.scope,
            expires: draft.said.expires,
            landing: landed,
            source: draft.source,
            reflected: draft.reflected,
            bootstrap: (own || rules.is_first) && !lacks.rules,
            lacks,
            wanted,
            fulfils,
            roles,
            contributors: Vec::new(),
            grounds: Arc::new(grounds),
            revoked: None,
        }))
    }

    /// Returns where a document was after a landing, or last before it.
    pub(super) fn text_at(&self, line: Line, landing: usize) -> Option<(RepoPath, ObjectId)> {
        let texts = &self.lineages.all[line].texts;
        let until = texts.partition_point(|text| text.landing <= landing);
        texts[..until].last()?.place.clone()
    }

    /// Tells whether commits or tags are lacking that may take back what a commit of a landing says.
    fn may_be_taken_back(&self, landing: usize, at: At) -> bool {
        let is_last = at == self.graph.landings[landing];
        let cut = self.judging.last_cut;
        self.lost_tags > 0 || cut.is_some_and(|cut| cut > landing || cut == landing && !is_last)
    }

    /// Reads a whole file; notes it when this clone lacks it.
    pub(super) fn bytes(&mut self, blob: ObjectId) -> Option<Rc<Vec<u8>>> {
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
            part: None,
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

    /// Tells whether a commit copies another one that speaks of a document of another pack; nothing when this clone lacks
    /// that one or the one before it.
    fn is_carried_over(
        &mut self,
        draft: &Draft,
        at: At,
        target: &Target,
    ) -> Result<Option<bool>, Lack> {
        if draft.tag.is_some() {
            return Ok(Some(false));
        }
        let words = self.words(at)?;
        let Some(picked) = super::message::picked_from(&words.message) else {
            return Ok(Some(false));
        };
        let Ok(links) = self.reader.links(picked) else { return Ok(None) };
        let before = match links.parents.first() {
            Some(parent) if !self.can_be_read(*parent) => return Ok(None),
            Some(parent) => Some(self.reader.links(*parent)?.tree),
            None => None,
        };
        let changes = self.trees.diff(before, Some(links.tree))?;
        let same_id = |change: &&Change| {
            let id = change.new.map(|blob| self.memo.of(self.reader, blob).id.clone());
            id.is_some_and(|id| id.is_some() && id == target.id)
        };
        let copied: Vec<&Change> = changes.iter().filter(same_id).collect();
        let is_here = |change: &&Change| {
            self.lineages.pack_of(&change.path) == self.lineages.pack_of(&target.path)
        };
        Ok(Some(!copied.is_empty() && !copied.iter().any(is_here)))
    }

    /// Tells whether nobody can say whose commit it is: it names no address, or the registry none of the person.
    fn is_anonymous(&mut self, at: At, by: &Identity, policy: &Policy) -> Result<bool, Lack> {
        let words = self.words(at)?;
        let addresses = [&words.author.email, &words.committer.email];
        let is_unheard = |address: &String| policy.identity(address) == Identity::Unknown;
        let unheard_of = by.person().is_some_and(|id| policy.has_no_address(id));
        Ok(addresses.iter().any(|address| address.is_empty())
            || unheard_of && is_unheard(&words.author.email))
    }

    /// Tells whether what records something lacks the address of whoever made it.
    pub(super) fn is_nobodys(&mut self, draft: &Draft, at: At) -> Result<bool, Lack> {
        let words = self.words(at)?;
        Ok(match &draft.tag {
            Some(tag) => tag.email.is_empty(),
            None => words.author.email.is_empty() || words.committer.email.is_empty(),
        })
    }

    /// How sure it is that the person said so: unsigned, the author counts, and the committer when it is no forge.
    pub(super) fn assurance(
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
        let own = match &draft.tag {
            Some(tag) => is_theirs(&tag.email),
            None => {
                is_theirs(&words.author.email)
                    && (is_theirs(committer) || self.memo.vocabulary.is_forge(committer))
            }
        };
        let embedded = draft.source == Source::Embedded;
        Ok(if own && !embedded { Assurance::Attributed } else { Assurance::Reported })
    }

    /// Returns who made the commit or the tag that records something.
    fn recorded_by(&mut self, draft: &Draft, at: At) -> Result<Authorship, Lack> {
        let commit = self.authorship(at, How::Commit, Vec::new())?;
        let Some(tag) = &draft.tag else { return Ok(commit) };
        Ok(Authorship {
            name: tag.tagger.clone(),
            email: tag.email.clone(),
            time: tag.time,
            offset: tag.offset,
            committer: tag.tagger.clone(),
            picked_from: None,
            ..commit
        })
    }

    /// Reads what its kind asks of a decision about a text; nothing where this clone lacks the text that would tell.
    fn asks(&mut self, target: &Target, blob: ObjectId, decision: &str) -> Option<Asks> {
        if self.memo.of(self.reader, blob).is_lost() {
            return None;
        }
        let kind = self.memo.vocabulary.kind(target.kind);
        let Some(kind) = kind.filter(|kind| !kind.approvals.is_empty()) else {
            return Some(Asks::default());
        };
        let bytes = self.bytes(blob)?;
        Some(kind.asks(&front_matter::read(&String::from_utf8_lossy(&bytes)).0, decision))
    }

    fn binding(&mut self, draft: &Draft, at: At) -> Result<Binding, Lack> {
        if draft.said.digest.is_some() {
            return Ok(Binding::Explicit);
        }
        if draft.tag.is_some() {
            return Ok(Binding::Implicit);
        }
        let landed = at == self.graph.landings[draft.scene.landing];
        let direct = landed && matches!(self.kind(at), LandingKind::Direct | LandingKind::Boundary);
        let squashed =
            draft.source == Source::Embedded || pull_request(&self.words(at)?.message).is_some();
        Ok(if direct && squashed { Binding::ImplicitSquash } else { Binding::Implicit })
    }

    /// Finds the text that was approved: what it says, what it is like, its bytes.
    fn bound(
        &mut self,
        draft: &Draft,
        at: At,
        place: Option<&Place>,
    ) -> (Option<Digest>, Option<Digest>, Option<ObjectId>) {
        let (tree, scope) = (self.graph.nodes[at].tree, draft.said.scope.as_deref());
        let here = place.and_then(|Place { path, blob, .. }| {
            let said = |text: &Covers<'_>| (text.said(scope), Some(text.likeness()), Some(*blob));
            self.covers(tree, path, *blob, said)
        });
        let here = here.unwrap_or((None, None, place.map(|place| place.blob)));
        let Some(stated) = draft.said.digest.filter(|stated| here.0 != Some(*stated)) else {
            return here;
        };
        let mut texts = self.texts.get(&draft.scene.line).into_iter().flatten();
        let known = texts.find(|text| text.says(scope) == Some(stated));
        let (likeness, blob) = known.map_or((None, None), |text| (text.likeness, text.blob));
        (Some(stated), likeness, blob)
    }
}

/// Names who said something.
fn named(draft: &Draft, identity: &Identity) -> By {
    By {
        person: identity.person().map(str::to_owned),
        name: draft.name.clone(),
        address: draft.said.by.clone(),
    }
}
