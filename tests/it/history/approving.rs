//! Approvals as `expected.json` tells them: what is as usual is left out.

use std::collections::BTreeMap;

use readymark::approvals::{self, Approval, Contributor, Identity, State, TextAt};
use readymark::history::DecisionLog;
use serde_json::{Map, Value, json};

use super::told::subject;
use crate::lab::Lab;

/// Tells all approvals of a log, and what they add up to for each document.
pub(super) fn told(lab: &Lab, log: &DecisionLog, day: Option<&str>) -> Map<String, Value> {
    let mut lines: BTreeMap<usize, Vec<&Approval>> = BTreeMap::new();
    for approval in &log.approvals {
        lines.entry(approval.line).or_default().push(approval);
    }
    let mut told = Vec::new();
    let mut evidence = Map::new();
    for (line, own) in &lines {
        let texts = &log.texts[line];
        let states = approvals::states(own, texts, day);
        let judged: Vec<_> = own.iter().copied().zip(states.iter().copied()).collect();
        let sum = approvals::evidence(&judged, log.statement.complete());
        evidence.insert(own[0].document.clone(), json!(sum.word()));
        told.extend(
            judged.iter().map(|(one, state)| {
                (one.landing.index, one.line, told_one(lab, one, *state, texts))
            }),
        );
    }
    told.sort_by_key(|(landing, line, _)| (*landing, *line));
    let told: Vec<Value> = told.into_iter().map(|(.., one)| one).collect();
    let mut all = Map::new();
    if !told.is_empty() {
        all.insert("approvals".to_owned(), json!(told));
        all.insert("evidence".to_owned(), Value::Object(evidence));
    }
    all
}

fn told_one(lab: &Lab, one: &Approval, state: State, texts: &[TextAt]) -> Value {
    let mut told = json!({
        "document": one.document,
        "by": one.by.person.as_ref().unwrap_or(&one.by.address),
        "landing": one.landing.subject,
        "assurance": one.assurance.word(),
        "binding": one.binding.word(),
        "state": state.word(),
        "duty": one.duty.word(),
        "wanted": one.wanted,
        "contributors": one.contributors.iter().map(contributor).collect::<Vec<_>>(),
    });
    let mut tell = |key: &str, is: bool, value: Value| {
        if is {
            told[key] = value;
        }
    };
    let commit = subject(lab, one.commit);
    tell("pack", !one.pack.is_empty(), json!(one.pack));
    tell("commit", commit != one.landing.subject, json!(commit));
    tell("decision", one.decision != "approved", json!(one.decision));
    tell("scope", one.scope.is_some(), json!(one.scope));
    tell("expires", one.expires.is_some(), json!(one.expires));
    tell("source", one.source.word() != "trailer", json!(one.source.word()));
    tell("reflected", one.reflected == Some(false), json!(false));
    tell("bootstrap", one.bootstrap, json!(true));
    if let Some(text) = state.changed_at().map(|at| &texts[at]) {
        tell("since", true, json!(text.landing.subject));
        let by: Vec<&str> = text.by.iter().map(|by| by.name.as_str()).collect();
        tell("changed_by", !by.is_empty(), json!(by));
    }
    told
}

fn contributor(one: &Contributor) -> String {
    let name = match &one.identity {
        Identity::Person(id) => id.clone(),
        _ => format!("? {}", one.name),
    };
    if one.co_author { format!("{name} (co-author)") } else { name }
}
