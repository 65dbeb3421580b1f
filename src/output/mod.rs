//! The only place that writes a site: units arrive whole, the root goes last, and nothing is removed that we did not
//! write. Renders nothing and knows no page.
//!
//! Units are staged as they come, by many threads; when all are there they are put in place one after the other. A build
//! may be killed at any moment: each unit is the old one or the new one, and the root never points to a unit that is not
//! there yet. What takes the place of something is on the disk before, so that the same holds for a power cut
//! (`tests/power-cut/`).
#![expect(clippy::disallowed_methods, reason = "the output folder is ours to read and write")]

pub mod archive;
mod area;
mod manifest;
mod place;
mod route;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Bound::{Excluded, Unbounded};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::prelude::*;

use crate::Failure;
use area::Area;
use manifest::Manifest;
use place::{Found, Lock};
pub use verify::{Fault, Verified, verify};

/// How long a publisher waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file that says that a staging folder is ours.
const MARKER: &str = "readymark-staging";

/// Folders that a site must not damage.
#[derive(Debug, Clone, Default)]
pub struct Protected {
    /// The destination must neither be, hold nor lie inside these: source folders, the git folder.
    pub sealed: Vec<PathBuf>,
    /// The destination must neither be nor hold these, but may lie inside: the work tree, the home folder.
    pub kept: Vec<PathBuf>,
    /// The destination must lie inside this when the repository itself names it; nothing when a person did.
    pub within: Option<PathBuf>,
}

/// What a publication did, in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// New or changed.
    pub written: usize,
    /// Already there with the same bytes.
    pub unchanged: usize,
    /// Of an earlier publication, not part of this one.
    pub removed: usize,
}

/// One run that publishes into one destination, alone.
#[derive(Debug)]
pub struct Publication {
    dest: PathBuf,
    staging: PathBuf,
    found: Found,
    root: Arc<Area>,
    progress: Mutex<Progress>,
    _lock: Lock,
}

/// What happened so far.
#[derive(Debug, Default)]
struct Progress {
    /// Units by their folders; nothing while a unit is open.
    units: BTreeMap<String, Option<Staged>>,
    written: Written,
}

/// A unit that waits until all others are there.
#[derive(Debug, Clone)]
struct Staged {
    digest: String,
    /// What is to be put in place; nothing when the published unit is the same.
    area: Option<Arc<Area>>,
}

/// Reads a file of the root area of a site, such as it lies there.
pub fn root_bytes(dest: &Path, route: &str) -> Option<Vec<u8>> {
    fs::read(dest.join(route)).ok()
}

impl Publication {
    /// Checks the destination, waits up to ten seconds for another publisher and clears what a killed run left.
    pub fn open(dest: &Path, protected: &Protected) -> Result<Self, Failure> {
        let dest = place::resolve(dest)?;
        place::refuse_protected(&dest, protected)?;
        let (Some(parent), Some(name)) = (dest.parent(), dest.file_name()) else {
            return Err(Failure::new("the site needs a folder with a name"));
        };
        let name = name.to_string_lossy();
        let beside = parent.join(format!(".{name}{}", place::STAGING));
        let inside = place::is_mount_point(&dest, parent);
        let staging = if inside { dest.join(place::STAGING) } else { beside };
        fs::create_dir_all(parent).map_err(|error| cannot("create", parent, &error))?;
        let lock = Lock::wait(parent.join(format!(".{name}.readymark-lock")), PATIENCE)?;
        let found = place::survey(&dest)?;
        clear_staging(&staging)?;
        prepare_staging(&staging)?;
        let root = Arc::new(Area::new(&dest, staging.join("root")));
        Ok(Self { dest, staging, found, root, progress: Mutex::default(), _lock: lock })
    }

    /// Starts the unit in `folder`; `""` is a plain site that is one unit.
    pub fn unit(&self, folder: &str) -> Result<Unit<'_>, Failure> {
        if folder.is_empty() {
            if self.staging.starts_with(&self.dest) {
                return Err(Failure::new(format!(
                    "{} is a mount point, which cannot be replaced as a whole",
                    self.dest.display()
                ))
                .help("choose a folder inside it for the site"));
            }
            self.start(folder)?;
            return Ok(Unit {
                publication: self,
                folder: String::new(),
                area: Arc::clone(&self.root),
            });
        }
        route::check(folder)?;
        let number = self.start(folder)?;
        let area = Area::new(&self.dest.join(folder), self.staging.join(format!("unit-{number}")));
        Ok(Unit { publication: self, folder: folder.to_owned(), area: Arc::new(area) })
    }

    /// Reads a file of the root area as it was published before; nothing when there is none.
    pub fn root_bytes(&self, route: &str) -> Option<Vec<u8>> {
        route::check(route).ok()?;
        root_bytes(&self.dest, route)
    }

    /// Takes a file of the root area; it is put in place by [`Self::finish`].
    pub fn root_file(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        refuse_manifest(route)?;
        self.root.put(route, bytes)
    }

    /// Puts the units in place, then the root files, `index.html` last, removes what this run did not put, and writes the
    /// manifest.
    pub fn finish(self) -> Result<Written, Failure> {
        let units = std::mem::take(&mut self.progress().units);
        let closed = |(folder, staged): (String, Option<Staged>)| match staged {
            Some(staged) => Ok((folder, staged)),
            None => Err(Failure::new(format!("the unit “{folder}” was not closed"))),
        };
        let closed = units.into_iter().map(closed).collect::<Result<BTreeMap<_, _>, _>>()?;
        if closed.contains_key("") {
            self.put_in_place(&[("", &self.stage("", &self.root)?)])?;
        } else {
            let units: Vec<_> = closed.iter().map(|(folder, unit)| (&**folder, unit)).collect();
            self.put_in_place(&units)?;
            self.publish_root(closed)?;
        }
        clear_staging(&self.staging)?;
        Ok(self.progress().written)
    }

    /// Notes a unit; units never overlap.
    fn start(&self, folder: &str) -> Result<usize, Failure> {
        let mut progress = self.progress();
        if let Some(other) = route::overlap(&progress.units, folder) {
            return Err(Failure::new(format!("the units “{other}” and “{folder}” overlap")));
        }
        progress.units.insert(folder.to_owned(), None);
        Ok(progress.units.len())
    }

    /// Completes a staged unit when anything in it differs.
    fn stage(&self, folder: &str, area: &Arc<Area>) -> Result<Staged, Failure> {
        let files = area.files();
        let gone = self.found.within(folder).filter(|inner| !files.contains_key(*inner)).count();
        let manifest = Manifest::new(folder, BTreeMap::new(), files);
        let bytes = manifest.to_bytes();
        let prefix = route::prefix(folder);
        let mut inner = self.found.manifests.range::<str, _>((Excluded(&*prefix), Unbounded));
        let nested = inner.next().is_some_and(|(inner, _)| inner.starts_with(&prefix));
        let written = area.changed().len();
        let differs = written + gone > 0 || nested || !area.is_published(manifest::NAME, &bytes);
        if differs {
            area.complete(&bytes)?;
        }
        self.count(manifest.files.len(), written, gone);
        Ok(Staged { digest: manifest.digest, area: differs.then(|| Arc::clone(area)) })
    }

    /// Puts whole units in place.
    fn put_in_place(&self, units: &[(&str, &Staged)]) -> Result<(), Failure> {
        let staged = units.iter().filter_map(|(folder, unit)| Some((folder, unit.area.as_ref()?)));
        let staged: Vec<_> = staged.collect();
        if !staged.is_empty() || !self.root.changed().is_empty() {
            self.sync()?;
        }
        staged.iter().try_for_each(|(folder, area)| {
            self.clear_way(folder)?;
            area.replace(&self.path(folder))
        })
    }

    /// Makes sure that what is staged is on the disk, when it takes the place of something. That waits for whatever else
    /// the machine writes, so a new site, which has nothing to lose, goes without it.
    fn sync(&self) -> Result<(), Failure> {
        if self.found.files.is_empty() { Ok(()) } else { area::sync(&self.staging) }
    }

    /// Puts the root files in place around the units.
    fn publish_root(&self, closed: BTreeMap<String, Staged>) -> Result<(), Failure> {
        let units = closed.into_iter().map(|(folder, unit)| (folder, unit.digest)).collect();
        let files = self.root.files();
        refuse_shadowed(&files, &units)?;
        let manifest = Manifest::new("", units, files);
        self.announce_new(&manifest)?;
        let mut changed = self.root.changed();
        changed.sort_by_key(|route| route == "index.html");
        for route in &changed {
            self.clear_way(route)?;
            self.root.move_file(route, &self.path(route))?;
        }
        let removed = self.remove_gone(&manifest)?;
        self.write_manifest(&manifest)?;
        self.count(manifest.files.len(), changed.len(), removed);
        Ok(())
    }

    /// Lists new root files in the manifest before they appear, so that they are ours even if we are killed between.
    fn announce_new(&self, manifest: &Manifest) -> Result<(), Failure> {
        let old = self.found.manifests.get("").map(|old| old.files.clone()).unwrap_or_default();
        if manifest.files.keys().all(|route| old.contains_key(route)) {
            return Ok(());
        }
        let mut both = old;
        both.extend(manifest.files.clone());
        self.write_manifest(&Manifest::new("", manifest.units.clone(), both))
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), Failure> {
        let bytes = manifest.to_bytes();
        if self.root.is_published(manifest::NAME, &bytes) {
            return Ok(());
        }
        self.root.stage_manifest(&bytes)?;
        self.sync()?;
        self.root.move_file(manifest::NAME, &self.dest.join(manifest::NAME))
    }

    /// Removes units and root files of earlier publications that are not part of this one; counts the files.
    fn remove_gone(&self, manifest: &Manifest) -> Result<usize, Failure> {
        let in_unit =
            |route: &str| route::holder(route, |one| manifest.units.contains_key(one)).is_some();
        let gone: Vec<&String> = self
            .found
            .files
            .iter()
            .filter(|route| !manifest.files.contains_key(*route) && !in_unit(route))
            .collect();
        let folders = self.found.manifests.keys().filter(|unit| !unit.is_empty() && !in_unit(unit));
        for (number, folder) in folders.enumerate() {
            let holds = |route: &String| route::is_within(route, folder);
            if manifest.files.keys().chain(manifest.units.keys()).any(holds) {
                self.remove(&route::join(folder, manifest::NAME))?;
            } else {
                let aside = self.staging.join(format!("gone-{number}"));
                area::move_in(&self.path(folder), &aside)?;
                area::remove_tree(&aside)?;
                self.prune(folder);
            }
        }
        gone.iter().try_for_each(|route| self.remove(route))?;
        Ok(gone.len())
    }

    /// Removes one file of ours and the folders that it leaves empty; a folder took its place when a unit needed it.
    fn remove(&self, route: &str) -> Result<(), Failure> {
        let path = self.path(route);
        if path.is_dir() {
            return Ok(());
        }
        match fs::remove_file(&path) {
            Err(error) if !is_missing(&error) => return Err(cannot("remove", &path, &error)),
            _ => self.prune(route),
        }
        Ok(())
    }

    fn prune(&self, route: &str) {
        let parents =
            Path::new(route).ancestors().skip(1).filter(|parent| *parent != Path::new(""));
        let _ = parents
            .map(|parent| fs::remove_dir(self.dest.join(parent)))
            .take_while(Result::is_ok)
            .count();
    }

    /// Removes old files of ours that stand where a folder must be, and an old folder where a file must be.
    fn clear_way(&self, route: &str) -> Result<(), Failure> {
        for ancestor in Path::new(route).ancestors().filter(|part| *part != Path::new("")) {
            let ancestor = ancestor.to_string_lossy();
            let is_new = ancestor == route && self.root.holds(route);
            if self.found.files.contains(&*ancestor) && !is_new {
                self.remove(&ancestor)?;
            }
        }
        let path = self.path(route);
        if self.root.holds(route) && path.is_dir() { area::remove_tree(&path) } else { Ok(()) }
    }

    fn path(&self, route: &str) -> PathBuf {
        if route.is_empty() { self.dest.clone() } else { self.dest.join(route) }
    }

    fn count(&self, files: usize, written: usize, removed: usize) {
        let mut progress = self.progress();
        progress.written.written += written;
        progress.written.unchanged += files - written;
        progress.written.removed += removed;
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Publication {
    fn drop(&mut self) {
        let _ = clear_staging(&self.staging);
    }
}

/// A folder that appears or changes as a whole.
#[derive(Debug)]
pub struct Unit<'p> {
    publication: &'p Publication,
    folder: String,
    area: Arc<Area>,
}

impl Unit<'_> {
    /// Takes one file, by its route inside the unit; may be called from many threads at once.
    pub fn put(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        refuse_manifest(route)?;
        self.area.put(route, bytes)
    }

    /// Says that the unit is whole; [`Publication::finish`] puts it in place.
    pub fn close(self) -> Result<(), Failure> {
        let staged = if self.folder.is_empty() {
            Staged { digest: String::new(), area: None }
        } else {
            self.publication.stage(&self.folder, &self.area)?
        };
        self.publication.progress().units.insert(self.folder, Some(staged));
        Ok(())
    }
}

fn refuse_manifest(route: &str) -> Result<(), Failure> {
    if route.rsplit('/').next() == Some(manifest::NAME) {
        return Err(Failure::new(format!("the address “{route}” is kept for the list of files"))
            .help("give the file another name"));
    }
    Ok(())
}

/// Refuses root files that lie in a unit, or where the folder of a unit must be.
fn refuse_shadowed(
    files: &BTreeMap<String, manifest::Entry>,
    units: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    let meets = files.keys().find_map(|route| Some((route, route::overlap(units, route)?)));
    meets.map_or(Ok(()), |(route, unit)| {
        Err(Failure::new(format!("the address “{route}” meets the folder “{unit}” of a unit")))
    })
}

/// Removes a staging folder; refuses one that does not carry our marker.
fn clear_staging(staging: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(staging) {
        Err(error) if is_missing(&error) => return Ok(()),
        Err(error) => return Err(cannot("open", staging, &error)),
        Ok(entries) => entries.filter_map(Result::ok).collect::<Vec<_>>(),
    };
    let is_link = fs::symlink_metadata(staging).is_ok_and(|metadata| metadata.is_symlink());
    let marker = staging.join(MARKER);
    if is_link || (!entries.is_empty() && !marker.is_file()) {
        return Err(Failure::new(format!("{} is in the way", staging.display()))
            .help("move it away: it has the name of our staging folder, but is not ours"));
    }
    // The marker goes last: a run that is killed here leaves a folder that the next one knows as ours.
    let left = entries.par_iter().filter(|entry| entry.file_name() != MARKER);
    left.try_for_each(|entry| {
        area::remove_tree(&entry.path())
            .or_else(|failure| fs::remove_file(entry.path()).map_err(|_| failure))
    })?;
    let _ = fs::remove_file(marker);
    fs::remove_dir(staging).map_err(|error| cannot("remove", staging, &error))
}

fn prepare_staging(staging: &Path) -> Result<(), Failure> {
    fs::create_dir_all(staging)
        .and_then(|()| {
            fs::write(
                staging.join(MARKER),
                "Left by a build that was stopped; the next one removes it.\n",
            )
        })
        .map_err(|error| cannot("create", staging, &error))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Makes the failure of a file operation.
fn cannot(verb: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot {verb} {}: {error}", path.display()))
}
