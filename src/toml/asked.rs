//! What a reader asks for: every key of its file, with what the value must be. Nobody writes that down: the reader is
//! given files that hold more and more of what it asked for, until it asks for nothing new.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{File, Table, parse, read_whole};
use crate::source::RepoPath;

/// Stands for a name that the author of a file chooses.
pub const ANY: &str = "any-name";

/// Readers nest less deep than this.
const ROUNDS: usize = 12;

/// What the value of a key must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Whatever it is.
    Anything,
    /// A text, or what can be written without quotes.
    Text,
    /// A day.
    Day,
    /// A whole number.
    Whole,
    /// True or false.
    Truth,
    /// A text or a list of them.
    Texts,
    /// One of these words.
    Choice(Vec<String>),
    /// Some of these words.
    Choices(Vec<String>),
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// Which keys there are: the author names them.
    Names,
    /// Whether it is there.
    Presence,
}

/// A key that a reader asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The table, `person.keys`; empty for the top of the file.
    pub table: String,
    /// The key, or [`ANY`].
    pub key: String,
    /// What its value must be.
    pub asked: Asked,
    /// Whether the reader complains when it is not there.
    pub needed: bool,
}

impl Asked {
    pub(super) fn choice<T>(words: &[(&str, T)]) -> Self {
        Self::Choice(words.iter().map(|(word, _)| (*word).to_owned()).collect())
    }

    pub(super) fn choices<T>(words: &[(&str, T)]) -> Self {
        Self::Choices(words.iter().map(|(word, _)| (*word).to_owned()).collect())
    }
}

impl Table<'_> {
    /// Notes what is asked, when somebody wants to know.
    pub(super) fn ask(&self, key: &str, asked: impl FnOnce() -> Asked) {
        self.note(key, false, asked);
    }

    /// Notes that a key must be there.
    pub(super) fn ask_needed(&self, key: &str) {
        self.note(key, !self.items.contains_key(key), || Asked::Text);
    }

    fn note(&self, key: &str, needed: bool, asked: impl FnOnce() -> Asked) {
        if let Some(notes) = self.file.asked {
            let (table, key) = (self.name.clone(), key.to_owned());
            notes.borrow_mut().push(Question { table, key, asked: asked(), needed });
        }
    }
}

/// What stands where a text is asked for, or a name is the author's.
#[derive(Debug, Clone, Copy)]
enum Trial {
    Text,
    Table,
    Tables,
}

/// Finds out what a reader asks for, sorted by table and key.
pub fn questions(read: impl Fn(&mut Table<'_>)) -> Vec<Question> {
    let mut known = BTreeSet::new();
    for _ in 0..ROUNDS {
        let before = known.len();
        for trial in [Trial::Text, Trial::Table, Trial::Tables] {
            let text = top(&known, trial);
            known.extend(asked_of(&text, &read));
        }
        if known.len() == before {
            break;
        }
    }
    known.into_iter().filter(|question| question.asked != Asked::Presence).collect()
}

fn asked_of(text: &str, read: &impl Fn(&mut Table<'_>)) -> Vec<Question> {
    let (findings, asked) = (RefCell::default(), RefCell::default());
    let path = RepoPath::new("asked.toml");
    // What is written here can be read.
    let Ok(document) = parse(&path, text.as_bytes()) else { return Vec::new() };
    let file =
        File { path: &path, bytes: text.as_bytes(), findings: &findings, asked: Some(&asked) };
    read_whole(file, &document, |root| read(root));
    asked.into_inner()
}

/// Writes a file with everything that was asked for.
fn top(known: &BTreeSet<Question>, trial: Trial) -> String {
    let lines = entries(known, "", trial);
    lines.into_iter().map(|line| line + "\n").collect()
}

fn entries(known: &BTreeSet<Question>, table: &str, trial: Trial) -> Vec<String> {
    let own = || known.iter().filter(|question| question.table == table);
    let keys: BTreeSet<&str> = own().map(|question| question.key.as_str()).collect();
    let entry = |key: &str| {
        let asked: Vec<&Asked> =
            own().filter(|question| question.key == key).map(|question| &question.asked).collect();
        let inner = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
        let inner = || format!("{{ {} }}", entries(known, &inner, trial).join(", "));
        format!("{key} = {}", value(&asked, trial, &inner))
    };
    keys.into_iter().map(entry).collect()
}

fn value(asked: &[&Asked], trial: Trial, inner: &dyn Fn() -> String) -> String {
    let is_text = asked.contains(&&Asked::Text);
    let is_open = is_text || asked.contains(&&Asked::Names);
    let word = asked.iter().find_map(|one| match one {
        Asked::Choice(words) => words.first().map(|word| format!("\"{word}\"")),
        Asked::Choices(words) => words.first().map(|word| format!("[\"{word}\"]")),
        Asked::Day => Some("2026-05-05".to_owned()),
        Asked::Whole => Some("1".to_owned()),
        Asked::Truth => Some("true".to_owned()),
        _ => None,
    });
    let table = asked.iter().find_map(|one| match one {
        Asked::Table => Some(inner()),
        Asked::Tables => Some(format!("[{}]", inner())),
        _ => None,
    });
    let tried = match trial {
        Trial::Tables if is_open => Some(format!("[{}]", inner())),
        Trial::Table if is_open && !is_text => Some(inner()),
        _ => None,
    };
    let table = table.filter(|_| !is_text);
    tried.or(word).or(table).unwrap_or_else(|| "\"x\"".to_owned())
}
