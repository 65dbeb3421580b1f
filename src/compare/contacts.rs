//! Who is who and how they are reached, and what a pack says of itself.

use std::collections::BTreeMap;

use super::{Change, How, Place, Point, Side};
use crate::kinds::Effect;
use crate::pack::{Days, Pack, Packs, People};
use crate::source::RepoPath;

/// What somebody is known by: a title for each, with facts by name.
type Facts = BTreeMap<String, BTreeMap<&'static str, String>>;

/// Compares the people of two snapshots; with `open` also how they are reached.
pub fn people(before: &Packs, after: &Packs, open: bool) -> Option<Change> {
    let (then, now) = (facts(&before.people, open), facts(&after.people, open));
    let names = then.keys().chain(now.keys().filter(|name| !then.contains_key(*name)));
    let mut points = Vec::new();
    for name in names {
        match (then.get(name), now.get(name)) {
            (Some(one), Some(other)) => points.extend(values(Effect::Contacts, name, one, other)),
            (one, other) => {
                let said = [one, other].map(|facts| facts.map(line));
                let said = [said[0].as_deref(), said[1].as_deref()];
                points.push(Point::value(Effect::Contacts, "", name, said));
            }
        }
    }
    let place = |packs: &Packs| packs.people.path.as_ref().map(place);
    told("People", "People, teams and roles", points, [place(before), place(after)])
}

/// Compares what a pack says of itself.
pub(super) fn pack(before: Side<'_>, after: Side<'_>) -> Option<Change> {
    let pack = |side: Side<'_>| side.pack.map(|pack| &*side.packs.packs[pack]).cloned();
    let (one, other) = (pack(before), pack(after));
    let shown = other.as_ref().or(one.as_ref())?;
    let places = [&one, &other].map(|pack| {
        let pack = pack.as_ref().filter(|pack| pack.declared)?;
        Some(place(&RepoPath::new(&crate::project::join(&pack.folder, "pack.toml"))))
    });
    let title = shown.title.clone();
    if let (Some(one), Some(other)) = (&one, &other) {
        let mut points = values(Effect::Contacts, "", &answering(one), &answering(other));
        points.extend(values(Effect::Other, "", &stated(one), &stated(other)));
        return told("Pack", &title, points, places);
    }
    let [before, after] = places;
    let how = if other.is_some() { How::Added } else { How::Removed };
    let (sort, id, points) = ("Pack".to_owned(), String::new(), Vec::new());
    Some(Change { effect: Effect::Other, sort, id, title, how, before, after, points })
}

fn told(sort: &str, title: &str, points: Vec<Point>, places: [Option<Place>; 2]) -> Option<Change> {
    let [before, after] = places;
    let effect = points.iter().map(|point| point.effect).min()?;
    let (sort, title) = (sort.to_owned(), title.to_owned());
    let (id, how) = (String::new(), How::Changed);
    Some(Change { effect, sort, id, title, how, before, after, points })
}

fn place(path: &RepoPath) -> Place {
    Place { path: path.clone(), route: String::new() }
}

fn facts(people: &People, open: bool) -> Facts {
    let mut facts = Facts::new();
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    for one in &people.persons {
        let own = facts.entry(one.name.clone()).or_default();
        own.extend([("team", some(&one.team)), ("time zone", some(&one.timezone))]);
        own.extend([("backup", some(&one.backup)), ("days", days(&one.days))]);
        if open {
            own.extend([("mail", some(&one.mail)), ("phone", some(&one.phone))]);
            own.insert("chat", some(&one.chat));
        }
    }
    for one in &people.teams {
        let own = facts.entry(one.name.clone()).or_default();
        own.insert("side", some(&one.side));
        if open {
            own.insert("duty phone", some(&one.duty_phone));
        }
    }
    for one in &people.roles {
        let backup = if one.backup_required { "needed" } else { "" };
        facts.entry(one.title.clone()).or_default().insert("backup", backup.to_owned());
    }
    facts
}

/// Who answers for a pack, and in which role.
fn answering(pack: &Pack) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    let mut put = |name: &str, text: Option<&str>| {
        said.insert(name.to_owned(), text.unwrap_or_default().to_owned());
    };
    put("owner", pack.owner.as_ref().map(|(name, _)| name.as_str()));
    put("approvers", Some(&pack.approvers.join(", ")));
    put("home team", pack.home.team.as_deref());
    put("operational owner", pack.home.operational_owner.as_ref().map(|(name, _)| name.as_str()));
    for one in &pack.roles {
        let who = [one.person.as_str(), &days(&one.days)].join(" ");
        let held: &mut String = said.entry(one.role.clone()).or_default();
        let comma = if held.is_empty() { "" } else { ", " };
        *held = format!("{held}{comma}{}", who.trim_end());
    }
    said
}

/// What a pack says beside that.
fn stated(pack: &Pack) -> BTreeMap<String, String> {
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let own = [
        ("title", pack.title.clone()),
        ("summary", pack.summary.clone()),
        ("classification", some(&pack.classification)),
        ("run budget", some(&pack.home.run_budget)),
        ("time zone", some(&pack.timezone)),
        ("profiles", pack.profiles.join(", ")),
    ];
    let facts = pack.facts.iter().map(|fact| (fact.name.clone(), fact.values.join(", ")));
    own.into_iter().map(|(name, text)| (name.to_owned(), text)).chain(facts).collect()
}

fn days(days: &Days) -> String {
    let [from, until] = [("from", &days.from), ("until", &days.until)]
        .map(|(word, day)| day.as_ref().map(|day| format!("{word} {day}")));
    from.into_iter().chain(until).collect::<Vec<_>>().join(" ")
}

/// Lists what differs between two sets of facts; an empty one says nothing.
fn values<K: Ord + AsRef<str>>(
    effect: Effect,
    section: &str,
    one: &BTreeMap<K, String>,
    other: &BTreeMap<K, String>,
) -> Vec<Point> {
    let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
    let said = |facts: &BTreeMap<K, String>, name| {
        facts.get(name).filter(|text| !text.is_empty()).cloned()
    };
    let differ = names.filter_map(|name| {
        let (was, is) = (said(one, name), said(other, name));
        let point =
            || Point::value(effect, section, name.as_ref(), [was.as_deref(), is.as_deref()]);
        (was != is).then(point)
    });
    differ.collect()
}

/// Writes all facts in one line.
fn line(facts: &BTreeMap<&'static str, String>) -> String {
    let filled = facts.iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(name, text)| format!("{name} {text}")).collect::<Vec<_>>().join(", ")
}
