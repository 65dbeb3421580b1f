//! Records: rows with an id in tables that the kind's data names, documents in small. A row whose id is a link speaks
//! of a record that is elsewhere.

use super::Artifact;
use crate::document::digest::{self, Digest};
use crate::document::text::is_placeholder;
use crate::document::{Document, Row};
use crate::kinds::{Kind, Recognised, normalise};
use crate::source::Span;

/// The column that makes rows records.
const ID: &str = "id";
/// Columns that say where a row stands in its life, not what it says.
const VOLATILE: [&str; 3] = ["status", "state", "review"];

/// A row with an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `RSK-004`, which is its anchor too.
    pub id: String,
    /// The name of its table in the data of the kind: `risks`.
    pub sort: String,
    /// What the column says that names the row.
    pub title: String,
    /// Where the id stands.
    pub span: Span,
    /// The row's bytes.
    pub row: Span,
    /// Whether the page has an anchor for it.
    pub anchored: bool,
    /// Names what the row says: each column by its name in the kind's data, or its own title, without the id and without
    /// what says where the row stands.
    pub digest: Digest,
}

/// Finds the records of a document, in order.
pub fn of(kind: &Kind, document: &Document) -> Vec<Record> {
    let has_ids = |row: &Row| !row.id.is_empty();
    if !document.tables.iter().any(|table| table.rows.iter().any(has_ids)) {
        return Vec::new();
    }
    let tables = kind.tables_of(document);
    tables
        .iter()
        .flat_map(|table| table.table.rows.iter().filter_map(|row| of_row(table, row)))
        .collect()
}

fn of_row(table: &Recognised<'_, '_>, row: &Row) -> Option<Record> {
    let own = row.cells.get((*table.columns.get(table.spec.column(ID)?)?)?)?;
    if row.id.is_empty() || own.text != row.id {
        return None;
    }
    let others = table.spec.columns.iter().zip(&table.columns);
    let mut named = others.filter(|(column, _)| column.name != ID);
    let title = named.find_map(|(_, at)| Some(row.cells.get((*at)?)?.text.clone()));
    Some(Record {
        id: row.id.clone(),
        sort: table.spec.name.clone(),
        title: title.unwrap_or_default(),
        span: own.span.clone(),
        row: row.span.clone(),
        anchored: row.anchored,
        digest: digest::of_cells(cells(table, row)),
    })
}

/// What each column of a row says.
fn cells(table: &Recognised<'_, '_>, row: &Row) -> Vec<(String, String)> {
    let name = |at: usize| {
        let known = table.columns.iter().position(|column| *column == Some(at));
        known.map_or_else(
            || table.table.header.get(at).map(|cell| normalise(&cell.text)).unwrap_or_default(),
            |column| table.spec.columns[column].name.clone(),
        )
    };
    let said = row.cells.iter().enumerate().filter(|(_, cell)| !is_placeholder(&cell.text));
    said.map(|(at, cell)| (name(at), cell.text.clone()))
        .filter(|(name, _)| name != ID && !VOLATILE.contains(&name.as_str()))
        .collect()
}

impl Artifact {
    /// Finds the record that an anchor of the page leads to.
    pub fn record(&self, anchor: &str) -> Option<usize> {
        self.records.iter().position(|record| record.anchored && record.id == anchor)
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, of};
    use crate::document::parse;
    use crate::kinds::{find, load};

    fn risks(text: &str) -> Vec<Record> {
        let (kinds, _) = load(&[]);
        of(&kinds[find(&kinds, "register").unwrap()], &parse(text.as_bytes()))
    }

    #[test]
    fn rows_of_known_tables_with_ids_are_records() {
        let found = risks(
            "## Risks\n\n| # | Risk | Owner | Status |\n|---|---|---|---|\n| RSK-1 | **It** breaks | ada | open |\n| [[RSK-2]] | elsewhere | ada | open |\n| 3 | no id | ada | open |\n| `RSK-4` | code | ada | open |\n\n| Month | Rain |\n|---|---|\n| MAY-1 | 3 |\n",
        );
        let told: Vec<_> = found.iter().map(|one| (&*one.id, &*one.sort, &*one.title)).collect();
        assert_eq!(told, [("RSK-1", "risks", "It breaks"), ("RSK-4", "risks", "code")]);
    }

    #[test]
    fn the_digest_follows_what_a_row_says() {
        let one = |text: &str| risks(text)[0].digest;
        let row = one("|Id|Risk|Owner|Status|\n|---|---|---|---|\n|RSK-1|It breaks|ada|open|\n");
        let moved = "|Owner|Id|State|Title|\n|---|---|---|---|\n|ada|RSK-1|closed|It *breaks*|\n";
        assert_eq!(row, one(&format!("## Risks\n\n{moved}")));
        assert_ne!(
            row,
            one("|Id|Risk|Owner|Status|\n|---|---|---|---|\n|RSK-1|It bends|ada|open|\n")
        );
    }
}
