//! `readymark.lock`: what each typed relation led to when somebody last looked, as a digest, one line for each relation.
//! Written by `readymark lock` only; a relation whose target says something else by now is suspect.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Artifact, Packs, Relation};
use crate::diagnostic::Diagnostic;
use crate::source::RepoPath;
use crate::toml::{self, Question, Table};

/// The name of the file, beside `book.toml`.
pub const NAME: &str = "readymark.lock";

/// The pinned digests by relation: `agent-copilot:CHG-001 rolls-back-with RB-002`.
pub type Pins = BTreeMap<String, String>;

/// What a pin says about its relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The target says what it said then.
    Ok,
    /// The target says something else.
    Suspect,
    /// Nothing was pinned.
    Unpinned,
}

impl State {
    /// Returns the word that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Suspect => "suspect",
            Self::Unpinned => "unpinned",
        }
    }
}

/// Reads the bytes of a lock file.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Pins, Vec<Diagnostic>) {
    let (pins, findings) = toml::read(path, bytes, |root| read_root(root));
    (pins.unwrap_or_default(), findings)
}

/// Lists what is asked for in a lock file.
pub fn questions() -> Vec<Question> {
    toml::questions(|root| drop(read_root(root)))
}

fn read_root(root: &Table<'_>) -> Pins {
    root.pairs("pins").into_iter().collect()
}

/// Writes a lock file, sorted, so that two branches that add pins seldom meet in one line.
pub fn write(pins: &Pins) -> String {
    let mut text = String::from(
        "# Written by `readymark lock`: what each relation led to when somebody last looked at it. Commit it.\n\n[pins]\n",
    );
    for (relation, digest) in pins {
        _ = writeln!(text, "{} = {}", quoted(relation), quoted(digest));
    }
    text
}

/// A TOML text that can hold anything.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Packs {
    /// Names a relation across versions.
    pub fn relation_key(&self, relation: &Relation) -> String {
        let (from, to) = (&self.artifacts[relation.from], &self.artifacts[relation.to]);
        let target = row_id(to, relation.to_row).unwrap_or(&to.id);
        let abroad = if to.pack == from.pack {
            String::new()
        } else {
            format!("{}:", self.packs[to.pack].id)
        };
        let pack = &self.packs[from.pack].id;
        let source = row_id(from, relation.from_row).unwrap_or(&from.id);
        format!("{pack}:{source} {} {abroad}{target}", relation.name)
    }

    /// Digests what a relation leads to; nothing for a text of which a part is covered for these readers.
    pub fn pin(&self, relation: &Relation) -> Option<String> {
        let to = &self.artifacts[relation.to];
        if to.content != to.blob && to.document.pieces.is_empty() {
            return None;
        }
        let row = relation.to_row.and_then(|row| to.records.get(row));
        Some(match row {
            Some(row) => row.digest.write(),
            None => to.document.digest.write(),
        })
    }

    /// Compares what a relation leads to with what was pinned.
    pub fn state(&self, relation: &Relation) -> State {
        match (self.pins.get(&self.relation_key(relation)), self.pin(relation)) {
            (None, _) => State::Unpinned,
            (Some(pinned), Some(now)) if *pinned != now => State::Suspect,
            (Some(_), _) => State::Ok,
        }
    }
}

/// Returns the id of a row.
pub fn row_id(artifact: &Artifact, row: Option<usize>) -> Option<&str> {
    Some(artifact.records.get(row?)?.id.as_str())
}

/// What `readymark lock` did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// The pins to write.
    pub pins: Pins,
    /// Relations that had no pin.
    pub new: usize,
    /// Relations whose pin was changed to what they lead to now.
    pub renewed: usize,
    /// Relations that keep a pin which their target no longer matches.
    pub suspect: Vec<String>,
    /// Pins whose relation is gone.
    pub gone: usize,
}

/// Pins every relation: new ones as they are now, others as they were, unless `looked_at` says of the artifact that
/// declares them that somebody looked.
pub fn renew(packs: &Packs, looked_at: impl Fn(&Artifact) -> bool) -> Renewed {
    let mut done = Renewed::default();
    for relation in packs.outgoing.iter().flat_map(|outgoing| &outgoing.relations) {
        let key = packs.relation_key(relation);
        let Some(now) = packs.pin(relation) else { continue };
        let pinned = match packs.pins.get(&key) {
            None => {
                done.new += usize::from(!done.pins.contains_key(&key));
                now
            }
            Some(then) if *then == now => now,
            Some(_) if looked_at(&packs.artifacts[relation.from]) => {
                done.renewed += 1;
                now
            }
            Some(then) => {
                done.suspect.push(key.clone());
                then.clone()
            }
        };
        done.pins.insert(key, pinned);
    }
    done.gone = packs.pins.keys().filter(|key| !done.pins.contains_key(*key)).count();
    done
}

#[cfg(test)]
mod tests {
    use super::{Pins, read, write};
    use crate::source::RepoPath;

    #[test]
    fn what_was_written_is_read_again() {
        let pins: Pins = [
            ("svc:CHG-1 rolls-back-with RB-2", "d1:sha256:00"),
            ("svc:a \"b\"\\c.md verified-by TST-1", "d1:sha256:01"),
        ]
        .into_iter()
        .map(|(key, digest)| (key.to_owned(), digest.to_owned()))
        .collect();
        let (again, findings) = read(&RepoPath::new("readymark.lock"), write(&pins).as_bytes());
        assert_eq!((again, findings.len()), (pins, 0));
    }
}
