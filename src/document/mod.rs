//! One Markdown file, parsed. Depends on the bytes alone: no path, no other file, no settings, no clock,
//! so that one result serves every version, the history and every preview round.

pub mod code;
pub mod digest;
pub mod front_matter;
pub mod html;
pub mod include;
pub mod labels;
pub mod markdown;
pub mod summary;
pub mod text;

use crate::source::Span;
pub use front_matter::{Field, FrontMatter, Node, Value};
pub use labels::{Label, Written};
pub use markdown::parse;

/// The facts of one Markdown file and its body as HTML with holes where other files decide.
/// All spans are byte offsets in the file as stored, front matter and byte order mark included.
#[derive(Debug, Default)]
pub struct Document {
    /// The block of fields at the top.
    pub front_matter: FrontMatter,
    /// Values behind labels in the text, in order of appearance.
    pub labels: Vec<Label>,
    /// Headings in order of appearance.
    pub headings: Vec<Heading>,
    /// Every anchor of the page, sorted: of headings, rows, footnotes and raw HTML.
    pub anchors: Vec<String>,
    /// Bold lines that stand alone, as people write who do not use headings: level 7, without an anchor.
    pub bold_lines: Vec<Heading>,
    /// Links, images, wiki links and mentions in order of appearance.
    pub links: Vec<Link>,
    /// Tables in order of appearance.
    pub tables: Vec<Table>,
    /// Task list items in order of appearance.
    pub tasks: Vec<Task>,
    /// The words of the body without markup, one line per block; for search and summaries.
    pub text: String,
    /// The body as HTML.
    pub body: Body,
    /// Byte offset of the start of each line.
    pub lines: Vec<u32>,
    /// Whether every letter is one byte and lines end with a line feed: then columns are offsets.
    pub is_plain: bool,
    /// Where the text comes from when other files were filled in; empty when it is that of one file.
    pub pieces: Vec<include::Piece>,
    /// What is wrong with these bytes by themselves.
    pub faults: Vec<Fault>,
    /// Comments that speak to us, in order of appearance.
    pub asides: Vec<Aside>,
    /// Names what the file says, see [`digest`].
    pub digest: digest::Digest,
}

/// A heading and the section it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6; 7 for a bold line.
    pub level: u8,
    /// The anchor, unique in the file: GitHub's slug, or the explicit `{#id}`.
    pub id: String,
    /// The words without markup.
    pub text: String,
    /// The words as headings are compared, see [`crate::kinds::normalise_heading`].
    pub plain: String,
    /// The heading itself.
    pub span: Span,
    /// Everything after the heading up to the next heading of the same or a higher level.
    pub section: Span,
    /// The part of [`Document::text`] that belongs to the section.
    pub words: Span,
    /// Whether the section holds more than placeholders (eight words, a sentence of four, a table row, a list item of
    /// three words, a picture or a link).
    pub filled: bool,
}

/// How a link was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkForm {
    /// `[text](target)`, reference links and `<target>`.
    Inline,
    /// `[[target]]` or `[[target|text]]`.
    Wiki {
        /// Whether the author gave a text.
        titled: bool,
    },
    /// `![text](target)`.
    Image,
    /// A word of the text that looks like an id (`RB-004`). Not a link when nothing has that id.
    Mention,
}

/// A link as written. External targets (`https`, `http`, `mailto`, `tel`) are already in the HTML and listed
/// here without holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// How it was written.
    pub form: LinkForm,
    /// The target as the author wrote it, entities and escapes resolved.
    pub target: String,
    /// Where the whole link stands.
    pub span: Span,
}

/// The body of a file as HTML, complete but for the holes.
#[derive(Debug, Default)]
pub struct Body {
    /// Safe HTML.
    pub html: String,
    /// Where links are decided later, in order.
    pub holes: Vec<Hole>,
}

/// A place in [`Body::html`] that depends on what a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in the HTML.
    pub at: usize,
    /// Index in [`Document::links`].
    pub link: usize,
    /// What goes there.
    pub part: Part,
}

/// What fills a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `<a href="...">`, or the opening of what stands for a link that leads nowhere.
    Open,
    /// The text of a wiki link without one: the title of what it leads to.
    Label,
    /// `</a>`, or the closing of what stands for it.
    Close,
    /// ` src="..."` of an image; nothing where no picture is there.
    Source,
}

/// A table with a header row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The whole table.
    pub span: Span,
    /// Index of the innermost heading above it.
    pub heading: Option<usize>,
    /// The header cells.
    pub header: Vec<Cell>,
    /// The body rows; each has as many cells as the header.
    pub rows: Vec<Row>,
}

/// A table row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The row's bytes.
    pub span: Span,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// The id that stands alone in its first or second cell (`RSK-004`), unless it is a link; empty when there is none.
    pub id: String,
    /// Whether the id is an anchor of the page; of two rows with one id the first has it.
    pub anchored: bool,
}

/// A table cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The words without markup, trimmed.
    pub text: String,
    /// The cell's bytes, markup included.
    pub span: Span,
    /// Whether all its words are bold (group rows are).
    pub bold: bool,
}

/// A task list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The `[x]` itself.
    pub span: Span,
    /// What it says.
    pub state: TaskState,
}

/// What the box of a task list item says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// `[ ]`.
    Open,
    /// `[x]`.
    Done,
    /// `[~]` or `[-]`: it does not apply.
    Dropped,
}

/// Something wrong with the bytes by themselves; the path is added later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule that was broken.
    pub rule: &'static crate::rules::Rule,
    /// Where.
    pub span: Span,
    /// What is wrong, as a phrase.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

/// A comment that speaks to us: `<!-- readymark: ... -->`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// What it says behind the colon.
    pub words: String,
    /// Where the comment stands.
    pub span: Span,
    /// What it speaks of: the block below it, or the line that it stands in with other words.
    pub about: Span,
    /// Whether it stands before everything else of the text, and so speaks of the file as a whole as well.
    pub first: bool,
}

impl Document {
    /// Stands for a file whose bytes could not be read: nothing is known, not even that it has no fields.
    pub fn unreadable() -> Self {
        let front_matter =
            FrontMatter { state: front_matter::State::Unreadable, ..FrontMatter::default() };
        Self { front_matter, ..Self::default() }
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= offset).max(1)
    }

    /// Returns the heading that names the page: the first of level one; or, where no field names it, a first line
    /// that all other headings stand below.
    pub fn first_title(&self) -> Option<&Heading> {
        let highest = self.headings.iter().find(|heading| heading.level == 1);
        let leads = |first: &&Heading| {
            self.front_matter.text("title").is_none()
                && self.headings.iter().skip(1).all(|other| other.level > first.level)
                && self.text.trim_start().starts_with(first.text.trim())
        };
        highest.or_else(|| self.headings.first().filter(leads))
    }

    /// Tells whether the file has that anchor.
    pub fn has_anchor(&self, id: &str) -> bool {
        self.anchors.binary_search_by(|anchor| anchor.as_str().cmp(id)).is_ok()
    }
}
