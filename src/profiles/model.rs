//! What a profile is: gates, and requirements that are asked at them. Plain values; [`super::load()`] reads them.

use super::needs::Need;

/// What must be true, gate by gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// `staircase`.
    pub id: String,
    /// `1.0.0`; empty when the file does not say.
    pub version: String,
    /// `MVP-to-production staircase`.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// The frameworks that it was made from or that its tags name.
    pub sources: Vec<Source>,
    /// What a pack goes through, in order; none when the profile does not say.
    pub stages: Vec<Stage>,
    /// How long it should take from one gate to another.
    pub paces: Vec<Pace>,
    /// In order; at least one.
    pub gates: Vec<Gate>,
    /// What it asks for, in order.
    pub requirements: Vec<Spec>,
}

/// A framework that somebody else wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What tags call it: `nist`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Where it can be read; empty when the profile does not say.
    pub url: String,
}

/// A part of a pack's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `pilot`.
    pub id: String,
    /// `Pilot`.
    pub title: String,
    /// The id of the gate at its end; empty when there is none.
    pub ends_with: String,
    /// The stage to which what is learnt leads back; empty when to none.
    pub loops_to: String,
}

/// How long a pack should take from one gate to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// The ids of the two gates.
    pub gates: [String; 2],
    /// At least and at most so many days.
    pub days: [i64; 2],
}

/// A point at which a pack is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// `G2`.
    pub id: String,
    /// `MVP Exit`.
    pub title: String,
    /// What is asked there, in one sentence.
    pub question: String,
    /// The roles that decide there.
    pub deciders: Vec<String>,
    /// The profile that it came from: a later gate includes the earlier ones of the same.
    pub of: String,
}

/// How much a requirement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The gate depends on it.
    Required,
    /// It is shown and counted by itself; the verdict does not depend on it.
    Recommended,
    /// It is shown; nothing counts it.
    Optional,
}

impl Level {
    /// Returns the word that profiles and pages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
        }
    }
}

/// One requirement of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// `PH-03`.
    pub id: String,
    /// One sentence that is true when it is met.
    pub statement: String,
    /// The first gate that asks for it: index in [`Profile::gates`].
    pub gate: usize,
    /// How much it weighs.
    pub level: Level,
    /// 5 where it is unsafe to operate without it, 3 where operations would be hurt, 2 for governance, 1 for order.
    pub weight: u32,
    /// What to do when it is not met.
    pub hint: String,
    /// The role that is next when no artifact names an owner.
    pub next: Option<String>,
    /// Whether a waiver may cover it, and whether a pack may say that it does not apply.
    pub waivable: bool,
    /// Of which packs it is asked.
    pub when: When,
    /// Items of frameworks that its evidence is recorded for: `nist:CM-3`.
    pub tags: Vec<String>,
    /// What it needs: all of these, of those that share a group one.
    pub needs: Vec<Need>,
}

/// Of which packs something is asked, by what their `pack.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// The tiers; all when empty.
    pub tiers: Vec<String>,
    /// Facts that must have one of these values.
    pub facts: Vec<(String, Vec<String>)>,
    /// Facts that must have more than one value.
    pub several: Vec<String>,
    /// The fact for each value of which it is judged by itself.
    pub each: Option<String>,
}

impl Profile {
    /// Names what it asks for at all of its gates, in twelve letters.
    pub fn bar(&self) -> String {
        bar(self.requirements.iter())
    }

    /// Names what it asks for at one gate and those that it includes.
    pub fn bar_at(&self, gate: usize) -> String {
        let included: Vec<usize> = self.included(gate).collect();
        bar(self.requirements.iter().filter(|spec| included.contains(&spec.gate)))
    }

    /// Returns the gates whose requirements a gate includes, itself last.
    pub fn included(&self, gate: usize) -> impl Iterator<Item = usize> {
        let of = &self.gates[gate].of;
        (0..=gate).filter(move |at| self.gates[*at].of == *of)
    }

    /// Tells whether a pack that names `name` means this profile: `staircase`, `staircase@1`, `staircase@1.2`.
    pub fn is_named(&self, name: &str) -> bool {
        let (id, pin) = pinned(name);
        let fits = |pin: &str| {
            let rest = self.version.strip_prefix(pin);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.id == id && pin.is_none_or(fits)
    }
}

/// Cuts `staircase@1.2` into the profile and the version that is asked for.
pub(super) fn pinned(name: &str) -> (&str, Option<&str>) {
    name.split_once('@').map_or((name, None), |(id, pin)| (id, Some(pin)))
}

/// Digests requirements with all that decides whether they are met; wording, hints and tags decide nothing.
fn bar<'s>(specs: impl Iterator<Item = &'s Spec>) -> String {
    let mut hasher = blake3::Hasher::new();
    for Spec { id, gate, level, weight, waivable, when, needs, .. } in specs {
        let decides = format!("{:?}\n", (id, gate, level, weight, waivable, when, needs));
        hasher.update(decides.as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_owned()
}
