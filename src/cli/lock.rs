//! `readymark lock`: pins what relations lead to, so that `check` tells when a target changed afterwards.

use std::path::Path;

use super::arguments::Lock;
use super::commands::{examined, open, say, work_tree};
use super::files::{put, refuse_links};
use super::{Exit, Streams, Surroundings};
use crate::Failure;
use crate::pack::lock::{NAME, renew, write};
use crate::project::join;
use crate::visible::visible;

pub(super) fn lock(
    lock: &Lock,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&lock.dir, true, surroundings, streams)?;
    let snapshot = work_tree(&project)?;
    let packs = examined(&project, &snapshot, &surroundings.today)?.packs;
    let is_named = |id: &str, name: &str| id.eq_ignore_ascii_case(name);
    for name in &lock.ids {
        let mut ids = packs.artifacts.iter().map(|artifact| artifact.id.as_str());
        if !ids.clone().any(|id| is_named(id, name)) {
            let failure = Failure::new(format!("nothing here is called `{name}`"));
            return Err(match crate::nearest::did_you_mean(name, &mut ids) {
                Some(help) => failure.help(help),
                None => failure,
            });
        }
    }
    let looked_at = |id: &str| lock.all || lock.ids.iter().any(|name| is_named(id, name));
    let done = renew(&packs, |artifact| looked_at(&artifact.id));
    let root = project.repository.work_dir().unwrap_or(&project.place);
    let path = join(&project.folder, NAME);
    refuse_links(root, Path::new(&path))?;
    put(&root.join(&path), &write(&done.pins))?;
    for relation in &done.suspect {
        say(streams, &format!("changed since: {}", visible(relation)));
    }
    say(
        streams,
        &format!(
            "Wrote {NAME}: {} pinned, {} new, {} renewed, {} gone, {} changed since",
            done.pins.len(),
            done.new,
            done.renewed,
            done.gone,
            done.suspect.len()
        ),
    );
    Ok(Exit::Clean)
}
