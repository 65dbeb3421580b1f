//! What differs between two texts: lines, and inside changed lines the words.

use std::hash::Hash;

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// Texts with more lines than this are not compared.
const MOST_LINES: usize = 20_000;

/// Writes what differs as `git apply` reads it.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after);
    let (from, to) = (format!("a/{path}"), format!("b/{path}"));
    diff.unified_diff().context_radius(AROUND).header(&from, &to).to_string()
}

/// Equal lines that are shown around a change.
const AROUND: usize = 2;

/// Changed lines that lie near each other, with some equal ones around them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Hunk {
    /// The number of the first line in the later text, from 1.
    pub line: usize,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Line {
    /// `same`, `added` or `removed`.
    pub how: &'static str,
    /// Its text in pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are what differs in a line that is otherwise the same.
    pub differs: bool,
}

/// Lists what differs; nothing when the texts are too long to be compared.
pub fn hunks(before: &str, after: &str) -> Option<Vec<Hunk>> {
    if before.lines().count().max(after.lines().count()) > MOST_LINES {
        return None;
    }
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after);
    let groups = diff.grouped_ops(AROUND).into_iter();
    let hunks = groups.map(|group| Hunk {
        line: group.first().map_or(1, |op| op.new_range().start + 1),
        lines: group
            .iter()
            .flat_map(|op| diff.iter_inline_changes(op))
            .map(|change| Line {
                how: match change.tag() {
                    ChangeTag::Equal => "same",
                    ChangeTag::Insert => "added",
                    ChangeTag::Delete => "removed",
                },
                pieces: pieces(change.iter_strings_lossy()),
            })
            .collect(),
    });
    Some(hunks.collect())
}

/// A place in two lists that are laid beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The same in both.
    Same(usize, usize),
    /// In the earlier list only.
    Gone(usize),
    /// In the later list only.
    New(usize),
}

/// Lays two lists beside each other.
pub fn align<T: Hash + Ord>(before: &[T], after: &[T]) -> Vec<Step> {
    let ops = capture_diff_slices(Algorithm::Myers, before, after).into_iter();
    let steps = ops.flat_map(|op| {
        let (old, new) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            old.zip(new).map(|(one, other)| Step::Same(one, other)).collect::<Vec<_>>()
        } else {
            old.map(Step::Gone).chain(new.map(Step::New)).collect()
        }
    });
    steps.collect()
}

/// Joins neighbours of the same sort and drops the end of the line.
fn pieces<'t>(parts: impl Iterator<Item = (bool, std::borrow::Cow<'t, str>)>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (differs, text) in parts {
        let text = text.trim_end_matches(['\n', '\r']);
        match pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.differs == differs => last.text.push_str(text),
            _ => pieces.push(Piece { text: text.to_owned(), differs }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(before: &str, after: &str) -> Vec<(usize, Vec<String>)> {
        let line = |line: &Line| {
            let words = line.pieces.iter().map(|piece| {
                if piece.differs { format!("[{}]", piece.text) } else { piece.text.clone() }
            });
            format!("{} {}", line.how, words.collect::<String>())
        };
        let hunks = hunks(before, after).unwrap_or_default();
        hunks.iter().map(|hunk| (hunk.line, hunk.lines.iter().map(line).collect())).collect()
    }

    #[test]
    fn a_changed_word_is_shown_in_its_line() {
        let before = "1\n2\n3\n4\nwait 30 seconds\n6\n7\n8\n9\n";
        let after = before.replace("30", "5");
        let lines = [
            "same 3",
            "same 4",
            "removed wait [30] seconds",
            "added wait [5] seconds",
            "same 6",
            "same 7",
        ];
        assert_eq!(marked(before, &after), [(3, lines.map(str::to_owned).to_vec())]);
    }

    #[test]
    fn new_text_has_no_marks_and_distant_changes_stand_apart() {
        let numbers: Vec<String> = (1..30).map(|number| number.to_string()).collect();
        let before = format!("{}\n", numbers.join("\n"));
        let after = format!("first\n{before}last\n");
        let found = marked(&before, &after);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            (1, vec!["added first".to_owned(), "same 1".to_owned(), "same 2".to_owned()])
        );
    }

    #[test]
    fn equal_texts_differ_in_nothing() {
        assert_eq!(hunks("a\nb\n", "a\nb\n"), Some(Vec::new()));
    }

    #[test]
    fn texts_without_end_are_not_compared() {
        assert_eq!(hunks(&"a\n".repeat(MOST_LINES + 1), "b"), None);
    }
}
