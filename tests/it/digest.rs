//! The digest `d1` as the vectors in `tests/digest` have it; `digest.py` there hashes them a second time.

use std::path::Path;

use readymark::approvals::Covers;
use readymark::document::digest::{of_bytes, of_section};
use readymark::document::parse;
use readymark::source::{ObjectId, RepoPath};
use readymark::{kinds, pack::records};
use serde_json::Value;

use crate::lab::Lab;

/// The id that Git gives a file.
fn blob(content: &str) -> ObjectId {
    let lab = Lab::new();
    lab.write("file", content);
    let id = lab.git(&["hash-object", "file"]);
    crate::adoption::id(&id)
}

fn digest(vector: &Value) -> String {
    let text = vector["text"].as_str().unwrap();
    if let Some(files) = vector["files"].as_object() {
        let path = RepoPath::new(vector["path"].as_str().unwrap());
        let mut file = |path: &RepoPath| Some(blob(files.get(path.as_str())?.as_str().unwrap()));
        let text = Covers::new(text.as_bytes(), &path, None, &mut file);
        return text.said(vector["anchor"].as_str()).unwrap().write();
    }
    if let Some(anchor) = vector["anchor"].as_str() {
        return of_section(text.as_bytes(), anchor).unwrap().0.write();
    }
    let document = parse(text.as_bytes());
    if let Some(name) = vector["kind"].as_str() {
        let (kinds, _) = kinds::load(&[]);
        let kind = &kinds[kinds::find(&kinds, name).unwrap()];
        let records = records::of(kind, &document);
        let row = records.iter().find(|row| row.id == vector["row"]).unwrap();
        return row.digest.write();
    }
    assert_eq!(document.digest, of_bytes(text.as_bytes()), "{text:?}");
    document.digest.write()
}

#[test]
fn every_vector_has_its_digest() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digest/vectors.json");
    let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert!(vectors.len() >= 23, "vectors got lost");
    let wrong: Vec<&Value> =
        vectors.iter().filter(|vector| vector["digest"] != digest(vector)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
