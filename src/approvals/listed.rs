//! What a document itself says about approvals: the list `approvals` and those who must approve.

use serde::{Deserialize, Serialize};

use super::record::{Class, class};
use crate::document::digest::Digest;
use crate::document::front_matter::{Field, FrontMatter, Node};
use crate::document::labels::{Label, labels};

/// An entry of the list `approvals`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The id of a person, or an address.
    pub by: String,
    /// `approved`.
    pub word: String,
    /// What the word means.
    pub class: Class,
    /// The section it is about.
    pub scope: Option<String>,
    /// The text it is about, when that is said.
    pub digest: Option<Digest>,
    /// The last day on which it holds.
    pub expires: Option<String>,
}

/// Reads the list `approvals` of a block of fields; entries that name nobody or decide nothing are left out.
pub fn listed(block: &FrontMatter) -> Box<[Listed]> {
    let Some(field) = block.field("approvals") else { return Box::default() };
    let nodes = match &field.value.value {
        crate::document::Value::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(&field.value),
    };
    nodes.iter().filter_map(entry).collect()
}

fn entry(node: &Node) -> Option<Listed> {
    let fields = node.fields()?;
    let text = |key: &str| of(fields, key).map(str::to_owned);
    let word = text("decision").unwrap_or_else(|| "approved".to_owned());
    let word = word.to_lowercase().replace([' ', '_'], "-");
    Some(Listed {
        by: text("by")?,
        class: class(&word)?,
        word,
        scope: text("scope"),
        digest: match of(fields, "digest") {
            Some(text) => Some(Digest::read(text)?),
            None => None,
        },
        expires: text("expires"),
    })
}

fn of<'f>(fields: &'f [Field], key: &str) -> Option<&'f str> {
    fields.iter().find(|field| field.key == key)?.value.text()
}

/// Reads who must approve a document, as its text says itself: in its block of fields, else behind a label.
pub fn approvers(source: &str, block: &FrontMatter) -> Vec<String> {
    stated(block, &labels(source, block.span.end))
}

/// Finds who must approve a document, as it says itself.
pub fn stated(block: &FrontMatter, labels: &[Label]) -> Vec<String> {
    const NAMES: [&str; 2] = ["approvers", "approver"];
    let stated = NAMES.iter().find_map(|name| block.field(name));
    if let Some(field) = stated {
        return field.value.texts().into_iter().map(|(text, _)| text.to_owned()).collect();
    }
    let label =
        labels.iter().find(|label| NAMES.iter().any(|name| label.name.eq_ignore_ascii_case(name)));
    let values = label.map(|label| label.values.as_slice()).unwrap_or_default().iter();
    let names = values.flat_map(|(value, _)| value.split(','));
    names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}
