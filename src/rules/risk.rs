//! Rules about risks: scores, appetite and rhythm.

use super::link::outgoing;
use super::said::is_written;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Row;
use crate::kinds::{Recognised, Standing, normalise, word};
use crate::pack::Artifact;
use crate::pack::lock::row_id;

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
pub static RULES: &[&Rule] = &[&ABOVE_APPETITE, &SCORE_WRONG, &RESIDUAL_HIGHER, &REVIEW_OVERDUE];

/// Words for levels from one to five.
const LEVELS: [(&str, i64); 21] = [
    ("very low", 1),
    ("rare", 1),
    ("negligible", 1),
    ("insignificant", 1),
    ("low", 2),
    ("unlikely", 2),
    ("minor", 2),
    ("medium", 3),
    ("moderate", 3),
    ("possible", 3),
    ("high", 4),
    ("likely", 4),
    ("major", 4),
    ("very high", 5),
    ("very likely", 5),
    ("critical", 5),
    ("severe", 5),
    ("catastrophic", 5),
    ("almost certain", 5),
    ("certain", 5),
    ("extreme", 5),
];
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
        let kind = scope.kind(artifact);
        let has = |name| kind.tables.iter().any(|spec| spec.column(name).is_some());
        if !has("likelihood") || !has("impact") {
            continue;
        }
        for table in kind.tables_of(&artifact.document) {
            let sheet = Sheet { scope, artifact, table: &table };
            found.extend(table.table.rows.iter().flat_map(|row| sheet.row(row, appetite)));
        }
    }
    found
}

fn appetite(scope: &Scope<'_>, artifact: &Artifact) -> Option<(&'static str, i64)> {
    let spec = scope.kind(artifact).field("risk_appetite")?;
    let text = artifact.field(spec)?.value.text()?;
    APPETITES.into_iter().find(|(name, _)| word(text, name).is_some())
}

/// Reads a level as a number from one to five or as a word.
fn level(text: &str) -> Option<i64> {
    let text = text.trim();
    let first = text.split([' ', '(', '/']).next().unwrap_or_default();
    let number: Option<i64> = first.parse().ok().filter(|number| (1..=5).contains(number));
    let plain = normalise(text);
    number.or_else(|| LEVELS.iter().find(|(name, _)| *name == plain).map(|(_, level)| *level))
}

/// A table of risks.
struct Sheet<'s, 'a> {
    scope: &'s Scope<'a>,
    artifact: &'s Artifact,
    table: &'s Recognised<'a, 'a>,
}

impl Sheet<'_, '_> {
    fn product(&self, row: &Row, one: &str, other: &str) -> Option<i64> {
        let read = |name: &str| level(self.table.cell(row, name)?);
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
        let packs = self.scope.packs;
        let mut relations = outgoing(self.scope).flat_map(|outgoing| &outgoing.relations);
        !row.id.is_empty()
            && relations.any(|one| {
                let to = &packs.artifacts[one.to];
                one.name == "accepts"
                    && packs.artifacts[one.from].status.is_approved()
                    && row_id(to, one.to_row) == Some(row.id.as_str())
            })
    }

    fn finding(&self, rule: &'static Rule, row: &Row, column: &str, message: String) -> Diagnostic {
        let at = self.table.spec.column(column).and_then(|at| *self.table.columns.get(at)?);
        let cell = at.and_then(|at| row.cells.get(at));
        let span = cell.map_or(&row.span, |cell| &cell.span);
        Diagnostic::new(rule, &self.artifact.path, span, message).help(rule.next_step())
    }
}

fn name(row: &Row) -> &str {
    let mut cells = row.cells.iter().map(|cell| cell.text.as_str());
    if row.id.is_empty() {
        cells.find(|text| is_written(text)).unwrap_or_default()
    } else {
        &row.id
    }
}
