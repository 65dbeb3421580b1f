//! Badges: one line of text as SVG and as JSON for shields. Its own writer; nothing here reads the pack.

/// What the colour of a badge means; the words always say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// In force, ready.
    Good,
    /// Ready with waivers, draft.
    Caution,
    /// Not ready.
    Bad,
    /// Closed, undetermined, nothing stated.
    Neutral,
}

/// A badge: two texts and a tone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Badge {
    /// `day zero`.
    pub label: String,
    /// `not ready · 2 blockers`.
    pub message: String,
    /// The colour's meaning.
    pub tone: Tone,
}

impl Badge {
    /// Writes the badge as SVG.
    pub fn svg(&self) -> String {
        String::new()
    }

    /// Writes the badge for a shields endpoint.
    pub fn json(&self) -> String {
        String::new()
    }
}
