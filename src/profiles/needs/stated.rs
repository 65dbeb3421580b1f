//! What `pack.toml` says: facts that must be there, and statements that somebody stands for.

use super::{Answer, Judge, Need, answer, rank};
use crate::document::text::is_template;
use crate::profiles::{Evidence, Outcome};
use crate::source::RepoPath;
use crate::toml::Table;
use crate::value::is_unknown;

/// What must be stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stated {
    /// Facts of the pack.
    facts: Vec<String>,
    /// The id of a statement.
    pub(super) attest: Option<String>,
}

impl Stated {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self { facts: keys.texts("pack"), attest: keys.text("attest") }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        !self.facts.is_empty() || self.attest.is_some()
    }
}

pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let facts = need.stated.facts.iter().map(|name| fact(judge, name));
    let attest = need.stated.attest.iter().map(|id| statement(judge, id));
    facts.chain(attest).max_by_key(|answer| rank(answer.outcome))
}

fn fact(judge: &Judge<'_>, name: &str) -> Answer {
    let path = judge.declared().folder_file("pack.toml");
    let says = |text: &&String| !text.is_empty() && !is_template(text) && !is_unknown(text);
    let values: Vec<&str> =
        judge.declared().fact(name).iter().filter(says).map(String::as_str).collect();
    match values.as_slice() {
        [] => answer(Outcome::Unmet, format!("`{name}` is not in {path}")),
        values => {
            let line = judge.declared().stated(name).map_or(1, |fact| fact.line);
            let path = RepoPath::new(&path);
            let evidence = vec![Evidence { path, span: 0..0, line, artifact: None }];
            Answer {
                evidence,
                ..answer(Outcome::Met, format!("`{name}` is {}", values.join(", ")))
            }
        }
    }
}

/// A statement is as good as whoever stands for it; it is told as stated, never as shown.
fn statement(judge: &Judge<'_>, id: &str) -> Answer {
    let pack = judge.declared();
    let path = pack.folder_file("pack.toml");
    let Some(one) = pack.attestations.iter().rev().find(|one| one.id == id) else {
        return answer(Outcome::Unmet, format!("nobody states `{id}` in {path}"));
    };
    let people = &judge.packs.people;
    let person = people.person(&one.by).map(|at| &people.persons[at]);
    let evidence = vec![Evidence {
        path: RepoPath::new(&path),
        span: one.span.clone(),
        line: one.line,
        artifact: None,
    }];
    let (outcome, reason) = match (person, one.on.as_deref()) {
        (None, _) => {
            (Outcome::Unmet, format!("`{}`, who states `{id}`, is not in people.toml", one.by))
        }
        (Some(_), None) => (Outcome::Unmet, format!("`{id}` is stated and has no day")),
        (Some(_), Some(day)) if day > judge.as_of => {
            (Outcome::Unmet, format!("`{id}` is stated for {day}, which is still to come"))
        }
        (Some(person), Some(day)) => {
            let evidence =
                one.evidence.as_deref().map_or(String::new(), |text| format!(": {text}"));
            (Outcome::Met, format!("stated by {} on {day}{evidence}", person.name))
        }
    };
    Answer { evidence, ..answer(outcome, reason) }
}
