//! Schemas of our TOML files: keys and values as the readers ask for them, meanings from the reference.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Schema;
use crate::pack::{lock, pack_toml, people_toml};
use crate::reference::{KEYS, Keys};
use crate::toml::{ANY, Asked, Question};
use crate::value::{DateOrder, pattern};
use crate::{kinds, profiles, settings};

pub(super) fn all() -> Vec<Schema> {
    let file = |name: &str, of: &str, title: &str, about: &str, questions: Vec<Question>| {
        let asked = Reader { file: of, questions };
        Schema::new(name, about.to_owned(), title, asked.table(""))
    };
    vec![
        file("book.toml", "book.toml", "book.toml", "Settings of a site", settings::questions()),
        file(
            "pack.toml",
            "pack.toml",
            "pack.toml",
            "Declares a pack and who holds which role in it",
            pack_toml::questions(),
        ),
        file(
            "people.toml",
            "people.toml",
            "people.toml",
            "Persons, teams and roles",
            people_toml::questions(),
        ),
        file(
            "kind.toml",
            "kinds/*.toml",
            "A kind",
            "A kind of artifact, in kinds/*.toml",
            kinds::questions(),
        ),
        file(
            "profile.toml",
            "profiles/*.toml",
            "A profile",
            "What must be true at a gate, in profiles/*.toml",
            profiles::questions(),
        ),
        file(
            lock::NAME,
            lock::NAME,
            lock::NAME,
            "What each relation led to when somebody last looked; written by `readymark lock`",
            lock::questions(),
        ),
    ]
}

/// What the reader of a file asks for.
struct Reader<'f> {
    file: &'f str,
    questions: Vec<Question>,
}

impl Reader<'_> {
    /// Describes a table.
    fn table(&self, table: &str) -> Map<String, Value> {
        let own = || self.questions.iter().filter(|question| question.table == table);
        let keys: BTreeSet<&str> = own().map(|question| question.key.as_str()).collect();
        let named = keys.iter().filter(|key| **key != ANY);
        let properties: Map<String, Value> =
            named.map(|key| ((*key).to_owned(), self.value(table, key))).collect();
        let needed: BTreeSet<&str> = own()
            .filter(|question| question.needed && question.key != ANY)
            .map(|question| question.key.as_str())
            .collect();
        let others = if keys.contains(ANY) { self.value(table, ANY) } else { json!(false) };
        let mut described = Map::new();
        described.insert("type".to_owned(), json!("object"));
        if !properties.is_empty() {
            described.insert("properties".to_owned(), Value::Object(properties));
        }
        if !needed.is_empty() {
            described.insert("required".to_owned(), json!(needed));
        }
        described.insert("additionalProperties".to_owned(), others);
        described
    }

    /// Describes the value of a key: any of what the reader takes there.
    fn value(&self, table: &str, key: &str) -> Value {
        let here = |question: &&Question| question.table == table && question.key == key;
        let mut asked: Vec<&Asked> =
            self.questions.iter().filter(here).map(|question| &question.asked).collect();
        let is_exact = |one: &Asked| matches!(one, Asked::Choice(_) | Asked::Day);
        if asked.iter().any(|one| is_exact(one)) {
            asked.retain(|one| is_exact(one));
        }
        asked.retain(|one| **one != Asked::Names);
        asked.dedup();
        let inner = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
        let mut ways: Vec<Value> = asked.iter().map(|one| self.way(one, &inner)).collect();
        let mut value = match ways.len() {
            0 | 1 => ways.pop().unwrap_or_else(|| json!({})),
            _ => json!({ "anyOf": ways }),
        };
        if let (Some(object), Some(meaning)) = (value.as_object_mut(), self.meaning(table, key)) {
            object.insert("description".to_owned(), json!(meaning));
        }
        value
    }

    fn way(&self, asked: &Asked, table: &str) -> Value {
        const SCALAR: [&str; 3] = ["string", "number", "boolean"];
        let list = |items: Value| json!({ "type": "array", "items": items });
        match asked {
            Asked::Anything | Asked::Names | Asked::Presence => json!({}),
            Asked::Text => json!({ "type": SCALAR }),
            Asked::Day => {
                let pattern = pattern::date(DateOrder::Unsaid);
                json!({ "type": "string", "pattern": format!("^\\s*{pattern}\\s*$") })
            }
            Asked::Whole => json!({ "type": "integer" }),
            Asked::Truth => json!({ "type": "boolean" }),
            Asked::Texts => {
                json!({ "anyOf": [{ "type": SCALAR }, list(json!({ "type": "string" }))] })
            }
            Asked::Choice(words) => json!({ "enum": words }),
            Asked::Choices(words) => {
                json!({ "anyOf": [{ "enum": words }, list(json!({ "enum": words }))] })
            }
            Asked::Table => Value::Object(self.table(table)),
            Asked::Tables => list(Value::Object(self.table(table))),
        }
    }

    /// Finds what the reference says of a key; `[[overlay.requirement]]` is a `[[requirement]]`.
    fn meaning(&self, table: &str, key: &str) -> Option<&'static str> {
        let is_table = |keys: &&Keys| {
            let known = path(keys.table);
            let inner =
                || table.strip_suffix(known.as_str()).is_some_and(|rest| rest.ends_with('.'));
            keys.file == self.file && (known == table || !known.is_empty() && inner())
        };
        let rows = KEYS.iter().filter(is_table).flat_map(|keys| keys.rows);
        let is_key = |name: &&str| *name == key || (key == ANY && name.starts_with('<'));
        rows.into_iter().find(|(names, _)| names.iter().any(is_key)).map(|row| row.1)
    }
}

/// `[locate.<kind>]` as the questions name it.
fn path(table: &str) -> String {
    let parts = table.trim_matches(['[', ']']).split('.');
    let parts = parts.map(|part| if part.starts_with('<') { ANY } else { part });
    parts.collect::<Vec<_>>().join(".")
}
