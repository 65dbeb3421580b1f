//! Calendars that other programs read, after RFC 5545: its own writer, since nothing but text may stand in one.

use jiff::civil::Date;

/// So many bytes of a line are written before it goes on in the next one.
const LINE: usize = 75;

/// When something begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Time {
    /// A whole day; as an end the last one.
    Day(Date),
    /// Seconds since 1970 UTC.
    At(i64),
    /// A time of nobody's zone, `20260505T090000`.
    Local(String),
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same in every edition.
    pub uid: String,
    /// When it was last written, seconds since 1970 UTC.
    pub stamp: i64,
    /// When it begins.
    pub from: Time,
    /// When it ends.
    pub until: Option<Time>,
    /// What happens.
    pub summary: String,
    /// Where more is said; empty when nobody knows where that is.
    pub url: String,
}

/// Writes a calendar.
pub fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//Readymark//Readymark//EN");
    line(&mut out, &format!("X-WR-CALNAME:{}", text(name)));
    for entry in entries {
        event(&mut out, entry);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, entry: &Entry) {
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}", text(&entry.uid)));
    line(out, &format!("DTSTAMP:{}", stamp(entry.stamp)));
    line(out, &format!("DTSTART{}", value(&entry.from, false)));
    if let Some(until) = &entry.until {
        line(out, &format!("DTEND{}", value(until, true)));
    }
    line(out, &format!("SUMMARY:{}", text(&entry.summary)));
    if !entry.url.is_empty() {
        line(out, &format!("URL:{}", entry.url.replace(char::is_control, "")));
    }
    line(out, "END:VEVENT");
}

/// Writes a time with its kind; the end of whole days is the day after the last.
fn value(time: &Time, is_end: bool) -> String {
    match time {
        Time::Day(day) => {
            let day = if is_end { day.tomorrow().unwrap_or(*day) } else { *day };
            format!(";VALUE=DATE:{}", day.strftime("%Y%m%d"))
        }
        Time::At(seconds) => format!(":{}", stamp(*seconds)),
        Time::Local(time) => format!(":{time}"),
    }
}

fn stamp(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Escapes a text; control characters are dropped.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Ends a line, and folds one that is too long between letters.
fn line(out: &mut String, line: &str) {
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_lines_are_folded_between_letters() {
        let entry = Entry {
            uid: "a@b".into(),
            stamp: 0,
            from: Time::Day("2026-05-31".parse().unwrap()),
            until: Some(Time::Day("2026-06-01".parse().unwrap())),
            summary: format!("One, two; \\ three\nEND:VEVENT\r {}", "ü".repeat(60)),
            url: "https://example.org/x\r\nX: 1".into(),
        };
        let written = calendar("C", &[entry]);
        assert!(written.split_terminator("\r\n").all(|line| line.len() <= LINE), "{written}");
        let unfolded = written.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.split_terminator("\r\n").collect();
        let summary = format!("SUMMARY:One\\, two\\; \\\\ three\\nEND:VEVENT {}", "ü".repeat(60));
        assert_eq!(
            lines[4..],
            [
                "BEGIN:VEVENT",
                "UID:a@b",
                "DTSTAMP:19700101T000000Z",
                "DTSTART;VALUE=DATE:20260531",
                "DTEND;VALUE=DATE:20260602",
                summary.as_str(),
                "URL:https://example.org/xX: 1",
                "END:VEVENT",
                "END:VCALENDAR"
            ]
        );
    }
}
