//! Findings and failures for people. Text from a repository never reaches a terminal unescaped.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::Failure;
use crate::diagnostic::{Diagnostic, Severity};
use crate::pack::Packs;
use crate::profiles::Verdict;
use crate::report::{Apart, Noted};
use crate::source::{RepoPath, line_end};
use crate::visible::{is_hidden, visible};

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
    // Those of earlier gates stand there.
    let own = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
    for requirement in own.filter(|requirement| requirement.is_open()) {
        let level = if requirement.is_required() {
            String::new()
        } else {
            format!(" ({})", requirement.level.word())
        };
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

/// Says what does not count and why, each comment by itself; `mended` findings of a baseline are no more.
pub fn apart(findings: &[Noted], mended: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut old, mut known) = (0, None);
    for one in findings {
        match &one.apart {
            Some(Apart::Suppressed { reason, until }) => lines.push(visible(&format!(
                "Kept quiet until {until}: {} {} ({reason})",
                place(&one.finding),
                one.finding.rule
            ))),
            Some(Apart::Old) => old += 1,
            Some(Apart::Known(until)) => known.get_or_insert((until, 0)).1 += 1,
            None => {}
        }
    }
    if old > 0 {
        lines.push(format!("Not told: {old} that were there before"));
    }
    lines.extend(
        known.map(|(until, known)| format!("Known until {until}: {known} of the baseline")),
    );
    if mended > 0 {
        lines
            .push(format!("Mended of the baseline: {mended}; let it shrink with --write-baseline"));
    }
    lines
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
