//! Rules about intent briefs: numbers, length, constraints.

use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Field, Node};
use crate::kinds::Standing;
use crate::pack::Artifact;
use crate::source::{RepoPath, Span};
use crate::value::{Exact, quantity};

/// The hypothesis names no number and no metric.
pub static HYPOTHESIS_UNMEASURABLE: Rule = Rule {
    name: "intent.hypothesis-unmeasurable",
    severity: Severity::Error,
    summary: "The hypothesis names no number and no metric",
    why: "At the end everybody sees in the figures what they hoped to see",
    fix: "Write what changes by how much while what stays within which limit",
};

/// The size of a cohort, the population and the share do not fit.
pub static COHORT_ARITHMETIC: Rule = Rule {
    name: "intent.cohort-arithmetic",
    severity: Severity::Error,
    summary: "The size of a cohort, the population and the share do not fit",
    why: "The report and the economics both use them",
    fix: "Correct one of the three numbers",
};

/// A cohort is less than 5 or more than 15 in 100 of all.
pub static COHORT_OUTSIDE_RANGE: Rule = Rule {
    name: "intent.cohort-outside-range",
    severity: Severity::Warning,
    summary: "A cohort is less than 5 or more than 15 in 100 of all",
    why: "A small one hides the variance, a large one carries the risk",
    fix: "Choose another size, or say why under the heading of the target segments",
};

/// A trial is planned for less than four or more than eight weeks, and nothing says because of what.
pub static DURATION_OUTSIDE_RANGE: Rule = Rule {
    name: "intent.duration-outside-range",
    severity: Severity::Warning,
    summary: "A trial is planned for less than four or more than eight weeks, and nothing says because of what",
    why: "A short one hides what weeks repeat, a long one becomes production",
    fix: "Move a day, or write why under the heading of the duration",
};

/// Constraints are stated, and no link leads to what checks them.
pub static CONSTRAINT_UNLINKED: Rule = Rule {
    name: "intent.constraint-unlinked",
    severity: Severity::Note,
    summary: "Constraints are stated, and no link leads to what checks them",
    why: "A constraint that nothing checks is kept until the first shortcut",
    fix: "Link the control, the row of the data sheet or the dependency",
};

/// An intent brief has more than 700 words beside its tables.
pub static TOO_LONG: Rule = Rule {
    name: "intent.too-long",
    severity: Severity::Note,
    summary: "An intent brief has more than 700 words beside its tables",
    why: "One page is read, five are not",
    fix: "Move detail to the architecture, the criteria or the business case, and link it",
};

/// Lean loops with nothing to lead them into production.
pub static LOOPS_WITHOUT_GATES: Rule = Rule {
    name: "intent.loops-without-gates",
    severity: Severity::Note,
    summary: "A pilot runs in lean loops, and no profile of its pack has the gates that production needs",
    why: "Loops find out what is worth building; nothing in them asks who runs it afterwards",
    fix: "Add `staircase` or `production-standards` to `profiles` in `pack.toml` before production",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &HYPOTHESIS_UNMEASURABLE,
    &COHORT_ARITHMETIC,
    &COHORT_OUTSIDE_RANGE,
    &DURATION_OUTSIDE_RANGE,
    &CONSTRAINT_UNLINKED,
    &TOO_LONG,
    &LOOPS_WITHOUT_GATES,
];

/// The field that says who takes part, and what stands in it.
const COHORT: &str = "cohort";
/// Shares of a cohort that are usual, in hundredths.
const USUAL: (i128, i128) = (5, 15);

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let open = scope.judged().filter(|artifact| artifact.status.standing() != Standing::Closed);
    open.flat_map(|artifact| of(scope, artifact)).collect()
}

fn of(scope: &Scope<'_>, artifact: &Artifact) -> Vec<Diagnostic> {
    let spec = scope.kind(artifact).field(COHORT);
    let Some((field, path)) = spec.and_then(|spec| artifact.sourced(spec)) else {
        return Vec::new();
    };
    let found = Cohort::read(field).map(|it| it.judge(path)).unwrap_or_default();
    found.into_iter().map(|one| Scope::milder_in_drafts(artifact, one)).collect()
}

/// How many of how many take part, and the share as it is stated, in hundredths.
struct Cohort {
    parts: Option<(Exact, Exact)>,
    stated: Option<Exact>,
    span: Span,
}

impl Cohort {
    fn read(field: &Field) -> Option<Self> {
        match field.value.fields() {
            Some(_) => Some(Self::of_fields(&field.value)),
            None => Some(Self::of_text(field.value.text()?, &field.value)),
        }
    }

    fn of_fields(whole: &Node) -> Self {
        let one = |name: &str| whole.inner(name);
        let number = |name: &str| Exact::read(one(name)?.value.text()?);
        let percent = one("percent").and_then(|field| share(field.value.text()?));
        let span = one("percent").map_or(&whole.span, |field| &field.value.span).clone();
        Self { parts: number("size").zip(number("population")), stated: percent, span }
    }

    /// Reads `120 of 1 200 agents (10 %)`.
    fn of_text(text: &str, whole: &Node) -> Self {
        let parts = text.split_once(" of ").and_then(|(before, after)| {
            let before = before.rsplit([',', ';', ':', '(']).next()?;
            let size = Exact::read(before)?;
            Some((size, quantity(after).filter(|it| !it.percent)?.number))
        });
        let mut shares = text.match_indices('%');
        let stated = match (shares.next(), shares.next()) {
            (Some((at, _)), None) => last_number(&text[..at]),
            _ => None,
        };
        Self { parts, stated, span: whole.span.clone() }
    }

    fn judge(&self, path: &RepoPath) -> Vec<Diagnostic> {
        let hundred = Exact::whole(100);
        let parts = self.parts.filter(|(size, all)| !size.is_negative() && !all.is_zero());
        let reckoned = parts.and_then(|(size, all)| size.by(all)?.times(hundred));
        let mut found = Vec::new();
        if let (Some(reckoned), Some(stated), Some((size, all))) = (reckoned, self.stated, parts)
            && reckoned.minus(stated).is_some_and(|it| is_more(it.size(), Exact::ratio(1, 2)))
        {
            let message = format!("{size} of {all} is {reckoned} %, not {stated} %");
            let finding = Diagnostic::new(&COHORT_ARITHMETIC, path, &self.span, message);
            found.push(finding.help("correct one of the three numbers"));
        }
        let share = self.stated.or(reckoned);
        let (least, most) = (Exact::whole(USUAL.0), Exact::whole(USUAL.1));
        let is_usual = |share: Exact| !is_more(share, Some(most)) && !is_more(least, Some(share));
        if let Some(share) = share.filter(|share| !is_usual(*share)) {
            let message = format!("the cohort is {share} % of all; 5 to 15 % is usual");
            let finding = Diagnostic::new(&COHORT_OUTSIDE_RANGE, path, &self.span, message);
            found.push(finding.help("choose another size, or say why with the target segments"));
        }
        found
    }
}

fn is_more(one: Exact, other: Option<Exact>) -> bool {
    other.and_then(|other| one.compare(other)).is_some_and(std::cmp::Ordering::is_gt)
}

/// Reads a share in hundredths; a number below one without a sign may be meant either way.
fn share(text: &str) -> Option<Exact> {
    let read = quantity(text)?;
    if read.percent {
        return read.number.times(Exact::whole(100));
    }
    let is_clear = !is_more(Exact::whole(1), Some(read.number));
    is_clear.then_some(read.number)
}

fn last_number(text: &str) -> Option<Exact> {
    let text = text.trim_end();
    let is_part = |sign: char| sign.is_ascii_digit() || sign == '.';
    let start = text.rfind(|sign: char| !is_part(sign)).map_or(0, |at| at + 1);
    Exact::read(text.get(start..)?)
}
