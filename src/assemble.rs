//! A whole site, one version at a time: which versions there are and which pack has which. Memory follows the largest
//! version, not their number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::Failure;
use crate::diagnostic::Findings;
use crate::examine::{Circumstances, Examined, Memo, examine};
use crate::history::{self, Checkpoint, DecisionLog, KeySource, Notary, Question, Vocabulary};
use crate::judge::{Judged, Judging};
use crate::keep;
use crate::kinds;
use crate::opened;
use crate::pack::scope;
use crate::project::{ChosenVersion, Project, join};
use crate::render::Theme;
use crate::settings::Audience;
use crate::site::{self, Edition, Inputs, Unit, Version, VersionState};
use crate::source::{File, ObjectId, RepoPath, Snapshot};

/// What `serve` calls the files as they lie in the work tree.
pub const WORK_TREE: &str = "work-tree";

/// A version of some packs: what is read, and under which name each pack shows it.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The name of the ref; empty for the work tree and where no versions are chosen.
    pub reference: String,
    /// The commit; nothing for the work tree and outside Git.
    pub commit: Option<ObjectId>,
    /// The version as readers know it; nothing when no versions are chosen.
    pub version: Option<Version>,
    /// Ids of the packs that have it.
    pub packs: Vec<String>,
    /// What names it.
    pub mark: Mark,
}

/// What names a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A branch, or nothing.
    Branch,
    /// A lightweight tag.
    Label,
    /// An annotated tag, by its object.
    Tag(ObjectId),
}

impl Slot {
    /// All packs of a commit, or of the work tree, under no version.
    pub fn whole(commit: Option<ObjectId>) -> Self {
        let (packs, mark) = (Vec::new(), Mark::Branch);
        Self { reference: String::new(), commit, version: None, packs, mark }
    }
}

/// One version, its packs ready to be planned.
pub struct Assembled {
    /// What was read.
    pub examined: Examined,
    /// What became of its packs.
    pub judged: Judged,
    /// Where bytes outside commits are found.
    pub snapshot: Snapshot,
    /// The decision log as it stood at its commit.
    pub log: Arc<DecisionLog>,
    /// What its pages are made of.
    pub edition: Arc<Edition>,
    /// Where its packs lie in the site.
    pub places: Vec<Place>,
    theme: Arc<Theme>,
}

/// What all versions of a site are made with.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    /// The repository and its settings.
    pub project: &'a Project,
    /// The templates.
    pub theme: &'a Arc<Theme>,
    /// Today, `2026-05-05`.
    pub today: &'a str,
}

/// Where one pack of a version lies in the site.
pub struct Place {
    /// The pack's index.
    pub pack: usize,
    /// Its folder.
    pub folder: String,
    /// The folder of the same pages at `latest`, when this is the latest version.
    pub latest: Option<String>,
    planned: OnceLock<Planned>,
}

/// One unit with everything that belongs into its folder.
pub struct Planned {
    /// The pages.
    pub unit: Unit,
    /// The same pages at `latest`, when this is the latest version.
    pub latest: Option<Unit>,
    /// Other files: address and file.
    pub assets: Vec<(String, File)>,
}

/// Chooses the versions of every pack, oldest first. With `work_tree` the files as they are come last.
///
/// # Errors
/// When refs or commits cannot be read.
pub fn slots(project: &Project, work_tree: bool) -> Result<Vec<Slot>, Failure> {
    let chosen = project.versions()?;
    if chosen.is_empty() {
        let commit = project.authority.as_ref().filter(|_| !work_tree).map(|(_, commit)| *commit);
        return Ok(vec![Slot::whole(commit)]);
    }
    let held: Vec<Vec<String>> = chosen
        .iter()
        .map(|version| pack_ids(project, version.commit.id))
        .collect::<Result<_, _>>()?;
    let latest = latest(project, &chosen, &held);
    let mut slots = Vec::new();
    for (at, version) in chosen.iter().enumerate() {
        slots.extend(slots_of(version, at, &held[at], &latest));
    }
    if let Some(failure) = collision(&slots) {
        return Err(failure);
    }
    if work_tree {
        let version = Version {
            name: "work tree".to_owned(),
            slug: WORK_TREE.to_owned(),
            commit: None,
            state: VersionState::InProgress,
        };
        slots.push(Slot { version: Some(version), ..Slot::whole(None) });
    }
    Ok(slots)
}

/// The slots of one ref: one for the packs whose latest version it is, one for the others.
fn slots_of(
    version: &ChosenVersion,
    at: usize,
    packs: &[String],
    latest: &BTreeMap<&str, usize>,
) -> Vec<Slot> {
    let ids: Vec<&str> = packs.iter().map(String::as_str).collect();
    let mut by_state: BTreeMap<(VersionState, &str), Vec<String>> = BTreeMap::new();
    for id in &ids {
        let Some(name) = version.name_in(id, &ids) else { continue };
        let state = match latest.get(id) {
            Some(newest) if *newest == at => VersionState::Latest,
            _ if version.is_tag() => VersionState::Outdated,
            _ => VersionState::InProgress,
        };
        by_state.entry((state, name)).or_default().push((*id).to_owned());
    }
    by_state
        .into_iter()
        .map(|((state, name), packs)| Slot {
            reference: version.reference.name.clone(),
            commit: Some(version.commit.id),
            version: Some(Version {
                name: name.to_owned(),
                slug: version_slug(name),
                commit: Some(version.commit.clone()),
                state,
            }),
            packs,
            mark: version.mark(),
        })
        .collect()
}

/// The folder of a version; names that mean something else in an address step aside.
fn version_slug(name: &str) -> String {
    let slug = crate::slug::slug(name);
    if ["latest", WORK_TREE, site::COMPARE].contains(&slug.as_str()) {
        format!("_{slug}")
    } else {
        slug
    }
}

/// Finds two versions of one pack that would share a folder.
fn collision(slots: &[Slot]) -> Option<Failure> {
    let mut taken: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for slot in slots {
        let Some(version) = &slot.version else { continue };
        for pack in &slot.packs {
            let Some(other) = taken.insert((pack, &version.slug), &slot.reference) else {
                continue;
            };
            let message = format!(
                "the versions `{other}` and `{}` of the pack `{pack}` would both be published as `{}`",
                slot.reference, version.slug
            );
            let help = "leave one of them out with a `!` pattern in [versions]";
            return Some(Failure::new(message).help(help));
        }
    }
    None
}

/// For each pack the version that `latest` means: the one of the settings, else the newest tag, else the newest branch.
fn latest<'a>(
    project: &Project,
    chosen: &[ChosenVersion],
    held: &'a [Vec<String>],
) -> BTreeMap<&'a str, usize> {
    let mut latest: BTreeMap<&str, (bool, bool, usize)> = BTreeMap::new();
    for (at, version) in chosen.iter().enumerate() {
        let ids: Vec<&str> = held[at].iter().map(String::as_str).collect();
        for id in &ids {
            let Some(name) = version.name_in(id, &ids) else { continue };
            let named = project.settings.versions.latest.as_deref();
            let rank = (
                named == Some(name) || named == Some(&version.reference.name),
                version.is_tag(),
                at,
            );
            let best = latest.entry(id).or_insert(rank);
            *best = rank.max(*best);
        }
    }
    latest.into_iter().map(|(id, (_, _, at))| (id, at)).collect()
}

fn pack_ids(project: &Project, commit: ObjectId) -> Result<Vec<String>, Failure> {
    let snapshot = project.snapshot(commit)?;
    let reader = project.repository.reader()?;
    Ok(scope::packs(&snapshot, &project.folder, &project.settings, &reader.with(&snapshot))
        .into_iter()
        .map(|pack| pack.id.clone())
        .collect())
}

/// Reads the files of a slot.
///
/// # Errors
/// When the commit or the work tree cannot be read.
pub fn snapshot(project: &Project, slot: &Slot, work_tree: bool) -> Result<Snapshot, Failure> {
    match slot.commit {
        Some(commit) => project.snapshot(commit),
        None if work_tree => project.repository.work_tree(&[]),
        None => project.committed(),
    }
}

/// A version that was read, before its history is known.
pub struct Read {
    examined: Examined,
    snapshot: Snapshot,
    as_of: String,
}

/// Reads one version.
///
/// # Errors
/// When the repository cannot be read.
pub fn read(
    making: Making<'_>,
    slot: &Slot,
    snapshot: Snapshot,
    memo: &mut Memo,
) -> Result<Read, Failure> {
    let Making { project, today, .. } = making;
    let as_of = match (&slot.version, &snapshot.commit) {
        (Some(_), Some(commit)) if slot.commit.is_some() => day_of(commit.time),
        _ => today.to_owned(),
    };
    let circumstances =
        Circumstances { folder: &project.folder, settings: &project.settings, as_of: &as_of };
    let examined = examine(&project.repository, &snapshot, circumstances, memo)?;
    Ok(Read { examined, snapshot, as_of })
}

/// Puts a version and the log as it stood at its commit together; `before` is a version that is much like it.
pub fn assemble(
    making: Making<'_>,
    slot: &Slot,
    read: Read,
    log: Arc<DecisionLog>,
    before: Option<&Assembled>,
) -> Assembled {
    let Making { project, theme, .. } = making;
    let Read { examined, snapshot, as_of } = read;
    let judging =
        Judging { project, snapshot: &snapshot, examined: &examined, log: &log, as_of: &as_of };
    let judged = judging.judge(before.map(|before| &before.judged));
    let shown = log_for(&log, &examined, project.settings.audience);
    let documents = Some(judged.documents()).filter(|one| Arc::ptr_eq(&one.log, &shown));
    let edition = Edition::after(
        before.map(|before| &*before.edition),
        Inputs {
            packs: Arc::clone(&examined.packs),
            profiles: Arc::clone(&examined.profiles),
            verdicts: Arc::clone(&judged.verdicts),
            diagnostics: findings_for(&judged, project.settings.audience),
            documents: documents.cloned(),
            log: shown,
            settings: Arc::clone(&project.settings),
            version: slot.version.clone(),
            as_of,
        },
    );
    let wanted = |pack: &crate::pack::Pack| slot.packs.is_empty() || slot.packs.contains(&pack.id);
    let is_latest =
        slot.version.as_ref().is_some_and(|version| version.state == VersionState::Latest);
    let places = (0..examined.packs.packs.len())
        .filter(|at| wanted(&examined.packs.packs[*at]))
        .map(|pack| {
            let [folder, latest] = edition.folders(pack);
            let latest = is_latest.then_some(latest);
            Place { pack, folder, latest, planned: OnceLock::new() }
        })
        .collect();
    let theme = Arc::clone(theme);
    Assembled { examined, judged, snapshot, log, edition, places, theme }
}

impl Read {
    /// The files that were read.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl Assembled {
    /// The files that were read.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns its packs without pages: enough to tell their history.
    pub fn unplanned(&self) -> impl Iterator<Item = Unit> {
        self.places.iter().map(|place| site::unplanned(&self.edition, place.pack))
    }

    /// Plans the pages of a pack.
    pub fn plan(&self, place: &Place) -> Planned {
        let unit = site::plan(&self.edition, &self.theme, place.pack);
        let latest = place.latest.as_ref().map(|_| unit.as_latest());
        Planned { latest, unit, assets: assets(&self.examined, place.pack) }
    }

    /// Plans the pages of a pack, once.
    pub fn planned<'a>(&self, place: &'a Place) -> &'a Planned {
        place.planned.get_or_init(|| self.plan(place))
    }

    /// Plans the pages of all packs, one after the other.
    pub fn units(&self) -> impl Iterator<Item = &Planned> {
        self.places.iter().map(|place| self.planned(place))
    }
}

fn assets(examined: &Examined, pack: usize) -> Vec<(String, File)> {
    let own = examined.packs.assets[pack].iter();
    own.map(|asset| (asset.route.clone(), asset.file.clone())).collect()
}

/// Returns the day of a commit in UTC.
pub fn day_of(time: i64) -> String {
    jiff::Timestamp::from_second(time).map_or_else(
        |_| "1970-01-01".to_owned(),
        |stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
    )
}

/// Reads the decision log of the authority ref, once for all versions. `published` is what the log that was published
/// before left behind.
///
/// # Errors
/// When the history cannot be read at all; what is missing from it is said in the log.
pub fn log(
    project: &Project,
    slots: &[Slot],
    published: Option<&Checkpoint>,
) -> Result<Arc<DecisionLog>, Failure> {
    let Some((name, tip)) = &project.authority else { return Ok(Arc::default()) };
    let folders: Vec<String> =
        Some(project.folder.clone()).filter(|folder| !folder.is_empty()).into_iter().collect();
    let versions: Vec<ObjectId> = slots.iter().filter_map(|slot| slot.commit).collect();
    let asked = Question {
        reference: name,
        tip: *tip,
        folders: &folders,
        versions: &versions,
        vocabulary: &vocabulary(project, *tip)?,
        published,
    };
    let mut log = told(project, &asked)?;
    let (reader, registry) = (project.repository.history_reader()?, project.registry());
    let source = KeySource { registry: &registry, signers: project.signers.as_ref() };
    log.witness(&mut Notary::new(&reader, source));
    let chosen: Vec<ObjectId> =
        project.versions()?.iter().map(|version| version.reference.commit).collect();
    log.note_elsewhere(&reader, &chosen);
    log.statement.declared.clone_from(&project.settings.rewritten);
    if project.settings.audience == Audience::Public {
        opened::mark(&project.repository, &project.settings, &mut log)?;
    }
    Ok(Arc::new(log))
}

/// Tells the log from what was kept on, and keeps it for the next run. Of a full log nothing is kept.
fn told(project: &Project, asked: &Question<'_>) -> Result<DecisionLog, Failure> {
    let repository = &project.repository;
    if project.full {
        return history::recount_full(repository, asked);
    }
    let (Some(folder), Some(git)) = (&project.cache, repository.common_dir()) else {
        return history::recount(repository, asked);
    };
    let about = (git, asked.reference, asked.folders, asked.versions.is_empty());
    let name = format!("history-{}", &blake3::hash(format!("{about:?}").as_bytes()).to_hex()[..32]);
    let kept = keep::read(folder, &name);
    let (log, bytes) = history::recount_from(repository, asked, kept.as_deref())?;
    if let Some(bytes) = bytes {
        keep::write(folder, &name, &bytes);
    }
    Ok(log)
}

/// Reads the kinds of the authority ref, by which the whole log is told.
fn vocabulary(project: &Project, tip: ObjectId) -> Result<Vocabulary, Failure> {
    let folder = join(&project.folder, "kinds");
    let snapshot = project.repository.snapshot(tip, &[&folder])?;
    let reader = project.repository.reader()?;
    let own = |file: &&File| file.path.folder() == folder && file.path.extension() == "toml";
    let read = |file: &File| Some((file.path.clone(), reader.blob(file.blob).ok()?));
    let files: Vec<_> = snapshot.files.iter().filter(own).filter_map(read).collect();
    let (mut kinds, _) = kinds::load(&files);
    kinds::apply(&mut kinds, &project.settings.locators);
    kinds::ask(&mut kinds, &project.settings.approvals);
    Ok(Vocabulary::new(kinds.into(), &project.settings))
}

/// Returns the log as it stood at the commit of a snapshot.
pub fn log_at(log: &Arc<DecisionLog>, snapshot: &Snapshot) -> Arc<DecisionLog> {
    match snapshot.commit.as_ref().map(|commit| commit.id) {
        Some(commit) if log.statement.tip == Some(commit) => Arc::clone(log),
        Some(commit) => Arc::new(log.as_of(commit)),
        None => Arc::default(),
    }
}

/// Returns what readers may see of findings: the public learns who approved what on pages that know what it may see.
fn findings_for(judged: &Judged, audience: Audience) -> Findings {
    let mut findings = judged.diagnostics.clone();
    if audience == Audience::Public {
        findings.retain(|one| !one.rule.starts_with("approval."));
    }
    findings
}

/// Returns what readers may see of a log: the public sees what happened to the documents that it sees.
fn log_for(log: &Arc<DecisionLog>, examined: &Examined, audience: Audience) -> Arc<DecisionLog> {
    if audience == Audience::Internal {
        return Arc::clone(log);
    }
    let packs = &examined.packs;
    let names = |artifact: &crate::pack::Artifact| {
        [artifact.id.clone(), artifact.path.to_string()].map(|name| (Some(artifact.pack), name))
    };
    let shown: BTreeSet<(Option<usize>, String)> =
        packs.artifacts.iter().flat_map(|artifact| names(artifact)).collect();
    let mut log = DecisionLog::clone(log);
    packs.contacts.cover_log(&mut log);
    let is_shown = |path: &RepoPath, document: &String| {
        shown.contains(&(packs.pack_of(path), document.clone()))
    };
    log.entries.retain(|entry| entry.public && is_shown(&entry.path, &entry.document));
    // What branches held before they landed was never meant for everybody.
    log.inside.clear();
    log.approvals.retain(|one| one.public && is_shown(&one.path, &one.document));
    Arc::new(log)
}
