//! Annotations of GitHub Actions. The platform shows ten of each kind for each step and drops the rest without a word, so
//! that the worst come first and the last says how many more there are.

use std::fmt::Write as _;

use super::Report;
use crate::diagnostic::{Diagnostic, Severity};
use crate::visible::visible;

/// So many annotations of one kind are written.
const MOST: usize = 9;

pub(super) fn write(report: &Report<'_>) -> String {
    let mut out = String::new();
    let mut left = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let mut own = report.counting().map(|one| &one.finding);
        let own: Vec<_> = own.by_ref().filter(|one| one.severity == severity).collect();
        out.extend(own.iter().take(MOST).map(|finding| annotation(finding)));
        left += own.len().saturating_sub(MOST);
    }
    if left > 0 {
        let _ = writeln!(out, "::notice title=readymark::{left} more: see the job summary");
    }
    out
}

fn annotation(finding: &Diagnostic) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut place = format!("file={}", property(finding.path.as_str()));
    if finding.place != (0, 0) {
        let _ = write!(place, ",line={},col={}", finding.place.0, finding.place.1);
    }
    let help = finding.help.as_deref().map(|help| format!("%0A{}", data(help)));
    let message = data(&finding.message) + &help.unwrap_or_default();
    format!("::{command} {place},title={}::{message}\n", property(finding.rule))
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    // The path of a file stays what it is: only what would end the command is spelled out.
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    visible(&text.replace(':', "%3A").replace(',', "%2C"))
}
