//! Odd blobs as real repositories hold them, and paths that some system cannot hold: each page is there, and what is wrong
//! with it is told with its place.

use super::*;

/// Findings of each file, as `rule line:column`.
fn told(lab: &Lab) -> BTreeMap<String, Vec<String>> {
    lab.git(&["reset", "-q", "--hard"]);
    let output = run(&lab.root, &["check", ".", "--format", "json", "--as-of", DAY]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let rule = finding["rule"].as_str().unwrap();
        let one = format!("{rule} {}:{}", finding["line"], finding["column"]);
        told.entry(finding["path"].as_str().unwrap().to_owned()).or_default().push(one);
    }
    told
}

/// A file, and what is told about it.
type Case<'a> = (&'a str, &'a [u8], &'a [&'a str]);

/// Bytes that are no text, or that readers cannot see.
const LETTERS: &[Case<'_>] = &[
    ("latin-1", b"# Canary\n\nCaf\xe9\n", &["markup.not-utf8 3:4"]),
    ("overlong", b"# Canary\n\n\xc0\xaf", &["markup.not-utf8 3:1", "markup.not-utf8 3:2"]),
    ("cut-off", b"# Canary\n\n\xe2\x82", &["markup.not-utf8 3:1"]),
    (
        "utf-16-le",
        b"\xff\xfex\0",
        &["markup.not-utf8 1:1", "markup.not-utf8 1:2", "markup.control-character 1:4"],
    ),
    (
        "utf-16-be",
        b"\xfe\xff\0x",
        &["markup.not-utf8 1:1", "markup.not-utf8 1:2", "markup.control-character 1:3"],
    ),
    ("nothing", b"# Canary\n\na\0b", &["markup.control-character 3:2"]),
    ("mark", b"\xef\xbb\xbf# Canary\n\n[x](gone.md)", &["link.broken 3:1"]),
    ("mark-inside", b"# Canary\n\na\xef\xbb\xbfb", &["markup.control-character 3:2"]),
    (
        "mark-fields",
        b"\xef\xbb\xbf---\ntitle: [\n---\n# Canary\n",
        &["front-matter.unreadable 2:8"],
    ),
    (
        "no-width",
        b"# Canary\n\na\xe2\x80\x8bb [x](gone.md)",
        &["markup.control-character 3:2", "link.broken 3:5"],
    ),
    ("right-to-left", b"# Canary\n\nx \xe2\x80\xae y", &["markup.control-character 3:3"]),
    (
        "controls",
        b"# Canary\n\n\xc2\x85 \xc2\x9b",
        &["markup.control-character 3:1", "markup.control-character 3:3"],
    ),
    ("separator", b"# Canary\n\na\xe2\x80\xa8b", &["markup.control-character 3:2"]),
    ("page-break", b"# Canary\n\x0c\ntext", &[]),
    ("no-such-letters", b"# Canary\n\n&#0; &#xD800; &#x110000;", &[]),
];

/// Lines that end in other ways, merges that were never finished, blocks of fields in the wrong place.
const LINES: &[Case<'_>] = &[
    ("windows", b"# Canary\r\n\r\n[x](gone.md)\r\n", &["link.broken 3:1"]),
    ("mixed", b"# Canary\n\r\n[x](gone.md)\r\n", &["link.broken 3:1"]),
    ("old-mac", b"# Canary\r\r[x](gone.md)\r", &["link.broken 3:1"]),
    ("old-mac-inside", b"# Canary\n\na\r[x](gone.md)\n", &["link.broken 3:3"]),
    (
        "merge",
        b"# Canary\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> it\n",
        &["markup.conflict 3:1"],
    ),
    ("merge-half", b"# Canary\n\ntext\n<<<<<<< HEAD\n", &["markup.conflict 4:1"]),
    (
        "merge-first",
        b"---\n<<<<<<< HEAD\nid: A\n=======\nid: B\n>>>>>>> it\n---\nCanary",
        &["markup.conflict 2:1"],
    ),
    ("merge-fields", b"---\nid: A-1\n<<<<<<< HEAD\n---\n# Canary\n", &["markup.conflict 3:1"]),
    ("merge-as-code", b"# Canary\n\n```\n<<<<<<< HEAD\n```\n\n    <<<<<<< HEAD\n", &[]),
    ("open", b"---\ntitle: T\n\n# Canary\n", &["front-matter.unclosed 2:1"]),
    ("late", b"\n\n---\ntitle: T\n---\n# Canary\n", &["front-matter.not-first 3:1"]),
    ("late-toml", b"\r\n+++\r\na = 1\r\n+++\r\n# Canary\r\n", &["front-matter.not-first 2:1"]),
    ("late-rule", b"\n---\n\nCanary, between rules\n\n---\n", &[]),
    ("indented", b" ---\ntitle: T\n---\n# Canary\n", &[]),
    ("tab", b"---\ntitle: T\nlist:\n\t- a\n---\n# Canary\n", &["front-matter.unreadable 4:2"]),
    (
        "pointer",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:canary\nsize 3\n",
        &["source.lfs-pointer 0:0"],
    ),
    ("empty", b"", &[]),
    ("space", b" \n\n", &[]),
    ("fields-only", b"---\ntitle: Canary\n---\n", &[]),
];

// F05 to F07, F25, F31, F32, F65
#[test]
fn odd_blobs_are_shown_and_told_with_their_place() {
    let large =
        |text: &str, count: usize| format!("# Canary\n\n{}", text.repeat(count)).into_bytes();
    let (words, more_words, lines) =
        (large("word ", 120_000), large("word ", 500_000), large("\n", 100_000));
    let sizes: [Case<'_>; 3] = [
        ("large", &words, &[]),
        ("too-large", &more_words, &["markup.too-large 0:0"]),
        ("too-many-lines", &lines, &["markup.too-large 100001:1"]),
    ];
    let cases: Vec<&Case<'_>> = LETTERS.iter().chain(LINES).chain(&sizes).collect();
    let named =
        |name: &str, bytes: &[u8]| (format!("{name}.md").into_bytes(), FILE, bytes.to_vec());
    let all: Vec<_> = cases.iter().map(|(name, bytes, _)| named(name, bytes)).collect();
    let lab = imported(&all);
    let (mut told, site) = (told(&lab), built(&lab));
    let has_canary =
        |bytes: &[u8]| memchr::memmem::find(&bytes.to_ascii_lowercase(), b"canary").is_some();
    for (name, bytes, expected) in cases {
        assert_eq!(told.remove(&format!("{name}.md")).unwrap_or_default(), *expected, "{name}");
        assert_eq!(has_canary(&site[&format!("{name}.html")]), has_canary(bytes), "{name}");
    }
    assert!(told.is_empty(), "{told:?}");
}

// F47, F48: names that some system cannot hold, or cannot tell apart
#[test]
fn odd_paths_have_pages_or_are_told() {
    let long = "x".repeat(250) + ".md";
    let paths: Vec<(&[u8], Option<&str>)> = vec![
        (b"two\nlines.md", None),
        (b"CON.md", None),
        (b"a:b.md", None),
        (b"dots...md", None),
        (b"space .md", None),
        (b"folder./in.md", None),
        (b"Twin.md", None),
        (b"twin.md", Some("id.same-address 0:0")),
        ("caf\u{e9}.md".as_bytes(), Some("id.same-address 0:0")),
        ("cafe\u{301}.md".as_bytes(), None),
        ("\u{202e}dm.md".as_bytes(), None),
        (b"-rf.md", None),
        (b"%2e%2e.md", None),
        (long.as_bytes(), None),
    ];
    let page = |at: usize| format!("# Canary-{at:02}\n").into_bytes();
    let mut all: Vec<_> =
        paths.iter().enumerate().map(|(at, (path, _))| (path.to_vec(), FILE, page(at))).collect();
    all.push((b"caf\xe9.md".to_vec(), FILE, b"# Canary-lost\n".to_vec()));
    let lab = imported(&all);
    let (mut told, site) = (told(&lab), built(&lab));
    for (at, (path, expected)) in paths.iter().enumerate() {
        let path = std::str::from_utf8(path).unwrap();
        assert!(holds(&site, &format!("canary-{at:02}")).is_some(), "{path}");
        let expected: Vec<_> = expected.iter().map(|finding| (*finding).to_owned()).collect();
        assert_eq!(told.remove(path).unwrap_or_default(), expected, "{path}");
    }
    assert_eq!(holds(&site, "canary-lost"), None, "no address can name it");
    assert_eq!(
        told,
        BTreeMap::from([(
            "caf\u{fffd}.md".to_owned(),
            vec!["source.path-encoding 0:0".to_owned()]
        )])
    );
}
