//! Footnotes: numbered in order of their first reference, shown at the end, each with links back.

use rustc_hash::FxHashMap;

use super::writer::Writer;
use crate::document::Hole;

/// What is known of the footnotes while they are written.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Label to number, from 1.
    numbers: FxHashMap<String, usize>,
    /// Number of references, by number.
    references: Vec<usize>,
    /// Number of all references.
    pub(super) count: usize,
    /// Definitions, by number.
    definitions: Vec<Option<Definition>>,
    /// Definitions being written: number, start in the HTML, first hole.
    open: Vec<(usize, usize, usize)>,
}

struct Definition {
    html: String,
    holes: Vec<Hole>,
}

impl Footnotes {
    fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.references.push(0);
        self.definitions.push(None);
        self.numbers.insert(label.to_owned(), self.references.len());
        self.references.len()
    }
}

impl Writer<'_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let number = self.footnotes.number(label);
        self.footnotes.references[number - 1] += 1;
        self.footnotes.count += 1;
        let count = self.footnotes.references[number - 1];
        if self.is_in_link() {
            return self.push(&format!("<sup>{number}</sup>"));
        }
        self.push(&format!("<sup class=\"footnote\" id=\"fr:{number}:{count}\"><a href=\"#fn:{number}\">{number}</a></sup>"));
    }

    pub(super) fn start_footnote(&mut self, label: &str) {
        self.end_block();
        let number = self.footnotes.number(label);
        self.footnotes.open.push((
            number,
            self.document.body.html.len(),
            self.document.body.holes.len(),
        ));
    }

    /// Takes the definition out of the text; it is written at the end.
    pub(super) fn end_footnote(&mut self) {
        self.end_block();
        let Some((number, start, first)) = self.footnotes.open.pop() else { return };
        let html = self.document.body.html.split_off(start);
        let mut holes = self.document.body.holes.split_off(first);
        for hole in &mut holes {
            hole.at -= start;
        }
        self.footnotes.definitions[number - 1].get_or_insert(Definition { html, holes });
    }

    pub(super) fn write_footnotes(&mut self) {
        if self.footnotes.references.is_empty() {
            return;
        }
        let footnotes = std::mem::take(&mut self.footnotes);
        self.push("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n");
        for (index, definition) in footnotes.definitions.into_iter().enumerate() {
            self.write_footnote(index + 1, definition, footnotes.references[index]);
        }
        self.push("</ol></section>\n");
    }

    fn write_footnote(&mut self, number: usize, definition: Option<Definition>, references: usize) {
        self.push(&format!("<li id=\"fn:{number}\">"));
        self.anchors.insert(format!("fn:{number}"), 0);
        if let Some(definition) = definition {
            let start = self.document.body.html.len();
            let html = definition.html.trim_end();
            self.push(html);
            let moved = definition
                .holes
                .iter()
                .map(|hole| Hole { at: hole.at.min(html.len()) + start, ..*hole });
            self.document.body.holes.extend(moved);
        }
        for count in 1..=references {
            self.push(&format!(
                " <a href=\"#fr:{number}:{count}\" aria-label=\"Back to reference {number}\">↩</a>"
            ));
        }
        self.push("</li>\n");
    }
}
