//! Rules about observed figures and what follows from them; they belong to several groups.

use jiff::civil::{Date, Weekday};

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures::Bound;
use crate::figures::budget::LEVELS;
use crate::figures::delivery::{day_of, delivery};
use crate::figures::trigger::{PAUSE, PauseRule, State, TRIGGERS, Trigger, Watch};
use crate::kinds::word;
use crate::pack::Artifact;
use crate::value::Length;

/// A data file that is named and not there.
pub static NO_FILE: Rule = Rule {
    name: "metric.no-file",
    severity: Severity::Error,
    summary: "A document names a data file that is not there",
    why: "Whoever judges by the figures finds none, and believes that nothing was measured",
    fix: "Add the file to the pack, or name the one that is there",
};

/// A row that cannot be read.
pub static UNREADABLE_ROW: Rule = Rule {
    name: "metric.unreadable-row",
    severity: Severity::Error,
    summary: "A row of a data file cannot be read: no day, or no number that has one reading",
    why: "The figure counts for nothing, and a gap looks as if nobody had measured",
    fix: "Write days as `2026-05-08` and numbers with a point; leave the cell empty where nothing was measured",
};

/// Figures that no metric explains.
pub static UNKNOWN: Rule = Rule {
    name: "metric.unknown",
    severity: Severity::Warning,
    summary: "Figures have a name that no metric has",
    why: "Nobody knows what they count, so they are not shown and nothing is judged by them",
    fix: "Define the metric in a table of metrics, or use the id of the one that is meant",
};

/// Two values of one metric for one day.
pub static TWO_VALUES: Rule = Rule {
    name: "metric.two-values",
    severity: Severity::Error,
    summary: "A metric has two values for one day",
    why: "Which of them is right is not guessed, so neither counts",
    fix: "Keep the one that is right; parts of the whole have a `segment`",
};

/// A figure that cannot be.
pub static OUT_OF_RANGE: Rule = Rule {
    name: "metric.out-of-range",
    severity: Severity::Error,
    summary: "A figure lies outside what is plausible for its metric",
    why: "A slip of the finger or another unit would decide about the pilot",
    fix: "Mend the figure, or `plausible` where the metric is defined",
};

/// A figure in another unit than its metric.
pub static UNIT_MIXED: Rule = Rule {
    name: "metric.unit-mixed",
    severity: Severity::Error,
    summary: "A figure is written in another unit than its metric",
    why: "Minutes among seconds make every mean and every limit wrong",
    fix: "Write all figures of a metric in one unit",
};

/// A figure beyond its limit.
pub static BREACH: Rule = Rule {
    name: "metric.breach",
    severity: Severity::Error,
    summary: "The latest figure of a metric is beyond its limit, or beyond where somebody should look",
    why: "The limit was agreed so that somebody acts when it is reached",
    fix: "Look at the trigger and the runbook that belong to it, and record what was decided",
};

/// A service level without any budget left.
pub static BUDGET_EXHAUSTED: Rule = Rule {
    name: "slo.budget-exhausted",
    severity: Severity::Error,
    summary: "The error budget of a service level is used up",
    why: "Every further change is made at the cost of the people who use the service",
    fix: "Make no changes but fixes until the window recovers, as the policy says",
};

/// A pause rule that was hit, and nobody decided.
pub static PAUSE_IGNORED: Rule = Rule {
    name: "review.pause-ignored",
    severity: Severity::Error,
    summary: "The pause rule of a trial is hit, and nobody decided in time whether to pause",
    why: "A rule that is not kept once is not kept again",
    fix: "Pause, or record a decision to continue with its reasons",
};

/// No condition of a rollout looks at an error budget.
pub static NO_BUDGET_LINK: Rule = Rule {
    name: "rollout.trigger-no-budget-link",
    severity: Severity::Warning,
    summary: "No rollback trigger looks at a service level or an error budget",
    why: "A limit on one measure misses what users suffer from many small failures",
    fix: "Add a trigger such as `error budget left`, 25 %",
};

/// Drift that nobody watches.
pub static DRIFT_UNMONITORED: Rule = Rule {
    name: "data.drift-unmonitored",
    severity: Severity::Warning,
    summary: "A data sheet names a measure of drift that nobody observes",
    why: "A model gets worse silently, since nothing else about it changes",
    fix: "Observe it, with a limit that pauses the trial",
};

/// The field of a data sheet that names measures of drift.
const DRIFT: &str = "drift_metrics";

/// Decisions of these sorts answer a pause rule.
const ANSWERS: [&str; 5] = ["pause", "resume", "rollback", "scale-iterate-stop", "gate"];

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut found = scope.figures().findings.clone();
    found.extend(scope.judged().flat_map(|artifact| drift(scope, artifact)));
    found.extend(scope.judged().filter_map(|artifact| budget_link(scope, artifact)));
    if scope.needs_figures() {
        found.extend(by_day(scope));
    }
    found
}

impl Scope<'_> {
    /// Tells whether anything can be said of figures that differs from day to day.
    fn needs_figures(&self) -> bool {
        let has = |artifact: &Artifact| {
            let kind = self.kind(artifact);
            let tables = kind.tables_of(&artifact.document);
            let has_table = tables.iter().any(|table| table.spec.name == LEVELS);
            let rule = kind.field(PAUSE).and_then(|spec| artifact.field(spec));
            has_table || rule.is_some()
        };
        self.figures().are_there() || self.judged().any(has)
    }
}

/// What depends on the day of judging.
fn by_day(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let Some(as_of) = day_of(scope.day()) else { return Vec::new() };
    let delivery = delivery(scope.packs, scope.pack);
    let watch = Watch::new(scope.packs, scope.pack, &delivery, as_of);
    let mut found = breaches(scope, &watch);
    for budget in watch.budgets().iter().filter(|one| one.is_exhausted()) {
        let message = format!("the error budget of {} is used up: {}", budget.level, budget.words);
        let finding =
            Diagnostic::new(&BUDGET_EXHAUSTED, &budget.place.path, &budget.place.span, message);
        found.push(finding.help("make no changes but fixes until the window recovers"));
    }
    for rule in watch.pause_rules() {
        let answered = rule.conditions.iter().filter_map(|one| ignored(scope, &rule, one, as_of));
        found.extend(answered);
    }
    found
}

fn breaches(scope: &Scope<'_>, watch: &Watch<'_>) -> Vec<Diagnostic> {
    let metrics = scope.figures().metrics.iter().enumerate();
    let found = metrics.filter_map(|(at, metric)| {
        let beyond = |bound: &Option<Bound>| {
            let seen = bound.as_ref().and_then(|bound| watch.beyond(at, bound))?;
            Some((seen, bound.as_ref()?.words()))
        };
        let (severity, (last, limit)) = match beyond(&metric.limit) {
            Some(seen) => (Severity::Error, seen),
            None => (Severity::Warning, beyond(&metric.warn)?),
        };
        let said = metric.unit.say(last.value);
        let message = format!("{} was {said} on {}; asked for is {limit}", metric.name, last.day);
        let place = &last.place;
        let mut finding = Diagnostic::new(&BREACH, &place.path, &place.span, message)
            .help("act as its trigger says, and record what was decided");
        finding.severity = severity;
        Some(finding)
    });
    found.collect()
}

/// A condition of a pause rule that is hit and that nobody answered in time.
fn ignored(
    scope: &Scope<'_>,
    rule: &PauseRule,
    condition: &Trigger,
    as_of: Date,
) -> Option<Diagnostic> {
    let State::Hit(since) = condition.state else { return None };
    if as_of <= last_day(since, &rule.decide_within)? {
        return None;
    }
    let is_answer = |artifact: &Artifact| {
        let kind = scope.kind(artifact);
        let text = |name: &str| artifact.field(kind.field(name)?)?.value.text();
        let day = text("decided_on").and_then(|text| kind.field("decided_on")?.form.day(text));
        let day: Option<Date> = day.and_then(|day| day.parse().ok());
        let sort = text("type").unwrap_or_default();
        artifact.status.is_approved()
            && day.is_some_and(|day| day >= since && day <= as_of)
            && ANSWERS.iter().any(|answer| word(sort, answer).is_some())
    };
    if scope.own().any(is_answer) {
        return None;
    }
    let Trigger { subject, words, place, decider, .. } = condition;
    let message =
        format!("the pause rule is hit since {since}, and nobody decided: {subject}, {words}");
    let who = if decider.is_empty() { "whoever decides" } else { decider };
    let help = format!("{who} pauses, or records a decision to continue with its reasons");
    Some(Diagnostic::new(&PAUSE_IGNORED, &place.path, &place.span, message).help(help))
}

/// The last day of the time to decide: `2 working days` after a Friday end on Tuesday. Two days where nobody says.
fn last_day(since: Date, within: &str) -> Option<Date> {
    let within = within.to_lowercase();
    let working = ["working day", "business day"].iter().any(|words| within.contains(words));
    if !working {
        let length = Length::read(&within).map(|length| length.after(&since.to_string()));
        let day = length.flatten().and_then(|day| day.parse().ok());
        return day.or_else(|| since.tomorrow().ok()?.tomorrow().ok());
    }
    let mut left: u8 = within.split_whitespace().next()?.parse().ok()?;
    let mut day = since;
    while left > 0 {
        day = day.tomorrow().ok()?;
        left -= u8::from(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    }
    Some(day)
}

fn budget_link(scope: &Scope<'_>, artifact: &Artifact) -> Option<Diagnostic> {
    let tables = scope.kind(artifact).tables_of(&artifact.document);
    let mut triggers = tables.iter().filter(|table| table.spec.name == TRIGGERS).peekable();
    let first = triggers.peek()?.table.span.clone();
    let rows = triggers.flat_map(|table| &table.table.rows);
    let mut texts = rows.flat_map(|row| &row.cells).map(|cell| cell.text.to_lowercase());
    let is_linked = |text: String| ["budget", "slo"].iter().any(|word| text.contains(word));
    if texts.any(is_linked) {
        return None;
    }
    let message = "no trigger looks at a service level or an error budget";
    let finding = Diagnostic::new(&NO_BUDGET_LINK, &artifact.path, &first, message);
    Some(finding.help("add a row such as `error budget left`, 25 %"))
}

fn drift(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let field = scope.kind(artifact).field(DRIFT).and_then(|spec| artifact.field(spec));
    let figures = scope.figures();
    let named = field.map(|field| field.value.texts()).unwrap_or_default();
    let open = named.into_iter().filter_map(|(name, span)| {
        let message = match figures.metric(name) {
            None => format!("`{name}` is to be watched, and no metric is called so"),
            Some(metric) if figures.points(metric, "").is_empty() => {
                format!("`{name}` is to be watched, and nothing was observed of it")
            }
            Some(_) => return None,
        };
        let finding = Diagnostic::new(&DRIFT_UNMONITORED, &artifact.path, span, message);
        Some(finding.help("observe it each week, with a limit that pauses the trial"))
    });
    open.collect()
}
