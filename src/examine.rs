//! One snapshot, read to the end: its packs and what is wrong with them. The same function serves a tag, the work tree
//! and every preview round; the memo only saves work.

mod check;
mod figures;
mod parse;
mod round;
mod shelves;

use std::sync::Arc;

use crate::Failure;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::pack::Packs;
use crate::profiles::Profile;
use crate::rules::Checked;
use crate::settings::Settings;
use crate::source::{Blobs, Snapshot};
use parse::Documents;
use round::Round;
use shelves::Faults;

/// What one snapshot says.
#[derive(Debug, Clone)]
pub struct Examined {
    /// Its packs.
    pub packs: Arc<Packs>,
    /// The profiles in force.
    pub profiles: Arc<[Profile]>,
    /// What was found in each pack: the very same value as before where nothing changed on which it rests.
    pub(crate) checked: Vec<Arc<Checked>>,
    /// Everything that is wrong, by the pages that have it, as packs are judged by it.
    pub(crate) judged: Findings,
    /// Everything that is wrong, by the files that it is about, as readers may see it.
    pub diagnostics: Findings,
    /// What is wrong with files that the readers may not see: for authors alone.
    pub withheld: Vec<Diagnostic>,
}

/// What was read before, so that the next snapshot costs what differs from it. Dropping it never changes a result.
#[derive(Debug, Default)]
pub struct Memo {
    documents: Documents,
    faults: Faults,
    last: Option<Round>,
    /// What was done so far.
    pub done: Done,
}

impl Memo {
    /// Forgets everything that depends on settings.
    fn forget(&mut self) {
        let done = self.done;
        *self = Self { documents: Documents::with(done.parsed), done, ..Self::default() };
    }
}

/// Counts of work.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Markdown files that were parsed.
    pub parsed: usize,
    /// Artifacts that were made of them.
    pub gathered: usize,
    /// Packs that were checked.
    pub checked: usize,
}

/// What the examination of a snapshot depends on beside its files.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The folder of `book.toml` in the repository.
    pub folder: &'a str,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The day of judging, `2026-05-05`.
    pub as_of: &'a str,
}

/// Reads a snapshot to the end.
///
/// # Errors
/// When the repository cannot be read at all; a file that cannot be read is a finding.
pub fn examine(
    blobs: &dyn Blobs,
    snapshot: &Snapshot,
    circumstances: Circumstances<'_>,
    memo: &mut Memo,
) -> Result<Examined, Failure> {
    let round = Round::after(blobs, snapshot, circumstances, memo)?;
    let examined = round.examined();
    memo.last = Some(round);
    Ok(examined)
}

/// Counts findings: errors, warnings, notes.
pub fn count<'d>(findings: impl IntoIterator<Item = &'d Diagnostic>) -> [usize; 3] {
    let mut counts = [0; 3];
    for finding in findings {
        counts[match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        }] += 1;
    }
    counts
}
