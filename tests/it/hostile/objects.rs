//! Damaged objects and trees that are bombs.

use std::fs;
use std::io::Read;
use std::process::Command;

use super::*;

// F58
#[test]
fn damaged_objects_end_in_words() {
    let lab = Lab::new();
    for round in 0..4 {
        for page in 0..8 {
            lab.write(
                &format!("p/{page}.md"),
                &format!(
                    "---\nid: N-{page}\nstatus: s{round}\n---\n{}",
                    "word ".repeat(50 + round)
                ),
            );
        }
        lab.write("p/pack.toml", "id = \"p\"\n");
        lab.commit("Change");
    }
    let mut dice = Dice(5);
    lab.git(&["repack", "-adfq"]);
    let packs: Vec<String> = files(&lab.root.join(".git/objects"))
        .into_keys()
        .filter(|name| name.starts_with("pack/"))
        .collect();
    assert!(packs.iter().any(|name| name.ends_with(".idx")));
    damage(&lab, &packs, 40, &mut dice);
}

fn damage(lab: &Lab, names: &[String], rounds: usize, dice: &mut Dice) {
    for _ in 0..rounds {
        let path = lab.root.join(".git/objects").join(&names[dice.roll(names.len())]);
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        if dice.roll(4) == 0 {
            bytes.truncate(dice.roll(whole.len()));
        } else {
            for _ in 0..=dice.roll(3) {
                let at = dice.roll(whole.len());
                bytes[at] ^= 1 << dice.roll(8);
            }
        }
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let site = lab.dir.path().join("site");
        run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn deep_trees_and_tree_bombs_end_in_words() {
    let deep = format!("{}x.md", "a/".repeat(30_000));
    let lab = imported(&[file(&deep, "# Deep\n"), file("b.md", "# Canary-b\n")]);
    assert!(holds(&built(&lab), "canary-b").is_some());
    let lab = imported(&[file("b.md", "# B\n")]);
    let mut tree = lab.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..9 {
        let lines: String = (0..10).map(|at| format!("040000 tree {tree}\t{at}\n")).collect();
        let mut mktree = lab::command(&lab.root, &["mktree"]);
        let mut child = mktree.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        tree =
            String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned();
    }
    let commit = lab.git(&["commit-tree", &tree, "-m", "Bomb"]);
    lab.git(&["update-ref", "refs/heads/main", &commit]);
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("500000"), "{}", words(&output));
}

/// The files of loose objects, by path under `.git/objects`.
fn loose(lab: &Lab) -> Vec<String> {
    let names = files(&lab.root.join(".git/objects")).into_keys();
    names.filter(|name| name.len() == 41 && name.as_bytes()[2] == b'/').collect()
}

/// What may have become of the packed bytes of an object; `raw` is what they unpack to.
fn ruins(packed: &[u8], raw: &[u8], dice: &mut Dice) -> Vec<Vec<u8>> {
    let again = |raw: &[u8]| {
        let mut pack = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        pack.write_all(raw).unwrap();
        pack.finish().unwrap()
    };
    let nul = memchr::memchr(0, raw).unwrap();
    let header = |text: &str| again(&[text.as_bytes(), &raw[nul..]].concat());
    let mut flipped = packed.to_vec();
    flipped[dice.roll(packed.len())] ^= 1 << dice.roll(8);
    let kind = std::str::from_utf8(&raw[..nul]).unwrap().split(' ').next().unwrap();
    vec![
        Vec::new(),
        vec![0; packed.len()],
        packed[..packed.len() / 2].to_vec(),
        packed[..packed.len() - 5].to_vec(),
        flipped,
        [packed, b"more"].concat(),
        header(&format!("{kind} {}", raw.len())),
        header(&format!("{kind} 1")),
        header(&format!("{kind} 18446744073709551615")),
        header("thing 3"),
        again(&[raw, b"more"].concat()),
        again(b"blob 3\0abc"),
        again(&[b' '; 100]),
    ]
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    flate2::read::ZlibDecoder::new(packed).read_to_end(&mut raw).unwrap();
    raw
}

// F58: libgit2 alone never comes back from some of these
#[test]
fn damaged_loose_objects_end_in_words() {
    let lab = Lab::new();
    lab.write("book.toml", "[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n");
    lab.write("p/pack.toml", "id = \"p\"\n");
    lab.write("p/good.md", "# Canary-good\n");
    lab.write("p/one.md", "---\nid: N-1\nstatus: draft\n---\n# One\n");
    lab.write(".gitattributes", "*.md text\n");
    lab.commit("Start");
    lab.git(&["tag", "-a", "v1", "-m", "One"]);
    lab.write("p/one.md", "---\nid: N-1\nstatus: active\n---\n# One\n");
    lab.commit("Change");
    fs::remove_file(lab.root.join(".gitattributes")).unwrap();
    let page = lab.git(&["rev-parse", "HEAD:p/one.md"]);
    let mut dice = Dice(7);
    for name in loose(&lab) {
        let id = name.replace('/', "");
        let path = lab.root.join(".git/objects").join(&name);
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let mut ruins = ruins(&whole, &unpacked(&whole), &mut dice);
        // All of them for a page, some for everything else.
        let from = dice.roll(ruins.len());
        ruins.rotate_left(from);
        ruins.truncate(if id == page { ruins.len() } else { 3 });
        for ruin in ruins {
            fs::write(&path, &ruin).unwrap();
            let site = lab.dir.path().join("site");
            let build = run(&lab.root, &["build", ".", "-d", site.to_str().unwrap()]);
            let check = run(&lab.root, &["check", "."]);
            for output in [&build, &check] {
                if output.status.code() == Some(2) {
                    assert!(words(output).contains("git fsck"), "{}", words(output));
                }
            }
            if id == page && !ruin.starts_with(&whole) {
                assert_eq!(build.status.code(), Some(1), "{}", words(&build));
                assert!(words(&build).contains("damaged"), "{}", words(&build));
                assert!(holds(&files(&site), "canary-good").is_some());
            }
            fs::remove_file(&path).unwrap();
        }
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(run(&lab.root, &["build", ".", "-d", "../site"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_object_that_is_a_pipe_is_not_waited_for() {
    let lab = imported(&[file("a.md", "# A\n")]);
    lab.write("b.md", "# B\n");
    lab.git(&["reset", "-q", "--hard"]);
    lab.write("b.md", "# B\n");
    lab.commit("Add");
    let id = lab.git(&["rev-parse", "HEAD:b.md"]);
    let path = lab.root.join(".git/objects").join(&id[..2]).join(&id[2..]);
    fs::remove_file(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
}

// F58: an index over several packs
#[test]
fn damaged_indexes_over_packs_end_in_words() {
    let lab = Lab::new();
    for round in 0..3 {
        lab.write(&format!("{round}.md"), &format!("# Page {round}\n{}", "word ".repeat(90)));
        lab.commit("Change");
        lab.git(&["repack", "-q"]);
        lab.git(&["prune-packed", "-q"]);
    }
    lab.git(&["multi-pack-index", "write"]);
    lab.git(&["commit-graph", "write", "--reachable"]);
    assert_eq!(run(&lab.root, &["build", ".", "-d", "../site"]).status.code(), Some(0));
    let mut dice = Dice(9);
    damage(&lab, &["pack/multi-pack-index".to_owned()], 40, &mut dice);
    damage(&lab, &["info/commit-graph".to_owned()], 5, &mut dice);
    // Every offset behind the end of its pack.
    let path = lab.root.join(".git/objects/pack/multi-pack-index");
    let mut bytes = fs::read(&path).unwrap();
    let row = memchr::memmem::find(&bytes, b"OOFF").unwrap();
    let at = |row: usize| {
        usize::try_from(u64::from_be_bytes(bytes[row + 4..row + 12].try_into().unwrap())).unwrap()
    };
    let (start, end) = (at(row), at(row + 12));
    bytes[start..end]
        .chunks_exact_mut(8)
        .for_each(|place| place[4..].copy_from_slice(b"\x7f\xff\xff\xff"));
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("git multi-pack-index write"), "{}", words(&output));
}

/// Other files of a git folder, damaged or absurd: the exit code of the build and a word that it says.
const ODD_FOLDERS: &[(&str, &str, i32, &str)] = &[
    ("HEAD", "", 2, "HEAD"),
    ("HEAD", "ref: refs/heads/gone\n", 2, "no commit yet"),
    ("HEAD", "ref: HEAD\n", 2, ""),
    ("HEAD", "ref: ../../../etc/passwd\n", 2, ""),
    ("HEAD", "0000000000000000000000000000000000000000\n", 2, "git fsck"),
    ("HEAD", "1234567890123456789012345678901234567890\n", 2, "git fsck"),
    ("HEAD", "\0\0\0\0", 2, ""),
    ("packed-refs", "\0\u{1}garbage\n", 2, "git pack-refs"),
    ("packed-refs", "# pack-refs with: peeled\n^1234\n", 2, ""),
    ("packed-refs", "1234567890123456789012345678901234567890 refs/tags/v9\n", 0, ""),
    ("packed-refs", "zz refs/tags/v9\n", 2, ""),
    ("refs/tags/v8", "", 0, ""),
    ("refs/tags/v8", "ref: refs/tags/v8\n", 0, ""),
    ("refs/tags/v8", "garbage", 0, ""),
    ("refs/heads/main", "", 2, ""),
    ("refs/heads/main", "ref: refs/heads/main\n", 2, ""),
    ("index", "", 0, ""),
    ("index", "DIRC\0\0\0\u{2}\u{7f}\u{7f}\u{7f}\u{7f}", 0, ""),
    ("index", "garbage garbage garbage garbage garbage", 0, ""),
    ("shallow", "garbage\n\0", 2, "git status"),
    ("info/grafts", "garbage", 2, "git status"),
    ("objects/info/alternates", "../objects\n/nowhere\n.\n\0\n#\n", 0, ""),
    ("objects/info/alternates", "/proc/self/root\n/dev\n", 0, ""),
    ("info/attributes", "* filter=x diff=y\n[attr]\n\0", 0, ""),
    ("config", "", 0, ""),
    ("config", "[core", 2, "config"),
    ("config", "\0\0\0", 0, ""),
    ("config", "[core]\nrepositoryformatversion = 99\n", 2, ""),
    ("config", "[core]\nrepositoryformatversion = x\n", 2, ""),
    ("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = md5\n", 2, ""),
    ("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n", 2, ""),
    ("config", "[core]\nbare = maybe\n", 2, ""),
    ("config", "[core]\nworktree = /\n", 2, "core.worktree"),
    ("config", "[core]\nattributesfile = /dev/zero\nexcludesfile = /nowhere\n", 0, ""),
    ("config", "[include]\npath = config\n", 2, "git status"),
    ("config", "[include]\npath = /dev/null\npath = ../../..\npath = ~root/.x\n", 0, ""),
    ("commondir", "/nowhere\n", 0, ""),
    ("commondir", "..\n", 0, ""),
];

// F56, F58
#[test]
fn odd_git_folders_end_in_words_or_build() {
    let bomb = "[include]\npath = config\n".to_owned() + &"[a]\nb = c\n".repeat(20_000);
    let bomb = ("config", bomb.as_str(), 2, "git status");
    for (name, text, code, word) in ODD_FOLDERS.iter().chain([&bomb]) {
        let lab = Lab::new();
        lab.write("a.md", "# Canary-a\n");
        lab.commit("Start");
        let path = lab.root.join(".git").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let start: String = text.chars().take(70).collect();
        let output = run(&lab.root, &["build", ".", "-d", "../site"]);
        let said = words(&output);
        assert_eq!(output.status.code(), Some(*code), "{name} {start:?}: {said}");
        assert!(said.contains(word), "{name} {start:?}: {said}");
        let check = run(&lab.root, &["check", "."]);
        for output in [&output, &check].iter().filter(|output| output.status.code() == Some(2)) {
            assert!(words(output).contains("help: "), "{name} {start:?}: {}", words(output));
        }
        run(&lab.root, &["log", "."]);
    }
}

// A clone that borrows the objects of another one, which was removed
#[test]
fn a_lender_that_is_gone_is_named() {
    let lab = imported(&[file("a.md", "# A\n")]);
    lab::git(lab.dir.path(), &["clone", "-q", "--shared", "repo", "clone"]);
    let lab = Lab { root: lab.dir.path().join("clone"), ..lab };
    let arguments = ["build", ".", "-d", "../site"];
    assert_eq!(run(&lab.root, &arguments).status.code(), Some(0));
    fs::rename(lab.dir.path().join("repo"), lab.dir.path().join("gone")).unwrap();
    for arguments in [&arguments[..], &["check", "."], &["log", "."]] {
        let output = run(&lab.root, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(words(&output).contains("info/alternates"), "{}", words(&output));
    }
}
