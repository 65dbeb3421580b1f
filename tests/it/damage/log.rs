//! When one decision log contradicts another: entries, approvals, documents and the criteria of trials.

use serde_json::{Value, json};

pub(super) fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    of[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of[name].as_str().unwrap_or_default()
}

pub(super) fn is_empty(value: &Value) -> bool {
    value.is_null() || *value == json!("") || *value == json!([])
}

/// Lists what a log tells that another one contradicts.
pub(super) fn log(whole: &Value, told: &Value, lost: bool) -> Vec<String> {
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
    // What cannot be read now may be no part of the history: it stands in a version that did not land.
    let is_lost = |path: &Value| {
        let known = |one: &&Value| one["path"] == *path;
        list(told, "documents")
            .iter()
            .find(known)
            .is_some_and(|one| one["declared"] == "unreadable")
    };
    let silent = |one: &Value| {
        let mut one = one.as_object().unwrap().clone();
        one.remove("history");
        let documents = one.get_mut("documents").and_then(Value::as_array_mut);
        if let Some(documents) = documents {
            documents.retain(|document| !is_lost(&document["path"]));
        }
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
pub(super) fn more<'v>(whole: &'v Value, told: &'v Value, but: &'v [&'v str]) -> Vec<String> {
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
        // That a key did not count then says less than that it did.
        "expired-key" => 2,
        "verified" | "good-other-person" => 3,
        _ => 4,
    };
    whole == told || whole != "absent" && rank(told) < rank(whole)
}

pub(super) fn untrue_signature(whole: &Value, told: &Value) -> Vec<String> {
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
        let states = stated(whole, told);
        let ok = if is_open { silent && (known || states > 0) } else { is_one_of_two(whole, told) };
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
    // Where an approval tells that the text is back, only that it changed may be left. That it changed since it was
    // approved is not told when it is not known whether it was.
    let evidenced = |log| &document(log, place.0)["evidenced"];
    let is_unsure = evidenced(all) != evidenced(whole);
    let may_differ =
        if told["changed_later"] == true { is_back } else { is_open || is_lost || is_unsure };
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

/// Counts the files which state, at the landing of an entry, what it says that its document came to, by its id or path.
fn stated(whole: &Value, told: &Value) -> usize {
    files_at(whole, told, 0).filter(|file| states(file, &told["to"])).count()
}

/// Lists the files that are an entry's document at its landing, or so many landings before, by what git tells.
fn files_at<'v>(whole: &'v Value, told: &'v Value, back: usize) -> impl Iterator<Item = &'v Value> {
    let (document, commit) = place(told);
    let at = list(whole, "landings").iter().position(|known| known == commit);
    let at = at.and_then(|at| at.checked_sub(back));
    let files = at.map(|at| list(&whole["files"], &at.to_string())).unwrap_or_default();
    files.iter().filter(move |file| file["id"] == document || file["path"] == document)
}

fn states(file: &Value, status: &Value) -> bool {
    let plain = |text: &str| text.trim_matches('"').to_lowercase().replace('-', " ");
    plain(text(file, "status")) == plain(status.as_str().unwrap_or_default())
}

/// Tells whether an entry says of one of several files with an id what that file says, where the whole log says nothing
/// because there are several.
fn is_one_of_two(whole: &Value, told: &Value) -> bool {
    let several = (0..2).any(|back| files_at(whole, told, back).count() > 1);
    let was = |file: &Value| states(file, &told["from"]);
    let began = told["from"] == "no document" || files_at(whole, told, 1).any(was);
    let ended = told["to"] == "no document" || stated(whole, told) > 0;
    let author =
        |one: &Value| list(one, "authors").contains(&whole["authors"][text(one, "commit")]);
    several && began && ended && list(told, "origins").iter().all(author)
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
    let looked_at = ["kind", "pr", "signature", "signed_by", "unverifiable", "clock"];
    let mut wrong = more(whole, told, &looked_at);
    // Whose clock it was goes by the address of the committer.
    if told["clock"] != whole["clock"] && told["clock"] == "server" {
        wrong.push("another clock".to_owned());
    }
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
                let is_less = |author: &Value| author == name || author == "somebody";
                list(one, "authors").iter().all(is_less)
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
        note.starts_with("At the edge of a shallow clone")
            || note.starts_with("In between, ")
            || note.ends_with("; this clone cannot tell whether it does.")
    };
    let new = list(told, "notes").iter().filter(|note| !known.contains(note));
    // How many documents were changed alike is compared as a number; whose name is lost is somebody.
    let is_less = |note: &str| note.starts_with("One of ") && note.contains(" changed alike ");
    let somebody = |note: &str| note.starts_with("On another branch ") && note.contains("somebody");
    let told = new.map(|note| note.as_str().unwrap());
    told.filter(|note| !is_open(note) && !is_less(note) && !somebody(note))
        .map(|note| format!("note {note}"))
        .collect()
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
    // Of what a landing says in two places only the surer one is told.
    let told_twice = |one: &&Value| {
        ["document", "decision", "scope", "landing"].iter().all(|key| one[*key] == told[*key])
    };
    let as_there = |truth: &Value| {
        let mut there = truth.clone();
        for key in ["commit", "source", "digest", "binding"] {
            there[key] = told[key].clone();
        }
        unlike(whole, &there, told)
    };
    let elsewhere = || list(whole, "approvals").iter().filter(told_twice);
    let same_text = |one: &&Value| is_empty(&told["digest"]) || one["digest"] == told["digest"];
    if wrong.is_none() {
        wrong = elsewhere().next().map(as_there);
    } else if elsewhere().filter(same_text).any(|truth| as_there(truth).is_empty()) {
        wrong = Some(Vec::new());
    }
    // What it copies is not there, so it may speak of another document.
    let wrong = wrong.unwrap_or_else(|| {
        if told["state"] == "unknown" {
            Vec::new()
        } else {
            vec![format!("nothing like it: {told}")]
        }
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
    look("state", told["state"] == truth["state"] || told["state"] == "unknown");
    let rank = |one: &Value| BINDINGS.iter().position(|word| one["binding"] == *word);
    look("binding", rank(told) <= rank(truth));
    let since = &told["stale_since"];
    let landed = more(&truth["stale_since"], since, &["by"]).is_empty();
    let by = truth["stale_since"]["by"] == since["by"]
        || is_author(&since["by"])
        || since["by"] == "somebody"
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
    // That the change named its own approver is left out where the rules of the change are lost.
    let named = |one: &&Value| **one != "named-by-the-change";
    let is_left_out = some.iter().eq(all.iter().filter(named));
    look("relation", some == all || says_less || is_left_out);
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
