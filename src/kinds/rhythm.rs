//! How often documents of a kind come again: a series of them has no gap longer than that.

use crate::toml::Table;
use crate::value::Length;

/// A series of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RhythmSpec {
    /// Fields and the values that its documents have.
    pub when: Vec<(String, Vec<String>)>,
    /// The field with the day.
    pub day: String,
    /// How much time may lie between two of them.
    pub within: Length,
}

/// Reads the `[[rhythm]]` tables of a kind.
pub(super) fn read(keys: &Table<'_>) -> Vec<RhythmSpec> {
    let tables = keys.tables("rhythm");
    let read = tables.iter().filter_map(|part| {
        let (when, day, within) = (part.lists("when"), part.needed("day"), part.needed("within"));
        let within = within?;
        let length = Length::read(&within);
        if length.is_none() {
            part.refuse("within", "a length of time, such as 10d");
        }
        Some(RhythmSpec { when, day: day?, within: length? })
    });
    read.collect()
}
