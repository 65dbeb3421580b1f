//! `build`: every version to the output, one at a time, the root last.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::Failure;
use crate::across::{self, Lineages, Texts};
use crate::assemble::{self, Assembled, Making, Mark, Planned, Slot};
use crate::between::{self, Held, Pair, Waiting};
use crate::diagnostic::Diagnostic;
use crate::examine::{Done, Examined, Memo};
use crate::history::{Checkpoint, DecisionLog};
use crate::judge::Judged;
use crate::output::{self, Protected, Publication, Written};
use crate::project::{BOOK, Project, join};
use crate::render::Theme;
use crate::rules;
use crate::settings::Audience;
use crate::site::{Key, Unit};
use crate::source::{ObjectId, OnDemand, ReadBlob, RepoPath, Snapshot};

/// What a build did.
pub struct Published {
    /// What holds today: the version that the authority ref names.
    pub today: Examined,
    /// What became of it.
    pub judged: Judged,
    /// What the history cannot tell.
    pub history: Vec<Diagnostic>,
    /// Files.
    pub written: Written,
    /// Versions.
    pub versions: usize,
    /// What was done to read them.
    pub done: Done,
    /// Pages and other files rendered.
    pub rendered: usize,
}

/// What the published log leaves behind for the next build.
const CHECKPOINT: &str = "checkpoint.json";

/// Pages by what they are made of: a page that two versions share is rendered once.
type Pages = FxHashMap<Key, Arc<[u8]>>;

/// Builds all versions of a project into `destination`.
///
/// # Errors
/// When something cannot be read or written; what was published before is still whole.
pub fn publish(
    project: &Project,
    theme: &Arc<Theme>,
    destination: &Path,
    protected: &Protected,
    today: &str,
) -> Result<Published, Failure> {
    let slots = assemble::slots(project, false)?;
    let publication = Publication::open(destination, protected)?;
    let published = publication.root_bytes(CHECKPOINT).and_then(|bytes| Checkpoint::read(&bytes));
    let pairs = between::pairs(&project.settings, &slots)?;
    let (log, history) = log(project, &slots, published.as_ref(), today)?;
    let mut run = Run {
        project,
        theme,
        log,
        publication: &publication,
        tags: published.map(|before| before.tags).unwrap_or_default(),
        memo: Memo::default(),
        lineages: Lineages::default(),
        texts: Texts::default(),
        pages: Pages::default(),
        latest: Vec::new(),
        waiting: Waiting::new(pairs.clone()),
        pairs,
        rendered: 0,
    };
    let mut current = None;
    for (at, slot) in slots.iter().enumerate() {
        let assembled = run.assemble(slot, today)?;
        run.compare(at, &assembled, &slots)?;
        run.texts.note(&assembled, slot);
        run.write(&assembled, slots.len() > 1)?;
        current = Some(assembled).filter(|_| slot.version.is_none());
    }
    run.finish_latest()?;
    let whole = || Slot::whole(project.authority.as_ref().map(|(_, commit)| *commit));
    let current = current.map_or_else(|| run.assemble(&whole(), today), Ok)?;
    run.write_root(&current, &slots, today)?;
    let (done, rendered) = (run.memo.done, run.rendered);
    // Taking so many small values apart costs more than the end of the process, which follows soon.
    std::mem::forget(run);
    Ok(Published {
        today: current.examined,
        judged: current.judged,
        history,
        written: publication.finish()?,
        versions: slots.len(),
        done,
        rendered,
    })
}

/// Reads the log, and says what it lacks and what it tells otherwise than the one that was published before.
fn log(
    project: &Project,
    slots: &[Slot],
    published: Option<&Checkpoint>,
    today: &str,
) -> Result<(Arc<DecisionLog>, Vec<Diagnostic>), Failure> {
    let place = RepoPath::new(&join(&project.folder, BOOK));
    let mut log = assemble::log(project, slots, published)?;
    let mut history = rules::history::findings(&log, &place, today);
    history.extend(published.into_iter().flat_map(|before| moved_tags(project, before)));
    // Pages say nothing of the build before: a new folder holds the same.
    Arc::make_mut(&mut log).statement.published = None;
    Ok((log, history))
}

/// The commits of all versions that are tags, by name.
fn tags_of(slots: &[Slot]) -> BTreeMap<String, ObjectId> {
    let tagged = slots.iter().filter(|slot| slot.mark != Mark::Branch);
    tagged.filter_map(|slot| Some((slot.reference.clone(), slot.commit?))).collect()
}

/// Tells which of the tags that were published are gone or name other commits today, chosen as versions or not.
pub fn moved_tags(project: &Project, before: &Checkpoint) -> Vec<Diagnostic> {
    let commit = |name: &String| project.repository.resolve(&format!("refs/tags/{name}")).ok();
    let names = before.tags.keys();
    let now = names.filter_map(|name| Some((name.clone(), commit(name)?))).collect();
    rules::history::moved(before, &now, &RepoPath::new(&join(&project.folder, BOOK)))
}

/// Reads what the log that was published into a folder left behind.
pub fn checkpoint(destination: &Path) -> Option<Checkpoint> {
    Checkpoint::read(&output::root_bytes(destination, CHECKPOINT)?)
}

struct Run<'r> {
    project: &'r Project,
    theme: &'r Arc<Theme>,
    log: Arc<DecisionLog>,
    publication: &'r Publication,
    /// The commits of the tags that were published before.
    tags: BTreeMap<String, ObjectId>,
    memo: Memo,
    lineages: Lineages,
    texts: Texts,
    pages: Pages,
    /// The folders of `latest`, which take what leads on from addresses of any version.
    latest: Vec<Latest<'r>>,
    /// What is compared once both versions are at hand.
    waiting: Waiting,
    pairs: Vec<Pair>,
    rendered: usize,
}

/// A folder of `latest` that is not closed yet.
struct Latest<'r> {
    folder: output::Unit<'r>,
    unit: Unit,
}

/// What writing some pages made.
#[derive(Default)]
struct Made {
    /// How many were rendered.
    rendered: usize,
    /// Those that the next version may share, with their keys.
    kept: Vec<(Key, Arc<[u8]>)>,
}

impl Made {
    fn all(parts: Vec<Self>) -> Self {
        let rendered = parts.iter().map(|part| part.rendered).sum();
        Self { rendered, kept: parts.into_iter().flat_map(|part| part.kept).collect() }
    }
}

impl<'r> Run<'r> {
    fn assemble(&mut self, slot: &Slot, today: &str) -> Result<Assembled, Failure> {
        let snapshot = assemble::snapshot(self.project, slot, false)?;
        let log = assemble::log_at(&self.log, &snapshot);
        let making = Making { project: self.project, theme: self.theme, today };
        let read = assemble::read(making, slot, snapshot, &mut self.memo)?;
        Ok(assemble::assemble(making, slot, read, log, None))
    }

    /// Writes the units of one version. With `share` the bytes are kept for the next version.
    fn write(&mut self, assembled: &Assembled, share: bool) -> Result<(), Failure> {
        let run = &*self;
        let units = assembled.places.par_iter().map(|place| {
            // Planned here and dropped when written: memory follows the units at work, not their number.
            run.write_unit(assembled.plan(place), &assembled.snapshot, share)
        });
        let (made, latest): (Vec<Made>, Vec<Option<Latest<'_>>>) =
            units.collect::<Result<Vec<_>, Failure>>()?.into_iter().unzip();
        let made = Made::all(made);
        self.latest.extend(latest.into_iter().flatten());
        self.rendered += made.rendered;
        self.pages = made.kept.into_iter().collect();
        Ok(())
    }

    /// Lays a version beside those before it: which document is which, and what changed.
    fn compare(&mut self, at: usize, assembled: &Assembled, slots: &[Slot]) -> Result<(), Failure> {
        let settings = &self.project.settings;
        let ready = self.waiting.note(at, Held::of(assembled));
        self.lineages.note(self.project, &self.log, assembled, &ready)?;
        let made = ready.par_iter().filter_map(|(pair, both)| {
            let compared = between::compared(settings, slots, pair, both)?;
            Some(compared.render(settings, self.theme).map(|bytes| (compared.route(), bytes)))
        });
        let made: Vec<(String, Vec<u8>)> = made.collect::<Result<_, Failure>>()?;
        self.rendered += made.len();
        made.iter().try_for_each(|(route, bytes)| self.publication.root_file(route, bytes))
    }

    fn write_unit(
        &self,
        planned: Planned,
        snapshot: &Snapshot,
        share: bool,
    ) -> Result<(Made, Option<Latest<'r>>), Failure> {
        let folder = self.publication.unit(&planned.unit.folder)?;
        let latest =
            planned.latest.as_ref().map(|unit| self.publication.unit(&unit.folder)).transpose()?;
        let both = [Some(&folder), latest.as_ref()];
        let pages = (0..planned.unit.pages.len()).into_par_iter();
        let read = || OnDemand::new(&self.project.repository);
        let made: Vec<Made> = pages
            .map_init(read, |read, at| self.write_page(&planned.unit, at, share, &both, read))
            .collect::<Result<_, Failure>>()?;
        self.put_assets(&planned, snapshot, &both)?;
        for (route, bytes) in self.lineages.moved(self.project, &planned.unit, false) {
            folder.put(&route, &bytes)?;
        }
        folder.close()?;
        let latest = latest.zip(planned.latest).map(|(folder, unit)| Latest { folder, unit });
        Ok((Made::all(made), latest))
    }

    /// Writes what leads on from addresses of any version, and closes the folders of `latest`.
    fn finish_latest(&mut self) -> Result<(), Failure> {
        for Latest { folder, unit } in std::mem::take(&mut self.latest) {
            for (route, bytes) in self.lineages.moved(self.project, &unit, true) {
                folder.put(&route, &bytes)?;
            }
            folder.close()?;
        }
        Ok(())
    }

    fn write_page(
        &self,
        unit: &Unit,
        at: usize,
        share: bool,
        folders: &[Option<&output::Unit<'_>>],
        read: &dyn ReadBlob,
    ) -> Result<Made, Failure> {
        let put = |bytes: &[u8]| {
            let mut folders = folders.iter().flatten();
            folders.try_for_each(|folder| folder.put(&unit.pages[at].route, bytes))
        };
        // A site of one version shares nothing: its pages are dropped once they are written.
        let key = (share || !self.pages.is_empty()).then(|| unit.key(at));
        if let Some((key, bytes)) = key.and_then(|key| self.pages.get_key_value(&key)) {
            put(bytes)?;
            let kept = share.then(|| (*key, Arc::clone(bytes)));
            return Ok(Made { rendered: 0, kept: kept.into_iter().collect() });
        }
        let bytes = unit.render(self.theme, at, read)?;
        put(&bytes)?;
        let kept = key.filter(|_| share).map(|key| (key, Arc::from(bytes)));
        Ok(Made { rendered: 1, kept: kept.into_iter().collect() })
    }

    fn put_assets(
        &self,
        planned: &Planned,
        snapshot: &Snapshot,
        units: &[Option<&output::Unit<'_>>],
    ) -> Result<(), Failure> {
        if planned.assets.is_empty() {
            return Ok(());
        }
        let reader = self.project.repository.reader()?;
        let reader = reader.with(snapshot);
        for (route, file) in &planned.assets {
            // A missing blob was told when the version was examined.
            let Ok(bytes) = reader.read(file.blob) else { continue };
            units.iter().flatten().try_for_each(|unit| unit.put(route, &bytes))?;
        }
        Ok(())
    }

    /// Writes what spans packs and versions, when all of these are written.
    fn write_root(&self, today: &Assembled, slots: &[Slot], as_of: &str) -> Result<(), Failure> {
        let shown = across::tags(self.project, &self.log, slots, &self.lineages)?;
        let root =
            across::root(self.project, today, slots, &shown, &self.lineages, &self.pairs, as_of);
        let put = |(route, bytes): (String, Vec<u8>)| self.publication.root_file(&route, &bytes);
        for page in root.plan(self.theme) {
            put((page.route.clone(), root.render(self.theme, &page)?))?;
        }
        // The public does not learn how many documents there are that it does not see.
        let told = self.project.settings.audience == Audience::Internal;
        let checkpoint = Checkpoint::of(&self.log).filter(|_| told);
        let mut tags = tags_of(slots);
        tags.extend(self.tags.clone());
        let checkpoint = checkpoint.map(|one| Checkpoint { tags, ..one });
        checkpoint.map_or(Ok(()), |one| put((CHECKPOINT.to_owned(), one.write())))?;
        self.lineages.scripts().into_iter().try_for_each(put)?;
        self.texts.search(&version_slugs(slots)).into_iter().try_for_each(put)?;
        self.theme.assets().iter().cloned().try_for_each(put)
    }
}

/// The slugs of all versions, newest first, once each; one empty slug where there are no versions.
pub fn version_slugs(slots: &[Slot]) -> Vec<&str> {
    let mut slugs: Vec<&str> = Vec::new();
    for slot in slots.iter().rev() {
        let slug = slot.version.as_ref().map_or("", |version| version.slug.as_str());
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}
