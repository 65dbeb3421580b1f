//! The decision log as an Atom feed (RFC 4287), the latest entry first. Whoever follows `latest/` hears of each change.

use std::fmt::Write as _;

use super::entry::{EntryView, LogLine, landing_of, line};
use super::unit::Unit;
use super::view::When;
use crate::document::html::escape;
use crate::history::{LandingKind, end_of};

/// Readers of feeds keep what they have seen: older entries stand in the log.
const MOST: usize = 100;

/// Writes the feed of a pack.
pub(super) fn decisions(unit: &Unit) -> String {
    let mut lines = super::decisions::landed(unit);
    // A feed gives each entry a time, and at the edge of a clone there is none.
    lines.retain(|at| landing_of(unit, *at).kind != LandingKind::Boundary);
    // No entry is newer than the day of judging, whatever the clock of a machine claimed.
    let now = end_of(&unit.edition.inputs.as_of);
    let latest = lines.last().map_or(0, |at| landing_of(unit, *at).clock_at(now));
    let root = unit.edition.inputs.log.statement.roots.first();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let title = format!("{}: decisions", unit.facts().title);
    let name = format!("{}:{}", root.map(ToString::to_string).unwrap_or_default(), unit.facts().id);
    push_head(&mut out, &title, &name, latest);
    out.push_str("<link href=\"decision-log.html\"/>\n");
    for at in lines.into_iter().rev().take(MOST) {
        let (landing, told) = (landing_of(unit, at), line(unit, at));
        let mut name = format!("{name}:{}:{}", landing.commit, told.document.text);
        if let LogLine::Decision(at, _) = at {
            let one = &unit.edition.inputs.log.approvals[at];
            name = format!("{name}:{}:{}", one.commit, told.words);
        }
        push_entry(&mut out, &told, &name, landing.clock_at(now));
    }
    out.push_str("</feed>\n");
    out
}

fn push_head(out: &mut String, title: &str, name: &str, time: i64) {
    let (title, id, when) = (xml(title), urn(name), When::new(time).iso);
    let _ = write!(out, "<title>{title}</title>\n<id>{id}</id>\n<updated>{when}</updated>\n");
}

fn push_entry(out: &mut String, entry: &EntryView, name: &str, time: i64) {
    let EntryView { document, title, words, who, notes, .. } = entry;
    out.push_str("<entry>\n");
    push_head(out, &format!("{} {title}: {words}", document.text), name, time);
    let author = who.as_ref().map_or("Not known", |who| who.name.as_str());
    let _ = writeln!(out, "<author><name>{}</name></author>", xml(author));
    let href = if document.href.is_empty() { "decision-log.html" } else { &document.href };
    let _ = writeln!(out, "<link href=\"{}\"/>", xml(href));
    let summary = [entry.subject.as_str(), &notes.join(" ")].join(" ");
    let _ = writeln!(out, "<summary>{}</summary>", xml(summary.trim()));
    out.push_str("</entry>\n");
}

/// Escapes text and leaves out what XML cannot hold.
fn xml(text: &str) -> String {
    let held = |letter: &char| {
        matches!(letter, '\t' | '\n' | '\r')
            || *letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    escape(&text.chars().filter(held).collect::<String>())
}

/// Names something for ever: a UUID of version 8 (RFC 9562) out of a hash.
fn urn(name: &str) -> String {
    let hex = blake3::hash(name.as_bytes()).to_hex();
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uuids_of_version_8() {
        let name = urn("a");
        let parts: Vec<usize> = name["urn:uuid:".len()..].split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(name.as_bytes()[23], b'8', "{name}");
        assert_eq!(name.as_bytes()[28], b'8', "{name}");
        assert_ne!(name, urn("b"));
    }

    #[test]
    fn text_cannot_leave_its_element() {
        assert_eq!(xml("a<b> & \"c\"\u{1b}\u{0}"), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}
