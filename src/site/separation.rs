//! Who approved what, and whether that was for them to do: each approval with what the approver had to do with the text,
//! what came of it, and where to look it up; and those that were given by people who are there no longer.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Inputs;
use super::approved::{by, judged};
use super::artifact::{DocumentLink, link};
use super::relation::{self, gone};
use super::standing::state;
use super::unit::Unit;
use super::view::{Linked, When, count};
use super::waiting::{self, WaitingView};
use super::who::Who;
use crate::approvals::{self, Approval, Class, Gone, State, TextAt};

/// The page of approvals.
#[derive(Debug, Hash, Serialize)]
pub(super) struct ApprovalsPage {
    as_of: String,
    waiting: WaitingView,
    /// What was looked at, and what came of it.
    words: String,
    /// Those about which there is something to say.
    odd: Vec<RowView>,
    others: Vec<RowView>,
    left: Vec<LeftView>,
}

/// An approval.
#[derive(Debug, Hash, Serialize)]
struct RowView {
    document: DocumentLink,
    decision: String,
    who: Who,
    when: When,
    assurance: &'static str,
    /// The outcome: `ok`, `self-approved`.
    outcome: &'static str,
    /// `yes`, `counted` when it no longer holds, `no`, `not known`.
    counts: &'static str,
    state: &'static str,
    notes: Vec<String>,
    writers: Vec<String>,
    commit: Linked,
    pull: Option<Linked>,
}

/// An approval by somebody who is there no longer.
#[derive(Debug, Hash, Serialize)]
struct LeftView {
    document: DocumentLink,
    who: Who,
    when: When,
    why: String,
    /// Who would have to confirm it now.
    confirm: Vec<Who>,
    /// What is said when nobody can or need.
    nobody: String,
}

/// An approval of the pack, judged on the day.
pub(super) struct Told<'u> {
    /// The document; nothing when it was removed.
    pub(super) at: Option<usize>,
    pub(super) one: &'u Approval,
    pub(super) state: State,
    /// Set when whoever gave it is there no longer.
    pub(super) gone: Option<Gone>,
}

/// Lists the approvals of the documents of a pack, in order of landing.
pub(super) fn told(unit: &Unit) -> Vec<Told<'_>> {
    let edition = &unit.edition;
    let today = edition.inputs.as_of.as_str();
    let mut all = Vec::new();
    for at in unit.own() {
        let Some(judged) = judged(edition, at, Some(today)) else { continue };
        let own = judged.approvals.iter();
        all.extend(own.map(|(one, state)| Told::new(unit, Some(at), one, *state)));
    }
    let gone = removed(unit).into_iter().flat_map(|(own, _)| own);
    all.extend(gone.map(|(one, state)| Told::new(unit, None, one, state)));
    all.sort_by_key(|told| told.one.landing.index);
    all
}

/// The approvals of one document, judged, with its texts.
type Removed<'u> = (Vec<(&'u Approval, State)>, &'u [TextAt]);

/// Lists the approvals of documents of a pack that were removed.
pub(super) fn removed(unit: &Unit) -> Vec<Removed<'_>> {
    let Inputs { log, as_of, .. } = &unit.edition.inputs;
    let here = |one: &&Approval| unit.packs().pack_of(&one.path) == Some(unit.pack);
    let lines: BTreeSet<usize> = log.approvals.iter().filter(here).map(|one| one.line).collect();
    let of_line = |line: usize| {
        let texts = log.texts.get(&line)?.as_slice();
        texts.last().filter(|text| text.blob.is_none() && text.known)?;
        let own = unit.edition.log_index().documents.approvals(line).iter();
        let own: Vec<&Approval> = own.map(|at| &log.approvals[*at]).collect();
        let states = approvals::states(&own, texts, Some(as_of));
        Some((own.into_iter().zip(states).collect(), texts))
    };
    lines.into_iter().filter_map(of_line).collect()
}

impl<'u> Told<'u> {
    /// Takes an approval of a document.
    pub(super) fn new(unit: &Unit, at: Option<usize>, one: &'u Approval, state: State) -> Self {
        let today = unit.edition.inputs.as_of.as_str();
        let gone = gone(unit, one).filter(|gone| one.counts() && gone.is_past(today));
        Self { at, one, state, gone }
    }

    /// Tells whether there is something to say about who approved.
    fn is_odd(&self) -> bool {
        self.one.duty.word() != "ok" || !relation::words(self.one).is_empty()
    }

    fn notes(&self, unit: &Unit) -> Vec<String> {
        let removed = self.at.is_none().then(|| "The document was removed since.".to_owned());
        relation::notes(unit, self.one).into_iter().chain(removed).collect()
    }

    /// Tells whether the document still rests on it although whoever gave it is gone.
    fn has_left(&self) -> bool {
        self.at.is_some()
            && self.gone.is_some()
            && !matches!(self.state, State::Superseded | State::Revoked)
    }

    /// Lists the ids of those who would have to confirm the approval now; nobody for a document that is over.
    pub(super) fn confirming(&self, unit: &Unit) -> Vec<String> {
        let Some(at) = self.at.filter(|at| self.has_left() && !is_over(unit, *at)) else {
            return Vec::new();
        };
        let policy = unit.edition.policy(unit.pack);
        let today = unit.edition.inputs.as_of.as_str();
        let wanted = waiting::wanted(unit, at);
        let holders = wanted.iter().flat_map(|party| policy.holders(party, Some(today)));
        let mut holders: Vec<String> = holders.collect();
        holders.dedup();
        holders
    }
}

fn is_over(unit: &Unit, at: usize) -> bool {
    matches!(state(&unit.edition, at).tone, "over" | "closed")
}

/// Shows the page.
pub(super) fn view(unit: &Unit) -> ApprovalsPage {
    let told = told(unit);
    let given: Vec<&Told<'_>> = told.iter().filter(|it| it.one.class == Class::Approves).collect();
    let left = given.iter().rev().filter(|it| it.has_left()).map(|it| left(unit, it)).collect();
    let (odd, others): (Vec<&Told<'_>>, Vec<&Told<'_>>) = given.iter().partition(|it| it.is_odd());
    let rows = |all: Vec<&Told<'_>>| all.into_iter().rev().map(|it| row(unit, it)).collect();
    ApprovalsPage {
        as_of: super::view::day(&unit.edition.inputs.as_of),
        waiting: waiting::view(unit),
        words: words(unit, given.len(), odd.len()),
        odd: rows(odd),
        others: rows(others),
        left,
    }
}

/// Says what was looked at, and what came of it.
fn words(unit: &Unit, given: usize, odd: usize) -> String {
    let statement = &unit.edition.inputs.log.statement;
    let documents = count(unit.own().len(), "document", "documents");
    let commits = count(statement.landings, "commit", "commits");
    let looked = format!("{documents} and {commits} on {}", statement.reference);
    let unsure = if statement.complete() { "" } else { " The history is not complete." };
    let given = match (given, odd) {
        (0, _) => return format!("No approval is recorded in {looked}.{unsure}"),
        (given, 0) => format!(
            "{} in {looked}: each by who must give it, and nobody approved what they wrote.",
            count(given, "approval", "approvals")
        ),
        (given, odd) => format!(
            "{} in {looked}, and {odd} of them to look at.",
            count(given, "approval", "approvals")
        ),
    };
    format!("{given}{unsure}")
}

fn document(unit: &Unit, told: &Told<'_>) -> DocumentLink {
    told.at.map_or_else(|| DocumentLink::removed(&told.one.document), |at| link(unit, at))
}

fn row(unit: &Unit, told: &Told<'_>) -> RowView {
    let one = told.one;
    RowView {
        document: document(unit, told),
        decision: relation::decision(unit, told.at, one),
        who: by(unit, one),
        when: When::new(one.landing.time),
        assurance: one.assurance.word(),
        outcome: one.duty.word(),
        counts: match relation::counts(one) {
            "yes" if !told.state.holds() => "counted",
            counts => counts,
        },
        state: told.state.word(),
        notes: told.notes(unit),
        writers: relation::writers(unit, one),
        commit: unit.forge.commit(one.commit),
        pull: one.landing.pull_request.map(|number| unit.forge.pull(number)),
    }
}

fn left(unit: &Unit, told: &Told<'_>) -> LeftView {
    let confirm = told.confirming(unit);
    let nobody = match confirm.as_slice() {
        [] if told.at.is_none_or(|at| is_over(unit, at)) => {
            "Nobody need: it is over and kept as a record."
        }
        [] => "Nobody can: no rule names anybody who is there.",
        _ => "",
    };
    LeftView {
        document: document(unit, told),
        who: by(unit, told.one),
        when: When::new(told.one.landing.time),
        why: told.gone.as_ref().map(relation::left).unwrap_or_default(),
        confirm: confirm.iter().map(|id| unit.registry().who(id)).collect(),
        nobody: nobody.to_owned(),
    }
}
