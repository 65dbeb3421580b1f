//! What is gathered across versions: where each document lies, which words it holds, and the root area.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Failure;
use crate::assemble::{Assembled, Slot};
use crate::between::{Held, Pair};
use crate::compare::lines::Lines;
use crate::compare::matched;
use crate::document::digest::{self, Digest};
use crate::history::{self, DecisionLog};
use crate::kinds::Kind;
use crate::pack::{Artifact, Packs};
use crate::project::{Project, join};
use crate::search::{self, SearchDocument, SearchHeading};
use crate::settings::Audience;
use crate::site::moved::{Gone, Graves};
use crate::site::{self, Base, Everybody, Mark, Named, PackCard, Root, Stand, Unit, Version};
use crate::source::{ObjectId, RepoPath};
use crate::tags::{self, Tags};

/// The documents of all packs through their versions.
#[derive(Debug, Default)]
pub struct Lineages {
    /// By the slug of the pack.
    lines: BTreeMap<String, PackLines>,
    /// By the id of the pack and the slug of the version.
    packs: BTreeMap<(String, String), PackAt>,
}

/// The documents of a pack through its versions.
#[derive(Debug, Default)]
struct PackLines {
    lines: Lines,
    graves: Graves,
    /// The name and the slug of the version that was taken last.
    last: (String, String),
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
    /// Takes a version; those before it were taken before. `pairs` are those of which it is the later one.
    pub fn note(
        &mut self,
        project: &Project,
        log: &DecisionLog,
        assembled: &Assembled,
        pairs: &[(Pair, [Held; 2])],
    ) -> Result<(), Failure> {
        let Some(version) = assembled.edition.named() else { return Ok(()) };
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
            self.packs.insert((pack.id.clone(), version.slug.clone()), at);
            let own = self.lines.entry(pack.slug.clone()).or_default();
            let mut direct = pairs.iter().filter(|(pair, _)| pair.next && pair.pack == pack.id);
            let renamed = match direct.next() {
                Some((pair, both)) => own.follow(project, log, &pair.pack, both)?,
                None => BTreeMap::new(),
            };
            own.lines.note(&version.slug, assembled.edition.documents(place.pack), &renamed);
            own.last = (version.name.clone(), version.slug.clone());
        }
        Ok(())
    }

    fn pack(&self, id: &str, version: &str) -> Option<&PackAt> {
        self.packs.get(&(id.to_owned(), version.to_owned()))
    }

    /// Lists the small pages at old addresses that belong beside the pages of a unit; those beside `latest` are told
    /// when all versions were taken.
    pub fn moved(&self, project: &Project, unit: &Unit, is_latest: bool) -> Vec<(String, Vec<u8>)> {
        if unit.folder.is_empty() {
            return site::moved::redirects(unit, &project.settings.html.redirect);
        }
        let Some(own) = self.lines.get(unit.pack_slug()) else { return Vec::new() };
        let Some(version) = own.lines.version(unit.edition().version()) else { return Vec::new() };
        let known = if is_latest { own.lines.versions.len() } else { version };
        site::moved::stubs(unit, &own.lines, [version, known], &own.graves)
    }

    /// Names the documents of a pack that one version holds and another holds otherwise or not at all.
    fn changed(&self, pack: &str, of: &str, since: &str) -> Vec<String> {
        let Some(own) = self.lines.get(pack) else { return Vec::new() };
        let held = |version| -> BTreeSet<(&str, ObjectId)> {
            own.lines.of(version).map(|held| (held.id.as_str(), held.content)).collect()
        };
        held(of).difference(&held(since)).map(|(id, _)| (*id).to_owned()).collect()
    }

    /// Writes the scripts that tell a page where its document lies in other versions.
    pub fn scripts(&self) -> Vec<(String, Vec<u8>)> {
        let packs = || self.lines.iter().map(|(slug, own)| (slug.as_str(), &own.lines));
        let shards = site::lineage(packs()).into_iter();
        let shards = shards.map(|(shard, text)| (format!("lineage/{shard}.js"), text.into_bytes()));
        let documents = packs().map(|(slug, lines)| {
            (join(slug, site::DOCUMENTS), site::documents(slug, lines).into_bytes())
        });
        shards.chain(documents).collect()
    }
}

impl PackLines {
    /// Finds out what was renamed and what was removed since the version before.
    fn follow(
        &mut self,
        project: &Project,
        log: &DecisionLog,
        pack: &str,
        [before, after]: &[Held; 2],
    ) -> Result<BTreeMap<String, String>, Failure> {
        let (one, other) = (before.side(pack), after.side(pack));
        let (then, now) = (one.artifacts(), other.artifacts());
        let (mut renamed, mut gone) = (BTreeMap::new(), Vec::new());
        for pair in matched(one, other) {
            match pair {
                (Some(from), Some(to)) if then[from].id != now[to].id => {
                    renamed.insert(now[to].id.clone(), then[from].id.clone());
                }
                (Some(from), None) => gone.push(then[from]),
                _ => {}
            }
        }
        if !gone.is_empty() {
            let reader = project.repository.history_reader()?;
            let commits = [before, after].map(|held| held.packs.commit.as_ref().map(|one| one.id));
            let removed = |path: &RepoPath| match commits {
                [Some(from), Some(to)] => history::removed(&reader, log, path, [from, to]),
                _ => None,
            };
            gone.into_iter().for_each(|one| self.bury(one, removed(&one.path)));
        }
        Ok(renamed)
    }

    /// Notes that the version that comes next does not hold a document any more.
    fn bury(&mut self, document: &Artifact, removed: Option<(ObjectId, i64)>) {
        let Some(line) = self.lines.line_of(&document.id) else { return };
        let (version, slug) = self.last.clone();
        let gone = Gone { name: site::moved::name(document), version, slug, removed };
        self.graves.insert((line, self.lines.versions.len()), gone);
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
    pairs: &[Pair],
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
    Root {
        settings: Arc::clone(&project.settings),
        packs: cards
            .map(|(at, pack)| {
                let changed = |of: &str, since: &str| lineages.changed(&pack.slug, of, since);
                let versions = versions_of(slots, &pack.id);
                let versions = versions.into_iter().map(|(_, version)| version).collect();
                let card = PackCard::new(&today.edition, at, versions, &changed);
                let stands = stands(lineages, &pack.id, &card.versions);
                let compared = compared(slots, pairs, &pack.id);
                PackCard { marks: marks(&pack.id), stands, compared, ..card }
            })
            .collect(),
        as_of: as_of.to_owned(),
        kinds: Arc::clone(&today.examined.packs.kinds),
        branch: project.authority.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
    }
}

/// Lists the versions that each version of a pack is compared with, by slug.
fn compared(slots: &[Slot], pairs: &[Pair], pack: &str) -> BTreeMap<String, Vec<(Version, Base)>> {
    let mut compared: BTreeMap<String, Vec<(Version, Base)>> = BTreeMap::new();
    let version = |at: usize| slots.get(at)?.version.clone();
    for pair in pairs.iter().filter(|pair| pair.pack == pack) {
        if let (Some(from), Some(to)) = (version(pair.from), version(pair.to)) {
            compared.entry(to.slug).or_default().push((from, pair.base));
        }
    }
    compared
}

/// Says how a pack stands in each version, by slug.
fn stands(lineages: &Lineages, pack: &str, versions: &[Version]) -> BTreeMap<String, Stand> {
    let slugs = versions.iter().map(|version| &version.slug);
    slugs
        .filter_map(|slug| Some((slug.clone(), lineages.pack(pack, slug)?.stand.clone())))
        .collect()
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
