//! Reads the objects that history asks for: many, most of them in packs, of most only the start.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::path::PathBuf;
use std::rc::Rc;

use super::commit::{Commit, Links};
use super::object::{Lack, Reader};
use super::packs::{Kind, Packs};
use crate::source::ObjectId;

/// Reads commits, trees and the starts of files for one thread.
pub struct HistoryReader {
    reader: Reader,
    packs: RefCell<Packs>,
}

/// Bytes of a file from its start on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The bytes.
    pub bytes: Rc<Vec<u8>>,
    /// Whether these are all.
    pub whole: bool,
}

impl HistoryReader {
    /// Adds the packs in folders of objects to what a reader finds.
    pub(super) fn new(reader: Reader, stores: &[PathBuf], id_len: usize) -> Self {
        Self { reader, packs: RefCell::new(Packs::open(stores, id_len)) }
    }

    /// Reads and parses a commit.
    pub fn commit(&self, id: ObjectId) -> Result<Commit, Lack> {
        let packed = self.packed(id, Kind::Commit, usize::MAX);
        let commit = packed.and_then(|start| Commit::parse(&start.bytes));
        commit.map_or_else(|| self.reader.commit(id), Ok)
    }

    /// Reads the raw bytes of a commit.
    pub fn commit_bytes(&self, id: ObjectId) -> Result<Rc<Vec<u8>>, Lack> {
        match self.packed(id, Kind::Commit, usize::MAX) {
            Some(start) => Ok(start.bytes),
            None => self.reader.commit_with(id, |bytes| Rc::new(bytes.to_vec())),
        }
    }

    /// Reads the raw bytes of a tag.
    pub fn tag_bytes(&self, id: ObjectId) -> Result<Rc<Vec<u8>>, Lack> {
        self.reader.tag_with(id, |bytes| Rc::new(bytes.to_vec()))
    }

    /// Reads the tree and the parents of a commit.
    pub fn links(&self, id: ObjectId) -> Result<Links, Lack> {
        let packed = self.packed(id, Kind::Commit, usize::MAX);
        let links = packed.and_then(|start| Links::parse(&start.bytes));
        links.map_or_else(|| self.reader.links(id), Ok)
    }

    /// Reads the raw bytes of a tree, for [`super::entries`].
    pub fn tree(&self, id: ObjectId) -> Result<Rc<Vec<u8>>, Lack> {
        match self.packed(id, Kind::Tree, usize::MAX) {
            Some(start) => Ok(start.bytes),
            None => self.reader.tree_with(id, |bytes| Rc::new(bytes.to_vec())),
        }
    }

    /// Reads a file, at least its first `most` bytes.
    pub fn blob_start(&self, id: ObjectId, most: usize) -> Result<Start, Lack> {
        let packed = self.packed(id, Kind::Blob, most).map(Ok);
        packed.unwrap_or_else(|| {
            let bytes = self.reader.blob_with(id, |bytes| Rc::new(bytes.to_vec()))?;
            Ok(Start { bytes, whole: true })
        })
    }

    /// Sorts files so that those made from others come before them: the others are then made on the way and kept.
    pub fn sort_for_reading(&self, blobs: &mut [ObjectId]) {
        let packs = self.packs.borrow();
        blobs.sort_by_cached_key(|blob| Reverse(packs.place(*blob)));
    }

    /// Drops what was kept of objects; they can still be read.
    pub fn forget(&self) {
        self.packs.borrow_mut().forget();
    }

    fn packed(&self, id: ObjectId, kind: Kind, most: usize) -> Option<Start> {
        let object = self.packs.borrow_mut().read(id, most)?;
        (object.kind == kind).then_some(Start { bytes: object.bytes, whole: object.whole })
    }
}
