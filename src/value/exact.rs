//! Numbers reckoned without loss: fractions of whole numbers. What does not fit is nothing, and never a wrong number.

use std::cmp::Ordering;
use std::fmt;

use super::number::{amount, currency, is_remark, signed, start};

/// A number as a fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    over: i128,
    under: i128,
}

/// A number as written, with what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity<'t> {
    /// The number: `140k` is 140 000, `12 %` is twelve hundredths.
    pub number: Exact,
    /// Whether a sign of percentage stands behind it.
    pub percent: bool,
    /// `USD`, `€`; nothing when none is written.
    pub currency: Option<&'t str>,
    /// What its last digit counts: 10 000 of `2.63 M`.
    pub grain: Exact,
}

/// Words and letters that multiply. A small `m` is left out: it may be minutes or metres.
const SCALES: [(&str, i128); 9] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("millions", 1_000_000),
    ("billion", 1_000_000_000),
    ("bn", 1_000_000_000),
    ("k", 1_000),
    ("K", 1_000),
    ("M", 1_000_000),
    ("B", 1_000_000_000),
];

/// Words that multiply in a way that is not known here, or in more than one.
const UNSURE: [&str; 11] =
    ["m", "t", "mio", "mln", "mn", "mrd", "tsd", "lakh", "crore", "hundred", "dozen"];

impl Exact {
    /// Takes a whole number.
    pub fn whole(number: i128) -> Self {
        Self { over: number, under: 1 }
    }

    /// Divides two whole numbers.
    pub fn ratio(over: i128, under: i128) -> Option<Self> {
        if under == 0 {
            return None;
        }
        let divisor = i128::try_from(gcd(over.unsigned_abs(), under.unsigned_abs())).ok()?;
        let sign = under.signum();
        let over = over.checked_div(divisor)?.checked_mul(sign)?;
        Some(Self { over, under: under.checked_div(divisor)?.checked_mul(sign)? })
    }

    /// Adds.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (one, two) = (self.over.checked_mul(other.under)?, other.over.checked_mul(self.under)?);
        Self::ratio(one.checked_add(two)?, self.under.checked_mul(other.under)?)
    }

    /// Subtracts.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { over: other.over.checked_neg()?, under: other.under })
    }

    /// Multiplies.
    pub fn times(self, other: Self) -> Option<Self> {
        let one = Self::ratio(self.over, other.under)?;
        let two = Self::ratio(other.over, self.under)?;
        Self::ratio(one.over.checked_mul(two.over)?, one.under.checked_mul(two.under)?)
    }

    /// Divides; nothing by zero.
    pub fn by(self, other: Self) -> Option<Self> {
        self.times(Self::ratio(other.under, other.over)?)
    }

    /// Returns the nearest whole number, the one further from zero when it lies in the middle.
    pub fn rounded(self) -> Option<Self> {
        let doubled = self.over.checked_mul(2)?.checked_add(self.under * self.over.signum())?;
        Some(Self::whole(doubled / self.under.checked_mul(2)?))
    }

    /// Tells whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.over < 0
    }

    /// Tells whether it is zero.
    pub fn is_zero(self) -> bool {
        self.over == 0
    }

    /// Returns it without its sign.
    #[must_use]
    pub fn size(self) -> Self {
        Self { over: self.over.saturating_abs(), under: self.under }
    }

    /// Compares; nothing when the numbers are too long for that.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let difference = self.minus(other)?;
        Some(difference.over.cmp(&0))
    }

    /// Reads a number in digits, with groups of three and a fraction; nothing when it can be read in two ways.
    pub fn read(text: &str) -> Option<Self> {
        let quantity = quantity(text)?;
        (!quantity.percent && quantity.currency.is_none()).then_some(quantity.number)
    }
}

/// Reads a number with its sign of percentage or currency: `140k`, `2.63 M USD`, `12 %`, `25 h for each`.
pub fn quantity(text: &str) -> Option<Quantity<'_>> {
    let text = start(text);
    let before = currency(text);
    let bare = before.map_or(text, str::trim_start);
    let rest = amount(bare)?;
    let digits = &bare[..bare.len() - rest.len()];
    let (factor, rest) = scale(rest)?;
    let (number, grain) = digits_of(digits)?;
    let (number, grain) = (number.times(Exact::whole(factor))?, grain.times(Exact::whole(factor))?);
    let after = rest.trim_start();
    let (percent, rest) = match signed(rest) {
        Some(rest) => (true, rest),
        None => (false, currency(after).unwrap_or(rest)),
    };
    let sign = |from: &'_ str, to: &str| from.len() - to.len();
    let currency = match before {
        Some(rest) => Some(&text[..sign(text, rest)]),
        None if !percent => currency(after).map(|rest| &after[..sign(after, rest)]),
        None => None,
    };
    let is_clear = is_remark(rest) && !continues(rest);
    let unit = Exact::whole(if percent { 100 } else { 1 });
    let (number, grain) = (number.by(unit)?, grain.by(unit)?);
    is_clear.then_some(Quantity { number, percent, currency, grain })
}

/// Tells whether what follows belongs to the number: another way to write a fraction, or the end of a range.
fn continues(rest: &str) -> bool {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let ends = ["-", "–", "—", "to ", "until ", "/", "x ", "×"];
    let trimmed = rest.trim_start();
    rest.strip_prefix(',').is_some_and(digit)
        || ends
            .iter()
            .any(|word| trimmed.strip_prefix(word).is_some_and(|it| digit(it.trim_start())))
}

/// Returns what a word behind a number or in a unit multiplies it by, and what follows the word; nothing for a word
/// that may mean several things.
pub fn scale(text: &str) -> Option<(i128, &str)> {
    let rest = text.trim_start();
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if UNSURE.contains(&word.to_lowercase().as_str()) && word != "M" {
        return None;
    }
    let known = SCALES.iter().find(|(name, _)| *name == word);
    Some(known.map_or((1, text), |(_, factor)| (*factor, after)))
}

/// Reads digits with a sign, and what the last of them counts; a zero before groups of three is a fraction to some
/// readers.
fn digits_of(text: &str) -> Option<(Exact, Exact)> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text.trim_start_matches('+')),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_grouped = whole.contains(|c: char| !c.is_ascii_digit());
    if is_grouped && whole.starts_with('0') {
        return None;
    }
    let kept = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit);
    let number: i128 = kept.collect::<String>().parse().ok()?;
    let places = u32::try_from(fraction.len()).ok()?;
    let unit = 10i128.checked_pow(places)?;
    Some((Exact::ratio(number.checked_mul(sign)?, unit)?, Exact::ratio(1, unit)?))
}

fn gcd(one: u128, other: u128) -> u128 {
    if other == 0 { one.max(1) } else { gcd(other, one % other) }
}

impl fmt::Display for Exact {
    /// Writes it with two places, more for what is small, and groups of three.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = if self.over.abs() < self.under { 4 } else { 2 };
        let unit = 10i128.pow(places);
        let doubled = self.over.abs().checked_mul(unit * 2).map(|it| it / self.under);
        let Some(doubled) = doubled else { return write!(out, "{}", self.over / self.under) };
        let rounded = doubled.midpoint(doubled % 2);
        let (whole, rest) = (rounded / unit, rounded % unit);
        let width = places as usize;
        let fraction = format!("{rest:0width$}");
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.over < 0 && rounded != 0 { "-" } else { "" };
        let dot = if fraction.is_empty() { "" } else { "." };
        write!(out, "{sign}{}{dot}{fraction}", grouped(whole))
    }
}

fn grouped(whole: i128) -> String {
    let digits = whole.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(over: i128, under: i128) -> Exact {
        Exact::ratio(over, under).unwrap()
    }

    #[test]
    fn quantities_are_read_in_one_way_or_not_at_all() {
        let read = |text| quantity(text).map(|it| (it.number, it.percent, it.currency));
        for (text, number, percent, currency) in [
            ("140k", exact(140_000, 1), false, None),
            ("2.63 M USD", exact(2_630_000, 1), false, Some("USD")),
            ("€ 1,200.50", exact(2401, 2), false, Some("€")),
            ("12 %", exact(3, 25), true, None),
            ("-0.5%", exact(-1, 200), true, None),
            ("3 812", exact(3812, 1), false, None),
            ("25 h on these calls", exact(25, 1), false, None),
            ("0.24", exact(6, 25), false, None),
            ("at most 60 (a week)", exact(60, 1), false, None),
        ] {
            assert_eq!(read(text), Some((number, percent, currency)), "{text}");
        }
        let grain = |text| quantity(text).map(|it| it.grain);
        assert_eq!(grain("2.63 M USD"), Some(exact(10_000, 1)));
        assert_eq!(grain("0.5 %"), Some(exact(1, 1000)));
        for text in [
            "", "many", "3,5", "1.200,50", "0,240", "10-20 %", "5 to 10", "12 m", "1.2 Mio",
            "3 lakh", "1/2", "1.2.3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_lose_nothing_and_too_much_is_nothing() {
        let tenth = exact(1, 10);
        let mut sum = Exact::whole(0);
        for _ in 0..10 {
            sum = sum.plus(tenth).unwrap();
        }
        assert_eq!(sum, Exact::whole(1));
        assert_eq!(exact(-4, -6), exact(2, 3));
        assert_eq!(exact(1, 3).times(exact(3, 1)), Some(Exact::whole(1)));
        assert_eq!(Exact::whole(1).by(Exact::whole(0)), None);
        assert_eq!(Exact::whole(i128::MAX).plus(Exact::whole(1)), None);
        assert_eq!(exact(-5, 2).rounded(), Some(Exact::whole(-3)));
        assert_eq!(exact(7, 3).rounded(), Some(Exact::whole(2)));
        assert_eq!(exact(1, 3).compare(exact(1, 4)), Some(Ordering::Greater));
        assert!(exact(-1, 3).is_negative() && exact(-1, 3).size() == exact(1, 3));
    }

    #[test]
    fn numbers_are_written_for_people() {
        for (number, text) in [
            (Exact::whole(26_308_800), "26 308 800"),
            (exact(213, 100), "2.13"),
            (exact(2, 3), "0.6667"),
            (exact(-5, 2), "-2.5"),
            (exact(1999, 1000), "2"),
            (Exact::whole(-1000), "-1 000"),
            (exact(1, 1_000_000), "0"),
        ] {
            assert_eq!(number.to_string(), text);
        }
    }
}
