//! The area above all versions: the portfolio, each pack's front door, `versions.js`, lineage and badges as of today.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::address::{encode, up};
use super::badges::verdict_stems;
use super::compared::{self, Base};
use super::curve;
use super::frame::{Frame, PageFrame};
use super::funnel::{self, FunnelView, Progress};
use super::key::{Digest, Key};
use super::readiness::{self, ReadinessView, Stand};
use super::script;
use super::standing::last;
use super::tag::{self, Mark, MarkView};
use super::verdict::{self, Summary, summaries};
use super::view::{Linked, When, count, day, is_web};
use super::who::Registry;
use super::{Edition, Version, VersionState};
use crate::Failure;
use crate::kinds::Kind;
use crate::pack::People;
use crate::profiles::Verdict;
use crate::render::{Theme, Values};
use crate::schema::{self, Schema};
use crate::settings::Settings;

/// Descriptions of the files that programs read, by their address in the site.
const SCHEMAS: [(&str, &str); 1] =
    [("schemas/decision-log-1.json", include_str!("schemas/decision-log.json"))];

/// What the root area is made of.
#[derive(Debug)]
pub struct Root {
    /// Settings of the site.
    pub settings: Arc<Settings>,
    /// One card for each pack, by slug.
    pub packs: Vec<PackCard>,
    /// Today, `2026-05-05`.
    pub as_of: String,
    /// The branch that is judged as of today; empty outside Git.
    pub branch: String,
    /// The kinds of today.
    pub kinds: Arc<[Kind]>,
}

/// What the root area says about one pack.
#[derive(Debug, Clone)]
pub struct PackCard {
    /// The folder part of its addresses; empty where no pack is declared.
    pub slug: String,
    /// For people.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Who runs it, in words; nothing when nobody is named.
    pub owner: Option<String>,
    /// The verdicts as of today.
    pub verdicts: Vec<Verdict>,
    /// The first digits of the commit that they are about; empty outside Git.
    pub commit: String,
    /// Its versions, newest first; empty when none are selected.
    pub versions: Vec<Version>,
    /// What names each version and what it holds, by slug.
    pub marks: BTreeMap<String, Mark>,
    /// The people of today, for their names.
    pub people: Arc<People>,
    /// How it stands in each version, by slug.
    pub stands: BTreeMap<String, Stand>,
    /// How far it has come.
    pub progress: Progress,
    /// The versions that each is compared with, by slug.
    pub compared: BTreeMap<String, Vec<(Version, Base)>>,
    /// Versions that hold something newer than the one that `latest` means.
    pub ahead: Vec<Ahead>,
}

/// What a branch holds that the published version does not.
#[derive(Debug, Clone)]
pub struct Ahead {
    /// The version's slug.
    pub version: String,
    /// The documents that are new or different, by id or path.
    pub documents: Vec<String>,
    /// The one that changed last and when, seconds since 1970 UTC; nothing when that is not known.
    pub last: Option<(String, i64)>,
}

impl Ahead {
    /// Says it in words: `6 documents new or changed since the published version, last CHG-006 on 4 May 2026`.
    pub(super) fn words(&self) -> String {
        let changed = count(self.documents.len(), "document", "documents");
        let last = self.last.as_ref().map_or_else(String::new, |(document, time)| {
            format!(", last {document} on {}", When::new(*time).day)
        });
        format!("{changed} new or changed since the published version{last}")
    }
}

/// A file of the root area that can be made on request.
#[derive(Debug, Clone)]
pub struct RootPage {
    /// Its address inside the site.
    pub route: String,
    /// Equal keys mean equal bytes.
    pub key: Key,
    what: What,
}

/// What a file of the root area shows.
#[derive(Debug, Clone)]
enum What {
    Portfolio,
    Versions(usize),
    Readiness(usize),
    NotFound,
    Text(String),
}

/// What templates of the root area see.
#[derive(Debug, Hash, Serialize)]
struct RootView {
    as_of: String,
    branch: String,
    packs: Vec<CardView>,
    funnel: FunnelView,
    readiness: ReadinessView,
    /// The scripts that know every address of every version, for the 404 page.
    known: Vec<String>,
}

#[derive(Debug, Hash, Serialize)]
struct CardView {
    title: String,
    summary: String,
    owner: String,
    href: String,
    /// How it stood in each version; empty where there is no such page.
    readiness: String,
    verdicts: Vec<Summary>,
    latest: String,
    versions: Vec<VersionView>,
}

#[derive(Debug, Hash, Serialize)]
struct VersionView {
    name: String,
    href: String,
    state: &'static str,
    means: &'static str,
    /// What it holds that the published version does not.
    ahead: String,
    /// The pages that say what changed since other versions.
    compared: Vec<Linked>,
    when: Option<When>,
    commit: String,
    mark: MarkView,
}

impl PackCard {
    /// Describes a pack from the edition that holds as of today, and its versions, newest first.
    pub fn new(
        edition: &Edition,
        pack: usize,
        versions: Vec<Version>,
        changed: &dyn Fn(&str, &str) -> Vec<String>,
    ) -> Self {
        let packs = &edition.inputs.packs;
        let facts = &packs.packs[pack];
        let verdicts = edition.inputs.verdicts.iter().filter(|verdict| verdict.pack == pack);
        Self {
            slug: facts.slug.clone(),
            title: facts.title.clone(),
            summary: facts.summary.clone(),
            owner: Registry::new(packs, pack, "").runs().map(|who| who.name),
            commit: packs.commit.as_ref().map(|commit| commit.id.short()).unwrap_or_default(),
            verdicts: verdicts.map(|verdict| Verdict::clone(verdict)).collect(),
            ahead: ahead(edition, pack, &versions, changed),
            versions,
            marks: BTreeMap::new(),
            stands: BTreeMap::new(),
            compared: BTreeMap::new(),
            progress: Progress::of(edition, pack),
            people: Arc::clone(&packs.people),
        }
    }

    /// Returns the version that `latest` means.
    pub(super) fn latest(&self) -> Option<&Version> {
        self.versions.iter().find(|version| version.state == VersionState::Latest)
    }

    /// Tells whether there is a page of how it stood in each version.
    fn has_readiness(&self) -> bool {
        !self.slug.is_empty() && !self.versions.is_empty()
    }

    /// Lists its versions with how it stands in each, the earliest first.
    fn by_version(&self) -> Vec<(&Version, &Stand)> {
        let versions = self.versions.iter().rev();
        versions.filter_map(|one| Some((one, self.stands.get(&one.slug)?))).collect()
    }

    /// Returns what a version holds that the published one does not.
    pub(super) fn ahead_of(&self, version: &Version) -> Option<&Ahead> {
        self.ahead.iter().find(|ahead| ahead.version == version.slug)
    }

    /// Puts a route of the pack's unversioned folder in place.
    fn route(&self, route: &str) -> String {
        if self.slug.is_empty() { route.to_owned() } else { format!("{}/{route}", self.slug) }
    }
}

/// Lists the branches that are no older than the published version and differ from it; `changed` names the documents
/// of one version that another does not hold.
fn ahead(
    edition: &Edition,
    pack: usize,
    versions: &[Version],
    changed: &dyn Fn(&str, &str) -> Vec<String>,
) -> Vec<Ahead> {
    let time = |version: &Version| version.commit.as_ref().map(|commit| commit.time);
    let Some(latest) = versions.iter().find(|version| version.state == VersionState::Latest) else {
        return Vec::new();
    };
    let newer = versions.iter().filter(|version| {
        version.state == VersionState::InProgress && time(version) >= time(latest)
    });
    let found = newer.map(|version| {
        let documents = changed(&version.slug, &latest.slug);
        let is_read = version.commit.as_ref().map(|commit| commit.id)
            == edition.inputs.packs.commit.as_ref().map(|commit| commit.id);
        let last = if is_read { last_of(edition, pack, &documents) } else { None };
        Ahead { version: version.slug.clone(), documents, last }
    });
    found.filter(|ahead| !ahead.documents.is_empty()).collect()
}

/// Finds which of some documents changed last.
fn last_of(edition: &Edition, pack: usize, documents: &[String]) -> Option<(String, i64)> {
    let artifacts = &edition.inputs.packs.artifacts;
    let own = edition.inputs.packs.of(pack).filter(|at| documents.contains(&artifacts[*at].id));
    let landed = own.filter_map(|at| {
        let landing = &last(edition, at)?.landing;
        Some((landing.index, at, landing.time))
    });
    landed.max().map(|(_, at, time)| (artifacts[at].id.clone(), time))
}

impl Root {
    /// Plans the files of the root area; a plain book without versions has only its 404 page and scripts.
    pub fn plan(&self, theme: &Theme) -> Vec<RootPage> {
        let mut files = vec![("404.html".to_owned(), What::NotFound)];
        files.push(("versions.js".to_owned(), What::Text(script::versions(&self.packs))));
        let schemas = SCHEMAS.iter();
        files.extend(
            schemas.map(|(route, text)| ((*route).to_owned(), What::Text((*text).to_owned()))),
        );
        files.extend(self.schemas());
        if self.has_portfolio() {
            files.push(("index.html".to_owned(), What::Portfolio));
        }
        for (at, card) in self.packs.iter().enumerate() {
            if !card.versions.is_empty() {
                files.push((card.route("index.html"), What::Versions(at)));
                files.push((card.route("versions.json"), What::Text(tag::versions(card))));
            }
            if card.has_readiness() {
                files.push((card.route("readiness.html"), What::Readiness(at)));
                let picture = curve::svg(&card.by_version());
                files.push((card.route("readiness.svg"), What::Text(picture)));
            }
            files.extend(badges(card));
        }
        let planned = files.into_iter();
        let mut pages: Vec<RootPage> = planned
            .map(|(route, what)| RootPage { key: self.key(theme, &route, &what), route, what })
            .collect();
        pages.sort_by(|one, other| one.route.cmp(&other.route));
        pages
    }

    /// Makes the bytes of a planned file of the root area.
    pub fn render(&self, theme: &Theme, page: &RootPage) -> Result<Vec<u8>, Failure> {
        let template = match &page.what {
            What::Text(text) => return Ok(text.clone().into_bytes()),
            What::Portfolio => "portfolio.html",
            What::Versions(_) => "versions.html",
            What::Readiness(_) => "readiness.html",
            What::NotFound => "not-found.html",
        };
        let values = Values::of(&self.frame())?
            .with("page", &self.page_frame(&page.route, &page.what))
            .with("view", &self.view(&page.route, &page.what));
        theme.render(template, &values)
    }

    fn has_portfolio(&self) -> bool {
        self.packs.iter().any(|card| !card.slug.is_empty())
    }

    fn key(&self, theme: &Theme, route: &str, what: &What) -> Key {
        let mut digest = Digest::default();
        if let What::Text(text) = what {
            text.hash(&mut digest);
            return digest.key();
        }
        theme.digest().hash(&mut digest);
        self.frame().hash(&mut digest);
        self.page_frame(route, what).hash(&mut digest);
        self.view(route, what).hash(&mut digest);
        digest.key()
    }

    /// The schemas of what people write, where packs are declared.
    fn schemas(&self) -> Vec<(String, What)> {
        if self.packs.iter().all(|card| card.slug.is_empty()) {
            return Vec::new();
        }
        let all = schema::all(&self.kinds, &self.settings.locators).into_iter();
        let file =
            |one: Schema| (format!("{}/{}.json", schema::FOLDER, one.name), What::Text(one.text()));
        all.map(file).collect()
    }

    fn frame(&self) -> Frame {
        Frame::of_site(&self.settings, self.site_title(), self.has_portfolio())
    }

    fn site_title(&self) -> String {
        match (&self.settings.book.title, self.packs.first()) {
            (Some(title), _) => title.clone(),
            (None, Some(card)) if self.packs.len() == 1 => card.title.clone(),
            _ => "Readiness packs".to_owned(),
        }
    }

    fn page_frame(&self, route: &str, what: &What) -> PageFrame {
        let title = match what {
            What::Versions(at) => format!("Versions of {}", self.packs[*at].title),
            What::Readiness(at) => format!("{} over its versions", self.packs[*at].title),
            What::NotFound => "Page not found".to_owned(),
            _ => self.site_title(),
        };
        let top = if matches!(what, What::NotFound) { self.absolute() } else { up(route) };
        PageFrame { title, up: top.clone(), top, ..PageFrame::default() }
    }

    /// Returns where the site lives, for the 404 page, which is served at any depth; empty when it is not known.
    fn absolute(&self) -> String {
        let site = self
            .settings
            .html
            .site_url
            .as_deref()
            .filter(|url| is_web(url) || url.starts_with('/'));
        site.map_or_else(String::new, |url| format!("{}/", url.trim_end_matches('/')))
    }

    fn view(&self, route: &str, what: &What) -> RootView {
        let cards: Vec<&PackCard> = match what {
            What::Versions(at) | What::Readiness(at) => vec![&self.packs[*at]],
            What::NotFound => Vec::new(),
            _ => self.packs.iter().collect(),
        };
        let top = up(route);
        let as_of = if matches!(what, What::NotFound) { String::new() } else { day(&self.as_of) };
        let linked: Vec<(&PackCard, String)> =
            cards.iter().map(|card| (*card, href(card, &top))).collect();
        RootView {
            as_of,
            branch: self.branch.clone(),
            funnel: match what {
                What::Portfolio => funnel::view(&linked, &self.as_of),
                _ => FunnelView::default(),
            },
            readiness: match what {
                What::Readiness(at) => readiness::view(&self.packs[*at].by_version()),
                _ => ReadinessView::default(),
            },
            known: match what {
                What::NotFound => self.known(),
                _ => Vec::new(),
            },
            packs: cards.into_iter().map(|card| card_view(card, &top)).collect(),
        }
    }
}

impl Root {
    /// Lists the scripts that know every address of every version.
    fn known(&self) -> Vec<String> {
        let versioned: Vec<_> =
            self.packs.iter().filter(|card| !card.versions.is_empty()).collect();
        let documents = versioned.iter().map(|card| encode(&card.route(script::DOCUMENTS)));
        let first = (!versioned.is_empty()).then(|| "versions.js".to_owned());
        first.into_iter().chain(documents).collect()
    }
}

fn badges(card: &PackCard) -> Vec<(String, What)> {
    if card.slug.is_empty() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let verdicts: Vec<&Verdict> = card.verdicts.iter().collect();
    for (stem, at) in verdict_stems(&card.slug, &verdicts) {
        let badge = verdict::badge(verdicts[at], &card.commit);
        files.push((format!("badges/{stem}.svg"), What::Text(badge.svg())));
        files.push((format!("badges/{stem}.json"), What::Text(badge.json())));
        let facts = json!({
            "as_of": verdicts[at].as_of,
            "commit": card.commit,
            "href": "index.html",
            "next_change_at": verdicts[at].next_change(),
        });
        files.push((format!("badges/{stem}.facts.json"), What::Text(format!("{facts}\n"))));
    }
    files
}

/// Returns the address of the first page of a pack.
fn href(card: &PackCard, top: &str) -> String {
    let route = if card.latest().is_some() { "latest/index.html" } else { "index.html" };
    format!("{top}{}", encode(&card.route(route)))
}

fn card_view(card: &PackCard, top: &str) -> CardView {
    CardView {
        title: card.title.clone(),
        summary: card.summary.clone(),
        owner: card.owner.clone().unwrap_or_default(),
        href: href(card, top),
        readiness: if card.has_readiness() {
            format!("{top}{}", encode(&card.route("readiness.html")))
        } else {
            String::new()
        },
        verdicts: summaries(&card.verdicts.iter().collect::<Vec<_>>()),
        latest: card.latest().map(|version| version.name.clone()).unwrap_or_default(),
        versions: card.versions.iter().map(|version| version_view(card, version, top)).collect(),
    }
}

/// Says what readers may expect of a version.
fn means(state: VersionState) -> &'static str {
    match state {
        VersionState::Latest => "Published last; links to “latest” lead here",
        VersionState::Outdated => "Published before; a newer one took its place",
        VersionState::InProgress => "A branch as it is now; not published as a version",
    }
}

/// Lists the pages that say what changed since other versions: words, and the address in the folder of the pack.
pub(super) fn since(card: &PackCard, version: &Version) -> Vec<(String, String)> {
    let since = card.compared.get(&version.slug).map_or(&[][..], Vec::as_slice).iter();
    let page = |from: &Version| encode(&compared::route(&from.slug, &version.slug));
    since.map(|(from, base)| (base.words(&from.name), page(from))).collect()
}

/// Links the pages that say what changed since other versions.
fn compared(card: &PackCard, version: &Version, top: &str) -> Vec<Linked> {
    let since = since(card, version).into_iter();
    let folder = format!("{top}{}", encode(&card.route("")));
    since.map(|(text, page)| Linked { text, href: format!("{folder}{page}") }).collect()
}

fn version_view(card: &PackCard, version: &Version, top: &str) -> VersionView {
    let route = card.route(&format!("{}/index.html", version.slug));
    let mark = card.marks.get(&version.slug);
    VersionView {
        name: version.name.clone(),
        href: format!("{top}{}", encode(&route)),
        state: version.state.words(),
        means: means(version.state),
        ahead: card.ahead_of(version).map_or_else(String::new, Ahead::words),
        compared: compared(card, version, top),
        when: version.commit.as_ref().map(|commit| When::new(commit.time)),
        commit: version.commit.as_ref().map(|commit| commit.id.short()).unwrap_or_default(),
        mark: mark.map(|mark| tag::view(mark, &card.people)).unwrap_or_default(),
    }
}
