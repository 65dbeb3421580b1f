//! Tags and branches as values: listed, peeled, chosen by globs.

use std::cmp::Ordering;

use git2::{ErrorCode, Oid};
use globset::{Glob, GlobSet, GlobSetBuilder};

use super::object::{Astray, from_hex, id};
use super::{Git, Reader, Repository};
use crate::Failure;
use crate::settings::Versions;
use crate::source::ObjectId;

/// What a ref is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefKind {
    /// `refs/tags/`.
    Tag,
    /// `refs/heads/`.
    Branch,
    /// `refs/remotes/origin/`, where no local branch has the name: what a build machine usually has.
    RemoteBranch,
}

impl RefKind {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Tag, "refs/tags/"),
        (Self::Branch, "refs/heads/"),
        (Self::RemoteBranch, "refs/remotes/origin/"),
    ];
}

/// A tag or branch that leads to a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefFacts {
    /// The name people use: `v1.0`, `main`.
    pub name: String,
    /// The whole name: `refs/tags/v1.0`.
    pub full_name: String,
    /// What it is.
    pub kind: RefKind,
    /// The commit, annotated tags peeled.
    pub commit: ObjectId,
    /// Committer time of the commit, seconds since 1970 UTC.
    pub time: i64,
    /// The tag object, when it is a tag with a message of its own.
    pub tag: Option<ObjectId>,
}

/// A ref that could not become a version, with the reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRef {
    /// The whole name, invalid bytes replaced.
    pub name: String,
    /// Why, as a phrase.
    pub reason: String,
    /// Whether an object on the way to a commit cannot be read.
    pub lost: bool,
}

/// All tags and branches of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refs {
    /// Those that lead to a commit, oldest commit first, then by natural name order.
    pub refs: Vec<RefFacts>,
    /// Those that do not, by name.
    pub skipped: Vec<SkippedRef>,
}

impl Repository {
    /// Lists tags and branches.
    pub fn refs(&self) -> Result<Refs, Failure> {
        let mut listed = Refs::default();
        let Some(git) = self.as_git() else { return Ok(listed) };
        let reader = git.reader()?;
        for reference in git.lock().references().map_err(|error| not_listed(&error))?.flatten() {
            listed.add(&reference, &reader);
        }
        listed.drop_shadowed();
        listed.refs.sort_by(order);
        listed.skipped.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(listed)
    }

    /// Finds the commit that a revision names (`v1.0`, `main`, `HEAD~2`, an id).
    pub fn resolve(&self, revision: &str) -> Result<ObjectId, Failure> {
        let git = self.as_git().ok_or_else(|| outside_git(revision))?;
        let (handle, reader) = (git.lock(), git.reader()?);
        let target = match handle.resolve_reference_from_short_name(revision) {
            Ok(reference) => target(&reference).map(id),
            Err(_) => from_hex(revision.as_bytes()),
        };
        let found = if let Some(found) = target {
            found
        } else {
            reader.check_all_loose()?;
            let found = handle.revparse_single(revision);
            id(found.map_err(|error| not_found(revision, &error))?.id())
        };
        reader
            .peel(found)
            .map(|(id, _)| id)
            .map_err(|astray| not_a_commit(revision, &astray.reason))
    }

    /// Returns the branch that HEAD is on, `HEAD` when it is on none; nothing outside Git.
    pub fn default_ref(&self) -> Option<String> {
        let handle = self.as_git()?.lock();
        let head = handle.find_reference("HEAD").ok()?;
        let target = head.symbolic_target_bytes().and_then(|name| std::str::from_utf8(name).ok());
        Some(
            target
                .map_or("HEAD", |name| name.strip_prefix("refs/heads/").unwrap_or(name))
                .to_owned(),
        )
    }

    /// Returns the commit of HEAD; nothing before the first commit and outside Git.
    pub fn head(&self) -> Result<Option<ObjectId>, Failure> {
        self.as_git().map_or(Ok(None), head)
    }

    /// Finds the ref that settles what is in force: the named one, else HEAD's branch. Nothing before the first commit
    /// and outside Git.
    pub fn authority(&self, name: Option<&str>) -> Result<Option<(String, ObjectId)>, Failure> {
        if let Some(name) = name {
            let commit = self.resolve(name).or_else(|failure| {
                self.resolve(&format!("refs/remotes/origin/{name}")).map_err(|_| failure)
            })?;
            return Ok(Some((name.to_owned(), commit)));
        }
        Ok(self.head()?.and_then(|commit| Some((self.default_ref()?, commit))))
    }

    /// Tells whether there is a file of grafts, which is never followed.
    pub fn has_grafts(&self) -> bool {
        let file = self.common_dir().map(|dir| dir.join("info/grafts"));
        file.is_some_and(|file| file.metadata().is_ok_and(|facts| facts.len() > 0))
    }

    /// Counts the replace refs, which are never followed.
    pub fn replace_refs(&self) -> usize {
        let count = |git: &Git| Some(git.lock().references_glob("refs/replace/*").ok()?.count());
        self.as_git().and_then(count).unwrap_or_default()
    }
}

pub(super) fn head(git: &Git) -> Result<Option<ObjectId>, Failure> {
    let handle = git.lock();
    let head = match handle.head() {
        Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(None),
        head => head.map_err(|error| no_head(error.message()))?,
    };
    let target = target(&head).ok_or_else(|| no_head("it names no object"))?;
    let (commit, _) = git.reader()?.peel(id(target)).map_err(|astray| no_head(&astray.reason))?;
    Ok(Some(commit))
}

/// Follows a symbolic ref to the object that it names, which is not read.
fn target(reference: &git2::Reference<'_>) -> Option<Oid> {
    reference.target().or_else(|| reference.resolve().ok()?.target())
}

fn no_head(reason: &str) -> Failure {
    Failure::new(format!("the commit of HEAD cannot be read: {reason}"))
        .help("look with `git fsck`, or get what is missing with `git fetch --refetch`")
}

impl Refs {
    /// Counts the tags of which some object cannot be read, so that nobody knows what they say or name.
    pub fn lost_tags(&self) -> usize {
        let is_tag = |one: &&SkippedRef| one.name.starts_with("refs/tags/");
        self.skipped.iter().filter(is_tag).filter(|one| one.lost).count()
    }

    fn add(&mut self, reference: &git2::Reference<'_>, reader: &Reader) {
        let full = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        let Some((kind, prefix)) = RefKind::ALL.iter().find(|(_, prefix)| full.starts_with(prefix))
        else {
            return;
        };
        if reference.kind() == Some(git2::ReferenceType::Symbolic) && *kind == RefKind::RemoteBranch
        {
            return;
        }
        match facts(reference, reader, *kind, &full, prefix) {
            Ok(facts) => self.refs.push(facts),
            Err(Astray { reason, lost }) => {
                self.skipped.push(SkippedRef { name: full, reason, lost });
            }
        }
    }

    /// Drops the branches of the remote that exist here too.
    fn drop_shadowed(&mut self) {
        let local: std::collections::BTreeSet<String> = self
            .refs
            .iter()
            .filter(|one| one.kind == RefKind::Branch)
            .map(|one| one.name.clone())
            .collect();
        self.refs.retain(|one| one.kind != RefKind::RemoteBranch || !local.contains(&one.name));
    }
}

fn facts(
    reference: &git2::Reference<'_>,
    reader: &Reader,
    kind: RefKind,
    full: &str,
    prefix: &str,
) -> Result<RefFacts, Astray> {
    if std::str::from_utf8(reference.name_bytes()).is_err() {
        return Err(Astray::new("the name is not UTF-8"));
    }
    let nowhere = || Astray::new("it leads to a ref that is not there");
    let target = target(reference).ok_or_else(nowhere)?;
    let (commit, facts) = reader.peel(id(target))?;
    Ok(RefFacts {
        name: full[prefix.len()..].to_owned(),
        full_name: full.to_owned(),
        kind,
        commit,
        time: facts.committer.time,
        tag: Some(id(target)).filter(|object| kind == RefKind::Tag && *object != commit),
    })
}

/// Chooses refs by the globs of the settings: a name counts when one glob matches and no glob after `!` does.
/// The order is kept; `*` matches `/` too, as it does for `git tag --list`.
pub fn select(refs: &[RefFacts], versions: &Versions) -> Result<Vec<RefFacts>, Failure> {
    let (tags, branches) = (Globs::new(&versions.tags)?, Globs::new(&versions.branches)?);
    let chosen = refs.iter().filter(|one| match one.kind {
        RefKind::Tag => tags.choose(&one.name),
        RefKind::Branch | RefKind::RemoteBranch => branches.choose(&one.name),
    });
    Ok(chosen.cloned().collect())
}

/// Chooses refs that lead to no commit by the same globs.
pub fn select_skipped(
    refs: &[SkippedRef],
    versions: &Versions,
) -> Result<Vec<SkippedRef>, Failure> {
    let (tags, branches) = (Globs::new(&versions.tags)?, Globs::new(&versions.branches)?);
    let is_chosen = |one: &&SkippedRef| {
        RefKind::ALL.iter().any(|(kind, prefix)| {
            let globs = if *kind == RefKind::Tag { &tags } else { &branches };
            one.name.strip_prefix(prefix).is_some_and(|name| globs.choose(name))
        })
    };
    Ok(refs.iter().filter(is_chosen).cloned().collect())
}

/// Patterns of names, of which those with a leading `!` take some out again.
#[derive(Debug, Clone)]
pub struct Globs {
    wanted: GlobSet,
    refused: GlobSet,
}

impl Globs {
    /// Reads patterns.
    ///
    /// # Errors
    /// When one is not valid.
    pub fn new(patterns: &[String]) -> Result<Self, Failure> {
        let (mut wanted, mut refused) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let (set, glob) = match pattern.strip_prefix('!') {
                Some(glob) => (&mut refused, glob),
                None => (&mut wanted, pattern.as_str()),
            };
            set.add(Glob::new(glob).map_err(|error| bad_glob(pattern, &error))?);
        }
        let build = |set: &GlobSetBuilder| set.build().map_err(|error| bad_glob("", &error));
        Ok(Self { wanted: build(&wanted)?, refused: build(&refused)? })
    }

    /// Tells whether the patterns choose a name.
    pub fn choose(&self, name: &str) -> bool {
        self.wanted.is_match(name) && !self.refused.is_match(name)
    }
}

/// By time; a branch goes on where a tag of the same commit stands.
fn order(one: &RefFacts, other: &RefFacts) -> Ordering {
    let goes_on = |one: &RefFacts| one.kind != RefKind::Tag;
    one.time
        .cmp(&other.time)
        .then_with(|| goes_on(one).cmp(&goes_on(other)))
        .then_with(|| natural(&one.name, &other.name))
        .then_with(|| one.full_name.cmp(&other.full_name))
}

/// Compares names so that `v1.9` comes before `v1.10` and `v1.0-rc1` before `v1.0`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (parts(one), parts(other));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(part), None) => return longer(part),
            (None, Some(part)) => return longer(part).reverse(),
            (Some(a), Some(b)) => match compare(a, b) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

/// A name that goes on with `-` is a pre-release of the shorter one.
fn longer(rest: &str) -> Ordering {
    if rest.starts_with('-') { Ordering::Less } else { Ordering::Greater }
}

fn compare(one: &str, other: &str) -> Ordering {
    let number = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    if number(one) && number(other) {
        let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
        return one.len().cmp(&other.len()).then_with(|| one.cmp(other));
    }
    one.cmp(other)
}

/// Splits a name into runs of digits and runs of other characters, a new run at each `-`.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let digit = first.is_ascii_digit();
        let ends = |(at, letter): (usize, char)| {
            at > 0 && (letter.is_ascii_digit() != digit || letter == '-')
        };
        let end = rest.char_indices().find(|one| ends(*one)).map_or(rest.len(), |(at, _)| at);
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

fn outside_git(revision: &str) -> Failure {
    Failure::new(format!("cannot find `{revision}`: this folder is not in a Git repository"))
        .help("make one with `git init`, or leave the versions out")
}

fn not_found(revision: &str, error: &git2::Error) -> Failure {
    match error.code() {
        ErrorCode::UnbornBranch => Failure::new("the repository has no commit yet").help("commit something first"),
        ErrorCode::Ambiguous => Failure::new(format!("`{revision}` is short for several commits"))
            .help("give more digits of the id"),
        ErrorCode::NotFound | ErrorCode::InvalidSpec => {
            Failure::new(format!("there is no tag, branch or commit `{revision}` in this clone"))
                .help("list what there is with `git branch --all` and `git tag`, or get it with `git fetch --tags`")
        }
        _ => Failure::new(format!("cannot find `{revision}`: {}", error.message())),
    }
}

fn not_a_commit(revision: &str, reason: &str) -> Failure {
    Failure::new(format!("`{revision}` leads to no commit: {reason}"))
        .help("name a branch, a tag or a commit; look with `git fsck` when something is damaged")
}

fn not_listed(error: &git2::Error) -> Failure {
    Failure::new(format!("cannot list the refs: {}", error.message()))
        .help("look at `.git/packed-refs` with an editor, then write it again: git pack-refs --all")
}

fn bad_glob(pattern: &str, error: &globset::Error) -> Failure {
    Failure::new(format!("`{pattern}` in [versions] is not a glob: {}", error.kind()))
        .help("write for example \"v*\" or \"!*-rc*\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_count() {
        let mut names =
            ["v1.10", "v1.0", "v1.9", "v1.0-rc2", "v2", "v1.0-rc10", "pilot-b", "pilot-a"];
        names.sort_by(|one, other| natural(one, other));
        assert_eq!(
            names,
            ["pilot-a", "pilot-b", "v1.0-rc2", "v1.0-rc10", "v1.0", "v1.9", "v1.10", "v2"]
        );
    }
}
