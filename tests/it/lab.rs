//! Makes repositories with the git command, always the same way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use readymark::git::Repository;
use tempfile::TempDir;

/// The day of judging.
pub(crate) const DAY: &str = "2026-05-04";

/// How long a run may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A repository in a temporary folder; every commit is a minute after the one before.
pub(crate) struct Lab {
    pub(crate) dir: TempDir,
    pub(crate) root: PathBuf,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(&["init", "-q", "-b", "main"])
    }

    pub(crate) fn with(init: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("repo");
        fs::create_dir(&root).unwrap();
        let lab = Self { dir, root };
        lab.git(init);
        lab
    }

    pub(crate) fn bare() -> Self {
        Self::with(&["init", "-q", "--bare", "-b", "main"])
    }

    /// Clones only the last commits.
    pub(crate) fn shallow(self, depth: u64) -> Self {
        self.cloned(&[&format!("--depth={depth}")])
    }

    /// Clones with options, through the transport that a server would use.
    pub(crate) fn cloned(self, options: &[&str]) -> Self {
        let url = format!("file://{}", self.root.display());
        let arguments = [&["clone", "-q"], options, &[&url, "clone"]].concat();
        git(self.dir.path(), &arguments);
        let root = self.dir.path().join("clone");
        Self { dir: self.dir, root }
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let at = self.root.join(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, text).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Commits everything as somebody with an address at example.org.
    pub(crate) fn commit_by(&self, name: &str, message: &str) {
        self.git(&["add", "-A"]);
        let mut commit = command(&self.root, &["commit", "-q", "--allow-empty", "-m", message]);
        let address = format!("{}@example.org", name.to_lowercase());
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), name);
            commit.env(format!("GIT_{role}_EMAIL"), &address);
        }
        assert!(commit.status().unwrap().success());
    }

    pub(crate) fn open(&self) -> Repository {
        Repository::open(&self.root).unwrap()
    }
}

pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == extension)
}

pub(crate) fn git(at: &Path, arguments: &[&str]) -> String {
    let output = command(at, arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Makes a call of git with nothing of the machine's own settings.
pub(crate) fn command(at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(at)
        .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"])
        // Nothing here has to outlast the machine.
        .args(["-c", "core.fsync=none"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "Ana"), ("GIT_AUTHOR_EMAIL", "ana@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ana"), ("GIT_COMMITTER_EMAIL", "ana@example.org")])
        .envs([
            ("GIT_AUTHOR_DATE", "1767225600 +0100"),
            ("GIT_COMMITTER_DATE", "1767225660 +0100"),
        ]);
    command
}

pub(crate) fn readymark(at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readymark"));
    command
        .current_dir(at)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("XDG_CACHE_HOME", "/dev/null/cache")
        .env_remove("NO_COLOR")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env_remove("COLUMNS");
    command
}

/// Runs the binary; whatever it was given, it ends by itself, without a panic and without anything that acts on a
/// terminal or on a build machine.
pub(crate) fn run(at: &Path, arguments: &[&str]) -> Output {
    let mut command = readymark(at, arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || ended.send(child.wait_with_output()));
    let Ok(output) = end.recv_timeout(PATIENCE) else {
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
        panic!("{arguments:?} does not end");
    };
    let output = output.unwrap();
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)), "{arguments:?} ended with {code:?}: {}", words(&output));
    tame(&output);
    output
}

pub(crate) fn tame(output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let acts = |letter: char| {
            (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)
        };
        assert!(!text.contains(acts), "{text:?}");
        assert!(!text.contains("##["), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}

pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns a file of a site as text.
pub(crate) fn text_of(site: &BTreeMap<String, Vec<u8>>, route: &str) -> String {
    let bytes = site.get(route).unwrap_or_else(|| panic!("{route} is not in {:?}", site.keys()));
    String::from_utf8(bytes.clone()).unwrap()
}

/// Builds `at` into a new folder and returns every file by its address.
pub(crate) fn built(at: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    build(at, &site, arguments);
    files(&site)
}

/// Builds `at` into `site`; findings are no reason to stop.
pub(crate) fn build(at: &Path, site: &Path, arguments: &[&str]) {
    let start = ["build", ".", "-d", site.to_str().unwrap(), "--as-of", DAY];
    let output = run(at, &[&start[..], arguments].concat());
    assert_ne!(output.status.code(), Some(2), "{}", words(&output));
}

/// Reads every file of a folder, by its path in it; links are not followed.
pub(crate) fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let facts = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if facts.is_dir() {
                folders.push(path);
            } else if facts.is_symlink() {
                found.insert(
                    name,
                    fs::read_link(path).unwrap().to_string_lossy().into_owned().into_bytes(),
                );
            } else {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// A small generator, so that a failure can be run again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
