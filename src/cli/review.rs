//! `readymark review`: what a change does to readiness, judged by the rules, people and keys that it starts from.

use std::sync::Arc;

use super::arguments::{Review, ReviewFormat};
use super::commands::{day, examined_after, open, refused};
use super::signers::trusting;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::assemble::{self, Slot};
use crate::examine::{Examined, Memo};
use crate::git::{Planned, Repository};
use crate::history::{ByDocument, DecisionLog};
use crate::judge::{Judged, Judging};
use crate::project::{Project, is_law};
use crate::report::Noted;
use crate::review::{self, Change, Side};
use crate::rules::Checking;
use crate::source::{ObjectId, Snapshot};

/// The branches that a change is compared with when none is named, the first that there is.
const BASES: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

pub(super) fn review(
    review: &Review,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let place = review.place();
    let today = day(&place, surroundings)?;
    let project = trusting(open(&place.dir, false, surroundings, streams)?, &place)?;
    let (name, base, head) = ends(&project, review.range.as_deref())?;
    let project = project.judged_by(&name, base)?.map_err(|(findings, _)| refused(&findings))?;
    let change = planned(project, base, head)?;
    let told = told(&change, (&name, base), head, &today)?;
    let text = match review.format {
        ReviewFormat::Text => told.text(),
        ReviewFormat::Markdown => told.markdown(),
        ReviewFormat::Json => told.json(),
    };
    let _ = streams.out.write_all(text.as_bytes());
    Ok(if told.is_worse() { Exit::Findings } else { Exit::Clean })
}

/// Finds the name and the commit of the branch, and the last commit of the change.
fn ends(project: &Project, range: Option<&str>) -> Result<(String, ObjectId, ObjectId), Failure> {
    let repository = &project.repository;
    let (base, head) = range.map_or((None, "HEAD"), |range| match range.split_once("..") {
        Some((base, head)) => (Some(base), head.trim_start_matches('.')),
        None => (Some(range), "HEAD"),
    });
    let head = repository.resolve(if head.is_empty() { "HEAD" } else { head })?;
    let own = project.settings.authority.as_deref().into_iter().chain(BASES);
    let named = base.filter(|base| !base.is_empty()).map(str::to_owned);
    let name = named.or_else(|| first_known(repository, own)).ok_or_else(|| {
        Failure::new("it is not clear with which branch to compare")
            .help("name it: readymark review origin/main")
    })?;
    let base = repository.resolve(&name)?;
    Ok((name, base, head))
}

fn first_known<'n>(
    repository: &Repository,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    names.into_iter().find(|name| repository.resolve(name).is_ok()).map(str::to_owned)
}

/// A change, and the history as it would be.
struct Ahead {
    project: Project,
    planned: Planned,
    before: Snapshot,
    after: Snapshot,
    log: Arc<DecisionLog>,
}

fn planned(mut project: Project, base: ObjectId, head: ObjectId) -> Result<Ahead, Failure> {
    let folder = project.folder.clone();
    let planned = project.repository.plan(base, head, |path| is_law(path, &folder))?;
    let before = project.snapshot(base)?;
    let after = project.snapshot(planned.commit)?;
    if let Some((_, tip)) = &mut project.authority {
        *tip = planned.commit;
    }
    let log = assemble::log(&project, &[Slot::whole(Some(base))], None)?;
    Ok(Ahead { project, planned, before, after, log })
}

/// A snapshot, examined and judged.
struct Whole {
    examined: Examined,
    judged: Judged,
    findings: Vec<Noted>,
    documents: ByDocument,
}

fn told(
    ahead: &Ahead,
    base: (&str, ObjectId),
    head: ObjectId,
    day: &str,
) -> Result<review::Review, Failure> {
    let mut memo = Memo::default();
    let before = whole(ahead, &ahead.before, day, &mut memo)?;
    let after = whole(ahead, &ahead.after, day, &mut memo)?;
    let change = Change {
        before: before.side(&ahead.before),
        after: after.side(&ahead.after),
        planned: &ahead.planned,
        base,
        head,
        day,
    };
    Ok(review::Review::of(&change))
}

fn whole(ahead: &Ahead, snapshot: &Snapshot, day: &str, memo: &mut Memo) -> Result<Whole, Failure> {
    let project = &ahead.project;
    let examined = examined_after(project, snapshot, day, memo)?;
    let log = assemble::log_at(&ahead.log, snapshot);
    let judging = Judging { project, snapshot, examined: &examined, log: &log, as_of: day };
    let judged = judging.judge(None);
    let mut found: Vec<_> = judged.all().cloned().collect();
    found.sort();
    found.extend(examined.withheld.iter().cloned());
    let checking = Checking::new(&examined.packs, &[], &project.settings, day);
    let findings = Noted::with_comments(found, &checking);
    Ok(Whole { findings, judged, documents: ByDocument::new(&log), examined })
}

impl Whole {
    fn side<'a>(&'a self, snapshot: &'a Snapshot) -> Side<'a> {
        Side {
            snapshot,
            packs: &self.examined.packs,
            judged: &self.judged,
            findings: &self.findings,
            documents: &self.documents,
        }
    }
}
