//! Places of findings on pages into which other files were filled: from the whole text back to the files.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Packs;
use crate::diagnostic::Diagnostic;
use crate::document::include::{Piece, origin};
use crate::rules::settings::MISSING_INCLUDE;
use crate::source::RepoPath;

/// The pages that include other files, and where their texts come from.
pub(crate) type Composed<'a> = FxHashMap<&'a RepoPath, &'a [Piece]>;

/// Lists the pages that include other files.
pub(crate) fn composed(packs: &Packs) -> Composed<'_> {
    let pages = packs.artifacts.iter().filter(|artifact| !artifact.document.pieces.is_empty());
    pages.map(|artifact| (&artifact.path, artifact.document.pieces.as_slice())).collect()
}

/// Moves a finding from the whole text to its page; what an included file brought is about the page as a whole.
pub(crate) fn to_own_place(finding: &mut Diagnostic, composed: &Composed<'_>) {
    let Some((path, at)) = place(finding, composed) else { return };
    let is_own = *path == finding.path;
    let len = finding.span.1 - finding.span.0;
    finding.span = if is_own { (at, at + len) } else { (0, 0) };
}

/// A file that was included, and a place in it.
type Elsewhere = (RepoPath, (usize, usize));

/// Finds for each finding the included file that it is about, when it is about one.
pub(crate) fn find(packs: &Packs, findings: &[Diagnostic]) -> Vec<Option<Elsewhere>> {
    let composed = composed(packs);
    let elsewhere = |finding: &Diagnostic| {
        let (path, at) = place(finding, &composed)?;
        let span = (at, at + finding.span.1 - finding.span.0);
        (*path != finding.path).then(|| (path.clone(), span))
    };
    findings.iter().map(elsewhere).collect()
}

/// Tells findings at the files that they are about; `elsewhere` is what [`find`] found for them.
pub(crate) fn tell(
    findings: &mut Vec<Diagnostic>,
    elsewhere: Vec<Option<Elsewhere>>,
    read: impl Fn(&RepoPath) -> Option<Arc<[u8]>>,
) {
    for (finding, elsewhere) in findings.iter_mut().zip(elsewhere) {
        let Some((path, span)) = elsewhere else { continue };
        let bytes = read(&path).unwrap_or_default();
        finding.place = crate::source::place(&bytes, span.0);
        (finding.path, finding.span) = (path, span);
    }
    findings.sort();
    findings.dedup();
}

/// The file and the byte that a finding on a composed page is about. Includes that failed know their place already.
fn place<'a>(finding: &Diagnostic, composed: &Composed<'a>) -> Option<(&'a RepoPath, usize)> {
    let is_placed = finding.span == (0, 0) || finding.rule == MISSING_INCLUDE.name;
    origin(composed.get(&finding.path).filter(|_| !is_placed)?, finding.span.0)
}
