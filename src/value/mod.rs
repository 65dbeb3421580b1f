//! Values as people write them: dates, durations, hours, percentages, money, numbers. What can be read in one way only is
//! read; what can be read in two is told with both. Nothing is guessed.

mod date;
mod duration;
mod exact;
mod hours;
mod level;
mod number;
pub mod pattern;

pub use date::{
    DateOrder, Moment, Reading as DateReading, date, day_after, moment, read as read_date,
};
pub use duration::{Length, is_duration, minutes};
pub use exact::{Exact, Quantity, quantity, scale};
pub use hours::{Hours, hours};
pub use level::{MOST as HIGHEST_LEVEL, level};
pub use number::{is_money, is_number, is_percentage};

/// How people say that nobody knows.
const UNKNOWN: [&str; 3] = ["not known yet", "not known", "unknown"];

/// Tells whether a value says that nobody knows: `unknown`, `not known yet (asked on 3 May)`.
pub fn is_unknown(text: &str) -> bool {
    let text = text.trim();
    let after = |word: &&str| {
        let start = text.get(..word.len())?;
        start.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start())
    };
    UNKNOWN.iter().find_map(after).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(['(', '[', ',', ';', ':', '.', '-', '–', '—'])
    })
}

/// Cuts a value before the remark in brackets that ends it.
fn without_remark(text: &str) -> &str {
    let text = text.trim();
    let opened = if text.ends_with(')') { text.find(" (") } else { None };
    opened.map_or(text, |at| text[..at].trim_end_matches([' ', ',', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_a_value_and_no_other_text_is() {
        for text in [
            "unknown",
            "Unknown",
            "UNKNOWN.",
            "unknown (asked the vendor)",
            "not known yet",
            "unknown, see ACT-1",
        ] {
            assert!(is_unknown(text), "{text}");
        }
        for text in
            ["unknown callers are rejected", "unknowns", "known", "", "not knowns", "nobody"]
        {
            assert!(!is_unknown(text), "{text}");
        }
    }
}
