//! The files that packs offer, each looked into once.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::round::{Ground, shares};
use crate::diagnostic::Diagnostic;
use crate::pack::asset::{self, Fault, shelf};
use crate::pack::gather::Part;
use crate::pack::{Asset, Packs};
use crate::rules::source as source_rules;
use crate::source::{File, ObjectId, ReadBlob, SnapshotReader};

/// What is wrong with files that pages show or offer, by bytes and extension.
pub(super) type Faults = FxHashMap<(ObjectId, String), Option<Fault>>;

/// The files that a pack offers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shelf {
    /// All that pages lead to.
    pub(super) wanted: Vec<Asset>,
    /// Those that are what they seem.
    pub(super) kept: Arc<[Asset]>,
    /// Why the others are left out.
    pub(super) findings: Vec<Diagnostic>,
}

impl Ground<'_> {
    /// Lists the files that each pack offers and looks into those that are not known. They rest on the links of the
    /// pack's pages and on the bytes that these lead to.
    pub(super) fn shelves(
        &self,
        packs: &Packs,
        parts: &[Arc<Part>],
        same_addresses: bool,
        faults: &mut Faults,
    ) -> Vec<Arc<Shelf>> {
        let listed: Vec<Result<Arc<Shelf>, Vec<Asset>>> = (0..parts.len())
            .into_par_iter()
            .map(|at| {
                let known = self.before.filter(|_| same_addresses).filter(|before| {
                    let is_here = |asset: &Asset| {
                        self.snapshot.file(asset.file.path.as_str()) == Some(&asset.file)
                    };
                    shares(&before.parts, parts, at)
                        && before.shelves[at].wanted.iter().all(is_here)
                });
                known.map(|before| Arc::clone(&before.shelves[at])).ok_or_else(|| {
                    shelf(&parts[at], &packs.outgoing[packs.of(at)], at, self.snapshot)
                })
            })
            .collect();
        self.look_into(listed.iter().filter_map(|one| one.as_ref().err()).flatten(), faults);
        let settle = |(at, one): (usize, Result<Arc<Shelf>, Vec<Asset>>)| {
            one.unwrap_or_else(|wanted| {
                let known = self.before.and_then(|before| before.shelves.get(at));
                let new = Shelf::new(wanted, faults);
                known.filter(|known| ***known == new).cloned().unwrap_or_else(|| Arc::new(new))
            })
        };
        listed.into_iter().enumerate().map(settle).collect()
    }

    fn look_into<'f>(&self, assets: impl Iterator<Item = &'f Asset>, faults: &mut Faults) {
        let unknown: Vec<&File> = assets
            .map(|asset| &asset.file)
            .filter(|file| !faults.contains_key(&fault_key(file)))
            .collect();
        let read = unknown.into_par_iter().map_init(
            || self.blobs.reader().ok(),
            |reader, file| {
                let bytes = SnapshotReader::new(&**reader.as_ref()?, self.snapshot).read(file.blob);
                let fault = match bytes {
                    Ok(bytes) => asset::fault(&file.path, &bytes, &self.scope.contacts),
                    Err(reason) => Some((&source_rules::MISSING_BLOB, reason)),
                };
                Some((fault_key(file), fault))
            },
        );
        let read: Vec<_> = read.flatten().collect();
        faults.extend(read);
    }
}

fn fault_key(file: &File) -> (ObjectId, String) {
    (file.blob, file.path.extension().to_lowercase())
}

impl Shelf {
    /// Leaves out files that are not what they seem.
    fn new(wanted: Vec<Asset>, faults: &Faults) -> Self {
        let fault = |asset: &Asset| faults.get(&fault_key(&asset.file)).and_then(Option::as_ref);
        let kept = wanted.iter().filter(|asset| fault(asset).is_none()).cloned().collect();
        let left_out = wanted.iter().filter_map(|asset| {
            let (rule, message) = fault(asset)?;
            Some(source_rules::left_out(rule, &asset.file.path, message))
        });
        Self { findings: left_out.collect(), kept, wanted }
    }
}
