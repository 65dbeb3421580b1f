//! The test suites of the notations that we read. Where we differ from one stands in `tests/suites`, with the reason; a
//! case that comes to differ, or no longer does, fails.

mod markdown;
mod toml;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use readymark::document::{Field, Value};
use serde_json::Value as Json;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suites").join(name)
}

/// Reads a list of differences: the names of cases, each with the comment above it, which says why.
fn listed(name: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(data(name)).unwrap();
    let (mut known, mut reason) = (BTreeMap::new(), "");
    for line in text.lines() {
        match line.strip_prefix("# ") {
            Some(comment) => reason = comment,
            None => {
                known.extend(line.split_whitespace().map(|id| (id.to_owned(), reason.to_owned())));
            }
        }
    }
    known
}

/// Compares a value that was read with what a suite expects of it; `scalar` compares texts.
fn is_same(read: &Value, expected: &Json, scalar: &dyn Fn(&Value, &Json) -> bool) -> bool {
    match (read, expected) {
        (Value::List(items), Json::Array(expected)) => {
            items.len() == expected.len()
                && items.iter().zip(expected).all(|(item, one)| is_same(&item.value, one, scalar))
        }
        (Value::Map(fields), Json::Object(_)) if !scalar(read, expected) => {
            is_same_map(fields, expected, scalar)
        }
        _ => scalar(read, expected),
    }
}

fn is_same_map(fields: &[Field], expected: &Json, scalar: &dyn Fn(&Value, &Json) -> bool) -> bool {
    let same = |field: &Field| {
        expected.get(&field.key).is_some_and(|one| is_same(&field.value.value, one, scalar))
    };
    expected.as_object().is_some_and(|all| all.len() == fields.len()) && fields.iter().all(same)
}
