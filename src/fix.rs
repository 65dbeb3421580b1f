//! Mends what is certain: one part of one link takes the place of another, and nothing else of the file changes, neither
//! its bytes nor what they mean.

use crate::diagnostic::{Diagnostic, Fix};
use crate::document::{Document, Link, parse};
use crate::source::Span;

/// A text that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// How many findings are mended.
    pub count: usize,
}

/// Mends a text by the findings about it. A finding whose mend would change anything else is left alone.
pub fn mend<'d>(text: &str, findings: impl Iterator<Item = &'d Diagnostic>) -> Mended {
    let mut mended = Mended { text: text.to_owned(), count: 0 };
    let mut document = parse(text.as_bytes());
    let place = |span| document.links.iter().position(|one| (one.span.start, one.span.end) == span);
    let wanted = findings.filter_map(|one| Some((place(one.span)?, one.fix.as_deref()?)));
    let mut wanted: Vec<(usize, &Fix)> = wanted.collect();
    wanted.sort();
    wanted.dedup_by_key(|(link, _)| *link);
    for (link, fix) in wanted {
        // Links stay in their order, wherever their bytes move.
        let span = document.links[link].span.clone();
        let Some(next) = replaced(&mended.text, span, fix) else { continue };
        let after = parse(next.as_bytes());
        if says_the_same(&document, &after, link, fix) {
            (mended.text, mended.count) = (next, mended.count + 1);
            document = after;
        }
    }
    mended
}

/// Replaces the last place of a span that has the old text: what a link leads to stands behind its words.
fn replaced(text: &str, span: Span, fix: &Fix) -> Option<String> {
    let at = span.start + text.get(span)?.rfind(&fix.old)?;
    Some([&text[..at], &fix.new, &text[at + fix.old.len()..]].concat())
}

/// Tells whether two documents differ in nothing but the target of one link.
fn says_the_same(before: &Document, after: &Document, at: usize, fix: &Fix) -> bool {
    let headings = |document: &Document| -> Vec<(String, String)> {
        document.headings.iter().map(|one| (one.id.clone(), one.text.clone())).collect()
    };
    let is_same = |(nth, (one, other)): (usize, (&Link, &Link))| {
        let is_meant = nth == at
            && one.target.rfind(&fix.old).is_some_and(|place| {
                let end = place + fix.old.len();
                other.target == [&one.target[..place], &fix.new, &one.target[end..]].concat()
            });
        one.form == other.form && (is_meant || nth != at && one.target == other.target)
    };
    before.links.len() == after.links.len()
        && before.text == after.text
        && before.front_matter.span == after.front_matter.span
        && headings(before) == headings(after)
        && before.anchors == after.anchors
        && before.links.iter().zip(&after.links).enumerate().all(is_same)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::link::BROKEN;
    use crate::source::RepoPath;

    /// Says of each link that leads to `old` that it should lead to `new`.
    fn findings(text: &str, old: &str, new: &str) -> Vec<Diagnostic> {
        let path = RepoPath::new("a.md");
        let document = parse(text.as_bytes());
        let wrong = document.links.iter().filter(|link| link.target.contains(old));
        wrong
            .map(|link| Diagnostic::new(&BROKEN, &path, &link.span, "gone").fix(old, new))
            .collect()
    }

    fn mended(text: &str) -> Mended {
        mend(text, findings(text, "gone.md", "b/c.md").iter())
    }

    #[test]
    fn only_the_target_changes() {
        for (text, expected) in [
            ("[a](gone.md)", "[a](b/c.md)"),
            ("[gone.md](gone.md#x \"t\")", "[gone.md](b/c.md#x \"t\")"),
            ("gone.md [a](<gone.md>) gone.md", "gone.md [a](<b/c.md>) gone.md"),
            ("![a](gone.md)\r\n[[gone.md]]", "![a](b/c.md)\r\n[[gone.md]]"),
            // Words that stay, a title and a name that stands for the target are none.
            ("[a](gone.md \"gone.md\")", "[a](gone.md \"gone.md\")"),
            ("[a][gone.md]\n\n[gone.md]: gone.md", "[a][gone.md]\n\n[gone.md]: gone.md"),
            ("`[a](gone.md)`", "`[a](gone.md)`"),
        ] {
            let text = format!("---\nid: A\nsee: gone.md\n---\n# T\n\n{text}\n");
            let expected = format!("---\nid: A\nsee: gone.md\n---\n# T\n\n{expected}\n");
            assert_eq!(mended(&text).text, expected);
        }
    }

    /// Takes the places out at which two texts differ as a mend may make them differ.
    fn is_exact(before: &str, after: &str, count: usize) -> bool {
        let (mut rest, mut at, mut changed) = (after, 0, 0);
        while at < before.len() {
            let same =
                before[at..].bytes().zip(rest.bytes()).take_while(|(one, other)| one == other);
            let same = same.count();
            if at + same == before.len() {
                return rest.len() == same && changed == count;
            }
            // What is replaced begins at or before the first difference.
            let Some(start) = before[..=at + same].rfind('g') else { return false };
            if !before[start..].starts_with("gone.md") || start < at {
                return false;
            }
            rest = match rest[start - at..].strip_prefix("b/c.md") {
                Some(rest) => rest,
                None => return false,
            };
            (at, changed) = (start + "gone.md".len(), changed + 1);
        }
        rest.is_empty() && changed == count
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn mending_is_exact_and_done_once(pieces in prop::collection::vec(prop::sample::select(vec![
            "[a](gone.md)", "[gone.md](gone.md)", "[[gone.md]]", "![é](gone.md \"t\")", "[x][gone.md]",
            "\n\n[gone.md]: gone.md\n\n", "`gone.md`", "<gone.md>", "[", "](gone.md)", "\n", "\r\n", "# ", "> ",
            "| a | b |\n|---|---|\n", "| [a](gone.md) | b |\n", "```\n", "    ", "<a href=\"gone.md\">", "\\", "é",
            "\u{202e}", "- ", "---\n", "*", "<!--", "-->", "words",
        ]), 0..24)) {
            let text = pieces.concat();
            let once = mended(&text);
            prop_assert!(is_exact(&text, &once.text, once.count), "{text:?} became {:?}", once.text);
            let twice = mended(&once.text);
            prop_assert_eq!((twice.text, twice.count), (once.text, 0));
        }
    }
}
