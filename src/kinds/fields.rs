//! The fields of an artifact, read by the names that its kind and the common vocabulary know.

use super::{Form, Kind, common};
use crate::document::front_matter::{Field, FrontMatter};

/// Finds a common field (`owner`) under any of its names.
pub fn common_field<'d>(fields: &'d FrontMatter, name: &str) -> Option<&'d Field> {
    common().iter().find(|spec| spec.name == name)?.find(fields)
}

/// Returns the text of a common field under any of its names.
pub fn common_text<'d>(fields: &'d FrontMatter, name: &str) -> Option<&'d str> {
    common_field(fields, name)?.value.texts().first().map(|(text, _)| *text)
}

/// Returns the fields that hold relations, with what each means: the kind's own, the common ones and those of a
/// `links` table.
pub fn relation_fields<'d>(kind: &Kind, fields: &'d FrontMatter) -> Vec<(&'d Field, Form)> {
    let inner = fields.field("links").and_then(|field| field.value.fields()).unwrap_or_default();
    fields
        .fields
        .iter()
        .chain(inner)
        .filter_map(|field| Some((field, relation(kind, &field.key)?)))
        .collect()
}

fn relation(kind: &Kind, key: &str) -> Option<Form> {
    let spec = kind.field(key);
    match spec.map(|spec| &spec.form) {
        Some(form @ Form::Relation { .. }) => Some(form.clone()),
        Some(_) => None,
        None => {
            let name = key.to_lowercase().replace('_', "-");
            // One word alone, such as `approved`, may be any field.
            let is_relation = name.contains('-') || super::is_forward(&name);
            let inverse = super::inverse(&name).filter(|_| is_relation)?.to_owned();
            Some(Form::Relation { name, inverse, kinds: Vec::new() })
        }
    }
}
