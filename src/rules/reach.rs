//! Ways that end at nobody: every document that says whom to call, and every alert, leads to somebody who can be
//! reached. Driven by the kind's data: the field `escalation` and the tables `alerts`, `escalation`, `rota` and
//! `contacts`.

use super::people::INACTIVE_IN_ROLE;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Row;
use crate::kinds::Standing;
use crate::pack::directory::{CONTACTS, Cells, ESCALATION, ROTA, Sheet};
use crate::pack::reach::{Broken, Directory};
use crate::pack::who::Who;
use crate::pack::{Artifact, Target};
use crate::source::Span;

/// The way breaks off.
pub static UNREACHABLE: Rule = Rule {
    name: "reach.nobody",
    severity: Severity::Error,
    summary: "The way from a document or an alert to a person who can be reached breaks off",
    why: "Whoever follows it at night ends at a vacant role, at somebody who has left or at a name without a number",
    fix: "Mend the hop that the finding names: hold the role, name somebody who is there, or add a phone, a chat or a \
          duty phone of the team to `people.toml`",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&UNREACHABLE];

/// The tables that name people, and the columns in which they do.
const PLACES: [(&str, &[&str]); 3] =
    [(ESCALATION, &["who"]), (ROTA, &["primary", "secondary"]), (CONTACTS, &["name", "backup"])];
/// The table whose rows wake people.
const ALERTS: &str = "alerts";

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    if scope.packs.people.path.is_none() {
        return Vec::new();
    }
    let open = |artifact: &&Artifact| artifact.status.standing() != Standing::Closed;
    let directory = Directory::new(scope.packs, scope.pack);
    let mut found = Vec::new();
    for artifact in scope.judged().filter(open) {
        found.extend(left(scope, artifact));
        if !scope.packs.contacts.are_covered() {
            found.extend(ways(scope, &directory, artifact));
        }
    }
    found
}

fn ways(scope: &Scope<'_>, directory: &Directory<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let kind = scope.kind(artifact);
    let mut found = Vec::new();
    let escalates = kind.field(ESCALATION).is_some();
    if escalates && let Err(broken) = directory.reach(artifact, scope.day()) {
        let field = kind.field(ESCALATION).and_then(|spec| artifact.field(spec));
        let span = field.map_or(0..0, |field| field.value.span.clone());
        found.push(unreachable(artifact, &span, &artifact.id, &broken));
    }
    if kind.table(ALERTS).is_none() {
        return found;
    }
    for table in kind.tables_of(&artifact.document) {
        let rows = table.table.rows.iter().filter(|_| table.spec.name == ALERTS);
        found.extend(rows.filter_map(|row| alert(scope, directory, artifact, row, escalates)));
    }
    found
}

/// Follows an alert to the documents that its row links; one that links none is its own document's.
fn alert(
    scope: &Scope<'_>,
    directory: &Directory<'_>,
    artifact: &Artifact,
    row: &Row,
    escalates: bool,
) -> Option<Diagnostic> {
    let linked = linked(scope, artifact, &row.span);
    let name = row.cells.first().map(|cell| cell.text.as_str()).unwrap_or_default();
    let name = format!("the alert `{name}`");
    if linked.is_empty() && !escalates {
        let broken = Broken { hops: Vec::new(), why: "it leads to no runbook".to_owned() };
        return Some(unreachable(artifact, &row.span, &name, &broken));
    }
    let broken = linked.iter().find_map(|to| {
        let mut broken = directory.reach(to, scope.day()).err()?;
        broken.hops.insert(0, to.id.clone());
        Some(broken)
    })?;
    Some(unreachable(artifact, &row.span, &name, &broken))
}

/// The other documents of the pack with an escalation that links in a part of a file lead to.
fn linked<'a>(scope: &Scope<'a>, artifact: &Artifact, span: &Span) -> Vec<&'a Artifact> {
    let packs = scope.packs;
    let Some(at) = packs.find(&artifact.path) else { return Vec::new() };
    let own = packs.of(scope.pack);
    let links = artifact.document.links.iter().zip(&packs.outgoing[at].targets);
    let inside =
        links.filter(|(link, _)| span.start <= link.span.start && link.span.end <= span.end);
    let found = inside.filter_map(|(_, target)| match target {
        Target::Artifact { artifact: to, .. } if *to != at && own.contains(to) => {
            Some(&*packs.artifacts[*to])
        }
        _ => None,
    });
    found.filter(|to| scope.kind(to).field(ESCALATION).is_some()).collect()
}

fn unreachable(artifact: &Artifact, span: &Span, from: &str, broken: &Broken) -> Diagnostic {
    let message = format!("nobody can be reached from {from}: {}", broken.words());
    let mut finding = Diagnostic::new(&UNREACHABLE, &artifact.path, span, message);
    if !artifact.status.is_approved() {
        finding.severity = Severity::Warning;
    }
    finding.help("mend the last hop: a person who is there, with a phone, a chat or an address")
}

/// The places where somebody is named who is not there.
fn left(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let kind = scope.kind(artifact);
    let mut found = Vec::new();
    for name in ["owner", "approvers"] {
        let Some((field, path)) = kind.field(name).and_then(|spec| artifact.sourced(spec)) else {
            continue;
        };
        for (text, span) in field.value.texts() {
            let Some(message) = absent(scope, text, &format!("`{name}`")) else { continue };
            let mut finding = Diagnostic::new(&INACTIVE_IN_ROLE, path, span, message);
            finding.severity = Severity::Warning;
            found.push(finding.help("name somebody who is there"));
        }
    }
    let sheet = scope.packs.find(&artifact.path).and_then(|at| Sheet::new(scope.packs, at));
    for (name, columns) in &PLACES {
        let rows = sheet.iter().flat_map(|sheet| sheet.rows(name));
        found.extend(rows.flat_map(|row| left_in_row(scope, artifact, name, columns, &row)));
    }
    found
}

fn left_in_row(
    scope: &Scope<'_>,
    artifact: &Artifact,
    table: &str,
    columns: &[&str],
    row: &Cells<'_>,
) -> Vec<Diagnostic> {
    if table == ROTA && row.days().are_over(scope.day()) {
        return Vec::new();
    }
    let cells = columns.iter().filter_map(|column| row.cell(column));
    cells
        .filter_map(|cell| {
            let message = absent(scope, &cell.text, &format!("the table {table}"))?;
            let finding = Diagnostic::new(&INACTIVE_IN_ROLE, &artifact.path, &cell.span, message);
            Some(finding.help("name somebody who is there"))
        })
        .collect()
}

fn absent(scope: &Scope<'_>, text: &str, place: &str) -> Option<String> {
    let Some(Who::Person(at)) = scope.packs.people.who(text) else { return None };
    let person = &scope.packs.people.persons[at];
    let absence = person.absence(scope.day());
    (!person.days.hold(scope.day()))
        .then(|| format!("{} {absence} and is still named in {place}", person.name))
}
