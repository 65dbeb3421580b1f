//! The YAML test suite: fields are what the suite says, or the finding has a place.

use std::collections::BTreeMap;

use readymark::document::front_matter::{State, read, whole};
use readymark::document::{Field, Value};
use serde_json::Value as Json;

use super::{data, is_same_map, listed};

/// Values keep their source text, so `0x1F` is the number that the suite means.
fn is_scalar(value: &Value, expected: &Json) -> bool {
    let Value::Scalar(text) = value else {
        return *value == Value::Null && expected.is_null();
    };
    match expected {
        Json::String(expected) => text == expected,
        Json::Bool(expected) => text.to_lowercase() == expected.to_string(),
        Json::Number(expected) => number(text) == expected.as_f64(),
        _ => false,
    }
}

fn number(text: &str) -> Option<f64> {
    let based = |prefix, base| i32::from_str_radix(text.strip_prefix(prefix)?, base).ok();
    based("0x", 16).or_else(|| based("0o", 8)).map(f64::from).or_else(|| text.parse().ok())
}

/// How a file was read: nothing when it is as the suite says, else as what, or why not.
fn outcome(case: &Json) -> Option<String> {
    let text = case["yaml"].as_str().unwrap();
    let (block, faults) = whole("yaml", text).unwrap();
    same_between_fences(text, &block.fields);
    let expected = case["documents"].as_array().map(Vec::as_slice);
    if block.state == State::Unreadable {
        assert!(faults.iter().all(|fault| text.get(fault.span.clone()).is_some()), "{text}");
        let right = case["fails"] == true || expected.is_some_and(|all| !is_fields(all));
        let message = faults.into_iter().next().expect("a finding").message;
        return (!right).then_some(message);
    }
    let right = match expected {
        Some([]) => block.fields.is_empty(),
        Some([one]) => one.is_null() || is_same_map(&block.fields, one, &is_scalar),
        _ => false,
    };
    (!right).then(|| "it is read".to_owned())
}

/// Tells whether a file is one list of fields.
fn is_fields(documents: &[Json]) -> bool {
    matches!(documents, [one] if one.is_object() || one.is_null()) || documents.is_empty()
}

#[test]
fn yaml_is_read_as_its_suite_says_or_refused_with_a_place() {
    let cases = std::fs::read_to_string(data("yaml-test-suite.json")).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&cases).unwrap();
    assert_eq!(cases.len(), 402);
    let found: BTreeMap<String, String> = cases
        .iter()
        .filter_map(|case| Some((case["id"].as_str().unwrap().to_owned(), outcome(case)?)))
        .collect();
    assert_eq!(found, listed("yaml.txt"));
}

/// A file of fields and the same fields at the top of a page say the same.
fn same_between_fences(text: &str, fields: &[Field]) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let source = format!("---\n{text}{end}---\n");
    let (block, _) = read(&source);
    if block.state == State::Readable && block.span == (0..source.len()) {
        assert_eq!(told(&block.fields), told(fields), "{source}");
    }
}

/// What fields say, wherever they stand.
fn told(fields: &[Field]) -> Json {
    fields
        .iter()
        .map(|field| Json::from(vec![field.key.clone().into(), words(&field.value.value)]))
        .collect()
}

fn words(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Scalar(text) => text.clone().into(),
        Value::List(items) => items.iter().map(|item| words(&item.value)).collect(),
        Value::Map(fields) => told(fields),
    }
}
