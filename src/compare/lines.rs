//! Documents through the versions of a pack. Each version is laid beside the one before it, so that a document that was
//! renamed twice is still the same one.

use std::collections::BTreeMap;

use crate::source::ObjectId;

/// A document in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The version's place in [`Lines::versions`].
    pub version: usize,
    /// Its id, or its path inside the pack.
    pub id: String,
    /// Its route inside the version folder.
    pub route: String,
    /// Names its text.
    pub content: ObjectId,
}

/// A document through the versions that hold it, oldest first.
pub type Line = Vec<Held>;

/// The documents of a pack through its versions.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    /// The slugs of the versions, oldest first.
    pub versions: Vec<String>,
    /// The documents.
    pub lines: Vec<Line>,
    /// The line of each id that is known.
    by_id: BTreeMap<String, usize>,
}

impl Lines {
    /// Takes the documents of the next version; `renamed` has new ids with those before.
    pub fn note(
        &mut self,
        slug: &str,
        documents: impl Iterator<Item = (String, String, ObjectId)>,
        renamed: &BTreeMap<String, String>,
    ) {
        let version = self.versions.len();
        self.versions.push(slug.to_owned());
        let moved: Vec<(&String, Option<usize>)> =
            renamed.iter().map(|(new, old)| (new, self.by_id.remove(old))).collect();
        for (new, line) in moved {
            line.map(|line| self.by_id.insert(new.clone(), line));
        }
        for (id, route, content) in documents {
            let line = *self.by_id.entry(id.clone()).or_insert_with(|| {
                self.lines.push(Line::new());
                self.lines.len() - 1
            });
            self.lines[line].push(Held { version, id, route, content });
        }
    }

    /// Finds a version.
    pub fn version(&self, slug: &str) -> Option<usize> {
        self.versions.iter().position(|known| known == slug)
    }

    /// Finds the line of a document of the last version.
    pub fn line_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Lists the documents of a version.
    pub fn of(&self, slug: &str) -> impl Iterator<Item = &Held> {
        let version = self.version(slug);
        let held = move |line| at(line, version?);
        self.lines.iter().filter_map(held)
    }
}

/// Finds a document in a version.
pub fn at(line: &Line, version: usize) -> Option<&Held> {
    let place = line.binary_search_by_key(&version, |held| held.version).ok()?;
    Some(&line[place])
}

#[cfg(test)]
mod tests {
    use super::{Lines, at};
    use crate::source::ObjectId;

    /// The ids of a version, and what was renamed before it.
    type Step<'s> = (&'s [&'s str], &'s [(&'s str, &'s str)]);

    /// Takes versions of documents with the renames before each; returns the ids of each line, `-` where it is not.
    fn told(versions: &[Step<'_>]) -> Vec<String> {
        let mut lines = Lines::default();
        for (number, (ids, renamed)) in versions.iter().enumerate() {
            let content = ObjectId::new(&[1]);
            let documents = ids.iter().map(|id| ((*id).to_owned(), format!("{id}.html"), content));
            let renamed = renamed.iter().map(|(old, new)| ((*new).to_owned(), (*old).to_owned()));
            lines.note(&number.to_string(), documents, &renamed.collect());
        }
        let count = lines.versions.len();
        let id = |line, version| at(line, version).map_or("-", |held| &held.id);
        let line = |line| (0..count).map(|version| id(line, version)).collect::<Vec<_>>().join(" ");
        lines.lines.iter().map(line).collect()
    }

    #[test]
    fn renames_are_chained_and_gaps_are_kept() {
        let versions: [Step<'_>; 4] = [
            (&["a", "x"], &[]),
            (&["b"], &[("a", "b")]),
            (&["c"], &[("b", "c")]),
            (&["c", "x"], &[]),
        ];
        assert_eq!(told(&versions), ["a b c c", "x - - x"]);
    }

    #[test]
    fn a_name_that_is_used_again_is_another_document() {
        let versions: [Step<'_>; 3] = [(&["a"], &[]), (&["b"], &[("a", "b")]), (&["a", "b"], &[])];
        assert_eq!(told(&versions), ["a b b", "- - a"]);
        let swapped: [Step<'_>; 2] = [(&["a", "b"], &[]), (&["a", "b"], &[("a", "b"), ("b", "a")])];
        assert_eq!(told(&swapped), ["a b", "b a"]);
    }
}
