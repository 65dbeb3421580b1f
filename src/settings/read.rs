//! `book.toml` to [`Settings`].

use std::collections::BTreeMap;

use super::{Audience, Book, Html, Rewriting, Settings, Versions};
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::from_hex;
use crate::kinds::{LEVELS, Locators, PLACES};
use crate::rules::settings as rules;
use crate::source::RepoPath;
use crate::toml::{self, Question, Table};
use crate::value::DateOrder;

/// How versions that operations accepted are called unless the settings say otherwise.
const ACCEPTED: &str = "ops-accepted/*";

/// Languages that are written from right to left, as mdBook lists them.
const RIGHT_TO_LEFT: &[&str] = &[
    "ar", "ara", "arc", "ae", "ave", "egy", "he", "heb", "nqo", "pal", "phn", "sam", "syc", "syr",
    "fa", "per", "fas", "ku", "kur", "ur", "urd", "pus", "ps", "yi", "yid",
];

/// Reads the bytes of `book.toml`. Errors among the findings mean that the settings must not be used.
pub fn read(path: &RepoPath, bytes: &[u8]) -> (Settings, Vec<Diagnostic>) {
    let (settings, findings) = toml::read(path, bytes, |root| read_root(root));
    (settings.unwrap_or_default(), findings)
}

/// Lists what is asked for in `book.toml`.
pub fn questions() -> Vec<Question> {
    toml::questions(|root| drop(read_root(root)))
}

fn read_root(root: &Table<'_>) -> Settings {
    let mut settings = Settings::default();
    if let Some(table) = root.table("book") {
        settings.book = read_book(&table);
    }
    if let Some(table) = root.table("build") {
        settings.build_dir = table.text("build-dir").unwrap_or(settings.build_dir);
        for key in ["create-missing", "use-default-preprocessors"] {
            table.truth(key);
        }
        table.texts("extra-watch-dirs");
    }
    if let Some(table) = root.table("output") {
        settings.html = read_output(table);
    }
    if let Some(table) = root.table("rust") {
        table.text("edition");
    }
    note_preprocessors(root);
    if let Some(table) = root.table("versions") {
        settings.versions = Versions {
            tags: table.texts("tags"),
            branches: table.texts("branches"),
            latest: table.text("latest"),
            accepted: Some(table.texts("accepted"))
                .filter(|names| !names.is_empty())
                .unwrap_or_else(|| vec![ACCEPTED.to_owned()]),
        };
    }
    if let Some(table) = root.table("history") {
        settings.authority = table.text("ref");
        settings.forges = read_forges(&table);
        settings.rewritten = table.tables("rewritten").iter().filter_map(read_rewriting).collect();
    }
    if let Some(table) = root.table("site") {
        settings.profiles = table.texts("profiles");
        settings.audience = read_audience(&table);
        let orders = [("day-first", DateOrder::DayFirst), ("month-first", DateOrder::MonthFirst)];
        settings.dates = table.choice("dates", &orders).unwrap_or_default();
    }
    settings.kinds = root.pairs("kinds");
    settings.locators = read_locators(root);
    if let Some(mut table) = root.table("approvals") {
        let kinds = table.keys().into_iter();
        let level = |(kind, _): (String, _)| Some((kind.clone(), table.choice(&kind, &LEVELS)?));
        settings.approvals = kinds.filter_map(level).collect();
    }
    settings.rules = read_rules(root);
    settings
}

fn read_book(table: &Table<'_>) -> Book {
    let language = table.text("language").unwrap_or_else(|| "en".to_owned());
    let direction = table.text("text-direction");
    // Older books write one `author` and `multilingual`; both still stand in many repositories.
    let mut authors = table.texts("authors");
    authors.extend(table.text("author"));
    table.truth("multilingual");
    Book {
        title: table.text("title"),
        authors,
        description: table.text("description"),
        src: table.text("src").map(|src| src.trim_end_matches('/').to_owned()),
        rtl: direction.map_or_else(
            || RIGHT_TO_LEFT.contains(&language.as_str()),
            |direction| direction == "rtl",
        ),
        language,
    }
}

fn read_output(mut output: Table<'_>) -> Html {
    let html = output.table("html").map(|table| read_html(&table)).unwrap_or_default();
    // Other renderers belong to other programs; their tables are free.
    for (name, _) in output.keys() {
        if name != "html"
            && let Some(table) = output.table(&name)
        {
            table.accept_all();
        }
    }
    html
}

fn read_html(table: &Table<'_>) -> Html {
    for key in [
        "smart-punctuation",
        "curly-quotes",
        "definition-lists",
        "admonitions",
        "mathjax-support",
        "hash-files",
        "sidebar-header-nav",
        "copy-fonts",
    ] {
        table.truth(key);
    }
    for key in [
        "theme",
        "default-theme",
        "preferred-dark-theme",
        "git-repository-icon",
        "input-404",
        "cname",
        "live-reload-endpoint",
        "google-analytics",
    ] {
        table.text(key);
    }
    for key in ["additional-css", "additional-js"] {
        table.texts(key);
    }
    for key in ["print", "fold", "playground", "playpen", "code", "search"] {
        if let Some(table) = table.table(key) {
            table.accept_all();
        }
    }
    Html {
        git_repository_url: table.text("git-repository-url"),
        edit_url_template: table.text("edit-url-template"),
        site_url: table.text("site-url"),
        no_section_label: table.truth("no-section-label").unwrap_or_default(),
        redirect: table.pairs("redirect").into_iter().collect(),
    }
}

fn note_preprocessors(root: &Table<'_>) {
    let Some(mut table) = root.table("preprocessor") else { return };
    for (name, span) in table.keys() {
        if let Some(table) = table.table(&name) {
            table.accept_all();
        }
        if name != "links" && name != "index" {
            let message = format!("the preprocessor `{name}` is a program and is not run");
            table.report(&rules::PREPROCESSOR, &span, message, None);
        }
    }
}

/// Reads the addresses of forges; what is none would be found where commits lack one.
fn read_forges(table: &Table<'_>) -> Vec<String> {
    let (forges, others): (Vec<String>, Vec<String>) =
        table.texts("forges").into_iter().partition(|address| address.contains('@'));
    for other in others {
        let help = "write the address of the committer, as `git log --format=%ce` has it";
        let message = format!("`{other}` is no mail address");
        table.wrong_value(&table.place_of("forges"), message, Some(help.to_owned()));
    }
    forges
}

/// Reads what was rewritten on purpose; a mistake in it excuses nothing.
fn read_rewriting(table: &Table<'_>) -> Option<Rewriting> {
    let (tip, why) = (table.needed("tip"), table.needed("why"));
    let day = table.day("on");
    if !table.has("on") {
        table.needed("on");
    }
    let tip = tip?;
    let id = from_hex(tip.as_bytes());
    if id.is_none() {
        let help = "write all of its letters, as `tip` in the checkpoint.json of the site has them";
        let message = format!("`{tip}` is no commit");
        table.wrong_value(&table.place_of("tip"), message, Some(help.to_owned()));
    }
    Some(Rewriting { tip: id?, on: day?, why: why? })
}

/// A word that is not known never shows more.
fn read_audience(table: &Table<'_>) -> Audience {
    let words = [("public", Audience::Public), ("internal", Audience::Internal)];
    table.choice("audience", &words).unwrap_or_else(|| {
        if table.has("audience") { Audience::Public } else { Audience::Internal }
    })
}

/// `[locate.decision]`: `places`, and for each field other words for it.
fn read_locators(root: &Table<'_>) -> Vec<Locators> {
    let Some(mut table) = root.table("locate") else { return Vec::new() };
    let kinds = table.keys();
    kinds
        .into_iter()
        .filter_map(|(kind, _)| Some(read_locator(kind.clone(), table.table(&kind)?)))
        .collect()
}

fn read_locator(kind: String, mut table: Table<'_>) -> Locators {
    let fields = table
        .keys()
        .into_iter()
        .map(|(field, _)| field)
        .filter(|key| !["places", "sidecars"].contains(&key.as_str()));
    let words = fields.map(|field| (field.clone(), table.texts(&field))).collect();
    let places = table.has("places").then(|| table.choices("places", &PLACES));
    Locators { kind, words, places, sidecars: table.texts("sidecars") }
}

fn read_rules(root: &Table<'_>) -> BTreeMap<String, Severity> {
    let words = [Severity::Error, Severity::Warning, Severity::Note].map(|one| (one.word(), one));
    let Some(mut table) = root.table("rules") else { return BTreeMap::new() };
    let keys = table.keys();
    keys.into_iter()
        .filter_map(|(name, _)| Some((name.clone(), table.choice(&name, &words)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let (_, findings) = read(&RepoPath::new("book.toml"), text.as_bytes());
        findings
            .into_iter()
            .map(|found| {
                format!(
                    "{}:{} {} {}",
                    found.place.0,
                    found.place.1,
                    found.rule,
                    found.help.unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn unknown_keys_name_the_nearest_known_one() {
        assert_eq!(
            findings("[book]\ntitel = \"x\"\n\n[output.html]\n  curly-quote = true\n"),
            [
                "2:1 settings.unknown-key did you mean `title`",
                "5:3 settings.unknown-key did you mean `curly-quotes`"
            ]
        );
    }

    #[test]
    fn other_renderers_and_preprocessors_are_free() {
        assert_eq!(
            findings(
                "[output.html]\n[output.linkcheck]\nfollow = true\n[preprocessor.mermaid]\ncommand = \"x\"\n"
            ),
            ["4:15 settings.preprocessor "]
        );
    }

    #[test]
    fn a_mistake_in_what_was_rewritten_excuses_nothing() {
        let read = |text: &str| read(&RepoPath::new("book.toml"), text.as_bytes());
        let tip = "0123456789abcdef0123456789abcdef01234567";
        let right = format!("tip = \"{tip}\"\non = 2026-01-02\nwhy = \"A name\"\n");
        let (settings, wrong) = read(&format!("[[history.rewritten]]\n{right}"));
        assert_eq!((settings.rewritten.len(), wrong.len()), (1, 0));
        let Rewriting { tip: id, on, why } = &settings.rewritten[0];
        assert_eq!(
            (id.to_string().as_str(), on.as_str(), why.as_str()),
            (tip, "2026-01-02", "A name")
        );
        for (from, to) in [
            (tip, "0123456"),
            ("2026-01-02", "\"soon\""),
            ("A name", ""),
            ("why", "reason"),
            ("on =", "at ="),
        ] {
            let (settings, wrong) =
                read(&format!("[[history.rewritten]]\n{}", right.replace(from, to)));
            assert!(settings.rewritten.is_empty() && !wrong.is_empty(), "{to}");
        }
    }

    #[test]
    fn a_wrong_audience_is_refused_and_never_shows_more() {
        let (settings, findings) =
            read(&RepoPath::new("book.toml"), b"[site]\naudience = \"everyone\"\n");
        assert_eq!((settings.audience, findings.len()), (Audience::Public, 1));
    }
}
