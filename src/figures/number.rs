//! Exact decimals with what they are counted in: `7.41`, `58 %`, `1 200 agents`. No floating point: 0.1 and 0.2 are 0.3.

use std::fmt;

/// So many parts one whole has.
const ONE: i128 = 1_000_000_000;

/// Digits after the point; more are rounded.
const PLACES: usize = 9;

/// Digits before the point; a number with more is not read.
const WHOLE: usize = 12;

/// A decimal number with at most nine digits after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(i128);

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// `1,200` is one thousand two hundred or one and a fifth.
    TwoReadings,
    /// It is no number at all, or one too large.
    NoNumber,
}

impl Number {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Returns a whole number.
    pub fn whole(number: usize) -> Self {
        Self(i128::try_from(number).unwrap_or(i128::from(u32::MAX)).min(1_i128 << 60) * ONE)
    }

    /// Reads a number and returns what follows it.
    ///
    /// # Errors
    /// When it can be read in two ways, or in none.
    pub fn read(text: &str) -> Result<(Self, &str), Unread> {
        let text = text.trim();
        let digits = text.strip_prefix(['-', '−', '–']);
        let (number, rest) = unsigned(digits.or_else(|| text.strip_prefix('+')).unwrap_or(text))?;
        Ok((if digits.is_some() { Self(-number.0) } else { number }, rest.trim_start()))
    }

    /// Subtracts.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Adds.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Multiplies by a small whole number.
    #[must_use]
    pub fn times(self, factor: usize) -> Self {
        Self(self.0.saturating_mul(i128::try_from(factor).unwrap_or(i128::MAX)))
    }

    /// Divides by another number; nothing when that is none or the result too large.
    pub fn over(self, other: Self) -> Option<Self> {
        let scaled = self.0.checked_mul(ONE)?;
        (other.0 != 0).then(|| Self(rounded(scaled, other.0)))
    }

    /// Multiplies by another number; nothing when the result is too large.
    pub fn by(self, other: Self) -> Option<Self> {
        Some(Self(rounded(self.0.checked_mul(other.0)?, ONE)))
    }

    /// Drops the sign.
    #[must_use]
    pub fn size(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Turns the sign round.
    #[must_use]
    pub fn turned(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// Tells whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Rounds to so many digits after the point, for people.
    #[must_use]
    pub fn to_places(self, places: usize) -> Self {
        let step = 10_i128.pow(u32::try_from(PLACES.saturating_sub(places)).unwrap_or(0));
        Self(rounded(self.0, step).saturating_mul(step))
    }

    /// Returns the nearest number that a machine draws with.
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
    pub fn drawn(self) -> f64 {
        self.0 as f64 / ONE as f64
    }
}

/// Divides and rounds half away from nothing.
fn rounded(number: i128, by: i128) -> i128 {
    let half = by.abs() / 2;
    let away = if (number < 0) == (by < 0) { half } else { -half };
    let away = if by < 0 { -away } else { away };
    number.saturating_add(away) / by
}

fn unsigned(text: &str) -> Result<(Number, &str), Unread> {
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let mut end = text[..end].trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    // A space may stand between thousands, and between a number and something else.
    if let Some(cut) = loose_space(&text[..end]) {
        end = cut;
    }
    let (written, rest) = text.split_at(end);
    if !written.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Unread::NoNumber);
    }
    let (whole, part) = halves(written)?;
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > WHOLE || !grouped(whole) || !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Unread::NoNumber);
    }
    let whole: i128 = digits.parse().map_err(|_| Unread::NoNumber)?;
    Ok((Number(whole * ONE + fraction(part)), rest))
}

/// What may stand in a number.
fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',') || is_space(c)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '_')
}

/// Finds the first space that does not part thousands.
fn loose_space(text: &str) -> Option<usize> {
    let mut spaces = text.char_indices().filter(|(_, c)| is_space(*c));
    spaces.find_map(|(at, c)| {
        let rest = &text[at + c.len_utf8()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (digits != 3).then_some(at)
    })
}

/// Parts a number at its point, or at the comma that is one.
fn halves(text: &str) -> Result<(&str, &str), Unread> {
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let cut = |mark: char| text.rsplit_once(mark).unwrap_or((text, ""));
    match (points, commas) {
        (1, 0) => Ok(cut('.')),
        (0, 1) => match cut(',') {
            (whole, part) if part.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0" => {
                Err(Unread::TwoReadings)
            }
            halves => Ok(halves),
        },
        (1, _) if text.rfind('.') > text.rfind(',') => Ok(cut('.')),
        (_, 1) if text.rfind(',') > text.rfind('.') => Ok(cut(',')),
        (0, _) | (_, 0) => Ok((text, "")),
        _ => Err(Unread::NoNumber),
    }
}

/// Tells whether what is not a digit stands before three of them each.
fn grouped(whole: &str) -> bool {
    let mut parts = whole.split(|c: char| !c.is_ascii_digit());
    let first = parts.next().unwrap_or_default().len();
    let mut others = parts.peekable();
    others.peek().is_none() || ((1..=3).contains(&first) && others.all(|part| part.len() == 3))
}

/// Reads the digits after the point.
fn fraction(digits: &str) -> i128 {
    let digit = |at: usize| digits.as_bytes().get(at).map_or(0, |byte| i128::from(byte - b'0'));
    let kept = (0..PLACES).fold(0, |sum, at| sum * 10 + digit(at));
    kept + i128::from(digit(PLACES) >= 5)
}

impl fmt::Display for Number {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let part = format!("{:09}", size % one);
        let part = part.trim_end_matches('0');
        let point = if part.is_empty() { "" } else { "." };
        write!(to, "{sign}{}{point}{part}", size / one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Number::read(text).ok().map(|(number, rest)| format!("{number}|{rest}"))
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, number) in [
            ("7.41", "7.41|"),
            (" 58 %", "58|%"),
            ("58%", "58|%"),
            ("-10 % or better", "-10|% or better"),
            ("−0.4", "-0.4|"),
            ("7,41", "7.41|"),
            ("0,125", "0.125|"),
            ("1 200 agents", "1200|agents"),
            ("12,345,678.5", "12345678.5|"),
            ("1.234.567,8", "1234567.8|"),
            ("100.8 min", "100.8|min"),
            ("4 of 5", "4|of 5"),
            ("2 30", "2|30"),
            ("0.30000000000000004", "0.3|"),
            ("1.9999999999", "2|"),
            ("15 %, n at least 5", "15|%, n at least 5"),
        ] {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not_read() {
        assert_eq!(Number::read("1,200"), Err(Unread::TwoReadings));
        for text in ["", "-", "n/a", "many 5", ".", "1.2.3.4,5,6", "12,34,567", "1234567890123"] {
            assert_eq!(Number::read(text), Err(Unread::NoNumber), "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        let number = |text: &str| Number::read(text).unwrap().0;
        assert_eq!(number("0.1").plus(number("0.2")), number("0.3"));
        let fall = number("7.50").minus(number("6.63")).over(number("7.50")).unwrap();
        assert_eq!(fall, number("0.116"));
        assert_eq!(number("2").over(number("3")).unwrap().to_string(), "0.666666667");
        assert_eq!(number("-2").over(number("3")).unwrap().to_string(), "-0.666666667");
        assert_eq!(number("2").over(number("-3")).unwrap().to_string(), "-0.666666667");
        assert_eq!(number("5").over(Number::ZERO), None);
        assert_eq!(number("11.65").to_places(1).to_string(), "11.7");
        assert_eq!(number("-11.65").to_places(1).to_string(), "-11.7");
    }
}
