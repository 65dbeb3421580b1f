//! Paragraphs, quotes and alerts, lists and tasks, blocks of code.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind};

use super::writer::Writer;
use crate::document::{Task, TaskState, code, html};

/// The first line of an alert whose title the author wrote: `> [!NOTE] Title`.
pub(super) struct AlertTitle {
    /// Where the title starts in the Markdown.
    pub(super) from: usize,
    /// What is shown when there is no title.
    name: String,
    /// Whether its paragraph is being written.
    writing: bool,
}

/// A block of code being collected.
pub(super) struct Code {
    language: String,
    pub(super) text: String,
}

impl Writer<'_> {
    pub(super) fn start_paragraph(&mut self) {
        self.end_block();
        self.phrasing += 1;
        match &mut self.alert {
            Some(alert) if !alert.writing => {
                alert.writing = true;
                self.push("<p class=\"alert-title\">");
            }
            _ => self.push("<p>"),
        }
    }

    pub(super) fn end_paragraph(&mut self, range: Range<usize>) {
        self.note_bold_line(range);
        self.end_alert_title();
        self.push("</p>\n");
        self.phrasing -= 1;
        self.end_block();
    }

    /// Ends the title; a title without words shows the kind of alert.
    fn end_alert_title(&mut self) {
        if let Some(alert) = self.alert.take_if(|alert| alert.writing)
            && self.document.body.html.ends_with("<p class=\"alert-title\">")
        {
            html::push_text(&mut self.document.body.html, &alert.name);
        }
    }

    pub(super) fn line_break(&mut self, html: &str) {
        if self.alert.as_ref().is_some_and(|alert| alert.writing) {
            self.end_alert_title();
            self.push("</p>\n<p>");
            return self.end_line();
        }
        self.push(html);
        self.document.text.push(' ');
    }

    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>, range: Range<usize>) {
        self.end_block();
        if !self.enter(&range) {
            return;
        }
        let titled = kind.is_none().then(|| self.written_alert(&range)).flatten();
        match (kind.map(alert_name), titled) {
            (Some(name), _) => {
                self.start_alert(&name.to_ascii_lowercase());
                self.push(&format!("<p class=\"alert-title\">{name}</p>\n"));
            }
            (None, Some((kind, from))) => {
                self.start_alert(&kind);
                self.alert = Some(AlertTitle { from, name: capitalised(&kind), writing: false });
            }
            (None, None) => self.push("<blockquote>\n"),
        }
        self.quotes.push(!self.document.body.html.ends_with("<blockquote>\n"));
    }

    fn start_alert(&mut self, kind: &str) {
        self.push(&format!("<aside class=\"alert alert-{kind}\" role=\"note\">\n"));
    }

    /// Reads `[!KIND]` at the start of a quote: the kind and where the rest of the line starts.
    fn written_alert(&self, range: &Range<usize>) -> Option<(String, usize)> {
        const LONGEST: usize = 20;
        let text = self.source.get(range.clone())?;
        let inner =
            text.trim_start().strip_prefix('>')?.trim_start_matches(' ').strip_prefix("[!")?;
        let end = inner.bytes().take(LONGEST).position(|byte| byte == b']')?;
        let kind = &inner[..end];
        let named = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        let followed =
            inner[end + 1..].starts_with([' ', '\t', '\r', '\n']) || inner.len() == end + 1;
        (named && followed)
            .then(|| (kind.to_ascii_lowercase(), range.end - (inner.len() - end - 1)))
    }

    pub(super) fn end_quote(&mut self) {
        self.end_block();
        self.alert = None;
        if self.leave() {
            let alert = self.quotes.pop() == Some(true);
            self.push(if alert { "</aside>\n" } else { "</blockquote>\n" });
        }
    }

    pub(super) fn start_list(&mut self, first: Option<u64>, range: Range<usize>) {
        self.end_block();
        if !self.enter(&range) {
            return;
        }
        match first {
            None => self.push("<ul>\n"),
            Some(1) => self.push("<ol>\n"),
            Some(first) => self.push(&format!("<ol start=\"{first}\">\n")),
        }
    }

    pub(super) fn end_list(&mut self, ordered: bool) {
        self.end_block();
        if self.leave() {
            self.push(if ordered { "</ol>\n" } else { "</ul>\n" });
        }
    }

    pub(super) fn start_item(&mut self, range: Range<usize>) {
        self.end_block();
        self.items += 1;
        if self.enter(&range) {
            self.push("<li>");
        }
    }

    pub(super) fn end_item(&mut self) {
        self.end_block();
        self.items -= 1;
        if self.leave() {
            self.push("</li>\n");
        } else {
            self.push("<br>\n");
        }
    }

    /// A box says its state in words and is never interactive by itself.
    pub(super) fn task(&mut self, state: TaskState, range: Range<usize>) {
        let out = &mut self.document.body.html;
        for (open, marked) in
            [("<li>", "<li class=\"task\">"), ("<li><p>", "<li class=\"task\"><p>")]
        {
            if out.ends_with(open) {
                out.truncate(out.len() - open.len());
                out.push_str(marked);
            }
        }
        self.push(match state {
            TaskState::Done => "<input type=\"checkbox\" disabled checked aria-label=\"done\"> ",
            TaskState::Open => "<input type=\"checkbox\" disabled aria-label=\"open\"> ",
            TaskState::Dropped => "<em>Does not apply:</em> ",
        });
        let span = self.place(&range);
        self.document.tasks.push(Task { span, state });
    }

    /// Reads `[~]` and `[-]` at the start of an item, which the parser takes for text; returns where the text goes on.
    pub(super) fn dropped_task(&mut self, run: &Range<usize>) -> Option<usize> {
        let starts = self.items > 0
            && ["<li>", "<li><p>"].iter().any(|tag| self.document.body.html.ends_with(tag));
        let source = self.source;
        let box_is = |mark: &&str| source[run.clone()].starts_with(*mark);
        let mark = ["[~] ", "[-] "].into_iter().find(box_is).filter(|_| starts)?;
        self.task(TaskState::Dropped, run.start..run.start + mark.len() - 1);
        Some(run.start + mark.len())
    }

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.end_block();
        let language = match kind {
            CodeBlockKind::Indented => "",
            CodeBlockKind::Fenced(info) => {
                info.split([' ', '\t', ',', '{']).next().unwrap_or_default()
            }
        };
        self.code = Some(Code { language: language.to_owned(), text: String::new() });
    }

    pub(super) fn end_code(&mut self) {
        let Some(block) = self.code.take() else { return };
        let out = &mut self.document.body.html;
        out.push_str("<pre tabindex=\"0\"><code");
        if !block.language.is_empty() {
            out.push_str(" class=\"language-");
            html::push_attribute(out, &block.language);
            out.push('"');
        }
        out.push('>');
        code::highlight(out, &block.language, &block.text);
        out.push_str("</code></pre>\n");
        self.document.text.push_str(&block.text);
        self.end_line();
        self.skip_block();
        self.note_code(&block.text, block.language == "mermaid");
    }

    /// Shows a block of fields that could not be read.
    pub(super) fn unreadable_block(&mut self, block: &str) {
        self.push("<pre class=\"unreadable\" tabindex=\"0\">");
        html::push_text(
            &mut self.document.body.html,
            block.trim_start_matches('\u{FEFF}').trim_end(),
        );
        self.push("</pre>\n");
    }
}

fn alert_name(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
