//! Digests of what a document or a row says, for links that are pinned to a text. What changes without a change of
//! meaning is left out: spaces at the ends of lines, empty lines around the text, the order and the spelling of fields,
//! and the words that say where the text stands in its life (`status`, `approvals`, `reviewed`, `review_by`, `date`),
//! in the block of fields and behind labels.

use super::front_matter::{FrontMatter, Node, State, Value};
use super::labels::Label;
use crate::kinds::common;
use crate::source::Span;

/// The first sixteen bytes of a BLAKE3 hash.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 16]);

/// The common fields that say where a text stands in its life, not what it says.
const VOLATILE: [&str; 5] = ["status", "approvals", "reviewed", "review_by", "date"];

impl Digest {
    /// Writes the digest as people compare it: 32 hexadecimal digits.
    pub fn hex(self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::with_capacity(32), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Digests a file. `start` is where its block of fields ends.
pub fn of_text(source: &str, start: usize, fields: &FrontMatter, labels: &[Label]) -> Digest {
    let mut parts = Parts::default();
    if fields.state == State::Unreadable {
        parts.add(&source[fields.span.clone()]);
    }
    let mut said: Vec<(String, &Node)> = fields
        .fields
        .iter()
        .map(|field| (canonical(&field.key), &field.value))
        .filter(|(key, _)| !VOLATILE.contains(&key.as_str()))
        .collect();
    said.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (key, value) in said {
        parts.add(&key);
        parts.value(value);
    }
    parts.add("");
    parts.add(kept(source, start, &told(labels)).trim());
    parts.digest()
}

/// The text from `start` on without what is left out, which comes in order.
fn kept(source: &str, start: usize, mut told: &[Span]) -> String {
    let mut place = start;
    let mut lines = String::with_capacity(source.len() - start + 1);
    for line in source[start..].split_inclusive('\n') {
        let end = place + line.len();
        let (inside, later) = told.split_at(told.partition_point(|span| span.start < end));
        without(&mut lines, line, place, inside);
        (place, told) = (end, later);
    }
    lines
}

/// Digests a row: what each column says, whatever the order of the columns.
pub fn of_cells(mut cells: Vec<(String, String)>) -> Digest {
    cells.sort();
    let mut parts = Parts::default();
    for (column, text) in &cells {
        parts.add(column);
        parts.add(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    parts.digest()
}

/// Each part with its length before it, so that no two lists of parts look alike.
#[derive(Default)]
struct Parts(blake3::Hasher);

impl Parts {
    fn add(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn value(&mut self, node: &Node) {
        match &node.value {
            Value::Null => self.add("-"),
            Value::Scalar(text) => self.add(text.trim()),
            Value::List(items) => {
                self.add("[");
                for item in items {
                    self.value(item);
                }
                self.add("]");
            }
            Value::Map(fields) => {
                self.add("{");
                for field in fields {
                    self.add(&field.key);
                    self.value(&field.value);
                }
                self.add("}");
            }
        }
    }

    fn digest(&self) -> Digest {
        let hash = self.0.finalize();
        Digest(std::array::from_fn(|at| hash.as_bytes()[at]))
    }
}

/// The name of a common field under any of its names; any other key in small letters.
fn canonical(key: &str) -> String {
    let known = common().iter().find(|spec| spec.knows(key));
    known.map_or_else(|| key.to_lowercase().replace('_', "-"), |spec| spec.name.clone())
}

/// Where labels tell what is left out.
fn told(labels: &[Label]) -> Vec<Span> {
    let volatile = labels.iter().filter(|label| VOLATILE.contains(&&*canonical(&label.name)));
    let mut spans: Vec<Span> =
        volatile.flat_map(|label| &label.values).map(|(_, span)| span.clone()).collect();
    spans.sort_by_key(|span| span.start);
    spans
}

/// Adds a line that starts at `place` without what is left out of it and without spaces at its end.
fn without(out: &mut String, line: &str, place: usize, told: &[Span]) {
    let mut done = 0;
    for span in told {
        let start = span.start.saturating_sub(place);
        out.push_str(line.get(done..start).unwrap_or_default());
        done = span.end.saturating_sub(place).min(line.len()).max(done);
    }
    out.push_str(line.get(done..).unwrap_or_default().trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use crate::document::parse;

    fn same(one: &str, other: &str) -> bool {
        parse(one.as_bytes()).digest == parse(other.as_bytes()).digest
    }

    #[test]
    fn the_life_of_a_text_and_its_spaces_do_not_count() {
        let text = "---\nid: RB-1\nstatus: draft\ntitle: Restart\n---\n# Restart\n\n**Status:** draft\n\nDo it.\n";
        let later = "---\ntitle: Restart\nstatus: approved\nreviewed: 2026-05-05\ndoc_id: RB-1\n---\n\n# Restart  \r\n\n**Status:** approved\n\nDo it.\n\n";
        assert!(same(text, later));
    }

    #[test]
    fn every_word_and_field_that_says_something_counts() {
        let text = "---\nid: RB-1\nrisk: low\n---\n# A\n\nDo it.\n";
        for other in [
            "---\nid: RB-2\nrisk: low\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\nrisk: high\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\n---\n# A\n\nDo it.\n",
            "---\nid: RB-1\nrisk: low\n---\n# A\n\n`Do` it.\n",
            "---\nid: RB-1\nrisk: low\n---\n# A\n\n- Do it.\n",
        ] {
            assert!(!same(text, other), "{other}");
        }
    }
}
