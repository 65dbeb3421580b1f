//! `pack.toml`: declares that a folder is a pack, and who holds which role in it.

use super::Pack;
use crate::diagnostic::Diagnostic;
use crate::source::RepoPath;
use crate::toml::{self, Table};

/// Keys that describe a pack and are shown or judged in other places.
const DESCRIPTIVE: &[&str] =
    &["service", "stage", "tier", "timezone", "currency", "start", "decision_by", "dashboards"];

/// Reads the bytes of `pack.toml`. A file that cannot be read still declares its folder.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Pack, Vec<Diagnostic>) {
    let folder = path.folder().to_owned();
    let name =
        folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("pack").to_owned();
    let mut pack =
        Pack { id: name.clone(), title: name, folder, declared: true, ..Pack::default() };
    let (_, findings) = toml::read(path, bytes, |root| read_root(root, &mut pack));
    (pack, findings)
}

fn read_root(root: &Table<'_>, pack: &mut Pack) {
    if let Some(id) = root.text("id") {
        pack.title.clone_from(&id);
        pack.id = id;
    }
    if let Some(title) = root.text("title") {
        pack.title = title;
    }
    pack.summary = root.text("summary").unwrap_or_default();
    pack.classification = root.text("classification");
    pack.owner = root.placed_text("owner");
    pack.profiles = root.texts("profiles");
    for key in DESCRIPTIVE {
        root.accept(key);
    }
    for key in
        ["environments", "regions", "languages", "sectors", "ai", "acceptance", "attestation"]
    {
        root.accept(key);
    }
    if let Some(mut roles) = root.table("roles") {
        for (role, _) in roles.keys() {
            let holder = roles.placed_text(&role);
            pack.roles.extend(holder.map(|(person, span)| (role, person, span)));
        }
    }
    if let Some(home) = root.table("home") {
        pack.home = super::Home {
            team: home.text("team"),
            run_budget: home.text("run_budget"),
            operational_owner: home.placed_text("operational_owner"),
        };
    }
}
