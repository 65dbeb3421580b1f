//! The search files, read by a second small reader and compared with a plain scan over the texts.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};

use readymark::search::{BLOCK, SearchDocument, SearchHeading, index};
use serde_json::Value;

/// Words the made-up documents are made of; some are the start of others, some are not ASCII.
const WORDS: &[&str] = &[
    "gateway",
    "gate",
    "rollback",
    "roll",
    "Rollout",
    "alarm",
    "Résumé",
    "naïve",
    "Größe",
    "queue",
    "queued",
    "drain",
    "Throttle",
    "window",
    "owner",
    "on-call",
    "escalate",
    "ledger",
    "prüfen",
    "token",
    "tokens",
    "index",
    "constructor",
    "checkpoint",
    "canary",
    "café",
    "latency",
    "p95",
    "DNS",
    "cache",
    "cached",
    "Straße",
    "Łódź",
    "ΟΔΟΣ",
    "тревога",
];

/// Queries for the made-up documents: words, starts of words, several words, ids, accents left out, other scripts.
const QUERIES: &[&str] = &[
    "gateway",
    "gate",
    "rollback",
    "roll",
    "rol",
    "ROLLOUT",
    "alarm",
    "resume",
    "Résumé",
    "naive",
    "größe",
    "queue",
    "queued",
    "drain",
    "throttle",
    "window",
    "win",
    "owner",
    "call",
    "escalate",
    "ledger",
    "prufen",
    "token",
    "tokens",
    "toke",
    "index",
    "constructor",
    "checkpoint",
    "canary",
    "cafe",
    "latency",
    "p95",
    "dns",
    "cache",
    "strasse",
    "straße",
    "тревога",
    "трев",
    "RB-0012",
    "RB-0007",
    "rb-00",
    "DEC-0100",
    "gateway alarm",
    "rollback owner",
    "window dns cache",
    "cafe latency",
    "queue drain",
    "nothingatall",
    "gateway nothingatall",
    "監視",
    "回復手順",
    "復",
];

/// A document that owns its words.
struct Made {
    id: String,
    title: String,
    heading: String,
    text: String,
    start: usize,
}

/// Makes documents from a fixed sequence of numbers.
fn made(count: usize) -> Vec<Made> {
    let mut state = 7_u64;
    let mut next = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut words = move |count: usize| -> String {
        (0..count).map(|_| WORDS[next(WORDS.len())]).collect::<Vec<_>>().join(" ")
    };
    (0..count)
        .map(|at| {
            let first = format!("{}; see RB-{:04}.", words(4), at / 2);
            let tail = if at % 9 == 0 { "監視と回復手順。" } else { "" };
            Made {
                id: if at % 3 == 0 { format!("DEC-{at:04}") } else { format!("RB-{at:04}") },
                title: words(2),
                heading: words(1),
                start: first.len() + 1,
                text: format!("{first}\n{}. {tail}", words(5)),
            }
        })
        .collect()
}

/// Makes the search documents of made-up ones; every other one is in the newer version too.
fn documents(made: &[Made]) -> Vec<SearchDocument<'_>> {
    made.iter()
        .enumerate()
        .map(|(at, made)| SearchDocument {
            id: &made.id,
            title: &made.title,
            kind: "Runbook",
            summary: "What to do.",
            pack: if at % 5 == 0 { "billing" } else { "atlas" },
            versions: if at % 2 == 0 {
                vec![("v1", "a.html")]
            } else {
                vec![("v2", "b.html"), ("v1", "a.html")]
            },
            status: "draft",
            headings: vec![SearchHeading {
                text: &made.heading,
                anchor: "steps",
                start: made.start,
            }],
            text: &made.text,
            names: vec![],
            extra: vec![],
            first: false,
        })
        .collect()
}

/// The search files as data: name without folder and extension, and what the call hands over.
struct Reader {
    files: BTreeMap<String, Value>,
}

impl Reader {
    /// Reads files as a script engine would: one call with a name and a value.
    fn new(files: &[(String, Vec<u8>)]) -> Self {
        let read = |(route, bytes): &(String, Vec<u8>)| {
            let text = std::str::from_utf8(bytes).unwrap();
            let call = text.strip_prefix("readymarkSearch(").unwrap().strip_suffix(");\n").unwrap();
            let Value::Array(call) = serde_json::from_str(&format!("[{call}]")).unwrap() else {
                panic!("{route}")
            };
            let name = call[0].as_str().unwrap();
            assert_eq!(*route, format!("search/{name}.js"));
            (name.to_owned(), call[1].clone())
        };
        Self { files: files.iter().map(read).collect() }
    }

    /// Decodes numbers: five bits to a character, lowest first.
    fn numbers(text: &str) -> Vec<usize> {
        let digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
        let (mut out, mut value, mut shift) = (Vec::new(), 0, 0);
        for digit in text.chars().map(|c| digits.find(c).unwrap()) {
            value |= (digit % 32) << shift;
            shift += 5;
            if digit < 32 {
                out.push(value);
                (value, shift) = (0, 0);
            }
        }
        out
    }

    /// All terms with their postings (document, section, impact).
    fn terms(&self) -> BTreeMap<String, Vec<(usize, usize, usize)>> {
        let mut terms = BTreeMap::new();
        for (name, data) in self.files.iter().filter(|(name, _)| name.starts_with("t-")) {
            let parts: Vec<&str> = data.as_str().unwrap().split(' ').collect();
            for pair in parts.chunks(2) {
                let key = &name[2..];
                assert!(key.starts_with('_') || pair[0].starts_with(key), "{} in {name}", pair[0]);
                let mut document = 0;
                let postings = Self::numbers(pair[1]);
                let postings = postings.chunks(2).map(|posting| {
                    document += posting[0];
                    (document, posting[1] / 16, posting[1] % 16)
                });
                assert!(
                    terms.insert(pair[0].to_owned(), postings.collect()).is_none(),
                    "{} twice",
                    pair[0]
                );
            }
        }
        terms
    }

    /// The title of each document.
    fn cards(&self) -> Vec<Value> {
        let blocks = self.files["index"]["documents"].as_u64().unwrap().div_ceil(BLOCK as u64);
        (0..blocks)
            .flat_map(|block| self.files[&format!("d-{block}")].as_array().unwrap().clone())
            .collect()
    }
}

/// Lower case without accents, by hand.
fn plain(text: &str) -> String {
    let fold = |c: char| match c {
        'é' => 'e',
        'ï' => 'i',
        'ö' | 'ó' => 'o',
        'ü' => 'u',
        'ź' => 'z',
        'ς' => 'σ',
        other => other,
    };
    text.to_lowercase().chars().map(fold).collect()
}

/// Tells by scanning whether a text has a word that starts with `word`.
fn scan(text: &str, word: &str) -> bool {
    let starts = |at: usize| text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let dense = word.chars().any(|c| c > '\u{2FFF}');
    text.match_indices(word).any(|(at, _)| dense || starts(at))
}

#[test]
fn finds_what_a_scan_over_the_texts_finds() {
    let made = made(500);
    let reader = Reader::new(&index(&["v2", "v1"], &documents(&made)));
    let terms = reader.terms();
    let cards = reader.cards();
    assert_eq!(cards.len(), made.len());
    assert_eq!(QUERIES.len(), 52);
    let mut found = 0;
    for query in QUERIES {
        let words: Vec<String> = query.split(' ').map(plain).collect();
        let expected: BTreeSet<&str> = made
            .iter()
            .filter(|made| {
                let text = plain(&format!(
                    "{} {} {} {} runbook what to do",
                    made.id, made.title, made.heading, made.text
                ));
                words.iter().all(|word| scan(&text, word))
            })
            .map(|made| made.id.as_str())
            .collect();
        let holds = |word: &String| -> BTreeSet<&str> {
            let dense: Vec<char> = word.chars().filter(|c| *c > '\u{2FFF}').collect();
            let pairs: Vec<String> = dense.windows(2).map(|pair| pair.iter().collect()).collect();
            let wanted = if pairs.is_empty() { vec![word.clone()] } else { pairs };
            let sets = wanted.iter().map(|wanted| -> BTreeSet<&str> {
                let matching = terms
                    .range(wanted.clone()..)
                    .take_while(|(term, _)| term.starts_with(wanted.as_str()));
                matching
                    .flat_map(|(_, postings)| postings)
                    .map(|(at, ..)| cards[*at][0].as_str().unwrap())
                    .collect()
            });
            sets.reduce(|one, other| &one & &other).unwrap()
        };
        let actual = words.iter().map(holds).reduce(|one, other| &one & &other).unwrap();
        assert_eq!(actual, expected, "{query}");
        found += expected.len();
    }
    assert!(found > 2_000, "the queries find too little to tell anything: {found}");
}

#[test]
fn an_own_id_outranks_every_mention() {
    let made = made(60);
    let reader = Reader::new(&index(&["v2", "v1"], &documents(&made)));
    let cards = reader.cards();
    let terms = reader.terms();
    let own: Vec<&str> = terms["rb-0010"]
        .iter()
        .filter(|(.., impact)| *impact == 15)
        .map(|(at, ..)| cards[*at][0].as_str().unwrap())
        .collect();
    assert_eq!(own, ["RB-0010"]);
    assert_eq!(
        terms["rb-0010"].len(),
        3,
        "itself, and the two documents 20 and 21 that mention it"
    );
}

#[test]
fn a_match_knows_its_section_and_a_title_weighs_more_than_a_mention() {
    let text = "Before anything.\nStop the pump.";
    let headings = vec![SearchHeading { text: "Stop", anchor: "stop", start: 17 }];
    let body = SearchDocument {
        title: "One",
        headings,
        text,
        versions: vec![("", "one.html")],
        ..Default::default()
    };
    let title =
        SearchDocument { title: "Pump", versions: vec![("", "two.html")], ..Default::default() };
    let terms = Reader::new(&index(&[""], &[body, title])).terms();
    assert_eq!(terms["anything"][0].1, 0);
    assert_eq!(terms["stop"][0].1, 1);
    let pump = &terms["pump"];
    assert_eq!((pump[0].0, pump[0].1, pump[1].0, pump[1].1), (0, 1, 1, 0));
    assert!(pump[1].2 > pump[0].2);
}

#[test]
fn a_word_of_several_words_is_found_whole_and_by_each_of_them() {
    let text =
        "LatencyHigh, HTTPServerDown, p95High, snake_case_name, ÄrgerGroß, iOS-AppStart, EURO";
    let document = SearchDocument { text, ..Default::default() };
    let terms = Reader::new(&index(&[""], &[document])).terms();
    let found: Vec<&str> = terms.keys().map(String::as_str).collect();
    let mut expected = vec![
        "latencyhigh",
        "latency",
        "high",
        "httpserverdown",
        "http",
        "server",
        "down",
        "p95high",
        "p95",
        "snake",
        "case",
        "name",
        "argergroß",
        "arger",
        "groß",
        "ios",
        "os",
        "appstart",
        "app",
        "start",
        "euro",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_hash_is_not_cut_into_words() {
    let hash = "aGVsbG8gV29ybGQ".repeat(5);
    let document = SearchDocument { text: &hash, ..Default::default() };
    assert_eq!(Reader::new(&index(&[""], &[document])).terms().len(), 1);
}

#[test]
fn a_name_outranks_a_mention_however_its_words_are_joined() {
    let document =
        |names| SearchDocument { names, versions: vec![("", "a.html")], ..Default::default() };
    let alerts = document(vec![
        ("checkout_latency_high", 0),
        ("KubePersistentVolumeFillingUp", 0),
        ("?", 0),
    ]);
    let person = SearchHeading { text: "Priya Raman", anchor: "person-priya", start: 0 };
    let people = SearchDocument { headings: vec![person], ..document(vec![("Service owner", 1)]) };
    let mention = SearchDocument { text: "checkoutlatencyhigh; serviceowner", ..document(vec![]) };
    let terms = Reader::new(&index(&[""], &[alerts, people, mention])).terms();
    let impacts = |term: &str| -> Vec<(usize, usize, bool)> {
        terms[term].iter().map(|(at, section, impact)| (*at, *section, *impact == 15)).collect()
    };
    assert_eq!(impacts("checkoutlatencyhigh"), [(0, 0, true), (2, 0, false)]);
    assert_eq!(impacts("kubepersistentvolumefill"), [(0, 0, true)], "24 characters count");
    assert_eq!(impacts("serviceowner"), [(1, 1, true), (2, 0, false)]);
    assert_eq!(impacts("volume"), [(0, 0, false)]);
}

#[test]
fn versions_packs_and_routes_are_told_apart() {
    let made = made(7);
    let reader = Reader::new(&index(&["v2", "v1"], &documents(&made)));
    let directory = &reader.files["index"];
    assert_eq!(directory["packs"], serde_json::json!([["atlas", 0], ["billing", 5]]));
    assert_eq!(directory["versions"], serde_json::json!(["v2", "v1"]));
    // Documents 1 2 3 4 6 of pack atlas come first, then 0 and 5; odd ones are in both versions.
    assert_eq!(Reader::numbers(reader.files["v-0"].as_str().unwrap()), [0, 1, 1, 1, 3, 1]);
    assert_eq!(Reader::numbers(reader.files["v-1"].as_str().unwrap()), [0, 7]);
    assert_eq!(reader.cards()[0][6], serde_json::json!([["b.html", [0]], ["a.html", [1]]]));
}

#[test]
fn hostile_words_stay_words() {
    let title =
        "</script><!--\u{2028}\u{2029}<img src=x onerror=alert(1)> \"\\ __proto__ constructor";
    let document = SearchDocument {
        id: "</ScRiPt>",
        title,
        summary: title,
        text: title,
        ..Default::default()
    };
    let files = index(&[""], &[document]);
    for (route, bytes) in &files {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.contains(['<', '>', '\u{2028}', '\u{2029}']), "{route}: {text}");
        assert!(route.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c)), "{route}");
    }
    assert_eq!(Reader::new(&files).cards()[0][1], title);
}

#[test]
fn the_files_do_not_depend_on_threads_or_on_the_order_of_other_packs() {
    let made = made(300);
    let documents = documents(&made);
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let many = rayon::ThreadPoolBuilder::new().num_threads(7).build().unwrap();
    let one = alone.install(|| index(&["v2", "v1"], &documents));
    assert_eq!(one, many.install(|| index(&["v2", "v1"], &documents)));
    let (billing, atlas): (Vec<_>, Vec<_>) =
        documents.into_iter().partition(|document| document.pack == "billing");
    assert_eq!(one, index(&["v2", "v1"], &[billing, atlas].concat()));
}

#[test]
fn nothing_in_gives_an_index_of_nothing() {
    let files = index(&[], &[]);
    assert_eq!(files.len(), 1);
    assert_eq!(Reader::new(&files).files["index"]["documents"], 0);
}

#[test]
fn large_shards_are_split_and_stay_small() {
    let texts: Vec<String> = (0..20_000)
        .map(|at| format!("st{}{} 漢", char::from(b'a' + u8::try_from(at % 26).unwrap()), at))
        .collect();
    let documents: Vec<SearchDocument<'_>> =
        texts.iter().map(|text| SearchDocument { text, ..Default::default() }).collect();
    let files = index(&[""], &documents);
    let names: Vec<&str> = files.iter().map(|(route, _)| route.as_str()).collect();
    assert!(names.contains(&"search/t-stq.js") && !names.contains(&"search/t-st.js"), "{names:?}");
    assert_eq!(Reader::new(&files).terms()["漢"].len(), 20_000);
    let largest = files
        .iter()
        .filter(|(route, _)| route.starts_with("search/t-st"))
        .map(|(_, bytes)| bytes.len());
    assert!(largest.max().unwrap() < 64 * 1024);
}
