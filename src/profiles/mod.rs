//! Profiles are data: what must be true at a gate. Evaluated once; badges count the outcomes, `check` prints them.

mod applies;
mod evaluate;
mod json;
mod load;
mod model;
mod needs;
mod next_change;
mod read;
mod verdict;

pub use evaluate::{Basis, evaluate};
pub use load::{built_in, load, questions};
pub use model::{Gate, Level, Pace, Profile, Source, Spec, Stage, When};
pub use needs::{Fresh, Need};
pub use verdict::ahead;
pub(crate) use verdict::short_day;

use crate::source::{RepoPath, Span};

/// The verdict on one pack at one gate. No partial credit, no percentage.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Index in `Packs::packs`.
    pub pack: usize,
    /// The profile's id.
    pub profile: String,
    /// The gate's id: `D0`.
    pub gate_id: String,
    /// The gate's title: `Day zero`.
    pub gate: String,
    /// What is asked there, in one sentence; empty when the profile does not say.
    pub question: String,
    /// The date it was judged at, `2026-05-05`.
    pub as_of: String,
    /// Every requirement of the gate and of those that it includes, in the profile's order.
    pub requirements: Vec<Requirement>,
}

/// How the required requirements stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// All are met.
    Ready,
    /// All are met or under a valid waiver.
    ReadyWithWaivers,
    /// At least one cannot be determined, none is unmet.
    Undetermined,
    /// At least one is unmet, or too much is waived.
    NotReady,
}

/// One requirement of a profile and what became of it.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// `DZ-03`.
    pub id: String,
    /// One sentence that is true when it is met.
    pub statement: String,
    /// The id of the first gate that asks for it.
    pub gate: String,
    /// How much it weighs.
    pub level: Level,
    /// How much it weighs among those of its level: 1, 2, 3 or 5.
    pub weight: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in words.
    pub reason: String,
    /// What to do when it is not met.
    pub hint: String,
    /// Who is next: a person's or role's name, when one is known.
    pub next: Option<String>,
    /// What each of its needs came to, in the profile's order; none where the needs were not asked.
    pub needs: Vec<Asked>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The waiver that covers it: index in `Packs::artifacts` and its last day.
    pub waiver: Option<(usize, String)>,
    /// Until when it stays met by itself, where evidence grows old.
    pub fresh: Option<Fresh>,
    /// The first day on which something else may become of it although nobody does anything.
    pub changes: Option<String>,
}

impl Requirement {
    /// Tells whether the gate depends on it.
    pub fn is_required(&self) -> bool {
        self.level == Level::Required
    }

    /// Tells whether there is anything left to do about it.
    pub fn is_open(&self) -> bool {
        !matches!(self.outcome, Outcome::Met | Outcome::NotApplicable)
    }
}

/// What one need of a requirement came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The word that it shares with others of which one is enough.
    pub any: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, in words.
    pub reason: String,
}

impl Asked {
    /// Tells whether one of the needs before it would have been enough in its place.
    pub fn is_alternative(&self, before: &[Self]) -> bool {
        self.any.is_some() && before.iter().any(|other| other.any == self.any)
    }
}

/// What became of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It holds.
    Met,
    /// It does not hold.
    Unmet,
    /// It held once.
    Stale,
    /// A waiver covers it until a day.
    Waived,
    /// It is not asked of this pack.
    NotApplicable,
    /// It cannot be determined.
    Unknown,
}

impl Outcome {
    /// Returns the word that pages and the terminal show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Stale => "stale",
            Self::Waived => "waived",
            Self::NotApplicable => "not applicable",
            Self::Unknown => "unknown",
        }
    }
}

/// A place that a verdict rests on.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The file.
    pub path: RepoPath,
    /// The bytes.
    pub span: Span,
    /// From 1.
    pub line: usize,
    /// Index in `Packs::artifacts`, when it is one.
    pub artifact: Option<usize>,
}
