//! Fields: those at the top, those that the text states and those of the file beside it, each by the kind's own name.

use std::collections::BTreeMap;

use super::Point;
use crate::document::front_matter::Field;
use crate::document::{Node, Value};
use crate::kinds::Kind;
use crate::pack::Artifact;

/// What names a document is no difference in it.
const NAMES: [&str; 2] = ["id", "was"];

/// What names one of several tables in a list.
const TITLES: [&str; 2] = ["id", "name"];

pub(super) fn compare(kind: &Kind, before: &Artifact, after: &Artifact) -> Vec<Point> {
    let (then, now) = (said(kind, before), said(kind, after));
    let names: Vec<&String> =
        then.keys().chain(now.keys().filter(|name| !then.contains_key(*name))).collect();
    let differ = names.into_iter().filter_map(|name| {
        let (one, other) = (then.get(name), now.get(name));
        let known = !NAMES.contains(&name.as_str()) && one != other;
        let said = [one, other].map(|value| value.map(String::as_str));
        known.then(|| Point::value(kind.effect, "", name, said))
    });
    differ.collect()
}

/// Lists what a document says in fields, by the names of its kind.
pub(super) fn said(kind: &Kind, artifact: &Artifact) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    let beside = artifact.sidecar.iter().flat_map(|sidecar| &sidecar.fields.fields);
    let stated = artifact.document.front_matter.fields.iter().chain(&artifact.located);
    for Field { key, value, .. } in stated.chain(beside) {
        let name = kind.field(key).map_or(key, |spec| &spec.name).clone();
        if !said.contains_key(&name) {
            push(&mut said, name, value);
        }
    }
    said
}

/// Notes a value; the fields of a table stand under its name, those of a list of tables under the name of each.
fn push(said: &mut BTreeMap<String, String>, name: String, value: &Node) {
    let is_table = |node: &Node| node.fields().is_some();
    match &value.value {
        Value::Map(fields) => {
            for field in fields {
                push(said, format!("{name}.{}", field.key), &field.value);
            }
        }
        Value::List(items) if !items.is_empty() && items.iter().all(is_table) => {
            for (at, item) in items.iter().enumerate() {
                let fields = item.fields().unwrap_or_default();
                let id = fields.iter().find(|field| TITLES.contains(&field.key.as_str()));
                let number = (at + 1).to_string();
                let title = id.and_then(|field| field.value.text()).unwrap_or(&number);
                push(said, format!("{name}.{title}"), item);
            }
        }
        _ => {
            let text = written(value);
            if !text.is_empty() {
                said.insert(name, text);
            }
        }
    }
}

/// Writes a value in one line.
fn written(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Scalar(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            items.join(if items.iter().any(|item| item.contains(", ")) { "; " } else { ", " })
        }
        Value::Map(fields) => {
            let pair = |field: &Field| format!("{} {}", field.key, written(&field.value));
            fields.iter().map(pair).collect::<Vec<_>>().join(", ")
        }
    }
}
