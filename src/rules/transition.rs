//! Rules about transitions: sides, length and what was taught.

use std::collections::BTreeSet;

use super::support::persons;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Field;
use crate::pack::Artifact;
use crate::pack::directory::{ROTA, Sheet};
use crate::pack::who::Who;
use crate::source::RepoPath;
use crate::value::date;

/// All members of a transition team come from one side.
pub static ONE_SIDED: Rule = Rule {
    name: "transition.one-sided",
    severity: Severity::Error,
    summary: "All members of a transition team come from one side",
    why: "Builders alone throw it over the wall, operators alone guess",
    fix: "Name people of the giving and of the receiving team",
};

/// Whoever gives the service away accepts it as well.
pub static ACCEPTED_BY_GIVER: Rule = Rule {
    name: "transition.accepted-by-giver",
    severity: Severity::Error,
    summary: "Whoever gives the service away accepts it as well",
    why: "An acceptance by the giver accepts nothing",
    fix: "Let the receiving team accept it",
};

/// Nobody who was taught is on the rota.
pub static RECEIVER_NOT_ON_ROTA: Rule = Rule {
    name: "transition.receiver-not-on-rota",
    severity: Severity::Warning,
    summary: "Nobody who was taught is on the rota",
    why: "Those who learned are not those who are called",
    fix: "Teach those on the rota, or put those who learned on it",
};

/// A transition is planned for less than four or more than eight weeks.
pub static LENGTH: Rule = Rule {
    name: "transition.length",
    severity: Severity::Warning,
    summary: "A transition is planned for less than four or more than eight weeks",
    why: "A shorter one is paper, a longer one is limbo",
    fix: "Move a day, or say why",
};

/// A topic is handed over on paper only.
pub static DOCS_ONLY: Rule = Rule {
    name: "transition.docs-only",
    severity: Severity::Warning,
    summary: "A topic is handed over on paper only",
    why: "Who has only read it does not know it",
    fix: "Add pairing, shadowing or a drill",
};

/// A topic of the transfer does not say why it is so.
pub static WHY_MISSING: Rule = Rule {
    name: "transition.why-missing",
    severity: Severity::Note,
    summary: "A topic of the transfer does not say why it is so",
    why: "Who knows only what, breaks it in the first exception",
    fix: "Write the reason, or link the decision",
};

/// The rules of this group.
pub static RULES: &[&Rule] =
    &[&ONE_SIDED, &ACCEPTED_BY_GIVER, &RECEIVER_NOT_ON_ROTA, &LENGTH, &DOCS_ONLY, &WHY_MISSING];

/// A document that hands something over from one team to another.
pub(super) struct Handover<'a> {
    artifact: &'a Artifact,
    /// The giving and the receiving team: indices into the teams.
    from: usize,
    to: usize,
    /// Its last day, `2026-05-05`; empty when it has none.
    pub(super) end: String,
}

/// Finds the handovers of a pack that are in force and name two teams.
pub(super) fn handovers<'a>(scope: &Scope<'a>) -> Vec<Handover<'a>> {
    let in_force = scope.judged().filter(|artifact| artifact.status.is_approved());
    in_force.filter_map(|artifact| read(scope, artifact)).collect()
}

fn read<'a>(scope: &Scope<'a>, artifact: &'a Artifact) -> Option<Handover<'a>> {
    let team = |name: &str| match scope.packs.people.who(text(scope, artifact, name)?) {
        Some(Who::Team(at)) => Some(at),
        _ => None,
    };
    let (from, to) = (team("from_team")?, team("to_team")?);
    let end = text(scope, artifact, "end").and_then(date).unwrap_or_default();
    (from != to).then_some(Handover { artifact, from, to, end })
}

fn field<'a>(
    scope: &Scope<'a>,
    artifact: &'a Artifact,
    name: &str,
) -> Option<(&'a Field, &'a RepoPath)> {
    artifact.sourced(scope.kind(artifact).field(name)?)
}

fn text<'a>(scope: &Scope<'a>, artifact: &'a Artifact, name: &str) -> Option<&'a str> {
    field(scope, artifact, name)?.0.value.text()
}

impl<'a> Handover<'a> {
    /// Tells whether its last day has passed.
    pub(super) fn is_over(&self, scope: &Scope<'_>) -> bool {
        !self.end.is_empty() && self.end.as_str() < scope.day()
    }

    /// Names the giving team.
    pub(super) fn giver(&self, scope: &Scope<'a>) -> &'a str {
        &scope.packs.people.teams[self.from].name
    }

    /// Tells whether a person is of the giving team.
    pub(super) fn gives(&self, scope: &Scope<'_>, person: usize) -> bool {
        team(scope, person) == Some(self.from)
    }

    /// Tells of a team whose members all come from one side; nothing when one of them is of no known team.
    fn one_sided(&self, scope: &Scope<'a>) -> Option<Diagnostic> {
        let (field, path) = field(scope, self.artifact, "members")?;
        let names = field.value.texts();
        let teams: Option<Vec<usize>> =
            names.iter().map(|(name, _)| team(scope, *persons(scope, name).first()?)).collect();
        let teams = teams.filter(|teams| !teams.is_empty())?;
        let lacking = [self.from, self.to].into_iter().find(|side| !teams.contains(side))?;
        let name = &scope.packs.people.teams[lacking].name;
        let message = format!("nobody of {name} is a member of {}", self.artifact.id);
        let finding = Diagnostic::new(&ONE_SIDED, path, &field.value.span, message);
        Some(finding.help("name people of the giving and of the receiving team"))
    }

    fn accepted(&self, scope: &Scope<'a>) -> Option<Diagnostic> {
        let (field, path) = field(scope, self.artifact, "acceptance")?;
        let inner = field.value.inner("by")?;
        let by = *persons(scope, inner.value.text()?).first()?;
        if !self.gives(scope, by) {
            return None;
        }
        let name = &scope.packs.people.persons[by].name;
        let message = format!("{name}, who accepts, is of the giving team");
        let finding = Diagnostic::new(&ACCEPTED_BY_GIVER, path, &inner.value.span, message);
        Some(finding.help("let somebody of the receiving team accept it"))
    }

    /// Compares those who were taught with those on the rota from today on.
    fn off_the_rota(&self, scope: &Scope<'a>) -> Option<Diagnostic> {
        let kind = scope.kind(self.artifact);
        let tables = kind.tables_of(&self.artifact.document);
        let table = tables.iter().find(|table| table.spec.name == "kt")?;
        let cells = table.table.rows.iter().filter_map(|row| table.cell(row, "to"));
        let taught: BTreeSet<usize> = cells.flat_map(|cell| persons(scope, cell)).collect();
        let called = on_the_rota(scope);
        if taught.is_empty() || called.is_empty() || !taught.is_disjoint(&called) {
            return None;
        }
        let message = "nobody who was taught is on the rota";
        let finding =
            Diagnostic::new(&RECEIVER_NOT_ON_ROTA, &self.artifact.path, &table.table.span, message);
        Some(finding.help("teach those on the rota, or put those who learned on it"))
    }
}

fn on_the_rota(scope: &Scope<'_>) -> BTreeSet<usize> {
    let mut called = BTreeSet::new();
    for artifact in scope.judged().filter(|artifact| artifact.status.is_approved()) {
        let at = scope.packs.find(&artifact.path);
        let Some(sheet) = at.and_then(|at| Sheet::new(scope.packs, at)) else { continue };
        for row in sheet.rows(ROTA).filter(|row| !row.days().are_over(scope.day())) {
            let shifts = sheet.shifts().filter_map(|(column, _)| row.cell(&column.name));
            called.extend(shifts.flat_map(|cell| persons(scope, &cell.text)));
        }
    }
    called
}

fn team(scope: &Scope<'_>, person: usize) -> Option<usize> {
    let people = &scope.packs.people;
    people.team(people.persons[person].team.as_deref()?)
}

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let handovers = handovers(scope);
    let all = handovers.iter().flat_map(|one| {
        [one.one_sided(scope), one.accepted(scope), one.off_the_rota(scope)].into_iter().flatten()
    });
    all.collect()
}
