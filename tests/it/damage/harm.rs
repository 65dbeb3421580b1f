//! Stories as text, and what can be done to them: one object lost, one truncated history, one identity blanked, one key
//! dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::{fmt, fs};

use serde_json::Value;

use crate::lab::{Lab, command};
use crate::signed;

/// The pack that is declared at the root of a story that declares none, so that it has badges and a verdict.
const PACK: &str = "M 100644 inline pack.toml\ndata <<END_OF_PACK\nid = \"p\"\ntitle = \"P\"\nprofiles = [\"day-zero\"]\nEND_OF_PACK\n";

/// A story that can be damaged.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) day: Option<String>,
    stream: String,
    signatures: Option<Value>,
    /// A list of allowed signers, for stories about keys.
    pub(super) signers: Option<String>,
    /// The first lines of the messages, by commit.
    pub(super) names: BTreeMap<String, String>,
    /// Those of the commits of the branch, in order.
    pub(super) landings: Vec<String>,
    /// The names of the authors, by the first lines of their messages.
    pub(super) authors: BTreeMap<String, String>,
}

/// A piece of damage.
#[derive(Clone)]
pub(super) enum Harm {
    /// An object is not there; the others lie loose or in a pack.
    Lost { object: String, packed: bool },
    /// A clone with so many commits.
    Shallow(u64),
    /// The story is told with less about somebody.
    Blank(String, String),
    /// The list of allowed signers lacks this line.
    Key(usize),
    /// There is no list of allowed signers.
    NoKeys,
}

/// What is left.
pub(super) struct Damaged {
    pub(super) lab: Lab,
    pub(super) case: Case,
    pub(super) signers: Option<String>,
}

impl Case {
    /// Reads a story of `tests/history`; those that are set up in an own way are damaged already.
    pub(super) fn story(path: &Path) -> Option<Self> {
        let expected: Value =
            serde_json::from_slice(&fs::read(path.join("expected.json")).unwrap()).unwrap();
        let setup = &expected["setup"];
        if ["depth", "filter", "published"].iter().any(|key| !setup[key].is_null()) {
            return None;
        }
        let day = setup["as_of"].as_i64().map(readymark::assemble::day_of);
        let mut stream = String::from_utf8(fs::read(path.join("story")).unwrap()).ok()?;
        let signatures = fs::read(path.join("signatures.json")).ok();
        let signatures: Option<Value> =
            signatures.map(|text| serde_json::from_slice(&text).unwrap());
        if signatures.is_none() && !stream.contains("pack.toml") {
            let first = stream.find("\nM ")? + 1;
            stream.insert_str(first, PACK);
        }
        let signers = signatures.as_ref().map(|_| allowed(&stream));
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (names, landings, authors) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        let mut case = Self { name, day, stream, signatures, signers, names, landings, authors };
        let lab = case.made();
        case.names = names_of(&lab);
        let listed = lab.git(&["log", "--first-parent", "--reverse", "--format=%s", "main"]);
        case.landings = listed.lines().map(str::to_owned).collect();
        let listed = lab.git(&["log", "--all", "--format=%s%x09%an"]);
        let pairs = listed.lines().map(|line| line.split_once('\t').unwrap());
        case.authors = pairs.map(|(name, author)| (name.to_owned(), author.to_owned())).collect();
        Some(case)
    }

    /// Makes the repository.
    pub(super) fn made(&self) -> Lab {
        let lab = Lab::bare();
        let mut child = command(&lab.root, &["fast-import", "--quiet", "--date-format=raw"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(self.stream.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{}", self.name);
        if let Some(signatures) = &self.signatures {
            signed::rewrite(&lab, signatures);
        }
        lab
    }

    /// Lists all damage that can be done to it.
    pub(super) fn harms(&self) -> Vec<Harm> {
        let lab = self.made();
        let objects = lab.git(&["rev-list", "--objects", "--no-object-names", "--all"]);
        let lost = objects.lines().flat_map(|id| {
            [false, true].map(|packed| Harm::Lost { object: id.to_owned(), packed })
        });
        let landings: u64 =
            lab.git(&["rev-list", "--count", "--first-parent", "main"]).parse().unwrap();
        let mut harms: Vec<Harm> = lost.chain((1..landings).map(Harm::Shallow)).collect();
        // A signature is made for the very bytes, so blanks would only make it bad.
        match &self.signers {
            None => harms.extend(blanks(&self.stream).map(|(what, text)| Harm::Blank(what, text))),
            Some(list) => {
                harms.extend((0..list.lines().count()).map(Harm::Key).chain([Harm::NoKeys]))
            }
        }
        harms
    }
}

/// Lists the first lines of all messages, by commit.
fn names_of(lab: &Lab) -> BTreeMap<String, String> {
    let listed = lab.git(&["log", "--all", "--format=%H %s"]);
    let pairs = listed.lines().map(|line| line.split_once(' ').unwrap());
    pairs.map(|(id, subject)| (id.to_owned(), subject.to_owned())).collect()
}

/// Lists the keys of a story's registries as Git's allowed signers.
fn allowed(stream: &str) -> String {
    let mut lines = BTreeSet::new();
    for person in stream.split("[[person]]").skip(1) {
        let person = person.split("\nEND").next().unwrap();
        let quoted: Vec<&str> = person.split('"').skip(1).step_by(2).collect();
        let mail = quoted.iter().find(|text| text.contains('@') && !text.contains(' '));
        let key = quoted.iter().find(|text| text.starts_with("ssh-"));
        if let (Some(mail), Some(key)) = (mail, key) {
            lines.insert(format!("{mail} {key}\n"));
        }
    }
    lines.into_iter().collect()
}

/// The lines of a stream, each with the file that it is part of: nothing for a command, `""` for a message.
fn lines(stream: &str) -> Vec<(&str, Option<&str>)> {
    let (mut inside, mut file) = (None, "");
    let mut all = Vec::new();
    for line in stream.lines() {
        match inside {
            Some(end) => {
                all.push((line, (line != end).then_some(file)));
                if line == end {
                    (inside, file) = (None, "");
                }
            }
            None => {
                inside = line.strip_prefix("data <<");
                if let Some(rest) = line.strip_prefix("M 100644 inline ") {
                    file = rest;
                }
                all.push((line, None));
            }
        }
    }
    all
}

/// Tells a story again with each author or committer blanked in each way, and without each person of the registry.
fn blanks(stream: &str) -> impl Iterator<Item = (String, String)> {
    let lines = lines(stream);
    let told = |at: usize, new: Option<&str>| {
        let line = |(place, (line, _)): (usize, &(&str, _))| match place == at {
            true => new.map(|new| format!("{new}\n")),
            false => Some(format!("{line}\n")),
        };
        lines.iter().enumerate().filter_map(line).collect::<String>()
    };
    let mut all = Vec::new();
    for (at, (line, part)) in lines.iter().enumerate() {
        let role = line.split(' ').next().unwrap();
        match part {
            None if ["author", "committer"].contains(&role) => {
                let (name, rest) = line.split_once(" <").unwrap();
                let (_, time) = rest.split_once('>').unwrap();
                all.push((format!("no name: {line}"), told(at, Some(&format!("{role} <{rest}")))));
                all.push((format!("no mail: {line}"), told(at, Some(&format!("{name} <>{time}")))));
            }
            Some("people.toml") if line.starts_with("git_emails") => {
                all.push((format!("line {at}, no mails: {line}"), told(at, None)));
            }
            _ => {}
        }
    }
    let ids: BTreeSet<&str> = lines
        .iter()
        .filter(|(line, part)| *part == Some("people.toml") && line.starts_with("id = "))
        .map(|(line, _)| *line)
        .collect();
    all.extend(ids.into_iter().map(|id| (format!("nobody: {id}"), without(&lines, id))));
    all.into_iter()
}

/// Tells a story without one person of its registries.
fn without(lines: &[(&str, Option<&str>)], id: &str) -> String {
    let (mut told, mut entry) = (String::new(), String::new());
    for (line, part) in lines {
        let ends = *part != Some("people.toml") || line.starts_with('[');
        if ends {
            if !entry.lines().any(|line| line == id) {
                told.push_str(&entry);
            }
            entry.clear();
        }
        let of = if *part == Some("people.toml") { &mut entry } else { &mut told };
        of.push_str(line);
        of.push('\n');
    }
    told
}

impl fmt::Debug for Harm {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { object, packed: true } => write!(to, "{object} lost from the pack"),
            Self::Lost { object, packed: false } => write!(to, "{object} lost"),
            Self::Shallow(depth) => write!(to, "depth {depth}"),
            Self::Blank(what, _) => write!(to, "{what}"),
            Self::Key(line) => write!(to, "no key {line}"),
            Self::NoKeys => write!(to, "no keys"),
        }
    }
}

impl Harm {
    /// Tells whether parts of the repository are lost; else it is all there and says less.
    pub(super) fn is_loss(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Shallow(_))
    }

    pub(super) fn done_to(&self, case: &Case) -> Damaged {
        let mut case = case.clone();
        let mut signers = case.signers.clone();
        let lab = match self {
            Self::Lost { object, packed } => lost(case.made(), object, *packed),
            Self::Shallow(depth) => case.made().shallow(*depth),
            Self::Blank(_, stream) => {
                case.stream.clone_from(stream);
                let lab = case.made();
                case.names = names_of(&lab);
                lab
            }
            Self::Key(at) => {
                let list = signers.take().unwrap_or_default();
                let left = list.lines().enumerate().filter(|(line, _)| line != at);
                signers = Some(left.map(|(_, line)| format!("{line}\n")).collect());
                case.made()
            }
            Self::NoKeys => {
                signers = None;
                case.made()
            }
        };
        Damaged { lab, case, signers }
    }
}

/// Takes one object away.
fn lost(lab: Lab, object: &str, packed: bool) -> Lab {
    let all = lab.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    if packed {
        let mut child = command(&lab.root, &["pack-objects", "--quiet", "objects/pack/pack"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let others: String =
            all.lines().filter(|id| *id != object).map(|id| format!("{id}\n")).collect();
        child.stdin.take().unwrap().write_all(others.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
    for id in all.lines().filter(|id| packed || *id == object) {
        let _ = fs::remove_file(lab.root.join("objects").join(&id[..2]).join(&id[2..]));
    }
    let left = lab.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    assert_eq!(left.lines().count() + 1, all.lines().count(), "{object} is still there");
    lab
}
