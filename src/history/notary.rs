//! Checks signatures of commits and tags with the keys that counted before they landed: no change appoints its own
//! signer.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::trees::Trees;
use crate::git::{Commit, HistoryReader, Lack};
use crate::pack::{People, people_toml};
use crate::signature::{AllowedSigners, GIT, Keys, Signature, Signed, Why, verify};
use crate::source::{ObjectId, RepoPath};

/// Where keys are read: the registry of the repository, unless a list was given with the call.
#[derive(Debug, Clone, Copy)]
pub struct KeySource<'a> {
    /// The registry's file.
    pub registry: &'a RepoPath,
    /// The list.
    pub signers: Option<&'a AllowedSigners>,
}

/// Who was known at a commit, and with which keys.
#[derive(Debug, Default)]
pub struct Policy {
    /// The people.
    pub people: People,
    /// Their keys, or those of the list.
    pub keys: Keys,
}

/// Checks signatures, and remembers the keys of each version of the registry.
pub struct Notary<'a> {
    reader: &'a HistoryReader,
    trees: Trees<'a>,
    source: KeySource<'a>,
    policies: FxHashMap<Option<ObjectId>, Rc<Policy>>,
}

impl<'a> Notary<'a> {
    /// Starts with nothing read.
    pub fn new(reader: &'a HistoryReader, source: KeySource<'a>) -> Self {
        Self { reader, trees: Trees::new(reader, &[]), source, policies: FxHashMap::default() }
    }

    /// Checks the signature of a commit. `before` is the landing before the one that brought it; `when` is the second at
    /// which it landed.
    pub fn commit(&mut self, commit: ObjectId, before: Option<ObjectId>, when: i64) -> Signature {
        let Ok(raw) = self.reader.commit_bytes(commit) else {
            return Signature::Unverifiable(Why::CommitMissing);
        };
        let signed = Signed::commit(&raw, commit.as_bytes().len());
        let author = Commit::parse(&raw).map(|commit| commit.author.email).unwrap_or_default();
        self.check(&signed, &author, before, when)
    }

    /// Checks the signature of a tag that names a landing.
    pub fn tag(
        &mut self,
        tag: ObjectId,
        tagger: &str,
        before: Option<ObjectId>,
        when: i64,
    ) -> Signature {
        match self.reader.tag_bytes(tag) {
            Ok(raw) => self.check(&Signed::tag(&raw), tagger, before, when),
            Err(_) => Signature::Unverifiable(Why::CommitMissing),
        }
    }

    /// Checks the signature of what `author` is said to have made, with the keys that counted at the commit `before`.
    pub fn check(
        &mut self,
        signed: &Signed,
        author: &str,
        before: Option<ObjectId>,
        when: i64,
    ) -> Signature {
        if signed.signature.is_none() {
            return Signature::Absent;
        }
        let Ok(policy) = self.policy(before) else {
            return Signature::Unverifiable(Why::KeysMissing);
        };
        let signature = signed.signature.as_deref();
        verify(&signed.payload, signature, author, GIT, &policy.keys, when)
    }

    /// Reads who was known at a commit; before the first one nobody was.
    pub fn policy(&mut self, at: Option<ObjectId>) -> Result<Rc<Policy>, Lack> {
        let blob = self.registry_at(at)?;
        if let Some(policy) = self.policies.get(&blob) {
            return Ok(Rc::clone(policy));
        }
        let bytes = blob.map(|blob| self.reader.blob_start(blob, usize::MAX)).transpose()?;
        let read = |bytes: &[u8]| people_toml::read(self.source.registry, bytes).0;
        let people = bytes.map(|start| read(&start.bytes)).unwrap_or_default();
        let keys = match self.source.signers {
            Some(signers) => Keys::external(signers, &people),
            None => Keys::of_registry(&people),
        };
        let policy = Rc::new(Policy { people, keys });
        self.policies.insert(blob, Rc::clone(&policy));
        Ok(policy)
    }

    fn registry_at(&mut self, commit: Option<ObjectId>) -> Result<Option<ObjectId>, Lack> {
        commit.map_or(Ok(None), |commit| self.file_at(commit, self.source.registry))
    }

    /// Finds a file of a commit.
    pub fn file_at(&mut self, commit: ObjectId, path: &RepoPath) -> Result<Option<ObjectId>, Lack> {
        let tree = self.reader.links(commit)?.tree;
        self.trees.find(tree, path)
    }
}
