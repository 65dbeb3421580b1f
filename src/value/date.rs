//! Days: year first, or with the month in words, or with a day that cannot be a month. `03/04/2026` is two days.

use jiff::civil::{Date, Time};

use super::without_remark;

/// What a text says about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// One day.
    Day(Date),
    /// Two days: day first, month first.
    Either(Date, Date),
    /// No day.
    Nothing,
}

/// In which order day and month stand where a date can be read both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Nobody says: such a date is not read.
    #[default]
    Unsaid,
    /// `03/04/2026` is in April.
    DayFirst,
    /// `03/04/2026` is in March.
    MonthFirst,
}

impl Reading {
    /// Takes the one of two days that an order means.
    #[must_use]
    pub fn settle(self, order: DateOrder) -> Self {
        match (self, order) {
            (Self::Either(day, _), DateOrder::DayFirst)
            | (Self::Either(_, day), DateOrder::MonthFirst) => Self::Day(day),
            _ => self,
        }
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads a day as `2026-05-05`, when there is one way to read it.
pub fn date(text: &str) -> Option<String> {
    match read(text) {
        Reading::Day(day) => Some(day.to_string()),
        _ => None,
    }
}

/// Returns the day after a day, `2026-05-05`.
pub fn day_after(day: &str) -> Option<String> {
    let day: Date = day.parse().ok()?;
    Some(day.tomorrow().ok()?.to_string())
}

/// Reads a day in any of the ways that people write one; a time of day after it does not matter.
pub fn read(text: &str) -> Reading {
    let text = without_remark(text);
    if let Some(day) = standard(text) {
        return Reading::Day(day);
    }
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    let parts = match parts.split_first() {
        Some((first, rest)) if is_weekday(first) => rest,
        _ => &parts,
    };
    match parts {
        [one, two, three] => three_parts(one, two, three),
        _ => Reading::Nothing,
    }
}

/// A time of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// `09:14`.
    pub time: String,
    /// `UTC`, `UTC+02:00`; nothing when none is written.
    pub zone: Option<String>,
}

/// Reads a day with a time as RFC 3339 writes it, with or without a zone.
pub fn moment(text: &str) -> Option<Moment> {
    let text = without_remark(text);
    let day = standard(text)?;
    let (time, zone) = time_of(text.get(10..)?)?;
    let zone = match zone {
        "" => None,
        "Z" | "z" | "UTC" => Some("UTC".to_owned()),
        offset => Some(format!("UTC{offset}")),
    };
    Some(Moment { day, time: time.strftime("%H:%M").to_string(), zone })
}

/// RFC 3339: `2026-05-05`, `2026-05-05T09:14:00+02:00`.
fn standard(text: &str) -> Option<Date> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let digits = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let day = if digits { day.parse().ok() } else { None };
    day.filter(|_| rest.is_empty() || rest.starts_with([',', ';']) || time_of(rest).is_some())
}

/// A time and its zone: `T09:14`, ` 09:14:00`, `T09:14:00.5+02:00`, `T09:14Z`, ` 09:14 UTC`.
fn time_of(rest: &str) -> Option<(Time, &str)> {
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let end = clock.find(['+', '-', 'Z', 'z', 'U', ' ']).unwrap_or(clock.len());
    let (clock, zone) = (clock[..end].trim(), clock[end..].trim());
    let known = matches!(zone, "" | "Z" | "z" | "UTC") || is_offset(zone);
    clock.parse().ok().filter(|_| known).map(|time| (time, zone))
}

fn is_offset(zone: &str) -> bool {
    let digits = zone.trim_start_matches(['+', '-']).replace(':', "");
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn three_parts(one: &str, two: &str, three: &str) -> Reading {
    let certain = |year, month, day| make(year, month, day).map_or(Reading::Nothing, Reading::Day);
    match (year(one), year(three)) {
        (Some(year), None) => match (month(two).or_else(|| number(two)), ordinal(three)) {
            (Some(month), Some(day)) => certain(year, month, day),
            _ => Reading::Nothing,
        },
        (None, Some(year)) => match (month(one), month(two)) {
            (Some(month), None) => {
                ordinal(two).map_or(Reading::Nothing, |day| certain(year, month, day))
            }
            (None, Some(month)) => {
                ordinal(one).map_or(Reading::Nothing, |day| certain(year, month, day))
            }
            (None, None) => in_numbers(year, number(one), number(two)),
            (Some(_), Some(_)) => Reading::Nothing,
        },
        _ => Reading::Nothing,
    }
}

fn in_numbers(year: i16, one: Option<i8>, two: Option<i8>) -> Reading {
    let (Some(one), Some(two)) = (one, two) else { return Reading::Nothing };
    match (make(year, two, one), make(year, one, two)) {
        (Some(day), Some(other)) if day != other => Reading::Either(day, other),
        (Some(day), _) | (None, Some(day)) => Reading::Day(day),
        (None, None) => Reading::Nothing,
    }
}

fn make(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

fn year(text: &str) -> Option<i16> {
    let four = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if four { text.parse().ok() } else { None }
}

fn number(text: &str) -> Option<i8> {
    let short = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if short { text.parse().ok() } else { None }
}

/// `5`, `05`, `5th`.
fn ordinal(text: &str) -> Option<i8> {
    let ends = ["st", "nd", "rd", "th"];
    number(ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text))
}

/// A month by its name or by the first letters of it, three at least.
fn month(text: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| begins(name, text))?;
    i8::try_from(at + 1).ok()
}

fn is_weekday(text: &str) -> bool {
    DAYS.iter().any(|name| begins(name, text))
}

fn begins(name: &str, text: &str) -> bool {
    text.len() >= 3 && name.starts_with(&text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_read_however_it_is_written() {
        for text in [
            "2026-05-04",
            "2026-05-04T09:14:00+02:00",
            "2026-05-04T09:14Z",
            "2026-05-04 09:14",
            "2026-05-04 09:14 UTC",
            "2026-5-4",
            "2026-05-4",
            "2026/05/04",
            "4 May 2026",
            "4th May 2026",
            "May 4, 2026",
            "Mon, 4 May 2026",
            "04-MAY-2026",
            "2026-05-04 (moved from March)",
            "2026-05-04, updated later (once)",
        ] {
            assert_eq!(date(text).as_deref(), Some("2026-05-04"), "{text}");
        }
        assert_eq!(date("31/12/2026").as_deref(), Some("2026-12-31"), "no month has that number");
        assert_eq!(date("12/31/2026").as_deref(), Some("2026-12-31"));
        assert_eq!(date("04.04.2026").as_deref(), Some("2026-04-04"), "both ways the same day");
        assert_eq!(date("4 sept 2026").as_deref(), Some("2026-09-04"));
    }

    #[test]
    fn day_and_month_are_never_guessed() {
        let Reading::Either(one, other) = read("03/04/2026") else { panic!("two days") };
        assert_eq!(
            (one.to_string(), other.to_string()),
            ("2026-04-03".into(), "2026-03-04".into())
        );
        assert_eq!(date("03.04.2026"), None);
    }

    #[test]
    fn a_time_has_the_zone_that_is_written_and_no_other() {
        let read = |text| moment(text).map(|moment| (moment.time, moment.zone));
        let at = |time: &str, zone: Option<&str>| Some((time.to_owned(), zone.map(str::to_owned)));
        assert_eq!(read("2026-05-04T09:14:30+02:00"), at("09:14", Some("UTC+02:00")));
        assert_eq!(read("2026-05-04 23:59 UTC"), at("23:59", Some("UTC")));
        assert_eq!(read("2026-05-04T09:14Z (late)"), at("09:14", Some("UTC")));
        assert_eq!(read("2026-05-04 09:14"), at("09:14", None));
        for day in ["2026-05-04", "4 May 2026", "2026-05-04, 9 o'clock", "2026-05-04T25:00"] {
            assert_eq!(read(day), None, "{day}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in [
            "2026-02-30",
            "31/02/2026",
            "May 2026",
            "2026-05-05ish",
            "2026-05-05T99:00",
            "5/4/26",
            "ééééé",
            "4 Ma 2026",
            "Mayor 4 2026",
            "",
            "next week",
            "May June 2026",
            "2026 2026 2026",
        ] {
            assert_eq!(read(text), Reading::Nothing, "{text}");
        }
    }
}
