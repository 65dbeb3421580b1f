//! Sections and fields that must say something, and lists of one document that others must cover.

use super::documents::field as find_field;
use super::{Candidate, Judge, Need, Problem, problem};
use crate::document::text::is_template;
use crate::kinds::{Kind, normalise};
use crate::pack::Artifact;
use crate::rules::says_something;
use crate::toml::Table;
use crate::value::is_unknown;

/// What must be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// Sections that must be filled.
    pub(super) sections: Vec<String>,
    /// Fields that must say something.
    pub(super) fields: Vec<String>,
    /// Sections or fields of which one must say something.
    pub(super) one_of: Vec<String>,
    /// `intent.journeys`: each value of this field of that kind must stand in a table of the document.
    pub(super) covers: Option<(String, String)>,
}

impl Content {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let covers = keys.text("covers").and_then(|text| {
            let cut = text.split_once('.').map(|(kind, field)| (kind.to_owned(), field.to_owned()));
            if cut.is_none() {
                keys.refuse("covers", "a kind and one of its fields, such as intent.journeys");
            }
            cut
        });
        Self {
            sections: keys.texts("sections"),
            fields: keys.texts("fields"),
            one_of: keys.texts("one-of"),
            covers,
        }
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let Content { sections, fields, one_of, .. } = &need.content;
    let Candidate { artifact, kind, .. } = candidate;
    let mut list: Vec<Problem> = Vec::new();
    list.extend(sections.iter().filter_map(|name| section_problem(kind, artifact, name)));
    list.extend(fields.iter().filter_map(|name| field_problem(kind, artifact, name)));
    let one = |name: &String| {
        (kind.section(name).is_some() && section_problem(kind, artifact, name).is_none())
            || (kind.field(name).is_some() && field_problem(kind, artifact, name).is_none())
    };
    if !one_of.is_empty() && !one_of.iter().any(one) {
        let wanted = one_of.join("` or `");
        list.push(problem(format!("it has no `{wanted}`"), &artifact.status_span));
    }
    list.extend(uncovered(judge, need, candidate));
    list
}

fn section_problem(kind: &Kind, artifact: &Artifact, name: &str) -> Option<Problem> {
    let Some(section) = kind.section(name) else {
        return Some(problem(format!("its kind has no section `{name}`"), &(0..0)));
    };
    let headings = section.headings(&artifact.document);
    if headings.iter().any(|heading| heading.filled) {
        return None;
    }
    match headings.first() {
        Some(heading) => {
            Some(problem(format!("the section `{}` is empty", heading.text), &heading.span))
        }
        None => Some(problem(format!("it has no section `{}`", section.title), &(0..0))),
    }
}

fn field_problem(kind: &Kind, artifact: &Artifact, name: &str) -> Option<Problem> {
    let known = kind.field(name).and_then(|spec| artifact.sourced(spec));
    let other = || Some((find_field(kind, artifact, name)?, &artifact.path));
    let Some((field, path)) = known.or_else(other) else {
        return Some(problem(format!("it has no `{name}`"), &(0..0)));
    };
    if says_something(&field.value) {
        return None;
    }
    let unknown = field.value.texts().iter().any(|(text, _)| is_unknown(text));
    let what = if unknown { "is unknown" } else { "is still to be written" };
    // A place in the file beside the page is none of the page's own.
    let span = if *path == artifact.path { field.key_span.clone() } else { 0..0 };
    Some(problem(format!("`{name}` {what}"), &span))
}

/// What the list says and no row of the document does.
fn uncovered(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Option<Problem> {
    let (kind, field) = need.content.covers.as_ref()?;
    let listed = listed(judge, kind, field);
    if listed.is_empty() {
        let text = format!("there is nothing to cover: `{field}` of {kind} names nothing");
        return Some(problem(text, &(0..0)));
    }
    let tables = candidate.artifact.document.tables.iter();
    let cells = tables.flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let said: Vec<String> = cells.map(|cell| normalise(&cell.text)).collect();
    let is_open = |one: &&String| !said.iter().any(|cell| cell.contains(&normalise(one)));
    let open: Vec<&str> = listed.iter().filter(is_open).map(String::as_str).collect();
    (!open.is_empty())
        .then(|| problem(format!("no row of it speaks of {}", open.join(", ")), &(0..0)))
}

/// The values of a field in all documents of a kind that are in force.
fn listed(judge: &Judge<'_>, kind: &str, name: &str) -> Vec<String> {
    let mut values = Vec::new();
    for (_, artifact) in judge.artifacts().filter(|(_, one)| one.status.is_approved()) {
        let own = &judge.packs.kinds[artifact.kind];
        let field = (own.name == kind).then(|| find_field(own, artifact, name)).flatten();
        let texts = field.map(|field| field.value.texts()).unwrap_or_default();
        let written =
            texts.iter().filter(|(text, _)| !is_template(text) && !normalise(text).is_empty());
        values.extend(written.map(|(text, _)| (*text).to_owned()));
    }
    values
}
