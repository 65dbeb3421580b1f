//! One version of one pack: which files it has, what each shows, and their bytes on request.

use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::address::{encode, up};
use super::badges::Subject;
use super::frame::{Frame, PageFrame};
use super::key::{Digest, Key};
use super::lookup::Lookup;
use super::routes::{Routes, first_chapter};
use super::view::Forge;
use super::who::Registry;
use super::{
    Edition, artifact, badges, calendar, csv, decisions, export, feed, figures, frameworks, gates,
    lists, paper, past, people, raci, risks, script, separation, splice, trace, verdict,
};
use crate::Failure;
use crate::pack::{Pack, Packs};
use crate::render::{Theme, Values};
use crate::settings::Settings;
use crate::source::ReadBlob;

/// One version of one pack: its folder and its files, not yet rendered.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Where it lies in the site, without slashes at the ends; `""` for a plain book.
    pub folder: String,
    /// Every file of the folder but assets, sorted by route.
    pub pages: Vec<PlannedPage>,
    pub(super) edition: Arc<Edition>,
    pub(super) pack: usize,
    pub(super) routes: Arc<Routes>,
    pub(super) forge: Forge,
    frame: Arc<Frame>,
    shared: Arc<OnceLock<Values>>,
    /// What all its pages share.
    common: Key,
}

/// A file of the site that can be made on request.
#[derive(Debug, Clone)]
pub struct PlannedPage {
    /// Its address inside [`Unit::folder`], or inside the site for the root area.
    pub route: String,
    what: What,
}

/// What a file shows.
#[derive(Debug, Clone, Copy)]
enum What {
    Artifact(usize),
    Past(usize),
    Overview,
    Contents,
    Kind(usize),
    People,
    Raci,
    Decisions,
    Gates,
    /// The paper for the gate of a verdict.
    Paper(usize),
    Frameworks,
    Risks,
    Completeness,
    Approvals,
    Search,
    Calendar,
    CalendarIcs,
    Figures,
    Navigation,
    VersionScript,
    VersionStyle,
    CompletenessJson,
    DecisionsJson,
    DecisionsCsv,
    DecisionsAtom,
    ApprovalsCsv,
    TraceJson,
    Badges,
    BadgeList,
    BadgeSvg(Subject),
    BadgeJson(Subject),
}

/// What a template sees as `view`.
#[derive(Hash, Serialize)]
#[serde(untagged)]
enum View {
    Artifact(Box<artifact::ArtifactView>),
    Past(past::PastView),
    Overview(Box<lists::OverviewView>),
    Contents(lists::ContentsView),
    Kind(lists::KindView),
    People(Box<people::PeopleView>),
    Raci(raci::MatrixView),
    Decisions(decisions::LogView),
    Gates(Box<gates::BoardView>),
    Paper(Option<Box<paper::PaperView>>),
    Frameworks(frameworks::FrameworksView),
    Risks(risks::RisksView),
    Completeness(verdict::CompletenessView),
    Approvals(Box<separation::ApprovalsPage>),
    Badges(badges::BadgesView),
    Calendar(calendar::CalendarView),
    Figures(Box<figures::FiguresView>),
    Nothing {},
}

/// Plans one pack of one version.
pub fn plan(edition: &Arc<Edition>, theme: &Theme, pack: usize) -> Unit {
    let mut unit = unplanned(edition, pack);
    unit.common = unit.common(theme);
    let files = unit.files();
    unit.pages = files.into_iter().map(|(route, what)| PlannedPage { route, what }).collect();
    unit.pages.sort_by(|one, other| one.route.cmp(&other.route));
    unit
}

/// Takes one pack of one version without any page: enough to tell its history.
pub fn unplanned(edition: &Arc<Edition>, pack: usize) -> Unit {
    let inputs = &edition.inputs;
    let routes = Routes::new(&inputs.packs, pack, &inputs.settings);
    Unit {
        folder: folder(
            &inputs.packs.packs[pack],
            inputs.version.as_ref().map(|version| &*version.slug),
        ),
        pages: Vec::new(),
        edition: Arc::clone(edition),
        pack,
        frame: Arc::new(Frame::new(edition, pack, &routes)),
        shared: Arc::default(),
        routes: Arc::new(routes),
        forge: Forge::new(&inputs.settings),
        common: Key(0),
    }
}

/// Joins the pack's and the version's part of an address.
pub(super) fn folder(pack: &Pack, version: Option<&str>) -> String {
    let pack = Some(pack.slug.as_str()).filter(|slug| !slug.is_empty());
    pack.into_iter().chain(version).collect::<Vec<_>>().join("/")
}

impl Unit {
    /// Makes the bytes of page `index`, reading earlier texts where the page shows them; fails only when an overridden
    /// template does.
    pub fn render(
        &self,
        theme: &Theme,
        index: usize,
        read: &dyn ReadBlob,
    ) -> Result<Vec<u8>, Failure> {
        let Some(page) = self.pages.get(index) else { return Ok(Vec::new()) };
        let Some(template) = template(page.what) else {
            return Ok(self.text(page.what).into_bytes());
        };
        let mut view = self.view(page.what);
        match &mut view {
            View::Past(past) => past.compare(self, read),
            View::Decisions(log) => log.compare(self, read),
            _ => {}
        }
        let values = self
            .shared()?
            .with("page", &self.page_frame(&page.route, page.what))
            .with("view", &view);
        let values = match page.what {
            What::Artifact(at) => {
                let (heading, body) = splice::splice(self, at, &up(&page.route));
                values.with_html("heading", &heading).with_html("body", &body)
            }
            _ => values,
        };
        theme.render(template, &values)
    }

    /// Returns the values that all its pages are filled with, made when the first page needs them.
    fn shared(&self) -> Result<Values, Failure> {
        if let Some(values) = self.shared.get() {
            return Ok(values.clone());
        }
        let values = Values::of(&*self.frame)?;
        Ok(self.shared.get_or_init(|| values).clone())
    }

    /// Returns the id of the pack.
    pub fn pack_id(&self) -> &str {
        &self.facts().id
    }

    /// Returns the folder part of the pack's addresses.
    pub fn pack_slug(&self) -> &str {
        &self.facts().slug
    }

    /// Returns the version that the unit belongs to.
    pub fn edition(&self) -> &Arc<Edition> {
        &self.edition
    }

    /// Returns the same unit at `<pack>/latest`; every page has the same key and bytes.
    #[must_use]
    pub fn as_latest(&self) -> Self {
        Self { folder: folder(self.facts(), Some("latest")), ..self.clone() }
    }

    /// Returns the settings of the site.
    pub(super) fn settings(&self) -> &Settings {
        &self.edition.inputs.settings
    }

    /// Returns what is looked up in the pack.
    pub(super) fn lookup(&self) -> &Lookup {
        self.edition.lookup(self.pack)
    }

    pub(super) fn packs(&self) -> &Packs {
        &self.edition.inputs.packs
    }

    pub(super) fn facts(&self) -> &Pack {
        &self.packs().packs[self.pack]
    }

    pub(super) fn registry(&self) -> Registry<'_> {
        Registry::new(self.packs(), self.pack, &self.routes.people)
    }

    /// Lists the pack's artifacts.
    pub(super) fn own(&self) -> std::ops::Range<usize> {
        self.packs().of(self.pack)
    }

    /// Names a document across versions: `agent-copilot:RB-001`.
    pub(super) fn document(&self, artifact: usize) -> String {
        format!("{}:{}", self.frame.pack, self.packs().artifacts[artifact].id)
    }

    /// Returns the encoded address of an artifact, from the version folder.
    pub(super) fn artifact_route(&self, artifact: usize) -> String {
        let artifact = &self.packs().artifacts[artifact];
        self.route_to(artifact.pack, &artifact.route)
    }

    /// Returns the address of the page of a document's past.
    pub(super) fn past_route(&self, artifact: usize) -> String {
        format!("{}/{}", self.routes.past, self.packs().artifacts[artifact].route)
    }

    /// Returns the encoded address of a route in any pack, from the version folder. Another pack is met at its
    /// latest version: naming this one would change the page's bytes with every version.
    pub(super) fn route_to(&self, pack: usize, route: &str) -> String {
        if pack == self.pack {
            return encode(route);
        }
        let latest = self.edition.inputs.version.as_ref().map(|_| "latest");
        let folder = folder(&self.packs().packs[pack], latest);
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{}{}{slash}{}", self.top(), encode(&folder), encode(route))
    }

    /// Returns the full address of the pack's latest version, when the settings say where the site lives.
    pub(super) fn latest(&self) -> Option<String> {
        Some(self.frame.canonical.clone()).filter(|address| !address.is_empty())
    }

    /// Climbs from the version folder to the site's root.
    pub(super) fn top(&self) -> String {
        let parts = if self.folder.is_empty() { 0 } else { self.folder.matches('/').count() + 1 };
        "../".repeat(parts)
    }

    /// Lists the pages that a pack has one of.
    fn single(&self) -> Vec<(String, What)> {
        let routes = &self.routes;
        [
            (&routes.overview, What::Overview),
            (&routes.contents, What::Contents),
            (&routes.people, What::People),
            (&routes.raci, What::Raci),
            (&routes.decisions, What::Decisions),
            (&routes.gates, What::Gates),
            (&routes.frameworks, What::Frameworks),
            (&routes.risks, What::Risks),
            (&routes.completeness, What::Completeness),
            (&routes.approvals, What::Approvals),
            (&routes.badges, What::Badges),
            (&routes.search, What::Search),
            (&routes.figures, What::Figures),
            (&routes.calendar, What::Calendar),
        ]
        .into_iter()
        .filter(|(route, _)| !route.is_empty())
        .map(|(route, what)| (route.clone(), what))
        .collect()
    }

    fn files(&self) -> Vec<(String, What)> {
        let routes = &self.routes;
        let mut files = self.single();
        files.extend(routes.kinds.iter().map(|(kind, route)| (route.clone(), What::Kind(*kind))));
        files.extend(
            self.own().map(|at| (self.packs().artifacts[at].route.clone(), What::Artifact(at))),
        );
        if !files.iter().any(|(route, _)| route == "index.html") {
            let first = first_chapter(self.facts());
            files.extend(first.map(|at| ("index.html".to_owned(), What::Artifact(at))));
        }
        let papers = verdict::own(self).enumerate();
        files.extend(papers.map(|(at, one)| (gates::paper(self, one), What::Paper(at))));
        let with_past = self.own().filter(|at| past::has_past(self, *at));
        files.extend(with_past.map(|at| (self.past_route(at), What::Past(at))));
        let fixed = [
            ("nav.js", What::Navigation),
            ("version.js", What::VersionScript),
            ("decision-log.json", What::DecisionsJson),
            ("decision-log.csv", What::DecisionsCsv),
            ("decision-log.atom", What::DecisionsAtom),
        ];
        files.extend(fixed.map(|(route, what)| (route.to_owned(), what)));
        if self.edition.inputs.version.is_some() {
            files.push(("version.css".to_owned(), What::VersionStyle));
        }
        if self.facts().declared {
            files.push(("trace.json".to_owned(), What::TraceJson));
        }
        if !routes.calendar.is_empty() {
            files.push(("calendar.ics".to_owned(), What::CalendarIcs));
        }
        if !routes.approvals.is_empty() {
            files.push(("approvals.csv".to_owned(), What::ApprovalsCsv));
        }
        if !routes.completeness.is_empty() {
            files.push(("completeness.json".to_owned(), What::CompletenessJson));
        }
        let badges = badges::subjects(self);
        if !badges.is_empty() {
            files.push(("badges/list.json".to_owned(), What::BadgeList));
        }
        for (stem, subject) in badges {
            files.push((format!("badges/{stem}.svg"), What::BadgeSvg(subject)));
            if badges::has_endpoint(self, subject) {
                files.push((format!("badges/{stem}.json"), What::BadgeJson(subject)));
            }
        }
        files
    }

    /// Hashes what all pages share.
    fn common(&self, theme: &Theme) -> Key {
        let mut digest = Digest::default();
        theme.digest().hash(&mut digest);
        self.frame.hash(&mut digest);
        digest.key()
    }

    /// Hashes what page `index` shows: equal keys mean equal bytes.
    pub fn key(&self, index: usize) -> Key {
        let mut digest = Digest::default();
        let Some(PlannedPage { route, what }) = self.pages.get(index) else { return digest.key() };
        let what = *what;
        if template(what).is_none() {
            self.text(what).hash(&mut digest);
            return digest.key();
        }
        self.common.hash(&mut digest);
        self.page_frame(route, what).hash(&mut digest);
        self.view(what).hash(&mut digest);
        if let What::Artifact(at) = what {
            self.packs().artifacts[at].content.hash(&mut digest);
            splice::fillings(self, at, &up(route)).hash(&mut digest);
        }
        digest.key()
    }

    fn view(&self, what: What) -> View {
        match what {
            What::Artifact(at) => View::Artifact(Box::new(artifact::view(self, at))),
            What::Past(at) => View::Past(past::view(self, at)),
            What::Overview => View::Overview(Box::new(lists::overview(self))),
            What::Contents => View::Contents(lists::contents(self)),
            What::Kind(kind) => View::Kind(lists::kind(self, kind)),
            What::People => View::People(Box::new(people::view(self))),
            What::Raci => View::Raci(raci::view(self)),
            What::Decisions => View::Decisions(decisions::view(self)),
            What::Gates => View::Gates(Box::new(gates::view(self))),
            What::Paper(at) => View::Paper(paper::view(self, at).map(Box::new)),
            What::Frameworks => View::Frameworks(frameworks::view(self)),
            What::Risks => View::Risks(risks::view(self)),
            What::Completeness => View::Completeness(verdict::view(self)),
            What::Badges => View::Badges(badges::view(self)),
            What::Approvals => View::Approvals(Box::new(separation::view(self))),
            What::Calendar => View::Calendar(calendar::view(self)),
            What::Figures => View::Figures(Box::new(figures::view(self))),
            _ => View::Nothing {},
        }
    }

    /// Writes what no template writes.
    fn text(&self, what: What) -> String {
        match what {
            What::Navigation => script::navigation(self),
            What::VersionScript => script::version(self),
            What::VersionStyle => script::version_style(&self.edition.inputs),
            What::CompletenessJson => export::completeness(self),
            What::DecisionsJson => export::decisions(self, &decisions::lines(self)),
            What::DecisionsCsv => csv::decisions(self, &decisions::lines(self)),
            What::DecisionsAtom => feed::decisions(self),
            What::ApprovalsCsv => csv::approvals(self),
            What::CalendarIcs => calendar::ics(self),
            What::TraceJson => trace::trace(self),
            What::BadgeList => badges::list(self),
            What::BadgeSvg(subject) => badges::badge(self, subject).svg(),
            What::BadgeJson(subject) => badges::badge(self, subject).json(),
            _ => String::new(),
        }
    }

    fn page_frame(&self, route: &str, what: What) -> PageFrame {
        let (key, title) = self.heading(what);
        let artifact = match what {
            What::Artifact(at) | What::Past(at) => Some(&self.packs().artifacts[at]),
            _ => None,
        };
        let document = match what {
            What::Artifact(at) | What::Past(at) => self.document(at),
            _ => String::new(),
        };
        let everywhere =
            !matches!(what, What::Artifact(_) | What::Past(_) | What::Kind(_) | What::Paper(_));
        let base = &self.frame.canonical;
        PageFrame {
            title,
            description: artifact.map(|one| one.summary.clone()).unwrap_or_default(),
            document_id: artifact
                .filter(|one| one.has_id)
                .map(|one| one.id.clone())
                .unwrap_or_default(),
            key,
            up: up(route),
            top: format!("{}{}", up(route), self.top()),
            shard: if document.is_empty() { String::new() } else { script::shard(&document) },
            document,
            route: if everywhere { encode(route) } else { String::new() },
            canonical: match what {
                _ if base.is_empty() => String::new(),
                // The front page of a book is a copy of its first chapter.
                What::Artifact(at) => {
                    format!("{base}{}", encode(&self.packs().artifacts[at].route))
                }
                _ => format!("{base}{}", encode(route)),
            },
        }
    }

    /// Returns the current header link and the title.
    fn heading(&self, what: What) -> (&'static str, String) {
        let packs = self.packs();
        match what {
            What::Artifact(at) => ("", packs.artifacts[at].title.clone()),
            What::Past(at) => ("", format!("How {} changed", packs.artifacts[at].title)),
            What::Kind(kind) => ("contents", packs.kinds[kind].plural.clone()),
            What::Overview => ("overview", "Overview".to_owned()),
            What::Contents => ("contents", "Contents".to_owned()),
            What::People => ("people", "Whom to call".to_owned()),
            What::Raci => ("raci", "Who does what".to_owned()),
            What::Decisions => ("decisions", "Decision log".to_owned()),
            What::Gates => ("gates", "Gates".to_owned()),
            What::Paper(at) => ("gates", paper::title(self, at)),
            What::Frameworks => ("completeness", "Frameworks".to_owned()),
            What::Risks => ("completeness", "Risks".to_owned()),
            What::Completeness => ("completeness", "Completeness".to_owned()),
            What::Approvals => ("completeness", "Approvals".to_owned()),
            What::Badges => ("completeness", "Badges".to_owned()),
            What::Search => ("search", "Search".to_owned()),
            What::Calendar => ("calendar", "Calendar".to_owned()),
            What::Figures => ("figures", "Figures".to_owned()),
            _ => ("", String::new()),
        }
    }
}

fn template(what: What) -> Option<&'static str> {
    match what {
        What::Artifact(_) => Some("artifact.html"),
        What::Past(_) => Some("past.html"),
        What::Overview => Some("overview.html"),
        What::Contents => Some("contents.html"),
        What::Kind(_) => Some("kind.html"),
        What::People => Some("people.html"),
        What::Raci => Some("raci.html"),
        What::Decisions => Some("decisions.html"),
        What::Gates => Some("gates.html"),
        What::Paper(_) => Some("paper.html"),
        What::Frameworks => Some("frameworks.html"),
        What::Risks => Some("risks.html"),
        What::Completeness => Some("completeness.html"),
        What::Approvals => Some("approvals.html"),
        What::Badges => Some("badges.html"),
        What::Search => Some("search.html"),
        What::Calendar => Some("calendar.html"),
        What::Figures => Some("figures.html"),
        _ => None,
    }
}
