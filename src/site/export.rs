//! What programs read: `completeness.json` and `decision-log.json`. Unknown facts are left out, never guessed;
//! addresses are left out always.

use serde_json::{Value, json};

use super::artifact::link;
use super::decisions::own;
use super::unit::Unit;
use super::verdict::{self, tally};
use super::view::{When, past};
use crate::history::{Entry, How, LandingKind};
use crate::profiles::{Outcome, Requirement, Standing, Verdict};

pub(super) fn completeness(unit: &Unit) -> String {
    let gates: Vec<Value> = verdict::own(unit).map(|verdict| gate(unit, verdict)).collect();
    pretty(&json!({
        "schema": "readiness-pack/completeness/1",
        "tool": {"name": "readymark", "version": env!("CARGO_PKG_VERSION")},
        "as_of": unit.edition.inputs.as_of,
        "pack": unit.facts().id,
        "gates": gates,
    }))
}

fn gate(unit: &Unit, verdict: &Verdict) -> Value {
    let word = match verdict.standing() {
        Standing::Ready => "ready",
        Standing::ReadyWithWaivers => "ready-with-waivers",
        Standing::Undetermined => "undetermined",
        Standing::NotReady => "not-ready",
    };
    json!({
        "model": {"id": verdict.profile},
        "gate": {
            "id": verdict.gate,
            "verdict": word,
            "words": verdict.words(),
            "required": tallies(verdict, true),
            "recommended": tallies(verdict, false),
        },
        "checks": verdict.requirements.iter().map(|one| check(unit, one)).collect::<Vec<_>>(),
    })
}

fn tallies(verdict: &Verdict, required: bool) -> Value {
    let count = |one| tally(verdict, required, &[one]);
    json!({
        "applicable": verdict.requirements.iter().filter(|one| one.required == required).count(),
        "met": count(Outcome::Met),
        "unmet": count(Outcome::Unmet),
        "stale": count(Outcome::Stale),
        "waived": count(Outcome::Waived),
        "unknown": count(Outcome::Unknown),
    })
}

fn check(unit: &Unit, one: &Requirement) -> Value {
    let evidence =
        one.evidence.iter().map(|place| json!({"path": place.path.as_str(), "line": place.line}));
    let waiver = one.waiver.as_ref().map(|(at, until)| {
        let document = unit.packs().artifacts.get(*at).map(|artifact| artifact.id.as_str());
        json!({"document": document, "until": until})
    });
    json!({
        "id": one.id,
        "level": if one.required { "required" } else { "recommended" },
        "outcome": one.outcome.word(),
        "statement": one.statement,
        "evidence": evidence.collect::<Vec<_>>(),
        "reason": one.reason,
        "owner": one.next,
        "waiver": waiver,
        "fix": one.hint,
    })
}

pub(super) fn decisions(unit: &Unit) -> String {
    let inputs = &unit.edition.inputs;
    let statement = &inputs.log.statement;
    let entries = own(unit).iter().map(|at| entry(unit, *at, &inputs.log.entries[*at]));
    pretty(&json!({
        "schema": "readiness-pack/decision-log/1",
        "tool": {"name": "readymark", "version": env!("CARGO_PKG_VERSION")},
        "history": {
            "ref": statement.reference,
            "tip": statement.tip.map(|tip| tip.to_string()),
            "first_parent_landings": statement.landings,
            "complete": statement.complete(),
            "shallow_boundaries": statement.shallow.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "missing_objects": statement.missing_blobs,
            "replace_refs_ignored": statement.replace_refs,
        },
        "documents": documents(unit),
        "entries": entries.collect::<Vec<_>>(),
    }))
}

fn documents(unit: &Unit) -> Vec<Value> {
    let packs = unit.packs();
    let describe = |at: usize| {
        let (artifact, link) = (&packs.artifacts[at], link(unit, at));
        json!({
            "id": artifact.id,
            "type": packs.kinds.get(artifact.kind).map(|kind| kind.name.as_str()),
            "path": artifact.path.as_str(),
            "declared": link.status.word,
            "identity": if artifact.has_id { "id" } else { "path" },
        })
    };
    unit.own().map(describe).collect()
}

fn entry(unit: &Unit, at: usize, entry: &Entry) -> Value {
    let landing = &entry.landing;
    let known = landing.kind != LandingKind::Boundary;
    let origins = entry.origin.as_ref().filter(|_| known).map(|origin| {
        json!({
            "commit": origin.commit.to_string(),
            "how": match origin.how { How::Commit => "commit", How::Root => "root", How::Merge => "resolution" },
            "authors": [unit.registry().author(origin).name],
            "authored": When::new(origin.time).iso,
        })
    });
    json!({
        "seq": at,
        "kind": "transition",
        "document": entry.document,
        "field": "status",
        "from": past(&entry.from),
        "to": past(&entry.to),
        "landing": {
            "commit": landing.commit.to_string(),
            "kind": match landing.kind {
                LandingKind::Merge => "merge",
                LandingKind::Direct => "direct",
                LandingKind::Root => "root",
                LandingKind::Boundary => "boundary",
            },
            "landed": known.then(|| When::new(landing.time).iso),
            "pr": landing.pull_request.map(|number| json!({"number": number, "trust": "claimed"})),
        },
        "origins": origins.into_iter().collect::<Vec<_>>(),
        "gap": entry.gap.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
