//! Rules about business cases: numbers that are reckoned again.

use super::formula::reckon;
use super::ledger::{Figure, Reading, is_total, place, read, sum};
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Node, Row, Value};
use crate::kinds::{Kind, Recognised, Standing, normalise};
use crate::pack::Artifact;
use crate::source::Span;
use crate::value::{Exact, date, quantity};

/// The costs leave out a part of the life: building, the way into production, running, upkeep.
pub static LIFECYCLE_INCOMPLETE: Rule = Rule {
    name: "biz.lifecycle-incomplete",
    severity: Severity::Error,
    summary: "The costs leave out a part of the life: building, the way into production, running, upkeep",
    why: "Most cases stop at the prototype, and the rest is found when nobody has money for it",
    fix: "Add a row for it, even one that says zero and why",
};

/// A stated result is not what its formula gives with the inputs of the case.
pub static STATED_DIFFERS: Rule = Rule {
    name: "biz.stated-differs",
    severity: Severity::Error,
    summary: "A stated result is not what its formula gives with the inputs of the case",
    why: "Somebody decides by the stated number; a slip of a decimal is a tenfold promise",
    fix: "Correct the inputs, the formula or the result; the finding has both numbers",
};

/// A row of totals is not the sum of the rows above it.
pub static SUM_DIFFERS: Rule = Rule {
    name: "biz.sum-differs",
    severity: Severity::Warning,
    summary: "A row of totals is not the sum of the rows above it",
    why: "A reader who adds it up trusts no other number of the page",
    fix: "Add the rows up again, or say what the row is",
};

/// The benefit does not cover the whole cost over the horizon.
pub static NET_NEGATIVE: Rule = Rule {
    name: "biz.net-negative",
    severity: Severity::Warning,
    summary: "The benefit does not cover the whole cost over the horizon",
    why: "A case that does not carry its whole life should not start",
    fix: "Look at the numbers again, or do not start",
};

/// The way into production costs less than the prototype did.
pub static TRANSITION_LOW: Rule = Rule {
    name: "biz.transition-low",
    severity: Severity::Note,
    summary: "The way into production costs less than the prototype did",
    why: "A prototype is rebuilt for production more often than it is moved there; three times its cost is ordinary",
    fix: "Ask operations what is still missing, or say why little is",
};

/// Less than 15 in 100 of the costs go to adoption and to watching the service.
pub static ADOPTION_SHARE_LOW: Rule = Rule {
    name: "biz.adoption-share-low",
    severity: Severity::Note,
    summary: "Less than 15 in 100 of the costs go to adoption and to watching the service",
    why: "People who were not won and numbers nobody reads are how a good service fails",
    fix: "Raise enablement and monitoring, or say why they are free here",
};

/// The capacity for a stage has a buffer of less than 10 in 100.
pub static BUFFER_MISSING: Rule = Rule {
    name: "biz.buffer-missing",
    severity: Severity::Note,
    summary: "The capacity for a stage has a buffer of less than 10 in 100",
    why: "Rework comes in every stage, and without a buffer it comes out of testing",
    fix: "Plan 10 to 15 in 100, or say why none is needed",
};

/// Money was released before the gate was decided that releases it.
pub static FUNDS_BEFORE_GATE: Rule = Rule {
    name: "biz.funds-before-gate",
    severity: Severity::Warning,
    summary: "Money was released before the gate was decided that releases it",
    why: "A gate that money does not wait for decides nothing",
    fix: "Record the exception as a decision on funding, or correct the day",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &LIFECYCLE_INCOMPLETE,
    &STATED_DIFFERS,
    &SUM_DIFFERS,
    &NET_NEGATIVE,
    &TRANSITION_LOW,
    &ADOPTION_SHARE_LOW,
    &BUFFER_MISSING,
    &FUNDS_BEFORE_GATE,
];

/// Names of a stated result that is the benefit of a year.
const BENEFITS: [&str; 8] = [
    "benefit per year",
    "annual benefit",
    "yearly benefit",
    "benefit a year",
    "saving per year",
    "annual saving",
    "yearly saving",
    "saving a year",
];
/// Beginnings of phases that build a prototype, that lead into production, and that win people and watch.
const PROTOTYPE: [&str; 4] = ["prototyp", "mvp", "proof of concept", "poc"];
const TRANSITION: [&str; 4] = ["transition", "hardening", "integration", "handover"];
const ADOPTION: [&str; 8] = [
    "enablement",
    "training",
    "adoption",
    "monitoring",
    "observability",
    "change management",
    "communication",
    "watching",
];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for artifact in scope.judged().filter(|it| it.status.standing() != Standing::Closed) {
        let kind = scope.kind(artifact);
        if kind.tables.iter().all(|table| table.sums.is_empty()) {
            continue;
        }
        let tables = kind.tables_of(&artifact.document);
        let case = Case { scope, artifact, kind, tables: &tables };
        found.extend(case.sums());
        found.extend(case.results());
        found.extend(case.net());
        found.extend(case.shares());
        found.extend(case.funds());
    }
    found
}

/// A case with its tables.
struct Case<'s, 'a> {
    scope: &'s Scope<'a>,
    artifact: &'a Artifact,
    kind: &'a Kind,
    tables: &'s [Recognised<'a, 'a>],
}

/// A number under a name.
type Named = Vec<(String, Exact)>;

impl<'s, 'a> Case<'s, 'a> {
    fn table(&self, name: &str) -> Option<&'s Recognised<'a, 'a>> {
        self.tables.iter().find(|table| table.spec.name == name)
    }

    fn field(&self, name: &str) -> Option<&'a Node> {
        let field = self.artifact.field(self.kind.field(name)?)?;
        Some(&field.value)
    }

    fn currency(&self) -> Option<&'a str> {
        self.field("currency").and_then(Node::text)
    }

    fn figure(&self, table: &Recognised<'_, '_>, row: &Row, column: &str) -> Option<Figure> {
        match read(table, row, column, self.currency()) {
            Reading::Figure(figure) => Some(figure),
            Reading::Empty | Reading::Unclear => None,
        }
    }

    fn finding(&self, rule: &'static Rule, span: &Span, message: String) -> Diagnostic {
        let finding = Diagnostic::new(rule, &self.artifact.path, span, message);
        Scope::milder_in_drafts(self.artifact, finding).help(rule.next_step())
    }

    /// Compares rows of totals with what stands above them.
    fn sums(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for table in self.tables {
            let rows = &table.table.rows;
            let mut totals = rows.iter().enumerate().filter(|(_, row)| is_total(row));
            let (Some((at, total)), None) = (totals.next(), totals.next()) else { continue };
            if rows[..at].iter().any(|row| {
                row.cells.iter().any(|cell| normalise(&cell.text).starts_with("subtotal"))
            }) {
                continue;
            }
            let columns = table.spec.sums.iter();
            found
                .extend(columns.filter_map(|column| self.total(table, &rows[..at], total, column)));
        }
        found
    }

    fn total(
        &self,
        table: &Recognised<'_, '_>,
        above: &[Row],
        total: &Row,
        column: &str,
    ) -> Option<Diagnostic> {
        let stated = self.figure(table, total, column)?;
        let sum = sum(table, above.iter(), column, self.currency())?;
        let off = sum.minus(stated.number)?.size();
        let rounding = stated.grain.times(Exact::whole(i128::try_from(above.len()).ok()?))?;
        let rounding = if stated.grain == Exact::whole(1) { Exact::whole(0) } else { rounding };
        let (text, span) = place(table, total, column)?;
        let message = format!("`{column}`: the rows add up to {sum}, the total says {text}");
        off.compare(rounding)?.is_gt().then(|| self.finding(&SUM_DIFFERS, span, message))
    }

    /// Reckons the formulas with the inputs and compares what is stated.
    fn results(&self) -> Vec<Diagnostic> {
        let mut known = self.inputs();
        let mut found = Vec::new();
        let Some(model) = self.table("model") else { return found };
        for row in &model.table.rows {
            let Some((name, _)) = place(model, row, "name") else { continue };
            let formula = place(model, row, "formula").map_or("", |(text, _)| text);
            let computed = reckon(formula, &|name| look_up(&known, name));
            let stated = self.figure(model, row, "stated");
            if let (Some(computed), Some(stated)) = (computed, &stated) {
                found.extend(self.differs(model, row, computed, stated));
            }
            let number = stated.map(|stated| stated.number).or(computed);
            known.extend(number.map(|number| (normalise(name), number)));
        }
        found
    }

    /// The inputs by name. One name with two values has none.
    fn inputs(&self) -> Named {
        let Some(inputs) = self.table("inputs") else { return Named::new() };
        let rows = inputs.table.rows.iter();
        let read = |row| {
            let (name, _) = place(inputs, row, "name")?;
            Some((normalise(name), self.figure(inputs, row, "value")?.number))
        };
        rows.filter_map(read).collect()
    }

    fn differs(
        &self,
        table: &Recognised<'_, '_>,
        row: &Row,
        computed: Exact,
        stated: &Figure,
    ) -> Option<Diagnostic> {
        let share = self.field("tolerance").and_then(|node| quantity(node.text()?));
        let tolerance = share.filter(|it| it.percent).map_or(Exact::ratio(1, 100)?, |it| it.number);
        // Hundredths are written as a share or as a number, thousands and millions with their unit left out.
        let units = if stated.percent { &[1, 100][..] } else { &[1, 1_000, 1_000_000][..] };
        let mut worst = None;
        for unit in units {
            for reckoned in
                [computed.by(Exact::whole(*unit))?, computed.times(Exact::whole(*unit))?]
            {
                let off = reckoned.minus(stated.number)?.size();
                let allowed = stated.number.size().times(tolerance)?;
                let rounding = stated.grain.by(Exact::whole(2))?;
                if !off.compare(allowed)?.is_gt() || !off.compare(rounding)?.is_gt() {
                    return None;
                }
                worst = worst.or(Some(off));
            }
        }
        let large = stated.number.size().times(Exact::ratio(1, 20)?)?;
        let (text, span) = place(table, row, "stated")?;
        let name = place(table, row, "name").map_or("", |(name, _)| name);
        let times = computed.by(stated.number).map(|times| format!(" ({times} times that)"));
        let message = format!(
            "{name}: the formula gives {computed}{}, the text says {text}",
            times.unwrap_or_default()
        );
        let mut finding = self.finding(&STATED_DIFFERS, span, message);
        if !worst?.compare(large)?.is_gt() {
            finding.severity = finding.severity.max(Severity::Warning);
        }
        Some(finding)
    }

    /// The costs without their totals.
    fn costs(&self) -> Option<(&'s Recognised<'a, 'a>, Vec<&'a Row>)> {
        let table = self.table("costs")?;
        let rows = table.table.rows.iter().filter(|row| !is_total(row));
        Some((table, rows.collect()))
    }

    fn cost(&self, column: &str) -> Option<Exact> {
        let (table, rows) = self.costs()?;
        sum(table, rows.into_iter(), column, self.currency())
    }

    /// What a year brings: as a field, as a column of the benefits, or as a result of the model.
    fn benefit(&self) -> Option<Exact> {
        let field = self.field("benefit_per_year").and_then(Node::text);
        let column = || {
            let table = self.table("benefits")?;
            table.columns.get(table.spec.column("per-year")?)?.as_ref()?;
            let rows = table.table.rows.iter().filter(|row| !is_total(row));
            sum(table, rows, "per-year", self.currency())
        };
        let result = || {
            let model = self.table("model")?;
            let is_it = |row: &&Row| {
                let name =
                    place(model, row, "name").map_or(String::new(), |(name, _)| normalise(name));
                BENEFITS.contains(&name.as_str())
            };
            Some(self.figure(model, model.table.rows.iter().find(is_it)?, "stated")?.number)
        };
        match field {
            Some(text) => Some(quantity(text)?.number),
            None => column().or_else(result),
        }
    }

    /// Compares the benefit with the whole cost over the horizon.
    fn net(&self) -> Option<Diagnostic> {
        let months = self.field("horizon_months")?;
        let horizon = Exact::read(months.text()?)?;
        let years = horizon.by(Exact::whole(12))?;
        let (once, yearly) = (self.cost("one-off")?, self.cost("per-year")?);
        let cost = once.plus(yearly.times(years)?)?;
        let benefit = self.benefit()?.times(years)?;
        if cost.is_zero() || !benefit.compare(cost)?.is_lt() {
            return None;
        }
        let message =
            format!("over {horizon} months the benefit is {benefit} and the whole cost {cost}");
        Some(self.finding(&NET_NEGATIVE, &months.span, message))
    }

    /// Sets parts of the costs beside each other.
    fn shares(&self) -> Vec<Diagnostic> {
        let Some((table, rows)) = self.costs() else { return Vec::new() };
        let of = |words: &[&str], columns: &[&str]| {
            let own = rows.iter().copied().filter(|row| is_of(table, row, words));
            let own: Vec<&Row> = own.collect();
            columns.iter().try_fold(Exact::whole(0), |total, column| {
                total.plus(sum(table, own.iter().copied(), column, self.currency())?)
            })
        };
        let mut found = Vec::new();
        let (first, then) = (of(&PROTOTYPE, &["one-off"]), of(&TRANSITION, &["one-off"]));
        if let (Some(first), Some(then)) = (first, then)
            && !first.is_zero()
            && !then.is_zero()
            && then.compare(first).is_some_and(std::cmp::Ordering::is_lt)
        {
            let message = format!("the way into production costs {then}, the prototype {first}");
            found.push(self.finding(&TRANSITION_LOW, &table.table.span, message));
        }
        let both = ["one-off", "per-year"];
        if let (Some(all), Some(adoption)) = (of(&[""], &both), of(&ADOPTION, &both))
            && let Some(share) = adoption.by(all)
            && share
                .compare(Exact::ratio(15, 100).unwrap_or(share))
                .is_some_and(std::cmp::Ordering::is_lt)
        {
            let percent = share.times(Exact::whole(100)).and_then(Exact::rounded).unwrap_or(share);
            let message = format!("{percent} % of the costs go to adoption and monitoring");
            found.push(self.finding(&ADOPTION_SHARE_LOW, &table.table.span, message));
        }
        found
    }

    /// Compares the days on which money was released with those on which gates were decided.
    fn funds(&self) -> Vec<Diagnostic> {
        let Some(Value::List(parts)) = self.field("funding").map(|node| &node.value) else {
            return Vec::new();
        };
        parts.iter().filter_map(|part| self.early(part)).collect()
    }

    fn early(&self, part: &Node) -> Option<Diagnostic> {
        let text = |name: &str| part.inner(name)?.value.text();
        let (gate, released) = (text("gate")?, date(text("released_on")?)?);
        let decided = self.decided(gate)?;
        if decided <= released {
            return None;
        }
        let amount = text("amount").unwrap_or("money");
        let message =
            format!("{amount} was released on {released}, {gate} was decided on {decided}");
        Some(self.finding(&FUNDS_BEFORE_GATE, &part.span, message))
    }

    /// Returns the first day on which a document in force decides a gate.
    fn decided(&self, gate: &str) -> Option<String> {
        let in_force = self.scope.judged().filter(|artifact| artifact.status.is_approved());
        let days = in_force.filter_map(|artifact| {
            let kind = self.scope.kind(artifact);
            let spec = kind.field("decided_on")?;
            let own = artifact.field(kind.field("gate")?)?.value.text()?;
            let day = spec.form.day(artifact.field(spec)?.value.text()?)?;
            own.eq_ignore_ascii_case(gate).then_some(day)
        });
        days.min()
    }
}

fn look_up(known: &Named, name: &str) -> Option<Exact> {
    let name = normalise(name);
    let mut own = known.iter().filter(|(known, _)| *known == name && !name.is_empty());
    let (_, number) = own.next()?;
    own.next().is_none().then_some(*number)
}

/// Tells whether the phase or the item of a row begins with one of the words.
fn is_of(table: &Recognised<'_, '_>, row: &Row, words: &[&str]) -> bool {
    let says =
        |column| place(table, row, column).map_or(String::new(), |(text, _)| normalise(text));
    let (phase, item) = (says("phase"), says("item"));
    words.iter().any(|word| phase.starts_with(word) || item.starts_with(word))
}
