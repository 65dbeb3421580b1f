//! Which part the documents of a kind have in the question whether the goalposts of a trial stood still.

use serde::{Deserialize, Serialize};

use crate::toml::Table;

/// What documents of a kind mean for the question whether goalposts stood still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalpostSpec {
    /// Which part they have.
    pub part: GoalpostPart,
    /// The statuses whose landing counts; for criteria none is asked for.
    pub status: Vec<String>,
    /// Fields and the values that they must have.
    pub when: Vec<(String, Vec<String>)>,
    /// Fields that name the day, the surest first.
    pub days: Vec<String>,
}

/// A part in the question whether goalposts stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GoalpostPart {
    /// The document holds the criteria.
    Criteria,
    /// The landing of its status starts the trial.
    Start,
    /// The landing of its status decides on the trial.
    Decision,
}

/// The words for the parts in the question whether goalposts stood still.
const PARTS: [(&str, GoalpostPart); 3] = [
    ("criteria", GoalpostPart::Criteria),
    ("start", GoalpostPart::Start),
    ("decision", GoalpostPart::Decision),
];

/// Reads the `[[goalpost]]` tables of a kind.
pub(super) fn read(keys: &Table<'_>) -> Vec<GoalpostSpec> {
    let tables = keys.tables("goalpost");
    let read = tables.iter().filter_map(|part| {
        let (status, when) = (part.texts("status"), part.lists("when"));
        let days = part.texts("days");
        part.needed("part")?;
        Some(GoalpostSpec { part: part.choice("part", &PARTS)?, status, when, days })
    });
    read.collect()
}
