//! Text as readers see it, each letter with its place in the source: entities, escapes and percent signs resolved,
//! invisible letters and marks left out.

use std::ops::Range;

/// A letter as it is read and where it stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) sign: char,
    start: usize,
    end: usize,
}

/// Named entities that may stand in an address or a number.
const ENTITIES: &[(&str, char)] = &[
    ("commat", '@'),
    ("period", '.'),
    ("plus", '+'),
    ("lowbar", '_'),
    ("hyphen", '-'),
    ("dash", '-'),
    ("sol", '/'),
    ("lpar", '('),
    ("rpar", ')'),
    ("colon", ':'),
    ("nbsp", ' '),
    ("shy", '\u{ad}'),
];

/// Reads a source.
pub(super) fn read(source: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(source.len());
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let (sign, len) = coded(&source[at..]).unwrap_or((first, first.len_utf8()));
        if !is_invisible(sign) {
            letters.push(Letter { sign: plain(sign), start: at, end: at + len });
        }
        at += len;
    }
    letters
}

/// Returns the place of some letters in the source.
pub(super) fn place(letters: &[Letter]) -> Range<usize> {
    let (first, last) = (letters.first(), letters.last());
    first.map_or(0, |letter| letter.start)..last.map_or(0, |letter| letter.end)
}

/// Reads one letter that is written as something else.
fn coded(rest: &str) -> Option<(char, usize)> {
    match rest.as_bytes()[0] {
        b'&' => entity(rest),
        b'%' => Some((char::from(hex(rest.get(1..3)?)?), 3)).filter(|(sign, _)| sign.is_ascii()),
        b'\\' => escape(rest),
        _ => None,
    }
}

fn entity(rest: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &rest[1..end];
    let number = match name.strip_prefix('#') {
        None => return ENTITIES.iter().find(|one| one.0 == name).map(|one| (one.1, end + 1)),
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => digits.parse(),
        },
    };
    Some((char::from_u32(number.ok()?)?, end + 1))
}

/// Reads `\@` of Markdown, `\u0040` and `\x40` of JSON, YAML and TOML.
fn escape(rest: &str) -> Option<(char, usize)> {
    let sign = rest.as_bytes().get(1)?;
    let len = match sign {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        sign if sign.is_ascii_punctuation() => return Some((char::from(*sign), 2)),
        _ => return None,
    };
    let number = u32::from_str_radix(rest.get(2..2 + len)?, 16).ok()?;
    Some((char::from_u32(number)?, 2 + len))
}

fn hex(digits: &str) -> Option<u8> {
    u8::from_str_radix(digits, 16).ok()
}

/// Marks of bold, code and deleted text stand between letters that are read as one word.
fn is_invisible(sign: char) -> bool {
    let is_mark = matches!(sign, '*' | '`' | '~');
    let is_format =
        matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}');
    is_mark || is_format || matches!(sign, '\u{2060}'..='\u{206f}')
}

/// Full-width letters and all sorts of spaces and dashes are the plain ones.
fn plain(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' | '\t' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => sign,
    }
}
