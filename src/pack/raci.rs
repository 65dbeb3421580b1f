//! Reads responsibility matrices as people write them: activity by role with letters, the same with roles as rows, or
//! one column for each letter with names. A kind has matrices when its data has a table called `matrix`.

mod scheme;

use super::who::Who;
use super::{Artifact, Packs, People};
use crate::document::{Cell, Row, Table};
use crate::kinds::{Kind, SchemeSpec, TableSpec, normalise};
use crate::source::Span;
use scheme::{letters, scheme};

/// The name of the table spec that makes a kind's tables matrices.
pub(crate) const MATRIX: &str = "matrix";
/// The section that says which activities have several accountable parties, or none, on purpose.
const EXCEPTIONS: &str = "exceptions";
/// A reason has this many words.
const REASON: usize = 3;

/// One matrix of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// What the letters mean.
    pub scheme: SchemeSpec,
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
    /// Why it may have several accountable parties or none, when the file says so.
    pub accepted: Option<String>,
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
    /// Returns the parts with a letter; none without a letter.
    pub fn with(&self, letter: Option<char>) -> impl Iterator<Item = &Part> {
        let has = move |part: &&Part| letter.is_some_and(|letter| part.letters.contains(&letter));
        self.cells.iter().filter(has)
    }
}

/// Reads the matrices of an artifact; none when its kind has no matrices.
pub fn read(packs: &Packs, artifact: &Artifact) -> Vec<Matrix> {
    let Some(kind) = packs.kinds.get(artifact.kind) else { return Vec::new() };
    let Some(spec) = kind.table(MATRIX) else { return Vec::new() };
    let Some(scheme) = scheme(kind, artifact) else { return Vec::new() };
    let letters = letters(kind, &scheme);
    let reading = Reading { people: &packs.people, artifact, spec, kind, scheme: &scheme, letters };
    let tables = artifact.document.tables.iter().enumerate();
    tables.filter_map(|(at, table)| reading.matrix(at, table)).collect()
}

struct Reading<'a> {
    people: &'a People,
    artifact: &'a Artifact,
    spec: &'a TableSpec,
    kind: &'a Kind,
    scheme: &'a SchemeSpec,
    letters: Vec<(char, String)>,
}

impl Reading<'_> {
    fn matrix(&self, at: usize, table: &Table) -> Option<Matrix> {
        let by_letter = self.letter_columns(table);
        let (columns, activities) = if by_letter.len() >= 2 {
            self.with_names(table, &by_letter)
        } else if self.is_letters(table) && self.has_roles_as_rows(table) {
            self.with_letters(&transposed(table))
        } else if self.is_letters(table) {
            self.with_letters(table)
        } else {
            return None;
        };
        Some(Matrix { scheme: self.scheme.clone(), table: at, columns, activities })
    }

    /// Finds the letter that a word stands for: a letter or its meaning, in this scheme, else in another of the kind.
    fn letter(&self, word: &str) -> Option<char> {
        let mut signs = word.trim().chars();
        let found = if let (Some(sign), None) = (signs.next(), signs.next()) {
            self.letters.iter().find(|(known, _)| known.eq_ignore_ascii_case(&sign))
        } else {
            let word = normalise(word);
            let is = |meaning: &str| word == meaning || word.strip_suffix('s') == Some(meaning);
            // Short words are letters in a row.
            self.letters.iter().find(|(_, meaning)| word.len() > 3 && is(meaning))
        };
        found.map(|(letter, _)| *letter)
    }

    /// The columns that are called after a letter (`Accountable`, `A`).
    fn letter_columns(&self, table: &Table) -> Vec<(usize, char)> {
        let titles = table.header.iter().enumerate().skip(1);
        titles.filter_map(|(at, cell)| Some((at, self.letter(&cell.text)?))).collect()
    }

    /// Tells whether the first column has the parties and the header the activities: it says so, or the registry knows
    /// the words of the one better than those of the other.
    fn has_roles_as_rows(&self, table: &Table) -> bool {
        const PARTIES: [&str; 8] =
            ["role", "roles", "party", "person", "name", "team", "who", "stakeholder"];
        let known = |cell: &&Cell| self.party(&cell.text).is_some();
        let above = table.header.iter().skip(1).filter(known).count();
        let left = table.rows.iter().filter_map(|row| row.cells.first()).filter(known).count();
        let title = table.header.first().map(|cell| normalise(&cell.text)).unwrap_or_default();
        let says = PARTIES.contains(&title.as_str());
        if says { left >= above } else { self.spec.columns_of(table).is_none() && left > 2 * above }
    }

    /// Tells whether most cells that say something are letters.
    fn is_letters(&self, table: &Table) -> bool {
        let cells = || table.rows.iter().flat_map(|row| row.cells.iter().skip(1));
        let parts: Vec<_> = cells().filter_map(|cell| self.cell(&cell.text)).collect();
        let letters = parts.iter().filter(|(letters, _)| self.all_known(letters)).count();
        let first = self.spec.columns_of(table).is_some();
        let written = cells().filter(|cell| !is_blank(&cell.text)).count();
        let wanted = if first { written.div_ceil(3) } else { (written * 3).div_ceil(5) };
        letters > 0 && letters >= wanted && table.header.len() > 2
    }

    fn all_known(&self, letters: &[char]) -> bool {
        let known = |letter: &char| self.scheme.letters.iter().any(|(known, _)| known == letter);
        letters.iter().all(known)
    }

    fn with_letters(&self, table: &Table) -> (Vec<Column>, Vec<Activity>) {
        let titles = table.header.iter().enumerate().skip(1);
        let kept: Vec<usize> =
            titles.filter(|(at, _)| self.is_party(table, *at)).map(|(at, _)| at).collect();
        let columns = kept.iter().map(|at| self.column(&table.header[*at])).collect();
        let part = |row: &Row| {
            kept.iter()
                .enumerate()
                .filter_map(|(column, at)| {
                    let cell = row.cells.get(*at)?;
                    let (letters, note) = self.cell(&cell.text)?;
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
        let exceptions = self.exceptions();
        for row in &table.rows {
            let Some(first) = row.cells.first() else { continue };
            let others_blank = row.cells.iter().skip(1).all(|cell| is_blank(&cell.text));
            if others_blank && (first.bold || is_alone(row)) {
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
                accepted: accepted(&exceptions, &first.text),
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

    fn cell(&self, text: &str) -> Option<(Vec<char>, String)> {
        parse_cell(text, |word| self.letter(word))
    }

    /// A column of remarks is no party: it has words and no letters.
    fn is_party(&self, table: &Table, at: usize) -> bool {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        let mut cells = cells.filter(|cell| !is_blank(&cell.text));
        let title = normalise(&table.header[at].text);
        let is_remark =
            ["notes", "note", "comment", "comments", "remarks", "#"].contains(&title.as_str());
        let mut written = cells.clone().peekable();
        !title.is_empty()
            && !is_remark
            && (written.peek().is_none() || cells.any(|cell| self.cell(&cell.text).is_some()))
    }

    /// The lines of the section with the exceptions, each a list item or a row.
    fn exceptions(&self) -> Vec<&str> {
        let document = &self.artifact.document;
        let Some(spec) = self.kind.section(EXCEPTIONS) else { return Vec::new() };
        let headings = spec.headings(document).into_iter();
        let texts = headings.filter_map(|heading| document.text.get(heading.words.clone()));
        texts.flat_map(str::lines).collect()
    }
}

/// Finds the reason of the line that begins with an activity; fewer than three words are none.
fn accepted(exceptions: &[&str], activity: &str) -> Option<String> {
    let activity = activity.trim();
    exceptions.iter().find_map(|line| {
        let line = line.trim();
        let start = line.get(..activity.len())?;
        let reason = line[activity.len()..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let said = reason.split_whitespace().count() >= REASON;
        (!activity.is_empty() && said && start.eq_ignore_ascii_case(activity))
            .then(|| reason.trim_end().to_owned())
    })
}

/// Tells whether a row was written with one cell and no bars for the others.
fn is_alone(row: &Row) -> bool {
    let Some((_, others)) = row.cells.split_first() else { return false };
    !others.is_empty()
        && others.iter().all(|cell| cell.span.start >= row.span.end || cell.span == (0..0))
}

/// Makes activities of the columns and parties of the rows; rows that are titles of groups fall away.
fn transposed(table: &Table) -> Table {
    let is_title = |row: &&Row| {
        row.cells.iter().skip(1).all(|cell| is_blank(&cell.text))
            && row.cells.first().is_some_and(|cell| cell.bold)
    };
    let parties: Vec<&Row> = table.rows.iter().filter(|row| !is_title(row)).collect();
    let firsts = parties.iter().filter_map(|row| row.cells.first());
    let row = |(at, title): (usize, &Cell)| {
        let cells = parties.iter().map(|row| row.cells.get(at).cloned().unwrap_or_default());
        let first = Cell { bold: false, ..title.clone() };
        let cells = std::iter::once(first).chain(cells).collect();
        Row { span: title.span.clone(), cells, ..Row::default() }
    };
    Table {
        header: table.header.first().into_iter().chain(firsts).cloned().collect(),
        rows: table.header.iter().enumerate().skip(1).map(row).collect(),
        ..Table::default()
    }
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
/// blank or holds words that `letter` does not know.
fn parse_cell(text: &str, letter: impl Fn(&str) -> Option<char>) -> Option<(Vec<char>, String)> {
    if is_blank(text) {
        return None;
    }
    let end = text.find(['(', '[', '*', '¹', '²', '³']).unwrap_or(text.len());
    let (core, note) = text.split_at(end);
    let mut letters = Vec::new();
    for token in core.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        match letter(token) {
            Some(letter) => letters.push(letter),
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
        let (kinds, _) = crate::kinds::load(&[]);
        let kind = &kinds[crate::kinds::find(&kinds, "raci").unwrap()];
        let known = |word: &str| {
            let is = |(letter, means): &&(char, String)| {
                means.eq_ignore_ascii_case(word) || letter.to_string().eq_ignore_ascii_case(word)
            };
            kind.schemes[0].letters.iter().find(is).map(|(letter, _)| *letter)
        };
        let read = |text: &str| parse_cell(text, known);
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
