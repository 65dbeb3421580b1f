//! Keeps what was used lately, in two generations: what is not asked for while one fills is dropped with the other.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Values up to about so many bytes.
pub(super) struct Kept<K, V> {
    young: FxHashMap<K, (V, usize)>,
    old: FxHashMap<K, (V, usize)>,
    bytes: usize,
    most: usize,
}

/// What an entry takes beside its bytes.
const ENTRY: usize = 64;

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), bytes: 0, most }
    }

    pub(super) fn get(&mut self, key: &K) -> Option<V> {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, bytes)) = self.old.remove_entry(key)?;
        self.put(key, value.clone(), bytes);
        Some(value)
    }

    pub(super) fn put(&mut self, key: K, value: V, bytes: usize) {
        if self.bytes > self.most / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes + ENTRY;
        self.young.insert(key, (value, bytes));
    }
}
