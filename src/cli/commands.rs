//! What each command does, in the order it does it.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;

use super::arguments::{Build, Init, New, Place};
use super::files::{refuse_links, write_new};
use super::signers::trusting;
use super::{Exit, Streams, Surroundings, report, scaffold};
use crate::Failure;
use crate::assemble::{self, Slot};
use crate::diagnostic::{Diagnostic, Severity};
use crate::examine::{Circumstances, Examined, Memo, count, examine};
use crate::frozen;
use crate::git::{RefKind, Repository};
use crate::history::DecisionLog;
use crate::judge::{Judged, Judging};
use crate::output::Protected;
use crate::project::{BOOK, Project, join};
use crate::propose::propose;
use crate::publish::{self, Published};
use crate::render::Theme;
use crate::rules;
use crate::rules::settings::{LOST_VERSION, PREPROCESSOR, UNUSED_SIGNER};
use crate::settings::Settings;
use crate::source::{ReadBlob, RepoPath, Snapshot};
use crate::visible::visible;

/// How many findings `build` prints before it refers to `check`.
pub(super) const FEW: usize = 10;

pub(super) fn build(
    build: &Build,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    // This thread works with the others instead of waiting for them; when there are threads already, it waits.
    _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    let today = day(&build.place, surroundings)?;
    let project = open(&build.place.dir, false, surroundings, streams)?;
    let mut project = trusting(project, &build.place)?;
    project.full = build.full;
    let theme = Arc::new(Theme::new(&[])?);
    let destination = build.dest_dir.clone().unwrap_or_else(|| project.default_destination());
    let mut protected = protected(&project, surroundings);
    if build.dest_dir.is_none() {
        let root = project.repository.work_dir().unwrap_or(&project.place);
        protected.within = Some(root.to_path_buf());
    }
    let moved = frozen::moved(&project, &project.committed()?)?;
    if !moved.is_empty() {
        print_findings(moved.iter(), &project, &project.committed()?, surroundings, streams);
        say(streams, "Nothing was written");
        return Ok(Exit::Findings);
    }
    let published = publish::publish(&project, &theme, &destination, &protected, &today)?;
    let findings: Vec<&Diagnostic> = published.judged.all().collect();
    let mut errors = findings.clone();
    errors.sort();
    errors.retain(|finding| finding.severity == Severity::Error);
    let snapshot = project.committed()?;
    let of_readers = [PREPROCESSOR.name, LOST_VERSION.name, UNUSED_SIGNER.name];
    let lacking = project.notes.iter().filter(|note| of_readers.contains(&note.rule));
    let told = lacking.chain(&published.history);
    print_findings(told, &project, &snapshot, surroundings, streams);
    print_findings(errors.iter().take(FEW).copied(), &project, &snapshot, surroundings, streams);
    if errors.len() > FEW {
        say(
            streams,
            &format!("{} more errors: `readymark check` lists them all", errors.len() - FEW),
        );
    }
    if build.stats {
        say(streams, &stats(&published));
    }
    say(streams, &built(&published, &destination, started));
    Ok(exit(findings.into_iter()))
}

/// Says what was read, rendered and written.
fn stats(published: &Published) -> String {
    format!(
        "parsed {}, gathered {}, checked {}, rendered {}, written {}, versions {}",
        published.done.parsed,
        published.done.gathered,
        published.done.checked,
        published.rendered,
        published.written.written,
        published.versions
    )
}

/// Says what a build did, in one line.
fn built(published: &Published, destination: &Path, started: Instant) -> String {
    let written = published.written;
    format!(
        "Built {} in {}: {} written, {} unchanged, {} removed; {} ({})",
        plural(written.written + written.unchanged, "file"),
        visible(&destination.to_string_lossy()),
        written.written,
        written.unchanged,
        written.removed,
        counts(published.judged.all()),
        took(started)
    )
}

/// Reads the history of the authority ref, and tells what is missing from it and whether it still tells what was
/// published.
fn logged(project: &Project) -> (Arc<DecisionLog>, Vec<Diagnostic>) {
    let published = publish::checkpoint(&project.default_destination());
    let place = RepoPath::new(&join(&project.folder, BOOK));
    // Where another commit than the tip is checked out, it is judged by what had landed until then.
    let tip = project.authority.as_ref().map(|(_, commit)| *commit);
    let head = project.repository.head().ok().flatten().filter(|head| Some(*head) != tip);
    let slots: Vec<Slot> = head.map(|head| Slot::whole(Some(head))).into_iter().collect();
    match assemble::log(project, &slots, published.as_ref()) {
        Ok(log) => {
            let moved = published.iter().flat_map(|before| publish::moved_tags(project, before));
            let lacking = rules::history::lacking(&log.statement, &place);
            let found = moved.chain(lacking).collect();
            (head.map_or(log.clone(), |head| Arc::new(log.as_of(head))), found)
        }
        Err(failure) => (Arc::default(), vec![rules::history::unreadable(&failure, &place)]),
    }
}

pub(super) fn init(
    init: &Init,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let name = init
        .dir
        .canonicalize()
        .ok()
        .and_then(|dir| Some(dir.file_name()?.to_string_lossy().into_owned()));
    let pages = name.as_deref().filter(|_| init.title.is_none());
    if let Some(name) = pages
        && let Some(book) = proposal(&init.dir, name, surroundings)?
    {
        return write_proposal(&init.dir, &book, streams);
    }
    let title = init.title.clone().or(name).unwrap_or_else(|| "My service".to_owned());
    let (kinds, _) = crate::kinds::load(&[]);
    for (path, text) in scaffold::starter(&init.dir, &title, &kinds) {
        let made = write_new(&path, &text)?;
        say(
            streams,
            &format!(
                "{} {}",
                if made { "wrote" } else { "kept " },
                visible(&path.to_string_lossy())
            ),
        );
    }
    say(streams, "Next: `readymark serve` shows the pack, `readymark check` says what is missing");
    Ok(Exit::Clean)
}

/// Looks at the pages, folders and tags of a repository for what its `book.toml` might say.
fn proposal(
    dir: &Path,
    name: &str,
    surroundings: &Surroundings,
) -> Result<Option<String>, Failure> {
    let repository = Repository::open(dir)?;
    let snapshot = match (repository.work_dir(), repository.authority(None)?) {
        (None, Some((_, commit))) => repository.snapshot(commit, &[])?,
        (None, None) => return Ok(None),
        _ => repository.work_tree(&[])?,
    };
    let settings = Settings::default();
    let folder = repository.inside();
    let circumstances = Circumstances { folder, settings: &settings, as_of: &surroundings.today };
    let packs = examine(&repository, &snapshot, circumstances, &mut Memo::default())?.packs;
    let refs = repository.refs()?.refs;
    let tags = refs.iter().filter(|one| one.kind == RefKind::Tag);
    let names: Vec<&str> = tags.clone().map(|tag| tag.name.as_str()).collect();
    let held = |name: &str| {
        let tag = tags.clone().find(|tag| tag.name == name);
        let then =
            tag.and_then(|tag| repository.snapshot(tag.commit, &[]).ok()).unwrap_or_default();
        packs.artifacts.iter().filter(|page| then.file(page.path.as_str()).is_some()).count()
    };
    Ok(propose(name, &packs, &names, held))
}

/// Writes a proposed `book.toml`, or shows it where there is one already or no folder to write to.
fn write_proposal(dir: &Path, book: &str, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let path = dir.join(BOOK);
    let is_bare = Repository::open(dir)?.work_dir().is_none();
    if !is_bare && write_new(&path, book)? {
        say(streams, &format!("wrote {}", visible(&path.to_string_lossy())));
        say(streams, "Next: read it, then `readymark serve` shows the site");
    } else {
        let _ = streams.out.write_all(book.as_bytes());
        say(streams, "Nothing was written: this is what a new book.toml would say");
    }
    Ok(Exit::Clean)
}

pub(super) fn new(
    new: &New,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let project = open(&new.dir, true, surroundings, streams)?;
    let snapshot = work_tree(&project)?;
    let packs = examined(&project, &snapshot, &surroundings.today)?.packs;
    let declared: Vec<_> = packs.packs.iter().filter(|pack| pack.declared).collect();
    let pack = match (&new.pack, declared.as_slice()) {
        (Some(id), _) => declared.iter().find(|pack| pack.id == *id).copied(),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let Some(pack) = pack else {
        let ids: Vec<&str> = declared.iter().map(|pack| pack.id.as_str()).collect();
        let help = if ids.is_empty() {
            "start one with `readymark init`".to_owned()
        } else {
            format!("name one with --pack: {}", ids.join(", "))
        };
        return Err(Failure::new("it is not clear in which pack").help(help));
    };
    let (path, text) =
        scaffold::artifact(&packs, pack, &new.kind, new.title.as_deref(), new.id.as_deref())?;
    let root = project.repository.work_dir().unwrap_or(Path::new("."));
    refuse_links(root, &path)?;
    let path = root.join(path);
    if !write_new(&path, &text)? {
        return Err(Failure::new(format!("{} exists already", path.display())));
    }
    let _ = writeln!(streams.out, "{}", visible(&path.to_string_lossy()));
    Ok(Exit::Clean)
}

pub(super) fn open(
    dir: &Path,
    from_work_tree: bool,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) -> Result<Project, Failure> {
    let opened = Project::open(dir, from_work_tree)?;
    let cached = |project| Project { cache: surroundings.cache.clone(), ..project };
    opened.map(cached).map_err(|(findings, bytes)| {
        for finding in &findings {
            say(
                streams,
                &report::finding(finding, &|_| Some(Arc::clone(&bytes)), surroundings.style),
            );
        }
        refused(&findings)
    })
}

pub(super) fn refused(findings: &[Diagnostic]) -> Failure {
    let place = findings.first().map(report::place).unwrap_or_default();
    Failure::new(format!("the settings cannot be used ({place})"))
        .help("nothing was written; mend book.toml and run it again")
}

pub(super) fn work_tree(project: &Project) -> Result<Snapshot, Failure> {
    if project.repository.work_dir().is_some() {
        project.repository.work_tree(&[])
    } else {
        project.committed()
    }
}

/// Examines one snapshot of a project, reads the history beside it and judges its packs; with what is wrong with the
/// history.
pub(super) fn judged(
    project: &Project,
    snapshot: &Snapshot,
    as_of: &str,
) -> Result<(Examined, Judged, Vec<Diagnostic>), Failure> {
    judged_after(project, snapshot, as_of, &mut Memo::default())
}

/// The same; the memo knows what was examined before.
pub(super) fn judged_after(
    project: &Project,
    snapshot: &Snapshot,
    as_of: &str,
    memo: &mut Memo,
) -> Result<(Examined, Judged, Vec<Diagnostic>), Failure> {
    let (examined, (log, history)) =
        rayon::join(|| examined_after(project, snapshot, as_of, memo), || logged(project));
    let examined = examined?;
    let judging = Judging { project, snapshot, examined: &examined, log: &log, as_of };
    let judged = judging.judge(None);
    Ok((examined, judged, history))
}

/// Examines one snapshot of a project.
pub(super) fn examined(
    project: &Project,
    snapshot: &Snapshot,
    as_of: &str,
) -> Result<Examined, Failure> {
    examined_after(project, snapshot, as_of, &mut Memo::default())
}

/// The same; the memo knows what was examined before.
pub(super) fn examined_after(
    project: &Project,
    snapshot: &Snapshot,
    as_of: &str,
    memo: &mut Memo,
) -> Result<Examined, Failure> {
    let circumstances =
        Circumstances { folder: &project.folder, settings: &project.settings, as_of };
    examine(&project.repository, snapshot, circumstances, memo)
}

fn protected(project: &Project, surroundings: &Surroundings) -> Protected {
    let repository = &project.repository;
    let git = [repository.git_dir(), repository.common_dir()]
        .into_iter()
        .flatten()
        .map(Path::to_path_buf);
    let src = project.settings.book.src.as_deref().filter(|src| !matches!(*src, "" | "." | "./"));
    let kept = [
        repository.work_dir().map(Path::to_path_buf),
        surroundings.home.clone(),
        Some(project.place.clone()),
    ];
    Protected {
        sealed: git.chain(src.map(|src| project.place.join(src))).collect(),
        kept: kept.into_iter().flatten().collect(),
        within: None,
    }
}

pub(super) fn day(place: &Place, surroundings: &Surroundings) -> Result<String, Failure> {
    let day = date("--as-of", place.as_of.as_deref())?;
    Ok(day.map_or_else(|| surroundings.today.clone(), |day| day.to_string()))
}

/// Reads the day that an option names.
pub(super) fn date(option: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let date = text.parse().ok().filter(|date: &Date| date.year() > 0);
    date.map(Some).ok_or_else(|| {
        Failure::new(format!("`{text}` is not a day")).help(format!("write {option} 2026-05-05"))
    })
}

pub(super) fn print_findings<'f>(
    findings: impl Iterator<Item = &'f Diagnostic>,
    project: &Project,
    snapshot: &Snapshot,
    surroundings: &Surroundings,
    streams: &mut Streams<'_>,
) {
    let reader = project.repository.reader().ok();
    // Findings come by path, so that one file is read once.
    let last = RefCell::new((RepoPath::new(""), None::<Arc<[u8]>>));
    let source = |path: &RepoPath| {
        let mut last = last.borrow_mut();
        if !last.0.is(path) {
            let file = snapshot.file(path.as_str());
            let bytes = file.and_then(|file| reader.as_ref()?.with(snapshot).read(file.blob).ok());
            *last = (path.clone(), bytes);
        }
        last.1.clone()
    };
    for finding in findings {
        say(streams, &report::finding(finding, &source, surroundings.style));
        say(streams, "");
    }
}

/// Writes a line for people; a closed terminal is no reason to stop.
pub(super) fn say(streams: &mut Streams<'_>, line: &str) {
    let _ = writeln!(streams.err, "{line}");
}

pub(super) fn exit<'d>(findings: impl Iterator<Item = &'d Diagnostic>) -> Exit {
    if count(findings)[0] > 0 { Exit::Findings } else { Exit::Clean }
}

pub(super) fn counts<'d>(findings: impl Iterator<Item = &'d Diagnostic>) -> String {
    let [errors, warnings, notes] = count(findings);
    format!(
        "{}, {}, {}",
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(notes, "note")
    )
}

pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn took(started: Instant) -> String {
    let milliseconds = started.elapsed().as_millis();
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.1} s", started.elapsed().as_secs_f64())
    }
}
