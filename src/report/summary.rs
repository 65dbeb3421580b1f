//! A job summary of GitHub Actions: how the packs stand and what is wrong, the worst first.

use super::markdown::{code, join, plain};
use super::{Noted, Report};
use crate::examine::count;
use crate::profiles::Verdict;

/// The platform refuses a summary of more than 1 MiB.
const MOST: usize = 1_000_000;

pub(super) fn write(report: &Report<'_>) -> String {
    let [errors, warnings, notes] = count(report.counting().map(|one| &one.finding));
    let mut sections =
        vec![format!("### Readiness: errors {errors}, warnings {warnings}, notes {notes}\n\n")];
    if !report.verdicts.is_empty() {
        let gate = |verdict: &std::sync::Arc<Verdict>| gate(verdict, report);
        let gates = report.verdicts.iter().map(gate).collect::<String>();
        sections.push(format!("| Pack | Gate | Verdict |\n|---|---|---|\n{gates}\n"));
    }
    sections.extend(report.worst_first().into_iter().map(item));
    join(&sections, MOST)
}

fn gate(verdict: &Verdict, report: &Report<'_>) -> String {
    let title = plain(&report.packs.packs[verdict.pack].title);
    format!("| {title} | {} | {} |\n", plain(&verdict.gate), plain(&verdict.words()))
}

fn item(one: &Noted) -> String {
    let finding = &one.finding;
    let (severity, rule, path) = (finding.severity.word(), finding.rule, finding.path.as_str());
    let line = if finding.place.0 > 0 { format!(":{}", finding.place.0) } else { String::new() };
    let help =
        finding.help.as_deref().map(|help| format!(" ({})", plain(help))).unwrap_or_default();
    let place = code(&format!("{path}{line}"));
    format!("- **{severity}** `{rule}` {place}: {}{help}\n", plain(&finding.message))
}
