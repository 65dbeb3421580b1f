//! Packs: the typed artifacts of one snapshot, their people, and every link resolved in both directions.

pub mod alike;
pub mod asset;
pub mod audience;
pub mod contacts;
mod days;
pub mod directory;
pub mod events;
pub mod gather;
pub(crate) mod included;
pub mod kind_folders;
pub mod links;
mod locate;
pub mod lock;
mod names;
pub mod outcome;
pub mod pack_toml;
pub mod people_toml;
pub mod raci;
pub mod reach;
pub mod records;
pub mod route;
pub mod scope;
pub mod sidecar;
mod svg;
pub mod who;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::document::digest::{Digest, with_files};
use crate::document::{Document, Field, LinkForm, Value};
use crate::figures::Figures;
use crate::kinds::{FieldSpec, Kind, Status};
pub use days::Days;
pub use names::{Names, RowPlace};
use sidecar::Sidecar;

use crate::signature::PublicKey;
use crate::source::{CommitFacts, File, ObjectId, Origin, RepoPath, Span};

/// Everything one snapshot holds. What did not change since the snapshot before is shared with it.
#[derive(Debug, Default)]
pub struct Packs {
    /// The commit; nothing for a folder outside Git.
    pub commit: Option<CommitFacts>,
    /// The kinds in force, in navigation order. The last is the free page.
    pub kinds: Arc<[Kind]>,
    /// The packs, by id. A repository without `pack.toml` has one pack that is not declared.
    pub packs: Vec<Arc<Pack>>,
    /// The packs by their folders.
    pub folders: Folders,
    /// The addresses inside each pack, aligned with `packs`.
    pub names: Vec<Arc<Names>>,
    /// The first artifact of each pack, and at the end the number of artifacts.
    pub starts: Vec<usize>,
    /// All artifacts, by pack, then by path.
    pub artifacts: Vec<Arc<Artifact>>,
    /// What each artifact leads to, aligned with `artifacts`.
    pub outgoing: Vec<Arc<Outgoing>>,
    /// Files that the pages of each pack may show or offer (pictures, downloads), by path, aligned with `packs`.
    pub assets: Vec<Arc<[Asset]>>,
    /// What was observed in each pack, aligned with `packs`.
    pub figures: Vec<Arc<Figures>>,
    /// People, teams and roles.
    pub people: Arc<People>,
    /// What these readers may not see in any text.
    pub contacts: Arc<contacts::Contacts>,
    /// What relations led to when somebody last looked.
    pub pins: Arc<lock::Pins>,
}

impl Packs {
    /// Returns the artifacts of a pack, which lie side by side, by index.
    pub fn of(&self, pack: usize) -> Range<usize> {
        self.starts[pack]..self.starts[pack + 1]
    }

    /// Finds the innermost pack that a path lies in.
    pub fn pack_of(&self, path: &RepoPath) -> Option<usize> {
        self.folders.holding(path).next()
    }

    /// Finds the artifact that a file became.
    pub fn find(&self, path: &RepoPath) -> Option<usize> {
        let pack = self.pack_of(path)?;
        Some(self.of(pack).start + self.names.get(pack)?.paths.get(path)?)
    }

    /// Finds the artifact of a pack that states an id in these very letters.
    pub fn with_id(&self, pack: usize, id: &str) -> Option<usize> {
        let at = self.of(pack).start + self.names.get(pack)?.ids.get(&id.to_lowercase())?;
        (self.artifacts[at].id == id).then_some(at)
    }

    /// Digests a document with the pictures that it shows, as an approval names it.
    pub fn digest(&self, artifact: usize) -> Digest {
        let (own, leads) = (&self.artifacts[artifact], &self.outgoing[artifact].targets);
        let links = own.document.links.iter().zip(leads);
        let pictures = links.filter(|(link, _)| link.form == LinkForm::Image);
        let files = pictures.filter_map(|(_, target)| match target {
            Target::Asset(path) => Some(self.asset(own.pack, path)?.file.blob),
            _ => None,
        });
        with_files(own.document.digest, &files.collect::<Vec<_>>())
    }

    /// Returns what was observed in a pack.
    pub fn figures(&self, pack: usize) -> &Figures {
        static NONE: Figures = Figures::NONE;
        self.figures.get(pack).map_or(&NONE, |figures| figures)
    }

    /// Finds a file that the pages of a pack may show or offer.
    pub fn asset(&self, pack: usize, path: &RepoPath) -> Option<&Asset> {
        let assets = self.assets.get(pack)?;
        let at = assets.binary_search_by(|asset| asset.file.path.cmp(path)).ok()?;
        Some(&assets[at])
    }
}

/// What one artifact leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Where each link leads, aligned with `Document::links`.
    pub targets: Vec<Target>,
    /// Typed relations.
    pub relations: Vec<Relation>,
    /// Relations that lead nowhere.
    pub broken: Vec<BrokenRelation>,
    /// The artifacts of other packs among all these.
    pub abroad: Vec<usize>,
}

impl Outgoing {
    /// Lists the artifacts that links lead to, as often as they do.
    pub fn linked(&self) -> impl Iterator<Item = usize> {
        self.targets.iter().filter_map(|target| match target {
            Target::Artifact { artifact, .. } => Some(*artifact),
            _ => None,
        })
    }
}

/// The packs by their folders.
#[derive(Debug, Clone, Default)]
pub struct Folders(FxHashMap<String, usize>);

impl Folders {
    /// Takes the packs of a snapshot.
    pub fn new(packs: &[Arc<Pack>]) -> Self {
        Self(packs.iter().enumerate().map(|(at, pack)| (pack.folder.clone(), at)).collect())
    }

    /// Lists the packs that hold a path, the innermost first.
    pub fn holding<'p>(&self, path: &'p RepoPath) -> impl Iterator<Item = usize> + use<'_, 'p> {
        let folders = std::iter::successors(Some(path.folder()), |folder: &&str| {
            let outer = |folder: &'p str| folder.rsplit_once('/').map_or("", |(outer, _)| outer);
            Some(*folder).filter(|folder| !folder.is_empty()).map(outer)
        });
        folders.filter_map(|folder| self.0.get(folder).copied())
    }
}

/// A folder with a `pack.toml`, or the whole repository when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pack {
    /// The folder name part of every address of the pack.
    pub slug: String,
    /// The pack's id.
    pub id: String,
    /// For people.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// The folder that holds it; `""` is the whole repository.
    pub folder: String,
    /// Whether a `pack.toml` says so.
    pub declared: bool,
    /// For whom it is, when it says so: `public`, `internal` and so on.
    pub classification: Option<String>,
    /// The owner as written, with its place in `pack.toml`.
    pub owner: Option<(String, Span)>,
    /// Who answers for it as a whole, when it is not the owner: persons or roles.
    pub approvers: Vec<String>,
    /// Where it lives after the handoff.
    pub home: Home,
    /// Where its working day is, `Europe/Oslo`.
    pub timezone: Option<String>,
    /// The profiles that judge it.
    pub profiles: Vec<String>,
    /// Who holds which role, in the order of `pack.toml`.
    pub roles: Vec<Holding>,
    /// What it says of itself, by name: its tier, its regions, whether a model decides in it.
    pub facts: Vec<Fact>,
    /// Requirements that do not apply to it, as it says.
    pub exemptions: Vec<Exemption>,
    /// What somebody stands for by their word.
    pub attestations: Vec<Attestation>,
    /// Chapters in reading order when the book has a `SUMMARY.md`.
    pub summary_order: Option<Summary>,
}

/// What a pack says of itself under one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// What it says, at least one value.
    pub values: Vec<String>,
    /// The line of `pack.toml`, from 1.
    pub line: usize,
}

/// A requirement that does not apply to a pack, as the pack says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exemption {
    /// The requirement's id.
    pub requirement: String,
    /// Why.
    pub reason: String,
    /// The id of the person who agreed.
    pub by: String,
    /// Where it stands in `pack.toml`.
    pub span: Span,
}

/// What somebody stands for by their word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attestation {
    /// What is stated, as profiles name it.
    pub id: String,
    /// The id of the person who states it.
    pub by: String,
    /// `2026-05-05`.
    pub on: Option<String>,
    /// What it rests on, as written.
    pub evidence: Option<String>,
    /// Where it stands in `pack.toml`.
    pub span: Span,
    /// From 1.
    pub line: usize,
}

/// Somebody who holds a role of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holding {
    /// The role's id.
    pub role: String,
    /// The person's id.
    pub person: String,
    /// On which days.
    pub days: Days,
    /// Where the person's id stands in `pack.toml`.
    pub span: Span,
    /// From 1.
    pub line: usize,
}

/// Who runs a pack after the handoff, and from which money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// A team's id.
    pub team: Option<String>,
    /// Money a year, as written.
    pub run_budget: Option<String>,
    /// A person's id with its place in `pack.toml`.
    pub operational_owner: Option<(String, Span)>,
}

/// The reading order of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Chapters, part titles and separators.
    pub items: Vec<SummaryItem>,
}

/// A line of a `SUMMARY.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryItem {
    /// The text of the link, or the part title; empty for a separator.
    pub title: String,
    /// The artifact, in [`Packs::artifacts`]; nothing for a draft chapter, a part title or a separator.
    pub artifact: Option<usize>,
    /// `1.2.` or empty.
    pub number: String,
    /// Depth, from 0.
    pub depth: usize,
    /// Whether it is a part title.
    pub part: bool,
}

/// One Markdown file of a pack.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// The file.
    pub path: RepoPath,
    /// The id of its bytes.
    pub blob: ObjectId,
    /// Names the text that was parsed: the blob, or a digest when other files were included.
    pub content: ObjectId,
    /// Whether a commit holds these bytes.
    pub origin: Origin,
    /// The file, parsed.
    pub document: Arc<Document>,
    /// Index in [`Packs::packs`].
    pub pack: usize,
    /// Index in [`Packs::kinds`].
    pub kind: usize,
    /// The id, or the path inside the pack when the file has none.
    pub id: String,
    /// Whether the file states its id.
    pub has_id: bool,
    /// The title field, the first heading, or the file name.
    pub title: String,
    /// What the file declares.
    pub status: Status,
    /// Where the status stands; `0..0` when it has none.
    pub status_span: Span,
    /// The owner as written.
    pub owner: Option<String>,
    /// The fields that its text states and its block of fields does not.
    pub located: Vec<Field>,
    /// The file of fields beside it.
    pub sidecar: Option<Arc<Sidecar>>,
    /// One or two sentences.
    pub summary: String,
    /// The page's address inside the version folder: `runbooks/rb-002.html`.
    pub route: String,
    /// Its rows with ids, in order.
    pub records: Vec<records::Record>,
}

impl Artifact {
    /// Finds a field: in the block of fields, else where the text states it, else in the file beside it.
    pub fn field(&self, spec: &FieldSpec) -> Option<&Field> {
        self.sourced(spec).map(|(field, _)| field)
    }

    /// Finds a field and the file in which it stands.
    pub fn sourced(&self, spec: &FieldSpec) -> Option<(&Field, &RepoPath)> {
        let stated = spec.find(&self.document.front_matter);
        let located = || self.located.iter().find(|field| spec.knows(&field.key));
        let beside = || {
            let sidecar = self.sidecar.as_ref()?;
            Some((spec.find(&sidecar.fields)?, &sidecar.path))
        };
        let written = stated.filter(|field| field.value.value != Value::Null).or_else(located);
        let here = |field| (field, &self.path);
        written.map(here).or_else(beside).or_else(|| stated.map(here))
    }
}

/// A file that is not an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The file.
    pub file: File,
    /// Index in [`Packs::packs`].
    pub pack: usize,
    /// Its address inside the version folder.
    pub route: String,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// Another host, or a scheme such as `mailto`; already in the HTML.
    External,
    /// An artifact, with the anchor when the link names one.
    Artifact {
        /// Index in [`Packs::artifacts`].
        artifact: usize,
        /// The anchor without `#`; empty when the link has none.
        anchor: String,
    },
    /// A file that the site may offer, by its path; left out when [`Packs::asset`] does not have it.
    Asset(RepoPath),
    /// A person: index in [`People::persons`].
    Person(usize),
    /// A file of the repository that the site does not publish, or a path outside the book; shown as text.
    Outside,
    /// A file that would be published, did no name in its path begin with a dot; shown as text.
    Hidden,
    /// Nothing is there. Mentions are never broken: they are `NotALink`.
    Broken,
    /// A mention of something that is not an id here.
    NotALink,
}

/// A typed relation between two artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The artifact that declares it.
    pub from: usize,
    /// The row that declares it, when it is one with an id: index in [`Artifact::records`].
    pub from_row: Option<usize>,
    /// `rolls-back-with`.
    pub name: String,
    /// `rolls-back`, read from the other side.
    pub inverse: String,
    /// The artifact it leads to.
    pub to: usize,
    /// The row it leads to, when it is one: index in [`Artifact::records`].
    pub to_row: Option<usize>,
    /// Where the id stands in the file that declares it.
    pub span: Span,
    /// The kinds of artifacts and the tables whose rows it may lead to; any when empty.
    pub kinds: Vec<String>,
}

/// A relation to something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRelation {
    /// The artifact that declares it.
    pub from: usize,
    /// `rolls-back-with`.
    pub name: String,
    /// The id as written.
    pub target: String,
    /// Where it stands.
    pub span: Span,
}

/// People, teams and roles of `people.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The file, when there is one.
    pub path: Option<RepoPath>,
    /// Persons, in order of appearance.
    pub persons: Vec<Person>,
    /// Teams, in order of appearance.
    pub teams: Vec<Team>,
    /// Roles, in order of appearance.
    pub roles: Vec<Role>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// `priya`.
    pub id: String,
    /// `Priya Raman`.
    pub name: String,
    /// The address people write to.
    pub mail: Option<String>,
    /// Addresses in commits, lower-case domain; `mail` counts too.
    pub git_emails: Vec<String>,
    /// Digits people call.
    pub phone: Option<String>,
    /// A chat handle.
    pub chat: Option<String>,
    /// The team's id.
    pub team: Option<String>,
    /// IANA name.
    pub timezone: Option<String>,
    /// On which days they are there.
    pub days: Days,
    /// Who stands in.
    pub backup: Option<String>,
    /// Whether it is a person at all.
    pub kind: PersonKind,
    /// The keys with which they sign.
    pub keys: Vec<HeldKey>,
    /// Where the entry stands in `people.toml`.
    pub span: Span,
}

/// What stands behind an entry of the registry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PersonKind {
    /// One person.
    #[default]
    Human,
    /// A machine.
    Bot,
    /// Several people with one address.
    Shared,
}

/// A key with which somebody signs commits and tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldKey {
    /// The public key.
    pub key: PublicKey,
    /// On which days it counts.
    pub days: Days,
}

/// A team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Team {
    /// `cc-platforms`.
    pub id: String,
    /// For people.
    pub name: String,
    /// `operations`, `innovation`, `business`, `vendor`, `governance`.
    pub side: Option<String>,
    /// Digits people call.
    pub duty_phone: Option<String>,
    /// Where the entry stands.
    pub span: Span,
}

/// A role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// `service-owner`.
    pub id: String,
    /// For people.
    pub title: String,
    /// Other names for it.
    pub synonyms: Vec<String>,
    /// Whether somebody must stand in for whoever holds it.
    pub backup_required: bool,
    /// How high a risk its holders may accept, likelihood times impact; nothing when they may not.
    pub accepts: Option<i64>,
    /// Where the entry stands.
    pub span: Span,
}
