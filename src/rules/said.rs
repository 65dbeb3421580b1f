//! What a document, or a row of one of its tables, says under a name: in a column, else in a field (`cohort.size` inside
//! one), else by a relation, else in a section.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::field::says_something;
use super::link::outgoing;
use super::{Scope, trial};
use crate::document::text::is_template;
use crate::document::{Heading, LinkForm, Node, Row};
use crate::kinds::{Form, Kind, Recognised, Status, inverse};
use crate::pack::{Artifact, Target};
use crate::source::{RepoPath, Span};
use crate::value::{date, is_unknown};

/// The day on which the trial of the pack began, as a name.
const TRIAL: &str = "trial-start";
/// The status, as the kind's word.
const STATUS: &str = "status";
/// The profiles that judge the pack.
const PROFILES: &str = "pack-profiles";
/// The text as a whole.
pub(super) const TEXT: &str = "text";
/// What a name begins with that means a section and nothing else.
const SECTION: &str = "section:";

/// What stands under a name.
pub(super) struct Said<'a> {
    /// The words; empty when nothing is said, or nothing in words.
    pub(super) text: Cow<'a, str>,
    /// Whether anything is said at all.
    pub(super) filled: bool,
    /// Whether there is a place for it.
    pub(super) there: bool,
    /// The file in which it stands, and where.
    pub(super) place: Option<(&'a RepoPath, Span)>,
    /// Which day it names, `2026-05-05`.
    pub(super) day: Option<String>,
}

impl Said<'_> {
    fn nothing() -> Self {
        Self { text: Cow::Borrowed(""), filled: false, there: false, place: None, day: None }
    }
}

/// Tells whether a text is more than a dash, template text or a word for nothing.
pub(super) fn is_written(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
        && !is_template(text)
        && !is_unknown(text)
        && !["n/a", "tbd", "todo", "tbc"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Relations of the pack's documents by the document, read from both sides: the name and the other document.
pub(super) type Related<'a> = BTreeMap<usize, Vec<(&'a str, usize)>>;

/// What all documents of a pack are asked with.
pub(super) struct Asked<'s, 'a> {
    pub(super) scope: &'s Scope<'a>,
    related: OnceCell<Related<'a>>,
    trial: OnceCell<Option<String>>,
}

impl<'s, 'a> Asked<'s, 'a> {
    pub(super) fn new(scope: &'s Scope<'a>) -> Self {
        Self { scope, related: OnceCell::new(), trial: OnceCell::new() }
    }

    fn related(&self) -> &Related<'a> {
        self.related.get_or_init(|| {
            let mut related = Related::new();
            for one in outgoing(self.scope).flat_map(|outgoing| &outgoing.relations) {
                related.entry(one.from).or_default().push((one.name.as_str(), one.to));
                related.entry(one.to).or_default().push((one.inverse.as_str(), one.from));
            }
            related
        })
    }

    fn trial(&self) -> Option<String> {
        self.trial.get_or_init(|| trial::start(self.scope)).clone()
    }
}

/// A document, or a row of it.
pub(super) struct Subject<'s, 'a> {
    pub(super) asked: &'s Asked<'s, 'a>,
    /// Index in all artifacts.
    pub(super) at: usize,
    pub(super) artifact: &'a Artifact,
    pub(super) kind: &'a Kind,
    pub(super) row: Option<(&'s Recognised<'a, 'a>, &'a Row)>,
}

impl<'a> Subject<'_, 'a> {
    /// Returns what stands under a name.
    pub(super) fn said(&self, name: &str) -> Said<'a> {
        if let Some(cell) = self.cell(name) {
            return cell;
        }
        match name {
            TRIAL => self.trial(),
            STATUS => self.status(),
            TEXT => self.text(),
            PROFILES => self.profiles(),
            _ => self.in_the_document(name),
        }
    }

    fn cell(&self, name: &str) -> Option<Said<'a>> {
        let (table, row) = self.row?;
        let column = table.spec.column(name)?;
        let Some(cell) = table.columns[column].and_then(|at| row.cells.get(at)) else {
            return Some(Said::nothing());
        };
        let form = &table.spec.columns[column].form;
        Some(Said {
            text: Cow::Borrowed(cell.text.trim()),
            filled: is_written(&cell.text),
            there: true,
            place: Some((&self.artifact.path, cell.span.clone())),
            day: form.day(&cell.text).or_else(|| date(&cell.text)),
        })
    }

    fn trial(&self) -> Said<'a> {
        let day = self.asked.trial();
        let text = Cow::Owned(day.clone().unwrap_or_default());
        Said { text, filled: day.is_some(), day, ..Said::nothing() }
    }

    fn profiles(&self) -> Said<'a> {
        let names = &self.asked.scope.pack().profiles;
        Said { text: Cow::Owned(names.join(", ")), filled: !names.is_empty(), ..Said::nothing() }
    }

    fn text(&self) -> Said<'a> {
        let text = self.artifact.document.text.as_str();
        Said { text: Cow::Borrowed(text), filled: !text.is_empty(), ..Said::nothing() }
    }

    fn status(&self) -> Said<'a> {
        let artifact = self.artifact;
        let word = match &artifact.status {
            Status::Known { word, .. } => word.as_str(),
            other => other.label(),
        };
        let place = Some((&artifact.path, artifact.status_span.clone()));
        Said { text: Cow::Borrowed(word), filled: !word.is_empty(), there: true, place, day: None }
    }

    fn in_the_document(&self, name: &str) -> Said<'a> {
        if let Some(name) = name.strip_prefix(SECTION) {
            return self.section(name).unwrap_or_else(Said::nothing);
        }
        let related = || inverse(name).map(|_| self.relation(name));
        let ways = [self.field(name), related(), self.section(name)];
        let mut said: Vec<Said<'a>> = ways.into_iter().flatten().collect();
        let best = said.iter().position(|one| one.filled);
        let best = best.or_else(|| said.iter().position(|one| one.there));
        best.map_or_else(Said::nothing, |at| said.swap_remove(at))
    }

    fn field(&self, name: &str) -> Option<Said<'a>> {
        let (outer, inner) = name.split_once('.').map_or((name, None), |(a, b)| (a, Some(b)));
        let spec = self.kind.field(outer)?;
        let Some((field, path)) = self.artifact.sourced(spec) else { return Some(Said::nothing()) };
        let node = match inner {
            None => &field.value,
            Some(inner) => match field.value.inner(inner) {
                Some(found) => &found.value,
                None => return Some(Said::nothing()),
            },
        };
        Some(of_node(node, path, &spec.form))
    }

    /// Relations to documents that are in force.
    fn relation(&self, name: &str) -> Said<'a> {
        let packs = self.asked.scope.packs;
        let related = self.asked.related().get(&self.at).map_or(&[][..], Vec::as_slice);
        let in_force = related
            .iter()
            .filter(|(other, to)| *other == name && packs.artifacts[*to].status.is_approved());
        let ids: Vec<&str> = in_force.map(|(_, to)| packs.artifacts[*to].id.as_str()).collect();
        Said {
            filled: !ids.is_empty(),
            text: Cow::Owned(ids.join(", ")),
            there: true,
            ..Said::nothing()
        }
    }

    fn section(&self, name: &str) -> Option<Said<'a>> {
        let spec = self.kind.section(name)?;
        let headings = spec.headings(&self.artifact.document);
        let Some(heading) = headings.iter().find(|it| it.filled).or(headings.first()) else {
            return Some(Said::nothing());
        };
        Some(Said {
            text: Cow::Borrowed(words(&self.artifact.document.text, heading)),
            filled: heading.filled,
            there: true,
            place: Some((&self.artifact.path, heading.span.clone())),
            day: None,
        })
    }

    /// Tells whether a cell, a field or a section leads to anything.
    pub(super) fn leads_somewhere(&self, name: &str) -> bool {
        let section = || {
            let name = name.strip_prefix(SECTION).unwrap_or(name);
            let headings = self.kind.section(name)?.headings(&self.artifact.document);
            Some(headings.iter().find(|heading| heading.filled)?.section.clone())
        };
        let place = self.said(name).place.filter(|_| self.row.is_some()).map(|(_, span)| span);
        let Some(span) = place.or_else(section) else { return false };
        let packs = self.asked.scope.packs;
        let links = self.artifact.document.links.iter().zip(&packs.outgoing[self.at].targets);
        let mut inside = links
            .filter(|(link, _)| span.contains(&link.span.start) && link.form != LinkForm::Image);
        inside.any(|(_, target)| {
            matches!(target, Target::Artifact { .. } | Target::Asset(_) | Target::External)
        })
    }

    /// What people call it: a row by its id or its first words, a document by its id.
    pub(super) fn name(&self) -> &'a str {
        let Some((table, row)) = self.row else { return &self.artifact.id };
        if !row.id.is_empty() && table.cell(row, "id") == Some(row.id.as_str()) {
            return &row.id;
        }
        let naming = table.columns.first().copied().flatten().and_then(|at| row.cells.get(at));
        let mut cells = naming.into_iter().chain(&row.cells).map(|cell| cell.text.trim());
        cells.find(|text| is_written(text)).unwrap_or_default()
    }
}

fn words<'a>(text: &'a str, heading: &Heading) -> &'a str {
    text.get(heading.words.clone()).unwrap_or_default()
}

fn of_node<'a>(node: &'a Node, path: &'a RepoPath, form: &Form) -> Said<'a> {
    let texts: Vec<&str> = node.texts().into_iter().map(|(text, _)| text).collect();
    let text = match texts.as_slice() {
        [one] => Cow::Borrowed(*one),
        many => Cow::Owned(many.join(", ")),
    };
    let day = form.day(&text).or_else(|| date(&text));
    let place = Some((path, node.span.clone()));
    Said { filled: says_something(node), there: true, text, place, day }
}
