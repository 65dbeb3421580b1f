//! Findings and failures for people and for programs. Text from a repository never reaches a terminal unescaped.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::{Serialize, Serializer};

use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::examine::Examined;
use crate::history::{Authorship, DecisionLog, Entry, LandingKind, StatusAt};
use crate::pack::Packs;
use crate::profiles::{Outcome, Verdict};
use crate::source::{ObjectId, RepoPath, line_end};

/// Gives the bytes of a file that findings point into.
pub type Source<'a> = dyn Fn(&RepoPath) -> Option<Arc<[u8]>> + 'a;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours are wanted.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Style {
    fn renderer(self) -> Renderer {
        let renderer = if self.color { Renderer::styled() } else { Renderer::plain() };
        renderer.term_width(self.width.max(40))
    }
}

/// Draws one finding with its source line and the next step.
pub fn finding(finding: &Diagnostic, source: &Source<'_>, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible(&finding.message);
    let path = visible(finding.path.as_str());
    let bytes = source(&finding.path).filter(|_| finding.place != (0, 0));
    let framed = bytes.and_then(|bytes| first_line(&bytes, finding.span));
    let title = level.primary_title(message.as_str()).id(finding.rule);
    let mut groups = vec![match &framed {
        Some((text, span)) => title.element(
            Snippet::source(text)
                .path(path.as_str())
                .line_start(finding.place.0)
                .annotation(AnnotationKind::Primary.span(span.clone())),
        ),
        None => Group::with_title(title).element(origin(&path, finding.place)),
    }];
    let help = finding.help.as_deref().map(visible);
    groups.extend(help.as_deref().map(|help| Group::with_title(Level::HELP.secondary_title(help))));
    style.renderer().render(&groups)
}

fn origin(path: &str, (line, column): (usize, usize)) -> Origin<'_> {
    let origin = Origin::path(path);
    if line == 0 { origin } else { origin.line(line).char_column(column) }
}

/// Draws what kept a command from running.
pub fn failure(failure: &Failure, style: Style) -> String {
    let message = visible(&failure.message);
    let help = failure.help.as_deref().map(visible);
    let mut groups = vec![Group::with_title(Level::ERROR.primary_title(message.as_str()))];
    groups.extend(help.as_deref().map(|help| Group::with_title(Level::HELP.secondary_title(help))));
    style.renderer().render(&groups)
}

/// The line that a place starts on, and what of the place lies in it; nothing when the line is too long to be shown.
fn first_line(bytes: &[u8], (start, end): (usize, usize)) -> Option<(String, Range<usize>)> {
    const LONGEST: usize = 4096;
    let sign = line_end(bytes);
    let from = memchr::memrchr(sign, bytes.get(..start)?).map_or(0, |at| at + 1);
    let rest = &bytes[start..bytes.len().min(from + LONGEST + 1).max(start)];
    let to = memchr::memchr(sign, rest).map_or(start + rest.len(), |at| start + at);
    if to - from > LONGEST {
        return None;
    }
    let text = |part: Range<usize>| String::from_utf8_lossy(&bytes[part]);
    let (before, inside) = (text(from..start).len(), text(start..end.clamp(start, to)).len());
    let line = harmless(text(from..to).trim_end_matches('\r'));
    let end = (before + inside).min(line.len());
    Some((line, before.min(end)..end))
}

/// Writes where a finding stands: `path:line:column`.
pub fn place(finding: &Diagnostic) -> String {
    let path = visible(finding.path.as_str());
    if finding.place == (0, 0) {
        path
    } else {
        format!("{path}:{}:{}", finding.place.0, finding.place.1)
    }
}

/// Tells a verdict: what is missing, where and who is next, the required first.
pub fn verdict(verdict: &Verdict, packs: &Packs) -> String {
    let title = &packs.packs[verdict.pack].title;
    let mut text =
        visible(&format!("{title}: {} | {}", verdict.gate.to_lowercase(), verdict.words()));
    let open =
        verdict.requirements.iter().filter(|requirement| requirement.outcome != Outcome::Met);
    for requirement in open {
        let level = if requirement.required { "" } else { " (recommended)" };
        let place =
            requirement.evidence.first().map(|found| format!(" [{}:{}]", found.path, found.line));
        let next = requirement.next.as_deref().map(|next| format!(" Next: {next}."));
        let line = format!(
            "{} {}{level}: {}.{}{}",
            requirement.id,
            requirement.outcome.word(),
            requirement.reason,
            next.unwrap_or_default(),
            place.unwrap_or_default()
        );
        let _ = write!(text, "\n  {}", visible(&line));
    }
    text
}

/// Writes verdicts as programs read them.
pub fn verdicts(examined: &Examined) -> serde_json::Value {
    let one = |verdict: &Verdict| {
        let requirements = verdict.requirements.iter().map(|requirement| {
            serde_json::json!({
                "id": requirement.id,
                "level": if requirement.required { "required" } else { "recommended" },
                "outcome": requirement.outcome.word(),
                "statement": requirement.statement,
                "reason": requirement.reason,
                "next": requirement.next,
                "evidence": requirement.evidence.iter().map(|found| format!("{}:{}", found.path, found.line)).collect::<Vec<_>>(),
            })
        });
        serde_json::json!({
            "pack": examined.packs.packs[verdict.pack].id,
            "profile": verdict.profile,
            "gate": verdict.gate,
            "as_of": verdict.as_of,
            "verdict": verdict.words(),
            "requirements": requirements.collect::<Vec<_>>(),
        })
    };
    examined.verdicts.iter().map(|verdict| one(verdict)).collect()
}

/// Tells the decision log, newest last: day, document, what changed, who, where it landed.
pub fn log(log: &DecisionLog) -> String {
    let mut text = format!("{}\n", "The decision log");
    for entry in &log.entries {
        let known = entry.landing.kind != LandingKind::Boundary;
        let who = entry.origin().filter(|_| known).map_or("unknown", |origin| origin.name.as_str());
        let day = if known {
            crate::assemble::day_of(entry.landing.time)
        } else {
            "unknown   ".to_owned()
        };
        let request =
            entry.landing.pull_request.map(|number| format!(" #{number}")).unwrap_or_default();
        let landing = entry.landing.commit.short();
        let line = format!(
            "{day} {} {} -> {}  {who} {landing}{request}",
            full_name(entry),
            word(&entry.from),
            word(&entry.to)
        );
        let _ = writeln!(text, "{}", visible(&line));
    }
    text
}

/// The decision log as programs read it.
#[derive(Serialize)]
struct LogReport<'l> {
    schema: &'static str,
    r#ref: &'l str,
    tip: Option<String>,
    landings: usize,
    complete: bool,
    entries: Vec<LogRow<'l>>,
}

/// An entry of the decision log as programs read it.
#[derive(Serialize)]
struct LogRow<'l> {
    pack: &'l str,
    document: &'l str,
    path: &'l str,
    from: &'l str,
    to: &'l str,
    #[serde(serialize_with = "as_text")]
    landing: ObjectId,
    landed: Option<i64>,
    pull_request: Option<u64>,
    origins: Vec<LogOrigin>,
    author: Option<&'l str>,
}

/// A commit that made a change.
#[derive(Serialize)]
struct LogOrigin {
    #[serde(serialize_with = "as_text")]
    commit: ObjectId,
    how: &'static str,
}

fn as_text<S: Serializer>(id: &ObjectId, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(id)
}

/// Writes the decision log as programs read it, one entry after the other.
pub fn log_json(log: &DecisionLog) -> String {
    json_text(&LogReport {
        schema: "readymark/log/1",
        r#ref: &log.statement.reference,
        tip: log.statement.tip.map(|tip| tip.to_string()),
        landings: log.statement.landings,
        complete: log.statement.complete(),
        entries: log.entries.iter().map(log_row).collect(),
    })
}

fn log_row(entry: &Entry) -> LogRow<'_> {
    let known = entry.landing.kind != LandingKind::Boundary;
    let origin = |one: &Authorship| LogOrigin { commit: one.commit, how: one.how.word() };
    LogRow {
        pack: &entry.pack,
        document: &entry.document,
        path: entry.path.as_str(),
        from: word(&entry.from),
        to: word(&entry.to),
        landing: entry.landing.commit,
        landed: known.then_some(entry.landing.time),
        pull_request: entry.landing.pull_request,
        origins: entry.origins.iter().map(origin).collect(),
        author: entry.origin().filter(|_| known).map(|origin| origin.name.as_str()),
    }
}

/// An id with the folder of its pack; a path says enough by itself.
fn full_name(entry: &Entry) -> String {
    match (entry.has_id, entry.pack.as_str()) {
        (false, _) | (_, "") => entry.document.clone(),
        (true, pack) => format!("{pack}:{}", entry.document),
    }
}

fn word(status: &StatusAt) -> &str {
    match status {
        StatusAt::NoDocument => "(no document)",
        StatusAt::Absent => "(no status)",
        StatusAt::Unreadable => "(unreadable)",
        StatusAt::Placeholder => "(placeholder)",
        StatusAt::Unknown => "(unknown)",
        StatusAt::Word(word) | StatusAt::Invalid(word) => word,
    }
}

/// Tells whether a character would act on a terminal, or hide or turn around what stands beside it.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Makes a text one line in which nothing acts: control and direction characters are spelled out, and so is what build
/// machines take for a command (`##[`, `##vso[`; `::` counts at the start of a line only).
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso[")
}

/// Replaces what acts by something of the same length, so that places in the text stay true.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let line_end = letter == '\n' || (letter == '\r' && letters.peek() == Some(&'\n'));
        match letter {
            '\t' => out.push(letter),
            '[' if out.ends_with("##") || out.ends_with("##vso") => out.push('('),
            letter if !is_hidden(letter) || line_end => out.push(letter),
            letter => out.push_str(match letter.len_utf8() {
                1 => "?",
                2 => "¿",
                _ => "\u{fffd}",
            }),
        }
    }
    out
}

/// Writes JSON in which nothing acts on a terminal either; strings mean the same.
fn json_text(value: &impl Serialize) -> String {
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(plain.len() + 1);
    for line in plain.lines() {
        if line.contains(is_hidden) {
            push_spelled_out(&mut out, line);
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    if !out.contains("##") {
        return out;
    }
    out.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
}

/// Writes a line of JSON with its hidden letters as numbers.
fn push_spelled_out(out: &mut String, line: &str) {
    for letter in line.chars() {
        if is_hidden(letter) {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
}

/// A finding as programs read it.
#[derive(Debug, Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    severity: Severity,
    path: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Writes findings as one JSON object.
pub fn json(findings: &[Diagnostic], verdicts: &serde_json::Value) -> String {
    let findings: Vec<JsonFinding<'_>> = findings
        .iter()
        .map(|finding| JsonFinding {
            rule: finding.rule,
            severity: finding.severity,
            path: finding.path.as_str(),
            line: finding.place.0,
            column: finding.place.1,
            message: &finding.message,
            help: finding.help.as_deref(),
        })
        .collect();
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let report = serde_json::json!({
        "schema": "readymark/check/1",
        "findings": findings,
        "verdicts": verdicts,
        "summary": {"errors": count(Severity::Error), "warnings": count(Severity::Warning), "notes": count(Severity::Note)},
    });
    json_text(&report)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { color: false, width: 80 };

    fn missing_page() -> Diagnostic {
        let path = RepoPath::new("a/b.md");
        let mut found = Diagnostic::new(
            &crate::rules::settings::MISSING_CHAPTER,
            &path,
            &(5..10),
            "no such page\u{1b}[2J",
        );
        found.place = (3, 1);
        found.help("did you mean `c.md`?")
    }

    #[test]
    fn a_finding_shows_its_line_and_the_next_step() {
        let text =
            finding(&missing_page(), &|_| Some(Arc::from(&b"one\n\nhello\nthree\n"[..])), PLAIN);
        for part in [
            "error[settings.missing-chapter]",
            "a/b.md:3:1",
            "hello",
            "^^^^^",
            "help: did you mean",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(!text.contains('\u{1b}'), "an escape of the repository reached the terminal");
    }

    #[test]
    fn a_line_is_cut_out_by_bytes_whatever_they_are() {
        for (bytes, span, line) in [
            (&b"caf\xe9 ol\n[x](y)\n"[..], (8, 14), Some(("[x](y)", 0..6))),
            (b"a\r\nb [x]\r\n", (5, 8), Some(("b [x]", 2..5))),
            (b"a\rb [x]\rc", (4, 7), Some(("b [x]", 2..5))),
            (b"two\nlines", (1, 6), Some(("two", 1..3))),
            (b"", (0, 0), Some(("", 0..0))),
            (b"short", (7, 9), None),
            (&[b'x'; 5000], (4999, 5000), None),
        ] {
            let line = line.map(|(text, place)| (text.to_owned(), place));
            assert_eq!(first_line(bytes, span), line, "{span:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_still_named() {
        assert!(finding(&missing_page(), &|_| None, PLAIN).contains("a/b.md"));
    }
}
