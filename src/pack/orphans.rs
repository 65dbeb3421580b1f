//! Which artifacts anything leads to: a link, a relation (which both sides show), a row, or a place in the reading order.

use super::Packs;

/// Tells for each artifact whether anything leads to it.
pub fn reached(packs: &Packs) -> Vec<bool> {
    let mut reached = vec![false; packs.artifacts.len()];
    for relation in packs.relations.iter().filter(|relation| relation.from != relation.to) {
        reached[relation.from] = true;
        reached[relation.to] = true;
    }
    let chapters = packs.packs.iter().filter_map(|pack| pack.summary_order.as_ref());
    for at in chapters.flat_map(|order| &order.items).filter_map(|item| item.artifact) {
        reached[at] = true;
    }
    for (reached, links) in reached.iter_mut().zip(&packs.back_links) {
        *reached |= !links.is_empty();
    }
    reached
}
