//! Which badges a pack has: one for each verdict, each kind and each document with a status. Nothing is judged and
//! nothing is badged where no pack is declared and no profile is named.

use super::lists::{of_kind, standings};
use super::unit::Unit;
use super::verdict;
use super::view::StatusView;
use crate::badge::{Badge, Tone};
use crate::kinds::Status;

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

/// Lists the badges of a unit with their routes, without folder and extension.
pub(super) fn subjects(unit: &Unit) -> Vec<(String, Subject)> {
    if unit.routes.completeness.is_empty() {
        return Vec::new();
    }
    let packs = unit.packs();
    let verdicts = verdict::own(unit).enumerate();
    let mut subjects: Vec<(String, Subject)> =
        verdicts.map(|(at, _)| (verdict_stem("pack", at), Subject::Verdict(at))).collect();
    let kinds = unit.routes.kinds.iter();
    subjects.extend(
        kinds.map(|(kind, _)| (format!("kinds/{}", packs.kinds[*kind].name), Subject::Kind(*kind))),
    );
    for at in unit.own() {
        let artifact = &packs.artifacts[at];
        if artifact.has_id && artifact.status != Status::Absent {
            let stem = artifact.route.strip_suffix(".html").unwrap_or(&artifact.route);
            subjects.push((format!("documents/{stem}"), Subject::Artifact(at)));
        }
    }
    subjects
}

/// Numbers the verdicts after the first: `pack`, `pack-2`.
pub(super) fn verdict_stem(stem: &str, at: usize) -> String {
    if at == 0 { stem.to_owned() } else { format!("{stem}-{}", at + 1) }
}

pub(super) fn badge(unit: &Unit, subject: Subject) -> Badge {
    let packs = unit.packs();
    match subject {
        Subject::Verdict(at) => {
            verdict::own(unit).nth(at).map_or_else(Badge::nothing, verdict::badge)
        }
        Subject::Kind(kind) => {
            let own = of_kind(unit, kind);
            let tones: Vec<Tone> =
                own.iter().map(|at| tone(&packs.artifacts[*at].status)).collect();
            let good = tones.iter().all(|tone| *tone == Tone::Good);
            Badge {
                label: packs.kinds[kind].plural.to_lowercase(),
                message: standings(unit, &own),
                tone: if good { Tone::Good } else { Tone::Neutral },
            }
        }
        Subject::Artifact(at) => {
            let artifact = &packs.artifacts[at];
            Badge {
                label: artifact.id.clone(),
                message: StatusView::new(&artifact.status).word,
                tone: tone(&artifact.status),
            }
        }
    }
}

fn tone(status: &Status) -> Tone {
    match StatusView::new(status).tone {
        "approved" => Tone::Good,
        "draft" => Tone::Caution,
        _ => Tone::Neutral,
    }
}
