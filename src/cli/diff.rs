//! `readymark diff`: what changed between two versions. Ends with 0 when nothing did, with 1 when something did, as
//! `git diff --exit-code`.

use std::fmt::Write as _;

use serde::Serialize;

use super::arguments::{Diff, DiffFormat};
use super::commands::{examined, open, work_tree};
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::assemble;
use crate::compare::{Change, Side, compare, people, words};
use crate::nearest::did_you_mean;
use crate::pack::Packs;
use crate::project::Project;
use crate::settings::Audience;
use crate::source::{ObjectId, Snapshot};
use crate::visible::{json_text, visible};

/// The most letters of Markdown: forges refuse longer comments.
const LONGEST: usize = 60_000;

/// What differs between two versions.
#[derive(Serialize)]
struct Report {
    schema: u32,
    before: Version,
    after: Version,
    /// Who is who, for all packs; nothing when it is the same.
    people: Option<Change>,
    packs: Vec<Pack>,
}

/// A version as it was named, with its commit.
#[derive(Serialize)]
struct Version {
    name: String,
    /// Nothing where uncommitted edits lie over it.
    commit: Option<String>,
}

/// What differs in one pack.
#[derive(Serialize)]
struct Pack {
    id: String,
    title: String,
    changes: Vec<Change>,
}

pub(super) fn diff(
    diff: &Diff,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&diff.dir, diff.after.is_none(), surroundings, streams)?;
    let (before, then) = read(&project, Some(&diff.before), surroundings)?;
    let (after, now) = read(&project, diff.after.as_deref(), surroundings)?;
    let open = project.settings.audience == Audience::Internal;
    let report = Report {
        schema: 1,
        before,
        after,
        people: people(&then, &now, open),
        packs: packs(&then, &now, diff.pack.as_deref())?,
    };
    let text = match diff.format {
        DiffFormat::Text => report.lines(),
        DiffFormat::Markdown => report.markdown(),
        DiffFormat::Json => json_text(&report),
    };
    let _ = streams.out.write_all(text.as_bytes());
    Ok(if report.differs() { Exit::Findings } else { Exit::Clean })
}

/// Reads a version; the files as they are when none is named.
fn read(
    project: &Project,
    name: Option<&str>,
    surroundings: &Surroundings,
) -> Result<(Version, std::sync::Arc<Packs>), Failure> {
    let snapshot = match name {
        Some(name) => project.snapshot(resolve(project, name)?.1)?,
        None => work_tree(project)?,
    };
    let commit = |snapshot: &Snapshot| Some(snapshot.commit.as_ref()?.id.to_string());
    let version = Version {
        name: name.unwrap_or("the files as they are").to_owned(),
        commit: commit(&snapshot).filter(|_| name.is_some()),
    };
    Ok((version, examined(project, &snapshot, &surroundings.today)?.packs))
}

/// Finds what a name means: whatever Git knows under that name, or a version as readers know it. Returns the name that
/// Git knows, and the commit.
pub(super) fn resolve(project: &Project, name: &str) -> Result<(String, ObjectId), Failure> {
    let failure = match project.repository.resolve(name) {
        Ok(commit) => return Ok((name.to_owned(), commit)),
        Err(failure) => failure,
    };
    let slots = assemble::slots(project, false)?;
    let known = slots.iter().filter_map(|slot| Some((slot.version.as_ref()?, slot)));
    let mut named =
        known.clone().filter(|(version, _)| version.name == name || version.slug == name);
    let found = named.find_map(|(_, slot)| Some((slot.reference.clone(), slot.commit?)));
    found.ok_or_else(|| match did_you_mean(name, known.map(|(version, _)| version.name.as_str())) {
        Some(help) => Failure::new(failure.message).help(help),
        None => failure,
    })
}

/// Compares the packs of both versions, each with the one of the same id.
fn packs(then: &Packs, now: &Packs, wanted: Option<&str>) -> Result<Vec<Pack>, Failure> {
    let ids =
        |packs: &Packs| -> Vec<String> { packs.packs.iter().map(|pack| pack.id.clone()).collect() };
    let (before, mut all) = (ids(then), ids(now));
    all.extend(before.iter().filter(|id| !ids(now).contains(id)).cloned());
    if let Some(wanted) = wanted.filter(|wanted| !all.iter().any(|id| id == wanted)) {
        return Err(Failure::new(format!("neither version has a pack `{wanted}`"))
            .help(format!("write one of {}", all.join(", "))));
    }
    all.retain(|id| wanted.is_none_or(|wanted| id == wanted));
    let side = |packs, id: &str| Side { packs, pack: place(packs, id), log: None };
    let compared = all.into_iter().map(|id| {
        let title = |packs: &Packs| Some(packs.packs[place(packs, &id)?].title.clone());
        Pack {
            changes: compare(side(then, &id), side(now, &id)),
            title: title(now).or_else(|| title(then)).unwrap_or_default(),
            id,
        }
    });
    Ok(compared.collect())
}

fn place(packs: &Packs, id: &str) -> Option<usize> {
    packs.packs.iter().position(|pack| pack.id == id)
}

impl Report {
    fn differs(&self) -> bool {
        self.people.is_some() || self.packs.iter().any(|pack| !pack.changes.is_empty())
    }

    /// Lists what differs, pack by pack, people first.
    fn parts(&self) -> impl Iterator<Item = (&str, Vec<&Change>)> {
        let people = self.people.iter().map(|people| ("All packs", vec![people]));
        let packs = self.packs.iter().filter(|pack| !pack.changes.is_empty());
        people.chain(packs.map(|pack| (pack.title.as_str(), pack.changes.iter().collect())))
    }

    fn lines(&self) -> String {
        let mut text = String::new();
        for (title, changes) in self.parts() {
            let gap = if text.is_empty() { "" } else { "\n" };
            let count = words::count(changes.iter().copied());
            _ = writeln!(text, "{gap}{}: {count}", visible(title));
            let mut group = None;
            for change in changes {
                if group.replace(change.effect) != Some(change.effect) {
                    _ = writeln!(text, "\n{}", words::group(change.effect));
                }
                push_lines(&mut text, change);
            }
        }
        if text.is_empty() { format!("{}\n", self.same()) } else { text }
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "### What changed from {} to {}\n",
            code(&self.before.name),
            code(&self.after.name)
        );
        if !self.differs() {
            _ = writeln!(text, "\n{}", self.same());
        }
        for (title, changes) in self.parts() {
            let count = words::count(changes.iter().copied());
            _ = writeln!(text, "\n#### {}: {count}", plain(title));
            if !push_markdown(&mut text, &changes) {
                text.push_str("\nThe rest is left out here: `readymark diff` tells all of it\n");
                break;
            }
        }
        text
    }

    fn same(&self) -> String {
        format!("Nothing changed from {} to {}", self.before.name, self.after.name)
    }
}

fn push_lines(text: &mut String, change: &Change) {
    let place = change.place().map(|place| place.path.to_string()).unwrap_or_default();
    let name = visible(&words::name(change));
    _ = writeln!(text, "  {} {name} ({})", words::how(change.how), visible(&place));
    if let Some(from) = change.moved_from() {
        _ = writeln!(text, "    was {}", visible(from.path.as_str()));
    }
    for point in &change.points {
        _ = writeln!(text, "    {}", visible(&words::point(point)));
        for line in point.hunks.iter().flat_map(|hunk| &hunk.lines) {
            let said: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
            match line.how {
                "added" => _ = writeln!(text, "      + {}", visible(&said)),
                "removed" => _ = writeln!(text, "      - {}", visible(&said)),
                _ => {}
            }
        }
    }
}

/// Writes changes until the text is as long as it may be; tells whether all found room.
fn push_markdown(text: &mut String, changes: &[&Change]) -> bool {
    let mut group = None;
    for change in changes {
        let mut part = String::new();
        if group.replace(change.effect) != Some(change.effect) {
            _ = writeln!(part, "\n**{}**\n", words::group(change.effect));
        }
        let from = change.moved_from();
        let from =
            from.map(|from| format!(", was {}", code(from.path.as_str()))).unwrap_or_default();
        let place = change.place().map(|place| code(place.path.as_str())).unwrap_or_default();
        let name = plain(&words::name(change));
        _ = writeln!(part, "- {} **{name}** ({place}{from})", words::how(change.how));
        for point in &change.points {
            _ = writeln!(part, "  - {}", plain(&words::point(point)));
            for line in point.hunks.iter().flat_map(|hunk| &hunk.lines) {
                push_marked(&mut part, line);
            }
        }
        if text.len() + part.len() > LONGEST {
            return false;
        }
        text.push_str(&part);
    }
    true
}

/// Writes a line of a text with what differs in it struck out or bold.
fn push_marked(text: &mut String, line: &crate::diff::Line) {
    let (sign, mark) = match line.how {
        "added" => ("+", "**"),
        "removed" => ("−", "~~"),
        _ => return,
    };
    let pieces = line.pieces.iter().map(|piece| {
        let words = plain(piece.text.trim());
        let spaces = [piece.text.starts_with(' '), piece.text.ends_with(' ')];
        let [before, after] = spaces.map(|is| if is { " " } else { "" });
        if piece.differs && !words.is_empty() {
            format!("{before}{mark}{words}{mark}{after}")
        } else if words.is_empty() {
            before.to_owned()
        } else {
            format!("{before}{words}{after}")
        }
    });
    _ = writeln!(text, "    - {sign} {}", pieces.collect::<String>());
}

/// Makes text stand in Markdown as it is.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for letter in visible(text).chars() {
        if matches!(
            letter,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '@'
        ) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Sets a name in code.
fn code(text: &str) -> String {
    format!("`{}`", visible(text).replace('`', "'"))
}
