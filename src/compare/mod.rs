//! What differs between two snapshots' packs, told by what it means for those who run the service. Documents are matched
//! by what they are, not by where they lie; how pages look and where they are listed is never a difference. No IO here.

mod contacts;
mod fields;
mod likeness;
pub mod lines;
mod pairs;
mod tables;
mod text;
pub mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::diff::Hunk;
use crate::history::DecisionLog;
use crate::kinds::{Effect, Kind};
use crate::pack::{Artifact, Asset, Packs};
use crate::source::RepoPath;

pub use contacts::people;
pub use pairs::Pair;
use pairs::{Known, pairs};

/// One pack in one snapshot.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// All packs of the snapshot.
    pub packs: &'a Packs,
    /// The pack; nothing where it is not there.
    pub pack: Option<usize>,
    /// The log as it stood then, which knows documents through their renames; nothing where it was not read.
    pub log: Option<&'a DecisionLog>,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
    /// It says the same in another place.
    Moved,
}

/// What differs in one document, one file or one list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Change {
    /// The gravest effect of what differs.
    pub effect: Effect,
    /// What it is: `Runbook`, `File`, `People`.
    pub sort: String,
    /// The id that it states; empty when it states none.
    pub id: String,
    /// For people.
    pub title: String,
    /// How it differs as a whole.
    pub how: How,
    /// Where it was.
    pub before: Option<Place>,
    /// Where it is.
    pub after: Option<Place>,
    /// What differs in it, the gravest first.
    pub points: Vec<Point>,
}

/// Where something lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// In the repository.
    pub path: RepoPath,
    /// In the folder of its version; empty where it has no page.
    pub route: String,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Point {
    /// What it means.
    pub effect: Effect,
    /// The heading that it stands under; empty for fields.
    pub section: String,
    /// A field, a row, a cell; empty for text.
    pub name: String,
    /// How it differs.
    pub how: How,
    /// What it said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What it says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// The lines of a text that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hunks: Vec<Hunk>,
}

impl Point {
    /// Tells of a value that differs; nothing on one side is no value there.
    fn value(effect: Effect, section: &str, name: &str, said: [Option<&str>; 2]) -> Self {
        let how = match said {
            [None, _] => How::Added,
            [_, None] => How::Removed,
            _ => How::Changed,
        };
        let [before, after] = said.map(|one| one.unwrap_or_default().to_owned());
        let (section, name) = (section.to_owned(), name.to_owned());
        Self { effect, section, name, how, before, after, hunks: Vec::new() }
    }
}

/// Lists what differs between a pack and the same pack in another snapshot, by its effect on those who run the service,
/// then by kind and id.
pub fn compare(before: Side<'_>, after: Side<'_>) -> Vec<Change> {
    let (then, now) = (before.artifacts(), after.artifacts());
    let found = matched(before, after).into_iter();
    let documents = found.filter_map(|(one, other)| {
        document([before, after], [one.map(|at| &**then[at]), other.map(|at| &**now[at])])
    });
    let mut changes: Vec<(i64, Change)> = documents.collect();
    changes.extend(contacts::pack(before, after).map(|change| (i64::MIN, change)));
    changes.extend(files(before, after).into_iter().map(|change| (i64::MAX, change)));
    changes.sort_by(|(one_order, one), (other_order, other)| {
        let place = |change: &Change| change.place().map(|place| place.path.clone());
        (one.effect, one_order, &one.id, place(one)).cmp(&(
            other.effect,
            other_order,
            &other.id,
            place(other),
        ))
    });
    changes.into_iter().map(|(_, change)| change).collect()
}

/// Pairs the documents of a pack, by their places in it.
pub fn matched(before: Side<'_>, after: Side<'_>) -> Vec<Pair> {
    let known = |side: Side<'_>| -> Vec<Known> {
        side.artifacts().into_iter().map(|artifact| Known::of(artifact, side.log)).collect()
    };
    pairs(&known(before), &known(after))
}

impl<'a> Side<'a> {
    /// Lists the documents of the pack.
    pub fn artifacts(self) -> Vec<&'a Arc<Artifact>> {
        let own = self.pack.map(|pack| self.packs.of(pack)).unwrap_or_default();
        self.packs.artifacts[own].iter().collect()
    }

    fn assets(self) -> &'a [Asset] {
        self.pack.and_then(|pack| self.packs.assets.get(pack)).map_or(&[], |assets| assets)
    }
}

impl Change {
    /// Returns where it is, or was when it is gone.
    pub fn place(&self) -> Option<&Place> {
        self.after.as_ref().or(self.before.as_ref())
    }

    /// Returns where it was, when it lies elsewhere now.
    pub fn moved_from(&self) -> Option<&Place> {
        let (before, after) = (self.before.as_ref()?, self.after.as_ref()?);
        (before.path != after.path).then_some(before)
    }
}

/// Compares a document with what it was; nothing when both say the same at the same place.
fn document(sides: [Side<'_>; 2], pair: [Option<&Artifact>; 2]) -> Option<(i64, Change)> {
    let [before, after] = pair;
    let shown = after.or(before)?;
    let packs = if after.is_some() { sides[1].packs } else { sides[0].packs };
    let kind = &packs.kinds[shown.kind];
    let mut points = match (before, after) {
        (Some(before), Some(after)) if !says_the_same(kind, before, after) => {
            let mut points = fields::compare(kind, before, after);
            points.extend(text::compare(kind, &before.document, &after.document));
            points
        }
        _ => Vec::new(),
    };
    points.sort_by_key(|point| point.effect);
    let moved = before.zip(after).is_some_and(|(one, other)| one.path != other.path);
    let how = match (before, after) {
        (None, _) => How::Added,
        (_, None) => How::Removed,
        _ if !points.is_empty() => How::Changed,
        _ if moved => How::Moved,
        _ => return None,
    };
    let effect = match how {
        How::Changed => points.iter().map(|point| point.effect).min().unwrap_or_default(),
        _ => kind.effect,
    };
    let place = |one: &Artifact| Place { path: one.path.clone(), route: one.route.clone() };
    let change = Change {
        effect,
        sort: kind.title.clone(),
        id: if shown.has_id { shown.id.clone() } else { String::new() },
        title: shown.title.clone(),
        how,
        before: before.map(place),
        after: after.map(place),
        points,
    };
    Some((kind.order, change))
}

/// Tells whether both have the same text and the same fields beside it, or say the same in it.
fn says_the_same(kind: &Kind, one: &Artifact, other: &Artifact) -> bool {
    let beside = |artifact: &Artifact| artifact.sidecar.as_ref().map(|sidecar| sidecar.blob);
    let text = || {
        one.document.digest == other.document.digest
            && fields::said(kind, one) == fields::said(kind, other)
    };
    beside(one) == beside(other) && (one.content == other.content || text())
}

/// Compares the files that pages show or offer.
fn files(before: Side<'_>, after: Side<'_>) -> Vec<Change> {
    let (then, now) = (before.assets(), after.assets());
    let path = |asset: &Asset| asset.file.path.clone();
    let paths: BTreeSet<RepoPath> = then.iter().chain(now).map(path).collect();
    let find = |assets: &[Asset], path: &RepoPath| {
        let at = assets.binary_search_by(|asset| asset.file.path.cmp(path)).ok()?;
        Some((assets[at].file.blob, assets[at].route.clone()))
    };
    let differ = paths.into_iter().filter_map(|path| {
        let (one, other) = (find(then, &path), find(now, &path));
        let how = match (&one, &other) {
            (None, _) => How::Added,
            (_, None) => How::Removed,
            (Some((one, _)), Some((other, _))) if one == other => return None,
            _ => How::Changed,
        };
        let place = |(_, route)| Place { path: path.clone(), route };
        Some(Change {
            effect: Effect::Other,
            sort: "File".to_owned(),
            id: String::new(),
            title: path.name().to_owned(),
            how,
            before: one.map(place),
            after: other.map(place),
            points: Vec::new(),
        })
    });
    differ.collect()
}
