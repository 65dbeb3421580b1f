//! `readymark explain`: why an approval counts or not, what a requirement rests on, what a rule wants.

use std::fmt::Write as _;
use std::sync::Arc;

use super::accountable::{found_part, wanted};
use super::arguments::Explain;
use super::commands::{day, open};
use super::log::assembled;
use super::signers::trusting;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::approvals::{Assurance, Hindrance};
use crate::assemble::{Assembled, Making};
use crate::nearest::did_you_mean;
use crate::pack::{Artifact, Packs};
use crate::profiles::Requirement;
use crate::project::Project;
use crate::render::Theme;
use crate::rules::{GROUPS, Rule};
use crate::site::Explained;
use crate::visible::visible;

pub(super) fn explain(
    explain: &Explain,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let name = explain.name.as_str();
    let mut rules = GROUPS.iter().flat_map(|group| group.rules);
    let text = if let Some(rule) = rules.find(|rule| rule.name == name) {
        of_rule(rule)
    } else {
        let today = day(&explain.place, surroundings)?;
        let project = open(&explain.place.dir, false, surroundings, streams)?;
        let project = trusting(project, &explain.place)?;
        let theme = Arc::new(Theme::new(&[])?);
        let making = Making { project: &project, theme: &theme, today: &today };
        let assembled = assembled(making)?;
        match of_requirement(&assembled, name) {
            text if text.is_empty() => of_document(&project, &assembled, name, &today)?,
            text => text,
        }
    };
    for line in text.lines() {
        let _ = writeln!(streams.out, "{}", visible(line));
    }
    Ok(Exit::Clean)
}

fn of_rule(rule: &Rule) -> String {
    let sentence = |text: &str| format!("{}.", text.trim_end_matches('.'));
    format!(
        "{} ({})\n{}\n\nWhy: {}\nWhat to do: {}\n",
        rule.name,
        rule.severity.word(),
        sentence(rule.summary),
        sentence(rule.why),
        sentence(rule.fix)
    )
}

/// Explains a requirement in each pack that has it; empty when none has.
fn of_requirement(assembled: &Assembled, name: &str) -> String {
    let packs = &assembled.examined.packs;
    let mut text = String::new();
    for verdict in assembled.judged.verdicts.iter() {
        let first = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
        let own = first.filter(|one| one.id.eq_ignore_ascii_case(name));
        for requirement in own {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}, {}", packs.packs[verdict.pack].title, verdict.gate);
            push_requirement(&mut text, requirement);
        }
    }
    text
}

fn push_requirement(text: &mut String, requirement: &Requirement) {
    let Requirement { id, statement, outcome, reason, hint, next, evidence, .. } = requirement;
    let weight = if requirement.is_required() { "" } else { ", not required" };
    let _ = writeln!(text, "{id} {statement}: {}{weight}", outcome.word());
    if !reason.is_empty() {
        let _ = writeln!(text, "Why: {reason}");
    }
    for place in evidence {
        let _ = writeln!(text, "  {}:{}", place.path, place.line);
    }
    if requirement.is_open() {
        let who = next.as_ref().map_or_else(String::new, |next| format!(" ({next})"));
        let _ = writeln!(text, "What to do{who}: {hint}");
    }
}

fn of_document(
    project: &Project,
    assembled: &Assembled,
    name: &str,
    today: &str,
) -> Result<String, Failure> {
    let packs = &assembled.examined.packs;
    let (artifact, row) = found_part(packs, name).map_err(|failure| {
        let rules = GROUPS.iter().flat_map(|group| group.rules).map(|rule| rule.name);
        let near = Some(name).filter(|name| name.contains('.'));
        match near.and_then(|name| did_you_mean(name, rules)).or(failure.help) {
            Some(help) => Failure::new(failure.message).help(help),
            None => Failure::new(failure.message).help("name a document, a requirement or a rule"),
        }
    })?;
    let at = packs.find(&artifact.path).unwrap_or_default();
    let unit = assembled
        .units()
        .map(|planned| &planned.unit)
        .find(|unit| unit.pack_id() == packs.packs[artifact.pack].id);
    let Some(unit) = unit else {
        return Err(Failure::new(format!("the site shows nothing about `{name}`")));
    };
    let (policy, wanted) = wanted(project, packs, artifact, row)?;
    let explained = match row {
        None => unit.explained(at),
        Some(row) => unit.explained_part(at, row, &wanted),
    };
    let Explained { title, text, .. } = &explained;
    let about = row.map_or_else(String::new, |row| format!("{row}, a row of "));
    let mut text = format!(
        "{about}{} {}\n{}\n\n{title}\n{text}\n",
        artifact.id, artifact.title, artifact.path
    );
    for (line, notes) in &explained.given {
        let _ = writeln!(text, "\n  {line}");
        for note in notes {
            let _ = writeln!(text, "    {note}");
        }
    }
    let who = (!wanted.is_empty()).then(|| policy.named(&wanted, today));
    let _ = write!(text, "\n{}", advice(packs, (artifact, row), &explained, who));
    Ok(text)
}

/// Says what would make the approval count.
fn advice(
    packs: &Packs,
    (artifact, row): (&Artifact, Option<&str>),
    explained: &Explained,
    who: Option<String>,
) -> String {
    let id = row.unwrap_or(&artifact.id);
    if explained.over {
        return format!("{id} is over: nobody need approve it again\n");
    }
    if explained.shown && (row.is_some() || artifact.status.is_approved()) {
        return "Nothing is left to do\n".to_owned();
    }
    if explained.shown {
        return format!("What is left: say so in the status of {}\n", artifact.path);
    }
    if explained.hindrance == Some(Hindrance::Own) {
        return "What would count: somebody else's approval, because whoever must approve it wrote some of \
                it; name somebody else under `approvers`\n"
            .to_owned();
    }
    let Some(who) = who else {
        return "What would count: no rule says whose approval; name somebody under `approvers` in \
                its fields, or in the row of a responsibility matrix that links it\n"
            .to_owned();
    };
    let asks = packs
        .kinds
        .get(artifact.kind)
        .map(|kind| kind.asks(&artifact.document.front_matter, "approved"))
        .unwrap_or_default();
    let signed = if asks.assurance > Assurance::LEAST {
        ", signed with their own key (`git commit -S`)"
    } else {
        ""
    };
    let first = match &explained.hindrance {
        Some(Hindrance::Unknown(names)) => format!(
            "somebody adds the address of {} to `git_emails` in people.toml; after that has landed, ",
            names.join(" and ")
        ),
        _ => String::new(),
    };
    format!(
        "What would count: {first}{who} reads it, runs `readymark approve {id}` and commits what that wrote{signed}\n"
    )
}
