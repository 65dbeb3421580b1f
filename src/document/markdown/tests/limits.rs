//! Tests of limits and of input that is made to hurt.
#![expect(clippy::format_collect, reason = "inputs are built once and read better so")]

use std::time::Duration;

use super::super::*;
use super::{check, rules_of};

#[test]
fn limits_replace_the_page_by_its_start() {
    let large = "a".repeat(LARGEST + 1);
    let cells = format!(
        "|{}\n|{}\n{}",
        "a|".repeat(1000),
        "-|".repeat(1000),
        format!("|{}\n", "b|".repeat(1000)).repeat(201)
    );
    let links = "[a](b) ".repeat(20_001);
    for source in [&large, &cells, &links] {
        let document = check(source.as_bytes());
        assert_eq!(rules_of(&document), ["markup.too-large"]);
        assert!(document.body.html.starts_with("<pre") && document.body.html.contains("not shown"));
    }
    assert!(check("[a](b) ".repeat(20_000).as_bytes()).faults.is_empty());
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
    let start = now();
    std::hint::black_box(parse(text.as_bytes()));
    now().saturating_sub(start)
}

/// What grows with the square takes sixteen times as long for four times the input. Other programs may disturb one
/// run, not three.
fn grows_evenly(name: &str, source: impl Fn(usize) -> String) {
    const COUNT: usize = 12_500;
    const RUNS: usize = 3;
    let (few, many) = (source(COUNT), source(4 * COUNT));
    let even = || time(&many) < time(&few) * 10 + Duration::from_millis(100);
    assert!((0..RUNS).any(|_| even()), "{name}");
}

#[test]
fn hostile_input_costs_no_more_than_its_size() {
    for piece in [
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
    ] {
        grows_evenly(piece, |count| piece.repeat(count));
    }
    grows_evenly("references", |count| (0..count).map(|at| format!("[a{at}]: b\n\n")).collect());
    grows_evenly("footnotes", |count| {
        (0..count / 4).map(|at| format!("[^{at}]: b [^{at}]\n\n")).collect()
    });
    grows_evenly("same headings", |count| "# a\n\n".repeat(count / 2));
    grows_evenly("yaml list", |count| format!("---\na: {}\n---\n", "[".repeat(count)));
    grows_evenly("code", |count| format!("```sh\n{}\n```\n", "${".repeat(count / 2)));
    grows_evenly("code", |count| format!("```yaml\n{}\n```\n", "- ".repeat(count / 2)));
    grows_evenly("table", |count| format!("|a|\n|-|\n{}", "|b\n".repeat(count)));
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
