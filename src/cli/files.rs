//! Writes files of the work tree: those that a person asked for, never through a link, never half.

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::Failure;

/// Refuses a path that leaves `root`, also through a link on the way.
pub(super) fn refuse_links(root: &Path, path: &Path) -> Result<(), Failure> {
    let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let is_link = |part: &Path| {
        root.join(part).symlink_metadata().is_ok_and(|facts| facts.file_type().is_symlink())
    };
    if plain && !path.ancestors().any(is_link) {
        return Ok(());
    }
    Err(Failure::new(format!("{} leads out of the repository", path.display()))
        .help("correct the folder of the kind or of the pack"))
}

/// Writes a file of the work tree whole or not at all, and never through a link that lies beside it.
pub(super) fn put(path: &Path, text: &str) -> Result<(), Failure> {
    if write_new(path, text)? {
        return Ok(());
    }
    let replaced = || {
        let mut beside = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
        beside.write_all(text.as_bytes())?;
        beside.as_file().set_permissions(path.metadata()?.permissions())?;
        beside.persist(path).map_err(|error| error.error)
    };
    replaced()
        .map(drop)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// Writes a file that does not exist yet; tells whether it did.
#[expect(
    clippy::disallowed_methods,
    reason = "the commands that start packs write into the work tree"
)]
pub(super) fn write_new(path: &Path, text: &str) -> Result<bool, Failure> {
    let failed =
        |error: std::io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    match std::fs::File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Adds a text to the end of a file that others write to as well.
pub(super) fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// Reads a file that a person named; nothing when there is none.
#[expect(clippy::disallowed_methods, reason = "a file that a person named, wherever it lies")]
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("cannot read {}: {error}", path.display()))),
    }
}
