//! Tests of the block of fields.
#![expect(clippy::format_collect, reason = "inputs are built once and read better so")]

use proptest::prelude::*;

use super::split::{Cut, Notation, agrees, cut};
use super::*;

fn rules_of(source: &str) -> Vec<&'static str> {
    read(source).1.iter().map(|fault| fault.rule.name).collect()
}

fn help_of(source: &str) -> String {
    let (_, faults) = read(source);
    faults.into_iter().next().and_then(|fault| fault.help).unwrap_or_default()
}

/// Writes a value down in one line.
fn show(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Scalar(text) => text.clone(),
        Value::List(items) => format!(
            "[{}]",
            items.iter().map(|item| show(&item.value)).collect::<Vec<_>>().join(" ")
        ),
        Value::Map(fields) => format!("{{{}}}", show_fields(fields)),
    }
}

fn show_fields(fields: &[Field]) -> String {
    fields
        .iter()
        .map(|field| format!("{}={}", field.key, show(&field.value.value)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn fields(source: &str) -> String {
    let (front_matter, faults) = read(source);
    assert_eq!(front_matter.state, State::Readable, "{source}: {faults:?}");
    show_fields(&front_matter.fields)
}

#[test]
fn a_merge_that_was_never_finished_is_told_as_one() {
    let source = "---\nid: A-1\n<<<<<<< ours\nstatus: draft\n=======\nstatus: approved\n>>>>>>> theirs\n---\n# A\n";
    let (front_matter, faults) = read(source);
    assert_eq!(front_matter.state, State::Unreadable);
    assert_eq!(rules_of(source), ["markup.conflict"]);
    assert_eq!(&source[faults[0].span.clone()], "<<<<<<< ours");
    assert_eq!(rules_of("---\na: [\nb: x <<<<<<< y\n---\n"), ["front-matter.unreadable"]);
    assert_eq!(rules_of("---\na: |\n  text\n\n  <<<<<<< text\n---\n"), [""; 0]);
}

#[test]
fn a_block_is_recognised_by_its_first_line() {
    let yes = [
        "---\na: b\n---\n",
        "---\r\na: b\r\n---\r\n",
        "---\ra: b\r---\r",
        "\u{FEFF}---\na: b\n---",
        "---  \n\n# c\n\"a b\":\n---\n",
        "+++\na = 1\n+++\n",
        "+++\n[t]\n+++\n",
        "---\n{\"a\": 1}\n---\n",
        "{\"a\": 1}\n",
        "{\n \"a\": \"}\"\n}\n",
        "---\n---\n",
        "---\na: |\n  ---\n---\n",
    ];
    for source in yes {
        assert_eq!(read(source).0.state, State::Readable, "{source:?}");
        assert_eq!(read(source).0.span, 0..source.len(), "{source:?}");
    }
    let no = [
        "",
        "---",
        "---\n",
        "text",
        " ---\na: b\n---\n",
        "---\nA rule, then text\n---\n",
        "---\n# Title\n\ntext\n",
        "----\na: b\n----\n",
        "---\nhttps://e.org\n---\n",
        "{{#include x}}\n",
        "{a}\n",
        "{\"a\": 1} text\n",
        "\n---\na: b\n---\n",
    ];
    for source in no {
        assert_eq!(read(source).0, FrontMatter::default(), "{source:?}");
    }
}

#[test]
fn scalars_keep_their_source_text() {
    let source = "---\na: 1.10\nb: 0017\nc: no\nd: 2026-13-40\ne: 12:30:45\nf: 1_000\ng: ~\nh:\ni: null\nj: 'null'\nk: \"a\\tb\"\nl: [x, .inf]\nm:\n  n: |\n    two\n    lines\n---\n";
    assert_eq!(
        fields(source),
        "a=1.10 b=0017 c=no d=2026-13-40 e=12:30:45 f=1_000 g=- h=- i=- j=null k=a\tb l=[x .inf] m={n=two\nlines\n}"
    );
    assert_eq!(
        fields(
            "+++\na = 1.10\nb = \"x\"\nd = 2026-05-05\nl = [1, true]\ni = { j = 0x1F }\n[t]\nx.y = 1_000\n[[u]]\nv = 1\n+++\n"
        ),
        "a=1.10 b=x d=2026-05-05 l=[1 true] i={j=0x1F} t={x={y=1_000}} u=[{v=1}]"
    );
    assert_eq!(
        fields(
            "{\"a\": 1.10, \"b\": [true, null, -1e5], \"c\": {\"d\": \"\\u00e9\\\"\"}, \"e\": {}, \"f\": []}\n"
        ),
        "a=1.10 b=[true - -1e5] c={d=é\"} e={} f=[]"
    );
}

#[test]
fn every_field_knows_its_place() {
    let sources = [
        "\u{FEFF}---\nkey: value\nlist: [one, two]\n---\n",
        "+++\nkey = \"value\"\nlist = [\"one\", \"two\"]\n+++\n",
        "{\"key\": \"value\",\n\"list\": [\"one\", \"two\"]}\n",
        "---\r\nkey: \"value\"\r\nlist:\r\n  - one\r\n  - two\r\n---\r\n",
    ];
    for source in sources {
        let (front_matter, _) = read(source);
        let at = |span: &Span| source[span.clone()].trim_matches('"');
        assert_eq!(at(&front_matter.fields[0].key_span), "key", "{source}");
        assert_eq!(at(&front_matter.fields[0].value.span), "value", "{source}");
        let list = &front_matter.fields[1].value;
        assert!(at(&list.span).contains("one") && at(&list.span).contains("two"), "{source}");
        assert_eq!(
            list.texts().iter().map(|(_, span)| at(span)).collect::<Vec<_>>(),
            ["one", "two"],
            "{source}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_a_finding() {
    let bomb = format!(
        "---\na: &a [x]\n{}---\n",
        (0..9).map(|at| format!("b{at}: [*a,*a,*a]\n")).collect::<String>()
    );
    let cases = [
        ("---\na: b\na: c\n---\n", "front-matter.duplicate-key"),
        ("+++\na = 1\na = 2\n+++\n", "front-matter.duplicate-key"),
        ("{\"a\": 1, \"a\": 2}\n", "front-matter.duplicate-key"),
        ("---\na: b\n\n# Title\n", "front-matter.unclosed"),
        ("---\na: b\n...\ntext\n", "front-matter.unclosed"),
        ("{\"a\": 1\n\ntext\n", "front-matter.unclosed"),
        (bomb.as_str(), "front-matter.unsupported"),
        ("---\na: &a b\n---\n", "front-matter.unsupported"),
        ("---\na: !!python/object b\n---\n", "front-matter.unsupported"),
        ("---\na: !include b\n---\n", "front-matter.unsupported"),
        ("---\nx: 1\n<<: {a: b}\n---\n", "front-matter.unsupported"),
        ("---\na: b\n--- \n", ""),
        ("---\na: b\n...\nc: d\n---\n", "front-matter.unsupported"),
        ("---\na = 1\n---\n", "front-matter.unreadable"),
        ("+++\na: 1\n+++\n", "front-matter.unreadable"),
        ("+++\nb = \n+++\n", "front-matter.unreadable"),
        ("---\nowner: @ada\n---\n", "front-matter.unreadable"),
        ("---\n{\"a\": 1,}\n---\n", "front-matter.unreadable"),
        ("---\na: b: c\n---\n", "front-matter.unreadable"),
        ("---\na:\n\t- b\n---\n", "front-matter.unreadable"),
        ("---\na: \"b\n---\n", "front-matter.unreadable"),
    ];
    for (source, expected) in cases {
        let found = rules_of(source);
        assert_eq!(found.first().copied().unwrap_or_default(), expected, "{source:?}");
        let state = read(source).0.state;
        assert_eq!(state == State::Unreadable, !expected.is_empty(), "{source:?}");
    }
}

#[test]
fn a_duplicate_key_names_both_lines() {
    for source in [
        "---\na: 1\nb: 2\na: 3\n---\n",
        "---\n{\"a\": 1,\n\"b\": 2,\n\"a\": 3}\n---\n",
        "{\n\"a\": 1,\n\"a\": 2}\n",
        "+++\na = 1\na = 3\n+++\n",
    ] {
        let (_, faults) = read(source);
        assert!(faults[0].message.contains("first in line 2"), "{}", faults[0].message);
        assert_eq!(source[faults[0].span.clone()].trim_matches('"'), "a");
        assert!(faults[0].span.start > source.find('a').expect("it is there") + 1);
    }
}

#[test]
fn hints_name_the_next_step() {
    let cases = [
        ("---\nowner: @ada\n---\n", "owner: \"@ada\""),
        ("---\na:\n\t- b\n---\n", "tabs"),
        ("---\ntitle: Roll back: the plan\n---\n", "title: \"Roll back: the plan\""),
        ("---\na: \"b\n---\n", "close the quote"),
        ("---\na = 1\n---\n", "+++"),
        ("---\na: b\ntext\n", "`---`"),
    ];
    for (source, expected) in cases {
        assert!(help_of(source).contains(expected), "{source:?}: {}", help_of(source));
    }
}

#[test]
fn sizes_are_limited() {
    let block = |length: usize| format!("---\na: {}\n---\n", "x".repeat(length - 4));
    assert!(rules_of(&block(64 * 1024)).is_empty());
    assert_eq!(rules_of(&block(64 * 1024 + 1)), ["front-matter.too-large"]);
    let deep = |depth: usize| format!("---\na: {}{}\n---\n", "[".repeat(depth), "]".repeat(depth));
    assert!(rules_of(&deep(15)).is_empty());
    assert_eq!(rules_of(&deep(16)), ["front-matter.too-large"]);
    assert_eq!(
        rules_of(&format!("---\na: [{}]\n---\n", "1,".repeat(5000))),
        ["front-matter.too-large"]
    );
    assert_eq!(
        rules_of(&format!("+++\na = [{}]\n+++\n", "1,".repeat(5000))),
        ["front-matter.too-large"]
    );
    assert_eq!(
        rules_of(&format!("{{\"a\": [{}1]}}\n", "1,".repeat(5000))),
        ["front-matter.too-large"]
    );
    for open in ["[", "{a: ", "- ", "? ", "{"] {
        assert_eq!(rules_of(&format!("---\na: {}\n---\n", open.repeat(15_000))).len(), 1, "{open}");
    }
    for open in ["[", "{a=", "{\"a\":"] {
        assert_eq!(
            rules_of(&format!("+++\na = {}\n+++\n", open.repeat(15_000))).len(),
            1,
            "{open}"
        );
        assert_eq!(rules_of(&format!("{{\"a\": {}\n\n", open.repeat(15_000))).len(), 1, "{open}");
        assert_eq!(
            rules_of(&format!("---\n{{\"a\": {}\n---\n", open.repeat(10_000))).len(),
            1,
            "{open}"
        );
    }
}

/// `gray_matter` asked the plain way, with the file as it is.
fn gray(source: &str) -> Option<String> {
    struct Unread;
    impl gray_matter::engine::Engine for Unread {
        fn parse(_content: &str) -> gray_matter::Result<gray_matter::Pod> {
            Ok(gray_matter::Pod::Null)
        }
    }
    gray_matter::Matter::<Unread>::new()
        .parse::<gray_matter::Pod>(source)
        .ok()
        .map(|split| split.matter)
}

proptest! {
    #[test]
    fn gray_matter_splits_where_we_cut(lines in proptest::collection::vec(proptest::sample::select(vec![
        "---", "--- ", " ---", "----", "", "a: b", "# c", "text", "  - x", "...", "é: ü",
    ]), 0..12), end in proptest::sample::select(vec!["\n", "\r\n"])) {
        let source = format!("---{end}key: value{end}{}", lines.join(end));
        let found = cut(&source).expect("the first line is a field");
        if found.closed {
            let matter = source[found.matter.clone()].replace("\r\n", "\n");
            prop_assert_eq!(Some(matter.trim().to_owned()), gray(&source));
            prop_assert!(agrees(&source[found.block.clone()], &source[found.matter]));
        } else {
            prop_assert!(!lines.iter().any(|line| line.trim_end() == "---"));
        }
    }

    #[test]
    fn no_block_breaks_it(text in "([a-c:=\\[\\]{}\"'#&*!|>@%`~,?\\- \n\t]|\\PC){0,60}") {
        for fence in ["---", "+++"] {
            let source = format!("{fence}\na: 1\n{text}\n{fence}\n");
            let (front_matter, faults) = read(&source);
            prop_assert_eq!(front_matter.state == State::Unreadable, !faults.is_empty());
            for fault in faults {
                prop_assert!(source.get(fault.span.clone()).is_some(), "{:?}", fault);
            }
        }
        let source = format!("{{\"a\": {text}}}\n");
        for fault in read(&source).1 {
            prop_assert!(source.get(fault.span.clone()).is_some(), "{:?}", fault);
        }
    }
}

#[test]
fn the_places_of_a_cut_are_exact() {
    let cut = cut("\u{FEFF}---\na: b\n---\ntext");
    assert_eq!(
        cut,
        Some(Cut { notation: Notation::Yaml, block: 0..16, matter: 7..12, closed: true })
    );
}
