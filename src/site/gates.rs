//! The gates board: for each profile its gates in a row, what is missing at each by weight and why, what was decided
//! there and whether that still holds. Every word about a verdict is one that `readymark status` says too.

use serde::Serialize;

use super::address::encode;
use super::outcome::{self, DecisionView};
use super::stages::{self, WayView};
use super::unit::Unit;
use super::verdict::{anchor, own, requirement_tone, tone};
use super::view::{count, day, days_between, sentence};
use super::who::Who;
use crate::pack::outcome::{Recorded, recorded};
use crate::profiles::{
    Asked, Gate, Level, Outcome, Pace, Profile, Requirement, Standing, Verdict, ahead,
};

/// The page of all gates.
#[derive(Debug, Hash, Serialize)]
pub(super) struct BoardView {
    as_of: String,
    way: Option<WayView>,
    boards: Vec<Board>,
    /// Decisions at gates by which nothing here is judged.
    elsewhere: Vec<DecisionView>,
    /// The way from gate to gate, as decisions tell it.
    steps: Vec<StepView>,
    paces: Vec<String>,
}

/// The gates of a profile.
#[derive(Debug, Hash, Serialize)]
struct Board {
    title: String,
    /// `staircase 1.0.0`.
    profile: String,
    /// Names what it asks for.
    bar: String,
    gates: Vec<GateView>,
}

#[derive(Debug, Hash, Serialize)]
struct GateView {
    anchor: String,
    /// `G2 MVP exit`.
    name: String,
    words: String,
    tone: &'static str,
    /// `3 of 17 required met`.
    met: String,
    /// Whether it lies ahead of the pack.
    ahead: bool,
    question: String,
    deciders: Vec<Who>,
    missing: Vec<Missing>,
    decisions: Vec<DecisionView>,
    /// Says that it was passed and does not hold; empty when it does.
    lost: String,
    paper: String,
}

/// A requirement that is open.
#[derive(Debug, Hash, Serialize)]
pub(super) struct Missing {
    id: String,
    href: String,
    outcome: &'static str,
    tone: &'static str,
    /// ` (recommended)`.
    level: &'static str,
    weight: &'static str,
    pub(super) statement: String,
    reason: String,
    tree: Vec<Branch>,
    /// The last day of a waiver, for people and as it is written.
    until: [String; 2],
    who: String,
    hint: String,
}

/// One need, or several of which one is enough.
#[derive(Debug, Hash, Serialize)]
struct Branch {
    /// Outcome and reason.
    needs: Vec<[String; 2]>,
}

/// A decision on the way from gate to gate.
#[derive(Debug, Hash, Serialize)]
struct StepView {
    decision: DecisionView,
    /// Days since the decision before; empty for the first.
    since: String,
}

pub(super) fn view(unit: &Unit) -> BoardView {
    let verdicts: Vec<&Verdict> = own(unit).collect();
    let recorded = recorded(unit.packs(), unit.pack);
    let is_judged = |one: &&Recorded| verdicts.iter().any(|verdict| one.is_at(&verdict.gate_id));
    let elsewhere = recorded.iter().filter(|one| !is_judged(one));
    BoardView {
        as_of: day(&unit.edition.inputs.as_of),
        way: stages::view(unit, &recorded),
        elsewhere: elsewhere.map(|one| outcome::view(unit, one)).collect(),
        boards: boards(unit, &verdicts, &recorded),
        steps: steps(unit, &recorded),
        paces: profiles(unit)
            .flat_map(|one| &one.paces)
            .filter_map(|pace| paced(pace, &recorded))
            .collect(),
    }
}

/// Lists the profiles that judge the pack.
pub(super) fn profiles(unit: &Unit) -> impl Iterator<Item = &Profile> {
    let known = &unit.edition.inputs.profiles;
    let names = &unit.facts().profiles;
    names.iter().filter_map(|name| known.iter().find(|one| one.is_named(name)))
}

fn boards(unit: &Unit, verdicts: &[&Verdict], recorded: &[Recorded]) -> Vec<Board> {
    let front = ahead(verdicts);
    let mut boards: Vec<(String, Board)> = Vec::new();
    for (at, verdict) in verdicts.iter().enumerate() {
        let profile = profiles(unit).find(|one| one.id == verdict.profile);
        let gate = gate(unit, verdicts, at, recorded, front.contains(&at));
        match boards.iter_mut().find(|(id, _)| *id == verdict.profile) {
            Some((_, board)) => board.gates.push(gate),
            None => boards.push((verdict.profile.clone(), board(verdict, profile, gate))),
        }
    }
    boards.into_iter().map(|(_, board)| board).collect()
}

fn board(verdict: &Verdict, profile: Option<&Profile>, first: GateView) -> Board {
    Board {
        title: profile.map_or_else(|| verdict.profile.clone(), |one| one.title.clone()),
        profile: profile.map_or_else(|| verdict.profile.clone(), named),
        bar: profile.map(Profile::bar).unwrap_or_default(),
        gates: vec![first],
    }
}

/// Names a profile with its version.
pub(super) fn named(profile: &Profile) -> String {
    format!("{} {}", profile.id, profile.version).trim_end().to_owned()
}

/// Names a gate as the terminal does.
pub(super) fn name(verdict: &Verdict) -> String {
    if verdict.gate_id == verdict.profile {
        verdict.gate.clone()
    } else {
        format!("{} {}", verdict.gate_id, verdict.gate)
    }
}

/// Says how many of the required requirements are met.
pub(super) fn met(verdict: &Verdict) -> String {
    format!("{} of {} required met", verdict.count(Outcome::Met), verdict.applicable().count())
}

fn gate(
    unit: &Unit,
    verdicts: &[&Verdict],
    at: usize,
    recorded: &[Recorded],
    ahead: bool,
) -> GateView {
    let verdict = verdicts[at];
    let here: Vec<&Recorded> = recorded.iter().filter(|one| one.is_at(&verdict.gate_id)).collect();
    GateView {
        anchor: format!("{}.{}", verdict.profile, verdict.gate_id),
        name: name(verdict),
        words: verdict.words(),
        tone: tone(verdict).word(),
        met: met(verdict),
        ahead,
        question: verdict.question.clone(),
        deciders: deciders(unit, verdict),
        missing: missing(unit, verdicts, verdict),
        lost: lost(unit, verdict, &here),
        decisions: here.into_iter().rev().map(|one| outcome::view(unit, one)).collect(),
        paper: encode(&paper(unit, verdict)),
    }
}

/// Returns the route of the page with all that a gate rests on.
pub(super) fn paper(unit: &Unit, verdict: &Verdict) -> String {
    let slug = crate::slug::slug;
    let folder = &unit.routes.papers;
    format!("{folder}/{}/{}.html", slug(&verdict.profile), slug(&verdict.gate_id))
}

/// Names those who decide at a gate.
pub(super) fn deciders(unit: &Unit, verdict: &Verdict) -> Vec<Who> {
    let profile = profiles(unit).find(|one| one.id == verdict.profile);
    let is_this = |gate: &&Gate| gate.id == verdict.gate_id;
    let gate = profile.and_then(|one| one.gates.iter().find(is_this));
    let roles = gate.map(|gate| gate.deciders.as_slice()).unwrap_or_default();
    roles.iter().map(|role| holder(unit, role)).collect()
}

/// Names who holds a role, also one that `people.toml` does not list.
fn holder(unit: &Unit, role: &str) -> Who {
    let held = unit.facts().holding(role, &unit.edition.inputs.as_of);
    match held.filter(|_| unit.packs().people.who(role).is_none()) {
        Some(holding) => Who { role: sentence(role), ..unit.registry().who(&holding.person) },
        None => unit.registry().who(role),
    }
}

/// Lists what the gate is the first to ask for and is open: what it depends on first, the heaviest first.
pub(super) fn missing(unit: &Unit, verdicts: &[&Verdict], verdict: &Verdict) -> Vec<Missing> {
    let first = verdicts.first().map_or("", |one| &one.profile);
    let own = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
    let mut open: Vec<&Requirement> =
        own.filter(|one| one.is_open() && one.level != Level::Optional).collect();
    open.sort_by_key(|one| (!one.is_required(), std::cmp::Reverse(one.weight)));
    let page = encode(&unit.routes.completeness);
    let view =
        |one: &Requirement| one_missing(one, format!("{page}#{}", anchor(verdict, first, one)));
    open.into_iter().map(view).collect()
}

fn one_missing(one: &Requirement, href: String) -> Missing {
    let several = one.needs.len() > 1;
    let until = one.waiver.as_ref().map(|(_, until)| [day(until), until.clone()]);
    Missing {
        id: one.id.clone(),
        href,
        outcome: one.outcome.word(),
        tone: requirement_tone(one.outcome),
        level: if one.is_required() { "" } else { " (recommended)" },
        weight: weight(one.weight),
        statement: one.statement.clone(),
        reason: if several { String::new() } else { one.reason.clone() },
        tree: if several { tree(&one.needs) } else { Vec::new() },
        until: until.unwrap_or_default(),
        who: one.next.clone().unwrap_or_else(|| "nobody is named".to_owned()),
        hint: one.hint.clone(),
    }
}

/// Says what a weight means; nothing of the least, which many requirements have because nothing else is said.
fn weight(weight: u32) -> &'static str {
    match weight {
        5 => "unsafe without it",
        3 => "would hurt operations",
        2 => "for governance",
        _ => "",
    }
}

/// Puts needs of which one is enough under one branch.
fn tree(needs: &[Asked]) -> Vec<Branch> {
    let mut tree: Vec<(Option<&String>, Branch)> = Vec::new();
    for (at, need) in needs.iter().enumerate() {
        let or = if need.is_alternative(&needs[..at]) { "or " } else { "" };
        let told = [format!("{or}{}", need.outcome.word()), need.reason.clone()];
        let group = need.any.as_ref();
        match tree.iter_mut().find(|(known, _)| group.is_some() && *known == group) {
            Some((_, branch)) => branch.needs.push(told),
            None => tree.push((group, Branch { needs: vec![told] })),
        }
    }
    tree.into_iter().map(|(_, branch)| branch).collect()
}

/// Says that a gate was passed and is not ready.
fn lost(unit: &Unit, verdict: &Verdict, here: &[&Recorded]) -> String {
    let last = here.iter().rev().find(|one| one.counts);
    match last.filter(|one| one.effect.passes() && verdict.standing() == Standing::NotReady) {
        Some(one) => format!(
            "{} passed it{}, and it does not hold as of {}: {}",
            unit.packs().artifacts[one.at].id,
            on(&one.decided),
            day(&verdict.as_of),
            verdict.words()
        ),
        None => String::new(),
    }
}

fn on(date: &str) -> String {
    if date.is_empty() { String::new() } else { format!(" on {}", day(date)) }
}

/// Tells in order what was decided at gates, and how long each took.
fn steps(unit: &Unit, recorded: &[Recorded]) -> Vec<StepView> {
    let counting: Vec<&Recorded> =
        recorded.iter().filter(|one| one.counts && !one.decided.is_empty()).collect();
    let since = |at: usize| {
        let before = counting.get(at.checked_sub(1)?)?;
        let days = days_between(&before.decided, &counting[at].decided)?;
        Some(count(usize::try_from(days).ok()?, "day", "days"))
    };
    let step = |at: usize| StepView {
        decision: outcome::view(unit, counting[at]),
        since: since(at).unwrap_or_default(),
    };
    (0..counting.len()).map(step).collect()
}

/// Says how long the way between two gates took beside how long it should.
fn paced(pace: &Pace, recorded: &[Recorded]) -> Option<String> {
    let passed = |gate: &str| {
        let mut here = recorded.iter().filter(|one| one.counts && one.effect.passes());
        here.find(|one| one.is_at(gate)).map(|one| one.decided.as_str())
    };
    let [from, to] = &pace.gates;
    let days = days_between(passed(from)?, passed(to)?)?;
    let [least, most] = pace.days;
    let days = count(usize::try_from(days).ok()?, "day", "days");
    Some(format!("From {from} to {to} it took {days}; {least} to {most} are usual"))
}
