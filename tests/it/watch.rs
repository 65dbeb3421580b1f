//! Watching: what wakes us, what must not, and how much comes at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use readymark::watch::{Change, Watched, Watcher};

const SOON: Duration = Duration::from_secs(3);
const SILENCE: Duration = Duration::from_millis(400);

struct Work {
    _temp: tempfile::TempDir,
    root: PathBuf,
    watcher: Watcher,
}

fn git(root: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn native(watched: &Watched) -> Watcher {
    Watcher::start(watched).unwrap()
}

fn work(start: fn(&Watched) -> Watcher) -> Work {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().canonicalize().unwrap();
    git(&root, &["init", "-q", "-b", "main"]);
    for folder in ["docs/deep", "site", "target/debug"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("docs/a.md"), "a").unwrap();
    git(&root, &["add", "docs"]);
    git(&root, &["commit", "-q", "-m", "one"]);
    let folders = Watched {
        work_tree: root.clone(),
        git_dirs: vec![root.join(".git")],
        excluded: vec![root.join("site"), root.join("target")],
    };
    let watcher = start(&folders);
    Work { _temp: temp, root, watcher }
}

impl Work {
    fn silent(&mut self, what: &str) {
        let change = self.watcher.next(SILENCE);
        assert_eq!(change, None, "{what}");
    }

    /// Collects changes until it is silent.
    fn all(&mut self) -> Change {
        let mut all = self.watcher.next(SOON).expect("a change");
        while let Some(more) = self.watcher.next(SILENCE) {
            all.paths.extend(more.paths);
            all.refs |= more.refs;
            all.rescan |= more.rescan;
        }
        all
    }

    fn expect(&mut self, route: &str) {
        let change = self.all();
        assert!(change.paths.contains(&self.root.join(route)), "{route}: {change:?}");
        assert!(!change.refs, "{route}: {change:?}");
    }
}

#[test]
fn tells_of_saves_and_new_folders() {
    let mut work = work(native);
    fs::write(work.root.join("docs/a.md"), "b").unwrap();
    work.expect("docs/a.md");
    fs::write(work.root.join("docs/.a.md.swp"), "c").unwrap();
    fs::rename(work.root.join("docs/.a.md.swp"), work.root.join("docs/a.md")).unwrap();
    work.expect("docs/a.md");
    fs::write(work.root.join("book.toml"), "").unwrap();
    work.expect("book.toml");
    fs::create_dir(work.root.join("new")).unwrap();
    work.expect("new");
    fs::write(work.root.join("new/b.md"), "b").unwrap();
    work.expect("new/b.md");
    fs::remove_file(work.root.join("docs/a.md")).unwrap();
    work.expect("docs/a.md");
}

#[test]
fn keeps_silent_about_reads_output_and_the_index() {
    let mut work = work(native);
    fs::read(work.root.join("docs/a.md")).unwrap();
    fs::read_dir(work.root.join("docs")).unwrap().count();
    work.silent("reading");
    fs::write(work.root.join("site/index.html"), "x").unwrap();
    fs::write(work.root.join("target/debug/x"), "x").unwrap();
    fs::rename(work.root.join("site"), work.root.join("target/old")).unwrap();
    fs::create_dir(work.root.join("site")).unwrap();
    fs::write(work.root.join("site/index.html"), "y").unwrap();
    work.silent("the output, even when it is replaced");
    fs::write(work.root.join(".git/index"), fs::read(work.root.join(".git/index")).unwrap())
        .unwrap();
    fs::write(work.root.join(".git/refs/heads/main.lock"), "x").unwrap();
    fs::remove_file(work.root.join(".git/refs/heads/main.lock")).unwrap();
    work.silent("the index and locks");
}

#[test]
fn tells_of_commits_tags_and_packed_refs() {
    let mut work = work(native);
    for arguments in [
        ["commit", "-q", "--allow-empty", "-m", "two"].as_slice(),
        &["tag", "v1"],
        &["pack-refs", "--all"],
        &["checkout", "-q", "-b", "other"],
    ] {
        git(&work.root, arguments);
        let change = work.all();
        assert!(change.refs, "{arguments:?}: {change:?}");
        assert_eq!(change.paths, Vec::<PathBuf>::new(), "{arguments:?}");
    }
}

#[test]
fn the_first_event_comes_at_once_and_a_storm_in_few_batches() {
    let mut work = work(native);
    let start = Instant::now();
    fs::write(work.root.join("docs/a.md"), "b").unwrap();
    work.watcher.next(SOON).unwrap();
    let first = start.elapsed();
    assert!(first < Duration::from_millis(150), "{first:?}");
    while work.watcher.next(SILENCE).is_some() {}
    for n in 0..1000 {
        fs::write(work.root.join(format!("docs/deep/{n}.md")), "x").unwrap();
    }
    let mut batches = 0;
    let mut paths = std::collections::BTreeSet::new();
    while let Some(change) = work.watcher.next(SILENCE) {
        batches += 1;
        paths.extend(change.paths);
    }
    assert!((1..=8).contains(&batches), "{batches} batches");
    assert!((0..1000).all(|n| paths.contains(&work.root.join(format!("docs/deep/{n}.md")))));
}

#[test]
fn waits_while_git_holds_the_index_but_not_for_ever() {
    let mut work = work(native);
    let lock = work.root.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let release = lock.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        fs::remove_file(release).unwrap();
    });
    let start = Instant::now();
    fs::write(work.root.join("docs/a.md"), "b").unwrap();
    work.watcher.next(SOON).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(250), "{:?}", start.elapsed());
    thread.join().unwrap();
    fs::write(&lock, "").unwrap();
    let start = Instant::now();
    fs::write(work.root.join("docs/a.md"), "c").unwrap();
    work.watcher.next(Duration::from_secs(9)).unwrap();
    let waited = start.elapsed();
    assert!(waited > Duration::from_secs(1) && waited < Duration::from_secs(4), "{waited:?}");
}

#[test]
fn polling_sees_the_same() {
    let mut work = work(Watcher::start_polling);
    for text in ["one", "two", "six"] {
        fs::write(work.root.join("docs/a.md"), text).unwrap();
        work.expect("docs/a.md");
    }
    fs::create_dir(work.root.join("new")).unwrap();
    fs::write(work.root.join("new/b.md"), "b").unwrap();
    work.expect("new/b.md");
    fs::remove_file(work.root.join("new/b.md")).unwrap();
    work.expect("new/b.md");
    fs::write(work.root.join("site/index.html"), "x").unwrap();
    fs::write(work.root.join(".git/index"), fs::read(work.root.join(".git/index")).unwrap())
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    work.silent("the output and the index");
    git(&work.root, &["tag", "v1"]);
    assert!(work.all().refs);
}
