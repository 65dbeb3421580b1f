//! Rules about risks: scores, appetite, rhythm and who accepted them.

use super::said::is_written;
use super::support::has_day;
use super::{Past, Rule, Scope};
use crate::approvals::{Approval, Class};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Row;
use crate::kinds::{Recognised, Standing, normalise, word};
use crate::pack::lock::row_id;
use crate::pack::who::Who;
use crate::pack::{Artifact, Packs};
use crate::value::level;

/// A risk stays above what the sponsor accepts, and nobody accepted it by name.
pub static ABOVE_APPETITE: Rule = Rule {
    name: "risk.above-appetite",
    severity: Severity::Warning,
    summary: "A risk stays above what the sponsor accepts, and nobody accepted it by name",
    why: "Nobody decided to run it, and everybody does",
    fix: "Treat it further, or have it accepted by somebody who may",
};

/// A stated score is not likelihood times impact.
pub static SCORE_WRONG: Rule = Rule {
    name: "risk.score-wrong",
    severity: Severity::Error,
    summary: "A stated score is not likelihood times impact",
    why: "The matrix shows the risk in the wrong place",
    fix: "Correct the arithmetic",
};

/// A risk is called accepted, and nobody who may accept it did, or for ever.
pub static ACCEPTED_WITHOUT_AUTHORITY: Rule = Rule {
    name: "risk.accepted-without-authority",
    severity: Severity::Error,
    summary: "A risk is called accepted by nobody, by somebody who may not accept one as high, or without a last day",
    why: "When it occurs, nobody is found who had agreed to run it",
    fix: "Let somebody accept it whose role may, by `may` in `people.toml`, until a day",
};

/// A risk is higher after its treatment than before.
pub static RESIDUAL_HIGHER: Rule = Rule {
    name: "risk.residual-higher",
    severity: Severity::Warning,
    summary: "A risk is higher after its treatment than before",
    why: "Usually two columns were exchanged",
    fix: "Exchange them, or say what got worse",
};

/// The day on which a risk was to be looked at again is over.
pub static REVIEW_OVERDUE: Rule = Rule {
    name: "risk.review-overdue",
    severity: Severity::Warning,
    summary: "The day on which a risk was to be looked at again is over",
    why: "A register that nobody reads protects nobody",
    fix: "Look at it, note the day, move on",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &ABOVE_APPETITE,
    &ACCEPTED_WITHOUT_AUTHORITY,
    &SCORE_WRONG,
    &RESIDUAL_HIGHER,
    &REVIEW_OVERDUE,
];

/// Those that read the history.
pub(super) static PAST: &[&Rule] = &[&ACCEPTED_WITHOUT_AUTHORITY];

/// How high a risk may stay for each appetite.
const APPETITES: [(&str, i64); 3] = [("low", 4), ("moderate", 9), ("high", 16)];
/// First words of a state or a treatment that say that somebody decided, or that nothing is left.
const SETTLED: [&str; 10] = [
    "accepted",
    "accept",
    "closed",
    "occurred",
    "done",
    "resolved",
    "retired",
    "dropped",
    "transferred",
    "avoided",
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let appetite = scope.judged().find_map(|artifact| appetite(scope, artifact));
    let mut found = Vec::new();
    for artifact in scope.judged().filter(|it| it.status.standing() != Standing::Closed) {
        for table in tables(scope.packs, artifact) {
            let sheet = Sheet { packs: scope.packs, artifact, table: &table };
            found.extend(table.table.rows.iter().flat_map(|row| sheet.row(row, appetite)));
        }
    }
    found
}

/// Finds risks that are called accepted and are not, by whom the row names, by documents and by the history.
pub(super) fn find_past(past: &Past<'_>) -> Vec<Diagnostic> {
    let packs = past.packs;
    let mut found = Vec::new();
    for at in packs.of(past.pack) {
        let artifact = &packs.artifacts[at];
        if artifact.status.standing() == Standing::Closed {
            continue;
        }
        for table in tables(packs, artifact) {
            let sheet = Sheet { packs, artifact, table: &table };
            let rows = table.table.rows.iter();
            found.extend(rows.filter_map(|row| sheet.unfounded(past, row)));
        }
    }
    found
}

/// Lists the tables of a document whose rows are risks.
fn tables<'a>(packs: &'a Packs, artifact: &'a Artifact) -> Vec<Recognised<'a, 'a>> {
    let Some(kind) = packs.kinds.get(artifact.kind) else { return Vec::new() };
    let has = |name| kind.tables.iter().any(|spec| spec.column(name).is_some());
    if has("likelihood") && has("impact") { kind.tables_of(&artifact.document) } else { Vec::new() }
}

fn appetite(scope: &Scope<'_>, artifact: &Artifact) -> Option<(&'static str, i64)> {
    let spec = scope.kind(artifact).field("risk_appetite")?;
    let text = artifact.field(spec)?.value.text()?;
    APPETITES.into_iter().find(|(name, _)| word(text, name).is_some())
}

/// A table of risks.
struct Sheet<'s, 'a> {
    packs: &'s Packs,
    artifact: &'s Artifact,
    table: &'s Recognised<'a, 'a>,
}

impl Sheet<'_, '_> {
    fn product(&self, row: &Row, one: &str, other: &str) -> Option<i64> {
        let read = |name: &str| level(self.table.cell(row, name)?).map(i64::from);
        Some(read(one)? * read(other)?)
    }

    fn row(&self, row: &Row, appetite: Option<(&'static str, i64)>) -> Vec<Diagnostic> {
        let inherent = self.product(row, "likelihood", "impact");
        let residual = self.product(row, "residual-l", "residual-i");
        let worse = inherent.zip(residual).filter(|(before, after)| after > before);
        let worse = worse.map(|(before, after)| {
            let name = name(row);
            let message = format!("{name} is {before} before its treatment and {after} after it");
            self.finding(&RESIDUAL_HIGHER, row, "residual-l", message)
        });
        let score = inherent.and_then(|product| self.score(row, product));
        let limit = residual.or(inherent).zip(appetite);
        let above = limit.and_then(|(score, appetite)| self.above(row, score, appetite));
        score.into_iter().chain(worse).chain(above).collect()
    }

    /// Compares a stated score, where its column says that it is one.
    fn score(&self, row: &Row, product: i64) -> Option<Diagnostic> {
        let at = (*self.table.columns.get(self.table.spec.column("score")?)?)?;
        let title = normalise(&self.table.table.header.get(at)?.text);
        let is_score = title.contains("score") || title.contains("exposure");
        let number = |name| self.table.cell(row, name)?.trim().parse::<i64>().ok();
        let (likelihood, impact) = (number("likelihood")?, number("impact")?);
        let stated = number("score").filter(|it| is_score && *it != product)?;
        if stated == likelihood + impact {
            return None;
        }
        let name = name(row);
        let message =
            format!("{name}: {likelihood} × {impact} is {product}, the table says {stated}");
        Some(self.finding(&SCORE_WRONG, row, "score", message))
    }

    fn above(&self, row: &Row, score: i64, (appetite, limit): (&str, i64)) -> Option<Diagnostic> {
        let says = |name| self.table.cell(row, name).unwrap_or_default();
        let settled = ["status", "treatment"]
            .iter()
            .any(|name| SETTLED.iter().any(|known| word(says(name), known).is_some()));
        if score <= limit || settled || self.is_accepted(row) {
            return None;
        }
        let name = name(row);
        let message = format!("{name} stays at {score}; the appetite is {appetite}, up to {limit}");
        Some(self.finding(&ABOVE_APPETITE, row, "likelihood", message))
    }

    /// Tells whether a document in force accepts the risk.
    fn is_accepted(&self, row: &Row) -> bool {
        self.accepting(row).next().is_some()
    }

    /// Lists the documents in force that accept the risk.
    fn accepting<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = &'r Artifact> {
        let packs = self.packs;
        let own = packs.outgoing[packs.of(self.artifact.pack)].iter();
        let relations = own.flat_map(|outgoing| &outgoing.relations);
        let accepting = relations.filter(move |one| {
            let to = &packs.artifacts[one.to];
            one.name == "accepts"
                && !row.id.is_empty()
                && row_id(to, one.to_row) == Some(row.id.as_str())
        });
        let documents = accepting.map(|one| &*packs.artifacts[one.from]);
        documents.filter(|document| document.status.is_approved())
    }

    /// Tells of a risk that is called accepted by nobody who may, or without a last day.
    fn unfounded(&self, past: &Past<'_>, row: &Row) -> Option<Diagnostic> {
        let is_said = |said: &str| ["accepted", "accept"].iter().any(|it| word(said, it).is_some());
        let cells = ["status", "treatment"].map(|name| (name, self.table.cell(row, name)));
        let mut cells = cells.into_iter().filter_map(|(name, cell)| Some((name, cell?)));
        let (column, said) = cells.find(|(_, said)| is_said(said))?;
        let acceptance = self.acceptance(past, row, said);
        let score = self.product(row, "residual-l", "residual-i");
        let score = score.or_else(|| self.product(row, "likelihood", "impact"));
        let why = acceptance.lacks(past, score)?;
        Some(self.finding(
            &ACCEPTED_WITHOUT_AUTHORITY,
            row,
            column,
            format!("{} is accepted {why}", name(row)),
        ))
    }

    fn acceptance(&self, past: &Past<'_>, row: &Row, said: &str) -> Acceptance {
        let mut acceptance = Acceptance { persons: Vec::new(), ends: has_day(said) };
        let named = said.split_once(" by ").map_or("", |(_, after)| after);
        let named = named.split([',', ';', '(']).flat_map(|part| part.split(" until "));
        acceptance.persons.extend(named.take(1).flat_map(|name| persons(past, name)));
        for document in self.accepting(row) {
            let kind = &self.packs.kinds[document.kind];
            let field = |name: &str| Some(&document.field(kind.field(name)?)?.value);
            let texts = ["granted_by", "deciders"].into_iter().filter_map(field);
            let texts = texts.flat_map(|node| node.texts());
            acceptance.persons.extend(texts.flat_map(|(name, _)| persons(past, name)));
            acceptance.ends |=
                ["expires", "review_on"].into_iter().any(|name| field(name).is_some());
        }
        let is_it = |one: &&Approval| {
            one.class == Class::Approves
                && one.revoked.is_none()
                && !row.id.is_empty()
                && one.scope.as_deref() == Some(row.id.as_str())
        };
        for one in past.approvals().filter(is_it) {
            let person = one.by.person.as_deref().and_then(|id| self.packs.people.person(id));
            acceptance.persons.extend(person);
            acceptance.ends |= one.expires.is_some();
        }
        acceptance
    }

    fn finding(&self, rule: &'static Rule, row: &Row, column: &str, message: String) -> Diagnostic {
        let at = self.table.spec.column(column).and_then(|at| *self.table.columns.get(at)?);
        let cell = at.and_then(|at| row.cells.get(at));
        let span = cell.map_or(&row.span, |cell| &cell.span);
        Diagnostic::new(rule, &self.artifact.path, span, message).help(rule.next_step())
    }
}

/// Who accepts a risk, and whether until some day.
struct Acceptance {
    persons: Vec<usize>,
    ends: bool,
}

impl Acceptance {
    /// Says what it lacks; nothing when it lacks nothing, or when nobody can tell.
    fn lacks(&self, past: &Past<'_>, score: Option<i64>) -> Option<String> {
        if self.persons.is_empty() {
            return past.lacks_nothing().then(|| "by nobody who is named".to_owned());
        }
        let people = &past.packs.people;
        let names: Vec<&str> =
            self.persons.iter().map(|at| people.persons[*at].name.as_str()).collect();
        let names = names.join(", ");
        let limits = people.roles.iter().any(|role| role.accepts.is_some());
        let best = self.persons.iter().map(|at| limit(past, &people.persons[*at].id)).max()?;
        match score.filter(|score| limits && *score > best) {
            Some(score) if best == 0 => {
                Some(format!("at {score} by {names}, whose roles accept no risks"))
            }
            Some(score) => Some(format!("at {score} by {names}, who may accept up to {best}")),
            None => (!self.ends).then(|| format!("by {names} without a last day")),
        }
    }
}

/// How high a risk a person may accept by the roles that they hold in the pack; 0 when none.
fn limit(past: &Past<'_>, person: &str) -> i64 {
    let held = past.packs.packs[past.pack].roles.iter();
    let held = held.filter(|one| one.person == person && one.days.hold(past.day));
    let limits = held.filter_map(|one| {
        let role = past.packs.people.roles.iter().find(|role| role.id == one.role)?;
        role.accepts
    });
    limits.max().unwrap_or_default()
}

/// The persons whom a name means on the day of judging.
fn persons(past: &Past<'_>, name: &str) -> Vec<usize> {
    let people = &past.packs.people;
    let name = name.trim();
    let name = name.strip_prefix("the ").unwrap_or(name);
    let role = match people.who(name) {
        Some(Who::Person(at)) => return vec![at],
        Some(Who::Role(at)) => people.roles[at].id.clone(),
        // A role may stand in `pack.toml` alone.
        Some(Who::Team(_)) | None => name.to_lowercase().replace(' ', "-"),
    };
    let held = past.packs.packs[past.pack].holding(&role, past.day);
    held.and_then(|one| people.person(&one.person)).into_iter().collect()
}

fn name(row: &Row) -> &str {
    let mut cells = row.cells.iter().map(|cell| cell.text.as_str());
    if row.id.is_empty() {
        cells.find(|text| is_written(text)).unwrap_or_default()
    } else {
        &row.id
    }
}
