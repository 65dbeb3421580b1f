//! Pages, keys and scripts of a site, made from values.

mod fixture;
mod hostile;
mod keys;
mod links;

use std::collections::BTreeMap;
use std::sync::Arc;

use fixture::{inputs, log, packs, version};
use readymark::render::Theme;
use readymark::site::{Edition, Inputs, PackCard, Root, Unit, VersionState, plan};
use readymark::source::{ObjectId, ReadBlob};

/// Every file of a site by its address.
type Files = BTreeMap<String, Vec<u8>>;

fn theme() -> Theme {
    Theme::new(&[]).expect("the default theme can be read")
}

/// Holds no earlier texts.
struct Nothing;

impl ReadBlob for Nothing {
    fn read(&self, _: ObjectId) -> Result<Arc<[u8]>, String> {
        Err("it is not in this clone".to_owned())
    }
}

/// Renders a unit: route to bytes.
fn render(unit: &Unit, theme: &Theme) -> Files {
    let pages = unit.pages.iter().enumerate();
    pages
        .map(|(at, page)| (page.route.clone(), unit.render(theme, at, &Nothing).expect("bytes")))
        .collect()
}

/// Renders one pack of an edition.
fn pages(inputs: Inputs) -> Files {
    let theme = theme();
    render(&plan(&Edition::new(inputs), &theme, 0), &theme)
}

/// Renders two versions, `latest` and the root area of the hand-made pack.
fn site() -> Files {
    let theme = theme();
    let old = version("v0.1.0", VersionState::Outdated);
    let new = version("v0.2.0", VersionState::Latest);
    let older = plan(&Edition::new(inputs(packs(), log(), Some(old.clone()))), &theme, 0);
    let edition = Edition::new(inputs(packs(), log(), Some(new.clone())));
    let newer = plan(&edition, &theme, 0);
    let mut lines = readymark::compare::lines::Lines::default();
    for unit in [&older, &newer] {
        let documents = unit.edition().documents(0);
        lines.note(unit.edition().version(), documents, &BTreeMap::new());
    }
    let mut files = Files::new();
    for unit in [&newer.as_latest(), &newer, &older] {
        let made = render(unit, &theme).into_iter();
        files.extend(made.map(|(route, bytes)| (format!("{}/{route}", unit.folder), bytes)));
    }
    let root = Root {
        settings: Arc::new(fixture::settings()),
        packs: vec![PackCard::new(&edition, 0, vec![new, old], &|_, _| Vec::new())],
        as_of: "2026-05-07".into(),
        branch: "main".into(),
        kinds: readymark::kinds::load(&[]).0.into(),
    };
    for page in root.plan(&theme) {
        files.insert(page.route.clone(), root.render(&theme, &page).expect("bytes"));
    }
    let scripts = readymark::site::lineage(std::iter::once(("agent-copilot", &lines))).into_iter();
    files.extend(scripts.map(|(shard, text)| (format!("lineage/{shard}.js"), text.into_bytes())));
    files.extend(theme.assets().iter().cloned());
    files
}

fn text(files: &Files, route: &str) -> String {
    let bytes = files.get(route).unwrap_or_else(|| panic!("{route} is one of {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

fn is_page(route: &str) -> bool {
    route.rsplit_once('.').is_some_and(|(_, extension)| extension == "html")
}

#[test]
fn every_page_has_the_strict_policy_and_nothing_inline() {
    let files = site();
    let names: Vec<&String> = files.keys().filter(|route| is_page(route)).collect();
    assert!(names.len() > 30, "{names:?}");
    for route in names {
        let page = text(&files, route);
        let policy = page.find("default-src 'none'; script-src 'self'").expect("a policy");
        assert!(
            policy < page.find("<link").expect("a stylesheet"),
            "{route}: the policy comes first"
        );
        for wrong in
            ["<style", " style=", "<script>", "javascript:", " onclick=", " onload=", " onerror="]
        {
            assert!(!page.contains(wrong), "{route} holds {wrong}");
        }
        for script in page.split("<script").skip(1) {
            assert!(script.contains("></script>"), "{route} has a script with a body");
        }
    }
}

#[test]
fn every_page_has_one_main_one_first_heading_and_a_skip_link() {
    let files = site();
    for route in files.keys().filter(|route| is_page(route)) {
        let page = text(&files, route);
        assert_eq!(page.matches("<main").count(), 1, "{route}");
        assert_eq!(page.matches("<h1").count(), 1, "{route}");
        assert!(page.contains("href=\"#page_main\""), "{route}");
        assert!(page.contains("<html lang=\"en\""), "{route}");
    }
}

#[test]
fn a_runbook_says_what_operations_need() {
    let files = site();
    let page = text(&files, "agent-copilot/v0.2.0/runbooks/rb-001.html");
    for expected in [
        "<a href=\"../runbooks/rb-002.html\" class=\"to-draft\" title=\"RB-002: wip\">Roll the retrieval index back</a>",
        "<span class=\"broken\" title=\"Nothing is there: ../changes/none.md\">the change</span>",
        "<span class=\"outside\" title=\"Not part of this site: ../../src/main.py\">main.py</span>",
        "(UTF-8 only)",
        "<a href=\"../whom-to-call.html#person-priya\">Priya Raman</a>",
        "approved, was proposed",
        "added as proposed",
        "href=\"https://github.com/example/packs/pull/14\"",
        "https://github.com/example/packs/blob/a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5/agent-copilot/runbooks/rb-001.md",
        "<link rel=\"canonical\" href=\"https://packs.example/site/agent-copilot/latest/runbooks/rb-001.html\">",
        "This section is expected here and is missing. How to get back",
        "Mentioned in",
    ] {
        assert!(page.contains(expected), "{expected} is missing in\n{page}");
    }
    let draft = text(&files, "agent-copilot/v0.2.0/runbooks/rb-002.html");
    for expected in [
        "Not in force: wip",
        "It counts as draft.",
        "Nobody is named as owner",
        "<h2>Rolls back</h2>",
    ] {
        assert!(draft.contains(expected), "{expected} is missing in\n{draft}");
    }
}

#[test]
fn the_matrix_names_holders_vacancies_and_the_unanswered() {
    let files = site();
    let page = text(&files, "agent-copilot/v0.2.0/responsibilities.html");
    for expected in [
        "Service owner<br><span class=\"holder\"><a href=\"whom-to-call.html#person-priya\">Priya Raman</a>",
        "<span class=\"vacant\">nobody</span>",
        "Nobody is accountable for this activity",
        "<span class=\"spoken\">accountable</span>",
    ] {
        assert!(page.contains(expected), "{expected} is missing in\n{page}");
    }
    assert_eq!(page.matches("Nobody is accountable").count(), 1);
}

#[test]
fn verdicts_are_words_and_the_same_everywhere() {
    let files = site();
    let words = "not ready · 1 blocker";
    for route in [
        "index.html",
        "agent-copilot/index.html",
        "agent-copilot/v0.2.0/index.html",
        "agent-copilot/v0.2.0/completeness.html",
        "agent-copilot/v0.2.0/completeness.json",
        "agent-copilot/v0.2.0/badges/pack.svg",
        "agent-copilot/v0.2.0/badges/pack.json",
        "badges/agent-copilot.svg",
    ] {
        assert!(text(&files, route).contains(words), "{route}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&files["agent-copilot/v0.2.0/completeness.json"]).expect("JSON");
    let required = &json["gates"][0]["gate"]["required"];
    assert_eq!((required["met"].as_u64(), required["unmet"].as_u64()), (Some(1), Some(1)));
    assert_eq!(json["gates"][0]["gate"]["verdict"], "not-ready");
}

#[test]
fn phones_and_addresses_are_for_internal_readers() {
    let mut public = inputs(packs(), log(), None);
    let mut settings = fixture::settings();
    settings.audience = readymark::settings::Audience::Public;
    public.settings = Arc::new(settings);
    for (route, bytes) in pages(public) {
        let page = String::from_utf8(bytes).expect("UTF-8");
        assert!(!page.contains("tel:") && !page.contains("mailto:"), "{route}");
        assert!(!page.contains("@example.com") && !page.contains("1234"), "{route}");
    }
    let internal = pages(inputs(packs(), log(), None));
    let people = text(&internal, "whom-to-call.html");
    assert!(people.contains("<a href=\"tel:+493012345670\">+49 30 1234 5670</a>"), "{people}");
    let others = internal.keys().filter(|route| *route != "whom-to-call.html");
    for route in others {
        assert!(!text(&internal, route).contains("@example.com"), "{route}");
    }
}

#[test]
fn a_plain_book_has_neither_pack_nor_version_nor_verdict() {
    let mut book = packs();
    let pack = fixture::own(&mut book.packs[0]);
    pack.declared = false;
    pack.slug.clear();
    pack.profiles.clear();
    pack.folder = String::new();
    book.people = Arc::default();
    fixture::own(&mut book.outgoing[2]).targets[4] = readymark::pack::Target::NotALink;
    let theme = theme();
    let mut inputs = inputs(book, log(), None);
    inputs.verdicts = Vec::new().into();
    let unit = plan(&Edition::new(inputs), &theme, 0);
    assert_eq!(unit.folder, "");
    let files = render(&unit, &theme);
    for absent in ["whom-to-call.html", "completeness.html", "completeness.json", "version.css"] {
        assert!(!files.contains_key(absent), "{absent}");
    }
    assert!(files.keys().all(|route| !route.starts_with("badges/")));
    assert!(text(&files, "runbooks/rb-001.html").contains("href=\"../assets/style.css\""));
}

#[test]
fn a_site_may_extend_a_template_and_replace_an_asset() {
    let own = [
        ("overview.html", "{% extends \"builtin/overview.html\" %}{% block main %}{{ super() }}<p>Ours</p>{% endblock %}"),
        ("style.css", "body { color: black }"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()));
    let ours = Theme::new(&own).expect("an extended theme");
    let unit = plan(&Edition::new(inputs(packs(), log(), None)), &ours, 0);
    let files = render(&unit, &ours);
    let overview = text(&files, "index.html");
    assert!(overview.contains("<p>Ours</p>") && overview.contains("Whom to call"), "{overview}");
    assert!(
        ours.assets()
            .iter()
            .any(|(name, bytes)| name == "assets/style.css" && bytes == own[1].1.as_bytes())
    );
    assert_ne!(ours.digest(), theme().digest());
    let broken = [("overview.html".to_owned(), "{% if %}".to_owned())];
    let failure = Theme::new(&broken).expect_err("a broken template");
    assert!(failure.message.contains("overview.html"), "{failure}");
}
