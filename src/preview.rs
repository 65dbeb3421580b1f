//! `serve`: the same site, its pages made when a browser asks for them. After an edit only the work tree's version is
//! read again; nothing is written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use crate::Failure;
use crate::assemble::{self, Assembled, Gathered, Slot};
use crate::examine::{Examined, Memo};
use crate::history::DecisionLog;
use crate::project::Project;
use crate::publish::version_slugs;
use crate::render::Theme;
use crate::serve::{Content, Served};
use crate::site::{Key, Root, RootPage, Unit};
use crate::source::{ReadBlob, RepoPath, Snapshot};

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
        let has_work_tree = project.repository.work_dir().is_some();
        let slots = assemble::slots(&project, has_work_tree)?;
        let log = assemble::log(&project, &slots)?;
        let mut committed = Vec::new();
        for slot in &slots {
            let snapshot = assemble::snapshot(&project, slot, has_work_tree)?;
            let log = assemble::log_at(&log, &snapshot);
            committed.push(Arc::new(assemble::assemble(
                &project, &theme, slot, snapshot, log, today, &mut memo,
            )?));
        }
        let current = committed.pop().ok_or_else(|| Failure::new("there is nothing to show"))?;
        let today = today.to_owned();
        Ok(Self { project, theme, today, memo, log, pages, slots, committed, current })
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
        self.current = Arc::new(assemble::assemble(
            &self.project,
            &self.theme,
            slot,
            snapshot,
            log,
            &self.today,
            &mut self.memo,
        )?);
        Ok(())
    }

    /// Returns what the work tree says.
    pub fn examined(&self) -> &Examined {
        &self.current.examined
    }

    /// Lists the addresses of all pages and other files of the versions, without the root area.
    pub fn routes(&self) -> Vec<String> {
        let join = |folder: &str, route: &str| crate::project::join(folder, route);
        let versions = self.committed.iter().chain([&self.current]);
        versions
            .flat_map(|version| &version.units)
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

    /// Returns the site as it stands.
    pub fn content(&self) -> Arc<dyn Content> {
        let versions = self.committed.iter().chain([&self.current]).map(Arc::clone).collect();
        Arc::new(Site {
            project: Arc::clone(&self.project),
            theme: Arc::clone(&self.theme),
            pages: Arc::clone(&self.pages),
            today: self.today.clone(),
            slots: self.slots.clone(),
            versions,
            current: Arc::clone(&self.current),
            above: OnceLock::new(),
            search: OnceLock::new(),
        })
    }
}

/// One state of the site.
struct Site {
    project: Arc<Project>,
    theme: Arc<Theme>,
    pages: Arc<Pages>,
    today: String,
    slots: Vec<Slot>,
    versions: Vec<Arc<Assembled>>,
    /// The last of them.
    current: Arc<Assembled>,
    above: OnceLock<Above>,
    search: OnceLock<BTreeMap<String, Arc<[u8]>>>,
}

/// What lies above all versions; made when somebody asks for it, because most rounds end with one page.
struct Above {
    root: Root,
    pages: BTreeMap<String, RootPage>,
    gathered: Gathered,
}

impl Site {
    fn above(&self) -> &Above {
        self.above.get_or_init(|| {
            let mut gathered = Gathered::default();
            for (assembled, slot) in self.versions.iter().zip(&self.slots) {
                gathered.note(assembled, slot);
            }
            let root = gathered.root(&self.project, &self.current, &self.slots, &self.today);
            let planned = root.plan(&self.theme).into_iter();
            let pages = planned.map(|page| (page.route.clone(), page)).collect();
            Above { root, pages, gathered }
        })
    }

    fn find(&self, path: &str) -> Option<Arc<[u8]>> {
        self.page(path)
            .or_else(|| self.root_file(path))
            .or_else(|| self.asset(path))
            .or_else(|| self.moved(path))
    }

    fn units(&self) -> impl Iterator<Item = (&Assembled, &Unit, &assemble::Planned)> {
        self.versions.iter().flat_map(|version| {
            version.units.iter().flat_map(move |planned| {
                [Some(&planned.unit), planned.latest.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(move |unit| (&**version, unit, planned))
            })
        })
    }

    fn page(&self, path: &str) -> Option<Arc<[u8]>> {
        self.units().find_map(|(_, unit, _)| {
            let route = inside(path, &unit.folder)?;
            let at = unit.pages.binary_search_by(|page| page.route.as_str().cmp(route)).ok()?;
            self.made(unit.key(at), || unit.render(&self.theme, at))
        })
    }

    fn root_file(&self, path: &str) -> Option<Arc<[u8]>> {
        let above = self.above();
        if let Some(page) = above.pages.get(path) {
            return above.root.render(&self.theme, page).ok().map(Arc::from);
        }
        if let Some((_, bytes)) = self.theme.assets().iter().find(|(route, _)| route == path) {
            return Some(Arc::from(bytes.as_slice()));
        }
        if !path.starts_with("search/") {
            return None;
        }
        let slugs = version_slugs(&self.slots);
        let files = || {
            above
                .gathered
                .search(&slugs)
                .into_iter()
                .map(|(route, bytes)| (route, Arc::from(bytes)))
                .collect()
        };
        self.search.get_or_init(files).get(path).cloned()
    }

    fn asset(&self, path: &str) -> Option<Arc<[u8]>> {
        self.units().find_map(|(version, unit, planned)| {
            let route = inside(path, &unit.folder)?;
            let (_, file) = planned.assets.iter().find(|(known, _)| known == route)?;
            self.project.repository.reader().ok()?.with(&version.snapshot).read(file.blob).ok()
        })
    }

    fn moved(&self, path: &str) -> Option<Arc<[u8]>> {
        self.units().find_map(|(_, unit, planned)| {
            let route = inside(path, &unit.folder)?;
            let is_latest =
                planned.latest.as_ref().is_some_and(|latest| latest.folder == unit.folder);
            let pages = self.above().gathered.moved(&self.project, unit, is_latest);
            pages.into_iter().find(|(known, _)| known == route).map(|(_, bytes)| Arc::from(bytes))
        })
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

/// Returns the part of a path inside a folder of the site.
fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Names the type of a file for browsers; what is not known is offered for download.
fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
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
