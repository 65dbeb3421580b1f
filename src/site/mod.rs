//! The site as a plan: every page's address and key first, its context and bytes only when they are asked for.
//! No IO, no clock. A page's bytes never hold a version's name, its commit or the day of the build; what differs
//! between versions stands in `version.css` and `version.js` of each version folder.

mod address;
mod artifact;
mod badges;
mod decisions;
mod export;
mod fields;
mod frame;
mod key;
mod lists;
mod lookup;
pub mod moved;
mod operations;
mod people;
mod raci;
mod root;
mod routes;
mod rows;
mod script;
mod splice;
mod trace;
mod unit;
mod verdict;
mod view;
mod who;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::history::DecisionLog;
use crate::pack::Packs;
use crate::profiles::Verdict;
use crate::settings::Settings;
use crate::source::CommitFacts;

pub use key::Key;
pub use root::{Lineage, PackCard, Root, RootPage};
pub use unit::{PlannedPage, Unit, plan};

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

impl VersionState {
    /// Returns the words that pages and scripts use.
    pub fn words(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Outdated => "superseded",
            Self::InProgress => "in progress",
        }
    }
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
    lookup: lookup::Lookup,
}

impl Edition {
    /// Prepares the look-ups, once for all packs of a version.
    pub fn new(inputs: Inputs) -> Arc<Self> {
        let lookup = lookup::Lookup::new(&inputs.packs, &inputs.diagnostics, &inputs.log);
        Arc::new(Self { inputs, lookup })
    }
}
