//! Rules about reviews: rhythm and actions.

use std::collections::BTreeMap;

use super::observed::PAUSE_IGNORED;
use super::{Rule, Scope};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{RhythmSpec, word};
use crate::pack::Artifact;
use crate::source::Span;

/// Between two reviews of one sort lies more time than its rhythm allows.
pub static CADENCE_GAP: Rule = Rule {
    name: "review.cadence-gap",
    severity: Severity::Warning,
    summary: "Between two reviews of one sort lies more time than its rhythm allows",
    why: "What went wrong in between was seen by nobody together",
    fix: "Hold it next time, or record why it was left out",
};

/// A review has no action.
pub static NO_ACTIONS: Rule = Rule {
    name: "review.no-actions",
    severity: Severity::Note,
    summary: "A review has no action",
    why: "A meeting that changes nothing could have been a page of numbers",
    fix: "Write who does what by when, or that no action is needed",
};

/// The rules of this group.
pub static RULES: &[&Rule] = &[&CADENCE_GAP, &NO_ACTIONS, &PAUSE_IGNORED];

/// A document of a series: its day and where it stands.
type Held<'a> = (String, &'a Artifact, Span);

/// After so many times the rhythm a series is another one.
const SERIES: usize = 4;

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let mut series: BTreeMap<(usize, usize), Vec<Held<'_>>> = BTreeMap::new();
    for artifact in scope.judged().filter(|artifact| artifact.status.is_approved()) {
        for (at, rhythm) in scope.kind(artifact).rhythms.iter().enumerate() {
            let held = held(scope, artifact, rhythm).into_iter();
            held.for_each(|one| series.entry((artifact.kind, at)).or_default().push(one));
        }
    }
    let mut found = Vec::new();
    for ((kind, at), mut list) in series {
        let rhythm = &scope.packs.kinds[kind].rhythms[at];
        list.sort_by(|one, other| (&one.0, &one.1.path).cmp(&(&other.0, &other.1.path)));
        found.extend(list.windows(2).filter_map(|pair| gap(rhythm, &pair[0], &pair[1])));
    }
    found
}

fn held<'a>(scope: &Scope<'a>, artifact: &'a Artifact, rhythm: &RhythmSpec) -> Option<Held<'a>> {
    let kind = scope.kind(artifact);
    let is = |(name, values): &(String, Vec<String>)| {
        let field = kind.field(name).and_then(|spec| artifact.field(spec));
        let text = field.and_then(|field| field.value.text()).unwrap_or_default();
        values.iter().any(|value| word(text, value).is_some())
    };
    let spec = kind.field(&rhythm.day).filter(|_| rhythm.when.iter().all(is))?;
    let (field, path) = artifact.sourced(spec)?;
    let span = if *path == artifact.path { field.value.span.clone() } else { 0..0 };
    Some((spec.form.day(field.value.text()?)?, artifact, span))
}

fn gap(rhythm: &RhythmSpec, before: &Held<'_>, after: &Held<'_>) -> Option<Diagnostic> {
    let mut last = before.0.clone();
    for times in 0..SERIES {
        last = rhythm.within.after(&last)?;
        if after.0 <= last {
            if times == 0 {
                return None;
            }
            let words = rhythm.when.first().and_then(|(_, words)| words.first());
            let what = words.map_or("", String::as_str);
            let (from, to) = (&before.0, &after.0);
            let message = format!(
                "no {what} one between {} on {from} and {} on {to}",
                before.1.id, after.1.id
            );
            let finding = Diagnostic::new(&CADENCE_GAP, &after.1.path, &after.2, message);
            return Some(finding.help("record why it was left out, or hold it next time"));
        }
    }
    None
}
