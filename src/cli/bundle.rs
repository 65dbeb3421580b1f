//! `readymark bundle`: everything as it stood at one version, in one file that opens without a server.

use std::path::Path;
use std::sync::Arc;

use super::arguments::Bundle;
use super::commands::{open, say, took};
use super::diff::resolve;
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::assemble::day_of;
use crate::output::{Protected, archive};
use crate::project::Project;
use crate::publish;
use crate::render::Theme;
use crate::settings::Versions;
use crate::slug::slug;
use crate::source::ObjectId;
use crate::visible::visible;

pub(super) fn bundle(
    bundle: &Bundle,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let started = std::time::Instant::now();
    let project = open(&bundle.dir, false, surroundings, streams)?;
    let (version, commit) = resolve(&project, &bundle.version)?;
    let day = day_of(project.repository.commit(commit)?.time);
    let project = alone(project, &version, commit);
    let name = slug(&version);
    let archive = bundle.out.clone().unwrap_or_else(|| format!("{name}.zip").into());
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("there is no room for the pages: {error}")))?;
    let site = folder.path().join("site");
    let theme = Arc::new(Theme::new(&[])?);
    publish::publish(&project, &theme, &site, &Protected::default(), &day)?;
    refuse_folder(&archive)?;
    archive::pack(&site, &name, &archive)?;
    let shown = archive.to_string_lossy();
    say(
        streams,
        &format!(
            "Wrote {} ({}); unpack it and open {name}/index.html",
            visible(&shown),
            took(started)
        ),
    );
    Ok(Exit::Clean)
}

/// Makes a project that knows one version and nothing that came after it.
fn alone(mut project: Project, name: &str, commit: ObjectId) -> Project {
    let settings = Arc::make_mut(&mut project.settings);
    settings.versions = Versions::default();
    // The pages stand alone, so each says of which version it is.
    let title = settings.book.title.take().map(|title| format!("{title}, {name}"));
    settings.book.title = Some(title.unwrap_or_else(|| name.to_owned()));
    let branch = project.authority.map_or_else(|| name.to_owned(), |(branch, _)| branch);
    project.authority = Some((branch, commit));
    // What was kept tells of a later commit.
    project.cache = None;
    project
}

fn refuse_folder(archive: &Path) -> Result<(), Failure> {
    if !archive.is_dir() {
        return Ok(());
    }
    Err(Failure::new(format!("{} is a folder", archive.display()))
        .help("name the file with --out, such as --out handoff.zip"))
}
