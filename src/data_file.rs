//! TOML files that people write beside their packs (kinds, profiles): every mistake is a finding with a place,
//! none stops the build. Reads values only; knows nothing of what they mean.

use toml_edit::{Document, Item, Table, TableLike, Value};

use crate::diagnostic::Diagnostic;
use crate::nearest::did_you_mean;
use crate::rules::data_file::{BAD_VALUE, MISSING_KEY, UNKNOWN_KEY, UNREADABLE};
use crate::source::{RepoPath, Span};

/// The findings about one file.
#[derive(Debug)]
pub struct Findings<'a> {
    path: &'a RepoPath,
    bytes: &'a [u8],
    /// What was found so far.
    pub list: Vec<Diagnostic>,
}

/// Parses one file and hands its top table to `read`; returns what that made of it and all findings.
pub fn read<T>(
    path: &RepoPath,
    bytes: &[u8],
    read: impl FnOnce(&mut Keys<'_>, &mut Findings<'_>) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let mut findings = Findings { path, bytes, list: Vec::new() };
    let Ok(text) = std::str::from_utf8(bytes) else {
        findings.add(&UNREADABLE, &(0..0), "this file is not UTF-8", None);
        return (None, findings.list);
    };
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let message = error.message().lines().next().unwrap_or("not valid TOML").to_owned();
            let span = error.span().unwrap_or(0..0);
            findings.add(&UNREADABLE, &span, message, Some("fix the TOML".to_owned()));
            return (None, findings.list);
        }
    };
    let mut keys = Keys::new(document.as_table(), 0..0);
    let value = read(&mut keys, &mut findings);
    keys.finish(&mut findings);
    (value, findings.list)
}

impl Findings<'_> {
    fn add(
        &mut self,
        rule: &'static crate::rules::Rule,
        span: &Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let mut finding = Diagnostic::new(rule, self.path, span, message);
        finding.help = help;
        if *span != (0..0) {
            finding.place = place(self.bytes, span.start);
        }
        self.list.push(finding);
    }

    /// Reports a value that is not what its key wants.
    pub fn bad_value(&mut self, span: &Span, message: impl Into<String>, help: Option<String>) {
        self.add(&BAD_VALUE, span, message, help);
    }
}

/// Returns line and column (in characters) of a byte offset, both from 1.
pub fn place(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

/// One table of a file; remembers which keys were asked for, so that the rest can be reported.
pub struct Keys<'t> {
    table: &'t dyn TableLike,
    /// Where the table stands.
    pub span: Span,
    asked: Vec<&'static str>,
}

impl<'t> Keys<'t> {
    fn new(table: &'t dyn TableLike, span: Span) -> Self {
        Self { table, span, asked: Vec::new() }
    }

    fn item(&mut self, key: &'static str) -> Option<(&'t Item, Span)> {
        self.asked.push(key);
        let item = self.table.get(key)?;
        let span = item.span().or_else(|| self.key_span(key)).unwrap_or(0..0);
        Some((item, span))
    }

    fn key_span(&self, key: &str) -> Option<Span> {
        self.table.get_key_value(key).and_then(|(key, _)| key.span())
    }

    /// Returns where the value of `key` stands, or the table when it has none.
    pub fn place_of(&self, key: &str) -> Span {
        self.table.get(key).and_then(Item::span).unwrap_or_else(|| self.span.clone())
    }

    /// Reads a text.
    pub fn text(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<String> {
        let (item, span) = self.item(key)?;
        let text = item.as_str().map(|text| text.trim().to_owned());
        if text.is_none() {
            findings.bad_value(&span, format!("`{key}` must be a text"), None);
        }
        text
    }

    /// Reads a text that must be there and not empty.
    pub fn needed(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<String> {
        let present = self.table.contains_key(key);
        let text = self.text(key, findings);
        if !present {
            findings.add(&MISSING_KEY, &self.span, format!("`{key}` is missing"), None);
        } else if text.as_deref() == Some("") {
            findings.bad_value(&self.place_of(key), format!("`{key}` is empty"), None);
        }
        text.filter(|text| !text.is_empty())
    }

    /// Reads a whole number.
    pub fn integer(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<i64> {
        let (item, span) = self.item(key)?;
        if item.as_integer().is_none() {
            findings.bad_value(&span, format!("`{key}` must be a whole number"), None);
        }
        item.as_integer()
    }

    /// Reads `true` or `false`.
    pub fn flag(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<bool> {
        let (item, span) = self.item(key)?;
        if item.as_bool().is_none() {
            findings.bad_value(&span, format!("`{key}` must be true or false"), None);
        }
        item.as_bool()
    }

    /// Reads a list of texts; one text counts as a list of one.
    pub fn texts(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Vec<String> {
        let Some((item, span)) = self.item(key) else { return Vec::new() };
        texts(key, item, &span, findings)
    }

    /// Reads one of `words`.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        findings: &mut Findings<'_>,
    ) -> Option<T> {
        let text = self.text(key, findings)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = did_you_mean(&text, known.iter().copied())
                .unwrap_or_else(|| format!("write one of {}", known.join(", ")));
            let message = format!("`{key}` does not know `{text}`");
            findings.bad_value(&self.place_of(key), message, Some(help));
        }
        found.map(|(_, value)| *value)
    }

    /// Reads `[[key]]` tables.
    pub fn tables(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Vec<Keys<'t>> {
        let Some((item, span)) = self.item(key) else { return Vec::new() };
        let parts: Vec<&'t dyn TableLike> = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(|table| table as _).collect(),
            Item::Value(Value::Array(values)) => values
                .iter()
                .filter_map(|value| value.as_inline_table().map(|table| table as _))
                .collect(),
            _ => Vec::new(),
        };
        if parts.is_empty() && !matches!(item, Item::Value(Value::Array(list)) if list.is_empty()) {
            findings.bad_value(&span, format!("`{key}` must be written as [[{key}]]"), None);
        }
        parts.into_iter().map(|table| Keys::new(table, start(table))).collect()
    }

    /// Reads a table of free names, each with a list of texts, in order of appearance.
    pub fn lists(
        &mut self,
        key: &'static str,
        findings: &mut Findings<'_>,
    ) -> Vec<(String, Vec<String>)> {
        let Some((item, span)) = self.item(key) else { return Vec::new() };
        let Some(table) = item.as_table_like() else {
            findings.bad_value(&span, format!("`{key}` must be a table"), None);
            return Vec::new();
        };
        table
            .iter()
            .map(|(name, item)| {
                let place = item.span().unwrap_or_else(|| span.clone());
                (name.to_owned(), texts(name, item, &place, findings))
            })
            .collect()
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(&self, findings: &mut Findings<'_>) {
        for (key, _) in self.table.iter().filter(|(key, _)| !self.asked.contains(key)) {
            let help = did_you_mean(key, self.asked.iter().copied())
                .unwrap_or_else(|| format!("known keys are {}", self.asked.join(", ")));
            let span = self.key_span(key).unwrap_or_else(|| self.span.clone());
            findings.add(&UNKNOWN_KEY, &span, format!("`{key}` is not a known key"), Some(help));
        }
    }
}

/// The place of a table: its header, or its first key for one that is written inline.
fn start(table: &dyn TableLike) -> Span {
    let first = || table.iter().next().and_then(|(key, _)| table.get_key_value(key)?.0.span());
    first().unwrap_or(0..0)
}

fn texts(key: &str, item: &Item, span: &Span, findings: &mut Findings<'_>) -> Vec<String> {
    if let Some(text) = item.as_str() {
        return vec![text.to_owned()];
    }
    let Some(array) = item.as_array() else {
        findings.bad_value(span, format!("`{key}` must be a list of texts"), None);
        return Vec::new();
    };
    let mut list = Vec::new();
    for value in array {
        if let Some(text) = value.as_str() {
            list.push(text.to_owned());
        } else {
            let place = value.span().unwrap_or_else(|| span.clone());
            findings.bad_value(&place, format!("`{key}` must be a list of texts"), None);
        }
    }
    list
}

/// Reads a file that is part of the program: `key = "value"` pairs of one table.
pub fn pairs(text: &'static str, table: &str) -> Vec<(String, String)> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let table = document.as_table().get(table).and_then(Item::as_table);
    table
        .into_iter()
        .flat_map(Table::iter)
        .filter_map(|(key, item)| Some((key.to_owned(), item.as_str()?.to_owned())))
        .collect()
}
