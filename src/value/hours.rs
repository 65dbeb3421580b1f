//! Hours of a week: `24x7`, `Mon-Sat 07:00-21:00 Europe/Dublin`, `weekdays 8:00-18:00, Sat 9:00-13:00`.

/// Minutes of a week.
const WEEK: u16 = 7 * DAY;
const DAY: u16 = 24 * 60;

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// When something is open in each week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// From which minute of the week to which, Monday 00:00 being 0; a night may end in the next week.
    pub spans: Vec<(u16, u16)>,
    /// `Europe/Dublin`, when it is written.
    pub zone: Option<String>,
}

impl Hours {
    /// Tells whether it never closes.
    pub fn is_always(&self) -> bool {
        self.spans == [(0, WEEK)]
    }
}

/// Reads hours; nothing when any part of the text can not be read.
pub fn hours(text: &str) -> Option<Hours> {
    let text = super::without_remark(text).replace(['–', '—', '−'], "-");
    let (text, zone) = match text.rsplit_once(' ') {
        Some((before, last)) if is_zone(last) => (before.trim_end(), Some(last.to_owned())),
        _ => (text.as_str(), None),
    };
    let always = ["24x7", "24/7", "24×7", "always", "around the clock"];
    if always.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(Hours { spans: vec![(0, WEEK)], zone });
    }
    let mut spans = Vec::new();
    let mut days = Vec::new();
    for part in text.split([',', ';']).flat_map(|part| part.split(" and ")).map(str::trim) {
        let start = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        days.extend(week_days(part[..start].trim_end_matches([' ', ':']))?);
        if start < part.len() {
            let (from, to) = day_time(&part[start..])?;
            spans.extend(days.drain(..).map(|day| (day * DAY + from, day * DAY + to)));
        }
    }
    (days.is_empty() && !spans.is_empty()).then_some(Hours { spans, zone })
}

/// An area and a place, `Europe/Dublin`, or `UTC`.
fn is_zone(text: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
    };
    text == "UTC" || text.contains('/') && text.split('/').all(is_name)
}

/// `Mon-Sat`, `Mon to Fri`, `weekdays`, `Sunday`.
fn week_days(text: &str) -> Option<Vec<u16>> {
    let text = text.to_lowercase().replace(" to ", "-");
    match text.as_str() {
        "daily" | "every day" => return Some((0..7).collect()),
        "weekdays" | "working days" => return Some((0..5).collect()),
        "weekends" => return Some(vec![5, 6]),
        _ => {}
    }
    let Some((first, last)) = text.split_once('-') else { return Some(vec![week_day(&text)?]) };
    let (first, last) = (week_day(first.trim())?, week_day(last.trim())?);
    let length = (last + 7 - first) % 7;
    Some((0..=length).map(|day| (first + day) % 7).collect())
}

fn week_day(text: &str) -> Option<u16> {
    let is_meant = |day: &&str| text.len() >= 3 && day.starts_with(text.trim_end_matches('s'));
    let at = DAYS.iter().position(is_meant)?;
    u16::try_from(at).ok()
}

/// `07:00-21:00`; an end before the start is on the next day.
fn day_time(text: &str) -> Option<(u16, u16)> {
    let text = text.replace(" to ", "-");
    let (from, to) = text.split_once('-')?;
    let (from, to) = (clock(from.trim())?, clock(to.trim())?);
    Some((from, if to <= from { to + DAY } else { to }))
}

/// `7:00`, `21:00`, `24:00`.
fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let is_short = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_short(hour) || minute.len() != 2 || !is_short(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: u16 = 60;

    fn spans(text: &str) -> Vec<(u16, u16)> {
        hours(text).map(|hours| hours.spans).unwrap_or_default()
    }

    #[test]
    fn days_and_times_are_minutes_of_the_week() {
        assert_eq!(spans("Mon 07:00-21:00"), [(7 * H, 21 * H)]);
        assert_eq!(
            spans("Sat-Sun 9:00 to 12:30"),
            [(129 * H, 132 * H + 30), (153 * H, 156 * H + 30)]
        );
        assert_eq!(spans("Mon–Sat 07:00–21:00 Europe/Dublin").len(), 6);
        assert_eq!(spans("weekdays: 08:00-18:00, Sat 09:00-13:00").len(), 6);
        assert_eq!(spans("Mon, Wed and Fri 08:00-09:00").len(), 3);
        assert_eq!(spans("Sunday 22:00-06:00"), [(166 * H, 174 * H)], "into the next week");
        assert_eq!(
            spans("Sat to Mon 00:00-24:00"),
            [(120 * H, 144 * H), (144 * H, 168 * H), (0, 24 * H)]
        );
    }

    #[test]
    fn always_and_the_zone_are_told() {
        assert!(hours("24x7").is_some_and(|hours| hours.is_always() && hours.zone.is_none()));
        let zoned = hours("24/7 (by phone)").map(|hours| hours.is_always());
        assert_eq!(zoned, Some(true));
        let zone = |text| hours(text).and_then(|hours| hours.zone);
        assert_eq!(
            zone("Mon-Fri 08:00-20:00 America/Argentina/Ushuaia").as_deref(),
            Some("America/Argentina/Ushuaia")
        );
        assert_eq!(zone("daily 08:00-20:00 UTC").as_deref(), Some("UTC"));
        assert_eq!(zone("daily 08:00-20:00"), None);
    }

    #[test]
    fn what_cannot_be_read_whole_is_not_read() {
        for text in [
            "",
            "office hours",
            "Mon-Fri",
            "08:00-18:00",
            "Mon-Fri 8-18",
            "Mon 25:00-26:00",
            "Mon 08:00",
            "Mon 08:00-18:00 except holidays",
            "Mo 08:00-18:00",
            "Mon 08:60-18:00",
            "Mon-Fri 09:00-17:30, sometimes Sat",
        ] {
            assert_eq!(hours(text), None, "{text}");
        }
    }
}
