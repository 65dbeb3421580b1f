//! The addresses of a pack's own pages beside its documents. Which exist follows from rules, never from counts,
//! so that the header's links are the same on every page of every version.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{calendar, figures};
use crate::pack::{Pack, Packs, route};
use crate::settings::{Audience, Settings};

/// Routes inside the version folder; an empty one does not exist.
#[derive(Debug, Clone, Default, Hash, Serialize)]
pub(super) struct Routes {
    pub(super) overview: String,
    pub(super) contents: String,
    pub(super) people: String,
    pub(super) raci: String,
    pub(super) decisions: String,
    pub(super) completeness: String,
    /// How the pack stands at each gate.
    pub(super) gates: String,
    /// Items of outside frameworks with the evidence that is recorded for them.
    pub(super) frameworks: String,
    /// Who approved what and what waits; for internal readers.
    pub(super) approvals: String,
    /// What to paste to show how things stand elsewhere.
    pub(super) badges: String,
    pub(super) search: String,
    /// What happens when, where documents name days.
    pub(super) calendar: String,
    /// Observed figures, where there are some.
    pub(super) figures: String,
    /// The risks by how likely and how bad they are.
    pub(super) risks: String,
    /// The folder of the papers for gates.
    pub(super) papers: String,
    /// The folder of the pages that tell how documents changed.
    pub(super) past: String,
    /// Index in `Packs::kinds` and route, for kinds that have documents here.
    #[serde(skip)]
    pub(super) kinds: Vec<(usize, String)>,
}

impl Routes {
    pub(super) fn new(packs: &Packs, pack: usize, settings: &Settings) -> Self {
        let facts = &packs.packs[pack];
        let own = packs.artifacts[packs.of(pack)].iter();
        let mut taken: BTreeSet<String> =
            own.clone().map(|artifact| route::folded(&artifact.route)).collect();
        let past = free_folder(&taken, "history");
        let papers = free_folder(&taken, "gates");
        let has_index = taken.contains("index.html");
        let mut when =
            |exists: bool, stem: &str| if exists { free(&mut taken, stem) } else { String::new() };
        let declared = facts.declared;
        // A plain book opens with its first chapter, as in mdBook.
        let has_index = has_index || (!declared && first_chapter(facts).is_some());
        let overview = if has_index { when(declared, "overview") } else { when(true, "index") };
        let mut routes = Self {
            overview,
            contents: when(true, "contents"),
            people: when(declared || packs.people.path.is_some(), "whom-to-call"),
            raci: when(declared, "responsibilities"),
            decisions: when(true, "decision-log"),
            completeness: when(is_judged(facts, settings), "completeness"),
            gates: when(is_judged(facts, settings), "gates"),
            frameworks: when(declared, "frameworks"),
            risks: when(declared, "risks"),
            search: when(true, "search"),
            approvals: when(declared && settings.audience == Audience::Internal, "approvals"),
            badges: when(is_judged(facts, settings), "badges"),
            calendar: when(declared && calendar::are_there(packs, pack), "calendar"),
            figures: when(declared && figures::are_there(packs, pack), "figures"),
            papers,
            past,
            kinds: Vec::new(),
        };
        let present: BTreeSet<usize> = own.map(|artifact| artifact.kind).collect();
        let free_page = packs.kinds.len().saturating_sub(1);
        for kind in present.into_iter().filter(|kind| declared || *kind != free_page) {
            let route = free(&mut taken, &format!("kinds/{}", packs.kinds[kind].name));
            routes.kinds.push((kind, route));
        }
        routes
    }

    /// Lists the header's links: key, label, route.
    pub(super) fn header(&self) -> Vec<(&'static str, &'static str, &str)> {
        [
            ("overview", "Overview", &self.overview),
            ("search", "Search", &self.search),
            ("people", "Whom to call", &self.people),
            ("contents", "Contents", &self.contents),
            ("raci", "Who does what", &self.raci),
            ("decisions", "Decision log", &self.decisions),
            ("gates", "Gates", &self.gates),
            ("completeness", "Completeness", &self.completeness),
        ]
        .into_iter()
        .filter(|(_, _, route)| !route.is_empty())
        .map(|(key, label, route)| (key, label, route.as_str()))
        .collect()
    }

    /// Finds the route of a kind's page.
    pub(super) fn kind(&self, kind: usize) -> Option<&str> {
        self.kinds.iter().find(|(at, _)| *at == kind).map(|(_, route)| route.as_str())
    }
}

/// The first chapter of a book that is written.
pub(super) fn first_chapter(pack: &Pack) -> Option<usize> {
    pack.summary_order.as_ref()?.items.iter().find_map(|item| item.artifact)
}

/// Tells whether a completeness page exists: the pack is declared, or a profile judges it.
fn is_judged(pack: &Pack, settings: &Settings) -> bool {
    pack.declared || !pack.profiles.is_empty() || !settings.profiles.is_empty()
}

/// Names a folder in which no document lies.
fn free_folder(own: &BTreeSet<String>, stem: &str) -> String {
    let mut names =
        std::iter::once(stem.to_owned()).chain((2..).map(|number| format!("{stem}-{number}")));
    let holds = |name: &str| own.iter().any(|route| route.starts_with(&format!("{name}/")));
    names.find(|name| !holds(name)).unwrap_or_default()
}

/// Takes `stem.html`, or the next free name when a document lies there.
fn free(taken: &mut BTreeSet<String>, stem: &str) -> String {
    let names = std::iter::once(format!("{stem}.html"));
    let mut names = names.chain((2..).map(|number| format!("{stem}-{number}.html")));
    let route = names.find(|name| !taken.contains(&route::folded(name))).unwrap_or_default();
    taken.insert(route::folded(&route));
    route
}
