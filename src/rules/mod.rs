//! The rules: one file per group, each rule a static value beside the function that finds it.

pub mod action;
pub mod approval;
pub mod arch;
pub mod assumption;
pub mod backlog;
pub mod baseline;
pub mod biz;
pub mod change;
pub mod criteria;
pub mod data;
pub mod decision;
mod declared;
pub mod enable;
pub mod field;
mod formula;
pub mod front_matter;
pub mod history;
pub mod id;
pub mod incident;
pub mod intent;
pub mod kind;
pub mod learning;
mod ledger;
pub mod link;
pub mod markup;
pub mod metric;
pub mod pack;
pub mod people;
pub mod raci;
pub mod reach;
pub mod record;
pub mod relation;
pub mod review;
pub mod risk;
pub mod rollout;
pub mod rota;
pub mod runbook;
mod said;
pub mod section;
pub mod security;
pub mod settings;
pub mod source;
pub mod status;
pub mod supplier;
pub mod support;
pub mod table;
pub mod test;
pub mod text;
pub mod transition;
mod trial;
pub mod waiver;

pub(crate) use field::says_something;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::{self, Kind};
use crate::pack::alike::Alike;
use crate::pack::{Artifact, Days, Pack, Packs, included};
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

impl Rule {
    /// Returns what to do about it as a phrase, for a finding that has nothing nearer to say.
    pub fn next_step(&self) -> String {
        let mut letters = self.fix.chars();
        let first = letters.next().map(|letter| letter.to_lowercase().collect::<String>());
        first.unwrap_or_default() + letters.as_str()
    }
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
    /// The rules whose defects are found in the history, after packs were judged.
    in_history: &'static [&'static Rule],
}

impl Group {
    /// Tells whether a rule that is found in the history is meant, by its own name or by that of the group.
    fn has_in_history(&self, name: &str) -> bool {
        let is_it = |rule: &&Rule| rule.name == name || self.name == name;
        self.in_history.iter().any(is_it)
    }
}

const fn found_here(
    name: &'static str,
    rules: &'static [&'static Rule],
    find: fn(&Scope<'_>) -> Vec<Diagnostic>,
) -> Group {
    Group { name, rules, find: Some(find), in_history: &[] }
}

const fn found_elsewhere(name: &'static str, rules: &'static [&'static Rule]) -> Group {
    Group { name, rules, find: None, in_history: &[] }
}

const fn found_in_history(name: &'static str, rules: &'static [&'static Rule]) -> Group {
    Group { name, rules, find: None, in_history: rules }
}

/// All groups, by name.
pub static GROUPS: &[Group] = &[
    found_elsewhere("action", action::RULES),
    found_in_history("approval", approval::RULES),
    found_elsewhere("arch", arch::RULES),
    found_elsewhere("assumption", assumption::RULES),
    found_elsewhere("backlog", backlog::RULES),
    found_here("baseline", baseline::RULES, baseline::find),
    found_here("biz", biz::RULES, biz::find),
    found_elsewhere("change", change::RULES),
    Group {
        name: "criteria",
        rules: criteria::RULES,
        find: Some(criteria::find),
        in_history: criteria::IN_HISTORY,
    },
    found_here("data", data::RULES, data::find),
    found_elsewhere("decision", decision::RULES),
    found_elsewhere("enable", enable::RULES),
    found_here("field", field::RULES, field::find),
    found_elsewhere("front-matter", front_matter::RULES),
    found_in_history("history", history::RULES),
    found_here("id", id::RULES, id::find),
    found_elsewhere("incident", incident::RULES),
    found_here("intent", intent::RULES, intent::find),
    found_here("kind", kind::RULES, kind::find),
    found_elsewhere("learning", learning::RULES),
    found_here("link", link::RULES, link::find),
    found_elsewhere("markup", markup::RULES),
    found_here("metric", metric::RULES, metric::find),
    found_here("pack", pack::RULES, pack::find),
    found_here("people", people::RULES, people::find),
    found_here("raci", raci::RULES, raci::find),
    found_here("reach", reach::RULES, reach::find),
    found_here("record", record::RULES, record::find),
    found_here("relation", relation::RULES, relation::find),
    found_here("review", review::RULES, review::find),
    found_here("risk", risk::RULES, risk::find),
    found_here("rollout", rollout::RULES, rollout::find),
    found_here("rota", rota::RULES, rota::find),
    found_elsewhere("runbook", runbook::RULES),
    found_here("section", section::RULES, section::find),
    found_elsewhere("security", security::RULES),
    found_elsewhere("settings", settings::RULES),
    found_elsewhere("source", source::RULES),
    found_here("status", status::RULES, status::find),
    found_elsewhere("supplier", supplier::RULES),
    found_here("support", support::RULES, support::find),
    found_here("table", table::RULES, table::find),
    found_elsewhere("test", test::RULES),
    found_here("text", text::RULES, text::find),
    found_here("transition", transition::RULES, transition::find),
    found_here("waiver", waiver::RULES, waiver::find),
];

/// Finds a rule by its name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules).find(|rule| rule.name == name).copied()
}

/// Tells whether a rule or a group finds its defects in the history, after packs were judged.
pub fn is_found_in_history(name: &str) -> bool {
    GROUPS.iter().any(|group| group.has_in_history(name))
}

/// What the rules look at: one pack among all.
pub(crate) struct Scope<'a> {
    packs: &'a Packs,
    alike: &'a OnceLock<Alike>,
    pack: usize,
    profiles: &'a [Profile],
    as_of: &'a str,
    /// Whether a rule asked for the day.
    asked: Cell<bool>,
    /// For each artifact of the pack whether it states its kind.
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
    /// The pack that is looked at.
    fn pack(&self) -> &'a Pack {
        &self.packs.packs[self.pack]
    }

    /// The day of judging; whoever asks for it finds something else on another day.
    fn day(&self) -> &'a str {
        self.asked.set(true);
        self.as_of
    }

    /// Tells whether something holds on the day of judging; asks for it only where that matters.
    fn holds(&self, days: &Days) -> bool {
        days.are_open() || days.hold(self.day())
    }

    /// What a path may mean that no file has.
    fn alike(&self) -> &'a Alike {
        self.alike.get_or_init(|| Alike::new(self.packs))
    }

    /// The artifacts of the pack.
    fn own(&self) -> impl Iterator<Item = &'a Artifact> + use<'a> {
        let packs = self.packs;
        packs.artifacts[packs.of(self.pack)].iter().map(|artifact| &**artifact)
    }

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
        let declared = self.pack().declared;
        self.own().zip(self.stated.iter().copied()).filter(move |(artifact, stated)| {
            let readable = artifact.document.front_matter.state
                != crate::document::front_matter::State::Unreadable;
            readable && (declared || *stated == Stated::Known)
        })
    }
}

/// Asks for each kind that is stated once.
fn stated(packs: &Packs, pack: usize) -> Vec<Stated> {
    let mut known: FxHashMap<&str, Stated> = FxHashMap::default();
    let look_up = |word| match kinds::find(&packs.kinds, word) {
        Some(_) => Stated::Known,
        None => Stated::Unknown,
    };
    let own = packs.artifacts[packs.of(pack)].iter();
    own.map(|one| one.document.front_matter.text("kind"))
        .map(|word| {
            word.map_or(Stated::Nothing, |word| *known.entry(word).or_insert_with(|| look_up(word)))
        })
        .collect()
}

/// What packs are checked under.
pub struct Checking<'a> {
    /// All packs of the snapshot.
    pub packs: &'a Packs,
    /// The profiles in force.
    pub profiles: &'a [Profile],
    /// The settings, which may change severities.
    pub settings: &'a Settings,
    /// The day of judging, `2026-05-05`.
    pub as_of: &'a str,
    alike: OnceLock<Alike>,
}

/// What was found in one pack.
#[derive(Debug)]
pub struct Checked {
    judged: Sorted,
    /// Nothing when it is told as it is judged.
    told: Option<Sorted>,
    /// Whether it may differ on another day.
    pub by_day: bool,
}

/// Findings by where their files lie.
#[derive(Debug)]
pub struct Sorted {
    /// Those in the pack's own files, sorted.
    pub own: Arc<[Diagnostic]>,
    /// Those about files that lie in another pack or in none.
    pub strays: Vec<Diagnostic>,
}

impl Checked {
    /// Returns the findings as they are judged, or as they are told.
    pub fn sorted(&self, told: bool) -> &Sorted {
        self.told.as_ref().filter(|_| told).unwrap_or(&self.judged)
    }
}

/// Findings with places: by the page that has them, and by the file that they are about, as readers may see it.
#[derive(Debug, Clone)]
pub struct Finished {
    judged: Vec<Diagnostic>,
    told: Option<Vec<Diagnostic>>,
}

impl Finished {
    /// Returns the findings as they are judged, or as they are told.
    pub fn list(&self, told: bool) -> &[Diagnostic] {
        self.told.as_ref().filter(|_| told).unwrap_or(&self.judged)
    }
}

/// Gives the bytes of a file of the snapshot.
pub type ReadPath<'a> = dyn Fn(&RepoPath) -> Option<Arc<[u8]>> + 'a;

impl<'a> Checking<'a> {
    /// Takes what packs are checked under.
    pub fn new(
        packs: &'a Packs,
        profiles: &'a [Profile],
        settings: &'a Settings,
        as_of: &'a str,
    ) -> Self {
        Self { packs, profiles, settings, as_of, alike: OnceLock::new() }
    }

    /// Checks one pack. `findings` are those of earlier stages; all come back with places and with the severities of
    /// the settings.
    pub fn pack(&self, pack: usize, findings: Vec<Diagnostic>, read: &ReadPath<'_>) -> Checked {
        let Self { packs, profiles, as_of, ref alike, .. } = *self;
        let stated = stated(packs, pack);
        let asked = Cell::new(false);
        let scope = Scope { packs, alike, pack, profiles, as_of, asked, stated };
        let mut found = findings;
        found.extend(scope.own().flat_map(faults));
        found.extend(GROUPS.iter().filter_map(|group| group.find).flat_map(|find| find(&scope)));
        found.extend(declared::find(&scope));
        let finished = self.finish(found, read);
        let sort = |findings: Vec<Diagnostic>| {
            let is_home = |finding: &Diagnostic| packs.pack_of(&finding.path) == Some(pack);
            let (own, strays): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_home);
            Sorted { own: own.into(), strays }
        };
        Checked {
            judged: sort(finished.judged),
            told: finished.told.map(sort),
            by_day: scope.asked.get(),
        }
    }

    /// Finds what only all packs together show.
    pub fn across(&self) -> Vec<Diagnostic> {
        relation::across(self.packs)
    }

    /// Checks what belongs to no pack, with what earlier stages found.
    pub fn outside(&self, mut findings: Vec<Diagnostic>, read: &ReadPath<'_>) -> Finished {
        findings.extend(people::duplicates(&self.packs.people));
        self.finish(findings, read)
    }

    /// Fills in severities and places, and sorts.
    pub fn finish(&self, mut findings: Vec<Diagnostic>, read: &ReadPath<'_>) -> Finished {
        for finding in &mut findings {
            finding.severity = severity(finding, self.settings);
        }
        findings.sort_by(|one, other| one.path.cmp(&other.path));
        let mut elsewhere = Vec::with_capacity(findings.len());
        for of_one_file in findings.chunk_by_mut(|one, other| one.path == other.path) {
            let artifact = self.packs.find(&of_one_file[0].path);
            let artifact = artifact.map(|at| &*self.packs.artifacts[at]);
            let pieces = artifact.map_or(&[][..], |artifact| &artifact.document.pieces);
            elsewhere.extend(of_one_file.iter().map(|finding| included::find(finding, pieces)));
            place(of_one_file, artifact, read);
        }
        let is_told_so =
            elsewhere.iter().all(Option::is_none) && !self.packs.contacts.are_covered();
        let told = (!is_told_so).then(|| self.told(findings.clone(), elsewhere, read));
        findings.sort();
        findings.dedup();
        Finished { judged: findings, told }
    }

    fn told(
        &self,
        mut findings: Vec<Diagnostic>,
        elsewhere: Vec<Option<included::Elsewhere>>,
        read: &ReadPath<'_>,
    ) -> Vec<Diagnostic> {
        for (finding, elsewhere) in findings.iter_mut().zip(elsewhere) {
            if let Some(elsewhere) = elsewhere {
                included::tell(finding, elsewhere, read);
            }
        }
        self.packs.contacts.cover_findings(&mut findings);
        findings.sort();
        findings.dedup();
        findings
    }
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

/// Fills in lines and columns of the findings of one file: in characters where its bytes are at hand. What an included
/// file brought is about the page as a whole.
fn place(findings: &mut [Diagnostic], artifact: Option<&Artifact>, read: &ReadPath<'_>) {
    let own = artifact.filter(|artifact| artifact.content == artifact.blob);
    let is_plain = own.is_some_and(|artifact| artifact.document.is_plain);
    let mut bytes = None;
    for finding in findings.iter_mut().filter(|finding| finding.span != (0, 0)) {
        let mut line_start = None;
        if let Some(artifact) = artifact.filter(|_| finding.place == (0, 0)) {
            let line = artifact.document.line(finding.span.0);
            let start = artifact.document.lines.get(line - 1).map_or(0, |start| *start as usize);
            finding.place = (line, finding.span.0.saturating_sub(start) + 1);
            line_start = own.map(|_| start);
        }
        if is_plain {
            continue;
        }
        let pieces = artifact.map_or(&[][..], |artifact| &artifact.document.pieces);
        included::to_own_place(finding, pieces);
        if finding.span == (0, 0) {
            finding.place = (0, 0);
        } else if let Some(bytes) = bytes.get_or_insert_with(|| read(&finding.path)) {
            match line_start.and_then(|start| bytes.get(start..finding.span.0)) {
                Some(before) => finding.place.1 = crate::source::column(before),
                None => finding.place = crate::source::place(bytes, finding.span.0),
            }
        }
    }
}
