//! A log as `expected.json` of a story tells it: what is as usual is left out.

use std::sync::Arc;

use readymark::history::{
    Authorship, ByDocument, DecisionLog, Entry, Goalpost, Inside, Move, Odd, Relation, Remark,
    Returned, Statement, StatusAt, Trials,
};
use readymark::signature::Signature;
use readymark::source::ObjectId;
use serde_json::{Map, Value, json};

use crate::lab::{Lab, git};

pub(super) fn inside(lab: &Lab, one: &Inside) -> Value {
    json!({
        "document": one.document,
        "from": one.from.told(),
        "to": one.to.told(),
        "commit": subject(lab, one.made.commit),
        "how": one.made.how.word(),
        "landing": one.landing.subject,
    })
}

/// Tells a log as `expected.json` does: what is as usual is left out.
pub(super) fn told(lab: &Lab, log: &DecisionLog, as_of: Option<i64>) -> Map<String, Value> {
    let mut told = Map::new();
    let history = history(lab, &log.statement);
    let ambiguous: Vec<_> = log.ambiguous.iter().map(|one| &one.id).collect();
    let remarks: Vec<_> = log.remarks.iter().map(|one| remark(lab, one)).collect();
    let ahead: Vec<_> =
        log.ahead_of(as_of.unwrap_or(i64::MAX)).iter().map(|one| &one.subject).collect();
    for (key, value) in [
        ("history", json!(history)),
        ("ambiguous", json!(ambiguous)),
        ("remarks", json!(remarks)),
        ("ahead", json!(ahead)),
    ] {
        if value != json!([]) && value != json!({}) {
            told.insert(key.to_owned(), value);
        }
    }
    let entries = log.entries.iter().map(|entry| told_entry(lab, log, entry, as_of));
    told.insert("entries".to_owned(), entries.collect());
    told
}

pub(super) fn history(lab: &Lab, statement: &Statement) -> Map<String, Value> {
    let mut told = Map::new();
    let subjects = |commits: &[ObjectId]| {
        let mut subjects: Vec<_> = commits.iter().map(|id| subject(lab, *id)).collect();
        subjects.sort();
        json!(subjects)
    };
    let mut tell = |key: &str, is: bool, value: Value| {
        if is {
            told.insert(key.to_owned(), value);
        }
    };
    tell("complete", !statement.complete(), json!(false));
    let Statement { roots, shallow, missing_blobs, replace_refs, foxtrots, .. } = statement;
    tell("roots", roots.len() > 1, subjects(roots));
    tell("shallow_boundaries", !shallow.is_empty(), subjects(shallow));
    tell("missing_objects", *missing_blobs > 0, json!(missing_blobs));
    tell("replace_refs_ignored", *replace_refs > 0, json!(replace_refs));
    let foxtrot = |one: &readymark::history::Foxtrot| json!({"commit": subject(lab, one.commit), "proven": one.proven});
    tell("foxtrots", !foxtrots.is_empty(), foxtrots.iter().map(foxtrot).collect());
    if let Some(published) = &statement.published {
        let declared = !statement.rewritten() && published.first_difference.is_some();
        let mut compared = json!({"relation": match published.relation {
            Relation::Same => "same",
            Relation::Ancestor => "ancestor",
            Relation::NotAncestor => "not-ancestor",
            Relation::Unknown => "unknown",
        }});
        if let Some(first) = published.first_difference {
            compared["first_difference"] = json!(first);
        }
        if declared {
            compared["declared"] = json!(true);
        }
        tell("published", true, compared);
    }
    told
}

fn remark(lab: &Lab, remark: &Remark) -> Value {
    let (odd, seconds) = match remark.odd {
        Odd::BeforeParent(by) => ("before-parent", Some(by)),
        Odd::WrittenLater(by) => ("written-later", Some(by)),
        Odd::Impossible => ("impossible", None),
        Odd::Submodule => ("submodule", None),
        Odd::DatedLater => ("dated-later", None),
        Odd::Unclear => ("unclear", None),
    };
    let mut told = json!({"commit": subject(lab, remark.commit), "odd": odd});
    if let Some(seconds) = seconds {
        told["seconds"] = json!(seconds);
    }
    if let Some((document, _)) = &remark.document {
        told["document"] = json!(document);
    }
    told
}

fn told_entry(lab: &Lab, log: &DecisionLog, entry: &Entry, as_of: Option<i64>) -> Value {
    let mut told = json!({
        "document": entry.document,
        "from": entry.from.told(),
        "to": entry.to.told(),
        "landing": landing(log, entry, as_of),
        "origins": entry.origins.iter().map(|one| origin(lab, log, one)).collect::<Vec<_>>(),
    });
    let mut tell = |key: &str, is: bool, value: Value| {
        if is {
            told[key] = value;
        }
    };
    let many = |origins: &[Authorship]| {
        json!(origins.iter().map(|one| origin(lab, log, one)).collect::<Vec<_>>())
    };
    let gap: Vec<_> = entry.gap.iter().map(|commit| subject(lab, *commit)).collect();
    tell("pack", !entry.pack.is_empty(), json!(entry.pack));
    tell("invalid", matches!(entry.to, StatusAt::Invalid(_)), json!(true));
    tell("legal", entry.legal.is_some(), json!(entry.legal));
    tell(
        "written",
        entry.written.is_some(),
        json!(entry.written.map(|one| format!("{one:?}").to_lowercase())),
    );
    tell("concurrent", !entry.concurrent.is_empty(), many(&entry.concurrent));
    tell("gap", !gap.is_empty(), json!(gap));
    tell("together", entry.together > 1, json!(entry.together));
    tell("passing", entry.passing, json!(true));
    tell("restores", entry.restores.is_some(), json!(entry.restores));
    let elsewhere: Vec<_> = entry.elsewhere.iter().map(|commit| subject(lab, *commit)).collect();
    tell("elsewhere", !elsewhere.is_empty(), json!(elsewhere));
    tell("lands_again", entry.lands_again.is_some(), json!(entry.lands_again));
    if let Some(back) = entry.takes_back {
        let how = match back.how {
            Returned::Confirmed => "confirmed",
            Returned::Claimed | Returned::Unclear => "claimed",
            Returned::Reversal => "reversal",
        };
        tell("takes_back", true, json!({"entry": back.entry, "how": how}));
    }
    told
}

fn landing(log: &DecisionLog, entry: &Entry, as_of: Option<i64>) -> Value {
    let landing = &entry.landing;
    let mut told = json!({"commit": landing.subject, "kind": landing.kind.word()});
    let clock = landing.clock_at(as_of.unwrap_or(i64::MAX));
    if let Some(number) = landing.pull_request {
        told["pr"] = json!({"number": number});
    }
    if !entry.via.is_empty() {
        told["via"] = json!(entry.via);
    }
    if clock != landing.time {
        told["clock"] = json!(clock);
    }
    if landing.offset != 0 {
        told["offset"] = json!(landing.offset);
    }
    if let Some(shown) = signature(log.signature(landing.commit)) {
        told["signature"] = shown;
    }
    if entry.run != landing.index {
        let first = log.entries.iter().find(|one| one.landing.index == entry.run).unwrap();
        told["run"] = json!(first.landing.subject);
    }
    told
}

fn origin(lab: &Lab, log: &DecisionLog, origin: &Authorship) -> Value {
    let mut told = json!({
        "commit": subject(lab, origin.commit),
        "how": origin.how.word(),
        "authors": [origin.name],
    });
    let sides: Vec<_> = origin.sides.iter().map(|commit| subject(lab, *commit)).collect();
    if !sides.is_empty() {
        told["sides"] = json!(sides);
    }
    if let Some(commit) = origin.picked_from {
        told["picked_from"] = json!(subject(lab, commit));
    }
    if let Some(shown) = signature(log.signature(origin.commit)) {
        told["signature"] = shown;
    }
    told
}

/// What a signature shows; nothing where there is none.
fn signature(signature: &Signature) -> Option<Value> {
    if *signature == Signature::Absent {
        return None;
    }
    let mut told = json!({"result": signature.word()});
    if let Some(signer) = signature.signer() {
        told["by"] = json!(signer.person);
    }
    if let Some(why) = signature.why() {
        told["why"] = json!(why.words());
    }
    Some(told)
}

/// Whether criteria stood still; a story is one pack.
pub(super) fn goalposts(log: &DecisionLog) -> Value {
    let documents = ByDocument::new(&Arc::new(log.clone()));
    let subject = |at: usize| log.entries[at].landing.subject.as_str();
    let one = |goalpost: &Goalpost| {
        let moves = goalpost.moves.iter().map(|one| moved(log, goalpost, one));
        let of_line = |entry: &&Entry| entry.line == goalpost.line;
        let mut told = json!({
            "document": log.entries.iter().find(of_line).unwrap().document,
            "start": subject(goalpost.start),
            "outcome": goalpost.stood.word(),
            "approved": goalpost.approved.word(),
        });
        if let Some(decision) = goalpost.decision {
            told["decision"] = json!(subject(decision));
        }
        if !goalpost.moves.is_empty() {
            told["changes"] = moves.collect();
        }
        told
    };
    Trials::new(&documents, 1, |_| Some(0)).goalposts(&documents, 0).iter().map(one).collect()
}

fn moved(log: &DecisionLog, goalpost: &Goalpost, one: &Move) -> Value {
    let text = &log.texts[&goalpost.line][one.text];
    let mut told = json!({"landing": text.landing.subject});
    if let Some(by) = &text.by {
        told["by"] = json!([by.name]);
    }
    let approved = one.approvals.iter().map(|at| json!(log.approvals[*at].by.person));
    let approved: Vec<Value> = approved.collect();
    if !approved.is_empty() {
        told["approved_by"] = json!(approved);
    }
    told
}

/// When entries were made, when they landed by whose clock, and when the document says it was.
pub(super) fn times(log: &DecisionLog) -> Value {
    let one = |entry: &Entry| {
        let mut told = json!({
            "entry": entry.seq,
            "authored": entry.origins.iter().map(|one| json!([one.time, one.offset])).collect::<Vec<_>>(),
            "landed": [entry.landing.time, entry.landing.offset],
            "clock": if entry.landing.by_forge { "server" } else { "client" },
        });
        if let Some(day) = &entry.observed {
            told["observed"] = json!(day);
        }
        told
    };
    log.entries.iter().map(one).collect()
}

pub(super) fn in_force(log: &DecisionLog) -> Value {
    let subject = |seq: usize| &log.entries[seq].landing.subject;
    let one = |interval: &readymark::history::Interval| {
        json!({
            "document": log.entries[interval.since].document,
            "since": subject(interval.since),
            "until": interval.until.map(subject),
        })
    };
    log.in_force().iter().map(one).collect()
}

pub(super) fn subject(lab: &Lab, commit: ObjectId) -> String {
    let commit = commit.to_string();
    git(&lab.root, &["--no-replace-objects", "log", "-1", "--format=%s", &commit])
}
