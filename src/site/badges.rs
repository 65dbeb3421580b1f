//! Which badges a pack has: one for each verdict, each kind and each document with a status. Nothing is judged and
//! nothing is badged where no pack is declared and no profile is named.

use rustc_hash::FxHashSet;
use serde::Serializer as _;

use super::approved::judged;
use super::lists::{of_kind, standings};
use super::standing::state;
use super::unit::Unit;
use super::verdict;
use super::view::{StatusView, days_between};
use crate::approvals::{Judged, Shown};
use crate::assemble::day_of;
use crate::badge::{Badge, Tone};
use crate::kinds::Status;
use crate::profiles::{Verdict, ahead};
use crate::slug::slug;

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

impl Subject {
    /// Tells whether the badge has a file of JSON of its own, which shields can read; the others share one file.
    pub(super) fn is_verdict(self) -> bool {
        matches!(self, Self::Verdict(_))
    }
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

/// Writes the badges of kinds and documents as one file: `{"documents/rb-001": {"label": ...}}`.
pub(super) fn list(unit: &Unit) -> String {
    let shared = subjects(unit).into_iter().filter(|(_, subject)| !subject.is_verdict());
    let badges = shared.map(|(stem, subject)| (stem, badge(unit, subject)));
    let mut json = Vec::with_capacity(4096);
    // Writing to memory cannot fail.
    _ = serde_json::Serializer::new(&mut json).collect_map(badges);
    json.push(b'\n');
    String::from_utf8(json).unwrap_or_default()
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
    let packs = unit.packs();
    match subject {
        Subject::Verdict(at) => {
            verdict::own(unit).nth(at).map_or_else(Badge::nothing, verdict::badge)
        }
        Subject::Kind(kind) => {
            let own = of_kind(unit, kind);
            let good = own.iter().all(|at| tone(&state(&unit.edition, *at)) == Tone::Good);
            Badge {
                label: packs.kinds[kind].plural.to_lowercase(),
                message: standings(unit, &own),
                tone: if good { Tone::Good } else { Tone::Neutral },
            }
        }
        Subject::Artifact(at) => {
            let state = state(&unit.edition, at);
            let (message, tone) = match judged(&unit.edition, at, Some(&unit.edition.inputs.as_of))
            {
                Some(judged) => by_approvals(unit, at, &judged, state),
                None => (state.word.clone(), tone(&state)),
            };
            Badge { label: packs.artifacts[at].id.clone(), message, tone }
        }
    }
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
