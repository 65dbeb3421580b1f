//! Whether the right person approved: who must, by the rules before the landing, and who wrote what was approved.

use std::rc::Rc;
use std::sync::Arc;

use super::drafting::{Draft, MatrixFile, Scene};
use super::lineage::Line;
use super::place::Target;
use super::recount::Recount;
use crate::approvals::{self, Contributor, Identity, Policy, PolicyFiles, Wanted};
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
    /// Whether it lacks a file that is a responsibility matrix or may be one.
    pub(super) lacks_matrix: bool,
}

/// What somebody said of which document, where and when.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) draft: &'a Draft,
    pub(super) target: &'a Target,
    /// The day on which it landed.
    pub(super) day: &'a str,
}

/// What an approver is to a text.
pub(super) struct Entitled {
    /// Who must approve it.
    pub(super) wanted: Vec<String>,
    /// Those for whom the person may speak.
    pub(super) fulfils: Vec<String>,
    /// The roles that the person held.
    pub(super) roles: Vec<String>,
    /// Whether the rules name the person; nothing when they name nobody.
    pub(super) accountable: Option<bool>,
    /// Whether the rules that came with the landing do.
    pub(super) appointed: bool,
    /// Who wrote the text up to then, each with the landing.
    pub(super) writers: Vec<(usize, Contributor)>,
    /// Whether the person only stood in for another one.
    pub(super) stands_in: bool,
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
        let Asked { draft, target, day } = asked;
        let approvers = self.approvers(draft.scene.line, draft.scene.landing);
        let lost = rules.is_lost || approvers.is_none();
        let (approvers, own) = approvers.unwrap_or_default();
        // What a document itself says counts before matrices do, but for its rows.
        let asks_matrix = approvers.is_empty() || draft.said.scope.is_some();
        let lost = lost || rules.lacks_matrix && asks_matrix;
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
        let writers = self.writers(draft, policy)?;
        let person = identity.person();
        let speaks = |party: &&String| person.is_some_and(|it| policy.speaks_for(it, party, day));
        let stands_in = |party: &String| person.is_some_and(|it| policy.stands_in(it, party, day));
        let fulfils: Vec<String> = wanted.iter().filter(speaks).cloned().collect();
        let is_told = wanted.iter().all(|party| !policy.holders(party, None).is_empty());
        let is_known = !fulfils.is_empty() || is_told && !wanted.is_empty();
        let accountable = is_known.then_some(!fulfils.is_empty());
        Ok(Entitled {
            stands_in: !fulfils.is_empty() && fulfils.iter().all(stands_in),
            appointed: accountable == Some(false) && self.appoints(asked, meant, &identity),
            accountable,
            wanted,
            fulfils,
            roles: person.map(|it| policy.roles_of(it, day)).unwrap_or_default(),
            writers,
            own,
            lost,
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
        let rules = self.rules_in(after, &scene.pack, &matrices);
        let text = self.text_at(scene.line, scene.landing);
        let approvers = text.and_then(|(_, blob)| self.named_in(blob)).unwrap_or_default();
        let wanted = rules.policy.wanted(Wanted { approvers: &approvers, ..meant });
        let speaks = |party: &String| rules.policy.speaks_for(person, party, asked.day);
        !rules.is_lost && !rules.lacks_matrix && wanted.iter().any(speaks)
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
        let rules = self.rules_in(tree, pack, matrices);
        let rules = Rc::new(ReadRules { is_first: bootstrap, ..rules });
        self.judging.policies.insert(key, Rc::clone(&rules));
        rules
    }

    /// Reads the rules of a pack as a tree has them, with these matrices.
    fn rules_in(&mut self, tree: ObjectId, pack: &str, matrices: &[MatrixFile]) -> ReadRules {
        let people = self.people.clone();
        let read = |this: &mut Self, blob: ObjectId| -> Option<Arc<[u8]>> {
            this.bytes(blob).map(|bytes| Arc::from(bytes.as_slice()))
        };
        let find = |this: &mut Self, path: &RepoPath| this.trees.find(tree, path).ok().flatten();
        let pack_file =
            if pack.is_empty() { "pack.toml".to_owned() } else { format!("{pack}/pack.toml") };
        let (people, declared) = (find(self, &people), find(self, &RepoPath::new(&pack_file)));
        let mut is_lost = false;
        let mut rule = |blob: Option<ObjectId>| {
            let bytes = read(self, blob?);
            is_lost |= bytes.is_none();
            bytes
        };
        let (people, declared) = (rule(people), rule(declared));
        let matrix = |matrix: &MatrixFile| {
            Some((matrix.path.clone(), matrix.kind, read(self, matrix.blob)?))
        };
        let read: Vec<_> = matrices.iter().filter_map(matrix).collect();
        let lacks_matrix = read.len() < matrices.len();
        let files = PolicyFiles { people, pack: declared, matrices: read };
        let policy = Policy::read(&files, self.memo.vocabulary.kinds());
        ReadRules { policy, is_first: false, is_lost, lacks_matrix }
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
