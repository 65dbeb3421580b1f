//! The rows of a document that others lead to or somebody approved, with who did.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::encode;
use super::approved;
use super::artifact::{Place, RelationGroup, grouped};
use super::unit::Unit;
use crate::pack::Target;
use crate::pack::records::Record;

/// A row that others lead to, or that somebody approved.
#[derive(Debug, Hash, Serialize)]
pub(super) struct RowView {
    id: String,
    title: String,
    href: String,
    groups: Vec<RelationGroup>,
    /// Who approved it.
    approvals: Vec<String>,
}

/// The word for a link that is no typed relation.
const MENTIONED: &str = "mentioned-in";

/// Lists the rows of an artifact that other documents lead to or somebody approved, in their order.
pub(super) fn of(unit: &Unit, at: usize) -> Vec<RowView> {
    let records = &unit.packs().artifacts[at].records;
    if records.is_empty() {
        return Vec::new();
    }
    let mut by_row: BTreeMap<usize, Vec<(&str, Place)>> = BTreeMap::new();
    let all = &unit.packs().outgoing;
    let relations = unit.lookup().incoming(at).iter().map(|(from, at)| &all[*from].relations[*at]);
    for relation in relations {
        let Some(row) = relation.to_row else { continue };
        by_row
            .entry(row)
            .or_default()
            .push((&relation.inverse, (relation.from, relation.from_row)));
    }
    for (row, from) in mentions(unit, at) {
        let known = by_row.entry(row).or_default();
        if !known.iter().any(|(_, (other, _))| *other == from) {
            known.push((MENTIONED, (from, None)));
        }
    }
    let mut approvals = approved::of_rows(unit, at);
    for row in approvals.keys() {
        by_row.entry(*row).or_default();
    }
    let view = |(row, others): (usize, Vec<(&str, Place)>)| {
        let record = records.get(row)?;
        Some(RowView {
            id: record.id.clone(),
            title: record.title.clone(),
            href: anchor(record),
            groups: grouped(unit, others.into_iter()),
            approvals: approvals.remove(&row).unwrap_or_default(),
        })
    };
    by_row.into_iter().filter_map(view).collect()
}

/// Lists the links of other documents that lead to rows: the row and the document.
fn mentions(unit: &Unit, at: usize) -> Vec<(usize, usize)> {
    let packs = unit.packs();
    let others = unit.lookup().back_links(at);
    let row = |target: &Target| match target {
        Target::Artifact { artifact, anchor } if *artifact == at && !anchor.is_empty() => {
            packs.artifacts[at].record(anchor)
        }
        _ => None,
    };
    let of = |from: &usize| {
        let from = *from;
        packs.outgoing[from].targets.iter().filter_map(row).map(move |row| (row, from))
    };
    others.iter().flat_map(of).collect()
}

/// The place of a row on its page; empty when another row has its id.
pub(super) fn anchor(record: &Record) -> String {
    if record.anchored { format!("#{}", encode(&record.id)) } else { String::new() }
}
