//! Stories as text, and what can be done to them: one object lost, one truncated history, one identity blanked, one key
//! dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{fmt, fs};

use serde_json::{Value, json};

use crate::lab::{Lab, command, has_extension};
use crate::signed;

/// The pack that is declared at the root of a story that declares none, so that it has badges and a verdict.
const PACK: &str = "M 100644 inline pack.toml\ndata <<END_OF_PACK\nid = \"p\"\ntitle = \"P\"\nprofiles = [\"day-zero\"]\nEND_OF_PACK\n";

/// A story that can be damaged.
#[derive(Clone, Default)]
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
    /// The names that people go by, the longest first, with their ids in the registry.
    people: Vec<(String, String)>,
    /// Which sort of object each is.
    sorts: BTreeMap<String, String>,
    /// When commits were made.
    pub(super) times: BTreeSet<String>,
    /// What the pages say that each landing has, by its place: path, id and status.
    pub(super) files: BTreeMap<String, Vec<Value>>,
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
        Some(Self::of_stream(name, day, stream, signatures, signers))
    }

    /// Takes the example pack, without signatures: what keys make of them is told by stories.
    pub(super) fn example() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("example");
        let make = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-pack/make.sh");
        let output = Command::new("sh").args([&make, &root]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told = ["fast-export", "--all", "--signed-tags=strip"];
        let stream = command(&root, &told).output().unwrap().stdout;
        let (name, day) = ("example".to_owned(), Some("2026-10-20".to_owned()));
        Self::of_stream(name, day, String::from_utf8(stream).unwrap(), None, None)
    }

    fn of_stream(
        name: String,
        day: Option<String>,
        stream: String,
        signatures: Option<Value>,
        signers: Option<String>,
    ) -> Self {
        let mut case = Self { name, day, stream, signatures, signers, ..Self::default() };
        let lab = case.made();
        case.names = names_of(&lab);
        case.people = people_of(&lab, &case.stream);
        let check = "--batch-check=%(objectname) %(objecttype)";
        let listed = lab.git(&["cat-file", "--batch-all-objects", check]);
        let pairs = listed.lines().map(|line| line.split_once(' ').unwrap());
        case.sorts = pairs.map(|(id, sort)| (id.to_owned(), sort.to_owned())).collect();
        let utc = "--date=format-local:%Y-%m-%dT%H:%M:%SZ";
        let mut listed = command(&lab.root, &["log", "--all", utc, "--format=%cd"]);
        let listed = listed.env("TZ", "UTC").output().unwrap().stdout;
        case.times = String::from_utf8(listed).unwrap().lines().map(str::to_owned).collect();
        let listed = lab.git(&["rev-list", "--first-parent", "--reverse", "main"]);
        case.landings = listed.lines().map(|id| case.names[id].clone()).collect();
        case.files = files_of(&lab, &listed);
        let listed = lab.git(&["log", "--all", "--format=%H%x09%an"]);
        let pairs = listed.lines().map(|line| line.split_once('\t').unwrap());
        case.authors =
            pairs.map(|(id, author)| (case.names[id].clone(), author.to_owned())).collect();
        case
    }

    /// Puts ids of people where their names are, and a word where commits are, which have other ids when somebody is
    /// blanked.
    pub(super) fn with_ids(&self, texts: BTreeSet<String>) -> BTreeSet<String> {
        let one = |text: String| {
            let named = |text: String, (name, id): &(String, String)| text.replace(name, id);
            let text = self.people.iter().fold(text, named);
            let is_commit = |word: &&str| {
                word.len() == 10 && word.chars().all(|letter| letter.is_ascii_hexdigit())
            };
            let words = text.split(' ').map(|word| if is_commit(&word) { "commit" } else { word });
            words.collect::<Vec<_>>().join(" ")
        };
        texts.into_iter().map(one).collect()
    }

    /// Lists the ids of the documents that the last landing has.
    pub(super) fn ids(&self) -> Vec<String> {
        let files = self.files.values().max_by_key(|files| files.len());
        let ids = files.into_iter().flatten().filter_map(|file| file["id"].as_str());
        ids.map(str::to_owned).collect()
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
        // Loose and packed in turn: what is told of a commit, a tree or a file does not go by that.
        let lost = objects.lines().zip([false, true].into_iter().cycle());
        let lost = lost.map(|(id, packed)| Harm::Lost { object: id.to_owned(), packed });
        let landings: u64 =
            lab.git(&["rev-list", "--count", "--first-parent", "main"]).parse().unwrap();
        let mut harms: Vec<Harm> = lost.chain((1..landings).map(Harm::Shallow)).collect();
        // A signature is made for the very bytes, so blanks would only make it bad.
        match &self.signers {
            None => harms.extend(blanks(&self.stream).map(|(what, text)| Harm::Blank(what, text))),
            Some(keys) => {
                harms.extend((0..keys.lines().count()).map(Harm::Key).chain([Harm::NoKeys]));
            }
        }
        harms
    }
}

/// Lists the first lines of all messages, by commit; of several that are the same, with the time.
fn names_of(lab: &Lab) -> BTreeMap<String, String> {
    let listed = lab.git(&["log", "--all", "--reverse", "--format=%H %ct %s"]);
    let mut names = BTreeMap::new();
    let mut known = BTreeSet::new();
    for line in listed.lines() {
        let [id, time, subject] = line.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
        let is_new = known.insert(subject.to_owned());
        let name = if is_new { subject.to_owned() } else { format!("{subject} at {time}") };
        names.insert(id.to_owned(), name);
    }
    names
}

/// Lists the names of people: those of authors and of who is named in messages, by the addresses of the registry.
fn people_of(lab: &Lab, stream: &str) -> Vec<(String, String)> {
    let mut of_address = BTreeMap::new();
    for person in stream.split("[[person]]").skip(1) {
        let person = person.split("\nEND").next().unwrap();
        let quoted: Vec<&str> = person.split('"').skip(1).step_by(2).collect();
        for address in quoted.iter().filter(|text| text.contains('@') && !text.contains(' ')) {
            of_address.insert((*address).to_owned(), quoted[0].to_owned());
        }
    }
    let listed = lab.git(&["log", "--all", "--format=%an <%ae>%n%cn <%ce>%n%B"]);
    let named = listed.lines().filter_map(|line| {
        let (name, address) = line.strip_suffix('>')?.split_once(" <")?;
        let name = name.rsplit(": ").next()?;
        Some((name.to_owned(), of_address.get(address)?.clone()))
    });
    let named: BTreeSet<(String, String)> = named.filter(|(name, _)| !name.is_empty()).collect();
    let mut named: Vec<(String, String)> = named.into_iter().collect();
    named.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    named
}

/// Lists what the pages of each landing say: their ids and statuses, as git finds them in their lines.
fn files_of(lab: &Lab, landings: &str) -> BTreeMap<String, Vec<Value>> {
    let mut all = BTreeMap::new();
    for (at, landing) in landings.lines().enumerate() {
        let search = ["grep", "-iE", "^[\"']?(id|status)[\"']?:", landing, "--", "*.md", "*.yaml"];
        let found = command(&lab.root, &search).output().unwrap();
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let mut files: BTreeMap<String, Value> = BTreeMap::new();
        for line in found.lines() {
            let mut parts =
                line.splitn(4, ':').skip(1).map(|part| part.trim_matches(['"', '\'', ' ', '\r']));
            let [path, key, value] = std::array::from_fn(|_| parts.next().unwrap_or_default());
            let path = path.replace(".yaml", ".md");
            let file = files.entry(path.clone()).or_insert_with(|| json!({ "path": path }));
            // What the page states counts before what stands beside it.
            file.as_object_mut().unwrap().entry(key.to_lowercase()).or_insert(json!(value));
        }
        all.insert(at.to_string(), files.into_values().collect());
    }
    all
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

/// The lines of a stream, each with the file that it is part of: nothing for a command, `""` for a message. Data of a
/// stated length is one line.
fn lines(stream: &str) -> Vec<(&str, Option<&str>)> {
    let (mut inside, mut file) = (None, "");
    let (mut all, mut rest) = (Vec::new(), stream);
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        if let Some(end) = inside {
            all.push((line, (line != end).then_some(file)));
            if line == end {
                (inside, file) = (None, "");
            }
            continue;
        }
        inside = line.strip_prefix("data <<");
        if let Some(path) = line.strip_prefix("M 100644 inline ") {
            file = path;
        }
        all.push((line, None));
        if let Some(Ok(length)) = line.strip_prefix("data ").map(str::parse) {
            let (data, after) = rest.split_at(length);
            all.push((data, Some("")));
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
    }
    all
}

/// Tells a story again with each author or committer blanked in each way, and without each person of the registry.
fn blanks(stream: &str) -> impl Iterator<Item = (String, String)> {
    let lines = lines(stream);
    let told = |at: usize, new: Option<&str>| {
        let line = |(place, (line, _)): (usize, &(&str, _))| {
            if place == at { new.map(|new| format!("{new}\n")) } else { Some(format!("{line}\n")) }
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
                all.push((format!("no mails: line {at}, {line}"), told(at, None)));
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
    /// Names what it does, however often it can be done: an object of a sort lost in a way, somebody's name blanked.
    pub(super) fn sort(&self, case: &Case) -> String {
        match self {
            Self::Lost { object, packed } => format!("{} {packed}", case.sorts[object]),
            Self::Shallow(_) => "shallow".to_owned(),
            Self::Blank(what, _) => what.split(':').next().unwrap().to_owned(),
            Self::Key(_) => "key".to_owned(),
            Self::NoKeys => "no keys".to_owned(),
        }
    }

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
                signers = Some(in_lines(left.map(|(_, line)| line)));
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

/// Joins lines.
fn in_lines<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Puts all objects into files of their own.
fn unpack(lab: &Lab) {
    for entry in fs::read_dir(lab.root.join("objects/pack")).unwrap() {
        let path = entry.unwrap().path();
        let away = lab.dir.path().join(path.file_name().unwrap());
        fs::rename(&path, &away).unwrap();
        if has_extension(away.to_str().unwrap(), "pack") {
            let pack = fs::File::open(&away).unwrap();
            let mut child =
                command(&lab.root, &["unpack-objects", "-q"]).stdin(pack).spawn().unwrap();
            assert!(child.wait().unwrap().success());
        }
    }
}

/// Takes one object away.
fn lost(lab: Lab, object: &str, packed: bool) -> Lab {
    let all = lab.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    unpack(&lab);
    if packed {
        let mut child = command(&lab.root, &["pack-objects", "--quiet", "objects/pack/pack"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let others: String = in_lines(all.lines().filter(|id| *id != object));
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
