//! What the language has words for and the model cannot tell yet: the order of events, and rules that are yet to be
//! written. Each of these is unknown, with the reason.

use super::{Answer, Candidate, Judge, Need, Problem, answer, unknown};
use crate::profiles::Outcome;
use crate::toml::Table;

/// Rules that profiles ask for and that nothing looks for yet, by name.
pub(in crate::profiles) const AWAITED: [&str; 36] = [
    "arch.nfr-unverified",
    "backlog.feature-in-hardening",
    "biz.lifecycle-incomplete",
    "biz.net-negative",
    "biz.stated-differs",
    "change.failed-no-follow-up",
    "change.pir-overdue",
    "criteria.unknown-metric",
    "criteria.vague",
    "data.pii-no-approval",
    "data.residency-conflict",
    "decision.against-recommendation",
    "decision.not-authorised",
    "enable.training-incomplete",
    "incident.action-missing",
    "incident.no-postmortem",
    "intent.cohort-arithmetic",
    "intent.constraint-unlinked",
    "intent.hypothesis-unmeasurable",
    "learning.not-applied",
    "metric.baseline-late",
    "pack.decision-overdue",
    "pack.dormant",
    "people.ops-absent",
    "review.cadence-gap",
    "risk.above-appetite",
    "risk.accepted-without-authority",
    "rollout.no-go-ignored",
    "rollout.percent-order",
    "runbook.never-exercised",
    "runbook.unchanged-after-incident",
    "security.finding-open",
    "support.builder-still-on-ladder",
    "support.capacity-short",
    "test.predates-change",
    "transition.one-sided",
];

/// What is asked and cannot be told yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Awaited {
    /// The event before which the document must have been so: `activation`, `gate:G2`.
    before: Option<String>,
}

impl Awaited {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self { before: keys.text("before") }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        self.before.is_some()
    }
}

fn unread(awaited: &Awaited) -> impl Iterator<Item = String> {
    let before = awaited.before.as_ref().map(|event| {
        let event = event.replace('-', " ");
        format!(
            "whether it was so before {event} stands in the history, which verdicts do not read yet"
        )
    });
    before.into_iter()
}

pub(super) fn problems(_: &Judge<'_>, need: &Need, _: &Candidate<'_>) -> Vec<Problem> {
    unread(&need.awaited).map(unknown).collect()
}

pub(super) fn answer_of(_: &Judge<'_>, need: &Need) -> Option<Answer> {
    let of_pack = need.choice.kind.is_none();
    let reason = unread(&need.awaited).find(|_| of_pack)?;
    Some(answer(Outcome::Unknown, reason))
}
