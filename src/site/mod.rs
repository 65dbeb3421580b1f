//! The site as a plan: every page's address and key first, its context and bytes only when they are asked for.
//! No IO, no clock. A page's bytes never hold a version's name, its commit or the day of the build; what differs
//! between versions stands in `version.css` and `version.js` of each version folder.

mod address;
mod approved;
mod artifact;
mod badges;
mod calendar;
mod chosen;
mod compared;
mod csv;
mod curve;
mod decisions;
mod entry;
mod explained;
mod export;
mod feed;
mod fields;
mod figures;
mod frame;
mod frameworks;
mod funnel;
mod gates;
mod given;
mod goalposts;
mod hours;
mod key;
mod ladder;
mod lists;
mod lookup;
mod matrix;
pub mod moved;
mod named;
mod operations;
mod outcome;
mod paper;
mod past;
mod people;
mod raci;
mod readiness;
mod relation;
mod risks;
mod root;
mod routes;
mod rows;
mod script;
mod separation;
mod signed;
mod splice;
mod stages;
mod standing;
mod tag;
mod tiles;
mod trace;
mod trend;
mod unit;
mod verdict;
mod view;
mod waiting;
mod who;

use std::sync::{Arc, OnceLock};

use crate::approvals::Policy;
use crate::diagnostic::Findings;
use crate::history::{ByDocument, DecisionLog, Trials};
use crate::kinds::Status;
use crate::pack::Packs;
use crate::profiles::{Profile, Verdict};
use crate::settings::Settings;
use crate::source::{CommitFacts, ObjectId};

use lookup::{LogIndex, Lookup, Visitors};

pub use chosen::{Told, Wanted};
pub use compared::{Base, Compared, FOLDER as COMPARE, route as compared_route};
pub use entry::LogLine;
pub use explained::Explained;
pub use funnel::Progress;
pub use key::Key;
pub use named::{Everybody, Named};
pub use readiness::Stand;
pub use root::{Ahead, PackCard, Root, RootPage};
pub use script::{DOCUMENTS, documents, lineage};
pub use tag::Mark;
pub use unit::{PlannedPage, Unit, plan, unplanned};
pub(crate) use view::past;

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
    /// The version that `latest` means; a branch may hold something newer.
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
            Self::Latest => "published",
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
    /// The profiles by which packs may be judged.
    pub profiles: Arc<[Profile]>,
    /// The verdicts on them, judged at `as_of`.
    pub verdicts: Arc<[Arc<Verdict>]>,
    /// The findings in them.
    pub diagnostics: Findings,
    /// The log of this version's own commit, not of a later one.
    pub log: Arc<DecisionLog>,
    /// The same by document, where somebody has made that already.
    pub documents: Option<Arc<ByDocument>>,
    /// Settings of the site.
    pub settings: Arc<Settings>,
    /// The version; nothing when no versions are selected.
    pub version: Option<Version>,
    /// The day of judging, `2026-05-05`.
    pub as_of: String,
}

/// The inputs of one version with what is looked up in them again and again, made when a page asks for it.
#[derive(Debug)]
pub struct Edition {
    inputs: Inputs,
    index: Arc<OnceLock<LogIndex>>,
    trials: OnceLock<Trials>,
    visitors: OnceLock<Visitors>,
    lookups: Vec<OnceLock<Lookup>>,
    policies: Vec<OnceLock<Policy>>,
}

impl Edition {
    /// Takes the inputs of a version.
    pub fn new(inputs: Inputs) -> Arc<Self> {
        Self::after(None, inputs)
    }

    /// Takes the inputs of a version after another one, whose log it may share.
    pub fn after(before: Option<&Self>, inputs: Inputs) -> Arc<Self> {
        let known = before.filter(|before| Arc::ptr_eq(&before.inputs.log, &inputs.log));
        let index = known.map(|known| Arc::clone(&known.index)).unwrap_or_default();
        let packs = &inputs.packs.packs;
        let lookups = packs.iter().map(|_| OnceLock::new()).collect();
        let policies = packs.iter().map(|_| OnceLock::new()).collect();
        let (trials, visitors) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { inputs, index, trials, visitors, lookups, policies })
    }

    /// Returns its version.
    pub fn named(&self) -> Option<&Version> {
        self.inputs.version.as_ref()
    }

    /// Returns the slug of its version; empty when it is of none.
    pub fn version(&self) -> &str {
        self.inputs.version.as_ref().map_or("", |version| version.slug.as_str())
    }

    /// Names the folder of a pack's version in the site, and of its `latest` pages.
    pub fn folders(&self, pack: usize) -> [String; 2] {
        let facts = &self.inputs.packs.packs[pack];
        let version = self.inputs.version.as_ref().map(|version| version.slug.as_str());
        [version, Some("latest")].map(|version| unit::folder(facts, version))
    }

    /// Returns the packs of this version.
    pub fn packs(&self) -> &Packs {
        &self.inputs.packs
    }

    /// Lists the documents of a pack: the id, the route inside the version folder, what names the text.
    pub fn documents(&self, pack: usize) -> impl Iterator<Item = (String, String, ObjectId)> {
        let own = self.inputs.packs.artifacts[self.inputs.packs.of(pack)].iter();
        own.map(|one| (one.id.clone(), one.route.clone(), one.content))
    }

    /// Says how an artifact stands in words; empty where it states nothing.
    pub fn status(&self, artifact: usize) -> String {
        match &self.inputs.packs.artifacts[artifact].status {
            Status::Absent => String::new(),
            _ => standing::state(self, artifact).word,
        }
    }

    fn log_index(&self) -> &LogIndex {
        let Inputs { log, documents, .. } = &self.inputs;
        self.index.get_or_init(|| match documents {
            Some(documents) => LogIndex::new(Arc::clone(documents)),
            None => LogIndex::new(Arc::new(ByDocument::new(log))),
        })
    }

    fn trials(&self) -> &Trials {
        let packs = &self.inputs.packs;
        self.trials.get_or_init(|| {
            let documents = &self.log_index().documents;
            Trials::new(documents, packs.packs.len(), |path| packs.pack_of(path))
        })
    }

    /// Returns who must approve what in a pack, by the rules of this version.
    fn policy(&self, pack: usize) -> &Policy {
        self.policies[pack].get_or_init(|| Policy::of(&self.inputs.packs, pack))
    }

    fn lookup(&self, pack: usize) -> &Lookup {
        let Inputs { packs, log, .. } = &self.inputs;
        let visitors = self.visitors.get_or_init(|| Visitors::new(packs));
        self.lookups[pack].get_or_init(|| Lookup::new(packs, log, self.log_index(), visitors, pack))
    }
}
