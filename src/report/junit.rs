//! Test reports: a suite for each file and a case for each finding. Errors fail; warnings and notes are told and do not.

use std::fmt::Write as _;

use super::{Noted, Report};
use crate::diagnostic::Severity;
use crate::document::html::escape;
use crate::visible::visible;

pub(super) fn write(report: &Report<'_>) -> String {
    let all: Vec<&Noted> = report.counting().collect();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"readymark\" {}>", counts(&all));
    for suite in all.chunk_by(|one, other| one.finding.path == other.finding.path) {
        let name = xml(suite[0].finding.path.as_str());
        let _ = writeln!(out, "  <testsuite name=\"{name}\" {}>", counts(suite));
        out.extend(suite.iter().map(|one| case(one, &name)));
        out += "  </testsuite>\n";
    }
    if all.is_empty() {
        // A report without a case is taken for one that got lost.
        out += "  <testsuite name=\"readymark\" tests=\"1\" failures=\"0\" errors=\"0\">\n";
        out += "    <testcase name=\"check\" classname=\"readymark\"/>\n  </testsuite>\n";
    }
    out + "</testsuites>\n"
}

fn counts(suite: &[&Noted]) -> String {
    let failures = suite.iter().filter(|one| one.finding.severity == Severity::Error).count();
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\"", suite.len().max(1))
}

fn case(one: &Noted, path: &str) -> String {
    let finding = &one.finding;
    let (rule, message, (line, column)) = (finding.rule, xml(&finding.message), finding.place);
    let help = finding.help.as_deref().map(|help| format!("\n{}", xml(help))).unwrap_or_default();
    let place = if line == 0 { path.to_owned() } else { format!("{path}:{line}:{column}") };
    let told = match finding.severity {
        Severity::Error => format!(
            "<failure type=\"{rule}\" message=\"{message}\">{place}: {message}{help}</failure>"
        ),
        severity => {
            let severity = severity.word();
            format!("<system-out>{place}: {severity}: {message}{help}</system-out>")
        }
    };
    let name = format!("{rule} {place}");
    format!("    <testcase name=\"{name}\" classname=\"{path}\">{told}</testcase>\n")
}

/// Escapes text and attributes; what XML cannot hold is spelled out.
fn xml(text: &str) -> String {
    escape(&visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"))
}
