//! The way of a pack: its stages in order, where it is, and on which days it passed from one to the next.

use serde::Serialize;

use super::gates::profiles;
use super::unit::Unit;
use super::view::{day, sentence};
use crate::pack::Pack;
use crate::pack::outcome::Recorded;
use crate::profiles::{Profile, Stage};

/// The stages of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct WayView {
    /// The stage that the pack says it is in.
    now: String,
    stages: Vec<StageView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
struct StageView {
    title: String,
    /// `behind`, `here` or `ahead`; empty where the pack names none of these stages.
    place: &'static str,
    /// The gate at its end, with the day on which it was passed.
    gate: String,
    passed: String,
    /// The stage to which what is learnt leads back.
    loops_to: String,
}

/// Returns the stage that a pack says it is in.
pub(super) fn stage_of(pack: &Pack) -> Option<&str> {
    let fact = pack.facts.iter().find(|fact| fact.name == "stage")?;
    fact.values.first().map(String::as_str)
}

/// Finds the profile that tells the stages: one that judges the pack, else one that knows the stage it is in.
fn telling<'u>(unit: &'u Unit, now: Option<&str>) -> Option<&'u Profile> {
    let mut own = profiles(unit).filter(|one| !one.stages.is_empty());
    let knows = |one: &&Profile| now.is_some_and(|now| place(&one.stages, now).is_some());
    own.next().or_else(|| unit.edition.inputs.profiles.iter().find(knows))
}

fn place(stages: &[Stage], now: &str) -> Option<usize> {
    let is_now =
        |stage: &Stage| [&stage.id, &stage.title].iter().any(|word| word.eq_ignore_ascii_case(now));
    stages.iter().position(is_now)
}

pub(super) fn view(unit: &Unit, recorded: &[Recorded]) -> Option<WayView> {
    let now = stage_of(unit.facts());
    let stages = telling(unit, now).map(|one| one.stages.as_slice()).unwrap_or_default();
    if stages.is_empty() && now.is_none() {
        return None;
    }
    let here = now.and_then(|now| place(stages, now));
    let title = |id: &String| {
        let stage = stages.iter().find(|stage| stage.id == *id);
        stage.map_or_else(|| id.clone(), |stage| stage.title.clone())
    };
    let passed = |gate: &str| {
        let mut ways = recorded.iter().filter(|one| one.counts && one.effect.passes());
        ways.find(|one| one.is_at(gate)).map(|one| day(&one.decided))
    };
    let view = |(at, stage): (usize, &Stage)| StageView {
        title: stage.title.clone(),
        place: match here {
            Some(here) if at < here => "behind",
            Some(here) if at == here => "here",
            Some(_) => "ahead",
            None => "",
        },
        gate: stage.ends_with.clone(),
        passed: passed(&stage.ends_with).unwrap_or_default(),
        loops_to: title(&stage.loops_to),
    };
    let now = now.map(sentence).unwrap_or_default();
    Some(WayView { now, stages: stages.iter().enumerate().map(view).collect() })
}
