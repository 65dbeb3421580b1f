//! Where the objects of a pack are, from its version 2 index.

use std::path::Path;

use crate::source::ObjectId;

/// The largest index that is held in memory; the objects of a larger pack are left to libgit2.
const LARGEST: u64 = 64 << 20;

const SIGNATURE: &[u8] = b"\xfftOc\0\0\0\x02";
const FANOUT: usize = SIGNATURE.len();
const IDS: usize = FANOUT + 4 * 256;

/// The index of one pack.
pub(super) struct Index {
    raw: Vec<u8>,
    id_len: usize,
    count: usize,
}

impl Index {
    /// Reads an index; nothing when it is too large or makes no sense.
    #[expect(clippy::disallowed_methods, reason = "reading lives in this folder")]
    pub(super) fn read(path: &Path, id_len: usize) -> Option<Self> {
        if std::fs::metadata(path).ok()?.len() > LARGEST {
            return None;
        }
        Self::parse(std::fs::read(path).ok()?, id_len)
    }

    fn parse(raw: Vec<u8>, id_len: usize) -> Option<Self> {
        let count = raw.starts_with(SIGNATURE).then(|| number(&raw, IDS - 4))??;
        (raw.len() >= IDS + count * (id_len + 8)).then_some(Self { raw, id_len, count })
    }

    /// Finds the offset of an object in its pack.
    pub(super) fn offset(&self, id: ObjectId) -> Option<u64> {
        let id = id.as_bytes();
        let first = usize::from(*id.first()?);
        let start = if first == 0 { 0 } else { number(&self.raw, FANOUT + 4 * (first - 1))? };
        let (mut low, mut high) = (start, number(&self.raw, FANOUT + 4 * first)?);
        while low < high {
            let middle = low.midpoint(high);
            let at = IDS + middle * self.id_len;
            match self.raw.get(at..at + self.id_len)?.cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.offset_at(middle),
            }
        }
        None
    }

    /// Small offsets stand in one table; a set highest bit leads into the table of large ones.
    fn offset_at(&self, place: usize) -> Option<u64> {
        let small = IDS + self.count * (self.id_len + 4);
        let offset = number(&self.raw, small + 4 * place)?;
        if offset >> 31 == 0 {
            return u64::try_from(offset).ok();
        }
        let at = small + 4 * self.count + 8 * (offset & 0x7fff_ffff);
        Some(u64::from_be_bytes(self.raw.get(at..at + 8)?.try_into().ok()?))
    }
}

fn number(raw: &[u8], at: usize) -> Option<usize> {
    let bytes = raw.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}
