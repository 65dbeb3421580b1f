//! Commits, messages, names and refs that no person would write, given to what tells the history.

use std::fs;
use std::time::{Duration, Instant};

use super::*;

/// How long the log of a small repository may take, also in a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Writes a commit as it is, whatever Git would say of it, and puts `main` there.
fn commit_raw(lab: &Lab, raw: &[u8]) -> String {
    let arguments = ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"];
    let mut hash = lab::command(&lab.root, &arguments);
    let mut child = hash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(raw).unwrap();
    let id = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    lab.git(&["update-ref", "refs/heads/main", id.trim()]);
    id.trim().to_owned()
}

fn document(status: &str) -> String {
    format!("---\nid: A-1\nstatus: {status}\n---\n# A\n")
}

/// A repository in which a document is a draft; the tree in which it is approved, and the first commit.
fn started() -> (Lab, String, String) {
    let lab = Lab::new();
    lab.write("a.md", &document("draft"));
    let start = lab.commit("Start");
    lab.write("a.md", &document("approved"));
    lab.commit("Approve");
    let tree = lab.git(&["rev-parse", "HEAD^{tree}"]);
    lab.git(&["reset", "-q", "--hard", &start]);
    (lab, tree, start)
}

fn log(lab: &Lab) -> serde_json::Value {
    let began = Instant::now();
    let output = run(&lab.root, &["log", ".", "--format", "json"]);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    run(&lab.root, &["log", ".", "--full"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn last<'l>(log: &'l serde_json::Value, key: &str) -> &'l serde_json::Value {
    &log["entries"].as_array().unwrap().last().unwrap()[key]
}

#[test]
fn grafts_and_replacements_in_a_circle_lead_nowhere() {
    let lab = Lab::new();
    lab.write("a.md", &document("draft"));
    let one = lab.commit("Start");
    lab.write("a.md", &document("approved"));
    let two = lab.commit("Approve");
    let before = log(&lab);
    lab.write(".git/info/grafts", &format!("{one} {two}\n{two} {one}\n{one} {one}\n"));
    for (from, to) in [(&one, &two), (&two, &one)] {
        lab.write(&format!(".git/refs/replace/{from}"), &format!("{to}\n"));
    }
    let after = log(&lab);
    assert_eq!(
        (&before["entries"], before["entries"].as_array().unwrap().len()),
        (&after["entries"], 2)
    );
    assert_eq!(after["history"]["replace_refs_ignored"], 2);
    assert_eq!(after["history"]["grafts_ignored"], true);
    built(&lab);
}

#[test]
fn names_and_messages_of_any_bytes_are_told_and_act_on_nothing() {
    let (lab, tree, start) = started();
    let odd: [&[u8]; 6] = [
        b"\x1b[31mAna\x07\r\x08",
        "\u{202e}anA\u{2066}\u{200b}".as_bytes(),
        b"\xc0\xed\xe0",
        b"<script>alert(1)</script>",
        b"",
        &b"a".repeat(100_000),
    ];
    for name in odd {
        let mut raw = format!("tree {tree}\nparent {start}\nauthor ").into_bytes();
        raw.extend([name, b" <", name, b"> 1767225660 +0000\ncommitter ", name].concat());
        raw.extend(b" <x@example.org> 1767225660 +0000\nencoding cp1251\n\n");
        raw.extend([name, b"\n\n", name, b"\nChange-Id: ", name, b"\n"].concat());
        commit_raw(&lab, &raw);
        let log = log(&lab);
        assert_eq!((last(&log, "to"), last(&log, "from")), (&"approved".into(), &"draft".into()));
        let site = built(&lab);
        let page = String::from_utf8(site["decision-log.html"].clone()).unwrap();
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.len() < 100_000, "{} bytes for one name", page.len());
    }
}

#[test]
fn a_message_of_megabytes_is_read_and_not_shown() {
    let (lab, tree, start) = started();
    let head = format!(
        "tree {tree}\nparent {start}\nauthor A <a@example.org> 1767225660 +0000\n\
        committer A <a@example.org> 1767225660 +0000\n\n"
    );
    for message in [
        "x".repeat(4 << 20),
        "(#".repeat(2 << 20),
        format!("Approve\n\n{}", "Approved-by: Bob <bob@example.org>\n".repeat(100_000)),
        format!("Approve\n\n{}", "Decision: A-1 approved\n".repeat(50_000)),
        "\n".repeat(1 << 20),
    ] {
        commit_raw(&lab, format!("{head}{message}").as_bytes());
        let log = log(&lab);
        assert_eq!(last(&log, "to"), "approved");
        let shown = run(&lab.root, &["log", "."]).stdout.len();
        assert!(shown < 100_000, "{shown} bytes on a terminal");
        let page = built(&lab)["decision-log.html"].len();
        assert!(page < 1 << 20, "{page} bytes");
    }
}

#[test]
fn hundreds_of_parents_are_one_merge() {
    let lab = Lab::new();
    lab.write("a.md", &document("draft"));
    let start = lab.commit("Start");
    let tree = lab.git(&["rev-parse", "HEAD^{tree}"]);
    lab.write("a.md", &document("approved"));
    let approved = lab.commit("Approve");
    let changed = lab.git(&["rev-parse", "HEAD^{tree}"]);
    let person = "A <a@example.org> 1767225660 +0000";
    let side = |at: usize| {
        let raw = format!(
            "tree {tree}\nparent {start}\nauthor {person}\ncommitter {person}\n\nSide {at}\n"
        );
        commit_raw(&lab, raw.as_bytes())
    };
    let mut parents: Vec<String> = (0..400).map(side).collect();
    parents.insert(0, start.clone());
    parents.insert(200, approved.clone());
    // One of them twice, and the merge's first parent among the others.
    parents.extend([approved.clone(), start.clone()]);
    let parents: String = parents.iter().map(|id| format!("parent {id}\n")).collect();
    let merge =
        format!("tree {changed}\n{parents}author {person}\ncommitter {person}\n\nMerge all\n");
    let merge = commit_raw(&lab, merge.as_bytes());
    let log = log(&lab);
    assert_eq!(last(&log, "landing")["commit"], merge.as_str());
    let origins = last(&log, "origins").as_array().unwrap();
    assert_eq!(origins.len(), 1, "{origins:?}");
    assert_eq!(origins[0]["commit"], approved.as_str());
    built(&lab);
}

#[test]
fn tens_of_thousands_of_refs_cost_their_list() {
    let (lab, _, start) = started();
    let packed: String = (0..40_000)
        .flat_map(|at| {
            [format!("{start} refs/heads/b{at:05}\n"), format!("{start} refs/tags/t{at:05}\n")]
        })
        .collect();
    let mut lines: Vec<&str> = packed.lines().collect();
    lines.sort_by_key(|line| &line[41..]);
    let text = format!("# pack-refs with: peeled fully-peeled sorted \n{}\n", lines.join("\n"));
    fs::write(lab.root.join(".git/packed-refs"), text).unwrap();
    let log = log(&lab);
    assert_eq!(log["entries"].as_array().unwrap().len(), 1);
    let began = Instant::now();
    built(&lab);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}
