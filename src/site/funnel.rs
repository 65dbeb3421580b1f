//! The packs of a site together: how many are in which stage, when each last moved, and how long decisions at gates take.
//! Numbers and days; nothing here is judged.

use std::collections::BTreeMap;

use serde::Serialize;

use super::root::PackCard;
use super::stages::stage_of;
use super::view::{Linked, When, count, day, days_between, sentence};
use super::{Edition, standing};
use crate::assemble::day_of;
use crate::history::LandingKind;
use crate::pack::outcome::recorded;

/// What the portfolio says of one pack beside its verdicts.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Its stage with the place of it among all that profiles name.
    stage: Option<(usize, String)>,
    /// When something landed last, seconds since 1970 UTC.
    last: Option<i64>,
    /// Decisions at gates that are in force, the earliest first.
    decisions: Vec<Decided>,
}

/// A decision at a gate.
#[derive(Debug, Clone)]
struct Decided {
    gate: String,
    outcome: String,
    on: String,
    /// Days since the question was raised.
    lasted: Option<i64>,
}

impl Progress {
    /// Reads how far a pack has come.
    pub(super) fn of(edition: &Edition, pack: usize) -> Self {
        let inputs = &edition.inputs;
        let stages = inputs.profiles.iter().flat_map(|profile| &profile.stages);
        let stage = stage_of(&inputs.packs.packs[pack]).map(|now| {
            let known = stages.clone().position(|stage| stage.id.eq_ignore_ascii_case(now));
            let title =
                known.and_then(|at| stages.clone().nth(at)).map(|stage| stage.title.clone());
            (known.unwrap_or(usize::MAX), title.unwrap_or_else(|| sentence(now)))
        });
        let landed = inputs.packs.of(pack).filter_map(|at| standing::last(edition, at));
        // What lies at the edge of a clone may have landed long before.
        let latest = landed.max_by_key(|change| change.landing.index);
        let latest = latest.filter(|change| change.landing.kind != LandingKind::Boundary);
        let decisions = recorded(&inputs.packs, pack).into_iter().filter(|one| one.counts);
        Self {
            stage,
            last: latest.map(|change| change.landing.time),
            decisions: decisions
                .map(|one| Decided {
                    lasted: one.lasted(),
                    outcome: one.outcome.replace(['-', '_'], " "),
                    gate: one.gate,
                    on: one.decided,
                })
                .collect(),
        }
    }
}

/// What the portfolio says of all packs together.
#[derive(Debug, Default, Hash, Serialize)]
pub(super) struct FunnelView {
    stages: Vec<StageView>,
    rows: Vec<RowView>,
    /// Sentences about decisions, each with how many it rests on.
    told: Vec<String>,
}

#[derive(Debug, Hash, Serialize)]
struct StageView {
    title: String,
    count: usize,
    packs: Vec<Linked>,
}

#[derive(Debug, Hash, Serialize)]
struct RowView {
    pack: Linked,
    stage: String,
    last: Option<When>,
    /// `12 days before`.
    idle: String,
    /// `pass at G2 on 27 Mar 2026`.
    decision: String,
}

/// Describes the packs, each with where it leads.
pub(super) fn view(cards: &[(&PackCard, String)], as_of: &str) -> FunnelView {
    let mut stages: BTreeMap<(usize, String), Vec<Linked>> = BTreeMap::new();
    let link = |(card, href): &(&PackCard, String)| Linked {
        text: card.title.clone(),
        href: href.clone(),
    };
    for card in cards {
        let unsaid = (usize::MAX, "No stage is named".to_owned());
        stages.entry(card.0.progress.stage.clone().unwrap_or(unsaid)).or_default().push(link(card));
    }
    let mut order: Vec<&(&PackCard, String)> = cards.iter().collect();
    order.sort_by_key(|(card, _)| card.progress.last);
    FunnelView {
        stages: stages
            .into_iter()
            .map(|((_, title), packs)| StageView { title, count: packs.len(), packs })
            .collect(),
        rows: order.iter().map(|card| row(link(card), &card.0.progress, as_of)).collect(),
        told: told(cards.iter().map(|(card, _)| &card.progress)),
    }
}

fn row(pack: Linked, progress: &Progress, as_of: &str) -> RowView {
    let idle = progress.last.and_then(|last| days_between(&day_of(last), as_of));
    let idle = idle.and_then(|days| usize::try_from(days).ok());
    let decision = progress.decisions.last();
    RowView {
        pack,
        stage: progress.stage.as_ref().map(|(_, title)| title.clone()).unwrap_or_default(),
        last: progress.last.map(When::new),
        idle: idle.map_or_else(String::new, |days| {
            format!("{} before {}", count(days, "day", "days"), day(as_of))
        }),
        decision: decision.map_or_else(String::new, |one| {
            let on =
                if one.on.is_empty() { String::new() } else { format!(" on {}", day(&one.on)) };
            format!("{} at {}{on}", one.outcome, one.gate)
        }),
    }
}

/// Tells how long decisions took, and what they came to.
fn told<'c>(packs: impl Iterator<Item = &'c Progress>) -> Vec<String> {
    let (mut lasted, mut between) = (Vec::new(), Vec::new());
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for progress in packs {
        lasted.extend(progress.decisions.iter().filter_map(|one| one.lasted));
        let pairs = progress.decisions.windows(2);
        between.extend(pairs.filter_map(|pair| days_between(&pair[0].on, &pair[1].on)));
        for one in &progress.decisions {
            *outcomes.entry(&one.outcome).or_default() += 1;
        }
    }
    let all: usize = outcomes.values().sum();
    let mix: Vec<String> =
        outcomes.iter().map(|(word, number)| format!("{number} {word}")).collect();
    let sentences = [
        (all > 0).then(|| {
            let decisions = count(all, "decision at a gate", "decisions at gates");
            format!("{decisions}: {}", mix.join(", "))
        }),
        spread("From the question to the decision", lasted),
        spread("From one decision at a gate of a pack to the next", between),
    ];
    sentences.into_iter().flatten().collect()
}

/// Says the middle and the ends of some numbers of days.
fn spread(what: &str, mut days: Vec<i64>) -> Option<String> {
    days.sort_unstable();
    let (least, most) = (days.first()?, days.last()?);
    let middle = days[days.len() / 2];
    let of = count(days.len(), "decision", "decisions");
    let unit = if middle == 1 { "day" } else { "days" };
    Some(format!(
        "{what}: {middle} {unit} in the middle of {of}, {least} at least and {most} at most"
    ))
}
