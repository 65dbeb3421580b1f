//! The tables of support models by the names of their columns: the steps of a ladder, the shifts of a rota, contacts.

use super::{Artifact, Days, Packs};
use crate::document::text::phone;
use crate::document::{Cell, Row};
use crate::kinds::{ColumnSpec, Kind, Recognised, TableSpec, normalise};
use crate::source::Span;

/// The field that says whom to call, and the table of steps.
pub const ESCALATION: &str = "escalation";
/// The table of shifts.
pub const ROTA: &str = "rota";
/// The table of contacts.
pub const CONTACTS: &str = "contacts";

/// A row of a table by the names of its columns.
pub struct Cells<'a> {
    spec: &'a TableSpec,
    columns: &'a [Option<usize>],
    row: &'a Row,
}

impl<'a> Cells<'a> {
    /// Returns a column; nothing when the table has none of that name.
    pub fn cell(&self, name: &str) -> Option<&'a Cell> {
        let column = self.spec.column(name).and_then(|at| *self.columns.get(at)?)?;
        self.row.cells.get(column)
    }

    /// Returns the text of a column; empty when the table has none of that name.
    pub fn text(&self, name: &str) -> &'a str {
        self.cell(name).map_or("", |cell| cell.text.trim())
    }

    /// Returns the row's bytes.
    pub fn span(&self) -> Span {
        self.row.span.clone()
    }

    /// Reads the days of a shift; what is no day stays as written.
    pub fn days(&self) -> Days {
        let day = |name| {
            let form = &self.spec.columns[self.spec.column(name)?].form;
            let text = Some(self.text(name)).filter(|text| !text.is_empty())?;
            Some(form.day(text).unwrap_or_else(|| text.to_owned()))
        };
        Days { from: day("from"), until: day("to") }
    }
}

/// The tables of one document.
pub struct Sheet<'a> {
    /// The document: index in [`Packs::artifacts`].
    pub artifact: usize,
    tables: Vec<Recognised<'a, 'a>>,
}

impl<'a> Sheet<'a> {
    /// Reads the tables of a document; nothing when its kind has none of these.
    pub fn new(packs: &'a Packs, at: usize) -> Option<Self> {
        let artifact: &Artifact = &packs.artifacts[at];
        let kind = &packs.kinds[artifact.kind];
        has_tables(kind).then(|| Self { artifact: at, tables: kind.tables_of(&artifact.document) })
    }

    /// Finds the first table of a name.
    pub fn table(&self, name: &str) -> Option<&Recognised<'a, 'a>> {
        self.tables.iter().find(|table| table.spec.name == name)
    }

    /// Lists the rows of the first table of a name.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = Cells<'_>> {
        self.table(name).into_iter().flat_map(|table| {
            let cells = |row| Cells { spec: table.spec, columns: &table.columns, row };
            table.table.rows.iter().map(cells)
        })
    }

    /// Lists the columns of the rota that name people, each with the place of its title.
    pub fn shifts(&self) -> impl Iterator<Item = (&'a ColumnSpec, usize)> {
        self.table(ROTA).into_iter().flat_map(|rota| {
            let columns = rota.spec.columns.iter().zip(&rota.columns);
            let named = columns.filter(|(column, _)| !matches!(&*column.name, "from" | "to"));
            named.filter_map(|(column, place)| Some((column, (*place)?)))
        })
    }

    /// Finds the column of the rota that a text names: `second on call`.
    pub fn shift(&self, text: &str) -> Option<&'a str> {
        let text = normalise(text);
        let mut columns = self.shifts().map(|(column, _)| column);
        let found = columns.find(|column| {
            std::iter::once(&column.name).chain(&column.synonyms).any(|word| *word == text)
        });
        found.map(|column| column.name.as_str())
    }

    /// Finds the row of the contacts with a name, or with the words of a role in any order.
    pub fn contact(&self, text: &str) -> Option<Cells<'_>> {
        let wanted = words(text);
        let is_meant = |row: &Cells<'_>| {
            normalise(row.text("name")) == normalise(text) || words(row.text("role")) == wanted
        };
        self.rows(CONTACTS).find(|row| !wanted.is_empty() && is_meant(row))
    }
}

/// Tells whether documents of a kind say whom to call.
pub fn has_tables(kind: &Kind) -> bool {
    [ESCALATION, ROTA, CONTACTS].iter().any(|name| kind.table(name).is_some())
}

/// Cuts a text where it names several.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let signs = text.split([',', ';', '/', '(', ')', '&', '→']);
    let parts = signs.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    let parts = parts.flat_map(|part| part.split(" then ")).map(str::trim);
    parts.map(|part| part.strip_prefix("then ").unwrap_or(part)).filter(|part| !part.is_empty())
}

/// Lists the words of a text in order of the alphabet.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// Tells whether a text holds a number with a country code.
pub(super) fn has_whole_number(text: &str) -> bool {
    text.match_indices('+').any(|(plus, _)| phone(text, plus).is_some())
}

/// Tells whether a text holds a number that can be dialled, a short local one included.
pub fn has_number(text: &str) -> bool {
    has_whole_number(text) || text.chars().filter(char::is_ascii_digit).count() >= 3
}
