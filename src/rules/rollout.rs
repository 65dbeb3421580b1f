//! Rules about rollouts: phases and the decisions before them.

use super::observed::NO_BUDGET_LINK;
use super::said::is_written;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Cell, Row};
use crate::kinds::{Recognised, Standing, normalise, word};
use crate::pack::{Artifact, Target};
use crate::source::Span;
use crate::value::{Exact, quantity};

/// The shares of a rollout do not rise from phase to phase up to all.
pub static PERCENT_ORDER: Rule = Rule {
    name: "rollout.percent-order",
    severity: Severity::Error,
    summary: "The shares of a rollout do not rise from phase to phase up to all",
    why: "Nobody can tell from the plan who is switched on when",
    fix: "Put the phases in order; the last is 100 %",
};

/// A phase has begun, and no decision for it was taken before.
pub static PHASE_WITHOUT_DECISION: Rule = Rule {
    name: "rollout.phase-without-decision",
    severity: Severity::Error,
    summary: "A phase has begun, and no decision for it was taken before",
    why: "The step that cannot be taken back was taken by nobody",
    fix: "Record the decision with who, when and the numbers",
};

/// A phase has begun although its decision said no.
pub static NO_GO_IGNORED: Rule = Rule {
    name: "rollout.no-go-ignored",
    severity: Severity::Error,
    summary: "A phase has begun although its decision said no",
    why: "A no that does not stop anything is the last that is asked for",
    fix: "Stop, or supersede the decision",
};

/// A rollout reaches everybody at once, and nothing says why.
pub static BIG_BANG_UNJUSTIFIED: Rule = Rule {
    name: "rollout.big-bang-unjustified",
    severity: Severity::Warning,
    summary: "A rollout reaches everybody at once, and nothing says why",
    why: "There is no small first step to learn from, and no small way back",
    fix: "Say what speaks for it: appetite for risk, how critical it is, what people can carry",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &PERCENT_ORDER,
    &PHASE_WITHOUT_DECISION,
    &NO_GO_IGNORED,
    &BIG_BANG_UNJUSTIFIED,
    &NO_BUDGET_LINK,
];

/// The table of phases and its columns.
const PHASES: &str = "phases";
const PERCENT: &str = "percent";
const DECISION: &str = "decision";
/// First words of a state that say that a phase has not begun.
const AHEAD: [&str; 9] = [
    "planned",
    "open",
    "next",
    "waiting",
    "cancelled",
    "canceled",
    "skipped",
    "postponed",
    "not started",
];
/// First words of an outcome that says no.
const NO: [&str; 8] = ["no-go", "nogo", "no", "stop", "rejected", "postpone", "hold", "wait"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let open = scope.judged().filter(|artifact| artifact.status.standing() != Standing::Closed);
    for artifact in open {
        let kind = scope.kind(artifact);
        let has_shares = kind.table(PHASES).is_some_and(|spec| spec.column(PERCENT).is_some());
        let Some(at) = scope.packs.find(&artifact.path).filter(|_| has_shares) else { continue };
        for table in kind.tables_of(&artifact.document) {
            let plan = Plan { scope, at, artifact, table: &table };
            if table.spec.name == PHASES {
                found.extend(plan.order());
                found.extend(table.table.rows.iter().filter_map(|row| plan.phase(row)));
            }
        }
    }
    found
}

/// The phases of a rollout.
struct Plan<'s, 'a> {
    scope: &'s Scope<'a>,
    at: usize,
    artifact: &'s Artifact,
    table: &'s Recognised<'a, 'a>,
}

impl<'a> Plan<'_, 'a> {
    fn cell(&self, row: &'a Row, name: &str) -> Option<&'a Cell> {
        row.cells.get((*self.table.columns.get(self.table.spec.column(name)?)?)?)
    }

    fn finding(&self, rule: &'static Rule, span: &Span, message: String) -> Diagnostic {
        let finding = Diagnostic::new(rule, &self.artifact.path, span, message);
        Scope::milder_in_drafts(self.artifact, finding).help(rule.next_step())
    }

    fn order(&self) -> Option<Diagnostic> {
        let rows = &self.table.table.rows;
        let cells: Option<Vec<&Cell>> = rows.iter().map(|row| self.cell(row, PERCENT)).collect();
        let cells = cells.filter(|cells| cells.len() > 1)?;
        let shares: Option<Vec<Exact>> = cells.iter().map(|cell| share(&cell.text)).collect();
        let shares = shares?;
        let rises =
            |pair: &[Exact]| pair[0].compare(pair[1]).is_some_and(std::cmp::Ordering::is_lt);
        let fall = shares.windows(2).position(|pair| !rises(pair));
        let (at, message) = if let Some(at) = fall {
            (at + 1, format!("{} % follows {} %", shares[at + 1], shares[at]))
        } else {
            let last = shares.last().filter(|last| **last != Exact::whole(100))?;
            (shares.len() - 1, format!("the last phase reaches {last} %, not all"))
        };
        Some(self.finding(&PERCENT_ORDER, &cells[at].span, message))
    }

    /// Judges a phase that has begun.
    fn phase(&self, row: &'a Row) -> Option<Diagnostic> {
        let state = self.cell(row, "status").map_or("", |cell| cell.text.as_str());
        let start = self.cell(row, "start")?;
        let day =
            self.table.spec.columns[self.table.spec.column("start")?].form.day(&start.text)?;
        let ahead = AHEAD.iter().any(|known| word(state, known).is_some());
        if ahead || !self.artifact.status.is_approved() || day.as_str() > self.scope.day() {
            return None;
        }
        let (cell, name) = (self.cell(row, DECISION)?, self.name(row));
        if !is_written(&cell.text) {
            let message = format!("phase {name} began on {day}, and no decision is named");
            return Some(self.finding(&PHASE_WITHOUT_DECISION, &cell.span, message));
        }
        let decisions = self.decisions(cell);
        decisions.iter().find_map(|decision| self.refused(decision, &name, &day, cell)).or_else(
            || {
                let taken = |decision: &&Artifact| self.field(decision, "decided_on");
                let days: Option<Vec<String>> = decisions.iter().map(taken).collect();
                let first = days?.into_iter().min().filter(|first| *first > day)?;
                let message = format!("phase {name} began on {day} and was decided on {first}");
                Some(self.finding(&PHASE_WITHOUT_DECISION, &cell.span, message))
            },
        )
    }

    fn name(&self, row: &Row) -> String {
        let first = self.table.columns.first().copied().flatten().and_then(|at| row.cells.get(at));
        normalise_phase(first.map_or("", |cell| cell.text.as_str()))
    }

    /// The documents that a cell leads to and that record an outcome.
    fn decisions(&self, cell: &Cell) -> Vec<&'a Artifact> {
        let packs = self.scope.packs;
        let links = self.artifact.document.links.iter().zip(&packs.outgoing[self.at].targets);
        let inside = links.filter(|(link, _)| cell.span.contains(&link.span.start));
        let artifacts = inside.filter_map(|(_, target)| match target {
            Target::Artifact { artifact, .. } => Some(&*packs.artifacts[*artifact]),
            _ => None,
        });
        artifacts.filter(|one| self.scope.kind(one).field("outcome").is_some()).collect()
    }

    fn field(&self, artifact: &Artifact, name: &str) -> Option<String> {
        let spec = self.scope.kind(artifact).field(name)?;
        let text = artifact.field(spec)?.value.text()?;
        spec.form.day(text).or_else(|| Some(text.to_owned()))
    }

    fn refused(
        &self,
        decision: &Artifact,
        name: &str,
        day: &str,
        cell: &Cell,
    ) -> Option<Diagnostic> {
        let outcome = self.field(decision, "outcome")?;
        let is_no = NO.iter().any(|no| word(&outcome, no).is_some());
        if !is_no || !decision.status.is_approved() {
            return None;
        }
        let id = &decision.id;
        let message = format!("phase {name} began on {day} although {id} says {outcome}");
        Some(self.finding(&NO_GO_IGNORED, &cell.span, message))
    }
}

fn normalise_phase(text: &str) -> String {
    let plain = normalise(text);
    if plain.is_empty() {
        text.trim().to_owned()
    } else {
        text.trim().trim_end_matches('.').to_owned()
    }
}

/// Reads a share in hundredths.
fn share(text: &str) -> Option<Exact> {
    let read = quantity(text)?;
    if read.percent { read.number.times(Exact::whole(100)) } else { Some(read.number) }
}
