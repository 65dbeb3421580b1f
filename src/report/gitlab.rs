//! Code Quality of GitLab: a list of what is wrong, each with a fingerprint by which the platform tells new from old.

use serde_json::json;

use super::{Noted, Report};
use crate::diagnostic::Severity;
use crate::visible::json_text;

pub(super) fn write(report: &Report<'_>) -> String {
    json_text(&report.counting().map(issue).collect::<Vec<_>>())
}

fn issue(one: &Noted) -> serde_json::Value {
    let finding = &one.finding;
    let severity = match finding.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    };
    json!({
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": one.fingerprint,
        "severity": severity,
        "location": {"path": finding.path.as_str(), "lines": {"begin": finding.place.0.max(1)}},
    })
}
