//! What the readers beside this file take, as regular expressions that every JSON Schema validator knows: no look-around,
//! no classes of Unicode. A pattern takes all that its reader takes; a test holds them together.

use super::duration::UNITS;
use super::number::{SCALES, SIGNS, STARTS};
use super::{DateOrder, UNKNOWN};
use crate::document::text::UNWRITTEN;

/// Writes a text so that letters of either case are taken.
pub fn caseless(text: &str) -> String {
    text.chars().map(any_case).collect()
}

fn any_case(letter: char) -> String {
    let (lower, upper) = (letter.to_lowercase(), letter.to_uppercase());
    match (lower.len(), upper.len()) {
        (1, 1) if lower.clone().ne(upper.clone()) => format!("[{lower}{upper}]"),
        _ if "^$\\.*+?()[]{}|".contains(letter) => format!("\\{letter}"),
        _ => letter.to_string(),
    }
}

/// Writes a word as fields and statuses compare words: without case, `-`, `_` and space are equal.
pub fn word(word: &str) -> String {
    let one = |letter: char| match letter {
        '-' | '_' | ' ' => "[-_ ]".to_owned(),
        letter => any_case(letter),
    };
    word.chars().map(one).collect()
}

/// Writes that one of several words stands there.
pub fn one_of<'w>(words: impl Iterator<Item = &'w str>, write: fn(&str) -> String) -> String {
    let mut all: Vec<String> = words.map(write).collect();
    all.sort();
    all.dedup();
    format!("(?:{})", all.join("|"))
}

/// Puts a pattern in place for a whole value: nothing at all, a template and `unknown` have every form.
pub fn whole(form: &str) -> String {
    let unknown = one_of(UNKNOWN.into_iter(), caseless);
    let unwritten = one_of(UNWRITTEN.into_iter(), caseless);
    let open = [
        format!("{unknown}\\s*(?:[(\\[,;:.–—-][\\s\\S]*)?"),
        format!("{unwritten}(?:[^A-Za-z0-9-][\\s\\S]*)?"),
        "[\\s\\S]*(?: \\| |\\?\\?\\?|___|\\{\\{)[\\s\\S]*".to_owned(),
        "(?:<[^<>]+>|\\{[^{}]+\\}|\\[[^\\[\\]]+\\])".to_owned(),
    ];
    format!("^\\s*(?:{form}|{})?\\s*$", open.join("|"))
}

/// A word of a list, with or without a remark.
pub fn choice<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("{}(?:[\\s(\\[:,;.][\\s\\S]*)?", one_of(words, word))
}

/// What [`super::read_date`] takes; a date that may be two is taken where an order is given.
pub fn date(order: DateOrder) -> String {
    const GAP: &str = "[\\s/.,-]+";
    const MONTH: &str = "[A-Za-z]{3,9}";
    const DAY: &str = "\\d{1,2}(?:st|nd|rd|th)?";
    let numbers = match order {
        DateOrder::Unsaid => only_one_way(GAP),
        _ => format!("\\d{{1,2}}{GAP}\\d{{1,2}}"),
    };
    let named = [
        format!("\\d{{4}}{GAP}(?:{MONTH}|\\d{{1,2}}){GAP}{DAY}"),
        format!("(?:{DAY}{GAP}{MONTH}|{MONTH}{GAP}{DAY}|{numbers}){GAP}\\d{{4}}"),
    ];
    let standard = "\\d{4}-\\d{2}-\\d{2}(?:[,;][\\s\\S]*|[Tt ][-+:.,\\dZzUTC ]*)?";
    let spoken = format!("(?:{GAP})?(?:{MONTH}{GAP})?(?:{})(?:{GAP})?", named.join("|"));
    with_remark(&format!("(?:{standard}|{spoken})"))
}

/// Day and month in numbers of which one is no month, or which are the same.
fn only_one_way(gap: &str) -> String {
    let (month, day) = ("(?:0?[1-9]|1[0-2])", "(?:1[3-9]|2\\d|3[01])");
    let mut ways = vec![format!("{day}{gap}{month}"), format!("{month}{gap}{day}")];
    ways.extend((1..=9).map(|one| format!("0?{one}{gap}0?{one}")));
    ways.extend((10..=12).map(|one| format!("{one}{gap}{one}")));
    format!("(?:{})", ways.join("|"))
}

/// What [`super::is_duration`] takes.
pub fn duration() -> String {
    let units = one_of(UNITS.into_iter(), caseless);
    with_remark(&format!("(?:P[\\s\\S]*|(?:[\\d.]+\\s*{units}[ ,]*)+)"))
}

/// What [`super::is_number`] takes.
pub fn number() -> String {
    format!("{}{AMOUNT}{}{REMARK}", starts(), scale())
}

/// What [`super::is_money`] takes.
pub fn money() -> String {
    const CURRENCY: &str = "(?:[A-Z]{3}|[€$£¥])";
    let (start, scale) = (starts(), scale());
    format!("{start}(?:{CURRENCY}\\s*)?{AMOUNT}{scale}\\s*{CURRENCY}?{REMARK}")
}

/// What [`super::is_percentage`] takes.
pub fn percentage() -> String {
    let sign = format!("\\s*{}", one_of(SIGNS.into_iter(), plain));
    let until = "\\s*(?:[-–—]|to |until )\\s*";
    format!("{}{AMOUNT}(?:(?:{sign})?{until}{AMOUNT})?{sign}{REMARK}", starts())
}

const AMOUNT: &str = "[-+−]?\\d+(?:[ ,\u{a0}\u{202f}'_]\\d{3})*(?:\\.\\d+)?";
const REMARK: &str = "(?:[\\s,;(:][\\s\\S]*)?";

fn starts() -> String {
    format!("{}?[\\s<>=≤≥~±≈]*", one_of(STARTS.into_iter(), plain))
}

fn scale() -> String {
    format!("(?:\\s*{})?", one_of(SCALES.into_iter(), plain))
}

fn plain(text: &str) -> String {
    text.to_owned()
}

/// The remark in brackets that may end a value.
fn with_remark(form: &str) -> String {
    format!("{form}(?:[ ,;]* \\([\\s\\S]*\\))?")
}
