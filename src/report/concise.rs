//! One line for each finding, as compilers write them.

use std::fmt::Write as _;

use super::{Noted, Report};
use crate::visible::visible;

pub(super) fn write(report: &Report<'_>) -> String {
    report.counting().map(line).collect()
}

fn line(one: &Noted) -> String {
    let finding = &one.finding;
    let mut line = visible(finding.path.as_str());
    if finding.place != (0, 0) {
        let _ = write!(line, ":{}:{}", finding.place.0, finding.place.1);
    }
    let (severity, rule) = (finding.severity.word(), finding.rule);
    let _ = writeln!(line, ": {severity}[{rule}] {}", visible(&finding.message));
    // A path may begin as a command of a build machine does.
    if line.starts_with("::") { format!("./{line}") } else { line }
}
