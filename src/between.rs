//! Which versions of a pack are compared on the site: each with the one before it, and with the one that operations
//! accepted last. A pair is compared once both are at hand, and a version is kept no longer than a pair waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Failure;
use crate::assemble::{Assembled, Mark, Slot};
use crate::compare::{self, Change, Side};
use crate::git::Globs;
use crate::history::DecisionLog;
use crate::pack::Packs;
use crate::project::join;
use crate::settings::{Audience, Settings};
use crate::site::{Base, Compared, compared_route};

/// Two versions of a pack, by their places in the list of slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The pack's id.
    pub pack: String,
    /// The earlier version.
    pub from: usize,
    /// The later version.
    pub to: usize,
    /// What the earlier one is to the later one.
    pub base: Base,
    /// Whether no version lies between both.
    pub next: bool,
}

/// A version that waits for another one.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its packs.
    pub packs: Arc<Packs>,
    /// The log as it stood at its commit.
    pub log: Arc<DecisionLog>,
}

impl Held {
    /// Takes what is asked of a version.
    pub fn of(assembled: &Assembled) -> Self {
        Self { packs: Arc::clone(&assembled.examined.packs), log: Arc::clone(&assembled.log) }
    }

    /// Returns a pack of it.
    pub fn side(&self, id: &str) -> Side<'_> {
        let pack = self.packs.packs.iter().position(|pack| pack.id == id);
        Side { packs: &self.packs, pack, log: Some(&self.log) }
    }
}

/// Lists the pairs of all packs; `slots` are in order, oldest first.
///
/// # Errors
/// When a pattern of accepted versions is not valid.
pub fn pairs(settings: &Settings, slots: &[Slot]) -> Result<Vec<Pair>, Failure> {
    let accepted = Globs::new(&settings.versions.accepted)?;
    let is_accepted = |slot: &Slot| {
        let name = slot.version.as_ref().map_or("", |version| version.name.as_str());
        slot.mark != Mark::Branch && accepted.choose(name)
    };
    let mut packs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.version.is_some()) {
        let ids = slot.packs.iter().map(String::as_str);
        ids.for_each(|id| packs.entry(id).or_default().push(at));
    }
    let mut pairs = Vec::new();
    for (pack, own) in packs {
        for (at, to) in own.iter().copied().enumerate().skip(1) {
            let pair = |from, base, next| Pair { pack: pack.to_owned(), from, to, base, next };
            let accepted = own[..at].iter().rev().copied().find(|at| is_accepted(&slots[*at]));
            let before = own[at - 1];
            let base = if accepted == Some(before) { Base::Accepted } else { Base::Before };
            pairs.push(pair(before, base, true));
            let further = accepted.filter(|accepted| *accepted != before);
            pairs.extend(further.map(|accepted| pair(accepted, Base::Accepted, false)));
        }
    }
    Ok(pairs)
}

impl Pair {
    /// Returns the address of the page about both.
    pub fn route(&self, slots: &[Slot], after: &Packs) -> Option<String> {
        let slug = |at: usize| Some(slots.get(at)?.version.as_ref()?.slug.as_str());
        let pack = after.packs.iter().find(|pack| pack.id == self.pack)?;
        Some(join(&pack.slug, &compared_route(slug(self.from)?, slug(self.to)?)))
    }
}

/// The pairs that wait for a version.
#[derive(Debug, Default)]
pub struct Waiting {
    pairs: Vec<Pair>,
    held: BTreeMap<usize, Held>,
}

impl Waiting {
    /// Waits for the versions of some pairs.
    pub fn new(pairs: Vec<Pair>) -> Self {
        Self { pairs, held: BTreeMap::new() }
    }

    /// Takes a version; returns the pairs that are at hand now, with both of each.
    pub fn note(&mut self, slot: usize, version: Held) -> Vec<(Pair, [Held; 2])> {
        let is_asked = |pair: &Pair| pair.from == slot || pair.to == slot;
        if self.pairs.iter().any(is_asked) {
            self.held.insert(slot, version);
        }
        let held = &self.held;
        let at_hand =
            |pair: &Pair| Some([held.get(&pair.from)?.clone(), held.get(&pair.to)?.clone()]);
        let ready = self.pairs.iter().filter_map(|pair| Some((pair.clone(), at_hand(pair)?)));
        let ready: Vec<_> = ready.collect();
        self.pairs.retain(|pair| at_hand(pair).is_none());
        let pairs = &self.pairs;
        self.held.retain(|at, _| pairs.iter().any(|pair| pair.from == *at || pair.to == *at));
        ready
    }
}

/// Compares a pack in two versions.
pub fn compared(
    settings: &Settings,
    slots: &[Slot],
    pair: &Pair,
    [before, after]: &[Held; 2],
) -> Option<Compared> {
    let open = settings.audience == Audience::Internal;
    let people = compare::people(&before.packs, &after.packs, open);
    let mut changes: Vec<Change> = people.into_iter().collect();
    let (before, after) = (before.side(&pair.pack), after.side(&pair.pack));
    changes.extend(compare::compare(before, after));
    changes.sort_by_key(|change| change.effect);
    let facts = &after.packs.packs[after.pack?];
    Some(Compared {
        pack: facts.slug.clone(),
        pack_title: facts.title.clone(),
        from: slots[pair.from].version.clone()?,
        to: slots[pair.to].version.clone()?,
        base: pair.base,
        changes,
    })
}
