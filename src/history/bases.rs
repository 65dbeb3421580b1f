//! Merge bases: the best common ancestors of two commits.

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::graph::{At, Graph};

impl Graph {
    /// Finds the best common ancestors of two commits; nothing when a better one may lie beyond the edge of this clone.
    pub(super) fn merge_bases(&mut self, one: At, other: At) -> Option<Vec<At>> {
        if let Some(bases) = self.bases.get(&(one, other)) {
            return bases.clone();
        }
        let bases = self.paint(one, other);
        self.bases.insert((one, other), bases.clone());
        bases
    }

    /// Walks down from both, newest first by number, until only ancestors of what was found are left.
    fn paint(&self, one: At, other: At) -> Option<Vec<At>> {
        const ONE: u8 = 1;
        const OTHER: u8 = 2;
        const STALE: u8 = 4;
        let mut colours: FxHashMap<At, u8> = FxHashMap::default();
        let mut heap: BinaryHeap<(usize, At)> = BinaryHeap::new();
        let mut live = 0_usize;
        let mut bases = Vec::new();
        let mut is_hidden = false;
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
                } else {
                    is_hidden |= self.nodes[at].cut;
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
        // Nothing is better than one of the two.
        let is_sure = !is_hidden || bases.contains(&one) || bases.contains(&other);
        is_sure.then_some(bases)
    }
}
