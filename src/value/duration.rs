//! Durations: `15m 2h 4d 6w 3mo 1q 1y`, `1h 30m`, `4 weeks`, ISO 8601.

const UNITS: [&str; 36] = [
    "s", "sec", "second", "seconds", "m", "min", "minute", "minutes", "h", "hour", "hours", "d",
    "day", "days", "w", "week", "weeks", "mo", "month", "months", "q", "quarter", "quarters", "y",
    "yr", "year", "years", "M", "mins", "secs", "hr", "hrs", "wk", "wks", "mos", "yrs",
];

/// Tells whether a text is a length of time.
pub fn is_duration(text: &str) -> bool {
    let text = super::without_remark(text);
    if text.starts_with('P') {
        return text.parse::<jiff::Span>().is_ok();
    }
    let mut rest = text;
    while !rest.is_empty() {
        let Some(after) = one_part(rest) else { return false };
        rest = after.trim_start_matches([' ', ',']);
    }
    !text.is_empty()
}

/// Reads one number with its unit and returns what follows.
fn one_part(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    text[..end].parse::<f64>().ok()?;
    let rest = text[end..].trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let unit = &rest[..end];
    let known = UNITS.contains(&unit) || UNITS.contains(&unit.to_ascii_lowercase().as_str());
    known.then(|| &rest[end..])
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        for good in [
            "15m",
            "2h",
            "90d",
            "3mo",
            "4 weeks",
            "P30D",
            "1q",
            "1h 30m",
            "1h30m",
            "2.5 hours",
            "6 Months",
            "15m (at night 30m)",
            "2 hrs",
            "1 hr 30 mins",
            "2 wks",
            "3 yrs",
        ] {
            assert!(is_duration(good), "{good}");
        }
        for wrong in ["soon", "90", "d", "ninety days", "1x", "", "1.2.3h", "P30X", "90 d x", "."] {
            assert!(!is_duration(wrong), "{wrong}");
        }
    }
}
