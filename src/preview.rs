//! `serve`: the same site, its pages made when a browser asks for them. After an edit only the work tree's version is
//! read again; nothing is written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::Failure;
use crate::across::{self, Lineages, Texts};
use crate::assemble::{self, Assembled, Making, Place, Slot};
use crate::between::{self, Held, Waiting};
use crate::examine::{Done, Examined, Memo};
use crate::history::DecisionLog;
use crate::judge::Judged;
use crate::project::Project;
use crate::publish::version_slugs;
use crate::render::Theme;
use crate::serve::{Content, Served};
use crate::site::{Key, Root, RootPage, Unit};
use crate::source::{OnDemand, ReadBlob, RepoPath, Snapshot};
use crate::tags::Tags;

/// Pages made so far, by what they are made of; outlives every round.
type Pages = Mutex<FxHashMap<Key, Arc<[u8]>>>;

/// A preview between two edits.
pub struct Preview {
    project: Arc<Project>,
    theme: Arc<Theme>,
    today: String,
    memo: Memo,
    log: Arc<DecisionLog>,
    pages: Arc<Pages>,
    slots: Vec<Slot>,
    tags: Arc<Tags>,
    /// The versions of commits, which an edit does not change.
    committed: Vec<Arc<Assembled>>,
    /// The version of the work tree.
    current: Arc<Assembled>,
}

impl Preview {
    /// Reads everything once.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn open(project: Project, theme: Theme, today: &str) -> Result<Self, Failure> {
        Self::read_all(project, theme, today, Memo::default(), Arc::default())
    }

    /// Reads everything again after refs or settings changed; what was parsed and rendered is kept.
    ///
    /// # Errors
    /// When the repository cannot be read; the preview stays as it was.
    pub fn reopen(&mut self, project: Project, theme: Theme) -> Result<(), Failure> {
        let memo = std::mem::take(&mut self.memo);
        *self = Self::read_all(project, theme, &self.today.clone(), memo, Arc::clone(&self.pages))?;
        Ok(())
    }

    fn read_all(
        project: Project,
        theme: Theme,
        today: &str,
        mut memo: Memo,
        pages: Arc<Pages>,
    ) -> Result<Self, Failure> {
        let (project, theme) = (Arc::new(project), Arc::new(theme));
        let making = Making { project: &project, theme: &theme, today };
        let has_work_tree = project.repository.work_dir().is_some();
        let slots = assemble::slots(&project, has_work_tree)?;
        let read = |slot| {
            let snapshot = assemble::snapshot(&project, slot, has_work_tree)?;
            assemble::read(making, slot, snapshot, &mut memo)
        };
        let (log, read) = rayon::join(
            || assemble::log(&project, &slots, None),
            || slots.iter().map(read).collect::<Result<Vec<_>, Failure>>(),
        );
        let log = log?;
        let made = slots.iter().zip(read?).map(|(slot, read)| {
            let log = assemble::log_at(&log, read.snapshot());
            Arc::new(assemble::assemble(making, slot, read, log, None))
        });
        let mut committed: Vec<Arc<Assembled>> = made.collect();
        let lineages = lineages(&project, &log, &slots, &committed)?;
        let tags = Arc::new(across::tags(&project, &log, &slots, &lineages)?);
        let current = committed.pop().ok_or_else(|| Failure::new("there is nothing to show"))?;
        let today = today.to_owned();
        Ok(Self { project, theme, today, memo, log, pages, slots, tags, committed, current })
    }

    /// Reads the work tree again after `paths` changed; all of it when nobody knows what changed.
    ///
    /// # Errors
    /// When the work tree cannot be read.
    pub fn update(&mut self, paths: Option<&[RepoPath]>) -> Result<(), Failure> {
        let Some(slot) = self.slots.last() else { return Ok(()) };
        let repository = &self.project.repository;
        let snapshot = match paths {
            Some(paths) => repository.work_tree_after(&self.current.snapshot, paths, &[])?,
            None => repository.work_tree(&[])?,
        };
        let commit = |snapshot: &Snapshot| snapshot.commit.as_ref().map(|commit| commit.id);
        let log = if commit(&snapshot) == commit(&self.current.snapshot) {
            Arc::clone(&self.current.log)
        } else {
            assemble::log_at(&self.log, &snapshot)
        };
        let making = Making { project: &self.project, theme: &self.theme, today: &self.today };
        let before = Some(&*self.current);
        let read = assemble::read(making, slot, snapshot, &mut self.memo)?;
        self.current = Arc::new(assemble::assemble(making, slot, read, log, before));
        Ok(())
    }

    /// Returns what the work tree says.
    pub fn examined(&self) -> &Examined {
        &self.current.examined
    }

    /// Returns what becomes of that.
    pub fn judged(&self) -> &Judged {
        &self.current.judged
    }

    /// Lists the addresses of all pages and other files of the versions, without the root area.
    pub fn routes(&self) -> Vec<String> {
        let join = |folder: &str, route: &str| crate::project::join(folder, route);
        let versions = self.committed.iter().chain([&self.current]);
        versions
            .flat_map(|version| version.units())
            .flat_map(|planned| {
                let pages = planned.unit.pages.iter().map(|page| page.route.as_str());
                let files = planned.assets.iter().map(|(route, _)| route.as_str());
                pages
                    .chain(files)
                    .map(|route| join(&planned.unit.folder, route))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Returns the bytes of a file of the work tree's version.
    pub fn source(&self, path: &RepoPath) -> Option<Arc<[u8]>> {
        let snapshot = &self.current.snapshot;
        let reader = self.project.repository.reader().ok()?;
        reader.with(snapshot).read(snapshot.file(path.as_str())?.blob).ok()
    }

    /// Returns what was done so far to read files.
    pub fn done(&self) -> Done {
        self.memo.done
    }

    /// Returns the site as it stands.
    pub fn content(&self) -> Arc<dyn Content> {
        let versions: Vec<_> =
            self.committed.iter().chain([&self.current]).map(Arc::clone).collect();
        Arc::new(Site {
            project: Arc::clone(&self.project),
            theme: Arc::clone(&self.theme),
            pages: Arc::clone(&self.pages),
            today: self.today.clone(),
            slots: self.slots.clone(),
            tags: Arc::clone(&self.tags),
            folders: folders(&versions),
            versions,
            current: Arc::clone(&self.current),
            log: Arc::clone(&self.log),
            root: OnceLock::new(),
            lineages: OnceLock::new(),
            scripts: OnceLock::new(),
            search: OnceLock::new(),
        })
    }
}

/// One state of the site. What a page does not show is made when somebody asks for it.
struct Site {
    project: Arc<Project>,
    theme: Arc<Theme>,
    pages: Arc<Pages>,
    today: String,
    slots: Vec<Slot>,
    tags: Arc<Tags>,
    versions: Vec<Arc<Assembled>>,
    /// The last of them.
    current: Arc<Assembled>,
    /// The folders of the site that hold a pack.
    folders: FxHashMap<String, Spot>,
    /// The whole log, not that of a version.
    log: Arc<DecisionLog>,
    root: OnceLock<(Root, Vec<RootPage>)>,
    lineages: OnceLock<Lineages>,
    scripts: OnceLock<Files>,
    search: OnceLock<Files>,
}

/// Files by address.
type Files = BTreeMap<String, Arc<[u8]>>;

/// The pages of a pack in one version.
#[derive(Debug, Clone, Copy)]
struct Spot {
    version: usize,
    place: usize,
    is_latest: bool,
}

fn folders(versions: &[Arc<Assembled>]) -> FxHashMap<String, Spot> {
    let mut folders = FxHashMap::default();
    for (version, assembled) in versions.iter().enumerate() {
        for (place, Place { folder, latest, .. }) in assembled.places.iter().enumerate() {
            let spot = Spot { version, place, is_latest: false };
            folders.entry(folder.clone()).or_insert(spot);
            if let Some(latest) = latest {
                folders.entry(latest.clone()).or_insert(Spot { is_latest: true, ..spot });
            }
        }
    }
    folders
}

/// Cuts an address into the folder of a pack and the rest in every way, the longest folder first.
fn cuts(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let inner = path.rmatch_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    inner.chain([("", path)])
}

impl Site {
    fn find(&self, path: &str) -> Option<Arc<[u8]>> {
        let mut found =
            cuts(path).filter_map(|(folder, rest)| Some((self.folders.get(folder)?, rest)));
        let (spot, route) = found.next().map_or((None, path), |(spot, route)| (Some(spot), route));
        let in_pack = || spot.and_then(|spot| self.page(*spot, route));
        let beside = || spot.and_then(|spot| self.beside(*spot, route));
        if route == path {
            in_pack().or_else(|| self.above(path)).or_else(beside)
        } else {
            in_pack().or_else(beside).or_else(|| self.above(path))
        }
    }

    fn page(&self, spot: Spot, route: &str) -> Option<Arc<[u8]>> {
        let (_, unit) = self.unit(spot);
        let at = unit.pages.binary_search_by(|page| page.route.as_str().cmp(route)).ok()?;
        let read = OnDemand::new(&self.project.repository);
        self.made(unit.key(at), || unit.render(&self.theme, at, &read))
    }

    fn unit(&self, spot: Spot) -> (&assemble::Planned, &Unit) {
        let version = &self.versions[spot.version];
        let planned = version.planned(&version.places[spot.place]);
        let latest = planned.latest.as_ref().filter(|_| spot.is_latest);
        (planned, latest.unwrap_or(&planned.unit))
    }

    /// Finds a file that lies above all packs.
    fn above(&self, path: &str) -> Option<Arc<[u8]>> {
        if let Some((_, bytes)) = self.theme.assets().iter().find(|(route, _)| route == path) {
            return Some(Arc::from(bytes.as_slice()));
        }
        match path.split('/').next() {
            Some("search") => self.search.get_or_init(|| self.search()).get(path).cloned(),
            Some("lineage") => self.script(path),
            _ if path.ends_with(crate::site::DOCUMENTS) => self.script(path),
            _ => self.root_page(path).or_else(|| self.compared(path)),
        }
    }

    fn root_page(&self, path: &str) -> Option<Arc<[u8]>> {
        let (root, pages) = self.root.get_or_init(|| {
            let root = across::root(
                &self.project,
                &self.current,
                &self.slots,
                &self.tags,
                self.lineages(),
                &between::pairs(&self.project.settings, &self.slots).unwrap_or_default(),
                &self.today,
            );
            let pages = root.plan(&self.theme);
            (root, pages)
        });
        let at = pages.binary_search_by(|page| page.route.as_str().cmp(path)).ok()?;
        root.render(&self.theme, &pages[at]).ok().map(Arc::from)
    }

    /// Makes the page about what changed between two versions.
    fn compared(&self, path: &str) -> Option<Arc<[u8]>> {
        let settings = &self.project.settings;
        let folder = format!("{}/", crate::site::COMPARE);
        if !path.starts_with(&folder) && !path.contains(&format!("/{folder}")) {
            return None;
        }
        let pairs = between::pairs(settings, &self.slots).ok()?;
        let held = |at: usize| Held::of(&self.versions[at]);
        let is_asked = |pair: &&between::Pair| {
            let packs = &self.versions[pair.to].examined.packs;
            pair.route(&self.slots, packs).as_deref() == Some(path)
        };
        let pair = pairs.iter().find(is_asked)?;
        let both = [held(pair.from), held(pair.to)];
        let compared = between::compared(settings, &self.slots, pair, &both)?;
        compared.render(settings, &self.theme).ok().map(Arc::from)
    }

    fn script(&self, path: &str) -> Option<Arc<[u8]>> {
        self.scripts.get_or_init(|| files(self.lineages().scripts())).get(path).cloned()
    }

    /// Which document is which through all versions; made when somebody asks.
    fn lineages(&self) -> &Lineages {
        let made = || lineages(&self.project, &self.log, &self.slots, &self.versions);
        self.lineages.get_or_init(|| made().unwrap_or_default())
    }

    fn search(&self) -> Files {
        let mut texts = Texts::default();
        self.versions.iter().zip(&self.slots).for_each(|(version, slot)| texts.note(version, slot));
        files(texts.search(&version_slugs(&self.slots)))
    }

    /// Finds a file that lies beside the pages of a pack: an asset, or what is left where a page was.
    fn beside(&self, spot: Spot, route: &str) -> Option<Arc<[u8]>> {
        let (planned, unit) = self.unit(spot);
        let version = &self.versions[spot.version];
        if let Some((_, file)) = planned.assets.iter().find(|(known, _)| known == route) {
            let reader = self.project.repository.reader().ok()?;
            return reader.with(&version.snapshot).read(file.blob).ok();
        }
        let pages = self.lineages().moved(&self.project, unit, spot.is_latest);
        pages.into_iter().find(|(known, _)| known == route).map(|(_, bytes)| Arc::from(bytes))
    }

    fn made(&self, key: Key, make: impl FnOnce() -> Result<Vec<u8>, Failure>) -> Option<Arc<[u8]>> {
        let known = self.pages.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.or_else(|| {
            let bytes: Arc<[u8]> = Arc::from(make().ok()?);
            self.pages
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(key, Arc::clone(&bytes));
            Some(bytes)
        })
    }
}

impl Content for Site {
    fn get(&self, path: &str) -> Option<Served> {
        let bytes = self.find(path)?;
        let etag = Arc::from(&blake3::hash(&bytes).to_hex()[..32]);
        Some(Served { bytes, media_type: media_type(path), etag })
    }
}

/// Follows the documents through some versions, which are the first of the slots.
fn lineages(
    project: &Project,
    log: &DecisionLog,
    slots: &[Slot],
    versions: &[Arc<Assembled>],
) -> Result<Lineages, Failure> {
    let mut lineages = Lineages::default();
    let mut waiting = Waiting::new(between::pairs(&project.settings, slots)?);
    for (at, version) in versions.iter().enumerate() {
        let ready = waiting.note(at, Held::of(version));
        lineages.note(project, log, version, &ready)?;
    }
    Ok(lineages)
}

fn files(files: Vec<(String, Vec<u8>)>) -> Files {
    files.into_iter().map(|(route, bytes)| (route, Arc::from(bytes))).collect()
}

/// Names the type of a file for browsers; what is not known is offered for download.
fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "atom" => "application/atom+xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "txt" | "csv" | "log" | "toml" | "yaml" | "yml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
