//! Reads the tags of the versions and what was known when their commits landed.

use super::{Place, Tagged, Tags, judge};
use crate::Failure;
use crate::assemble::{Mark, Slot};
use crate::git::{HistoryReader, Lack, Tag};
use crate::history::{DecisionLog, KeySource, Notary};
use crate::pack::{Pack, pack_toml};
use crate::project::{Project, join};
use crate::settings::Audience;
use crate::signature::{Signature, Signed, Why};
use crate::source::{ObjectId, RepoPath};

/// Reads the tags of the versions; `folder` finds the folder of a pack in a version.
///
/// # Errors
/// When a tag cannot be read.
pub fn read(
    project: &Project,
    log: &DecisionLog,
    slots: &[Slot],
    folder: impl Fn(&str, &Slot) -> Option<String>,
) -> Result<Tags, Failure> {
    let (reader, registry) = (project.repository.history_reader()?, project.registry());
    let source = KeySource { registry: &registry, signers: project.signers.as_ref() };
    let is_public = project.settings.audience == Audience::Public;
    let mut desk = Desk { reader: &reader, notary: Notary::new(&reader, source), log, is_public };
    let mut tags = Tags::new();
    for slot in slots {
        let Some(commit) = slot.commit else { continue };
        for pack in &slot.packs {
            let tagged = match slot.mark {
                Mark::Branch => continue,
                Mark::Label => Tagged::Label,
                Mark::Tag(tag) => {
                    let folder = folder(pack, slot);
                    let asked = Asked { name: &slot.reference, tag, commit, folder };
                    let told = desk.tagged(&asked);
                    told.map_err(|lack| {
                        Failure::new(format!("the tag `{}` is {lack}", slot.reference))
                    })?
                }
            };
            tags.insert((slot.reference.clone(), pack.clone()), tagged);
        }
    }
    Ok(tags)
}

struct Desk<'a> {
    reader: &'a HistoryReader,
    notary: Notary<'a>,
    log: &'a DecisionLog,
    is_public: bool,
}

/// A tag and the pack that it is judged for.
struct Asked<'a> {
    name: &'a str,
    tag: ObjectId,
    commit: ObjectId,
    folder: Option<String>,
}

impl Desk<'_> {
    fn tagged(&mut self, asked: &Asked<'_>) -> Result<Tagged, Lack> {
        let raw = self.reader.tag_bytes(asked.tag)?;
        let signed = Signed::tag(&raw);
        let tag = Tag::parse(&signed.payload)
            .ok_or_else(|| Lack::Broken("it does not read as a tag".to_owned()))?;
        let landed = self.log.landed_at(asked.commit);
        let author = tag.tagger.clone().unwrap_or_default();
        // A tag that claims an old time is not older than what it names.
        let when = landed.map_or(author.time, |landed| landed.clock.max(author.time));
        let before = landed.filter(|landed| !landed.edge).map(|landed| landed.before);
        let signature = match before {
            Some(before) => self.notary.check(&signed, &author.email, before, when),
            None if signed.signature.is_some() => Signature::Unverifiable(Why::KeysMissing),
            None => Signature::Absent,
        };
        let before = before.flatten();
        // Files that are not in this clone name nobody: the tag is then no baseline.
        let policy = self.notary.policy(before).unwrap_or_default();
        let pack = self.pack(before, asked.folder.as_deref()).unwrap_or_default();
        let place = Place {
            name: asked.name,
            landed: landed.is_some_and(|landed| landed.exact),
            people: &policy.people,
            pack: pack.as_ref(),
            when,
        };
        let mut told = judge(&tag, signature, &place);
        if self.is_public {
            told.subject.clear();
        }
        Ok(Tagged::Annotated(Box::new(told)))
    }

    /// Reads what a pack said of itself at a commit.
    fn pack(
        &mut self,
        commit: Option<ObjectId>,
        folder: Option<&str>,
    ) -> Result<Option<Pack>, Lack> {
        let (Some(commit), Some(folder)) = (commit, folder) else { return Ok(None) };
        let path = RepoPath::new(&join(folder, "pack.toml"));
        let Some(blob) = self.notary.file_at(commit, &path)? else { return Ok(None) };
        let bytes = self.reader.blob_start(blob, usize::MAX)?.bytes;
        Ok(Some(pack_toml::read(&path, &bytes).0))
    }
}
