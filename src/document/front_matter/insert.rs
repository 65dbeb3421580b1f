//! Adds an entry to a list in the block of fields and touches no other byte. What would change anything else is not
//! done at all: the new text is read again and compared.

use super::split::{Cut, Notation, cut, read};
use super::{Field, FrontMatter, Node, State, Value};
use crate::source::Span;

/// An entry: names and values, in order.
type Entry<'e> = [(&'e str, &'e str)];

/// Writes `entry` at the end of the list `key`, or in the place of the entry at `instead`. A list that is missing is
/// made, and so is a block of fields. Nothing when that cannot be done without touching something else.
pub fn with_entry(
    source: &str,
    key: &str,
    entry: &Entry<'_>,
    instead: Option<usize>,
) -> Option<String> {
    let (before, faults) = read(source);
    if before.state == State::Unreadable || !faults.is_empty() {
        return None;
    }
    let (span, text) = change(source, &before, key, entry, instead)?;
    let changed = [&source[..span.start], &text, &source[span.end..]].concat();
    let wanted = wanted(&before, key, entry, instead);
    let (after, faults) = read(&changed);
    let rest = |text: &str, block: &FrontMatter| text[block.span.end..].trim_start().to_owned();
    let is_kept = rest(&changed, &after) == rest(source, &before).trim_start_matches('\u{FEFF}');
    (faults.is_empty() && is_kept && same_fields(&after.fields, &wanted)).then_some(changed)
}

/// Says which bytes become which text.
fn change(
    source: &str,
    block: &FrontMatter,
    key: &str,
    entry: &Entry<'_>,
    instead: Option<usize>,
) -> Option<(Span, String)> {
    let end = line_end(source);
    let Some(cut) = cut(source) else {
        let start = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
        let list = list_of_lines(key, entry, end);
        return Some((start..start, format!("---{end}{list}---{end}{end}")));
    };
    let text = entry_text(entry, cut.notation);
    let Some(field) = block.field(key) else {
        return Some(new_list(source, &cut, key, entry, end));
    };
    let Value::List(items) = &field.value.value else {
        let is_empty = field.value.value == Value::Null && cut.notation == Notation::Yaml;
        return is_empty.then(|| in_place_of_nothing(source, field, &text));
    };
    if let Some(at) = instead {
        return Some((items.get(at)?.span.clone(), text));
    }
    if source[field.value.span.clone()].starts_with('[') {
        let close = field.value.span.end.checked_sub(1)?;
        let held = source[field.value.span.start..close].trim_end();
        let comma = if held.ends_with(['[', ',']) { "" } else { ", " };
        let place = field.value.span.start + held.len();
        return Some((place..close, format!("{comma}{text}")));
    }
    after_lines(source, items, &text, end)
}

/// A list behind a key that has no value, or one that says so.
fn in_place_of_nothing(source: &str, field: &Field, text: &str) -> (Span, String) {
    let span = field.value.span.clone();
    if !source[span.clone()].trim().is_empty() {
        return (span, format!("[{text}]"));
    }
    let colon = source[field.key_span.end..].find(':').map_or(0, |at| at + 1);
    let place = field.key_span.end + colon;
    (place..place, format!(" [{text}]"))
}

/// One more line below a list that has a line for each entry.
fn after_lines(source: &str, items: &[Node], text: &str, end: &str) -> Option<(Span, String)> {
    let first = items.first()?.span.start;
    let line = source[..first].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let indent = &source[line..first];
    let indent = &indent[..indent.find('-')?];
    let last = items.last()?.span.end;
    let held = source[..last].trim_end().len();
    let place = source[held..].find(end).map(|at| held + at + end.len())?;
    Some((place..place, format!("{indent}- {text}{end}")))
}

fn new_list(source: &str, cut: &Cut, key: &str, entry: &Entry<'_>, end: &str) -> (Span, String) {
    let text = entry_text(entry, cut.notation);
    let (place, list) = match cut.notation {
        Notation::Yaml => (cut.matter.end, list_of_lines(key, entry, end)),
        Notation::Toml => (cut.matter.start, format!("{key} = [{text}]{end}")),
        Notation::Json => {
            let open = source[cut.matter.clone()].find('{').map_or(0, |at| at + 1);
            let place = cut.matter.start + open;
            let is_empty = source[place..].trim_start().starts_with('}');
            let comma = if is_empty { "" } else { "," };
            (place, format!("{end}  \"{key}\": [{text}]{comma}"))
        }
    };
    (place..place, list)
}

fn list_of_lines(key: &str, entry: &Entry<'_>, end: &str) -> String {
    format!("{key}:{end}  - {}{end}", entry_text(entry, Notation::Yaml))
}

/// Writes an entry on one line.
fn entry_text(entry: &Entry<'_>, notation: Notation) -> String {
    let pairs: Vec<String> = entry
        .iter()
        .map(|(name, value)| match notation {
            Notation::Yaml if is_plain(value) => format!("{name}: {value}"),
            Notation::Yaml => format!("{name}: {}", quoted(value)),
            Notation::Toml => format!("{name} = {}", quoted(value)),
            Notation::Json => format!("\"{name}\": {}", quoted(value)),
        })
        .collect();
    match notation {
        Notation::Toml => format!("{{ {} }}", pairs.join(", ")),
        _ => format!("{{{}}}", pairs.join(", ")),
    }
}

/// Tells whether YAML reads a word as itself without quotes, in every version of the language.
fn is_plain(word: &str) -> bool {
    const OTHERS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    word.starts_with(|char: char| char.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !OTHERS.contains(&word.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn line_end(source: &str) -> &'static str {
    let first = source.find('\n').is_some_and(|at| source[..at].ends_with('\r'));
    if first { "\r\n" } else { "\n" }
}

/// The fields as they must be afterwards.
fn wanted(
    before: &FrontMatter,
    key: &str,
    entry: &Entry<'_>,
    instead: Option<usize>,
) -> Vec<Field> {
    let node = |value| Node { span: 0..0, value };
    let field = |name: &str, value| Field { key: name.to_owned(), key_span: 0..0, value };
    let scalar = |text: &str| node(Value::Scalar(text.to_owned()));
    let added =
        node(Value::Map(entry.iter().map(|(name, text)| field(name, scalar(text))).collect()));
    let mut fields = before.fields.clone();
    let name = before.field(key).map_or(key, |field| &field.key);
    let mut items = match before.field(key).map(|field| &field.value.value) {
        Some(Value::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    match instead {
        Some(at) if at < items.len() => items[at] = added,
        _ => items.push(added),
    }
    let list = field(name, node(Value::List(items)));
    match fields.iter_mut().find(|field| field.key == name) {
        Some(field) => *field = list,
        None => fields.push(list),
    }
    fields
}

/// Compares fields by name, whatever their places.
fn same_fields(one: &[Field], other: &[Field]) -> bool {
    let has = |field: &Field| {
        other.iter().any(|twin| twin.key == field.key && same(&twin.value, &field.value))
    };
    one.len() == other.len() && one.iter().all(has)
}

fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => same_fields(one, other),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests;
