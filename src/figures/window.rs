//! Over which days a number is judged and how several become one: `mean of the last 2 weeks`, `28 days`, `whole pilot`.

use jiff::civil::Date;

use super::{Number, Point};
use crate::value::Length;

/// How several numbers become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// Their sum through their number.
    Mean,
    /// The one in the middle.
    Median,
    /// The last.
    Last,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// All together.
    Sum,
}

/// Over which days a number is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// So long before the end.
    Before(Length),
    /// So many weeks before the end, in each of which something is to be observed.
    Weeks(usize),
    /// Everything that was observed.
    Everything,
    /// The last observation alone.
    Latest,
}

/// A window and what becomes of the numbers in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Over which days.
    pub reach: Reach,
    /// How several become one.
    pub aggregate: Aggregate,
}

/// The numbers of a window as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoned<'p> {
    /// The number.
    pub value: Number,
    /// How it was made of the others: `mean of 2 values`.
    pub words: String,
    /// On what it rests.
    pub points: Vec<&'p Point>,
}

const AGGREGATES: [(Aggregate, &[&str]); 6] = [
    (Aggregate::Mean, &["mean", "average", "avg"]),
    (Aggregate::Median, &["median", "p50"]),
    (Aggregate::Max, &["max", "maximum", "highest", "worst"]),
    (Aggregate::Min, &["min", "minimum", "lowest"]),
    (Aggregate::Sum, &["sum", "total"]),
    (Aggregate::Last, &["last", "latest", "end", "day"]),
];

/// Numbers in words, as in `two weeks`.
const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

impl Window {
    /// Reads what two columns say of it; the last observation is meant when they say nothing.
    pub fn read(window: &str, aggregate: &str) -> Self {
        let words: Vec<String> = format!("{aggregate} {window}")
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let length = words.windows(2).find_map(|pair| length(&pair[0], &pair[1]));
        let length = length.or_else(|| words.iter().find_map(|word| apart(word)));
        let whole = words.iter().any(|word| ["whole", "all", "entire"].contains(&word.as_str()));
        let otherwise = if whole { Reach::Everything } else { Reach::Latest };
        let reach = length.unwrap_or(otherwise);
        let said = AGGREGATES.iter().find(|(aggregate, names)| {
            // "the last 2 weeks" says which weeks, not which number.
            let counts = *aggregate != Aggregate::Last || reach == Reach::Latest;
            counts && words.iter().any(|word| names.contains(&word.as_str()))
        });
        let usual = if reach == Reach::Latest { Aggregate::Last } else { Aggregate::Mean };
        Self { reach, aggregate: said.map_or(usual, |(aggregate, _)| *aggregate) }
    }

    /// Makes one number of the points up to a day.
    ///
    /// # Errors
    /// Why there is none: nothing was observed, too little, or too long ago.
    pub fn reckon(self, points: &[Point], end: Date) -> Result<Reckoned<'_>, String> {
        let until = points.partition_point(|point| point.day <= end);
        let known = &points[..until];
        let Some(latest) = known.last() else {
            return Err(match points.first() {
                None => "nothing was observed".to_owned(),
                Some(first) => format!("nothing was observed until {end}, first on {}", first.day),
            });
        };
        let from = match self.reach {
            Reach::Before(length) => length.before(end),
            Reach::Weeks(number) => Some(weeks_before(end, number)),
            Reach::Everything | Reach::Latest => None,
        };
        let meant: Vec<&Point> = match self.reach {
            Reach::Latest => vec![latest],
            _ => known.iter().filter(|point| from.is_none_or(|from| point.day > from)).collect(),
        };
        if meant.is_empty() {
            return Err(format!(
                "it was last observed on {}, before the days that count",
                latest.day
            ));
        }
        if let Reach::Weeks(weeks) = self.reach {
            let seen = weeks_seen(&meant, weeks, end);
            if seen < weeks {
                return Err(format!("only {seen} of {weeks} weeks until {end} were observed"));
            }
        }
        let values: Vec<Number> = meant.iter().map(|point| point.value).collect();
        let value = self.aggregate.of(&values).ok_or("nothing was observed")?;
        Ok(Reckoned { value, words: self.words(&meant), points: meant })
    }

    fn words(self, meant: &[&Point]) -> String {
        match meant {
            [only] => format!("on {}", only.day),
            [first, .., last] => {
                let name = self.aggregate.word();
                format!("{name} of {} values from {} to {}", meant.len(), first.day, last.day)
            }
            [] => String::new(),
        }
    }
}

/// Counts those of the last weeks in which something was observed.
fn weeks_seen(meant: &[&Point], weeks: usize, end: Date) -> usize {
    let is_seen = |back: &usize| {
        let (from, until) = (weeks_before(end, back + 1), weeks_before(end, *back));
        meant.iter().any(|point| point.day > from && point.day <= until)
    };
    (0..weeks).filter(is_seen).count()
}

fn weeks_before(day: Date, weeks: usize) -> Date {
    let weeks = i64::try_from(weeks).unwrap_or_default();
    day.checked_sub(jiff::Span::new().weeks(weeks)).unwrap_or(day)
}

/// Reads `2 weeks`, `two weeks`, `28 days`.
fn length(number: &str, unit: &str) -> Option<Reach> {
    let word = NUMBERS.iter().position(|name| *name == number).map(|at| (at + 1).to_string());
    let number = word.as_deref().unwrap_or(number);
    let length = Length::read(&format!("{number} {unit}"))?;
    let weeks = number.parse().ok().filter(|weeks| unit.starts_with('w') && *weeks <= MOST_WEEKS);
    Some(weeks.map_or(Reach::Before(length), Reach::Weeks))
}

/// Reads `28d`, `2w`.
fn apart(word: &str) -> Option<Reach> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    length(&word[..end], &word[end..])
}

/// Of longer windows nobody asks for every week.
const MOST_WEEKS: usize = 52;

impl Aggregate {
    /// Returns its word.
    pub fn word(self) -> &'static str {
        AGGREGATES.iter().find(|(one, _)| *one == self).map_or("", |(_, words)| words[0])
    }

    /// Makes one number of several, in their order.
    pub fn of(self, values: &[Number]) -> Option<Number> {
        let sum = values.iter().fold(Number::ZERO, |sum, value| sum.plus(*value));
        match self {
            Self::Mean => sum.over(Number::whole(values.len())),
            Self::Sum => (!values.is_empty()).then_some(sum),
            Self::Last => values.last().copied(),
            Self::Max => values.iter().max().copied(),
            Self::Min => values.iter().min().copied(),
            Self::Median => median(values),
        }
    }
}

/// The number in the middle, or the mean of the two there.
fn median(values: &[Number]) -> Option<Number> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let (low, high) =
        (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    low.plus(*high).over(Number::whole(2))
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    fn reach(window: &str, aggregate: &str) -> String {
        let window = Window::read(window, aggregate);
        let reach = match window.reach {
            Reach::Before(length) => {
                length.before("2026-05-29".parse().unwrap()).unwrap().to_string()
            }
            Reach::Weeks(weeks) => format!("{weeks} weeks"),
            Reach::Everything => "all".to_owned(),
            Reach::Latest => "latest".to_owned(),
        };
        format!("{} {reach}", window.aggregate.word())
    }

    #[test]
    fn windows_are_read_as_people_write_them() {
        for (window, aggregate, said) in [
            ("mean of the last 2 weeks", "", "mean 2 weeks"),
            ("last two weeks", "", "mean 2 weeks"),
            ("last 2 weeks", "max", "max 2 weeks"),
            ("28 days", "", "mean 2026-05-01"),
            ("28d", "sum", "sum 2026-05-01"),
            ("median, whole pilot", "", "median all"),
            ("end of pilot", "", "last latest"),
            ("", "", "last latest"),
            ("over 3 months", "worst", "max 2026-02-28"),
        ] {
            assert_eq!(reach(window, aggregate), said, "{window}");
        }
    }

    fn points(values: &[(&str, &str)]) -> Vec<Point> {
        let point = |(day, value): &(&str, &str)| Point {
            day: day.parse().unwrap(),
            value: Number::read(value).unwrap().0,
            n: None,
            place: Place::default(),
        };
        values.iter().map(point).collect()
    }

    #[test]
    fn a_window_that_is_not_filled_has_no_number() {
        let known =
            points(&[("2026-05-08", "6.81"), ("2026-05-15", "6.68"), ("2026-05-22", "6.58")]);
        let mean = |window: &str, end: &str| {
            Window::read(window, "")
                .reckon(&known, end.parse().unwrap())
                .map(|one| one.value.to_string())
        };
        assert_eq!(mean("2 weeks", "2026-05-22").as_deref(), Ok("6.63"));
        assert_eq!(mean("2 weeks", "2026-05-24").as_deref(), Ok("6.63"), "a Sunday after");
        assert_eq!(
            mean("2 weeks", "2026-05-29"),
            Err("only 1 of 2 weeks until 2026-05-29 were observed".to_owned())
        );
        assert_eq!(
            mean("2 weeks", "2026-07-01"),
            Err("it was last observed on 2026-05-22, before the days that count".to_owned())
        );
        assert_eq!(mean("", "2026-07-01").as_deref(), Ok("6.58"));
        assert_eq!(
            mean("2 weeks", "2026-05-01"),
            Err("nothing was observed until 2026-05-01, first on 2026-05-08".to_owned())
        );
        assert_eq!(mean("28 days", "2026-05-22").as_deref(), Ok("6.69"));
    }

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        let numbers = |texts: &[&str]| -> Vec<Number> {
            texts.iter().map(|text| Number::read(text).unwrap().0).collect()
        };
        let median =
            |texts: &[&str]| Aggregate::Median.of(&numbers(texts)).map(|one| one.to_string());
        assert_eq!(median(&["3", "1", "2"]).as_deref(), Some("2"));
        assert_eq!(median(&["38", "90"]).as_deref(), Some("64"));
        assert_eq!(median(&[]), None);
    }
}
