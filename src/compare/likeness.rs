//! How alike two texts are: the share of the letters that stand in phrases that both have.

use std::collections::BTreeMap;

/// Texts that share this much of a hundred are one document under two names; half of it is enough where the names differ
/// in numbers alone.
pub(super) const ENOUGH: usize = 50;

/// Shorter texts are too short to say anything.
const SHORTEST: usize = 40;

/// Where a phrase ends.
const ENDS: [char; 7] = ['\n', '.', ',', ';', ':', '!', '?'];

/// The phrases of a text, as often as they stand in it.
pub(super) struct Phrases<'t> {
    counts: BTreeMap<&'t str, usize>,
    letters: usize,
}

/// Takes a text apart.
pub(super) fn phrases(text: &str) -> Phrases<'_> {
    let mut counts = BTreeMap::new();
    let mut letters = 0;
    for phrase in text.split(ENDS).map(str::trim).filter(|phrase| !phrase.is_empty()) {
        *counts.entry(phrase).or_insert(0) += 1;
        letters += phrase.len();
    }
    Phrases { counts, letters }
}

/// Returns how much of a hundred two texts share.
pub(super) fn score(one: &Phrases<'_>, other: &Phrases<'_>) -> usize {
    let (least, most) = (one.letters.min(other.letters), one.letters.max(other.letters));
    if least < SHORTEST || least * 100 < most * ENOUGH {
        return 0;
    }
    let shared = one.counts.iter().map(|(phrase, count)| {
        phrase.len() * other.counts.get(phrase).map_or(0, |there| (*there).min(*count))
    });
    shared.sum::<usize>() * 100 / most
}
