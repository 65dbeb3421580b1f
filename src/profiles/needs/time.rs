//! How old something may be. Freshness has steps, no curve: fresh, due in the last fifth of the time, stale after it.

use super::{Candidate, Judge, Need, Problem, problem};
use crate::kinds::Kind;
use crate::pack::Artifact;
use crate::profiles::Outcome;
use crate::toml::Table;
use crate::value::Length;

/// How old a document may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Age {
    /// The field with the day, how long after it, and how people write that.
    pub(super) max: Vec<(String, Length, String)>,
}

/// Until when something that is met stays so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fresh {
    /// The last day on which it counts.
    pub last: String,
    /// From this day on it is due.
    pub due: String,
}

impl Fresh {
    /// Returns the one that ends first.
    pub(in crate::profiles) fn sooner(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter().chain(other).min()
    }
}

impl Age {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let mut max = Vec::new();
        for (field, text) in keys.pairs("max-age") {
            match Length::read(&text) {
                Some(length) => max.push((field, length, text)),
                None => keys.refuse(
                    "max-age",
                    "a field with a length of time, such as { held_on = \"90d\" }",
                ),
            }
        }
        Self { max }
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let Candidate { artifact, kind, .. } = candidate;
    let old = |(name, length, text): &(String, Length, String)| {
        let Some(day) = day(kind, artifact, name) else {
            return Some(problem(format!("it has no day in `{name}`"), &artifact.status_span));
        };
        let span = kind.field(name).and_then(|spec| artifact.field(spec));
        let span = span.map_or(0..0, |field| field.key_span.clone());
        if day.as_str() > judge.as_of {
            return Some(problem(format!("`{name}` is {day}, which is still to come"), &span));
        }
        let last = length.after(&day)?;
        (last.as_str() < judge.as_of).then(|| Problem {
            outcome: Outcome::Stale,
            text: format!("`{name}` is {day}, and {text} were over on {last}"),
            span,
        })
    };
    need.time.max.iter().filter_map(old).collect()
}

/// Tells until when a document that complies does so.
pub(super) fn fresh(need: &Need, candidate: &Candidate<'_>) -> Option<Fresh> {
    let of = |(name, length, _): &(String, Length, String)| {
        let day = day(candidate.kind, candidate.artifact, name)?;
        Some(Fresh { last: length.after(&day)?, due: length.nearly_after(&day)? })
    };
    need.time.max.iter().filter_map(of).min()
}

fn day(kind: &Kind, artifact: &Artifact, name: &str) -> Option<String> {
    let spec = kind.field(name)?;
    spec.form.day(artifact.field(spec)?.value.text()?)
}
