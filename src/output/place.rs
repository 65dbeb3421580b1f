//! Where a site may be written: resolves the destination once, keeps others out while it is written, and finds out
//! whether everything in it is ours. Changes nothing in the destination.
#![expect(clippy::disallowed_methods, reason = "the output folder is ours to read and write")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::manifest::{self, Manifest};
use super::route;
use super::{Protected, cannot};
use crate::Failure;

/// The staging folder of a destination that is a mount point; beside the destination it has a longer name.
pub(super) const STAGING: &str = ".readymark-staging";

/// Follows links in the part of `dest` that exists.
pub(super) fn resolve(dest: &Path) -> Result<PathBuf, Failure> {
    let whole = std::path::absolute(dest).map_err(|error| cannot("find", dest, &error))?;
    let mut rest = Vec::new();
    for ancestor in whole.ancestors() {
        match fs::canonicalize(ancestor) {
            Ok(real) => return Ok(rest.iter().rev().fold(real, |path, part| path.join(part))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match ancestor.file_name() {
                Some(name) => rest.push(name),
                None => break,
            },
            Err(error) => return Err(cannot("open", ancestor, &error)),
        }
    }
    Err(Failure::new(format!("cannot find the folder {}", dest.display())))
}

/// Refuses a destination that would overwrite what it is made from.
pub(super) fn refuse_protected(dest: &Path, protected: &Protected) -> Result<(), Failure> {
    let real = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let holds = |path: &PathBuf| real(path).starts_with(dest).then(|| path.clone());
    let touches =
        |path: &PathBuf| holds(path).or_else(|| dest.starts_with(real(path)).then(|| path.clone()));
    let kept = protected.kept.iter().find_map(holds);
    let harmed = protected.sealed.iter().find_map(touches).or(kept);
    let harmed = if dest.parent().is_none() { Some(dest.to_owned()) } else { harmed };
    if protected.within.as_ref().is_some_and(|folder| !dest.starts_with(real(folder))) {
        return Err(Failure::new(format!(
            "`build-dir` of book.toml leads out of the repository, to {}",
            dest.display()
        ))
        .help("if that is what you want, say it yourself: --dest-dir <folder>"));
    }
    harmed.map_or(Ok(()), |harmed| {
        Err(Failure::new(format!(
            "the site cannot be written to {}: {} is not ours to overwrite",
            dest.display(),
            harmed.display()
        ))
        .help("choose a folder of its own for the site"))
    })
}

/// What the destination holds, all of it ours.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Every file but the manifests, by route from the root.
    pub(super) files: BTreeSet<String>,
    /// The manifests, by folder.
    pub(super) manifests: BTreeMap<String, Arc<Manifest>>,
}

impl Found {
    /// Lists the files in `folder`, by route inside it.
    pub(super) fn within<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = route::prefix(folder);
        self.files.range(prefix.clone()..).map_while(move |route| route.strip_prefix(&prefix))
    }
}

/// Looks at everything in `dest`; fails with up to ten names when something there is not ours.
pub(super) fn survey(dest: &Path) -> Result<Found, Failure> {
    match fs::symlink_metadata(dest) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::default()),
        Err(error) => return Err(cannot("open", dest, &error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Failure::new(format!("{} is not a folder", dest.display()))
                .help("choose another folder for the site"));
        }
        Ok(_) => {}
    }
    let mut found = Found::default();
    let mut foreign = Vec::new();
    let mut folders = vec![(String::new(), Vec::new())];
    while let Some((folder, mut owners)) = folders.pop() {
        let path = dest.join(&folder);
        if let Some(manifest) = read_manifest(&path, &folder) {
            owners.push(Arc::clone(&manifest));
            found.manifests.insert(folder.clone(), manifest);
        }
        for (name, kind) in list(&path)? {
            let route = route::join(&folder, &name);
            if kind.is_dir() && route != STAGING {
                folders.push((route, owners.clone()));
            } else if kind.is_file() && name == manifest::NAME && owns(&owners, &folder) {
                // Not listed in itself.
            } else if kind.is_file() && owners.iter().any(|owner| lists(owner, &route)) {
                found.files.insert(route);
            } else if !kind.is_dir() {
                foreign.push(route);
            }
        }
        if foreign.len() > 10 {
            break;
        }
    }
    refuse_foreign(dest, foreign).map(|()| found)
}

fn owns(owners: &[Arc<Manifest>], folder: &str) -> bool {
    owners.last().is_some_and(|owner| owner.folder == folder)
}

fn lists(owner: &Manifest, route: &str) -> bool {
    let inner = match owner.folder.as_str() {
        "" => Some(route),
        folder => route.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
    };
    inner.is_some_and(|inner| owner.files.contains_key(inner))
}

fn read_manifest(folder: &Path, route: &str) -> Option<Arc<Manifest>> {
    let path = folder.join(manifest::NAME);
    let regular = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
    let bytes = regular.then(|| fs::read(path).ok())??;
    Manifest::parse(&bytes, route).map(Arc::new)
}

fn list(folder: &Path) -> Result<Vec<(String, fs::FileType)>, Failure> {
    let read = || -> io::Result<Vec<_>> {
        fs::read_dir(folder)?
            .map(|entry| {
                let entry = entry?;
                Ok((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?))
            })
            .collect()
    };
    let mut entries = read().map_err(|error| cannot("list", folder, &error))?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

/// Lists everything in a folder that is no folder, by path.
pub(super) fn files(root: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for (name, kind) in list(&root.join(&folder))? {
            let path = route::join(&folder, &name);
            if kind.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn refuse_foreign(dest: &Path, mut foreign: Vec<String>) -> Result<(), Failure> {
    if foreign.is_empty() {
        return Ok(());
    }
    foreign.sort();
    let more = if foreign.len() > 10 { " and more" } else { "" };
    foreign.truncate(10);
    Err(Failure::new(format!(
        "{} holds files that this program did not write: {}{more}",
        dest.display(),
        foreign.join(", ")
    ))
    .help("move them away, or choose another folder for the site; nothing was touched"))
}

/// Keeps other publishers out of one destination; the file goes with it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Waits until the lock is free, at most for `patience`.
    pub(super) fn wait(path: PathBuf, patience: Duration) -> Result<Self, Failure> {
        let deadline = Instant::now() + patience;
        loop {
            let file = File::options()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| cannot("create", &path, &error))?;
            let free = fs4::fs_std::FileExt::try_lock_exclusive(&file)
                .map_err(|error| cannot("lock", &path, &error))?;
            if free && is_still_at(&file, &path) {
                return Ok(Self { file, path });
            }
            if Instant::now() >= deadline {
                return Err(Failure::new("another build is writing the same site")
                    .help("wait until it is done, or choose another folder for the site"));
            }
            if !free {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if cfg!(unix) && is_still_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Tells whether the locked file is the one that others will find: its owner removes it when done.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    file.metadata().ok().map(id) == fs::symlink_metadata(path).ok().map(id)
}

#[cfg(not(unix))]
fn is_still_at(_: &File, _: &Path) -> bool {
    true
}

/// Tells whether two folders lie on different file systems.
#[cfg(unix)]
pub(super) fn is_mount_point(folder: &Path, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path| fs::metadata(path).ok().map(|metadata| metadata.dev());
    device(folder).is_some_and(|inner| device(parent) != Some(inner))
}

#[cfg(not(unix))]
pub(super) fn is_mount_point(_: &Path, _: &Path) -> bool {
    false
}
