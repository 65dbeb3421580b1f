//! Whose approval a document needs, and whether a document that says it is approved is. A status is a word in a file;
//! the history shows who agreed to which text.

use super::{Candidate, Judge, Need, Problem, problem, unknown};
use crate::approvals::{
    Approval, Assurance, Class, Duty, Evidence, Identity, Judged, Shown, State,
};
use crate::assemble::day_of;
use crate::kinds::{Kind, Standing, Status};
use crate::pack::Artifact;
use crate::profiles::Outcome;
use crate::toml::Table;

/// Who must have approved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Consent {
    /// Roles of which each must have approved, by different persons.
    pub(super) roles: Vec<String>,
}

impl Consent {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self { roles: keys.texts("approved-by") }
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let Candidate { at, artifact, kind } = *candidate;
    let in_force = |name: &String| {
        let known = kind.statuses.iter().find(|one| one.name == *name);
        known.map_or(name == "approved", |one| one.means == Standing::Approved)
    };
    let of_status = need.choice.status.iter().any(in_force);
    let doubt = if of_status { judge.doubt(at, artifact, kind) } else { None };
    let roles = &need.approval.roles;
    let by_roles = if roles.is_empty() { None } else { judge.lacking_roles(at, artifact, roles) };
    doubt.into_iter().chain(by_roles).collect()
}

impl Judge<'_> {
    /// Says why a document that says it is approved, or that must be by now, does not count as such.
    pub(in crate::profiles) fn doubt(
        &self,
        at: usize,
        artifact: &Artifact,
        kind: &Kind,
    ) -> Option<Problem> {
        let Status::Known { word, .. } = &artifact.status else { return None };
        if kind.living || kind.is_over(&artifact.status) {
            return None;
        }
        let is_needed = kind.needs_approval(&artifact.document.front_matter, word);
        let judged = self.documents.judged(self.packs, at, Some(self.as_of));
        let span = &artifact.status_span;
        let shown = match &judged {
            Some(judged) if is_needed && !judged.is_enough() => of_evidence(judged.evidence),
            Some(judged) => judged.shown,
            // Where some of the history is lacking, somebody may have approved it, or another text.
            None if is_needed || !self.lacks_nothing() => of_evidence(self.nothing()),
            None => return None,
        };
        let has_landed = self.documents.landed(artifact).is_some();
        match shown {
            Shown::Stale(_) if self.documents.was_approved_at_its_start(self.packs, at) => None,
            Shown::Stale(text) => Some(stale(judged.as_ref(), text, artifact)),
            Shown::Expired => Some(Problem {
                outcome: Outcome::Stale,
                text: "the time is over for which it was approved".to_owned(),
                span: span.clone(),
            }),
            Shown::Approved | Shown::NotYetMarked | Shown::Declared => None,
            _ if !has_landed => Some(unknown(NOT_LANDED)),
            Shown::Claimed => {
                Some(problem("nobody is recorded who approved it, or not everybody who must", span))
            }
            Shown::Undetermined => Some(unknown(self.untold("whether it is approved"))),
        }
    }

    /// What it comes to where nobody is recorded.
    fn nothing(&self) -> Evidence {
        if self.tells_all() { Evidence::None } else { Evidence::Undetermined }
    }

    /// Tells whether all of the history is there, if there is any.
    fn lacks_nothing(&self) -> bool {
        let statement = &self.documents.log.statement;
        statement.tip.is_none() || statement.complete()
    }

    /// Tells whether there is a history, and all of it is there.
    pub(super) fn tells_all(&self) -> bool {
        let statement = &self.documents.log.statement;
        statement.tip.is_some() && statement.complete()
    }

    /// Says that something stands in a history that is not there, or not whole.
    pub(super) fn untold(&self, what: &str) -> String {
        match self.why_untold().as_str() {
            "" => format!("{what} is not known"),
            why => format!("{what} is not known: {why}"),
        }
    }

    /// Says what the history lacks; empty when nothing.
    pub(super) fn why_untold(&self) -> String {
        let statement = &self.documents.log.statement;
        let why = match statement.tip {
            None => "there is no history here",
            Some(_) if !statement.complete() => "this clone lacks some of the history",
            Some(_) => "",
        };
        why.to_owned()
    }

    /// Says which of the roles have not approved a document as it is.
    fn lacking_roles(&self, at: usize, artifact: &Artifact, roles: &[String]) -> Option<Problem> {
        let judged = self.documents.judged(self.packs, at, Some(self.as_of));
        let approvals = judged.as_ref().map_or(&[][..], |judged| &judged.approvals);
        let mut persons: Vec<&str> = Vec::new();
        let mut worst: Option<Problem> = None;
        for role in roles {
            let own = approvals.iter().filter(|(one, _)| one.roles.iter().any(|own| own == role));
            let own: Vec<&(&Approval, State)> = own.filter(|(one, _)| is_agreed(one)).collect();
            let holding = own.iter().filter(|(one, state)| state.holds() && is_sure(one));
            let holding: Vec<&str> =
                holding.filter_map(|(one, _)| one.by.person.as_deref()).collect();
            persons.extend(&holding);
            if holding.is_empty() {
                let lacking = self.lacking_role(role, judged.as_ref(), &own, artifact);
                worst = Some(worst.into_iter().fold(lacking, worse));
            }
        }
        persons.sort_unstable();
        persons.dedup();
        let one_for_all = worst.is_none() && persons.len() < roles.len();
        let twice = "one person approved it for several roles; each asks for one of its own";
        worst.or_else(|| one_for_all.then(|| problem(twice, &artifact.status_span)))
    }

    /// Says why nobody who holds a role has approved a document as it is.
    fn lacking_role(
        &self,
        role: &str,
        judged: Option<&Judged<'_>>,
        own: &[&(&Approval, State)],
        artifact: &Artifact,
    ) -> Problem {
        let spoken = role.replace('-', " ");
        let changed = own.iter().rev().find_map(|(_, state)| state.changed_at());
        if let Some(text) = changed {
            let Problem { text, .. } = stale(judged, text, artifact);
            let text = format!("the {spoken} approved it, and {text}");
            return Problem { outcome: Outcome::Stale, text, span: artifact.status_span.clone() };
        }
        if own.iter().any(|(_, state)| *state == State::Expired) {
            let text = format!("the time is over for which the {spoken} approved it");
            return Problem { outcome: Outcome::Stale, text, span: artifact.status_span.clone() };
        }
        let approvals = judged.map_or(&[][..], |judged| &judged.approvals);
        let is_open = |(one, state): &(&Approval, State)| {
            let unsure = *state == State::Unknown || one.duty == Duty::Undetermined;
            let open = unsure || !one.lacks.nothing() || !knows_writers(one);
            one.class == Class::Approves && one.scope.is_none() && open
        };
        if !self.tells_all() || approvals.iter().any(is_open) {
            return unknown(self.untold(&format!("whether the {spoken} approved it")));
        }
        if own.iter().any(|(_, state)| state.holds()) {
            let text = format!("the {spoken} approved it without the signature that is asked for");
            return problem(text, &artifact.status_span);
        }
        problem(format!("the {spoken} has not approved it"), &artifact.status_span)
    }
}

/// What is said of a text that is not in the history yet.
const NOT_LANDED: &str =
    "this text has not landed, so the history cannot show yet that it is approved";

/// How a document that must be approved whatever its status says is shown.
fn of_evidence(evidence: Evidence) -> Shown {
    crate::approvals::shown(Standing::Approved, evidence)
}

fn stale(judged: Option<&Judged<'_>>, text: usize, artifact: &Artifact) -> Problem {
    let landed = judged.and_then(|judged| judged.texts.get(text));
    let landed = landed.filter(|text| text.blob.is_some());
    let when = landed.map_or_else(String::new, |text| format!(" on {}", day_of(text.landing.time)));
    Problem {
        outcome: Outcome::Stale,
        text: format!("it changed{when}, after it was approved"),
        span: artifact.status_span.clone(),
    }
}

/// Keeps the worse of two problems.
fn worse(one: Problem, other: Problem) -> Problem {
    if super::rank(one.outcome) > super::rank(other.outcome) { one } else { other }
}

/// Tells whether an approval speaks of the whole document, by a person who wrote nothing of it. For which role it counts
/// is asked elsewhere.
fn is_agreed(one: &Approval) -> bool {
    let wrote = |as_co_author: bool| {
        let is_own = |identity: &Identity| identity.person() == one.by.person.as_deref();
        one.contributors.iter().any(|it| it.co_author == as_co_author && is_own(&it.identity))
    };
    let right = match one.duty {
        Duty::Ok => true,
        Duty::NotAccountable => knows_writers(one) && (one.asks.co_authors || !wrote(true)),
        Duty::CoAuthor => one.asks.co_authors,
        _ => false,
    };
    one.scope.is_none() && one.class == Class::Approves && right && one.lacks.nothing()
}

fn knows_writers(one: &Approval) -> bool {
    let mut writers = one.contributors.iter();
    writers.all(|it| !matches!(it.identity, Identity::Unknown | Identity::Shared))
}

fn is_sure(one: &Approval) -> bool {
    one.assurance >= one.asks.assurance.max(Assurance::LEAST)
}
