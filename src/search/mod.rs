//! Search data for the browser: documents in, script files out. It must do no IO and know no page; what readers
//! may not see has been left out before (one audience filter, before this stage).
//!
//! All files are classic scripts that call one global, `readymarkSearch(name, data)`, so that they load on `file://`
//! and under `script-src 'self'`. The reader of the format is `themes/assets/search.js`:
//!
//! - `search/index.js`: format version, number of documents, packs (slug and first document), version slugs with the
//!   newest first, the documents that come first, and the keys of the term shards. It is all that loads before the
//!   first letter is typed.
//! - `search/t-<key>.js`: `term postings term postings ...` for the terms of that key (`shards.rs`).
//!   A posting is two numbers: documents passed since the posting before it, and `section * 16 + impact`. Section 0
//!   is the top of the page, section n the nth heading. Impact 15 says that the term is the document's own id or name.
//! - `search/v-<n>.js`: which documents the nth version holds, as pairs of a gap and a run length.
//! - `search/d-<n>.js`: what is shown of the nth block of [`BLOCK`] documents.
//!
//! Numbers are written as `digits.rs` says, five bits to a character.

mod digits;
mod postings;
mod shards;
mod tokens;

use rayon::prelude::*;
use serde_json::{Value, json};

/// Documents in one file of titles and summaries: a page of hits needs few of them, and each is small.
pub const BLOCK: usize = 64;

/// Raised when the files change in a way that an older script cannot read.
const FORMAT: u32 = 2;

/// One distinct pair of document and content, with the versions that hold it.
#[derive(Debug, Clone, Default)]
pub struct SearchDocument<'a> {
    /// The id; empty when the document has none.
    pub id: &'a str,
    /// The title that pages show.
    pub title: &'a str,
    /// The title of its kind.
    pub kind: &'a str,
    /// One or two sentences that hits show.
    pub summary: &'a str,
    /// The slug of its pack; empty in a plain book.
    pub pack: &'a str,
    /// Slug of each version that holds it and its route inside that version. A slug that [`index`] was not told of
    /// is left out.
    pub versions: Vec<(&'a str, &'a str)>,
    /// The word of its status; may be empty.
    pub status: &'a str,
    /// Its headings in order of appearance.
    pub headings: Vec<SearchHeading<'a>>,
    /// The words of the body.
    pub text: &'a str,
    /// Names that mean this document as its id does, such as alerts, each with the heading it stands under. Those of
    /// the top, 0, weigh as much as the title.
    pub names: Vec<(&'a str, u32)>,
    /// Other words it should be found by: people, other words for its kind.
    pub extra: Vec<&'a str>,
    /// Whether it comes before others that match as well.
    pub first: bool,
}

/// A heading that a hit can lead to.
#[derive(Debug, Clone, Copy, Default)]
pub struct SearchHeading<'a> {
    /// Its words.
    pub text: &'a str,
    /// Its anchor on the page, without `#`.
    pub anchor: &'a str,
    /// Byte offset in [`SearchDocument::text`] where its section starts.
    pub start: usize,
}

/// Makes the files of the search: route and bytes, sorted by route. `versions` are the slugs, newest first; a plain
/// book passes one empty slug.
pub fn index(versions: &[&str], documents: &[SearchDocument<'_>]) -> Vec<(String, Vec<u8>)> {
    let mut sorted: Vec<&SearchDocument<'_>> = documents.iter().collect();
    sorted.sort_by_key(|document| document.pack);
    let shards = shards::cut(&postings::gather(&sorted));
    let mut files = vec![file("index", &directory(versions, &sorted, &shards))];
    files.extend(versions.iter().enumerate().map(|(at, slug)| {
        let holds = |document: &SearchDocument<'_>| {
            document.versions.iter().any(|(version, _)| version == slug)
        };
        file(&format!("v-{at}"), &runs(&sorted, holds).into())
    }));
    files.par_extend(sorted.par_chunks(BLOCK).enumerate().map(|(at, block)| {
        let cards = block.iter().map(|document| card(versions, document)).collect();
        file(&format!("d-{at}"), &cards)
    }));
    let terms = shards.into_par_iter();
    files.par_extend(terms.map(|(key, terms)| file(&format!("t-{key}"), &terms.into())));
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

/// Writes one file of the search.
fn file(name: &str, data: &Value) -> (String, Vec<u8>) {
    (format!("search/{name}.js"), script(name, data))
}

/// Describes the other files.
fn directory(
    versions: &[&str],
    documents: &[&SearchDocument<'_>],
    shards: &[(String, String)],
) -> Value {
    let mut packs: Vec<(&str, usize)> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        if packs.last().is_none_or(|(slug, _)| *slug != document.pack) {
            packs.push((document.pack, at));
        }
    }
    let keys: Vec<&str> = shards.iter().map(|(key, _)| key.as_str()).collect();
    json!({
        "format": FORMAT,
        "documents": documents.len(),
        "block": BLOCK,
        "packs": packs,
        "versions": versions,
        "first": runs(documents, |document| document.first),
        "shards": keys.join(" "),
    })
}

/// Lists the documents that are meant as pairs of a gap and a run length.
fn runs(
    documents: &[&SearchDocument<'_>],
    is_meant: impl Fn(&SearchDocument<'_>) -> bool,
) -> String {
    let mut out = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while at < documents.len() {
        let start = at;
        while at < documents.len() && is_meant(documents[at]) {
            at += 1;
        }
        if at > start {
            digits::push(&mut out, start - end);
            digits::push(&mut out, at - start);
            end = at;
        }
        at += 1;
    }
    digits::text(out)
}

/// What is shown of a document: id, title, kind, status, summary, pack, its versions by route, its headings.
fn card(versions: &[&str], document: &SearchDocument<'_>) -> Value {
    let mut routes: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, slug) in versions.iter().enumerate() {
        let Some((_, route)) = document.versions.iter().find(|(version, _)| version == slug) else {
            continue;
        };
        match routes.iter_mut().find(|(known, _)| known == route) {
            Some((_, list)) => list.push(at),
            None => routes.push((route, vec![at])),
        }
    }
    let headings: Vec<&str> =
        document.headings.iter().flat_map(|heading| [heading.text, heading.anchor]).collect();
    json!([
        document.id,
        document.title,
        document.kind,
        document.status,
        document.summary,
        document.pack,
        routes,
        headings
    ])
}

/// Writes one classic script. The characters that end a script element, open a comment in one, or break a line in
/// old script engines only occur inside strings, where an escape may stand for them.
fn script(name: &str, data: &Value) -> Vec<u8> {
    let call = format!("readymarkSearch({},{data});\n", Value::from(name));
    if memchr::memchr3(b'<', b'>', 0xE2, call.as_bytes()).is_none() {
        return call.into_bytes();
    }
    call.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
        .into_bytes()
}
