//! Objects that a pack holds as changes to another one. All of the result can be made, or only its start: then only the
//! start of the base is needed.

/// The changes that make one object from another.
pub(super) struct Delta<'a> {
    /// Bytes of the result.
    pub(super) len: usize,
    steps: &'a [u8],
}

/// One step of the changes.
enum Step<'a> {
    /// Takes bytes of the base.
    Copy { start: usize, len: usize },
    /// Takes new bytes.
    Insert(&'a [u8]),
}

impl<'a> Delta<'a> {
    /// Reads the lengths of the base and of the result.
    pub(super) fn parse(mut raw: &'a [u8]) -> Option<Self> {
        let _base = length(&mut raw)?;
        Some(Self { len: length(&mut raw)?, steps: raw })
    }

    /// Tells how much of the start of the base makes the first `most` bytes.
    pub(super) fn base_start(&self, most: usize) -> Option<usize> {
        let (mut steps, mut made, mut needed) = (self.steps, 0, 0);
        while made < most.min(self.len) {
            match step(&mut steps)? {
                Step::Copy { start, len } => {
                    needed = needed.max(start.saturating_add(len.min(most - made)));
                    made += len;
                }
                Step::Insert(bytes) => made += bytes.len(),
            }
        }
        Some(needed)
    }

    /// Makes the first `most` bytes, or all; nothing when the changes do not fit the base.
    pub(super) fn apply(&self, base: &[u8], most: usize) -> Option<Vec<u8>> {
        let wanted = most.min(self.len);
        let mut made = Vec::with_capacity(wanted);
        let mut steps = self.steps;
        while made.len() < wanted {
            let left = wanted - made.len();
            match step(&mut steps)? {
                Step::Copy { start, len } => {
                    made.extend_from_slice(base.get(start..start.checked_add(len.min(left))?)?);
                }
                Step::Insert(bytes) => made.extend_from_slice(&bytes[..bytes.len().min(left)]),
            }
        }
        Some(made)
    }
}

/// Reads a number of seven bits a byte, the lowest first.
pub(super) fn length(raw: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = raw.split_first()?;
        *raw = rest;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn step<'a>(steps: &mut &'a [u8]) -> Option<Step<'a>> {
    let (code, rest) = steps.split_first()?;
    *steps = rest;
    if code & 0x80 != 0 {
        let start = sparse(steps, code & 0x0f)?;
        let len = sparse(steps, code >> 4 & 0x07)?;
        return Some(Step::Copy { start, len: if len == 0 { 0x1_0000 } else { len } });
    }
    let bytes = steps.get(..usize::from(*code)).filter(|bytes| !bytes.is_empty())?;
    *steps = &steps[bytes.len()..];
    Some(Step::Insert(bytes))
}

/// Reads a number of which only the bytes that `present` names are written.
fn sparse(steps: &mut &[u8], present: u8) -> Option<usize> {
    let mut value = 0;
    for bit in (0..4).filter(|bit| present >> bit & 1 == 1) {
        let (byte, rest) = steps.split_first()?;
        *steps = rest;
        value |= usize::from(*byte) << (8 * bit);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::Delta;

    const BASE: &[u8] = b"status: draft\nowner: ana\n";

    /// Takes `status: `, puts `approved`, takes the rest: 25 bytes become 28.
    const CHANGES: &[u8] = b"\x19\x1c\x90\x08\x08approved\x91\x0d\x0c";

    fn made(raw: &[u8], base: &[u8], most: usize) -> Option<Vec<u8>> {
        Delta::parse(raw)?.apply(base, most)
    }

    #[test]
    fn the_whole_result_is_made_from_copies_and_new_bytes() {
        let delta = Delta::parse(CHANGES).unwrap();
        assert_eq!(delta.len, 28);
        let whole = made(CHANGES, BASE, usize::MAX).unwrap();
        assert_eq!(whole, b"status: approved\nowner: ana\n");
    }

    #[test]
    fn a_start_needs_only_the_start_of_the_base() {
        let delta = Delta::parse(CHANGES).unwrap();
        for (most, needed, start) in [
            (0, 0, &b""[..]),
            (3, 3, b"sta"),
            (8, 8, b"status: "),
            (12, 8, b"status: appr"),
            (16, 8, b"status: approved"),
            (18, 15, b"status: approved\no"),
        ] {
            assert_eq!(delta.base_start(most), Some(needed), "{most}");
            assert_eq!(made(CHANGES, &BASE[..needed], most).unwrap(), start, "{most}");
        }
    }

    #[test]
    fn changes_that_do_not_fit_make_nothing() {
        for (why, raw) in [
            ("no lengths", &b""[..]),
            ("an endless length", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            ("too few steps", b"\x19\x1c\x90\x08"),
            ("an empty step", b"\x19\x1c\x00"),
            ("bytes behind the end of the base", b"\x19\x1c\x91\x18\x1c"),
            ("a step that is cut", b"\x19\x1c\x91"),
            ("new bytes that are cut", b"\x19\x1c\x08appr"),
        ] {
            assert_eq!(made(raw, BASE, usize::MAX), None, "{why}");
        }
    }
}
