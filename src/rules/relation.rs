//! Typed relations as a whole: circles, targets that changed since somebody looked, and what nothing leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::link::outgoing;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::acyclic;
use crate::pack::directory::ESCALATION;
use crate::pack::lock::{State, row_id};
use crate::pack::{Artifact, Packs, Relation};
use crate::source::RepoPath;

/// A relation that leads back to where it began.
pub static CYCLE: Rule = Rule {
    name: "relation.cycle",
    severity: Severity::Error,
    summary: "A relation that must have an end leads in a circle (`supersedes`, `depends-on`, `escalates-to`)",
    why: "In a circle nothing is the latest, nothing can be restored first, and nobody is called last",
    fix: "Take out the relation that is not true",
};

/// The target is no longer what it was.
pub static SUSPECT: Rule = Rule {
    name: "relation.suspect",
    severity: Severity::Warning,
    summary: "The target of a relation says something else than when `readymark lock` pinned it",
    why: "What rests on the old text may no longer hold: a way back that changed is a way back that nobody has checked",
    fix: "Read the target again, mend what rests on it, then run `readymark lock` with the id of the document",
};

/// Nothing leads here.
pub static ORPHAN: Rule = Rule {
    name: "relation.orphan",
    severity: Severity::Note,
    summary: "Neither an alert nor another document leads to a document that says what to do and whom to call",
    why: "Whoever does not search for it does not find it in time",
    fix: "Name its alerts, link it from where a reader needs it, or retire it",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&CYCLE, &SUSPECT, &ORPHAN];

/// The field and the table that name alerts.
const ALERTS: &str = "alerts";

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = cycles(scope);
    let relations = outgoing(scope).flat_map(|outgoing| &outgoing.relations);
    found.extend(relations.filter_map(|one| suspect(scope.packs, one)));
    found.extend(orphans(scope));
    found
}

fn suspect(packs: &Packs, relation: &Relation) -> Option<Diagnostic> {
    if packs.state(relation) != State::Suspect {
        return None;
    }
    let (from, to) = (&packs.artifacts[relation.from], &packs.artifacts[relation.to]);
    let target = row_id(to, relation.to_row).unwrap_or(&to.id);
    let message = format!("{target} changed since `{}` was last looked at", relation.name);
    let help = format!("read {target} again, then run `readymark lock {}`", from.id);
    Some(Diagnostic::new(&SUSPECT, &from.path, &relation.span, message).help(help))
}

/// One finding for each circle inside the pack, at the relation that closes it.
fn cycles(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let own = scope.packs.of(scope.pack);
    let relations = outgoing(scope).flat_map(|outgoing| &outgoing.relations);
    let inside = relations.filter(|relation| own.contains(&relation.to));
    let by_name = edges(inside);
    by_name.values().flat_map(|edges| circles(scope.packs, edges)).collect()
}

/// One finding for each circle that leads through several packs.
pub(super) fn across(packs: &Packs) -> Vec<Diagnostic> {
    if packs.outgoing.iter().all(|outgoing| outgoing.abroad.is_empty()) {
        return Vec::new();
    }
    let by_name = edges(packs.outgoing.iter().flat_map(|outgoing| &outgoing.relations));
    let is_abroad =
        |edge: &Edge<'_>| packs.artifacts[edge.from].pack != packs.artifacts[edge.to].pack;
    let wide = by_name.values().filter(|edges| edges.values().flatten().any(is_abroad));
    wide.flat_map(|edges| found_in(packs, edges))
        .filter(|(ids, _)| {
            ids.iter().any(|at| packs.artifacts[*at].pack != packs.artifacts[ids[0]].pack)
        })
        .map(|(_, finding)| finding)
        .collect()
}

/// A relation in the direction of its first word, whichever side declares it.
struct Edge<'a> {
    from: usize,
    to: usize,
    relation: &'a Relation,
}

/// The relations that must have an end, by their word and by where they begin.
type Edges<'a> = BTreeMap<usize, Vec<Edge<'a>>>;

fn edges<'a>(relations: impl Iterator<Item = &'a Relation>) -> BTreeMap<&'a str, Edges<'a>> {
    let mut by_name: BTreeMap<&str, Edges<'_>> = BTreeMap::new();
    let documents = relations.filter(|one| one.to_row.is_none() && one.from_row.is_none());
    for relation in documents {
        let edge = if acyclic().contains(&relation.name) {
            (&relation.name, Edge { from: relation.from, to: relation.to, relation })
        } else if acyclic().contains(&relation.inverse) {
            (&relation.inverse, Edge { from: relation.to, to: relation.from, relation })
        } else {
            continue;
        };
        by_name.entry(edge.0).or_default().entry(edge.1.from).or_default().push(edge.1);
    }
    by_name
}

fn circles(packs: &Packs, edges: &Edges<'_>) -> Vec<Diagnostic> {
    found_in(packs, edges).into_iter().map(|(_, finding)| finding).collect()
}

/// Walks every relation once, deepest first, with the way to where it stands.
fn found_in(packs: &Packs, edges: &Edges<'_>) -> Vec<(Vec<usize>, Diagnostic)> {
    let mut found = Vec::new();
    let mut done: BTreeMap<usize, bool> = BTreeMap::new();
    for start in edges.keys() {
        let mut way: Vec<(usize, usize)> = vec![(*start, 0)];
        while let Some((at, next)) = way.pop() {
            if next == 0 && done.insert(at, false) == Some(true) {
                done.insert(at, true);
                continue;
            }
            let Some(edge) = edges.get(&at).and_then(|list| list.get(next)) else {
                done.insert(at, true);
                continue;
            };
            way.push((at, next + 1));
            match done.get(&edge.to) {
                None => way.push((edge.to, 0)),
                Some(false) => found.push(circle(packs, &way, edge)),
                Some(true) => {}
            }
        }
    }
    found
}

fn circle(packs: &Packs, way: &[(usize, usize)], last: &Edge<'_>) -> (Vec<usize>, Diagnostic) {
    let first = way.iter().position(|(at, _)| *at == last.to).unwrap_or_default();
    let mut passed: Vec<usize> = way[first..].iter().map(|(at, _)| *at).collect();
    passed.push(last.to);
    let home = packs.artifacts[last.relation.from].pack;
    let id = |at: &usize| {
        let artifact = &packs.artifacts[*at];
        let abroad = artifact.pack != home;
        let pack =
            if abroad { format!("{}:", packs.packs[artifact.pack].id) } else { String::new() };
        format!("{pack}{}", artifact.id)
    };
    let ids: Vec<String> = passed.iter().map(id).collect();
    let is_forward = acyclic().contains(&last.relation.name);
    let name = if is_forward { &last.relation.name } else { &last.relation.inverse };
    let message = format!("`{name}` leads in a circle: {}", ids.join(" → "));
    let path = &packs.artifacts[last.relation.from].path;
    let finding = Diagnostic::new(&CYCLE, path, &last.relation.span, message);
    (passed, finding.help("take out the one that is not true"))
}

/// The documents that people open when something happens, and that neither an alert nor a document of the pack leads to.
fn orphans(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let waits = |artifact: &&Artifact| {
        let kind = scope.kind(artifact);
        let alerts = kind.field(ALERTS).and_then(|spec| artifact.field(spec));
        let rows = || kind.tables_of(&artifact.document);
        kind.field(ESCALATION).is_some()
            && scope.pack().declared
            && artifact.status.is_approved()
            && alerts.is_none_or(|field| field.value.texts().is_empty())
            && !rows().iter().any(|table| table.spec.name == ALERTS)
    };
    let waiting: Vec<&Artifact> = scope.judged().filter(waits).collect();
    if waiting.is_empty() {
        return Vec::new();
    }
    let reached = reached(scope);
    let lost = waiting.into_iter().filter(|artifact| !reached.contains(&artifact.path));
    lost.map(|artifact| {
        let message = format!("no alert and no document leads to {}", artifact.id);
        let help = "name its alerts, link it from where a reader needs it, or retire it";
        Diagnostic::new(&ORPHAN, &artifact.path, &(0..0), message).help(help)
    })
    .collect()
}

/// The files that anything of the pack leads to: a link, a relation (which both sides show) or the reading order.
fn reached<'a>(scope: &Scope<'a>) -> BTreeSet<&'a RepoPath> {
    let packs = scope.packs;
    let mut reached = BTreeSet::new();
    for (at, outgoing) in packs.of(scope.pack).zip(outgoing(scope)) {
        let others = |to: &usize| *to != at;
        reached.extend(outgoing.linked().filter(others));
        let related = outgoing.relations.iter().filter(|relation| others(&relation.to));
        reached.extend(related.flat_map(|relation| [relation.from, relation.to]));
    }
    let chapters = scope.pack().summary_order.iter().flat_map(|order| &order.items);
    reached.extend(chapters.filter_map(|item| item.artifact));
    reached.into_iter().map(|at| &packs.artifacts[at].path).collect()
}
