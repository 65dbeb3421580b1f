//! Words: slugs, normalised headings, placeholders. Pure functions on text; no markup is produced here.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that stand for "to be written".
pub(crate) const UNWRITTEN: [&str; 9] =
    ["tbd", "todo", "tbc", "tba", "fixme", "xxx", "lorem", "ipsum", "yyyy-mm-dd"];

/// Returns the start of a text, at most this many bytes long.
pub fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Makes the anchor of a heading as GitHub does: letters, digits, `_` and `-` stay, white space becomes `-`, nothing
/// is collapsed; `section` when nothing is left.
pub fn slug(heading: &str) -> String {
    let mut slug = String::with_capacity(heading.len());
    for char in heading.trim().chars() {
        match char {
            'A'..='Z' => slug.push(char.to_ascii_lowercase()),
            'a'..='z' | '0'..='9' | '_' | '-' => slug.push(char),
            _ if char.is_whitespace() => slug.push('-'),
            _ if char.is_ascii() => {}
            _ if char.is_alphanumeric() || is_combining_mark(char) => {
                slug.extend(char.to_lowercase());
            }
            _ => {}
        }
    }
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// Makes headings comparable: without markup, numbering (`3.2`, `Step 1:`), pictograms, bracketed suffix and final
/// punctuation; lower case, accents folded, single spaces.
pub fn normalise_heading(heading: &str) -> String {
    let folded = if heading.is_ascii() { fold_ascii(heading) } else { fold(heading) };
    let kept = strip_numbering(strip_suffix(folded.trim()));
    let ends = |char: char| {
        char.is_whitespace() || (char.is_ascii_punctuation() && !matches!(char, '%' | '+' | '#'))
    };
    let kept = kept.trim_end_matches(ends).trim_start_matches(|char: char| {
        char.is_whitespace() || matches!(char, '-' | ':' | '.' | '#' | ')')
    });
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Folds accents and case, and drops markup; pictograms become spaces.
fn fold(heading: &str) -> String {
    let letters = heading.nfkd().filter(|char| {
        !is_combining_mark(*char) && !matches!(char, '*' | '`' | '_' | '\u{FE0F}' | '\u{200D}')
    });
    let plain =
        |char: char| if char.is_alphanumeric() || char.is_ascii() { char } else { plain(char) };
    letters.flat_map(char::to_lowercase).map(plain).collect()
}

/// Does what [`fold`] does, many times faster.
fn fold_ascii(heading: &str) -> String {
    let letters = heading.chars().filter(|char| !matches!(char, '*' | '`' | '_'));
    letters.map(|char| char.to_ascii_lowercase()).collect()
}

/// Maps typographic marks to their plain form and pictograms to a space.
fn plain(char: char) -> char {
    match char {
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '–' | '—' | '−' => '-',
        _ => ' ',
    }
}

/// Drops a final `(...)`, `[...]` or `{...}` unless nothing else is there.
fn strip_suffix(heading: &str) -> &str {
    let trimmed = heading.trim_end_matches([' ', ':', '.']);
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        if let Some(inner) = trimmed.strip_suffix(close)
            && let Some(at) = inner.rfind(open)
            && !trimmed[..at].trim().is_empty()
        {
            return trimmed[..at].trim_end();
        }
    }
    heading
}

/// Drops `3.2`, `3)`, `a)`, `iv.`, `step 1:`, `section 2 -` at the start unless nothing else is there.
fn strip_numbering(heading: &str) -> &str {
    let rest = ["step", "section", "part", "phase", "chapter", "appendix"]
        .iter()
        .find_map(|word| {
            heading
                .strip_prefix(word)?
                .strip_prefix(' ')
                .and_then(|rest| strip_number(rest.trim_start()))
        })
        .or_else(|| strip_number(heading))
        .unwrap_or(heading)
        .trim_start();
    if rest.is_empty() { heading } else { rest }
}

/// Drops one number with its separator.
fn strip_number(text: &str) -> Option<&str> {
    let text = text.strip_prefix(['§', '(', '#']).unwrap_or(text);
    let end =
        text.find(|char: char| !char.is_ascii_alphanumeric() && char != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let digits = number.starts_with(|char: char| char.is_ascii_digit())
        && number.chars().all(|char| char.is_ascii_digit() || char == '.');
    let mark = rest.chars().next();
    let closed = number.ends_with('.') || matches!(mark, Some(')' | ':' | '-'));
    let roman = number.trim_end_matches('.');
    let letter = closed
        && (roman.len() == 1
            || (roman.len() <= 4 && roman.chars().all(|char| matches!(char, 'i' | 'v' | 'x'))))
        && !roman.is_empty()
        && mark.is_none_or(|mark| mark != '-');
    let spaced = mark.is_none() || matches!(mark, Some(' ' | ')' | ':' | '-'));
    ((digits || letter) && spaced && !number.is_empty())
        .then(|| rest.trim_start_matches([')', ':', '-', ' ', '.']))
}

/// Tells whether a text says nothing yet: empty, a dash, `TBD`, `<owner>`, `[Name]`, `YYYY-MM-DD` and the like.
pub fn is_placeholder(text: &str) -> bool {
    substance(text, 1) == 0
}

/// Tells whether a value is the text of a template: `TBD`, `???`, `<name>`, `{{name}}`, `[Name]`, `a | b`, `___`.
pub fn is_template(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let first = lower.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
    let wrapped = |open: char, close: char| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|inner| {
            !inner.is_empty() && !inner.contains([open, close, '@', ':', '/', '"'])
        })
    };
    UNWRITTEN.contains(&first)
        || text.contains(" | ")
        || text.contains("???")
        || text.contains("___")
        || (text.contains("{{") && text.contains("}}"))
        || wrapped('<', '>')
        || wrapped('{', '}')
        || wrapped('[', ']')
}

/// Counts words that are not placeholders, up to `enough`. `N/A` needs a reason of three words.
pub fn substance(text: &str, enough: usize) -> usize {
    const REASON: usize = 3;
    if starts_not_applicable(text) {
        let words = count(text, enough.max(REASON));
        return if words < REASON { 0 } else { words.min(enough) };
    }
    count(text, enough)
}

fn count(text: &str, enough: usize) -> usize {
    let mut rest = text.trim_start();
    let mut words = 0;
    while words < enough && !rest.is_empty() {
        if let Some(after) = skip_bracketed(rest) {
            rest = after.trim_start();
            continue;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        words += weight(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}

/// How many words stand without a space between them: two letters of a script without spaces are about one.
fn weight(word: &str) -> usize {
    if is_placeholder_word(word) {
        return 0;
    }
    let unspaced = |char: &char| matches!(char, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    if word.is_ascii() { 1 } else { (word.chars().filter(unspaced).count() / 2).max(1) }
}

/// Tells whether a text ends as a sentence that states something, and does not put it off.
pub fn is_statement(text: &str) -> bool {
    const PUT_OFF: &str = "to be ";
    let text = text.trim();
    text.ends_with(['.', '!', '。', '！'])
        && !text.get(..PUT_OFF.len()).is_some_and(|start| start.eq_ignore_ascii_case(PUT_OFF))
}

/// Whether the first word is `N/A`.
fn starts_not_applicable(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches(|char: char| char.is_ascii_punctuation());
    first.eq_ignore_ascii_case("n/a") || first.eq_ignore_ascii_case("na")
}

/// Skips `<name of owner>`, `{{name}}` and `[Name]` at the start.
fn skip_bracketed(text: &str) -> Option<&str> {
    const LONGEST: usize = 80;
    let (open, close) = [("<", ">"), ("{{", "}}"), ("[", "]")]
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let inner = &text[open.len()..];
    let window = prefix(inner, LONGEST);
    let end = window.find(close)?;
    let looks = inner.starts_with(|char: char| char.is_alphabetic() || char.is_whitespace());
    looks.then(|| {
        inner[end + close.len()..].trim_start_matches(|char: char| {
            char.is_ascii_punctuation() && char != '<' && char != '['
        })
    })
}

/// One word that stands for a word to come, or no word at all.
fn is_placeholder_word(word: &str) -> bool {
    const OTHERS: [&str; 5] = ["n/a", "na", "yyyy", "dd/mm/yyyy", "mm/dd/yyyy"];
    let core = word.trim_matches(|char: char| !char.is_alphanumeric());
    let mut known = UNWRITTEN.iter().chain(&OTHERS);
    core.is_empty() || known.any(|known| core.eq_ignore_ascii_case(known))
}

/// Tells whether a text is the id of a row: one to ten capitals or digits, a dash, and more that holds a digit.
pub fn is_id(text: &str) -> bool {
    const LONGEST: usize = 80;
    let Some((prefix, rest)) = text.split_once('-') else { return false };
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    (1..=10).contains(&prefix.len())
        && prefix.starts_with(|first: char| first.is_ascii_uppercase())
        && prefix.bytes().all(capital)
        && rest.len() <= LONGEST
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        && rest.ends_with(|last: char| last.is_ascii_alphanumeric())
        && rest.bytes().any(|byte| byte.is_ascii_digit())
}

/// Finds a telephone number around a plus sign: a country code, then eight to fifteen digits in all, in groups.
pub fn phone(text: &str, plus: usize) -> Option<Range<usize>> {
    let before = text[..plus].chars().next_back();
    if before.is_some_and(|char| char.is_alphanumeric() || "+-.#".contains(char)) {
        return None;
    }
    let (mut digits, mut end, mut gap) = (0, plus, 0);
    for (at, char) in text[plus + 1..].char_indices() {
        match char {
            '1'..='9' => digits += 1,
            '0' if digits > 0 => digits += 1,
            ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' if digits > 0 && gap < 2 => {
                gap += 1;
                continue;
            }
            _ => break,
        }
        (end, gap) = (plus + 2 + at, 0);
    }
    let whole = text[end..].chars().next().is_none_or(|char| !char.is_alphanumeric());
    (whole && (8..=15).contains(&digits)).then_some(plus..end)
}

/// Returns the address that makes a phone dial a number as people write it; a bracketed zero is not dialled abroad.
pub fn dial(number: &str) -> String {
    let number = number.replace("(0)", "");
    let signs =
        number.chars().filter(|sign| sign.is_ascii_digit() || matches!(sign, '+' | '*' | '#'));
    format!("tel:{}", signs.collect::<String>().replace('#', "%23"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        let cases = [
            ("One x & link", "one-x--link"),
            ("Émigré — Test_1.2-3!", "émigré--test_12-3"),
            ("1. Numbers first", "1-numbers-first"),
            ("概要 と 目的", "概要-と-目的"),
            ("!!!", "section"),
            ("  A  b ", "a--b"),
        ];
        for (heading, expected) in cases {
            assert_eq!(slug(heading), expected, "{heading}");
        }
    }

    #[test]
    fn the_quick_way_folds_as_the_whole_one() {
        for byte in 0..0x80_u8 {
            let heading = format!("a{}B", char::from(byte));
            assert_eq!(fold_ascii(&heading), fold(&heading), "{byte:#x}");
        }
    }

    #[test]
    fn headings_are_compared_without_decoration() {
        let cases = [
            ("3.2 Escalation", "escalation"),
            ("Step 1: Triage the alert", "triage the alert"),
            ("🚨 Escalation!", "escalation"),
            ("Roll back (if it fails)", "roll back"),
            ("Rollback:", "rollback"),
            ("**When** to `use`", "when to use"),
            ("Détection", "detection"),
            ("a) First", "first"),
            ("IV. Results", "results"),
            ("24/7 support", "24/7 support"),
            ("A plan", "a plan"),
            ("2024", "2024"),
            ("5 Whys", "whys"),
            ("What’s next?", "what's next"),
        ];
        for (heading, expected) in cases {
            assert_eq!(normalise_heading(heading), expected, "{heading}");
        }
    }

    #[test]
    fn placeholders_are_seen_through() {
        for text in [
            "",
            " — ",
            "-",
            "TBD",
            "todo.",
            "???",
            "<owner>",
            "<name of owner>",
            "[Name]",
            "{{ owner }}",
            "YYYY-MM-DD",
            "___",
            "Lorem ipsum",
            "N/A",
            "n/a.",
            "TBD / TBC",
            "N/A because",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["Ada", "2026-05-05", "0", "42", "N/A because nothing is stored", "a < b"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn counting_stops_when_there_is_enough() {
        assert_eq!(substance("one two TBD three", 10), 3);
        assert_eq!(substance("one two three four", 2), 2);
    }

    #[test]
    fn scripts_without_spaces_have_words_too() {
        assert_eq!(substance("切换到备用数据库，然后检查连接。", 8), 7);
        assert_eq!(substance("再起動", 8), 1);
        assert_eq!(substance("œuvre", 8), 1);
    }

    #[test]
    fn a_sentence_states_something_unless_it_puts_it_off() {
        assert!(
            is_statement("Nobody is paged at night.\n") && is_statement("再起動してください。")
        );
        for text in
            ["Who is paged at night?", "Nobody is paged", "To be decided by Ann.", "", "to be"]
        {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn telephone_numbers_are_told_from_sums() {
        for (text, expected) in [
            ("call +353 1 555 0100.", Some("+353 1 555 0100")),
            ("+44 (0)20 7946 0000, then", Some("+44 (0)20 7946 0000")),
            ("(+1-202-555-0143)", Some("+1-202-555-0143")),
            ("+49.30.1234567/8", Some("+49.30.1234567/8")),
            ("+35315550100", Some("+35315550100")),
            ("+12 % and 3", None),
            ("+1 200 000", None),
            ("+0 123 456 789", None),
            ("a+353 1 555 0100", None),
            ("+353 1 555 0100x", None),
            ("+1 2345 6789 0123 4567", None),
            ("+", None),
        ] {
            let plus = text.find('+').unwrap();
            assert_eq!(phone(text, plus).map(|place| &text[place]), expected, "{text}");
        }
    }

    #[test]
    fn a_number_is_dialled_without_what_people_write_around_it() {
        assert_eq!(dial("+353 1 555 0100"), "tel:+35315550100");
        assert_eq!(dial("+44 (0)20 7946 0000"), "tel:+442079460000");
        assert_eq!(dial("*31# 112"), "tel:*31%23112");
    }
}
