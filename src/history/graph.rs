//! The commits of the authority ref: each read once, numbered so that parents come before children.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::message::pulled;
use super::statement::{Foxtrot, Relation};
use crate::git::{HistoryReader, Lack, Links};
use crate::source::ObjectId;

/// A commit as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Read {
    tree: ObjectId,
    parents: Vec<ObjectId>,
    authored: Option<i64>,
    committed: Option<i64>,
    /// Which branch a merge says that it brought in from another repository.
    pulled: Option<String>,
    /// Whether its message may say who approved something.
    decides: bool,
    /// Whether it may carry a signature.
    signed: bool,
}

impl Read {
    fn of(links: Links) -> Self {
        let Links { tree, parents, authored, committed, merged, decides, signed } = links;
        let pulled = pulled(&merged).map(str::to_owned);
        Self { tree, parents, authored, committed, pulled, decides, signed }
    }
}

/// Commits that were read before.
pub(super) type Known = FxHashMap<ObjectId, Read>;

/// A commit's place in [`Graph::nodes`].
pub(super) type At = usize;

/// One commit, without its words.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<At>,
    /// The first landing that holds the commit.
    pub(super) landing: usize,
    /// Whether its parents are not in this clone.
    pub(super) cut: bool,
    /// When it says that it was written; nothing when that cannot be.
    pub(super) authored: Option<i64>,
    /// When it says that it was committed.
    pub(super) committed: Option<i64>,
    /// Larger than that of each parent.
    pub(super) order: usize,
}

/// All commits that the tip reaches.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The first-parent chain, root first.
    pub(super) landings: Vec<At>,
    /// For each landing: the last one before it that one of its other parents rests on.
    pub(super) forks: Vec<Option<usize>>,
    /// Merges that brought the branch itself in from the side.
    pub(super) foxtrots: Vec<Foxtrot>,
    places: FxHashMap<ObjectId, At>,
    pub(super) bases: FxHashMap<(At, At), Option<Vec<At>>>,
    /// Commits whose messages may say who approved something.
    pub(super) deciding: Vec<At>,
    /// Commits that may carry a signature.
    pub(super) signed: FxHashSet<ObjectId>,
    /// Merges that say which branch they brought in from another repository.
    pulls: Vec<(At, String)>,
    /// Merges that are followed along another parent than the first.
    swapped: Vec<(At, usize)>,
}

/// The branch that is followed.
pub(super) struct Branch<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The tip of which a log was published before.
    pub(super) published: Option<ObjectId>,
}

const UNSEEN: usize = usize::MAX;

impl Graph {
    /// Reads the commits that are not `known`; stops at the `shallow` ones and where parents are missing.
    pub(super) fn read(
        reader: &HistoryReader,
        tip: ObjectId,
        shallow: &[ObjectId],
        branch: &Branch<'_>,
        mut known: Known,
    ) -> Result<Self, Lack> {
        let mut read = |id| known.remove(&id).map_or_else(|| reader.links(id).map(Read::of), Ok);
        let mut graph = Self::default();
        let mut waiting = vec![graph.add(tip, read(tip)?, shallow)];
        while let Some((at, parents)) = waiting.pop() {
            for id in parents {
                let parent = match graph.places.get(&id) {
                    Some(parent) => *parent,
                    None => match read(id) {
                        Ok(links) => {
                            let (parent, rest) = graph.add(id, links, shallow);
                            waiting.push((parent, rest));
                            parent
                        }
                        Err(Lack::Missing) => {
                            graph.nodes[at].cut = true;
                            break;
                        }
                        Err(lack) => return Err(lack),
                    },
                };
                graph.nodes[at].parents.push(parent);
            }
        }
        graph.follow_published(branch.published);
        graph.find_landings();
        graph.suspect(branch.name);
        let Self { nodes, deciding, .. } = &mut graph;
        deciding.sort_by_key(|at| (nodes[*at].landing, nodes[*at].order));
        Ok(graph)
    }

    fn add(&mut self, id: ObjectId, links: Read, shallow: &[ObjectId]) -> (At, Vec<ObjectId>) {
        let at = self.nodes.len();
        let cut = shallow.binary_search(&id).is_ok();
        self.nodes.push(Node {
            id,
            tree: links.tree,
            parents: Vec::new(),
            landing: UNSEEN,
            cut,
            authored: links.authored,
            committed: links.committed,
            order: UNSEEN,
        });
        self.pulls.extend(links.pulled.map(|branch| (at, branch)));
        if links.decides {
            self.deciding.push(at);
        }
        if links.signed {
            self.signed.insert(id);
        }
        self.places.insert(id, at);
        (at, if cut { Vec::new() } else { links.parents })
    }

    fn find_landings(&mut self) {
        let mut at = Some(0);
        while let Some(landing) = at {
            self.landings.push(landing);
            at = self.nodes[landing].parents.first().copied();
        }
        self.landings.reverse();
        self.forks = vec![None; self.landings.len()];
        let mut order = 0;
        for index in 0..self.landings.len() {
            self.number(self.landings[index], index, &mut order);
        }
    }

    /// Numbers what a landing brought in, parents first.
    fn number(&mut self, landing: At, index: usize, order: &mut usize) {
        let mut stack = vec![(landing, 0)];
        self.nodes[landing].landing = index;
        while let Some((at, next)) = stack.pop() {
            let Some(parent) = self.nodes[at].parents.get(next).copied() else {
                self.nodes[at].order = *order;
                *order += 1;
                continue;
            };
            stack.push((at, next + 1));
            let known = self.nodes[parent].landing;
            if known == UNSEEN {
                self.nodes[parent].landing = index;
                stack.push((parent, 0));
            } else if known < index && (at, next) != (landing, 0) {
                self.forks[index] = self.forks[index].max(Some(known));
            }
        }
    }

    /// Where a merge swapped the branch with a side, goes on along the parent that holds what was published.
    fn follow_published(&mut self, published: Option<ObjectId>) {
        let Some(goal) = published.and_then(|tip| self.places.get(&tip).copied()) else { return };
        let mut chain =
            std::iter::successors(Some(0), |at| self.nodes[*at].parents.first().copied());
        if chain.any(|at| at == goal) {
            return;
        }
        let holds = self.above(goal);
        let mut at = 0;
        while at != goal {
            let Some(next) = self.nodes[at].parents.iter().position(|parent| holds[*parent]) else {
                return;
            };
            if next > 0 {
                self.foxtrots.push(Foxtrot { commit: self.nodes[at].id, proven: true });
                self.nodes[at].parents.swap(0, next);
                self.swapped.push((at, next));
            }
            at = self.nodes[at].parents[0];
        }
    }

    /// Returns the commits as they were read.
    pub(super) fn reads(&self) -> Vec<(ObjectId, Read)> {
        let pulls: FxHashMap<At, &String> =
            self.pulls.iter().map(|(at, branch)| (*at, branch)).collect();
        let deciding: FxHashSet<At> = self.deciding.iter().copied().collect();
        let one = |(at, node): (At, &Node)| {
            let parents = node.parents.iter().map(|parent| self.nodes[*parent].id).collect();
            let Node { id, tree, authored, committed, .. } = *node;
            let pulled = pulls.get(&at).map(|branch| (*branch).clone());
            let decides = deciding.contains(&at);
            let signed = self.signed.contains(&id);
            (id, Read { tree, parents, authored, committed, pulled, decides, signed })
        };
        let mut reads: Vec<(ObjectId, Read)> = self.nodes.iter().enumerate().map(one).collect();
        self.swapped.iter().for_each(|(at, next)| reads[*at].1.parents.swap(0, *next));
        reads
    }

    /// Tells whether the clone lacks no commit.
    pub(super) fn is_whole(&self) -> bool {
        !self.nodes.iter().any(|node| node.cut)
    }

    /// Marks a commit and all that reach it.
    fn above(&self, goal: At) -> Vec<bool> {
        let mut children: Vec<Vec<At>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            node.parents.iter().for_each(|parent| children[*parent].push(at));
        }
        let mut holds = vec![false; self.nodes.len()];
        let mut waiting = vec![goal];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut holds[at], true) {
                waiting.extend(&children[at]);
            }
        }
        holds
    }

    /// Notes the landings that say they merged the branch into itself.
    fn suspect(&mut self, name: &str) {
        let is_own = |branch: &str| {
            name.strip_suffix(branch).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut own: Vec<At> =
            self.pulls.iter().filter(|(_, branch)| is_own(branch)).map(|(at, _)| *at).collect();
        own.retain(|at| self.landings[self.nodes[*at].landing] == *at);
        own.sort_by_key(|at| self.nodes[*at].landing);
        for at in own {
            let commit = self.nodes[at].id;
            if !self.foxtrots.iter().any(|known| known.commit == commit) {
                self.foxtrots.push(Foxtrot { commit, proven: false });
            }
        }
    }

    /// Tells how the tip of a published log stands to this one.
    pub(super) fn relation(&self, published: ObjectId) -> Relation {
        match self.places.get(&published) {
            Some(0) => Relation::Same,
            Some(_) => Relation::Ancestor,
            None if self.nodes.iter().any(|node| node.cut) => Relation::Unknown,
            None => Relation::NotAncestor,
        }
    }

    /// Lists the commits without parents, sorted.
    pub(super) fn roots(&self) -> Vec<ObjectId> {
        let roots = self.nodes.iter().filter(|node| node.parents.is_empty() && !node.cut);
        let mut roots: Vec<ObjectId> = roots.map(|node| node.id).collect();
        roots.sort_unstable();
        roots
    }

    /// Finds a commit by its id.
    pub(super) fn place(&self, commit: ObjectId) -> Option<At> {
        self.places.get(&commit).copied()
    }

    /// Tells whether a commit came in with a landing: what the landing's first parent reaches did not.
    pub(super) fn came_with(&self, at: At, landing: usize) -> bool {
        self.nodes[at].landing >= landing
    }

    /// Finds the last landing that is `commit` or an ancestor of it; the commit may lie off the chain.
    pub(super) fn landing_of(&self, reader: &HistoryReader, commit: ObjectId) -> Option<usize> {
        let mut best = None;
        let mut seen = FxHashSet::default();
        let mut waiting = vec![commit];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(at) = self.places.get(&id) else {
                waiting.extend(reader.links(id).map(|links| links.parents).unwrap_or_default());
                continue;
            };
            let node = &self.nodes[*at];
            if self.landings[node.landing] == *at {
                best = best.max(Some(node.landing));
            } else {
                waiting.extend(node.parents.iter().map(|parent| self.nodes[*parent].id));
            }
        }
        best
    }
}
