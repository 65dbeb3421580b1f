//! Cases of parsing: each folder of `tests/document` holds `input.md`, the page as `expected.html` with holes written
//! as `{open 0}`, and the findings as `expected.txt` (none when the file is missing).
#![expect(clippy::disallowed_methods, reason = "a test reads its cases")]

use std::fmt::Write as _;
use std::path::Path;

use readymark::document::{Document, Part, parse};

/// Writes holes as words, so that they can be read.
fn page(document: &Document) -> String {
    let mut html = document.body.html.clone();
    for hole in document.body.holes.iter().rev() {
        let part = match hole.part {
            Part::Open => "open",
            Part::Label => "label",
            Part::Close => "close",
            Part::Source => "source",
        };
        html.insert_str(hole.at, &format!("{{{part} {}}}", hole.link));
    }
    html
}

/// Writes one finding a line: place, rule, message.
fn findings(document: &Document) -> String {
    document.faults.iter().fold(String::new(), |mut list, fault| {
        let line = document.line(fault.span.start);
        let column = fault.span.start - document.lines[line - 1] as usize + 1;
        let _ = writeln!(list, "{line}:{column} {} {}", fault.rule.name, fault.message);
        list
    })
}

#[test]
fn every_case_gives_the_expected_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/document");
    let mut cases: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 5);
    for case in cases {
        let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap_or_default();
        let document = parse(&std::fs::read(case.join("input.md")).unwrap());
        assert_eq!(page(&document), read("expected.html"), "{}", case.display());
        assert_eq!(findings(&document), read("expected.txt"), "{}", case.display());
    }
}
