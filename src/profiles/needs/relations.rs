//! Relations that a document must have to others.

use super::{Candidate, Judge, Need, Problem, problem};
use crate::pack::Relation;
use crate::toml::Table;

/// What a document must lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// The word of the relation, in either direction; and the kind on the other side, any when there is none.
    pub(super) link: Option<(String, Option<String>)>,
}

impl Links {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let link = keys.table("link").and_then(|link| {
            let to = link.text("to");
            Some((link.needed("rel")?, to))
        });
        Self { link }
    }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let Some((name, to)) = &need.relations.link else { return Vec::new() };
    let kind_of = |at: usize| &judge.packs.kinds[judge.packs.artifacts[at].kind].name;
    let fits = |at: usize| to.as_ref().is_none_or(|to| kind_of(at) == to);
    let forward = |one: &Relation| one.from == candidate.at && one.name == *name && fits(one.to);
    let backward =
        |one: &Relation| one.to == candidate.at && one.inverse == *name && fits(one.from);
    let own = judge.packs.of(judge.pack).flat_map(|at| &judge.packs.outgoing[at].relations);
    if own.into_iter().any(|one| forward(one) || backward(one)) {
        return Vec::new();
    }
    let to = to.as_ref().map_or(String::new(), |to| format!(" that leads to a {to}"));
    vec![problem(format!("it has no `{name}`{to}"), &candidate.artifact.status_span)]
}
