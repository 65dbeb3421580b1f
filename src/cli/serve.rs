//! The command `serve`: shows the site, follows every save and tells the open pages.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::arguments::{Place, Serve};
use super::commands::{FEW, counts, day, open, refused, say, took};
use super::signers::trusting;
use super::{Exit, Streams, Surroundings, report};
use crate::Failure;
use crate::diagnostic::Severity;
use crate::preview::Preview;
use crate::project::Project;
use crate::render::Theme;
use crate::serve::{Event, Problem, Server};
use crate::source::RepoPath;
use crate::watch::{Change, Watched, Watcher};

pub(super) fn serve(
    serve: &Serve,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let today = day(&serve.place, surroundings)?;
    let dir = &serve.place.dir;
    let opened = trusting(open(dir, true, surroundings, streams)?, &serve.place)?;
    let mut preview = Preview::open(opened, Theme::new(&[])?, &today)?;
    let server = listen(serve.port, &preview)?;
    say(streams, &format!("{} · {}", server.url(), counts(preview.judged().all())));
    let project = trusting(open(dir, true, surroundings, streams)?, &serve.place)?;
    let mut watcher = Watcher::start(&watched(&project))?;
    if let Some(warning) = watcher.warning() {
        say(streams, &warning);
    }
    // What was saved before the watch stood.
    if preview.update(None).is_ok() {
        server.swap(preview.content());
        server.announce(&event(&preview, surroundings));
    }
    loop {
        let Some(change) = watcher.next(Duration::from_secs(3600)) else { continue };
        let started = Instant::now();
        let outcome = follow(&mut preview, &project, &change, &serve.place);
        match outcome {
            Ok(()) => {
                server.swap(preview.content());
                server.announce(&event(&preview, surroundings));
                say(streams, &format!("{} ({})", counts(preview.judged().all()), took(started)));
            }
            Err(failure) => {
                let problem = Problem {
                    place: String::new(),
                    message: failure.message.clone(),
                    frame: String::new(),
                    hint: failure.help.clone().unwrap_or_default(),
                };
                server.announce(&Event::Failed { problems: vec![problem] });
                say(streams, &report::failure(&failure, surroundings.style));
            }
        }
    }
}

/// Takes the next free port from 3000 on, unless one was asked for.
fn listen(port: Option<u16>, preview: &Preview) -> Result<Server, Failure> {
    let content = preview.content();
    let ports = port.map_or(3000..=3050, |port| port..=port);
    let mut failure = Failure::new("no port is free");
    for port in ports {
        match Server::bind("127.0.0.1", port, &[], Arc::clone(&content)) {
            Ok(server) => return Ok(server),
            Err(found) => failure = found,
        }
    }
    Err(failure)
}

/// Reads again what a change touched: refs and settings mean everything, files mean the work tree.
fn follow(
    preview: &mut Preview,
    project: &Project,
    change: &Change,
    place: &Place,
) -> Result<(), Failure> {
    let root = project.repository.work_dir().map(Path::to_path_buf).unwrap_or_default();
    let paths: Option<Vec<RepoPath>> = change
        .paths
        .iter()
        .map(|path| Some(RepoPath::new(path.strip_prefix(&root).ok()?.to_str()?)))
        .collect();
    let settings = paths.iter().flatten().any(|path| path.name() == crate::project::BOOK);
    if change.refs || settings {
        let opened =
            Project::open(&place.dir, true)?.map_err(|(findings, _)| refused(&findings))?;
        return preview.reopen(trusting(opened, place)?, Theme::new(&[])?);
    }
    preview.update(paths.as_deref().filter(|_| !change.rescan))
}

/// What open pages are told after a round: the errors of the work tree stand over the page until they are gone.
fn event(preview: &Preview, surroundings: &Surroundings) -> Event {
    let plain = report::Style { color: false, ..surroundings.style };
    let problems: Vec<Problem> = preview
        .judged()
        .all()
        .filter(|finding| {
            finding.rule.starts_with("front-matter.") || finding.rule.starts_with("settings.")
        })
        .filter(|finding| finding.severity == Severity::Error)
        .take(FEW)
        .map(|finding| Problem {
            place: report::place(finding),
            message: finding.message.clone(),
            frame: report::finding(finding, &|path| preview.source(path), plain),
            hint: finding.help.clone().unwrap_or_default(),
        })
        .collect();
    if problems.is_empty() {
        Event::Changed { assets_only: false }
    } else {
        Event::Failed { problems }
    }
}

fn watched(project: &Project) -> Watched {
    let repository = &project.repository;
    let git = [repository.git_dir(), repository.common_dir()]
        .into_iter()
        .flatten()
        .map(Path::to_path_buf);
    Watched {
        work_tree: repository.work_dir().map_or_else(|| project.place.clone(), Path::to_path_buf),
        git_dirs: git.collect(),
        excluded: vec![project.default_destination(), project.place.join("target")],
    }
}
