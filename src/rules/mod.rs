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
pub mod observed;
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
pub mod slo;
pub mod source;
pub mod status;
pub mod supplier;
pub mod support;
pub mod suppression;
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

use crate::approvals::Approval;
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures::Figures;
use crate::history::{Authorship, ByDocument, LastChange, Trials};
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
    /// The part of the rules' names before the dot.
    pub name: &'static str,
    /// All rules of the group.
    pub rules: &'static [&'static Rule],
    /// Finds the defects that files show; nothing for groups whose defects are found while reading.
    find: Option<fn(&Scope<'_>) -> Vec<Diagnostic>>,
    /// Those of the rules whose defects stand in the history.
    past: &'static [&'static Rule],
    /// Finds these.
    find_past: Option<fn(&Past<'_>) -> Vec<Diagnostic>>,
}

impl Group {
    const fn new(name: &'static str, rules: &'static [&'static Rule]) -> Self {
        Self { name, rules, find: None, past: &[], find_past: None }
    }

    const fn find(self, find: fn(&Scope<'_>) -> Vec<Diagnostic>) -> Self {
        Self { find: Some(find), ..self }
    }

    const fn past(
        self,
        past: &'static [&'static Rule],
        find: fn(&Past<'_>) -> Vec<Diagnostic>,
    ) -> Self {
        Self { past, find_past: Some(find), ..self }
    }
}

/// What rules look at that read the history: one pack among all.
pub(crate) struct Past<'a> {
    pub(crate) documents: &'a ByDocument,
    pub(crate) trials: &'a Trials,
    pub(crate) packs: &'a Packs,
    pub(crate) pack: usize,
    pub(crate) day: &'a str,
}

impl Past<'_> {
    /// Tells whether there is a history, and all of it is there.
    fn is_whole(&self) -> bool {
        let statement = &self.documents.log.statement;
        statement.tip.is_some() && statement.complete()
    }

    /// Tells whether all of the history is there, if there is any.
    fn lacks_nothing(&self) -> bool {
        let statement = &self.documents.log.statement;
        statement.tip.is_none() || statement.complete()
    }

    /// The last changes of the documents of the pack.
    fn changes(&self) -> impl Iterator<Item = &LastChange> {
        let own = self.packs.artifacts[self.packs.of(self.pack)].iter();
        let places = own.filter_map(|artifact| self.documents.change(&artifact.path));
        places.map(|at| &self.documents.log.last_changes[at])
    }

    /// Who made these, and who made a status what it is.
    fn origins(&self) -> impl Iterator<Item = &Authorship> {
        let of_line = |line| self.documents.entries(line).iter();
        let entries = self.changes().flat_map(move |change| of_line(change.line));
        let entries = entries.map(|at| &self.documents.log.entries[*at]);
        let changes = self.changes().filter_map(|change| change.origin.as_deref());
        changes.chain(entries.flat_map(|entry| &entry.origins))
    }

    /// The approvals of the documents of the pack.
    fn approvals(&self) -> impl Iterator<Item = &Approval> {
        let of_line = |line| self.documents.approvals(line).iter();
        let own = self.changes().flat_map(move |change| of_line(change.line));
        own.map(|at| &self.documents.log.approvals[*at])
    }
}

/// Finds what stands in the history against the documents of a pack.
pub(crate) fn in_history(past: &Past<'_>) -> Vec<Diagnostic> {
    GROUPS.iter().filter_map(|group| group.find_past).flat_map(|find| find(past)).collect()
}

/// All groups, by name.
pub static GROUPS: &[Group] = &[
    Group::new("action", action::RULES),
    Group::new("approval", approval::RULES).past(approval::RULES, approval::find),
    Group::new("arch", arch::RULES),
    Group::new("assumption", assumption::RULES),
    Group::new("backlog", backlog::RULES),
    Group::new("baseline", baseline::RULES).find(baseline::find),
    Group::new("biz", biz::RULES).find(biz::find),
    Group::new("change", change::RULES),
    Group::new("criteria", criteria::RULES)
        .find(criteria::find)
        .past(criteria::PAST, criteria::find_past),
    Group::new("data", data::RULES).find(data::find),
    Group::new("decision", decision::RULES).find(decision::find),
    Group::new("enable", enable::RULES),
    Group::new("field", field::RULES).find(field::find),
    Group::new("front-matter", front_matter::RULES),
    Group::new("history", history::RULES),
    Group::new("id", id::RULES).find(id::find),
    Group::new("incident", incident::RULES),
    Group::new("intent", intent::RULES).find(intent::find),
    Group::new("kind", kind::RULES).find(kind::find),
    Group::new("learning", learning::RULES),
    Group::new("link", link::RULES).find(link::find),
    Group::new("markup", markup::RULES),
    Group::new("metric", metric::RULES).find(metric::find),
    Group::new("pack", pack::RULES).find(pack::find).past(pack::PAST, pack::find_past),
    Group::new("people", people::RULES).find(people::find).past(people::PAST, people::find_past),
    Group::new("raci", raci::RULES).find(raci::find),
    Group::new("reach", reach::RULES).find(reach::find),
    Group::new("record", record::RULES).find(record::find),
    Group::new("relation", relation::RULES).find(relation::find),
    Group::new("review", review::RULES).find(review::find),
    Group::new("risk", risk::RULES).find(risk::find).past(risk::PAST, risk::find_past),
    Group::new("rollout", rollout::RULES).find(rollout::find),
    Group::new("rota", rota::RULES).find(rota::find),
    Group::new("runbook", runbook::RULES).past(runbook::PAST, runbook::find_past),
    Group::new("section", section::RULES).find(section::find),
    Group::new("security", security::RULES),
    Group::new("settings", settings::RULES),
    Group::new("slo", slo::RULES).find(observed::find),
    Group::new("source", source::RULES),
    Group::new("status", status::RULES).find(status::find),
    Group::new("supplier", supplier::RULES),
    Group::new("support", support::RULES).find(support::find),
    Group::new("suppression", suppression::RULES),
    Group::new("table", table::RULES).find(table::find),
    Group::new("test", test::RULES).find(test::find),
    Group::new("text", text::RULES).find(text::find),
    Group::new("transition", transition::RULES).find(transition::find),
    Group::new("waiver", waiver::RULES).find(waiver::find),
];

/// Finds a rule by its name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules).find(|rule| rule.name == name).copied()
}

/// Tells whether defects of a rule, or some of a group, stand in the history, which is read after files were judged.
pub fn is_found_in_history(name: &str) -> bool {
    let is_meant =
        |group: &Group| group.past.iter().any(|rule| rule.name == name || group.name == name);
    GROUPS.iter().any(is_meant)
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

    /// Makes a note of a finding about a document that is not in force.
    fn milder_in_drafts(artifact: &Artifact, mut finding: Diagnostic) -> Diagnostic {
        if !artifact.status.is_approved() {
            finding.severity = Severity::Note;
        }
        finding
    }

    /// The figures of the pack.
    fn figures(&self) -> &'a Figures {
        self.packs.figures(self.pack)
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
