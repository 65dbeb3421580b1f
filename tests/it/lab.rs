//! Makes repositories with the git command, always the same way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use readymark::git::Repository;
use tempfile::TempDir;

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

    pub(crate) fn open(&self) -> Repository {
        Repository::open(&self.root).unwrap()
    }
}

/// Runs git with nothing of the machine's own settings.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == extension)
}

pub(crate) fn git(at: &Path, arguments: &[&str]) -> String {
    let output = command(at, arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

pub(crate) fn command(at: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(at)
        .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"])
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

/// A small generator, so that a failure can be run again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
