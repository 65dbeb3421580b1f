//! Whether the right person approved: who must, by the rules before the landing, and who wrote what was approved.

use std::rc::Rc;
use std::sync::Arc;

use super::drafting::{Draft, MatrixFile, Scene};
use super::lineage::Line;
use super::place::Target;
use super::recount::Recount;
use crate::approvals::{self, Contributor, Duty, Identity, Policy, PolicyFiles, Wanted, judge};
use crate::document::front_matter;
use crate::git::Lack;
use crate::source::{ObjectId, RepoPath};

/// What an approver is to a text.
pub(super) struct Entitled {
    /// Who must approve it.
    pub(super) wanted: Vec<String>,
    /// Those for whom the person may speak.
    pub(super) fulfils: Vec<String>,
    pub(super) duty: Duty,
    pub(super) contributors: Vec<Contributor>,
    /// Whether the person only stood in for another one.
    pub(super) stands_in: bool,
    /// Whether the rules ask the person only since the landing.
    pub(super) appointed: bool,
    /// Whether the document is new and names its approvers itself.
    pub(super) own: bool,
}

impl Recount<'_> {
    /// Judges whether the right person said it.
    pub(super) fn entitled(
        &mut self,
        draft: &Draft,
        target: &Target,
        policy: &Policy,
        day: &str,
    ) -> Result<Entitled, Lack> {
        let (approvers, own) = self.approvers(draft.scene.line, draft.scene.landing);
        let asked = Wanted {
            id: target.id.as_deref().unwrap_or(target.path.as_str()),
            path: &target.path,
            kind: self.memo.vocabulary.kind(target.kind),
            approvers: &approvers,
            part: draft.said.scope.as_deref(),
        };
        let wanted = policy.wanted(asked);
        let identity = policy.identity(&draft.said.by);
        let contributors = self.contributors(draft, policy)?;
        let person = identity.person();
        let speaks = |party: &&String| person.is_some_and(|it| policy.speaks_for(it, party, day));
        let stands_in = |party: &String| person.is_some_and(|it| policy.stands_in(it, party, day));
        let fulfils: Vec<String> = wanted.iter().filter(speaks).cloned().collect();
        let accountable = (!wanted.is_empty()).then_some(!fulfils.is_empty());
        let duty = judge(&identity, accountable, &contributors);
        Ok(Entitled {
            stands_in: !fulfils.is_empty() && fulfils.iter().all(stands_in),
            appointed: duty == Duty::NotAccountable && self.appoints(draft, asked, &identity, day),
            wanted,
            fulfils,
            duty,
            contributors,
            own,
        })
    }

    /// Tells whether the rules that came with a landing ask the person who approved.
    fn appoints(&mut self, draft: &Draft, asked: Wanted<'_>, by: &Identity, day: &str) -> bool {
        let (Some(person), scene) = (by.person(), &draft.scene) else { return false };
        let after = scene.rules.after;
        let mut matrices = Vec::new();
        for known in scene.matrices.iter() {
            let blob = self.trees.find(after, &known.path).ok().flatten();
            matrices.extend(blob.map(|blob| MatrixFile { blob, ..known.clone() }));
        }
        let policy = self.policy_in(after, &scene.pack, &matrices);
        let text = self.text_at(scene.line, scene.landing);
        let approvers = text.map(|(_, blob)| self.named_in(blob)).unwrap_or_default();
        let wanted = policy.wanted(Wanted { approvers: &approvers, ..asked });
        wanted.iter().any(|party| policy.speaks_for(person, party, day))
    }

    /// Reads the rules before a landing, or those that came with it where there were none.
    pub(super) fn policy(&mut self, draft: &Draft) -> Rc<(Policy, bool)> {
        let Scene { rules, matrices, pack, .. } = &draft.scene;
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
        let policy = Rc::new((self.policy_in(tree, pack, matrices), bootstrap));
        self.judging.policies.insert(key, Rc::clone(&policy));
        policy
    }

    /// Reads the rules of a pack as a tree has them, with these matrices.
    fn policy_in(&mut self, tree: ObjectId, pack: &str, matrices: &[MatrixFile]) -> Policy {
        let people = self.people.clone();
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
        Policy::read(&files, self.memo.vocabulary.kinds())
    }

    /// Reads whom a document itself names as approvers before a landing; of a new one with it, and says so.
    fn approvers(&mut self, line: Line, landing: usize) -> (Vec<String>, bool) {
        let before = landing.checked_sub(1).and_then(|before| self.text_at(line, before));
        let is_new = before.is_none();
        let text = before.or_else(|| self.text_at(line, landing));
        let approvers = text.map(|(_, blob)| self.named_in(blob)).unwrap_or_default();
        let own = is_new && !approvers.is_empty();
        (approvers, own)
    }

    /// Reads whom a text names as its approvers.
    fn named_in(&self, blob: ObjectId) -> Vec<String> {
        let Ok(start) = self.reader.blob_start(blob, usize::MAX) else { return Vec::new() };
        let text = String::from_utf8_lossy(&start.bytes);
        approvals::approvers(&text, &front_matter::read(&text).0)
    }
}
