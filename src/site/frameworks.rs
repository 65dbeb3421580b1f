//! What is recorded for items of outside frameworks: the requirements and kinds that are tagged with an item, and the
//! documents that they rest on. It says what is recorded and never that anything is enough.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::encode;
use super::artifact::{DocumentLink, link};
use super::gates::{named, profiles};
use super::unit::Unit;
use super::verdict::{anchor, own, requirement_tone};
use super::view::{Linked, is_web};
use crate::profiles::{Outcome, Profile, Requirement, Source, Verdict};

/// The page of all frameworks.
#[derive(Debug, Hash, Serialize)]
pub(super) struct FrameworksView {
    families: Vec<Family>,
    /// The profiles that judge the pack, with what they were made from.
    profiles: Vec<ProfileView>,
}

/// The items of one framework.
#[derive(Debug, Hash, Serialize)]
struct Family {
    anchor: String,
    title: Linked,
    words: String,
    items: Vec<ItemView>,
}

/// One item, `CM-3`.
#[derive(Debug, Default, Hash, Serialize)]
struct ItemView {
    name: String,
    requirements: Vec<AskedView>,
    /// The first of what is recorded.
    evidence: Vec<DocumentLink>,
    /// The rest of it.
    further: Vec<DocumentLink>,
}

/// So many documents are named at once.
const FEW: usize = 6;

#[derive(Debug, Hash, Serialize)]
struct AskedView {
    id: String,
    href: String,
    statement: String,
    outcome: &'static str,
    tone: &'static str,
}

#[derive(Debug, Hash, Serialize)]
struct ProfileView {
    name: String,
    title: String,
    summary: String,
    bar: String,
    sources: Vec<Linked>,
}

/// What belongs to an item while it is gathered.
#[derive(Default)]
struct Item<'u> {
    requirements: Vec<(&'u Verdict, &'u Requirement)>,
    evidence: Vec<usize>,
}

/// Items by framework and name.
type Items<'u> = BTreeMap<(String, String), Item<'u>>;

pub(super) fn view(unit: &Unit) -> FrameworksView {
    let mut items = Items::new();
    add_requirements(unit, &mut items);
    add_kinds(unit, &mut items);
    let mut families: Vec<Family> = Vec::new();
    for ((family, name), item) in items {
        let item = item_view(unit, name, item);
        match families.last_mut().filter(|known| known.anchor == family) {
            Some(known) => known.items.push(item),
            None => families.push(Family {
                title: title(unit, &family),
                anchor: family,
                words: String::new(),
                items: vec![item],
            }),
        }
    }
    for family in &mut families {
        family.words = counted(&family.items);
    }
    FrameworksView { families, profiles: profiles(unit).map(profile).collect() }
}

fn counted(items: &[ItemView]) -> String {
    let recorded = items.iter().filter(|item| !item.evidence.is_empty()).count();
    format!("Evidence is recorded for {recorded} of {} items that are named here", items.len())
}

/// Cuts `nist:CM-3` into the framework and the item; a tag without one stands by itself.
fn cut(tag: &str) -> (String, String) {
    let (family, item) = tag.split_once(':').unwrap_or((tag, tag));
    (family.to_owned(), item.to_owned())
}

fn add_requirements<'u>(unit: &'u Unit, items: &mut Items<'u>) {
    for verdict in own(unit) {
        let Some(profile) = profiles(unit).find(|one| one.id == verdict.profile) else { continue };
        let first = verdict.requirements.iter().filter(|one| one.gate == verdict.gate_id);
        for one in first.filter(|one| one.outcome != Outcome::NotApplicable) {
            let spec = profile.requirements.iter().find(|spec| spec.id == one.id);
            for tag in spec.into_iter().flat_map(|spec| &spec.tags) {
                let item = items.entry(cut(tag)).or_default();
                item.requirements.push((verdict, one));
                // What does not hold is no evidence of anything.
                let held = one.evidence.iter().filter(|_| one.outcome == Outcome::Met);
                item.evidence.extend(held.filter_map(|place| place.artifact));
            }
        }
    }
}

/// Adds the documents in force of kinds that are tagged.
fn add_kinds(unit: &Unit, items: &mut Items<'_>) {
    let packs = unit.packs();
    for at in unit.own().filter(|at| packs.artifacts[*at].status.is_approved()) {
        for tag in &packs.kinds[packs.artifacts[at].kind].tags {
            items.entry(cut(tag)).or_default().evidence.push(at);
        }
    }
}

fn item_view(unit: &Unit, name: String, mut item: Item<'_>) -> ItemView {
    item.evidence.sort_unstable();
    item.evidence.dedup();
    let first = own(unit).next().map_or("", |verdict| &verdict.profile);
    let page = encode(&unit.routes.completeness);
    let asked = |(verdict, one): (&Verdict, &Requirement)| AskedView {
        id: one.id.clone(),
        href: format!("{page}#{}", anchor(verdict, first, one)),
        statement: one.statement.clone(),
        outcome: one.outcome.word(),
        tone: requirement_tone(one.outcome),
    };
    let mut evidence: Vec<DocumentLink> =
        item.evidence.into_iter().map(|at| link(unit, at)).collect();
    let further = evidence.split_off(evidence.len().min(FEW));
    let requirements = item.requirements.into_iter().map(asked).collect();
    ItemView { name, requirements, evidence, further }
}

/// Names a framework as the first profile that names its source does.
fn title(unit: &Unit, family: &str) -> Linked {
    let all = unit.edition.inputs.profiles.iter();
    let mut sources = all.flat_map(|profile| &profile.sources);
    let known = sources.find(|source| source.id == family);
    known.map_or_else(|| Linked { text: family.to_owned(), href: String::new() }, source)
}

fn source(source: &Source) -> Linked {
    let href = if is_web(&source.url) { source.url.clone() } else { String::new() };
    Linked { text: source.title.clone(), href }
}

fn profile(profile: &Profile) -> ProfileView {
    ProfileView {
        name: named(profile),
        title: profile.title.clone(),
        summary: profile.summary.clone(),
        bar: profile.bar(),
        sources: profile.sources.iter().map(source).collect(),
    }
}
