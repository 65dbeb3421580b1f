//! Titles, names, ids and paths that try to be markup, script or style stay words in every output.

use std::sync::Arc;

use readymark::badge::{Badge, Tone};
use readymark::source::RepoPath;

use super::fixture::{finding_about, inputs, log, own, packs, settings, version};
use super::{is_page, pages, text};

const EVIL: &str = "</script><img src=x onerror=alert(1)>\"'&\u{2028}]]>";

fn evil_site() -> super::Files {
    let mut packs = packs();
    own(&mut packs.packs[0]).title = EVIL.into();
    own(&mut packs.packs[0]).summary = EVIL.into();
    let people = own(&mut packs.people);
    for person in &mut people.persons {
        person.name = EVIL.into();
        person.phone = Some(EVIL.into());
        person.mail = Some(EVIL.into());
        person.chat = Some(EVIL.into());
    }
    people.roles[0].title = EVIL.into();
    for artifact in packs.artifacts.iter_mut().map(own) {
        artifact.title = EVIL.into();
        artifact.id = format!("{EVIL}{}", artifact.id);
        artifact.summary = EVIL.into();
        artifact.status = readymark::kinds::Status::Unknown(EVIL.into());
    }
    own(&mut packs.artifacts[3]).path = RepoPath::new(&format!("agent-copilot/{EVIL}.md"));
    let kind = &mut Arc::make_mut(&mut packs.kinds)[0];
    kind.plural = EVIL.into();
    kind.purpose = EVIL.into();
    kind.sections[1].title = EVIL.into();
    let mut log = log();
    for entry in &mut log.entries {
        entry.title = EVIL.into();
        entry.landing.subject = EVIL.into();
        entry.origins[0].name = EVIL.into();
    }
    log.statement.reference = EVIL.into();
    let mut evil = version("v1", readymark::site::VersionState::Latest);
    evil.name = EVIL.into();
    let mut inputs = inputs(packs, log, Some(evil));
    inputs.diagnostics = vec![finding_about(EVIL)].into();
    let mut settings = settings();
    settings.book.title = Some(EVIL.into());
    settings.html.edit_url_template = Some("javascript:alert(1)//{path}".into());
    settings.html.git_repository_url = Some("javascript:alert(1)".into());
    inputs.settings = Arc::new(settings);
    pages(inputs)
}

#[test]
fn pages_show_hostile_words_as_words() {
    let files = evil_site();
    for route in files.keys().filter(|route| is_page(route)) {
        let page = text(&files, route);
        assert!(!page.replace("<img src=\"", "").contains("<img"), "{route}");
        assert!(!page.contains("javascript:"), "{route}");
        assert!(!page.contains("\"'&"), "{route}: quotes are escaped");
        assert!(page.contains("&lt;/script&gt;&lt;img"), "{route} shows the words");
    }
}

#[test]
fn scripts_style_and_json_hold_hostile_words_as_strings() {
    let files = evil_site();
    for route in ["nav.js", "version.js"] {
        let script = text(&files, route);
        assert!(!script.contains('<') && !script.contains('\u{2028}'), "{route}: {script}");
        let (_, json) = script.split_once(" = ").expect("an assignment");
        let json = json.trim_end().trim_end_matches(';');
        let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert!(value.to_string().contains("alert(1)"), "{route}");
    }
    let style = text(&files, "version.css");
    assert!(!style.contains('<'), "{style}");
    assert!(style.lines().all(|rule| rule.matches('"').count() == 2), "{style}");
    for route in ["decision-log.json", "completeness.json", "badges/list.json"] {
        let _: serde_json::Value = serde_json::from_str(&text(&files, route)).expect(route);
    }
}

fn drawn(label: &str, message: &str) -> Badge {
    let note = String::new();
    Badge { label: label.into(), message: message.into(), tone: Tone::Good, note }
}

#[test]
fn badges_hold_hostile_words_as_text() {
    let badge = drawn(EVIL, "a\u{0}b");
    let svg = badge.svg();
    assert!(!svg.contains("<img") && !svg.contains("</script>"), "{svg}");
    assert!(svg.contains("a b") && !svg.contains('\u{0}'), "{svg}");
    let json: serde_json::Value = serde_json::from_str(&badge.json()).expect("JSON");
    assert_eq!(json["label"], EVIL);
}

fn attribute(text: &str, name: &str) -> f64 {
    let (_, rest) = text.split_once(&format!(" {name}=\"")).expect("the attribute");
    rest.split('"').next().expect("a value").parse().expect("a number")
}

#[test]
fn badge_texts_fit_their_boxes() {
    let long = "much too long to be read at a glance ".repeat(9);
    for (label, message) in [
        ("day zero", "not ready · 2 blockers"),
        ("i", "W"),
        ("", "日本語の状態"),
        ("حالة", "جاهز"),
        ("long", &long),
    ] {
        let svg = drawn(label, message).svg();
        let all = attribute(&svg, "width");
        let texts: Vec<&str> = svg.split("<text").skip(1).collect();
        let ends = |text: &str| {
            let (middle, half) = (attribute(text, "x"), attribute(text, "textLength") / 2.0);
            (middle - half, middle + half)
        };
        let (left, right) = (ends(texts[0]), ends(texts[1]));
        let cut = attribute(svg.split("fill=\"#24292f\"").nth(1).expect("the right box"), "x");
        assert!(left.0 > 0.0 && left.1 < cut, "{svg}");
        assert!(right.0 > cut && right.1 < all && all < 700.0, "{svg}");
        assert!(svg.contains(&format!("<title>{label}: {message}</title>")), "{svg}");
    }
}

#[test]
fn letters_have_their_own_widths_and_right_to_left_is_said() {
    let width = |text: &str| attribute(&drawn(text, "x").svg(), "width");
    assert!(width("iiiiiiii") < width("mmmmmmmm"));
    assert!(width("日本語日本語") > width("abcabc") * 1.2);
    assert!((width("e\u{301}te\u{301}") - width("ete")).abs() < 0.01, "accents take no room");
    assert!((width("한국") - width("日本")).abs() < 0.01, "a syllable is one square");
    let directions = |label: &str| drawn(label, "x").svg().matches("direction=\"rtl\"").count();
    assert_eq!((directions("שלום RB-1"), directions("RB-1 שלום"), directions("RB-1")), (1, 0, 0));
}
