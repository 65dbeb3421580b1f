//! Reads responsibility matrices as people write them: activity by role with letters, or one column for each letter
//! with names. A kind has matrices when its data has a table called `matrix`.

use super::who::Who;
use super::{Artifact, Packs, People};
use crate::document::{Cell, Row, Table};
use crate::kinds::{TableSpec, normalise};
use crate::source::Span;

/// The name of the table spec that makes a kind's tables matrices.
pub(crate) const MATRIX: &str = "matrix";

/// The letters of a scheme: which there are, who answers, who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// `raci`.
    pub name: &'static str,
    /// The letters that mean something.
    pub letters: &'static str,
    /// The letter that stands exactly once in a row.
    pub accountable: char,
    /// The letter that stands at least once in a row.
    pub responsible: char,
}

const fn scheme(
    name: &'static str,
    letters: &'static str,
    accountable: char,
    responsible: char,
) -> Scheme {
    Scheme { name, letters, accountable, responsible }
}

/// The known schemes; the first is meant when a file names none.
const SCHEMES: [Scheme; 6] = [
    scheme("raci", "RACI", 'A', 'R'),
    scheme("rasci", "RASCI", 'A', 'R'),
    scheme("raci-vs", "RACIVS", 'A', 'R'),
    scheme("racio", "RACIO", 'A', 'R'),
    scheme("daci", "DACI", 'A', 'D'),
    scheme("rapid", "RAPID", 'D', 'R'),
];

/// The words for the letters in a form with names.
const WORDS: [(&str, char); 9] = [
    ("responsible", 'R'),
    ("accountable", 'A'),
    ("consulted", 'C'),
    ("informed", 'I'),
    ("r", 'R'),
    ("a", 'A'),
    ("c", 'C'),
    ("i", 'I'),
    ("support", 'S'),
];

/// One matrix of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// What the letters mean.
    pub scheme: Scheme,
    /// Index of the table in the document.
    pub table: usize,
    /// The parties, in order.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub activities: Vec<Activity>,
}

/// A party of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Whom it means, when the registry knows.
    pub party: Option<Who>,
}

/// A row of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// As written.
    pub text: String,
    /// The row's bytes.
    pub span: Span,
    /// From 1.
    pub line: usize,
    /// The group row above it, when there is one.
    pub group: Option<String>,
    /// The cells that say something.
    pub cells: Vec<Part>,
}

/// What one party has to do with an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Index in [`Matrix::columns`].
    pub column: usize,
    /// `A`, `R`, in the order as written; upper case.
    pub letters: Vec<char>,
    /// What the author wrote beside the letters.
    pub note: String,
    /// Where it stands.
    pub span: Span,
}

impl Activity {
    /// Returns the parts with a letter.
    pub fn with(&self, letter: char) -> impl Iterator<Item = &Part> {
        self.cells.iter().filter(move |part| part.letters.contains(&letter))
    }
}

/// Reads the matrices of an artifact; none when its kind has no matrices.
pub fn read(packs: &Packs, artifact: &Artifact) -> Vec<Matrix> {
    let Some(spec) = packs.kinds.get(artifact.kind).and_then(|kind| kind.table(MATRIX)) else {
        return Vec::new();
    };
    let named = artifact.document.front_matter.text("scheme").unwrap_or("raci").to_lowercase();
    let scheme = SCHEMES.iter().find(|scheme| scheme.name == named).unwrap_or(&SCHEMES[0]);
    let reading = Reading { people: &packs.people, artifact, spec, scheme: *scheme };
    let tables = artifact.document.tables.iter().enumerate();
    tables.filter_map(|(at, table)| reading.matrix(at, table)).collect()
}

struct Reading<'a> {
    people: &'a People,
    artifact: &'a Artifact,
    spec: &'a TableSpec,
    scheme: Scheme,
}

impl Reading<'_> {
    fn matrix(&self, at: usize, table: &Table) -> Option<Matrix> {
        let by_letter = letter_columns(table);
        let (columns, activities) = if by_letter.len() >= 2 {
            self.with_names(table, &by_letter)
        } else if self.is_letters(table) {
            self.with_letters(table)
        } else {
            return None;
        };
        Some(Matrix { scheme: self.scheme, table: at, columns, activities })
    }

    /// Tells whether most cells that say something are letters.
    fn is_letters(&self, table: &Table) -> bool {
        let cells = || table.rows.iter().flat_map(|row| row.cells.iter().skip(1));
        let parts: Vec<_> = cells().filter_map(|cell| parse_cell(&cell.text)).collect();
        let letters = parts.iter().filter(|(letters, _)| self.all_known(letters)).count();
        let first = self.spec.columns_of(table).is_some();
        let written = cells().filter(|cell| !is_blank(&cell.text)).count();
        let wanted = if first { written.div_ceil(3) } else { (written * 3).div_ceil(5) };
        letters > 0 && letters >= wanted && table.header.len() > 2
    }

    fn all_known(&self, letters: &[char]) -> bool {
        letters.iter().all(|letter| self.scheme.letters.contains(*letter))
    }

    fn with_letters(&self, table: &Table) -> (Vec<Column>, Vec<Activity>) {
        let titles = table.header.iter().enumerate().skip(1);
        let kept: Vec<usize> =
            titles.filter(|(at, _)| is_party(table, *at)).map(|(at, _)| at).collect();
        let columns = kept.iter().map(|at| self.column(&table.header[*at])).collect();
        let part = |row: &Row| {
            kept.iter()
                .enumerate()
                .filter_map(|(column, at)| {
                    let cell = row.cells.get(*at)?;
                    let (letters, note) = parse_cell(&cell.text)?;
                    Some(Part { column, letters, note, span: cell.span.clone() })
                })
                .collect()
        };
        (columns, self.activities(table, part))
    }

    fn with_names(
        &self,
        table: &Table,
        by_letter: &[(usize, char)],
    ) -> (Vec<Column>, Vec<Activity>) {
        let mut columns: Vec<Column> = Vec::new();
        for row in &table.rows {
            for (at, _) in by_letter {
                let Some(cell) = row.cells.get(*at) else { continue };
                for name in names(&cell.text) {
                    if !columns.iter().any(|column| normalise(&column.text) == normalise(name)) {
                        columns.push(self.named(name, &cell.span));
                    }
                }
            }
        }
        let parts = |row: &Row| parts_by_name(row, by_letter, &columns);
        let activities = self.activities(table, parts);
        (columns, activities)
    }

    /// The rows that are no group rows, each with the group above it.
    fn activities(&self, table: &Table, parts: impl Fn(&Row) -> Vec<Part>) -> Vec<Activity> {
        let mut group = None;
        let mut list = Vec::new();
        for row in &table.rows {
            let Some(first) = row.cells.first() else { continue };
            let others_blank = row.cells.iter().skip(1).all(|cell| is_blank(&cell.text));
            if others_blank && first.bold {
                group = Some(first.text.clone());
                continue;
            }
            if is_blank(&first.text) && others_blank {
                continue;
            }
            list.push(Activity {
                text: first.text.clone(),
                span: row.span.clone(),
                line: self.artifact.document.line(row.span.start),
                group: group.clone(),
                cells: parts(row),
            });
        }
        list
    }

    fn column(&self, cell: &Cell) -> Column {
        self.named(&cell.text, &cell.span)
    }

    fn named(&self, text: &str, span: &Span) -> Column {
        Column { text: text.to_owned(), span: span.clone(), party: self.party(text) }
    }

    /// `Service owner (Priya)` means the role; the name in brackets counts when the rest says nothing.
    fn party(&self, text: &str) -> Option<Who> {
        let inner = || Some(text.split_once('(')?.1.split_once(')')?.0);
        self.people.who(text).or_else(|| self.people.who(inner()?))
    }
}

/// A column of remarks is no party: it has words and no letters.
fn is_party(table: &Table, at: usize) -> bool {
    let mut cells =
        table.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !is_blank(&cell.text));
    let title = normalise(&table.header[at].text);
    let is_remark =
        ["notes", "note", "comment", "comments", "remarks", "#"].contains(&title.as_str());
    let mut written = cells.clone().peekable();
    !title.is_empty()
        && !is_remark
        && (written.peek().is_none() || cells.any(|cell| parse_cell(&cell.text).is_some()))
}

/// The columns that are called after a letter (`Accountable`, `A`).
fn letter_columns(table: &Table) -> Vec<(usize, char)> {
    let titles = table.header.iter().enumerate().skip(1);
    titles
        .filter_map(|(at, cell)| {
            let title = normalise(&cell.text);
            WORDS.iter().find(|(word, _)| *word == title).map(|(_, letter)| (at, *letter))
        })
        .collect()
}

fn parts_by_name(row: &Row, by_letter: &[(usize, char)], columns: &[Column]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (at, letter) in by_letter {
        let Some(cell) = row.cells.get(*at) else { continue };
        for name in names(&cell.text) {
            let is = |column: &Column| normalise(&column.text) == normalise(name);
            let Some(column) = columns.iter().position(is) else { continue };
            match parts.iter_mut().find(|part| part.column == column) {
                Some(part) => part.letters.push(*letter),
                None => parts.push(Part {
                    column,
                    letters: vec![*letter],
                    note: String::new(),
                    span: cell.span.clone(),
                }),
            }
        }
    }
    parts
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    let parts = if is_blank(text) { "" } else { text }.split([',', ';', '/', '&', '+']);
    parts.map(str::trim).filter(|name| !normalise(name).is_empty())
}

fn is_blank(text: &str) -> bool {
    let plain = text.trim();
    plain.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '?' | '✓' | '✔' | '✅'))
        || matches!(plain.to_lowercase().as_str(), "n/a" | "na" | "none")
}

/// Reads `A/R`, `**A**`, `R (BIL only)`, `AR*`: the letters and what stands beside them. Nothing when the cell is
/// blank or holds words.
fn parse_cell(text: &str) -> Option<(Vec<char>, String)> {
    if is_blank(text) {
        return None;
    }
    let end = text.find(['(', '[', '*', '¹', '²', '³']).unwrap_or(text.len());
    let (core, note) = text.split_at(end);
    let mut letters = Vec::new();
    for token in core.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        match WORDS.iter().find(|(word, _)| *word == token.to_lowercase()) {
            Some((_, letter)) => letters.push(*letter),
            None if token.len() <= 3 && token.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                letters.extend(token.chars().map(|letter| letter.to_ascii_uppercase()));
            }
            None => return None,
        }
    }
    (!letters.is_empty()).then(|| (letters, note.trim_matches(['*', ' ']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_people_write_them() {
        let read = |text: &str| parse_cell(text);
        for both in ["A/R", "A, R", "A R", "AR", "a/r", "A & R", "Accountable / Responsible"] {
            assert_eq!(read(both), Some((vec!['A', 'R'], String::new())), "{both}");
        }
        assert_eq!(read("R (BIL only)"), Some((vec!['R'], "(BIL only)".into())));
        assert_eq!(read("A*"), Some((vec!['A'], String::new())));
        for blank in ["", "—", "-", "n/a", " · "] {
            assert_eq!(read(blank), None, "{blank}");
        }
        assert_eq!(read("see the policy"), None);
        assert_eq!(read("X"), Some((vec!['X'], String::new())));
    }
}
