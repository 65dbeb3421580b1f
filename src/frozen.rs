//! `versions.lock`: the commit and the files that each published tag named when somebody froze it. Written by
//! `readymark versions freeze` only; a tag that names another commit by now fails the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Failure;
use crate::diagnostic::Diagnostic;
use crate::git::from_hex;
use crate::project::{Project, join};
use crate::rules;
use crate::source::{ObjectId, ReadBlob, RepoPath, Snapshot, Span};
use crate::toml::{self, Table};

/// The name of the file, beside `book.toml`.
pub const NAME: &str = "versions.lock";

/// What a tag named when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The commit.
    pub commit: ObjectId,
    /// The files of the commit, as Git names them.
    pub tree: ObjectId,
    /// Where it stands in the file.
    pub span: Span,
}

/// The frozen tags by name.
pub type Tags = BTreeMap<String, Frozen>;

/// Reads the bytes of the file.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Tags, Vec<Diagnostic>) {
    let (tags, findings) = toml::read(path, bytes, |root| root.table("tags").map(read_tags));
    (tags.flatten().unwrap_or_default(), findings)
}

fn read_tags(mut table: Table<'_>) -> Tags {
    let mut tags = Tags::new();
    for (name, _) in table.keys() {
        let Some((text, span)) = table.placed_text(&name) else { continue };
        let ids = text.split_once(' ').and_then(|(commit, tree)| {
            Some((from_hex(commit.as_bytes())?, from_hex(tree.trim().as_bytes())?))
        });
        match ids {
            Some((commit, tree)) => _ = tags.insert(name, Frozen { commit, tree, span }),
            None => table.refuse(&name, "the ids of a commit and of its files"),
        }
    }
    tags
}

/// Writes the file, sorted.
pub fn write(tags: &Tags) -> String {
    let mut text = String::from(
        "# Written by `readymark versions freeze`: what each published tag names, its commit and its files. Commit it.\n\n[tags]\n",
    );
    for (name, Frozen { commit, tree, .. }) in tags {
        _ = writeln!(text, "{} = \"{commit} {tree}\"", serde_json::Value::from(name.as_str()));
    }
    text
}

/// Finds what a tag names today.
///
/// # Errors
/// When its commit cannot be read.
pub fn today(project: &Project, name: &str) -> Result<Option<Frozen>, Failure> {
    let Ok(commit) = project.repository.resolve(&format!("refs/tags/{name}")) else {
        return Ok(None);
    };
    let links = project.repository.reader()?.links(commit);
    let tree = links.map_err(|lack| lack.failure("commit", commit))?.tree;
    Ok(Some(Frozen { commit, tree, span: 0..0 }))
}

/// Reads the frozen tags of a snapshot.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn of(project: &Project, snapshot: &Snapshot) -> Result<(Tags, Vec<Diagnostic>), Failure> {
    let path = join(&project.folder, NAME);
    let Some(file) = snapshot.file(&path) else { return Ok((Tags::new(), Vec::new())) };
    let reader = project.repository.reader()?;
    let bytes = reader.with(snapshot).read(file.blob).map_err(Failure::new)?;
    Ok(read(&file.path, &bytes))
}

/// Tells which frozen tags of a snapshot are gone or name other commits today, and what is wrong with the file.
///
/// # Errors
/// When the file or a commit cannot be read.
pub fn moved(project: &Project, snapshot: &Snapshot) -> Result<Vec<Diagnostic>, Failure> {
    let (tags, mut found) = of(project, snapshot)?;
    let path = RepoPath::new(&join(&project.folder, NAME));
    for (name, frozen) in &tags {
        let now = today(project, name)?;
        if now.as_ref().map(|now| now.commit) != Some(frozen.commit) {
            found.push(rules::history::thawed(name, frozen, now.as_ref(), &path));
        }
    }
    Ok(found)
}
