//! What is added, what is refused, and that nothing else changes.

use proptest::prelude::*;

use super::*;

const BOB: [(&str, &str); 2] = [("by", "bob"), ("digest", "d1:sha256:00")];

/// Texts before and after; nothing where the entry cannot be added.
const ADDED: [(&str, Option<&str>); 15] = [
    ("Text\n", Some("---\napprovals:\n  - {by: bob, digest: \"d1:sha256:00\"}\n---\n\nText\n")),
    (
        "---\nid: A\n---\nText\n",
        Some("---\nid: A\napprovals:\n  - {by: bob, digest: \"d1:sha256:00\"}\n---\nText\n"),
    ),
    (
        "---\r\nid: A\r\n---\r\nText\r\n",
        Some(
            "---\r\nid: A\r\napprovals:\r\n  - {by: bob, digest: \"d1:sha256:00\"}\r\n---\r\nText\r\n",
        ),
    ),
    (
        "---\napprovals:\n    - {by: ana} # first\nid: A # kept\n---\nText\n",
        Some(
            "---\napprovals:\n    - {by: ana} # first\n    - {by: bob, digest: \"d1:sha256:00\"}\nid: A # kept\n---\nText\n",
        ),
    ),
    (
        "---\napprovals:\n- by: ana\n  digest: x\n\nid: A\n---\n",
        Some(
            "---\napprovals:\n- by: ana\n  digest: x\n- {by: bob, digest: \"d1:sha256:00\"}\n\nid: A\n---\n",
        ),
    ),
    (
        "---\napprovals: [{by: ana}]\n---\n",
        Some("---\napprovals: [{by: ana}, {by: bob, digest: \"d1:sha256:00\"}]\n---\n"),
    ),
    (
        "---\napprovals: []\n---\n",
        Some("---\napprovals: [{by: bob, digest: \"d1:sha256:00\"}]\n---\n"),
    ),
    (
        "---\napprovals:\nid: A\n---\n",
        Some("---\napprovals: [{by: bob, digest: \"d1:sha256:00\"}]\nid: A\n---\n"),
    ),
    ("---\napprovals: somebody\n---\n", None),
    ("---\nid: [\n---\n", None),
    (
        "+++\nid = \"A\"\n[table]\nx = 1\n+++\nText\n",
        Some(
            "+++\napprovals = [{ by = \"bob\", digest = \"d1:sha256:00\" }]\nid = \"A\"\n[table]\nx = 1\n+++\nText\n",
        ),
    ),
    (
        "+++\napprovals = [{ by = \"ana\" }]\n+++\n",
        Some(
            "+++\napprovals = [{ by = \"ana\" }, { by = \"bob\", digest = \"d1:sha256:00\" }]\n+++\n",
        ),
    ),
    (
        "{\n  \"id\": \"A\"\n}\nText\n",
        Some(
            "{\n  \"approvals\": [{\"by\": \"bob\", \"digest\": \"d1:sha256:00\"}],\n  \"id\": \"A\"\n}\nText\n",
        ),
    ),
    (
        "\u{FEFF}Text\n",
        Some("\u{FEFF}---\napprovals:\n  - {by: bob, digest: \"d1:sha256:00\"}\n---\n\nText\n"),
    ),
    ("---\nid: A\nText without an end\n", None),
];

#[test]
fn an_entry_is_added_and_nothing_else_changes() {
    for (before, after) in ADDED {
        assert_eq!(with_entry(before, "approvals", &BOB, None).as_deref(), after, "{before}");
    }
}

#[test]
fn an_entry_takes_the_place_of_another() {
    let before = "---\napprovals:\n  - {by: ana}\n  - by: bob\n    digest: old\nid: A\n---\nText\n";
    let after = "---\napprovals:\n  - {by: ana}\n  - {by: bob, digest: \"d1:sha256:00\"}\nid: A\n---\nText\n";
    assert_eq!(with_entry(before, "approvals", &BOB, Some(1)).as_deref(), Some(after));
    assert_eq!(with_entry(before, "approvals", &BOB, Some(2)), None, "there is no such entry");
}

#[test]
fn words_that_mean_something_to_yaml_are_quoted() {
    let text = entry_text(&[("a", "no"), ("b", "1"), ("c", "x y"), ("d", "x-1")], Notation::Yaml);
    assert_eq!(text, r#"{a: "no", b: "1", c: "x y", d: x-1}"#);
}

proptest! {
    #[test]
    fn a_random_block_loses_nothing(
        lines in prop::collection::vec("(  |- |)[a-c]{1,2}(: |:)(x|\\[x, y\\]|\\{a: b\\}||'q'|# c)", 0..6),
        list in prop::sample::select(vec!["", "approvals:\n", "approvals: []\n", "approvals:\n- {by: x}\n", "approvals:\n  - by: x\n"]),
        at in 0_usize..6,
    ) {
        let mut lines: Vec<String> = lines.into_iter().map(|line| line + "\n").collect();
        lines.insert(at.min(lines.len()), list.to_owned());
        let source = format!("---\n{}---\nText\n", lines.concat());
        if let Some(changed) = with_entry(&source, "approvals", &BOB, None) {
            let mut kept = changed.as_bytes().iter();
            prop_assert!(source.bytes().filter(|byte| !b"[]\n".contains(byte)).all(|byte| kept.any(|other| *other == byte)));
        }
    }
}
