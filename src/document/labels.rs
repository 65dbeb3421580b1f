//! Values that people write behind a label in the text instead of in the block of fields: under a heading (`## Status`),
//! in a table of two columns, behind a bold word, in a line or in a bullet. One pass over the lines of the bytes, so that
//! history can ask without parsing Markdown. Nothing here knows which labels mean something.

mod line;
mod region;

pub(crate) use line::cells;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// A file has at most this many labels; more are data, not facts about the file.
const MOST: usize = 64;
/// A value is at most this long; more is text.
const LONGEST: usize = 200;

/// How a label and its value were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Written {
    /// A heading with a line or a list below it, or with the value behind a colon.
    Section,
    /// A row of a table of two columns.
    Row,
    /// A line, its label bold or plain.
    Line,
    /// An item of a list.
    Bullet,
}

/// A label of the text and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// How it was written.
    pub written: Written,
    /// The label without markup.
    pub name: String,
    /// Where the label stands.
    pub name_span: Span,
    /// The value, or each item of a list, without markup, with its place.
    pub values: Vec<(String, Span)>,
}

/// Finds the labels of a text; `start` is where its block of fields ends. Lines and tables count at the top and under
/// headings such as `Metadata`, headings down to the third level anywhere.
pub fn labels(source: &str, start: usize) -> Vec<Label> {
    labels_of(source, start, &|_| true)
}

/// Finds the labels whose names are wanted; the values of others are not read.
pub fn labels_of(source: &str, start: usize, wanted: &dyn Fn(&str) -> bool) -> Vec<Label> {
    let mut region = region::Region::new(wanted);
    let mut labels = Vec::new();
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        if labels.len() >= MOST {
            break;
        }
        region.line(&mut labels, at, line);
        at += line.len();
    }
    labels.retain(|label| !label.values.is_empty() && wanted(&label.name));
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows each label as `place name = value; value`, after a check that the spans lead to the words.
    fn shown(text: &str) -> Vec<String> {
        let one = |label: &Label| {
            assert!(
                text[label.name_span.clone()].replace('\\', "").contains(&label.name),
                "{label:?}"
            );
            let values = label.values.iter().map(|(value, span)| {
                let raw = &text[span.clone()];
                let word =
                    value.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
                assert!(raw.contains(word.unwrap()), "{raw} {value}");
                value.as_str()
            });
            let values: Vec<&str> = values.collect();
            format!("{:?} {} = {}", label.written, label.name, values.join("; "))
        };
        labels(text, 0).iter().map(one).collect()
    }

    #[test]
    fn lines_and_bullets_at_the_top() {
        let text = "# ADR 1\n\n**Status:** Accepted\n**Date**: 2026-05-05  \n* Deciders: Ann, Bob\n- **Owner:** [Ann](mailto:ann@x.example)\n> *Reviewed*: yes\nLast updated: 2026-05-06\n__Scope__ : all\n\n## Context\n\nNote: this is text\n";
        assert_eq!(
            shown(text),
            [
                "Line Status = Accepted",
                "Line Date = 2026-05-05",
                "Bullet Deciders = Ann, Bob",
                "Bullet Owner = Ann",
                "Line Reviewed = yes",
                "Line Last updated = 2026-05-06",
                "Line Scope = all",
                "Section Context = Note: this is text",
            ]
        );
    }

    #[test]
    fn several_labels_share_a_line() {
        let text = "**Status:** ✅ Accepted | **Date:** 2026-05-05 · **Owner**: Ann<br>\n";
        assert_eq!(
            shown(text),
            ["Line Status = ✅ Accepted", "Line Date = 2026-05-05", "Line Owner = Ann"]
        );
    }

    #[test]
    fn a_section_has_a_line_a_list_or_a_value_behind_its_colon() {
        let text = "# T\n\n## Status\n\n<!-- one of\nproposed -->\n\nSuperseded by [ADR-9](9.md)\n\nMore words.\n\n## Deciders\n\n* Ann\n* Bob\n\nand others\n\n### Date: 2026-05-05\n\nOwner\n-----\nAnn\n\n## 3. State - Draft\n";
        assert_eq!(
            shown(text),
            [
                "Section Status = Superseded by ADR-9",
                "Section Deciders = Ann; Bob",
                "Section Date = 2026-05-05",
                "Section Owner = Ann",
                "Section State = Draft",
            ]
        );
    }

    #[test]
    fn tables_of_two_columns_are_labels() {
        let text = "# T\n\n|   |   |\n|---|---|\n| Status | **Draft** |\n| Authors: | [A](@a), B |\n| Tickets | |\n\n| Status | Done |\n|:--|--:|\n| a \\| b | c |\n\n| x | y | z |\n|---|---|---|\n| Status | no | no |\n";
        assert_eq!(
            shown(text),
            ["Row Status = Draft", "Row Authors = A, B", "Row Status = Done", "Row a | b = c"]
        );
    }

    #[test]
    fn code_comments_and_later_text_have_no_labels() {
        let text = "# T\n\n```yaml\nStatus: a\n## Status\n```\n\n~~~\nOwner: b\n~~~\n\n<!-- Status: c -->\n    Status: d\n- [ ] Status: e\nhttps://x.example\n\n## Steps\n\nStatus: f\n\n| Status | g |\n|---|---|\n\n#### Status\n\nh\n";
        assert_eq!(shown(text), ["Section Steps = Status: f"]);
    }

    #[test]
    fn lines_count_again_under_headings_about_the_document() {
        let text = "# T\n\n## Steps\n\n1. Go\n\n## Document control\n\n| Owner | Ann |\n|---|---|\n\nStatus: live\n";
        let found = shown(text);
        assert!(found.contains(&"Row Owner = Ann".to_owned()), "{found:?}");
        assert!(found.contains(&"Line Status = live".to_owned()), "{found:?}");
    }

    #[test]
    fn odd_input_is_bounded() {
        for text in [
            "**",
            "**a",
            "**a:**",
            ":",
            "|",
            "||",
            "| |\n|",
            "#",
            "# ",
            "- ",
            "* *",
            "__:__ x",
            "[a](",
            "é: ü",
            "\u{FEFF}# Status",
        ] {
            labels(text, 0);
        }
        assert!(labels(&"a: b\n".repeat(10_000), 0).len() <= MOST);
        assert!(labels(&format!("a: {}\n", "b".repeat(10_000)), 0).is_empty());
    }
}
