//! Recognising tables: by the heading above and by the titles of their columns, never by position alone.

use super::{ColumnSpec, Kind, TableSpec, normalise};
use crate::document::{Document, Row, Table};

/// A table with this many known columns is recognised whatever stands above it; one that begins with the column that
/// names a row needs one more.
const ENOUGH: usize = 3;

/// A table of a document and what it is.
#[derive(Debug)]
pub struct Recognised<'k, 'd> {
    /// Its sort.
    pub spec: &'k TableSpec,
    /// The table.
    pub table: &'d Table,
    /// Which of its columns each of [`TableSpec::columns`] is.
    pub columns: Vec<Option<usize>>,
}

impl Kind {
    /// Lists the tables of a document that are of a known sort, in order of appearance.
    pub fn tables_of<'k, 'd>(&'k self, document: &'d Document) -> Vec<Recognised<'k, 'd>> {
        document.tables.iter().filter_map(|table| self.recognise(document, table)).collect()
    }

    /// The sort whose heading stands above, else the one with most of its columns there.
    fn recognise<'k, 'd>(
        &'k self,
        document: &'d Document,
        table: &'d Table,
    ) -> Option<Recognised<'k, 'd>> {
        let heading = table.heading.and_then(|at| document.headings.get(at));
        let heading = heading.map_or("", |heading| heading.plain.as_str());
        let titles: Vec<String> = table.header.iter().map(|cell| normalise(&cell.text)).collect();
        let weigh = |spec: &'k TableSpec| {
            let columns = spec.places(&titles);
            let (found, named) = (columns.iter().flatten().count(), spec.stands_under(heading));
            let leads = spec.leads(&columns) && (found > 1 || spec.columns.len() == 1);
            let known = found >= ENOUGH || leads || (found > 0 && named);
            known.then_some((named, found, Recognised { spec, table, columns }))
        };
        let known = self.tables.iter().filter_map(weigh);
        // The first of equals: reversed, because the last maximum wins.
        let best = known.rev().max_by_key(|(named, found, _)| (*named, *found));
        best.map(|(.., recognised)| recognised)
    }
}

impl Recognised<'_, '_> {
    /// Returns what a row says in a column of the sort.
    pub fn cell<'r>(&self, row: &'r Row, name: &str) -> Option<&'r str> {
        let at = self.columns.get(self.spec.column(name)?).copied().flatten()?;
        row.cells.get(at).map(|cell| cell.text.as_str())
    }
}

impl TableSpec {
    /// Tells, when the table begins with the column that names a row, which of its columns each known column is.
    pub fn columns_of(&self, table: &Table) -> Option<Vec<Option<usize>>> {
        let columns = self.positions(table);
        (columns.first()? == &Some(0)).then_some(columns)
    }

    /// Tells which column of a table each known column is, whatever the table is.
    pub fn positions(&self, table: &Table) -> Vec<Option<usize>> {
        let titles: Vec<String> = table.header.iter().map(|cell| normalise(&cell.text)).collect();
        self.places(&titles)
    }

    /// Returns the position of a column in [`TableSpec::columns`].
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    fn places(&self, titles: &[String]) -> Vec<Option<usize>> {
        self.columns.iter().map(|column| column.place(titles)).collect()
    }

    /// Tells whether the column that names a row comes first, or right after the number of the row.
    fn leads(&self, columns: &[Option<usize>]) -> bool {
        let id = self.column("id").and_then(|at| columns.get(at).copied().flatten());
        match columns.first() {
            Some(Some(0)) => true,
            Some(Some(1)) => id == Some(0),
            _ => false,
        }
    }

    fn stands_under(&self, heading: &str) -> bool {
        !heading.is_empty() && self.words.iter().chain(&self.synonyms).any(|word| word == heading)
    }
}

impl ColumnSpec {
    /// Finds the column among normalised titles, by its name, then by its other titles in the order of the data.
    fn place(&self, titles: &[String]) -> Option<usize> {
        let mut words = std::iter::once(&self.word).chain(&self.synonyms);
        words.find_map(|word| titles.iter().position(|title| title == word))
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse;
    use crate::kinds::{find, load};

    /// Names the sorts of the tables that a kind finds in a text.
    fn sorts(kind: &str, text: &str) -> Vec<String> {
        let (kinds, _) = load(&[]);
        let document = parse(text.as_bytes());
        let kind = &kinds[find(&kinds, kind).unwrap()];
        kind.tables_of(&document).iter().map(|found| found.spec.name.clone()).collect()
    }

    #[test]
    fn the_columns_tell_registers_apart() {
        let table = |header: &str| {
            format!("|{header}|\n|{}\n| x |\n", "---|".repeat(header.split('|').count()))
        };
        for (header, sort) in [
            ("Id|Risk|Likelihood|Impact|Owner", "risks"),
            ("ID|Description|Probability|Impact|Response", "risks"),
            ("Id|Action|Owner|Due|Status", "actions"),
            ("Id|Assumption|Test by|Owner", "assumptions"),
            ("#|Question|Asked by|Answer", "questions"),
            ("Stakeholder|Role|Stance", "stakeholders"),
            ("Supplier|Contract|Ends", "suppliers"),
        ] {
            assert_eq!(sorts("register", &table(header)), [sort], "{header}");
        }
        assert!(sorts("register", &table("Month|Rain")).is_empty());
    }

    #[test]
    fn the_heading_decides_where_columns_do_not() {
        let text = "## Model\n\n|Name|Value|\n|---|---|\n|a|1|\n\n## Inputs\n\n|Name|Value|\n|---|---|\n|a|1|\n";
        assert_eq!(sorts("business-case", text), ["model", "inputs"]);
    }
}
