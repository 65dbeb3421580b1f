//! `SUMMARY.md`, the reading order of a book, as mdBook defines it.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::source::Span;

/// A line of a `SUMMARY.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// The text of the link or of the part title, without markup.
    pub title: String,
    /// The file as written, relative to `SUMMARY.md`; empty for a draft chapter.
    pub target: String,
    /// Where it stands.
    pub span: Span,
}

/// What a line of a `SUMMARY.md` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A chapter in a list, with its depth from 0.
    Numbered(usize),
    /// A chapter before or after the lists.
    Affix,
    /// A `#` heading between lists.
    Part,
    /// A rule.
    Separator,
}

/// Reads the lines of a `SUMMARY.md` in order. Text that is no chapter is passed over.
pub fn parse(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut depth = 0;
    let mut open: Option<Line> = None;
    for (event, span) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if !lines.is_empty() => {
                open = Some(Line {
                    kind: LineKind::Part,
                    title: String::new(),
                    target: String::new(),
                    span,
                });
            }
            Event::Start(Tag::Link { dest_url, .. }) if open.is_none() => {
                let kind = if depth == 0 { LineKind::Affix } else { LineKind::Numbered(depth - 1) };
                let target = dest_url.replace("%20", " ");
                open = Some(Line { kind, title: String::new(), target, span });
            }
            Event::End(TagEnd::Link | TagEnd::Heading(HeadingLevel::H1)) => {
                lines.extend(open.take());
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(line) = &mut open {
                    line.title.push_str(&words);
                }
            }
            Event::Rule => lines.push(Line {
                kind: LineKind::Separator,
                title: String::new(),
                target: String::new(),
                span,
            }),
            _ => {}
        }
    }
    lines
}

/// Returns the chapter number of each line (`1.2.`), running on across parts; empty where there is none.
pub fn numbers(lines: &[Line]) -> Vec<String> {
    let mut counters: Vec<usize> = Vec::new();
    lines
        .iter()
        .map(|line| {
            let LineKind::Numbered(depth) = line.kind else { return String::new() };
            counters.resize(depth + 1, 0);
            counters[depth] += 1;
            let numbers: Vec<String> = counters.iter().map(usize::to_string).collect();
            format!("{}.", numbers.join("."))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "# Summary\n\n[Preface](preface.md)\n\n- [A `code` *em*](a.md)\n  - [Inner](a/b%20c.md)\n- [Draft]()\n\n# Part two\n\n- [Last](z.md)\n\n---\n\n[Thanks](thanks.md)\n";

    #[test]
    fn chapters_keep_their_order_depth_and_numbers() {
        let lines = parse(BOOK);
        let told: Vec<String> = lines
            .iter()
            .zip(numbers(&lines))
            .map(|(line, number)| {
                format!("{:?} {number} {} <{}>", line.kind, line.title, line.target)
            })
            .collect();
        assert_eq!(
            told,
            [
                "Affix  Preface <preface.md>",
                "Numbered(0) 1. A code em <a.md>",
                "Numbered(1) 1.1. Inner <a/b c.md>",
                "Numbered(0) 2. Draft <>",
                "Part  Part two <>",
                "Numbered(0) 3. Last <z.md>",
                "Separator   <>",
                "Affix  Thanks <thanks.md>",
            ]
        );
    }
}
