//! TOML to fields with places, through `toml_edit`. Values keep their source text.

use toml_edit::{Array, Document, InlineTable, Item, Key, Table, TableLike, Value as Toml};

use super::split::{DEEPEST, MOST_NODES, Problem};
use super::yaml::twice;
use super::{Field, Node, Value};
use crate::rules::front_matter as rules;
use crate::source::Span;

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Vec<Field>, Vec<Problem>> {
    let document = Document::parse(text).map_err(|error| vec![unreadable(text, &error)])?;
    let mut reader = Reader { text, nodes: 0 };
    reader.table(document.as_table(), 0).map_err(|problem| vec![problem])
}

fn unreadable(text: &str, error: &toml_edit::TomlError) -> Problem {
    let span = error.span().unwrap_or_default();
    let message = error.message().lines().next().unwrap_or_default().trim_end_matches('.');
    if message.contains("duplicate key") {
        let key = text.get(span.clone()).unwrap_or_default().trim();
        return twice(key, span.clone(), first_line_of(text, key, span.start) + 1);
    }
    let line = text[text[..span.start.min(text.len())].rfind('\n').map_or(0, |at| at + 1)..]
        .lines()
        .next();
    let help = match line {
        Some(line) if line.contains(": ") && !line.contains('=') => {
            "fence YAML with `---`, or write `key = value`"
        }
        _ => "quote text values: key = \"value\"",
    };
    Problem::new(&rules::UNREADABLE, span, format!("the TOML cannot be read: {message}")).help(help)
}

/// The line that first sets a key, from 1.
fn first_line_of(text: &str, key: &str, before: usize) -> usize {
    let sets = |line: &str| {
        line.trim_start()
            .strip_prefix(key)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    1 + text[..before].lines().position(sets).unwrap_or_default()
}

struct Reader<'a> {
    text: &'a str,
    nodes: usize,
}

impl Reader<'_> {
    fn table(&mut self, table: &Table, depth: usize) -> Result<Vec<Field>, Problem> {
        let mut fields = Vec::new();
        for (name, _) in table {
            let Some((key, item)) = table.get_key_value(name) else { continue };
            self.field(&mut fields, key, item, depth)?;
        }
        Ok(fields)
    }

    fn inline(&mut self, table: &InlineTable, depth: usize) -> Result<Vec<Field>, Problem> {
        let mut fields = Vec::new();
        for (name, _) in table {
            let Some((key, item)) = TableLike::get_key_value(table, name) else { continue };
            self.field(&mut fields, key, item, depth)?;
        }
        Ok(fields)
    }

    fn field(
        &mut self,
        fields: &mut Vec<Field>,
        key: &Key,
        item: &Item,
        depth: usize,
    ) -> Result<(), Problem> {
        let key_span = key.span().unwrap_or_default();
        let value = self.item(item, &key_span, depth)?;
        fields.push(Field { key: key.get().to_owned(), key_span, value });
        Ok(())
    }

    fn item(&mut self, item: &Item, place: &Span, depth: usize) -> Result<Node, Problem> {
        let span = item.span().unwrap_or_else(|| place.clone());
        self.count(&span, depth)?;
        let value = match item {
            Item::None => Value::Null,
            Item::Value(value) => return self.value(value, place, depth),
            Item::Table(table) => Value::Map(self.table(table, depth + 1)?),
            Item::ArrayOfTables(tables) => {
                let mut items = Vec::new();
                for table in tables {
                    let span = table.span().unwrap_or_else(|| place.clone());
                    items.push(Node { span, value: Value::Map(self.table(table, depth + 2)?) });
                }
                Value::List(items)
            }
        };
        Ok(Node { span, value })
    }

    fn value(&mut self, value: &Toml, place: &Span, depth: usize) -> Result<Node, Problem> {
        let span = value.span().unwrap_or_else(|| place.clone());
        self.count(&span, depth)?;
        let read = match value {
            Toml::String(text) => Value::Scalar(text.value().clone()),
            Toml::Array(array) => Value::List(self.array(array, place, depth + 1)?),
            Toml::InlineTable(table) => Value::Map(self.inline(table, depth + 1)?),
            _ => Value::Scalar(self.text.get(span.clone()).unwrap_or_default().to_owned()),
        };
        Ok(Node { span, value: read })
    }

    fn array(&mut self, array: &Array, place: &Span, depth: usize) -> Result<Vec<Node>, Problem> {
        array.iter().map(|item| self.value(item, place, depth)).collect()
    }

    fn count(&mut self, span: &Span, depth: usize) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MOST_NODES || depth >= DEEPEST {
            let message =
                format!("the block has more than {MOST_NODES} values or {DEEPEST} levels");
            return Err(Problem::new(&rules::TOO_LARGE, span.clone(), message));
        }
        Ok(())
    }
}
