//! The files that pages show or offer: which there are, and by their bytes whether they are what they seem: a picture
//! must be a picture, and content must be here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contacts::Contacts;
use super::gather::Part;
use super::{Asset, Outgoing, Target, links, route, svg};
use crate::rules::{Rule, source as rules};
use crate::source::{File, RepoPath, Snapshot};

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

/// Lists what the pages of a pack lead to and what the pack offers of its own, by path, each with an address that no
/// page, no other file and nothing of the site itself has.
pub fn shelf(
    part: &Part,
    outgoing: &[Arc<Outgoing>],
    at: usize,
    snapshot: &Snapshot,
) -> Vec<Asset> {
    let linked = outgoing.iter().flat_map(|one| &one.targets).filter_map(|target| match target {
        Target::Asset(path) => snapshot.file(path.as_str()),
        _ => None,
    });
    let offered = part.offered.iter().filter(|file| links::is_offered(&file.path));
    let files: BTreeMap<&RepoPath, &File> =
        linked.chain(offered).map(|file| (&file.path, file)).collect();
    let asset = |file: &File| {
        let inside = file.path.strip(&part.pack.folder).map(route::of_file);
        let outside = || format!("_files/{}", route::of_file(file.path.as_str()));
        Asset { file: file.clone(), pack: at, route: inside.unwrap_or_else(outside) }
    };
    let mut assets: Vec<Asset> = files.into_values().map(asset).collect();
    settle(&mut assets, part);
    assets
}

/// Moves files out of the way of pages, of each other and of what the site writes itself.
fn settle(assets: &mut [Asset], part: &Part) {
    if assets.is_empty() {
        return;
    }
    let mut taken = route::Taken::default();
    for artifact in &part.artifacts {
        taken.take(&artifact.route, &artifact.path);
    }
    for asset in assets {
        let is_badge = asset.route.to_lowercase().starts_with("badges/");
        let is_list = asset.file.path.name().eq_ignore_ascii_case("readymark-manifest.json");
        if is_badge || is_list || taken.take(&asset.route, &asset.file.path).is_some() {
            asset.route = route::file_apart(&asset.file.path);
        }
    }
}
