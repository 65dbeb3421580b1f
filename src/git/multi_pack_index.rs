//! Checks that an index over several packs leads into these packs, as [`super::pack_index`] does for one.

use std::path::Path;

use super::pack_index::number;
use crate::Failure;

/// Bytes before the table of chunks.
const HEADER: usize = 12;

/// Checks the index over all packs in the `pack` folder of `objects`, when there is one.
#[expect(clippy::disallowed_methods, reason = "reading lives in this folder")]
pub(super) fn check(objects: &Path, id_len: u64) -> Result<(), Failure> {
    let folder = objects.join("pack");
    let Ok(bytes) = std::fs::read(folder.join("multi-pack-index")) else { return Ok(()) };
    let end_of = |name: &str| {
        let pack = std::fs::metadata(folder.join(Path::new(name).with_extension("pack")));
        pack.map_or(u64::MAX, |facts| facts.len().saturating_sub(id_len))
    };
    match leads_inside(&bytes, end_of) {
        Some(true) => Ok(()),
        _ => Err(Failure::new("the index over several packs (multi-pack-index) is damaged")
            .help("write it again: git multi-pack-index write")),
    }
}

/// Tells whether each object lies before the end of its pack; nothing when the index makes no sense.
fn leads_inside(bytes: &[u8], end_of: impl Fn(&str) -> u64) -> Option<bool> {
    let packs = usize::try_from(number(bytes.get(8..HEADER)?)).ok()?;
    let names = std::str::from_utf8(chunk(bytes, b"PNAM")?).ok()?;
    let ends: Vec<u64> = names.split('\0').take(packs).map(end_of).collect();
    let large = chunk(bytes, b"LOFF").unwrap_or_default();
    Some(chunk(bytes, b"OOFF")?.chunks_exact(8).all(|place| {
        let end = usize::try_from(number(&place[..4])).ok().and_then(|pack| ends.get(pack));
        let at = match number(&place[4..]) {
            large_at if large_at >> 31 == 1 && !large.is_empty() => {
                let at = (large_at & 0x7fff_ffff) as usize * 8;
                large.get(at..at + 8).map(long)
            }
            at => Some(u64::from(at)),
        };
        end.zip(at).is_some_and(|(end, at)| at < *end)
    }))
}

/// Finds a chunk by its name.
fn chunk<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let count = usize::from(*bytes.get(6)?);
    let table = bytes.get(HEADER..HEADER + 12 * (count + 1))?;
    let row = table.chunks_exact(12).take(count).position(|row| row.starts_with(name))?;
    let offset = |row: usize| usize::try_from(long(&table[row * 12 + 4..row * 12 + 12])).ok();
    bytes.get(offset(row)?..offset(row + 1)?)
}

fn long(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
