//! The rules: one file per group, each rule a static value beside the function that finds it.

pub mod field;
pub mod front_matter;
pub mod history;
pub mod id;
pub mod kind;
pub mod link;
pub mod markup;
pub mod pack;
pub mod people;
pub mod raci;
pub mod reach;
pub mod record;
pub mod relation;
pub mod section;
pub mod settings;
pub mod source;
pub mod status;
pub mod table;
pub mod text;
pub mod waiver;

pub(crate) use field::says_something;

use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{self, Kind};
use crate::pack::{Artifact, Packs, included};
use crate::profiles::Profile;
use crate::settings::Settings;
use crate::source::RepoPath;

/// A rule: its name is an interface (settings, exit codes and links use it).
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `group.defect`.
    pub name: &'static str,
    /// How bad it is unless the settings say otherwise.
    pub severity: Severity,
    /// What the rule finds, in one sentence.
    pub summary: &'static str,
    /// Why it matters, in one or two sentences.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

/// The rules of one file.
#[derive(Debug)]
pub struct Group {
    /// The part of the rules' names before the dot, and the name of the file.
    pub name: &'static str,
    /// The rules, in the order of the reference.
    pub rules: &'static [&'static Rule],
    /// Finds the defects; nothing for groups whose defects are found while reading.
    find: Option<fn(&Scope<'_>) -> Vec<Diagnostic>>,
}

const fn found_here(
    name: &'static str,
    rules: &'static [&'static Rule],
    find: fn(&Scope<'_>) -> Vec<Diagnostic>,
) -> Group {
    Group { name, rules, find: Some(find) }
}

const fn found_elsewhere(name: &'static str, rules: &'static [&'static Rule]) -> Group {
    Group { name, rules, find: None }
}

/// All groups, by name.
pub static GROUPS: &[Group] = &[
    found_here("field", field::RULES, field::find),
    found_elsewhere("front-matter", front_matter::RULES),
    found_elsewhere("history", history::RULES),
    found_here("id", id::RULES, id::find),
    found_here("kind", kind::RULES, kind::find),
    found_here("link", link::RULES, link::find),
    found_elsewhere("markup", markup::RULES),
    found_here("pack", pack::RULES, pack::find),
    found_here("people", people::RULES, people::find),
    found_here("raci", raci::RULES, raci::find),
    found_here("reach", reach::RULES, reach::find),
    found_here("record", record::RULES, record::find),
    found_here("relation", relation::RULES, relation::find),
    found_here("section", section::RULES, section::find),
    found_elsewhere("settings", settings::RULES),
    found_elsewhere("source", source::RULES),
    found_here("status", status::RULES, status::find),
    found_here("table", table::RULES, table::find),
    found_here("text", text::RULES, text::find),
    found_here("waiver", waiver::RULES, waiver::find),
];

/// Finds a rule by its name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules).find(|rule| rule.name == name).copied()
}

/// What the rules look at.
pub(crate) struct Scope<'a> {
    packs: &'a Packs,
    profiles: &'a [Profile],
    as_of: &'a str,
    /// For each artifact whether it states its kind.
    stated: Vec<Stated>,
}

/// Whether an artifact states its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stated {
    Nothing,
    Unknown,
    Known,
}

impl<'a> Scope<'a> {
    fn kind(&self, artifact: &Artifact) -> &'a Kind {
        &self.packs.kinds[artifact.kind]
    }

    /// The artifacts that somebody means to be judged: those of declared packs and those that state their kind. What
    /// cannot be read is not judged by what it seems to lack.
    fn judged(&self) -> impl Iterator<Item = &'a Artifact> {
        self.meant_with_kind().filter(|(_, stated)| *stated != Stated::Unknown).map(|(one, _)| one)
    }

    /// The same with those that state a kind which nobody knows.
    fn meant(&self) -> impl Iterator<Item = &'a Artifact> {
        self.meant_with_kind().map(|(artifact, _)| artifact)
    }

    fn meant_with_kind(&self) -> impl Iterator<Item = (&'a Artifact, Stated)> {
        let packs = self.packs;
        let all = packs.artifacts.iter().zip(self.stated.iter().copied());
        all.filter(move |(artifact, stated)| {
            let readable = artifact.document.front_matter.state
                != crate::document::front_matter::State::Unreadable;
            readable && (packs.packs[artifact.pack].declared || *stated == Stated::Known)
        })
    }
}

/// Asks for each kind that is stated once.
fn stated(packs: &Packs) -> Vec<Stated> {
    let mut known: FxHashMap<&str, Stated> = FxHashMap::default();
    let look_up = |word| match kinds::find(&packs.kinds, word) {
        Some(_) => Stated::Known,
        None => Stated::Unknown,
    };
    let words = packs.artifacts.iter().map(|one| one.document.front_matter.text("kind"));
    words
        .map(|word| {
            word.map_or(Stated::Nothing, |word| *known.entry(word).or_insert_with(|| look_up(word)))
        })
        .collect()
}

/// Judges the packs as of a day (`2026-05-05`). `findings` are those of earlier stages; all come back sorted, with
/// places and with the severities of the settings. Columns count bytes where the text is not at hand; see
/// [`exact_places`].
pub fn check(
    packs: &Packs,
    profiles: &[Profile],
    mut findings: Vec<Diagnostic>,
    settings: &Settings,
    as_of: &str,
) -> Vec<Diagnostic> {
    let scope = Scope { packs, profiles, as_of, stated: stated(packs) };
    findings.extend(packs.artifacts.iter().flat_map(faults));
    findings.extend(GROUPS.iter().filter_map(|group| group.find).flat_map(|find| find(&scope)));
    let artifacts: FxHashMap<&RepoPath, &Artifact> =
        packs.artifacts.iter().map(|artifact| (&artifact.path, artifact)).collect();
    for finding in &mut findings {
        finding.severity = severity(finding, settings);
        place(finding, &artifacts);
    }
    findings.sort();
    findings.dedup();
    findings
}

/// What is wrong with the bytes of a file by themselves; what is said more than once is told at its first place.
fn faults(artifact: &Artifact) -> Vec<Diagnostic> {
    let mut found: Vec<(Diagnostic, bool)> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for fault in &artifact.document.faults {
        let at = *known.entry((fault.rule.name, &fault.message)).or_insert(found.len());
        if let Some((_, repeated)) = found.get_mut(at) {
            *repeated = true;
            continue;
        }
        let mut finding =
            Diagnostic::new(fault.rule, &artifact.path, &fault.span, fault.message.clone());
        finding.help.clone_from(&fault.help);
        found.push((finding, false));
    }
    let tell = |(mut finding, repeated): (Diagnostic, bool)| {
        if repeated {
            finding.message.push_str(", here and in other places of this file");
        }
        finding
    };
    found.into_iter().map(tell).collect()
}

/// The severity that the settings give the rule or its group; a finding that is already milder than its rule stays so.
fn severity(finding: &Diagnostic, settings: &Settings) -> Severity {
    let group = finding.rule.split('.').next().unwrap_or_default();
    let set = settings.rules.get(finding.rule).or_else(|| settings.rules.get(group));
    let softened = rule(finding.rule).is_some_and(|rule| finding.severity > rule.severity);
    match set {
        Some(set) if softened => finding.severity.max(*set),
        Some(set) => *set,
        None => finding.severity,
    }
}

fn place(finding: &mut Diagnostic, artifacts: &FxHashMap<&RepoPath, &Artifact>) {
    if finding.place != (0, 0) || finding.span == (0, 0) {
        return;
    }
    if let Some(artifact) = artifacts.get(&finding.path) {
        let line = artifact.document.line(finding.span.0);
        let start = artifact.document.lines.get(line - 1).map_or(0, |start| *start as usize);
        finding.place = (line, finding.span.0.saturating_sub(start) + 1);
    }
}

/// Counts lines and columns anew, in characters, for the files whose bytes `read` knows.
pub fn exact_places(
    packs: &Packs,
    findings: &mut [Diagnostic],
    read: impl Fn(&RepoPath) -> Option<std::sync::Arc<[u8]>>,
) {
    let composed = included::composed(packs);
    let plain =
        |artifact: &&Artifact| artifact.content == artifact.blob && artifact.document.is_plain;
    let plain: FxHashSet<&RepoPath> =
        packs.artifacts.iter().filter(plain).map(|artifact| &artifact.path).collect();
    for of_one_file in findings.chunk_by_mut(|one, other| one.path == other.path) {
        let path = of_one_file[0].path.clone();
        if plain.contains(&path) {
            continue;
        }
        let bytes = read(&path);
        for finding in of_one_file.iter_mut().filter(|finding| finding.span != (0, 0)) {
            included::to_own_place(finding, &composed);
            if finding.span == (0, 0) {
                finding.place = (0, 0);
            } else if let Some(bytes) = &bytes {
                finding.place = crate::source::place(bytes, finding.span.0);
            }
        }
    }
}
