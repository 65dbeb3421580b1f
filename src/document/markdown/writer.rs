//! The writer: one string of HTML, one of plain words, and the facts found on the way. Dispatches events to the
//! concern they belong to; each concern has a file of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::blocks::{AlertTitle, Code};
use super::footnotes::Footnotes;
use super::limits::{self, Beyond};
use super::links::{Picture, Started};
use super::raw_html::RawTag;
use super::sections::Outline;
use super::tables::TableState;
use crate::document::{Document, Fault, Hole, Part, TaskState, html};
use crate::rules::{Rule, markup as rules};
use crate::source::Span;

/// Quotes and lists may be this deep.
const DEEPEST: usize = 64;
/// How many findings of the writer a file gets.
const MOST_FAULTS: usize = 100;

/// Which Markdown is read: tables, footnotes, alerts, wiki links and so on, but nothing that changes what was typed.
fn options(source: &str) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH;
    options.set(Options::ENABLE_WIKILINKS, has_wiki_links(source));
    options
}

/// Tells whether `[[` may open a wiki link: not where all double brackets are ordinary links whose words stand in
/// brackets, such as `[[1]](#one)`.
fn has_wiki_links(source: &str) -> bool {
    let mut ends = memchr::memmem::find_iter(source.as_bytes(), b"]]");
    ends.any(|end| !matches!(source.as_bytes().get(end + 2), Some(b'(' | b'[')))
}

/// Everything that is remembered between events.
pub(super) struct Writer<'a> {
    /// The Markdown, without the block of fields.
    pub(super) source: &'a str,
    /// Where the Markdown starts in the file.
    pub(super) base: usize,
    pub(super) document: Document,
    /// Anchors in use, with the number of times each slug was asked for.
    pub(super) anchors: FxHashMap<String, u32>,
    pub(super) outline: Outline,
    /// Adjacent text events, not written yet: a piece of the source.
    pub(super) run: Range<usize>,
    /// Where the names lead that the file defines, by small letters; read only where names may stand in two brackets.
    pub(super) definitions: BTreeMap<String, String>,
    /// Open links: what ends each.
    pub(super) links: Vec<Started>,
    pub(super) picture: Option<Picture>,
    pub(super) code: Option<Code>,
    pub(super) alert: Option<AlertTitle>,
    pub(super) table: Option<TableState>,
    pub(super) footnotes: Footnotes,
    /// Raw HTML elements that are open, and the markdown depth each was opened at.
    pub(super) raw: Vec<RawTag>,
    pub(super) raw_block: Option<(String, Range<usize>)>,
    /// How many tags of HTML were seen.
    pub(super) tags: usize,
    /// How many Markdown elements are open.
    pub(super) depth: usize,
    /// How many quotes, lists and items are open.
    pub(super) nesting: usize,
    /// How many elements are open that may hold phrases only.
    pub(super) phrasing: usize,
    pub(super) items: usize,
    /// Open quotes: whether each is an alert.
    pub(super) quotes: Vec<bool>,
    /// Where the emphasis or bold text being written started in the words.
    pub(super) marked_from: usize,
    too_deep: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(source: &'a str, start: usize) -> Self {
        let mut document = Document::default();
        document.body.html.reserve((source.len() - start) * 3 / 2);
        document.text.reserve(source.len() - start);
        Self {
            source: &source[start..],
            base: start,
            document,
            anchors: FxHashMap::default(),
            outline: Outline::default(),
            run: 0..0,
            definitions: BTreeMap::new(),
            links: Vec::new(),
            picture: None,
            code: None,
            alert: None,
            table: None,
            footnotes: Footnotes::default(),
            raw: Vec::new(),
            raw_block: None,
            tags: 0,
            depth: 0,
            nesting: 0,
            phrasing: 0,
            items: 0,
            quotes: Vec::new(),
            marked_from: 0,
            too_deep: false,
        }
    }

    /// Writes the whole body; says which limit is passed.
    pub(super) fn write(mut self) -> Result<Document, Beyond> {
        let options = options(self.source);
        let parser = Parser::new_ext(self.source, options);
        if options.contains(Options::ENABLE_WIKILINKS) {
            let all = parser.reference_definitions().iter();
            let named = all.map(|(name, one)| (name.to_lowercase(), one.dest.to_string()));
            self.definitions = named.collect();
        }
        for (pieces, (event, range)) in parser.into_offset_iter().enumerate() {
            let at = self.base + range.start;
            self.event(event, range);
            if let Some(beyond) = Beyond::one_of(&self.counts(pieces), at) {
                return Err(beyond);
            }
        }
        self.flush();
        self.close_raw(0);
        self.write_footnotes();
        self.end_block();
        self.close_sections(0, self.source.len(), self.document.text.len());
        self.finish_sections();
        self.finish_bold_lines();
        self.document.anchors = self.anchors.into_keys().collect();
        self.document.anchors.sort_unstable();
        Ok(self.document)
    }

    fn counts(&self, pieces: usize) -> [(&'static str, usize, usize); 6] {
        [
            ("pieces of text and markup", pieces, limits::MOST_PIECES),
            ("headings", self.document.headings.len(), limits::MOST_HEADINGS),
            ("links", self.document.links.len(), limits::MOST_LINKS),
            ("references to footnotes", self.footnotes.count, limits::MOST_REFERENCES),
            ("table cells", self.outline.cells, limits::MOST_CELLS),
            ("tags of HTML", self.tags, limits::MOST_TAGS),
        ]
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if let Event::Text(text) = &event {
            return self.text_event(text, range);
        }
        self.flush();
        if self.picture.is_some() {
            return self.picture_event(event);
        }
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.start(tag, range);
            }
            Event::End(tag) => {
                self.close_raw(self.depth);
                self.end(tag, range);
                self.depth -= 1;
            }
            event => self.leaf(event, range),
        }
    }

    fn leaf(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Code(code) => self.inline_code(&code),
            Event::InlineMath(_) | Event::DisplayMath(_) => self.math(range),
            Event::Html(text) => self.html_line(&text, range),
            Event::InlineHtml(text) => self.inline_html(&text, range),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => {
                self.end_block();
                self.push("<hr>\n");
            }
            Event::TaskListMarker(done) => {
                self.task(if done { TaskState::Done } else { TaskState::Open }, range);
            }
            Event::Text(_) | Event::Start(_) | Event::End(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { id, .. } => self.start_heading(id),
            Tag::BlockQuote(kind) => self.start_quote(kind, range),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => self.start_html(range),
            Tag::List(first) => self.start_list(first, range),
            Tag::Item => self.start_item(range),
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::Table(alignments) => self.start_table(alignments, range),
            Tag::TableHead => self.start_head(),
            Tag::TableRow => self.start_row(range),
            Tag::TableCell => self.start_cell(range),
            Tag::Emphasis => self.start_marked("<em>"),
            Tag::Strong => self.start_marked("<strong>"),
            Tag::Strikethrough => self.push("<del>"),
            Tag::Superscript => self.push("<sup>"),
            Tag::Subscript => self.push("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.start_link(link_type, &dest_url, &title, range);
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                self.start_picture(link_type, &dest_url, &title, range);
            }
            Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(range),
            TagEnd::Heading(level) => self.end_heading(level, range),
            TagEnd::BlockQuote(_) => self.end_quote(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::List(ordered) => self.end_list(ordered),
            TagEnd::Item => self.end_item(),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.block("</dl>\n"),
            TagEnd::DefinitionListTitle => self.block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.block("</dd>\n"),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_head(),
            TagEnd::TableRow => self.end_row(),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.end_emphasis(),
            TagEnd::Strong => self.end_strong(),
            TagEnd::Strikethrough => self.push("</del>"),
            TagEnd::Superscript => self.push("</sup>"),
            TagEnd::Subscript => self.push("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Appends HTML.
    pub(super) fn push(&mut self, html: &str) {
        self.document.body.html.push_str(html);
    }

    /// Puts HTML before what was written since `at`.
    pub(super) fn insert(&mut self, at: usize, html: &str) {
        self.document.body.html.insert_str(at, html);
        for hole in self.document.body.holes.iter_mut().rev().take_while(|hole| hole.at >= at) {
            hole.at += html.len();
        }
    }

    /// Appends HTML between two blocks of words.
    pub(super) fn block(&mut self, html: &str) {
        self.end_block();
        self.push(html);
    }

    /// Appends text to the page and to the words.
    pub(super) fn push_text(&mut self, text: &str) {
        html::push_text(&mut self.document.body.html, text);
        self.document.text.push_str(text);
    }

    /// Leaves a hole for what only the target of a link decides.
    pub(super) fn hole(&mut self, link: usize, part: Part) {
        self.document.body.holes.push(Hole { at: self.document.body.html.len(), link, part });
    }

    /// Turns a place in the Markdown into one in the file.
    pub(super) fn place(&self, range: &Range<usize>) -> Span {
        self.base + range.start..self.base + range.end
    }

    pub(super) fn fault(
        &mut self,
        rule: &'static Rule,
        range: &Range<usize>,
        message: String,
        help: &str,
    ) {
        if self.document.faults.len() < MOST_FAULTS {
            let span = self.place(range);
            self.document.faults.push(Fault { rule, span, message, help: Some(help.to_owned()) });
        }
    }

    /// Counts one more quote, list or item; false when it lies too deep to be shown.
    pub(super) fn enter(&mut self, range: &Range<usize>) -> bool {
        self.nesting += 1;
        if self.nesting > DEEPEST && !self.too_deep {
            self.too_deep = true;
            let message = format!("lists or quotes are nested more than {DEEPEST} levels deep");
            self.fault(&rules::TOO_DEEP, range, message, "use fewer levels");
        }
        self.nesting <= DEEPEST
    }

    /// Counts one less; false when it was too deep to be shown.
    pub(super) fn leave(&mut self) -> bool {
        self.nesting -= 1;
        self.nesting < DEEPEST
    }
}
