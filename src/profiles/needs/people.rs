//! Roles that somebody holds, numbers that lead to somebody, activities that somebody answers for, and who decided.

use super::{Answer, Candidate, Judge, Need, Problem, answer, problem, rank};
use crate::kinds::normalise;
use crate::pack::raci::{self, Activity, Matrix};
use crate::pack::reach::Directory;
use crate::pack::who::Who;
use crate::profiles::{Evidence, Outcome};
use crate::source::RepoPath;
use crate::toml::Table;

/// The field that names who decided.
pub(super) const DECIDERS: &str = "deciders";

/// What is asked of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holders {
    /// Roles that active persons must hold.
    pub(super) roles: Vec<String>,
    /// Whether every step of the ladder and everybody on the rota must lead to a telephone number.
    pub(super) reachable: bool,
    /// Activities with the words that a row of a matrix may have for them; exactly one party answers for each.
    pub(super) activities: Vec<(String, Vec<String>)>,
    /// Roles whose holders must be among those who decided.
    pub(super) deciders: Vec<String>,
}

impl Holders {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        Self {
            roles: keys.texts("roles"),
            reachable: keys.truth("reachable").unwrap_or_default(),
            activities: keys.lists("activities"),
            deciders: keys.texts("deciders"),
        }
    }

    pub(super) fn asks_the_pack(&self) -> bool {
        !self.roles.is_empty()
    }
}

pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let answers = need.people.roles.iter().map(|role| of_role(judge, role));
    answers.reduce(|one, other| {
        let (mut worse, better) =
            if rank(other.outcome) > rank(one.outcome) { (other, one) } else { (one, other) };
        if worse.outcome == better.outcome {
            worse.reason = format!("{}; {}", worse.reason, better.reason);
            worse.evidence.extend(better.evidence);
        }
        worse
    })
}

fn of_role(judge: &Judge<'_>, role: &str) -> Answer {
    let pack = judge.declared();
    let path = pack.folder_file("pack.toml");
    let Some(holding) = pack.holding(role, judge.as_of) else {
        return answer(Outcome::Unmet, format!("nobody holds the role `{role}` in {path}"));
    };
    let (held, span, line) = (&holding.person, holding.span.clone(), holding.line);
    let people = &judge.packs.people;
    let (outcome, reason) = match people.person(held).map(|at| &people.persons[at]) {
        None => (
            Outcome::Unmet,
            format!("`{held}`, who holds the role `{role}`, is not in people.toml"),
        ),
        Some(person) if !person.days.hold(judge.as_of) => {
            let when = person.absence(judge.as_of);
            (Outcome::Unmet, format!("{} {when} and still holds the role `{role}`", person.name))
        }
        Some(person) => (Outcome::Met, format!("{} holds the role", person.name)),
    };
    let evidence = vec![Evidence { path: RepoPath::new(&path), span, line, artifact: None }];
    Answer { evidence, ..answer(outcome, reason) }
}

pub(super) fn problems(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    let mut list: Vec<Problem> = silence(judge, need, candidate).into_iter().collect();
    if !need.people.activities.is_empty() {
        let matrices = raci::read(judge.packs, candidate.artifact);
        let asked = need.people.activities.iter();
        list.extend(asked.filter_map(|(name, words)| unanswered(&matrices, name, words)));
    }
    let asked = need.people.deciders.iter();
    list.extend(asked.filter_map(|role| undecided(judge, candidate, role)));
    list
}

/// Somebody whom the ladder or the rota names, and no telephone number leads to.
fn silence(judge: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Option<Problem> {
    let at = Some(candidate.at).filter(|_| need.people.reachable)?;
    let who = Directory::of(judge.packs, at)?.silent(judge.as_of)?;
    Some(problem(format!("no telephone number is written down for `{who}`"), &(0..0)))
}

/// An activity without a row, or for which not exactly one party answers.
fn unanswered(matrices: &[Matrix], name: &str, words: &[String]) -> Option<Problem> {
    let is_meant = |row: &&Activity| {
        let text = row.text.to_lowercase();
        words.iter().any(|word| text.contains(&word.to_lowercase()))
    };
    let rows =
        matrices.iter().flat_map(|matrix| matrix.activities.iter().map(move |row| (matrix, row)));
    let mut rows = rows.filter(|(_, row)| is_meant(row)).peekable();
    if rows.peek().is_none() {
        return Some(problem(format!("it has no row for `{}`", name.replace('-', " ")), &(0..0)));
    }
    let (_, row) = rows.find(|(matrix, row)| {
        row.with(matrix.scheme.accountable).count() != 1 && row.accepted.is_none()
    })?;
    Some(problem(format!("not exactly one party answers for `{}`", row.text), &row.span))
}

/// A role whose holder is not among those who decided.
fn undecided(judge: &Judge<'_>, candidate: &Candidate<'_>, role: &str) -> Option<Problem> {
    let people = &judge.packs.people;
    let spec = candidate.kind.field(DECIDERS);
    let field = spec.and_then(|spec| candidate.artifact.field(spec));
    let texts = field.map(|field| field.value.texts()).unwrap_or_default();
    let holding = judge.declared().holding(role, judge.as_of);
    let holder = holding.and_then(|holding| people.person(&holding.person));
    let decided = texts.iter().any(|(text, _)| {
        let is_holder = matches!(people.who(text), Some(Who::Person(at)) if Some(at) == holder);
        is_holder || normalise(text) == normalise(role)
    });
    let span = field.map_or(0..0, |field| field.key_span.clone());
    let role = role.replace('-', " ");
    (!decided).then(|| problem(format!("the {role} is not among its deciders"), &span))
}
