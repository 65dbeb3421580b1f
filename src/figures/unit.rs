//! What numbers are counted in. Lengths of time are turned into each other; nothing else is.

use super::Number;

/// What a number is counted in, as it is shown; empty when nobody says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Unit(String);

/// Words for one unit, the first of which is shown.
const SAME: [&[&str]; 6] = [
    &["%", "percent", "per cent"],
    &["pp", "points", "percentage points"],
    &["s", "sec", "secs", "second", "seconds"],
    &["min", "mins", "m", "minute", "minutes"],
    &["h", "hr", "hrs", "hour", "hours"],
    &["d", "day", "days"],
];

/// How many seconds units of time have.
const SECONDS: [(&str, usize); 4] = [("s", 1), ("min", 60), ("h", 3_600), ("d", 86_400)];

impl Unit {
    /// Takes the unit that people write.
    pub fn new(text: &str) -> Self {
        let text = text.trim().trim_end_matches(['.', ';', ',']);
        let folded = text.to_lowercase();
        let known = SAME.iter().find(|words| words.contains(&folded.as_str()));
        Self(known.map_or(text, |words| words[0]).to_owned())
    }

    /// Returns it as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it is one hundredth.
    pub fn is_percent(&self) -> bool {
        self.0 == "%"
    }

    /// Tells whether nobody says what it is.
    pub fn is_unsaid(&self) -> bool {
        self.0.is_empty()
    }

    /// Says a number with its unit.
    pub fn say(&self, number: Number) -> String {
        let space = if self.is_unsaid() { "" } else { " " };
        format!("{number}{space}{}", self.0)
    }

    /// Turns a number of this unit into one of another; nothing when they have nothing in common.
    pub fn convert(&self, number: Number, to: &Self) -> Option<Number> {
        let is_same = self.0.eq_ignore_ascii_case(&to.0);
        if is_same || self.is_unsaid() || to.is_unsaid() {
            return Some(number);
        }
        if [self, to].iter().all(|unit| matches!(unit.0.as_str(), "%" | "pp")) {
            return Some(number);
        }
        number.times(self.seconds()?).over(Number::whole(to.seconds()?))
    }

    fn seconds(&self) -> Option<usize> {
        SECONDS.iter().find(|(name, _)| *name == self.0).map(|(_, seconds)| *seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(number: &str, from: &str, to: &str) -> Option<String> {
        let number = Number::read(number).unwrap().0;
        Unit::new(from).convert(number, &Unit::new(to)).map(|number| number.to_string())
    }

    #[test]
    fn time_is_turned_into_time_and_nothing_else_into_anything() {
        assert_eq!(turned("90", "minutes", "h").as_deref(), Some("1.5"));
        assert_eq!(turned("2", "s", "seconds").as_deref(), Some("2"));
        assert_eq!(turned("2", "d", "min").as_deref(), Some("2880"));
        assert_eq!(turned("7", "", "min").as_deref(), Some("7"));
        assert_eq!(turned("7", "percent", "%").as_deref(), Some("7"));
        assert_eq!(turned("7", "%", "min"), None);
        assert_eq!(turned("7", "EUR", "USD"), None);
    }
}
