//! Which documents hold a term, where first and how strongly. Documents are shared out to threads in runs; the
//! result does not depend on how.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{SearchDocument, digits, tokens};

/// The impact that only a document's own id or name has.
const OWN_ID: usize = 15;
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
/// Marks a document's own id or name; no count of mentions gets there.
const ID: u32 = 1 << 30;

/// A term and its postings.
pub(super) type Postings = (Box<str>, String);

/// Collects the postings of all documents, sorted by term.
pub(super) fn gather(documents: &[&SearchDocument<'_>]) -> Vec<Postings> {
    let size = documents.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut entries: Vec<Entry> = documents
        .par_chunks(size)
        .enumerate()
        .flat_map_iter(|(chunk, documents)| Terms::of(documents, chunk * size))
        .collect();
    entries.par_sort_unstable_by(|one, other| {
        one.term.cmp(&other.term).then(one.first.cmp(&other.first))
    });
    entries.chunk_by_mut(|one, other| one.term == other.term).map(join).collect()
}

/// Joins what several runs of documents say about one term.
fn join(parts: &mut [Entry]) -> Postings {
    let mut out = Vec::with_capacity(parts.iter().map(|part| part.postings.len() + 4).sum());
    let mut last = 0;
    for part in parts.iter() {
        digits::push(&mut out, part.first - last);
        out.extend_from_slice(&part.postings);
        last = part.last;
    }
    (std::mem::take(&mut parts[0].term), digits::text(out))
}

/// The postings of one term in one run of documents.
struct Entry {
    term: Box<str>,
    /// The first document; its number is not in `postings`.
    first: usize,
    /// The last document so far.
    last: usize,
    /// Written postings.
    postings: Vec<u8>,
}

/// A term in the document at hand.
#[derive(Clone, Copy, Default)]
struct Mention {
    /// 0 when it has not been seen there.
    weight: u32,
    /// Where it stood first.
    section: u32,
}

/// All terms of one run of documents. What each word of the text touches is small and lies together.
#[derive(Default)]
struct Terms {
    /// Places of terms of up to 16 bytes, by these bytes.
    short: FxHashMap<u128, u32>,
    /// Places of longer terms.
    long: FxHashMap<Box<str>, u32>,
    mentions: Vec<Mention>,
    entries: Vec<Entry>,
    /// The terms of the document at hand.
    touched: Vec<u32>,
}

impl Terms {
    /// Reads documents of which the first has the number `first`. The entries come in no order.
    fn of(documents: &[&SearchDocument<'_>], first: usize) -> Vec<Entry> {
        let mut terms = Self::default();
        for (at, document) in documents.iter().enumerate() {
            let length = terms.read(document);
            terms.close(first + at, length);
        }
        terms.entries
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
        for (name, section) in &document.names {
            if *section == 0 {
                self.add(name, 0, TITLE);
            }
            let joint = tokens::joint(name);
            if !joint.is_empty() {
                self.weigh(&joint, *section, ID);
            }
        }
        self.add(document.title, 0, TITLE);
        document.extra.iter().for_each(|extra| {
            self.add(extra, 0, EXTRA);
        });
        for (at, heading) in (1..).zip(&document.headings) {
            self.add(heading.text, at, HEADING);
        }
        self.add(document.kind, 0, 1);
        self.add(document.summary, 0, 1);
        sections(document).fold(0, |length, (section, text)| length + self.add(text, section, 1))
    }

    /// Adds the terms of a text; returns their number.
    fn add(&mut self, text: &str, section: u32, weight: u32) -> u32 {
        let mut count = 0;
        tokens::each(text, &mut |term| {
            count += 1;
            self.weigh(term, section, weight);
        });
        count
    }

    /// Adds one mention.
    fn weigh(&mut self, term: &str, section: u32, weight: u32) {
        let at = self.place(term);
        let mention = &mut self.mentions[at as usize];
        if mention.weight == 0 {
            mention.section = section;
            self.touched.push(at);
        }
        mention.weight = mention.weight.saturating_add(weight);
    }

    /// Finds the place of a term, a new one for a new term.
    fn place(&mut self, term: &str) -> u32 {
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let mut key = [0; 16];
        let known = if let Some(start) = key.get_mut(..term.len()) {
            start.copy_from_slice(term.as_bytes());
            let key = u128::from_le_bytes(key);
            self.short.get(&key).copied().or_else(|| self.short.insert(key, next))
        } else {
            self.long.get(term).copied().or_else(|| self.long.insert(term.into(), next))
        };
        let at = known.unwrap_or(next);
        if at == next {
            self.mentions.push(Mention::default());
            self.entries.push(Entry { term: term.into(), first: 0, last: 0, postings: Vec::new() });
        }
        at
    }

    /// Writes the postings of the document at hand.
    fn close(&mut self, document: usize, length: u32) {
        for at in self.touched.drain(..) {
            let Mention { weight, section } = std::mem::take(&mut self.mentions[at as usize]);
            let entry = &mut self.entries[at as usize];
            if entry.postings.is_empty() {
                entry.first = document;
            } else {
                digits::push(&mut entry.postings, document - entry.last);
            }
            entry.last = document;
            digits::push(&mut entry.postings, section as usize * 16 + impact(weight, length));
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
fn impact(weight: u32, length: u32) -> usize {
    if weight >= ID {
        return OWN_ID;
    }
    let weight = weight as f32;
    let damping = SATURATION * (1.0 - LENGTH + LENGTH * length as f32 / USUAL);
    (HIGHEST * weight / (weight + damping)).round() as usize
}

/// Cuts the body where sections start. Starts that are no place in the text are passed over.
fn sections<'a>(document: &'a SearchDocument<'_>) -> impl Iterator<Item = (u32, &'a str)> {
    let text = document.text;
    let mut starts = vec![(0, 0)];
    for (at, heading) in (1..).zip(&document.headings) {
        let last = starts.last().map_or(0, |(_, start)| *start);
        if heading.start >= last && text.is_char_boundary(heading.start) {
            starts.push((at, heading.start));
        }
    }
    let ends: Vec<usize> =
        starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(move |((section, start), end)| (section, &text[start..end]))
}
