//! One folder on its way: files that differ from the published ones are staged as they come, then the whole is put in
//! place at once. Never writes into a published file.
#![expect(clippy::disallowed_methods, reason = "the output folder is ours to read and write")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{cannot, manifest, route};
use crate::Failure;

/// A folder whose files are compared with the published ones.
#[derive(Debug)]
pub(super) struct Area {
    /// The published folder; nothing when there is none yet.
    published: Option<PathBuf>,
    staged: PathBuf,
    entries: Mutex<BTreeMap<String, Put>>,
}

/// One file that was put.
#[derive(Debug, Clone)]
struct Put {
    entry: manifest::Entry,
    staged: bool,
}

impl Area {
    pub(super) fn new(target: &Path, staged: PathBuf) -> Self {
        let published = target.is_dir().then(|| target.to_owned());
        Self { published, staged, entries: Mutex::default() }
    }

    /// Takes one file, and stages it when the published one differs.
    pub(super) fn put(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        route::check(route)?;
        let staged = !self.is_published(route, bytes);
        let put = Put { entry: manifest::Entry::of(bytes), staged };
        if self.lock().insert(route.to_owned(), put).is_some() {
            return Err(Failure::new(format!("two files of the site want the address “{route}”"))
                .help("give one of the two pages another name"));
        }
        if staged { self.stage(route, bytes) } else { Ok(()) }
    }

    /// Tells whether the published folder holds a file with these bytes.
    pub(super) fn is_published(&self, route: &str, bytes: &[u8]) -> bool {
        self.published.as_ref().is_some_and(|folder| is_same(&folder.join(route), bytes))
    }

    /// Tells whether a file was put.
    pub(super) fn holds(&self, route: &str) -> bool {
        self.lock().contains_key(route)
    }

    /// Stages the manifest, which does not list itself.
    pub(super) fn stage_manifest(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.stage(manifest::NAME, bytes)
    }

    /// Adds to the staged files the manifest and those that are published already, so that the folder is whole; forgets
    /// what was put.
    pub(super) fn complete(&self, manifest: &[u8]) -> Result<(), Failure> {
        self.stage_manifest(manifest)?;
        let entries = std::mem::take(&mut *self.lock());
        let Some(published) = &self.published else { return Ok(()) };
        let kept: Vec<String> =
            entries.into_iter().filter(|(_, put)| !put.staged).map(|(route, _)| route).collect();
        kept.par_iter().try_for_each(|route| {
            let (old, new) = (published.join(route), self.staged.join(route));
            with_parents(&new, || fs::hard_link(&old, &new))
                .or_else(|_| with_parents(&new, || fs::copy(&old, &new)).map(|_| ()))
                .map_err(|error| cannot("copy", &old, &error))
        })
    }

    fn stage(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.staged.join(route);
        with_parents(&path, || File::create_new(&path))
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| cannot("write", &path, &error))
    }

    /// Returns what was put, for the manifest.
    pub(super) fn files(&self) -> BTreeMap<String, manifest::Entry> {
        self.lock().iter().map(|(route, put)| (route.clone(), put.entry.clone())).collect()
    }

    /// Lists the files that differ from the published ones.
    pub(super) fn changed(&self) -> Vec<String> {
        self.lock().iter().filter(|(_, put)| put.staged).map(|(route, _)| route.clone()).collect()
    }

    /// Puts the staged folder in the place of the published one, in one step where the system can; that one takes its
    /// place, to be removed with the staging folder.
    pub(super) fn replace(&self, target: &Path) -> Result<(), Failure> {
        let Some(published) = &self.published else {
            return move_in(&self.staged, target);
        };
        let mode = fs::metadata(published).map(|metadata| metadata.permissions());
        mode.and_then(|mode| fs::set_permissions(&self.staged, mode))
            .and_then(|()| exchange(&self.staged, target))
            .map_err(|error| cannot("replace", target, &error))
    }

    /// Moves one staged file over the published one.
    pub(super) fn move_file(&self, route: &str, target: &Path) -> Result<(), Failure> {
        move_in(&self.staged.join(route), target)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Put>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes sure that all that was written is on the disk of `folder`: one request, because one for each file takes longer
/// than the whole build.
pub(super) fn sync(folder: &Path) -> Result<(), Failure> {
    #[cfg(target_os = "linux")]
    {
        let open = || File::open(folder).and_then(|folder| Ok(rustix::fs::syncfs(folder)?));
        open().map_err(|error| cannot("write", folder, &error))
    }
    #[cfg(not(target_os = "linux"))]
    {
        #[cfg(unix)]
        rustix::fs::sync();
        let _ = folder;
        Ok(())
    }
}

/// Removes a folder of ours that is no longer part of a site.
pub(super) fn remove_tree(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(cannot("remove", folder, &error))
        }
        _ => Ok(()),
    }
}

/// Renames a file or folder to a place whose parents may be missing.
pub(super) fn move_in(from: &Path, to: &Path) -> Result<(), Failure> {
    with_parents(to, || fs::rename(from, to)).map_err(|error| cannot("write", to, &error))
}

/// Runs `action`, and once more with the parents of `path` created when they are missing.
fn with_parents<T>(path: &Path, action: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match action() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            action()
        }
        other => other,
    }
}

/// Compares a published file with new bytes, length first; a link is never the same.
fn is_same(path: &Path, bytes: &[u8]) -> bool {
    let compare = || -> io::Result<bool> {
        let mut file = open_itself(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() != bytes.len() as u64 {
            return Ok(false);
        }
        let mut buffer = [0; 16 * 1024];
        let mut rest = bytes;
        loop {
            let read = file.read(&mut buffer)?;
            match rest.split_at_checked(read) {
                _ if read == 0 => return Ok(rest.is_empty()),
                Some((head, tail)) if head == &buffer[..read] => rest = tail,
                _ => return Ok(false),
            }
        }
    };
    compare().unwrap_or(false)
}

#[cfg(unix)]
fn open_itself(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open_itself(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Exchanges two folders: afterwards `staged` is the old one.
fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE) {
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => {}
            done => return Ok(done?),
        }
    }
    let aside = staged.with_extension("old");
    fs::rename(target, &aside)?;
    fs::rename(staged, target)?;
    fs::rename(aside, staged)
}
