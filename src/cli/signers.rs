//! The list of keys that a call names with `--allowed-signers`.

use super::arguments::Place;
use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::rules::settings::UNUSED_SIGNER;
use crate::signature::{AllowedSigners, Unused};
use crate::source::RepoPath;

/// Lets a project trust the keys of the list that a call names; lines that count for nothing become notes.
pub(super) fn trusting(mut project: Project, place: &Place) -> Result<Project, Failure> {
    let Some(path) = &place.allowed_signers else { return Ok(project) };
    let shown = path.to_string_lossy();
    let signers = AllowedSigners::read(&text(path).map_err(|error| {
        Failure::new(format!("cannot read `{shown}`: {error}"))
            .help("name a file as `gpg.ssh.allowedSignersFile` of Git does")
    })?);
    let file = RepoPath::new(&shown);
    project.notes.extend(signers.unused.iter().map(|unused| note(unused, &file)));
    project.signers = Some(signers);
    Ok(project)
}

#[expect(clippy::disallowed_methods, reason = "the file lies outside the repository")]
fn text(path: &std::path::Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

fn note(unused: &Unused, file: &RepoPath) -> Diagnostic {
    let mut finding = Diagnostic::new(&UNUSED_SIGNER, file, &(0..0), unused.why.clone())
        .help(UNUSED_SIGNER.fix.trim_end_matches('.'));
    finding.place = (unused.line, 1);
    finding
}
