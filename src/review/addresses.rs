//! Addresses of pages and files, and anchors inside pages, that would be no more: links from elsewhere may lead there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Change, name};
use crate::pack::{Artifact, Packs};

/// An address that would be no more.
#[derive(Debug, Serialize)]
pub struct Vanished {
    /// The address inside a version: `agent-copilot/runbooks/rb-001.html`, with `#anchor` for a place in a page.
    pub address: String,
    /// The address at which the same document would be found.
    pub now: Option<String>,
}

/// Lists what vanishes: pages, then files, then places in pages that stay.
pub(super) fn compare(change: &Change<'_>) -> Vec<Vanished> {
    let (before, after) = (change.before.packs, change.after.packs);
    let pages: BTreeMap<String, &Artifact> =
        after.artifacts.iter().map(|one| (page(after, one), &**one)).collect();
    let by_name: BTreeMap<(&str, &str), &Artifact> = after
        .artifacts
        .iter()
        .filter(|one| one.has_id)
        .map(|one| (name(after, one), &**one))
        .collect();
    let mut found = Vec::new();
    let mut anchors = Vec::new();
    for artifact in &before.artifacts {
        let address = page(before, artifact);
        let now = by_name.get(&name(before, artifact)).filter(|_| artifact.has_id);
        match pages.get(&address) {
            Some(page) => anchors.extend(places(&address, artifact, page)),
            None => found.push(Vanished { address, now: now.map(|one| page(after, one)) }),
        }
    }
    let files = files(after);
    let gone = self::files(before).into_iter().filter(|address| !files.contains(address));
    found.extend(gone.map(|address| Vanished { address, now: None }));
    found.extend(anchors);
    found
}

fn page(packs: &Packs, artifact: &Artifact) -> String {
    at(packs, artifact.pack, &artifact.route)
}

fn at(packs: &Packs, pack: usize, route: &str) -> String {
    match packs.packs[pack].slug.as_str() {
        "" => route.to_owned(),
        slug => format!("{slug}/{route}"),
    }
}

fn files(packs: &Packs) -> BTreeSet<String> {
    let assets = packs.assets.iter().flat_map(|assets| assets.iter());
    assets.map(|asset| at(packs, asset.pack, &asset.route)).collect()
}

/// Lists the places of a page that it has no more.
fn places(address: &str, before: &Artifact, after: &Artifact) -> Vec<Vanished> {
    let stays = |anchor: &&String| after.document.anchors.binary_search(anchor).is_ok();
    let gone = before.document.anchors.iter().filter(|anchor| !stays(anchor));
    let named = |anchor: &String| Vanished { address: format!("{address}#{anchor}"), now: None };
    gone.map(named).collect()
}
