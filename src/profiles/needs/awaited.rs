//! What the language has words for and the model cannot tell yet: observed figures, data files, and rules that are yet to
//! be written. Each of these is unknown, with the reason.

use super::{Answer, Candidate, Judge, Need, Problem, answer, unknown};
use crate::profiles::Outcome;
use crate::toml::Table;

/// Rules that profiles ask for and that nothing looks for yet, by name.
pub(in crate::profiles) const AWAITED: [&str; 6] = [
    "data.drift-unmonitored",
    "review.pause-ignored",
    "risk.accepted-without-authority",
    "rollout.trigger-no-budget-link",
    "runbook.unchanged-after-incident",
    "test.predates-change",
];

/// What is asked and cannot be told yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Awaited {
    /// How long ago the last observation may be, or over how many weeks there must be some.
    observed: Option<String>,
    /// A data file of the pack.
    file: Option<String>,
}

impl Awaited {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let weeks = keys.integer("observed-weeks").map(|weeks| format!("over {weeks} weeks"));
        let within = keys.text("observed-within").map(|length| format!("within {length}"));
        Self { observed: weeks.or(within), file: keys.text("file") }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        self.file.is_some()
    }
}

fn unread(awaited: &Awaited) -> Option<String> {
    let when = awaited.observed.as_ref()?;
    Some(format!(
        "whether figures were observed {when} is not known: observations are not read yet"
    ))
}

pub(super) fn problems(_: &Judge<'_>, need: &Need, _: &Candidate<'_>) -> Vec<Problem> {
    unread(&need.awaited).map(unknown).into_iter().collect()
}

pub(super) fn answer_of(_: &Judge<'_>, need: &Need) -> Option<Answer> {
    let of_pack = need.choice.kind.is_none();
    let file = need.awaited.file.as_ref();
    let file =
        file.map(|name| format!("what {name} says is not known: data files are not read yet"));
    let reason = unread(&need.awaited).filter(|_| of_pack).or(file)?;
    Some(answer(Outcome::Unknown, reason))
}
