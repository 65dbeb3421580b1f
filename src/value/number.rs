//! Numbers, percentages and money. A sign of comparison before them and a remark after them do not matter.

/// What may stand before a number.
pub(super) const STARTS: [&str; 4] = ["at least", "at most", "about", "up to"];

/// What makes a number a percentage.
pub(super) const SIGNS: [&str; 4] = ["%", "percentage points", "percent", "pp"];

/// What multiplies a number.
pub(super) const SCALES: [&str; 9] =
    ["thousand", "million", "billion", "bn", "k", "K", "M", "m", "B"];

/// Tells whether a text is a number: `420`, `3 812`, `1,200`, `-0.5`, `1.2M`.
pub fn is_number(text: &str) -> bool {
    amount(start(text)).is_some_and(|rest| is_remark(scaled(rest)))
}

/// Tells whether a text is a percentage, a number of percentage points, or from one to another: `12 %`, `-0.5%`, `2 pp`,
/// `10-20 %`, `10 % to 20 %`.
pub fn is_percentage(text: &str) -> bool {
    let Some(rest) = amount(start(text)) else { return false };
    let to = |rest| amount(until(rest)?);
    let end = to(rest).or_else(|| to(signed(rest)?)).unwrap_or(rest);
    signed(end).is_some_and(is_remark)
}

/// Drops the sign of a percentage.
pub(super) fn signed(rest: &str) -> Option<&str> {
    SIGNS.iter().find_map(|sign| rest.trim_start().strip_prefix(sign))
}

/// Drops what stands between the two ends of a range.
fn until(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let words = ["-", "–", "—", "to ", "until "];
    words.iter().find_map(|word| rest.strip_prefix(word)).map(str::trim_start)
}

/// Tells whether a text is a sum of money: `140k`, `1.2M EUR`, `$ 1,200`; the pack's currency is meant when none is
/// written.
pub fn is_money(text: &str) -> bool {
    let text = start(text);
    let bare = currency(text).map_or(text, str::trim_start);
    amount(bare).is_some_and(|rest| {
        let rest = scaled(rest).trim_start();
        is_remark(currency(rest).unwrap_or(rest))
    })
}

/// Drops what may stand before a number.
pub(super) fn start(text: &str) -> &str {
    let text = text.trim();
    let text = STARTS.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    text.trim_start_matches(|c: char| c.is_whitespace() || "<>=≤≥~±≈".contains(c))
}

/// Reads digits with their sign, groups of three and a fraction; returns what follows.
pub(super) fn amount(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    let whole = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    if whole.len() == digits.len() {
        return None;
    }
    let mut rest = whole;
    while let Some(after) = group(rest) {
        rest = after;
    }
    let fraction = rest
        .strip_prefix('.')
        .map(|rest| (rest, rest.trim_start_matches(|c: char| c.is_ascii_digit())));
    match fraction {
        Some((before, after)) if before.len() > after.len() => Some(after),
        _ => Some(rest),
    }
}

/// Three more digits after a space, a comma or a thin mark.
fn group(text: &str) -> Option<&str> {
    let rest = text.strip_prefix([' ', ',', '\u{a0}', '\u{202f}', '\'', '_'])?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits == 3).then(|| &rest[3..])
}

fn scaled(text: &str) -> &str {
    let rest = text.trim_start();
    let after = SCALES.iter().find_map(|word| rest.strip_prefix(word));
    after.filter(|after| !after.starts_with(char::is_alphanumeric)).unwrap_or(text)
}

/// Drops a currency: three capital letters or a sign.
pub(super) fn currency(text: &str) -> Option<&str> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if letters == 3 && !text[3..].starts_with(char::is_alphabetic) {
        return Some(&text[3..]);
    }
    text.strip_prefix(['€', '$', '£', '¥'])
}

/// What may stand after a value: nothing, or words apart from it.
pub(super) fn is_remark(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || ",;(:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for good in ["420", "3 812", "1,200", "-0.5", "1.2M", "≥ 5", "at least 5", "36 months", "0"]
        {
            assert!(is_number(good), "{good}");
        }
        for wrong in ["", "many", "12a", "1.2.3", "-", "v2", "3-4-5x"] {
            assert!(!is_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn percentages_say_so() {
        for good in [
            "12 %",
            "12%",
            "-0.5 %",
            "2 pp",
            "10 percent",
            "at most 15 %, n at least 5",
            "10-20 %",
            "10–20%",
            "10 - 20 % of agents",
            "10 % to 20 %",
            "10 to 12.5 percent",
            "-5–-2 pp",
            "10%-20%",
        ] {
            assert!(is_percentage(good), "{good}");
        }
        for wrong in [
            "12",
            "0.12",
            "percent",
            "%",
            "12 %x",
            "twelve %",
            "10-20",
            "10-%",
            "10 to twenty %",
            "10-20-30 %",
        ] {
            assert!(!is_percentage(wrong), "{wrong}");
        }
    }

    #[test]
    fn money_has_a_number() {
        for good in [
            "140k",
            "1.2M",
            "2.63 M USD",
            "USD 140k",
            "€ 1,200.50",
            "$1200",
            "140 000 EUR",
            "0",
            "1.2 million EUR (2026)",
        ] {
            assert!(is_money(good), "{good}");
        }
        for wrong in ["a lot", "USD", "k", "", "140x", "EURO 5"] {
            assert!(!is_money(wrong), "{wrong}");
        }
    }
}
