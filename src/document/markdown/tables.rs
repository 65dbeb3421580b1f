//! Tables: HTML that can be scrolled with the keyboard, and the cells as facts.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::writer::Writer;
use crate::document::{Cell, LinkForm, Row, Table, html, text};

/// A table with this many columns does not fit on a phone.
const WIDE: usize = 4;

/// A longer label is left out.
const LONGEST_LABEL: usize = 40;

/// A table being written.
pub(super) struct TableState {
    table: Table,
    alignments: Vec<Alignment>,
    /// The row being written; nothing in the header.
    row: Option<Row>,
    /// Where the attributes of its tag go in the HTML.
    tag: usize,
    /// Where the cell being written starts in the words and in the HTML.
    words: usize,
    html: usize,
    cell: Range<usize>,
    has_body: bool,
    /// How many bytes of the cell are bold.
    pub(super) bold: usize,
}

impl TableState {
    fn alignment(&self) -> Option<&'static str> {
        let cells = self.row.as_ref().map_or(&self.table.header, |row| &row.cells);
        match self.alignments.get(cells.len()) {
            Some(Alignment::Right) => Some(" class=\"right\""),
            Some(Alignment::Center) => Some(" class=\"center\""),
            _ => None,
        }
    }

    /// What stands above the cell, for narrow screens that show each row of a wide table as a card; a long label
    /// would weigh more than the cell.
    fn label(&self) -> Option<&str> {
        let column = self.row.as_ref()?.cells.len();
        let label = &self.table.header.get(column)?.text;
        let fits = self.alignments.len() >= WIDE && label.len() <= LONGEST_LABEL;
        (fits && !label.is_empty()).then_some(label)
    }
}

impl Writer<'_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>, range: Range<usize>) {
        self.end_block();
        let number = self.document.tables.len() + 1;
        let heading = self.section();
        let out = &mut self.document.body.html;
        out.push_str("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table ");
        out.push_str(&number.to_string());
        if let Some(heading) = heading {
            out.push_str(": ");
            html::push_attribute(out, &self.document.headings[heading].text);
        }
        let wide = alignments.len() >= WIDE;
        out.push_str(if wide { "\"><table class=\"list\">\n" } else { "\"><table>\n" });
        let span = self.place(&self.trimmed(range));
        let table = Table { span, heading, ..Table::default() };
        self.table = Some(TableState {
            table,
            alignments,
            row: None,
            tag: 0,
            words: 0,
            html: 0,
            cell: 0..0,
            has_body: false,
            bold: 0,
        });
    }

    pub(super) fn start_head(&mut self) {
        self.push("<thead><tr>");
    }

    pub(super) fn end_head(&mut self) {
        self.push("</tr></thead>\n");
        self.end_line();
        self.skip_block();
    }

    pub(super) fn start_row(&mut self, range: Range<usize>) {
        let span = self.place(&self.trimmed(range));
        let Some(table) = &mut self.table else { return };
        let cells = Vec::with_capacity(table.table.header.len());
        table.row = Some(Row { span, cells, ..Row::default() });
        let open = if table.has_body { "<tr>" } else { "<tbody>\n<tr>" };
        table.has_body = true;
        table.tag = self.document.body.html.len() + open.len() - 1;
        self.push(open);
    }

    pub(super) fn end_row(&mut self) {
        self.push("</tr>\n");
        self.end_line();
        self.skip_block();
        let Some(table) = &mut self.table else { return };
        let Some(mut row) = table.row.take() else { return };
        row.cells.resize_with(table.table.header.len(), Cell::default);
        let tag = table.tag;
        self.anchor_row(&mut row, tag);
        let says = says_something(&row);
        if let Some(table) = &mut self.table {
            table.table.rows.push(row);
        }
        if says {
            self.note_solid();
        }
    }

    /// Notes the id that a row states, and makes it an anchor where it is the first of its name.
    fn anchor_row(&mut self, row: &mut Row, tag: usize) {
        let own = row.cells.iter().take(2).find(|cell| text::is_id(&cell.text));
        let Some(own) = own.filter(|cell| !self.is_linked(cell)) else { return };
        row.id.clone_from(&own.text);
        row.anchored = !self.anchors.contains_key(&row.id);
        if row.anchored {
            self.anchors.insert(row.id.clone(), 0);
            self.insert(tag, &format!(" id=\"{}\"", row.id));
        }
    }

    /// Tells whether the author made a link in a cell.
    fn is_linked(&self, cell: &Cell) -> bool {
        let last = self.document.links.iter().rev();
        last.take_while(|link| link.span.start >= cell.span.start)
            .any(|link| link.span.end <= cell.span.end && link.form != LinkForm::Mention)
    }

    pub(super) fn start_cell(&mut self, range: Range<usize>) {
        self.outline.cells += 1;
        let Some(table) = &mut self.table else { return };
        let header = table.row.is_none();
        let alignment = table.alignment().unwrap_or_default();
        table.html = self.document.body.html.len();
        let out = &mut self.document.body.html;
        out.push_str(if header { "<th scope=\"col\"" } else { "<td" });
        out.push_str(alignment);
        if let Some(label) = table.label() {
            out.push_str(" data-label=\"");
            html::push_attribute(out, label);
            out.push('"');
        }
        out.push('>');
        table.words = self.document.text.len();
        table.cell = range;
        table.bold = 0;
    }

    pub(super) fn end_cell(&mut self) {
        let Some(mut table) = self.table.take() else { return };
        let words = self.document.text[table.words..].trim();
        let (text, bold) = (words.to_owned(), !words.is_empty() && table.bold >= words.len());
        let cell = Cell { text, span: self.place(&self.cell_range(table.cell.clone())), bold };
        let empty = self.document.body.html.ends_with('>')
            && cell.text.is_empty()
            && self.is_bare(table.html);
        if let Some(row) = &mut table.row {
            row.cells.push(cell);
            self.push("</td>");
        } else {
            table.table.header.push(cell);
            self.end_header_cell(table.html, empty);
        }
        self.document.text.push(' ');
        self.table = Some(table);
    }

    /// A header cell without content heads nothing.
    fn end_header_cell(&mut self, start: usize, empty: bool) {
        if empty {
            self.document.body.html.truncate(start);
            self.push("<td></td>");
        } else {
            self.push("</th>");
        }
    }

    /// Whether only the opening tag was written since.
    fn is_bare(&self, start: usize) -> bool {
        let html = &self.document.body.html[start..];
        html.find('>') == Some(html.len() - 1)
            && self.document.body.holes.last().is_none_or(|hole| hole.at < start)
    }

    /// The cell without its bars and the space around.
    fn cell_range(&self, range: Range<usize>) -> Range<usize> {
        let Some(text) = self.source.get(range.clone()) else { return range };
        let text = text.strip_prefix('|').unwrap_or(text);
        let start = range.end - text.trim_start().len();
        let mut kept = text.trim();
        if kept.ends_with('|') && !kept.ends_with("\\|") {
            kept = kept[..kept.len() - 1].trim_end();
        }
        start..start + kept.len()
    }

    pub(super) fn end_table(&mut self) {
        let Some(state) = self.table.take() else { return };
        self.push(if state.has_body { "</tbody>\n</table></div>\n" } else { "</table></div>\n" });
        self.document.tables.push(state.table);
    }
}

/// A row says something unless it is a group's title or all its cells are empty.
fn says_something(row: &Row) -> bool {
    let filled = |cell: &Cell| !text::is_placeholder(&cell.text);
    let rest = row.cells.iter().skip(1).any(filled);
    let first = row.cells.first();
    rest || first.is_some_and(|cell| filled(cell) && (!cell.bold || row.cells.len() == 1))
}
