//! What is gathered across versions: where each document lies, which words it holds, and the root area.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Failure;
use crate::assemble::{Assembled, Slot};
use crate::document::digest::{self, Digest};
use crate::history::DecisionLog;
use crate::kinds::Kind;
use crate::pack::{Artifact, Packs};
use crate::project::Project;
use crate::search::{self, SearchDocument, SearchHeading};
use crate::settings::Audience;
use crate::site::{self, Everybody, Lineage, Mark, Named, PackCard, Root, Stand, Unit, Version};
use crate::source::ObjectId;
use crate::tags::{self, Tags};

/// Where documents lie in all versions.
#[derive(Debug, Default)]
pub struct Lineages {
    lines: Vec<Lineage>,
    /// By the id of the pack and the slug of the version.
    packs: BTreeMap<(String, String), PackAt>,
}

/// A pack in one version.
#[derive(Debug)]
struct PackAt {
    folder: String,
    /// Names what all its documents say.
    digest: Digest,
    /// How it stands there.
    stand: Stand,
}

/// Documents with their texts, by pack and version.
type Held<'l> = BTreeMap<(&'l str, &'l str), BTreeSet<(&'l str, ObjectId)>>;

/// What the search gathers over all versions.
#[derive(Debug, Default)]
pub struct Texts {
    documents: BTreeMap<(String, String, ObjectId), Found>,
    /// The pages of people by pack, with the versions that hold them and their routes.
    people: BTreeMap<(String, Everybody), Vec<(String, String)>>,
}

/// A document as the search knows it, once for all versions that hold the same text.
#[derive(Debug)]
struct Found {
    artifact: Arc<Artifact>,
    kinds: Arc<[Kind]>,
    status: String,
    /// The owner's name.
    owner: Option<String>,
    versions: Vec<(String, String)>,
}

impl Lineages {
    /// Notes where the documents of a version lie.
    pub fn note(&mut self, assembled: &Assembled) {
        self.lines.extend(assembled.lineage());
        let version = assembled.edition.version();
        let packs = &assembled.examined.packs;
        for place in &assembled.places {
            let pack = &packs.packs[place.pack];
            let documents = packs.artifacts[packs.of(place.pack)].iter();
            let said = documents.map(|one| (one.id.as_str(), one.document.digest)).collect();
            let at = PackAt {
                folder: pack.folder.clone(),
                digest: digest::of_pack(said),
                stand: assembled.edition.stand(place.pack),
            };
            self.packs.insert((pack.id.clone(), version.to_owned()), at);
        }
    }

    fn pack(&self, id: &str, version: &str) -> Option<&PackAt> {
        self.packs.get(&(id.to_owned(), version.to_owned()))
    }

    /// Notes where the documents of one pack of a version lie.
    pub fn note_pack(&mut self, assembled: &Assembled, pack_id: &str) {
        let packs = &assembled.examined.packs.packs;
        let own = assembled.places.iter().filter(|place| packs[place.pack].id == pack_id);
        self.lines.extend(own.flat_map(|place| assembled.edition.lineage(place.pack)));
    }

    /// Lists the small pages at old addresses that belong beside the pages of `latest`, or of a plain book.
    pub fn moved(&self, project: &Project, unit: &Unit, is_latest: bool) -> Vec<(String, Vec<u8>)> {
        let redirects = &project.settings.html.redirect;
        if is_latest {
            site::moved::renamed(unit, &self.lines)
        } else if unit.folder.is_empty() {
            site::moved::redirects(unit, redirects)
        } else {
            Vec::new()
        }
    }

    /// Lists what each version of each pack holds.
    fn held(&self) -> Held<'_> {
        let mut held = Held::new();
        for line in &self.lines {
            if let Some((pack, id)) = line.document.split_once(':') {
                held.entry((pack, &line.version)).or_default().insert((id, line.content));
            }
        }
        held
    }

    /// Writes the scripts that tell a page where its document lies in other versions.
    pub fn scripts(&self) -> Vec<(String, Vec<u8>)> {
        let shards = site::lineage(&self.lines).into_iter();
        shards.map(|(shard, text)| (format!("lineage/{shard}.js"), text.into_bytes())).collect()
    }
}

/// Reads what the tags of the versions say.
///
/// # Errors
/// When a tag cannot be read.
pub fn tags(
    project: &Project,
    log: &DecisionLog,
    slots: &[Slot],
    lineages: &Lineages,
) -> Result<Tags, Failure> {
    tags::read(project, log, slots, |pack, slot| {
        let version = slot.version.as_ref()?;
        Some(lineages.pack(pack, &version.slug)?.folder.clone())
    })
}

/// Describes the root area as of today.
pub fn root(
    project: &Project,
    today: &Assembled,
    slots: &[Slot],
    tags: &Tags,
    lineages: &Lineages,
    as_of: &str,
) -> Root {
    let marks = |pack: &str| {
        let told = project.settings.audience == Audience::Internal;
        let digest = |version: &Version| Some(lineages.pack(pack, &version.slug)?.digest);
        let own = versions_of(slots, pack).into_iter();
        let told = own.map(|(slot, version)| {
            let tagged = tags.get(&(slot.reference.clone(), pack.to_owned())).cloned();
            (version.slug.clone(), Mark { tagged, digest: digest(&version).filter(|_| told) })
        });
        told.collect()
    };
    let packs = &today.examined.packs.packs;
    let cards = packs.iter().enumerate().filter(|_| !today.places.is_empty());
    let held = lineages.held();
    Root {
        settings: Arc::clone(&project.settings),
        packs: cards
            .map(|(at, pack)| {
                let changed = |of: &str, since: &str| changed(&held, &pack.slug, of, since);
                let versions = versions_of(slots, &pack.id);
                let versions = versions.into_iter().map(|(_, version)| version).collect();
                let card = PackCard::new(&today.edition, at, versions, &changed);
                let stands = stands(lineages, &pack.id, &card.versions);
                PackCard { marks: marks(&pack.id), stands, ..card }
            })
            .collect(),
        as_of: as_of.to_owned(),
        kinds: Arc::clone(&today.examined.packs.kinds),
        branch: project.authority.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
    }
}

/// Says how a pack stands in each version, by slug.
fn stands(lineages: &Lineages, pack: &str, versions: &[Version]) -> BTreeMap<String, Stand> {
    let slugs = versions.iter().map(|version| &version.slug);
    slugs
        .filter_map(|slug| Some((slug.clone(), lineages.pack(pack, slug)?.stand.clone())))
        .collect()
}

/// Names the documents of a pack that one version holds and another holds otherwise or not at all.
fn changed(held: &Held<'_>, pack: &str, of: &str, since: &str) -> Vec<String> {
    let none = BTreeSet::new();
    let of_version = |version| held.get(&(pack, version)).unwrap_or(&none);
    let new = of_version(of).difference(of_version(since));
    new.map(|(id, _)| (*id).to_owned()).collect()
}

impl Texts {
    /// Notes which words the documents of a version hold.
    pub fn note(&mut self, assembled: &Assembled, slot: &Slot) {
        let packs = &assembled.examined.packs;
        let version = slot.version.as_ref().map_or("", |version| version.slug.as_str());
        for (at, artifact) in packs.artifacts.iter().enumerate() {
            let pack = &packs.packs[artifact.pack];
            if !slot.packs.is_empty() && !slot.packs.contains(&pack.id) {
                continue;
            }
            let key = (pack.slug.clone(), artifact.id.clone(), artifact.content);
            let found = self
                .documents
                .entry(key)
                .or_insert_with(|| Found::new(packs, artifact, assembled.edition.status(at)));
            found.versions.push((version.to_owned(), artifact.route.clone()));
        }
        for place in &assembled.places {
            let Some((route, everybody)) = assembled.edition.everybody(place.pack) else {
                continue;
            };
            let pack = packs.packs[place.pack].slug.clone();
            let versions = self.people.entry((pack, everybody)).or_default();
            versions.push((version.to_owned(), route));
        }
    }

    /// Writes the search files; `versions` are the slugs, newest first.
    pub fn search(&self, versions: &[&str]) -> Vec<(String, Vec<u8>)> {
        let documents =
            self.documents.iter().map(|((pack, id, _), found)| found.document(pack, id));
        let people = self
            .people
            .iter()
            .map(|((pack, everybody), places)| people_page(pack, everybody, places));
        let all: Vec<SearchDocument<'_>> = documents.chain(people).collect();
        search::index(versions, &all)
    }
}

impl Found {
    fn new(packs: &Packs, artifact: &Arc<Artifact>, status: String) -> Self {
        let owner = artifact.owner.as_deref().and_then(|owner| packs.people.person(owner));
        Self {
            artifact: Arc::clone(artifact),
            kinds: Arc::clone(&packs.kinds),
            status,
            owner: owner.map(|at| packs.people.persons[at].name.clone()),
            versions: Vec::new(),
        }
    }

    fn document<'f>(&'f self, pack: &'f str, id: &'f str) -> SearchDocument<'f> {
        let artifact = &*self.artifact;
        let kind = &self.kinds[artifact.kind];
        let names = field_texts(kind, artifact, "alerts").into_iter();
        let mut extra = field_texts(kind, artifact, "type");
        extra.extend(kind.synonyms.iter().map(String::as_str));
        extra.extend(self.owner.as_deref());
        SearchDocument {
            id: if artifact.has_id { id } else { "" },
            title: &artifact.title,
            kind: &kind.title,
            summary: &artifact.summary,
            pack,
            versions: borrowed(&self.versions),
            status: &self.status,
            headings: headings(&artifact.document),
            text: &artifact.document.text,
            names: names.map(|name| (name, 0)).collect(),
            extra,
            first: kind.first,
        }
    }
}

/// What people type who look for somebody and not for a name.
const WHOM: &[&str] = &["Who to call", "Whom to call", "On call", "Contacts", "Phone numbers"];

/// Makes the page of people findable by everybody on it.
fn people_page<'w>(
    pack: &'w str,
    everybody: &'w Everybody,
    places: &'w [(String, String)],
) -> SearchDocument<'w> {
    let heading =
        |one: &'w Named| SearchHeading { text: &one.name, anchor: &one.anchor, start: one.start };
    let names = (1..).zip(&everybody.named).flat_map(|(section, one)| {
        let whole = std::iter::once(one.name.as_str()).chain(one.roles.iter().map(String::as_str));
        // People are also looked for by one of their names.
        whole.chain(one.name.split_whitespace()).map(move |name| (name, section))
    });
    let asked = WHOM.iter().map(|words| (*words, 0));
    SearchDocument {
        title: "Whom to call",
        kind: "People",
        summary: "Everybody by name, role and team, and how to reach them",
        pack,
        versions: borrowed(places),
        headings: everybody.named.iter().map(heading).collect(),
        text: &everybody.text,
        names: asked.chain(names).collect(),
        first: true,
        ..SearchDocument::default()
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(version, route)| (version.as_str(), route.as_str())).collect()
}

/// The versions of one pack, newest first.
fn versions_of<'s>(slots: &'s [Slot], pack_id: &str) -> Vec<(&'s Slot, Version)> {
    let has = |slot: &&Slot| slot.packs.is_empty() || slot.packs.iter().any(|id| id == pack_id);
    let own = slots.iter().rev().filter(has);
    own.filter_map(|slot| Some((slot, slot.version.clone()?))).collect()
}

/// Reads a field of the kind itself, each value of a list.
fn field_texts<'a>(kind: &Kind, artifact: &'a Artifact, name: &str) -> Vec<&'a str> {
    let spec = kind.fields.iter().find(|spec| spec.name == name);
    let texts = spec.and_then(|spec| artifact.field(spec)).map(|field| field.value.texts());
    texts.into_iter().flatten().map(|(text, _)| text).collect()
}

fn headings(document: &crate::document::Document) -> Vec<SearchHeading<'_>> {
    document
        .headings
        .iter()
        .map(|heading| SearchHeading {
            text: &heading.text,
            anchor: &heading.id,
            start: heading.words.start,
        })
        .collect()
}
