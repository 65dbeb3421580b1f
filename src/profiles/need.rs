//! Judges one need of a requirement on one pack. Content counts, not presence.

use super::{Evidence, Need, Outcome};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::text::is_template;
use crate::kinds::{Kind, Standing, Status, word};
use crate::pack::raci::{self, MATRIX};
use crate::pack::reach::Directory;
use crate::pack::{Artifact, Pack, Packs};
use crate::rules::says_something;
use crate::rules::source::MISSING_BLOB;
use crate::source::{RepoPath, Span};
use crate::value::is_unknown;

/// What a need came to.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    /// The owner, as written, of the artifact that is at fault.
    pub(super) owner: Option<String>,
    pub(super) evidence: Vec<Evidence>,
}

/// What needs are judged by.
pub(super) struct Judge<'a> {
    pub(super) packs: &'a Packs,
    pub(super) pack: usize,
    /// The findings inside the pack's folder.
    pub(super) findings: Vec<&'a Diagnostic>,
    pub(super) as_of: &'a str,
}

/// What keeps an artifact from complying, and where.
struct Problem {
    text: String,
    span: Span,
}

fn problem(text: impl Into<String>, span: &Span) -> Problem {
    Problem { text: text.into(), span: span.clone() }
}

fn answer(outcome: Outcome, reason: impl Into<String>) -> Answer {
    Answer { outcome, reason: reason.into(), owner: None, evidence: Vec::new() }
}

/// How bad an outcome is for the verdict.
pub(super) fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Met => 0,
        Outcome::Waived => 1,
        Outcome::Unknown => 2,
        Outcome::Stale => 3,
        Outcome::Unmet => 4,
    }
}

impl<'a> Judge<'a> {
    /// Says that nothing can be told where this clone lacks a file of the pack.
    pub(super) fn lacking(&self) -> Option<Answer> {
        let lost = self.findings.iter().find(|finding| finding.rule == MISSING_BLOB.name)?;
        let reason = format!("the content of {} is not in this clone", lost.path);
        Some(answer(Outcome::Unknown, reason))
    }

    fn declared(&self) -> &'a Pack {
        &self.packs.packs[self.pack]
    }

    pub(super) fn artifacts(&self) -> impl Iterator<Item = (usize, &'a Artifact)> {
        self.packs.of(self.pack).map(|at| (at, &*self.packs.artifacts[at]))
    }

    /// Judges a need: everything that it asks for must hold.
    pub(super) fn need(&self, need: &Need) -> Answer {
        let watches = need.no_errors || !need.no_findings.is_empty();
        if watches && !self.artifacts().any(|(_, artifact)| artifact.status.is_approved()) {
            return answer(
                Outcome::Unmet,
                "nothing in this pack is approved yet, so there is nothing to judge",
            );
        }
        let mut parts = Vec::new();
        match &need.kind {
            Some(kind) => parts.push(self.artifacts_of(need, kind)),
            None if watches => parts.push(self.whole_pack(need)),
            None => {}
        }
        parts.extend(need.roles.iter().map(|role| self.role(role)));
        let worst = parts.into_iter().max_by_key(|part| rank(part.outcome));
        worst.unwrap_or_else(|| answer(Outcome::Unknown, "this need asks for nothing"))
    }

    fn role(&self, role: &str) -> Answer {
        let pack = self.declared();
        let path = pack.folder_file("pack.toml");
        let Some(holding) = pack.holding(role, self.as_of) else {
            return answer(Outcome::Unmet, format!("nobody holds the role `{role}` in {path}"));
        };
        let (held, span) = (&holding.person, holding.span.clone());
        let evidence = vec![Evidence { path: RepoPath::new(&path), span, line: 1, artifact: None }];
        let people = &self.packs.people;
        let (outcome, reason) = match people.person(held).map(|at| &people.persons[at]) {
            None => (
                Outcome::Unmet,
                format!("`{held}`, who holds the role `{role}`, is not in people.toml"),
            ),
            Some(person) if !person.days.hold(self.as_of) => {
                let when = person.absence(self.as_of);
                (
                    Outcome::Unmet,
                    format!("{} {when} and still holds the role `{role}`", person.name),
                )
            }
            Some(person) => (Outcome::Met, format!("{} holds the role", person.name)),
        };
        Answer { outcome, reason, owner: None, evidence }
    }

    /// Needs that speak about the pack as a whole.
    fn whole_pack(&self, need: &Need) -> Answer {
        let found: Vec<&Diagnostic> = self
            .findings
            .iter()
            .copied()
            .filter(|finding| {
                (need.no_errors && finding.severity == Severity::Error)
                    || need.no_findings.iter().any(|rule| is_of(finding.rule, rule))
            })
            .collect();
        let Some(first) = found.first() else { return answer(Outcome::Met, "nothing was found") };
        let more = match found.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        let place = |finding: &Diagnostic| Evidence {
            path: finding.path.clone(),
            span: finding.span.0..finding.span.1,
            line: finding.place.0.max(1),
            artifact: self.artifacts().find(|(_, one)| one.path == finding.path).map(|(at, _)| at),
        };
        let evidence = found.iter().take(5).map(|finding| place(finding)).collect::<Vec<_>>();
        let owner = evidence[0].artifact.and_then(|at| self.packs.artifacts[at].owner.clone());
        let reason = format!("{}: {}{more}", first.path, first.message);
        Answer { outcome: Outcome::Unmet, reason, owner, evidence }
    }

    fn artifacts_of(&self, need: &Need, name: &str) -> Answer {
        let Some(at) = self.packs.kinds.iter().position(|kind| kind.name == name) else {
            return answer(
                Outcome::Unmet,
                format!("the profile names the kind `{name}`, which is not known"),
            );
        };
        let kind = &self.packs.kinds[at];
        let all: Vec<_> = self.artifacts().filter(|(_, artifact)| artifact.kind == at).collect();
        let (unreadable, readable): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(_, artifact)| artifact.status == Status::Unreadable);
        let chosen: Vec<_> = readable
            .iter()
            .copied()
            .filter(|(_, one)| matches(kind, one, &need.matching))
            .collect();
        let judged: Vec<_> = chosen
            .iter()
            .filter(|(_, one)| !need.each || has_status(&one.status, &need.status))
            .map(|(at, one)| (*at, *one, self.problems(kind, one, need)))
            .collect();
        let complying = judged.iter().filter(|(_, _, problems)| problems.is_empty()).count();
        if complying >= need.min && (!need.each || complying == judged.len()) {
            if need.each && !unreadable.is_empty() {
                return unreadable_answer(&unreadable);
            }
            return met(judged.iter().filter(|(_, _, problems)| problems.is_empty()));
        }
        let faulty = || judged.iter().filter(|(_, _, problems)| !problems.is_empty());
        let settled = need.each && faulty().next().is_some();
        if !unreadable.is_empty() && !settled {
            return unreadable_answer(&unreadable);
        }
        match faulty().min_by_key(|(_, _, problems)| problems.len()) {
            Some((at, artifact, problems)) => unmet(*at, artifact, problems),
            None => self.missing(kind, need, &chosen),
        }
    }

    /// No artifact could have met the need: says which file to write, or which one is nearest.
    fn missing(&self, kind: &Kind, need: &Need, chosen: &[(usize, &'a Artifact)]) -> Answer {
        if let Some((at, artifact)) = chosen.first() {
            let problems: Vec<Problem> =
                status_problem(artifact, &need.status).into_iter().collect();
            if problems.is_empty() {
                return too_few(kind, need, chosen);
            }
            return unmet(*at, artifact, &problems);
        }
        let title = kind.title.to_lowercase();
        let wanted: Vec<String> = need
            .matching
            .iter()
            .map(|(field, values)| format!("`{field}: {}`", values.join(" or ")))
            .collect();
        let with = if wanted.is_empty() {
            String::new()
        } else {
            format!(" with {}", wanted.join(" and "))
        };
        let folder = self.declared().folder_file(&kind.folder);
        answer(Outcome::Unmet, format!("there is no {title}{with}; write one in {folder}/"))
    }

    fn problems(&self, kind: &Kind, artifact: &Artifact, need: &Need) -> Vec<Problem> {
        let mut list: Vec<Problem> = status_problem(artifact, &need.status).into_iter().collect();
        list.extend(need.sections.iter().filter_map(|name| section_problem(kind, artifact, name)));
        list.extend(need.fields.iter().filter_map(|name| field_problem(kind, artifact, name)));
        let one = |name: &String| {
            (kind.section(name).is_some() && section_problem(kind, artifact, name).is_none())
                || (kind.field(name).is_some() && field_problem(kind, artifact, name).is_none())
        };
        if !need.one_of.is_empty() && !need.one_of.iter().any(one) {
            let wanted = need.one_of.join("` or `");
            list.push(problem(format!("it has no `{wanted}`"), &artifact.status_span));
        }
        list.extend(self.table_problem(kind, artifact, need));
        list.extend(self.silence(artifact, need));
        list.extend(self.finding_problems(artifact, need));
        list
    }

    fn table_problem(&self, kind: &Kind, artifact: &Artifact, need: &Need) -> Option<Problem> {
        let name = need.table.as_deref()?;
        let rows = if name == MATRIX {
            let matrices = raci::read(self.packs, artifact);
            matrices.iter().map(|matrix| matrix.activities.len()).sum()
        } else {
            filled_rows(kind, artifact, name, &need.columns)
        };
        if rows >= need.rows {
            return None;
        }
        let columns = if need.columns.is_empty() {
            String::new()
        } else {
            format!(" with {}", need.columns.join(" and "))
        };
        Some(problem(format!("it has no {name} table{columns}"), &(0..0)))
    }

    /// Somebody whom the ladder or the rota names, and no telephone number leads to.
    fn silence(&self, artifact: &Artifact, need: &Need) -> Option<Problem> {
        let at = Some(&artifact.path).filter(|_| need.reachable);
        let directory = Directory::of(self.packs, self.packs.find(at?)?)?;
        let who = directory.silent(self.as_of)?;
        Some(problem(format!("no telephone number is written down for `{who}`"), &(0..0)))
    }

    fn finding_problems(&self, artifact: &Artifact, need: &Need) -> Vec<Problem> {
        let here = self.findings.iter().filter(|finding| finding.path == artifact.path);
        here.filter(|finding| need.no_findings.iter().any(|rule| is_of(finding.rule, rule)))
            .map(|finding| Problem {
                text: finding.message.clone(),
                span: finding.span.0..finding.span.1,
            })
            .collect()
    }
}

fn met<'p>(complying: impl Iterator<Item = &'p (usize, &'p Artifact, Vec<Problem>)>) -> Answer {
    let (mut names, mut evidence) = (Vec::new(), Vec::new());
    for (at, artifact, _) in complying {
        names.push(artifact.id.as_str());
        evidence.push(evidence_at(*at, artifact, &artifact.status_span));
    }
    Answer { outcome: Outcome::Met, reason: names.join(", "), owner: None, evidence }
}

/// Those that are there are right, but there are not enough of them.
fn too_few(kind: &Kind, need: &Need, chosen: &[(usize, &Artifact)]) -> Answer {
    let names: Vec<&str> = chosen.iter().map(|(_, one)| one.id.as_str()).collect();
    let (count, plural) = (names.len(), kind.plural.to_lowercase());
    let reason =
        format!("{} {plural} are asked for, {count} found: {}", need.min, names.join(", "));
    answer(Outcome::Unmet, reason)
}

fn unreadable_answer(unreadable: &[(usize, &Artifact)]) -> Answer {
    let paths: Vec<&str> = unreadable.iter().map(|(_, one)| one.path.as_str()).collect();
    let reason = format!("the front matter of {} cannot be read", paths.join(", "));
    let evidence = unreadable
        .iter()
        .map(|(at, one)| evidence_at(*at, one, &one.document.front_matter.span))
        .collect();
    Answer { outcome: Outcome::Unknown, reason, owner: None, evidence }
}

fn unmet(at: usize, artifact: &Artifact, problems: &[Problem]) -> Answer {
    let texts: Vec<&str> = problems.iter().take(3).map(|problem| problem.text.as_str()).collect();
    let more = if problems.len() > 3 { ", and more" } else { "" };
    Answer {
        outcome: Outcome::Unmet,
        reason: format!("{}: {}{more}", artifact.id, texts.join(", ")),
        owner: artifact.owner.clone().filter(|owner| !is_template(owner)),
        evidence: problems.iter().take(3).map(|one| evidence_at(at, artifact, &one.span)).collect(),
    }
}

fn evidence_at(at: usize, artifact: &Artifact, span: &Span) -> Evidence {
    let line = artifact.document.line(span.start);
    Evidence { path: artifact.path.clone(), span: span.clone(), line, artifact: Some(at) }
}

/// Tells whether a rule is meant by its own name or by that of its group.
fn is_of(rule: &str, name: &str) -> bool {
    rule == name || rule.split('.').next() == Some(name)
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
        let fields = &artifact.document.front_matter;
        let field =
            kind.field(name).and_then(|spec| artifact.field(spec)).or_else(|| fields.field(name));
        let texts = field.map(|field| field.value.texts()).unwrap_or_default();
        texts.iter().any(|(text, _)| values.iter().any(|value| word(text, value).is_some()))
    })
}

fn section_problem(kind: &Kind, artifact: &Artifact, name: &str) -> Option<Problem> {
    let Some(section) = kind.section(name) else {
        return Some(problem(format!("its kind has no section `{name}`"), &(0..0)));
    };
    let headings = section.headings(&artifact.document);
    if headings.iter().any(|heading| heading.filled) {
        return None;
    }
    match headings.first() {
        Some(heading) => {
            Some(problem(format!("the section `{}` is empty", heading.text), &heading.span))
        }
        None => Some(problem(format!("it has no section `{}`", section.title), &(0..0))),
    }
}

fn field_problem(kind: &Kind, artifact: &Artifact, name: &str) -> Option<Problem> {
    let known = kind.field(name).and_then(|spec| artifact.sourced(spec));
    let other = || Some((artifact.document.front_matter.field(name)?, &artifact.path));
    let Some((field, path)) = known.or_else(other) else {
        return Some(problem(format!("it has no `{name}`"), &(0..0)));
    };
    if says_something(&field.value) {
        return None;
    }
    let unknown = field.value.texts().iter().any(|(text, _)| is_unknown(text));
    let what = if unknown { "is unknown" } else { "is still to be written" };
    // A place in the file beside the page is none of the page's own.
    let span = if *path == artifact.path { field.key_span.clone() } else { 0..0 };
    Some(problem(format!("`{name}` {what}"), &span))
}

/// How many rows of the tables of a sort have all the columns filled.
fn filled_rows(kind: &Kind, artifact: &Artifact, name: &str, columns: &[String]) -> usize {
    let Some(spec) = kind.table(name) else { return 0 };
    let wanted: Vec<Option<usize>> = columns.iter().map(|column| spec.column(column)).collect();
    let mut rows = 0;
    for table in &artifact.document.tables {
        let positions = spec.positions(table);
        let found: Option<Vec<usize>> =
            wanted.iter().map(|column| positions.get((*column)?).copied().flatten()).collect();
        let Some(found) =
            found.filter(|found| !found.is_empty() || positions.first() == Some(&Some(0)))
        else {
            continue;
        };
        let filled = |at: &usize, cells: &[crate::document::Cell]| {
            cells.get(*at).is_some_and(|cell| is_written(&cell.text))
        };
        rows +=
            table.rows.iter().filter(|row| found.iter().all(|at| filled(at, &row.cells))).count();
    }
    rows
}

fn is_written(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
        && !is_template(text)
        && !text.eq_ignore_ascii_case("n/a")
        && !is_unknown(text)
}
