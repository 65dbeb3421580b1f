//! Reads objects out of packs for the history, where libgit2 takes several times as long: bases are shared with what is
//! handed out, and of a file only the start is made. Whatever is not understood here is left to libgit2, which also says
//! what is wrong with it.

mod data;
mod delta;
mod index;
mod kept;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use data::{Data, Place};
use delta::{Delta, length};
use index::Index;
use kept::Kept;

use crate::source::ObjectId;

/// Bytes of small objects that are kept, and of large ones: the bases of others, and what the next commit shares. They
/// are kept apart, since the tree of a large folder pushes many small ones out.
const KEPT_SMALL: usize = 24 << 20;
const KEPT_LARGE: usize = 16 << 20;

/// The largest object that is a small one.
const SMALL: usize = 4 << 10;

/// The largest object that is read.
const LARGEST: usize = 64 << 20;

/// The largest object that is kept.
const LARGEST_KEPT: usize = 1 << 20;

/// The longest chain of changes; Git writes at most this many.
const LONGEST_CHAIN: usize = 4095;

/// As much as this is made of the start of a base, or all of it, so that what is kept serves the next reader too.
const START: usize = 1024;

/// Room for the two lengths and one step of changes.
const MOST_OF_A_STEP: usize = 160;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A commit.
    Commit,
    /// A tree.
    Tree,
    /// A file.
    Blob,
}

/// An object, or as much of its start as was asked for.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) bytes: Rc<Vec<u8>>,
    /// Whether these are all bytes.
    pub(super) whole: bool,
}

impl Object {
    fn new(kind: Kind, bytes: Vec<u8>, whole: bool) -> Self {
        Self { kind, bytes: Rc::new(bytes), whole }
    }
}

/// The packs of a repository, open for one thread.
pub(super) struct Packs {
    indexes: Vec<Index>,
    data: Data,
    small: Kept<Place, Object>,
    large: Kept<Place, Object>,
    scratch: Vec<u8>,
    id_len: usize,
}

/// The start of an entry of a pack.
struct Entry {
    base: Base,
    /// Inflated bytes.
    len: usize,
    /// Where the deflated ones begin.
    data: Place,
}

/// What an entry is made from.
enum Base {
    Nothing(Kind),
    At(Place),
}

impl Packs {
    /// Opens the packs in folders of objects.
    pub(super) fn open(stores: &[PathBuf], id_len: usize) -> Self {
        let found = stores.iter().flat_map(|folder| indexes(folder));
        let (indexes, files) = found
            .filter_map(|path| {
                Some((Index::read(&path, id_len)?, File::open(path.with_extension("pack")).ok()?))
            })
            .unzip();
        Self {
            indexes,
            data: Data::new(files),
            small: Kept::new(KEPT_SMALL),
            large: Kept::new(KEPT_LARGE),
            scratch: Vec::new(),
            id_len,
        }
    }

    /// Drops what is kept of objects.
    pub(super) fn forget(&mut self) {
        self.small = Kept::new(KEPT_SMALL);
        self.large = Kept::new(KEPT_LARGE);
    }

    /// Reads an object, at least its first `most` bytes; nothing when no pack holds it or it is not understood.
    pub(super) fn read(&mut self, id: ObjectId, most: usize) -> Option<Object> {
        let place = self.place(id)?;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let object = self.object(place, most, &mut scratch);
        self.scratch = scratch;
        object
    }

    /// Finds an object.
    pub(super) fn place(&self, id: ObjectId) -> Option<Place> {
        let find = |(pack, index): (usize, &Index)| Some((pack, index.offset(id)?));
        self.indexes.iter().enumerate().find_map(find)
    }

    /// Goes down to what is known or stands for itself, then applies the changes on the way up.
    fn object(&mut self, place: Place, most: usize, raw: &mut Vec<u8>) -> Option<Object> {
        let mut changes: Vec<(Place, usize, usize)> = Vec::new();
        let (mut place, mut most) = (place, most);
        let mut object = loop {
            if let Some(object) = self.known(place, most) {
                break object;
            }
            let entry = self.entry(place)?;
            match entry.base {
                Base::Nothing(kind) => {
                    let object = self.base(kind, &entry, most, raw)?;
                    self.keep(place, &object, changes.is_empty());
                    break object;
                }
                Base::At(base) => {
                    changes.push((place, most, raw.len()));
                    let needed = self.changes(&entry, most, raw)?;
                    (place, most) = (base, needed);
                }
            }
            if changes.len() > LONGEST_CHAIN || raw.len() > LARGEST {
                return None;
            }
        };
        while let Some((place, most, start)) = changes.pop() {
            let delta = Delta::parse(&raw[start..])?;
            let made = delta.apply(&object.bytes, most)?;
            let whole = made.len() == delta.len;
            object = Object::new(object.kind, made, whole);
            raw.truncate(start);
            self.keep(place, &object, changes.is_empty());
        }
        Some(object)
    }

    fn known(&mut self, place: Place, most: usize) -> Option<Object> {
        let object = self.small.get(&place).or_else(|| self.large.get(&place))?;
        (object.whole || object.bytes.len() >= most).then_some(object)
    }

    fn base(
        &mut self,
        kind: Kind,
        entry: &Entry,
        most: usize,
        raw: &mut Vec<u8>,
    ) -> Option<Object> {
        let start = raw.len();
        let whole = entry.len <= most;
        if whole {
            self.data.inflate(entry.data, entry.len, raw)?;
        } else {
            self.data.inflate_start(entry.data, most, raw)?;
        }
        let object = Object::new(kind, raw[start..].to_vec(), whole);
        raw.truncate(start);
        Some(object)
    }

    /// Appends the changes that make the first `most` bytes; tells how much of the base they need. The changes take
    /// hardly more bytes than they make.
    fn changes(&mut self, entry: &Entry, most: usize, raw: &mut Vec<u8>) -> Option<usize> {
        let start = raw.len();
        let enough = most.saturating_add(most / 8).saturating_add(MOST_OF_A_STEP);
        if enough < entry.len {
            self.data.inflate_start(entry.data, enough, raw)?;
            if let Some(needed) = Delta::parse(&raw[start..])?.base_start(most) {
                return Some(start_or_all(needed));
            }
            raw.truncate(start);
        }
        self.data.inflate(entry.data, entry.len, raw)?;
        let delta = Delta::parse(&raw[start..]).filter(|delta| delta.len <= LARGEST)?;
        Some(start_or_all(if most == usize::MAX { most } else { delta.base_start(most)? }))
    }

    /// Of what was asked for only trees are asked for again; all others are kept as bases.
    fn keep(&mut self, place: Place, object: &Object, asked_for: bool) {
        let len = object.bytes.len();
        if asked_for && object.kind != Kind::Tree {
            return;
        }
        if len <= SMALL {
            self.small.put(place, object.clone(), len);
        } else if len <= LARGEST_KEPT {
            self.large.put(place, object.clone(), len);
        }
    }

    /// Reads kind, length and base: three bits of kind, the length in sevens, then an offset back or an id.
    fn entry(&mut self, place: Place) -> Option<Entry> {
        let mut raw = [0; 64];
        let read = self.data.read(place, &mut raw)?;
        let mut rest = &raw[..read];
        let first = *rest.first()?;
        let mut len = usize::from(first & 0x0f);
        rest = &rest[1..];
        if first & 0x80 != 0 {
            len |= length(&mut rest)?.checked_mul(16)?;
        }
        let base = match first >> 4 & 0x07 {
            1 => Base::Nothing(Kind::Commit),
            2 => Base::Nothing(Kind::Tree),
            3 => Base::Nothing(Kind::Blob),
            6 => Base::At((place.0, place.1.checked_sub(back(&mut rest)?)?)),
            7 => {
                let id = ObjectId::new(rest.get(..self.id_len)?);
                rest = &rest[self.id_len..];
                Base::At((place.0, self.indexes[place.0].offset(id)?))
            }
            _ => return None,
        };
        let head = u64::try_from(read - rest.len()).ok()?;
        (len <= LARGEST).then_some(Entry { base, len, data: (place.0, place.1 + head) })
    }
}

fn start_or_all(needed: usize) -> usize {
    if needed <= START { START } else { usize::MAX }
}

/// Reads how far back the base lies: seven bits a byte, the highest first, each further byte adds one.
fn back(raw: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    loop {
        let (byte, rest) = raw.split_first()?;
        *raw = rest;
        value |= u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return (value > 0).then_some(value);
        }
        value = value.checked_add(1)?.checked_mul(128)?;
    }
}

/// Lists the indexes of packs, sorted.
fn indexes(objects: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(objects.join("pack")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx"))
        .collect();
    paths.sort();
    paths
}
