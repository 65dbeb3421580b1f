//! Defects that the data of kinds describes: in documents, and in the rows of their tables.

use super::Scope;
use super::said::{Asked, Said, Subject, TEXT, is_written};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Row;
use crate::kinds::{
    Bound, CheckSpec, Condition, Kind, Recognised, Side, Standing, normalise, word,
};
use crate::pack::Artifact;
use crate::source::{RepoPath, Span};
use crate::value::{Exact, quantity};

pub(super) fn find(scope: &Scope<'_>) -> Vec<Diagnostic> {
    let asked = Asked::new(scope);
    let mut found = Vec::new();
    let with_checks = scope.judged().filter(|artifact| !scope.kind(artifact).checks.is_empty());
    for artifact in with_checks.filter(|it| it.status.standing() != Standing::Closed) {
        let Some(at) = scope.packs.find(&artifact.path) else { continue };
        found.extend(of(&asked, at, artifact, scope.kind(artifact)));
    }
    found
}

fn of<'a>(
    asked: &Asked<'_, 'a>,
    at: usize,
    artifact: &'a Artifact,
    kind: &'a Kind,
) -> Vec<Diagnostic> {
    let tables = if kind.checks_rows() { kind.tables_of(&artifact.document) } else { Vec::new() };
    let mut found = Vec::new();
    for check in &kind.checks {
        let whole = Subject { asked, at, artifact, kind, row: None };
        let Some(name) = &check.table else {
            found.extend(broken(check, &whole));
            continue;
        };
        let own: Vec<&Recognised<'_, '_>> =
            tables.iter().filter(|table| table.spec.name == *name).collect();
        if !check.covers.is_empty() {
            found.extend(uncovered(check, &whole, &own));
            continue;
        }
        for table in own {
            let rows = table.table.rows.iter().filter(|row| says_something(row));
            let row = |row| Subject { asked, at, artifact, kind, row: Some((table, row)) };
            found.extend(rows.filter_map(|one| broken(check, &row(one))));
        }
    }
    found
}

fn says_something(row: &Row) -> bool {
    let mut filled = row.cells.iter().filter(|cell| is_written(&cell.text));
    let first = filled.next();
    first.is_some_and(|cell| !cell.bold) || filled.next().is_some()
}

/// A document or a row for which all conditions hold.
fn broken(check: &CheckSpec, subject: &Subject<'_, '_>) -> Option<Diagnostic> {
    let holds = is_meant(check, subject)
        && check.conditions.iter().all(|(name, one)| holds(one, name, subject));
    let conditions = check.conditions.iter().map(|(name, _)| name);
    let names = conditions.chain(check.when.iter().map(|(name, _)| name));
    let place = || names.into_iter().find_map(|name| subject.said(name).place);
    holds.then(|| told(check, subject, place(), &check.says))
}

fn is_meant(check: &CheckSpec, subject: &Subject<'_, '_>) -> bool {
    let is = |(name, values): &(String, Vec<String>)| {
        let said = subject.said(name);
        let mut parts = said.text.split(", ");
        parts.any(|part| values.iter().any(|value| word(part, value).is_some()))
    };
    check.when.iter().all(is) && !check.unless.iter().any(is)
}

/// A table in which no row says one of the words.
fn uncovered(
    check: &CheckSpec,
    whole: &Subject<'_, '_>,
    tables: &[&Recognised<'_, '_>],
) -> Option<Diagnostic> {
    let first = tables.first()?;
    if !is_meant(check, whole) || !check.conditions.iter().all(|(name, it)| holds(it, name, whole))
    {
        return None;
    }
    let (column, wanted) = check.covers.first()?;
    let rows = tables.iter().flat_map(|table| table.table.rows.iter().map(move |row| (table, row)));
    let cells = rows.filter_map(|(table, row)| table.cell(row, column));
    let said: Vec<String> = cells.filter(|text| is_written(text)).map(str::to_lowercase).collect();
    let is_said =
        |one: &&String| one.split('|').any(|word| said.iter().any(|cell| cell.contains(word)));
    let open: Vec<&str> = wanted
        .iter()
        .filter(|one| !is_said(one))
        .map(|one| one.split('|').next().unwrap_or_default())
        .collect();
    let place = Some((&whole.artifact.path, first.table.span.clone()));
    let says = check.says.replace("{open}", &open.join(", "));
    (!said.is_empty() && !open.is_empty()).then(|| told(check, whole, place, &says))
}

fn told(
    check: &CheckSpec,
    subject: &Subject<'_, '_>,
    place: Option<(&RepoPath, Span)>,
    says: &str,
) -> Diagnostic {
    let artifact = subject.artifact;
    let row = subject.row.map(|(_, row)| (&artifact.path, row.span.clone()));
    let (path, span) = place.or(row).unwrap_or((&artifact.path, artifact.status_span.clone()));
    let mut finding = Diagnostic::new(check.rule, path, &span, filled_in(says, subject));
    finding.severity = check.severity;
    if !artifact.status.is_approved() && !subject.kind.living && !check.drafts {
        finding.severity = Severity::Note;
    }
    finding.help(if check.help.is_empty() { check.rule.next_step() } else { check.help.clone() })
}

/// Puts what is said in the place of names in braces; `{name}` is what the subject is called.
fn filled_in(text: &str, subject: &Subject<'_, '_>) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once('}') else { continue };
        match name {
            "name" => out.push_str(subject.name()),
            _ => out.push_str(&subject.said(name).text),
        }
        out.push_str(rest);
    }
    out
}

fn holds(condition: &Condition, name: &str, subject: &Subject<'_, '_>) -> bool {
    let said = subject.said(name);
    match condition {
        Condition::Missing => !said.filled,
        Condition::Empty => said.there && !said.filled,
        _ if !said.filled => false,
        Condition::Filled => true,
        Condition::NoNumber => !said.text.chars().any(|letter| letter.is_ascii_digit()),
        Condition::NoLink => !subject.leads_somewhere(name),
        Condition::With(words) => has_one(&said.text, words),
        Condition::Without(words) => !has_one(&said.text, words),
        Condition::Unlike(other) => differs(&said, &subject.said(other)),
        Condition::Past(length) => is_past(&said, *length, subject),
        Condition::After(other) => {
            said.day.is_some_and(|day| subject.said(other).day.is_some_and(|other| other < day))
        }
        Condition::Words(side, bound) => {
            let tables = if name == TEXT { words_in_tables(subject.artifact) } else { 0 };
            let count = said.text.split_whitespace().count().saturating_sub(tables);
            match side {
                Side::Under => count < *bound,
                Side::Above => count > *bound,
            }
        }
        Condition::Number(side, bound) => {
            is_beyond(&said, *side, bound, subject).unwrap_or_default()
        }
        Condition::Weeks { least, most, since } => {
            is_outside(&said, *least, *most, &subject.said(since)).unwrap_or_default()
        }
    }
}

fn words_in_tables(artifact: &Artifact) -> usize {
    let tables = artifact.document.tables.iter();
    let rows =
        tables.flat_map(|table| table.rows.iter().map(|row| &row.cells).chain([&table.header]));
    rows.flatten().map(|cell| cell.text.split_whitespace().count()).sum()
}

/// Finds one of the words, or several in a row, as they begin: `session` is found in `sessions`.
fn has_one(text: &str, words: &[String]) -> bool {
    let text = format!(" {}", normalise_all(text));
    words.iter().any(|word| text.contains(&format!(" {}", normalise_all(word))))
}

fn normalise_all(text: &str) -> String {
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Compares two short values by their first words; a value in many words is not compared.
fn differs(one: &Said<'_>, other: &Said<'_>) -> bool {
    let short = |said: &Said<'_>| {
        let text = normalise(said.text.split([',', ';', ':']).next()?);
        (said.filled && (1..=3).contains(&text.split(' ').count())).then_some(text)
    };
    let (Some(one), Some(other)) = (short(one), short(other)) else { return false };
    !one.starts_with(&other) && !other.starts_with(&one)
}

fn is_past(
    said: &Said<'_>,
    length: Option<crate::value::Length>,
    subject: &Subject<'_, '_>,
) -> bool {
    let Some(day) = &said.day else { return false };
    let last = length.map_or_else(|| Some(day.clone()), |length| length.after(day));
    last.is_some_and(|last| last.as_str() < subject.asked.scope.day())
}

fn is_beyond(
    said: &Said<'_>,
    side: Side,
    bound: &Bound,
    subject: &Subject<'_, '_>,
) -> Option<bool> {
    let number = number(said)?;
    let bound = match bound {
        Bound::Fixed(bound) => *bound,
        Bound::Share(share, name) => number_of(name, subject)?.times(*share)?,
    };
    let order = number.compare(bound)?;
    Some(match side {
        Side::Under => order.is_lt(),
        Side::Above => order.is_gt(),
    })
}

fn number_of(name: &str, subject: &Subject<'_, '_>) -> Option<Exact> {
    let said = subject.said(name);
    number(&said).filter(|_| said.filled)
}

/// A percentage is compared as it is written: 12 of `12 %`.
fn number(said: &Said<'_>) -> Option<Exact> {
    let read = quantity(&said.text)?;
    if read.percent { read.number.times(Exact::whole(100)) } else { Some(read.number) }
}

fn is_outside(said: &Said<'_>, least: i32, most: i32, since: &Said<'_>) -> Option<bool> {
    let day = |said: &Said<'_>| said.day.as_ref()?.parse::<jiff::civil::Date>().ok();
    // Both days count.
    let days = (day(said)? - day(since)?).get_days() + 1;
    Some(days < least * 7 - 3 || days > most * 7 + 3)
}
