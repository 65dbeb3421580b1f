//! What the public may see of a history: of each document only what landed while the document was for the public, by
//! its own text, by the file beside it and by its packs, as they were then.

use std::sync::Arc;

use crate::Failure;
use crate::document::front_matter::{self, whole};
use crate::document::labels;
use crate::git::{EntryKind, Reader, Repository, entries};
use crate::history::DecisionLog;
use crate::pack::audience::{Readers, is_public, may_see};
use crate::pack::contacts::Contacts;
use crate::pack::pack_toml;
use crate::pack::route::stands_for_folder;
use crate::pack::sidecar::Sidecars;
use crate::settings::{Audience, Settings};
use crate::source::{ObjectId, RepoPath};

/// Marks the entries that the public may not see, and takes the words out of landings that it may not read.
///
/// # Errors
/// When the repository cannot be read at all; what is missing from it counts as not public.
pub fn mark(
    repository: &Repository,
    settings: &Settings,
    log: &mut DecisionLog,
) -> Result<(), Failure> {
    let then = Then { reader: repository.reader()?, settings };
    for entry in &mut log.entries {
        let Some(blob) = entry.blob else { continue };
        entry.public = entry.public && then.is_public(entry.landing.commit, &entry.path, blob);
    }
    for approval in &mut log.approvals {
        let blob = approval.blob.filter(|_| approval.public);
        approval.public =
            blob.is_some_and(|blob| then.is_public(approval.landing.commit, &approval.path, blob));
    }
    for one in &log.approvals {
        for text in log.texts.get_mut(&one.line).into_iter().flatten() {
            let open = |blob| then.is_public(text.landing.commit, &one.path, blob);
            text.by = text.by.take().filter(|_| text.blob.is_some_and(open));
        }
    }
    for change in log.changes_mut() {
        if !then.is_public(change.landing.commit, &change.path, change.blob) {
            Arc::make_mut(&mut change.landing).subject.clear();
            change.origin = None;
        }
    }
    Ok(())
}

/// The repository as it was at a landing.
struct Then<'a> {
    reader: Reader,
    settings: &'a Settings,
}

impl Then<'_> {
    fn is_public(&self, commit: ObjectId, path: &RepoPath, blob: ObjectId) -> bool {
        self.was_open(commit, path).unwrap_or_default()
            && self.says_public(blob).unwrap_or_default()
    }

    /// Tells whether the text of a document kept it from the public.
    fn says_public(&self, blob: ObjectId) -> Option<bool> {
        let bytes = self.reader.blob(blob).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let (fields, _) = front_matter::read(&text);
        let labels = labels::labels(&text, fields.span.end);
        let (contacts, sidecars) = (&Contacts::default(), &Sidecars::default());
        let readers = Readers { audience: Audience::Public, contacts, closed: &[], sidecars };
        Some(readers.may_see(&RepoPath::new(""), (&fields, &labels), None))
    }

    /// Goes down to the folder of a document: no pack on the way and no file beside it may keep it from the public.
    fn was_open(&self, commit: ObjectId, path: &RepoPath) -> Option<bool> {
        let mut tree = self.reader.links(commit).ok()?.tree;
        let folders = path.folder().split('/').filter(|folder| !folder.is_empty());
        let mut folders = folders.peekable();
        loop {
            let next = folders.next();
            let here = self.files(tree, next, path)?;
            if !here.open {
                return Some(false);
            }
            match next {
                Some(_) => tree = here.folder?,
                None => return Some(true),
            }
        }
    }

    fn files(&self, tree: ObjectId, next: Option<&str>, path: &RepoPath) -> Option<Here> {
        let len = tree.as_bytes().len();
        let (mut folder, mut asked) = (None, Vec::new());
        let look = |raw: &[u8]| {
            for entry in entries(raw, len) {
                let Ok(name) = std::str::from_utf8(entry.name) else { continue };
                let is_asked =
                    name == "pack.toml" || (next.is_none() && self.is_beside(name, path));
                match entry.kind {
                    EntryKind::Folder if Some(name) == next => folder = Some(entry.id),
                    EntryKind::File if is_asked => asked.push((RepoPath::new(name), entry.id)),
                    _ => {}
                }
            }
        };
        self.reader.tree_with(tree, look).ok()?;
        let open = asked.iter().all(|(name, blob)| self.is_open(name, *blob).unwrap_or_default());
        Some(Here { folder, open })
    }

    /// Tells whether a file may hold the fields of a document.
    fn is_beside(&self, name: &str, path: &RepoPath) -> bool {
        let mut named = self.settings.locators.iter().flat_map(|one| &one.sidecars);
        let file = RepoPath::new(name);
        let is_fields = ["yaml", "yml", "toml"].iter().any(|known| file.extension() == *known);
        (is_fields && file.stem() == path.stem())
            || (stands_for_folder(path) && named.any(|known| known == name))
    }

    fn is_open(&self, name: &RepoPath, blob: ObjectId) -> Option<bool> {
        let bytes = self.reader.blob(blob).ok()?;
        if name.as_str() == "pack.toml" {
            let (pack, _) = pack_toml::read(name, &bytes);
            return Some(is_public(pack.classification.as_deref()));
        }
        let (fields, _) = whole(name.extension(), &String::from_utf8_lossy(&bytes))?;
        Some(may_see(Audience::Public, &fields, None))
    }
}

/// A folder on the way to a document.
struct Here {
    /// The next folder.
    folder: Option<ObjectId>,
    /// Whether nothing in it keeps the document from the public.
    open: bool,
}
