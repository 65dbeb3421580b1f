//! What a tag says, in words: who set it, whether it is signed, and whether it stands for the pack.

use serde::Serialize;
use serde_json::{Value, json};

use super::root::PackCard;
use super::signed;
use super::view::When;
use super::{Version, export};
use crate::document::digest::Digest;
use crate::pack::People;
use crate::signature::Why;
use crate::tags::{Annotated, Doubt, Tagged};
use crate::visible::json_text;

/// What names a version, and what it holds.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    /// Its tag; nothing for a branch.
    pub tagged: Option<Tagged>,
    /// Names what all its documents say; nothing where readers do not see all of them.
    pub digest: Option<Digest>,
}

/// What a reader sees of a mark.
#[derive(Debug, Default, Hash, Serialize)]
pub(super) struct MarkView {
    /// One sentence; empty for a branch.
    words: String,
    /// The first line of its message.
    subject: String,
    /// Whether it is a baseline.
    baseline: bool,
    /// The start of the digest; empty where there is none.
    digest: String,
}

pub(super) fn view(mark: &Mark, people: &People) -> MarkView {
    let Some(tagged) = &mark.tagged else { return MarkView::default() };
    MarkView {
        words: words(tagged, people),
        subject: tagged.subject().to_owned(),
        baseline: tagged.baseline().is_some(),
        digest: mark.digest.map(short).unwrap_or_default(),
    }
}

/// The start of a digest, enough to tell two apart by eye.
fn short(digest: Digest) -> String {
    format!("{}…", digest.write().split_at(22).0)
}

fn words(tagged: &Tagged, people: &People) -> String {
    let Tagged::Annotated(tag) = tagged else {
        return "A label: it does not say who set it, and anybody may move it.".to_owned();
    };
    let on = tag.time.map_or_else(String::new, |time| format!(" on {}", When::new(time).day));
    if let Some(signer) = tagged.baseline() {
        let name = signed::name(signer, people);
        return format!("Signed{on} by {name}, who answers for the pack.");
    }
    let mut parts = vec![format!("Tagged{on} by {}", tagger(tag, people))];
    parts.extend(
        Some(signed::words(&tag.signature, "tagger", people)).filter(|words| !words.is_empty()),
    );
    parts.extend(tag.doubts.iter().filter_map(|doubt| doubt_words(doubt, tag)));
    format!("{}.", parts.join("; "))
}

fn tagger(tag: &Annotated, people: &People) -> String {
    let known = tag.person.as_deref().and_then(|id| people.person(id));
    known.map_or_else(|| tag.tagger.clone(), |at| people.persons[at].name.clone())
}

/// Says what keeps a tag from being a baseline, beside what its signature shows.
fn doubt_words(doubt: &Doubt, tag: &Annotated) -> Option<String> {
    Some(match doubt {
        Doubt::NotSigned if tag.signature.word() == "absent" => "not signed".to_owned(),
        Doubt::NotSigned => return None,
        Doubt::NotAccountable => "whoever signed does not answer for the pack".to_owned(),
        Doubt::NobodyAccountable => "nobody was named who answers for the pack".to_owned(),
        Doubt::OtherName(name) => format!("it was made under the name {name}"),
        Doubt::NotLanded => "its commit is not on the branch".to_owned(),
    })
}

/// Tells programs which versions a pack has and what their tags say.
pub(super) fn versions(card: &PackCard) -> String {
    let versions: Vec<Value> = card.versions.iter().map(|one| version(card, one)).collect();
    json_text(&json!({
        "schema": "readiness-pack/versions/1",
        "tool": export::tool(),
        "versions": versions,
    }))
}

fn version(card: &PackCard, version: &Version) -> Value {
    let mark = card.marks.get(&version.slug).cloned().unwrap_or_default();
    json!({
        "name": version.name,
        "slug": version.slug,
        "state": version.state.words(),
        "commit": version.commit.as_ref().map(|commit| commit.id.to_string()),
        "digest": mark.digest.map(Digest::write),
        "tag": mark.tagged.as_ref().map(tag),
    })
}

fn tag(tagged: &Tagged) -> Value {
    let Tagged::Annotated(tag) = tagged else { return json!({"kind": tagged.word()}) };
    json!({
        "kind": tagged.word(),
        "tagger": tag.tagger,
        "person": tag.person,
        "subject": tag.subject,
        "tagged": tag.time.map(|time| When::new(time).iso),
        "signature": tag.signature.word(),
        "signed_by": tag.signature.signer().and_then(|signer| signer.person.clone()),
        "unverifiable": tag.signature.why().map(Why::words),
        "doubts": tag.doubts.iter().map(Doubt::word).collect::<Vec<_>>(),
    })
}
