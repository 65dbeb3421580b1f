//! The only place that writes a site: units arrive whole, the root goes last, and nothing is removed that we did not
//! write. Renders nothing and knows no page.

use std::path::{Path, PathBuf};

use crate::Failure;

/// Folders that a site must not damage.
#[derive(Debug, Clone, Default)]
pub struct Protected {
    /// The destination must neither be, hold nor lie inside these: source folders, the git folder.
    pub sealed: Vec<PathBuf>,
    /// The destination must neither be nor hold these, but may lie inside: the work tree, the home folder.
    pub kept: Vec<PathBuf>,
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
pub struct Publication {}

impl Publication {
    /// Checks the destination, waits up to ten seconds for another publisher and clears what a killed run left.
    pub fn open(dest: &Path, protected: &Protected) -> Result<Self, Failure> {
        let _ = (dest, protected);
        Err(Failure::new("publishing is not built yet"))
    }

    /// Starts the unit in `folder`; `""` is a plain site that is one unit, which [`Self::finish`] puts in place.
    pub fn unit(&self, folder: &str) -> Result<Unit<'_>, Failure> {
        Err(Failure::new(format!("the unit “{folder}” cannot be published yet")))
    }

    /// Takes a file of the root area; it is put in place by [`Self::finish`].
    pub fn root_file(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        let _ = bytes;
        Err(Failure::new(format!("“{route}” cannot be published yet")))
    }

    /// Puts the root files in place, `index.html` last, removes what this run did not put, and writes the manifest.
    pub fn finish(self) -> Result<Written, Failure> {
        Err(Failure::new("publishing is not built yet"))
    }
}

/// A folder that appears or changes as a whole.
#[derive(Debug)]
pub struct Unit<'p> {
    publication: &'p Publication,
}

impl Unit<'_> {
    /// Takes one file; may be called from many threads at once.
    pub fn put(&self, route: &str, bytes: &[u8]) -> Result<(), Failure> {
        let _ = (self.publication, bytes);
        Err(Failure::new(format!("“{route}” cannot be published yet")))
    }

    /// Puts the unit in place.
    pub fn close(self) -> Result<(), Failure> {
        Err(Failure::new("publishing is not built yet"))
    }
}
