//! Bytes of pack files, read in pieces that are kept for a while, and what inflates them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use zlib_rs::{Inflate, InflateFlush, Status};

use super::kept::Kept;

/// Bytes of one piece: objects are small, and those beside each other are seldom asked for together.
const PIECE: usize = 8 << 10;

/// Bytes of pieces that are kept.
const KEPT: usize = 8 << 20;

const WINDOW_BITS: u8 = 15;

/// A pack by its number, and an offset in it.
pub(super) type Place = (usize, u64);

/// The open pack files.
pub(super) struct Data {
    files: Vec<File>,
    pieces: Kept<Place, Rc<[u8]>>,
    inflate: Inflate,
    buffer: Vec<u8>,
}

impl Data {
    pub(super) fn new(files: Vec<File>) -> Self {
        let inflate = Inflate::new(true, WINDOW_BITS);
        Self { files, pieces: Kept::new(KEPT), inflate, buffer: vec![0; PIECE] }
    }

    /// Reads bytes, as many as there are up to the length of `into`.
    pub(super) fn read(&mut self, (pack, mut at): Place, into: &mut [u8]) -> Option<usize> {
        let mut done = 0;
        while done < into.len() {
            let piece = self.piece(pack, at)?;
            let rest = after(&piece, at);
            let len = rest.len().min(into.len() - done);
            if len == 0 {
                break;
            }
            into[done..done + len].copy_from_slice(&rest[..len]);
            done += len;
            at += len as u64;
        }
        Some(done)
    }

    /// Appends all of an object's bytes, which must be `len`; the checksum must be right.
    pub(super) fn inflate(&mut self, place: Place, len: usize, onto: &mut Vec<u8>) -> Option<()> {
        let (start, end) = (onto.len(), onto.len().checked_add(len)?);
        // Room for one byte too many shows a stream that is longer than it should be.
        onto.resize(end + 1, 0);
        let (done, ended) = self.inflate_into(place, &mut onto[start..], InflateFlush::Finish)?;
        onto.truncate(end);
        (ended && done == len).then_some(())
    }

    /// Appends the first `len` bytes.
    pub(super) fn inflate_start(
        &mut self,
        place: Place,
        len: usize,
        onto: &mut Vec<u8>,
    ) -> Option<()> {
        let start = onto.len();
        onto.resize(start + len, 0);
        let (done, _) = self.inflate_into(place, &mut onto[start..], InflateFlush::NoFlush)?;
        (done == len).then_some(())
    }

    /// Fills `made`; also tells whether the stream ended.
    fn inflate_into(
        &mut self,
        (pack, mut at): Place,
        made: &mut [u8],
        flush: InflateFlush,
    ) -> Option<(usize, bool)> {
        self.inflate.reset(true);
        let mut done = 0;
        while done < made.len() {
            let piece = self.piece(pack, at)?;
            let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
            let status =
                self.inflate.decompress(after(&piece, at), &mut made[done..], flush).ok()?;
            let taken = self.inflate.total_in() - taken;
            let given = self.inflate.total_out() - given;
            done += usize::try_from(given).ok()?;
            at += taken;
            if status == Status::StreamEnd {
                return Some((done, true));
            }
            if taken == 0 && given == 0 {
                return None;
            }
        }
        Some((done, false))
    }

    /// Returns the piece that holds an offset; an empty one behind the end of the file.
    fn piece(&mut self, pack: usize, at: u64) -> Option<Rc<[u8]>> {
        let start = at - at % PIECE as u64;
        if let Some(piece) = self.pieces.get(&(pack, start)) {
            return Some(piece);
        }
        let mut file = self.files.get(pack)?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let read = fill(file, &mut self.buffer).ok()?;
        let piece: Rc<[u8]> = Rc::from(&self.buffer[..read]);
        self.pieces.put((pack, start), Rc::clone(&piece), piece.len());
        Some(piece)
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read(&mut buffer[done..]) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Returns the bytes of a piece from an offset of the file on.
fn after(piece: &[u8], at: u64) -> &[u8] {
    usize::try_from(at % PIECE as u64).ok().and_then(|at| piece.get(at..)).unwrap_or_default()
}
