//! Publishing: whole after a kill, careful with what is not ours, deterministic.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use readymark::Failure;
use readymark::output::{Protected, Publication, Written};

type Site = BTreeMap<String, Vec<u8>>;

const MANIFEST: &str = "readymark-manifest.json";

/// Reads every file below `folder`; links are followed by nothing here, they are listed by their target.
fn tree(folder: &Path) -> Site {
    let mut site = Site::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap();
            let route = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                site.insert(route, target.to_str().unwrap().as_bytes().to_vec());
            } else {
                site.insert(route, fs::read(&path).unwrap());
            }
        }
    }
    site
}

/// The same without manifests.
fn pages(folder: &Path) -> Site {
    let mut site = tree(folder);
    site.retain(|route, _| !route.ends_with(MANIFEST));
    site
}

fn site(files: &[(&str, &str)]) -> Site {
    files.iter().map(|(route, text)| ((*route).to_owned(), text.as_bytes().to_vec())).collect()
}

/// Publishes units (folder to files) and root files.
fn publish(dest: &Path, units: &[(&str, &Site)], root: &Site) -> Result<Written, Failure> {
    let publication = Publication::open(dest, &Protected::default())?;
    for (folder, files) in units {
        let unit = publication.unit(folder)?;
        files.par_iter().try_for_each(|(route, bytes)| unit.put(route, bytes))?;
        unit.close()?;
    }
    root.iter().try_for_each(|(route, bytes)| publication.root_file(route, bytes))?;
    publication.finish()
}

fn plain(dest: &Path, files: &Site) -> Result<Written, Failure> {
    publish(dest, &[("", files)], &Site::new())
}

fn count(written: usize, unchanged: usize, removed: usize) -> Written {
    Written { written, unchanged, removed }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let dest = temp.path().join("site");
    (temp, dest)
}

#[test]
fn publishes_compares_and_removes() {
    let (temp, dest) = folder();
    let v1 = site(&[("index.html", "one"), ("run/a.html", "a")]);
    let v2 = site(&[("index.html", "two"), ("run/a.html", "a2"), ("run/b.html", "b")]);
    let root = site(&[("index.html", "root"), ("versions.js", "[1]")]);
    assert_eq!(publish(&dest, &[("p/v1", &v1)], &root), Ok(count(4, 0, 0)));
    let before = fs::metadata(dest.join("p/v1/run/a.html")).unwrap().modified().unwrap();
    assert_eq!(publish(&dest, &[("p/v1", &v1)], &root), Ok(count(0, 4, 0)));
    assert_eq!(fs::metadata(dest.join("p/v1/run/a.html")).unwrap().modified().unwrap(), before);

    let root = site(&[("index.html", "root 2"), ("versions.js", "[1]"), ("p/index.html", "p")]);
    assert_eq!(publish(&dest, &[("p/v1", &v1), ("p/v2", &v2)], &root), Ok(count(5, 3, 0)));

    let v2 = site(&[("index.html", "two"), ("run/b.html", "b!")]);
    assert_eq!(publish(&dest, &[("p/v2", &v2)], &root), Ok(count(1, 4, 3)));
    let expected = site(&[
        ("index.html", "root 2"),
        ("p/index.html", "p"),
        ("p/v2/index.html", "two"),
        ("p/v2/run/b.html", "b!"),
        ("versions.js", "[1]"),
    ]);
    assert_eq!(pages(&dest), expected);
    assert!(!dest.join("p/v1").exists());
    let names: Vec<_> =
        fs::read_dir(temp.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["site"], "no lock and no staging folder is left");
}

#[test]
fn changes_shape_between_plain_and_versioned() {
    let (_temp, dest) = folder();
    let book = site(&[("index.html", "book"), ("p", "a file named p"), ("q/v1/x.html", "x")]);
    assert_eq!(plain(&dest, &book), Ok(count(3, 0, 0)));
    let unit = site(&[("x.html", "x")]);
    let root = site(&[("index.html", "root")]);
    publish(&dest, &[("p/v1", &unit), ("q/v1", &unit)], &root).unwrap();
    let expected = site(&[("index.html", "root"), ("p/v1/x.html", "x"), ("q/v1/x.html", "x")]);
    assert_eq!(pages(&dest), expected);
    assert_eq!(plain(&dest, &book), Ok(count(2, 1, 1)));
    assert_eq!(pages(&dest), book);
    assert_eq!(tree(&dest).len(), 4, "one manifest");
}

#[test]
fn same_input_gives_same_bytes_whatever_was_there() {
    let (_one, first) = folder();
    let (_two, second) = folder();
    let unit: Site = (0..200).map(|n| (format!("d{}/{n}.html", n % 7), vec![b'x'; n])).collect();
    let root = site(&[("index.html", "root")]);
    publish(&first, &[("p/v1", &unit)], &root).unwrap();
    plain(&second, &site(&[("p/v1/d1/1.html", "old"), ("gone.html", "gone")])).unwrap();
    publish(&second, &[("p/v1", &unit)], &root).unwrap();
    assert_eq!(tree(&first), tree(&second));
    let manifest = String::from_utf8(tree(&first)["p/v1/readymark-manifest.json"].clone()).unwrap();
    let expected = "cd2eb0837c9b4c962c22d2ff8b5441b7b45805887f051d39bf133b583baf6860";
    assert!(manifest.contains(expected), "the digest of the file is listed");
}

#[test]
fn refuses_routes_that_leave_or_are_not_portable() {
    let (temp, dest) = folder();
    let publication = Publication::open(&dest, &Protected::default()).unwrap();
    let unit = publication.unit("p/v1").unwrap();
    let bad = [
        "",
        "/abs",
        "../x",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "C:/x",
        "a\\b",
        "nul",
        "COM1.html",
        "a/aux.txt",
        "a\0b",
        "a\nb",
        "dot.",
        "space ",
        "what?",
        "a*b",
        "\u{7f}",
        "readymark-manifest.json",
        "d/readymark-manifest.json",
    ];
    for route in bad {
        assert!(unit.put(route, b"x").is_err(), "{route:?}");
        assert!(publication.root_file(route, b"x").is_err(), "{route:?}");
    }
    for folder in ["../p", "/p", "p/v1", "p", "p/v1/x", "p/../q"] {
        assert!(publication.unit(folder).is_err(), "{folder:?}");
    }
    for route in ["ä/日本.html", ".nojekyll", "a b.html", "console.html", "com.html", "x.nul"] {
        unit.put(route, b"x").unwrap();
        assert!(unit.put(route, b"y").is_err(), "twice: {route}");
    }
    drop(unit);
    assert!(
        publication.finish().is_err(),
        "a unit that was not closed is not taken for a removed one"
    );
    assert!(tree(temp.path()).is_empty());
}

#[test]
fn refuses_protected_places() {
    let temp = tempfile::tempdir().unwrap();
    let work = temp.path().join("work");
    fs::create_dir_all(work.join("docs/inner")).unwrap();
    fs::create_dir_all(work.join(".git/refs")).unwrap();
    fs::write(work.join("docs/a.md"), "a").unwrap();
    std::os::unix::fs::symlink(work.join("docs"), work.join("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", work.join("dangling")).unwrap();
    let before = tree(temp.path());
    let protected = Protected {
        sealed: vec![work.join("docs"), work.join(".git")],
        kept: vec![work.clone()],
        within: None,
    };
    let bad = [
        "",
        "docs",
        "docs/inner",
        "docs/new/deep",
        ".git",
        ".git/site",
        "..",
        "../..",
        "link",
        "link/new",
        "x/../docs",
        "docs/a.md",
        "dangling",
    ];
    for place in bad {
        assert!(Publication::open(&work.join(place), &protected).is_err(), "{place}");
    }
    assert!(Publication::open(Path::new("/"), &protected).is_err());
    assert_eq!(tree(temp.path()), before);
    Publication::open(&work.join("site"), &protected).unwrap();
}

#[test]
fn lists_ten_foreign_files_and_touches_nothing() {
    let (temp, dest) = folder();
    plain(&dest, &site(&[("index.html", "x")])).unwrap();
    for n in 0..12 {
        fs::write(dest.join(format!("mine-{n:02}.txt")), "precious").unwrap();
    }
    let before = tree(temp.path());
    let failure = plain(&dest, &site(&[("index.html", "y")])).unwrap_err();
    assert_eq!(failure.message.matches("mine-").count(), 10, "{failure}");
    assert_eq!(tree(temp.path()), before);
}

#[test]
fn random_folders_lose_nothing_of_others() {
    let mut random = Random(7);
    for round in 0..200 {
        let (temp, dest) = folder();
        let old: Site =
            (0..random.below(6)).map(|n| (format!("f{}/{n}.html", n % 2), vec![1])).collect();
        if random.below(2) == 0 {
            plain(&dest, &old).unwrap();
        }
        fs::create_dir_all(&dest).unwrap();
        let mut foreign = 0;
        for n in 0..random.below(4) {
            let parent = dest.join(["", "f0", "f1", "new/deep", ".git"][random.below(5)]);
            fs::create_dir_all(&parent).unwrap();
            let path = parent.join(format!("foreign-{n}"));
            foreign += 1;
            match random.below(4) {
                0 => std::os::unix::fs::symlink("/etc/passwd", path).unwrap(),
                1 => std::os::unix::fs::symlink(temp.path(), path).unwrap(),
                2 => fs::write(parent.join(MANIFEST), "{}").unwrap(),
                _ => fs::write(path, format!("{round}")).unwrap(),
            }
        }
        // A file of ours that someone replaced by a link is not ours any more.
        let ours = pages(&dest).keys().find(|route| old.contains_key(*route)).cloned();
        if let Some(route) = ours.filter(|_| random.below(4) == 0) {
            fs::remove_file(dest.join(&route)).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", dest.join(&route)).unwrap();
            foreign += 1;
        }
        let replaced_manifest = tree(&dest).get(MANIFEST).is_some_and(|bytes| bytes == b"{}");
        let before = tree(temp.path());
        let done = plain(&dest, &site(&[("index.html", "new")]));
        if foreign > 0 || replaced_manifest {
            assert!(done.is_err(), "round {round}: {before:?}");
            assert_eq!(tree(temp.path()), before, "round {round}");
        } else {
            assert!(done.is_ok(), "round {round}: {done:?}");
            assert_eq!(pages(&dest), site(&[("index.html", "new")]));
        }
    }
}

#[test]
fn foreign_staging_folder_is_kept() {
    let (temp, dest) = folder();
    let staging = temp.path().join(".site.readymark-staging");
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("mine"), "precious").unwrap();
    assert!(plain(&dest, &site(&[("index.html", "x")])).is_err());
    assert_eq!(tree(&staging), site(&[("mine", "precious")]));
}

#[test]
fn no_link_into_or_between_versions() {
    use std::os::unix::fs::MetadataExt;
    let (temp, dest) = folder();
    let mut files: Site = (0..20).map(|n| (format!("{n}.html"), vec![b'a'; 9])).collect();
    plain(&dest, &files).unwrap();
    fs::hard_link(dest.join("3.html"), temp.path().join("backup")).unwrap();
    files.insert("3.html".into(), b"changed".to_vec());
    assert_eq!(plain(&dest, &files), Ok(count(1, 19, 0)));
    assert_eq!(fs::read(temp.path().join("backup")).unwrap(), b"aaaaaaaaa");
    for entry in fs::read_dir(&dest).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().nlink(), 1);
    }
}

#[test]
fn two_publishers_take_turns() {
    let (_temp, dest) = folder();
    let sites: Vec<Site> = (0..4)
        .map(|who| (0..150).map(|n| (format!("{n}.html"), format!("{who}").into_bytes())).collect())
        .collect();
    std::thread::scope(|scope| {
        for site in &sites {
            scope.spawn(|| (0..5).for_each(|_| assert!(plain(&dest, site).is_ok())));
        }
    });
    assert!(sites.contains(&pages(&dest)));
}

/// Mounts a small file system in memory; not everybody may.
fn mount(folder: &Path) -> bool {
    Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(folder)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[test]
fn a_mounted_destination_takes_units() {
    let (_temp, dest) = folder();
    fs::create_dir(&dest).unwrap();
    if !mount(&dest) {
        eprintln!("no right to mount: not tried");
        return;
    }
    let unit = site(&[("a.html", "a"), ("b.html", "b")]);
    let first = publish(&dest, &[("p/v1", &unit)], &site(&[("index.html", "x")]));
    let unit = site(&[("a.html", "a"), ("b.html", "c")]);
    let second = publish(&dest, &[("p/v1", &unit)], &site(&[("index.html", "x")]));
    let whole = plain(&dest, &unit);
    let after = pages(&dest);
    Command::new("umount").arg("-l").arg(&dest).status().unwrap();
    assert_eq!((first, second), (Ok(count(3, 0, 0)), Ok(count(1, 2, 0))));
    assert!(whole.unwrap_err().message.contains("mount point"));
    assert_eq!(after, site(&[("index.html", "x"), ("p/v1/a.html", "a"), ("p/v1/b.html", "c")]));
}

#[test]
fn a_full_disk_or_a_file_in_the_way_leaves_the_old_site() {
    let temp = tempfile::tempdir().unwrap();
    let mounted = mount(temp.path());
    let dest = temp.path().join("site");
    let old = site(&[("index.html", "old"), ("a.html", "a")]);
    plain(&dest, &old).unwrap();
    if mounted {
        let big: Site = (0..50).map(|n| (format!("{n}.html"), vec![0; 64 * 1024])).collect();
        let done = plain(&dest, &big);
        let units = publish(&dest, &[("p/v1", &big)], &Site::new());
        let after = tree(temp.path());
        let pages = pages(&dest);
        Command::new("umount").arg("-l").arg(temp.path()).status().unwrap();
        assert!(done.unwrap_err().message.contains("cannot write"));
        assert!(units.is_err());
        assert_eq!(pages, old);
        assert_eq!(after.len(), 3, "the staging folder is gone: {:?}", after.keys());
    } else {
        eprintln!("no right to mount: the full disk was not tried");
    }
    let blocked = tempfile::tempdir().unwrap();
    fs::write(blocked.path().join("file"), "x").unwrap();
    assert!(plain(&blocked.path().join("file/site"), &old).is_err());
    assert!(plain(&blocked.path().join("file"), &old).is_err());
}

/// Two sites of 300 files; each unit and the plain site is all of one or all of the other.
fn alternating(generation: usize) -> Site {
    (0..300)
        .map(|n| {
            let text = if n % 3 == 0 {
                format!("same {n}")
            } else {
                format!("{generation} {n}").repeat(300)
            };
            let name = if n % 50 == 1 {
                format!("d{}/only-{generation}-{n}", n % 5)
            } else {
                format!("d{}/{n}", n % 5)
            };
            (format!("{name}.html"), text.into_bytes())
        })
        .collect()
}

/// Runs in a process of its own, started by the kill tests.
#[test]
#[ignore = "runs until it is killed"]
fn publishes_forever() {
    let Ok(dest) = std::env::var("KILL_DEST") else { return };
    let dest = PathBuf::from(dest);
    loop {
        publish_generation(&dest, 0);
        publish_generation(&dest, 1);
    }
}

/// Tells whether a unit is there; fails when it is neither of the two sites.
fn is_there(folder: &Path, round: usize) -> bool {
    let pages = pages(folder);
    let whole =
        tree(folder).contains_key(MANIFEST) && (pages == alternating(0) || pages == alternating(1));
    assert!(whole || tree(folder).is_empty(), "round {round}: {} is a mix", folder.display());
    whole
}

fn check_plain(dest: &Path, round: usize) {
    assert!(is_there(dest, round), "round {round}: the site is gone");
}

fn check_versioned(dest: &Path, round: usize) {
    let [v1, v2, odd, even] =
        ["p/v1", "p/v2", "p/odd", "p/even"].map(|part| is_there(&dest.join(part), round));
    let index = fs::read_to_string(dest.join("index.html")).unwrap();
    let pointed = v1 && v2 && if index == "r0" { odd } else { even };
    assert!(pointed, "round {round}: the root “{index}” points to a unit that is not there");
}

/// Publishes the generation that the kill tests alternate.
fn publish_generation(dest: &Path, generation: usize) {
    let files = alternating(generation);
    if dest.ends_with("versioned") {
        let only_here = ["old.js", "new.js"][generation];
        let root = site(&[("index.html", ["r0", "r1"][generation]), (only_here, "x")]);
        let gone = ["p/odd", "p/even"][generation];
        publish(dest, &[("p/v1", &files), ("p/v2", &files), (gone, &files)], &root).unwrap();
    } else {
        plain(dest, &files).unwrap();
    }
}

fn kill_rounds(name: &str, check: fn(&Path, usize)) {
    // In memory where that is possible: what counts is the order of steps, and a disk makes each round slow.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let temp = tempfile::tempdir_in(place).unwrap();
    let dest = temp.path().join(name);
    let staging = temp.path().join(format!(".{name}.readymark-staging"));
    publish_generation(&dest, 0);
    let start = Instant::now();
    publish_generation(&dest, 1);
    let once = usize::try_from(start.elapsed().as_micros()).unwrap();
    let mut random = Random(11);
    let mut interrupted = 0;
    for round in 0..100 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "output::publishes_forever"])
            .env("KILL_DEST", &dest)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = || ["root", "unit-1"].iter().any(|part| staging.join(part).exists());
        while !begun() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(random.below(once * 3 / 2) as u64));
        assert!(
            child.try_wait().unwrap().is_none(),
            "round {round}: the publisher failed by itself"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        interrupted += usize::from(staging.exists());
        check(&dest, round);
    }
    assert!(interrupted > 20, "only {interrupted} kills hit a running publication");
    plain(&dest, &alternating(0)).unwrap();
    assert_eq!(pages(&dest), alternating(0));
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
}

#[test]
fn a_plain_site_is_whole_after_a_kill() {
    kill_rounds("plain", check_plain);
}

#[test]
fn a_versioned_site_is_whole_after_a_kill() {
    kill_rounds("versioned", check_versioned);
}

/// A small repeatable source of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
