//! `readymark versions freeze`: writes down what the published tags name, so that nobody moves one unseen.

use std::path::Path;

use super::arguments::Freeze;
use super::commands::{open, print_findings, say, work_tree};
use super::files::{put, refuse_links};
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::frozen::{self, NAME};
use crate::project::join;

pub(super) fn freeze(
    freeze: &Freeze,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&freeze.dir, true, surroundings, streams)?;
    let snapshot = work_tree(&project)?;
    let moved = frozen::moved(&project, &snapshot)?;
    if !moved.is_empty() {
        print_findings(moved.iter(), &project, &snapshot, surroundings, streams);
        say(streams, "Nothing was written");
        return Ok(Exit::Findings);
    }
    let (mut tags, _) = frozen::of(&project, &snapshot)?;
    let before = tags.len();
    for version in project.versions()?.into_iter().filter(crate::project::ChosenVersion::is_tag) {
        let name = version.reference.name;
        if let Some(now) = frozen::today(&project, &name)? {
            tags.entry(name).or_insert(now);
        }
    }
    if tags.is_empty() {
        return Err(Failure::new("no tag is chosen as a version")
            .help("choose some with `tags` under [versions] in book.toml"));
    }
    let root = project.repository.work_dir().unwrap_or(&project.place);
    let path = join(&project.folder, NAME);
    refuse_links(root, Path::new(&path))?;
    put(&root.join(&path), &frozen::write(&tags))?;
    say(streams, &format!("Wrote {NAME}: {} frozen, {} new", tags.len(), tags.len() - before));
    Ok(Exit::Clean)
}
