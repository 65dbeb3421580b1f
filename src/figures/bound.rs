//! Limits as people write them: `at most 15 %, n at least 5`, `-10 % or better against the baseline`, `drop of at most 1.0`,
//! `not worse than the baseline`. What does not say whether more or less is better is not guessed.

use super::{Number, Unit};

/// Whether more or less of something is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Below.
    Less,
    /// Not above.
    AtMost,
    /// Not below.
    AtLeast,
    /// Above.
    More,
    /// The very number.
    Exactly,
}

/// What is compared with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The number itself.
    Value,
    /// By how much it differs from the baseline.
    Change,
    /// By how many hundredths of the baseline it differs from it.
    ChangeInPercent,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// How it is compared.
    pub op: Op,
    /// What is compared.
    pub of: Of,
    /// The limit.
    pub limit: Number,
    /// What it is counted in.
    pub unit: Unit,
    /// By how much it may be missed and still be within tolerance.
    pub tolerance: Option<Number>,
    /// On how many samples the number must rest.
    pub min_n: Option<usize>,
}

/// How a number lies to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// As it should.
    Kept,
    /// On the wrong side, by no more than the tolerance.
    Near,
    /// On the wrong side.
    Missed,
}

const COMPARISONS: [(Op, &[&str]); 5] = [
    (
        Op::AtMost,
        &[
            "at most",
            "<=",
            "≤",
            "=<",
            "up to",
            "no more than",
            "not more than",
            "not above",
            "never above",
            "max.",
            "maximum",
            "max",
            "lte",
        ],
    ),
    (
        Op::AtLeast,
        &[
            "at least",
            ">=",
            "≥",
            "=>",
            "no less than",
            "not less than",
            "not below",
            "never below",
            "min.",
            "minimum",
            "min",
            "gte",
        ],
    ),
    (Op::Less, &["less than", "fewer than", "below", "under", "<", "lt"]),
    (Op::More, &["more than", "greater than", "above", "over", ">", "gt"]),
    (Op::Exactly, &["exactly", "equal to", "equals", "==", "=", "eq"]),
];

/// What is said after a number of the side to which it may be left.
#[derive(Clone, Copy)]
enum Ending {
    Nothing,
    /// `or better`.
    Better,
    /// `or more`.
    Side(Op),
}

/// Words after a number that say to which side it may be left.
const ENDINGS: [(&str, Ending); 8] = [
    ("or better", Ending::Better),
    ("or more", Ending::Side(Op::AtLeast)),
    ("or above", Ending::Side(Op::AtLeast)),
    ("or higher", Ending::Side(Op::AtLeast)),
    ("or less", Ending::Side(Op::AtMost)),
    ("or fewer", Ending::Side(Op::AtMost)),
    ("or below", Ending::Side(Op::AtMost)),
    ("or lower", Ending::Side(Op::AtMost)),
];

/// What may stand before "baseline", and says no more than that.
const TOWARDS: [&str; 9] =
    ["against", "compared with", "compared to", "vs.", "vs", "versus", "from", "than", "of"];

impl Bound {
    /// Reads a limit. `comparison` is what a column of its own says of it, `name` what the limit is of.
    ///
    /// # Errors
    /// What keeps it from being read, as a phrase.
    pub fn read(
        text: &str,
        comparison: &str,
        name: &str,
        better: Option<Direction>,
    ) -> Result<Self, String> {
        let folded = text.to_lowercase().replace('−', "-");
        let mut clauses = folded.split([';', '(']).flat_map(|part| part.split(", ")).map(str::trim);
        let main = clauses.next().unwrap_or_default();
        let mut bound = main_clause(main, comparison, name, better)?;
        for clause in clauses {
            bound.add(clause.trim_end_matches(')'));
        }
        Ok(bound)
    }

    /// Takes a remark that means something: a tolerance, a number of samples.
    fn add(&mut self, clause: &str) {
        let tolerance = clause.strip_prefix("tolerance").or_else(|| clause.strip_prefix('±'));
        if let Some(Ok((number, _))) = tolerance.map(Number::read) {
            self.tolerance = Some(number.size());
        }
        if let Some(rest) = clause.strip_prefix("n ") {
            let rest = comparison_in(rest.trim()).map_or(rest, |(_, rest)| rest);
            self.min_n = rest.trim().parse().ok();
        }
    }

    /// Turns a limit that says when something is wrong into what holds while it is not: of something of which less is
    /// better, `> 2 s` says what is wrong and `< 2 s` what is well. Where nobody says what is better, `above` and
    /// `below` say what is wrong, `at most` and `at least` what is well.
    #[must_use]
    pub fn that_holds(mut self, better: Option<Direction>) -> Self {
        let upwards = matches!(self.op, Op::More | Op::AtLeast);
        let is_wrong = match better {
            Some(Direction::Up) => matches!(self.op, Op::Less | Op::AtMost),
            Some(Direction::Down) => upwards,
            None => matches!(self.op, Op::Less | Op::More),
        };
        if is_wrong {
            self.op = match self.op {
                Op::Less => Op::AtLeast,
                Op::AtMost => Op::More,
                Op::AtLeast => Op::Less,
                Op::More => Op::AtMost,
                Op::Exactly => Op::Exactly,
            };
        }
        self
    }

    /// Says it: `at most 15 %`, `a change of at most -10 %`.
    pub fn words(&self) -> String {
        let limit = self.unit.say(self.limit);
        match self.of {
            Of::Value => format!("{} {limit}", self.op.word()),
            _ => format!("a change of {} {limit}", self.op.word()),
        }
    }

    /// Compares a number that is what the limit is of.
    pub fn side(&self, number: Number) -> Side {
        if self.op.holds(number, self.limit) {
            return Side::Kept;
        }
        let off = number.minus(self.limit).size();
        if self.tolerance.is_some_and(|tolerance| off <= tolerance) {
            Side::Near
        } else {
            Side::Missed
        }
    }

    /// Tells whether a number that misses it is not even half way there.
    pub fn is_far(&self, number: Number) -> bool {
        let half = self.limit.over(Number::whole(2)).unwrap_or(self.limit);
        let twice = self.limit.times(2);
        match self.op {
            Op::AtLeast | Op::More if self.limit.is_negative() => number < twice,
            Op::AtLeast | Op::More => number < half,
            Op::AtMost | Op::Less if self.limit.is_negative() => number > half,
            Op::AtMost | Op::Less => number > twice,
            Op::Exactly => false,
        }
    }
}

impl Op {
    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Less => "below",
            Self::AtMost => "at most",
            Self::AtLeast => "at least",
            Self::More => "above",
            Self::Exactly => "exactly",
        }
    }

    fn holds(self, number: Number, limit: Number) -> bool {
        match self {
            Self::Less => number < limit,
            Self::AtMost => number <= limit,
            Self::AtLeast => number >= limit,
            Self::More => number > limit,
            Self::Exactly => number == limit,
        }
    }
}

/// Finds a word of comparison at the start, and what follows it.
fn comparison_in(text: &str) -> Option<(Op, &str)> {
    let all = COMPARISONS.iter().flat_map(|(op, words)| words.iter().map(|word| (*op, *word)));
    let found = all.filter_map(|(op, word)| {
        let rest = text.strip_prefix(word)?;
        let is_whole =
            !word.ends_with(char::is_alphabetic) || !rest.starts_with(char::is_alphanumeric);
        is_whole.then_some((op, word.len(), rest.trim_start()))
    });
    found.max_by_key(|(_, length, _)| *length).map(|(op, _, rest)| (op, rest))
}

fn main_clause(
    text: &str,
    comparison: &str,
    name: &str,
    better: Option<Direction>,
) -> Result<Bound, String> {
    let comparison = comparison.trim().to_lowercase();
    let name = name.to_lowercase();
    let is_relative = comparison.contains("change")
        || [text, &name, &comparison].iter().any(|said| said.contains("baseline"));
    let (text, of_drop) = sign(text, &name);
    if ["not worse than", "no worse than", "unchanged or better"]
        .iter()
        .any(|one| text.starts_with(one))
    {
        let op = side_of(better).ok_or_else(nobody_says)?;
        return Ok(bound(op, Of::Change, Number::ZERO, Unit::default()));
    }
    if ["none", "no", "zero", "never"]
        .iter()
        .any(|word| text == *word || text.starts_with(&format!("{word} ")))
    {
        return Ok(bound(Op::AtMost, Of::Value, Number::ZERO, Unit::default()));
    }
    let (op, rest) = comparison_in(text).map_or((None, text), |(op, rest)| (Some(op), rest));
    let (mut limit, rest) = Number::read(rest).map_err(|why| match why {
        super::Unread::TwoReadings => format!("`{rest}` can be read as two numbers"),
        super::Unread::NoNumber => "it has no number".to_owned(),
    })?;
    let (unit, ending) = unit_and_ending(rest);
    let of = match (is_relative || of_drop.is_some(), unit.is_percent()) {
        (false, _) => Of::Value,
        (true, true) => Of::ChangeInPercent,
        (true, false) => Of::Change,
    };
    let mut op = op
        .or_else(|| comparison_in(comparison.trim_start_matches("change").trim()).map(|(op, _)| op))
        .or_else(|| match ending {
            Ending::Side(op) => Some(op),
            Ending::Better if of != Of::Value && limit != Number::ZERO => {
                Some(if limit.is_negative() { Op::AtMost } else { Op::AtLeast })
            }
            _ => side_of(better),
        });
    if of_drop == Some(Direction::Down) && !limit.is_negative() {
        limit = limit.turned();
        op = op.map(mirrored);
    }
    Ok(bound(op.ok_or_else(nobody_says)?, of, limit, unit))
}

fn nobody_says() -> String {
    "nothing says whether more or less is better".to_owned()
}

fn bound(op: Op, of: Of, limit: Number, unit: Unit) -> Bound {
    Bound { op, of, limit, unit, tolerance: None, min_n: None }
}

/// Reads `drop of`, `rise by` and the like before a limit or in what it is of, and says what follows.
fn sign<'t>(text: &'t str, name: &str) -> (&'t str, Option<Direction>) {
    let words = [
        ("drop", Direction::Down),
        ("fall", Direction::Down),
        ("decrease", Direction::Down),
        ("rise", Direction::Up),
        ("increase", Direction::Up),
    ];
    for (word, direction) in words {
        if let Some(rest) = text.strip_prefix(word) {
            let rest = rest.trim_start();
            let rest =
                rest.strip_prefix("of ").or_else(|| rest.strip_prefix("by ")).unwrap_or(rest);
            return (rest.trim_start(), Some(direction));
        }
        if name.contains(&format!(", {word}")) {
            return (text, Some(direction));
        }
    }
    (text, None)
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Less => Op::More,
        Op::AtMost => Op::AtLeast,
        Op::AtLeast => Op::AtMost,
        Op::More => Op::Less,
        Op::Exactly => Op::Exactly,
    }
}

fn side_of(better: Option<Direction>) -> Option<Op> {
    better.map(|better| if better == Direction::Up { Op::AtLeast } else { Op::AtMost })
}

/// Parts what follows a number into its unit and what is said of the side.
fn unit_and_ending(rest: &str) -> (Unit, Ending) {
    let mut rest = rest.trim();
    if let Some(at) = rest.find("baseline") {
        rest = rest[..at].trim_end();
        rest = rest.strip_suffix("the").unwrap_or(rest).trim_end();
        let towards = TOWARDS.iter().find_map(|word| rest.strip_suffix(word));
        rest = towards.unwrap_or(rest).trim_end();
    }
    let ending = ENDINGS.iter().find_map(|(words, op)| Some((rest.strip_suffix(words)?, *op)));
    let (unit, ending) = ending.unwrap_or((rest, Ending::Nothing));
    (Unit::new(unit), ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, comparison: &str, name: &str, better: Option<Direction>) -> String {
        match Bound::read(text, comparison, name, better) {
            Ok(bound) => {
                let tolerance = bound.tolerance.map_or(String::new(), |one| format!(" ± {one}"));
                let n = bound.min_n.map_or(String::new(), |n| format!(" n {n}"));
                let of = match bound.of {
                    Of::Value => "",
                    Of::Change => "change ",
                    Of::ChangeInPercent => "share ",
                };
                format!("{of}{} {}{tolerance}{n}", bound.op.word(), bound.unit.say(bound.limit))
            }
            Err(why) => why,
        }
    }

    #[test]
    fn limits_are_read_as_people_write_them() {
        let down = Some(Direction::Down);
        for (text, comparison, name, better, said) in [
            ("at most 15 %, n at least 5", "", "failed changes", None, "at most 15 % n 5"),
            ("<= 0.15", "", "", None, "at most 0.15"),
            ("15 %", "≤", "", None, "at most 15 %"),
            ("15 %", "", "", down, "at most 15 %"),
            ("80 %", "", "", Some(Direction::Up), "at least 80 %"),
            ("≥ 85 % (tolerance 1)", "", "", None, "at least 85 % ± 1"),
            ("2 s; ± 0.1", ">", "", None, "above 2 s ± 0.1"),
            ("-10 % or better", "", "handle time against baseline", down, "share at most -10 %"),
            (
                "-10 % or better against the baseline",
                "",
                "handle time",
                None,
                "share at most -10 %",
            ),
            ("+5 pp or better against baseline", "", "", None, "change at least 5 pp"),
            ("at most +5 % of baseline", "", "", down, "share at most 5 %"),
            ("drop of at most 1.0", "", "satisfaction", None, "change at least -1"),
            ("at most 1.0", "", "customer satisfaction, drop", None, "change at least -1"),
            ("rise of at most 5 %", "", "", None, "share at most 5 %"),
            ("not worse than baseline", "", "", down, "change at most 0"),
            ("10 min or less", "", "", None, "at most 10 min"),
            ("none", "", "", None, "at most 0"),
            ("no open ones", "", "", None, "at most 0"),
            ("60", "change <=", "", None, "change at most 60"),
        ] {
            assert_eq!(read(text, comparison, name, better), said, "{text}");
        }
    }

    #[test]
    fn what_says_no_side_or_no_number_is_not_guessed() {
        assert_eq!(read("15 %", "", "", None), "nothing says whether more or less is better");
        assert_eq!(read("not worse than baseline", "", "", None), nobody_says());
        assert_eq!(read("good", "", "", Some(Direction::Up)), "it has no number");
        assert_eq!(read("at least the demand", "", "", None), "it has no number");
        assert_eq!(read("< 1,200", "", "", None), "`1,200` can be read as two numbers");
        assert_eq!(read("", "", "", None), "it has no number");
        assert_eq!(read("minutes", "", "", None), "it has no number");
    }

    #[test]
    fn what_says_when_it_is_wrong_says_also_what_holds() {
        let (up, down) = (Some(Direction::Up), Some(Direction::Down));
        for (text, better, holds) in [
            ("> 2 s", down, "at most 2 s"),
            ("< 2 s", down, "below 2 s"),
            ("2 s", down, "at most 2 s"),
            ("99.5 %", up, "at least 99.5 %"),
            ("below 99.5 %", up, "at least 99.5 %"),
            ("> 2 s", None, "at most 2 s"),
            ("at most 2 s", None, "at most 2 s"),
        ] {
            let bound = Bound::read(text, "", "", better).unwrap().that_holds(better);
            assert_eq!(bound.words(), holds, "{text}");
        }
    }

    #[test]
    fn a_limit_is_kept_at_the_very_number_and_near_within_the_tolerance() {
        let bound = Bound::read("at most 15 %, tolerance 2", "", "", None).unwrap();
        let side = |text: &str| bound.side(Number::read(text).unwrap().0);
        assert_eq!(side("15"), Side::Kept);
        assert_eq!(side("15.000000001"), Side::Near);
        assert_eq!(side("17"), Side::Near);
        assert_eq!(side("17.000000001"), Side::Missed);
        let strict = Bound::read("below 2", "", "", None).unwrap();
        assert_eq!(strict.side(Number::read("2").unwrap().0), Side::Missed);
    }
}
