//! A project: an opened repository, its settings and the versions that they choose.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Failure;
use crate::assemble::Mark;
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::{self, RefFacts, RefKind, Repository};
use crate::pack::People;
use crate::pack::contacts::Contacts;
use crate::pack::scope;
use crate::rules::settings::LOST_VERSION;
use crate::settings::{self, Audience, Settings};
use crate::signature::AllowedSigners;
use crate::source::{CommitFacts, ObjectId, ReadBlob, RepoPath, Snapshot};

/// The settings file.
pub const BOOK: &str = "book.toml";

/// An opened repository with the settings of its authority ref.
pub struct Project {
    /// Where it was opened.
    pub place: PathBuf,
    /// The repository, or a folder outside Git.
    pub repository: Repository,
    /// The folder of `book.toml` in the repository; `""` is its root.
    pub folder: String,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Notes about the settings. Errors keep a project from opening.
    pub notes: Vec<Diagnostic>,
    /// The ref that settles what is in force and its commit; nothing before the first commit and outside Git.
    pub authority: Option<(String, ObjectId)>,
    /// Where something may be kept for the next run.
    pub cache: Option<PathBuf>,
    /// The keys that count instead of those in the registry, when a list of them was given.
    pub signers: Option<AllowedSigners>,
    /// Whether the log also tells what branches did on their way.
    pub full: bool,
}

/// A version that the settings choose.
#[derive(Debug, Clone)]
pub struct ChosenVersion {
    /// The ref.
    pub reference: RefFacts,
    /// Its commit.
    pub commit: CommitFacts,
}

/// Why a project could not be opened: the findings in `book.toml`, with its text.
pub type Refused = (Vec<Diagnostic>, Arc<[u8]>);

impl Project {
    /// Opens the repository that holds `path` and reads its settings from the authority ref, or from the work tree
    /// where there is no commit.
    ///
    /// # Errors
    /// A failure of the machine; in the inner result the findings that make the settings unusable.
    pub fn open(path: &Path, from_work_tree: bool) -> Result<Result<Self, Refused>, Failure> {
        let repository = Repository::open(path)?;
        let folder = repository.inside().to_owned();
        let book = join(&folder, BOOK);
        let head = repository.authority(None)?;
        let (mut settings, mut notes, mut bytes) =
            read_settings(&repository, head.as_ref(), &book, from_work_tree)?;
        let mut authority = head;
        if let Some(name) = settings.authority.clone() {
            authority = repository.authority(Some(&name))?;
            if !from_work_tree {
                (settings, notes, bytes) =
                    read_settings(&repository, authority.as_ref(), &book, false)?;
            }
        }
        if notes.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(Err((notes, bytes)));
        }
        notes.extend(lost_versions(&repository, &settings, &RepoPath::new(&book))?);
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Ok(Ok(Self {
            place,
            repository,
            folder,
            settings: Arc::new(settings),
            notes,
            authority,
            cache: None,
            signers: None,
            full: false,
        }))
    }

    /// Takes the settings of a commit of a branch, which is then the one whose history counts.
    ///
    /// # Errors
    /// As in [`Project::open`].
    pub fn judged_by(
        mut self,
        name: &str,
        commit: ObjectId,
    ) -> Result<Result<Self, Refused>, Failure> {
        let authority = (name.to_owned(), commit);
        let book = join(&self.folder, BOOK);
        let (settings, notes, bytes) =
            read_settings(&self.repository, Some(&authority), &book, false)?;
        if notes.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(Err((notes, bytes)));
        }
        self.settings = Arc::new(settings);
        self.notes = notes;
        self.authority = Some(authority);
        // What is planned does not last.
        self.cache = None;
        Ok(Ok(self))
    }

    /// Lists the versions that the settings choose, oldest first.
    ///
    /// # Errors
    /// When a glob is not valid or a chosen commit cannot be read.
    pub fn versions(&self) -> Result<Vec<ChosenVersion>, Failure> {
        let refs = git::select(&self.repository.refs()?.refs, &self.settings.versions)?;
        refs.into_iter()
            .map(|reference| {
                Ok(ChosenVersion { commit: self.repository.commit(reference.commit)?, reference })
            })
            .collect()
    }

    /// Reads the files of a commit that this project may need.
    ///
    /// # Errors
    /// When the commit or a tree is not there.
    pub fn snapshot(&self, commit: ObjectId) -> Result<Snapshot, Failure> {
        self.repository.snapshot(commit, &[])
    }

    /// Reads what `build` publishes when no versions are chosen: the authority commit, or a folder outside Git.
    ///
    /// # Errors
    /// When there is nothing to read yet.
    pub fn committed(&self) -> Result<Snapshot, Failure> {
        match &self.authority {
            Some((_, commit)) => self.snapshot(*commit),
            None if self.repository.is_git() => {
                Err(Failure::new("this repository has no commit yet")
                    .help("commit first, or look at the files with `readymark serve`"))
            }
            None => self.repository.work_tree(&[]),
        }
    }

    /// Returns the file in which people are named, once for all packs.
    pub fn registry(&self) -> RepoPath {
        RepoPath::new(&join(&self.folder, scope::PEOPLE))
    }

    /// Returns the folder that a build writes to unless it is told otherwise.
    pub fn default_destination(&self) -> PathBuf {
        self.place.join(&self.settings.build_dir)
    }
}

impl ChosenVersion {
    /// Tells whether it is a tag.
    pub fn is_tag(&self) -> bool {
        self.reference.kind == RefKind::Tag
    }

    /// Says what names it.
    pub fn mark(&self) -> Mark {
        match self.reference.tag {
            Some(tag) => Mark::Tag(tag),
            None if self.is_tag() => Mark::Label,
            None => Mark::Branch,
        }
    }

    /// Returns the name inside one pack: `agent-copilot/v1` is `v1` of that pack and no version of another one.
    pub fn name_in(&self, pack_id: &str, pack_ids: &[&str]) -> Option<&str> {
        let name = self.reference.name.as_str();
        if !self.is_tag() {
            return Some(name);
        }
        let owner = pack_ids
            .iter()
            .find(|id| name.strip_prefix(**id).is_some_and(|rest| rest.starts_with('/')));
        match owner {
            Some(owner) if *owner == pack_id => name.get(owner.len() + 1..),
            Some(_) => None,
            None => Some(name),
        }
    }
}

/// Tells whether a file says how packs are judged: settings, people, kinds and profiles.
pub fn is_law(path: &str, folder: &str) -> bool {
    let path = RepoPath::new(path);
    match path.strip(folder).and_then(|path| path.rsplit_once('/').or(Some(("", path)))) {
        Some(("", name)) => name == BOOK || name == scope::PEOPLE,
        Some(("kinds" | "profiles", _)) => path.extension() == "toml",
        _ => false,
    }
}

/// Tells which of the chosen versions cannot be read.
fn lost_versions(
    repository: &Repository,
    settings: &Settings,
    book: &RepoPath,
) -> Result<Vec<Diagnostic>, Failure> {
    let versions = &settings.versions;
    if versions.tags.is_empty() && versions.branches.is_empty() {
        return Ok(Vec::new());
    }
    let lost = git::select_skipped(&repository.refs()?.skipped, versions)?;
    let tell = |lost: git::SkippedRef| {
        let message = format!("`{}` is no version: {}", lost.name, lost.reason);
        let help = LOST_VERSION.fix.trim_end_matches('.');
        Diagnostic::new(&LOST_VERSION, book, &(0..0), message).help(help)
    };
    Ok(lost.into_iter().map(tell).collect())
}

/// The settings, what is wrong with them, and the bytes that they were read from.
type Read = (Settings, Vec<Diagnostic>, Arc<[u8]>);

fn read_settings(
    repository: &Repository,
    authority: Option<&(String, ObjectId)>,
    book: &str,
    from_work_tree: bool,
) -> Result<Read, Failure> {
    let has_files = repository.work_dir().is_some();
    let snapshot = match authority {
        Some((_, commit)) if !from_work_tree || !has_files => {
            repository.snapshot(*commit, &[book])?
        }
        _ if !has_files => Snapshot::default(),
        _ => repository.work_tree(&[book])?,
    };
    let Some(file) = snapshot.file(book) else {
        return Ok((Settings::default(), Vec::new(), Arc::from(&[][..])));
    };
    let reader = repository.reader()?;
    let bytes = reader.with(&snapshot).read(file.blob).map_err(Failure::new)?;
    let (settings, findings) = settings::read(&file.path, &bytes);
    if settings.audience == Audience::Internal {
        return Ok((settings, findings, bytes));
    }
    let contacts = Contacts::new(&People::default(), settings.audience);
    let text = String::from_utf8_lossy(&bytes);
    let (settings, findings) = settings::read(&file.path, contacts.cover(&text).as_bytes());
    Ok((settings, findings, bytes))
}

/// Joins a folder of the repository and a name.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
