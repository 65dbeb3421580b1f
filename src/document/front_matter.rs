//! The block of fields at the top of a file: YAML between `---`, TOML between `+++`, or a JSON object.
//! Values keep their source text and their place; nothing is guessed from a value's look.

mod insert;
mod json;
mod split;
mod toml;
mod whole;
mod yaml;

pub use insert::with_entry;
pub use split::read;
pub use whole::whole;

use crate::source::Span;

/// The block at the top of a file.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct FrontMatter {
    /// What became of it.
    pub state: State,
    /// The whole block with its fences; `0..0` when there is none.
    pub span: Span,
    /// The fields in order of appearance; empty unless `state` is `Readable`.
    pub fields: Vec<Field>,
}

/// What became of the block.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is no block: the file starts with text.
    #[default]
    Absent,
    /// All fields were read.
    Readable,
    /// There is a block and it could not be read; the faults say why.
    Unreadable,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value stands.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value. Scalars stay text (`1.10`, `0017`, `no` and dates are never rewritten).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// Text, number, date or truth value, as written without quotes.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in order of appearance.
    Map(Vec<Field>),
}

impl FrontMatter {
    /// Finds a field by its key, letters compared without case, `-` equal to `_`.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| same_key(&field.key, key))
    }

    /// Returns the text of a scalar field, trimmed, unless it is empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.field(key)?.value.text()
    }
}

impl Node {
    /// Returns the text of a scalar, trimmed, unless it is empty.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// Returns the fields of a table.
    pub fn fields(&self) -> Option<&[Field]> {
        match &self.value {
            Value::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// Finds the field of a table that has this key.
    pub fn inner(&self, key: &str) -> Option<&Field> {
        self.fields()?.iter().find(|field| same_key(&field.key, key))
    }

    /// Returns the scalars of a list, or the one scalar, with their places.
    pub fn texts(&self) -> Vec<(&str, &Span)> {
        match &self.value {
            Value::List(items) => {
                items.iter().filter_map(|item| Some((item.text()?, &item.span))).collect()
            }
            _ => self.text().map(|text| (text, &self.span)).into_iter().collect(),
        }
    }
}

/// Compares keys without case, `-` equal to `_`.
pub fn same_key(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).all(|(a, b)| {
            let fold = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
            fold(a) == fold(b)
        })
}

impl Field {
    /// Applies a change to every place inside a field.
    pub(super) fn each_span(&mut self, change: &dyn Fn(&mut Span)) {
        change(&mut self.key_span);
        self.value.each_span(change);
    }
}

impl Node {
    fn each_span(&mut self, change: &dyn Fn(&mut Span)) {
        change(&mut self.span);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.each_span(change)),
            Value::Map(fields) => fields.iter_mut().for_each(|field| field.each_span(change)),
            Value::Null | Value::Scalar(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
