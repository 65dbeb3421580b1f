//! What the site of a story says of its history.

use std::fs;

use readymark::source::ObjectId;
use serde_json::{Map, Value, json};

use super::told::subject;
use crate::lab::{DAY, Lab, run};

/// What the site says of the tags, by pack and version.
pub(super) fn tags(lab: &Lab) -> Value {
    let out = lab.dir.path().join("site");
    run(&lab.root, &["build", "--as-of", DAY, "-d", out.to_str().unwrap()]);
    let packs = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let mut told = Map::new();
    for file in packs.map(|pack| pack.join("versions.json")).filter(|file| file.exists()) {
        let listed: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let versions = listed["versions"].as_array().unwrap().iter();
        let tagged = versions.filter(|version| !version["tag"].is_null());
        let one = |version: &Value| (version["name"].as_str().unwrap().to_owned(), tag(version));
        let pack = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        told.insert(pack.to_owned(), Value::Object(tagged.map(one).collect()));
    }
    Value::Object(told)
}

fn tag(version: &Value) -> Value {
    let mut told = json!({"kind": version["tag"]["kind"], "digest": version["digest"]});
    for key in ["person", "signature", "signed_by", "doubts"] {
        let value = &version["tag"][key];
        if !value.is_null() && *value != json!([]) && *value != json!("absent") {
            told[key] = value.clone();
        }
    }
    told
}

/// How the export of a site begins, and what its page says of that; ids of commits are the first lines of their messages.
pub(super) fn statement(lab: &Lab) -> Value {
    let out = lab.dir.path().join("site");
    run(&lab.root, &["build", "--as-of", DAY, "-d", out.to_str().unwrap()]);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let export: Value = serde_json::from_str(&read("decision-log.json")).unwrap();
    let mut told = export["history"].clone();
    let named = |id: &Value| json!(subject(lab, commit(id)));
    told["tip"] = named(&told["tip"]);
    let mut roots: Vec<Value> = told["roots"].as_array().unwrap().iter().map(named).collect();
    roots.sort_by_key(ToString::to_string);
    told["roots"] = json!(roots);
    let foxtrots = told["foxtrots"].as_array().unwrap().iter();
    told["foxtrots"] = foxtrots.map(|one| named(&one["commit"])).collect();
    told["said"] = json!(without_ids(&said(&read("decision-log.html"))));
    told
}

fn commit(id: &Value) -> ObjectId {
    readymark::git::from_hex(id.as_str().unwrap().as_bytes()).unwrap()
}

/// The statement of the page of the decision log.
fn said(page: &str) -> String {
    let (_, rest) = page.split_once("<h1>Decision log</h1>").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once(" The last one is").unwrap().0.to_owned()
}

fn without_ids(text: &str) -> String {
    let is_id =
        |word: &str| word.len() >= 7 && word.bytes().all(|letter| letter.is_ascii_hexdigit());
    let words = text.split(' ').map(|word| if is_id(word) { "0000000" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
