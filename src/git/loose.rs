//! Reads loose objects. libgit2 waits for ever on some that are damaged, so it is never let near them.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::ZlibDecoder;
use git2::{ObjectFormat, ObjectType, Oid};
use rayon::prelude::*;

use super::object::{Lack, from_hex, id};
use crate::source::ObjectId;

/// How far repositories may borrow objects from each other; libgit2 goes as far.
const DEEPEST: usize = 5;

/// The longest header: a kind and a length.
const LONGEST_HEADER: u64 = 32;

/// Most objects are smaller than this.
const PIECE: usize = 4096;

/// Returns the folder `objects` and those that it borrows from.
pub(super) fn folders(objects: &Path) -> Vec<PathBuf> {
    let mut found = vec![objects.to_path_buf()];
    let mut newest = 0..1;
    for _ in 0..DEEPEST {
        let borrowed: Vec<PathBuf> =
            found[newest.clone()].iter().flat_map(|folder| alternates(folder)).collect();
        found.extend(borrowed);
        newest = newest.end..found.len();
    }
    found.dedup();
    found
}

#[expect(clippy::disallowed_methods, reason = "reading lives in this folder")]
fn alternates(objects: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(objects.join("info/alternates")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let path = |line: &str| if line.starts_with('.') { objects.join(line) } else { line.into() };
    lines.take(64).map(path).collect()
}

/// The loose objects of a repository.
#[derive(Debug)]
pub(super) struct Loose {
    stores: Vec<Store>,
    format: ObjectFormat,
}

/// A folder of objects, and which first bytes of ids have a folder in it: a fresh clone has none.
#[derive(Debug)]
struct Store {
    folder: PathBuf,
    starts: [bool; 256],
}

impl Loose {
    /// Looks at the folders of objects, not at the objects.
    pub(super) fn new(folders: &[PathBuf], format: ObjectFormat) -> Self {
        Self { stores: folders.iter().map(|folder| Store::new(folder)).collect(), format }
    }

    /// Reads an object, wholly checked; nothing when it is not a loose one.
    pub(super) fn read(&self, id: ObjectId) -> Option<Result<(ObjectType, Vec<u8>), Lack>> {
        let found = self.stores.iter().find_map(|store| store.open(id))?;
        Some(found.and_then(|file| inflate(file, id, self.format)).map_err(Lack::Broken))
    }

    /// Returns a folder from which objects are borrowed and which is not there.
    pub(super) fn lost(&self) -> Option<&Path> {
        self.stores.iter().map(|store| store.folder.as_path()).find(|folder| !folder.is_dir())
    }

    /// Reads all objects to see that they are sound: before libgit2 looks for itself.
    pub(super) fn check_all(&self) -> Result<(), (ObjectId, Lack)> {
        let all: Vec<ObjectId> = self.stores.iter().flat_map(Store::ids).collect();
        all.into_par_iter().try_for_each(|id| match self.read(id) {
            Some(Err(lack)) => Err((id, lack)),
            _ => Ok(()),
        })
    }
}

impl Store {
    fn new(folder: &Path) -> Self {
        let mut starts = [false; 256];
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let start = name.to_str().and_then(|name| u8::from_str_radix(name, 16).ok());
            if let Some(start) = start.filter(|_| name.len() == 2) {
                starts[usize::from(start)] = true;
            }
        }
        Self { folder: folder.to_path_buf(), starts }
    }

    fn open(&self, id: ObjectId) -> Option<Result<File, String>> {
        if !self.starts[usize::from(id.as_bytes()[0])] {
            return None;
        }
        let digits = id.to_string();
        let path = self.folder.join(&digits[..2]).join(&digits[2..]);
        // Looked at first: opening a pipe would wait for a writer.
        match path.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Ok(facts) if !facts.is_file() => Some(Err("it is not a file".to_owned())),
            facts => {
                let opened = facts.and_then(|_| File::open(&path));
                Some(opened.map_err(|error| format!("it cannot be read: {error}")))
            }
        }
    }

    fn ids(&self) -> Vec<ObjectId> {
        let starts = (0..=255_u8).filter(|start| self.starts[usize::from(*start)]);
        let of = |start: u8| {
            let folder = std::fs::read_dir(self.folder.join(format!("{start:02x}")));
            let names = folder.into_iter().flatten().flatten().map(|entry| entry.file_name());
            names.filter_map(move |name| {
                from_hex(format!("{start:02x}{}", name.to_str()?).as_bytes())
            })
        };
        starts.flat_map(of).collect()
    }
}

/// Unpacks an object: header, length and id must be right.
fn inflate(
    file: File,
    expected: ObjectId,
    format: ObjectFormat,
) -> Result<(ObjectType, Vec<u8>), String> {
    let not_unpacked = |_| "it cannot be unpacked".to_owned();
    let mut unpacked = ZlibDecoder::new(BufReader::with_capacity(PIECE, file));
    let mut bytes = Vec::with_capacity(PIECE);
    let mut first = unpacked.by_ref().take(LONGEST_HEADER);
    first.read_to_end(&mut bytes).map_err(not_unpacked)?;
    let (kind, len, body) = header(&bytes).ok_or("its first bytes make no sense")?;
    bytes.drain(..body);
    let rest = len.saturating_sub(bytes.len() as u64).saturating_add(1);
    unpacked.take(rest).read_to_end(&mut bytes).map_err(not_unpacked)?;
    if bytes.len() as u64 != len {
        return Err("its length is not what it says".to_owned());
    }
    match Oid::hash_object_ext(kind, &bytes, format) {
        Ok(oid) if id(oid) == expected => Ok((kind, bytes)),
        _ => Err("its content does not match its id".to_owned()),
    }
}

/// Reads `blob 12` and a NUL; returns where the body starts.
fn header(bytes: &[u8]) -> Option<(ObjectType, u64, usize)> {
    let nul = memchr::memchr(0, bytes)?;
    let (kind, len) = std::str::from_utf8(&bytes[..nul]).ok()?.split_once(' ')?;
    let is_number = len.bytes().all(|digit| digit.is_ascii_digit());
    let kind = match kind {
        "commit" => ObjectType::Commit,
        "tree" => ObjectType::Tree,
        "blob" => ObjectType::Blob,
        "tag" => ObjectType::Tag,
        _ => return None,
    };
    Some((kind, len.parse().ok().filter(|_| is_number)?, nul + 1))
}
