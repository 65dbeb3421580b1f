//! `readymark-manifest.json`: what a folder of ours holds. Each unit has one of its own, so that a unit and the proof that
//! it is ours arrive in the same instant. Holds no time and no path outside the site.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::source::ObjectId;

/// The name of the manifest in the root and in each unit.
pub(super) const NAME: &str = "readymark-manifest.json";

const SCHEMA: u32 = 2;

/// Folders of older programs are ours too; their digests are not ours to check.
const KNOWN: [u32; 2] = [1, SCHEMA];

/// The content of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    schema: u32,
    /// The program's version; in the root only, so that a new program does not touch units that stay the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    /// Where the folder lies below the root, `""` for the root itself.
    pub(super) folder: String,
    /// The digest of all lines below.
    pub(super) digest: String,
    /// The units below, by folder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) units: BTreeMap<String, String>,
    /// The files, by route inside the folder.
    pub(super) files: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) size: u64,
    /// Empty in what an older program wrote.
    #[serde(default)]
    pub(super) sha256: String,
}

impl Entry {
    /// Describes the bytes of a file.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let sha256 = ObjectId::new(&Sha256::digest(bytes)).to_string();
        Self { size: bytes.len() as u64, sha256 }
    }
}

impl Manifest {
    pub(super) fn new(
        folder: &str,
        units: BTreeMap<String, String>,
        files: BTreeMap<String, Entry>,
    ) -> Self {
        let tool = folder.is_empty().then(|| env!("CARGO_PKG_VERSION").to_owned());
        let digest = digest(&units, &files);
        Self { schema: SCHEMA, tool, folder: folder.to_owned(), digest, units, files }
    }

    /// Reads a manifest; nothing when it is not one of ours or belongs to another folder.
    pub(super) fn parse(bytes: &[u8], folder: &str) -> Option<Self> {
        Self::read(bytes).filter(|manifest| manifest.folder == folder)
    }

    /// Reads a manifest of whatever folder; nothing when it is not one of ours.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        KNOWN.contains(&manifest.schema).then_some(manifest)
    }

    /// Tells whether its files can be checked.
    pub(super) fn is_checkable(&self) -> bool {
        self.schema == SCHEMA
    }

    /// Tells whether its own digest is that of its lines.
    pub(super) fn is_whole(&self) -> bool {
        self.digest == digest(&self.units, &self.files)
    }

    /// Writes one line for each file, so that two manifests can be compared by eye.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

fn digest(units: &BTreeMap<String, String>, files: &BTreeMap<String, Entry>) -> String {
    let mut hasher = Sha256::new();
    for (folder, digest) in units {
        hasher.update(format!("unit {digest} {folder}\n").as_bytes());
    }
    for (route, entry) in files {
        hasher.update(format!("file {} {} {route}\n", entry.sha256, entry.size).as_bytes());
    }
    ObjectId::new(&hasher.finalize()).to_string()
}
