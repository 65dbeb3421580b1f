//! Which badges a pack has: one for each verdict, each kind and each document with a status. Nothing is judged and
//! nothing is badged where no pack is declared and no profile is named.

mod page;

use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer as _};
use serde_json::{Value, json};

use super::address::encode;
use super::approved::judged;
use super::lists::{of_kind, standings};
use super::standing::{last, state};
use super::unit::Unit;
use super::verdict;
use super::view::{StatusView, days_between};
use crate::approvals::{Judged, Shown};
use crate::assemble::day_of;
use crate::badge::{Badge, Tone};
use crate::kinds::Status;
use crate::profiles::{Verdict, ahead, short_day};
use crate::slug::slug;
use crate::value::day_after;

pub(super) use page::{BadgesView, view};

/// What a badge is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    /// The pack's verdict, by its position among the pack's verdicts.
    Verdict(usize),
    /// A kind.
    Kind(usize),
    /// A document.
    Artifact(usize),
}

/// Tells whether a badge has an endpoint of its own. Kinds and documents about which neither the history nor the clock
/// says anything have none: as many files again would cost a build more than all else about badges, and the list has
/// them all.
pub(super) fn has_endpoint(unit: &Unit, subject: Subject) -> bool {
    match subject {
        Subject::Verdict(_) => true,
        Subject::Kind(_) => false,
        Subject::Artifact(at) => {
            waived_until(unit, at).is_some() || judged(&unit.edition, at, None).is_some()
        }
    }
}

/// A badge, the page that explains it, and the first day on which waiting alone changes it.
#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    badge: Badge,
    /// From the version folder.
    href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_change_at: Option<String>,
}

/// Lists the badges of a unit with their routes, without folder and extension. A document's badge is named by its id,
/// so that it stays where it is when the file moves.
pub(super) fn subjects(unit: &Unit) -> Vec<(String, Subject)> {
    if unit.routes.completeness.is_empty() {
        return Vec::new();
    }
    let packs = unit.packs();
    let verdicts: Vec<&Verdict> = verdict::own(unit).collect();
    let stems = verdict_stems("pack", &verdicts).into_iter();
    let mut subjects: Vec<(String, Subject)> =
        stems.map(|(stem, at)| (stem, Subject::Verdict(at))).collect();
    let kinds = unit.routes.kinds.iter();
    subjects.extend(
        kinds.map(|(kind, _)| (format!("kinds/{}", packs.kinds[*kind].name), Subject::Kind(*kind))),
    );
    let mut taken = FxHashSet::default();
    for at in unit.own() {
        let artifact = &packs.artifacts[at];
        let stated = artifact.has_id && artifact.status != Status::Absent;
        // Of two documents with one id the first has the badge; the second is a finding.
        if stated && taken.insert(slug(&artifact.id)) {
            subjects.push((format!("documents/{}", slug(&artifact.id)), Subject::Artifact(at)));
        }
    }
    subjects
}

/// Writes all badges as one file: `{"documents/rb-001": {"label": ..., "href": ..., "next_change_at": ...}}`.
pub(super) fn list(unit: &Unit) -> String {
    let badges = subjects(unit).into_iter().map(|(stem, subject)| (stem, told(unit, subject)));
    let mut json = Vec::with_capacity(4096);
    // Writing to memory cannot fail.
    _ = serde_json::Serializer::new(&mut json).collect_map(badges);
    json.push(b'\n');
    String::from_utf8(json).unwrap_or_default()
}

/// Lists the badges that waiting alone changes, with the day; for the page that shows them.
pub(super) fn times(unit: &Unit) -> serde_json::Map<String, Value> {
    let all = subjects(unit).into_iter();
    all.filter_map(|(stem, subject)| Some((stem, json!(next_change(unit, subject)?)))).collect()
}

/// Names the badges of a pack's verdicts: `stem` is the gate that lies ahead in its first profile; where there are
/// several gates each has an address of its own, which stays when others are added.
pub(super) fn verdict_stems(stem: &str, verdicts: &[&Verdict]) -> Vec<(String, usize)> {
    let front = ahead(verdicts).into_iter().take(1).map(|at| (stem.to_owned(), at));
    let named = |(at, verdict): (usize, &&Verdict)| {
        (format!("{stem}/{}/{}", slug(&verdict.profile), slug(&verdict.gate_id)), at)
    };
    let each = verdicts.iter().enumerate().filter(|_| verdicts.len() > 1).map(named);
    front.chain(each).collect()
}

pub(super) fn badge(unit: &Unit, subject: Subject) -> Badge {
    match subject {
        Subject::Verdict(at) => {
            let verdict = verdict::own(unit).nth(at);
            verdict.map_or_else(Badge::nothing, |one| verdict::badge(one, &commit(unit)))
        }
        Subject::Kind(kind) => {
            let own = of_kind(unit, kind);
            let good = own.iter().all(|at| tone(&state(&unit.edition, *at)) == Tone::Good);
            Badge {
                label: unit.packs().kinds[kind].plural.to_lowercase(),
                message: standings(unit, &own),
                tone: if good { Tone::Good } else { Tone::Neutral },
                note: verdict::note(&commit(unit), &unit.edition.inputs.as_of),
            }
        }
        Subject::Artifact(at) => of_artifact(unit, at),
    }
}

fn told(unit: &Unit, subject: Subject) -> Told {
    Told {
        badge: badge(unit, subject),
        href: href(unit, subject),
        next_change_at: next_change(unit, subject),
    }
}

/// Names the commit that the unit shows.
fn commit(unit: &Unit) -> String {
    let inputs = &unit.edition.inputs;
    let own = inputs.version.as_ref().and_then(|version| version.commit.as_ref());
    own.or(inputs.packs.commit.as_ref()).map(|commit| commit.id.short()).unwrap_or_default()
}

/// Returns the address of what explains a badge, from the version folder.
fn href(unit: &Unit, subject: Subject) -> String {
    match subject {
        Subject::Verdict(at) => {
            let anchor = verdict::own(unit).nth(at).map(verdict::gate_anchor).unwrap_or_default();
            format!("{}#{anchor}", encode(&unit.routes.completeness))
        }
        Subject::Kind(kind) => unit.routes.kind(kind).map_or_else(String::new, encode),
        Subject::Artifact(at) => unit.artifact_route(at),
    }
}

/// Returns the first day on which waiting alone changes what a badge says.
fn next_change(unit: &Unit, subject: Subject) -> Option<String> {
    match subject {
        Subject::Verdict(at) => verdict::own(unit).nth(at)?.next_change().map(str::to_owned),
        Subject::Kind(_) => None,
        Subject::Artifact(at) => {
            let today = &unit.edition.inputs.as_of;
            let judged = judged(&unit.edition, at, Some(today));
            match judged.as_ref().map(|judged| judged.shown) {
                // The days are counted.
                Some(Shown::Stale(_)) => day_after(today),
                Some(Shown::Approved | Shown::NotYetMarked | Shown::Declared) | None => {
                    let given = judged.iter().flat_map(|judged| &judged.approvals);
                    let ends = given.filter(|(_, state)| state.holds());
                    let ends = ends.filter_map(|(one, _)| one.expires.clone());
                    let ends = ends.chain(waived_until(unit, at)).filter(|day| day >= today);
                    ends.min().as_deref().and_then(day_after)
                }
                _ => None,
            }
        }
    }
}

/// Makes the badge of a document. Its note names the text; the day only where the words follow from it, so that the
/// badge of a document that did not change stays as it is.
fn of_artifact(unit: &Unit, at: usize) -> Badge {
    let today = &unit.edition.inputs.as_of;
    let state = state(&unit.edition, at);
    let judged = judged(&unit.edition, at, Some(today));
    let is_plain = judged.as_ref().is_none_or(|one| {
        matches!(one.shown, Shown::Approved | Shown::Declared | Shown::NotYetMarked)
    });
    let (message, tone) = match (&judged, waived_until(unit, at).filter(|_| is_plain)) {
        (_, Some(day)) if day < *today => {
            (format!("expired {}", short_day(&day, today)), Tone::Neutral)
        }
        (_, Some(day)) => (format!("until {}", short_day(&day, today)), Tone::Caution),
        (Some(judged), None) => by_approvals(unit, at, judged, state),
        (None, None) => (state.word.clone(), tone(&state)),
    };
    let text = last(&unit.edition, at).map(|change| change.landing.commit.short());
    let text = text.unwrap_or_default();
    let by_day = !is_plain || waived_until(unit, at).is_some();
    let note = if by_day { verdict::note(&text, today) } else { text };
    Badge { label: unit.packs().artifacts[at].id.clone(), message, tone, note }
}

/// Returns the last day of a waiver that is granted.
fn waived_until(unit: &Unit, at: usize) -> Option<String> {
    let artifact = &unit.packs().artifacts[at];
    let kind = &unit.packs().kinds[artifact.kind];
    // Only a kind with a field of its own for it makes waivers.
    let is_waiver = kind.fields.iter().any(|field| field.name == "waives");
    let spec = kind.field("expires").filter(|_| is_waiver && artifact.status.is_approved())?;
    spec.form.day(artifact.field(spec)?.value.text()?)
}

/// Says beside the status what the history shows of it.
fn by_approvals(unit: &Unit, at: usize, judged: &Judged<'_>, state: StatusView) -> (String, Tone) {
    let word = &state.word;
    match judged.shown {
        Shown::Approved => (format!("{word} · {}", judged.names(unit)), Tone::Good),
        Shown::Expired => (format!("{word}, expired"), Tone::Caution),
        Shown::Claimed => ("claimed, no evidence".to_owned(), Tone::Caution),
        Shown::Undetermined => (format!("{word}, undetermined"), Tone::Neutral),
        Shown::NotYetMarked => (format!("{word}, approved"), Tone::Caution),
        Shown::Stale(text) => {
            let declared = &unit.packs().artifacts[at].status;
            let word = StatusView::new(declared).word;
            (format!("{word}, stale{}", stale_for(unit, judged, text)), Tone::Caution)
        }
        Shown::Declared => {
            let tone = tone(&state);
            (state.word, tone)
        }
    }
}

/// Says for how long a text is another one than was approved: ` 12 d`; nothing for one that has not landed.
fn stale_for(unit: &Unit, judged: &Judged<'_>, text: usize) -> String {
    let landed = judged.texts.get(text).filter(|text| text.blob.is_some());
    let since = landed.map(|text| day_of(text.landing.time));
    let days = since.and_then(|since| days_between(&since, &unit.edition.inputs.as_of));
    days.map_or_else(String::new, |days| format!(" {} d", days.max(0)))
}

fn tone(state: &StatusView) -> Tone {
    match state.tone {
        "approved" | "over" => Tone::Good,
        "draft" | "changed" => Tone::Caution,
        _ => Tone::Neutral,
    }
}
