//! Tests of parsing as a whole: facts and their places, limits, hostile input.

use proptest::prelude::*;

use super::*;

use crate::document::Part::{Close, Label, Open, Source};
use crate::document::TaskState;
use crate::document::{Link, LinkForm, html};

fn rules_of(document: &Document) -> Vec<&'static str> {
    document.faults.iter().map(|fault| fault.rule.name).collect()
}

fn piece<'a>(source: &'a str, span: &crate::source::Span) -> &'a str {
    &source[span.clone()]
}

/// Fills the holes the way a page would.
fn filled(document: &Document) -> String {
    let mut html = document.body.html.clone();
    for hole in document.body.holes.iter().rev() {
        let text = match hole.part {
            Open => "<a href=\"x\">",
            Close => "</a>",
            Label => "label",
            Source => " src=\"x.png\"",
        };
        html.insert_str(hole.at, text);
    }
    html
}

/// Says what is not balanced in HTML: a tag that is never closed or never opened.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    for token in html5gum::Tokenizer::new(html).flatten() {
        match token {
            html5gum::Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if !["br", "hr", "img", "input"].contains(&name.as_str()) {
                    open.push(name);
                }
            }
            html5gum::Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if open.pop().as_deref() != Some(name.as_str()) {
                    return Some(name);
                }
            }
            _ => {}
        }
    }
    open.pop()
}

/// Reads the HTML as a browser would: only known tags, only known attributes, only known schemes.
fn only_safe_tags(html: &str) {
    const ATTRIBUTES: [&str; 20] = [
        "href",
        "rel",
        "title",
        "id",
        "class",
        "src",
        "alt",
        "width",
        "height",
        "role",
        "tabindex",
        "aria-label",
        "scope",
        "colspan",
        "rowspan",
        "start",
        "open",
        "type",
        "disabled",
        "checked",
    ];
    for token in html5gum::Tokenizer::new(html).flatten() {
        let html5gum::Token::StartTag(tag) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let ours = ["input", "section", "aside"].contains(&name.as_str());
        assert!(ours || html::raw::element(&name).is_some(), "{name} in {html}");
        for (attribute, value) in &tag.attributes {
            let attribute = String::from_utf8_lossy(attribute);
            let value = String::from_utf8_lossy(value);
            assert!(ATTRIBUTES.contains(&attribute.as_ref()), "{attribute} in {html}");
            let address = attribute == "href" || attribute == "src";
            assert!(!address || html::scheme(&value) != html::Scheme::Blocked, "{value} in {html}");
        }
    }
}

/// What must hold whatever the input is.
fn check(bytes: &[u8]) -> Document {
    let document = parse(bytes);
    let html = filled(&document);
    assert_eq!(unbalanced(&html), None, "{html}");
    assert!(document.body.holes.is_sorted_by_key(|hole| hole.at));
    for hole in &document.body.holes {
        assert!(hole.link < document.links.len() && document.body.html.is_char_boundary(hole.at));
    }
    for heading in &document.headings {
        assert!(heading.span.end <= heading.section.start.max(heading.span.end));
        assert!(heading.section.end <= bytes.len() && heading.section.start <= heading.section.end);
        assert!(document.text.get(heading.words.clone()).is_some());
    }
    let spans = document
        .links
        .iter()
        .map(|link| &link.span)
        .chain(document.faults.iter().map(|fault| &fault.span));
    assert!(spans.into_iter().all(|span| span.start <= span.end && span.end <= bytes.len()));
    only_safe_tags(&html);
    document
}

#[test]
fn links_of_every_form_are_found_where_they_stand() {
    let source = "---\nid: X-1\n---\n[a](b.md#c) [[RB-1]] [[RB-2|two]] ![i](i.png) RB-3, <https://e.org> https://e.org/x. [r][r] [f](#f)\n\n[r]: r.md\n";
    let document = check(source.as_bytes());
    let found: Vec<_> = document
        .links
        .iter()
        .map(|Link { form, target, span }| (*form, target.as_str(), piece(source, span)))
        .collect();
    let expected = [
        (LinkForm::Inline, "b.md#c", "[a](b.md#c)"),
        (LinkForm::Wiki { titled: false }, "RB-1", "[[RB-1]]"),
        (LinkForm::Wiki { titled: true }, "RB-2", "[[RB-2|two]]"),
        (LinkForm::Image, "i.png", "![i](i.png)"),
        (LinkForm::Mention, "RB-3", "RB-3"),
        (LinkForm::Inline, "https://e.org", "<https://e.org>"),
        (LinkForm::Inline, "https://e.org/x", "https://e.org/x"),
        (LinkForm::Inline, "r.md", "[r][r]"),
        (LinkForm::Inline, "#f", "[f](#f)"),
    ];
    assert_eq!(found, expected);
    let parts: Vec<_> = document.body.holes.iter().map(|hole| (hole.link, hole.part)).collect();
    assert_eq!(
        parts,
        [
            (0, Open),
            (0, Close),
            (1, Open),
            (1, Label),
            (1, Close),
            (2, Open),
            (2, Close),
            (3, Source),
            (3, Open),
            (3, Label),
            (3, Close),
            (4, Open),
            (4, Close),
            (7, Open),
            (7, Close),
            (8, Open),
            (8, Close),
        ]
    );
}

#[test]
fn mentions_are_whole_words_with_a_digit() {
    let mentions = |text: &str| -> Vec<String> {
        let document = check(text.as_bytes());
        document
            .links
            .into_iter()
            .filter(|link| link.form == LinkForm::Mention)
            .map(|link| link.target)
            .collect()
    };
    let cases: [(&str, &[&str]); 14] = [
        ("RB-004.", &["RB-004"]),
        ("(CHG-006), RSK-1-a_b.2;", &["CHG-006", "RSK-1-a_b.2"]),
        ("READ-ONLY and PRE-pay", &[]),
        ("A-1 xRB-1 RB-1é éRB-1", &[]),
        ("`RB-1` [RB-2](x) [[RB-3]]", &[]),
        ("path/RB-1 a.RB-2 #RB-3 @RB-4", &[]),
        ("**RB-1** *RB-2*", &["RB-1", "RB-2"]),
        ("# About RB-9", &["RB-9"]),
        ("RB- RB-- RB-_1", &[]),
        ("TOOLONGPREFIX1-1", &[]),
        ("RB-1 RB-2\nRB-3", &["RB-1", "RB-2", "RB-3"]),
        ("https://e.org/RB-1 RB-2", &["RB-2"]),
        ("<b>RB-1</b>", &["RB-1"]),
        ("    RB-1 in code", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn addresses_end_where_a_reader_would_end_them() {
    let cases = [
        ("see https://e.org/a.", "https://e.org/a"),
        ("(https://e.org/a)", "https://e.org/a"),
        ("https://e.org/a_(b)", "https://e.org/a_(b)"),
        ("https://e.org/?a=1&b=2, x", "https://e.org/?a=1&b=2"),
        ("HTTP://e.org", "HTTP://e.org"),
        ("\"https://e.org\"", "https://e.org"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text.as_bytes()).links[0].target, expected, "{text}");
    }
    for text in ["xhttps://e.org", "https://", "http:/e.org", "`https://e.org`"] {
        assert!(check(text.as_bytes()).links.is_empty(), "{text}");
    }
}

/// The badges beside a title are no part of it; a title that is a picture has its words.
#[test]
fn pictures_beside_the_words_of_a_heading_do_not_name_it() {
    for (source, text, id) in [
        ("# Team book [![build](https://x/b.svg)](https://x/)", "Team book", "team-book"),
        ("# ![logo](logo.png) Team book", "Team book", "team-book"),
        ("# Team <img src=\"l.png\" alt=\"logo\"> book", "Team  book", "team--book"),
        ("# ![Team book](logo.png)", "Team book", "team-book"),
    ] {
        let document = check(source.as_bytes());
        let heading = &document.headings[0];
        assert_eq!((heading.text.as_str(), heading.id.as_str()), (text, id), "{source}");
    }
}

/// A short sentence says something; a question, a fragment or what puts it off does not.
#[test]
fn a_short_sentence_fills_a_section() {
    for (words, filled) in [
        ("Call the owner of the gateway now.", true),
        ("Who owns the gateway these days?", false),
        ("Owner of the gateway", false),
        ("To be written by Ann soon.", false),
        ("TBD by the team.", false),
        ("*Say who owns the gateway.*", false),
    ] {
        let document = check(format!("# A\n\n{words}\n").as_bytes());
        assert_eq!(document.headings[0].filled, filled, "{words}");
    }
}

#[test]
fn headings_own_sections_and_words() {
    let source = "# One\n\nintro\n\n## Two\n\n| a |\n|---|\n| x |\n\n### Three\n\nTBD\n\n## Two\n\n- [ ] do this now\n\n# *End* {#last}\n";
    let document = check(source.as_bytes());
    let found: Vec<_> = document
        .headings
        .iter()
        .map(|heading| {
            (
                heading.level,
                heading.id.as_str(),
                piece(source, &heading.section).trim(),
                heading.filled,
            )
        })
        .collect();
    let all = source[6..source.find("# *End*").expect("it is there")].trim();
    assert_eq!(found[0], (1, "one", all, true));
    assert_eq!(found[1], (2, "two", "| a |\n|---|\n| x |\n\n### Three\n\nTBD", true));
    assert_eq!(found[2], (3, "three", "TBD", false));
    assert_eq!(found[3], (2, "two-1", "- [ ] do this now", true));
    assert_eq!(found[4], (1, "last", "", false));
    assert_eq!(document.headings[4].text, "End");
    assert_eq!(&document.text[document.headings[2].words.clone()], "TBD\n");
    assert_eq!(document.tables[0].heading, Some(1));
    assert_eq!(document.tasks[0].state, TaskState::Open);
    assert_eq!(piece(source, &document.tasks[0].span), "[ ]");
}

#[test]
fn sections_with_placeholders_only_are_not_filled() {
    let filled = |text: &str| check(format!("# A\n\n{text}\n").as_bytes()).headings[0].filled;
    for text in [
        "",
        "TBD",
        "<owner of this>",
        "_Describe what to do when the disk is full in one line._",
        "| a |\n|---|",
        "| a | b |\n|---|---|\n| | TBD |",
        "| a | b |\n|---|---|\n| **Group** | |",
        "- TODO",
        "<!-- one two three four five six seven eight -->",
        "N/A",
        "Only six words are in here",
        "{{name}} [Name] YYYY-MM-DD",
    ] {
        assert!(!filled(text), "{text}");
    }
    for text in [
        "These are eight words and that is enough",
        "| a |\n|---|\n| x |",
        "- three words here",
        "![p](p.png)",
        "see [x](x.md)",
        "[[RB-1]]",
        "```mermaid\ngraph TD\n```",
        "```sh\nkubectl rollout undo deploy/api\n```",
        "## B\n\nThese are eight words and that is enough",
    ] {
        assert!(filled(text), "{text}");
    }
}

#[test]
fn cells_keep_their_place_and_say_whether_they_are_bold() {
    let source = "| Risk | Who |\n|:--|--:|\n| **RSK-1** | a \\| *b* |\n| only |\n";
    let document = check(source.as_bytes());
    let table = &document.tables[0];
    assert_eq!(
        table.header.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(),
        ["Risk", "Who"]
    );
    let row = &table.rows[0];
    assert_eq!(
        (row.cells[0].text.as_str(), row.cells[0].bold, piece(source, &row.cells[0].span)),
        ("RSK-1", true, "**RSK-1**")
    );
    assert_eq!(
        (row.cells[1].text.as_str(), row.cells[1].bold, piece(source, &row.cells[1].span)),
        ("a | b", false, "a \\| *b*")
    );
    assert_eq!(table.rows[1].cells.len(), 2);
    assert_eq!(piece(source, &table.rows[1].span), "| only |");
}

#[test]
fn words_that_html_keeps_apart_stay_apart() {
    let document = check(b"| a |\n|---|\n| one<br>two<ul><li>three</li><li>four</li></ul> |\n");
    assert_eq!(document.tables[0].rows[0].cells[0].text, "one two three four");
    assert_eq!(check(b"# A\r\rb\rc\r\r## B\r").headings[1].text, "B");
}

#[test]
fn a_wiki_link_in_a_table_loses_the_backslash() {
    let document = check(b"| a |\n|---|\n| [[RB-1\\|one]] |\n");
    assert_eq!(document.links[0].target, "RB-1");
    assert_eq!(document.tables[0].rows[0].cells[0].text, "one");
}

#[test]
fn blocked_schemes_become_text_in_every_spelling() {
    let targets = [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "&#1;javascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "blob:x",
        "file:///etc/passwd",
        "feed:x",
        "view-source:x",
    ];
    for target in targets {
        for form in [
            format!("[x]({target})"),
            format!("![x]({target})"),
            format!("[x][r]\n\n[r]: {target}"),
            format!("<a href=\"{target}\">x</a>"),
        ] {
            let document = check(form.as_bytes());
            assert_eq!(rules_of(&document), ["markup.blocked-scheme"], "{form}");
            assert!(document.links.is_empty() && document.body.holes.is_empty(), "{form}");
            assert!(!document.body.html.contains("<a "), "{form}");
        }
    }
    assert_eq!(rules_of(&check(b"<javascript:alert(1)>")), ["markup.blocked-scheme"]);
}

#[test]
fn a_scheme_that_does_no_harm_is_text_with_a_warning() {
    for target in ["rdar://12345678", "slack://channel?id=1", "todo:x"] {
        let document = check(format!("[x]({target})").as_bytes());
        assert_eq!(rules_of(&document), ["markup.unknown-scheme"], "{target}");
        assert!(!document.body.html.contains("<a "), "{target}");
    }
    for target in ["hhttps://e.org/a", "mail:a@e.org"] {
        let document = check(format!("[x]({target})").as_bytes());
        assert_eq!(rules_of(&document), ["markup.blocked-scheme"], "a mistake: {target}");
    }
}

#[test]
fn elements_that_are_not_allowed_are_shown_as_text() {
    for element in [
        "<script>",
        "<svg onload=x>",
        "<iframe srcdoc=x>",
        "<base href=x>",
        "<style>",
        "<form>",
        "<input type=checkbox checked>",
        "<math>",
        "<meta http-equiv=refresh>",
        "<object>",
        "<noscript>",
        "<template>",
        "<SCRIPT\n>",
    ] {
        let document = check(element.as_bytes());
        assert_eq!(rules_of(&document), ["markup.raw-html"], "{element}");
        assert!(document.body.html.contains("&lt;"), "{element}");
    }
    assert!(rules_of(&check(b"kubectl delete <pod>")).is_empty());
    assert!(check(b"kubectl delete <pod>").body.html.contains("&lt;pod&gt;"));
}

#[test]
fn bytes_that_are_not_text_are_marked_and_places_stay_true() {
    let source = b"---\nid: A-1\n---\n\xFF\xFE # no\n\nRB-1 \xE2\x80\xAE RB-2 \0 RB-3\n";
    let document = check(source);
    assert_eq!(
        rules_of(&document),
        [
            "markup.not-utf8",
            "markup.not-utf8",
            "markup.control-character",
            "markup.control-character"
        ]
    );
    assert_eq!(document.faults[0].span, 16..17);
    for (link, expected) in document.links.iter().zip([b"RB-1", b"RB-2", b"RB-3"]) {
        assert_eq!(&source[link.span.clone()], expected);
    }
    assert_eq!(rules_of(&check(b"\xFF\xFE#\0 \0a\0"))[0], "markup.not-utf8");
    assert!(check("\u{FEFF}# Title 👩‍💻\n".as_bytes()).faults.is_empty());
}

#[test]
fn anchors_are_those_of_tags() {
    let document = check(b"# One\n\n<a name=\"two\"></a> `<b id=\"three\">` id=\"four\"\n");
    let has = |id: &str| document.has_anchor(id);
    assert!(has("one") && has("two") && !has("three") && !has("four"));
}

#[test]
fn lines_are_counted_for_every_line_end() {
    assert_eq!(parse(b"a\nb\n").lines, [0, 2, 4]);
    assert_eq!(parse(b"a\r\nb").lines, [0, 3]);
    assert_eq!(parse(b"a\rb\rc").lines, [0, 2, 4]);
    assert_eq!(parse(b"").lines, [0]);
}

mod limits;

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn no_markup_breaks_it(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "#", "## ", "\n", "\n\n", "- ", "1. ", "> ", "[", "]", "(", ")", "[[", "]]", "|", "\\|", "---", "\n|-|-|\n", "*", "**", "_", "`", "```", "~~",
        "<b>", "</b>", "<a href=\"x\">", "</a>", "<div>", "</div>", "<details>", "</details>", "<script>", "<!--", "-->", "<img src=x onerror=y>", "<td>", "<li>", "<p>",
        "[^a]", "[^a]: ", "RB-1", "https://e.org", "![", "x.png", "[!NOTE]", " title", "{#x}", "[x] ", "[ ] ", ": ", "&amp;", "\\", "$", "$$", "é", "\u{202E}", "\0", "\r", "\t", "    ", "<span id=\"x\">", "javascript:x", "word ",
    ]), 0..60)) {
        check(pieces.concat().as_bytes());
        check(format!("---\n{}", pieces.concat()).as_bytes());
    }
}

#[test]
fn a_box_that_does_not_apply_is_a_task_too() {
    let document = check(b"- [x] a\n- [~] b c\n- [-] d\n- [~]e\n\n[~] f\n");
    let states: Vec<TaskState> = document.tasks.iter().map(|task| task.state).collect();
    assert_eq!(states, [TaskState::Done, TaskState::Dropped, TaskState::Dropped]);
    let shown = "<li class=\"task\"><em>Does not apply:</em> b c</li>";
    assert!(document.body.html.contains(shown), "{}", document.body.html);
}

#[test]
fn bold_lines_open_sections_of_their_own() {
    let source = "# T\n\n**Meaning:**\n\nThe queue grows faster than the workers can empty it.\n\n**Steps**\n\n\
                  1. Restart the worker\n\n**Escalate**\n\nTBD\n\n## Next words count here not above\n\n> **Quoted**\n\n\
                  - **item**\n\n**A whole sentence in bold that nobody would call a title at all**\n\n**a** b\n";
    let document = check(source.as_bytes());
    let found: Vec<(&str, &str, bool)> = document
        .bold_lines
        .iter()
        .map(|line| (line.text.as_str(), piece(source, &line.section).trim(), line.filled))
        .collect();
    assert_eq!(
        found,
        [
            ("Meaning", "The queue grows faster than the workers can empty it.", true),
            ("Steps", "1. Restart the worker", true),
            ("Escalate", "TBD", false),
        ]
    );
}
