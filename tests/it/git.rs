//! Reads real repositories that the git command made.

use std::fs;

use readymark::git::{RefKind, Repository, is_lfs_pointer, select};
use readymark::settings::Versions;
use readymark::source::{Origin, ReadBlob, RepoPath, Snapshot};

use crate::lab::{Lab, git};

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

#[test]
fn one_path_read_again_is_the_same_as_all_read_again() {
    let lab = Lab::new();
    for path in ["a.md", "b.md", "docs/c.md"] {
        lab.write(path, "one\n");
    }
    lab.write(".gitignore", "*.tmp\n");
    lab.commit("one");
    let repository = lab.open();
    let mut snapshot = repository.work_tree(&[]).unwrap();
    let steps: [(&str, Option<&str>); 8] = [
        ("a.md", Some("two\n")),
        ("a.md", Some("one\n")),
        ("b.md", None),
        ("docs/d.md", Some("new\n")),
        ("docs/x.tmp", Some("ignored\n")),
        ("docs/d.md", None),
        ("docs/c.md", Some("two\n")),
        (".gitignore", Some("*.md\n")),
    ];
    for (path, content) in steps {
        match content {
            Some(content) => lab.write(path, content),
            None => fs::remove_file(lab.root.join(path)).unwrap(),
        }
        snapshot = repository.work_tree_after(&snapshot, &[RepoPath::new(path)], &[]).unwrap();
        let cold = lab.open().work_tree(&[]).unwrap();
        assert_eq!(snapshot.files, cold.files, "{path}");
        assert_eq!(snapshot.loose, cold.loose, "{path}");
    }
}

#[test]
fn a_new_or_lost_folder_is_noticed_from_its_name() {
    let lab = Lab::new();
    lab.write("docs/a.md", "a\n");
    lab.commit("one");
    let repository = lab.open();
    let before = repository.work_tree(&[]).unwrap();
    fs::rename(lab.root.join("docs"), lab.root.join("guide")).unwrap();
    let names = [RepoPath::new("docs"), RepoPath::new("guide")];
    let after = repository.work_tree_after(&before, &names, &[]).unwrap();
    assert_eq!(paths(&after), ["guide/a.md"]);
}

#[test]
fn links_submodules_and_odd_names_are_said() {
    let lab = Lab::new();
    lab.write("a.md", "a\n");
    std::os::unix::fs::symlink("a.md", lab.root.join("link.md")).unwrap();
    std::os::unix::fs::symlink("..", lab.root.join("up")).unwrap();
    let commit = lab.commit("one");
    lab.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},vendor/other")]);
    let blob = lab.git(&["hash-object", "-w", "a.md"]);
    let name = std::ffi::OsString::from(String::from("line\nbreak.md"));
    fs::write(lab.root.join(name), "odd\n").unwrap();
    lab.git(&["add", "--", "line\nbreak.md"]);
    lab.git(&["commit", "-q", "-m", "two"]);
    let latin = not_utf8(&lab, &blob);
    let latin = lab.git(&["commit-tree", "-m", "three", &latin]);
    let repository = lab.open();
    let two = repository.snapshot(repository.resolve("HEAD").unwrap(), &[]).unwrap();
    assert_eq!(paths(&two), ["a.md", "line\nbreak.md"]);
    let rules: Vec<_> = two.skipped.iter().map(|one| (one.path.as_str(), one.rule)).collect();
    let expected = [
        ("link.md", "source.symbolic-link"),
        ("up", "source.symbolic-link"),
        ("vendor/other", "source.submodule"),
    ];
    assert_eq!(rules, expected);
    let findings = readymark::rules::source::skipped(&two, |path| path.as_str() != "vendor/other");
    let told: Vec<_> =
        findings.iter().map(|found| (found.severity.word(), found.message.as_str())).collect();
    let expected = [
        ("note", "this is a symbolic link to a.md, which is shown in its own place"),
        ("warning", "this is a symbolic link, which is not followed"),
    ];
    assert_eq!(told, expected);
    let three = repository.snapshot(repository.resolve(&latin).unwrap(), &[]).unwrap();
    assert!(three.files.is_empty());
    assert_eq!(three.skipped[0].rule, "source.path-encoding");
}

/// Makes a tree with a Latin-1 name, as old machines did.
fn not_utf8(lab: &Lab, blob: &str) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = crate::lab::command(&lab.root, &["mktree"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let line = [b"100644 blob ", blob.as_bytes(), b"\tcaf\xe9.md\n"].concat();
    child.stdin.take().unwrap().write_all(&line).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

#[test]
fn a_link_on_the_way_is_never_followed() {
    let lab = Lab::new();
    lab.write("docs/a.md", "a\n");
    lab.commit("one");
    let outside = lab.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.md"), "secret\n").unwrap();
    fs::remove_dir_all(lab.root.join("docs")).unwrap();
    std::os::unix::fs::symlink(&outside, lab.root.join("docs")).unwrap();
    let repository = lab.open();
    let snapshot = repository.work_tree(&[]).unwrap();
    assert!(snapshot.files.is_empty() && snapshot.loose.is_empty());
    assert_eq!(snapshot.skipped[0].path.as_str(), "docs");
    let again = repository.work_tree_after(&snapshot, &[RepoPath::new("docs/a.md")], &[]).unwrap();
    assert!(again.files.is_empty() && again.loose.is_empty());
}

#[test]
fn pipes_nested_repositories_and_huge_files_do_not_hang() {
    let lab = Lab::new();
    lab.write("pipe.md", "before\n");
    lab.commit("one");
    fs::remove_file(lab.root.join("pipe.md")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(lab.root.join("pipe.md")).status().unwrap();
    assert!(made.success());
    fs::File::create(lab.root.join("huge.bin")).unwrap().set_len(1 << 40).unwrap();
    fs::create_dir(lab.root.join("nested")).unwrap();
    git(&lab.root.join("nested"), &["init", "-q"]);
    fs::write(lab.root.join("nested/inner.md"), "inner\n").unwrap();
    git(&lab.root.join("nested"), &["add", "-A"]);
    git(&lab.root.join("nested"), &["commit", "-q", "-m", "inner"]);
    let snapshot = lab.open().work_tree(&[]).unwrap();
    assert!(snapshot.files.is_empty());
    let rules: Vec<_> = snapshot.skipped.iter().map(|one| (one.path.as_str(), one.rule)).collect();
    let expected = [
        ("huge.bin", "source.unreadable-file"),
        ("nested", "source.submodule"),
        ("pipe.md", "source.unreadable-file"),
    ];
    assert_eq!(rules, expected);
}

#[test]
fn bare_repositories_worktrees_and_folders_inside_open() {
    let lab = Lab::new();
    lab.write("docs/a.md", "a\n");
    let commit = lab.commit("one");
    let sub = Repository::open(&lab.root.join("docs")).unwrap();
    assert_eq!(sub.inside(), "docs");
    assert_eq!(sub.resolve("main").unwrap().to_string(), commit);
    lab.git(&["worktree", "add", "-q", "-b", "side", "../linked"]);
    let linked = lab.dir.path().join("linked");
    fs::write(linked.join("docs/b.md"), "b\n").unwrap();
    let linked = Repository::open(&linked).unwrap();
    assert_eq!(linked.default_ref().as_deref(), Some("side"));
    assert_eq!(paths(&linked.work_tree(&[]).unwrap()), ["docs/a.md", "docs/b.md"]);
    let lab = lab.cloned(&["--bare"]);
    let bare = lab.open();
    assert_eq!(bare.default_ref().as_deref(), Some("main"));
    let snapshot = bare.snapshot(bare.resolve("main").unwrap(), &[]).unwrap();
    assert_eq!(text(&bare, &snapshot, "docs/a.md"), "a\n");
    let failure = bare.work_tree(&[]).unwrap_err();
    assert!(failure.message.contains("bare") && failure.help.is_some(), "{failure}");
}

/// What a sparse checkout leaves out is in HEAD and no file that somebody removed.
#[test]
fn a_sparse_checkout_misses_nothing() {
    let lab = Lab::new();
    for path in ["in/a.md", "out/b.md", "out/c.md"] {
        lab.write(path, "x\n");
    }
    lab.commit("before");
    lab.git(&["sparse-checkout", "set", "in"]);
    assert!(!lab.root.join("out").exists());
    let seen = lab.open().work_tree(&[]).unwrap();
    assert_eq!(paths(&seen), ["in/a.md", "out/b.md", "out/c.md"]);
    assert!(seen.files.iter().all(|file| file.origin == Origin::Committed));
    lab.write("out/b.md", "changed\n");
    fs::remove_file(lab.root.join("in/a.md")).unwrap();
    let seen = lab.open().work_tree(&[]).unwrap();
    assert_eq!(paths(&seen), ["out/b.md", "out/c.md"]);
    assert_eq!(seen.files[0].origin, Origin::Modified);
}

#[test]
fn a_folder_outside_git_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in
        [("a.md", "a\n"), (".gitignore", "out\n"), ("out/x.md", "x\n"), ("docs/b.md", "b\n")]
    {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), content).unwrap();
    }
    let repository = Repository::open(folder.path()).unwrap();
    assert!(!repository.is_git());
    let snapshot = repository.work_tree(&[]).unwrap();
    assert_eq!(paths(&snapshot), ["a.md", "docs/b.md"]);
    assert_eq!(text(&repository, &snapshot, "docs/b.md"), "b\n");
    // `printf 'a\n' | git hash-object --stdin`
    assert_eq!(snapshot.files[0].blob.to_string(), "78981922613b2afb6025042ff6bd878ac1994e85");
    assert!(snapshot.commit.is_none() && repository.refs().unwrap().refs.is_empty());
    assert!(repository.resolve("main").is_err());
    assert!(Repository::open(&folder.path().join("none")).is_err());
}

#[test]
fn before_the_first_commit_the_work_tree_is_all_there_is() {
    let lab = Lab::new();
    lab.write("a.md", "a\n");
    let repository = lab.open();
    assert_eq!(repository.head().unwrap(), None);
    assert_eq!(repository.default_ref().as_deref(), Some("main"));
    assert_eq!(repository.authority(None).unwrap(), None);
    let snapshot = repository.work_tree(&[]).unwrap();
    assert_eq!(snapshot.files[0].origin, Origin::Untracked);
    assert!(repository.resolve("HEAD").unwrap_err().help.is_some());
}

#[test]
fn sha256_repositories_are_read() {
    let lab = Lab::with(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    lab.write("a.md", "a\n");
    let commit = lab.commit("one");
    lab.write("a.md", "b\n");
    let repository = lab.open();
    let head = repository.resolve("main").unwrap();
    assert_eq!((head.to_string(), head.as_bytes().len()), (commit, 32));
    let snapshot = repository.work_tree(&[]).unwrap();
    assert_eq!(snapshot.files[0].blob.to_string(), lab.git(&["hash-object", "a.md"]));
    assert_eq!(text(&repository, &repository.snapshot(head, &[]).unwrap(), "a.md"), "a\n");
}

#[test]
fn reftable_is_refused_with_a_remedy() {
    let lab = Lab::with(&["init", "-q", "-b", "main", "--ref-format=reftable"]);
    let failure = Repository::open(&lab.root).err().unwrap();
    assert!(
        failure.help.unwrap().contains("git refs migrate --ref-format=files"),
        "{}",
        failure.message
    );
}

#[test]
fn a_partial_clone_says_what_is_missing_and_fetches_nothing() {
    let lab = Lab::new();
    lab.write("a.md", "old\n");
    lab.commit("one");
    lab.write("a.md", "new\n");
    lab.commit("two");
    lab.git(&["config", "uploadpack.allowFilter", "true"]);
    let lab = lab.cloned(&["--filter=blob:none"]);
    let repository = lab.open();
    let old = repository.snapshot(repository.resolve("HEAD~1").unwrap(), &[]).unwrap();
    let reader = repository.reader().unwrap();
    let read = |reader: &dyn ReadBlob| reader.read(old.files[0].blob);
    let phrase = read(&reader).unwrap_err();
    assert!(phrase.contains("git fetch --refetch --no-filter"), "{phrase}");
    assert!(read(&reader).is_err(), "nothing was fetched");
    lab.git(&["fetch", "-q", "--refetch", "--no-filter"]);
    assert_eq!(read(&repository.reader().unwrap()).unwrap().as_ref(), b"old\n");
}

#[test]
fn tags_of_all_kinds_are_listed_or_said() {
    let lab = Lab::new();
    lab.write("a.md", "a\n");
    let one = lab.commit("one");
    lab.git(&["tag", "v1.10"]);
    lab.git(&["tag", "-a", "-m", "nine", "v1.9"]);
    lab.git(&["tag", "-a", "-m", "nested", "nested", "v1.9"]);
    lab.git(&["tag", "tree", "HEAD^{tree}"]);
    lab.git(&["tag", "-a", "-m", "blob", "blob", "HEAD:a.md"]);
    lab.git(&["branch", "pilot/a"]);
    let repository = lab.open();
    let refs = repository.refs().unwrap();
    let found: Vec<_> =
        refs.refs.iter().map(|one| (one.name.as_str(), one.kind, one.tag.is_some())).collect();
    let expected = [
        ("main", RefKind::Branch, false),
        ("nested", RefKind::Tag, true),
        ("pilot/a", RefKind::Branch, false),
        ("v1.9", RefKind::Tag, true),
        ("v1.10", RefKind::Tag, false),
    ];
    assert_eq!(found, expected);
    assert!(refs.refs.iter().all(|facts| facts.commit.to_string() == one));
    let skipped: Vec<_> =
        refs.skipped.iter().map(|one| (one.name.as_str(), one.reason.as_str())).collect();
    assert_eq!(refs.lost_tags(), 0, "what names something else is all there");
    let expected = [
        ("refs/tags/blob", "it names a blob, not a commit"),
        ("refs/tags/tree", "it names a tree, not a commit"),
    ];
    assert_eq!(skipped, expected);
    let globs = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
    let versions = Versions {
        tags: globs(&["v*", "!v1.9"]),
        branches: globs(&["pilot/*"]),
        ..Versions::default()
    };
    let chosen = select(&refs.refs, &versions).unwrap();
    let names: Vec<_> = chosen.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["pilot/a", "v1.10"]);
    assert!(select(&refs.refs, &Versions { tags: globs(&["v[1"]), ..versions }).is_err());
    assert!(repository.resolve("tree").unwrap_err().message.contains("tree"));
}

#[test]
fn a_build_machine_finds_branches_of_the_remote() {
    let lab = Lab::new();
    lab.write("a.md", "a\n");
    let commit = lab.commit("one");
    lab.git(&["branch", "release"]);
    let lab = lab.cloned(&[]);
    lab.git(&["checkout", "-q", "--detach"]);
    lab.git(&["branch", "-q", "-D", "main"]);
    let repository = lab.open();
    let names: Vec<_> =
        repository.refs().unwrap().refs.into_iter().map(|one| (one.name, one.kind)).collect();
    let remote = |name: &str| (name.to_owned(), RefKind::RemoteBranch);
    assert_eq!(names, [remote("main"), remote("release")]);
    assert_eq!(repository.default_ref().as_deref(), Some("HEAD"));
    let (_, authority) = repository.authority(Some("main")).unwrap().unwrap();
    assert_eq!(authority.to_string(), commit);
}

/// Anything of the repository's settings that would run leaves a file behind.
#[test]
fn nothing_in_the_settings_of_a_repository_is_executed() {
    let lab = Lab::new();
    lab.write("a.md", "a\n");
    lab.write(".gitattributes", "*.md filter=canary diff=canary\n");
    lab.commit("one");
    let canary = lab.dir.path().join("canary");
    let run = format!("touch {}; cat", canary.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "diff.external",
        "diff.canary.textconv",
        "filter.canary.clean",
        "filter.canary.smudge",
        "filter.canary.process",
        "credential.helper",
        "gpg.program",
        "alias.status",
    ] {
        lab.git(&["config", key, &run]);
    }
    lab.write("a.md", "changed\n");
    let repository = lab.open();
    let snapshot = repository.work_tree(&[]).unwrap();
    assert_eq!(text(&repository, &snapshot, "a.md"), "changed\n");
    repository.refs().unwrap();
    assert!(!canary.exists());
}

#[test]
fn replace_refs_are_counted_and_not_followed() {
    let lab = Lab::new();
    lab.write("a.md", "real\n");
    let real = lab.commit("real");
    lab.write("a.md", "false\n");
    let other = lab.commit("false");
    lab.git(&["reset", "-q", "--hard", &real]);
    lab.git(&["replace", &real, &other]);
    let repository = lab.open();
    assert_eq!(repository.replace_refs(), 1);
    let snapshot = repository.snapshot(repository.resolve("main").unwrap(), &[]).unwrap();
    assert_eq!(text(&repository, &snapshot, "a.md"), "real\n");
    assert_eq!(snapshot.commit.unwrap().subject, "real");
}

#[test]
fn pointers_of_large_files_are_recognised() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    assert!(is_lfs_pointer(pointer.as_bytes()));
    assert!(!is_lfs_pointer(b"version 1 of the text"));
}

/// Only root can give a folder away; elsewhere there is nothing to see.
#[test]
fn a_repository_of_another_user_is_refused_with_a_remedy() {
    let lab = Lab::new();
    if std::os::unix::fs::chown(&lab.root, Some(12_345), None).is_err() {
        return;
    }
    std::os::unix::fs::chown(lab.root.join(".git"), Some(12_345), None).unwrap();
    let failure = Repository::open(&lab.root).err().unwrap();
    assert!(failure.help.unwrap().contains("safe.directory"), "{}", failure.message);
}
