//! Tests of limits and of input that is made to hurt.
#![expect(clippy::format_collect, reason = "inputs are built once and read better so")]

use std::time::Duration;

use super::super::limits::*;
use super::super::*;
use super::{check, rules_of};
use crate::document::include;
use crate::source::RepoPath;

/// One file for each limit: what is counted, the last that is shown, and where the first one too many stands.
#[test]
fn limits_replace_the_page_by_its_start() {
    let table = |rows: usize| format!("|a|b|\n|-|-|\n{}", "|b|c|\n".repeat(rows));
    let cases = [
        ("bytes", "a".repeat(LARGEST), "a"),
        ("lines", "\n".repeat(MOST_LINES), "a"),
        ("links", "[a](b) ".repeat(MOST_LINKS), "[a](b)"),
        ("headings", "# a\n".repeat(MOST_HEADINGS), "# a"),
        (
            "references to footnotes",
            "[^a]: b\n\n".to_owned() + &"[^a]".repeat(MOST_REFERENCES),
            "[^a]",
        ),
        ("table cells", table(MOST_CELLS / 2 - 1), "|b|c|"),
        ("tags of HTML", "a".to_owned() + &"<b>".repeat(MOST_TAGS), "<b>"),
        ("marks such as `*` and `[`", "\\".repeat(MOST_MARKS), "\\\\"),
        (
            "pieces of text and markup",
            "*a* *a* *a* *a*\n\n".repeat(MOST_PIECES / 17),
            "*a* *a* *a* *a*",
        ),
    ];
    for (what, most, more) in cases {
        assert_eq!(rules_of(&parse(most.as_bytes())), [""; 0], "{what}");
        let document = parse(format!("{most}{more}").as_bytes());
        assert_eq!(rules_of(&document), ["markup.too-large"], "{what}");
        let fault = &document.faults[0];
        assert!(fault.message.ends_with(what), "{what}: {}", fault.message);
        assert!(what == "bytes" || fault.span.start >= most.len(), "{what}: {:?}", fault.span);
        assert!(document.body.html.starts_with("<pre") && document.body.html.contains("not shown"));
    }
}

#[test]
fn deep_nesting_is_shown_flat() {
    for (source, limit) in [(">".repeat(65), 1), (">".repeat(64), 0), (">".repeat(20_000), 1)] {
        assert_eq!(check(format!("{source} x").as_bytes()).faults.len(), limit);
    }
    let list: String = (0..200).map(|level| format!("{}- x\n", " ".repeat(2 * level))).collect();
    assert_eq!(rules_of(&check(list.as_bytes())), ["markup.too-deep"]);
}

/// The processor time of this thread alone, which other programs hardly change.
#[cfg(unix)]
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(not(unix))]
fn now() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

fn time(text: &str) -> Duration {
    time_of(|| drop(std::hint::black_box(parse(text.as_bytes()))))
}

fn time_of(work: impl FnOnce()) -> Duration {
    let start = now();
    work();
    now().saturating_sub(start)
}

/// What people and machines write too much of.
const PIECES: [&str; 108] = [
    "[",
    "![",
    "*a_",
    ">",
    "[[",
    "<!--",
    "`",
    "[a](<b",
    "<b>",
    "</b>",
    "<a href=x>",
    "$",
    "$$a",
    "(",
    "http://",
    "A1-1",
    "-",
    ":",
    "&lt;",
    "\\",
    "# a\n",
    "- ",
    "* a\n",
    "1. ",
    "|",
    "[^a]",
    "~~",
    "<",
    "<x ",
    "[ ] ",
    "{#a}",
    "```",
    "_",
    "[!NOTE]\n> ",
    "> [!X] ",
    "TBD ",
    "<t ",
    "{{ ",
    "\n\n",
    "a\n: b\n",
    "\t",
    "https://a)",
    "# \n",
    "## a b\n",
    "a\n===\n",
    "===\n",
    "> a\n",
    "a\r",
    "\0",
    "é",
    "字字字\n",
    "+ a\n",
    "- [ ] a\n",
    "**a**\n\n",
    "*a* ",
    "[a](b) ",
    "![a](b) ",
    "[[a]] ",
    "[a]: b\n",
    "[a]\n",
    "[^1]: x\n\n",
    "<br>",
    "<b>x</b>",
    "<x>",
    "<div>\n\n",
    "</div>\n\n",
    "<script>\n\n",
    "<details><summary>a</summary>\n\n",
    "<img src=\"a.png\" alt=b>\n",
    "<a id=a></a>",
    "<name> ",
    "&#",
    "|-|\n",
    "|a|\n|-|\n\n",
    "a|b\n-|-\n",
    "\\|",
    "a: b\n",
    "**a:** b ",
    "## Status\n\nx\n\n",
    "N/A\n\n",
    "$a$ ",
    "$$a$$ ",
    "    code\n",
    "\"",
    "'",
    "^",
    "~",
    "@",
    "=",
    "+",
    "?",
    "!",
    ";",
    ",",
    ".",
    "/",
    "%",
    "()",
    "](",
    "***",
    "http://(",
    "(www._",
    "_www.a",
    "www.a.b ",
    "a@b.c ",
    "a@",
    "+ ",
    "1) ",
];

/// Inputs of a size that are more than a piece repeated.
fn made(size: usize) -> Vec<(&'static str, String)> {
    let many = |one: &dyn Fn(usize) -> String| {
        let mut all = String::with_capacity(size + size / 4);
        (0..).map_while(|at| (all.len() < size).then(|| all.push_str(&one(at)))).for_each(drop);
        all
    };
    let fields = |matter: String| format!("---\na: 1\n{matter}\n---\n");
    let code = |language: &str, text: &str| {
        format!("```{language}\n{}\n```\n", text.repeat(65_000 / text.len())).repeat(size / 65_000)
    };
    let wide = size.min(10_000);
    vec![
        ("a line", "a".repeat(size)),
        ("a line of words", "a ".repeat(size / 2)),
        ("a heading", format!("# {}", "a(".repeat(size / 2))),
        ("bold words", format!("**{}**", "a ".repeat(size / 2))),
        ("headings", many(&|at| format!("# h{at}\n"))),
        ("headings like anchors", many(&|at| format!("# a{}\n", ["", "-1", "-2"][at % 3]))),
        ("anchors", many(&|at| format!("<a id=\"a-{at}\"></a>"))),
        ("references", many(&|at| format!("[a{at}]: b\n\n[a{at}]\n\n"))),
        ("a long target", format!("[a]: {}\n\n{}", "b".repeat(size / 2), "[a] ".repeat(size / 8))),
        ("many long targets", format!("[a]: {}\n\n{}", "b".repeat(wide), "[a] ".repeat(size / 4))),
        ("footnotes", many(&|at| format!("[^{at}]: b [^{}]\n\n", at + 1))),
        ("one footnote", format!("[^a]: x\n\n{}", "[^a] ".repeat(size / 5))),
        ("growing code marks", many(&|at| format!("{} ", "`".repeat(at % 1400 + 1)))),
        ("growing emphasis", many(&|at| format!("{}a ", "*".repeat(at % 100 + 1)))),
        ("growing lists", many(&|at| format!("{}- a\n", " ".repeat(at)))),
        (
            "columns",
            ["|a", "|-", "|b"].map(|cell| cell.repeat(wide) + "|\n").concat()
                + &"|b".repeat(size / 2),
        ),
        ("rows", format!("|a|\n|-|\n{}", "|b\n".repeat(size / 3))),
        ("rows with ids", format!("|a|b|\n|-|-|\n{}", many(&|at| format!("|R-{at}|b|\n")))),
        (
            "short rows",
            "|head".repeat(100) + "\n" + &"|-".repeat(100) + "\n" + &"|a\n".repeat(size / 3),
        ),
        ("one row", format!("|a|b|\n|-|-|\n|R-1|{}|\n", "b ".repeat(size / 2))),
        ("keys", fields(many(&|at| format!("k{at}: v\n")))),
        ("one key", fields("k: v\n".repeat(size / 5))),
        ("a long key", fields("k".repeat(size) + ": v")),
        ("a long value", fields("k: ".to_owned() + &"v ".repeat(size / 2))),
        ("deep keys", fields(many(&|at| format!("{}k:\n", " ".repeat(at))))),
        ("anchors and aliases", fields("b: &a [*a, *a]\n".repeat(size / 15))),
        ("deep tables", format!("+++\n{}+++\n", many(&|at| format!("[{}b]\n", "a.".repeat(at))))),
        ("dotted keys", format!("+++\n{}b = 1\n+++\n", "a.".repeat(size / 2))),
        ("deep objects", "{\"a\":".repeat(size / 5)),
        ("members", format!("{{{}\"z\": 1}}\n", many(&|at| format!("\"k{at}\":1,\n")))),
        ("lists of YAML", code("yaml", "- ")),
        ("dashes", code("ini", "-")),
        ("empty lines of code", code("sql", "\n")),
        ("open tags", code("html", "<a ")),
        ("variables", code("sh", "${")),
        ("quotes", code("json", "\"")),
    ]
}

/// How much is looked at: a megabyte, or less in tests that are not optimised.
const SIZE: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };

/// How many times what prose costs anything may cost: a megabyte takes at most a hundred milliseconds where a megabyte of
/// prose takes ten. In tests that are not optimised the parser still is, so that prose, which is mostly parsing, costs less
/// beside what we do.
const RATIO: u32 = if cfg!(debug_assertions) { 40 } else { 10 };

/// Holds work to what prose of the same size costs; other programs may disturb one run, not three.
fn hold_to_prose(name: &str, limit: Duration, work: impl Fn()) {
    let held = (0..3).any(|_| time_of(&work) <= limit);
    assert!(held, "{name:?} takes {:?} of {limit:?}", time_of(&work));
}

fn limit() -> Duration {
    let prose = "The service starts again when its queue is empty, and the engineer on call looks at the board first.\nA second line says `what` to *do* next.\n\n";
    let prose = prose.repeat(SIZE / prose.len());
    (0..3).map(|_| time(&prose)).max().unwrap_or_default() * RATIO
}

#[test]
fn a_megabyte_of_anything_costs_at_most_ten_times_as_much_as_prose() {
    let limit = limit();
    let pieces = PIECES.iter().map(|piece| (*piece, piece.repeat(SIZE / piece.len())));
    for (name, text) in pieces.chain(made(SIZE)) {
        hold_to_prose(name, limit, || drop(std::hint::black_box(parse(text.as_bytes()))));
    }
}

#[test]
fn includes_cost_at_most_ten_times_as_much_as_prose() {
    let (limit, path) = (limit(), RepoPath::new("a.md"));
    for piece in [
        "{{#",
        "{{#}}",
        "{{#a ",
        "{{#\n",
        "{{#include a",
        "{{#include a}} ",
        "\\{{#include a}} ",
        "{{#title a}}\r\n",
        "{{#include gone}}",
    ] {
        for end in ["", "}}"] {
            let text = piece.repeat(SIZE / piece.len()) + end;
            let read =
                |wanted: &RepoPath| (wanted.as_str() == "a").then(|| "{{#title b}}\r\n".to_owned());
            hold_to_prose(piece, limit, || drop(include::expand(&text, &path, &read)));
        }
    }
}

#[test]
fn a_small_stack_is_enough() {
    let source = format!(
        "{} x\n\n{}\n\n{}",
        ">".repeat(20_000),
        "<div>".repeat(20_000),
        "*a **b ".repeat(5_000)
    );
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let document = small
        .spawn(move || parse(source.as_bytes()))
        .expect("a thread starts")
        .join()
        .expect("no overflow");
    assert!(!document.body.html.is_empty());
}

#[test]
fn a_parser_that_fails_leaves_the_text() {
    let document = shown("# Title <b>", 2, || panic!("as a test"));
    assert_eq!(rules_of(&document), ["markup.parser-failed"]);
    assert_eq!(document.body.html, "<pre tabindex=\"0\">Title &lt;b&gt;</pre>\n");
}
