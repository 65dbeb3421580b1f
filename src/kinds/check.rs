//! What the data of a kind calls a defect: a document, or a row of one of its tables, for which every condition holds.
//! The rule itself, with its reasons, stands with its group.

use super::Kind;
use crate::diagnostic::Severity;
use crate::nearest::did_you_mean;
use crate::rules::{GROUPS, Rule, rule};
use crate::toml::Table;
use crate::value::{Exact, Length, quantity};

/// A defect that the data of a kind describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSpec {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How bad it is here, where that is milder than the rule says.
    pub severity: Severity,
    /// Whether it is as bad in a draft.
    pub drafts: bool,
    /// The table whose rows are looked at; the document as a whole when there is none.
    pub table: Option<String>,
    /// Values of which one stands under each of these names.
    pub when: Vec<(String, Vec<String>)>,
    /// Values that stand under none of these names.
    pub unless: Vec<(String, Vec<String>)>,
    /// What holds of what stands under each of these names.
    pub conditions: Vec<(String, Condition)>,
    /// Words that some row of the table has in each of these columns; `launch|start` is either. One that no row has is
    /// a defect.
    pub covers: Vec<(String, Vec<String>)>,
    /// What is told, with names in braces.
    pub says: String,
    /// The next step; that of the rule when it is empty.
    pub help: String,
}

/// What may hold of a value. Of a value that cannot be read for it, none does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is said, or there is no place for it.
    Missing,
    /// There is a place for it, and nothing is said.
    Empty,
    /// Something is said.
    Filled,
    /// It holds no digit.
    NoNumber,
    /// It leads nowhere.
    NoLink,
    /// It has one of these words somewhere.
    With(Vec<String>),
    /// It has none of these words.
    Without(Vec<String>),
    /// It says something else than another value.
    Unlike(String),
    /// Its day is over, since this long.
    Past(Option<Length>),
    /// Its day comes after that of another value.
    After(String),
    /// It has fewer words than this, or more.
    Words(Side, usize),
    /// It is a smaller number than this, or a larger one.
    Number(Side, Bound),
    /// Its day is not between so many weeks after that of another value.
    Weeks {
        /// The fewest.
        least: i32,
        /// The most.
        most: i32,
        /// The name of the other value.
        since: String,
    },
}

/// On which side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Below it.
    Under,
    /// Beyond it.
    Above,
}

/// A number to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// This number.
    Fixed(Exact),
    /// A share of the number under another name.
    Share(Exact, String),
}

/// What a condition may look like.
const FORMS: &str = "one of missing, empty, filled, no number, no link, with a|b, without a|b, unlike NAME, past, \
                     past 7d, after NAME, under 5 words, under 10, above 90 % of NAME, outside 4 8 weeks after NAME";

/// Reads the `[[check]]` tables of a kind.
pub(super) fn read(keys: &Table<'_>) -> Vec<CheckSpec> {
    keys.tables("check").iter().filter_map(one).collect()
}

fn one(part: &Table<'_>) -> Option<CheckSpec> {
    let levels =
        [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
    let spec = (
        part.choice("severity", &levels),
        part.truth("drafts").unwrap_or_default(),
        part.text("table"),
        (part.lists("when"), part.lists("unless"), part.lists("covers")),
        conditions(part),
        (part.needed("says"), part.text("help").unwrap_or_default()),
    );
    let (severity, drafts, table, (when, unless, covers), conditions, (says, help)) = spec;
    let rule = named(part, &part.needed("rule")?)?;
    let severity = severity.unwrap_or(rule.severity).max(rule.severity);
    let says = says?;
    Some(CheckSpec { rule, severity, drafts, table, when, unless, conditions, covers, says, help })
}

fn named(part: &Table<'_>, name: &str) -> Option<&'static Rule> {
    let found = rule(name);
    if found.is_none() {
        let known = GROUPS.iter().flat_map(|group| group.rules).map(|rule| rule.name);
        let help = did_you_mean(name, known);
        part.wrong_value(&part.place_of("rule"), format!("`{name}` is not a rule"), help);
    }
    found
}

fn conditions(part: &Table<'_>) -> Vec<(String, Condition)> {
    let Some(mut table) = part.table("if") else { return Vec::new() };
    let names = table.keys();
    let mut conditions = Vec::new();
    for (name, _) in names {
        let text = table.text(&name).unwrap_or_default();
        for part in text.split(" and ") {
            match Condition::read(part) {
                Some(condition) => conditions.push((name.clone(), condition)),
                None => table.refuse(&name, FORMS),
            }
        }
    }
    conditions
}

impl Condition {
    fn read(text: &str) -> Option<Self> {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let words = || rest.split('|').map(str::trim).map(str::to_lowercase).collect();
        match (first, rest) {
            ("missing", "") => Some(Self::Missing),
            ("empty", "") => Some(Self::Empty),
            ("filled", "") => Some(Self::Filled),
            ("no", "number") => Some(Self::NoNumber),
            ("no", "link") => Some(Self::NoLink),
            ("past", "") => Some(Self::Past(None)),
            (_, "") => None,
            ("past", length) => Some(Self::Past(Some(Length::read(length)?))),
            ("with", _) => Some(Self::With(words())),
            ("without", _) => Some(Self::Without(words())),
            ("unlike", name) => Some(Self::Unlike(name.to_owned())),
            ("after", name) => Some(Self::After(name.to_owned())),
            ("under", bound) => Self::beyond(Side::Under, bound),
            ("above", bound) => Self::beyond(Side::Above, bound),
            ("outside", weeks) => Self::weeks(weeks),
            _ => None,
        }
    }

    fn beyond(side: Side, text: &str) -> Option<Self> {
        if let Some(number) = text.strip_suffix(" words") {
            return Some(Self::Words(side, number.parse().ok()?));
        }
        let number = |text: &str| Some(quantity(text)?.number);
        let bound = match text.split_once(" of ") {
            Some((share, name)) => Bound::Share(number(share)?, name.to_owned()),
            None => match number(text) {
                Some(number) => Bound::Fixed(number),
                None => Bound::Share(Exact::whole(1), text.to_owned()),
            },
        };
        Some(Self::Number(side, bound))
    }

    fn weeks(text: &str) -> Option<Self> {
        let (bounds, since) = text.split_once(" weeks after ")?;
        let (least, most) = bounds.split_once(' ')?;
        let (least, most) = (least.parse().ok()?, most.parse().ok()?);
        Some(Self::Weeks { least, most, since: since.to_owned() })
    }
}

impl Kind {
    /// Tells whether any of its checks looks at the rows of tables.
    pub fn checks_rows(&self) -> bool {
        self.checks.iter().any(|check| check.table.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Condition, Side};
    use crate::value::{Exact, Length};

    #[test]
    fn conditions_are_read_in_words() {
        let share = |number, name: &str| Bound::Share(number, name.to_owned());
        for (text, condition) in [
            ("no number", Condition::NoNumber),
            ("past 7d", Condition::Past(Length::read("7d"))),
            ("with Log out|session", Condition::With(vec!["log out".into(), "session".into()])),
            ("under 5 words", Condition::Words(Side::Under, 5)),
            ("above 15", Condition::Number(Side::Above, Bound::Fixed(Exact::whole(15)))),
            (
                "under 90 % of people",
                Condition::Number(Side::Under, share(Exact::ratio(9, 10).unwrap(), "people")),
            ),
            ("above limit", Condition::Number(Side::Above, share(Exact::whole(1), "limit"))),
            (
                "outside 4 8 weeks after start",
                Condition::Weeks { least: 4, most: 8, since: "start".into() },
            ),
        ] {
            assert_eq!(Condition::read(text), Some(condition), "{text}");
        }
        for wrong in ["", "gone", "no", "past tomorrow", "with", "outside 4 weeks", "under"] {
            assert_eq!(Condition::read(wrong), None, "{wrong}");
        }
    }
}
