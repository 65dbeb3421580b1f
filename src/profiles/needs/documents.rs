//! Which documents are meant, in which state and how many; and what becomes of a need when some do not comply.

use std::cmp::Reverse;

use super::{Answer, Candidate, Judge, Need, OF_DOCUMENT, Problem, answer, problem, rank};
use crate::document::text::is_template;
use crate::document::{Field, front_matter::FrontMatter};
use crate::kinds::{Kind, Standing, Status, word};
use crate::pack::Artifact;
use crate::profiles::needs::observed;
use crate::profiles::needs::time::{self, Fresh};
use crate::profiles::{Evidence, Outcome};
use crate::source::Span;
use crate::toml::Table;

/// Documents of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::profiles) struct Choice {
    /// Artifacts of this kind.
    pub(super) kind: Option<String>,
    /// Words of the kind's life cycle; `approved` also means every word that readers may rely on.
    pub(super) status: Vec<String>,
    /// Fields that must have one of these values; a dot leads into a table of fields.
    pub(super) matching: Vec<(String, Vec<String>)>,
    /// How many artifacts must comply.
    min: usize,
    /// Whether all that have the status and the values must comply.
    each: bool,
}

impl Choice {
    pub(super) fn read(keys: &Table<'_>) -> Self {
        let named = |key: &str| {
            let values = keys.texts(key);
            (!values.is_empty()).then(|| (key.to_owned(), values))
        };
        let mut matching = keys.lists("where");
        matching.extend(["type", "of"].into_iter().filter_map(named));
        let kind = keys.text("kind");
        if kind.is_none() && !matching.is_empty() {
            keys.wrong_value(&keys.span(), "this need chooses documents and names no `kind`", None);
        }
        let min = keys.integer("min").and_then(|number| number.try_into().ok()).unwrap_or(1).max(1);
        let each = keys.truth("each").unwrap_or(false);
        Self { kind, status: keys.texts("status"), matching, min, each }
    }
}

impl Choice {
    /// Tells whether a word, as its author wrote it, is a status that is asked for; any is where none is asked for.
    pub(super) fn has_status(&self, kind: &Kind, written: Option<&str>) -> bool {
        let Some(written) = written else { return self.status.is_empty() };
        let known = kind.status_word(written).unwrap_or(written);
        let means = kind.statuses.iter().find(|one| one.name == known).map(|one| one.means);
        let is_asked = |name: &String| {
            name == known || name == "approved" && means == Some(Standing::Approved)
        };
        self.status.is_empty() || self.status.iter().any(is_asked)
    }
}

/// What is wrong with the state of a document.
pub(super) fn problems(_: &Judge<'_>, need: &Need, candidate: &Candidate<'_>) -> Vec<Problem> {
    status_problem(candidate.artifact, &need.choice.status).into_iter().collect()
}

/// Judges the documents of the kind that a need names.
pub(super) fn answer_of(judge: &Judge<'_>, need: &Need) -> Option<Answer> {
    let name = need.choice.kind.as_deref()?;
    let Some(at) = judge.packs.kinds.iter().position(|kind| kind.name == name) else {
        let reason = format!("the profile names the kind `{name}`, which is not known");
        return Some(answer(Outcome::Unmet, reason));
    };
    Some(Judging { judge, need, kind: &judge.packs.kinds[at], at }.answer())
}

struct Judging<'j, 'a> {
    judge: &'j Judge<'a>,
    need: &'j Need,
    kind: &'a Kind,
    at: usize,
}

/// A document and what keeps it from complying.
struct Judged<'a> {
    at: usize,
    artifact: &'a Artifact,
    problems: Vec<Problem>,
    /// Until when it counts by its age, where that is asked.
    fresh: Option<Fresh>,
}

impl Judged<'_> {
    /// The worst that is wrong with it, then how much is.
    fn badness(&self) -> (u8, usize) {
        let worst = self.problems.iter().map(|one| rank(one.outcome)).max();
        (worst.unwrap_or_default(), self.problems.len())
    }
}

impl<'a> Judging<'_, 'a> {
    fn answer(&self) -> Answer {
        let choice = &self.need.choice;
        let all = self.judge.artifacts().filter(|(_, artifact)| artifact.kind == self.at);
        let (unreadable, readable): (Vec<_>, Vec<_>) =
            all.partition(|(_, artifact)| artifact.status == Status::Unreadable);
        let chosen: Vec<_> = readable
            .into_iter()
            .filter(|(_, one)| matches(self.kind, one, &choice.matching))
            .collect();
        let asked = chosen
            .iter()
            .filter(|(_, one)| !choice.each || has_status(&one.status, &choice.status));
        let judged = asked.map(|(at, artifact)| self.judged(*at, artifact));
        let (complying, mut faulty): (Vec<_>, Vec<_>) =
            judged.partition(|one| one.problems.is_empty());
        if complying.len() >= choice.min && (!choice.each || faulty.is_empty()) {
            return if choice.each && !unreadable.is_empty() {
                unreadable_answer(&unreadable)
            } else {
                self.met(&complying)
            };
        }
        // Of those that are equally bad the latest is nearest.
        faulty.sort_by_key(|one| (one.badness(), Reverse(one.fresh.clone())));
        let is_unmet = |one: &Judged<'_>| one.badness().0 == rank(Outcome::Unmet);
        let settled = choice.each && faulty.last().is_some_and(is_unmet);
        if !unreadable.is_empty() && !settled {
            return unreadable_answer(&unreadable);
        }
        // Of those that are lacking the nearest would have to be mended; where each must comply the worst decides.
        let lacking = choice.min.saturating_sub(complying.len() + 1);
        let decisive = if choice.each { faulty.last() } else { faulty.get(lacking) };
        match decisive {
            Some(one) => faulty_answer(one),
            None => self.missing(&chosen),
        }
    }

    fn judged(&self, at: usize, artifact: &'a Artifact) -> Judged<'a> {
        let candidate = Candidate { at, artifact, kind: self.kind };
        let fresh = Fresh::sooner(
            time::fresh(self.need, &candidate),
            observed::fresh(self.judge, self.need, &candidate),
        );
        let judge = |judge: &super::OfDocument| judge(self.judge, self.need, &candidate);
        Judged { at, artifact, problems: OF_DOCUMENT.iter().flat_map(judge).collect(), fresh }
    }

    fn met(&self, complying: &[Judged<'_>]) -> Answer {
        let names: Vec<&str> = complying.iter().map(|one| one.artifact.id.as_str()).collect();
        let place = |one: &Judged<'_>| evidence_at(one.at, one.artifact, &one.artifact.status_span);
        let mut fresh: Vec<&Fresh> =
            complying.iter().filter_map(|one| one.fresh.as_ref()).collect();
        fresh.sort();
        let choice = &self.need.choice;
        let ends = if choice.each { fresh.first() } else { fresh.iter().rev().nth(choice.min - 1) };
        Answer {
            evidence: complying.iter().map(place).collect(),
            fresh: ends.copied().cloned(),
            ..answer(Outcome::Met, names.join(", "))
        }
    }

    /// No artifact could have met the need: says which file to write, or which one is nearest.
    fn missing(&self, chosen: &[(usize, &'a Artifact)]) -> Answer {
        let choice = &self.need.choice;
        if let Some((at, artifact)) = chosen.first() {
            let problems: Vec<Problem> =
                status_problem(artifact, &choice.status).into_iter().collect();
            if problems.is_empty() {
                return self.too_few(chosen);
            }
            return faulty_answer(&Judged { at: *at, artifact, problems, fresh: None });
        }
        let title = self.kind.title.to_lowercase();
        let wanted: Vec<String> = choice
            .matching
            .iter()
            .map(|(field, values)| format!("`{field}: {}`", values.join(" or ")))
            .collect();
        let with = if wanted.is_empty() {
            String::new()
        } else {
            format!(" with {}", wanted.join(" and "))
        };
        let folder = self.judge.declared().folder_file(&self.kind.folder);
        answer(Outcome::Unmet, format!("there is no {title}{with}; write one in {folder}/"))
    }

    /// Those that are there are right, but there are not enough of them.
    fn too_few(&self, chosen: &[(usize, &Artifact)]) -> Answer {
        let names: Vec<&str> = chosen.iter().map(|(_, one)| one.id.as_str()).collect();
        let (count, plural) = (names.len(), self.kind.plural.to_lowercase());
        let min = self.need.choice.min;
        let reason = format!("{min} {plural} are asked for, {count} found: {}", names.join(", "));
        answer(Outcome::Unmet, reason)
    }
}

fn unreadable_answer(unreadable: &[(usize, &Artifact)]) -> Answer {
    let paths: Vec<&str> = unreadable.iter().map(|(_, one)| one.path.as_str()).collect();
    let reason = format!("the front matter of {} cannot be read", paths.join(", "));
    let evidence = unreadable
        .iter()
        .map(|(at, one)| evidence_at(*at, one, &one.document.front_matter.span))
        .collect();
    Answer { evidence, ..answer(Outcome::Unknown, reason) }
}

/// Says the worst that is wrong with a document, and where.
fn faulty_answer(judged: &Judged<'_>) -> Answer {
    let Judged { at, artifact, problems, .. } = judged;
    let worst = judged.badness().0;
    let decisive: Vec<&Problem> =
        problems.iter().filter(|one| rank(one.outcome) == worst).collect();
    let texts: Vec<&str> = decisive.iter().take(3).map(|problem| problem.text.as_str()).collect();
    let more = if decisive.len() > 3 { ", and more" } else { "" };
    let outcome = decisive.first().map_or(Outcome::Unknown, |one| one.outcome);
    let places = decisive.iter().take(3).map(|one| evidence_at(*at, artifact, &one.span));
    Answer {
        owner: artifact.owner.clone().filter(|owner| !is_template(owner)),
        evidence: places.collect(),
        ..answer(outcome, format!("{}: {}{more}", artifact.id, texts.join(", ")))
    }
}

fn evidence_at(at: usize, artifact: &Artifact, span: &Span) -> Evidence {
    let line = artifact.document.line(span.start);
    Evidence { path: artifact.path.clone(), span: span.clone(), line, artifact: Some(at) }
}

fn has_status(status: &Status, wanted: &[String]) -> bool {
    let Status::Known { word, standing, .. } = status else { return wanted.is_empty() };
    wanted.is_empty()
        || wanted
            .iter()
            .any(|name| name == word || (name == "approved" && *standing == Standing::Approved))
}

fn status_problem(artifact: &Artifact, wanted: &[String]) -> Option<Problem> {
    if has_status(&artifact.status, wanted) {
        return None;
    }
    let text = match &artifact.status {
        Status::Known { word, .. } => format!("it is {word}, not {}", wanted.join(" or ")),
        Status::Placeholder(text) | Status::Unknown(text) => {
            format!("its status is `{text}`, not {}", wanted.join(" or "))
        }
        Status::Absent | Status::Unreadable => "it has no status".to_owned(),
    };
    Some(problem(text, &artifact.status_span))
}

fn matches(kind: &Kind, artifact: &Artifact, wanted: &[(String, Vec<String>)]) -> bool {
    wanted.iter().all(|(name, values)| {
        let field = field(kind, artifact, name);
        let texts = field.map(|field| field.value.texts()).unwrap_or_default();
        texts.iter().any(|(text, _)| values.iter().any(|value| word(text, value).is_some()))
    })
}

/// Finds a field of a document; `acceptance.status` is the field `status` in the table `acceptance`.
pub(super) fn field<'d>(kind: &Kind, artifact: &'d Artifact, name: &str) -> Option<&'d Field> {
    let (outer, inner) = name.split_once('.').map_or((name, None), |(one, two)| (one, Some(two)));
    let stated = |fields: &'d FrontMatter| fields.field(outer);
    let known = kind.field(outer).and_then(|spec| artifact.field(spec));
    let found = known.or_else(|| stated(&artifact.document.front_matter))?;
    match inner {
        Some(inner) => found.value.fields()?.iter().find(|field| field.key == inner),
        None => Some(found),
    }
}
