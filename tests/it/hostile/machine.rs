//! Builds that are stopped, that meet, and that run on other machines.

use std::fs;
use std::process::{Command, Stdio};

use super::*;
use crate::lab::readymark;

// F72, F75
#[cfg(unix)]
#[test]
fn a_stopped_build_leaves_the_old_site_and_two_take_turns() {
    let lab = Lab::new();
    for page in 0..60 {
        lab.write(&format!("{page}.md"), "# Old\n");
    }
    lab.commit("Old");
    let old = built(&lab);
    for page in 0..60 {
        lab.write(&format!("{page}.md"), "# New\n");
    }
    lab.commit("New");
    for (round, signal) in ["TERM", "INT", "TERM", "HUP", "KILL", "TERM"].iter().enumerate() {
        let mut build = readymark(&lab.root, &["build", ".", "-d", "../site", "--as-of", DAY])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(4 * round as u64));
        let id = build.id().to_string();
        Command::new("kill").args([&format!("-{signal}"), &id]).status().unwrap();
        let ended = build.wait().unwrap();
        let now = told(files(&lab.dir.path().join("site")));
        if !ended.success() && now != old {
            let pages = (0..60)
                .filter(|page| now[&format!("{page}.html")] != old[&format!("{page}.html")])
                .count();
            assert_eq!(pages, 60, "half of a site after {signal}");
        }
    }
    let spawn = || {
        readymark(&lab.root, &["build", ".", "-d", "../site", "--as-of", DAY])
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut both = [spawn(), spawn()];
    assert!(both.iter_mut().all(|build| build.wait().unwrap().success()));
    assert_eq!(
        fs::read_dir(lab.dir.path()).unwrap().count(),
        2,
        "a lock or a staging folder is left"
    );
}

// F82
#[test]
fn the_machine_leaves_no_trace_in_the_site() {
    let files_of = |zone: &str, language: &str, threads: &str, deep: &str| {
        let lab = Lab::new();
        let root = lab.dir.path().join(deep);
        fs::create_dir_all(root.parent().unwrap()).unwrap();
        fs::rename(&lab.root, &root).unwrap();
        let lab = Lab { root, ..lab };
        for page in 0..9 {
            lab.write(
                &format!("p/{page}.md"),
                "---\nid: RB-001\nkind: runbook\nstatus: draft\n---\n# I\u{307} \u{e9}\n",
            );
        }
        lab.write("p/pack.toml", "id = \"p\"\nprofiles = [\"day-zero\"]\n");
        lab.commit("Start");
        let site = lab.dir.path().join("site");
        let output =
            readymark(&lab.root, &["build", ".", "--as-of", DAY, "-d", site.to_str().unwrap()])
                .envs([
                    ("TZ", zone),
                    ("LANG", language),
                    ("LC_ALL", language),
                    ("RAYON_NUM_THREADS", threads),
                ])
                .output()
                .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", words(&output));
        files(&site)
    };
    let here = files_of("UTC", "C", "1", "a");
    assert!(here.len() > 20);
    assert!(here == files_of("Pacific/Kiritimati", "tr_TR.UTF-8", "7", "else/where/with a space"));
}

// F78
#[cfg(unix)]
#[test]
fn few_open_files_are_enough() {
    let lab = Lab::new();
    for page in 0..200 {
        lab.write(&format!("{}/{page}.md", page % 20), &format!("# Page {page}\n"));
    }
    lab.commit("Start");
    let limited =
        format!("ulimit -n 64; exec {} build . -d ../site", env!("CARGO_BIN_EXE_readymark"));
    let output = Command::new("sh").current_dir(&lab.root).args(["-c", &limited]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert!(files(&lab.dir.path().join("site")).len() > 200);
}
