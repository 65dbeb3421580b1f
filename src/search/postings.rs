//! Which documents hold a term, where first and how strongly. Documents are shared out to threads in runs; the
//! result does not depend on how.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{SearchDocument, digits, tokens};

/// The impact that only a document's own id has.
const OWN_ID: u32 = 15;
/// The highest impact of other terms.
const HIGHEST: f32 = 14.0;
/// BM25's saturation and length weight, with their usual values.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;
/// The length in terms that counts as usual. Fixed, so that a document's impacts depend on itself alone.
const USUAL: f32 = 600.0;
/// How many mentions in the body one mention in another place is worth.
const TITLE: u32 = 12;
const HEADING: u32 = 4;
const EXTRA: u32 = 4;
/// Marks a document's own id; no count of mentions gets there.
const ID: u32 = 1 << 30;

/// A term and its postings.
pub(super) type Postings = (Box<str>, String);

/// Collects the postings of all documents, sorted by term.
pub(super) fn gather(documents: &[&SearchDocument<'_>]) -> Vec<Postings> {
    let size = documents.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut entries: Vec<(Box<str>, Entry)> = documents
        .par_chunks(size)
        .enumerate()
        .flat_map_iter(|(chunk, documents)| Terms::of(documents, chunk * size))
        .collect();
    entries.par_sort_unstable_by(|(one, a), (other, b)| one.cmp(other).then(a.first.cmp(&b.first)));
    entries.chunk_by_mut(|(one, _), (other, _)| one == other).map(join).collect()
}

/// Joins what several runs of documents say about one term.
fn join(parts: &mut [(Box<str>, Entry)]) -> Postings {
    let mut out = String::new();
    let mut last = 0;
    for (_, entry) in parts.iter() {
        digits::push(&mut out, entry.first - last);
        out.push_str(&entry.postings);
        last = entry.last;
    }
    (std::mem::take(&mut parts[0].0), out)
}

/// The postings of one term in one run of documents.
#[derive(Default)]
struct Entry {
    /// The first document; its number is not in `postings`.
    first: usize,
    /// The last document so far.
    last: usize,
    /// Written postings.
    postings: String,
    /// Weight in the document at hand; 0 when it has not been seen there.
    weight: u32,
    /// Where it stood first in the document at hand.
    section: usize,
}

/// All terms of one run of documents.
#[derive(Default)]
struct Terms {
    places: FxHashMap<Box<str>, usize>,
    entries: Vec<Entry>,
    /// The terms of the document at hand.
    touched: Vec<usize>,
}

impl Terms {
    /// Reads documents of which the first has the number `first`. The entries come in no order.
    fn of(
        documents: &[&SearchDocument<'_>],
        first: usize,
    ) -> impl Iterator<Item = (Box<str>, Entry)> {
        let mut terms = Self::default();
        for (at, document) in documents.iter().enumerate() {
            let length = terms.read(document);
            terms.close(first + at, length);
        }
        let mut entries = terms.entries;
        terms.places.into_iter().map(move |(term, at)| (term, std::mem::take(&mut entries[at])))
    }

    /// Weighs the terms of a document; returns the length of its body in terms. Places that matter more come first,
    /// because the first one gives the section.
    fn read(&mut self, document: &SearchDocument<'_>) -> u32 {
        self.add(document.id, 0, TITLE);
        let id = document.id.to_lowercase();
        tokens::each(document.id, &mut |term| {
            if term == id {
                self.weigh(term, 0, ID);
            }
        });
        self.add(document.title, 0, TITLE);
        document.extra.iter().for_each(|extra| {
            self.add(extra, 0, EXTRA);
        });
        for (at, heading) in document.headings.iter().enumerate() {
            self.add(heading.text, at + 1, HEADING);
        }
        self.add(document.kind, 0, 1);
        self.add(document.summary, 0, 1);
        sections(document).fold(0, |length, (section, text)| length + self.add(text, section, 1))
    }

    /// Adds the terms of a text; returns their number.
    fn add(&mut self, text: &str, section: usize, weight: u32) -> u32 {
        let mut count = 0;
        tokens::each(text, &mut |term| {
            count += 1;
            self.weigh(term, section, weight);
        });
        count
    }

    /// Adds one mention.
    fn weigh(&mut self, term: &str, section: usize, weight: u32) {
        let at = self.places.get(term).copied().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.places.insert(term.into(), self.entries.len() - 1);
            self.entries.len() - 1
        });
        let entry = &mut self.entries[at];
        if entry.weight == 0 {
            entry.section = section;
            self.touched.push(at);
        }
        entry.weight = entry.weight.saturating_add(weight);
    }

    /// Writes the postings of the document at hand.
    fn close(&mut self, document: usize, length: u32) {
        for at in self.touched.drain(..) {
            let entry = &mut self.entries[at];
            let impact = impact(std::mem::take(&mut entry.weight), length);
            if entry.postings.is_empty() {
                entry.first = document;
            } else {
                digits::push(&mut entry.postings, document - entry.last);
            }
            entry.last = document;
            digits::push(&mut entry.postings, entry.section * 16 + impact as usize);
        }
    }
}

/// BM25's term weight without the rarity of the term, which the reader knows from the number of postings; in steps
/// up to [`HIGHEST`].
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 15"
)]
fn impact(weight: u32, length: u32) -> u32 {
    if weight >= ID {
        return OWN_ID;
    }
    let weight = weight as f32;
    let damping = SATURATION * (1.0 - LENGTH + LENGTH * length as f32 / USUAL);
    (HIGHEST * weight / (weight + damping)).round() as u32
}

/// Cuts the body where sections start. Starts that are no place in the text are passed over.
fn sections<'a>(document: &'a SearchDocument<'_>) -> impl Iterator<Item = (usize, &'a str)> {
    let text = document.text;
    let mut starts = vec![(0, 0)];
    for (at, heading) in document.headings.iter().enumerate() {
        let last = starts.last().map_or(0, |(_, start)| *start);
        if heading.start >= last && text.is_char_boundary(heading.start) {
            starts.push((at + 1, heading.start));
        }
    }
    let ends: Vec<usize> =
        starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(move |((section, start), end)| (section, &text[start..end]))
}
