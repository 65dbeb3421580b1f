//! Terms to files: by the first two characters, by more where that gets too large, by block of code points for other
//! scripts. `themes/assets/search.js` finds a term's file in the same way; the two must not differ.

use std::collections::BTreeMap;

use super::postings::Postings;

/// Bytes above which a shard is split.
const LARGE: usize = 64 * 1024;
/// Characters after which a shard is not split any more.
const DEEPEST: usize = 12;

/// Cuts sorted terms into shards: key and `term postings` pairs joined by spaces, sorted by key.
pub(super) fn cut(terms: &[Postings]) -> Vec<(String, String)> {
    let mut shards = Vec::new();
    split(terms.iter().collect(), 2, &mut shards);
    shards.sort_unstable();
    shards
}

/// Shares terms out by keys of `length` characters, then shares out again what is too large. A term that is no
/// longer than its key stays in the shard of that name.
fn split(terms: Vec<&Postings>, length: usize, shards: &mut Vec<(String, String)>) {
    let mut groups: BTreeMap<String, Vec<&Postings>> = BTreeMap::new();
    for term in terms {
        groups.entry(key(&term.0, length)).or_default().push(term);
    }
    for (name, terms) in groups {
        let bytes: usize =
            terms.iter().map(|(term, postings)| term.len() + postings.len() + 2).sum();
        if bytes <= LARGE || terms.len() == 1 || length == DEEPEST {
            shards.push((name, lines(&terms)));
            continue;
        }
        let (whole, longer): (Vec<_>, Vec<_>) =
            terms.into_iter().partition(|(term, _)| key(term, length + 1) == name);
        if !whole.is_empty() {
            shards.push((name, lines(&whole)));
        }
        split(longer, length + 1, shards);
    }
}

/// Joins terms and postings.
fn lines(terms: &[&Postings]) -> String {
    let mut out = String::new();
    for (term, postings) in terms {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(term);
        out.push(' ');
        out.push_str(postings);
    }
    out
}

/// Names the shard of a term, a part of a file name: its first `length` characters when it starts with `a-z0-9`
/// (others as `_`), else its block of 128 code points, and from length 3 on the first code point as well.
pub(super) fn key(term: &str, length: usize) -> String {
    let latin = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let first = term.chars().next().unwrap_or('_');
    if latin(first) {
        return term.chars().take(length).map(|c| if latin(c) { c } else { '_' }).collect();
    }
    let block = u32::from(first) >> 7;
    if length < 3 { format!("_{block:x}") } else { format!("_{block:x}-{:x}", u32::from(first)) }
}
