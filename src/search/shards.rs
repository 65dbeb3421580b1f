//! Terms to files: by the first two characters, by three where that gets too large, by block of code points for
//! other scripts. `themes/assets/search.js` finds a term's file in the same way; the two must not differ.

use std::collections::BTreeMap;

use super::postings::Postings;

/// Bytes above which a shard is split.
const LARGE: usize = 64 * 1024;

/// Cuts sorted terms into shards: key and `term postings` pairs joined by spaces, sorted by key.
pub(super) fn cut(terms: Vec<Postings>) -> Vec<(String, String)> {
    let mut coarse: BTreeMap<String, Vec<Postings>> = BTreeMap::new();
    for term in terms {
        coarse.entry(key(&term.0, 2)).or_default().push(term);
    }
    let mut shards = BTreeMap::new();
    for (name, terms) in coarse {
        let bytes: usize =
            terms.iter().map(|(term, postings)| term.len() + postings.len() + 2).sum();
        if bytes <= LARGE {
            shards.insert(name, terms);
            continue;
        }
        for term in terms {
            shards.entry(key(&term.0, 3)).or_default().push(term);
        }
    }
    shards.into_iter().map(|(key, terms)| (key, lines(&terms))).collect()
}

/// Joins terms and postings.
fn lines(terms: &[Postings]) -> String {
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
/// (others as `_`), else its block of 128 code points, and the first code point itself at length 3.
pub(super) fn key(term: &str, length: usize) -> String {
    let latin = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let first = term.chars().next().unwrap_or('_');
    if latin(first) {
        return term.chars().take(length).map(|c| if latin(c) { c } else { '_' }).collect();
    }
    let block = u32::from(first) >> 7;
    if length < 3 { format!("_{block:x}") } else { format!("_{block:x}-{:x}", u32::from(first)) }
}
