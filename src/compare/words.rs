//! What differs, in words: the same on pages, in a terminal and in Markdown.

use super::{Change, How, Point};
use crate::kinds::Effect;

/// Names a group of changes for readers.
pub fn group(effect: Effect) -> &'static str {
    match effect {
        Effect::Steps => "Steps of runbooks and procedures",
        Effect::Contacts => "Whom to call and who answers for what",
        Effect::Rollback => "The way back",
        Effect::Parameters => "Parameters",
        Effect::Changes => "Changes carried out or planned",
        Effect::Risks => "Risks and waivers",
        Effect::Decisions => "Decisions",
        Effect::Other => "Everything else",
    }
}

/// Says how something differs, in one word.
pub fn how(how: How) -> &'static str {
    match how {
        How::Added => "new",
        How::Removed => "removed",
        How::Changed => "changed",
        How::Moved => "moved",
    }
}

/// Names a document: `RB-002 Rollback by toggle`.
pub fn name(change: &Change) -> String {
    format!("{} {}", change.id, change.title).trim().to_owned()
}

/// Says in one line what differs: `timeout: 30s -> 5s`; of a text only which one.
pub fn point(point: &Point) -> String {
    let Point { section, name, before, after, .. } = point;
    let place = match (section.as_str(), name.as_str()) {
        ("", "") => "Text".to_owned(),
        ("", name) => name.to_owned(),
        (section, "") => section.to_owned(),
        (section, name) => format!("{section}: {name}"),
    };
    match point.how {
        How::Moved => format!("{place}: in another place, with the same words"),
        How::Added if after.is_empty() => format!("{place}: new"),
        How::Added => format!("{place}: new: {after}"),
        How::Removed if before.is_empty() => format!("{place}: removed"),
        How::Removed => format!("{place}: removed: {before}"),
        How::Changed if before.is_empty() && after.is_empty() => format!("{place}: changed"),
        How::Changed => format!("{place}: {before} -> {after}"),
    }
}

/// Counts changes: `3 documents changed, 1 new, 1 moved`.
pub fn count<'c>(changes: impl Iterator<Item = &'c Change>) -> String {
    let mut counts = [0; 4];
    for change in changes {
        counts[match change.how {
            How::Changed => 0,
            How::Added => 1,
            How::Removed => 2,
            How::Moved => 3,
        }] += 1;
    }
    let words = ["changed", "new", "removed", "moved"];
    let told = counts.iter().zip(words).filter(|(count, _)| **count > 0);
    let told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
    if told.is_empty() { "nothing changed".to_owned() } else { told.join(", ") }
}
