//! Reads one profile: its gates, its requirements, and what it changes in the profiles that it extends. Every mistake is
//! a finding with its place.

use super::model::{Gate, Level, Pace, Profile, Source, Spec, Stage, When, pinned};
use super::needs::{Need, wrong_names};
use crate::kinds::Kind;
use crate::nearest::did_you_mean;
use crate::rules::settings::UNKNOWN_NAME;
use crate::slug::slug;
use crate::toml::Table;

const LEVELS: [(&str, Level); 3] = [
    ("required", Level::Required),
    ("recommended", Level::Recommended),
    ("optional", Level::Optional),
];

/// What is known when a profile is read.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    /// The profiles that it may extend.
    pub(super) profiles: &'k [Profile],
    /// The ids of those that are read after it: what it extends of them extends it in turn.
    pub(super) awaited: &'k [&'k str],
    /// The kinds that its needs speak of.
    pub(super) kinds: &'k [Kind],
}

/// Reads a profile that may extend those that are known.
pub(super) fn profile(keys: &Table<'_>, known: Known<'_>) -> Option<Profile> {
    let id = keys.needed("id");
    let title = keys.text("title").or_else(|| id.clone()).unwrap_or_default();
    let mut profile = Profile {
        id: id.clone().unwrap_or_default(),
        version: keys.text("version").unwrap_or_default(),
        title,
        summary: keys.text("summary").unwrap_or_default(),
        sources: sources(keys),
        stages: stages(keys),
        paces: paces(keys),
        gates: Vec::new(),
        requirements: Vec::new(),
    };
    extend(keys, &mut profile, known);
    gates(keys, &mut profile);
    remove(keys, &mut profile);
    change(keys, &mut profile);
    let reading = Reading { kinds: known.kinds, gates: &profile.gates };
    let mut own = reading.requirements(keys, &When::default());
    for overlay in keys.tables("overlay") {
        overlay.accept("id");
        own.extend(reading.requirements(&overlay, &when(&overlay)));
    }
    add(&mut profile, own);
    if profile.requirements.is_empty() {
        let place = keys.place_of("requirement");
        keys.wrong_value(&place, "a profile needs `[[requirement]]`", None);
    }
    id.map(|_| profile)
}

fn sources(keys: &Table<'_>) -> Vec<Source> {
    let source = |part: &Table<'_>| {
        let (title, url) = (part.text("title"), part.text("url").unwrap_or_default());
        let id = part.needed("id")?;
        Some(Source { title: title.unwrap_or_else(|| id.clone()), url, id })
    };
    keys.tables("source").iter().filter_map(source).collect()
}

fn stages(keys: &Table<'_>) -> Vec<Stage> {
    let stage = |part: &Table<'_>| {
        let (title, ends_with) = (part.text("title"), part.text("ends-with"));
        let loops_to = part.text("loops-to").unwrap_or_default();
        let id = part.needed("id")?;
        let (title, ends_with) =
            (title.unwrap_or_else(|| id.clone()), ends_with.unwrap_or_default());
        Some(Stage { id, title, ends_with, loops_to })
    };
    keys.tables("stage").iter().filter_map(stage).collect()
}

fn paces(keys: &Table<'_>) -> Vec<Pace> {
    let pace = |part: &Table<'_>| {
        let [least, most] = ["least-days", "most-days"].map(|key| part.integer(key));
        let [from, to] = ["from", "to"].map(|key| part.needed(key));
        Some(Pace { gates: [from?, to?], days: [least.unwrap_or_default(), most?] })
    };
    keys.tables("pace").iter().filter_map(pace).collect()
}

/// Takes over the gates and requirements of other profiles.
fn extend(keys: &Table<'_>, profile: &mut Profile, known: Known<'_>) {
    for name in keys.texts("extends") {
        let Some(base) = known.profiles.iter().find(|base| base.is_named(&name)) else {
            not_extended(keys, &name, known);
            continue;
        };
        let is_new = |one: &&Source| !profile.sources.iter().any(|known| known.id == one.id);
        let own: Vec<Source> = base.sources.iter().filter(is_new).cloned().collect();
        profile.sources.extend(own);
        if profile.stages.is_empty() {
            profile.stages.clone_from(&base.stages);
        }
        if profile.paces.is_empty() {
            profile.paces.clone_from(&base.paces);
        }
        let first = profile.gates.len();
        profile.gates.extend(base.gates.iter().cloned());
        let moved = |spec: &Spec| Spec { gate: spec.gate + first, ..spec.clone() };
        let is_new = |spec: &&Spec| !profile.requirements.iter().any(|one| one.id == spec.id);
        let own: Vec<Spec> = base.requirements.iter().filter(is_new).map(moved).collect();
        profile.requirements.extend(own);
    }
}

fn not_extended(keys: &Table<'_>, name: &str, known: Known<'_>) {
    let names: Vec<&str> = known.profiles.iter().map(|base| base.id.as_str()).collect();
    let (message, help) = if known.awaited.contains(&pinned(name).0) {
        let help = "let one of them stand by itself".to_owned();
        (format!("this profile and `{name}` extend each other"), help)
    } else {
        let help = did_you_mean(name, names.iter().copied())
            .unwrap_or_else(|| format!("known profiles are {}", names.join(", ")));
        (format!("the profile `{name}` is not here"), help)
    };
    keys.report(&UNKNOWN_NAME, &keys.place_of("extends"), message, Some(help));
}

/// Reads the gates: `[[gate]]`, or `gate` with the title of the only one. Without either there is one that bears the
/// profile's own name.
fn gates(keys: &Table<'_>, profile: &mut Profile) {
    let title = if keys.is_list("gate") { None } else { keys.text("gate") };
    let several = if keys.is_list("gate") { keys.tables("gate") } else { Vec::new() };
    for part in several {
        let (title, question) = (part.text("title"), part.text("question"));
        let deciders = part.texts("deciders");
        let Some(id) = part.needed("id") else { continue };
        let gate = Gate {
            title: title.unwrap_or_else(|| id.clone()),
            question: question.unwrap_or_default(),
            deciders,
            of: profile.id.clone(),
            id: id.clone(),
        };
        if profile.gates.iter().any(|known| slug(&known.id) == slug(&id)) {
            let message = format!("`{id}` is the id of two gates");
            part.wrong_value(&part.place_of("id"), message, None);
        } else {
            profile.gates.push(gate);
        }
    }
    let only = title.or_else(|| profile.gates.is_empty().then(|| profile.title.clone()));
    profile.gates.extend(only.map(|title| Gate {
        id: profile.id.clone(),
        title,
        question: String::new(),
        deciders: Vec::new(),
        of: profile.id.clone(),
    }));
}

/// Drops requirements of the profiles that are extended; each with the reason, which stays in the file.
fn remove(keys: &Table<'_>, profile: &mut Profile) {
    for part in keys.tables("remove") {
        part.needed("reason");
        let Some(at) = extended(&part, profile) else { continue };
        profile.requirements.remove(at);
    }
}

/// Raises or lowers requirements of the profiles that are extended.
fn change(keys: &Table<'_>, profile: &mut Profile) {
    for part in keys.tables("override") {
        let level = part.choice("level", &LEVELS);
        let weight = weight(&part);
        let tiers = part.texts("tiers");
        let waivable = part.truth("waivable");
        let lowers = level.is_some_and(|level| level != Level::Required) || waivable == Some(true);
        if lowers {
            part.needed("reason");
        } else {
            part.accept("reason");
        }
        let Some(at) = extended(&part, profile) else { continue };
        let spec = &mut profile.requirements[at];
        spec.level = level.unwrap_or(spec.level);
        spec.weight = weight.unwrap_or(spec.weight);
        spec.waivable = waivable.unwrap_or(spec.waivable);
        if !tiers.is_empty() {
            spec.when.tiers = tiers;
        }
    }
}

/// Finds the requirement that a part speaks of.
fn extended(part: &Table<'_>, profile: &Profile) -> Option<usize> {
    let id = part.needed("id")?;
    let at = profile.requirements.iter().position(|spec| spec.id == id);
    if at.is_none() {
        let ids = profile.requirements.iter().map(|spec| spec.id.as_str());
        let help = did_you_mean(&id, ids)
            .unwrap_or_else(|| "name a requirement of a profile in `extends`".to_owned());
        let message = format!("no profile that is extended has the requirement `{id}`");
        part.report(&UNKNOWN_NAME, &part.place_of("id"), message, Some(help));
    }
    at
}

fn weight(keys: &Table<'_>) -> Option<u32> {
    let number = keys.integer("weight")?;
    let weight = u32::try_from(number).ok().filter(|weight| [1, 2, 3, 5].contains(weight));
    if weight.is_none() {
        keys.refuse("weight", "1, 2, 3 or 5");
    }
    weight
}

/// Adds requirements; one that has the id of an extended one takes its place.
fn add(profile: &mut Profile, own: Vec<Spec>) {
    for spec in own {
        match profile.requirements.iter_mut().find(|known| known.id == spec.id) {
            Some(known) => *known = spec,
            None => profile.requirements.push(spec),
        }
    }
}

struct Reading<'r> {
    kinds: &'r [Kind],
    gates: &'r [Gate],
}

impl Reading<'_> {
    /// Reads requirements that are asked where `outer` says, whatever each of them adds to that.
    fn requirements(&self, keys: &Table<'_>, outer: &When) -> Vec<Spec> {
        let mut list: Vec<Spec> = Vec::new();
        for part in keys.tables("requirement") {
            let id = part.needed("id");
            let asked = when(&part);
            let spec = Spec {
                statement: part.needed("statement").unwrap_or_default(),
                gate: self.gate(&part),
                level: part.choice("level", &LEVELS).unwrap_or(Level::Required),
                weight: weight(&part).unwrap_or(1),
                hint: part.text("hint").unwrap_or_default(),
                next: part.text("next"),
                waivable: part.truth("waivable").unwrap_or(true),
                when: asked.and(outer),
                tags: part.texts("tags"),
                needs: part.tables("need").iter().map(|need| self.need(need)).collect(),
                id: id.clone().unwrap_or_default(),
            };
            let place = part.place_of("id");
            if spec.needs.is_empty() {
                part.wrong_value(&place, "a requirement needs `[[requirement.need]]`", None);
            }
            if list.iter().any(|known| known.id == spec.id) {
                let message = format!("`{}` is the id of two requirements", spec.id);
                part.wrong_value(&place, message, None);
            } else {
                list.extend(id.map(|_| spec));
            }
        }
        list
    }

    fn need(&self, keys: &Table<'_>) -> Need {
        let need = Need::read(keys);
        for wrong in wrong_names(&need, self.kinds, self.gates) {
            let help = did_you_mean(wrong.name, wrong.known.iter().copied())
                .unwrap_or_else(|| format!("known are {}", wrong.known.join(", ")));
            let message = format!("`{}` is not {}", wrong.name, wrong.what);
            keys.report(&UNKNOWN_NAME, &keys.place_of(wrong.key), message, Some(help));
        }
        need
    }

    /// Finds the gate that first asks for a requirement: the one that it names, else the first.
    fn gate(&self, part: &Table<'_>) -> usize {
        let Some((id, span)) = part.placed_text("gate") else { return 0 };
        let at = self.gates.iter().position(|gate| gate.id == id);
        if at.is_none() {
            let ids: Vec<&str> = self.gates.iter().map(|gate| gate.id.as_str()).collect();
            let help = did_you_mean(&id, ids.iter().copied())
                .unwrap_or_else(|| format!("known gates are {}", ids.join(", ")));
            part.report(&UNKNOWN_NAME, &span, format!("there is no gate `{id}`"), Some(help));
        }
        at.unwrap_or_default()
    }
}

/// Reads of which packs something is asked.
fn when(part: &Table<'_>) -> When {
    let each = part.placed_text("scope").and_then(|(scope, span)| match scope.as_str() {
        "pack" => None,
        other => {
            let name = other.strip_prefix("each:").filter(|name| !name.is_empty());
            if name.is_none() {
                let help = "write `pack`, or `each:` with a fact of the pack, such as each:regions";
                let message = format!("`{other}` is not a value of `scope`");
                part.wrong_value(&span, message, Some(help.to_owned()));
            }
            name.map(str::to_owned)
        }
    });
    When {
        tiers: part.texts("tiers"),
        facts: part.lists("applies-when"),
        several: part.texts("applies-when-several"),
        each,
    }
}

impl When {
    /// Joins what a requirement asks for with what its overlay does.
    fn and(mut self, outer: &Self) -> Self {
        self.facts.extend(outer.facts.iter().cloned());
        self.several.extend(outer.several.iter().cloned());
        if self.tiers.is_empty() {
            self.tiers.clone_from(&outer.tiers);
        }
        self.each = self.each.or_else(|| outer.each.clone());
        self
    }
}
