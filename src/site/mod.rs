//! The site as a plan: every page's address and key first, its context and bytes only when they are asked for.
//! No IO, no clock. A page's bytes never hold a version's name, its commit or the day of the build; what differs
//! between versions stands in `version.css` and `version.js` of each version folder.

mod address;
mod key;
mod root;

use std::sync::Arc;

use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::history::DecisionLog;
use crate::pack::Packs;
use crate::profiles::Verdict;
use crate::render::Theme;
use crate::settings::Settings;
use crate::source::CommitFacts;

pub use key::Key;
pub use root::{Lineage, PackCard, Root};

/// A version of the site, as readers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// `v0.1.0`, `main`.
    pub name: String,
    /// The folder part of its addresses; portable, so `feature/x` is `feature-x`.
    pub slug: String,
    /// Its commit; nothing for a work tree outside Git.
    pub commit: Option<CommitFacts>,
    /// What readers may expect of it.
    pub state: VersionState,
}

/// What readers may expect of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionState {
    /// The version that `latest` means.
    Latest,
    /// Published before the latest; a line on its pages says so.
    Outdated,
    /// A branch or a work tree: not published yet.
    InProgress,
}

/// Everything that one version's pages are made of.
#[derive(Debug)]
pub struct Inputs {
    /// One snapshot's packs, already filtered for the audience.
    pub packs: Arc<Packs>,
    /// The verdicts on them, judged at `as_of`.
    pub verdicts: Arc<[Verdict]>,
    /// The findings in them.
    pub diagnostics: Arc<[Diagnostic]>,
    /// The log of this version's own commit, not of a later one.
    pub log: Arc<DecisionLog>,
    /// Settings of the site.
    pub settings: Arc<Settings>,
    /// The version; nothing when no versions are selected.
    pub version: Option<Version>,
    /// The day of judging, `2026-05-05`.
    pub as_of: String,
}

/// The inputs of one version with what is looked up in them again and again.
#[derive(Debug)]
pub struct Edition {
    inputs: Inputs,
}

impl Edition {
    /// Prepares the look-ups, once for all packs of a version.
    pub fn new(inputs: Inputs) -> Arc<Self> {
        Arc::new(Self { inputs })
    }
}

/// One version of one pack: its folder and its pages, not yet rendered.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Where it lies in the site, without slashes at the ends; `""` for a plain book.
    pub folder: String,
    /// Every file of the folder but assets, sorted by route.
    pub pages: Vec<PlannedPage>,
    edition: Arc<Edition>,
    pack: usize,
}

/// A file of the site that can be made on request.
#[derive(Debug, Clone)]
pub struct PlannedPage {
    /// Its address inside [`Unit::folder`], or inside the site for the root area.
    pub route: String,
    /// Equal keys mean equal bytes.
    pub key: Key,
}

/// Plans one pack of one version.
pub fn plan(edition: &Arc<Edition>, theme: &Theme, pack: usize) -> Unit {
    let _ = (&edition.inputs, theme);
    Unit { folder: String::new(), pages: Vec::new(), edition: Arc::clone(edition), pack }
}

impl Unit {
    /// Makes the bytes of page `index`; fails only when an overridden template does.
    pub fn render(&self, theme: &Theme, index: usize) -> Result<Vec<u8>, Failure> {
        let _ = (&self.edition, self.pack, theme, index);
        Ok(Vec::new())
    }

    /// Returns the same unit at `<pack>/latest`; every page has the same key and bytes.
    #[must_use]
    pub fn as_latest(&self) -> Self {
        self.clone()
    }

    /// Lists where each document lies in this version, for [`Root::lineage`].
    pub fn lineage(&self) -> Vec<Lineage> {
        Vec::new()
    }
}
