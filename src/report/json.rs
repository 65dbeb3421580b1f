//! Findings and verdicts as programs read them.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Apart, Noted, Report};
use crate::diagnostic::Severity;
use crate::examine::count;
use crate::profiles::Verdict;
use crate::visible::json_text;

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    path: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    fingerprint: &'a str,
}

fn finding(one: &Noted) -> Finding<'_> {
    let finding = &one.finding;
    Finding {
        rule: finding.rule,
        severity: finding.severity,
        path: finding.path.as_str(),
        line: finding.place.0,
        column: finding.place.1,
        message: &finding.message,
        help: finding.help.as_deref(),
        fingerprint: &one.fingerprint,
    }
}

/// Writes one object.
pub(super) fn write(report: &Report<'_>) -> String {
    let [errors, warnings, notes] = count(report.counting().map(|one| &one.finding));
    let verdicts = report.verdicts.iter().map(|one| verdict(one, report));
    json_text(&json!({
        "schema": "readymark/check/1",
        "findings": report.counting().map(finding).collect::<Vec<_>>(),
        "apart": report.findings.iter().filter_map(apart).collect::<Vec<_>>(),
        "verdicts": verdicts.collect::<Vec<_>>(),
        "summary": {"errors": errors, "warnings": warnings, "notes": notes},
    }))
}

/// Writes one object a line.
pub(super) fn lines(report: &Report<'_>) -> String {
    let line = |one| {
        let spread = json_text(&finding(one));
        spread.lines().map(str::trim_start).collect::<String>() + "\n"
    };
    report.counting().map(line).collect()
}

/// A finding that does not count, with the reason.
fn apart(one: &Noted) -> Option<Value> {
    let (why, reason, until) = match one.apart.as_ref()? {
        Apart::Old => ("old", None, None),
        Apart::Known(until) => ("baseline", None, Some(until)),
        Apart::Suppressed { reason, until } => ("suppressed", Some(reason), Some(until)),
    };
    Some(json!({"why": why, "reason": reason, "until": until, "finding": finding(one)}))
}

fn verdict(verdict: &Verdict, report: &Report<'_>) -> Value {
    let requirements = verdict.requirements.iter().map(|one| one.json(report.packs));
    json!({
        "pack": report.packs.packs[verdict.pack].id,
        "profile": verdict.profile,
        "gate_id": verdict.gate_id,
        "gate": verdict.gate,
        "as_of": verdict.as_of,
        "verdict": verdict.words(),
        "requirements": requirements.collect::<Vec<_>>(),
    })
}
