//! The block of fields as canonical JSON: keys under one name, in order, without what says where the text stands.
//! The names are part of `d1`: they stay as they are when the kinds learn new ones.

use crate::document::front_matter::{Field, Value};

/// Fields that say where a text stands in its life, not what it says.
const VOLATILE: [&str; 5] = ["status", "approvals", "reviewed", "review-by", "date"];

/// Names of common fields and what else they are called.
const NAMES: [(&str, &[&str]); 13] = [
    ("id", &["change-id", "doc-id", "adr"]),
    ("status", &["state"]),
    ("owner", &["owners", "maintainer", "dri", "accountable", "document-owner"]),
    ("summary", &["description", "abstract"]),
    ("author", &["authors", "contributors"]),
    ("gate", &["stage"]),
    ("review-by", &["next-review", "review-date"]),
    ("review-every", &["review-in"]),
    ("reviewed", &["last-reviewed", "last-reviewed-on"]),
    ("date", &["created", "last-updated", "updated"]),
    ("approvers", &["approver"]),
    ("tags", &["labels", "keywords"]),
    ("kind", &["doctype"]),
];

/// Returns the one name of a key: in small letters, `-` for `_` and spaces, common fields by their first name.
pub(super) fn canonical(key: &str) -> String {
    let key = key.trim().to_lowercase().replace(['_', ' '], "-");
    let known = NAMES.iter().find(|(_, others)| others.contains(&key.as_str()));
    known.map_or(key, |(name, _)| (*name).to_owned())
}

pub(super) fn is_volatile(name: &str) -> bool {
    VOLATILE.contains(&name)
}

/// Writes a block of fields as JSON, without what is volatile.
pub(super) fn json(fields: &[Field]) -> String {
    let named = fields.iter().map(|field| (canonical(&field.key), value(&field.value.value)));
    object(named.filter(|(name, _)| !is_volatile(name)).collect())
}

/// Writes a JSON object of names and values that are JSON; in the order of RFC 8785, equal names by their values.
pub(super) fn object(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_by(|one, other| {
        let names = one.0.encode_utf16().cmp(other.0.encode_utf16());
        names.then_with(|| one.1.cmp(&other.1))
    });
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}:{value}", text(name))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// Every scalar is a text as written, so that nobody has to guess what `no` or `1.10` means.
fn value(of: &Value) -> String {
    match of {
        Value::Null => "null".to_owned(),
        Value::Scalar(scalar) => text(scalar.trim()),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| value(&item.value)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(fields) => {
            let pairs = fields.iter().map(|field| (field.key.clone(), value(&field.value.value)));
            object(pairs.collect())
        }
    }
}

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
