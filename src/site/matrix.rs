//! Which sections the documents of a pack have, kind by kind, and what the rules found in each; what is left over of
//! templates, what changed since it was approved, what is not approved, and for whom something waits.

use std::collections::BTreeMap;

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::lists::of_kind;
use super::standing::state;
use super::unit::Unit;
use super::view::{Linked, count};
use super::waiting;
use crate::diagnostic::{Diagnostic, Findings};
use crate::document::text::is_placeholder;
use crate::examine;
use crate::kinds::{Kind, Need, SectionSpec, Status};
use crate::pack::Artifact;
use crate::rules::section::has_reason;

/// What there is and what is lacking, document by document.
#[derive(Debug, Hash, Serialize)]
pub(super) struct MatrixView {
    kinds: Vec<KindRows>,
    /// Sections that hold template text, by document.
    templates: Vec<Left>,
    stale: Vec<DocumentLink>,
    unapproved: Vec<DocumentLink>,
    waiting: Vec<Waiting>,
}

/// The documents of a kind.
#[derive(Debug, Hash, Serialize)]
struct KindRows {
    title: String,
    sections: Vec<String>,
    /// `2 of 12 sections are lacking`.
    words: String,
    rows: Vec<Row>,
}

#[derive(Debug, Hash, Serialize)]
struct Row {
    document: DocumentLink,
    cells: Vec<Cell>,
    /// `1 error, 2 notes`.
    findings: String,
}

#[derive(Debug, Hash, Serialize)]
struct Cell {
    section: String,
    word: &'static str,
    tone: &'static str,
}

#[derive(Debug, Hash, Serialize)]
struct Left {
    document: DocumentLink,
    sections: String,
}

#[derive(Debug, Hash, Serialize)]
struct Waiting {
    who: Linked,
    words: String,
}

/// How a section stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filled {
    Yes,
    /// The document says why it has none.
    Excused,
    /// A few words that say nothing yet.
    Short,
    Template,
    Empty,
    Missing,
    /// Missing, and a reader could do without.
    LeftOut,
}

impl Filled {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Yes => ("filled", "good"),
            Self::Excused => ("not applicable", "neutral"),
            Self::Short => ("too short", "caution"),
            Self::Template => ("template text", "caution"),
            Self::Empty => ("empty", "bad"),
            Self::Missing => ("missing", "bad"),
            Self::LeftOut => ("left out", "neutral"),
        }
    }

    fn lacks(self) -> bool {
        matches!(self, Self::Short | Self::Template | Self::Empty | Self::Missing)
    }
}

pub(super) fn view(unit: &Unit) -> MatrixView {
    let artifacts = &unit.packs().artifacts;
    let links = |wanted: &dyn Fn(usize) -> bool| -> Vec<DocumentLink> {
        unit.own().filter(|at| wanted(*at)).map(|at| link(unit, at)).collect()
    };
    let found = findings(unit);
    MatrixView {
        kinds: unit.routes.kinds.iter().filter_map(|(kind, _)| rows(unit, *kind, &found)).collect(),
        templates: unit.own().filter_map(|at| left(unit, at)).collect(),
        stale: links(&|at| state(&unit.edition, at).tone == "changed"),
        unapproved: links(&|at| {
            let status = &artifacts[at].status;
            let is_draft = matches!(state(&unit.edition, at).tone, "draft" | "unclear");
            is_draft && *status != Status::Absent
        }),
        waiting: waiting(unit),
    }
}

fn expected(kind: &Kind) -> impl Iterator<Item = &SectionSpec> {
    kind.sections.iter().filter(|section| section.need != Need::Optional)
}

fn rows(unit: &Unit, kind: usize, found: &Found<'_>) -> Option<KindRows> {
    let facts = &unit.packs().kinds[kind];
    let sections: Vec<&SectionSpec> = expected(facts).collect();
    let own = of_kind(unit, kind);
    if sections.is_empty() || own.is_empty() {
        return None;
    }
    let stands = |at: &usize| {
        let artifact = &unit.packs().artifacts[*at];
        sections.iter().map(|section| filled(artifact, section)).collect::<Vec<_>>()
    };
    let all: Vec<Vec<Filled>> = own.iter().map(stands).collect();
    let lacking = all.iter().flatten().filter(|one| one.lacks()).count();
    let rows = own.iter().zip(&all).map(|(at, stands)| {
        let path = unit.packs().artifacts[*at].path.as_str();
        Row { findings: told(found.get(path)), ..row(unit, *at, &sections, stands) }
    });
    let of = count(own.len() * sections.len(), "section", "sections");
    Some(KindRows {
        title: facts.plural.clone(),
        words: format!("{lacking} of {of} lacking"),
        rows: rows.collect(),
        sections: sections.iter().map(|section| section.title.clone()).collect(),
    })
}

fn row(unit: &Unit, at: usize, sections: &[&SectionSpec], stands: &[Filled]) -> Row {
    let cell = |(section, stands): (&&SectionSpec, &Filled)| {
        let (word, tone) = stands.words();
        Cell { section: section.title.clone(), word, tone }
    };
    Row {
        document: link(unit, at),
        cells: sections.iter().zip(stands).map(cell).collect(),
        findings: String::new(),
    }
}

/// How many errors, warnings and notes the rules found in each file.
type Found<'u> = BTreeMap<&'u str, [usize; 3]>;

pub(super) fn findings(unit: &Unit) -> Found<'_> {
    counted(&unit.edition.inputs.diagnostics, &unit.facts().folder)
}

/// Counts the findings inside a folder, file by file.
pub(super) fn counted<'d>(findings: &'d Findings, folder: &str) -> Found<'d> {
    let mut by_file: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for one in findings.inside(folder) {
        by_file.entry(one.path.as_str()).or_default().push(one);
    }
    by_file.into_iter().map(|(path, own)| (path, examine::count(own))).collect()
}

/// Says what was found: `1 error, 2 notes`.
pub(super) fn told(counts: Option<&[usize; 3]>) -> String {
    let words = [("error", "errors"), ("warning", "warnings"), ("note", "notes")];
    let told = counts.into_iter().flatten().zip(words).filter(|(number, _)| **number > 0);
    told.map(|(number, (one, many))| count(*number, one, many)).collect::<Vec<_>>().join(", ")
}

fn filled(artifact: &Artifact, section: &SectionSpec) -> Filled {
    let document = &artifact.document;
    let headings = section.headings(document);
    if headings.iter().any(|heading| heading.filled) {
        return Filled::Yes;
    }
    if has_reason(artifact, section) {
        return Filled::Excused;
    }
    let Some(heading) = headings.first() else {
        let optional = section.need == Need::Recommended;
        return if optional { Filled::LeftOut } else { Filled::Missing };
    };
    match document.text.get(heading.words.clone()).unwrap_or_default().trim() {
        "" => Filled::Empty,
        words if words.lines().all(is_placeholder) || is_template_start(words) => Filled::Template,
        _ => Filled::Short,
    }
}

fn is_template_start(words: &str) -> bool {
    words.split_whitespace().next().is_some_and(is_placeholder)
}

/// Names the sections of a document that hold template text.
fn left(unit: &Unit, at: usize) -> Option<Left> {
    let artifact = &unit.packs().artifacts[at];
    let kind = unit.packs().kinds.get(artifact.kind)?;
    let own = kind.sections.iter();
    let left = own.filter(|section| filled(artifact, section) == Filled::Template);
    let titles: Vec<&str> = left.map(|section| section.title.as_str()).collect();
    let sections = titles.join(", ");
    (!titles.is_empty()).then(|| Left { document: link(unit, at), sections })
}

/// Counts what waits for each person; those who read a public site are not told.
fn waiting(unit: &Unit) -> Vec<Waiting> {
    if unit.routes.approvals.is_empty() {
        return Vec::new();
    }
    let people = &unit.packs().people;
    let mut by_person: BTreeMap<usize, usize> = BTreeMap::new();
    for request in waiting::requests(unit) {
        for person in request.persons.iter().filter_map(|id| people.person(id)) {
            *by_person.entry(person).or_default() += 1;
        }
    }
    let view = |(at, number): (usize, usize)| {
        let person = &people.persons[at];
        Waiting {
            who: Linked { text: person.name.clone(), href: waiting::place(unit, person) },
            words: count(number, "approval", "approvals"),
        }
    };
    by_person.into_iter().map(view).collect()
}
