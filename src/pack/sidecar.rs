//! Fields that a file beside a page states: `0001-gateway.yaml` beside `0001-gateway.md`, `kep.yaml` beside a `README.md`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::route::stands_for_folder;
use crate::diagnostic::Diagnostic;
use crate::document::FrontMatter;
use crate::document::front_matter::{self, State};
use crate::settings::Settings;
use crate::source::{File, ObjectId, RepoPath};

/// A file of fields and what it states.
#[derive(Debug, Clone, PartialEq)]
pub struct Sidecar {
    /// The file.
    pub path: RepoPath,
    /// The id of its bytes.
    pub blob: ObjectId,
    /// Its fields.
    pub fields: FrontMatter,
}

/// The sidecars of a snapshot, by the page that each belongs to.
pub type Sidecars = BTreeMap<RepoPath, Arc<Sidecar>>;

/// Finds the sidecars among the files that are no pages, and what is wrong with them.
pub(super) fn find(
    pages: &[&File],
    others: &[&File],
    settings: &Settings,
    read: &mut dyn FnMut(&File) -> Option<Arc<[u8]>>,
) -> (Sidecars, Vec<Diagnostic>) {
    let (mut found, mut findings) = (Sidecars::new(), Vec::new());
    let candidates: Vec<&File> =
        others.iter().copied().filter(|file| is_fields(&file.path)).collect();
    if candidates.is_empty() {
        return (found, findings);
    }
    let named = |file: &File| {
        settings.locators.iter().any(|one| one.sidecars.iter().any(|name| name == file.path.name()))
    };
    let beside: BTreeMap<String, &RepoPath> =
        pages.iter().map(|page| (without_extension(&page.path), &page.path)).collect();
    let fronts: BTreeMap<&str, &RepoPath> = pages
        .iter()
        .filter(|page| stands_for_folder(&page.path))
        .map(|page| (page.path.folder(), &page.path))
        .collect();
    for file in candidates {
        let front = || fronts.get(file.path.folder()).filter(|_| named(file));
        let page = beside.get(&without_extension(&file.path)).or_else(front);
        let Some(page) = page.copied() else { continue };
        let (path, blob) = (file.path.clone(), file.blob);
        let Some(bytes) = read(file) else {
            let fields = FrontMatter { state: State::Unreadable, ..FrontMatter::default() };
            found.insert(page.clone(), Arc::new(Sidecar { path, blob, fields }));
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        let Some((fields, faults)) = front_matter::whole(file.path.extension(), &text) else {
            continue;
        };
        findings.extend(faults.into_iter().map(|fault| {
            let finding = Diagnostic::new(fault.rule, &file.path, &fault.span, fault.message);
            Diagnostic { help: fault.help, ..finding }
        }));
        found.insert(page.clone(), Arc::new(Sidecar { path, blob, fields }));
    }
    (found, findings)
}

fn is_fields(path: &RepoPath) -> bool {
    ["yaml", "yml", "toml"].iter().any(|known| path.extension().eq_ignore_ascii_case(known))
}

fn without_extension(path: &RepoPath) -> String {
    format!("{}/{}", path.folder(), path.stem())
}
