//! The diagnostic format of reviewdog, in which findings become comments on changed lines. Columns are left out: there
//! they are bytes.

use serde_json::{Map, Value, json};

use super::{Noted, Report};
use crate::diagnostic::Severity;
use crate::visible::json_text;

pub(super) fn write(report: &Report<'_>) -> String {
    json_text(&json!({
        "source": {"name": "readymark"},
        "diagnostics": report.counting().map(diagnostic).collect::<Vec<_>>(),
    }))
}

fn diagnostic(one: &Noted) -> Value {
    let finding = &one.finding;
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    };
    let help = finding.help.as_deref().map(|help| format!("\n{help}"));
    let mut location = Map::from_iter([("path".to_owned(), json!(finding.path.as_str()))]);
    if finding.place.0 > 0 {
        location.insert("range".to_owned(), json!({"start": {"line": finding.place.0}}));
    }
    json!({
        "message": finding.message.clone() + &help.unwrap_or_default(),
        "location": location,
        "severity": severity,
        "code": {"value": finding.rule},
    })
}
