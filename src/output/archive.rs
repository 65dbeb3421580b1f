//! A folder as one ZIP file, the same bytes for the same files: in the order of their names, without times, owners and
//! rights of the machine.
#![expect(clippy::disallowed_methods, reason = "the output folder is ours to read and write")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{cannot, place, route};
use crate::Failure;

/// Packs the files of `folder` into `archive`, inside one folder called `top`; the file appears when it is whole.
///
/// # Errors
/// When a file cannot be read, or the archive cannot be written.
pub fn pack(folder: &Path, top: &str, archive: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot write {}: {error}", archive.display()))
    };
    let parent =
        archive.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let beside = NamedTempFile::new_in(parent).map_err(|error| failed(&error))?;
    let mut writer = ZipWriter::new(BufWriter::new(beside.as_file()));
    for path in place::files(folder)? {
        let bytes = fs::read(folder.join(&path))
            .map_err(|error| cannot("read", &folder.join(&path), &error))?;
        let name = route::join(top, &path);
        writer.start_file(name, options()).map_err(|error| failed(&error))?;
        writer.write_all(&bytes).map_err(|error| failed(&error))?;
    }
    let mut file = writer.finish().map_err(|error| failed(&error))?;
    file.flush().map_err(|error| failed(&error))?;
    drop(file);
    readable(beside.as_file()).map_err(|error| failed(&error))?;
    beside.persist(archive).map(drop).map_err(|error| failed(&error.error))
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

/// A file for others to read, as an editor would make it; temporary files are not.
#[cfg(unix)]
fn readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> std::io::Result<()> {
    Ok(())
}
