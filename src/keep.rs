//! What is kept between runs, in the user's folder for such files. It may be missing, old or damaged at any time: whoever
//! reads it finds out, and whoever cannot write it goes on without.
#![expect(
    clippy::disallowed_methods,
    reason = "the folder of what is kept is ours to read and write"
)]

use std::fs;
use std::path::Path;

/// More bytes than this are not read.
const MOST: u64 = 256 << 20;

/// Reads what was kept under a name.
pub fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let path = folder.join(name);
    let facts = fs::metadata(&path).ok()?;
    (facts.is_file() && facts.len() <= MOST).then(|| fs::read(path).ok()).flatten()
}

/// Keeps bytes under a name. Whoever reads at the same time finds the old bytes or the new ones.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let unfinished = folder.join(format!("{name}.{}", std::process::id()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, bytes))
        .and_then(|()| fs::rename(&unfinished, folder.join(name)));
    if written.is_err() {
        _ = fs::remove_file(&unfinished);
    }
}
