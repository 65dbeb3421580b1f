//! Durations: `15m 2h 4d 6w 3mo 1q 1y`, `1h 30m`, `4 weeks`, ISO 8601.

pub(super) const UNITS: [&str; 36] = [
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

/// Reads a time as minutes, a remark behind it left aside: `15 min`, `2 h`, `1h 30m`; nothing for days and more.
pub fn minutes(text: &str) -> Option<i64> {
    let mut rest = super::without_remark(text).trim();
    let mut all = 0;
    while let Some(after) = one_part(rest) {
        let part = rest[..rest.len() - after.len()].trim();
        let end = part.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = part[..end].parse().ok().filter(|number| *number < 10_000)?;
        all += match part[end..].trim().to_ascii_lowercase().chars().next()? {
            'm' if !part[end..].trim().starts_with("mo") => number,
            'h' => number * 60,
            _ => return None,
        };
        rest = after.trim_start_matches([' ', ',']);
    }
    (all > 0 && rest.is_empty()).then_some(all)
}

/// A length of time of whole days, weeks, months, quarters or years, such as `90d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    days: i32,
    months: i32,
}

impl Length {
    /// Reads one number with its unit.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let number: i32 =
            text[..end].parse().ok().filter(|number| (1..=10_000).contains(number))?;
        let (days, months) = match text[end..].trim() {
            "d" | "day" | "days" => (number, 0),
            "w" | "week" | "weeks" => (number * 7, 0),
            "mo" | "month" | "months" => (0, number),
            "q" | "quarter" | "quarters" => (0, number * 3),
            "y" | "year" | "years" => (0, number * 12),
            _ => return None,
        };
        Some(Self { days, months })
    }

    /// Returns the day that lies so much later than `day`, `2026-05-05`.
    pub fn after(self, day: &str) -> Option<String> {
        let span = jiff::Span::new().days(self.days).months(self.months);
        let start: jiff::civil::Date = day.parse().ok()?;
        Some(start.checked_add(span).ok()?.to_string())
    }

    /// Returns the day that lies so much earlier than `day`.
    pub fn before(self, day: jiff::civil::Date) -> Option<jiff::civil::Date> {
        day.checked_sub(jiff::Span::new().days(self.days).months(self.months)).ok()
    }

    /// Returns the day on which the last fifth of the time begins.
    pub fn nearly_after(self, day: &str) -> Option<String> {
        let start: jiff::civil::Date = day.parse().ok()?;
        let end: jiff::civil::Date = self.after(day)?.parse().ok()?;
        let days = (end - start).get_days();
        Some(start.checked_add(jiff::Span::new().days(days - days / 5)).ok()?.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, is_duration, minutes};

    #[test]
    fn minutes_are_those_of_hours_and_minutes_alone() {
        for (text, number) in
            [("15 min", 15), ("2h", 120), ("1h 30m", 90), ("5 minutes (paged)", 5)]
        {
            assert_eq!(minutes(text), Some(number), "{text}");
        }
        for text in ["", "2d", "3 mo", "soon", "15", "1.5h", "2 working hours", "next day"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn a_length_leads_from_day_to_day() {
        for (text, day, after, nearly) in [
            ("90d", "2026-01-01", "2026-04-01", "2026-03-14"),
            ("2w", "2026-02-20", "2026-03-06", "2026-03-04"),
            ("1mo", "2026-01-31", "2026-02-28", "2026-02-23"),
            ("1 year", "2024-02-29", "2025-02-28", "2024-12-17"),
        ] {
            let length = Length::read(text).unwrap();
            assert_eq!(length.after(day).as_deref(), Some(after), "{text}");
            assert_eq!(length.nearly_after(day).as_deref(), Some(nearly), "{text}");
        }
        for wrong in ["", "d", "0d", "90", "1.5d", "15m", "99999999d", "-1d"] {
            assert_eq!(Length::read(wrong), None, "{wrong}");
        }
        assert_eq!(Length::read("10000y").unwrap().after("2026-01-01"), None);
    }

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
