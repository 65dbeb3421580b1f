//! `readymark log`: what the site tells of its history, in a terminal, a pipe or another program.

use std::fmt::Write as _;
use std::sync::Arc;

use super::arguments::{Log, LogFormat};
use super::commands::{date, day, open, print_findings, say};
use super::report::Style;
use super::signers::trusting;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::assemble::{self, Assembled, Making, Slot};
use crate::examine::Memo;
use crate::nearest::nearest;
use crate::project::{BOOK, join};
use crate::publish;
use crate::render::Theme;
use crate::rules;
use crate::site::{Told, Unit, Wanted};
use crate::source::RepoPath;
use crate::visible::visible;

pub(super) fn log(
    log: &Log,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let wanted = wanted(log)?;
    let today = day(&log.place, surroundings)?;
    let mut project = trusting(open(&log.place.dir, false, surroundings, streams)?, &log.place)?;
    project.full = log.full;
    let theme = Arc::new(Theme::new(&[])?);
    let making = Making { project: &project, theme: &theme, today: &today };
    let assembled = assembled(making)?;
    refuse_unknown_kind(&wanted, &assembled)?;
    let units = units(&assembled, log.pack.as_deref())?;
    let text = match log.format {
        LogFormat::Text => in_lines(&told(&units, &wanted), surroundings.out),
        LogFormat::Json => of_one(&units, |unit| unit.log_json(&unit.chosen(&wanted)))?,
        LogFormat::Csv => of_one(&units, |unit| unit.log_csv(&unit.chosen(&wanted)))?,
    };
    let _ = streams.out.write_all(text.as_bytes());
    if text.is_empty() {
        say(streams, none_found(&wanted));
    }
    let statement = &assembled.log.statement;
    let place = RepoPath::new(&join(&project.folder, BOOK));
    let lacking = rules::history::lacking(statement, &place);
    print_findings(lacking.iter(), &project, assembled.snapshot(), surroundings, streams);
    let is_whole = statement.complete() && !statement.rewritten();
    Ok(if log.complete && !is_whole { Exit::Findings } else { Exit::Clean })
}

fn wanted(log: &Log) -> Result<Wanted, Failure> {
    Ok(Wanted {
        person: log.person.clone(),
        kind: log.kind.clone(),
        document: log.document.clone(),
        gate: log.gate.clone(),
        since: date("--since", log.since.as_deref())?,
        until: date("--until", log.until.as_deref())?,
        text: log.text.clone(),
    })
}

/// Reads the documents and the history of the authority ref.
pub(super) fn assembled(making: Making<'_>) -> Result<Assembled, Failure> {
    let Making { project, .. } = making;
    let published = publish::checkpoint(&project.default_destination());
    let log = assemble::log(project, &[], published.as_ref())?;
    let slot = Slot::whole(project.authority.as_ref().map(|(_, commit)| *commit));
    let snapshot = assemble::snapshot(project, &slot, false)?;
    let read = assemble::read(making, &slot, snapshot, &mut Memo::default())?;
    Ok(assemble::assemble(making, &slot, read, log, None))
}

/// Lists the packs that are asked for.
fn units(assembled: &Assembled, id: Option<&str>) -> Result<Vec<Unit>, Failure> {
    let units = assembled.unplanned();
    let Some(id) = id else { return Ok(units.collect()) };
    let found: Vec<Unit> = units.filter(|unit| unit.pack_id() == id).collect();
    if found.is_empty() {
        let ids: Vec<&str> =
            assembled.examined.packs.packs.iter().map(|pack| pack.id.as_str()).collect();
        return Err(Failure::new(format!("there is no pack `{id}`"))
            .help(format!("write one of {}", ids.join(", "))));
    }
    Ok(found)
}

/// Writes what is written for each pack by itself.
fn of_one(units: &[Unit], write: impl Fn(&Unit) -> String) -> Result<String, Failure> {
    let [unit] = units else {
        let ids: Vec<&str> = units.iter().map(Unit::pack_id).collect();
        return Err(Failure::new("each pack has a log of its own")
            .help(format!("name one with --pack: {}", ids.join(", "))));
    };
    Ok(write(unit))
}

fn refuse_unknown_kind(wanted: &Wanted, assembled: &Assembled) -> Result<(), Failure> {
    let Some(word) = &wanted.kind else { return Ok(()) };
    let kinds = &assembled.examined.packs.kinds;
    let is_known = |name: &String| name.eq_ignore_ascii_case(word);
    if kinds.iter().any(|kind| is_known(&kind.name) || is_known(&kind.title)) {
        return Ok(());
    }
    let names = || kinds.iter().map(|kind| kind.name.as_str());
    let help = nearest(word, names()).map_or_else(
        || format!("write one of {}", names().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`"),
    );
    Err(Failure::new(format!("there is no kind `{word}`")).help(help))
}

/// Tells the entries of all packs in the order in which they landed.
fn told(units: &[Unit], wanted: &Wanted) -> Vec<Told> {
    let tell = |unit: &Unit| -> Vec<Told> {
        unit.chosen(wanted).into_iter().map(|at| unit.told(at, units.len() > 1)).collect()
    };
    let mut told: Vec<Told> = units.iter().flat_map(tell).collect();
    told.sort_by_key(|one| one.at);
    told
}

fn none_found(wanted: &Wanted) -> &'static str {
    if wanted.is_all() {
        "No status has changed yet: the log tells when the status of a document changes and lands"
    } else {
        "Nothing in the log is like that"
    }
}

/// Puts entries under their days, the latest last.
fn in_lines(told: &[Told], style: Style) -> String {
    let [bold, dim, plain] =
        if style.color { ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m"] } else { [""; 3] };
    let mut text = String::new();
    let mut day = None;
    for one in told {
        if day != Some(&one.day) {
            let gap = if day.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{bold}{}{plain}", one.day);
            day = Some(&one.day);
        }
        push_wrapped(&mut text, &one.step, 2, style.width, ["", ""]);
        push_wrapped(&mut text, &one.landed, 4, style.width, [dim, plain]);
        push_wrapped(&mut text, &one.marks, 4, style.width, ["", ""]);
    }
    text
}

/// Writes a text in lines that fit, each `indent` to the right and those after the first some more. A word that is too
/// long stays whole, so that it can be copied.
fn push_wrapped(out: &mut String, text: &str, indent: usize, width: usize, marks: [&str; 2]) {
    let text = visible(text);
    let mut line = String::new();
    let mut start = indent;
    let mut flush = |line: &mut String, start: &mut usize| {
        let _ = writeln!(out, "{:start$}{}{line}{}", "", marks[0], marks[1], start = *start);
        line.clear();
        *start = indent + 2;
    };
    for word in text.split_whitespace() {
        let needed = start + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && needed > width {
            flush(&mut line, &mut start);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        flush(&mut line, &mut start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::LogLine;

    fn told(at: usize, day: &str, marks: &str) -> Told {
        Told {
            at: (at, LogLine::Change(at)),
            day: day.to_owned(),
            step: "RB-001 Boil water: approved, was draft".to_owned(),
            landed: "Ana, landed with 1234567: Approve\u{1b}[31m".to_owned(),
            marks: marks.to_owned(),
        }
    }

    #[test]
    fn entries_stand_under_their_day_and_nothing_in_them_acts() {
        let told = [
            told(0, "4 May 2026", ""),
            told(1, "4 May 2026", "In force."),
            told(2, "6 May 2026", ""),
        ];
        let style = Style { color: false, width: usize::MAX };
        let entry = "  RB-001 Boil water: approved, was draft\n    Ana, landed with 1234567: Approve\\u{1b}[31m\n";
        let expected = format!("4 May 2026\n{entry}{entry}    In force.\n\n6 May 2026\n{entry}");
        assert_eq!(in_lines(&told, style), expected);
        let coloured = in_lines(&told[..1], Style { color: true, ..style });
        assert!(coloured.starts_with("\u{1b}[1m4 May 2026\u{1b}[0m\n"), "{coloured:?}");
    }

    #[test]
    fn lines_fit_a_narrow_terminal_and_long_words_stay_whole() {
        for (width, expected) in [
            (20, "  one two three four\n    five\n    six-and-a-half-thousand\n    seven\n"),
            (
                1,
                "  one\n    two\n    three\n    four\n    five\n    six-and-a-half-thousand\n    seven\n",
            ),
            (usize::MAX, "  one two three four five six-and-a-half-thousand seven\n"),
        ] {
            let mut out = String::new();
            let text = "one two three four five six-and-a-half-thousand seven";
            push_wrapped(&mut out, text, 2, width, ["", ""]);
            assert_eq!(out, expected, "{width}");
        }
    }
}
