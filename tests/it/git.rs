//! Reads real repositories that the git command made.

use std::fs;

use readymark::git::{RefKind, Repository, is_lfs_pointer, select};
use readymark::settings::Versions;
use readymark::source::{Origin, ReadBlob, RepoPath, Snapshot};

use crate::lab::Lab;

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn a_commit_is_listed_as_git_lists_it() {
    let lab = Lab::new();
    for path in ["a.md", "a/x.md", "a/b/y.md", "a-b.md", "z.md", "\u{e9} \"q\".md"] {
        lab.write(path, path);
    }
    lab.commit("files");
    let repository = lab.open();
    let commit = repository.resolve("HEAD").unwrap();
    let snapshot = repository.snapshot(commit, &[]).unwrap();
    let listed: Vec<String> = snapshot
        .files
        .iter()
        .map(|file| format!("100644 blob {}\t{}", file.blob, file.path))
        .collect();
    let expected = lab.git(&["ls-tree", "-r", "-z", "HEAD"]);
    let expected: Vec<&str> = expected.split_terminator('\0').collect();
    assert_eq!(listed, expected);
    let facts = snapshot.commit.unwrap();
    assert_eq!((facts.time, facts.offset, facts.subject.as_str()), (1_767_225_660, 60, "files"));
    let part = repository.snapshot(commit, &["a", "a/b", "z.md", "none"]).unwrap();
    assert_eq!(paths(&part), ["a/b/y.md", "a/x.md", "z.md"]);
}

fn origin(snapshot: &Snapshot, path: &str) -> Option<Origin> {
    snapshot.file(path).map(|file| file.origin)
}

fn text(repository: &Repository, snapshot: &Snapshot, path: &str) -> String {
    let reader = repository.reader().unwrap();
    let bytes = reader.with(snapshot).read(snapshot.file(path).unwrap().blob).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Each path of a dirty work tree with what it should be there.
#[test]
fn the_work_tree_lies_over_head() {
    let lab = Lab::new();
    for path in
        ["same.md", "changed.md", "gone.md", "unstaged.md", "untouched/deep.md", "became-link.md"]
    {
        lab.write(path, "before\n");
    }
    lab.write(".gitignore", "ignored.md\nout/\n");
    lab.commit("before");
    lab.write("changed.md", "after\n");
    lab.write("same.md", "before\n");
    fs::remove_file(lab.root.join("gone.md")).unwrap();
    fs::remove_file(lab.root.join("became-link.md")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", lab.root.join("became-link.md")).unwrap();
    lab.write("staged.md", "staged\n");
    lab.git(&["add", "staged.md"]);
    lab.git(&["rm", "-q", "--cached", "unstaged.md"]);
    lab.write("new folder/new.md", "new\n");
    lab.write("ignored.md", "secret\n");
    lab.write("out/page.html", "secret\n");
    let repository = lab.open();
    let snapshot = repository.work_tree(&[]).unwrap();
    let expected = [
        (".gitignore", Origin::Committed),
        ("changed.md", Origin::Modified),
        ("new folder/new.md", Origin::Untracked),
        ("same.md", Origin::Committed),
        ("staged.md", Origin::Modified),
        ("unstaged.md", Origin::Committed),
        ("untouched/deep.md", Origin::Committed),
    ];
    let found: Vec<_> =
        snapshot.files.iter().map(|file| (file.path.as_str(), file.origin)).collect();
    assert_eq!(found, expected);
    assert_eq!(text(&repository, &snapshot, "changed.md"), "after\n");
    assert_eq!(text(&repository, &snapshot, "same.md"), "before\n");
    let hashed = lab.git(&["hash-object", "changed.md"]);
    assert_eq!(snapshot.file("changed.md").unwrap().blob.to_string(), hashed);
    assert_eq!(snapshot.loose.len(), 3);
    let skipped: Vec<_> =
        snapshot.skipped.iter().map(|one| (one.path.as_str(), one.rule)).collect();
    assert_eq!(skipped, [("became-link.md", "source.symbolic-link")]);
    assert_eq!(snapshot.commit.unwrap().id, repository.resolve("HEAD").unwrap());
}
