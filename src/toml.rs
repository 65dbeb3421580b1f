//! Reads our TOML files with the place of everything: typed getters that note what was asked for, so that what
//! is left over is an unknown key. The only file that names `toml_edit` beside the front matter.

use std::cell::RefCell;

use toml_edit::{Document, Item, TableLike, Value};

use crate::diagnostic::Diagnostic;
use crate::rules::{Rule, settings as rules};
use crate::source::{RepoPath, Span};

/// A parsed file; [`File::root`] reads it.
#[derive(Debug)]
pub struct File<'a> {
    path: &'a RepoPath,
    text: &'a str,
    document: Document<&'a str>,
    findings: RefCell<Vec<Diagnostic>>,
}

impl<'a> File<'a> {
    /// Parses the bytes of a TOML file.
    ///
    /// # Errors
    /// The finding that says where it stops being TOML or UTF-8.
    pub fn parse(path: &'a RepoPath, bytes: &'a [u8]) -> Result<Self, Diagnostic> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            placed(Diagnostic::new(&rules::UNREADABLE, path, &(at..at), "not UTF-8 text"), "")
        })?;
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            placed(
                Diagnostic::new(&rules::UNREADABLE, path, &error.span().unwrap_or(0..0), message),
                text,
            )
        })?;
        Ok(Self { path, text, document, findings: RefCell::default() })
    }

    /// Returns the top-level table.
    pub fn root(&self) -> Table<'_> {
        Table {
            file: Shared { path: self.path, text: self.text, findings: &self.findings },
            table: self.document.as_table(),
            name: String::new(),
            known: RefCell::default(),
            open: false,
        }
    }

    /// Returns what was wrong, once every table was read and dropped.
    pub fn findings(self) -> Vec<Diagnostic> {
        self.findings.into_inner()
    }
}

#[derive(Clone, Copy)]
struct Shared<'a> {
    path: &'a RepoPath,
    text: &'a str,
    findings: &'a RefCell<Vec<Diagnostic>>,
}

/// A table being read. Keys that nobody asked for become findings when it is dropped.
pub struct Table<'a> {
    file: Shared<'a>,
    table: &'a dyn TableLike,
    name: String,
    known: RefCell<Vec<String>>,
    open: bool,
}

impl<'a> Table<'a> {
    /// Returns the text of `key`.
    pub fn text(&self, key: &str) -> Option<String> {
        self.placed_text(key).map(|(text, _)| text)
    }

    /// Returns the text of `key` and its place.
    pub fn placed_text(&self, key: &str) -> Option<(String, Span)> {
        let item = self.item(key)?;
        let text = scalar(item);
        if text.is_none() {
            self.wrong(key, item, "text");
        }
        Some((text?, item.span().unwrap_or(0..0)))
    }

    /// Returns the words of a list of `key`; one word alone counts as a list.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let Some(item) = self.item(key) else { return Vec::new() };
        if let Some(text) = scalar(item) {
            return vec![text];
        }
        let words: Option<Vec<String>> = item.as_array().and_then(|array| {
            array.iter().map(|value| value.as_str().map(str::to_owned)).collect()
        });
        if words.is_none() {
            self.wrong(key, item, "a list of texts");
        }
        words.unwrap_or_default()
    }

    /// Returns the truth value of `key`.
    pub fn truth(&self, key: &str) -> Option<bool> {
        let item = self.item(key)?;
        let value = item.as_bool();
        if value.is_none() {
            self.wrong(key, item, "true or false");
        }
        value
    }

    /// Returns the whole number of `key`.
    pub fn integer(&self, key: &str) -> Option<i64> {
        let item = self.item(key)?;
        let value = item.as_integer();
        if value.is_none() {
            self.wrong(key, item, "a whole number");
        }
        value
    }

    /// Returns the table `key`; an empty one when it is absent.
    pub fn table(&self, key: &str) -> Option<Table<'a>> {
        let item = self.item(key)?;
        let Some(table) = item.as_table_like() else {
            self.wrong(key, item, "a table");
            return None;
        };
        Some(self.child(key, table))
    }

    /// Returns the tables of a `[[key]]` list with their places.
    pub fn tables(&self, key: &str) -> Vec<(Table<'a>, Span)> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let found: Vec<(Table<'a>, Span)> = match item {
            Item::ArrayOfTables(tables) => tables
                .iter()
                .map(|table| (self.child(key, table), table.span().unwrap_or(0..0)))
                .collect(),
            Item::Value(Value::Array(array)) => array
                .iter()
                .filter_map(|value| {
                    Some((self.child(key, value.as_inline_table()?), value.span().unwrap_or(0..0)))
                })
                .collect(),
            _ => Vec::new(),
        };
        if found.is_empty() && !item.as_array().is_some_and(toml_edit::Array::is_empty) {
            self.wrong(key, item, "a list of tables");
        }
        found
    }

    /// Returns all keys with their places, and accepts them.
    pub fn keys(&mut self) -> Vec<(String, Span)> {
        self.open = true;
        let place = |key: &str| self.table.key(key).and_then(toml_edit::Key::span).unwrap_or(0..0);
        self.table.iter().map(|(key, _)| (key.to_owned(), place(key))).collect()
    }

    /// Accepts a key whose value is read elsewhere or not yet.
    pub fn accept(&self, key: &str) {
        self.item(key);
    }

    /// Accepts whatever else the table holds.
    pub fn accept_all(mut self) {
        self.open = true;
    }

    /// Returns the place of a value, or of the key when the value has none.
    pub fn place(&self, key: &str) -> Span {
        self.table.get(key).and_then(Item::span).unwrap_or(0..0)
    }

    /// Reports that the value of `key` is not what is needed.
    pub fn refuse(&self, key: &str, needed: &str) {
        if let Some(item) = self.table.get(key) {
            self.wrong(key, item, needed);
        }
    }

    fn child(&self, key: &str, table: &'a dyn TableLike) -> Table<'a> {
        let name =
            if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Table { file: self.file, table, name, known: RefCell::default(), open: false }
    }

    fn item(&self, key: &str) -> Option<&'a Item> {
        self.known.borrow_mut().push(key.to_owned());
        self.table.get(key)
    }

    fn wrong(&self, key: &str, item: &Item, needed: &str) {
        let span = item.span().unwrap_or(0..0);
        self.report(&rules::WRONG_VALUE, &span, format!("`{key}` must be {needed}"));
    }

    /// Adds a finding about a place in the file.
    pub fn report(&self, rule: &'static Rule, span: &Span, message: impl Into<String>) {
        self.push(Diagnostic::new(rule, self.file.path, span, message));
    }

    fn push(&self, finding: Diagnostic) {
        self.file.findings.borrow_mut().push(placed(finding, self.file.text));
    }

    fn report_unknown(&self, key: &str) {
        let span = self.table.key(key).and_then(toml_edit::Key::span).unwrap_or(0..0);
        let place =
            if self.name.is_empty() { "here".to_owned() } else { format!("in [{}]", self.name) };
        let known = self.known.borrow();
        let finding = Diagnostic::new(
            &rules::UNKNOWN_KEY,
            self.file.path,
            &span,
            format!("`{key}` is not a key {place}"),
        );
        let nearest = crate::nearest::nearest(key, known.iter().map(String::as_str));
        self.push(finding.help(match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("known keys are {}", known.join(", ")),
        }));
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if self.open {
            return;
        }
        let unknown: Vec<&str> = self
            .table
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !self.known.borrow().iter().any(|known| known == key))
            .collect();
        unknown.into_iter().for_each(|key| self.report_unknown(key));
    }
}

/// Fills in line and column.
fn placed(mut finding: Diagnostic, text: &str) -> Diagnostic {
    finding.place = crate::data_file::place(text.as_bytes(), finding.span.0);
    finding
}

/// Texts, numbers and dates as the author wrote them.
fn scalar(item: &Item) -> Option<String> {
    match item.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Boolean(truth) => Some(truth.value().to_string()),
        Value::Datetime(date) => Some(date.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}
