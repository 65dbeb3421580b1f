//! `trace.json`: the documents and rows of a pack, what leads from where to where, and whether it still leads to what
//! it did when somebody last looked. The guide describes the fields.

use serde::Serialize;

use super::export::tool;
use super::rows;
use super::unit::Unit;
use crate::pack::lock::{State, row_id};
use crate::pack::{Artifact, Relation, Target};
use crate::visible::json_text;

/// The graph of one pack.
#[derive(Serialize)]
struct Trace<'u> {
    schema: &'static str,
    tool: serde_json::Value,
    pack: &'u str,
    nodes: Vec<Node<'u>>,
    edges: Vec<Edge<'u>>,
    /// The documents that nothing leads to.
    orphans: Vec<&'u str>,
}

/// A document, or a row of one.
#[derive(Serialize)]
struct Node<'u> {
    id: &'u str,
    r#type: &'u str,
    title: &'u str,
    path: &'u str,
    line: usize,
    href: String,
    digest: String,
}

/// A relation or a link.
#[derive(Serialize)]
struct Edge<'u> {
    from: &'u str,
    relation: &'u str,
    to: String,
    path: &'u str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<&'u str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
}

/// The relation of a link that is not typed.
const MENTIONS: &str = "mentions";

pub(super) fn trace(unit: &Unit) -> String {
    let packs = unit.packs();
    let mut edges: Vec<Edge<'_>> = Vec::new();
    for at in unit.own() {
        edges.extend(packs.outgoing[at].relations.iter().map(|one| typed(unit, one)));
        edges.extend(broken(unit, at));
        edges.extend(mentions(unit, at));
    }
    json_text(&Trace {
        schema: "readiness-pack/trace/1",
        tool: tool(),
        pack: &unit.facts().id,
        nodes: unit.own().flat_map(|at| nodes(unit, at)).collect(),
        edges,
        orphans: unit
            .own()
            .filter(|at| is_orphan(unit, *at))
            .map(|at| packs.artifacts[at].id.as_str())
            .collect(),
    })
}

/// Tells whether no document leads to one, and it is no chapter.
fn is_orphan(unit: &Unit, at: usize) -> bool {
    let mut chapters = unit.facts().summary_order.iter().flat_map(|order| &order.items);
    unit.lookup().back_links(at).is_empty()
        && unit.lookup().incoming(at).is_empty()
        && unit.packs().outgoing[at].relations.is_empty()
        && !chapters.any(|item| item.artifact == Some(at))
}

fn nodes(unit: &Unit, at: usize) -> impl Iterator<Item = Node<'_>> {
    let packs = unit.packs();
    let artifact = &packs.artifacts[at];
    let href = unit.artifact_route(at);
    let document = Node {
        id: &artifact.id,
        r#type: packs.kinds.get(artifact.kind).map_or("", |kind| kind.name.as_str()),
        title: &artifact.title,
        path: artifact.path.as_str(),
        line: 1,
        href: href.clone(),
        digest: artifact.document.digest.write(),
    };
    let rows = artifact.records.iter().map(move |row| Node {
        id: &row.id,
        r#type: &row.sort,
        title: &row.title,
        path: artifact.path.as_str(),
        line: artifact.document.line(row.row.start),
        href: format!("{href}{}", rows::anchor(row)),
        digest: row.digest.write(),
    });
    std::iter::once(document).chain(rows)
}

fn typed<'u>(unit: &'u Unit, relation: &'u Relation) -> Edge<'u> {
    let packs = unit.packs();
    let (from, to) = (&packs.artifacts[relation.from], &packs.artifacts[relation.to]);
    let target = row_id(to, relation.to_row).unwrap_or(&to.id);
    let state = packs.state(relation);
    let key = packs.relation_key(relation);
    Edge {
        pinned: packs.pins.get(&key).map(String::as_str).filter(|_| state != State::Unpinned),
        state: Some(state.word()),
        from: row_id(from, relation.from_row).unwrap_or(&from.id),
        ..edge(from, &relation.name, named(unit, from, to, target), relation.span.start)
    }
}

fn broken(unit: &Unit, at: usize) -> impl Iterator<Item = Edge<'_>> {
    let packs = unit.packs();
    packs.outgoing[at].broken.iter().map(|one| Edge {
        state: Some("broken"),
        ..edge(&packs.artifacts[one.from], &one.name, one.target.clone(), one.span.start)
    })
}

/// Lists where links of a document lead, each place once.
fn mentions(unit: &Unit, at: usize) -> Vec<Edge<'_>> {
    let packs = unit.packs();
    let from = &packs.artifacts[at];
    let mut found: Vec<Edge<'_>> = Vec::new();
    for (link, target) in from.document.links.iter().zip(&packs.outgoing[at].targets) {
        let Target::Artifact { artifact, anchor } = target else { continue };
        let to = &packs.artifacts[*artifact];
        let row = row_id(to, to.record(anchor));
        let typed = &packs.outgoing[at].relations;
        let is_typed = typed.iter().any(|one| one.span == link.span);
        let is_own = *artifact == at && row.is_none_or(|id| in_row(from, id, link.span.start));
        let to = named(unit, from, to, row.unwrap_or(&to.id));
        if !is_own && !is_typed && !found.iter().any(|edge| edge.to == to) {
            found.push(edge(from, MENTIONS, to, link.span.start));
        }
    }
    found
}

/// Tells whether a place lies in the row of that id: a row that names itself leads nowhere.
fn in_row(artifact: &Artifact, id: &str, place: usize) -> bool {
    artifact.records.iter().any(|row| row.id == id && row.row.contains(&place))
}

fn edge<'u>(from: &'u Artifact, relation: &'u str, to: String, place: usize) -> Edge<'u> {
    Edge {
        from: &from.id,
        relation,
        to,
        path: from.path.as_str(),
        line: from.document.line(place),
        pinned: None,
        state: None,
    }
}

/// Names a target as the document would: with its pack when that is another.
fn named(unit: &Unit, from: &Artifact, to: &Artifact, id: &str) -> String {
    if from.pack == to.pack {
        return id.to_owned();
    }
    format!("{}:{id}", unit.packs().packs[to.pack].id)
}
