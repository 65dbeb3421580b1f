//! What changed between two versions of a pack, on a page of its own above both, so that neither of them changes.

use serde::Serialize;

use super::Version;
use super::address::{encode, up};
use super::frame::{Frame, PageFrame, site_title};
use super::view::When;
use crate::Failure;
use crate::compare::{Change, Place, Point, words};
use crate::diff::Hunk;
use crate::kinds::Effect;
use crate::project::join;
use crate::render::{Theme, Values};
use crate::settings::Settings;

/// The folder of these pages in that of the pack.
pub const FOLDER: &str = "compare";

/// What the earlier of two versions is to the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The version before it.
    Before,
    /// What operations accepted last.
    Accepted,
}

impl Base {
    /// Says since when.
    pub(super) fn words(self, name: &str) -> String {
        match self {
            Self::Before => format!("since {name}"),
            Self::Accepted => format!("since operations accepted: {name}"),
        }
    }
}

/// What changed between two versions of a pack.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The folder part of the pack's addresses; empty where no pack is declared.
    pub pack: String,
    /// For people.
    pub pack_title: String,
    /// The earlier version.
    pub from: Version,
    /// The later version.
    pub to: Version,
    /// What the earlier one is to the later one.
    pub base: Base,
    /// What changed, the gravest first.
    pub changes: Vec<Change>,
}

/// Returns the address of the page about two versions, given by their slugs, inside the folder of the pack.
pub fn route(from: &str, to: &str) -> String {
    format!("{FOLDER}/{from}..{to}.html")
}

#[derive(Serialize)]
struct CompareView {
    accepted: bool,
    from: SideView,
    to: SideView,
    count: String,
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct SideView {
    name: String,
    href: String,
    commit: String,
    when: Option<When>,
}

#[derive(Serialize)]
struct GroupView {
    title: &'static str,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct ChangeView {
    anchor: String,
    how: &'static str,
    sort: String,
    name: String,
    /// Its page, the later one where it has one.
    href: String,
    /// Its earlier page, where the later one is not all there is to see.
    earlier: String,
    path: String,
    moved_from: String,
    points: Vec<PointView>,
}

#[derive(Serialize)]
struct PointView {
    words: String,
    hunks: Vec<Hunk>,
}

impl Compared {
    /// Returns the address of the page.
    pub fn route(&self) -> String {
        join(&self.pack, &route(&self.from.slug, &self.to.slug))
    }

    /// Makes the bytes of the page.
    ///
    /// # Errors
    /// When the theme's template cannot be filled.
    pub fn render(&self, settings: &Settings, theme: &Theme) -> Result<Vec<u8>, Failure> {
        let title = site_title(settings, &self.pack_title);
        let frame = Frame::of_site(settings, title, !self.pack.is_empty());
        let top = up(&self.route());
        let title = format!("What changed from {} to {}", self.from.name, self.to.name);
        let page = PageFrame { title, up: top.clone(), top, ..PageFrame::default() };
        let values = Values::of(&frame)?.with("page", &page).with("view", &self.view());
        theme.render("compare.html", &values)
    }

    fn view(&self) -> CompareView {
        let mut groups: Vec<(Effect, GroupView)> = Vec::new();
        for change in &self.changes {
            let view = self.change(change);
            match groups.last_mut() {
                Some((effect, group)) if *effect == change.effect => group.changes.push(view),
                _ => {
                    let title = words::group(change.effect);
                    groups.push((change.effect, GroupView { title, changes: vec![view] }));
                }
            }
        }
        CompareView {
            accepted: self.base == Base::Accepted,
            from: side(&self.from),
            to: side(&self.to),
            count: words::count(self.changes.iter()),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
        }
    }

    fn change(&self, change: &Change) -> ChangeView {
        let href = |version: &Version, place: &Option<Place>| {
            let route =
                place.as_ref().map(|place| place.route.as_str()).filter(|one| !one.is_empty());
            route.map_or_else(String::new, |route| {
                format!("../{}", encode(&format!("{}/{route}", version.slug)))
            })
        };
        let (earlier, later) = (href(&self.from, &change.before), href(&self.to, &change.after));
        let path =
            |place: Option<&Place>| place.map(|place| place.path.to_string()).unwrap_or_default();
        ChangeView {
            anchor: crate::slug::slug(&path(change.place())),
            how: words::how(change.how),
            sort: change.sort.clone(),
            name: words::name(change),
            href: if later.is_empty() { earlier.clone() } else { later.clone() },
            earlier: if later.is_empty() { String::new() } else { earlier },
            path: path(change.place()),
            moved_from: path(change.moved_from()),
            points: change.points.iter().map(point).collect(),
        }
    }
}

fn point(point: &Point) -> PointView {
    PointView { words: words::point(point), hunks: point.hunks.clone() }
}

fn side(version: &Version) -> SideView {
    let commit = version.commit.as_ref();
    SideView {
        name: version.name.clone(),
        href: format!("../{}", encode(&format!("{}/index.html", version.slug))),
        commit: commit.map(|commit| commit.id.short()).unwrap_or_default(),
        when: commit.map(|commit| When::new(commit.time)),
    }
}
