//! Small values that several pages show. Each is both what a template sees and what a page's key is made of.

use std::borrow::Cow;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::history::StatusAt;
use crate::kinds::{Standing, Status};
use crate::settings::Settings;
use crate::source::{ObjectId, RepoPath};

/// A status in words, with the name of its shape and colour.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct StatusView {
    /// What is shown.
    pub(super) word: String,
    /// `approved`, `changed`, `over`, `draft`, `closed` or `unclear`.
    pub(super) tone: &'static str,
    /// What it means for readers, as a sentence.
    pub(super) means: Cow<'static, str>,
}

impl StatusView {
    pub(super) fn new(status: &Status) -> Self {
        Self { word: word(status).to_owned(), tone: tone(status), means: means(status) }
    }

    /// Says of a status in force that the text changed after it.
    pub(super) fn changed(status: &Status) -> Self {
        let word = word(status);
        let means = format!(
            "It is {word}, but its text changed after that. Read what changed before you rely on it."
        );
        Self { word: format!("{word}, then changed"), tone: "changed", means: means.into() }
    }

    /// Says of a status in force that another text was approved.
    pub(super) fn stale(status: &Status, since: &str) -> Self {
        let word = word(status);
        let means = format!(
            "It is {word}, but another text was approved. Read what changed before you rely on it."
        );
        let word = format!("{word}, stale since {since}");
        Self { word, tone: "changed", means: means.into() }
    }

    /// Says of a status that nothing more is to happen.
    pub(super) fn over(status: &Status) -> Self {
        Self { tone: "over", means: "Done, and kept as a record.".into(), ..Self::new(status) }
    }
}

/// Names a status in one word or two.
pub(super) fn word(status: &Status) -> &str {
    match status {
        Status::Absent => "no status",
        Status::Unreadable => "unreadable",
        Status::Placeholder(_) => "not filled in",
        Status::Unknown(word) => word,
        Status::Known { written, .. } => written,
    }
}

/// Names the shape and colour of a status.
pub(super) fn tone(status: &Status) -> &'static str {
    match status {
        Status::Known { standing: Standing::Draft, .. } => "draft",
        Status::Known { standing: Standing::Approved, .. } => "approved",
        Status::Known { standing: Standing::Closed, .. } => "closed",
        _ => "unclear",
    }
}

/// Says what a status means for readers.
fn means(status: &Status) -> Cow<'static, str> {
    match status {
        Status::Absent => "It does not say whether it is in force.".into(),
        Status::Unreadable => "The fields at the top of the file could not be read.".into(),
        Status::Placeholder(text) => format!("The status is still template text: {text}.").into(),
        Status::Unknown(_) => "This kind of document does not know this status.".into(),
        Status::Known { word, written, standing, note } => {
            let means = match standing {
                Standing::Draft => "Still being written; do not rely on it.",
                Standing::Approved => "In force.",
                Standing::Closed => "No longer in force.",
            };
            if word == written && note.is_empty() {
                return means.into();
            }
            let counts =
                if word == written { String::new() } else { format!(" It counts as {word}.") };
            let note = if note.is_empty() { String::new() } else { format!(" {note}") };
            format!("{means}{counts}{note}").into()
        }
    }
}

/// Puts a status of the past into words.
pub(crate) fn past(status: &StatusAt) -> String {
    match status {
        StatusAt::NoDocument => "no document".to_owned(),
        StatusAt::Absent => "no status".to_owned(),
        StatusAt::Unreadable => "unreadable".to_owned(),
        StatusAt::Placeholder => "not filled in".to_owned(),
        StatusAt::Unknown => "not known".to_owned(),
        StatusAt::Word(word) | StatusAt::Invalid(word) => word.clone(),
    }
}

/// A moment: for machines and for people, in UTC.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct When {
    /// `2026-05-05T09:30:00Z`.
    pub(super) iso: String,
    /// `5 May 2026`.
    pub(super) day: String,
    /// `09:30 UTC`.
    pub(super) time: String,
}

impl When {
    /// Takes seconds since 1970 UTC; a moment beyond the calendar is shown as its number.
    pub(super) fn new(seconds: i64) -> Self {
        let Ok(moment) = jiff::Timestamp::from_second(seconds) else {
            return Self { iso: String::new(), day: seconds.to_string(), time: String::new() };
        };
        let moment = moment.to_zoned(TimeZone::UTC).datetime();
        Self {
            iso: format!("{moment}Z"),
            day: in_words(moment.date()),
            time: format!("{:02}:{:02} UTC", moment.hour(), moment.minute()),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes `5 May 2026`.
fn in_words(date: Date) -> String {
    format!("{} {} {}", date.day(), &month_name(date)[..3], date.year())
}

/// Writes `May 2026`.
pub(super) fn month(seconds: i64) -> Option<String> {
    let date = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).date();
    Some(format!("{} {}", month_name(date), date.year()))
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1]
}

/// Puts `2026-05-05` into words; anything else stays as it is.
pub(super) fn day(date: &str) -> String {
    date.parse::<Date>().map_or_else(|_| date.to_owned(), in_words)
}

/// Returns the day so many days after another one; the same for what is no day.
pub(super) fn later(day: &str, days: i64) -> String {
    let date = day.parse::<Date>().ok().and_then(|date| date.checked_add(days.days()).ok());
    date.map_or_else(|| day.to_owned(), |date| date.to_string())
}

/// Counts the days from one day to another; nothing where one of them is none.
pub(super) fn days_between(from: &str, to: &str) -> Option<i64> {
    let days = |day: &str| day.parse::<Date>().ok();
    Some(i64::from(days(from)?.until(days(to)?).ok()?.get_days()))
}

/// Text with a link where there is one.
#[derive(Debug, Clone, Default, PartialEq, Hash, Serialize)]
pub(super) struct Linked {
    /// What is shown.
    pub(super) text: String,
    /// Where it leads; empty when nowhere.
    pub(super) href: String,
}

/// Where commits, files and pull requests can be seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Forge {
    base: String,
    infix: &'static str,
    pulls: &'static str,
}

impl Forge {
    /// Reads `git-repository-url`; anything but a web address counts as none.
    pub(super) fn new(settings: &Settings) -> Self {
        let url = settings.html.git_repository_url.as_deref().unwrap_or_default();
        let base = url.trim_end_matches('/').trim_end_matches(".git");
        if !is_web(base) {
            return Self::default();
        }
        let gitlab = base.contains("gitlab");
        let (infix, pulls) = if gitlab { ("/-", "merge_requests") } else { ("", "pull") };
        Self { base: base.to_owned(), infix, pulls }
    }

    /// Links a commit by its short id.
    pub(super) fn commit(&self, id: ObjectId) -> Linked {
        Linked { text: id.short(), href: self.href(format_args!("commit/{id}")) }
    }

    /// Links a file as it was at a commit.
    pub(super) fn file(&self, commit: Option<ObjectId>, path: &RepoPath) -> Linked {
        let path_part = super::address::encode(path.as_str());
        let href =
            commit.map_or_else(String::new, |id| self.href(format_args!("blob/{id}/{path_part}")));
        Linked { text: path.to_string(), href }
    }

    /// Links a pull request.
    pub(super) fn pull(&self, number: u64) -> Linked {
        Linked {
            text: format!("#{number}"),
            href: self.href(format_args!("{}/{number}", self.pulls)),
        }
    }

    fn href(&self, rest: fmt::Arguments<'_>) -> String {
        if self.base.is_empty() {
            return String::new();
        }
        format!("{}{}/{rest}", self.base, self.infix)
    }
}

/// Tells whether an address of the settings may become a link.
pub(super) fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Writes `rolls-back-with` as `Rolls back with`.
pub(super) fn sentence(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Writes `1 blocker`, `2 blockers`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
