//! Pages that list documents: a pack's overview, its contents, and one kind.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::encode;
use super::artifact::{ChangeView, DocumentLink, change, link, result};
use super::operations::{HelpView, help};
use super::standing::{last, state};
use super::tiles::{self, TilesView};
use super::unit::Unit;
use super::verdict::{self, Summary, summaries};
use super::view::{StatusView, sentence};
use super::who::Who;
use crate::kinds::Status;

/// The first page of a pack's version.
#[derive(Debug, Hash, Serialize)]
pub(super) struct OverviewView {
    title: String,
    summary: String,
    runs: Option<Who>,
    help: HelpView,
    head: TilesView,
    verdicts: Vec<Summary>,
    kinds: Vec<KindCount>,
    recent: Vec<Recent>,
}

/// A document that changed lately.
#[derive(Debug, Hash, Serialize)]
struct Recent {
    link: DocumentLink,
    changed: Option<ChangeView>,
    subject: String,
}

/// How many documents of a kind there are.
#[derive(Debug, Hash, Serialize)]
struct KindCount {
    title: String,
    purpose: String,
    href: String,
    count: usize,
    words: String,
    /// The documents, where they are few.
    documents: Vec<DocumentLink>,
}

/// Everything in the pack.
#[derive(Debug, Hash, Serialize)]
pub(super) struct ContentsView {
    chapters: Vec<Chapter>,
    groups: Vec<Group>,
}

/// A line of a book's summary.
#[derive(Debug, Hash, Serialize)]
struct Chapter {
    title: String,
    href: String,
    number: String,
    depth: usize,
    part: bool,
}

/// The documents of a kind.
#[derive(Debug, Hash, Serialize)]
struct Group {
    title: String,
    href: String,
    items: Vec<DocumentLink>,
}

/// The documents of one kind, with what matters of each.
#[derive(Debug, Hash, Serialize)]
pub(super) struct KindView {
    purpose: String,
    words: String,
    /// What the column is called that tells what came of each; empty when none says.
    result: String,
    rows: Vec<Row>,
}

/// A document in a list.
#[derive(Debug, Hash, Serialize)]
struct Row {
    link: DocumentLink,
    status: StatusView,
    owner: Option<Who>,
    changed: Option<ChangeView>,
}

pub(super) fn overview(unit: &Unit) -> OverviewView {
    let facts = unit.facts();
    OverviewView {
        title: facts.title.clone(),
        summary: facts.summary.clone(),
        runs: unit.registry().runs(),
        help: help(unit),
        head: tiles::view(unit),
        verdicts: summaries(&verdict::own(unit).collect::<Vec<_>>()),
        kinds: unit
            .routes
            .kinds
            .iter()
            .map(|(kind, route)| kind_count(unit, *kind, route))
            .collect(),
        recent: recent(unit),
    }
}

fn kind_count(unit: &Unit, kind: usize, route: &str) -> KindCount {
    let facts = &unit.packs().kinds[kind];
    let own = of_kind(unit, kind);
    KindCount {
        title: facts.plural.clone(),
        purpose: facts.purpose.clone(),
        href: encode(route),
        count: own.len(),
        words: told(unit, &own),
        documents: if own.len() > FEW {
            Vec::new()
        } else {
            own.into_iter().map(|at| link(unit, at)).collect()
        },
    }
}

/// Results in more words than these are told one by one only.
const MOST_RESULTS: usize = 6;

/// So many documents of a kind are named on the overview.
const FEW: usize = 6;

/// Finds the documents that the last landings changed, newest first.
fn recent(unit: &Unit) -> Vec<Recent> {
    let (log, lookup) = (&unit.edition.inputs.log, unit.lookup());
    let landing =
        |at: &usize| lookup.last_change(*at).map(|change| log.last_changes[change].landing.index);
    let mut changed: Vec<usize> = unit.own().filter(|at| landing(at).is_some()).collect();
    changed.sort_by_key(|at| (std::cmp::Reverse(landing(at)), *at));
    changed.truncate(5);
    let subject = |at| {
        last(&unit.edition, at).map(|change| change.landing.subject.clone()).unwrap_or_default()
    };
    changed
        .into_iter()
        .map(|at| Recent { link: link(unit, at), changed: change(unit, at), subject: subject(at) })
        .collect()
}

pub(super) fn contents(unit: &Unit) -> ContentsView {
    let free = unit.packs().kinds.len().saturating_sub(1);
    let present: std::collections::BTreeSet<usize> =
        unit.own().map(|at| unit.packs().artifacts[at].kind).collect();
    let chapters = chapters(unit);
    let shown = present.into_iter().filter(|kind| chapters.is_empty() || *kind != free);
    let of_kind = |kind: usize| {
        let href = unit.routes.kind(kind).map_or_else(String::new, encode);
        by_folder(unit, kind).into_iter().map(move |(title, items)| Group {
            title,
            href: href.clone(),
            items: items.into_iter().map(|at| link(unit, at)).collect(),
        })
    };
    let groups = shown.flat_map(of_kind);
    ContentsView { groups: groups.collect(), chapters }
}

fn chapters(unit: &Unit) -> Vec<Chapter> {
    let Some(summary) = &unit.facts().summary_order else { return Vec::new() };
    let hidden = unit.edition.inputs.settings.html.no_section_label;
    let shown = summary.items.iter().filter(|item| !item.title.is_empty());
    shown
        .map(|item| Chapter {
            title: item.title.clone(),
            href: item.artifact.map_or_else(String::new, |at| unit.artifact_route(at)),
            number: if hidden { String::new() } else { item.number.clone() },
            depth: item.depth.min(5),
            part: item.part,
        })
        .collect()
}

pub(super) fn kind(unit: &Unit, kind: usize) -> KindView {
    let own = of_kind(unit, kind);
    KindView {
        purpose: unit.packs().kinds[kind].purpose.clone(),
        words: told(unit, &own),
        result: heading(unit, kind, &own),
        rows: own.into_iter().map(|at| row(unit, at)).collect(),
    }
}

/// Names the field that tells what came of the documents; empty when none of them says.
fn heading(unit: &Unit, kind: usize, own: &[usize]) -> String {
    let listed = unit.packs().kinds[kind].listed();
    let said = listed.filter(|_| own.iter().any(|at| !result(unit, *at).is_empty()));
    said.map_or_else(String::new, |spec| sentence(&spec.name))
}

fn row(unit: &Unit, at: usize) -> Row {
    let artifact = &unit.packs().artifacts[at];
    Row {
        link: link(unit, at),
        status: state(&unit.edition, at),
        owner: artifact.owner.as_deref().map(|owner| unit.registry().who(owner)),
        changed: change(unit, at),
    }
}

/// Lists the pack's documents of a kind, by id, then by path.
pub(super) fn of_kind(unit: &Unit, kind: usize) -> Vec<usize> {
    let artifacts = &unit.packs().artifacts;
    let mut own: Vec<usize> = unit.own().filter(|at| artifacts[*at].kind == kind).collect();
    own.sort_by(|one, other| {
        let order = |at: usize| (!artifacts[at].has_id, &artifacts[at].id);
        order(*one).cmp(&order(*other))
    });
    own
}

/// More groups than this help nobody to find a page.
const MOST_GROUPS: usize = 40;

/// Groups a kind's documents by folder where no pack says how they belong together: title, documents. Folders are
/// told apart as deep as that gives a number of groups that can be looked through.
pub(super) fn by_folder(unit: &Unit, kind: usize) -> Vec<(String, Vec<usize>)> {
    let plural = &unit.packs().kinds[kind].plural;
    let own = of_kind(unit, kind);
    if unit.facts().declared {
        return vec![(plural.clone(), own)];
    }
    let deepest = own.iter().map(|at| folder_of(unit, *at).split('/').count()).max().unwrap_or(0);
    let groups_at = |depth: usize| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in &own {
            let folder: Vec<&str> = folder_of(unit, *at).split('/').take(depth).collect();
            groups.entry(folder.join("/")).or_default().push(*at);
        }
        groups
    };
    let few = |groups: &BTreeMap<String, Vec<usize>>| groups.len() <= MOST_GROUPS;
    let groups = (0..=deepest).rev().map(groups_at).find(few).unwrap_or_default();
    let is_free = kind + 1 == unit.packs().kinds.len();
    let shared = groups.keys().next().cloned().unwrap_or_default();
    let is_shared =
        !shared.is_empty() && groups.keys().all(|folder| within(folder, &shared).is_some());
    let title = |folder: &str| match within(folder, if is_shared { &shared } else { "" }) {
        None | Some("") => plural.clone(),
        Some(inside) if is_free => inside.to_owned(),
        Some(inside) => format!("{plural}: {inside}"),
    };
    groups.into_iter().map(|(folder, items)| (title(&folder), items)).collect()
}

/// What is left of a folder's path inside another folder.
fn within<'a>(folder: &'a str, outer: &str) -> Option<&'a str> {
    if outer.is_empty() || folder == outer {
        return folder.get(outer.len()..);
    }
    folder.strip_prefix(outer)?.strip_prefix('/')
}

/// The folder of a document inside its pack.
fn folder_of(unit: &Unit, artifact: usize) -> &str {
    let folder = unit.packs().artifacts[artifact].path.folder();
    folder.strip_prefix(unit.facts().folder.as_str()).unwrap_or(folder).trim_start_matches('/')
}

/// Says how documents stand and what came of them: `5 closed · 1 open: 4 successful, 1 rolled-back`.
fn told(unit: &Unit, artifacts: &[usize]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for result in artifacts.iter().map(|at| result(unit, *at)).filter(|one| !one.is_empty()) {
        *counts.entry(result).or_default() += 1;
    }
    let standings = standings(unit, artifacts);
    if counts.is_empty() || counts.len() > MOST_RESULTS {
        return standings;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let results: Vec<String> =
        counts.into_iter().map(|(word, number)| format!("{number} {word}")).collect();
    format!("{standings}: {}", results.join(", "))
}

/// Counts in words: `5 closed · 1 approved, then changed`, in the order of the kind's life cycle.
pub(super) fn standings(unit: &Unit, artifacts: &[usize]) -> String {
    let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for at in artifacts {
        let place = place_of(unit, *at);
        *counts.entry((place, state(&unit.edition, *at).word)).or_default() += 1;
    }
    let parts = counts.into_iter().map(|((_, word), number)| format!("{number} {word}"));
    parts.collect::<Vec<_>>().join(" · ")
}

/// Tells where in its life cycle a document stands, the end first.
fn place_of(unit: &Unit, at: usize) -> usize {
    let artifact = &unit.packs().artifacts[at];
    let Status::Known { word, .. } = &artifact.status else { return usize::MAX };
    let statuses = unit.packs().kinds[artifact.kind].statuses.iter().rev();
    statuses.into_iter().position(|spec| spec.name == *word).unwrap_or(usize::MAX)
}
