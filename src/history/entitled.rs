//! Whether the right person approved: who must, by the rules before the landing, and who wrote what was approved.

use std::rc::Rc;
use std::sync::Arc;

use super::drafting::{Draft, MatrixFile, Scene};
use super::graph::At;
use super::lineage::Line;
use super::place::Target;
use super::recount::Recount;
use crate::approvals::{self, Contributor, Duty, Identity, Policy, PolicyFiles, Wanted, judge};
use crate::document::front_matter;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// The rules by which an approval is judged.
#[derive(Default)]
pub(super) struct ReadRules {
    pub(super) policy: Policy,
    /// Whether they came with the same landing, since there were none before.
    pub(super) is_first: bool,
    /// Whether this clone lacks some of them.
    pub(super) is_lost: bool,
}

/// What somebody said of which document, where and when.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) draft: &'a Draft,
    pub(super) target: &'a Target,
    /// The commit that records it.
    pub(super) at: At,
    /// The day on which it landed.
    pub(super) day: &'a str,
}

/// What an approver is to a text.
#[expect(clippy::struct_excessive_bools, reason = "each becomes a fact of the approval")]
pub(super) struct Entitled {
    /// Who must approve it.
    pub(super) wanted: Vec<String>,
    /// Those for whom the person may speak.
    pub(super) fulfils: Vec<String>,
    /// The roles that the person held.
    pub(super) roles: Vec<String>,
    pub(super) duty: Duty,
    pub(super) contributors: Vec<Contributor>,
    /// Whether the person only stood in for another one.
    pub(super) stands_in: bool,
    /// Whether the rules ask the person only since the landing.
    pub(super) appointed: bool,
    /// Whether the document is new and names its approvers itself.
    pub(super) own: bool,
    /// Whether this clone lacks some of the rules.
    pub(super) lost: bool,
}

impl Recount<'_> {
    /// Judges whether the right person said it.
    pub(super) fn entitled(
        &mut self,
        asked: Asked<'_>,
        rules: &ReadRules,
    ) -> Result<Entitled, Lack> {
        let Asked { draft, target, at, day } = asked;
        let approvers = self.approvers(draft.scene.line, draft.scene.landing);
        let lost = rules.is_lost || approvers.is_none();
        let (approvers, own) = approvers.unwrap_or_default();
        let meant = Wanted {
            id: target.id.as_deref().unwrap_or(target.path.as_str()),
            path: &target.path,
            kind: self.memo.vocabulary.kind(target.kind),
            approvers: &approvers,
            part: draft.said.scope.as_deref(),
        };
        let policy = &rules.policy;
        let wanted = if lost { Vec::new() } else { policy.wanted(meant) };
        let identity = policy.identity(&draft.said.by);
        let contributors = self.contributors(draft, policy)?;
        let person = identity.person();
        let speaks = |party: &&String| person.is_some_and(|it| policy.speaks_for(it, party, day));
        let stands_in = |party: &String| person.is_some_and(|it| policy.stands_in(it, party, day));
        let fulfils: Vec<String> = wanted.iter().filter(speaks).cloned().collect();
        let is_told = wanted.iter().all(|party| !policy.holders(party, None).is_empty());
        let is_known = !fulfils.is_empty() || is_told && !wanted.is_empty();
        let accountable = is_known.then_some(!fulfils.is_empty());
        let judged = judge(&identity, accountable, &contributors);
        Ok(Entitled {
            stands_in: !fulfils.is_empty() && fulfils.iter().all(stands_in),
            appointed: judged == Duty::NotAccountable && self.appoints(asked, meant, &identity),
            duty: self.duty(draft, at, judged)?,
            wanted,
            fulfils,
            roles: person.map(|it| policy.roles_of(it, day)).unwrap_or_default(),
            contributors,
            own,
            lost,
        })
    }

    /// Who wrote a text counts since it was last approved; when that is not known, some of it may not count. What a commit
    /// records that does not say whose it is may be the word of whom it names.
    fn duty(&mut self, draft: &Draft, at: At, judged: Duty) -> Result<Duty, Lack> {
        let words = self.words(at)?;
        let is_anonymous = match &draft.tag {
            Some(tag) => tag.email.is_empty(),
            None => words.author.email.is_empty() || words.committer.email.is_empty(),
        };
        let is_unsure = self.judging.unsure.contains(&draft.scene.line);
        Ok(match judged {
            Duty::Ok | Duty::CoAuthor if is_anonymous => Duty::Undetermined,
            Duty::SelfApproved | Duty::CoAuthor if is_unsure => Duty::Undetermined,
            judged => judged,
        })
    }

    /// Tells whether the rules that came with a landing ask the person who approved.
    fn appoints(&mut self, asked: Asked<'_>, meant: Wanted<'_>, by: &Identity) -> bool {
        let (Some(person), scene) = (by.person(), &asked.draft.scene) else { return false };
        let after = scene.rules.after;
        let mut matrices = Vec::new();
        for known in scene.matrices.iter() {
            let blob = self.trees.find(after, &known.path).ok().flatten();
            matrices.extend(blob.map(|blob| MatrixFile { blob, ..known.clone() }));
        }
        let (policy, is_lost) = self.policy_in(after, &scene.pack, &matrices);
        let text = self.text_at(scene.line, scene.landing);
        let approvers = text.and_then(|(_, blob)| self.named_in(blob)).unwrap_or_default();
        let wanted = policy.wanted(Wanted { approvers: &approvers, ..meant });
        !is_lost && wanted.iter().any(|party| policy.speaks_for(person, party, asked.day))
    }

    /// Reads the rules before a landing, or those that came with it where there were none.
    pub(super) fn policy(&mut self, draft: &Draft) -> Rc<ReadRules> {
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
        let (policy, is_lost) = self.policy_in(tree, pack, matrices);
        let policy = Rc::new(ReadRules { policy, is_first: bootstrap, is_lost });
        self.judging.policies.insert(key, Rc::clone(&policy));
        policy
    }

    /// Reads the rules of a pack as a tree has them, with these matrices, and whether this clone lacks some of them.
    fn policy_in(&mut self, tree: ObjectId, pack: &str, matrices: &[MatrixFile]) -> (Policy, bool) {
        let people = self.people.clone();
        let mut is_lost = false;
        let mut read = |this: &mut Self, blob: Option<ObjectId>| -> Option<Arc<[u8]>> {
            let bytes = this.bytes(blob?);
            is_lost |= bytes.is_none();
            bytes.map(|bytes| Arc::from(bytes.as_slice()))
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
        (Policy::read(&files, self.memo.vocabulary.kinds()), is_lost)
    }

    /// Reads whom a document itself names as approvers before a landing; of a new one with it, and says so. Nothing when
    /// this clone lacks the text.
    fn approvers(&mut self, line: Line, landing: usize) -> Option<(Vec<String>, bool)> {
        let before = landing.checked_sub(1).and_then(|before| self.text_at(line, before));
        let is_new = before.is_none();
        let text = before.or_else(|| self.text_at(line, landing));
        let Some((_, blob)) = text else { return Some((Vec::new(), false)) };
        let approvers = self.named_in(blob)?;
        let own = is_new && !approvers.is_empty();
        Some((approvers, own))
    }

    /// Reads whom a text names as its approvers.
    fn named_in(&mut self, blob: ObjectId) -> Option<Vec<String>> {
        let bytes = self.bytes(blob)?;
        let text = String::from_utf8_lossy(&bytes);
        Some(approvals::approvers(&text, &front_matter::read(&text).0))
    }
}
