//! Histories that change meanwhile, are odd or impossible.

use std::process::Stdio;

use super::*;
use crate::lab::readymark;

// F59
#[test]
fn a_repository_that_changes_meanwhile_gives_one_state_of_it() {
    let lab = Lab::new();
    let state = |round: usize| {
        for page in 0..30 {
            lab.write(&format!("{page}.md"), &format!("# Page\n\nstate-{round}-of-it\n"));
        }
        lab.commit("State");
    };
    state(0);
    for round in 1..=8 {
        let mut build = readymark(&lab.root, &["build", ".", "-d", "../site"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        state(round);
        lab.git(&["repack", "-adq"]);
        lab.git(&["reset", "-q", "--hard", if round % 2 == 0 { "HEAD~1" } else { "HEAD" }]);
        lab.git(&["gc", "-q"]);
        assert_eq!(build.wait().unwrap().code(), Some(0));
        let site = files(&lab.dir.path().join("site"));
        let mut states: Vec<String> = (0..30)
            .map(|page| {
                let text = String::from_utf8_lossy(&site[&format!("{page}.html")]).into_owned();
                text.split("state-").nth(1).unwrap().split("-of-it").next().unwrap().to_owned()
            })
            .collect();
        states.dedup();
        assert_eq!(states.len(), 1, "a mix of {states:?}");
    }
}

// F61, F62
#[test]
fn odd_histories_and_many_tags_have_a_defined_result() {
    let lab = Lab::new();
    lab.write("a.md", "# A\n");
    let output = run(&lab.root, &["build", ".", "-d", "../site"]);
    assert_eq!(output.status.code(), Some(2), "nothing is committed");
    assert!(words(&output).contains("no commit yet"), "{}", words(&output));
    let start = lab.commit("Start");
    let mut heads = Vec::new();
    for branch in ["one", "two", "three"] {
        lab.git(&["checkout", "-q", "-b", branch, &start]);
        lab.write(&format!("{branch}.md"), "# Branch\n");
        heads.push(lab.commit(branch));
    }
    lab.git(&["checkout", "-q", "main"]);
    lab.git(&["merge", "-q", "--no-edit", "one", "two", "three"]);
    lab.git(&["checkout", "-q", "--detach"]);
    let refs: String = (0..5000).map(|at| format!("create refs/tags/t{at} {start}\n")).collect();
    let mut update = lab::command(&lab.root, &["update-ref", "--stdin"]);
    let mut child = update.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(refs.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    for tag in ["v1", "v1/../x", "-rf", "<img src=x>", "V2", "\u{202e}v"] {
        if lab::command(&lab.root, &["update-ref", &format!("refs/tags/{tag}"), "HEAD"])
            .output()
            .unwrap()
            .status
            .success()
        {
            built(&lab);
        }
    }
    lab.write("book.toml", "[versions]\ntags = [\"v*\", \"-*\", \"<*\", \"t1\", \"t4999\"]\n");
    lab.commit("Choose");
    let site = built(&lab);
    assert!(
        site.contains_key("t4999/a.html") && site.contains_key("v1/three.html"),
        "{:?}",
        site.keys()
    );
}

// F14: clocks of commits
#[test]
fn impossible_moments_are_no_reason_to_stop() {
    for moment in ["0 +0000", "4102444800 +9999", "253402300800 -9999", "99999999999999 +0000"] {
        let lab = imported(&[file("a.md", "---\nid: A-1\nstatus: draft\n---\n# Canary-a\n")]);
        let raw = lab.git(&["cat-file", "commit", "HEAD"]).replace("1767225660 +0000", moment);
        let mut hash = lab::command(
            &lab.root,
            &["hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        );
        let mut child = hash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{raw}\n").as_bytes()).unwrap();
        let id = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        lab.git(&["update-ref", "refs/heads/main", id.trim()]);
        assert!(holds(&built(&lab), "canary-a").is_some(), "{moment}");
        run(&lab.root, &["log", "."]);
    }
}

// F63: what only this clone says about the history changes nothing
#[test]
fn grafts_replacements_and_mail_maps_rewrite_nothing() {
    let lab = Lab::new();
    lab.write("p/pack.toml", "id = \"p\"\n");
    lab.write("p/a.md", "---\nid: A-1\nstatus: draft\n---\n# A\n");
    let first = lab.commit("Start");
    lab.write("p/a.md", "---\nid: A-1\nstatus: approved\n---\n# A\n");
    lab.commit("Approve");
    lab.write("p/a.md", "---\nid: A-1\nstatus: closed\n---\n# A\n");
    let last = lab.commit("Close");
    let told = || run(&lab.root, &["log", ".", "--format", "json"]).stdout;
    let (log, site) = (told(), built(&lab));
    lab.git(&["config", "mailmap.file", "map"]);
    lab.write("map", "Eve Canary <eve@example.org> <ana@example.org>\n");
    lab.write(".git/info/grafts", &format!("{last} {first}\n"));
    let grafted = String::from_utf8(told()).unwrap();
    let plain = grafted.replace("\"grafts_ignored\": true", "\"grafts_ignored\": false");
    assert_ne!(plain, grafted);
    assert_eq!(plain, String::from_utf8(log).unwrap());
    let said = " Grafts were ignored.";
    for (route, bytes) in built(&lab) {
        if route.ends_with("readymark-manifest.json") {
            continue;
        }
        let page = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(page.contains(said), route.ends_with("decision-log.html"), "{route}");
        let page =
            page.replace(said, "").replace("\"grafts_ignored\": true", "\"grafts_ignored\": false");
        assert_eq!(page, String::from_utf8_lossy(&site[&route]), "{route}");
    }
}

/// Takes the checkpoint out of a site, and the tags out of the checkpoint; all else of it stays.
fn tags_left(site: &mut BTreeMap<String, Vec<u8>>) -> serde_json::Value {
    let left = site.remove("checkpoint.json").expect("a checkpoint");
    let mut left: serde_json::Value = serde_json::from_slice(&left).unwrap();
    site.remove("readymark-manifest.json");
    let tags = left["tags"].take();
    site.insert("checkpoint.json".to_owned(), left.to_string().into_bytes());
    tags
}

// F64: a history that was rewritten between two builds
#[test]
fn a_rewritten_history_leaves_nothing_of_the_old_one() {
    let lab = Lab::new();
    lab.write("book.toml", "[versions]\ntags = [\"v*\"]\nbranches = [\"main\"]\n");
    lab.write("p/pack.toml", "id = \"p\"\n");
    lab.write("p/a.md", "---\nid: A-1\nstatus: draft\n---\n# A\n");
    let start = lab.commit("Start");
    lab.write("p/b.md", "---\nid: B-1\nstatus: approved\n---\n# Canary-old\n");
    lab.commit("Approve canary-old");
    lab.git(&["tag", "v1"]);
    assert!(holds(&built(&lab), "canary-old").is_some());
    lab.git(&["reset", "-q", "--hard", &start]);
    lab.write("p/a.md", "---\nid: A-1\nstatus: approved\n---\n# A\n");
    lab.commit("Approve otherwise");
    lab.git(&["tag", "-f", "v1"]);
    let mut after = built(&lab);
    assert_eq!(holds(&after, "canary-old"), None);
    // What is kept on purpose: which commit a tag named when it was published first.
    let mut fresh = told(lab::built(&lab.root, &[]));
    let tags = [&mut after, &mut fresh].map(tags_left);
    assert_ne!(tags[0], tags[1]);
    assert!(after == fresh, "a new folder would hold something else");
    assert!(after.contains_key("p/v1/a.html"), "the address of a document that stayed");
}
