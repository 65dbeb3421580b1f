//! `init` and `new`: the only commands that write into a repository, and only files that do not exist yet.

use std::path::{Path, PathBuf};

use crate::Failure;
use crate::kinds::{self, Kind};
use crate::pack::{Pack, Packs};
use crate::slug::slug;

/// A file to be written: its path and its text.
pub(super) type Draft = (PathBuf, String);

/// The files of a new pack in `dir`; existing ones are left as they are.
pub(super) fn starter(dir: &Path, title: &str, kinds: &[Kind]) -> Vec<Draft> {
    let slug = slug(title);
    let pack = dir.join("packs").join(&slug);
    let book =
        format!("[book]\ntitle = {}\n\n[versions]\ntags = [\"v*\", \"{slug}/*\"]\n", quoted(title));
    let people = "# Everyone who is named in a pack. Commits are matched by address, never by name.\n\n[[person]]\nid = \"first-last\"\nname = \"First Last\"\nmail = \"first.last@example.org\"\nphone = \"\"\n";
    let declared = format!(
        "id = {}\ntitle = {}\nsummary = \"\"\nprofiles = [\"day-zero\"]\n\n[roles]\n# service-owner = \"first-last\"\n",
        quoted(&slug),
        quoted(title)
    );
    let mut drafts = vec![
        (dir.join("book.toml"), book),
        (dir.join("people.toml"), people.to_owned()),
        (pack.join("pack.toml"), declared),
    ];
    for kind in kinds.iter().filter(|kind| STARTERS.contains(&kind.name.as_str())) {
        let id = format!("{}-001", kind.prefix);
        drafts.push((
            pack.join(file_name(kind, &id, &kind.title)),
            kinds::template(kind, &id, &kind.title),
        ));
    }
    drafts
}

/// What a pack begins with on day one.
const STARTERS: &[&str] = &["intent", "raci", "support", "runbook"];

/// The file of a new artifact of `kind` in `pack`.
///
/// # Errors
/// When the kind is unknown, or an id is taken.
pub(super) fn artifact(
    packs: &Packs,
    pack: &Pack,
    kind: &str,
    title: Option<&str>,
    id: Option<&str>,
) -> Result<Draft, Failure> {
    let Some(kind) = kinds::find(&packs.kinds, kind).map(|at| &packs.kinds[at]) else {
        let names: Vec<&str> = packs.kinds.iter().map(|kind| kind.name.as_str()).collect();
        let help = crate::nearest::did_you_mean(kind, names.iter().copied());
        return Err(Failure::new(format!("there is no kind `{kind}`"))
            .help(help.unwrap_or_else(|| format!("the kinds are {}", names.join(", ")))));
    };
    let id = id.map_or_else(|| next_id(packs, kind), str::to_owned);
    if packs
        .artifacts
        .iter()
        .any(|artifact| artifact.has_id && artifact.id.eq_ignore_ascii_case(&id))
    {
        return Err(Failure::new(format!("`{id}` is taken"))
            .help("leave out --id to take the next free number"));
    }
    let title = title.unwrap_or(&kind.title);
    let path = Path::new(&pack.folder).join(file_name(kind, &id, title));
    Ok((path, kinds::template(kind, &id, title)))
}

/// The next number after the highest one in use.
fn next_id(packs: &Packs, kind: &Kind) -> String {
    let number = |id: &str| id.strip_prefix(&kind.prefix)?.strip_prefix('-')?.parse::<u32>().ok();
    let highest =
        packs.artifacts.iter().filter_map(|artifact| number(&artifact.id)).max().unwrap_or(0);
    if kind.prefix.is_empty() {
        String::new()
    } else {
        format!("{}-{:03}", kind.prefix, highest + 1)
    }
}

fn file_name(kind: &Kind, id: &str, title: &str) -> PathBuf {
    let name = match (id, slug(title)) {
        ("", slug) => slug,
        (id, slug) => format!("{id}-{slug}"),
    };
    Path::new(&kind.folder).join(format!("{name}.md"))
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}
