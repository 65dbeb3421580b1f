//! The schema of a kind's front matter. Keys are taken in every spelling that the program takes; what may stand in the
//! text instead of the front matter is never asked for.

use serde_json::{Map, Value, json};

use super::{FRONT_MATTER, Schema, form, reference};
use crate::kinds::{FieldSpec, Kind, Locators, Need, Standing, StatusSpec, common, find};
use crate::slug::slug;
use crate::value::pattern;

/// Fields that this file describes itself.
const OWN: [&str; 3] = ["id", "kind", "status"];

/// What comes before a status and is no part of it: emoji, emphasis.
const DECORATION: &str = "[^A-Za-z0-9<{\\[?|]*";

/// Returns the name of the schema of a kind.
pub(super) fn name(kind: &Kind) -> String {
    format!("kinds/{}", slug(&kind.name))
}

/// Makes the schema of one kind.
pub(super) fn one(kinds: &[Kind], kind: &Kind, locators: &[Locators]) -> Schema {
    let mut defined = form::shared(std::iter::once(kind));
    let mut body = described(kinds, kind, locators, &mut defined);
    body.insert("$defs".to_owned(), Value::Object(defined));
    let about = format!("Front matter of the kind `{}`: {}", kind.name, lower(&kind.purpose));
    let about = about.trim_end_matches([':', ' ']).to_owned();
    Schema::new(&name(kind), about, &kind.title, body)
}

/// Makes the schema of all kinds, which asks what the kind that a file states asks.
pub(super) fn any(kinds: &[Kind], locators: &[Locators]) -> Schema {
    let follows = |kind: &Kind| {
        let stated = json!({ "type": "string", "pattern": of_kind(kinds, kind) });
        json!({
            "if": { "properties": { "kind": stated }, "required": ["kind"] },
            "then": reference(&format!("kind.{}", slug(&kind.name))),
        })
    };
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
    let mut body = Map::new();
    body.insert("type".to_owned(), json!("object"));
    let kind =
        json!({ "anyOf": [{ "enum": names }, {}], "description": "What sort of artifact this is" });
    body.insert("properties".to_owned(), json!({ "kind": kind }));
    body.insert("allOf".to_owned(), kinds.iter().map(follows).collect());
    let mut defined = form::shared(kinds.iter());
    for kind in kinds {
        let one = described(kinds, kind, locators, &mut defined);
        defined.insert(format!("kind.{}", slug(&kind.name)), Value::Object(one));
    }
    body.insert("$defs".to_owned(), Value::Object(defined));
    let about = "Front matter of any kind, by the `kind` that it states".to_owned();
    Schema::new(FRONT_MATTER, about, "Front matter", body)
}

/// Describes the front matter of a kind. What a field must hold is defined once and referred to, because a field has
/// many names.
fn described(
    kinds: &[Kind],
    kind: &Kind,
    locators: &[Locators],
    defined: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut spellings = Map::new();
    let mut rules: Vec<Value> = Vec::new();
    for field in kind.all_fields() {
        let value = match field.name.as_str() {
            "kind" => Some(kind_value(kinds, kind)),
            "id" => id_value(kind),
            "status" => Some(status_value(kind)),
            _ => form::of(&field.form),
        };
        let value = value.map(|value| {
            if value.get("$ref").is_some() {
                return value;
            }
            let name = format!("field.{}.{}", slug(&kind.name), slug(&field.name));
            let reference = reference(&name);
            defined.insert(name, value);
            reference
        });
        rules.extend(value.as_ref().and_then(|value| in_other_words(field, value)));
        if let Some(value) = &value {
            spellings.insert(key(&field.name), value.clone());
        }
        properties.insert(field.name.clone(), with_meaning(field, value));
    }
    rules.extend(needed(kind, locators));
    let mut body = Map::new();
    body.insert("type".to_owned(), json!("object"));
    body.insert("properties".to_owned(), Value::Object(properties));
    body.insert("patternProperties".to_owned(), Value::Object(spellings));
    if !rules.is_empty() {
        body.insert("allOf".to_owned(), Value::Array(rules));
    }
    body
}

fn with_meaning(field: &FieldSpec, value: Option<Value>) -> Value {
    let mut value = value.unwrap_or_else(|| json!({}));
    let others = match field.synonyms.as_slice() {
        [] => String::new(),
        words => format!("; also written {}", words.join(", ")),
    };
    if let Some(value) = value.as_object_mut() {
        value.insert("description".to_owned(), json!(format!("{}{others}.", field.hint)));
    }
    value
}

/// Matches a key in every spelling.
fn key(name: &str) -> String {
    format!("^{}$", pattern::word(name))
}

/// Holds where a key is there in any spelling.
fn has(name: &str) -> Value {
    json!({ "not": { "propertyNames": { "not": { "pattern": key(name) } } } })
}

/// Asks the same of other words for a field; of several that are there only the first counts.
fn in_other_words(field: &FieldSpec, value: &Value) -> Option<Value> {
    // The kind is stated by its own key alone.
    if field.name == "kind" {
        return None;
    }
    let rest = field.synonyms.iter().rev().fold(None, |rest: Option<Value>, word| {
        let mut rule = json!({
            "if": has(word),
            "then": { "patternProperties": { key(word): value } },
        });
        if let (Some(rule), Some(rest)) = (rule.as_object_mut(), rest) {
            rule.insert("else".to_owned(), rest);
        }
        Some(rule)
    });
    rest.map(|rest| json!({ "if": has(&field.name), "else": rest }))
}

fn kind_value(kinds: &[Kind], kind: &Kind) -> Value {
    let pattern = json!({ "type": ["string", "null"], "pattern": of_kind(kinds, kind) });
    json!({ "anyOf": [{ "const": kind.name }, pattern] })
}

/// Matches the words for a kind that mean no other one.
fn of_kind(kinds: &[Kind], kind: &Kind) -> String {
    let all = [&kind.name, &kind.title, &kind.plural].into_iter().chain(&kind.synonyms);
    let is_own = |word: &&String| find(kinds, word).is_some_and(|at| kinds[at] == *kind);
    let words = pattern::one_of(all.filter(is_own).map(String::as_str), spoken);
    format!("^[^A-Za-z]*{words}[^A-Za-z0-9]*(?:[({{][\\s\\S]*)?$")
}

/// Words with anything but letters and digits between them.
fn spoken(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(pattern::caseless).collect();
    words.join("[^A-Za-z0-9]+")
}

fn id_value(kind: &Kind) -> Option<Value> {
    let pattern = format!("^\\s*{}-", pattern::caseless(&kind.prefix));
    (!kind.prefix.is_empty()).then(|| json!({ "type": "string", "pattern": pattern }))
}

fn status_value(kind: &Kind) -> Value {
    let names: Vec<&str> = kind.statuses.iter().map(|status| status.name.as_str()).collect();
    let words = kind.statuses.iter().flat_map(StatusSpec::words);
    let pattern = json!({ "type": ["string", "null"], "pattern": states(words) });
    json!({ "anyOf": [{ "enum": names }, pattern] })
}

/// Matches a status that begins with one of some words; what offers several words is no status.
fn states<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words = pattern::one_of(words, pattern::word);
    format!("^\\s*(?:{DECORATION}{words}(?:[^A-Za-z0-9|/_-][^|]*)?)?$")
}

/// Asks of a document in force for what its kind requires. What the repository writes elsewhere is not asked for.
fn needed(kind: &Kind, locators: &[Locators]) -> Vec<Value> {
    let elsewhere = |one: &Locators| one.kind == "every" || one.kind == kind.name;
    if locators.iter().any(elsewhere) {
        return Vec::new();
    }
    let mut rules = Vec::new();
    if !kind.prefix.is_empty() {
        rules.extend(common().iter().filter(|field| field.name == "id").map(given));
    }
    let is_needed = |field: &&FieldSpec| {
        let elsewhere = field.locate || field.name == "title" || OWN.contains(&field.name.as_str());
        field.need == Need::Required && !elsewhere
    };
    let (always, sometimes): (Vec<&FieldSpec>, Vec<&FieldSpec>) =
        kind.all_fields().filter(is_needed).partition(|field| field.when.is_empty());
    let in_force = in_force(kind);
    if !always.is_empty() {
        let all: Vec<Value> = always.into_iter().map(given).collect();
        rules.push(json!({ "if": in_force, "then": { "allOf": all } }));
    }
    for field in sometimes {
        let mut conditions = vec![in_force.clone()];
        conditions.extend(field.when.iter().map(|(name, words)| says(name, words)));
        rules.push(json!({ "if": { "allOf": conditions }, "then": given(field) }));
    }
    rules
}

/// Holds where a field is there under any of its names.
fn given(field: &FieldSpec) -> Value {
    let names = || std::iter::once(&field.name).chain(&field.synonyms);
    let exact = names().map(|name| json!({ "required": [name] }));
    json!({ "anyOf": exact.chain(names().map(|name| has(name))).collect::<Vec<_>>() })
}

fn says(name: &str, words: &[String]) -> Value {
    let pattern = format!("^\\s*{}\\s*$", pattern::choice(words.iter().map(String::as_str)));
    stated(name, &json!({ "type": "string", "pattern": pattern }))
}

fn stated(name: &str, value: &Value) -> Value {
    json!({ "required": [name], "properties": { name: value } })
}

/// Holds where the status says that readers may rely on the document. Of two words of which one begins with the other
/// the longer one counts.
fn in_force(kind: &Kind) -> Value {
    let words = |approved: bool| {
        let of = |status: &&StatusSpec| (status.means == Standing::Approved) == approved;
        kind.statuses.iter().filter(of).flat_map(StatusSpec::words).collect::<Vec<&str>>()
    };
    let (approved, others) = (words(true), words(false));
    if approved.is_empty() {
        return json!(false);
    }
    let longer =
        |word: &&str| approved.iter().any(|short| crate::kinds::word(word, short).is_some());
    let longer: Vec<&str> = others.into_iter().filter(longer).collect();
    let mut value =
        json!({ "type": "string", "minLength": 1, "pattern": states(approved.into_iter()) });
    if let Some(value) = value.as_object_mut().filter(|_| !longer.is_empty()) {
        value.insert("not".to_owned(), json!({ "pattern": states(longer.into_iter()) }));
    }
    stated("status", &value)
}

/// Begins a phrase in lower case.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
