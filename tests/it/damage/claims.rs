//! What a site claims in its log, its approvals, its badges, its verdicts and its tags, and when a claim contradicts
//! another.
//!
//! A claim of the damaged repository is no contradiction when
//! - it equals that of the whole one, or
//! - it is left out: `null`, an empty text, an empty list, a kind of landing that is only `boundary`, or
//! - it says that it is not known, in the word for that: `not known`, `unknown`, `undetermined`, `unverifiable`, or
//! - it names somebody as the commit does, where the whole one gives the name of the registry, or
//! - it is weaker in the order of its kind, from strong to weak: an assurance `verified`, `attested`, `attributed`,
//!   `reported`; a signature `verified` or `good-other-person`, then `good-unknown-key`, then `unverifiable`; a return
//!   that is `confirmed`, then one that is `claimed`; the clock of a `server`, then that of a `client`; a text known by its digest, by its commit (`implicit`), by a squash
//!   (`implicit-squash`).
//!
//! Everything else is a contradiction: another name, another date, another state, another verdict, an approval or a change
//! of status that the whole repository does not tell. One entry may be told that the whole one does not tell: that a
//! document has at some landing the status which it has there in the whole one too, when the entry says that what it was
//! before is not known. What is no longer told at all is lost, and when objects are lost the history must say that it is
//! incomplete.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::harm::Case;
use super::log::{is_empty, list, log, text, untrue_signature};
use super::pages;
use crate::lab::has_extension;

/// What the build says when a version cannot be read.
const LOST: &[u8] = b"settings.lost-version";

/// When a feed without entries changed.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// What a site says to programs, by address, and the days and hours on its pages.
#[derive(Debug, PartialEq)]
pub(super) struct Claims {
    files: BTreeMap<String, Value>,
    times: BTreeMap<String, BTreeSet<String>>,
    said: BTreeMap<String, BTreeSet<String>>,
    /// When commits were made.
    landed: BTreeSet<String>,
    /// The ids or names of all authors.
    authors: BTreeSet<String>,
    /// Whether the build says that it lost a version.
    lost_version: bool,
}

impl Claims {
    /// Reads a site; commits are told by the first lines of their messages, and those of the branch in their order.
    pub(super) fn read(site: &BTreeMap<String, Vec<u8>>, case: &Case) -> Self {
        let authors = case.with_ids(case.authors.values().cloned().collect());
        let mut claims = Self {
            files: BTreeMap::new(),
            times: BTreeMap::new(),
            said: BTreeMap::new(),
            landed: case.times.clone(),
            authors,
            lost_version: site["build"].windows(LOST.len()).any(|word| word == LOST),
        };
        for (address, bytes) in site {
            if address.starts_with("explain/") {
                let lines = pages::lines(std::str::from_utf8(bytes).unwrap());
                claims.said.insert(address.clone(), case.with_ids(lines));
            }
            let last = address.rsplit('/').next().unwrap();
            let is_badge = address.contains("badges/") && has_extension(address, "json");
            if is_badge
                || ["decision-log.json", "completeness.json", "versions.json", "check.json"]
                    .contains(&last)
            {
                let mut value = serde_json::from_slice(bytes).unwrap();
                rename(&mut value, &case.names);
                if last == "decision-log.json" {
                    value["landings"] = json!(case.landings);
                    value["authors"] = json!(case.authors);
                    value["files"] = json!(case.files);
                }
                claims.files.insert(address.clone(), value);
            }
            if [".html", ".csv", ".atom"].iter().any(|end| address.ends_with(end)) {
                let text = std::str::from_utf8(bytes).unwrap();
                claims.times.insert(address.clone(), times(text));
                claims.said.insert(address.clone(), case.with_ids(pages::said(text)));
            }
        }
        claims
    }
}

impl Claims {
    /// Tells whether it is not known of a document whether it is approved.
    fn is_unsure(&self) -> bool {
        let mut documents = self.files.values().flat_map(|value| list(value, "documents"));
        documents.any(|one| one["evidenced"] == "undetermined")
    }

    /// Names the folder of the version of a pack that is the latest.
    fn latest(&self, pack: &str) -> Option<&str> {
        let versions = list(self.files.get(&format!("{pack}/versions.json"))?, "versions");
        let latest = versions.iter().find(|one| one["state"] == "published")?;
        Some(text(latest, "slug"))
    }

    /// Returns where another site tells the same: when it says that it lost a version, another one is the latest.
    fn address_in(&self, damaged: &Self, address: &str) -> String {
        let moved = address.split_once("/latest/").and_then(|(pack, page)| {
            let version = damaged.latest(pack)?;
            let is_other = self.latest(pack) != Some(version) && damaged.lost_version;
            is_other.then(|| format!("{pack}/{version}/{page}"))
        });
        moved.unwrap_or_else(|| address.to_owned())
    }

    /// Finds the log of the pack of which a page is.
    fn log_beside(&self, address: &str) -> Option<&Value> {
        let folders = address.match_indices('/').rev().map(|(at, _)| &address[..=at]);
        let mut logs =
            folders.chain([""]).map(|at| self.files.get(&format!("{at}decision-log.json")));
        logs.find_map(|log| log)
    }

    /// Lists the documents of the pack of which a page is.
    fn documents_beside(&self, address: &str) -> &[Value] {
        self.log_beside(address).map(|log| list(log, "documents")).unwrap_or_default()
    }

    /// Lists the times of a log at which it only tells what documents had come to.
    fn times_unknown(&self, address: &str) -> BTreeSet<String> {
        let entries = self.log_beside(address).map(|log| list(log, "entries")).unwrap_or_default();
        let open = entries.iter().filter(|one| one["from"] == "not known");
        open.flat_map(|one| times(&one.to_string())).collect()
    }
}

/// Puts the name of a commit where its id is.
fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(fields) => fields.values_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

/// Finds all times such as `2026-01-01T02:00:00Z`.
fn times(text: &str) -> BTreeSet<String> {
    let ends = text.match_indices(":00Z").map(|(at, _)| at + 4);
    ends.filter_map(|end| text.get(end.checked_sub(20)?..end)).map(str::to_owned).collect()
}

/// Lists what damaged claims contradict. `lost` tells whether objects are lost, so that what is no longer told must be
/// said to be incomplete.
pub(super) fn contradictions(whole: &Claims, damaged: &Claims, lost: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (address, told) in &damaged.files {
        let at = whole.address_in(damaged, address);
        let Some(truth) = whole.files.get(&at) else {
            wrong.push(format!("{address} is new"));
            continue;
        };
        let found = match address.rsplit('/').next().unwrap() {
            "decision-log.json" => log(truth, told, lost),
            "completeness.json" => gates(truth, told, lost),
            "check.json" => check(truth, told, lost),
            "versions.json" => tags(truth, told),
            _ => badges(truth, told, lost, whole.documents_beside(&at)),
        };
        wrong.extend(found.into_iter().map(|text| format!("{address}: {text}")));
    }
    for (address, told) in &damaged.times {
        let known_at = &whole.address_in(damaged, address);
        // Which date stands for what is compared in the logs.
        let log = whole.log_beside(known_at).map(|log| times(&log.to_string()));
        let logs = [log.unwrap_or_default(), damaged.times_unknown(address)];
        // Lists show a document that cannot be read among others of another kind.
        let elsewhere = address.contains("kinds/").then(|| whole.times.values().flatten());
        let known = whole.times.get(known_at).into_iter().chain(&logs).flatten();
        let known: BTreeSet<&String> = known.chain(elsewhere.into_iter().flatten()).collect();
        // Of several files with one id the whole site shows no past: any commit may be part of it. The past of a text goes
        // by its approvals, when they are known.
        let is_past = address.contains("history/") && damaged.is_unsure();
        // A paper tells of each document what it rests on: another landing, where who approved is not known.
        let is_paper = !lost && address.contains("gates/");
        // In a line of its own it says when an approval was taken back, and nothing beside a change of status.
        let approvals = whole.log_beside(known_at).map(|log| list(log, "approvals"));
        let is_revoked = |one: &Value| !one["revoked"].is_null();
        let is_taken_back = address.ends_with("decision-log.csv")
            && approvals.is_some_and(|all| all.iter().any(is_revoked));
        let is_open = is_past || is_paper || is_taken_back || !whole.times.contains_key(known_at);
        let is_landed = |time: &String| is_open && whole.landed.contains(time);
        let new = told.iter().filter(|time| *time != NEVER && !known.contains(time));
        let new = new.filter(|time| !is_landed(time));
        wrong.extend(new.map(|time| format!("{address}: {time} is new")));
    }
    for (address, told) in &damaged.said {
        // Two documents with one id are explained by neither.
        let known_at = &whole.address_in(damaged, address);
        let known = whole.said.get(known_at).filter(|known| !known.is_empty());
        // That a text changed after its status did is told until it is approved anew.
        let changed = |text: &str| {
            let change = text.strip_prefix("changed after that: ");
            let by = change.and_then(|change| change.split_once(" by "));
            by.is_some_and(|(_, by)| whole.authors.contains(by.split(',').next().unwrap()))
        };
        let is_less = |text: &str, known| pages::is_less(text, known) || changed(text);
        let new = told.iter().filter(|text| known.is_some_and(|known| !is_less(text, known)));
        wrong.extend(new.map(|text| format!("{address} says `{text}`, not one of {known:?}")));
    }
    wrong
}

/// Verdicts may only become undetermined; where a registry says less, a pack may also be less ready.
fn gates(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (truth, gate) in list(whole, "gates").iter().zip(list(told, "gates")) {
        wrong.extend(untrue_verdict(&truth["gate"], &gate["gate"], lost));
        wrong.extend(untrue_outcomes(list(truth, "checks"), list(gate, "checks"), lost));
    }
    wrong
}

fn untrue_verdict(whole: &Value, told: &Value, lost: bool) -> Option<String> {
    let verdicts = ["ready", "ready-with-waivers", "undetermined", "not-ready"];
    // `check` says it in the words of the badge.
    let rank = |gate: &Value| {
        let word = text(gate, "verdict").split(" · ").next().unwrap().replace(' ', "-");
        verdicts.iter().position(|known| *known == word)
    };
    let (was, is) = (rank(whole), rank(told));
    let ok = was == is || is == Some(2) || !lost && is > was;
    (!ok).then(|| format!("{} instead of {}", told["verdict"], whole["verdict"]))
}

fn untrue_outcomes(whole: &[Value], told: &[Value], lost: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (truth, check) in whole.iter().zip(told) {
        let (was, is) = (&truth["outcome"], &check["outcome"]);
        if was != is && is != "unknown" && (lost || is == "met") {
            wrong.push(format!("{} is {is}, not {was}", check["id"]));
        }
    }
    wrong
}

/// What is found in a history is found in the whole one too, but for what says that it is not whole.
fn check(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (truth, verdict) in list(whole, "verdicts").iter().zip(list(told, "verdicts")) {
        wrong.extend(untrue_verdict(truth, verdict, lost));
        let of = |one| list(one, "requirements");
        wrong.extend(untrue_outcomes(of(truth), of(verdict), lost));
    }
    let incomplete = ["history.shallow", "history.missing-objects"];
    let is_of_history = |one: &&Value| {
        let group = text(one, "rule").split('.').next().unwrap();
        ["history", "approval"].contains(&group) && !incomplete.contains(&text(one, "rule"))
    };
    // Without names and addresses commits have other ids.
    let found = list(told, "findings").iter().filter(|_| lost).filter(is_of_history);
    let new = found.filter(|one| !list(whole, "findings").contains(one));
    wrong.extend(new.map(|one| format!("found {one}")));
    wrong
}

fn tags(whole: &Value, told: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for version in list(told, "versions") {
        let same = |one: &&Value| one["name"] == version["name"];
        let Some(truth) = list(whole, "versions").iter().find(same) else {
            wrong.push(format!("another version {version}"));
            continue;
        };
        let (was, is) = (&truth["tag"], &version["tag"]);
        if is.is_null() {
            continue;
        }
        wrong.extend(untrue_signature(was, is));
        let kinds =
            is["kind"] == was["kind"] || is["kind"] == "annotated" && was["kind"] == "baseline";
        if !kinds || !is_empty(&is["person"]) && is["person"] != was["person"] {
            wrong.push(format!("tag {is} instead of {was}"));
        }
    }
    wrong
}

/// A badge says the same, or that something is not known, or no more than what the document declares.
fn badges(whole: &Value, told: &Value, lost: bool, documents: &[Value]) -> Vec<String> {
    if told.get("message").is_some() {
        let is_worse = !lost && text(told, "message").starts_with("not ready");
        return untrue_badge("", whole, told, &[]).into_iter().filter(|_| !is_worse).collect();
    }
    // Where a registry says less, a pack may be less ready.
    let is_worse = |badge: &Value| !lost && text(badge, "message").starts_with("not ready");
    let own = told.as_object().unwrap().iter().filter(|(_, badge)| !is_worse(badge));
    own.filter_map(|(stem, badge)| untrue_badge(stem, &whole[stem], badge, documents)).collect()
}

fn untrue_badge(stem: &str, whole: &Value, told: &Value, documents: &[Value]) -> Option<String> {
    let (was, is) = (text(whole, "message"), text(told, "message"));
    let is_open = ["undetermined", "unknown", "unreadable"].iter().any(|word| is.contains(word));
    let declared =
        |message: &str| message.split([',', '·']).next().map(|word| word.trim().to_owned());
    let names = |message: &str| -> BTreeSet<String> {
        let names = message.split(" · ").nth(1).unwrap_or_default().split(", ");
        names.map(str::to_owned).collect()
    };
    let level = |message: &str| message.split(" · ").nth(2).map(str::to_owned);
    let fewer = level(is).is_some() && level(was) == level(is) && names(is).is_subset(&names(was));
    let is_less = declared(was) == declared(is)
        && (was.starts_with(is) || is.ends_with("then changed") || fewer);
    if let Some(kind) = stem.strip_prefix("kinds/").filter(|_| was != is) {
        return untrue_tally(kind, was, is, documents);
    }
    // Of a claim the badge of the whole does not say which word is claimed.
    let id = text(whole, "label");
    let is_that = |one: &Value| text(one, "id") == id && text(one, "declared") == is;
    let is_word = was == "claimed, no evidence" && documents.iter().any(is_that);
    let is_less = is_less || is_word;
    (!(was == is || is_open || is_less))
        .then(|| format!("badge {stem} says `{is}` instead of `{was}`"))
}

/// Of the documents of a kind none more are counted, but for some that are not known, perhaps of another kind; each says no
/// more than what it declares, or the same as in the whole.
fn untrue_tally(kind: &str, was: &str, is: &str, documents: &[Value]) -> Option<String> {
    let open = ["undetermined", "unknown", "unreadable"];
    let parts = |message: &str| -> Vec<(u32, String)> {
        let parts = message.split(" · ").filter_map(|part| part.split_once(' '));
        parts.map(|(many, word)| (many.parse().unwrap_or_default(), word.to_owned())).collect()
    };
    let (truth, told) = (parts(was), parts(is));
    let is_open = |word: &str| open.iter().any(|open| word.contains(open));
    let count = |parts: &[(u32, String)]| {
        let known = parts.iter().filter(|(_, word)| !is_open(word));
        known.map(|(many, _)| many).sum::<u32>()
    };
    let declared = |word: &str| {
        let own = |one: &&Value| one["type"] == kind && text(one, "declared") == word;
        u32::try_from(documents.iter().filter(own).count()).unwrap()
    };
    let is_known = |(many, word): &(u32, String)| {
        is_open(word)
            || truth.iter().any(|(all, known)| known == word && many <= all)
            || *many <= declared(word.strip_suffix(", then changed").unwrap_or(word))
    };
    let all = truth.iter().map(|(many, _)| many).sum();
    let ok = count(&told) <= all && told.iter().all(is_known);
    (!ok).then(|| format!("badge of all {kind} says `{is}` instead of `{was}`"))
}
