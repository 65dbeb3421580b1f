//! The approvals of a document in words: who, when, how sure, on which text, and whether that still holds. What follows
//! from the document's own history stands on its page; what follows from the day stands on the page of the verdict.

use std::collections::BTreeMap;

use serde::Serialize;

use super::artifact::{DocumentLink, link};
use super::relation;
use super::standing::state;
use super::unit::Unit;
use super::view::{Linked, When, day};
use super::who::Who;
use super::{Edition, Inputs};
use crate::approvals::{Approval, Assurance, Class, Evidence, Judged, Shown, State};
use crate::settings::Audience;
use crate::source::{ObjectId, RepoPath};

/// What a document's page says of its approvals.
#[derive(Debug, Hash, Serialize)]
pub(super) struct ApprovalsView {
    /// `Approved`, `Approved, stale since 2 May 2026`.
    pub(super) title: String,
    tone: &'static str,
    /// Beside the status: `approved by Priya Raman · attributed`.
    line: String,
    /// What that means, in a sentence.
    pub(super) text: String,
    pub(super) given: Vec<GivenView>,
    /// The page that shows what changed since; empty when nothing did.
    since: String,
}

/// One approval.
#[derive(Debug, Hash, Serialize)]
pub(super) struct GivenView {
    pub(super) who: Who,
    /// `approved`, `approved the section rollback`.
    pub(super) words: String,
    pub(super) when: When,
    pub(super) assurance: &'static str,
    pub(super) state: &'static str,
    /// Whether it counts for the text of today.
    holds: bool,
    /// The last day, `1 May 2027`.
    until: String,
    commit: Linked,
    pull: Option<Linked>,
    /// What a reader should know, in sentences.
    pub(super) notes: Vec<String>,
}

/// A document that says it is approved, and what the history shows of it on the day of judging.
#[derive(Debug, Hash, Serialize)]
pub(super) struct ClaimView {
    document: DocumentLink,
    words: String,
    why: String,
}

/// Judges the approvals of a document; with a day, as of its end. Nothing where nobody approved it and it names nobody
/// who must.
pub(super) fn judged<'e>(edition: &'e Edition, at: usize, day: Option<&str>) -> Option<Judged<'e>> {
    let Inputs { log, packs, .. } = &edition.inputs;
    let line = line(edition, at);
    let own = line.map(|line| edition.log_index().documents.approvals(line)).unwrap_or_default();
    let judged = Judged::of(log, (packs, at), (line, own), day)?;
    // The public may not see every approval: what is lacking here may well be there.
    let is_lacking = matches!(judged.shown, Shown::Claimed | Shown::Undetermined);
    if is_lacking && edition.inputs.settings.audience == Audience::Public {
        return None;
    }
    Some(judged)
}

fn line(edition: &Edition, at: usize) -> Option<usize> {
    let log = &edition.inputs.log;
    let artifact = &edition.inputs.packs.artifacts[at];
    let entries = edition.lookup(artifact.pack).entries(at);
    let by_entry = || entries.last().map(|entry| log.entries[*entry].line);
    edition.log_index().documents.line(&artifact.path).or_else(by_entry)
}

impl Judged<'_> {
    /// Says since when the text is another one than was approved: `2 May 2026`.
    pub(super) fn since(&self, at: usize) -> String {
        match self.texts.get(at) {
            Some(text) if text.blob.is_some() => When::new(text.landing.time).day,
            _ => "now".to_owned(),
        }
    }

    /// Names those whose approvals hold: `Priya Raman · attributed`.
    pub(super) fn names(&self, unit: &Unit) -> String {
        let holding = self.approvals.iter().filter(|(one, state)| one.counts() && state.holds());
        let names: Vec<String> = holding.clone().map(|(one, _)| by(unit, one).name).collect();
        let least = holding.map(|(one, _)| one.assurance).min();
        let least = least.map(Assurance::word).unwrap_or_default();
        format!("{} · {least}", names.join(", "))
    }

    /// Returns the text that was approved last and is not that of today, with that of today.
    pub(super) fn changed(&self) -> Option<(ObjectId, ObjectId)> {
        let now = self.texts.last()?.blob?;
        let stale = self.approvals.iter().rev().filter(|(one, _)| one.class == Class::Approves);
        let (one, _) = stale.clone().find(|(_, state)| state.changed_at().is_some())?;
        one.blob.filter(|blob| *blob != now).map(|blob| (blob, now))
    }
}

/// Describes the approvals of a document; for its page without a day. `since` leads to what changed.
pub(super) fn view(
    unit: &Unit,
    at: usize,
    day: Option<&str>,
    since: &str,
) -> Option<ApprovalsView> {
    told(unit, at, &judged(&unit.edition, at, day)?, since)
}

/// Describes approvals that were judged.
pub(super) fn told(
    unit: &Unit,
    at: usize,
    judged: &Judged<'_>,
    since: &str,
) -> Option<ApprovalsView> {
    let (title, tone, text) = summary(judged)?;
    let given = judged.approvals.iter().rev();
    let changed = judged.changed().is_some();
    Some(ApprovalsView {
        line: in_line(unit, judged),
        title,
        tone,
        text,
        given: given.map(|(one, state)| given_view(unit, at, judged, one, *state)).collect(),
        since: if changed { format!("{since}#since-approval") } else { String::new() },
    })
}

/// Says beside the status what the history shows, in a few words.
fn in_line(unit: &Unit, judged: &Judged<'_>) -> String {
    match judged.shown {
        Shown::Approved | Shown::NotYetMarked => format!("approved by {}", judged.names(unit)),
        Shown::Claimed => "claimed, no evidence".to_owned(),
        Shown::Undetermined => "approval undetermined".to_owned(),
        Shown::Stale(_) | Shown::Expired | Shown::Declared => String::new(),
    }
}

/// Says what declared and evidenced status come to; nothing where there is nothing to say.
fn summary(judged: &Judged<'_>) -> Option<(String, &'static str, String)> {
    let told = |title: &str, tone, text: &str| (title.to_owned(), tone, text.to_owned());
    Some(match judged.shown {
        Shown::Approved => told("Approved", "approved", "Whoever must approve this text did."),
        Shown::Stale(at) => {
            let title = format!("Approved, stale since {}", judged.since(at));
            let is_beside = judged.texts.get(at).is_some_and(|text| !text.beside.is_empty());
            let text = if is_beside {
                "A file that it shows or includes is another one than was approved."
            } else {
                "Another text was approved. Read what changed since."
            };
            (title, "changed", text.to_owned())
        }
        Shown::Expired => {
            told("Approved, expired", "changed", "The approval was given for a time that is over.")
        }
        Shown::Claimed => told("Claimed, no evidence", "unclear", lacking(judged)),
        Shown::Undetermined => told("Approval undetermined", "unclear", lacking(judged)),
        Shown::NotYetMarked => told(
            "Approved, not yet marked",
            "approved",
            "Whoever must approve this text did; its status does not say so yet.",
        ),
        Shown::Declared if judged.approvals.is_empty() => return None,
        Shown::Declared => told("Approvals", "draft", "The status is as the document says."),
    })
}

/// Says what is lacking.
fn lacking(judged: &Judged<'_>) -> &'static str {
    match judged.evidence {
        Evidence::Undetermined => "It cannot be told whether those who must approve it did.",
        Evidence::None => "It says that it is approved, and nobody is recorded who approved it.",
        _ => "It says that it is approved, and what is recorded does not add up to that.",
    }
}

pub(super) fn given_view(
    unit: &Unit,
    at: usize,
    judged: &Judged<'_>,
    one: &Approval,
    state: State,
) -> GivenView {
    GivenView {
        who: by(unit, one),
        words: relation::decision(unit, Some(at), one),
        when: When::new(one.landing.time),
        assurance: one.assurance.word(),
        state: state.word(),
        holds: one.counts() && state.holds(),
        until: one.expires.as_deref().map(day).unwrap_or_default(),
        commit: unit.forge.commit(one.commit),
        pull: one.landing.pull_request.map(|number| unit.forge.pull(number)),
        notes: notes(unit, judged, one, state),
    }
}

/// Names who approved: the registry's name when it knows the person.
pub(super) fn by(unit: &Unit, one: &Approval) -> Who {
    let people = &unit.packs().people;
    let known = one.by.person.as_ref().and_then(|id| people.person(id));
    known.map_or_else(
        || Who { name: one.by.name.clone(), ..Who::default() },
        |at| unit.registry().named(&people.persons[at], ""),
    )
}

fn notes(unit: &Unit, judged: &Judged<'_>, one: &Approval, state: State) -> Vec<String> {
    let state = state_words(unit, judged, state);
    let is_internal = unit.edition.inputs.settings.audience == Audience::Internal;
    let gone = (is_internal && one.counts()).then(|| relation::gone(unit, one)).flatten();
    let gone = gone.map(|gone| relation::left(&gone));
    state.into_iter().chain(relation::notes(unit, one)).chain(gone).collect()
}

fn state_words(unit: &Unit, judged: &Judged<'_>, state: State) -> Option<String> {
    let by = |at: usize| {
        let by = judged.texts.get(at).and_then(|text| text.by.as_ref());
        by.map_or_else(String::new, |by| format!(" by {}", unit.registry().author(by).name))
    };
    Some(match state {
        State::Valid => return None,
        State::Restored => {
            "The text had changed and is again the one that was approved.".to_owned()
        }
        State::Reformatted => "The text was only written in another way since.".to_owned(),
        State::Stale(at) => {
            let beside = judged.texts.get(at).map(|text| text.beside.as_slice());
            let names = beside.unwrap_or_default().iter().map(RepoPath::name);
            let names = names.collect::<Vec<_>>().join(" and ");
            let what = match names.as_str() {
                "" => "The text".to_owned(),
                names => format!("{names}, which the text shows or includes,"),
            };
            format!("{what} was changed {}{}.", on(judged, at), by(at))
        }
        State::LandedDifferent(_) => "What landed was another text than was approved.".to_owned(),
        State::Expired => "Its last day is over.".to_owned(),
        State::Revoked => "It was taken back, or the text was rejected later.".to_owned(),
        State::Superseded => "The same person approved it again later.".to_owned(),
        State::Unknown => "Which text was approved is not known.".to_owned(),
    })
}

fn on(judged: &Judged<'_>, at: usize) -> String {
    match judged.since(at) {
        now if now == "now" => "here, which has not landed yet".to_owned(),
        since => format!("on {since}"),
    }
}

/// Lists the documents of a pack that say they are approved and are not by the history, on the day of judging; and how
/// many say so, and of how many the history shows it. Records of what is done and lists that go on changing are left out.
pub(super) fn claims(unit: &Unit) -> (Vec<ClaimView>, usize, usize) {
    let edition = &unit.edition;
    let packs = &edition.inputs.packs;
    let living =
        |at: usize| packs.kinds.get(packs.artifacts[at].kind).is_some_and(|kind| kind.living);
    let asked = |at: &usize| {
        let is_approved = packs.artifacts[*at].status.is_approved();
        is_approved && !living(*at) && state(edition, *at).tone != "over"
    };
    let (mut claims, mut said, mut shown) = (Vec::new(), 0, 0);
    for at in unit.own().filter(asked) {
        said += 1;
        let Some(judged) = judged(edition, at, Some(&edition.inputs.as_of)) else { continue };
        if judged.shown == Shown::Approved {
            shown += 1;
        } else if let Some((words, _, why)) = summary(&judged) {
            claims.push(ClaimView { document: link(unit, at), words, why });
        }
    }
    (claims, said, shown)
}

/// Tells what an entry of the log has to do with approvals: who approved the document with the same landing.
pub(super) fn of_entry(unit: &Unit, at: Option<usize>, line: usize, landing: usize) -> Vec<String> {
    let log = &unit.edition.inputs.log;
    let own =
        unit.edition.log_index().documents.approvals(line).iter().map(|at| &log.approvals[*at]);
    own.filter(|one| one.landing.index == landing).map(|one| in_short(unit, at, one)).collect()
}

/// Says what was decided and by whom: `approved by Priya Raman · attributed`.
pub(super) fn in_short(unit: &Unit, at: Option<usize>, one: &Approval) -> String {
    let name = by(unit, one).name;
    format!("{} by {name} · {}", relation::decision(unit, at, one), one.assurance.word())
}

/// Says for each row of a document who approved it and what became of that: the latest word of each person.
pub(super) fn of_rows(unit: &Unit, at: usize) -> BTreeMap<usize, Vec<String>> {
    let mut told: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let Some(judged) = judged(&unit.edition, at, None) else { return told };
    let records = &unit.packs().artifacts[at].records;
    for (one, state) in judged.approvals.iter().filter(|(_, state)| *state != State::Superseded) {
        let Some(scope) = &one.scope else { continue };
        let Some(row) = records.iter().position(|row| row.id == *scope) else { continue };
        let counts = match relation::counts(one) {
            "yes" if state.holds() => "",
            "not known" => " · not known whether it counts",
            _ => " · does not count",
        };
        let words = one.decision.replace('-', " ");
        let (who, level, state) = (by(unit, one).name, one.assurance.word(), state.word());
        told.entry(row).or_default().push(format!("{words} by {who} · {level} · {state}{counts}"));
    }
    told
}
