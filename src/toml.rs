//! Reads our TOML files (`book.toml`, `pack.toml`, `people.toml`, kinds, profiles) with the place of everything: typed
//! getters that note what was asked for, so that what is left over is an unknown key. Every mistake is a finding, none
//! stops the build. Knows nothing of what the values mean.

mod asked;

use std::cell::RefCell;

pub use asked::{ANY, Asked, Question, questions};
use toml_edit::{Document, Item, TableLike, Value};

use crate::diagnostic::Diagnostic;
use crate::nearest::did_you_mean;
use crate::rules::{Rule, settings as rules};
use crate::source::{RepoPath, Span, place};

/// Parses a file and hands its top table to `read`; returns what that made of it (nothing when the file is not TOML)
/// and all findings.
pub fn read<T>(
    path: &RepoPath,
    bytes: &[u8],
    read: impl FnOnce(&mut Table<'_>) -> T,
) -> (Option<T>, Vec<Diagnostic>) {
    let findings = RefCell::default();
    let document = match parse(path, bytes) {
        Ok(document) => document,
        Err(finding) => return (None, vec![*finding]),
    };
    let file = File { path, bytes, findings: &findings, asked: None };
    let value = read_whole(file, &document, read);
    (Some(value), findings.into_inner())
}

fn read_whole<T>(
    file: File<'_>,
    document: &Document<&str>,
    read: impl FnOnce(&mut Table<'_>) -> T,
) -> T {
    let mut root = Table::new(file, document.as_table(), String::new(), 0..0);
    read(&mut root)
}

fn parse<'a>(path: &RepoPath, bytes: &'a [u8]) -> Result<Document<&'a str>, Box<Diagnostic>> {
    let unreadable = |span: Span, message: String| {
        let mut finding = Diagnostic::new(&rules::UNREADABLE, path, &span, message);
        finding.place = place(bytes, span.start);
        Box::new(finding)
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        unreadable(at..at, "not UTF-8 text".to_owned())
    })?;
    Document::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        unreadable(error.span().unwrap_or(0..0), message)
    })
}

#[derive(Clone, Copy)]
struct File<'a> {
    path: &'a RepoPath,
    bytes: &'a [u8],
    findings: &'a RefCell<Vec<Diagnostic>>,
    /// Where it is noted what the reader asks for, when somebody wants to know.
    asked: Option<&'a RefCell<Vec<Question>>>,
}

/// A table being read. Keys that nobody asked for become findings when it is dropped.
pub struct Table<'a> {
    file: File<'a>,
    items: &'a dyn TableLike,
    name: String,
    span: Span,
    known: RefCell<Vec<String>>,
    open: bool,
}

impl<'a> Table<'a> {
    fn new(file: File<'a>, items: &'a dyn TableLike, name: String, span: Span) -> Self {
        Self { file, items, name, span, known: RefCell::default(), open: false }
    }

    /// Returns where the table begins; `0..0` for the file as a whole.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Returns the line on which the table begins, from 1.
    pub fn line(&self) -> usize {
        self.line_of(&self.span)
    }

    /// Returns the line on which a place of the file begins, from 1.
    pub fn line_of(&self, span: &Span) -> usize {
        place(self.file.bytes, span.start).0
    }

    /// Tells whether `key` is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.ask(key, || Asked::Presence);
        self.items.contains_key(key)
    }

    /// Returns the text of `key`, without space around it.
    pub fn text(&self, key: &str) -> Option<String> {
        self.placed_text(key).map(|(text, _)| text)
    }

    /// Returns the text of `key` and its place.
    pub fn placed_text(&self, key: &str) -> Option<(String, Span)> {
        self.ask(key, || Asked::Text);
        self.scalar_of(key)
    }

    fn scalar_of(&self, key: &str) -> Option<(String, Span)> {
        let item = self.item(key)?;
        let text = item.as_value().and_then(scalar);
        if text.is_none() {
            self.refuse(key, "text");
        }
        Some((text?, self.place_of(key)))
    }

    /// Returns the text of a key that must be there and say something.
    pub fn needed(&self, key: &str) -> Option<String> {
        let text = self.text(key);
        self.ask_needed(key);
        if !self.has(key) {
            let place =
                if self.name.is_empty() { String::new() } else { format!(" in [{}]", self.name) };
            self.report(
                &rules::MISSING_KEY,
                &self.span,
                format!("`{key}` is missing{place}"),
                None,
            );
        } else if text.as_deref() == Some("") {
            self.wrong_value(&self.place_of(key), format!("`{key}` is empty"), None);
        }
        text.filter(|text| !text.is_empty())
    }

    /// Returns what the word at `key` stands for, one of `words`.
    pub fn choice<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        self.ask(key, || Asked::choice(words));
        let (text, span) = self.scalar_of(key)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known = names(words);
            let help = did_you_mean(&text, known.iter().copied())
                .unwrap_or_else(|| format!("write one of {}", known.join(", ")));
            self.wrong_value(&span, format!("`{text}` is not a value of `{key}`"), Some(help));
        }
        found.map(|(_, value)| *value)
    }

    /// Returns what the words of a list of `key` stand for, each one of `words`.
    pub fn choices<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Vec<T> {
        let known =
            |text: &String| words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        self.ask(key, || Asked::choices(words));
        let texts = self.texts_of(key);
        for text in texts.iter().filter(|text| known(text).is_none()) {
            let names = names(words);
            let help = did_you_mean(text, names.iter().copied())
                .unwrap_or_else(|| format!("write some of {}", names.join(", ")));
            let message = format!("`{text}` is not a value of `{key}`");
            self.wrong_value(&self.place_of(key), message, Some(help));
        }
        texts.iter().filter_map(known).collect()
    }

    /// Returns the words of a list of `key`; one word alone counts as a list.
    pub fn texts(&self, key: &str) -> Vec<String> {
        self.ask(key, || Asked::Texts);
        self.texts_of(key)
    }

    fn texts_of(&self, key: &str) -> Vec<String> {
        let Some(item) = self.item(key) else { return Vec::new() };
        if let Some(text) = item.as_value().and_then(scalar) {
            return vec![text];
        }
        let Some(array) = item.as_array() else {
            self.refuse(key, "a list of texts");
            return Vec::new();
        };
        let (texts, others): (Vec<&Value>, Vec<&Value>) =
            array.iter().partition(|value| value.is_str());
        for other in others {
            let span = other.span().unwrap_or_else(|| self.place_of(key));
            self.wrong_value(&span, format!("`{key}` must be a list of texts"), None);
        }
        texts.into_iter().filter_map(scalar).collect()
    }

    /// Returns the truth value of `key`.
    pub fn truth(&self, key: &str) -> Option<bool> {
        self.ask(key, || Asked::Truth);
        let value = self.item(key)?.as_bool();
        if value.is_none() {
            self.refuse(key, "true or false");
        }
        value
    }

    /// Returns the day of `key`, `2026-05-05`.
    pub fn day(&self, key: &str) -> Option<String> {
        self.ask(key, || Asked::Day);
        let (text, span) = self.scalar_of(key)?;
        let day = crate::value::date(&text);
        if day.is_none() {
            let help = Some("write it as year-month-day, such as 2026-05-05".to_owned());
            self.wrong_value(&span, format!("`{key}` must be a day"), help);
        }
        day
    }

    /// Tells whether `key` holds several values.
    pub fn is_list(&self, key: &str) -> bool {
        self.ask(key, || Asked::Presence);
        self.items.get(key).is_some_and(|item| item.is_array() || item.is_array_of_tables())
    }

    /// Returns the whole number of `key`.
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.ask(key, || Asked::Whole);
        let value = self.item(key)?.as_integer();
        if value.is_none() {
            self.refuse(key, "a whole number");
        }
        value
    }

    /// Returns the table `key`.
    pub fn table(&self, key: &str) -> Option<Table<'a>> {
        self.ask(key, || Asked::Table);
        let Some(table) = self.item(key)?.as_table_like() else {
            self.refuse(key, "a table");
            return None;
        };
        Some(self.child(key, table, Some(self.place_of(key))))
    }

    /// Returns the tables of a `[[key]]` list.
    pub fn tables(&self, key: &str) -> Vec<Table<'a>> {
        self.ask(key, || Asked::Tables);
        let Some(item) = self.item(key) else { return Vec::new() };
        match item {
            Item::ArrayOfTables(tables) => {
                tables.iter().map(|table| self.child(key, table, table.span())).collect()
            }
            Item::Value(Value::Array(array)) if array.iter().all(Value::is_inline_table) => {
                let tables =
                    array.iter().filter_map(|value| Some((value.as_inline_table()?, value)));
                tables.map(|(table, value)| self.child(key, table, value.span())).collect()
            }
            _ => {
                self.refuse(key, &format!("written as [[{key}]]"));
                Vec::new()
            }
        }
    }

    /// Returns a table of free names, each with a list of texts, in order of appearance.
    pub fn lists(&self, key: &str) -> Vec<(String, Vec<String>)> {
        let Some(mut table) = self.table(key) else { return Vec::new() };
        let keys = table.keys();
        keys.into_iter().map(|(name, _)| (name.clone(), table.texts(&name))).collect()
    }

    /// Returns a table of free names, each with a text, in order of appearance.
    pub fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let Some(mut table) = self.table(key) else { return Vec::new() };
        let keys = table.keys();
        keys.into_iter().filter_map(|(name, _)| Some((name.clone(), table.text(&name)?))).collect()
    }

    /// Returns all keys with their places, and accepts them.
    pub fn keys(&mut self) -> Vec<(String, Span)> {
        self.open = true;
        self.ask(ANY, || Asked::Names);
        self.items.iter().map(|(key, _)| (key.to_owned(), self.place_of_key(key))).collect()
    }

    /// Accepts a key whose value is read elsewhere or not yet.
    pub fn accept(&self, key: &str) {
        self.ask(key, || Asked::Anything);
        self.item(key);
    }

    /// Accepts whatever else the table holds.
    pub fn accept_all(mut self) {
        self.ask(ANY, || Asked::Anything);
        self.open = true;
    }

    /// Returns the place of the value of `key`, or of the table when it has none.
    pub fn place_of(&self, key: &str) -> Span {
        self.items.get(key).and_then(Item::span).unwrap_or_else(|| self.place_of_key(key))
    }

    /// Reports that the value of `key` is not what is needed.
    pub fn refuse(&self, key: &str, needed: &str) {
        self.wrong_value(&self.place_of(key), format!("`{key}` must be {needed}"), None);
    }

    /// Reports a value that cannot be used.
    pub fn wrong_value(&self, span: &Span, message: impl Into<String>, help: Option<String>) {
        self.report(&rules::WRONG_VALUE, span, message, help);
    }

    /// Reports what is wrong at a place in the file.
    pub fn report(
        &self,
        rule: &'static Rule,
        span: &Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let mut finding = Diagnostic::new(rule, self.file.path, span, message);
        finding.help = help;
        if *span != (0..0) {
            finding.place = place(self.file.bytes, span.start);
        }
        self.file.findings.borrow_mut().push(finding);
    }

    fn child(&self, key: &str, items: &'a dyn TableLike, span: Option<Span>) -> Table<'a> {
        let name =
            if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        Table::new(self.file, items, name, span.unwrap_or_else(|| self.span.clone()))
    }

    fn item(&self, key: &str) -> Option<&'a Item> {
        self.known.borrow_mut().push(key.to_owned());
        self.items.get(key)
    }

    fn place_of_key(&self, key: &str) -> Span {
        self.items.key(key).and_then(toml_edit::Key::span).unwrap_or_else(|| self.span.clone())
    }

    fn report_unknown(&self, key: &str) {
        let place =
            if self.name.is_empty() { "here".to_owned() } else { format!("in [{}]", self.name) };
        let known = self.known.borrow();
        let help = did_you_mean(key, known.iter().map(String::as_str))
            .unwrap_or_else(|| format!("known keys are {}", known.join(", ")));
        let message = format!("`{key}` is not a key {place}");
        self.report(&rules::UNKNOWN_KEY, &self.place_of_key(key), message, Some(help));
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if self.open {
            return;
        }
        for (key, _) in self.items.iter() {
            if !self.known.borrow().iter().any(|known| known == key) {
                self.report_unknown(key);
            }
        }
    }
}

fn names<'w, T>(words: &[(&'w str, T)]) -> Vec<&'w str> {
    words.iter().map(|(word, _)| *word).collect()
}

/// Texts, numbers and dates as the author wrote them.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().trim().to_owned()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Boolean(truth) => Some(truth.value().to_string()),
        Value::Datetime(date) => Some(date.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}
