//! Facts as classic scripts and as a stylesheet: what differs between versions, and what every page would otherwise
//! repeat. Each writer escapes for its own language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::address::encode;
use super::badges;
use super::lists::by_folder;
use super::root::{Ahead, PackCard};
use super::standing::state;
use super::unit::Unit;
use super::view::{When, day};
use super::{Inputs, Version, VersionState};
use crate::compare::lines::{Line, Lines, at};
use crate::kinds::Status;
use crate::source::ObjectId;

/// Writes an assignment that no HTML parser can end early and every JavaScript engine reads.
fn assign(name: &str, value: &Value) -> String {
    let json = value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    format!("window.{name} = {json};\n")
}

/// Lists every document of a pack for the side navigation: groups of label, address, status tone.
pub(super) fn navigation(unit: &Unit) -> String {
    let packs = unit.packs();
    let book = unit.facts().summary_order.as_ref();
    let chapters = book.map(|summary| {
        let shown = summary.items.iter().filter(|item| !item.title.is_empty());
        let lines = shown.map(|item| {
            let href = item.artifact.map_or_else(String::new, |at| unit.artifact_route(at));
            json!([format!("{} {}", item.number, item.title).trim(), href, "", item.depth])
        });
        json!({"title": "Chapters", "href": encode(&unit.routes.contents), "items": lines.collect::<Vec<_>>()})
    });
    let free = packs.kinds.len().saturating_sub(1);
    let present: BTreeSet<usize> = unit.own().map(|at| packs.artifacts[at].kind).collect();
    let listed = present.into_iter().filter(|kind| book.is_none() || *kind != free);
    let kinds = listed.flat_map(|kind| {
        let href = unit.routes.kind(kind).map_or_else(String::new, encode);
        by_folder(unit, kind).into_iter().map(move |(title, items)| {
            let items: Vec<Value> = items.into_iter().map(|at| navigation_item(unit, at)).collect();
            json!({"title": title, "href": href, "items": items})
        })
    });
    let figures = Some(&unit.routes.figures).filter(|route| !route.is_empty()).map(|route| {
        json!({"title": "Figures", "href": encode(route), "items": [["Figures", encode(route), "", 0]]})
    });
    let calendar = Some(&unit.routes.calendar).filter(|route| !route.is_empty()).map(|route| {
        json!({"title": "Calendar", "href": encode(route), "items": [["Calendar", encode(route), "", 0]]})
    });
    let groups = chapters.into_iter().chain(calendar).chain(figures).chain(kinds);
    assign("readymarkNav", &Value::Array(groups.collect()))
}

fn navigation_item(unit: &Unit, at: usize) -> Value {
    let artifact = &unit.packs().artifacts[at];
    let is_plain = artifact.status == Status::Absent;
    let tone = if is_plain { "" } else { mark(state(&unit.edition, at).tone) };
    let id = if artifact.has_id { format!("{} ", artifact.id) } else { String::new() };
    json!([format!("{id}{}", artifact.title), unit.artifact_route(at), tone, 0])
}

/// Says what readers should know of a document before they open it; nothing of one in force.
fn mark(tone: &'static str) -> &'static str {
    match tone {
        "approved" => "",
        "changed" => "then changed",
        "over" => "done",
        other => other,
    }
}

/// Tells a page which version it lies in.
pub(super) fn version(unit: &Unit) -> String {
    let inputs = &unit.edition.inputs;
    let facts = unit.facts();
    let version = inputs.version.as_ref();
    let commit =
        version.and_then(|version| version.commit.as_ref()).or(inputs.packs.commit.as_ref());
    assign(
        "readymarkVersion",
        &json!({
            "name": version.map(|version| &version.name),
            "version": version.map_or("", |version| &version.slug),
            "pack": facts.slug,
            "state": version.map(|version| version.state.words()),
            "commit": commit.map(|commit| commit.id.short()),
            "date": commit.map(|commit| When::new(commit.time).day),
            "as_of": day(&inputs.as_of),
            "badges": badges::times(unit),
        }),
    )
}

/// Shows the version's name, and reveals the line about a newer version, without JavaScript and in print.
pub(super) fn version_style(inputs: &Inputs) -> String {
    let Some(version) = &inputs.version else { return String::new() };
    let name = format!("{} ({})", version.name, version.state.words());
    let mut out = format!(".version-name::after {{ content: \"{}\"; }}\n", style_text(&name));
    let commit = version.commit.as_ref().map_or_else(String::new, |commit| {
        format!(", commit {} of {}", commit.id.short(), When::new(commit.time).day)
    });
    let facts = format!("Version {name}{commit}, judged as of {}", day(&inputs.as_of));
    let rule = "html:not(.js) .version-facts::after";
    let _ = writeln!(out, "{rule} {{ content: \"{}\"; }}", style_text(&facts));
    let _ = writeln!(out, ".printed-version::after {{ content: \"{}\"; }}", style_text(&facts));
    if version.state == VersionState::Outdated {
        out.push_str(".outdated { display: block; }\n");
    }
    out
}

/// Escapes text for a string of CSS: letters, digits and a few signs stay, all else becomes its number.
fn style_text(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || " .-_()/+".contains(letter);
    text.chars()
        .map(
            |letter| {
                if plain(letter) {
                    letter.to_string()
                } else {
                    format!("\\{:x} ", u32::from(letter))
                }
            },
        )
        .collect()
}

/// Tells every page of the site which versions there are.
pub(super) fn versions(packs: &[PackCard]) -> String {
    let packs: serde_json::Map<String, Value> = packs
        .iter()
        .map(|card| {
            let latest = card.latest().map(|version| &version.slug);
            let versions: Vec<Value> =
                card.versions.iter().map(|version| version_facts(card, version)).collect();
            (
                card.slug.clone(),
                json!({"title": card.title, "latest": latest, "versions": versions}),
            )
        })
        .collect();
    assign("readymarkVersions", &Value::Object(packs))
}

fn version_facts(card: &PackCard, version: &Version) -> Value {
    let commit = version.commit.as_ref();
    json!({
        "name": version.name,
        "slug": version.slug,
        "state": version.state.words(),
        "since": super::root::since(card, version),
        "ahead": card.ahead_of(version).map(Ahead::words),
        "commit": commit.map(|commit| commit.id.short()),
        "date": commit.map(|commit| When::new(commit.time).day),
    })
}

/// Returns the lineage shard of a document.
pub(super) fn shard(document: &str) -> String {
    blake3::hash(document.as_bytes()).to_hex().as_str().get(..2).unwrap_or_default().to_owned()
}

/// Groups the documents of all packs, by the slugs of these, into shards: shard, script.
pub fn lineage<'l>(packs: impl Iterator<Item = (&'l str, &'l Lines)>) -> BTreeMap<String, String> {
    let mut shards: BTreeMap<String, BTreeMap<String, Vec<Value>>> = BTreeMap::new();
    for (pack, lines) in packs {
        for line in &lines.lines {
            let ids: BTreeSet<&str> = line.iter().map(|held| held.id.as_str()).collect();
            for document in ids.into_iter().map(|id| format!("{pack}:{id}")) {
                let documents = shards.entry(shard(&document)).or_default();
                documents.entry(document).or_default().push(runs(lines, line));
            }
        }
    }
    let write = |(shard, documents)| (shard, assign("readymarkLineage", &json!(documents)));
    shards.into_iter().map(write).collect()
}

/// The script beside the versions of a pack that tells of all its documents.
pub const DOCUMENTS: &str = "documents.js";

/// Tells of all documents of a pack where they lie in each version.
pub fn documents(pack: &str, lines: &Lines) -> String {
    let all: Vec<Value> = lines.lines.iter().map(|line| runs(lines, line)).collect();
    let packs = assign("readymarkDocuments", &json!({ pack: all }));
    let value = packs.split_once(" = ").map_or("{};\n", |(_, value)| value).trim_end_matches(";\n");
    let name = "window.readymarkDocuments";
    format!("{name} = Object.assign({name} || {{}}, {value});\n")
}

/// Tells of a document from which version on it lies where, with which text; a version that does not hold it stands alone.
fn runs(lines: &Lines, line: &Line) -> Value {
    let mut runs: Vec<Value> = Vec::new();
    let mut before: Option<Option<(&str, ObjectId)>> = None;
    for (version, slug) in lines.versions.iter().enumerate() {
        let held = at(line, version).map(|held| (held.route.as_str(), held.content));
        if before != Some(held) && (before.is_some() || held.is_some()) {
            runs.push(held.map_or_else(
                || json!([slug]),
                |(route, content)| {
                    let text = blake3::hash(content.as_bytes()).to_hex();
                    json!([slug, encode(route), &text[..8]])
                },
            ));
            before = Some(held);
        }
    }
    Value::Array(runs)
}
