//! Checks that the indexes of packs lead into their packs: libgit2 follows an offset behind the end of a pack and the
//! process dies. Anything else that is damaged is found when an object is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::Failure;

/// Bytes before the ids of a version 2 index: signature, version and 256 counts.
const HEADER: usize = 8 + 4 * 256;

/// Checks every index in the `pack` folder of `objects`.
pub(super) fn check_all(objects: &Path, id_len: u64) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(objects.join("pack")) else { return Ok(()) };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_some_and(|extension| extension == "idx")
            && leads_outside(&path, id_len).unwrap_or(false)
        {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(Failure::new(format!("the pack index {name} is damaged"))
                .help("look with: git fsck; mend with: git index-pack <the pack>"));
        }
    }
    Ok(())
}

/// Tells whether an offset lies behind the pack's end; an index that cannot be read is left to libgit2, which refuses it.
fn leads_outside(index: &Path, id_len: u64) -> std::io::Result<bool> {
    let end = std::fs::metadata(index.with_extension("pack"))?.len().saturating_sub(id_len);
    let mut file = File::open(index)?;
    let len = file.metadata()?.len();
    let mut header = [0; HEADER];
    file.read_exact(&mut header)?;
    if !header.starts_with(b"\xfftOc\0\0\0\x02") {
        return Ok(true);
    }
    let header_len = header.len() as u64;
    let objects = u64::from(number(&header[header.len() - 4..]));
    let large = header_len + objects * (id_len + 8);
    if len < large + 2 * id_len {
        return Ok(true);
    }
    file.seek(SeekFrom::Start(header_len + objects * (id_len + 4)))?;
    let mut offsets =
        vec![0; usize::try_from(len - id_len * 2 - (large - objects * 4)).unwrap_or(0)];
    file.read_exact(&mut offsets)?;
    let (small, large) = offsets.split_at(usize::try_from(objects * 4).unwrap_or(0));
    Ok(small.chunks_exact(4).any(|offset| match number(offset) {
        small if small >> 31 == 0 => u64::from(small) >= end,
        place => {
            let at = (place & 0x7fff_ffff) as usize * 8;
            let bytes = large.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.is_none_or(|bytes| u64::from_be_bytes(bytes) >= end)
        }
    }))
}

pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
