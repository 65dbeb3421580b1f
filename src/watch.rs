//! Waits for changes of the work tree and of the refs; says where to look again, reads no file. The only file that knows
//! the notify crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind};
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::Failure;

/// A batch ends when nothing happens for this long.
const QUIET: Duration = Duration::from_millis(20);
/// The same when every file of the batch was closed by who wrote it.
const CLOSED: Duration = Duration::from_millis(2);
/// A batch never takes longer.
const BATCH: Duration = Duration::from_millis(200);
/// How long Git may hold its index before we look anyway.
const INDEX_LOCK: Duration = Duration::from_secs(2);
/// How often to look where the system cannot tell.
const POLL: Duration = Duration::from_millis(500);

/// What tells that a file is whole, where the system says so.
const CLOSE: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

/// Where something changed; where to look again, not what happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Files and folders of the work tree, sorted, without those of the output.
    pub paths: Vec<PathBuf>,
    /// A branch, a tag or `HEAD` may have moved.
    pub refs: bool,
    /// Events were lost: look at everything.
    pub rescan: bool,
}

/// What to watch.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The folder of the work tree.
    pub work_tree: PathBuf,
    /// The git folder, and the common one of a linked work tree.
    pub git_dirs: Vec<PathBuf>,
    /// Folders in which nothing counts: the output, its staging folder, ignored build folders.
    pub excluded: Vec<PathBuf>,
}

/// A running watch.
pub struct Watcher {
    filter: Filter,
    events: Receiver<notify::Result<notify::Event>>,
    /// Where the next watcher sends, should this one run out of watches.
    sender: Sender<notify::Result<notify::Event>>,
    source: Source,
    warning: Option<String>,
}

/// Where events come from.
enum Source {
    Native(Box<RecommendedWatcher>),
    /// A thread that ends when this is dropped.
    Polling(#[expect(dead_code, reason = "kept alive, not read")] Arc<()>),
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Watcher").field("filter", &self.filter).finish_non_exhaustive()
    }
}

impl Watcher {
    /// Starts to watch; falls back to looking every half second when the system has no watches left.
    pub fn start(watched: &Watched) -> Result<Self, Failure> {
        let mut running = Self::idle(watched);
        match begin(&running.filter, &running.sender) {
            Ok(watch) => running.source = Source::Native(Box::new(watch)),
            Err(error) if is_exhausted(&error) => running.poll_instead(),
            Err(error) => {
                let folder = running.filter.work_tree.display();
                return Err(Failure::new(format!("cannot watch {folder}: {error}")));
            }
        }
        Ok(running)
    }

    /// Starts to look every half second, for file systems that send no events.
    pub fn start_polling(watched: &Watched) -> Self {
        let mut running = Self::idle(watched);
        running.source = poll(&running.filter, &running.sender);
        running
    }

    fn idle(watched: &Watched) -> Self {
        let (sender, events) = channel();
        let source = Source::Polling(Arc::new(()));
        Self { filter: Filter::new(watched), events, sender, source, warning: None }
    }

    /// Says once why changes are found by looking every half second.
    pub fn warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// Waits for the next change; nothing when `timeout` passes first. The first change after a pause is returned at once;
    /// what follows close behind it comes as one batch.
    pub fn next(&mut self, timeout: Duration) -> Option<Change> {
        let deadline = Instant::now() + timeout;
        let mut batch = Batch::default();
        while batch.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => self.take(event, &mut batch),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        }
        self.collect(&mut batch);
        self.wait_for_index(&mut batch);
        Some(batch.into_change())
    }

    /// Takes what follows until it is quiet, so that a file is not read between being emptied and being written.
    fn collect(&mut self, batch: &mut Batch) {
        let end = Instant::now() + BATCH;
        while let Ok(event) = self
            .events
            .recv_timeout(end.saturating_duration_since(Instant::now()).min(batch.quiet()))
        {
            self.take(event, batch);
            if Instant::now() > end {
                return;
            }
        }
    }

    /// Lets a checkout or a commit finish: it holds `index.lock` while files change.
    fn wait_for_index(&mut self, batch: &mut Batch) {
        let end = Instant::now() + INDEX_LOCK;
        let is_held =
            |filter: &Filter| filter.git_dirs.iter().any(|dir| dir.join("index.lock").exists());
        while is_held(&self.filter) && Instant::now() < end {
            std::thread::sleep(QUIET);
            self.collect(batch);
        }
    }

    fn take(&mut self, event: notify::Result<notify::Event>, batch: &mut Batch) {
        match event {
            Ok(event) if event.need_rescan() => batch.rescan = true,
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {
                if event.kind == CLOSE {
                    event.paths.iter().for_each(|path| _ = batch.open.remove(path));
                }
            }
            Ok(event) => {
                let is_write = matches!(
                    event.kind,
                    EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_))
                );
                for path in event.paths {
                    if is_write {
                        batch.open.insert(path.clone());
                    }
                    batch.unsure |= !is_write;
                    self.follow(&path, batch);
                    self.filter.sort(path, batch);
                }
            }
            Err(error) => {
                batch.rescan = true;
                if is_exhausted(&error) && matches!(self.source, Source::Native(_)) {
                    self.poll_instead();
                }
            }
        }
    }

    /// Watches a folder that is new at the top of the work tree.
    fn follow(&mut self, path: &Path, batch: &mut Batch) {
        let at_top = path.parent() == Some(&self.filter.work_tree);
        let is_new_folder =
            at_top && self.filter.counts(path) && path.is_dir() && !path.is_symlink();
        if let (true, Source::Native(watch)) = (is_new_folder, &mut self.source)
            && let Err(error) = watch.watch(path, RecursiveMode::Recursive)
        {
            self.take(Err(error), batch);
        }
    }

    fn poll_instead(&mut self) {
        self.source = poll(&self.filter, &self.sender);
        self.warning = Some(
            "the system has no file watches left, so changes are found by looking every half second; raise \
             fs.inotify.max_user_watches and fs.inotify.max_user_instances to see them at once"
                .to_owned(),
        );
    }
}

/// Where events are sent.
type Sink = Sender<notify::Result<notify::Event>>;

/// Watches the folders of `filter` with what the system offers.
fn begin(filter: &Filter, sender: &Sink) -> notify::Result<RecommendedWatcher> {
    let sender = sender.clone();
    let config = Config::default().with_follow_symlinks(false);
    let mut watch = RecommendedWatcher::new(move |event| drop(sender.send(event)), config)?;
    let mut paths = watch.paths_mut();
    for (folder, mode) in filter.folders() {
        paths.add(&folder, mode)?;
    }
    paths.commit()?;
    Ok(watch)
}

/// Starts a thread that looks every half second. The one of notify compares whole seconds and misses quick saves.
fn poll(filter: &Filter, sender: &Sink) -> Source {
    let alive = Arc::new(());
    let (watched, filter, sender) = (Arc::downgrade(&alive), filter.clone(), sender.clone());
    let seen = look(&filter);
    std::thread::spawn(move || keep_looking(&watched, &filter, &sender, seen));
    Source::Polling(alive)
}

fn keep_looking(
    alive: &Weak<()>,
    filter: &Filter,
    sender: &Sink,
    mut seen: BTreeMap<PathBuf, Stamp>,
) {
    loop {
        std::thread::sleep(POLL);
        if alive.strong_count() == 0 {
            return;
        }
        let now = look(filter);
        let changed = now.iter().filter(|(path, stamp)| seen.get(*path) != Some(stamp));
        let gone = seen.iter().filter(|(path, _)| !now.contains_key(*path));
        for (path, _) in changed.chain(gone) {
            let _ = sender.send(Ok(notify::Event::new(EventKind::Any).add_path(path.clone())));
        }
        seen = now;
    }
}

/// What shows that a file changed: its time and length; nothing for a folder.
type Stamp = Option<(SystemTime, u64)>;

/// Lists everything that is watched.
fn look(filter: &Filter) -> BTreeMap<PathBuf, Stamp> {
    let mut seen = BTreeMap::new();
    let mut folders = filter.folders();
    while let Some((folder, mode)) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().filter_map(Result::ok) {
            let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else { continue };
            let is_folder = metadata.is_dir();
            if is_folder && mode == RecursiveMode::Recursive {
                folders.push((path.clone(), mode));
            }
            let stamp = metadata.modified().ok().map(|time| (time, metadata.len()));
            seen.insert(path, stamp.filter(|_| !is_folder));
        }
    }
    seen
}

fn is_exhausted(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => {
            error.kind() == std::io::ErrorKind::StorageFull || error.raw_os_error() == Some(24)
        }
        _ => false,
    }
}

/// Decides which paths count.
#[derive(Debug, Clone)]
struct Filter {
    work_tree: PathBuf,
    git_dirs: Vec<PathBuf>,
    excluded: Vec<PathBuf>,
}

impl Filter {
    fn new(watched: &Watched) -> Self {
        let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        Self {
            work_tree: real(&watched.work_tree),
            git_dirs: watched.git_dirs.iter().map(real).collect(),
            excluded: watched.excluded.iter().map(real).collect(),
        }
    }

    /// Lists what to watch. The top of the work tree is split, so that an excluded or git folder there costs nothing.
    fn folders(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let mut folders = vec![(self.work_tree.clone(), RecursiveMode::NonRecursive)];
        let top = self.work_tree.read_dir().into_iter().flatten().filter_map(Result::ok);
        let inner = top
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .map(|entry| entry.path());
        folders.extend(
            inner.filter(|path| self.counts(path)).map(|path| (path, RecursiveMode::Recursive)),
        );
        for dir in self.git_dirs.iter().filter(|dir| dir.is_dir()) {
            folders.push((dir.clone(), RecursiveMode::NonRecursive));
            let refs = dir.join("refs");
            if refs.is_dir() {
                folders.push((refs, RecursiveMode::Recursive));
            }
        }
        folders
    }

    /// Tells whether a path belongs to the work tree and not to Git or the output.
    fn counts(&self, path: &Path) -> bool {
        let is_out = |folder: &PathBuf| path.starts_with(folder);
        path.starts_with(&self.work_tree)
            && path.file_name().is_none_or(|name| name != ".git")
            && !self.excluded.iter().chain(&self.git_dirs).any(is_out)
    }

    fn sort(&self, path: PathBuf, batch: &mut Batch) {
        if let Some(dir) = self.git_dirs.iter().find(|dir| path.starts_with(dir)) {
            batch.refs |= path.strip_prefix(dir).is_ok_and(is_ref);
        } else if self.counts(&path) {
            batch.paths.insert(path);
        }
    }
}

/// Tells whether a path inside the git folder can move a ref.
fn is_ref(path: &Path) -> bool {
    let is_lock = path.extension().is_some_and(|extension| extension == "lock");
    let is_known =
        ["HEAD", "packed-refs", "refs", "reftable"].iter().any(|name| path.starts_with(name));
    is_known && !is_lock
}

/// What a change is made of while events come in.
#[derive(Debug, Default)]
struct Batch {
    paths: BTreeSet<PathBuf>,
    refs: bool,
    rescan: bool,
    /// Files that were written and not closed yet.
    open: BTreeSet<PathBuf>,
    /// Something happened that may be one of several steps.
    unsure: bool,
}

impl Batch {
    /// How long it must be quiet for the batch to be whole.
    fn quiet(&self) -> Duration {
        if self.unsure || !self.open.is_empty() { QUIET } else { CLOSED }
    }

    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.refs && !self.rescan
    }

    fn into_change(self) -> Change {
        Change { paths: self.paths.into_iter().collect(), refs: self.refs, rescan: self.rescan }
    }
}
