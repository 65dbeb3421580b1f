//! Whether a site is what was built: each file against the digest in the manifest of its folder, and what is missing or
//! was added. Reads only.
#![expect(clippy::disallowed_methods, reason = "the output folder is ours to read")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::manifest::{self, Entry, Manifest};
use super::{place, route};
use crate::Failure;

/// What is wrong with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It holds other bytes than were built.
    Changed,
    /// It is not there.
    Missing,
    /// It was not built.
    Extra,
}

/// What a look at a site found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The digest of the whole site, in which those of all files are.
    pub digest: String,
    /// How many files were compared.
    pub files: usize,
    /// What is wrong, by path.
    pub faults: Vec<(String, Fault)>,
}

impl Fault {
    /// Says it in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Extra => "extra",
        }
    }
}

/// Compares a site, or the folder of one version, with its manifests.
///
/// # Errors
/// When there is no manifest, or the folder cannot be read.
pub fn verify(site: &Path) -> Result<Verified, Failure> {
    let path = site.join(manifest::NAME);
    let whole = fs::read(&path).ok().and_then(|bytes| Manifest::read(&bytes)).ok_or_else(|| {
        Failure::new(format!("{} is no site that this program built", site.display()))
            .help(format!("name the folder that holds {}", manifest::NAME))
    })?;
    if !whole.is_checkable() {
        return Err(Failure::new("the site was built by an older program, without these digests")
            .help("build it again"));
    }
    let mut faults = Vec::new();
    if !whole.is_whole() {
        faults.push((manifest::NAME.to_owned(), Fault::Changed));
    }
    let contents = Contents { site, paths: place::files(site)?.into_iter().collect() };
    let mut listed = Listed { faults, files: Vec::new(), manifests: BTreeSet::new() };
    listed.take("", &whole);
    for (folder, digest) in &whole.units {
        listed.take_unit(&contents, folder, digest);
    }
    let Listed { mut faults, files, manifests } = listed;
    let wrong = files.par_iter().filter_map(|(path, entry)| {
        contents.compare(path, entry).map(|fault| (path.clone(), fault))
    });
    faults.extend(wrong.collect::<Vec<_>>());
    let known: BTreeSet<&str> = files
        .iter()
        .map(|(path, _)| path.as_str())
        .chain(manifests.iter().map(|one| &**one))
        .collect();
    let extra = contents.paths.iter().filter(|path| !known.contains(path.as_str()));
    faults.extend(extra.map(|path| (path.clone(), Fault::Extra)));
    faults.sort();
    Ok(Verified { digest: whole.digest, files: files.len(), faults })
}

/// What the manifests list.
struct Listed {
    faults: Vec<(String, Fault)>,
    files: Vec<(String, Entry)>,
    manifests: BTreeSet<String>,
}

impl Listed {
    fn take(&mut self, folder: &str, manifest: &Manifest) {
        self.manifests.insert(route::join(folder, manifest::NAME));
        let files = manifest.files.iter();
        self.files.extend(files.map(|(path, entry)| (route::join(folder, path), entry.clone())));
    }

    /// Takes the files of a unit, when its manifest is the one that the site was built with.
    fn take_unit(&mut self, contents: &Contents<'_>, folder: &str, digest: &str) {
        let path = route::join(folder, manifest::NAME);
        self.manifests.insert(path.clone());
        let bytes = match contents.read(&path) {
            Ok(bytes) => bytes,
            Err(fault) => return self.faults.push((path, fault)),
        };
        match Manifest::parse(&bytes, folder) {
            Some(unit) if unit.digest == digest && unit.is_whole() => self.take(folder, &unit),
            Some(unit) => {
                self.faults.push((path, Fault::Changed));
                self.take(folder, &unit);
            }
            None => self.faults.push((path, Fault::Changed)),
        }
    }
}

/// What lies in a site.
struct Contents<'s> {
    site: &'s Path,
    /// Everything that is no folder, by path.
    paths: BTreeSet<String>,
}

impl Contents<'_> {
    /// Reads a file. A list may name what lies outside, which is not there; a link is never what was built.
    fn read(&self, path: &str) -> Result<Vec<u8>, Fault> {
        let place = self.paths.get(path).map(|path| self.site.join(path)).ok_or(Fault::Missing)?;
        let is_file = fs::symlink_metadata(&place).is_ok_and(|facts| facts.is_file());
        let bytes = is_file.then(|| fs::read(&place).ok()).flatten();
        bytes.ok_or(Fault::Changed)
    }

    fn compare(&self, path: &str, entry: &Entry) -> Option<Fault> {
        match self.read(path) {
            Ok(bytes) => (Entry::of(&bytes) != *entry).then_some(Fault::Changed),
            Err(fault) => Some(fault),
        }
    }
}
