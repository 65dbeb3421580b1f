//! Comments that speak to us: what they say, and of which lines.

use std::ops::Range;

use super::writer::Writer;
use crate::document::Aside;
use crate::source::Span;

/// What such a comment begins with.
const SIGN: &str = "readymark:";

impl Writer<'_> {
    /// Takes down a comment that speaks to us; `range` holds it.
    pub(super) fn comment(&mut self, text: &str, range: &Range<usize>) {
        let Some(words) = text.trim_start().strip_prefix(SIGN) else { return };
        let source = self.source;
        let known =
            self.document.asides.last().map_or(range.start, |last| last.span.end - self.base);
        let from = known.clamp(range.start, range.end);
        let Some(sign) = source[from..range.end].find(SIGN).map(|at| from + at) else { return };
        let Some(start) = source[from..sign].rfind("<!--").map(|at| from + at) else { return };
        let end = source[start..].find("-->").map_or(range.end, |at| start + at + "-->".len());
        let moved = |span: Span| span.start + self.base..span.end + self.base;
        let aside = Aside {
            words: words.trim().to_owned(),
            span: moved(start..end),
            about: moved(about(source, start..end)),
            first: source[..start].trim().is_empty(),
        };
        self.document.asides.push(aside);
    }
}

/// Finds the block below a comment that stands alone, else the line that it stands in.
fn about(source: &str, span: Span) -> Span {
    let is_end = |letter: char| matches!(letter, '\n' | '\r');
    let start = source[..span.start].rfind(is_end).map_or(0, |at| at + 1);
    let end = source[span.end..].find(is_end).map_or(source.len(), |at| span.end + at);
    if !is_blank(&source[start..span.start]) || !is_blank(&source[span.end..end]) {
        return start..end;
    }
    let mut block = end..end;
    for line in source[end..].split_inclusive(is_end) {
        if is_blank(line) && block.start < block.end {
            break;
        }
        block.end += line.len();
        if is_blank(line) {
            block.start = block.end;
        }
    }
    block
}

/// Tells whether a line says nothing, also inside a quote.
fn is_blank(line: &str) -> bool {
    line.chars().all(|letter| letter.is_whitespace() || letter == '>')
}

#[cfg(test)]
mod tests {
    use crate::document::parse;

    #[test]
    fn a_comment_speaks_of_the_block_below_or_of_its_line() {
        for (text, about, first) in [
            ("<!-- readymark: x -->\n\nOne\ntwo\n\nthree\n", "One\ntwo\n", true),
            ("# T\n\n<!-- readymark: x -->\nOne\n\ntwo\n", "One\n", false),
            ("One <!-- readymark: x --> two\nthree\n", "One <!-- readymark: x --> two", false),
            ("> <!-- readymark: x -->\n>\n> One\n> two\n>\n> three\n", "> One\n> two\n", false),
            ("One\n\n<!-- readymark: x -->\n", "", false),
            ("<!-- readymark: x", "", true),
            (
                "é\u{fffd}\n\n<!-- a --><!-- readymark: x -->\n\nOne",
                "<!-- a --><!-- readymark: x -->",
                false,
            ),
        ] {
            let document = parse(text.as_bytes());
            let [aside] = document.asides.as_slice() else { panic!("{text:?}") };
            assert_eq!(aside.words, "x", "{text:?}");
            assert_eq!((&text[aside.about.clone()], aside.first), (about, first), "{text:?}");
        }
        assert!(parse(b"<!-- a -->\n\n`<!-- readymark: x -->`\n").asides.is_empty());
    }
}
