//! Text from a repository inside Markdown that a forge shows: it stays text. No markup, no HTML, no picture, no link, no
//! mention of people, no reference to issues, and no line that begins with a command.

use std::fmt::Write as _;

use crate::visible::visible;

/// A letter of no width, by which a word is no mention and no reference any more.
const APART: &str = "&#8203;";
/// Longer texts are cut.
const LONGEST: usize = 300;

/// Writes a text as words.
pub fn plain(text: &str) -> String {
    let text = visible(&cut(text));
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '{' | '}' | '^' | '=' => {
                out.extend(['\\', letter]);
            }
            // Of people, issues, merge requests, milestones; `https://`, `www.`, `GH-1`.
            '@' | '#' | '!' | '%' | ':' | '"' => {
                out.push(letter);
                out.push_str(APART);
            }
            '.' if ends_with(&out, "www") => out.extend([APART, "."]),
            '-' if ends_with(&out, "gh") => out.extend([APART, "-"]),
            '/' if out.is_empty() || out.ends_with(' ') => out.extend([APART, "/"]),
            letter => out.push(letter),
        }
    }
    out
}

fn ends_with(text: &str, word: &str) -> bool {
    let start = text.len().saturating_sub(word.len());
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Writes a text as code, in which nothing else counts either.
pub fn code(text: &str) -> String {
    let text = visible(&cut(text)).replace('|', "\\|");
    let runs = text.split(|letter| letter != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{gap}{text}{gap}{fence}")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Joins sections to a text of at most `most` bytes: what does not fit is left out by whole lines, and told.
pub fn join(sections: &[String], most: usize) -> String {
    const ROOM: usize = 100;
    let mut out = String::new();
    let mut left = 0;
    for line in sections.iter().flat_map(|section| section.split_inclusive('\n')) {
        if left == 0 && out.len() + line.len() + ROOM <= most {
            out.push_str(line);
        } else if !line.trim().is_empty() {
            left += 1;
        }
    }
    if left > 0 {
        let _ = writeln!(out, "\n{left} more lines are left out: they are too many for this page");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_by_whole_lines_and_told() {
        let lines = ["one\n".repeat(40), "two\n".repeat(40)];
        assert_eq!(join(&lines, 1000), lines.concat());
        let cut = join(&lines, 200);
        assert!(cut.len() <= 200 && cut.starts_with("one\none\n"), "{cut}");
        assert!(cut.contains("\n55 more lines are left out"), "{cut}");
    }

    #[test]
    fn code_holds_any_letter() {
        for (text, written) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b", "`a\\|b`"), (" ", "`   `")]
        {
            assert_eq!(code(text), written);
        }
    }
}
