//! Data files as rows of cells, each with its place, which is why no crate reads them: none tells where a cell stands.
//! Cells are parted by a comma, a semicolon or a tab, whichever the first line has most of, and may be quoted.

use crate::source::Span;

/// A row of a data file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    pub(super) cells: Vec<Cell>,
}

/// What stands between two marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) span: Span,
}

/// Why the rest of a file was not read, and from where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) why: &'static str,
    pub(super) at: Span,
}

/// So many rows and cells are read of one file.
const ROWS: usize = 50_000;
const CELLS: usize = 200;

/// Reads rows that are not empty, as far as the file can be read.
pub(super) fn lines(text: &str) -> (Vec<Line>, Option<Stop>) {
    let mut reading = Reading { text, at: 0, line: 1, mark: mark(text) };
    if text.starts_with('\u{feff}') {
        reading.at = '\u{feff}'.len_utf8();
    }
    let mut lines = Vec::new();
    while reading.at < text.len() {
        match reading.line() {
            Ok(line) if line.cells.iter().all(|cell| cell.text.is_empty()) => {}
            Ok(line) if lines.len() >= ROWS => {
                let at = line.cells.first().map_or(0..0, |cell| cell.span.clone());
                return (lines, Some(Stop { why: "has more than 50 000 rows", at }));
            }
            Ok(line) => lines.push(line),
            Err(stop) => return (lines, Some(stop)),
        }
    }
    (lines, None)
}

/// Chooses what parts cells: a comma unless the first line has more of another.
fn mark(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: &u8| first.bytes().filter(|byte| byte == mark).count();
    let marks = [b',', b';', b'\t'];
    marks.into_iter().max_by_key(count).unwrap_or(b',')
}

struct Reading<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    mark: u8,
}

impl Reading<'_> {
    fn line(&mut self) -> Result<Line, Stop> {
        let number = self.line;
        let mut cells = Vec::new();
        loop {
            let cell = if self.next() == Some(b'"') { self.quoted()? } else { self.plain() };
            if cells.len() == CELLS {
                return Err(Stop { why: "has more than 200 cells in a row", at: cell.span });
            }
            cells.push(cell);
            match self.next() {
                Some(byte) if byte == self.mark => self.at += 1,
                _ => break,
            }
        }
        self.end_line();
        Ok(Line { number, cells })
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn end_line(&mut self) {
        if self.next() == Some(b'\r') {
            self.at += 1;
        }
        if self.next() == Some(b'\n') {
            self.at += 1;
        }
        self.line += 1;
    }

    fn plain(&mut self) -> Cell {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| *byte == self.mark || matches!(byte, b'\n' | b'\r');
        let end = self.at + rest.iter().position(ends).unwrap_or(rest.len());
        let whole = &self.text[self.at..end];
        let text = whole.trim();
        let start = self.at + (whole.len() - whole.trim_start().len());
        self.at = end;
        Cell { text: text.to_owned(), span: start..start + text.len() }
    }

    /// Reads up to the closing quote; two quotes inside are one.
    fn quoted(&mut self) -> Result<Cell, Stop> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else {
                return Err(Stop { why: "has a quote that is not closed", at: start..start + 1 });
            };
            text.push_str(&rest[..end]);
            self.line += rest[..end].matches('\n').count();
            self.at += end + 1;
            if self.next() != Some(b'"') {
                break;
            }
            text.push('"');
            self.at += 1;
        }
        let span = start..self.at;
        // What stands behind the quote belongs to no cell.
        self.plain();
        Ok(Cell { text: text.trim().to_owned(), span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<(String, Span)>)> {
        let cells = |line: Line| line.cells.into_iter().map(|cell| (cell.text, cell.span));
        lines(text).0.into_iter().map(|line| (line.number, cells(line).collect())).collect()
    }

    fn cells<const N: usize>(cells: [(&str, Span); N]) -> Vec<(String, Span)> {
        cells.map(|(text, span)| (text.to_owned(), span)).to_vec()
    }

    #[test]
    fn every_cell_has_its_place() {
        let rows = read("a,b\r\n\n1, \"x \"\"y\"\"\nz\" ,\n");
        assert_eq!(
            rows,
            [
                (1, cells([("a", 0..1), ("b", 2..3)])),
                (3, cells([("1", 6..7), ("\"x \"\"y\"\"", 9..17)])),
                (4, cells([("z\"", 18..20), ("", 22..22)])),
            ],
            "a quote inside a cell that does not begin with one is a letter"
        );
        let quoted = read("a,b\n\"1, and\n2\",\"\"\"\"\nz,3\n");
        assert_eq!(
            quoted[1..],
            [
                (2, cells([("1, and\n2", 4..14), ("\"", 15..19)])),
                (4, cells([("z", 20..21), ("3", 22..23)]))
            ]
        );
    }

    #[test]
    fn the_first_line_says_what_parts_cells() {
        assert_eq!(read("a;b\n7,5;8")[1].1, cells([("7,5", 4..7), ("8", 8..9)]));
        assert_eq!(read("a\tb, c\n1\t2")[1].1, cells([("1", 7..8), ("2", 9..10)]));
        assert_eq!(read("\u{feff}a,b")[0].1, cells([("a", 3..4), ("b", 5..6)]));
    }

    #[test]
    fn what_cannot_be_read_stops_and_is_said() {
        let (rows, stop) = lines("a,b\n1,2\n\"3,4\n");
        assert_eq!(rows.len(), 2);
        assert_eq!(
            stop.map(|stop| (stop.why, stop.at)),
            Some(("has a quote that is not closed", 8..9))
        );
        assert!(lines(&"a,".repeat(300)).1.is_some());
        let many = "1\n".repeat(ROWS + 1);
        assert_eq!(lines(&many).0.len(), ROWS);
        assert!(lines(&many).1.is_some());
        assert_eq!(lines(""), (Vec::new(), None));
    }
}
