//! What a value must look like. Dates are never guessed: `03/04/2026` is two different days.

use super::{Form, word};
use crate::nearest::did_you_mean;

/// Why a value is not what its field wants: the complaint and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, as a phrase that follows the value.
    pub message: String,
    /// The next step.
    pub help: String,
}

impl Form {
    /// Judges one value.
    pub fn judge(&self, text: &str) -> Result<(), Complaint> {
        let complain =
            |message: &str, help: String| Err(Complaint { message: message.to_owned(), help });
        match self {
            Self::Date if date(text).is_none() => complain("is not a date", date_help(text)),
            Self::Duration if !is_duration(text) => {
                complain("is not a duration", "write it as 15m, 2h, 90d, 6w, 3mo or 1y".to_owned())
            }
            Self::Choice(words) if !words.iter().any(|choice| word(text, choice).is_some()) => {
                let known = words.iter().map(String::as_str);
                let help = did_you_mean(text, known)
                    .unwrap_or_else(|| format!("write one of {}", words.join(", ")));
                complain("is not one of the known words", help)
            }
            _ => Ok(()),
        }
    }
}

/// Reads the day of an RFC 3339 date or time (`2026-05-05`, `2026-05-05T09:14:00+02:00`), as `2026-05-05`.
pub fn date(text: &str) -> Option<&str> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let digits = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let real = digits && day.parse::<jiff::civil::Date>().is_ok();
    (real && (rest.is_empty() || is_time(rest))).then_some(day)
}

/// `T09:14`, ` 09:14:00`, `T09:14:00.5+02:00`, `T09:14Z`.
fn is_time(rest: &str) -> bool {
    let Some(clock) = rest.strip_prefix(['T', 't', ' ']) else { return false };
    let end = clock.find(['+', '-', 'Z', 'z', ' ']).unwrap_or(clock.len());
    let (clock, zone) = (clock[..end].trim(), clock[end..].trim());
    clock.parse::<jiff::civil::Time>().is_ok()
        && (matches!(zone, "" | "Z" | "z") || is_offset(zone))
}

fn is_offset(zone: &str) -> bool {
    let digits = zone.trim_start_matches(['+', '-']).replace(':', "");
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn date_help(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split(['/', '.', '-']).map(str::trim).collect();
    let number =
        |part: &str, limit: u32| part.parse::<u32>().is_ok_and(|n| (1..=limit).contains(&n));
    match parts[..] {
        [one, two, year] if year.len() == 4 && number(one, 12) && number(two, 12) && one != two => {
            format!(
                "write {year}-{two:0>2}-{one:0>2} or {year}-{one:0>2}-{two:0>2}: the order of day and month is not guessed"
            )
        }
        _ => "write it as year-month-day, such as 2026-05-05".to_owned(),
    }
}

/// `15m 2h 4d 6w 3mo 1q 1y`, ISO 8601 (`P30D`), `4 weeks`.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 29] = [
        "s", "sec", "second", "seconds", "m", "min", "minute", "minutes", "h", "hour", "hours",
        "d", "day", "days", "w", "week", "weeks", "mo", "month", "months", "q", "quarter",
        "quarters", "y", "yr", "year", "years", "M", "mins",
    ];
    let text = text.trim();
    if text.starts_with('P') {
        return text.parse::<jiff::Span>().is_ok();
    }
    let number = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    number > 0 && UNITS.contains(&text[number..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_never_guessed() {
        assert_eq!(date("2026-05-05"), Some("2026-05-05"));
        for time in ["2026-05-05T09:14:00+02:00", "2026-05-05T09:14Z", "2026-05-05 09:14"] {
            assert_eq!(date(time), Some("2026-05-05"), "{time}");
        }
        for wrong in [
            "2026-02-30",
            "05/04/2026",
            "2026-5-5",
            "May 2026",
            "2026-05-05ish",
            "2026-05-05T99:00",
            "ééééé",
        ] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
        let help = Form::Date.judge("03/04/2026").unwrap_err().help;
        assert!(help.contains("2026-04-03") && help.contains("2026-03-04"), "{help}");
        assert!(Form::Date.judge("31/12/2026").unwrap_err().help.contains("2026-05-05"));
    }

    #[test]
    fn durations_and_choices() {
        for good in ["15m", "2h", "90d", "3mo", "4 weeks", "P30D", "1q"] {
            assert_eq!(Form::Duration.judge(good), Ok(()), "{good}");
        }
        for wrong in ["soon", "90", "d", "ninety days", "1x"] {
            assert!(Form::Duration.judge(wrong).is_err(), "{wrong}");
        }
        let risk = Form::Choice(vec!["low".into(), "high".into()]);
        assert_eq!(risk.judge("Low: nothing changes for users"), Ok(()));
        assert_eq!(risk.judge("hihg").unwrap_err().help, "did you mean `high`");
        assert_eq!(risk.judge("huge risk").unwrap_err().help, "write one of low, high");
    }
}
