//! Places of findings on pages into which other files were filled: from the whole text back to the files.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::include::{Piece, origin};
use crate::rules::settings::MISSING_INCLUDE;
use crate::source::{RepoPath, place as place_of};

/// Moves a finding from the whole text to its page; what an included file brought is about the page as a whole.
/// `pieces` say where the text of the page comes from.
pub(crate) fn to_own_place(finding: &mut Diagnostic, pieces: &[Piece]) {
    let Some((path, at)) = place(finding, pieces) else { return };
    let is_own = *path == finding.path;
    let len = finding.span.1 - finding.span.0;
    finding.span = if is_own { (at, at + len) } else { (0, 0) };
}

/// A file that was included, and a place in it.
pub(crate) type Elsewhere = (RepoPath, (usize, usize));

/// Finds the included file that a finding on a page is about, when it is about one.
pub(crate) fn find(finding: &Diagnostic, pieces: &[Piece]) -> Option<Elsewhere> {
    let (path, at) = place(finding, pieces)?;
    let span = (at, at + finding.span.1 - finding.span.0);
    (*path != finding.path).then(|| (path.clone(), span))
}

/// Tells a finding at the file that it is about.
pub(crate) fn tell(
    finding: &mut Diagnostic,
    (path, span): Elsewhere,
    read: impl Fn(&RepoPath) -> Option<Arc<[u8]>>,
) {
    let bytes = read(&path).unwrap_or_default();
    finding.place = place_of(&bytes, span.0);
    (finding.path, finding.span) = (path, span);
}

/// The file and the byte that a finding on a composed page is about. Includes that failed know their place already.
fn place<'a>(finding: &Diagnostic, pieces: &'a [Piece]) -> Option<(&'a RepoPath, usize)> {
    let is_placed = finding.span == (0, 0) || finding.rule == MISSING_INCLUDE.name;
    if is_placed { None } else { origin(pieces, finding.span.0) }
}
