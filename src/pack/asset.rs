//! Judges files that a page shows or offers by their bytes: a picture must be a picture, and content must be here.

use super::contacts::Contacts;
use super::{Packs, Target, svg};
use crate::rules::{Rule, source as rules};
use crate::source::RepoPath;

/// Pictures that a browser decodes, by extension.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico"];

/// What the files of pictures begin with, and where.
const SIGNATURES: &[(usize, &[u8])] = &[
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"\xff\xd8\xff"),
    (0, b"GIF87a"),
    (0, b"GIF89a"),
    (8, b"WEBP"),
    (4, b"ftyp"),
    (0, b"BM"),
    (0, b"\0\0\x01\0"),
];

/// What keeps a file from the site.
pub type Fault = (&'static Rule, String);

/// Returns what keeps a file from the site, if anything does.
pub fn fault(path: &RepoPath, bytes: &[u8], contacts: &Contacts) -> Option<Fault> {
    let is = |extension: &&str| path.extension().eq_ignore_ascii_case(extension);
    if crate::git::is_lfs_pointer(bytes) {
        let message = "the content of this file is kept by Git LFS and is not here";
        return Some((&rules::LFS_POINTER, message.to_owned()));
    }
    if let Some(fault) = Some(bytes).filter(|_| is(&"svg")).and_then(svg::fault) {
        return Some((&rules::UNSAFE_SVG, format!("the picture {fault}")));
    }
    let begins = |(at, magic): &(usize, &[u8])| {
        bytes.get(*at..).is_some_and(|bytes| bytes.starts_with(magic))
    };
    if PICTURES.iter().any(is) && !SIGNATURES.iter().any(begins) {
        let message = format!("the bytes are no picture, whatever `.{}` says", path.extension());
        return Some((&rules::NOT_A_PICTURE, message));
    }
    let is_text = |bytes| std::str::from_utf8(bytes).is_ok_and(|text| contacts.are_in(text));
    if contacts.are_in(path.as_str()) || is_text(bytes) {
        let message = "the file or its name holds addresses or telephone numbers";
        return Some((&rules::CONTACT, message.to_owned()));
    }
    None
}

/// Leaves assets out of the site; links to them lead nowhere then. `kept` is aligned with `packs.assets`.
pub fn keep(packs: &mut Packs, kept: &[bool]) {
    let mut next = 0;
    let places: Vec<Option<usize>> = kept
        .iter()
        .map(|kept| {
            next += usize::from(*kept);
            kept.then(|| next - 1)
        })
        .collect();
    let mut kept = kept.iter();
    packs.assets.retain(|_| kept.next().copied().unwrap_or(true));
    for target in packs.targets.iter_mut().flatten() {
        if let Target::Asset(at) = target {
            *target = places.get(*at).copied().flatten().map_or(Target::Outside, Target::Asset);
        }
    }
}
