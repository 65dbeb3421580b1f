//! How a pack stood at each gate in each of its versions, each as judged on its own day, with a mark where the profile
//! asked for something else than before. It lies above all versions, since none of them knows a later one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gates::{met, name, named};
use super::matrix::{counted, told};
use super::stages::stage_of;
use super::verdict::tone;
use super::view::{When, day, sentence};
use super::{Edition, Version};
use crate::badge::Tone;
use crate::profiles::{Profile, Verdict};

/// How a pack stands in one version.
#[derive(Debug, Clone)]
pub struct Stand {
    /// The day of judging.
    as_of: String,
    stage: String,
    pub(super) gates: Vec<GateStand>,
    /// Errors, warnings and notes by document, or by file where it is none.
    findings: BTreeMap<String, [usize; 3]>,
}

/// How a pack stands at one gate.
#[derive(Debug, Clone)]
pub(super) struct GateStand {
    /// The ids of the profile and the gate.
    key: (String, String),
    pub(super) name: String,
    profile: String,
    words: String,
    pub(super) tone: Tone,
    met: String,
    /// Of the weight that is required, so many parts in a hundred are met.
    pub(super) progress: u32,
    /// Names what is asked for.
    bar: String,
    required: BTreeSet<String>,
}

impl Edition {
    /// Says how a pack stands in this version.
    pub fn stand(&self, pack: usize) -> Stand {
        let (inputs, facts) = (&self.inputs, &self.inputs.packs.packs[pack]);
        let own = inputs.verdicts.iter().filter(|verdict| verdict.pack == pack);
        let mut findings = BTreeMap::new();
        // Nobody asks how the pages of a plain book stood in each version.
        let told = facts.declared.then(|| counted(&inputs.diagnostics, &facts.folder));
        for (path, counts) in told.into_iter().flatten() {
            let artifact = inputs.packs.find(&crate::source::RepoPath::new(path));
            let name = artifact.map_or(path, |at| &inputs.packs.artifacts[at].id);
            findings.insert(name.to_owned(), counts);
        }
        Stand {
            as_of: inputs.as_of.clone(),
            stage: stage_of(facts).map(sentence).unwrap_or_default(),
            gates: own.map(|verdict| gate(&inputs.profiles, verdict)).collect(),
            findings,
        }
    }
}

fn gate(profiles: &[Profile], verdict: &Verdict) -> GateStand {
    let profile = profiles.iter().find(|one| one.id == verdict.profile);
    let place = |one: &Profile| one.gates.iter().position(|gate| gate.id == verdict.gate_id);
    let bar = profile.and_then(|one| Some(one.bar_at(place(one)?)));
    GateStand {
        key: (verdict.profile.clone(), verdict.gate_id.clone()),
        name: name(verdict),
        profile: profile.map_or_else(|| verdict.profile.clone(), named),
        words: verdict.words(),
        tone: tone(verdict),
        met: met(verdict),
        progress: verdict.progress().0,
        bar: bar.unwrap_or_default(),
        required: verdict.required().map(|one| one.id.clone()).collect(),
    }
}

/// The page of all versions.
#[derive(Debug, Default, Hash, Serialize)]
pub(super) struct ReadinessView {
    /// The gates of all versions, in order.
    gates: Vec<String>,
    rows: Vec<RowView>,
    stages: Vec<[String; 3]>,
    /// Documents in which the last version has other findings than the one before: name, before, after.
    moved: Vec<[String; 3]>,
    /// The names of the two versions.
    between: [String; 2],
}

#[derive(Debug, Hash, Serialize)]
struct RowView {
    version: String,
    href: String,
    when: Option<When>,
    as_of: String,
    stage: String,
    cells: Vec<CellView>,
    findings: String,
}

#[derive(Debug, Hash, Serialize)]
struct CellView {
    gate: String,
    words: String,
    tone: &'static str,
    met: String,
    profile: String,
    bar: String,
    /// What is asked for otherwise than in the version before; empty when nothing is.
    raised: String,
}

/// Versions of a pack with how it stands in each, the earliest first.
pub(super) type Stands<'c> = [(&'c Version, &'c Stand)];

/// A gate in all versions.
pub(super) struct Track<'c> {
    pub(super) name: &'c str,
    /// How it stands in each version, and whether the bar is another one than before; nothing where it is not judged.
    pub(super) stands: Vec<Option<(&'c GateStand, String)>>,
}

/// Follows each gate through the versions.
pub(super) fn tracks<'c>(stands: &Stands<'c>) -> Vec<Track<'c>> {
    let mut keys: Vec<(&(String, String), &str)> = Vec::new();
    for gate in stands.iter().rev().flat_map(|(_, stand)| &stand.gates) {
        if !keys.iter().any(|(known, _)| *known == &gate.key) {
            keys.push((&gate.key, &gate.name));
        }
    }
    let track = |(key, name): (&(String, String), &'c str)| {
        let mut before: Option<&GateStand> = None;
        let mut step = |stand: &'c Stand| {
            let gate = stand.gates.iter().find(|gate| gate.key == *key)?;
            let raised = before.map_or_else(String::new, |before| raised(before, gate));
            before = Some(gate);
            Some((gate, raised))
        };
        Track { name, stands: stands.iter().map(|(_, stand)| step(stand)).collect() }
    };
    keys.into_iter().map(track).collect()
}

/// Says what a gate asks for that it did not before; empty when it asks for the same.
fn raised(before: &GateStand, now: &GateStand) -> String {
    if before.bar == now.bar {
        return String::new();
    }
    let list = |one: &GateStand, other: &GateStand| {
        let ids = one.required.difference(&other.required).map(String::as_str);
        ids.collect::<Vec<_>>().join(", ")
    };
    let parts = [("asks anew for", list(now, before)), ("no longer asks for", list(before, now))];
    let told = parts.iter().filter(|(_, ids)| !ids.is_empty());
    let told: Vec<String> = told.map(|(words, ids)| format!("{words} {ids}")).collect();
    if told.is_empty() {
        "asks for the same requirements otherwise".to_owned()
    } else {
        told.join(", ")
    }
}

pub(super) fn view(stands: &Stands<'_>) -> ReadinessView {
    let tracks = tracks(stands);
    let rows = stands.iter().enumerate().map(|(at, (version, stand))| RowView {
        version: version.name.clone(),
        href: super::address::encode(&format!("{}/gates.html", version.slug)),
        when: version.commit.as_ref().map(|commit| When::new(commit.time)),
        as_of: day(&stand.as_of),
        stage: stand.stage.clone(),
        cells: tracks.iter().map(|track| cell(track, at)).collect(),
        findings: told(Some(&total(stand))),
    });
    let (moved, between) = match stands {
        [.., before, last] => {
            (moved(before.1, last.1), [before.0.name.clone(), last.0.name.clone()])
        }
        _ => Default::default(),
    };
    ReadinessView {
        gates: tracks.iter().map(|track| track.name.to_owned()).collect(),
        rows: rows.collect(),
        stages: stages(stands),
        moved,
        between,
    }
}

fn cell(track: &Track<'_>, at: usize) -> CellView {
    let stand = track.stands.get(at).and_then(Option::as_ref);
    let gate = stand.map(|(gate, _)| *gate);
    let text = |of: fn(&GateStand) -> &String| gate.map(of).cloned().unwrap_or_default();
    CellView {
        gate: track.name.to_owned(),
        words: gate.map_or_else(|| "not judged".to_owned(), |gate| gate.words.clone()),
        tone: gate.map_or("neutral", |gate| gate.tone.word()),
        met: text(|gate| &gate.met),
        profile: text(|gate| &gate.profile),
        bar: text(|gate| &gate.bar),
        raised: stand.map(|(_, raised)| raised.clone()).unwrap_or_default(),
    }
}

fn total(stand: &Stand) -> [usize; 3] {
    let mut total = [0; 3];
    for counts in stand.findings.values() {
        total.iter_mut().zip(counts).for_each(|(sum, one)| *sum += one);
    }
    total
}

/// Tells in which version each stage is met first: stage, version, day.
fn stages(stands: &Stands<'_>) -> Vec<[String; 3]> {
    let mut found: Vec<[String; 3]> = Vec::new();
    for (version, stand) in stands {
        let is_new = !stand.stage.is_empty() && !found.iter().any(|one| one[0] == stand.stage);
        if is_new {
            found.push([stand.stage.clone(), version.name.clone(), day(&stand.as_of)]);
        }
    }
    found
}

fn moved(before: &Stand, last: &Stand) -> Vec<[String; 3]> {
    let names: BTreeSet<&String> = before.findings.keys().chain(last.findings.keys()).collect();
    let counts = |stand: &Stand, name: &String| {
        let words = told(stand.findings.get(name));
        if words.is_empty() { "none".to_owned() } else { words }
    };
    let differs = |name: &&&String| before.findings.get(**name) != last.findings.get(**name);
    let row = |name: &String| [name.clone(), counts(before, name), counts(last, name)];
    names.iter().filter(differs).map(|name| row(name)).collect()
}
