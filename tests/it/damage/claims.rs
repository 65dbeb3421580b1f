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
//!   that is `confirmed`, then one that is `claimed`; a text known by its digest, by its commit (`implicit`), by a squash
//!   (`implicit-squash`); an approval whose text is back (`restored`), or there (`valid`).
//!
//! Everything else is a contradiction: another name, another date, another state, another verdict, an approval or a change
//! of status that the whole repository does not tell. One entry may be told that the whole one does not tell: that a
//! document has at some landing the status which it has there in the whole one too, when the entry says that what it was
//! before is not known. What is no longer told at all is lost, and when objects are lost the history must say that it is
//! incomplete.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::harm::Case;
use crate::lab::has_extension;

/// When a feed without entries changed.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// What a site says to programs, by address, and the days and hours on its pages.
#[derive(Debug, PartialEq)]
pub(super) struct Claims {
    files: BTreeMap<String, Value>,
    times: BTreeMap<String, BTreeSet<String>>,
}

impl Claims {
    /// Reads a site; commits are told by the first lines of their messages, and those of the branch in their order.
    pub(super) fn read(site: &BTreeMap<String, Vec<u8>>, case: &Case) -> Self {
        let mut claims = Self { files: BTreeMap::new(), times: BTreeMap::new() };
        for (address, bytes) in site {
            let last = address.rsplit('/').next().unwrap();
            let is_badge = address.contains("badges/") && has_extension(address, "json");
            if is_badge
                || ["decision-log.json", "completeness.json", "versions.json"].contains(&last)
            {
                let mut value = serde_json::from_slice(bytes).unwrap();
                rename(&mut value, &case.names);
                if last == "decision-log.json" {
                    value["landings"] = json!(case.landings);
                    value["authors"] = json!(case.authors);
                }
                claims.files.insert(address.clone(), value);
            }
            if [".html", ".csv", ".atom"].iter().any(|end| address.ends_with(end)) {
                claims.times.insert(address.clone(), times(std::str::from_utf8(bytes).unwrap()));
            }
        }
        claims
    }
}

impl Claims {
    /// Lists when entries landed that say what was before is not known: pages may show that.
    fn open(&self) -> BTreeSet<&str> {
        let entries = self.files.values().flat_map(|value| list(value, "entries"));
        let open = entries.filter(|entry| entry["from"] == "not known");
        let approvals = self.files.values().flat_map(|value| list(value, "approvals"));
        let unknown = approvals.filter(|one| one["state"] == "unknown");
        let landed = unknown.map(|one| text(one, "landed"));
        landed.chain(open.map(|entry| text(&entry["landing"], "landed"))).collect()
    }

    /// Tells whether it is not known of a document whether it is approved.
    fn is_unsure(&self) -> bool {
        let mut documents = self.files.values().flat_map(|value| list(value, "documents"));
        documents.any(|one| one["evidenced"] == "undetermined")
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
        let Some(truth) = whole.files.get(address) else {
            wrong.push(format!("{address} is new"));
            continue;
        };
        let found = match address.rsplit('/').next().unwrap() {
            "decision-log.json" => log(truth, told, lost),
            "completeness.json" => gates(truth, told, lost),
            "versions.json" => tags(truth, told),
            _ => badges(truth, told, lost),
        };
        wrong.extend(found.into_iter().map(|text| format!("{address}: {text}")));
    }
    let open = damaged.open();
    let is_unsure = damaged.is_unsure();
    for (address, told) in &damaged.times {
        // Lists show a document that cannot be read among others of another kind.
        let elsewhere = address.contains("kinds/").then(|| whole.times.values().flatten());
        let elsewhere: BTreeSet<&String> = elsewhere.into_iter().flatten().collect();
        let known = whole.times.get(address);
        let new = told.iter().filter(|time| known.is_none_or(|known| !known.contains(*time)));
        let new = new.filter(|time| {
            *time != NEVER && !open.contains(time.as_str()) && !elsewhere.contains(time)
        });
        // The past of a text goes by approvals, when they are known.
        let new = new.filter(|_| !(is_unsure && address.contains("history/")));
        wrong.extend(new.map(|time| format!("{address}: {time} is new")));
    }
    wrong
}

fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    of[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of[name].as_str().unwrap_or_default()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || *value == json!("") || *value == json!([])
}

fn log(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in list(told, "entries") {
        wrong.extend(untrue_entry(whole, told, entry));
    }
    for approval in list(told, "approvals") {
        wrong.extend(untrue_approval(whole, approval));
    }
    for document in list(told, "documents") {
        let same = |one: &&Value| one["path"] == document["path"];
        let Some(truth) = list(whole, "documents").iter().find(same) else {
            wrong.push(format!("another document {document}"));
            continue;
        };
        if document["declared"] == "unreadable" {
            continue;
        }
        let rest = differing(truth, document, &["evidenced"]);
        wrong.extend(rest.map(|key| format!("{}: {key}", document["path"])));
        let is = &document["evidenced"];
        if truth["evidenced"] != *is && !is.is_null() && *is != "undetermined" {
            let (id, was) = (&document["id"], &truth["evidenced"]);
            wrong.push(format!("{id} is evidenced {is}, not {was}"));
        }
    }
    for post in list(told, "goalposts") {
        wrong.extend(untrue_goalpost(whole, post));
    }
    let silent = |one: &Value| {
        let mut one = one.as_object().unwrap().clone();
        one.remove("history");
        one
    };
    // A signature says by itself that its keys are lacking.
    let lost = lost && !told.to_string().contains("the keys of that time are not in this clone");
    if lost && told["history"]["complete"] != false && silent(whole) != silent(told) {
        wrong.push("it tells something else and does not say that it is incomplete".to_owned());
    }
    wrong
}

/// Lists the keys of two objects whose values differ, but for some.
fn differing<'v>(
    whole: &'v Value,
    told: &'v Value,
    but: &'v [&'v str],
) -> impl Iterator<Item = String> + 'v {
    let fields = told.as_object().into_iter().flatten();
    let others = fields.filter(move |(key, _)| !but.contains(&key.as_str()));
    others
        .filter(move |(key, value)| whole[key.as_str()] != **value)
        .map(move |(key, value)| format!("{key} is {value}, not {}", whole[key.as_str()]))
}

/// The same, but for what is left out.
fn more<'v>(whole: &'v Value, told: &'v Value, but: &'v [&'v str]) -> Vec<String> {
    let left: Vec<&str> = told
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| is_empty(value))
        .map(|(key, _)| key.as_str())
        .collect();
    let all: Vec<&str> = but.iter().copied().chain(left).collect();
    differing(whole, told, &all).collect()
}

fn is_signature_weaker(whole: &Value, told: &Value) -> bool {
    let rank = |word: &Value| match word.as_str().unwrap_or_default() {
        "unverifiable" => 0,
        "good-unknown-key" => 1,
        "verified" | "good-other-person" | "expired-key" => 2,
        _ => 3,
    };
    whole == told || whole != "absent" && rank(told) < rank(whole)
}

fn untrue_signature(whole: &Value, told: &Value) -> Vec<String> {
    let (was, is) = (&whole["signature"], &told["signature"]);
    let by = is_empty(&told["signed_by"]) || whole["signed_by"] == told["signed_by"];
    let ok = by && is_signature_weaker(was, is);
    if ok { Vec::new() } else { vec![format!("signature is {is}, not {was}")] }
}

const AUTHORED: [&str; 4] = ["signature", "signed_by", "unverifiable", "authors"];

/// The landing of an entry as its name and what happened there to which document.
fn place(entry: &Value) -> (&str, &str) {
    (text(entry, "document"), text(&entry["landing"], "commit"))
}

/// What of an entry is compared by rules of its own.
const LOOKED_AT: [&str; 14] = [
    "seq",
    "from",
    "landing",
    "origins",
    "concurrent",
    "gap",
    "in_force_until",
    "together",
    "passing",
    "restores",
    "takes_back",
    "lands_again",
    "changed_later",
    "notes",
];

fn untrue_entry(whole: &Value, all: &Value, told: &Value) -> Vec<String> {
    let place = place(told);
    let entries = list(whole, "entries");
    let truth = entries.iter().find(|one| self::place(one) == place && one["to"] == told["to"]);
    let name = |text: String| format!("entry {place:?}: {text}");
    let is_open = told["from"] == "not known";
    let Some(truth) = truth else {
        // It may have come to this before.
        let before = entries
            .iter()
            .rfind(|one| text(one, "document") == place.0 && landed_before(whole, one, told));
        let known = before.is_some_and(|one| one["to"] == told["to"]);
        let silent = is_empty(&told["origins"]) && told["landing"]["pr"].is_null();
        let ok = is_open && known && silent;
        return if ok { Vec::new() } else { vec![name(format!("nothing like it: {told}"))] };
    };
    let mut wrong = more(truth, told, &LOOKED_AT);
    let is_lost = list(all, "documents").iter().any(|one| one["declared"] == "unreadable");
    let is_back = text(document(whole, place.0), "evidenced") == "approved";
    if !is_open && told["from"] != truth["from"] {
        wrong.push(format!("from is {}, not {}", told["from"], truth["from"]));
    }
    wrong.extend(untrue_landing(&truth["landing"], &told["landing"]));
    wrong.extend(untrue_origins(&whole["authors"], truth, told));
    let ends = &told["in_force_until"];
    let may_end = ends.is_null() && (is_lost || is_followed_by_doubt(all, told));
    if *ends != truth["in_force_until"] && !may_end {
        wrong.push(format!("in force until {ends}, not {}", truth["in_force_until"]));
    }
    if told["together"].as_u64() > truth["together"].as_u64()
        || told["passing"] == true && truth["passing"] != true
    {
        wrong.push("together or passing".to_owned());
    }
    // Where an approval tells that the text is back, only that it changed may be left.
    let may_differ = if told["changed_later"] == true { is_back } else { is_open || is_lost };
    if told["changed_later"] != truth["changed_later"] && !may_differ {
        wrong.push(format!("changed later: {}", told["changed_later"]));
    }
    for key in ["restores", "lands_again"] {
        let of = |log: &Value, entry: &Value| entry[key].as_u64().map(|seq| at(log, seq));
        if !told[key].is_null() && of(all, told) != of(whole, truth) {
            wrong.push(format!("{key} another one"));
        }
    }
    wrong.extend(untrue_return(whole, truth, all, told));
    wrong.extend(untrue_notes(truth, told));
    wrong.into_iter().map(name).collect()
}

/// Finds a document by its id.
fn document<'v>(log: &'v Value, id: &str) -> &'v Value {
    let found = list(log, "documents").iter().find(|one| one["id"] == id);
    found.unwrap_or(&Value::Null)
}

/// Names the entry with a number.
fn at(log: &Value, seq: u64) -> (String, String) {
    let entry = list(log, "entries").iter().find(|one| one["seq"] == seq);
    let (document, commit) = entry.map(place).unwrap_or_default();
    (document.to_owned(), commit.to_owned())
}

/// Tells whether an entry of the whole log landed before another one, as far as its entries tell.
fn landed_before(whole: &Value, one: &Value, other: &Value) -> bool {
    let order = |entry: &Value| {
        let commit = text(&entry["landing"], "commit");
        list(whole, "landings").iter().position(|known| known == commit)
    };
    order(one).unwrap_or(0) <= order(other).unwrap_or(usize::MAX)
}

/// Tells whether a later entry of the document says that what it was before is not known.
fn is_followed_by_doubt(all: &Value, told: &Value) -> bool {
    let later = |one: &&Value| one["seq"].as_u64() > told["seq"].as_u64();
    let mut later = list(all, "entries").iter().filter(later);
    later.any(|one| one["document"] == told["document"] && one["from"] == "not known")
}

fn untrue_landing(whole: &Value, told: &Value) -> Vec<String> {
    let mut wrong = more(whole, told, &["kind", "pr", "signature", "signed_by", "unverifiable"]);
    let (was, is) = (&whole["pr"], &told["pr"]);
    let via = list(is, "via").iter().all(|one| list(was, "via").contains(one));
    let is_less = is.is_null() || is["number"] == was["number"] && via;
    if !is_less {
        wrong.push(format!("pull request {is} instead of {was}"));
    }
    if told["kind"] != "boundary" && told["kind"] != whole["kind"] {
        wrong.push(format!("landed as {}", told["kind"]));
    }
    wrong.extend(untrue_signature(whole, told));
    wrong
}

fn untrue_origins(authors: &Value, whole: &Value, told: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let known = |one: &Value, name: &str| {
        list(whole, name).iter().any(|truth| {
            let same =
                more(truth, one, &AUTHORED).is_empty() && untrue_signature(truth, one).is_empty();
            let as_committed = || {
                let name = &authors[text(one, "commit")];
                list(one, "authors").iter().all(|author| author == name || is_empty(author))
            };
            same && (one["authors"] == truth["authors"] || as_committed())
        })
    };
    for name in ["origins", "concurrent"] {
        let new = list(told, name).iter().filter(|one| !known(one, name));
        wrong.extend(new.map(|one| format!("{name}: {one}")));
    }
    let (many, few) = (list(whole, "origins").len(), list(told, "origins").len());
    if few > 0 && few < many {
        wrong.push(format!("{few} origins of {many}"));
    }
    wrong
}

fn untrue_return(whole: &Value, truth: &Value, all: &Value, told: &Value) -> Option<String> {
    let is = &told["takes_back"];
    let seq = |entry: &Value| entry["takes_back"]["seq"].as_u64();
    let of = |log, entry| seq(entry).map(|seq| at(log, seq));
    let same = || of(all, told) == of(whole, truth);
    let weaker = is["how"] == truth["takes_back"]["how"] || is["how"] == "claimed";
    let is_less = is.is_null() || weaker && same();
    (!is_less).then(|| format!("takes back {is}"))
}

fn untrue_notes(whole: &Value, told: &Value) -> Vec<String> {
    let known = list(whole, "notes");
    let is_open = |note: &str| {
        note.starts_with("At the edge of a shallow clone") || note.starts_with("In between, ")
    };
    let new = list(told, "notes").iter().filter(|note| !known.contains(note));
    new.filter(|note| !is_open(note.as_str().unwrap())).map(|note| format!("note {note}")).collect()
}

fn untrue_approval(whole: &Value, told: &Value) -> Vec<String> {
    let keys = ["document", "commit", "decision", "scope", "source"];
    let named = format!("approval {} {} {}", told["document"], told["commit"], told["by"]);
    let alike = |one: &&Value| keys.iter().all(|key| one[*key] == told[*key]);
    let mut wrong: Option<Vec<String>> = None;
    for truth in list(whole, "approvals").iter().filter(alike) {
        let found = unlike(whole, truth, told);
        if wrong.as_ref().is_none_or(|known| found.len() < known.len()) {
            wrong = Some(found);
        }
    }
    // What it copies is not there, so it may speak of another document.
    let is_open = told["state"] == "unknown" && told["counts"] == false;
    let wrong = wrong.unwrap_or_else(|| {
        if is_open { Vec::new() } else { vec![format!("nothing like it: {told}")] }
    });
    wrong.into_iter().map(|text| format!("{named}: {text}")).collect()
}

/// How sure an approval is, the least first.
const LEVELS: [&str; 4] = ["reported", "attributed", "attested", "verified"];

/// How well it is known which text it is about, the least first.
const BINDINGS: [&str; 3] = ["implicit-squash", "implicit", "explicit"];

/// What an approval says otherwise.
fn unlike(whole: &Value, truth: &Value, told: &Value) -> Vec<String> {
    let wrote = |name: &Value| {
        let own = list(whole, "approvals").iter().filter(|one| one["document"] == told["document"]);
        own.flat_map(|one| list(one, "contributors")).any(|one| one == name)
    };
    let is_author =
        |name: &Value| whole["authors"].as_object().unwrap().values().any(|one| one == name);
    let mut wrong = more(
        truth,
        told,
        &[
            "by",
            "binding",
            "counts",
            "relation",
            "level",
            "state",
            "stale_since",
            "separation",
            "contributors",
            "reflected",
            "bootstrap",
            "relation",
        ],
    );
    let mut look = |key: &str, ok: bool| {
        if !ok {
            wrong.push(format!("{key} is {}, not {}", told[key], truth[key]));
        }
    };
    // Whom the registry does not know has the name that was recorded.
    let by = told["by"] == truth["by"] || told["person"].is_null();
    look("by", by);
    let rank = |one: &Value| LEVELS.iter().position(|word| one["level"] == *word);
    look("level", rank(told) <= rank(truth));
    let is_back = truth["state"] == "restored" && told["state"] == "valid";
    look("state", told["state"] == truth["state"] || told["state"] == "unknown" || is_back);
    let rank = |one: &Value| BINDINGS.iter().position(|word| one["binding"] == *word);
    look("binding", rank(told) <= rank(truth));
    let since = &told["stale_since"];
    let landed = more(&truth["stale_since"], since, &["by"]).is_empty();
    let by = truth["stale_since"]["by"] == since["by"]
        || is_author(&since["by"])
        || is_empty(&since["by"]);
    look("stale_since", since.is_null() || landed && by);
    let separation = &told["separation"];
    let is_open = *separation == "undetermined";
    look("separation", *separation == truth["separation"] || is_open);
    let (all, some) = (list(truth, "contributors"), list(told, "contributors"));
    // Since when they count may not be known any more.
    let unknown = |one: &Value| is_empty(one) || is_author(one) || wrote(one);
    look("contributors", some.iter().all(|one| all.contains(one) || unknown(one)));
    look("contributors", is_open || some.len() >= all.len() || some.iter().any(is_empty));
    let (all, some) = (list(truth, "relation"), list(told, "relation"));
    let says_less = is_open && some.iter().all(|one| all.contains(one));
    look("relation", some == all || says_less);
    for key in ["reflected", "bootstrap"] {
        let is_left_out = told[key].is_null() || is_open && told[key] == false;
        look(key, told[key] == truth[key] || is_left_out);
    }
    wrong
}

fn untrue_goalpost(whole: &Value, told: &Value) -> Vec<String> {
    let commit = |one: &Value, key: &str| one[key]["commit"].clone();
    let began = |one: &Value| {
        one["document"] == told["document"] && commit(one, "start") == commit(told, "start")
    };
    let decided = |one: &Value| commit(one, "decision") == commit(told, "decision");
    let alike = |one: &&Value| began(one) && decided(one);
    let Some(truth) = list(whole, "goalposts").iter().find(alike) else {
        // The decision may be lost.
        let is_open = told["outcome"] == "unknown" && told["decision"].is_null();
        let known = is_open && list(whole, "goalposts").iter().any(began);
        let ok = known && is_empty(&told["changes"]);
        return if ok { Vec::new() } else { vec![format!("no such criteria: {told}")] };
    };
    let mut wrong =
        more(truth, told, &["outcome", "approved_at_start", "start", "decision", "changes"]);
    let mut look = |key: &str, ok: bool| {
        if !ok {
            wrong.push(format!("criteria: {key} is {}, not {}", told[key], truth[key]));
        }
    };
    let open = |key: &str, word: &str| told[key] == truth[key] || told[key] == word;
    look("outcome", open("outcome", "unknown"));
    look("approved_at_start", open("approved_at_start", "undetermined"));
    let known = |one: &Value| {
        let by = |truth: &Value| {
            truth["by"] == one["by"] || one["by"] == whole["authors"][text(one, "commit")]
        };
        let approved = |truth: &Value| {
            list(one, "approved_by").iter().all(|by| list(truth, "approved_by").contains(by))
        };
        list(truth, "changes").iter().any(|truth| {
            more(truth, one, &["by", "approved_by"]).is_empty()
                && (is_empty(&one["by"]) || by(truth))
                && approved(truth)
        })
    };
    look("changes", list(told, "changes").iter().all(known));
    wrong
}

/// Verdicts may only become undetermined; where a registry says less, a pack may also be less ready.
fn gates(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
    let verdicts = ["ready", "ready-with-waivers", "undetermined", "not-ready"];
    let rank = |gate: &Value| verdicts.iter().position(|word| gate["gate"]["verdict"] == *word);
    let mut wrong = Vec::new();
    for (truth, gate) in list(whole, "gates").iter().zip(list(told, "gates")) {
        let (was, is) = (rank(truth), rank(gate));
        let ok = was == is || is == Some(2) || !lost && is > was;
        if !ok {
            wrong.push(format!(
                "{} instead of {}",
                gate["gate"]["verdict"], truth["gate"]["verdict"]
            ));
        }
        for (truth, check) in list(truth, "checks").iter().zip(list(gate, "checks")) {
            let (was, is) = (&truth["outcome"], &check["outcome"]);
            if was != is && is != "unknown" && (lost || is == "met") {
                wrong.push(format!("{} is {is}, not {was}", check["id"]));
            }
        }
    }
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
fn badges(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
    if told.get("message").is_some() {
        let is_worse = !lost && text(told, "message").starts_with("not ready");
        return untrue_badge("", whole, told).into_iter().filter(|_| !is_worse).collect();
    }
    let own = told.as_object().unwrap();
    own.iter().filter_map(|(stem, badge)| untrue_badge(stem, &whole[stem], badge)).collect()
}

fn untrue_badge(stem: &str, whole: &Value, told: &Value) -> Option<String> {
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
    (!(was == is || is_open || is_less))
        .then(|| format!("badge {stem} says `{is}` instead of `{was}`"))
}
