//! Hostile repositories, real ones, given to the real binary. The numbers F01 to F96 name the rows of the list of faults
//! in the guide's chapter on safety.

#![allow(
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "short tests of names made by us"
)]

mod audience;
mod blobs;
mod commits;
mod files;
mod history;
mod machine;
mod names;
mod objects;
mod pages;
mod places;
mod words;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;

use crate::lab::{self, DAY, Lab, files, run, words};

const FILE: &str = "100644";

const LINK: &str = "120000";

/// Builds into `site` beside the repository; returns the files by address.
fn built(lab: &Lab) -> BTreeMap<String, Vec<u8>> {
    let site = lab.dir.path().join("site");
    lab::build(&lab.root, &site, &[]);
    told(files(&site))
}

/// Leaves out of a site what is the same on all of them: the built-in kinds speak of canaries of their own.
fn told(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.retain(|route, _| !route.starts_with("schemas/"));
    files
}

/// Commits files without a work tree: the paths may be any that Git can store.
fn import(lab: &Lab, files: &[(Vec<u8>, &str, Vec<u8>)], author: &[u8], message: &[u8]) {
    let mut stream = b"commit refs/heads/main\ncommitter ".to_vec();
    stream.extend_from_slice(author);
    stream.extend(format!(" 1767225660 +0000\ndata {}\n", message.len()).bytes());
    stream.extend_from_slice(message);
    for (path, mode, bytes) in files {
        stream.extend(format!("\nM {mode} inline \"").bytes());
        stream.extend(path.iter().flat_map(|byte| format!("\\{byte:03o}").into_bytes()));
        stream.extend(format!("\"\ndata {}\n", bytes.len()).bytes());
        stream.extend_from_slice(bytes);
    }
    stream.push(b'\n');
    let mut git = lab::command(&lab.root, &["fast-import", "--quiet", "--force"]);
    let mut child = git.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&stream).unwrap();
    assert!(child.wait().unwrap().success());
}

fn file(path: &str, text: &str) -> (Vec<u8>, &'static str, Vec<u8>) {
    (path.into(), FILE, text.into())
}

fn imported(files: &[(Vec<u8>, &str, Vec<u8>)]) -> Lab {
    let lab = Lab::new();
    import(&lab, files, b"Ana <ana@example.org>", b"Start");
    lab
}

/// Which rules a run found.
fn found(lab: &Lab) -> Vec<(String, String)> {
    lab.git(&["reset", "-q", "--hard"]);
    let output = run(&lab.root, &["check", ".", "--format", "json", "--as-of", DAY]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (word(&finding["rule"]), word(&finding["path"]))).collect()
}

fn holds(site: &BTreeMap<String, Vec<u8>>, word: &str) -> Option<String> {
    let found = |bytes: &[u8]| memchr::memmem::find(&bytes.to_ascii_lowercase(), word.as_bytes());
    site.iter().find(|(_, bytes)| found(bytes).is_some()).map(|(route, _)| route.clone())
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}
