//! Headings, their anchors and their sections, and whether a section says anything.

use std::ops::Range;

use pulldown_cmark::{CowStr, HeadingLevel};

use super::writer::Writer;
use crate::document::{Document, Heading, html, text};

/// A section with this many words says something.
const ENOUGH: usize = 8;
/// A list item or a command with this many words says something.
const ENOUGH_IN_ITEM: usize = 3;
/// A sentence with this many words says something.
const ENOUGH_IN_SENTENCE: usize = 4;
/// A file has at most this many bold lines that count.
const MOST_BOLD_LINES: usize = 1000;
/// A bold line of more words is a sentence.
const LONGEST_BOLD_LINE: usize = 8;

/// What is known of the sections while they are written.
#[derive(Default)]
pub(super) struct Outline {
    /// The heading being written.
    writing: Option<Writing>,
    /// Open sections, outermost first: indexes of their headings.
    open: Vec<usize>,
    /// Per heading, what its own text says, sections inside left out.
    substance: Vec<Substance>,
    /// Where the current block of words starts.
    block: usize,
    /// How many bytes of the current block are emphasised.
    emphasised: usize,
    /// How many bytes of the current block are bold.
    bold: usize,
    /// Table cells so far.
    pub(super) cells: usize,
}

struct Writing {
    explicit: Option<String>,
    html: usize,
    words: usize,
    /// Where the words are that stand for pictures.
    pictures: Vec<Range<usize>>,
}

#[derive(Default, Clone, Copy)]
struct Substance {
    words: usize,
    solid: bool,
}

impl Writer<'_> {
    pub(super) fn start_heading(&mut self, id: Option<CowStr<'_>>) {
        self.end_block();
        self.phrasing += 1;
        self.outline.writing = Some(Writing {
            explicit: id.map(CowStr::into_string),
            html: self.document.body.html.len(),
            words: self.document.text.len(),
            pictures: Vec::new(),
        });
    }

    /// Notes that the words since `start` stand for a picture.
    pub(super) fn note_picture(&mut self, start: usize) {
        if let Some(writing) = &mut self.outline.writing {
            writing.pictures.push(start..self.document.text.len());
        }
    }

    /// The words of a heading; those of its pictures only where it has no others, as of a heading that is a logo.
    fn heading_words(&self, writing: &Writing) -> String {
        let text = &self.document.text;
        let ends = writing.pictures.iter().map(|picture| picture.start).chain([text.len()]);
        let starts = [writing.words].into_iter().chain(writing.pictures.iter().map(|one| one.end));
        let words: String =
            starts.zip(ends).filter_map(|(start, end)| text.get(start..end)).collect();
        let all = if words.trim().is_empty() { &text[writing.words..] } else { &words };
        all.trim().to_owned()
    }

    pub(super) fn end_heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        self.phrasing -= 1;
        let Some(writing) = self.outline.writing.take() else { return };
        let words = self.heading_words(&writing);
        let id = match writing.explicit {
            Some(id) if !id.is_empty() => self.anchor(&id),
            _ => self.anchor(&text::slug(&words)),
        };
        let level = level as u8;
        self.close_heading(level, &id, writing.html);
        self.end_line();
        self.close_sections(level, range.start, writing.words);
        self.outline.open.push(self.document.headings.len());
        self.outline.substance.push(Substance::default());
        let start = self.document.text.len();
        self.outline.block = start;
        (self.outline.emphasised, self.outline.bold) = (0, 0);
        let section = self.base + range.end..self.base + range.end;
        let span = self.place(&self.trimmed(range));
        self.document.headings.push(Heading {
            level,
            id,
            plain: crate::kinds::normalise_heading(&words),
            text: words,
            span,
            section,
            words: start..start,
            filled: false,
        });
    }

    /// Puts the opening tag before what was written since, now that the anchor is known.
    fn close_heading(&mut self, level: u8, id: &str, start: usize) {
        let mut open = format!("<h{level} id=\"");
        html::push_attribute(&mut open, id);
        open.push_str("\">");
        self.insert(start, &open);
        let out = &mut self.document.body.html;
        out.push_str(" <a class=\"anchor\" href=\"#");
        html::push_address(out, id);
        out.push_str("\" aria-label=\"Link to this section\">#</a></h");
        out.push(char::from(b'0' + level));
        out.push_str(">\n");
    }

    /// Drops the line break at the end of a block's range.
    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let kept = self.source.get(range.clone()).map_or(0, |text| text.trim_end().len());
        range.start..range.start + kept
    }

    /// Makes an anchor that no other element has: `-1`, `-2` on repeats, as GitHub does.
    pub(super) fn anchor(&mut self, slug: &str) -> String {
        let mut count = match self.anchors.get(slug) {
            None => {
                self.anchors.insert(slug.to_owned(), 0);
                return slug.to_owned();
            }
            Some(count) => *count,
        };
        loop {
            count += 1;
            let anchor = format!("{slug}-{count}");
            if !self.anchors.contains_key(&anchor) {
                self.anchors.insert(anchor.clone(), 0);
                self.anchors.insert(slug.to_owned(), count);
                return anchor;
            }
        }
    }

    /// Ends the sections that a heading of this level ends.
    pub(super) fn close_sections(&mut self, level: u8, at: usize, words: usize) {
        let place = self.base + at;
        while let Some(index) = self.outline.open.last().copied() {
            let heading = &mut self.document.headings[index];
            if heading.level < level {
                break;
            }
            heading.section.end = place.max(heading.section.start);
            heading.words.end = words.max(heading.words.start);
            self.outline.open.pop();
        }
    }

    /// Ends a line of words.
    pub(super) fn end_line(&mut self) {
        let words = &mut self.document.text;
        words.truncate(words.trim_end_matches(' ').len());
        if !words.is_empty() && !words.ends_with('\n') {
            words.push('\n');
        }
    }

    /// Ends a block of words and weighs it.
    pub(super) fn end_block(&mut self) {
        if self.outline.writing.is_some() || self.document.text.len() == self.outline.block {
            return;
        }
        self.weigh();
        self.end_line();
        self.outline.block = self.document.text.len();
        (self.outline.emphasised, self.outline.bold) = (0, 0);
    }

    /// Ends a block of words that was weighed otherwise.
    pub(super) fn skip_block(&mut self) {
        self.outline.block = self.document.text.len();
        (self.outline.emphasised, self.outline.bold) = (0, 0);
    }

    fn weigh(&mut self) {
        let block = self.document.text.get(self.outline.block..).unwrap_or_default().trim();
        let Some(substance) = self.outline.substance.last_mut() else { return };
        let guidance = self.outline.emphasised >= block.len();
        if substance.solid || guidance {
            return;
        }
        let words = text::substance(block, ENOUGH);
        substance.words += words;
        substance.solid = substance.words >= ENOUGH
            || (self.items > 0 && words >= ENOUGH_IN_ITEM)
            || (words >= ENOUGH_IN_SENTENCE && text::is_statement(block));
    }

    /// Notes that the section holds something that is never a placeholder.
    pub(super) fn note_solid(&mut self) {
        if let Some(substance) = self.outline.substance.last_mut() {
            substance.solid = true;
        }
    }

    /// Notes a block of code: a command says something.
    pub(super) fn note_code(&mut self, code: &str, diagram: bool) {
        if diagram || text::substance(code, ENOUGH_IN_ITEM) >= ENOUGH_IN_ITEM {
            self.note_solid();
        }
    }

    pub(super) fn note_emphasis(&mut self, bytes: usize) {
        self.outline.emphasised += bytes;
    }

    pub(super) fn note_bold(&mut self, bytes: usize) {
        self.outline.bold += bytes;
    }

    /// Notes a paragraph that is nothing but a few bold words.
    pub(super) fn note_bold_line(&mut self, range: Range<usize>) {
        let start = self.outline.block;
        let words = self.document.text.get(start..).unwrap_or_default().trim();
        let title = words.trim_end_matches(':').trim_end();
        let few = self.document.bold_lines.len() < MOST_BOLD_LINES;
        let stands_alone = few && self.items == 0 && self.quotes.is_empty() && self.table.is_none();
        let is_bold = !title.is_empty() && self.outline.bold >= title.len();
        if !stands_alone || !is_bold || title.split_whitespace().count() > LONGEST_BOLD_LINE {
            return;
        }
        let text = title.to_owned();
        let after = start + self.document.text[start..].len();
        let span = self.place(&self.trimmed(range));
        self.document.bold_lines.push(Heading {
            level: 7,
            id: String::new(),
            plain: crate::kinds::normalise_heading(&text),
            text,
            section: span.end..span.end,
            span,
            words: after..after,
            filled: false,
        });
    }

    /// Ends each bold line's section at the next heading or bold line.
    pub(super) fn finish_bold_lines(&mut self) {
        let Document { headings, bold_lines, text, .. } = &mut self.document;
        let end = self.base + self.source.len();
        let mut starts: Vec<(usize, usize)> = headings
            .iter()
            .map(|heading| (heading.span.start, heading.words.start))
            .chain(bold_lines.iter().map(|line| (line.span.start, line.words.start)))
            .collect();
        starts.sort_unstable();
        for line in bold_lines {
            let next = starts.partition_point(|(start, _)| *start < line.span.end);
            let (section, words) = starts.get(next).copied().unwrap_or((end, text.len()));
            line.section.end = section;
            // The words of the next title stand before its section.
            let title = text[..words].trim_end().rfind('\n').map_or(words, |at| at + 1);
            let words = if section == end { words } else { title };
            line.words.end = words.max(line.words.start);
            let words = &text[line.words.clone()];
            let said = text::substance(words, ENOUGH);
            let source = &self.source[line.section.start - self.base..section - self.base];
            line.filled = said >= ENOUGH
                || (said >= ENOUGH_IN_ITEM && has_items(source))
                || (said >= ENOUGH_IN_SENTENCE && text::is_statement(words));
        }
    }

    /// Index of the innermost section.
    pub(super) fn section(&self) -> Option<usize> {
        self.outline.open.last().copied()
    }

    /// Decides which sections say something; a section includes those inside it.
    pub(super) fn finish_sections(&mut self) {
        let mut total = std::mem::take(&mut self.outline.substance);
        let mut inside: Vec<usize> = Vec::new();
        for index in (0..self.document.headings.len()).rev() {
            let level = self.document.headings[index].level;
            while let Some(child) = inside.last().copied() {
                if self.document.headings[child].level <= level {
                    break;
                }
                total[index].words += total[child].words;
                total[index].solid |= total[child].solid;
                inside.pop();
            }
            inside.push(index);
            self.document.headings[index].filled =
                total[index].solid || total[index].words >= ENOUGH;
        }
    }
}

/// Tells whether a text has a list, a table or code.
fn has_items(source: &str) -> bool {
    source.lines().map(str::trim_start).any(|line| {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = number.len() < line.len() && number.starts_with(". ");
        numbered || ["- ", "* ", "+ ", "|", "```", "~~~"].iter().any(|mark| line.starts_with(mark))
    })
}
