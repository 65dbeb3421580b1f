//! One document's page: facts, relations in both directions, its own history, and what is missing. All of it
//! follows from the document and its direct relations, so that it is the same in every version that holds them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::{encode, up};
use super::approved::{self, ApprovalsView};
use super::entry::{EntryView, LogLine, entry, line};
use super::fields::{FieldView, field, fields};
use super::ladder::{LadderView, ladder_for};
use super::past::has_past;
use super::rows::{self, RowView};
use super::standing::{Decided, changed_after, decided, last, state, stated_by};
use super::unit::Unit;
use super::view::{Linked, StatusView, When, is_web, sentence};
use super::who::Who;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::document::text::is_template;
use crate::history::{LandingKind, StatusAt};
use crate::kinds::{Kind, Need, SectionSpec, Status};
use crate::rules::{is_found_in_history, people, reach, waiver};
use crate::source::Origin;

/// Rules that depend on the day of judging; their findings stand on the verdict pages alone.
const CLOCKED: [&str; 3] =
    [waiver::EXPIRED.name, people::INACTIVE_IN_ROLE.name, reach::UNREACHABLE.name];

/// What the page of a document shows beside its body.
#[expect(clippy::struct_excessive_bools, reason = "a template asks each of them by its name")]
#[derive(Debug, Hash, Serialize)]
pub(super) struct ArtifactView {
    id: String,
    has_id: bool,
    kind: Linked,
    status: StatusView,
    has_status: bool,
    /// Whether it says how it stands and names no owner.
    unowned: bool,
    /// What came of it, where its kind says so beside the status.
    result: String,
    adverse: bool,
    owner: Option<Who>,
    source: Linked,
    edit: String,
    changed: Option<ChangeView>,
    landing: Option<LandingView>,
    uncommitted: bool,
    decided: Option<Decided>,
    approvals: Option<ApprovalsView>,
    fields: Vec<FieldView>,
    escalation: Vec<Linked>,
    ladder: Option<LadderView>,
    steps: String,
    since: Option<Since>,
    banner: Option<Banner>,
    outline: Vec<OutlineItem>,
    show_title: bool,
    missing: Vec<MissingView>,
    relations: Vec<RelationGroup>,
    back_links: Vec<DocumentLink>,
    rows: Vec<RowView>,
    history: Vec<EntryView>,
    /// What branches did to its status on their way; empty unless asked for.
    inside: Vec<EntryView>,
    /// The page of the texts that it had, when there were several.
    past: String,
    history_incomplete: bool,
    findings: Vec<FindingView>,
    number: String,
    previous: Option<Linked>,
    next: Option<Linked>,
}

/// Since when a document has the status that it states, and whether it changed after that.
#[derive(Debug, Hash, Serialize)]
struct Since {
    entry: EntryView,
    /// Whether it may have had it before: what it was then is not known.
    earlier: bool,
    changed: Option<ChangeView>,
}

/// Who changed a document last, and when.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct ChangeView {
    when: Option<When>,
    who: Option<Who>,
}

/// The landing of a change.
#[derive(Debug, Hash, Serialize)]
pub(super) struct LandingView {
    subject: String,
    commit: Linked,
    pull: Option<Linked>,
}

/// A line above a document that nobody should rely on.
#[derive(Debug, Hash, Serialize)]
struct Banner {
    tone: &'static str,
    title: String,
    text: String,
    instead: Vec<DocumentLink>,
}

#[derive(Debug, Hash, Serialize)]
struct OutlineItem {
    level: u8,
    id: String,
    text: String,
}

/// A section that readers expect here.
#[derive(Debug, Hash, Serialize)]
struct MissingView {
    title: String,
    hint: String,
    empty: bool,
}

/// The relations of one verb.
#[derive(Debug, Hash, Serialize)]
pub(super) struct RelationGroup {
    pub(super) verb: String,
    pub(super) items: Vec<DocumentLink>,
}

/// A document as others name it.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct DocumentLink {
    /// Empty when it states none.
    id: String,
    title: String,
    href: String,
    /// Its status, empty when it has none.
    status: String,
    tone: &'static str,
    /// What came of it, where its kind says so beside the status.
    result: String,
    /// Whether that is a word for something that went wrong.
    adverse: bool,
}

impl DocumentLink {
    /// A document that was removed, by its id.
    pub(super) fn removed(id: &str) -> Self {
        let (id, nothing) = (id.to_owned(), String::new);
        let (title, href, status, result) = (nothing(), nothing(), nothing(), nothing());
        Self { id, title, href, status, tone: "", result, adverse: false }
    }

    /// The same without what came of it, where that is said beside it.
    pub(super) fn without_result(self) -> Self {
        Self { result: String::new(), ..self }
    }

    /// Its id, or its title when it states none.
    pub(super) fn name(&self) -> String {
        if self.id.is_empty() { self.title.clone() } else { self.id.clone() }
    }
}

/// A finding in words.
#[derive(Debug, Hash, Serialize)]
pub(super) struct FindingView {
    severity: &'static str,
    rule: &'static str,
    message: String,
    help: String,
    place: Linked,
    line: usize,
}

pub(super) fn view(unit: &Unit, at: usize) -> ArtifactView {
    let artifact = &unit.packs().artifacts[at];
    let document = &artifact.document;
    let settings = &unit.edition.inputs.settings;
    let edit = settings.html.edit_url_template.as_deref().filter(|url| is_web(url));
    ArtifactView {
        id: artifact.id.clone(),
        has_id: artifact.has_id,
        kind: kind(unit, artifact.kind),
        status: state(&unit.edition, at),
        has_status: artifact.status != Status::Absent,
        unowned: !matches!(artifact.status, Status::Absent | Status::Unreadable),
        result: result(unit, at),
        adverse: is_adverse(unit, at),
        owner: artifact.owner.as_deref().map(|owner| unit.registry().who(owner)),
        source: source(unit, at),
        edit: edit
            .map_or_else(String::new, |url| url.replace("{path}", &encode(artifact.path.as_str()))),
        uncommitted: artifact.origin != Origin::Committed,
        changed: change(unit, at),
        landing: landing(unit, at),
        decided: decided(unit, at),
        approvals: approved::view(unit, at, None, &encode(&unit.past_route(at))),
        fields: fields(unit, at),
        escalation: field(unit, at, "escalation"),
        ladder: ladder_for(unit, at),
        steps: steps(unit, at),
        since: since(unit, at),
        banner: banner(unit, at),
        outline: outline(document),
        show_title: document.first_title().is_none(),
        missing: missing(unit, at),
        relations: relations(unit, at),
        back_links: back_links(unit, at),
        rows: rows::of(unit, at),
        history: history(unit, at),
        inside: inside(unit, at),
        past: if has_past(unit, at) { encode(&unit.past_route(at)) } else { String::new() },
        history_incomplete: !unit.edition.inputs.log.statement.complete(),
        findings: findings(unit, at),
        number: chapter(unit, at).map_or_else(String::new, |(number, _)| number),
        previous: neighbour(unit, at, false),
        next: neighbour(unit, at, true),
    }
}

fn kind(unit: &Unit, kind: usize) -> Linked {
    let text = unit.packs().kinds.get(kind).map_or_else(String::new, |kind| kind.title.clone());
    Linked { text, href: unit.routes.kind(kind).map_or_else(String::new, encode) }
}

/// Links the file as its last change left it.
fn source(unit: &Unit, at: usize) -> Linked {
    let artifact = &unit.packs().artifacts[at];
    let commit = last(&unit.edition, at).map(|change| change.landing.commit);
    unit.forge.file(commit, &artifact.path)
}

/// Describes the last change; a document whose bytes no landing made has none.
pub(super) fn change(unit: &Unit, at: usize) -> Option<ChangeView> {
    let change = last(&unit.edition, at)?;
    let known = change.landing.kind != LandingKind::Boundary;
    Some(ChangeView {
        when: known.then(|| When::new(change.landing.time)),
        who: change.origin.as_ref().filter(|_| known).map(|author| unit.registry().author(author)),
    })
}

fn since(unit: &Unit, at: usize) -> Option<Since> {
    let latest = stated_by(&unit.edition, at)?;
    let changed = if changed_after(&unit.edition, at) { change(unit, at) } else { None };
    let earlier = unit.edition.inputs.log.entries[latest].from == StatusAt::Unknown;
    Some(Since { entry: entry(unit, latest), earlier, changed })
}

pub(super) fn landing(unit: &Unit, at: usize) -> Option<LandingView> {
    let landing = &last(&unit.edition, at)?.landing;
    Some(LandingView {
        subject: landing.subject.clone(),
        commit: unit.forge.commit(landing.commit),
        pull: landing.pull_request.map(|number| unit.forge.pull(number)),
    })
}

fn banner(unit: &Unit, at: usize) -> Option<Banner> {
    let status = state(&unit.edition, at);
    let (title, text) = match status.tone {
        "draft" => (
            format!("Not in force: {}", status.word),
            "It is still being written; do not rely on it.",
        ),
        "closed" => (format!("No longer in force: {}", status.word), "Do not follow it."),
        "changed" => (
            sentence(&status.word),
            "An earlier text had this status. Read what changed before you rely on it.",
        ),
        _ => return None,
    };
    let instead = if status.tone == "closed" { successors(unit, at).collect() } else { Vec::new() };
    Some(Banner { tone: status.tone, title, text: text.to_owned(), instead })
}

/// Finds what a document was superseded by.
pub(super) fn successors(unit: &Unit, at: usize) -> impl Iterator<Item = DocumentLink> {
    let found = neighbours(unit, at).filter(|(verb, _)| *verb == "superseded-by");
    found.map(|(_, other)| link_to(unit, other))
}

fn outline(document: &Document) -> Vec<OutlineItem> {
    let shown = document.headings.iter().filter(|heading| (2..=3).contains(&heading.level));
    shown
        .map(|heading| OutlineItem {
            level: heading.level,
            id: encode(&heading.id),
            text: heading.text.clone(),
        })
        .collect()
}

/// Finds the anchor of the first section that a reader comes for and that has a numbered list; empty when none has.
fn steps(unit: &Unit, at: usize) -> String {
    let artifact = &unit.packs().artifacts[at];
    let Some(kind) = unit.packs().kinds.get(artifact.kind) else { return String::new() };
    let wanted = kind.sections.iter().filter(|section| section.steps);
    let found = wanted.flat_map(|section| section.headings(&artifact.document));
    let first = found.filter(|heading| heading.filled).min_by_key(|heading| heading.span.start);
    first.map_or_else(String::new, |heading| encode(&heading.id))
}

/// Lists the required sections that are not there or hold nothing.
fn missing(unit: &Unit, at: usize) -> Vec<MissingView> {
    let artifact = &unit.packs().artifacts[at];
    let Some(kind) = unit.packs().kinds.get(artifact.kind) else { return Vec::new() };
    let wanted = kind.sections.iter().filter(|section| section.need == Need::Required);
    wanted
        .filter_map(|section| {
            let filled = is_filled(&artifact.document, section);
            (filled != Some(true)).then(|| MissingView {
                title: section.title.clone(),
                hint: section.hint.clone(),
                empty: filled.is_some(),
            })
        })
        .collect()
}

/// Tells whether a section is there and filled; nothing when it is not there.
fn is_filled(document: &Document, section: &SectionSpec) -> Option<bool> {
    let headings = section.headings(document);
    (!headings.is_empty()).then(|| headings.iter().any(|heading| heading.filled))
}

/// An artifact, or a row of it.
pub(super) type Place = (usize, Option<usize>);

/// Lists the artifact's relations, read from its side; those that lead to its rows stand with the rows, and those of its
/// rows in their cells.
fn neighbours(unit: &Unit, at: usize) -> impl Iterator<Item = (&str, Place)> {
    let all = &unit.packs().outgoing;
    let declared = all.get(at).into_iter().flat_map(|outgoing| &outgoing.relations);
    let declared = declared.filter(|one| one.from_row.is_none());
    let outgoing = declared.map(|one| (one.name.as_str(), (one.to, one.to_row)));
    let incoming = unit.lookup().incoming(at).iter().map(|(from, at)| &all[*from].relations[*at]);
    let incoming = incoming.filter(|one| one.to_row.is_none());
    outgoing.chain(incoming.map(|one| (one.inverse.as_str(), (one.from, one.from_row))))
}

fn relations(unit: &Unit, at: usize) -> Vec<RelationGroup> {
    grouped(unit, neighbours(unit, at))
}

/// Gathers relations by their verbs, each place once.
pub(super) fn grouped<'u>(
    unit: &Unit,
    relations: impl Iterator<Item = (&'u str, Place)>,
) -> Vec<RelationGroup> {
    let mut groups: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (verb, other) in relations {
        let group = groups.entry(verb).or_default();
        if !group.contains(&other) {
            group.push(other);
        }
    }
    groups
        .into_iter()
        .map(|(verb, others)| RelationGroup {
            verb: sentence(verb),
            items: others.into_iter().map(|other| link_to(unit, other)).collect(),
        })
        .collect()
}

fn back_links(unit: &Unit, at: usize) -> Vec<DocumentLink> {
    let related: Vec<usize> = neighbours(unit, at).map(|(_, (other, _))| other).collect();
    let links = unit.lookup().back_links(at);
    let others = links.iter().filter(|other| **other != at && !related.contains(other));
    others.map(|other| link(unit, *other)).collect()
}

/// Completes an address of the version folder for the page of a document; an empty one stays empty.
pub(super) fn prefixed(unit: &Unit, at: usize, route: &str) -> String {
    if route.is_empty() {
        String::new()
    } else {
        format!("{}{route}", up(&unit.packs().artifacts[at].route))
    }
}

/// Names a document with its title and status.
pub(super) fn link(unit: &Unit, at: usize) -> DocumentLink {
    let artifact = &unit.packs().artifacts[at];
    let state = Some(state(&unit.edition, at)).filter(|_| artifact.status != Status::Absent);
    DocumentLink {
        id: if artifact.has_id { artifact.id.clone() } else { String::new() },
        title: artifact.title.clone(),
        href: unit.artifact_route(at),
        tone: state.as_ref().map_or("unclear", |state| state.tone),
        status: state.map(|state| state.word).unwrap_or_default(),
        adverse: is_adverse(unit, at),
        result: result(unit, at),
    }
}

/// What came of a document, in the word of the field that its kind lists; empty when it does not say.
pub(super) fn result(unit: &Unit, at: usize) -> String {
    let listed = unit.packs().kinds.get(unit.packs().artifacts[at].kind).and_then(Kind::listed);
    let values = listed.map_or_else(Vec::new, |spec| field(unit, at, &spec.name));
    values
        .into_iter()
        .next()
        .map(|value| value.text)
        .filter(|text| !is_template(text))
        .unwrap_or_default()
}

/// Tells whether what came of a document is a word for something that went wrong.
pub(super) fn is_adverse(unit: &Unit, at: usize) -> bool {
    let listed = unit.packs().kinds.get(unit.packs().artifacts[at].kind).and_then(Kind::listed);
    let folded = |word: &str| word.to_lowercase().replace([' ', '_'], "-");
    let came = folded(&result(unit, at));
    listed.is_some_and(|spec| spec.adverse.iter().any(|word| folded(word) == came))
}

/// Names a document, or a row of it.
fn link_to(unit: &Unit, (at, row): Place) -> DocumentLink {
    match row.and_then(|row| unit.packs().artifacts[at].records.get(row)) {
        Some(row) => DocumentLink {
            id: row.id.clone(),
            title: row.title.clone(),
            href: format!("{}{}", unit.artifact_route(at), rows::anchor(row)),
            status: String::new(),
            tone: "",
            result: String::new(),
            adverse: false,
        },
        None => link(unit, at),
    }
}

fn history(unit: &Unit, at: usize) -> Vec<EntryView> {
    unit.lookup().entries(at).iter().rev().map(|at| entry(unit, *at)).collect()
}

fn inside(unit: &Unit, at: usize) -> Vec<EntryView> {
    let steps = unit.lookup().inside_of(at).iter().rev();
    steps.map(|step| line(unit, LogLine::Inside(*step, Some(at)))).collect()
}

fn findings(unit: &Unit, at: usize) -> Vec<FindingView> {
    let path = &unit.packs().artifacts[at].path;
    let own = unit.edition.inputs.diagnostics.about(&unit.facts().folder, path).iter();
    // What the history says of the document stands in its approvals.
    let own = own.filter(|one| !CLOCKED.contains(&one.rule) && !is_found_in_history(one.rule));
    own.map(|diagnostic| finding(diagnostic, Linked::default())).collect()
}

/// Puts a finding into words, with a link to its document where that helps.
pub(super) fn finding(diagnostic: &Diagnostic, place: Linked) -> FindingView {
    FindingView {
        severity: diagnostic.severity.word(),
        rule: diagnostic.rule,
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone().unwrap_or_default(),
        place,
        line: diagnostic.place.0,
    }
}

/// Finds an artifact's chapter: its number and its position among the chapters.
fn chapter(unit: &Unit, at: usize) -> Option<(String, usize)> {
    let items = &unit.facts().summary_order.as_ref()?.items;
    let position = items.iter().position(|item| item.artifact == Some(at))?;
    let hidden = unit.edition.inputs.settings.html.no_section_label;
    Some((if hidden { String::new() } else { items[position].number.clone() }, position))
}

fn neighbour(unit: &Unit, at: usize, forward: bool) -> Option<Linked> {
    let (_, position) = chapter(unit, at)?;
    let items = &unit.facts().summary_order.as_ref()?.items;
    let found = if forward {
        items[position + 1..].iter().find_map(|item| item.artifact)
    } else {
        items[..position].iter().rev().find_map(|item| item.artifact)
    };
    let title = unit.packs().artifacts[found?].title.clone();
    Some(Linked { text: title, href: unit.artifact_route(found?) })
}
