//! What merging would give: the files of another branch with one's own changes laid over them, before anybody merges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use git2::{ObjectType, Oid};

use super::merge;
use super::object::{Reader, id};
use super::{Place, Repository};
use crate::Failure;
use crate::source::{File, ObjectId, Origin, RepoPath, Snapshot};

/// What a merge would give.
#[derive(Debug)]
pub struct Merged {
    /// The files.
    pub snapshot: Snapshot,
    /// Files that both sides changed so that they cannot be joined; they are as one's own side has them.
    pub conflicts: Vec<RepoPath>,
}

/// A file as the common ancestor, one's own side and the other branch have it.
type Sides<'s> = [Option<&'s File>; 3];

impl Repository {
    /// Merges a snapshot with the commit of another branch. Moved files are joined by path alone.
    ///
    /// # Errors
    /// When the histories share no commit here, or a file cannot be read.
    pub fn merged(&self, own: Snapshot, target: ObjectId) -> Result<Merged, Failure> {
        let head = own.commit.as_ref().map(|commit| commit.id).ok_or_else(nothing_shared)?;
        let base = self.merge_base(head, target)?;
        let (base, theirs) = (self.snapshot(base, &[])?, self.snapshot(target, &[])?);
        let mut files: BTreeMap<&RepoPath, Sides<'_>> = BTreeMap::new();
        for (at, side) in [&base, &own, &theirs].into_iter().enumerate() {
            for file in &side.files {
                files.entry(&file.path).or_default()[at] = Some(file);
            }
        }
        let reader = self.reader()?;
        let mut merged = Merged {
            snapshot: Snapshot { loose: own.loose.clone(), ..Snapshot::default() },
            conflicts: Vec::new(),
        };
        for (path, sides) in files {
            let file = match settled(sides) {
                Some(side) => sides[side].cloned(),
                None => merged.join(path, sides, &own, &reader)?,
            };
            merged.snapshot.files.extend(file);
        }
        let paths: BTreeSet<RepoPath> =
            merged.snapshot.files.iter().map(|file| file.path.clone()).collect();
        let skipped = own.skipped.into_iter().filter(|one| !paths.contains(&one.path));
        merged.snapshot.skipped = skipped.collect();
        merged.snapshot.commit = own.commit;
        Ok(merged)
    }

    /// Finds the commit at which two histories parted.
    ///
    /// # Errors
    /// When they share no commit here.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<ObjectId, Failure> {
        let Place::Git(git) = &self.place else { return Err(nothing_shared()) };
        let [one, other] = [one, other].map(|commit| Oid::from_bytes(commit.as_bytes()));
        let (Ok(one), Ok(other)) = (one, other) else { return Err(nothing_shared()) };
        git.lock().merge_base(one, other).map(id).map_err(|_| nothing_shared())
    }
}

impl Merged {
    /// Joins what both sides changed, line by line; what cannot be joined stays as one's own side has it.
    fn join(
        &mut self,
        path: &RepoPath,
        [base, own, theirs]: Sides<'_>,
        side: &Snapshot,
        reader: &Reader,
    ) -> Result<Option<File>, Failure> {
        let (Some(mine), Some(other)) = (own, theirs) else {
            self.conflicts.push(path.clone());
            return Ok(own.or(theirs).cloned());
        };
        let bytes = |blob: ObjectId| match side.loose.get(&blob) {
            Some(bytes) => Ok(Arc::clone(bytes)),
            None => reader.blob(blob).map_err(|lack| lack.failure("file", blob)),
        };
        let base = base.map_or_else(|| Ok(Arc::from([])), |file| bytes(file.blob))?;
        let Some(joined) = merge::join(&base, &bytes(mine.blob)?, &bytes(other.blob)?) else {
            self.conflicts.push(path.clone());
            return Ok(Some(mine.clone()));
        };
        let format = match mine.blob.as_bytes().len() {
            32 => git2::ObjectFormat::Sha256,
            _ => git2::ObjectFormat::Sha1,
        };
        let Ok(oid) = Oid::hash_object_ext(ObjectType::Blob, &joined, format) else {
            return Ok(Some(mine.clone()));
        };
        self.snapshot.loose.insert(id(oid), joined.into());
        Ok(Some(File { path: path.clone(), blob: id(oid), origin: Origin::Modified }))
    }
}

/// Finds the side that changed a file, by its place; nothing when both did in different ways.
fn settled(sides: Sides<'_>) -> Option<usize> {
    let [base, own, theirs] = sides.map(|file| file.map(|file| file.blob));
    if own == base {
        return Some(2);
    }
    (theirs == base || own == theirs).then_some(1)
}

fn nothing_shared() -> Failure {
    Failure::new("the two branches share no commit here")
        .help("fetch the whole history: git fetch --unshallow")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_changed_is_taken_and_what_both_did_is_not_settled() {
        let file = |letter: u8| File {
            path: RepoPath::new("a.md"),
            blob: ObjectId::new(&[letter; 20]),
            origin: Origin::Committed,
        };
        let (one, two, three) = (file(1), file(2), file(3));
        let [a, b, c] = [Some(&one), Some(&two), Some(&three)];
        for (sides, expected) in [
            ([a, a, a], Some(a)),
            ([a, b, a], Some(b)),
            ([a, a, b], Some(b)),
            ([a, b, b], Some(b)),
            ([a, None, a], Some(None)),
            ([a, a, None], Some(None)),
            ([None, b, None], Some(b)),
            ([None, None, b], Some(b)),
            ([a, None, None], Some(None)),
            ([None, b, c], None),
            ([a, None, b], None),
            ([a, b, c], None),
        ] {
            assert_eq!(settled(sides).map(|side| sides[side]), expected, "{sides:?}");
        }
    }
}
