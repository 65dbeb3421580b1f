//! Text from a repository that does nothing where it is shown: on a terminal, on a build machine.

use std::fmt::Write as _;

use serde::Serialize;

/// Tells whether a character would act on a terminal, or hide or turn around what stands beside it.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Makes a text one line in which nothing acts: control and direction characters are spelled out, and so is what build
/// machines take for a command (`##[`, `##vso[`; `::` counts at the start of a line only).
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso[")
}

/// Writes JSON in which nothing acts on a terminal either; strings mean the same.
pub fn json_text(value: &impl Serialize) -> String {
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(plain.len() + 1);
    for line in plain.lines() {
        if line.contains(is_hidden) {
            push_spelled_out(&mut out, line);
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    if !out.contains("##") {
        return out;
    }
    out.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
}

/// Writes a line of JSON with its hidden letters as numbers.
fn push_spelled_out(out: &mut String, line: &str) {
    for letter in line.chars() {
        if is_hidden(letter) {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
}
