//! Verdicts in words, and the page that says why. The same counts go into badges and into `completeness.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::approved::{ClaimView, claims};
use super::artifact::{FindingView, finding, link};
use super::matrix::{self, MatrixView};
use super::unit::Unit;
use super::view::{Linked, count, day};
use crate::badge::{Badge, Tone};
use crate::diagnostic::{Diagnostic, Severity};
use crate::profiles::{Asked, Evidence, Level, Outcome, Requirement, Standing, Verdict, ahead};
use crate::slug::slug;
use crate::source::RepoPath;

/// A verdict in one line.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct Summary {
    pub(super) gate: String,
    pub(super) profile: String,
    pub(super) words: String,
    /// The first day on which waiting alone may change that, `2026-05-05`; empty when none will.
    changes: String,
    pub(super) tone: &'static str,
    pub(super) counts: String,
    pub(super) as_of: String,
    pub(super) next: Option<Next>,
    /// What is not met, at most five.
    pub(super) open: Vec<Open>,
}

/// A requirement that is not met.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct Open {
    anchor: String,
    outcome: &'static str,
    statement: String,
}

/// The next step.
#[derive(Debug, Clone, Hash, Serialize)]
pub(super) struct Next {
    pub(super) id: String,
    pub(super) hint: String,
    pub(super) who: String,
}

/// The page of all requirements and findings.
#[derive(Debug, Hash, Serialize)]
pub(super) struct CompletenessView {
    gates: Vec<Gate>,
    matrix: MatrixView,
    /// Errors and warnings.
    findings: Vec<FindingView>,
    notes: Vec<Notes>,
    finding_words: String,
    /// What the history shows of documents that say they are approved, in a sentence.
    approval_words: String,
    claims: Vec<ClaimView>,
}

/// The notes of one rule.
#[derive(Debug, Hash, Serialize)]
struct Notes {
    rule: &'static str,
    /// `15 notes`.
    words: String,
    /// `7 documents`.
    documents: String,
    findings: Vec<FindingView>,
}

#[derive(Debug, Hash, Serialize)]
struct Gate {
    /// Its address in the page.
    anchor: String,
    summary: Summary,
    question: String,
    /// The gates before it, whose requirements it includes: title and verdict.
    includes: Vec<[String; 2]>,
    requirements: Vec<RequirementView>,
}

#[derive(Debug, Hash, Serialize)]
struct RequirementView {
    id: String,
    /// Its address in the page.
    anchor: String,
    statement: String,
    /// Its level, when the gate does not depend on it.
    level: &'static str,
    outcome: &'static str,
    tone: &'static str,
    reason: String,
    /// What each of several needs came to: outcome and reason.
    needs: Vec<[String; 2]>,
    hint: String,
    next: String,
    /// The first of what it rests on.
    evidence: Vec<Linked>,
    /// The rest of it.
    further: Vec<Linked>,
    waiver: Option<Linked>,
    until: String,
    /// Until when it stays met by itself.
    fresh: String,
}

/// Counts the requirements of a level that ended in an outcome.
pub(super) fn tally(verdict: &Verdict, level: Level, outcome: Outcome) -> usize {
    of_level(verdict, level).filter(|one| one.outcome == outcome).count()
}

/// Counts the requirements of a level that are asked of the pack.
pub(super) fn applicable(verdict: &Verdict, level: Level) -> usize {
    of_level(verdict, level).filter(|one| one.outcome != Outcome::NotApplicable).count()
}

fn of_level(verdict: &Verdict, level: Level) -> impl Iterator<Item = &Requirement> {
    verdict.requirements.iter().filter(move |one| one.level == level)
}

/// Returns the tone of a verdict.
pub(super) fn tone(verdict: &Verdict) -> Tone {
    match verdict.standing() {
        Standing::Ready => Tone::Good,
        Standing::ReadyWithWaivers => Tone::Caution,
        Standing::Undetermined => Tone::Neutral,
        Standing::NotReady => Tone::Bad,
    }
}

/// Returns the tone of an outcome.
pub(super) fn requirement_tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "good",
        Outcome::Unmet => "bad",
        Outcome::Stale | Outcome::Waived => "caution",
        Outcome::NotApplicable | Outcome::Unknown => "neutral",
    }
}

/// Makes the badge of a verdict on a commit.
pub(super) fn badge(verdict: &Verdict, commit: &str) -> Badge {
    Badge {
        label: verdict.gate.to_lowercase(),
        message: verdict.words(),
        tone: tone(verdict),
        note: note(commit, &verdict.as_of),
    }
}

/// Says which text and which day a badge speaks of.
pub(super) fn note(commit: &str, as_of: &str) -> String {
    let gap = if commit.is_empty() { "" } else { ", " };
    format!("{commit}{gap}as of {}", day(as_of))
}

/// Returns the address of a gate in the page.
pub(super) fn gate_anchor(verdict: &Verdict) -> String {
    format!("gate-{}-{}", slug(&verdict.profile), slug(&verdict.gate_id))
}

/// Says a verdict in one line with its counts and the next step; `first` is the pack's first profile.
fn summary(verdict: &Verdict, first: &str) -> Summary {
    Summary {
        gate: verdict.gate.clone(),
        profile: verdict.profile.clone(),
        words: verdict.words(),
        changes: verdict.next_change().unwrap_or_default().to_owned(),
        tone: tone(verdict).word(),
        counts: counts(verdict),
        as_of: day(&verdict.as_of),
        next: next(verdict),
        open: open(verdict, first),
    }
}

/// Returns the address of a requirement in the page: profiles may share an id, which then is that of the pack's first one.
pub(super) fn anchor(verdict: &Verdict, first: &str, one: &Requirement) -> String {
    if verdict.profile == first {
        one.id.clone()
    } else {
        format!("{}.{}", verdict.profile, one.id)
    }
}

/// Lists the required requirements that are not met, those first that this gate is the first to ask for.
fn required_and_open(verdict: &Verdict) -> Vec<&Requirement> {
    let mut open: Vec<&Requirement> = verdict.required().filter(|one| one.is_open()).collect();
    open.sort_by_key(|one| one.gate != verdict.gate_id);
    open
}

fn open(verdict: &Verdict, first: &str) -> Vec<Open> {
    let view = |one: &Requirement| Open {
        anchor: anchor(verdict, first, one),
        outcome: one.outcome.word(),
        statement: one.statement.clone(),
    };
    required_and_open(verdict).into_iter().take(5).map(view).collect()
}

/// Says of each profile the verdict at the gate that lies ahead.
pub(super) fn summaries(verdicts: &[&Verdict]) -> Vec<Summary> {
    let first = verdicts.first().map_or("", |verdict| &verdict.profile);
    ahead(verdicts).into_iter().map(|at| summary(verdicts[at], first)).collect()
}

/// Lists the verdicts of the unit's pack.
pub(super) fn own(unit: &Unit) -> impl Iterator<Item = &Verdict> {
    let all = unit.edition.inputs.verdicts.iter().map(|verdict| &**verdict);
    all.filter(|verdict| verdict.pack == unit.pack)
}

fn counts(verdict: &Verdict) -> String {
    let of = |level| {
        let met = tally(verdict, level, Outcome::Met);
        format!("{met} of {} {} met", applicable(verdict, level), level.word())
    };
    let mut parts = vec![of(Level::Required)];
    for outcome in [Outcome::Waived, Outcome::NotApplicable] {
        let number = tally(verdict, Level::Required, outcome);
        parts.extend((number > 0).then(|| format!("{number} {}", outcome.word())));
    }
    if of_level(verdict, Level::Recommended).next().is_some() {
        parts.push(of(Level::Recommended));
    }
    parts.join(", ")
}

/// Finds the first blocker, or else the first thing that is not known.
fn next(verdict: &Verdict) -> Option<Next> {
    let open = required_and_open(verdict);
    let with = |outcomes: &[Outcome]| open.iter().find(|one| outcomes.contains(&one.outcome));
    let step = with(&[Outcome::Unmet, Outcome::Stale]).or_else(|| with(&[Outcome::Unknown]))?;
    Some(Next {
        id: step.id.clone(),
        hint: if step.hint.is_empty() { step.statement.clone() } else { step.hint.clone() },
        who: step.next.clone().unwrap_or_default(),
    })
}

pub(super) fn view(unit: &Unit) -> CompletenessView {
    let own_findings = unit.edition.inputs.diagnostics.inside(&unit.facts().folder);
    let severities = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ];
    let counts = severities.into_iter().filter_map(|(severity, one, many)| {
        let number = own_findings.iter().filter(|finding| finding.severity == severity).count();
        (number > 0).then(|| count(number, one, many))
    });
    let (notes, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        own_findings.iter().copied().partition(|finding| finding.severity == Severity::Note);
    let (claims, said, shown) = claims(unit);
    CompletenessView {
        gates: gates(unit),
        matrix: matrix::view(unit),
        finding_words: counts.collect::<Vec<_>>().join(", "),
        approval_words: approval_words(said, shown),
        claims,
        findings: placed(unit, &others),
        notes: by_rule(unit, &notes),
    }
}

fn placed(unit: &Unit, findings: &[&Diagnostic]) -> Vec<FindingView> {
    findings.iter().map(|one| finding(one, place(unit, one.path.as_str()))).collect()
}

/// Puts the notes of each rule together.
fn by_rule(unit: &Unit, notes: &[&Diagnostic]) -> Vec<Notes> {
    let mut rules: BTreeMap<&'static str, Vec<&Diagnostic>> = BTreeMap::new();
    for note in notes {
        rules.entry(note.rule).or_default().push(note);
    }
    let group = |(rule, notes): (&'static str, Vec<&Diagnostic>)| {
        let paths: BTreeSet<&str> = notes.iter().map(|note| note.path.as_str()).collect();
        Notes {
            rule,
            words: count(notes.len(), "note", "notes"),
            documents: count(paths.len(), "document", "documents"),
            findings: placed(unit, &notes),
        }
    };
    rules.into_iter().map(group).collect()
}

/// Each gate with the requirements that it is the first to ask for; those of the gates before it stand there.
fn gates(unit: &Unit) -> Vec<Gate> {
    let first = own(unit).next().map_or("", |verdict| &verdict.profile);
    let gate = |verdict: &Verdict| {
        let new = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
        Gate {
            anchor: gate_anchor(verdict),
            summary: summary(verdict, first),
            question: verdict.question.clone(),
            includes: included(unit, verdict),
            requirements: new
                .map(|one| requirement(unit, one, anchor(verdict, first, one)))
                .collect(),
        }
    };
    own(unit).map(gate).collect()
}

fn included(unit: &Unit, verdict: &Verdict) -> Vec<[String; 2]> {
    let gates: BTreeSet<&str> = verdict.requirements.iter().map(|one| one.gate.as_str()).collect();
    let of_profile = own(unit).filter(|other| other.profile == verdict.profile);
    let before = of_profile.take_while(|other| other.gate_id != verdict.gate_id);
    let before = before.filter(|other| gates.contains(other.gate_id.as_str()));
    before.map(|other| [other.gate.clone(), other.words()]).collect()
}

fn requirement(unit: &Unit, one: &Requirement, anchor: String) -> RequirementView {
    let waiver = one.waiver.as_ref();
    let mut evidence = rests_on(unit, &one.evidence);
    // A reason that only lists what it rests on would say it twice.
    let names: Vec<&str> = evidence.iter().map(|one| one.text.as_str()).collect();
    let reason = if names.join(", ") == one.reason { String::new() } else { one.reason.clone() };
    let further = evidence.split_off(evidence.len().min(FEW));
    RequirementView {
        anchor,
        id: one.id.clone(),
        statement: one.statement.clone(),
        level: if one.is_required() { "" } else { one.level.word() },
        outcome: one.outcome.word(),
        tone: requirement_tone(one.outcome),
        reason,
        needs: if one.is_open() && one.needs.len() > 1 { needs(one) } else { Vec::new() },
        hint: if one.is_open() { one.hint.clone() } else { String::new() },
        next: if one.is_open() {
            one.next.clone().unwrap_or_else(|| NOBODY.to_owned())
        } else {
            String::new()
        },
        evidence,
        further,
        waiver: waiver.and_then(|(at, _)| {
            let artifact = unit.packs().artifacts.get(*at)?;
            Some(Linked { text: artifact.title.clone(), href: unit.artifact_route(*at) })
        }),
        until: waiver.map_or_else(String::new, |(_, until)| day(until)),
        fresh: one.fresh.as_ref().map_or_else(String::new, |fresh| day(&fresh.last)),
    }
}

fn needs(one: &Requirement) -> Vec<[String; 2]> {
    let said = |(at, need): (usize, &Asked)| {
        let or = if need.is_alternative(&one.needs[..at]) { "or " } else { "" };
        [format!("{or}{}", need.outcome.word()), need.reason.clone()]
    };
    one.needs.iter().enumerate().map(said).collect()
}

/// Who is next where neither the profile nor the pack names anybody.
const NOBODY: &str = "nobody is named: `owner` in `pack.toml` would be asked";

/// So much of what a requirement rests on is named at once.
const FEW: usize = 6;

/// Names what a requirement rests on: a document once, whatever the lines; another file with the line.
pub(super) fn rests_on(unit: &Unit, evidence: &[Evidence]) -> Vec<Linked> {
    let mut named: Vec<Linked> = Vec::new();
    for one in evidence {
        let path = one.path.as_str();
        let linked = match one.artifact {
            Some(at) => Linked { text: link(unit, at).name(), href: unit.artifact_route(at) },
            None if one.line > 0 => {
                Linked { text: format!("{path}:{}", one.line), href: String::new() }
            }
            None => Linked { text: path.to_owned(), href: String::new() },
        };
        if !named.iter().any(|known| known.text == linked.text && known.href == linked.href) {
            named.push(linked);
        }
    }
    named
}

/// Links a file to its page, when it has one.
fn place(unit: &Unit, path: &str) -> Linked {
    let artifact = unit.packs().find(&RepoPath::new(path));
    Linked {
        text: path.to_owned(),
        href: artifact.map_or_else(String::new, |artifact| unit.artifact_route(artifact)),
    }
}

/// Says of how many documents that say they are approved the history shows it.
fn approval_words(said: usize, shown: usize) -> String {
    let said = match said {
        0 => return String::new(),
        said => {
            count(said, "document says that it is approved", "documents say that they are approved")
        }
    };
    match shown {
        0 => format!("{said}; the history shows of none that whoever must approve it did."),
        shown => {
            format!("{said}; of {shown} the history shows that whoever must approve this text did.")
        }
    }
}
