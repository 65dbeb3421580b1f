//! The fields of a document's front matter as its page shows them: ids, people and addresses become links.

use serde::Serialize;

use super::artifact::prefixed;
use super::unit::Unit;
use super::view::{Linked, day, is_web, sentence};
use crate::document::front_matter::{Node, Value};
use crate::document::text::is_placeholder;
use crate::kinds::Form;
use crate::pack::who::Who as Party;
use crate::value;

/// A field of the front matter that the kind knows.
#[derive(Debug, Hash, Serialize)]
pub(super) struct FieldView {
    label: String,
    values: Vec<Linked>,
}

/// Lists the fields that the kind knows, relations left out: they have a place of their own.
pub(super) fn fields(unit: &Unit, at: usize) -> Vec<FieldView> {
    let artifact = &unit.packs().artifacts[at];
    let Some(kind) = unit.packs().kinds.get(artifact.kind) else { return Vec::new() };
    let shown = kind.fields.iter().filter(|spec| !matches!(spec.form, Form::Relation { .. }));
    let found = shown.filter_map(|spec| {
        let field = artifact.field(spec)?;
        Some((&spec.name, values(unit, at, &spec.form, &field.value)))
    });
    let filled = found.filter(|(_, values)| !values.is_empty());
    filled.map(|(name, values)| FieldView { label: sentence(name), values }).collect()
}

/// Shows one field of the document; nothing when its kind has no such field.
pub(super) fn field(unit: &Unit, at: usize, name: &str) -> Vec<Linked> {
    let artifact = &unit.packs().artifacts[at];
    let kind = unit.packs().kinds.get(artifact.kind);
    let spec = kind.and_then(|kind| kind.fields.iter().find(|spec| spec.name == name));
    let found = spec.and_then(|spec| Some((spec, artifact.field(spec)?)));
    found.map_or_else(Vec::new, |(spec, field)| values(unit, at, &spec.form, &field.value))
}

/// Shows a value or each of a list; addresses are complete, as seen from the document's page.
fn values(unit: &Unit, at: usize, form: &Form, node: &Node) -> Vec<Linked> {
    let nodes = match &node.value {
        Value::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes.iter().filter_map(|node| value(unit, at, form, node)).collect()
}

fn value(unit: &Unit, at: usize, form: &Form, node: &Node) -> Option<Linked> {
    let Some(text) = node.text() else { return place(node) };
    Some(match form {
        Form::Who => person(unit, at, text),
        Form::Date(_) => Linked { text: moment(unit, at, text), href: String::new() },
        Form::Text => meant(unit, at, text),
        _ => Linked { text: text.to_owned(), href: String::new() },
    })
}

/// Puts a day into words; its time with the zone that is written, or else that of the pack.
fn moment(unit: &Unit, at: usize, text: &str) -> String {
    let Some(moment) = value::moment(text) else { return day(text) };
    let packs = unit.packs();
    let usual = || packs.packs[packs.artifacts[at].pack].timezone.clone();
    let zone = moment.zone.or_else(usual).map(|zone| format!(" {zone}"));
    format!("{}, {}{}", day(&moment.day.to_string()), moment.time, zone.unwrap_or_default())
}

/// Names the persons of a field: each value, or who stands under `by` in each.
pub(super) fn people(unit: &Unit, node: &Node) -> Vec<Linked> {
    let nodes = match &node.value {
        Value::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let texts = nodes.iter().filter_map(|node| node.text().or_else(|| by(node)));
    let written = texts.filter(|text| !is_placeholder(text));
    written
        .map(|text| unit.registry().who(text))
        .map(|who| Linked { text: who.name, href: who.href })
        .collect()
}

fn by(node: &Node) -> Option<&str> {
    node.fields()?.iter().find(|field| field.key == "by")?.value.text()
}

fn person(unit: &Unit, at: usize, text: &str) -> Linked {
    let who = unit.registry().who(text);
    Linked { text: who.name, href: prefixed(unit, at, &who.href) }
}

/// Links a text that is an address, the id of a document or a role.
fn meant(unit: &Unit, at: usize, text: &str) -> Linked {
    if is_web(text) {
        return Linked { text: text.to_owned(), href: text.to_owned() };
    }
    let pack = unit.packs().artifacts[at].pack;
    if let Some(other) = unit.packs().with_id(pack, text) {
        let title = &unit.packs().artifacts[other].title;
        let href = prefixed(unit, at, &unit.artifact_route(other));
        return Linked { text: format!("{text} {title}"), href };
    }
    if matches!(unit.packs().people.who(text), Some(Party::Role(_) | Party::Person(_))) {
        return person(unit, at, text);
    }
    Linked { text: text.to_owned(), href: String::new() }
}

/// Links a table that names a place: `{name, url}`.
fn place(node: &Node) -> Option<Linked> {
    let fields = node.fields()?;
    let text = |keys: [&str; 2]| {
        let field = fields.iter().find(|field| keys.contains(&field.key.as_str()));
        field.and_then(|field| field.value.text())
    };
    let href = text(["url", "href"]).filter(|url| is_web(url))?;
    Some(Linked { text: text(["name", "title"]).unwrap_or(href).to_owned(), href: href.to_owned() })
}
