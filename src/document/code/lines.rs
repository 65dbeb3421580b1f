//! Languages that are read a line at a time: console sessions and differences.

use super::{Kind, Lexicon, lexer, push};
use crate::document::html::push_text;
use crate::document::text::prefix;

/// Marks prompts and reads the commands behind them as shell; output stays plain.
pub(super) fn console(out: &mut String, shell: &Lexicon, code: &str) {
    let mut continued = false;
    for line in code.split_inclusive('\n') {
        let prompt = if continued { 0 } else { prompt(line) };
        if prompt == 0 && !continued {
            push_text(out, line);
            continue;
        }
        if prompt > 0 {
            push(out, Kind::Variable, &line[..prompt]);
        }
        lexer::words(out, shell, &line[prompt..]);
        continued = line.trim_end().ends_with('\\');
    }
}

/// Length of the prompt at the start of a line: `$ `, `# `, `> `, `PS C:\> `, `ada@host:~$ `.
fn prompt(line: &str) -> usize {
    const LONGEST: usize = 60;
    let window = prefix(line, LONGEST);
    let Some(sign) = window.find(['$', '#', '>', '%']) else { return 0 };
    let before = &window[..sign];
    let known = before.is_empty()
        || (before.contains('@') && !before.contains(' '))
        || before.starts_with("PS ")
        || (before.starts_with('[') && before.ends_with(']'));
    let spaced = line[sign + 1..].starts_with(' ');
    if known && spaced { sign + 2 } else { 0 }
}

/// Marks added and removed lines.
pub(super) fn diff(out: &mut String, code: &str) {
    for line in code.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        match kind_of_line(text) {
            Some(kind) => push(out, kind, text),
            None => push_text(out, text),
        }
        out.push_str(&line[text.len()..]);
    }
}

fn kind_of_line(line: &str) -> Option<Kind> {
    const HEADERS: [&str; 7] =
        ["+++", "---", "diff ", "index ", "new file", "deleted file", "rename "];
    if line.is_empty() {
        None
    } else if HEADERS.iter().any(|header| line.starts_with(header)) {
        Some(Kind::Comment)
    } else {
        match line.as_bytes()[0] {
            b'+' => Some(Kind::Plus),
            b'-' => Some(Kind::Minus),
            b'@' => Some(Kind::Keyword),
            _ => None,
        }
    }
}
