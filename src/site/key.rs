//! Page keys: a hash over what a page shows. Nothing is hashed that the page does not show.

use std::hash::Hasher;

/// A page's key: equal keys mean equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u128);

/// Feeds BLAKE3 through the standard hashing traits, so that plain values hash themselves.
#[derive(Default)]
pub(super) struct Digest(blake3::Hasher);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        u64::from_le_bytes(first(self.0.finalize().as_bytes()))
    }
}

impl Digest {
    /// Returns the first sixteen bytes of the hash.
    pub(super) fn key(&self) -> Key {
        Key(u128::from_le_bytes(first(self.0.finalize().as_bytes())))
    }
}

/// Copies the first bytes of a hash, which is longer than any `N` used here.
fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|at| bytes[at])
}
