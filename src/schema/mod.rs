//! JSON Schemas (draft 2020-12) of what people write by hand: the front matter of each kind and our TOML files. Made of
//! the same data that the program reads by: kinds, and what the readers of the files ask for.

mod form;
mod kind;
mod settings;

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::kinds::{Kind, Locators, find};

/// The draft that all of them follow.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The folder in which a site has them.
pub const FOLDER: &str = "schemas";

/// The schema of any front matter, which follows its `kind`.
const FRONT_MATTER: &str = "front-matter";

/// A schema and what it is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// `kinds/runbook`, `pack.toml`: its address without `.json`, below [`FOLDER`].
    pub name: String,
    /// What it describes, as a phrase.
    pub about: String,
    value: Value,
}

impl Schema {
    /// Puts what describes an object in place as a schema of its own. It has no `$id`: it is known by the address that it
    /// is read from, wherever that is, and Taplo refuses a relative one.
    fn new(name: &str, about: String, title: &str, body: Map<String, Value>) -> Self {
        let mut value = Map::new();
        value.insert("$schema".to_owned(), json!(DRAFT));
        value.insert("title".to_owned(), json!(title));
        value.insert("description".to_owned(), json!(format!("{about}.")));
        value.extend(body);
        Self { name: name.to_owned(), about, value: Value::Object(value) }
    }

    /// Returns the schema itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Writes it as a file.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.value)
    }
}

/// Refers to a definition of the same schema.
fn reference(name: &str) -> Value {
    let mut fragment = String::from("#/$defs/");
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' => fragment.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => fragment.push(char::from(byte)),
            byte => _ = write!(fragment, "%{byte:02X}"),
        }
    }
    json!({ "$ref": fragment })
}

/// Makes all schemas; `locators` say of which kinds fields stand elsewhere than in the front matter.
pub fn all(kinds: &[Kind], locators: &[Locators]) -> Vec<Schema> {
    let mut all = vec![kind::any(kinds, locators)];
    all.extend(kinds.iter().map(|kind| kind::one(kinds, kind, locators)));
    all.extend(settings::all());
    all
}

/// Finds a schema by its name; that of a kind also by any word for the kind.
pub fn named<'s>(schemas: &'s [Schema], kinds: &[Kind], name: &str) -> Option<&'s Schema> {
    let called = |name: &str| schemas.iter().find(|schema| schema.name == name);
    called(name).or_else(|| called(&kind::name(&kinds[find(kinds, name)?])))
}
