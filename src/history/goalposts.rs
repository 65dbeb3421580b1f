//! Whether the criteria of a trial stood still from its start to the decision. Which documents hold criteria and which
//! changes of status start a trial or decide on it is said by the kinds.

use std::collections::BTreeSet;

use super::by_document::ByDocument;
use super::lineage::Line;
use super::log::{Entry, LandingKind};
use super::recount::Recount;
use super::texts::Text;
use crate::approvals::{self, Approval, Evidence, TextAt};
use crate::kinds::{GoalpostPart, GoalpostSpec, Kind};
use crate::source::RepoPath;

/// The criteria of a trial between its start and a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goalpost {
    /// The document that holds the criteria, as in [`Entry::line`].
    pub line: usize,
    /// The place of the entry that started the trial in [`DecisionLog::entries`](super::DecisionLog::entries).
    pub start: usize,
    /// The place of the entry that decided; nothing before anybody did.
    pub decision: Option<usize>,
    /// What became of the criteria.
    pub stood: Stood,
    /// Whether all who must had approved them at the start.
    pub approved: Evidence,
    /// The place of the text at the start in [`DecisionLog::texts`](super::DecisionLog::texts).
    pub before: Option<usize>,
    /// The place of the text by which it was decided, that of today before anybody did.
    pub after: Option<usize>,
    /// The changes in between.
    pub moves: Vec<Move>,
}

/// A change of criteria after the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The place of the text in [`DecisionLog::texts`](super::DecisionLog::texts).
    pub text: usize,
    /// The places of the approvals of that very text in [`DecisionLog::approvals`](super::DecisionLog::approvals).
    pub approvals: Vec<usize>,
}

/// What became of criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stood {
    /// They say what they said at the start.
    Still,
    /// They say something else.
    Moved,
    /// There were none at the start.
    Late,
    /// It cannot be told.
    Unknown,
}

impl Stood {
    /// Returns its word in exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Still => "unchanged",
            Self::Moved => "changed",
            Self::Late => "written-after-the-start",
            Self::Unknown => "unknown",
        }
    }
}

impl Recount<'_> {
    /// Notes which entries start a trial or decide on it.
    pub(super) fn note_parts(&mut self) {
        let vocabulary = self.memo.vocabulary;
        for entry in &mut self.entries[self.begun.1..] {
            let kinds = vocabulary.kinds().iter().enumerate();
            let kind = kinds.clone().find(|(_, kind)| kind.name == entry.kind);
            let (Some((at, kind)), Some(blob)) = (kind, entry.blob) else { continue };
            let mut steps =
                kind.goalposts.iter().enumerate().filter(|(_, spec)| spec.is_step(kind, entry));
            let fits = |(place, _): &(usize, &GoalpostSpec)| {
                self.memo.of(self.reader, blob).is_goalpost(at, *place)
            };
            entry.part = steps.find(fits).map(|(_, spec)| spec.part);
        }
    }

    /// Notes which documents hold criteria, each with the first landing at which it did, in packs where a trial started.
    pub(super) fn note_criteria(&mut self) {
        let starts = self.entries.iter().filter(|entry| entry.part == Some(GoalpostPart::Start));
        let started: BTreeSet<String> = starts.map(|entry| entry.pack.clone()).collect();
        for line in 0..self.lineages.all.len() {
            let texts = &self.lineages.all[line].texts;
            let Some((path, blob)) = texts.iter().rev().find_map(|text| text.place.clone()) else {
                continue;
            };
            if !started.contains(self.lineages.pack_of(&path)) {
                continue;
            }
            let at = self.target_at(line, &path, blob).kind;
            let Some(kind) = self.memo.vocabulary.kind(at) else { continue };
            let specs = kind.goalposts.iter().enumerate();
            let specs = specs.filter(|(_, spec)| spec.part == GoalpostPart::Criteria);
            let holds = |text: &&Text| {
                let Some((_, blob)) = &text.place else { return false };
                specs.clone().any(|(place, spec)| {
                    let all = spec.when.is_empty();
                    all || self.memo.of(self.reader, *blob).is_goalpost(at, place)
                })
            };
            if let Some(first) = self.lineages.all[line].texts.iter().find(holds) {
                self.criteria.insert(line, first.landing);
            }
        }
    }
}

impl GoalpostSpec {
    /// Tells whether an entry is the step that this is about: by the kind's word for the status, or by the author's.
    fn is_step(&self, kind: &Kind, entry: &Entry) -> bool {
        let Some(written) = entry.to.word() else { return false };
        let known = kind.status_word(written);
        self.status.iter().any(|status| status == written || Some(status.as_str()) == known)
    }
}

/// The trial of one pack: where the log speaks of it.
#[derive(Debug, Default)]
struct Trial {
    /// The places of the entries that start it or decide on it, in order of landing.
    steps: Vec<usize>,
    /// The documents that hold its criteria.
    criteria: BTreeSet<Line>,
}

/// The trials of all packs of a snapshot.
#[derive(Debug)]
pub struct Trials(Vec<Trial>);

impl Trials {
    /// Looks up of which of so many packs the log says that a trial started, was decided on or has criteria.
    pub fn new(
        documents: &ByDocument,
        packs: usize,
        pack_of: impl Fn(&RepoPath) -> Option<usize>,
    ) -> Self {
        let log = &documents.log;
        let mut trials: Vec<Trial> = (0..packs).map(|_| Trial::default()).collect();
        for at in documents.steps() {
            if let Some(pack) = pack_of(&log.entries[*at].path) {
                trials[pack].steps.push(*at);
            }
        }
        for line in log.criteria.keys() {
            let entries = documents.entries(*line).iter().map(|at| &log.entries[*at].path);
            let changes = documents.changes(*line).iter().map(|at| &log.last_changes[*at].path);
            for pack in entries.chain(changes).filter_map(&pack_of) {
                trials[pack].criteria.insert(*line);
            }
        }
        Self(trials)
    }

    /// Returns the entry that started the trial of a pack.
    pub fn start<'l>(&self, documents: &'l ByDocument, pack: usize) -> Option<&'l Entry> {
        let mut steps = self.0[pack].steps.iter().map(|at| &documents.log.entries[*at]);
        steps.find(|entry| entry.part == Some(GoalpostPart::Start))
    }

    /// Follows the criteria of a pack.
    pub fn goalposts(&self, documents: &ByDocument, pack: usize) -> Vec<Goalpost> {
        let (trial, log) = (&self.0[pack], &documents.log);
        let part = |part| {
            let places = trial.steps.iter().copied();
            places.filter(move |at| log.entries[*at].part == Some(part))
        };
        let Some(start) = part(GoalpostPart::Start).next() else { return Vec::new() };
        let began = log.entries[start].landing.index;
        let later = |at: &usize| log.entries[*at].landing.index > began;
        let mut decisions: Vec<Option<usize>> =
            part(GoalpostPart::Decision).filter(later).map(Some).collect();
        if decisions.is_empty() {
            decisions.push(None);
        }
        let own = log.criteria.iter().filter(|(line, _)| trial.criteria.contains(line));
        let pairs =
            own.flat_map(|(line, first)| decisions.iter().map(move |by| (*line, *first, *by)));
        pairs
            .filter_map(|(line, first, decision)| documents.goalpost(line, first, start, decision))
            .collect()
    }
}

impl ByDocument {
    fn goalpost(
        &self,
        line: Line,
        first: usize,
        start: usize,
        decision: Option<usize>,
    ) -> Option<Goalpost> {
        let log = &self.log;
        let texts = log.texts.get(&line)?;
        let began = &log.entries[start].landing;
        // It may have been started before.
        if began.kind == LandingKind::Boundary {
            return None;
        }
        let decided = decision.map(|at| log.entries[at].landing.index);
        let end = decided.map_or(usize::MAX, |landing| landing.saturating_sub(1));
        if first > end {
            return None;
        }
        let until = |landing| texts.partition_point(|text| text.landing.index <= landing);
        let (from, to) = (until(began.index), until(end));
        let there = |at: usize| at.checked_sub(1).filter(|at| texts[*at].blob.is_some());
        let (before, after) = (there(from), there(to));
        if before.is_none() && after.is_none() {
            return None;
        }
        let span = &texts[from.saturating_sub(1)..to];
        let moves = moves(span).map(|at| at + from.saturating_sub(1));
        // A decision that this clone lacks may have come before some of the changes.
        let is_open = decision.is_none() && !log.statement.complete();
        let unknown = is_open || span.iter().any(|text| !text.known);
        let stood = match before {
            _ if unknown => Stood::Unknown,
            None => Stood::Late,
            Some(at) if says_the_same(&texts[at], &texts[to - 1]) => Stood::Still,
            Some(_) => Stood::Moved,
        };
        let moves =
            moves.map(|at| Move { text: at, approvals: self.approvals_of(line, &texts[at], end) });
        Some(Goalpost {
            line,
            start,
            decision,
            stood,
            approved: self.approved_at(line, &texts[..from], began.index),
            before,
            after,
            moves: if before.is_some() && !is_open { moves.collect() } else { Vec::new() },
        })
    }

    /// Says whether all who must had approved a document at a landing, by its texts until then.
    fn approved_at(&self, line: Line, texts: &[TextAt], landing: usize) -> Evidence {
        let own = self.approvals(line).iter().map(|at| &self.log.approvals[*at]);
        let own: Vec<&Approval> = own.filter(|one| one.landing.index <= landing).collect();
        let states = approvals::states(&own, texts, None);
        let judged: Vec<_> = own.into_iter().zip(states).collect();
        approvals::evidence(&judged, self.log.statement.complete())
    }

    /// Lists the approvals of one text, whether they landed with it or later, up to a landing.
    fn approvals_of(&self, line: Line, text: &TextAt, end: usize) -> Vec<usize> {
        let counts = |one: &Approval| {
            one.counts() && one.landing.index <= end && one.revoked.is_none() && !one.lacks.later
        };
        let same = |one: &Approval| one.scope.is_none() && one.digest == text.digest;
        let own = self.approvals(line).iter().copied();
        let one = |at: &usize| &self.log.approvals[*at];
        own.filter(|at| counts(one(at)) && same(one(at))).collect()
    }
}

/// Lists the places of texts that say something else than the one before.
fn moves(texts: &[TextAt]) -> impl Iterator<Item = usize> {
    let known = |at: &usize| !texts[*at].is_lost() && !texts[at - 1].is_lost();
    (1..texts.len()).filter(known).filter(|at| !says_the_same(&texts[*at], &texts[at - 1]))
}

/// Tells whether two texts say the same, however they are written.
fn says_the_same(one: &TextAt, other: &TextAt) -> bool {
    one.digest == other.digest || one.likeness.is_some() && one.likeness == other.likeness
}
