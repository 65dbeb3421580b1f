//! SARIF 2.1.0 for code scanning. Platforms refuse or cut what is too long, so that the worst come first.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Apart, Noted, Report};
use crate::diagnostic::Severity;
use crate::pack::route::encode;
use crate::rules::{self, Rule};
use crate::visible::json_text;

/// So many results are shown by the platform that shows the fewest.
const MOST: usize = 5000;

pub(super) fn write(report: &Report<'_>) -> String {
    let mut shown: Vec<&Noted> = report.findings.iter().collect();
    shown.retain(|one| !matches!(one.apart, Some(Apart::Old | Apart::Known(_))));
    shown.sort_by_key(|one| (one.apart.is_some(), one.finding.severity));
    let left = shown.len().saturating_sub(MOST);
    shown.truncate(MOST);
    let named: BTreeMap<&str, &Rule> = shown
        .iter()
        .filter_map(|one| rules::rule(one.finding.rule))
        .map(|it| (it.name, it))
        .collect();
    let place = |rule| named.keys().position(|name| *name == rule);
    let results = shown.iter().map(|one| result(one, place(one.finding.rule)));
    json_text(&json!({
        "$schema": "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "readymark",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": named.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": cut(left)}],
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn cut(left: usize) -> Vec<Value> {
    let text = format!("{left} findings are left out, the mildest");
    let note = json!({"level": "warning", "message": {"text": text}});
    Some(note).filter(|_| left > 0).into_iter().collect()
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn result(one: &Noted, rule: Option<usize>) -> Value {
    let finding = &one.finding;
    let help = finding.help.as_deref().map(|help| format!("\n{help}")).unwrap_or_default();
    let (line, column) = finding.place;
    let mut physical = json!({"artifactLocation": {"uri": encode(finding.path.as_str())}});
    if line > 0 {
        physical["region"] = json!({"startLine": line, "startColumn": column.max(1)});
    }
    let mut result = Map::from_iter([("ruleId".to_owned(), json!(finding.rule))]);
    result.extend(rule.map(|at| ("ruleIndex".to_owned(), json!(at))));
    let rest = json!({
        "level": level(finding.severity),
        "message": {"text": finding.message.clone() + &help},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"readymark/1": one.fingerprint},
        "suppressions": suppressions(one),
    });
    result.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(result)
}

fn suppressions(one: &Noted) -> Vec<Value> {
    match &one.apart {
        Some(Apart::Suppressed { reason, until }) => {
            vec![json!({"kind": "inSource", "justification": format!("{reason} (until {until})")})]
        }
        _ => Vec::new(),
    }
}
