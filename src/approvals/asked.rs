//! What is still asked of those who must approve a document: an approval that was never given, or that no longer holds.

use std::sync::Arc;

use super::record::Approval;
use super::state::State;
use crate::pack::{Artifact, Packs};

/// Why an approval is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nobody who must has approved it in a way that counts.
    Never,
    /// The text says something else since the text at this place.
    Changed(usize),
    /// It was taken back, or the text was rejected later.
    TakenBack,
    /// Which text was approved is not known.
    Unknown,
    /// Whether anybody approved it is not known.
    Untold,
    /// It is not as sure as it must be: not signed.
    Unsure,
    /// Its last day is over.
    Expired(String),
    /// Its last day comes soon.
    Ends(String),
}

impl Lack {
    /// Returns its word in exports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Never => "never-given",
            Self::Changed(_) => "stale",
            Self::TakenBack => "revoked",
            Self::Unknown | Self::Untold => "unknown",
            Self::Unsure => "not-sure-enough",
            Self::Expired(_) => "expired",
            Self::Ends(_) => "ends-soon",
        }
    }
}

/// Tells what a party has still to give, among the approvals of one document and of one part of it; nothing when its
/// approval holds beyond the day `soon`.
pub fn asked(
    approvals: &[(&Approval, State)],
    scope: Option<&str>,
    party: &str,
    soon: &str,
) -> Option<Lack> {
    let mut own = approvals.iter().filter(|(one, _)| {
        is_by_whom_it_must(one)
            && one.scope.as_deref() == scope
            && one.fulfils.iter().any(|own| own == party)
    });
    let mut holding = own.clone().filter(|(_, state)| state.holds()).peekable();
    if holding.clone().any(|(one, _)| one.counts()) {
        let days = holding.filter(|(one, _)| one.counts()).map(|(one, _)| one.expires.as_deref());
        let last = days.max_by_key(|day| (day.is_none(), *day));
        let ends = last.flatten().filter(|day| *day <= soon);
        return ends.map(|day| Lack::Ends(day.to_owned()));
    }
    if holding.peek().is_some() {
        let is_open = holding.any(|(one, _)| one.lacks.key);
        return Some(if is_open { Lack::Untold } else { Lack::Unsure });
    }
    let Some((one, state)) = own.next_back() else { return Some(Lack::Never) };
    Some(match state {
        State::Stale(at) | State::LandedDifferent(at) => Lack::Changed(*at),
        State::Expired => Lack::Expired(one.expires.clone().unwrap_or_default()),
        State::Revoked => Lack::TakenBack,
        _ => Lack::Unknown,
    })
}

fn is_by_whom_it_must(one: &Approval) -> bool {
    one.counts() || one.is_too_unsure()
}

/// Lists the parts of a document that somebody approved who may.
pub fn parts<'a>(approvals: &[(&'a Approval, State)]) -> Vec<&'a str> {
    let counting = approvals.iter().filter(|(one, _)| is_by_whom_it_must(one));
    let mut parts: Vec<&str> = counting.filter_map(|(one, _)| one.scope.as_deref()).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Writes the command that approves a document, or a part of it.
pub fn command(packs: &Packs, at: usize, scope: Option<&str>) -> String {
    let artifact = &packs.artifacts[at];
    let same = |other: &&Arc<Artifact>| other.has_id && other.id.eq_ignore_ascii_case(&artifact.id);
    let is_clear = packs.artifacts.iter().filter(same).count() < 2;
    let name = match artifact.has_id {
        true if is_clear => artifact.id.clone(),
        true => format!("{}:{}", packs.packs[artifact.pack].id, artifact.id),
        false => artifact.path.to_string(),
    };
    let scope = scope.map(|scope| format!(" --scope {}", quoted(scope)));
    format!("readymark approve {}{}", quoted(&name), scope.unwrap_or_default())
}

/// Writes a word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
