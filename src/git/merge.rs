//! What Git makes of two texts that come from one.

use git2::{MergeFileInput, merge_file};

/// Joins two texts as Git does in a merge; nothing where they conflict.
pub fn join(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Box<[u8]>> {
    let input = |text| {
        let mut input = MergeFileInput::new();
        input.content(text);
        input
    };
    let joined = merge_file(&input(base), &input(ours), &input(theirs), None).ok()?;
    joined.is_automergeable().then(|| Box::from(joined.content()))
}
