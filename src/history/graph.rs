//! The commits of the authority ref: each read once, numbered so that parents come before children.

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::git::{HistoryReader, Lack, Links};
use crate::source::ObjectId;

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
    /// Larger than that of each parent.
    order: usize,
}

/// All commits that the tip reaches.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The first-parent chain, root first.
    pub(super) landings: Vec<At>,
    places: FxHashMap<ObjectId, At>,
    bases: FxHashMap<(At, At), Vec<At>>,
}

const UNSEEN: usize = usize::MAX;

impl Graph {
    /// Reads the commits; stops at the `shallow` ones and where parents are missing.
    pub(super) fn read(
        reader: &HistoryReader,
        tip: ObjectId,
        shallow: &[ObjectId],
    ) -> Result<Self, Lack> {
        let mut graph = Self::default();
        let mut waiting = vec![graph.add(tip, reader.links(tip)?, shallow)];
        while let Some((at, parents)) = waiting.pop() {
            for id in parents {
                let parent = match graph.places.get(&id) {
                    Some(parent) => *parent,
                    None => match reader.links(id) {
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
        graph.find_landings();
        Ok(graph)
    }

    fn add(&mut self, id: ObjectId, links: Links, shallow: &[ObjectId]) -> (At, Vec<ObjectId>) {
        let at = self.nodes.len();
        let cut = shallow.binary_search(&id).is_ok();
        let node =
            Node { id, tree: links.tree, parents: Vec::new(), landing: UNSEEN, cut, order: UNSEEN };
        self.nodes.push(node);
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
            if self.nodes[parent].landing == UNSEEN {
                self.nodes[parent].landing = index;
                stack.push((parent, 0));
            }
        }
    }

    /// Tells whether a commit came in with a landing: what the landing's first parent reaches did not.
    pub(super) fn came_with(&self, at: At, landing: usize) -> bool {
        self.nodes[at].landing >= landing
    }

    /// Finds the best common ancestors of two commits.
    pub(super) fn merge_bases(&mut self, one: At, other: At) -> Vec<At> {
        if let Some(bases) = self.bases.get(&(one, other)) {
            return bases.clone();
        }
        let bases = self.paint(one, other);
        self.bases.insert((one, other), bases.clone());
        bases
    }

    /// Walks down from both, newest first by number, until only ancestors of what was found are left.
    fn paint(&self, one: At, other: At) -> Vec<At> {
        const ONE: u8 = 1;
        const OTHER: u8 = 2;
        const STALE: u8 = 4;
        let mut colours: FxHashMap<At, u8> = FxHashMap::default();
        let mut heap: BinaryHeap<(usize, At)> = BinaryHeap::new();
        let mut live = 0_usize;
        let mut bases = Vec::new();
        for (at, colour) in [(one, ONE), (other, OTHER)] {
            let entry = colours.entry(at).or_insert(0);
            if *entry == 0 {
                heap.push((self.nodes[at].order, at));
                live += 1;
            }
            *entry |= colour;
        }
        while live > 0 {
            let Some((_, at)) = heap.pop() else { break };
            let mut colour = colours[&at];
            if colour & STALE == 0 {
                live -= 1;
                if colour == ONE | OTHER {
                    bases.push(at);
                    colour |= STALE;
                }
            }
            for parent in &self.nodes[at].parents {
                let entry = colours.entry(*parent).or_insert(0);
                let (before, after) = (*entry, *entry | colour);
                *entry = after;
                if before == 0 {
                    heap.push((self.nodes[*parent].order, *parent));
                }
                let alive = |colour: u8| colour != 0 && colour & STALE == 0;
                live = live + usize::from(alive(after) && !alive(before))
                    - usize::from(alive(before) && !alive(after));
            }
        }
        bases
    }

    /// Finds the last landing that is `commit` or an ancestor of it; the commit may lie off the chain.
    pub(super) fn landing_of(&self, reader: &HistoryReader, commit: ObjectId) -> Option<usize> {
        let mut best = None;
        let mut seen = rustc_hash::FxHashSet::default();
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
