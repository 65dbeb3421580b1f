//! Writes the commits and tags of a story again with the signatures that lie beside it, as `tests/history/sign.py` does.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::lab::{Lab, command};

/// Signs what `signatures` names, commits by the first line of their message and tags by name.
pub(crate) fn rewrite(lab: &Lab, signatures: &Value) {
    let signature = |name: &str| signatures[name]["signature"].as_str();
    let mut new = BTreeMap::new();
    for old in lab.git(&["rev-list", "--all", "--topo-order", "--reverse"]).lines() {
        let raw = output(lab, &["cat-file", "commit", old]);
        let (head, message) = raw.split_once("\n\n").unwrap();
        let mut head = renamed(head, &new);
        if let Some(signature) = signature(message.lines().next().unwrap()) {
            let header = if old.len() == 40 { "gpgsig" } else { "gpgsig-sha256" };
            head = format!("{head}\n{header} {}", signature.trim().replace('\n', "\n "));
        }
        new.insert(old.to_owned(), stored(lab, "commit", &format!("{head}\n\n{message}")));
    }
    let refs = lab.git(&["for-each-ref", "--format=%(refname) %(objecttype) %(objectname)"]);
    for line in refs.lines() {
        let [name, kind, old] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        if kind == "tag" {
            let raw = output(lab, &["cat-file", "tag", old]);
            let (head, message) = raw.split_once("\n\n").unwrap();
            let signature = signature(name.strip_prefix("refs/tags/").unwrap()).unwrap_or_default();
            let text = format!("{}\n\n{message}{signature}", renamed(head, &new));
            new.insert(old.to_owned(), stored(lab, "tag", &text));
        }
        lab.git(&["update-ref", name, &new[old]]);
    }
}

/// Puts the new ids of parents, and of what a tag names, into the head of an object.
fn renamed(head: &str, new: &BTreeMap<String, String>) -> String {
    let line = |line: &str| match line.split_once(' ') {
        Some((key @ ("parent" | "object"), id)) => {
            format!("{key} {}", new.get(id).map_or(id, String::as_str))
        }
        _ => line.to_owned(),
    };
    head.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn output(lab: &Lab, arguments: &[&str]) -> String {
    String::from_utf8(command(&lab.root, arguments).output().unwrap().stdout).unwrap()
}

fn stored(lab: &Lab, kind: &str, text: &str) -> String {
    let mut child = command(&lab.root, &["hash-object", "-t", kind, "-w", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
