//! `check --fix`: mends what is certain in the files of the work tree, or shows it first.

use std::path::Path;

use super::Streams;
use super::commands::{plural, say};
use super::files::{put, read, refuse_links};
use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::diff::unified;
use crate::fix::mend;
use crate::project::Project;
use crate::source::{ReadBlob, RepoPath, Snapshot};
use crate::visible::visible;

/// What is done with what can be mended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mending {
    /// It is written.
    Write,
    /// It is shown.
    Show,
}

/// Mends the files of findings; returns how many findings.
pub(super) fn fix(
    project: &Project,
    snapshot: &Snapshot,
    findings: &[Diagnostic],
    mending: Mending,
    streams: &mut Streams<'_>,
) -> Result<usize, Failure> {
    let root = project.repository.work_dir().ok_or_else(|| {
        Failure::new("there is no work tree to mend").help("check out a branch first")
    })?;
    let mut wanted: Vec<&Diagnostic> = findings.iter().filter(|one| one.fix.is_some()).collect();
    wanted.sort();
    let (mut count, mut files) = (0, 0);
    for own in wanted.chunk_by(|one, other| one.path == other.path) {
        let path = &own[0].path;
        let Some(text) = text(project, snapshot, root, path)? else { continue };
        let mended = mend(&text, own.iter().copied());
        if mended.count == 0 {
            continue;
        }
        (count, files) = (count + mended.count, files + 1);
        match mending {
            Mending::Write => put(&root.join(path.as_str()), &mended.text)?,
            Mending::Show => show(path, &text, &mended.text, streams),
        }
    }
    let verb = if mending == Mending::Write { "Mended" } else { "Would mend" };
    let (findings, files) = (plural(count, "finding"), plural(files, "file"));
    say(streams, &format!("{verb} {findings} in {files}"));
    Ok(count)
}

fn show(path: &RepoPath, before: &str, after: &str, streams: &mut Streams<'_>) {
    for line in unified(path.as_str(), before, after).lines() {
        let _ = writeln!(streams.out, "{}", visible(line));
    }
}

/// Reads a file whose bytes on disk are those that were checked.
fn text(
    project: &Project,
    snapshot: &Snapshot,
    root: &Path,
    path: &RepoPath,
) -> Result<Option<String>, Failure> {
    let reader = project.repository.reader()?;
    let Some(file) = snapshot.file(path.as_str()) else { return Ok(None) };
    refuse_links(root, Path::new(path.as_str()))?;
    let (Ok(checked), Some(bytes)) =
        (reader.with(snapshot).read(file.blob), read(&root.join(path.as_str()))?)
    else {
        return Ok(None);
    };
    Ok(String::from_utf8(bytes).ok().filter(|text| text.as_bytes() == &*checked))
}
