//! How alike texts are: the share of the letters that stand in phrases that both have.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Texts that share this much of a hundred are one document under two names; half of it is enough where the names differ
/// in numbers alone.
pub(super) const ENOUGH: usize = 50;

/// Shorter texts are too short to say anything.
const SHORTEST: usize = 40;

/// A phrase that more texts have says nothing about any of them.
const COMMON: usize = 64;

/// Where a phrase ends.
const ENDS: [char; 7] = ['\n', '.', ',', ';', ':', '!', '?'];

/// The phrases of some texts, and which of them have each.
pub(super) struct Phrases<'t> {
    /// The texts that have a phrase, each with how often.
    places: FxHashMap<&'t str, Vec<(usize, usize)>>,
    letters: Vec<usize>,
}

impl<'t> Phrases<'t> {
    /// Takes texts apart.
    pub(super) fn of(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut phrases = Self { places: FxHashMap::default(), letters: Vec::new() };
        for (text, (counts, letters)) in texts.map(counts).enumerate() {
            phrases.letters.push(letters);
            for (phrase, count) in counts {
                phrases.places.entry(phrase).or_default().push((text, count));
            }
        }
        phrases
    }

    /// Lists the texts that share something with another one, each with how much of a hundred.
    pub(super) fn like(&self, text: &str) -> Vec<(usize, usize)> {
        let (counts, letters) = counts(text);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for (phrase, count) in counts {
            let places = self.places.get(phrase).filter(|places| places.len() <= COMMON);
            for (place, there) in places.into_iter().flatten() {
                *shared.entry(*place).or_default() += phrase.len() * count.min(*there);
            }
        }
        let long = |place: &usize| self.letters[*place].min(letters) >= SHORTEST;
        let shared = shared.into_iter().filter(|(place, _)| long(place));
        shared.map(|(place, own)| (place, own * 100 / self.letters[place].max(letters))).collect()
    }
}

/// Counts the phrases of a text, and their letters.
fn counts(text: &str) -> (BTreeMap<&str, usize>, usize) {
    let mut counts = BTreeMap::new();
    let mut letters = 0;
    for phrase in text.split(ENDS).map(str::trim).filter(|phrase| !phrase.is_empty()) {
        *counts.entry(phrase).or_insert(0) += 1;
        letters += phrase.len();
    }
    (counts, letters)
}
