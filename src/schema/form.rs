//! What a value of the front matter must look like. A list has the form in each of its items; tables and nothing at all
//! are never judged.

use serde_json::{Map, Value, json};

use super::reference;
use crate::kinds::{Form, Kind};
use crate::value::pattern;

/// Describes the values of a form, by reference where it is the same everywhere; nothing when any value will do.
pub(super) fn of(form: &Form) -> Option<Value> {
    match form {
        Form::Text | Form::Who | Form::Relation { .. } => None,
        Form::Choice(words) => Some(choice(words)),
        form => Some(reference(name(form))),
    }
}

/// Collects the forms that references mean, as `$defs`.
pub(super) fn shared<'k>(kinds: impl Iterator<Item = &'k Kind>) -> Map<String, Value> {
    let forms = kinds.flat_map(Kind::all_fields).map(|field| &field.form);
    let mut shared: Vec<(String, Value)> =
        forms.filter_map(|form| Some((name(form).to_owned(), one(form)?))).collect();
    shared.push((OPEN.to_owned(), json!({ "type": "string", "pattern": pattern::whole("") })));
    shared.sort_by(|(one, _), (other, _)| one.cmp(other));
    shared.into_iter().collect()
}

/// The definition of what every field may hold: that it is not known, and the text of a template.
const OPEN: &str = "form.open";

fn name(form: &Form) -> &'static str {
    match form {
        Form::Date(_) => "form.date",
        Form::Duration => "form.duration",
        Form::Percentage => "form.percentage",
        Form::Money => "form.money",
        Form::Number => "form.number",
        Form::Truth => "form.truth",
        Form::Ids => "form.ids",
        _ => "",
    }
}

fn one(form: &Form) -> Option<Value> {
    let (types, pattern): (&[&str], String) = match form {
        Form::Date(order) => (&[], pattern::date(*order)),
        Form::Duration => (&[], pattern::duration()),
        Form::Percentage => (&[], pattern::percentage()),
        Form::Money => (&["number"], pattern::money()),
        Form::Number => (&["number"], pattern::number()),
        Form::Truth => (&["boolean"], pattern::choice(["true", "false", "yes", "no"].into_iter())),
        Form::Ids => (&["number", "boolean"], "\\S+".to_owned()),
        _ => return None,
    };
    Some(with_items(types, &pattern::whole(&pattern)))
}

/// A text with a pattern, values of other types, or a list of these.
fn with_items(types: &[&str], pattern: &str) -> Value {
    let types: Vec<&str> =
        types.iter().copied().chain(["string", "array", "object", "null"]).collect();
    json!({
        "type": types,
        "pattern": pattern,
        "items": { "type": types, "pattern": pattern },
    })
}

/// The words first, for editors that offer them; then however the program takes them.
fn choice(words: &[String]) -> Value {
    let is = |one: &dyn Fn(&str) -> bool| words.iter().any(|word| one(word));
    let mut scalars = vec!["string"];
    scalars.extend(is(&|word| word.parse::<f64>().is_ok()).then_some("number"));
    scalars.extend(is(&|word| matches!(word, "true" | "false")).then_some("boolean"));
    let pattern = pattern::choice(words.iter().map(String::as_str));
    let pattern = format!("^\\s*{pattern}\\s*$");
    let open = reference(OPEN);
    let item = json!({ "type": scalars, "pattern": pattern });
    json!({
        "anyOf": [
            { "enum": words },
            item,
            open,
            { "type": ["object", "null"] },
            { "type": "array", "items": { "anyOf": [{ "type": ["array", "object", "null"] }, item, open] } },
        ]
    })
}
