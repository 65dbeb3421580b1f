//! Approvals for programs. Names, never addresses.

use serde::Serialize;

use super::approved::{by, judged};
use super::relation;
use super::separation::{self, Told};
use super::unit::Unit;
use super::view::When;
use crate::approvals::{Approval, Contributor, State, TextAt};
use crate::document::digest::Digest;
use crate::settings::Audience;

/// An approval and what became of it.
#[derive(Serialize)]
pub(super) struct Given<'u> {
    document: &'u str,
    by: String,
    /// The id of the person in the registry before the landing.
    person: Option<&'u str>,
    decision: &'u str,
    scope: Option<&'u str>,
    expires: Option<&'u str>,
    landing: String,
    landed: String,
    commit: String,
    pr: Option<u64>,
    source: &'static str,
    /// The tag that says it.
    tag: Option<&'u str>,
    level: &'static str,
    /// How sure it must be.
    least: Option<&'static str>,
    binding: &'static str,
    digest: Option<String>,
    state: &'static str,
    stale_since: Option<Since>,
    separation: &'static str,
    /// What the approver has to do with the text.
    relation: Vec<&'static str>,
    /// That whoever gave it is there no longer; for internal readers.
    left: Option<Left>,
    /// The ids of those who would have to confirm it now.
    confirm: Vec<String>,
    /// Who must approve, as written.
    wanted: &'u [String],
    contributors: Vec<&'u str>,
    /// Whether the landing changed the document, or it says so; nothing when the clone cannot tell.
    reflected: Option<bool>,
    bootstrap: bool,
    revoked: Option<String>,
}

/// That somebody is there no longer.
#[derive(Serialize)]
struct Left {
    why: &'static str,
    last_day: Option<String>,
}

/// The landing that changed what was approved.
#[derive(Serialize)]
struct Since {
    landing: String,
    landed: String,
    by: Option<String>,
    pr: Option<u64>,
}

/// Lists the approvals of the documents of a pack, in order of landing.
pub(super) fn all(unit: &Unit) -> Vec<Given<'_>> {
    let day = Some(unit.edition.inputs.as_of.as_str());
    let mut all = Vec::new();
    for at in unit.own() {
        let Some(judged) = judged(&unit.edition, at, day) else { continue };
        let told = judged.approvals.iter().map(|(one, state)| {
            (one.landing.index, given(unit, Some(at), one, *state, &judged.texts))
        });
        all.extend(told);
    }
    for (own, texts) in separation::removed(unit) {
        let told = own.into_iter();
        all.extend(
            told.map(|(one, state)| (one.landing.index, given(unit, None, one, state, texts))),
        );
    }
    all.sort_by_key(|(landing, _)| *landing);
    all.into_iter().map(|(_, one)| one).collect()
}

fn given<'u>(
    unit: &'u Unit,
    at: Option<usize>,
    one: &'u Approval,
    state: State,
    texts: &[TextAt],
) -> Given<'u> {
    let told = Told::new(unit, at, one, state);
    let is_internal = unit.edition.inputs.settings.audience == Audience::Internal;
    Given {
        relation: relation::words(one),
        confirm: if is_internal { told.confirming(unit) } else { Vec::new() },
        left: told
            .gone
            .as_ref()
            .filter(|_| is_internal)
            .map(|gone| Left { why: gone.word(), last_day: gone.last_day().map(str::to_owned) }),
        document: &one.document,
        by: by(unit, one).name,
        person: one.by.person.as_deref(),
        decision: &one.decision,
        scope: one.scope.as_deref(),
        expires: one.expires.as_deref(),
        landing: one.landing.commit.to_string(),
        landed: When::new(one.landing.time).iso,
        commit: one.commit.to_string(),
        pr: one.landing.pull_request,
        source: one.source.word(),
        tag: one.tag.as_ref().map(|tag| tag.name.as_str()),
        level: one.assurance.word(),
        least: Some(one.asks.assurance.word()).filter(|_| !one.lacks.rules),
        binding: one.binding.word(),
        digest: one.digest.map(Digest::write),
        state: state.word(),
        stale_since: since(unit, state, texts),
        separation: one.duty.word(),
        wanted: &one.wanted,
        contributors: one.contributors.iter().map(contributor).collect(),
        reflected: one.reflected.filter(|_| !one.lacks.rules),
        bootstrap: one.bootstrap,
        revoked: one
            .revoked
            .as_ref()
            .filter(|_| !one.lacks.later)
            .map(|landing| landing.commit.to_string()),
    }
}

/// Tells which landing changed the text; nothing for a change that is not committed.
fn since(unit: &Unit, state: State, texts: &[TextAt]) -> Option<Since> {
    let text = texts.get(state.changed_at()?).filter(|text| text.blob.is_some())?;
    Some(Since {
        landing: text.landing.commit.to_string(),
        landed: When::new(text.landing.time).iso,
        by: text.by.as_ref().map(|by| unit.registry().author(by).name),
        pr: text.landing.pull_request,
    })
}

fn contributor(one: &Contributor) -> &str {
    one.identity.person().unwrap_or(&one.name)
}
