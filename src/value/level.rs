//! Steps of a scale from one to five, as registers of risks have them.

/// The last step.
pub const MOST: u8 = 5;

/// Words for steps.
const WORDS: [(&str, u8); 21] = [
    ("very low", 1),
    ("rare", 1),
    ("negligible", 1),
    ("insignificant", 1),
    ("low", 2),
    ("unlikely", 2),
    ("minor", 2),
    ("medium", 3),
    ("moderate", 3),
    ("possible", 3),
    ("high", 4),
    ("likely", 4),
    ("major", 4),
    ("very high", 5),
    ("very likely", 5),
    ("critical", 5),
    ("severe", 5),
    ("catastrophic", 5),
    ("almost certain", 5),
    ("certain", 5),
    ("extreme", 5),
];

/// Reads a step as a number or as a word: `4`, `4 (major)`, `4/5`, `very-high`.
pub fn level(text: &str) -> Option<u8> {
    let folded = text.trim().to_lowercase().replace(['-', '_'], " ");
    let plain = folded.split('(').next().unwrap_or_default().trim();
    let first = plain.split([' ', '/']).next().unwrap_or_default();
    let number = first.parse().ok().filter(|number| (1..=MOST).contains(number));
    number.or_else(|| WORDS.iter().find(|(word, _)| *word == plain).map(|(_, step)| *step))
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn a_step_is_a_number_or_a_word() {
        for (text, step) in [
            ("1", Some(1)),
            ("4 (major)", Some(4)),
            ("4/5", Some(4)),
            ("Very-High", Some(5)),
            ("medium (was high)", Some(3)),
            ("insignificant", Some(1)),
            ("0", None),
            ("6", None),
            ("dreadful", None),
            ("", None),
        ] {
            assert_eq!(level(text), step, "{text}");
        }
    }
}
